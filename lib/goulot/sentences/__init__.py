"""What a step found, in a sentence of the reader's language."""

"""Goulot: distribution-first strategy reviews, from a client's exports to the report."""

import sys

# jsonschema tries to import this grammar, which takes seconds and which nothing here uses.
sys.modules.setdefault("rfc3987_syntax", None)

__version__ = "0.1.0"

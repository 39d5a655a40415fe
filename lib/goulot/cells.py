"""Text for a cell of a spreadsheet: what would run as a formula becomes text."""

_FORMULA_MARKS = "=+-@\t\r"


def defused(value: object) -> object:
    """``value``, with an apostrophe before a text that a spreadsheet would take for a formula.

    Numbers, negative ones too, stay numbers (OWASP, CSV injection).

    >>> defused("=1+1"), defused("-12.50"), defused(-3)
    ("'=1+1", '-12.50', -3)
    """
    text = str(value)
    is_number = text.lstrip("+-").replace(".", "", 1).isdigit()
    return f"'{text}" if text[:1] in _FORMULA_MARKS and text and not is_number else value


def as_written(text: str) -> str:
    """The text before it was defused.

    >>> as_written("'=1+1"), as_written("'twas")
    ('=1+1', "'twas")
    """
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in _FORMULA_MARKS else text

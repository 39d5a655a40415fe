"""A client's own words inside Markdown: text, never markup."""

_MARKS = "\\`*_{}[]<>#|"


def as_text(text: str) -> str:
    """``text`` with Markdown's marks made harmless.

    >>> as_text("3PL_*new*")
    '3PL\\\\_\\\\*new\\\\*'
    """
    return "".join(f"\\{mark}" if mark in _MARKS else mark for mark in text)

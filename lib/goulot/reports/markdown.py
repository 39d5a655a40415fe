"""Markdown of a notebook as HTML: raw HTML in it is text, and nothing in it loads anything."""

import re

import mistune
from markupsafe import Markup, escape

_HEADING = re.compile(r"^#{2,6}\s+(.+?)\s*$", re.MULTILINE)
_TITLE = re.compile(r"\A\s*#\s+(.+?)\s*(?:\n|\Z)")


class _Renderer(mistune.HTMLRenderer):
    """Headings one level down, with an address; images only where they are in the text itself."""

    def __init__(self, prefix: str) -> None:
        super().__init__(escape=True)
        self.prefix = prefix
        self.headings = 0

    def heading(self, text: str, level: int, **attrs: object) -> str:
        self.headings += 1
        level = min(level + 1, 6)
        return f'<h{level} id="{self.prefix}-h{self.headings}">{text}</h{level}>\n'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if not url.startswith("data:image/png;base64,"):
            return str(escape(text))
        return f'<img src="{escape(url)}" alt="{escape(text)}">'


class Markdown:
    """Turns the Markdown cells of one notebook into HTML; ``prefix`` keeps their ids apart."""

    def __init__(self, prefix: str) -> None:
        self._convert = mistune.Markdown(_Renderer(prefix))
        mistune.plugins.table.table(self._convert)

    def html(self, text: str) -> Markup:
        return Markup(self._convert(text))  # the renderer escapes


def split_title(text: str) -> tuple[str, str]:
    """The first-level heading that a text begins with (empty: none), and the rest."""
    match = _TITLE.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def last_heading(text: str) -> str:
    """The last heading below the first level; empty where there is none."""
    return next(reversed(_HEADING.findall(text)), "")

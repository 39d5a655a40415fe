"""The report as one HTML page that needs nothing else."""

import re
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from goulot import __version__
from goulot.bundle import drawing_script
from goulot.language import Language
from goulot.reports import panels
from goulot.reports.colors import readable, tint
from goulot.reports.contents import Contents
from goulot.reports.drawing import json_for_script

TEMPLATES = Path(__file__).parent / "templates"
_AMOUNT = re.compile(r"[−+]?\D?\d")
LONGEST = 24  # characters of an amount with its interval, which do not wrap


def render(contents: Contents, language: Language) -> str:
    """The page; every text of the client's is escaped."""
    accent = readable(contents.cover.accent)
    return (
        environment(language)
        .get_template("report.html.j2")
        .render(
            contents=contents,
            cover=contents.cover,
            accent=accent,
            wash=tint(accent, 0.06),
            line=tint(accent, 0.35),
            script=drawing_script(),
            locale=json_for_script(language.vega_locale()),
            version=__version__,
        )
    )


def environment(language: Language) -> jinja2.Environment:
    """Templates that escape every text, and speak ``language``."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {"say": language.say, "language": language, "asset": _asset}
    env.globals |= {"panel_style": panels.style(), "panel_script": panels.script()}
    env.filters["css_string"] = _css_string
    env.tests["amount"] = lambda text: len(text) <= LONGEST and bool(_AMOUNT.match(text))
    return env


def _asset(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # our own file


def _css_string(text: str) -> Markup:
    """A text as a CSS string: whatever could end it is written by number."""
    safe = "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text)
    return Markup(f'"{escape(safe)}"')

"""What a French report says in English: by what it wanted to say, and by what stands in it."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from goulot.language import catalog
from test_privacy import texts

STRICT = Path(__file__).parent / "strict"
LITTLE = re.compile(r"\b(the|of|and|with|that|which|are|by|from|not|for)\b", re.IGNORECASE)
CHART = re.compile(r'<script type="application/json" id="[^"]+">(.*?)</script>', re.DOTALL)
SAID_BY_CHARTS = frozenset({"title", "subtitle", "text", "description"})


def listening(told: Path) -> dict[str, str]:
    """The environment in which a report writes what it had no translation for into ``told``."""
    told.touch()
    path = os.pathsep.join(filter(None, (str(STRICT), os.environ.get("PYTHONPATH", ""))))
    return {"PYTHONPATH": path, "GOULOT_UNTRANSLATED": str(told)}


def english_messages(text: str) -> list[str]:
    """Messages of ours, of several words and without a placeholder, that stand in ``text``."""
    messages = {m for m in catalog("fr") if len(m.split()) > 2 and "{" not in m and "#" not in m}
    folded = " ".join(text.split())
    return sorted(message for message in messages if " ".join(message.split()) in folded)


def words_of_charts(html: str) -> Iterator[str]:
    """What the charts and panels of a page say: titles, descriptions, axes, texts."""
    for spec in CHART.findall(html):
        yield from _said(json.loads(spec))


def _said(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _said(one)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in SAID_BY_CHARTS and isinstance(value, str):
                yield value
            yield from _said(value)


def english_in(folder: Path) -> list[tuple[str, str]]:
    """(where, message) of every message of ours in English: page, charts, paper, workbook."""
    found = []
    for name, text in texts(folder):
        if name.endswith((".html", ".pdf", ".xlsx", ".csv", ".ics", ".txt")):
            found += [(name, message) for message in english_messages(text)]
    page = (folder / "report.html").read_text(encoding="utf-8")
    found += [("a chart", said) for said in words_of_charts(page) if LITTLE.search(said)]
    return found

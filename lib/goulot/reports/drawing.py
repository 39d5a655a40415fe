"""A chart of a notebook as a figure of the page: title and words in HTML, the rest for Vega."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from goulot.charts.theme import ACCENT, alternative_text, fitted
from goulot.language import Language
from goulot.reports.tables import MOST_ROWS, View, view


@dataclass(frozen=True)
class Drawing:
    """``spec`` is JSON that may stand inside a script element; ``data`` the rows drawn, if few."""

    address: str
    title: str
    subtitle: str
    alternative: str
    spec: Markup
    data: View | None


def drawing(spec: Mapping[str, Any], address: str, language: Language, accent: str) -> Drawing:
    """Take the title out of the specification, so that it wraps, and let the page set its width."""
    drawn = dict(spec)
    title, subtitle = _heading(drawn)
    alternative = alternative_text(dict(spec))
    drawn["description"] = alternative
    config = drawn.get("config", {})
    drawn["config"] = config | {"locale": language.vega_locale()}
    drawn = fitted(drawn)
    drawn["usermeta"] = {"embedOptions": {}}  # what a chart asks of the embedder is not heard
    text = json_for_script(drawn).replace(ACCENT, accent)
    return Drawing(address, title, subtitle, alternative, text, _data(spec, language))


def _heading(spec: dict[str, Any]) -> tuple[str, str]:
    """Take title and subtitle out of ``spec``; a title that a slider changes stays where it is."""
    title = spec.get("title", "")
    parts = title if isinstance(title, dict) else {"text": title}
    texts = [parts.get("text", ""), parts.get("subtitle", "")]
    texts = [" ".join(text) if isinstance(text, list) else text for text in texts]
    if not all(isinstance(text, str) for text in texts):
        return "", ""
    spec.pop("title", None)
    return texts[0], texts[1]


def _data(spec: Mapping[str, Any], language: Language) -> View | None:
    """The one table behind a chart, if it is short: the columns that the chart names."""
    tables = list(spec.get("datasets", {}).values())
    if len(tables) != 1 or not 0 < len(tables[0]) <= MOST_ROWS:
        return None
    rows = tables[0]
    if not all(isinstance(row, dict) for row in rows):
        return None
    titles = {name: title for name, title in _titles(spec) if name in rows[0]}
    if len(titles) < 2:
        return None
    kinds = [_kind(rows, name) for name in titles]
    columns = [{"name": n, "kind": kind} for n, kind in zip(titles, kinds, strict=True)]
    cells = [[row.get(name) for name in titles] for row in rows]
    return view({"columns": columns, "rows": cells, "count": len(rows)}, language, titles)


def _titles(spec: Any) -> Iterator[tuple[str, str]]:
    """Field and title of everything that the chart draws or tells under a title of its own."""
    if isinstance(spec, list):
        for part in spec:
            yield from _titles(part)
    elif isinstance(spec, dict):
        axis = spec.get("axis") or spec.get("legend") or {}
        title = spec.get("title") or (axis.get("title") if isinstance(axis, dict) else None)
        if isinstance(spec.get("field"), str) and isinstance(title, str) and title:
            yield spec["field"], title
        for key, part in spec.items():
            if key != "datasets":
                yield from _titles(part)


def _kind(rows: list[dict[str, Any]], name: str) -> str:
    values = [row[name] for row in rows if row.get(name) is not None]
    if values and all(type(value) is bool for value in values):
        return "boolean"
    if values and all(isinstance(value, (int, float)) for value in values):
        return "integer" if all(isinstance(value, int) for value in values) else "number"
    if values and all(_is_time(value) for value in values):
        return "date" if all("T00:00:00" in value for value in values) else "timestamp"
    return "text"


def _is_time(value: Any) -> bool:
    """Altair writes times as ``2026-07-01T00:00:00``."""
    return isinstance(value, str) and len(value) >= 19 and value[4:5] == "-" and value[10] == "T"


def json_for_script(content: Any) -> Markup:
    """JSON that no text in it can end the script element with."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # escaped above

"""A panel for the report: the answers at every combination of positions, asked beforehand."""

import json
from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

from goulot.charts.theme import VEGALITE_MIME, boxless
from goulot.errors import ParameterError
from goulot.widgets.panel import Panel, Response
from goulot.widgets.tables import encoded_together

PANEL = "application/vnd.goulot.panel+json"

# What one panel may add to a page that is mailed.
MOST_COMBINATIONS = 2_000
MOST_ROWS = 100_000
MOST_BYTES = 2_000_000


def mimebundle(panel: Panel) -> dict[str, Any]:
    """A panel as a notebook output: the whole of it for the report, its first chart for others."""
    content = precomputed(panel)
    drawn = boxless(content["charts"][0]["spec"])
    return {PANEL: content, VEGALITE_MIME: drawn, "text/plain": f"{panel.title}: {shown(content)}"}


def precomputed(panel: Panel) -> dict[str, Any]:
    """The panel as JSON, with its answers: combination n has the last knob moving fastest.

    Raises
    ------
    ParameterError
        More combinations, rows or bytes than a mailed page should carry; the message says which
        knobs have how many positions.
    """
    combinations = prod(len(knob.values) for knob in panel.knobs)
    if combinations > MOST_COMBINATIONS:
        raise _too_much(panel, f"{combinations:,} combinations", f"{MOST_COMBINATIONS:,}")
    content = panel.described(live=False)
    names = [knob.name for knob in panel.knobs]
    answers = [
        panel.respond(dict(zip(names, values, strict=True)))
        for values in product(*(knob.values for knob in panel.knobs))
    ]
    used = sorted({name for chart in content["charts"] for name in chart["names"]})
    rows = sum(len(answer.tables[name]) for answer in answers for name in used)
    if rows > MOST_ROWS:
        raise _too_much(panel, f"{rows:,} rows", f"{MOST_ROWS:,}")
    content["grid"] = {
        "tables": {name: encoded_together([a.tables[name] for a in answers]) for name in used},
        **_readouts(answers),
    }
    size = len(json.dumps(content["grid"], ensure_ascii=False, separators=(",", ":")).encode())
    if size > MOST_BYTES:
        raise _too_much(panel, f"{size:,} bytes", f"{MOST_BYTES:,}")
    return content


def _too_much(panel: Panel, much: str, most: str) -> ParameterError:
    knobs = ", ".join(f"{knob.name} {len(knob.values)}" for knob in panel.knobs)
    return ParameterError(
        f"Panel {panel.name} would put {much} into the report, where at most {most} are carried: "
        f"every combination of its knobs' positions is asked beforehand ({knobs}). Give the knobs "
        "fewer positions, or the charts fewer rows."
    )


def _readouts(answers: Sequence[Response]) -> dict[str, Any]:
    """Labels once, every different text once, and by combination the numbers of its texts."""
    labels = [readout.label for readout in answers[0].readouts]
    numbers: dict[str, int] = {}
    at = []
    for answer in answers:
        if [readout.label for readout in answer.readouts] != labels:
            raise ParameterError(
                "A panel's readouts must keep number, order and labels at every position; "
                f"at the first they are {labels}, at another "
                f"{[readout.label for readout in answer.readouts]}."
            )
        texts = [*(readout.value for readout in answer.readouts), answer.sentence]
        at.append([numbers.setdefault(text, len(numbers)) for text in texts])
    return {"labels": labels, "texts": list(numbers), "says": at}


def shown(content: dict[str, Any]) -> str:
    """Where the knobs of a precomputed panel stand at first, in words, for paper."""
    stand = [f"{knob['label']} {knob['texts'][knob['start']]}" for knob in content["knobs"]]
    return content["words"]["shown"].format(values=" · ".join(stand))


def readouts_at_start(content: dict[str, Any]) -> tuple[list[tuple[str, str]], str]:
    """The readouts (label, value) and the sentence of a precomputed panel at its start."""
    number = 0
    for knob in content["knobs"]:
        number = number * len(knob["texts"]) + knob["start"]
    grid = content["grid"]
    *values, sentence = (grid["texts"][text] for text in grid["says"][number])
    return list(zip(grid["labels"], values, strict=True)), sentence

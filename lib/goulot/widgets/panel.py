"""A panel: knobs, a question to a step, and the pictures and readouts that follow every move."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import altair as alt
import pandas as pd

from goulot.charts.theme import alternative_text, fitted
from goulot.errors import ParameterError
from goulot.language import Language
from goulot.widgets.knobs import Knob, described
from goulot.widgets.tables import rows_of

Values = Mapping[str, Any]  # knob's name → its value


@dataclass(frozen=True)
class Readout:
    """A number beside the pictures, as a text in the reader's language: ``Share on time``,
    ``93 %``."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Response:
    """What a step answers at one position of the knobs.

    ``tables`` has the rows of every dataset that the charts name; ``readouts`` keep number, order
    and labels at every position; ``sentence`` says in words what the picture shows.
    """

    tables: Mapping[str, pd.DataFrame]
    readouts: Sequence[Readout] = ()
    sentence: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Knobs whose every move is answered by a step and redraws all charts and readouts together.

    Parameters
    ----------
    name : lower snake case, one per notebook
    title, note : what the reader sees above it, and in small print below it
    knobs : sliders, switches, choices; at least one
    respond : values by knob's name → Response; a pure call of a step, of the same answer each time
    draw : the response at the start → one Altair chart or several, over ``alt.NamedData``. Give
        scales a fixed domain: an axis that moves along hides the move.
    language : of the readers; numbers at the knobs are written in it

    Raises
    ------
    ParameterError
        Two knobs of one name; a chart names a dataset that ``respond`` does not give.
    """

    name: str
    title: str
    knobs: Sequence[Knob]
    respond: Callable[[Values], Response]
    draw: Callable[[Response], Any]
    language: Language
    note: str = ""

    def __post_init__(self) -> None:
        names = [knob.name for knob in self.knobs]
        if not names or len(set(names)) < len(names):
            raise ParameterError(f"Panel {self.name} needs knobs of different names: {names}.")

    @cached_property
    def start(self) -> Response:
        """The answer where the knobs stand at first; asked once."""
        return self.respond({knob.name: knob.start for knob in self.knobs})

    def charts(self) -> list[dict[str, Any]]:
        """Each chart as a specification that draws the start, and the datasets it follows."""
        drawn = self.draw(self.start)
        charts = [drawn] if isinstance(drawn, alt.TopLevelMixin) else list(drawn)
        return [self._chart(chart.to_dict()) for chart in charts]

    def _chart(self, spec: dict[str, Any]) -> dict[str, Any]:
        own = spec.get("datasets", {})
        names = sorted(set(_named(spec)) - own.keys())
        for name in names:
            if name not in self.start.tables:
                raise ParameterError(
                    f"A chart of panel {self.name} draws the dataset {name!r}, which its respond() "
                    f"does not give. It gives: {', '.join(self.start.tables) or 'none'}."
                )
        rows = {name: rows_of(self.start.tables[name]) for name in names}
        spec = fitted(spec | {"datasets": own | rows, "description": alternative_text(spec)})
        return {"spec": spec, "names": names}

    def described(self, *, live: bool) -> dict[str, Any]:
        """All of it but the answers, as JSON for the page."""
        return {
            "name": self.name,
            "title": self.title,
            "note": self.note,
            "knobs": [described(knob, self.language, live=live) for knob in self.knobs],
            "charts": self.charts(),
            "words": {
                "reset": self.language.say("Back to the start"),
                "shown": self.language.say("Shown for: {values}"),
                "failed": self.language.say("This chart could not be drawn."),
            },
        }


def _named(spec: Any) -> Iterator[str]:
    """Names of the datasets that a specification reads."""
    if isinstance(spec, Mapping):
        data = spec.get("data")
        if isinstance(data, Mapping) and "name" in data and "values" not in data:
            yield data["name"]
        for key, value in spec.items():
            if key not in ("datasets", "config"):
                yield from _named(value)
    elif isinstance(spec, Sequence) and not isinstance(spec, str):
        for part in spec:
            yield from _named(part)

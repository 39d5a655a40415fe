"""What a panel lets a reader move: sliders, switches and choices, each with few positions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from goulot.errors import ParameterError
from goulot.language import Language

MOST_POSITIONS = 1000  # of one knob, live


class Knob(Protocol):
    """What a panel asks of a knob; ``values`` are the report's, ``live_values`` JupyterLab's."""

    name: str
    label: str
    start: Any

    @property
    def kind(self) -> str: ...
    @property
    def values(self) -> tuple[Any, ...]: ...
    @property
    def live_values(self) -> tuple[Any, ...]: ...
    def text(self, value: Any, language: Language) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Slider:
    """A number that can be moved.

    Parameters
    ----------
    name : what ``respond`` finds its value under
    label : what the reader sees, in the reader's language
    positions : where it stands in the report, few; for each combination the step is asked
    start : where it stands at first; one more position where it is not among them
    unit : of the value, as in ``Language.quantity``: ``share``, ``hours``, ``EUR``; ``×`` for
        multiples
    step : how fine it moves in JupyterLab, from the lowest position to the highest; None: only the
        positions themselves
    """

    name: str
    label: str
    positions: tuple[float, ...]
    start: float
    unit: str = ""
    step: float | None = None
    kind: str = field(default="slider", init=False)

    def __post_init__(self) -> None:
        if len(self.values) < 2:
            raise ParameterError(f"Slider {self.name} has one position: give it two or more.")
        if self.step is not None and not 0 < self.step <= self._span:
            raise ParameterError(
                f"Slider {self.name} moves by step={self.step:g}, which is not above 0 and up to "
                f"{self._span:g}, the way from its lowest position to its highest."
            )
        if self.step and self._span / self.step > MOST_POSITIONS:
            raise ParameterError(
                f"Slider {self.name} would have {self._span / self.step:,.0f} positions: at most "
                f"{MOST_POSITIONS:,}. Write a step of {self._span / MOST_POSITIONS:g} or more."
            )

    @property
    def _span(self) -> float:
        return max(self.values) - min(self.values)

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(sorted({*self.positions, self.start}))

    @property
    def live_values(self) -> tuple[float, ...]:
        if self.step is None:
            return self.values
        low, count = min(self.values), round(self._span / self.step)
        fine = {round(low + n * self.step, 9) for n in range(count + 1)}
        return tuple(sorted({v for v in fine if v <= max(self.values)} | set(self.values)))

    def text(self, value: float, language: Language) -> str:
        if self.unit == "×":
            return language.multiple(value)
        return language.quantity(value, self.unit)


@dataclass(frozen=True, kw_only=True)
class Switch:
    """Something that is done or not: ``respond`` finds True or False under ``name``."""

    name: str
    label: str
    start: bool = False
    kind: str = field(default="switch", init=False)
    values: tuple[bool, ...] = field(default=(False, True), init=False)

    @property
    def live_values(self) -> tuple[bool, ...]:
        return self.values

    def text(self, value: bool, language: Language) -> str:
        return language.say("yes") if value else language.say("no")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several: ``options`` has value → what the reader sees, in the reader's language."""

    name: str
    label: str
    options: Mapping[str, str]
    start: str
    kind: str = field(default="choice", init=False)

    def __post_init__(self) -> None:
        if self.start not in self.options:
            raise ParameterError(
                f"Choice {self.name} starts at {self.start!r}, which is not among its options: "
                f"{', '.join(self.options)}."
            )

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(self.options)

    @property
    def live_values(self) -> tuple[str, ...]:
        return self.values

    def text(self, value: str, language: Language) -> str:
        return self.options[value]


def described(knob: Knob, language: Language, *, live: bool) -> dict[str, Any]:
    """A knob as the page builds it: its positions in words, and the number of the first one."""
    values = knob.live_values if live else knob.values
    return {
        "kind": knob.kind,
        "name": knob.name,
        "label": knob.label,
        "texts": [knob.text(value, language) for value in values],
        "start": values.index(knob.start),
    }

"""What a notebook found: figures with interval, unit and basis, and what to do about them.

A notebook shows a finding to its reader and leaves it, as data, where the report picks it up.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from goulot.errors import ParameterError

Basis = Literal["observed", "declared", "assumed"]
Owner = Literal["marketing", "operations", "customer service"]

FINDING = "application/vnd.goulot.finding+json"
RECOMMENDATION = "application/vnd.goulot.recommendation+json"
MISSING = "application/vnd.goulot.missing+json"
FILE = "application/vnd.goulot.file+json"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with all that is needed to trust it, or not.

    ``low`` and ``high`` bound the 90 % interval (None: no interval can be given, and ``note`` says
    why); of a date they are days, as it is. ``value`` is None when there is too little data to say,
    a text when the answer is a name.
    ``bound`` is "at least" or "at most" where the data show only that much.
    """

    value: float | str | None
    unit: str
    basis: Basis
    low: float | str | None = None
    high: float | str | None = None
    bound: Literal["exact", "at least", "at most"] = "exact"
    probability: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ParameterError(f"interval upside down: low={self.low} is above high={self.high}.")

    @classmethod
    def unknown(cls, unit: str, note: str) -> Self:
        return cls(value=None, unit=unit, basis="observed", note=note)


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What a finding will be next quarter, if the action is taken: its name in ``results.json``,
    its value now, and the range in which it should then lie."""

    finding: str
    now: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """An action, who does it, what it should bring (90 % interval) and by when.

    ``prediction`` says by which finding the next review can tell; None: by none.
    """

    id: str
    step: str
    owner: Owner
    action: str
    effect: float | None
    low: float | None
    high: float | None
    unit: str
    due: str
    prediction: Prediction | None = None


@dataclass(frozen=True, kw_only=True)
class Missing:
    """An export that was not there, and what its absence costs the step."""

    step: str
    export: str
    costs: str


class Recorded:
    """A finding, recommendation or gap as a notebook output: data for the report, text for Lab."""

    def __init__(self, mime: str, content: dict[str, Any], text: str) -> None:
        self.mime, self.content, self.text = mime, content, text

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {self.mime: self.content, "text/plain": self.text}


def record(name: str, figure: Figure) -> None:
    """Leave ``figure`` under ``step.quantity[.slug]`` for the report, and show it.

    >>> record("constraint.load_per_week.fulfillment",
    ...        Figure(value=100.0, unit="orders/week", basis="observed"))
    constraint.load_per_week.fulfillment: 100.0 orders/week (observed)
    """
    figure_fields = {k: v for k, v in asdict(figure).items() if v not in (None, "")}
    content = {"name": name, "value": None} | figure_fields
    text = f"{name}: {figure.value} {figure.unit} ({figure.basis})"
    _show(Recorded(FINDING, content, text))


def record_all(figures: dict[str, Figure]) -> None:
    """Record each figure under its name, in the order of the names."""
    for name in sorted(figures):
        record(name, figures[name])


def recommend(recommendation: Recommendation) -> None:
    """Leave a recommendation for the report, and show it."""
    text = f"{recommendation.owner}: {recommendation.action}"
    _show(Recorded(RECOMMENDATION, asdict(recommendation), text))


def report_missing(gap: Missing) -> None:
    """Leave a missing input for the report, and show it."""
    _show(Recorded(MISSING, asdict(gap), f"missing {gap.export}: {gap.costs}"))


def leave_file(name: str, text: str) -> None:
    """Leave a file for whoever acts: the report puts it, in UTF-8, under ``actions/``.

    ``name`` is a file name without a folder, as in ``order_dates.ics``. A CSV that a spreadsheet
    opens has its cells defused by whoever writes it (``goulot.cells``), and begins with U+FEFF
    where it is meant for one.
    """
    _show(Recorded(FILE, {"name": name, "text": text}, f"file: {name}"))


def _show(recorded: Recorded) -> None:
    from IPython.display import display

    display(recorded)

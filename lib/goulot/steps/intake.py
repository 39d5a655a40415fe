"""Intake: what came, whether it can be trusted, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from goulot.errors import ParameterError
from goulot.findings import Figure, Missing
from goulot.steps.needs import EXPORT_NAMES, StepNeeds

Trust = Literal["sound", "with care", "not yet"]


@dataclass(frozen=True, kw_only=True)
class IntakePolicy:
    """From which shares on the consultant wants to be warned [share, 0 to 1]."""

    quarantined_share: float = 0.01
    gap_days_share: float = 0.05

    def __post_init__(self) -> None:
        for name in ("quarantined_share", "gap_days_share"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ParameterError(f"{name}={value} is not a share: write 0.01 for 1 %.")


@dataclass(frozen=True)
class Intake:
    """What came with the exports. ``ledger`` has one row per file, ``coverage`` per table."""

    ledger: pd.DataFrame
    coverage: pd.DataFrame
    answers: pd.DataFrame
    quiet_days: tuple[date, ...]
    trust: Trust
    figures: dict[str, Figure]
    missing: tuple[Missing, ...]


def take_in(
    ledger: pd.DataFrame,
    coverage: pd.DataFrame,
    orders_per_day: pd.DataFrame,
    channels: pd.DataFrame,
    steps: Sequence[StepNeeds],
    policy: IntakePolicy,
) -> Intake:
    """Judge the exports.

    Parameters
    ----------
    ledger : one row per file, as the build wrote it: rows, loaded, duplicates, ignored, quarantined
    coverage : the mart ``coverage``
    orders_per_day : day, orders; days of the quarter within the data, those without an order too
    channels : channel_rule, orders; what decided the channel of the quarter's orders
    steps : the steps of the client's kind of company, with what they need
    """
    loaded = set(coverage.loc[coverage["row_count"] > 0, "table_name"])
    quiet = orders_per_day.loc[orders_per_day["orders"] == 0, "day"]
    figures = _figures(ledger, orders_per_day, channels)
    return Intake(
        ledger=ledger,
        coverage=coverage[coverage["row_count"] > 0].reset_index(drop=True),
        answers=_answers(loaded, steps),
        quiet_days=tuple(pd.Timestamp(day).date() for day in quiet),
        trust=_trust(figures, policy),
        figures=figures,
        missing=_missing(loaded, steps),
    )


def _figures(
    ledger: pd.DataFrame, orders_per_day: pd.DataFrame, channels: pd.DataFrame
) -> dict[str, Figure]:
    sums = ledger[["rows", "loaded", "duplicates", "ignored", "quarantined"]].sum()
    data_rows = sums["rows"] - sums["ignored"]
    figures = {
        f"intake.rows_{name}": Figure(value=int(count), unit="rows", basis="observed")
        for name, count in sums.drop("rows").items()
    }
    figures["intake.files"] = Figure(value=len(ledger), unit="files", basis="observed")
    figures["intake.quarantined_share"] = _share(sums["quarantined"], data_rows)
    days, quiet = len(orders_per_day), int((orders_per_day["orders"] == 0).sum())
    figures["intake.days_without_orders_share"] = _share(quiet, days)
    orders = channels["orders"].sum()
    nobody = channels.loc[channels["channel_rule"] == "none", "orders"].sum()
    figures["intake.unattributed_share"] = _share(nobody, orders)
    return figures


def _share(part: float, whole: float) -> Figure:
    """A count over a count: exact for these files, so without an interval."""
    if not whole:
        return Figure.unknown("share", "nothing to count")
    return Figure(value=float(part / whole), unit="share", basis="observed")


def _trust(figures: dict[str, Figure], policy: IntakePolicy) -> Trust:
    """``not yet`` where nothing was loaded; ``with care`` where a share passes its limit."""
    if not figures["intake.rows_loaded"].value:
        return "not yet"
    limits = {
        "intake.quarantined_share": policy.quarantined_share,
        "intake.days_without_orders_share": policy.gap_days_share,
    }
    over = any((figures[name].value or 0) > limit for name, limit in limits.items())
    return "with care" if over else "sound"


def _answers(loaded: set[str], steps: Sequence[StepNeeds]) -> pd.DataFrame:
    """One row per step: whether it can answer, and what is missing for it."""
    rows = [
        {
            "step": step.step,
            "question": step.question,
            "answer": step.answer(loaded),
            "missing": tuple(need.table for need in step.missing(loaded)),
        }
        for step in steps
    ]
    return pd.DataFrame(rows, columns=["step", "question", "answer", "missing"])


def _missing(loaded: set[str], steps: Sequence[StepNeeds]) -> tuple[Missing, ...]:
    return tuple(
        Missing(step=step.step, export=EXPORT_NAMES[need.table], costs=need.costs)
        for step in steps
        for need in step.missing(loaded)
    )

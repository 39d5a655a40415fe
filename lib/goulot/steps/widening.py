"""What becomes of each stage's load when a stage can do more: utilization at other capacities."""

from collections.abc import Mapping

import pandas as pd

from goulot.errors import ParameterError
from goulot.steps.constraint import ConstraintAudit


def widenable(audit: ConstraintAudit) -> tuple[str, ...]:
    """The stages behind acquisition whose capacity is known exactly, in the order of the flow."""
    return tuple(
        stage.stage
        for stage in audit.stages
        if stage.stage != "acquisition"
        and stage.utilization.value is not None
        and stage.utilization.bound == "exact"
    )


def widened(audit: ConstraintAudit, times: Mapping[str, float]) -> pd.DataFrame:
    """One row per stage of which the capacity is known: the share that today's load would use.

    Parameters
    ----------
    times : stage → its capacity as a multiple of today's, above 0

    Returns
    -------
    DataFrame with stage, used, low, high [share; 90 % interval]: ``load / (times * capacity)``,
    the load as it is today. A stage that holds the others back may get more load once it is wider.
    """
    for stage, multiple in times.items():
        if not multiple > 0:
            raise ParameterError(f"times={multiple!r} of {stage} is not a multiple above 0.")
    today = {stage.stage: stage.utilization for stage in audit.stages}
    rows = [
        {
            "stage": stage,
            **{
                name: None if share is None else share / times.get(stage, 1.0)
                for name, share in zip(
                    ("used", "low", "high"),
                    (today[stage].value, today[stage].low, today[stage].high),
                    strict=True,
                )
            },
        }
        for stage in widenable(audit)
    ]
    columns = {"stage": "str", "used": "float64", "low": "float64", "high": "float64"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)

"""The panel of the constraint audit: capacity per stage as a multiple of today's."""

import pandas as pd

from goulot.charts import constraint as charts
from goulot.language import Language
from goulot.steps.constraint import ConstraintAudit
from goulot.steps.widening import widenable, widened
from goulot.widgets.knobs import Slider
from goulot.widgets.panel import Panel, Readout, Response

TIMES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)


def capacity(audit: ConstraintAudit, language: Language) -> Panel | None:
    """A slider per stage whose capacity is known; None where no stage's is."""
    stages = widenable(audit)
    if not stages:
        return None

    def respond(values: dict[str, float]) -> Response:
        rows = widened(audit, values)
        return Response(
            tables={"widened": charts.widened_data(rows, language)},
            readouts=_readouts(rows, language),
        )

    return Panel(
        name="capacity",
        title=language.say("What if a stage could do more, or less?"),
        knobs=[
            Slider(
                name=stage,
                label=language.say("Capacity: {stage}", stage=language.word(stage)),
                positions=TIMES,
                start=1.0,
                unit="×",
                step=0.05,
            )
            for stage in stages
        ],
        respond=respond,
        draw=lambda start: charts.widened(start.tables["widened"], language),
        language=language,
        note=language.say("The load is today's; a wider stage may get more of it."),
    )


def _readouts(rows: pd.DataFrame, language: Language) -> list[Readout]:
    fullest = rows.loc[rows["used"].idxmax()]
    return [
        Readout(language.say("Fullest stage"), language.word(str(fullest["stage"]))),
        Readout(language.say("Share of its capacity used"), language.percent(fullest["used"])),
    ]

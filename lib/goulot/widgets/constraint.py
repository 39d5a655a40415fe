"""The panel of the constraint audit: capacities as multiples of today's, and the ladder."""

from goulot.charts import constraint as charts
from goulot.language import NOT_KNOWN, Language
from goulot.steps.constraint import ConstraintAudit
from goulot.steps.widening import Widened, widenable, widened
from goulot.widgets.knobs import Slider
from goulot.widgets.panel import Panel, Readout, Response

# Fewer positions the more sliders there are: the report asks for every combination beforehand.
POSITIONS = (
    (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0),
    (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0),
    (0.5, 0.8, 1.0, 1.25, 1.5, 2.0),
    (0.5, 1.0, 1.5, 2.0),
    (0.5, 1.0, 2.0),
    (1.0, 1.5),
)


def capacity(audit: ConstraintAudit, language: Language) -> Panel | None:
    """A slider per stage whose limit is known, and one for demand; None where no stage's is."""
    stages = widenable(audit)
    if len(stages) < 2:
        return None
    positions = POSITIONS[min(len(stages), len(POSITIONS)) - 1]
    is_valued = audit.worth is not None
    height = min(len(stages), charts.RUNGS)

    def respond(values: dict[str, float]) -> Response:
        found = widened(audit, values)
        return Response(
            tables={"ladder": charts.ladder_data(found.rungs, is_valued, language, height)},
            readouts=_readouts(found, audit, language),
        )

    return Panel(
        name="capacity",
        title=language.say("What if a stage could do more, or less?"),
        knobs=[_slider(stage, positions, language) for stage in stages],
        respond=respond,
        draw=lambda start: charts.widened(start.tables["ladder"], is_valued, language),
        language=language,
        note=language.say(
            "Spend stays what it is; what finding more customers costs is not deducted."
        ),
    )


def _slider(stage: str, positions: tuple[float, ...], language: Language) -> Slider:
    label = (
        language.say("Demand")
        if stage == "acquisition"
        else language.say("Capacity: {stage}", stage=language.word(stage))
    )
    return Slider(name=stage, label=label, positions=positions, start=1.0, unit="×", step=0.05)


def _readouts(found: Widened, audit: ConstraintAudit, language: Language) -> list[Readout]:
    first = found.rungs[0]
    gained = NOT_KNOWN if found.gained is None else _signed(found.gained, language)
    return [
        Readout(language.say("Constraint"), language.word(first.stage)),
        Readout(language.say("Orders served a week"), language.number(first.orders)),
        Readout(language.say("Contribution a week, against today"), gained),
    ]


def _signed(amount: float, language: Language) -> str:
    text = language.money(amount)
    return f"+{text}" if round(amount) > 0 else text

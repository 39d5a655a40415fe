"""Constraint audit: how much of each stage is used, and load against capacity week by week."""

import altair as alt
import pandas as pd

from goulot.charts.theme import BINDING, FAINT, GOOD, MUTED, described
from goulot.findings import Figure
from goulot.language import Language
from goulot.steps.constraint import ConstraintAudit
from goulot.steps.stages import StageAudit

DAYS = alt.Axis(format="%-d %b", labelAngle=0, labelOverlap=True)


def utilization_data(audit: ConstraintAudit, language: Language) -> pd.DataFrame:
    """One row per stage with a load or behind one: its share used, the interval, and its state."""
    rows = [
        {
            "stage": language.word(stage.stage),
            "used": stage.utilization.value,
            "low": stage.utilization.low,
            "high": stage.utilization.high,
            "state": "binds" if stage.state == "binds" else "slack",
            "label": _label(stage.utilization, language),
        }
        for stage in audit.stages
        if stage.stage != "acquisition"
    ]
    named = {row["stage"] for row in rows}
    unknown = [language.word(s) for s in audit.unknown if language.word(s) not in named]
    rows += [
        {"stage": name, "used": None, "state": "slack", "label": language.say("unknown")}
        for name in unknown
        if name != language.word("acquisition")
    ]
    columns = ["stage", "used", "low", "high", "state", "label"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"used": "float64", "low": "float64", "high": "float64"}
    )


def _label(figure: Figure, language: Language) -> str:
    if figure.value is None:
        return language.say("unknown")
    share = language.percent(figure.value)
    return language.say("at most {value}", value=share) if figure.bound == "at most" else share


def utilization(audit: ConstraintAudit, language: Language) -> alt.LayerChart:
    """A bar per stage: the share of its capacity that an average week uses."""
    rows = utilization_data(audit, language)
    base = alt.Chart(rows).encode(y=alt.Y("stage:N").sort(None).title(None))
    share = alt.X("used:Q", axis=alt.Axis(format="%")).title(language.say("share of capacity used"))
    bars = base.mark_bar(height={"band": 0.5}).encode(
        x=share.scale(domainMin=0, domainMax=max(1.0, rows["high"].max(), rows["used"].max())),
        color=alt.when("datum.state == 'binds'")
        .then(alt.value(BINDING))
        .otherwise(alt.value(GOOD)),
    )
    whiskers = base.mark_rule(color=MUTED).encode(x="low:Q", x2="high:Q")
    words = (
        base.mark_text(align="left", dx=6)
        .encode(x=alt.X("end:Q"), text="label:N")
        .transform_calculate(end="max(isValid(datum.high) ? datum.high : 0, datum.used || 0)")
    )
    limit = alt.Chart(pd.DataFrame({"full": [1.0]})).mark_rule(color=FAINT, strokeDash=[4, 3])
    return described(
        (bars + whiskers + words + limit.encode(x="full:Q")).properties(
            width="container", height=alt.Step(34)
        ),
        title=_finding(audit, language),
        subtitle=language.say("An average week of the quarter against what each stage can do"),
        description=_finding(audit, language),
    )


def _finding(audit: ConstraintAudit, language: Language) -> str:
    if audit.binding.value is None:
        return language.say("Which stage holds the others back cannot be said yet")
    if audit.binding.value == "acquisition":
        return language.say("No stage behind acquisition is full")
    return language.say("{stage} is the stage that is full", stage=_capitalised(audit, language))


def _capitalised(audit: ConstraintAudit, language: Language) -> str:
    word = language.word(str(audit.binding.value))
    return word[:1].upper() + word[1:]


def load_data(audit: ConstraintAudit, stage: str) -> pd.DataFrame:
    """Load of one stage week by week, with its capacity where that is known exactly."""
    found = next(a for a in audit.stages if a.stage == stage)
    rows = audit.weekly[audit.weekly["stage"] == stage]
    exact = found.capacity.value if found.capacity.bound == "exact" else None
    return pd.DataFrame(
        {
            "week": pd.to_datetime(rows["week_starts_on"]).to_numpy(),
            "load": rows["load"].astype("float64").to_numpy(),
            "capacity": exact,
        }
    ).astype({"capacity": "float64"})


def load(audit: ConstraintAudit, stage: str, language: Language) -> alt.LayerChart:
    """Load of one stage week by week against what it can do."""
    rows = load_data(audit, stage)
    found = next(a for a in audit.stages if a.stage == stage)
    mean = language.quantity(found.load.value, found.load.unit)
    title = language.say("{stage}: {load} on average", stage=language.word(stage), load=mean)
    base = alt.Chart(rows).encode(x=alt.X("yearmonthdate(week):O", axis=DAYS).title(None))
    unit = language.unit(found.load.unit.partition("/")[0])
    y_title = language.say("{unit} a week", unit=unit)
    bars = base.mark_bar(color=GOOD).encode(y=alt.Y("load:Q").title(y_title))
    limit = base.mark_line(color=BINDING, strokeDash=[5, 3]).encode(y="capacity:Q")
    chart = bars + limit if rows["capacity"].notna().any() else alt.layer(bars)
    subtitle = (
        language.say("Dashed: capacity, {capacity}", capacity=_capacity(found, language))
        if rows["capacity"].notna().any()
        else language.say("Its capacity is not known")
    )
    return described(
        chart.properties(width="container", height=220),
        title=title[:1].upper() + title[1:],
        subtitle=subtitle,
        description=f"{title}. {subtitle}",
    )


def _capacity(found: StageAudit, language: Language) -> str:
    return language.quantity(found.capacity.value, found.capacity.unit)


def widened_data(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    """The rows of ``steps.widening.widened`` with the stage and the share in words."""
    return rows.assign(
        stage=[language.word(stage) for stage in rows["stage"]],
        label=[language.percent(share, 0) for share in rows["used"]],
    )


def widened(start: pd.DataFrame, language: Language) -> alt.LayerChart:
    """A bar per stage over the dataset ``widened``, on an axis that keeps still as sliders move."""
    base = alt.Chart(alt.NamedData("widened")).encode(y=alt.Y("stage:N").sort(None).title(None))
    share = alt.X("used:Q", axis=alt.Axis(format="%")).title(language.say("share of capacity used"))
    bars = base.mark_bar(height={"band": 0.5}).encode(
        x=share.scale(domain=[0, 1.5], clamp=True),
        color=alt.when("datum.used >= 1").then(alt.value(BINDING)).otherwise(alt.value(GOOD)),
    )
    whiskers = base.mark_rule(color=MUTED).encode(x="low:Q", x2="high:Q")
    words = (
        base.mark_text(align="left", dx=6)
        .encode(x=alt.X("end:Q"), text="label:N")
        .transform_calculate(end="min(1.4, max(datum.high || 0, datum.used))")
    )
    full = alt.Chart(pd.DataFrame({"full": [1.0]})).mark_rule(color=FAINT, strokeDash=[4, 3])
    chart = bars + whiskers + words + full.encode(x="full:Q")
    return chart.properties(
        width="container",
        height=alt.Step(38),
        description=language.say("Share of each stage's capacity that today's load would use"),
    )

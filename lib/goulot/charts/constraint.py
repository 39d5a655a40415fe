"""Constraint audit: how much of each stage is used, and load against capacity week by week."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from goulot.charts.theme import BINDING, FAINT, GOOD, MUTED, described
from goulot.findings import Figure
from goulot.language import NOT_KNOWN, Language
from goulot.steps.constraint import ConstraintAudit
from goulot.steps.stages import StageAudit
from goulot.steps.weekly_worth import Rung

RUNGS = 5
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
        x=share.scale(
            domainMin=0, domainMax=1.2 * max(1.0, rows["high"].max(), rows["used"].max())
        ),
        color=alt.ColorValue(GOOD, condition={"test": "datum.state == 'binds'", "value": BINDING}),
    )
    whiskers = base.mark_rule(color=MUTED).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    words = (
        base.mark_text(align="left", dx=6)
        .encode(x=alt.X("end:Q"), text=alt.Text("label:N"))
        .transform_calculate(end="max(isValid(datum.high) ? datum.high : 0, datum.used || 0)")
    )
    limit = alt.Chart(pd.DataFrame({"full": [1.0]})).mark_rule(color=FAINT, strokeDash=[4, 3])
    return described(
        (bars + whiskers + words + limit.encode(x=alt.X("full:Q"))).properties(
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


def stage_table(audit: ConstraintAudit, language: Language) -> pd.DataFrame:
    """One row per stage, unknown ones too: load, capacity, share used and price, in words."""
    rows = []
    for stage in audit.asked:
        found, price = audit.stage(stage), audit.prices.get(stage)
        figures = (found.load, found.capacity, found.utilization) if found else (None,) * 3
        texts = [_figure(figure, language) for figure in (*figures, price)]
        names = ("load_a_week", "capacity", "used_share", "shadow_price")
        rows.append({"stage": stage} | dict(zip(names, texts, strict=True)))
    return pd.DataFrame(rows)


def _figure(figure: Figure | None, language: Language) -> str:
    if figure is None or figure.value is None:
        return NOT_KNOWN
    unit = figure.unit.removesuffix("/week")
    text = language.quantity(figure.value, unit, None if unit == "share" else 0)
    return (
        language.say("at least {value}", value=text)
        if figure.bound == "at least"
        else (language.say("at most {value}", value=text) if figure.bound == "at most" else text)
    )


def fullest(audit: ConstraintAudit) -> str:
    """The stage to look at week by week: the one that binds, or else the fullest behind it."""
    if audit.binding.value not in (None, "acquisition"):
        return str(audit.binding.value)
    behind = [s for s in audit.stages if s.stage != "acquisition"] or list(audit.stages)
    return max(
        behind,
        key=lambda s: (s.utilization.bound == "exact", s.utilization.value or 0.0, s.stage),
    ).stage


def load(audit: ConstraintAudit, stage: str, language: Language) -> alt.LayerChart | None:
    """Load of one stage week by week against what it can do. None where nothing came to it."""
    rows = load_data(audit, stage)
    if not rows["load"].sum() > 0:
        return None
    found = next(a for a in audit.stages if a.stage == stage)
    title = _load_finding(found, language)
    base = alt.Chart(rows).encode(x=alt.X("yearmonthdate(week):O", axis=DAYS).title(None))
    unit = language.unit(found.load.unit.partition("/")[0])
    y_title = language.say("{unit} a week", unit=unit)
    bars = base.mark_bar(color=GOOD).encode(y=alt.Y("load:Q").title(y_title))
    limit = base.mark_line(color=BINDING, strokeDash=[5, 3]).encode(y=alt.Y("capacity:Q"))
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


def _load_finding(found: StageAudit, language: Language) -> str:
    """How full the stage was in its fullest week; its mean load where no limit is known."""
    stage = language.word(found.stage)
    if found.fullest_share is None:
        mean = language.quantity(found.load.value, found.load.unit, 0)
        return language.say("{stage}: {load} on average", stage=stage, load=mean)
    share = language.percent(found.fullest_share, 0)
    return language.say(
        "{stage}: the fullest week asked for {share} of its capacity", stage=stage, share=share
    )


def _capacity(found: StageAudit, language: Language) -> str:
    return language.quantity(found.capacity.value, found.capacity.unit, 0)


def ladder_data(
    rungs: Sequence[Rung], is_valued: bool, language: Language, height: int = RUNGS
) -> pd.DataFrame:
    """One row per rung, empty ones up to ``height``: what binds, at what, in words too.

    ``value`` is the contribution a week, or the orders where an order has no known worth.
    """
    rows = [
        {
            "rung": place,
            "stage": f"{place}. {_rung_name(rung, language)}",
            "value": rung.contribution if is_valued else rung.orders,
            "label": _rung_label(rung, is_valued, language),
            "state": "binds" if place == 1 else "slack",
        }
        for place, rung in enumerate(rungs, start=1)
    ]
    rows += [
        {
            "rung": place,
            "stage": f"{place}. {NOT_KNOWN}",
            "value": 0.0,
            "label": "",
            "state": "slack",
        }
        for place in range(len(rungs) + 1, height + 1)
    ]
    return pd.DataFrame(rows, columns=["rung", "stage", "value", "label", "state"])


def _rung_name(rung: Rung, language: Language) -> str:
    if rung.is_bought and rung.stage == "acquisition":
        return language.say("all demand that pays")
    return language.word(rung.stage)


def _rung_label(rung: Rung, is_valued: bool, language: Language) -> str:
    if is_valued:
        return language.money(rung.contribution)
    return language.quantity(rung.orders, "orders/week", 0)


def ladder(audit: ConstraintAudit, language: Language) -> alt.LayerChart | None:
    """A bar per rung: what the company earns once everything above it on the list is widened.

    None where there is no ladder to climb.
    """
    if not audit.rungs:
        return None
    is_valued = audit.worth is not None
    rows = ladder_data(audit.rungs, is_valued, language, height=len(audit.rungs))
    title = _ladder_finding(audit, language)
    return described(
        _ladder_bars(alt.Chart(rows), rows["value"].max(), is_valued, language),
        title=title,
        subtitle=language.say("What binds, and what binds next once it is widened"),
        description=title,
    )


def _ladder_bars(base: alt.Chart, most: float, is_valued: bool, language: Language):
    axis = alt.Axis(format="$,.0f" if is_valued else ",.0f", tickCount=4)
    heading = (
        language.say("contribution a week, after advertising")
        if is_valued
        else language.say("orders a week")
    )
    base = base.encode(y=alt.Y("stage:N").sort(alt.EncodingSortField("rung")).title(None))
    bars = base.mark_bar(height={"band": 0.5}).encode(
        x=alt.X("value:Q", axis=axis).scale(domain=[0, most * 1.45], clamp=True).title(heading),
        color=alt.ColorValue(GOOD, condition={"test": "datum.state == 'binds'", "value": BINDING}),
    )
    words = base.mark_text(align="left", dx=6).encode(x=alt.X("value:Q"), text=alt.Text("label:N"))
    return (bars + words).properties(width="container", height=alt.Step(38))


def _ladder_finding(audit: ConstraintAudit, language: Language) -> str:
    if len(audit.rungs) < 2:
        return language.say("Which stage would bind next is not known")
    after = audit.rungs[1]
    if after.is_bought and after.stage == "acquisition":
        return language.say(
            "All demand that pays comes to {orders}",
            orders=language.quantity(after.orders, "orders/week", 0),
        )
    return language.say(
        "The next constraint: {stage}, at {orders}",
        stage=language.word(after.stage),
        orders=language.quantity(after.orders, "orders/week", 0),
    )


def widened(start: pd.DataFrame, is_valued: bool, language: Language) -> alt.LayerChart:
    """The ladder over the dataset ``ladder``, on an axis that keeps still as sliders move."""
    chart = _ladder_bars(
        alt.Chart(alt.NamedData("ladder")), start["value"].max() * 2, is_valued, language
    )
    return chart.properties(
        description=language.say("What binds, and what binds next once it is widened")
    )

"""Demand spikes: who is served on time at which multiple, what stands, what being ready costs."""

import altair as alt
import pandas as pd

from goulot.charts.theme import BAD, GOOD, MUTED, WATCH, described
from goulot.language import NOT_KNOWN, Language
from goulot.sentences.spikes import plan_name
from goulot.steps.spike_history import SpikeHistory
from goulot.steps.spike_study import SpikeStudy
from goulot.steps.spikes import Outcome

PLAN_COLORS = [BAD, GOOD]
MOST_SPIKES = 8
SHOWN = (2, 3, 5, 7, 10)  # multiples of the table
EVERY_HOURS = 3  # of the backlog, one point: 14 days are 112
MONDAY = pd.Timestamp("2001-01-01")  # a Monday: the simulated week has no date


def _plans(language: Language) -> list[str]:
    return [language.say("as things are"), language.say("cheapest plan")]


def _by_plan(study: SpikeStudy, language: Language) -> alt.Color:
    plans = _plans(language)[: 1 + study.has_plan]
    legend = alt.Legend(title=None, symbolOpacity=1)
    return alt.Color("plan:N", legend=legend).scale(domain=plans, range=PLAN_COLORS[: len(plans)])


def on_time_data(study: SpikeStudy, language: Language) -> pd.DataFrame:
    """One row per plan and multiple: share shipped on time, with its interval."""
    names = dict(zip(("nothing", "best"), _plans(language), strict=True))
    rows = study.by_multiplier
    rows = rows[(rows["plan"] == "nothing") | study.has_plan]
    return pd.DataFrame(
        {
            "plan": rows["plan"].map(names),
            "times": rows["multiplier"],
            "share": rows["on_time"],
            "low": rows["on_time_low"],
            "high": rows["on_time_high"],
        }
    )


def on_time(study: SpikeStudy, language: Language) -> alt.LayerChart | None:
    """Share shipped on time by multiple of the usual orders, against the share that is asked.
    None without orders to multiply."""
    if not study.operations.has_orders:
        return None
    rows = on_time_data(study, language)
    title = _survived(study, language)
    color = _by_plan(study, language)
    base = alt.Chart(rows).encode(x=_times(language), color=color)
    share = alt.Y("share:Q", axis=alt.Axis(format="%")).scale(domain=[0, 1])
    band = base.mark_area(opacity=0.18).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    line = base.mark_line(point=True).encode(y=share.title(None))
    asked = alt.Chart(pd.DataFrame({"share": [study.policy.target_share]}))
    rule = asked.mark_rule(color=MUTED, strokeDash=[4, 3]).encode(y=alt.Y("share:Q"))
    return described(
        (band + line + rule).properties(width="container", height=260),
        title=title,
        subtitle=language.say(
            "Bands: 90% of the simulated spikes. Dashed: the share that is asked"
        ),
        description=title,
    )


def _times(language: Language) -> alt.X:
    every = list(range(1, 11))
    axis = alt.Axis(labelExpr="datum.label + '×'", values=every, tickCount=10, labelOverlap=True)
    heading = language.say("orders at the peak, as a multiple of the usual")
    return alt.X("times:Q", axis=axis).scale(domain=[1, 10], nice=False).title(heading)


def _survived(study: SpikeStudy, language: Language) -> str:
    found = study.figures["spikes.survivable_multiplier.unaided"]
    if found.bound == "at most":
        return language.say("Not even the usual orders all ship on time")
    return language.say(
        "Up to {times} the usual orders are shipped on time",
        times=language.multiple(round(found.value, 1)),
    )


def outcome_table(study: SpikeStudy, language: Language) -> pd.DataFrame:
    """One row per plan and whole multiple, in words; none without orders to multiply."""
    if not study.operations.has_orders:
        return pd.DataFrame()
    names = {"nothing": language.say("none"), "best": language.say("cheapest")}
    rows = study.by_multiplier
    shown = rows[rows["multiplier"].isin(SHOWN)]
    shown = shown.sort_values(["multiplier", "plan"], ascending=[True, False])
    shown = shown[(shown["plan"] == "nothing") | study.has_plan]
    return pd.DataFrame(
        {
            "spike": [language.multiple(m) for m in shown["multiplier"]],
            "plan": shown["plan"].map(names).to_numpy(),
            "on_time_share": [language.percent(v, 0) for v in shown["on_time"]],
            "backlog_peak": [language.number(v) for v in shown["peak"]],
            "time_to_drain": [_days(v, language) for v in shown["drain_hours"]],
            "lost_orders": [language.number(v) for v in shown["unmet"]],
            "cancelled_orders": [language.number(v) for v in shown["cancelled"]],
            "spike_cost": [_money(v, language) for v in shown["lost_contribution"]],
        }
    )


def _days(hours: float, language: Language) -> str:
    if hours == float("inf"):
        return language.say("never")
    return language.quantity(hours / 24, "days", 1 if hours else 0)


def _money(value: float | None, language: Language) -> str:
    return NOT_KNOWN if value is None or pd.isna(value) else language.money(value, 0)


def backlog_data(outcome: Outcome) -> pd.DataFrame:
    """What stands every three hours: the median and 90 % of the scenarios, on a clock that begins
    on a Monday at midnight."""
    low, middle, high = outcome.backlog_bands(EVERY_HOURS)
    at = pd.date_range(MONDAY, periods=len(low), freq=f"{EVERY_HOURS}h")
    return pd.DataFrame({"at": at, "low": low, "waiting": middle, "high": high})


def backlog(study: SpikeStudy, language: Language) -> alt.LayerChart | None:
    """Orders that wait, hour by hour, without help and with the cheapest plan. None without orders
    to multiply."""
    if not study.operations.has_orders:
        return None
    names = _plans(language)
    parts = [backlog_data(study.unaided).assign(plan=names[0])]
    if study.has_plan:
        parts.append(backlog_data(study.planned).assign(plan=names[1]))
    rows = pd.concat(parts, ignore_index=True)
    told = study.by_multiplier.set_index(["plan", "multiplier"])
    peak = language.number(told.loc[("nothing", study.policy.multiplier), "peak"])
    title = language.say(
        "At {times} the usual orders, up to {orders} wait at once",
        times=language.multiple(study.policy.multiplier), orders=peak,
    )  # fmt: skip
    base = alt.Chart(rows).encode(x=clock(language), color=_by_plan(study, language))
    band = base.mark_area(opacity=0.18).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    line = base.mark_line().encode(y=alt.Y("waiting:Q").title(None))
    return described(
        (band + line).properties(width="container", height=260),
        title=title,
        subtitle=language.say(
            "Two weeks of simulated hours; the spike begins on the first Tuesday"
        ),
        description=title,
    )


def clock(language: Language) -> alt.X:
    """The weekday, on a clock that begins on a Monday."""
    axis = alt.Axis(format="%a", tickCount="day", labelAngle=0, labelOverlap=True)
    return alt.X("at:T", axis=axis).title(None)


def frontier_data(study: SpikeStudy, language: Language) -> pd.DataFrame:
    """One row per plan of the frontier: what being ready costs a year, and what it survives."""
    rows = [
        {
            "plan": plan_name(cost.plan, cost.service_level, language),
            "per_year": cost.flexibility_per_year,
            "times": max(times, 1.0),
            "label": language.money(cost.flexibility_per_year, 0),
        }
        for cost, times in study.planning.frontier
    ]
    return pd.DataFrame(rows)


def frontier(study: SpikeStudy, language: Language) -> alt.LayerChart | None:
    """A bar per plan, the cheapest first: how large a spike it survives. None without plans."""
    if study.planning is None:
        return None
    rows = frontier_data(study, language)
    title = _frontier_title(study, language)
    heading = language.say("largest spike survived, as a multiple of the usual")
    base = alt.Chart(rows).encode(
        y=alt.Y("plan:N", axis=alt.Axis(labelLimit=360)).sort(None).title(None)
    )
    times = alt.X("times:Q", axis=alt.Axis(labelExpr="datum.label + '×'"))
    bars = base.mark_bar(height={"band": 0.5}, color=GOOD).encode(
        x=times.scale(domain=[0, 13]).title(heading)
    )
    words = base.mark_text(align="left", dx=6).encode(x=alt.X("times:Q"), text=alt.Text("label:N"))
    return described(
        (bars + words).properties(width="container", height=alt.Step(36)),
        title=title,
        subtitle=language.say("Beside each bar: what being ready with that plan costs a year"),
        description=title,
    )


def _frontier_title(study: SpikeStudy, language: Language) -> str:
    """What the plan that survives most costs a year."""
    cost, times = study.planning.frontier[-1]
    survived = language.multiple(round(max(times, 1.0), 1))
    if not cost.flexibility_per_year:
        return language.say("Without any plan, {times} the usual orders are survived",
                            times=survived)  # fmt: skip
    return language.say("To survive {times} the usual orders costs {amount} a year", times=survived,
                        amount=language.money(cost.flexibility_per_year, 0))  # fmt: skip


def notice_data(study: SpikeStudy, language: Language) -> pd.DataFrame:
    """One row per notice: what a year costs with the cheapest plan that it leaves time for."""
    return pd.DataFrame(
        {
            "notice": [language.quantity(hours, "hours", 0) for hours in study.planning.by_notice],
            "per_year": [cost.per_year for cost in study.planning.by_notice.values()],
            "label": [language.money(c.per_year, 0) for c in study.planning.by_notice.values()],
        }
    )


def notice(study: SpikeStudy, language: Language) -> alt.LayerChart | None:
    """What a year costs by how early a spike is known of. None without plans."""
    if study.planning is None:
        return None
    rows = notice_data(study, language)
    title = language.say(
        "48 hours of notice save {saved} a year",
        saved=language.money(round(study.planning.saved_by(48.0)), 0),
    )
    base = alt.Chart(rows).encode(y=alt.Y("notice:N").sort(None).title(language.say("notice")))
    cost = alt.X("per_year:Q", axis=alt.Axis(format="$,.0f", tickCount=4))
    most = float(rows["per_year"].max()) * 1.25 or 1.0
    bars = base.mark_bar(height={"band": 0.5}, color=WATCH).encode(
        x=cost.scale(domain=[0, most]).title(language.say("cost a year, losses included"))
    )
    words = base.mark_text(align="left", dx=6).encode(
        x=alt.X("per_year:Q"), text=alt.Text("label:N")
    )
    return described(
        (bars + words).properties(width="container", height=alt.Step(36)),
        title=title,
        subtitle=language.say("With the cheapest plan that the notice leaves time for"),
        description=title,
    )


def shop_spikes(history: SpikeHistory, language: Language) -> pd.DataFrame:
    """The shop's own spikes, the largest first, and what is usual of its other days."""
    rows = history.shop.head(MOST_SPIKES)
    told = {
        "peak_on": [language.short_day(day) for day in rows["peak_on"]],
        "spike": [language.multiple(round(t, 1)) for t in rows["times"]],
        "orders": [language.number(n) for n in rows["at_peak"]],
    }
    shares = ("late_share", "cancelled_share", "refunded_share", "short_share")
    known = [name for name in shares if name in rows and rows[name].notna().any()]
    for name in known:
        told[name] = [language.percent(share, 1) for share in rows[name]]
    if known:
        usual = rows.iloc[0]
        told["peak_on"].append(language.say("all other days"))
        told["spike"].append("")
        told["orders"].append("")
        for name in known:
            told[name].append(language.percent(usual[f"usual_{name}"], 1))
    return pd.DataFrame(told)


def sku_spikes(history: SpikeHistory, language: Language) -> pd.DataFrame:
    """Spikes of single products, the largest first."""
    rows = history.skus.head(MOST_SPIKES)
    return pd.DataFrame(
        {
            "sku": rows["sku"],
            "peak_on": rows["peak_on"],
            "spike": [language.multiple(round(t)) for t in rows["times"]],
            "order_lines": [language.number(n) for n in rows["at_peak"]],
        }
    )

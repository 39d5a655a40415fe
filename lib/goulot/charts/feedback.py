"""Feedback loops: what service adds by place, which ads outlast their stock, and the tables."""

import altair as alt
import pandas as pd

from goulot.charts.theme import BAD, CATEGORIES, FAINT, GOOD, INK, MUTED, described
from goulot.language import NOT_KNOWN, Language
from goulot.sentences.places import place_name
from goulot.steps.added_costs import PLACE
from goulot.steps.cost_table import place_rows
from goulot.steps.feedback import FeedbackReport
from goulot.steps.service_costs import LAYERS

MOST_PLACES = 20
MOST_SKUS = 15
LAYER_COLORS = dict(zip(LAYERS, CATEGORIES, strict=False))


def layer_name(layer: str, language: Language) -> str:
    return {
        "late": language.say("late delivery"),
        "refund": language.say("refunds"),
        "ticket": language.say("tickets"),
        "replacement": language.say("replacements"),
        "lost": language.say("repeat purchases lost"),
    }[layer]


def added_cost_data(report: FeedbackReport, language: Language) -> pd.DataFrame:
    """One row per place and layer: what it adds to the cost of a new customer, all channels."""
    rows = place_rows(report.drawn, report.costs).head(MOST_PLACES)
    named = rows.assign(
        place=[place_name(c, r, language) for c, r in rows[PLACE].to_numpy()],
        late_text=[
            language.percent(share, 0) if known else NOT_KNOWN
            for share, known in zip(rows["late_share"], rows["judged_orders"] > 0, strict=True)
        ],
    )
    shown = ["place", "added", "late_text", "late_share"]
    long = named.melt(shown, list(LAYERS), var_name="layer", value_name="cost")
    long["layer"] = [layer_name(layer, language) for layer in long["layer"]]
    return long[long["cost"] != 0].reset_index(drop=True)


def added_cost(report: FeedbackReport, language: Language) -> alt.LayerChart | None:
    """A bar per place, stacked by what went wrong. None: no order is known by place."""
    rows = added_cost_data(report, language)
    if rows.empty:
        return None
    shown = [x for x in LAYERS if layer_name(x, language) in set(rows["layer"])]
    names = [layer_name(layer, language) for layer in shown]
    ranked = list(rows.sort_values("added", ascending=False)["place"].unique())
    base = alt.Chart(rows).encode(y=alt.Y("place:N").sort(ranked).title(None))
    heading = language.say("added to the cost of a new customer")
    bars = base.mark_bar(height={"band": 0.62}).encode(
        x=alt.X("sum(cost):Q", axis=alt.Axis(format="$,.2f")).title(heading),
        color=alt.Color("layer:N")
        .scale(domain=names, range=[LAYER_COLORS[layer] for layer in shown])
        .title(None),
        order=alt.Order("layer:N"),
    )
    words = base.mark_text(align="left", dx=6, color=MUTED).encode(
        x=alt.X("max(added):Q"), text=alt.Text("max(late_text):N")
    )
    is_known = (rows["late_text"] != NOT_KNOWN).any()
    worst = rows.loc[rows["added"].idxmax(), "place"]
    title = language.say("{place} costs most to serve", place=worst)
    subtitle = (
        language.say("Per new customer, all channels; at the end of a bar the share late")
        if is_known
        else language.say("Per new customer, all channels")
    )
    return described(
        alt.layer(bars, *([words] if is_known else [])).properties(
            width="container", height=alt.Step(24)
        ),
        title=title,
        subtitle=subtitle,
        description=f"{title}. {subtitle}",
    )


def sell_out_data(report: FeedbackReport) -> pd.DataFrame:
    """One row per SKU to hold back, the first to sell out on top: interval, middle, goods."""
    rows = []
    for outlook in report.throttled[:MOST_SKUS]:
        middle, low, high = (pd.Timestamp(day) if day else pd.NaT for day in outlook.sells_out_on)
        days = pd.Timedelta(days=round(outlook.receipt.median))
        goods = pd.Timestamp(outlook.counted_on) + days if outlook.receipt.is_known else pd.NaT
        rows.append({"title": f"{outlook.title} ({outlook.sku})", "low": low, "middle": middle,
                     "high": high, "goods": goods})  # fmt: skip
    columns = ["title", "low", "middle", "high", "goods"]
    return pd.DataFrame(rows, columns=columns).sort_values(["middle", "title"])


def sell_out(report: FeedbackReport, language: Language) -> alt.LayerChart | None:
    """When each SKU sells out (90 %) and when goods come. None: there is nothing to hold back."""
    rows = sell_out_data(report)
    if rows.empty:
        return None
    base = alt.Chart(rows).encode(
        y=alt.Y("title:N", axis=alt.Axis(labelLimit=320)).sort(list(rows["title"])).title(None)
    )
    axis = alt.Axis(format="%-d %b", labelOverlap=True, tickCount=6)
    span = base.mark_bar(height=7, color=FAINT).encode(x=alt.X("low:T", axis=axis).title(None),
                                                       x2=alt.X2("high:T"))  # fmt: skip
    middle = base.mark_tick(color=BAD, height=16).encode(x=alt.X("middle:T"))
    goods = base.mark_point(color=GOOD, shape="triangle-right", size=90).encode(x=alt.X("goods:T"))
    title = language.count(
        len(report.throttled),
        "{count} advertised product sells out before goods come",
        "{count} advertised products sell out before goods come",
    )
    subtitle = language.say(
        "Bar and tick: day on which the stock ends (90 %); triangle: goods come"
    )
    return described(
        (span + middle + goods).properties(width="container", height=alt.Step(26)),
        title=title,
        subtitle=subtitle,
        description=f"{title}. {subtitle}",
    )


def load_data(report: FeedbackReport) -> pd.DataFrame:
    """One row per warehouse and week; ``label`` names an event once, at its fullest week."""
    rows = report.load.rows
    fullest = rows.sort_values("expected", ascending=False)
    first = ~fullest["event"].duplicated() & (fullest["event"] != "")
    label = fullest["event"].where(first, "").reindex(rows.index)
    return rows.assign(week=pd.to_datetime(rows["week_starts_on"]), label=label)


def load(report: FeedbackReport, language: Language) -> alt.FacetChart | alt.LayerChart | None:
    """Orders to send, by warehouse and week, with the event that lifts them. None: not known."""
    rows = load_data(report)
    if rows.empty:
        return None
    axis = alt.Axis(format="%-d %b", labelOverlap=True)
    color = alt.Color("location:N").scale(range=list(CATEGORIES)).title(None)
    base = alt.Chart(rows).encode(x=alt.X("week:T", axis=axis).title(None))
    band = base.mark_area(opacity=0.15).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=color)
    line = base.mark_line(point=True).encode(y=alt.Y("expected:Q").title(None), color=color)
    words = (
        base.mark_text(dy=-14, color=INK)
        .encode(y=alt.Y("expected:Q"), text=alt.Text("label:N"))
        .transform_filter("datum.label != ''")
    )
    busiest = rows.loc[rows["expected"].idxmax()]
    title = language.say(
        "{location}: {orders} in the week of {day}",
        location=busiest["location"],
        orders=language.quantity(busiest["expected"], "orders", 0),
        day=language.short_day(busiest["week"].date()),
    )
    subtitle = language.say("Orders a week that each warehouse will have to send; band: 90 %")
    return described(
        alt.layer(band, line, words).properties(width="container", height=240),
        title=title,
        subtitle=subtitle,
        description=f"{title}. {subtitle}",
    )


def bid_data(
    report: FeedbackReport, places: list[tuple[str, str, str]], language: Language
) -> pd.DataFrame:
    """One row per channel and place of ``places``: its bid change, 0 where it is not listed."""
    listed = {(c.channel, c.country, c.region): c for c in report.changes}
    rows = [
        {
            "row": f"{place_name(key[1], key[2], language)} · {language.word(key[0])}",
            "modifier": listed[key].modifier if key in listed else 0.0,
            "effect": listed[key].effect.value if key in listed else 0.0,
        }
        for key in places
    ]
    return pd.DataFrame(rows, columns=["row", "modifier", "effect"])


def bids(report: FeedbackReport, language: Language) -> alt.LayerChart:
    """Bid changes by place over the dataset ``changes``, on an axis that keeps still."""
    policy = report.policy
    base = alt.Chart(alt.NamedData("changes")).encode(
        y=alt.Y("row:N", axis=alt.Axis(labelLimit=300)).title(None)
    )
    bars = base.mark_bar(height={"band": 0.6}).encode(
        x=alt.X("modifier:Q", axis=alt.Axis(format="+.0%"))
        .scale(domain=[policy.least_modifier, policy.most_modifier], clamp=True)
        .title(language.say("bid change")),
        color=alt.ColorValue(GOOD, condition={"test": "datum.modifier < 0", "value": BAD}),
    )
    return alt.layer(bars).properties(
        width="container",
        height=alt.Step(22),
        description=language.say("Bid changes by place and channel"),
    )

"""What a bad first delivery does: effects with intervals, and whether they can be believed."""

import altair as alt
import pandas as pd

from goulot.charts.theme import CATEGORIES, FAINT, INK, MUTED, described
from goulot.language import Language
from goulot.sentences.delivery import dose_name
from goulot.steps.delivery_effect import DeliveryEffect, propensity_shares
from goulot.steps.first_deliveries import Judged

BALANCED = 0.1  # standardised difference below which groups are commonly taken as alike


def effects_data(found: DeliveryEffect, language: Language) -> pd.DataFrame:
    """what, kind, value, low, high: changes of the share who come back, in order."""
    late = language.say("late")
    rows = []
    if found.repeat.is_known:
        e = found.repeat.effect
        half = 1.6449 * e.naive_standard_error
        plain = language.say("late, plain difference")
        rows.append({"what": plain, "kind": "plain", "value": e.naive, "low": e.naive - half,
                     "high": e.naive + half})  # fmt: skip
        rows.append(_row(late, "late", found.repeat))
    named = [(dose_name(dose, language), "dose", judged) for dose, judged in found.dose.items()]
    slow = language.say("on time, but over {days} days", days=language.number(found.slow_days))
    named += [(slow, "other", found.slow), (language.say("in several parcels"), "other",
                                            found.split)]  # fmt: skip
    rows += [_row(what, kind, judged) for what, kind, judged in named if judged.is_known]
    rows += [
        {"what": language.say("late, {channel}", channel=language.word(one.channel)),
         "kind": "channel", "value": one.value, "low": one.low, "high": one.high}
        for one in found.by_channel
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "kind", "value", "low", "high"])


def _row(what: str, kind: str, judged: Judged) -> dict:
    e = judged.effect
    return {"what": what, "kind": kind, "value": e.value, "low": e.low, "high": e.high}


def effects(found: DeliveryEffect, language: Language) -> alt.LayerChart | None:
    """Change of the share of customers who come back, by what was wrong with the delivery."""
    rows = effects_data(found, language)
    if rows.empty:
        return None
    colors = alt.Scale(
        domain=["plain", "late", "dose", "other", "channel"],
        range=[FAINT, INK, CATEGORIES[0], CATEGORIES[1], MUTED],
    )
    base = alt.Chart(rows).encode(
        y=alt.Y("what:N").sort(None).title(None),
        color=alt.Color("kind:N").scale(colors).legend(None),
    )
    x = alt.X("value:Q", axis=alt.Axis(format="+.0%")).title(
        language.say("change of the share who order again within {days} days",
                     days=language.number(found.policy.repeat_days))
    )  # fmt: skip
    lines = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    points = base.mark_point(size=80, opacity=1).encode(x=x)
    zero = (
        alt.Chart(pd.DataFrame({"value": [0.0]})).mark_rule(color=FAINT).encode(x=alt.X("value:Q"))
    )
    title = _effect_title(found, language)
    subtitle = language.say("Adjusted, with 90 % intervals; the plain difference for comparison")
    chart = (zero + lines + points).properties(width="container", height=alt.Step(22))
    return described(chart, title=title, subtitle=subtitle, description=f"{title}. {subtitle}")


def _effect_title(found: DeliveryEffect, language: Language) -> str:
    if not found.repeat.is_known:
        return language.say("Too few late first deliveries to tell what they cost")
    effect = found.repeat.effect
    if effect.low <= 0 <= effect.high:
        return language.say("What a late first delivery costs cannot be told from chance")
    lost = language.number(abs(100 * effect.value), 1)
    if effect.value > 0:
        return language.say("After a late first delivery {points} in a hundred more come back",
                            points=lost)  # fmt: skip
    return language.say("After a late first delivery {points} in a hundred fewer come back",
                        points=lost)  # fmt: skip


def balance_data(found: DeliveryEffect, language: Language) -> pd.DataFrame:
    """covariate, when (before or after adjustment), difference: the largest among its levels."""
    names = covariate_names(language)
    when = {"before": language.say("as they are"), "after": language.say("after adjustment")}
    rows = found.balance.melt("covariate", var_name="when", value_name="difference")
    return rows.assign(covariate=rows["covariate"].map(names), when=rows["when"].map(when))


def covariate_names(language: Language) -> dict[str, str]:
    return {
        "channel": language.say("channel"),
        "country": language.say("country"),
        "region": language.say("region"),
        "category": language.say("category"),
        "basket": language.say("basket"),
        "month": language.say("month"),
        "split": language.say("several parcels"),
    }


def balance(found: DeliveryEffect, language: Language) -> alt.LayerChart | None:
    """How unlike the late and the others are, before and after adjustment."""
    rows = balance_data(found, language)
    if rows.empty:
        return None
    when = list(dict.fromkeys(rows["when"]))
    color = alt.Color("when:N").scale(domain=when, range=[FAINT, CATEGORIES[0]]).title(None)
    points = alt.Chart(rows).mark_point(size=110, opacity=1).encode(
        y=alt.Y("covariate:N").sort(None).title(None),
        x=alt.X("difference:Q").title(language.say("largest difference, in standard deviations")),
        color=color,
    )  # fmt: skip
    bar = alt.Chart(pd.DataFrame({"difference": [BALANCED]}))
    rule = bar.mark_rule(strokeDash=[4, 4], color=MUTED).encode(x=alt.X("difference:Q"))
    title = _balance_title(found, language)
    subtitle = language.say("Left of the dashed line counts as alike")
    chart = (rule + points).properties(width="container", height=alt.Step(22))
    return described(chart, title=title, subtitle=subtitle, description=f"{title}. {subtitle}")


def _balance_title(found: DeliveryEffect, language: Language) -> str:
    apart = found.balance[found.balance["after"] > BALANCED]
    if apart.empty:
        return language.say("Once adjusted, the late and the others are alike")
    names = covariate_names(language)
    return language.say("Even adjusted, the late and the others differ by {what}",
                        what=", ".join(names[one] for one in apart["covariate"]))  # fmt: skip


def overlap(found: DeliveryEffect, language: Language) -> alt.Chart | None:
    """How likely each customer was to have a late delivery: nobody may be sure of either."""
    if found.repeat.effect is None:
        return None
    chart = alt.Chart(propensity_shares(found)).mark_rect(stroke="white").encode(
        x=alt.X("chance:Q", axis=alt.Axis(format=".0%")).scale(domain=[0, 1]).title(
            language.say("chance of a late first delivery, by what is known of the order")
        ),
        x2=alt.X2("upto:Q"),
        y=alt.Y("share:Q", axis=alt.Axis(format=".0%")).title(language.say("share of customers")),
        y2=alt.Y2Datum(0),
    )  # fmt: skip
    title = language.say("{share} of the customers could have had either delivery",
                         share=language.percent(found.repeat.effect.kept_share, 0))  # fmt: skip
    return described(chart.properties(width="container", height=180), title=title,
                     description=title)  # fmt: skip

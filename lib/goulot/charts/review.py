"""Quarterly review: the waterfall of the change, the KPIs, and what was foretold."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from goulot.charts.theme import BAD, FAINT, GOOD, INK, MUTED, described
from goulot.findings import Figure
from goulot.language import NOT_KNOWN, Language
from goulot.quarter import Quarter
from goulot.sentences.predictions import amount, foretold_range
from goulot.sentences.review import signed
from goulot.sentences.review_words import DRIVERS, KPIS, VERDICTS
from goulot.steps.contribution_change import Change
from goulot.steps.predictions import Predicted, over_time
from goulot.steps.review import Review

_KIND_COLORS = {"quarter": INK, "more": GOOD, "less": BAD, "noise": FAINT}


def waterfall_data(change: Change, language: Language) -> pd.DataFrame:
    """One row per bar, from the earlier quarter by its drivers to the later one.

    start, end and interval of the bar, its kind ("quarter", "more", "less", "noise"), its words.
    """
    rows = [_end(change.since.quarter, change.before, language)]
    level = change.before
    moved = {n: p for n, p in change.parts.items() if round(p.value) or n == "season"}
    for name, part in moved.items():
        word = language.say(DRIVERS[name])
        bar = {"what": word[:1].upper() + word[1:], "start": level, "end": level + part.value}
        bar |= {"kind": _kind(part), "label": signed(part.value, language)}
        if part.low is not None:
            bar |= {"low": level + part.low, "high": level + part.high}
        rows.append(bar)
        level += part.value
    rows.append(_end(change.until.quarter, change.after, language))
    columns = ["what", "start", "end", "kind", "label", "low", "high"]
    frame = pd.DataFrame(rows, columns=columns).astype({"low": float, "high": float})
    return frame.assign(right=frame[["start", "end", "high"]].max(axis=1))


def _end(quarter, amount: float, language: Language) -> dict[str, object]:
    bar = {"what": language.quarter(quarter), "start": 0.0, "end": amount}
    return bar | {"kind": "quarter", "label": language.money(amount)}


def _kind(part: Figure) -> str:
    if part.low is not None and part.low <= 0 <= part.high:
        return "noise"
    return "more" if part.value > 0 else "less"


def waterfall(change: Change | None, language: Language) -> alt.LayerChart | None:
    """How one quarter's contribution became the other's; None where there is no change to tell."""
    if change is None:
        return None
    rows = waterfall_data(change, language)
    order = rows["what"].tolist()
    most = rows["right"].max()
    base = alt.Chart(rows).encode(y=alt.Y("what:N").sort(order).title(None))
    money = alt.Axis(format="$,.0f", tickCount=4)
    least = min(0.0, rows[["start", "end", "low"]].min().min())
    x = alt.X("start:Q", axis=money).title(language.say("contribution in the quarter"))
    bars = base.mark_bar(height={"band": 0.6}).encode(
        x=x.scale(domain=[least, 1.35 * most], nice=False),
        x2=alt.X2("end:Q"),
        color=alt.Color("kind:N", legend=None).scale(
            domain=list(_KIND_COLORS), range=list(_KIND_COLORS.values())
        ),
    )
    whiskers = base.mark_rule(color=MUTED).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    words = base.mark_text(align="left", dx=6).encode(x=alt.X("right:Q"), text=alt.Text("label:N"))
    title = language.say(
        "{change} since {quarter}",
        change=signed(change.total.value, language),
        quarter=language.quarter(change.since.quarter),
    )
    subtitle = language.say("Thin lines: 90 % intervals. Grey: within the noise")
    return described(
        (bars + whiskers + words).properties(width="container", height=alt.Step(34)),
        title=title,
        subtitle=subtitle,
        description=f"{title}. " + "; ".join(f"{r.what}: {r.label}" for r in rows.itertuples()),
    )


def kpi_table(review: Review, language: Language) -> pd.DataFrame:
    """The KPIs in words: this quarter, the one compared with, last year's, and both changes."""
    rows = []
    for kpi in review.kpis.itertuples():
        values = (kpi.value, kpi.last, kpi.year)
        now, last, year = (_told(value, kpi.unit, language) for value in values)
        rows.append(
            {
                language.say("KPI"): language.say(KPIS[kpi.kpi]),
                language.quarter(review.quarter): now,
                language.quarter(review.last): last,
                language.say("change"): _change(kpi.value, kpi.last, kpi.unit, language),
                language.quarter(review.year): year,
                language.say("change in a year"): _change(kpi.value, kpi.year, kpi.unit, language),
            }
        )
    return pd.DataFrame(rows)


def _told(value: float, unit: str, language: Language) -> str:
    if pd.isna(value):
        return NOT_KNOWN
    if unit == "share":
        return language.percent(value, 1)
    if unit.startswith(language.currency):
        return language.money(value)
    return language.number(value)


def _change(value: float, before: float, unit: str, language: Language) -> str:
    """In per cent; of a share in percentage points."""
    if pd.isna(value) or pd.isna(before) or not before:
        return NOT_KNOWN
    if unit == "share":
        points = 100 * (value - before)
        text = language.say("{points} points", points=language.number(points, 1))
        return ("+" if round(points, 1) > 0 else "") + text
    share = value / before - 1
    return ("+" if round(share, 2) > 0 else "") + language.percent(share, 0)


def forecast_table(
    predictions: Sequence[Predicted], findings: Mapping[str, Mapping[str, Any]], language: Language
) -> pd.DataFrame:
    """Last quarter's forecasts, one row each: what, its value then, the range, what happened.

    ``findings`` of this quarter, for the units.
    """
    rows = []
    for predicted in predictions:
        if predicted.kind != "forecast":
            continue
        unit = str(findings.get(predicted.measure, {}).get("unit", predicted.unit))
        rows.append(
            {
                language.say("forecast"): _subject(predicted, language),
                language.say("a quarter before"): amount(predicted.now, unit, language),
                language.say("foretold"): foretold_range(predicted, unit, language),
                language.say("happened"): amount(predicted.happened, unit, language),
                language.say("verdict"): language.say(VERDICTS[predicted.verdict]),
            }
        )
    return pd.DataFrame(rows)


def _subject(predicted: Predicted, language: Language) -> str:
    """What a forecast is of: its heading says already that a quarter is meant."""
    return language.finding(predicted.measure.replace(".quarter_", ".", 1))


def calibration_table(judged: Sequence[Predicted], language: Language) -> pd.DataFrame:
    """How many predictions came true, by the quarter in which they were made."""
    return pd.DataFrame(
        [
            {
                language.say("made in"): language.quarter(Quarter.parse(tally.quarter)),
                language.say("forecasts that came true"): _of(
                    tally.forecasts_hit, tally.forecasts, language
                ),
                language.say("actions whose figure is where it was to be"): _of(
                    tally.actions_hit, tally.actions, language
                ),
            }
            for tally in over_time(judged)
        ]
    )


def _of(part: int, whole: int, language: Language) -> str:
    if not whole:
        return NOT_KNOWN
    named = {"part": language.number(part), "whole": language.number(whole)}
    return language.say("{part} of {whole}", **named)

"""The panel of step 5: another premium, another late share bought, another horizon or margin."""

from dataclasses import replace
from functools import lru_cache
from math import isfinite

import pandas as pd

from goulot.charts import premium as charts
from goulot.language import NOT_KNOWN, Language
from goulot.steps.premium import (
    MOST_DAYS,
    Customers,
    PremiumPolicy,
    Verdict,
    customers_of,
    judge_premium,
    needed_by_premium,
)
from goulot.steps.sent_orders import Delivered, why_not
from goulot.widgets.knobs import Slider
from goulot.widgets.panel import Panel, Readout, Response

# 5 x 3 x 3 x 2 x 2 x 2 = 360 combinations, precomputed for the mailed report.
PREMIUMS = (0.0, 0.1, 0.2, 0.3, 0.5)
LATE_LEFT = (0.0, 0.5, 1.0)  # of today's late share
DAYS_FASTER = (0, 2, MOST_DAYS)
HORIZONS = (12, 24)  # months
MARGINS = (-0.10, 0.0)  # beside the declared one
DISCOUNTS = (0.0, 0.10)


def premium(known: Delivered, policy: PremiumPolicy, language: Language) -> Panel | None:
    """Sliders for the premium, what it buys, and what a customer is worth; None: no economics."""
    if why_not(known):
        return None
    margin = known.margin if policy.margin is None else policy.margin

    @lru_cache(maxsize=64)
    def of_any_premium(chosen: PremiumPolicy) -> tuple[Customers, pd.DataFrame]:
        return customers_of(known, chosen), needed_by_premium(known, chosen)

    def respond(values: dict[str, float]) -> Response:
        chosen = replace(
            policy,
            premium=values["premium"],
            late_left=values.get("late_left", 1.0),
            days_faster=values.get("days_faster", 0.0),
            horizon_months=round(values["horizon"]),
            margin=values["margin"],
            discount_rate=values["discount"],
        )
        customers, needed = of_any_premium(_whatever_it_buys(chosen))
        verdict = judge_premium(known, chosen, customers)
        return Response(
            tables=charts.datasets(verdict, needed, chosen),
            readouts=_readouts(verdict, language),
            sentence=_interval(verdict, language),
        )

    return Panel(
        name="premium",
        title=language.say("What if sending an order cost more, and fewer came late?"),
        knobs=_knobs(known, policy, margin, language),
        respond=respond,
        draw=lambda start: charts.premium(language),
        language=language,
        note=language.say(
            "The premium is paid on every order. Later deliveries are taken to matter as the first "
            "did. A day sooner is worth what it is seen to bring among orders on time."
        ),
    )


def _whatever_it_buys(policy: PremiumPolicy) -> PremiumPolicy:
    """What customers and break-even depend on: many positions of the sliders share it."""
    return replace(policy, premium=0.0, late_left=1.0, days_faster=0.0)


def _knobs(known: Delivered, policy: PremiumPolicy, margin: float, language: Language) -> list:
    share = {"unit": "share"}
    knobs = [
        Slider(name="premium", positions=PREMIUMS, start=policy.premium, step=0.01, **share,
               label=language.say("Premium on the {cost} that sending an order costs",
                                  cost=language.money(known.cost, 2))),
    ]  # fmt: skip
    if known.late_share and known.effect:
        knobs.append(
            Slider(name="late_left", positions=LATE_LEFT, start=policy.late_left, step=0.05,
                   label=language.say("Late orders that remain, of today's {share}",
                                      share=language.percent(known.late_share, 0)), **share)
        )  # fmt: skip
    if known.late_share and known.effect and known.faster:
        knobs.append(
            Slider(name="days_faster", positions=DAYS_FASTER, start=policy.days_faster, step=1,
                   label=language.say("Days sooner at the door, orders on time"), unit="")
        )  # fmt: skip
    around = sorted({round(min(max(margin + more, 0.01), 1.0), 4) for more in MARGINS})
    return [
        *knobs,
        Slider(name="horizon", positions=HORIZONS, start=policy.horizon_months, unit="",
               label=language.say("Horizon, months"), step=1),
        Slider(name="margin", positions=tuple(around), start=round(margin, 4), step=0.01,
               label=language.say("Gross margin"), **share),
        Slider(name="discount", positions=DISCOUNTS, start=policy.discount_rate, step=0.01,
               label=language.say("Discount rate a year"), **share),
    ]  # fmt: skip


def _readouts(verdict: Verdict, language: Language) -> list[Readout]:
    needed = NOT_KNOWN
    if isfinite(verdict.needed):
        needed = language.percent(verdict.needed, 1)
    supported = pays = net = NOT_KNOWN
    if verdict.supported is not None:
        supported = language.percent(verdict.supported[0], 1)
        net = language.money(verdict.net[0]) if isfinite(verdict.net[0]) else NOT_KNOWN
        pays = charts.odds_said(verdict, language)
    return [
        Readout(language.say("LTV, fulfillment paid"), language.money(verdict.ltv, 0)),
        Readout(language.say("Premium per customer"), language.money(verdict.premium_amount, 2)),
        Readout(language.say("LTV change needed"), needed),
        Readout(language.say("LTV change the data support"), supported),
        Readout(language.say("Left per customer"), net),
        Readout(language.say("Probability that it pays"), pays),
    ]


def _interval(verdict: Verdict, language: Language) -> str:
    """What the data support and what is left, as 90 % intervals."""
    if verdict.supported is None:
        return language.say("What fewer late orders would bring is not known from these data.")
    low, high = (language.percent(end, 1) for end in verdict.supported[1:])
    if not all(isfinite(end) for end in (*verdict.needed_range, *verdict.net)):
        return language.say(
            "90 % interval: the data support {low} to {high}. A repeat order may bring less than "
            "the premium costs.",
            low=low,
            high=high,
        )
    return language.say(
        "90 % intervals: {needs} to {need} is needed, the data support {low} to {high}; {least} to "
        "{most} is left per customer.",
        needs=language.percent(verdict.needed_range[0], 1),
        need=language.percent(verdict.needed_range[1], 1),
        low=low,
        high=high,
        least=language.money(verdict.net[1]),
        most=language.money(verdict.net[2]),
    )

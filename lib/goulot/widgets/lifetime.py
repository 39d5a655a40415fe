"""The panel of step 5: another premium, another late share bought, another horizon or margin."""

from dataclasses import replace
from math import isfinite

from goulot.charts import premium as charts
from goulot.language import NOT_KNOWN, Language
from goulot.steps.premium import Delivered, PremiumPolicy, Verdict, judge_premium, why_not
from goulot.widgets.knobs import Slider
from goulot.widgets.panel import Panel, Readout, Response

PREMIUMS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
LATE_LEFT = (0.0, 0.25, 0.5, 0.75)  # of today's late share
HORIZONS = (6, 12, 24)  # months
MARGINS = (-0.10, 0.0, 0.10)  # beside the declared one
DISCOUNTS = (0.0, 0.10, 0.20)


def premium(known: Delivered, policy: PremiumPolicy, language: Language) -> Panel | None:
    """Sliders for the premium, what it buys, and what a customer is worth; None: no economics."""
    if why_not(known):
        return None
    margin = known.margin if policy.margin is None else policy.margin

    def respond(values: dict[str, float]) -> Response:
        chosen = replace(
            policy,
            premium=values["premium"],
            late_left=values.get("late_left", 1.0),
            horizon_months=round(values["horizon"]),
            margin=values["margin"],
            discount_rate=values["discount"],
        )
        verdict = judge_premium(known, chosen)
        return Response(
            tables=charts.datasets(known, chosen),
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
            "did."
        ),
    )


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
    needed = language.percent(verdict.needed, 1) if isfinite(verdict.needed) else NOT_KNOWN
    supported = pays = net = NOT_KNOWN
    if verdict.supported is not None:
        supported, net = language.percent(verdict.supported[0], 1), language.money(verdict.net[0])
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
    return language.say(
        "90 % intervals: the data support {low} to {high}; {least} to {most} is left per customer.",
        low=language.percent(verdict.supported[1], 1),
        high=language.percent(verdict.supported[2], 1),
        least=language.money(verdict.net[1]),
        most=language.money(verdict.net[2]),
    )

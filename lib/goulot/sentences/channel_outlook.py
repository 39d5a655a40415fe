"""How predictable the channels, new and returning customers and countries are, in sentences."""

from goulot.findings import Figure
from goulot.language import Language
from goulot.sentences.channels import PLAN, listed, name
from goulot.steps.channel_forecasts import SeriesForecast
from goulot.steps.channels import ChannelReport

NAIVE = ("seasonal naive", "last value")
SMOOTHED = ("exponential smoothing", "exponential smoothing with last year's season")


def forecasts(report: ChannelReport, language: Language) -> str:
    """The next quarter in total, and which method said it."""
    total = report.series[-1]
    if total.method is None:
        return language.say("There are too few weeks to say how predictable demand is.")
    return language.say(
        "**{quarter}: {expected} new customers** ({low} to {high}, the sum of the channels). Two "
        "methods were tried on every past week, with what was known then, and the better one is "
        "used: here {method}. Events of the calendar are taken out of the past and put into the "
        "future, one of unknown strength as strong as its kind has been; spend is taken to stay as "
        "it was.",
        quarter=language.quarter(report.quarter.next),
        expected=language.number(total.next_quarter.value),
        low=language.number(total.next_quarter.low),
        high=language.number(total.next_quarter.high),
        method=language.word(total.method),
    )


def kinds(report: ChannelReport, language: Language) -> str:
    """New against returning customers, and the countries that can be planned on."""
    new, returning = (next((o for o in report.kinds if o.name == kind), None)
                      for kind in ("new customers", "returning customers"))  # fmt: skip
    if new is None or returning is None or not _is_known(new.predictability):
        return language.say("There are too few weeks to tell new from returning customers.")
    said = language.say(
        "Orders of new customers are foretold to {new} four weeks ahead, those of returning ones "
        "to {returning}.",
        new=language.percent(new.predictability.value, 0),
        returning=language.percent(returning.predictability.value, 0),
    )
    if report.looks_new_at_first:
        said += " " + language.say(
            "In a shop older than its data, who bought before looks new at the first order in "
            "them: the first months then show too many new customers and too few returning ones."
        )
    good = [o.name for o in report.countries[:-1] if o.grade == PLAN]
    if good:
        said += " " + language.say("By country, one can plan on {countries}.",
                                   countries=listed(good, language))  # fmt: skip
    return said


def _is_known(figure: Figure) -> bool:
    return isinstance(figure.value, float)


def series_rows(series: tuple[SeriesForecast, ...], language: Language) -> list[dict[str, str]]:
    """One row per series in words: grade, both methods side by side, next quarter."""
    return [
        {
            "series": name(one.name, language),
            "grade": language.word(one.grade),
            "foretold_naive": _foretold(one, NAIVE, language),
            "foretold_smoothed": _foretold(one, SMOOTHED, language),
            "predictable_long": language.percent(one.predictability_long.value, 0),
            "interval_held": language.percent(one.coverage, 0),
            "next_quarter": _interval(one.next_quarter, language),
        }
        for one in series
    ]


def _foretold(one: SeriesForecast, methods: tuple[str, ...], language: Language) -> str:
    """One less the error of the better of these methods; a star marks the one that is used."""
    tried = {method: one.wape[method] for method in methods if method in one.wape}
    if not tried:
        return language.percent(None)
    best = min(tried, key=lambda method: tried[method])
    text = language.percent(1 - tried[best], 0)
    return f"{text} *" if best == one.method else text


def _interval(figure: Figure, language: Language) -> str:
    if figure.low is None:
        return language.number(figure.value)
    ends = "–".join(language.number(end) for end in (figure.low, figure.high))
    return f"{language.number(figure.value)} ({ends})"

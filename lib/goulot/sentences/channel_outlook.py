"""How predictable the channels, new and returning customers and countries are, in sentences."""

from goulot.findings import Figure
from goulot.language import Language
from goulot.sentences.channels import PLAN, listed, name
from goulot.steps.channel_forecasts import SeriesForecast
from goulot.steps.channels import ChannelReport


def forecasts(report: ChannelReport, language: Language) -> str:
    """The next quarter in total, and which method said it."""
    total = report.series[-1]
    if total.method is None:
        return language.say("There are too few weeks to say how predictable demand is.")
    return language.say(
        "**{quarter}: {expected} new customers** ({low} to {high}, the sum of the channels). Two "
        "methods were tried on every past week, with what was known then, and the better one is "
        "used: here {method}. Declared events are taken out of the past and put into the future.",
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
    """One row per series in words: grade, predictability, method, next quarter."""
    return [
        {
            "series": name(one.name, language),
            "grade": language.word(one.grade),
            "predictable_short": language.percent(one.predictability.value, 0),
            "predictable_long": language.percent(one.predictability_long.value, 0),
            "against_naive": language.percent(one.skill.value, 0),
            "interval_held": language.percent(one.coverage, 0),
            "method": language.word(one.method) if one.method else "",
            "next_quarter": language.number(one.next_quarter.value),
            "low": language.number(one.next_quarter.low),
            "high": language.number(one.next_quarter.high),
        }
        for one in series
    ]

"""The channels in sentences: the verdict, what is not known and why, what not to believe."""

from goulot.language import Language
from goulot.steps.channel_curves import HARDLY_VARIED, ONLY_SEASON
from goulot.steps.channels import ChannelReport, ChannelRow

PLAN, DROP = "plan on it", "don't build on it"


def name(channel: str, language: Language) -> str:
    return language.word(channel)


def verdict(report: ChannelReport, language: Language) -> str:
    """What the channels bring, what the next customer costs, where money should go, how sure."""
    rests = language.say(
        "That rests on {weeks} whole weeks, {quarter_weeks} of them in the quarter.",
        weeks=language.number(report.weeks.count),
        quarter_weeks=language.number(report.weeks.in_quarter.sum()),
    )
    said = (_who_comes, _next_customer, _move, _predictable)
    parts = [*(sentence(report, language) for sentence in said), rests]
    return " ".join(part for part in parts if part)


def _who_comes(report: ChannelReport, language: Language) -> str:
    new = language.number(report.new_customers)
    if not report.weeks.paid:
        return language.say(
            "**No advertising export says what was spent, so what a customer costs cannot be "
            "said.** {new} new customers came in the quarter.",
            new=new,
        )
    paid = [row for row in report.rows if row.channel in report.weeks.paid]
    spend = sum(row.spend.value for row in paid if isinstance(row.spend.value, float))
    return language.say(
        "{new} new customers came in the quarter, and {spend} was spent on {channels}.",
        new=new,
        spend=language.money(spend, 0),
        channels=listed([name(row.channel, language) for row in paid], language),
    )


def _next_customer(report: ChannelReport, language: Language) -> str:
    known = [row for row in report.rows if isinstance(row.marginal_cac.value, float)]
    if not known:
        return ""
    known.sort(key=lambda row: row.marginal_cac.value)
    return language.say(
        "**The next customer costs {costs}**, against {worth} that a customer brings in {months} "
        "months.",
        costs=listed([_next_cost(row, language) for row in known], language),
        worth=_worth(known, report, language),
        months=language.number(report.declared.horizon),
    )


def _next_cost(row: ChannelRow, language: Language) -> str:
    return language.say(
        "{cost} on {channel} ({low} to {high})",
        cost=language.money(row.marginal_cac.value, 0),
        channel=name(row.channel, language),
        low=language.money(row.marginal_cac.low, 0),
        high=language.money(row.marginal_cac.high, 0),
    )


def _worth(known: list[ChannelRow], report: ChannelReport, language: Language) -> str:
    values = sorted(row.ltv.value for row in known if isinstance(row.ltv.value, float))
    if not values:
        return language.say("an unknown amount")
    ends = [language.money(value, 0) for value in (values[0], values[-1])]
    return ends[0] if ends[0] == ends[1] else language.say("{low} to {high}", low=ends[0],
                                                           high=ends[1])  # fmt: skip


def _move(report: ChannelReport, language: Language) -> str:
    plan = report.plan
    if plan.why_not or not isinstance(plan.gain.value, float):
        return ""
    if plan.gain.value <= 0 or not shifted(report):
        return language.say("No other split of the same money is known to bring more.")
    best = sum(float(spend.value) for spend in plan.best.values())
    return language.say(
        "The best spend within today's budget, {best} a week instead of {today}, would bring "
        "{gain} more contribution a week ({low} to {high}).",
        best=language.money(best, 0),
        today=language.money(sum(plan.today.values()), 0),
        gain=language.money(plan.gain.value, 0),
        low=language.money(plan.gain.low, 0),
        high=language.money(plan.gain.high, 0),
    )


def shifted(report: ChannelReport) -> list[tuple[str, float]]:
    """Channels whose best spend differs from today's by a tenth or more, with the difference."""
    plan = report.plan
    return [
        (channel, float(best.value) - plan.today[channel])
        for channel, best in plan.best.items()
        if abs(float(best.value) - plan.today[channel]) > 0.1 * max(plan.today[channel], 1.0)
    ]


def _predictable(report: ChannelReport, language: Language) -> str:
    total = report.series[-1] if report.series else None
    if total is None or not isinstance(total.predictability.value, float):
        return language.say("There are too few weeks to say how predictable demand is.")
    graded = {grade: [name(one.name, language) for one in report.series[:-1] if one.grade == grade]
              for grade in (PLAN, DROP)}  # fmt: skip
    said = language.say(
        "Four weeks ahead, new customers in total are foretold to within {error}.",
        error=language.percent(1 - total.predictability.value, 0),
    )
    if graded[DROP]:
        said += " " + language.say(
            "Do not build on {channels}: there a forecast misses by more than {error}.",
            channels=listed(graded[DROP], language),
            error=language.percent(1 - report.policy.forecasts.watch_from, 0),
        )
    return said


def listed(names: list[str], language: Language) -> str:
    """``a, b and c`` in the reader's language."""
    if len(names) < 2:
        return "".join(names)
    return language.say("{some} and {last}", some=", ".join(names[:-1]), last=names[-1])


def curves(report: ChannelReport, language: Language) -> str:
    """Which channels have no curve and why, what the curves were learned from: Markdown list."""
    found = report.curves
    lines = [_no_curve(report, channel, language) for channel in sorted(found.why_not)]
    if found.together:
        lines.append(
            language.say(
                "{share} of the new customers have no channel, so that the channels' own counts "
                "are too low. The curves were learned from all of them at once, by what moved when "
                "spend moved.",
                share=language.percent(found.unattributed, 0),
            )
        )
    if found.fits:
        lines.append(_stock(report, language))
    lines += [
        language.say("**{channel}**: a declared test holds the curve.",
                     channel=name(channel, language))
        for channel in found.tested
    ]  # fmt: skip
    if not lines:
        return language.say("No channel has spend, so that none has a curve.")
    return "\n".join(f"- {line}" for line in lines)


def _no_curve(report: ChannelReport, channel: str, language: Language) -> str:
    """Why a channel has none, with the rule."""
    reason = report.curves.why_not[channel]
    if reason not in (HARDLY_VARIED, ONLY_SEASON):
        return language.say(
            "**{channel}**: {reason}. The average CAC is all that is known.",
            channel=name(channel, language),
            reason=language.say(reason),
        )
    over_all, own = report.curves.variation[channel]
    rule = report.policy.curves
    return language.say(
        "**{channel}**: {reason}. Its weekly spend varied by {over_all} of its mean, by {own} "
        "beside season and trend; a curve needs {needed} and {needed_own}. The average CAC is all "
        "that is known.",
        channel=name(channel, language),
        reason=language.say(reason),
        over_all=language.percent(over_all, 0),
        own=language.percent(own, 0),
        needed=language.percent(rule.min_variation, 0),
        needed_own=language.percent(rule.min_own_variation, 0),
    )


def _stock(report: ChannelReport, language: Language) -> str:
    found = report.curves
    if not found.stock_known:
        return language.say(
            "No count of the stock tells in which weeks products were out: such weeks may pass for "
            "weeks without demand, and make spend look weaker than it is."
        )
    return language.say(
        "Of {weeks} weeks, {known} have a count of the stock; {out} in which more than {share} of "
        "what was wanted was out were left out.",
        weeks=language.number(report.weeks.count),
        known=language.number(found.stock_known),
        out=language.number(found.left_out),
        share=language.percent(report.policy.curves.max_short, 0),
    )


def claims(report: ChannelReport, language: Language) -> str:
    """What the platforms claim beside what the shop saw and what spend added."""
    known = [row for row in report.rows if row.claimed]
    if not known:
        return language.say(
            "No platform's claims came with the exports. When they do: a platform counts every "
            "buyer whom its ads have touched, whether or not they would have come anyway."
        )
    claimed = sum(row.claimed for row in known)
    said = language.say(
        "The platforms claim {claimed} conversions. A platform counts every buyer whom its ads "
        "have touched, whether or not they would have come anyway, and two platforms may claim the "
        "same one.",
        claimed=language.number(claimed),
    )
    added = [row.added for row in known if row.added is not None]
    if added:
        said += " " + language.say(
            "By the curves, their spend added {added} new customers. Correlation is not proof "
            "either: the curves hold season, trend and promotions apart, yet only a test tells for "
            "sure.",
            added=language.number(sum(added)),
        )
    return said

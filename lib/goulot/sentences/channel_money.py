"""Where to spend, what operations allow, and which test would tell, in sentences."""

from goulot.language import Language
from goulot.sentences.channels import listed, name
from goulot.steps.channel_tests import PlannedTest
from goulot.steps.channels import ChannelReport


def plan(report: ChannelReport, language: Language) -> str:
    """The best split, what operations allow, and what a marketer alone would oversell."""
    found = report.plan
    if found.why_not:
        return language.say("Where to spend cannot be said: {reason}.",
                            reason=language.say(found.why_not))  # fmt: skip
    lines = [
        language.say("**{channel}**: {today} a week today, {best} at its best.",
                     channel=name(channel, language),
                     today=language.money(found.today[channel], 0),
                     best=language.money(best.value, 0))
        for channel, best in found.best.items()
    ]  # fmt: skip
    lines += [
        language.say("**{channel}**: no curve, so that today's spend is kept.",
                     channel=name(channel, language))
        for channel in found.kept
    ]  # fmt: skip
    if found.beyond:
        lines.append(
            language.say("Outside the weekly spend seen so far, and therefore capped: {channels}.",
                         channels=listed([name(c, language) for c in found.beyond], language))
        )  # fmt: skip
    return "\n".join(f"- {line}" for line in [*lines, _operations(report, language)])


def _operations(report: ChannelReport, language: Language) -> str:
    found = report.plan
    if found.room.stage is None:
        return language.say(
            "Of no stage behind acquisition the limit is known: the plan takes operations for "
            "wide enough."
        )
    stage = language.word(found.room.stage)
    room = language.number(found.room.orders_at_limit)
    if not isinstance(found.oversold.value, float) or found.oversold.value < 0.5:
        return language.say(
            "Operations have room for it: the tightest known stage ({stage}) takes {room} orders a "
            "week.",
            stage=stage,
            room=room,
        )
    said = language.say(
        "Who looks at the ads alone would sell {orders} orders a week more than {stage} can serve "
        "({room} a week).",
        orders=language.number(found.oversold.value),
        stage=stage,
        room=room,
    )
    lost = found.lost_by_overselling.value
    if isinstance(lost, float) and lost > 0:
        said += " " + language.say("That would earn {lost} a week less than this plan.",
                                   lost=language.money(lost, 0))  # fmt: skip
    return said


def tests(report: ChannelReport, language: Language) -> str:
    """The test to run for each channel that its history does not tell: Markdown list."""
    if not report.weeks.paid:
        return language.say("No channel has spend, so that there is nothing to test yet.")
    if not report.tests:
        return language.say("Every channel with spend can be read well enough from its history.")
    return "\n".join(f"- {_test(planned, language)}" for planned in report.tests)


def _test(planned: PlannedTest, language: Language) -> str:
    design = planned.design
    change = {-0.5: language.say("halve"), -1.0: language.say("switch off")}[design.change]
    said = {
        "channel": name(planned.channel, language),
        "reason": language.say(planned.why),
        "change": change,
        "weeks": language.number(design.weeks),
        "share": language.percent(design.treated_share, 0),
        "effect": language.number(abs(design.effect), 1),
        "power": language.percent(design.power, 0),
    }
    if design.kind == "regions":
        text = language.say(
            "**{channel}** ({reason}): {change} its spend in regions that hold {share} of its "
            "customers, drawn by lot, for {weeks} weeks. If the channel only just pays, these "
            "regions lose {effect} new customers a week, which the test sees with a probability of "
            "{power}.",
            **said,
        )
    else:
        text = language.say(
            "**{channel}** ({reason}): {change} its spend in {share} of {weeks} weeks, drawn by "
            "lot. If the channel only just pays, such a week loses {effect} new customers, which "
            "the test sees with a probability of {power}.",
            **said,
        )
    if design.power < 0.8:
        text += " " + language.say("That is weak: it tells only if the effect is larger.")
    return text

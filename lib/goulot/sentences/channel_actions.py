"""What to do about the channels: who, what, with which effect, and by when."""

from datetime import date, timedelta

from goulot.findings import Owner, Recommendation
from goulot.language import Language
from goulot.sentences.channels import DROP, listed, name, shifted
from goulot.steps.channel_aims import keeps_to_capacity, tested, tracked, when_shifted
from goulot.steps.channel_figures import slug
from goulot.steps.channels import ChannelReport

WEEKS_PER_QUARTER = 13
SOON, LATER = timedelta(days=14), timedelta(days=30)
NONE = (None, None, None)


def recommendations(
    report: ChannelReport, as_of: date, language: Language
) -> tuple[Recommendation, ...]:
    """The actions that follow; effects in contribution over a quarter, due after ``as_of``."""
    unit = f"{report.declared.currency}/quarter"

    def action(key: str, owner: Owner, text: str, due: timedelta, effect=NONE, told=None):
        value, low, high = (None if e is None else e * WEEKS_PER_QUARTER for e in effect)
        return Recommendation(id=f"channels.{key}", step="channels", owner=owner, action=text,
                              effect=value, low=low, high=high, unit=unit,
                              due=(as_of + due).isoformat(), prediction=told)  # fmt: skip

    gain = report.plan.gain
    found = []
    if shifted(report) and isinstance(gain.value, float) and gain.value > 0:
        effect = (gain.value, gain.low, gain.high)
        text, told = _shift(report, language), when_shifted(report, shifted(report))
        found.append(action("shift_spend", "marketing", text, SOON, effect, told))
    if (report.plan.oversold.value or 0) >= 1:
        lost = report.plan.lost_by_overselling
        text = language.say(
            "Do not raise spend past what {stage} can serve; widen that stage first",
            stage=language.word(str(report.plan.room.stage)),
        )
        effect = (lost.value, lost.low, lost.high)
        told = keeps_to_capacity(report.plan.room)
        found.append(action("keep_to_capacity", "operations", text, SOON, effect, told))
    for planned in report.tests:
        channel = planned.channel
        text = language.say("Run the test designed for {channel}: {weeks} weeks",
                            channel=name(channel, language),
                            weeks=language.number(planned.design.weeks))  # fmt: skip
        told = tested(report, channel)
        found.append(action(f"test.{slug(channel)}", "marketing", text, LATER, told=told))
    loose = [name(one.name, language) for one in report.series[:-1] if one.grade == DROP]
    if loose:
        text = language.say(
            "Plan staff and stock without counting on {channels}: what they bring cannot be "
            "foretold",
            channels=listed(loose, language),
        )
        found.append(action("unpredictable", "operations", text, LATER))
    if not report.weeks.paid:
        text = language.say(
            "Export advertising spend by day, and let every order keep its UTM tags or discount "
            "code: without both no customer has a cost"
        )
        found.append(action("track", "marketing", text, SOON, told=tracked(report)))
    elif report.curves.is_untracked:
        text = language.say("Have the shop keep the UTM tags of every order: {share} of the new "
                            "customers have no channel",
                            share=language.percent(report.curves.unattributed, 0))  # fmt: skip
        found.append(action("track", "marketing", text, LATER, told=tracked(report)))
    return tuple(found)


def _shift(report: ChannelReport, language: Language) -> str:
    moves = []
    for channel, by in shifted(report):
        said = {"channel": name(channel, language), "amount": language.money(abs(by), 0)}
        moves.append(
            language.say("{amount} a week more on {channel}", **said)
            if by > 0
            else language.say("{amount} a week less on {channel}", **said)
        )
    text = language.say("Change spend in two steps, a month apart: {moves}",
                        moves=listed(moves, language))  # fmt: skip
    if (report.plan.gain.low or 0) < 0:
        text += language.say("; watch the first step, because the gain is not certain")
    return text

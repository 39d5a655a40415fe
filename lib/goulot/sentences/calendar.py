"""The marketing calendar in sentences, and its dates as a file for a calendar program."""

from datetime import date, timedelta

from goulot.language import Language
from goulot.sentences.markdown import as_text
from goulot.sentences.stage_words import THE_STAGE
from goulot.steps.calendar import ALREADY_PAST, EventPlan, MarketingCalendar
from goulot.steps.calendar_dates import BOOK, Deadline, deadlines
from goulot.steps.calendar_events import Event

LINE_BYTES = 73  # of an .ics line: 75 with what a fold adds (RFC 5545, section 3.1)


def event_name(event: Event, language: Language) -> str:
    """The event as the client calls it; one that was detected by the day it is like."""
    if len(event.name) == 10 and event.name[4] == event.name[7] == "-":
        day = language.day(date.fromisoformat(event.name))
        return language.say("As on {day}", day=day)
    return event.name


def event_labels(found: MarketingCalendar, language: Language) -> dict[str, str]:
    """Name of an event → what it is called for the reader."""
    return {plan.event.name: event_name(plan.event, language) for plan in found.plans}


def verdict(found: MarketingCalendar, language: Language) -> str:
    """How many events are ahead, what the first one needs, and the next date that matters."""
    if not found.plans:
        return language.say(
            "**No event is ahead** in the {days} days after {day}: neither the calendar nor last "
            "year's orders name one.",
            days=language.number(found.policy.horizon_days), day=language.day(found.as_of),
        )  # fmt: skip
    ahead = [d for d in deadlines(found) if d.day > found.as_of]
    parts = [language.say("**Events ahead: {count}.**", count=language.number(len(found.plans)))]
    if found.is_detected:
        parts.append(language.say("No calendar was given: these are the spikes of last year."))
    if ahead:
        parts.append(_next(ahead[0], language))
    return " ".join(parts)


def _next(deadline: Deadline, language: Language) -> str:
    said = {"day": language.day(deadline.day), "event": as_text(event_name(deadline.event,
            language)), "amount": language.number(deadline.amount)}  # fmt: skip
    if deadline.kind == BOOK:
        return language.say(
            "The next date that matters is {day}: book people for {event} ({amount} orders more on "
            "its fullest day than the warehouse packs).",
            **said,
        )
    return language.say(
        "The next date that matters is {day}: the last day to order {amount} units from {who} for "
        "{event}.",
        who=as_text(deadline.who), **said,
    )  # fmt: skip


def events(found: MarketingCalendar, language: Language) -> str:
    """A line per event: what it brings, what it lacks, and what stands in its way."""
    return "\n".join(f"- {_event(plan, language)}" for plan in found.plans)


def _event(plan: EventPlan, language: Language) -> str:
    name = f"**{as_text(event_name(plan.event, language))}** ({_days(plan.event, language)})"
    if plan.orders.value is None or plan.lift is None:
        return language.say("{event}: {said}.", event=name, said=language.say(plan.orders.note))
    parts = [
        language.say(
            "{orders} orders ({low} to {high}), {times} the usual, {note}",
            orders=language.number(plan.orders.value), low=language.number(plan.orders.low),
            high=language.number(plan.orders.high),
            times=language.multiple(round(plan.lift.times, 1)), note=language.say(plan.lift.note),
        )
    ]  # fmt: skip
    if plan.units_short.value:
        parts.append(language.say("{units} units are short if nothing more is ordered",
                                  units=language.number(plan.units_short.value)))  # fmt: skip
    if plan.order_by.note == ALREADY_PAST:
        parts.append(language.say("for some of them it is too late to order"))
    parts.append(_limit(plan, language))
    return language.say("{event}: {said}.", event=name, said=language.series(parts))


def _limit(plan: EventPlan, language: Language) -> str:
    if plan.limit is None:
        return language.say("nothing stands in its way")
    return language.say("what limits it: {stage}", stage=language.say(THE_STAGE[plan.limit]))


def _days(event: Event, language: Language) -> str:
    if event.starts_on == event.ends_on:
        return language.day(event.starts_on)
    return language.say("{first} to {last}", first=language.short_day(event.starts_on),
                        last=language.short_day(event.ends_on))  # fmt: skip


def collisions(found: MarketingCalendar, language: Language) -> str:
    """Events that fall together."""
    if found.collisions.empty:
        return language.say("No two events fall within {days} days of each other.",
                            days=language.number(found.policy.collision_days))  # fmt: skip
    lines, labels = [], event_labels(found, language)
    for row in found.collisions.itertuples():
        said = {"one": as_text(labels[row.event]), "other": as_text(labels[row.other]),
                "orders": language.number(row.orders), "day": language.day(row.day)}  # fmt: skip
        lines.append(
            language.say("{one} and {other} fall together: {orders} orders on {day}, more than the "
                         "warehouse packs in a day.", **said)
            if row.over_capacity
            else language.say("{one} and {other} fall together: {orders} orders on {day}.", **said)
        )  # fmt: skip
    return "\n".join(f"- {line}" for line in lines)


def booking(found: MarketingCalendar, language: Language) -> str:
    """What has to be booked, or why nothing has."""
    if found.packing_per_day is None:
        return language.say("What the warehouse packs a day is not known: nothing can be booked.")
    if found.booking.empty:
        return language.say("The warehouse and customer service can take every day of the events.")
    return language.say(
        "On {count} days the events bring more than the warehouse ({orders} orders a day) or "
        "customer service can take, at the upper end of what is expected.",
        count=language.number(found.booking["day"].nunique()),
        orders=language.number(found.packing_per_day),
    )


def file_note(found: MarketingCalendar, language: Language) -> str:
    """What the .ics file beside the report is for."""
    if not deadlines(found):
        return ""
    return language.say(
        "All of these dates are in actions/order_dates.ics, to be opened with any calendar program."
    )


def dates_file(found: MarketingCalendar, language: Language) -> str:
    """The dates as iCalendar (RFC 5545): whole days, the same text for the same calendar."""
    stamp = f"{found.as_of:%Y%m%d}T000000Z"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Goulot//marketing calendar//EN"]
    for number, deadline in enumerate(deadlines(found), start=1):
        lines += [
            "BEGIN:VEVENT",
            f"UID:goulot-{found.as_of:%Y%m%d}-{number}@goulot",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{deadline.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{deadline.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_as_ics(_summary(deadline, language))}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "\r\n".join(_folded(line) for line in lines) + "\r\n"


def _summary(deadline: Deadline, language: Language) -> str:
    name, amount = event_name(deadline.event, language), language.number(deadline.amount)
    if deadline.kind == BOOK:
        return language.say("Book people for {event}: {amount} orders more a day", event=name,
                            amount=amount)  # fmt: skip
    return language.say("Order from {who} for {event}: {amount} units", who=deadline.who,
                        event=name, amount=amount)  # fmt: skip


def _as_ics(text: str) -> str:
    text = " ".join(text.split())
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text


def _folded(line: str) -> str:
    """A content line in pieces of at most 75 bytes, never through a character."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > LINE_BYTES:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])

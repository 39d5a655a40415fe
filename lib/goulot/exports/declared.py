"""Events of client.yml as a file like the calendar template, to be read as any export is."""

import csv
import io
from collections.abc import Sequence

from goulot.planned import CalendarEvent

HEADINGS = ("Event", "Kind", "Starts on", "Ends on", "Channel", "Category", "Expected multiplier")


def events_csv(events: Sequence[CalendarEvent]) -> str:
    """The events as CSV text, one row each below the headings, in their order in client.yml."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(HEADINGS)
    write.writerows(_row(event) for event in events)
    return out.getvalue()


def _row(event: CalendarEvent) -> list[str]:
    days = [event.starts_on.isoformat(), (event.ends_on or event.starts_on).isoformat()]
    # four decimals: 1.125 could be read as a thousand
    multiple = "" if event.expected_multiplier is None else f"{event.expected_multiplier:.4f}"
    return [event.event, event.kind, *days, event.channel or "", event.category or "", multiple]

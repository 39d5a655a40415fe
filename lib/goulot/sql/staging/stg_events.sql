-- One row per event of the marketing calendar, past and planned.
select
    event,
    starts_on,
    kind,
    ends_on,
    channel,
    category,
    expected_multiplier,
    source_file,
    source_row

from canonical.calendar

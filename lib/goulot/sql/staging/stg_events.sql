-- One row per event of the marketing calendar, past and planned.
select * from canonical.calendar

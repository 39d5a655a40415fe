"""SQL macros that the queries over exports, and the SQL of formats, may use."""

from goulot.exports.context import literal
from goulot.fields import CHANNELS

MACROS = (
    # A time shown by clocks in one zone, in another; null where the clocks skipped it.
    """create or replace macro local_time(zone, wanted, shown) as
    case when zone = 'UTC' then timezone(wanted, timezone(zone, shown))
        when timezone(zone, timezone(zone, shown)) <> shown then null
        when zone = wanted then shown
        else timezone(wanted, timezone(zone, shown))
    end""",
    # A postcode's region: the department in France, the area in Britain, else two characters.
    """create or replace macro region_of_postcode(zip, country) as
    case
        when upper(country) in ('GB', 'UK', 'UNITED KINGDOM')
            then regexp_extract(upper(trim(ltrim(zip, ''''))), '^[A-Z]{1,2}')
        when upper(country) in ('FR', 'FRANCE') and trim(ltrim(zip, '''')) like '97___'
            then left(trim(ltrim(zip, '''')), 3)
        else nullif(left(trim(ltrim(zip, '''')), 2), '')
    end""",
    # A subtotal of a pivot table: the cell that says over what it is taken.
    """create or replace macro is_every(cell) as
    coalesce(lower(cell) in ('all', 'tous', 'toutes', 'alle', 'todos', 'todas'), false)""",
    # The order a text speaks of, where it is written #1234 and is not the number of a ticket.
    """create or replace macro order_number(text) as
    nullif(regexp_extract(
        regexp_replace(text, '(?i)(ticket|case|request|demande)\\s*(n°|no\\.?)?\\s*#\\d+', '', 'g'),
        '(?:^|[^\\w&#])(#\\d{3,10})\\b', 1), '')""",
    # A field made for it may hold the number without the sign; anything longer is prose.
    """create or replace macro order_in_field(text) as
    coalesce(order_number(text),
        case when regexp_full_match(text, '[A-Za-z]{0,6}-?\\d[\\d-]{2,20}') then text end)""",
    # Tags joined by one comma; a tag that is an e-mail address is left out.
    """create or replace macro tag_list(text, separators) as
    nullif(trim(regexp_replace(regexp_replace(
        regexp_replace(trim(text), separators, ',', 'g'), '[^,]*@[^,]*', '', 'g'),
        ',{2,}', ',', 'g'), ','), '')""",
    f"""create or replace macro known_channel(text) as
    case lower(trim(text))
        {" ".join(f"when {literal(c.lower())} then {literal(c)}" for c in CHANNELS)}
    end""",
)

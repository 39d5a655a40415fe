"""UTM tags out of free text: an order's note attributes, as shops and their apps write them."""

# ``utm_source: google``, ``"utm_source": "google"``, ``{"name": "utm_source", "value": "google"}``,
# ``landing: /bougies?utm_source=google&utm_medium=cpc``, and any of them percent-encoded.
NOTE_MACROS = (
    """create or replace macro first_group(notes, pattern) as
    nullif(regexp_extract(notes, pattern, 1), '')""",
    # A line of its own, as most shops write it: without a regular expression, which takes longer.
    """create or replace macro value_on_line(notes, key) as
    trim(split_part(split_part(chr(10) || notes, chr(10) || key || ': ', 2), chr(10), 1),
        ' ' || chr(9))""",
    """create or replace macro value_in_text(notes, key) as coalesce(
    first_group(notes, '(?im)^[ \\t_]*' || key || '[ \\t]*:[ \\t]*(.*?)[ \\t\\r]*$'),
    first_group(notes, '(?im)^[ \\t_]*' || key || '[ \\t]*=[ \\t]*([^&]*?)[ \\t\\r]*(?:&|$)'),
    first_group(notes, '(?i)"_?' || key || '"\\s*:\\s*"([^"]*)"'),
    first_group(notes, '(?i)"(?:name|key)"\\s*:\\s*"_?' || key
        || '"\\s*,\\s*"value"\\s*:\\s*"([^"]*)"'),
    replace(first_group(notes, '(?i)[?&]' || key || '=([^&#\\s"''<>]*)'), '+', ' '))""",
    """create or replace macro said(text) as
    case when lower(trim(text)) not in ('', '(not set)', 'not set', 'null', 'undefined', 'none')
        then trim(text) end""",
    """create or replace macro note_value(notes, key) as coalesce(
    said(url_decode(value_on_line(replace(notes, chr(13), chr(10)), key))),
    case when contains(lower(notes), lower(key))
        then said(url_decode(coalesce(
            value_in_text(replace(notes, chr(13), chr(10)), key),
            value_in_text('?' || url_decode(notes), key)))) end)""",
)

"""Which channel an order or an account came through, and what decided it.

In this order: the visit that Google Analytics names for the order (``ga4``), UTM tags (``utm``),
discount-code rules of client.yml (``code``), the shop's own source (``source``); otherwise it is
Unattributed, and the share is shown. Source and medium are grouped as Google Analytics 4 does, with
the names of ``fields.CHANNELS`` (see ``ga4``); rules of client.yml come before that.
"""

from collections.abc import Collection, Mapping

import duckdb

from goulot.exports.context import literal
from goulot.exports.ga4 import CHANNEL, MARKETS, with_group
from goulot.settings import ChannelRules

EVIDENCE = ("utm_source", "utm_medium", "utm_campaign", "code", "source", "reference")
VISIT = ("source", "medium", "campaign")

SHOP_SOURCES = f"""case
    when regexp_matches(shop_, '(^|[^a-z])({"|".join(MARKETS)})') then 'Marketplace'
    when regexp_matches(shop_, '^(facebook|instagram|tiktok|pinterest)') then 'Organic Social'
    when shop_ in ('pos', 'shopify_draft_order', 'iphone', 'android') then 'Direct'
end"""

# An order's number as two systems may write it: #1001, 1001.
_NUMBER = "lower(regexp_replace({}, '[^a-zA-Z0-9]', '', 'g'))"


def attributed(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    rules: ChannelRules,
    columns: Collection[str],
    sources: str = "",
) -> str:
    """``query`` (rows of ``incoming``, with their evidence) with channel and campaign decided.

    ``columns`` are the table's: where channel_rule is one of them, it says what decided.
    ``sources``, if given, is the relation of the canonical order_sources.
    """
    query = _with_visits(query, sources)
    _judge_visits(connection, rules, sources)
    named = {"ga4": "by_visit.channel"} if sources else {}
    ways = named | {
        "utm": "by_tag.channel",
        "code": _rule_sql("lower(evidence_code)", rules.codes),
        "source": f"coalesce({_rule_sql('shop_', rules.sources)}, {SHOP_SOURCES})",
    }
    decided = ", ".join(f"{sql} as by_{way}" for way, sql in ways.items())
    rule = " ".join(f"when by_{way} is not null then '{way}'" for way in ways)
    replaced = {
        "channel": f"coalesce(channel, {', '.join(f'by_{way}' for way in ways)}, 'Unattributed')",
        "channel_rule": f"case when channel is not null then 'export' {rule} else 'none' end",
        "campaign": f"coalesce(campaign, {'visit_campaign, ' if sources else ''}"
        "evidence_utm_campaign)",
    }
    return f"""
select * replace (
    {", ".join(f"{sql} as {name}" for name, sql in replaced.items() if name in columns)}
)
from (
    select seen.*, {decided}
    from (select *, lower(coalesce(evidence_source, '')) as shop_ from ({query})) as seen
    {f"left join visits as by_visit on {_same('by_visit', 'visit_{}')}" if sources else ""}
    left join visits as by_tag on {_same("by_tag", "evidence_utm_{}")}
)"""


def _with_visits(query: str, sources: str) -> str:
    """``query`` with the source, medium and campaign that web analytics names for each order."""
    if not sources:
        return query
    taken = ", ".join(f"coalesce(a.{part}, b.{part}) as visit_{part}" for part in VISIT)
    return f"""
    with named as (
        select {_NUMBER.format("order_id")} as number, {", ".join(VISIT)} from {sources}
        qualify row_number() over (partition by number order by order_id) = 1
    )
    select o.*, {taken} from ({query}) as o
    left join named as a on a.number = {_NUMBER.format("o.order_id")}
    left join named as b on b.number = {_NUMBER.format("o.evidence_reference")}"""


def _judge_visits(connection: duckdb.DuckDBPyConnection, rules: ChannelRules, sources: str) -> None:
    """The temp table ``visits``: the channel of each source, medium and campaign that occurs.

    There are few of them, however many orders there are: they are judged as they are written.
    """
    tags = ", ".join(f"evidence_utm_{part} as {part}" for part in VISIT)
    occurring = f"select distinct {tags} from incoming"
    if sources:
        occurring += f" union select {', '.join(VISIT)} from {sources}"
    folded = ", ".join(f"lower(trim(coalesce({part}, ''))) as {part}_" for part in VISIT)
    connection.execute(
        f"""create or replace temp table visits as
        select {", ".join(VISIT)}, coalesce(
            {_rule_sql("campaign_", rules.campaigns)},
            {_rule_sql("source_ || ' / ' || medium_", rules.utm)},
            {CHANNEL}) as channel
        from ({with_group(f"select *, {folded} from ({occurring})")})"""
    )


def _same(table: str, column: str) -> str:
    """The join of rows to the visit that their columns name."""
    return " and ".join(
        f"{table}.{part} is not distinct from {column.format(part)}" for part in VISIT
    )


def _rule_sql(column: str, rules: Mapping[str, str]) -> str:
    """The channel of the first rule that ``column`` (lower case) fits; ``*`` is anything."""
    cases = [
        f"when {column} <> '' and {column} like {literal(_pattern(text))} escape '\\'"
        f" then {literal(channel)}"
        for text, channel in rules.items()
    ]
    return f"case {' '.join(cases)} end" if cases else "null::VARCHAR"


def _pattern(text: str) -> str:
    escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")


def campaign_channel(query: str, rules: Mapping[str, str]) -> str:
    """``query`` (advertising spend) with the channels that client.yml gives its campaigns."""
    if not rules:
        return query
    decided = _rule_sql("lower(coalesce(campaign, ''))", rules)
    return f"select * replace (coalesce({decided}, channel) as channel) from ({query})"

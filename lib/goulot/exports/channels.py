"""Which channel an order came through, and what decided it.

In this order: UTM tags, discount-code rules of client.yml, the shop's own source; otherwise the
order is Unattributed, and the share is shown. Source and medium are grouped as Google Analytics 4
does (support.google.com/analytics/answer/9756891), with the names of ``fields.CHANNELS``.
"""

from collections.abc import Collection, Mapping

from goulot.exports.rows_sql import literal
from goulot.settings import ChannelRules

EVIDENCE = ("utm_source", "utm_medium", "utm_campaign", "code", "source")

_SEARCH = "google|bing|yahoo|duckduckgo|ecosia|qwant|baidu|yandex|startpage|brave"
_SOCIAL = (
    "facebook|instagram|meta|fb|ig|tiktok|pinterest|snapchat"
    "|linkedin|twitter|x\\.com|youtube|reddit"
)
_MARKET = "amazon|ebay|etsy|cdiscount|fnac|manomano|zalando|ankorstore|faire"
_MAIL = "e-?mail|newsletter|klaviyo|mailchimp|brevo"
_PAID = "^(.*cp.*|ppc|retargeting|paid.*)$"

GA4_GROUPS = f"""case
    when source_ = '' and medium_ = '' then null
    when source_ = '(direct)' or medium_ in ('(none)', '(not set)') then 'Direct'
    when regexp_matches(medium_, 'affiliate') then 'Affiliates'
    when regexp_matches(medium_, 'influenc|creator|ambassad') then 'Influencer'
    when regexp_matches(source_, '(^|\\W)({_MARKET})') then 'Marketplace'
    when regexp_matches(medium_, '{_PAID}') and regexp_matches(source_, '{_SOCIAL}')
        then 'Paid Social'
    when regexp_matches(medium_, '{_PAID}') then 'Paid Search'
    when regexp_matches(medium_, '^(social|social-network|social-media|sm)$')
        or (regexp_matches(source_, '^({_SOCIAL})') and medium_ in ('', 'referral', 'organic'))
        then 'Organic Social'
    when regexp_matches(medium_, '{_MAIL}') or regexp_matches(source_, '{_MAIL}') then 'Email'
    when medium_ = 'organic' or (medium_ = '' and regexp_matches(source_, '^({_SEARCH})'))
        then 'Organic Search'
    when medium_ in ('referral', 'app', 'link') then 'Referral'
end"""

SHOP_SOURCES = f"""case
    when regexp_matches(shop_, '({_MARKET})') then 'Marketplace'
    when regexp_matches(shop_, '^({_SOCIAL})') then 'Paid Social'
    when shop_ in ('pos', 'shopify_draft_order', 'iphone', 'android') then 'Direct'
end"""


def attributed(query: str, rules: ChannelRules, columns: Collection[str]) -> str:
    """``query`` (rows with their evidence) with channel and campaign decided.

    ``columns`` are the table's: where channel_rule is one of them, it says what decided.
    """
    ways = {
        "utm": f"coalesce({_rule_sql('source_medium_', rules.utm)}, {GA4_GROUPS})",
        "code": _rule_sql("code_", rules.codes),
        "source": f"coalesce({_rule_sql('shop_', rules.sources)}, {SHOP_SOURCES})",
    }
    decided = ", ".join(f"{sql} as by_{way}" for way, sql in ways.items())
    rule = " ".join(f"when by_{way} is not null then '{way}'" for way in ways)
    replaced = {
        "channel": f"coalesce(channel, {', '.join(f'by_{way}' for way in ways)}, 'Unattributed')",
        "channel_rule": f"case when channel is not null then 'export' {rule} else 'none' end",
        "campaign": "coalesce(campaign, evidence_utm_campaign)",
    }
    return f"""
select * replace (
    {", ".join(f"{sql} as {name}" for name, sql in replaced.items() if name in columns)}
)
from (
    select *, {decided}
    from (
        select *,
            lower(coalesce(evidence_utm_source, '')) as source_,
            lower(coalesce(evidence_utm_medium, '')) as medium_,
            source_ || ' / ' || medium_ as source_medium_,
            lower(coalesce(evidence_code, '')) as code_,
            lower(coalesce(evidence_source, '')) as shop_
        from ({query})
    )
)"""


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

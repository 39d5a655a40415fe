"""Google Analytics 4's default channel groups, and the channels of ours they are.

The rules for manual traffic, in Google's order, not case sensitive
(support.google.com/analytics/answer/9756891; its site lists are a download of that page, and are
held here by the name of the site, whatever its subdomain and country). What we decide beyond them:

- Money decides between paid groups: Cross-network, Display, Paid Video and Paid Shopping are bought
  in Google Ads, whose whole spend is Paid Search here; so that spend and customers meet.
- A campaign's name makes Google call its visits Shopping before it looks at the medium; here they
  are what source and medium say.
- Shopping sites are Marketplace; a visit back from a checkout (Shopify, Stripe) says nothing.
- Organic Video is Organic Social; SMS and push go to the client's own list, as Email does; Audio is
  a podcast's host speaking, Influencer; an AI assistant sends visitors as a Referral does.
- Paid Other and Unassigned say nothing: the next rule of ``channels`` decides, unless the tags are
  those that newsletters, affiliates and influencers carry without Google's knowing.
"""

from goulot.exports.context import literal
from goulot.fields import CHANNELS


def _sites(text: str) -> list[str]:
    return text.split()


# A name without a dot is a site's, whatever stands before and behind: m.facebook.com, google.fr.
SEARCH = _sites("""
    google bing yahoo duckduckgo ecosia qwant baidu yandex startpage brave lilo ask aol
    naver daum seznam sogou so avg babylon centrum cnn comcast conduit dogpile excite
    exalead incredimail lycos msn onet rambler search-results swisscows terra tut ukr
    virgilio voila wp alicesearch mojeek presearch google-play kagi
""")
SOCIAL = _sites("""
    facebook fb instagram ig threads meta messenger whatsapp tiktok pinterest pin.it
    snapchat linkedin lnkd twitter t.co x.com bsky reddit quora tumblr vk vkontakte weibo
    wechat line.me telegram t.me discord mastodon medium meetup nextdoor flipboard
    stackoverflow stackexchange blogger wordpress trustpilot tripadvisor yelp xing viadeo
    badoo odnoklassniki ok.ru slashdot digg disqus goodreads hootsuite buffer linktr skyrock
    houzz glassdoor
""")
VIDEO = _sites("""
    youtube youtu.be vimeo dailymotion twitch netflix disneyplus hulu iqiyi youku ted wistia
    crackle curiositystream utreon veoh
""")
MARKETS = _sites("""
    amazon alibaba aliexpress ebay etsy walmart mercadolibre mercadolivre rakuten cdiscount
    fnac darty manomano zalando ankorstore faire bol allegro otto kaufland laredoute veepee
""")
CHECKOUTS = _sites("""
    shopify stripe shop.app paypal
""")
ASSISTANTS = _sites("""
    chatgpt chat.openai.com openai perplexity gemini.google.com bard.google.com copilot
    copilot.microsoft.com claude deepseek grok mistral chat.mistral.ai meta.ai you.com poe
""")
NETWORKS = _sites("""
    awin awin1 tradedoubler effiliation kwanko shareasale rakutenadvertising
""")
SHOPPING = [*MARKETS, *CHECKOUTS, "igshopping", "shopzilla", "google shopping"]

_PAID = "^(.*cp.*|ppc|retargeting|paid.*)$"
_SHOP_CAMPAIGN = "^(.*(([^a-df-z]|^)shop|shopping).*)$"
_MAIL = "('email', 'e-mail', 'e_mail', 'e mail')"


def with_sites(visits: str) -> str:
    """Visits (``source_``, ``medium_``, ``campaign_``: lower case, never null) with their site."""
    host = r"regexp_replace(source_, '^(www|m|l|lm|mobile|out)\.', '')"
    site = r"regexp_extract(source_, '([^.]+)(\.(com?|net|org))?(\.[a-z]{2,4})?$', 1)"
    return f"select *, {host} as host_, {site} as site_ from ({visits})"


def _from(sites: list[str]) -> str:
    hosts = ", ".join(literal(site) for site in sites if "." in site)
    names = ", ".join(literal(site) for site in sites if "." not in site)
    return f"(site_ in ({names})" + (f" or host_ in ({hosts}))" if hosts else ")")


def group_sql(campaign: str = "campaign_") -> str:
    """GA4's default channel group of a visit (see ``with_sites``)."""
    paid = f"regexp_full_match(medium_, '{_PAID}')"
    shop = f"({_from(SHOPPING)} or regexp_full_match({campaign}, '{_SHOP_CAMPAIGN}'))"
    return f"""case
    when source_ = '(direct)' and medium_ in ('(not set)', '(none)') then 'Direct'
    when contains({campaign}, 'cross-network') then 'Cross-network'
    when {paid} and {shop} then 'Paid Shopping'
    when {paid} and {_from(SEARCH)} then 'Paid Search'
    when {paid} and {_from(SOCIAL)} then 'Paid Social'
    when {paid} and {_from(VIDEO)} then 'Paid Video'
    when medium_ in ('display', 'banner', 'expandable', 'interstitial', 'cpm') then 'Display'
    when {paid} then 'Paid Other'
    when medium_ = 'ai-assistant' or {_from(ASSISTANTS)} then 'AI Assistant'
    when {shop} then 'Organic Shopping'
    when {_from(SOCIAL)} or medium_ in ('social', 'social-network', 'social-media', 'sm',
        'social network', 'social media') then 'Organic Social'
    when {_from(VIDEO)} or contains(medium_, 'video') then 'Organic Video'
    when {_from(SEARCH)} or medium_ = 'organic' then 'Organic Search'
    when medium_ in ('referral', 'app', 'link') then 'Referral'
    when source_ in {_MAIL} or medium_ in {_MAIL} then 'Email'
    when medium_ = 'affiliate' then 'Affiliates'
    when medium_ = 'audio' then 'Audio'
    when source_ = 'sms' or medium_ = 'sms' then 'SMS'
    when ends_with(medium_, 'push') or contains(medium_, 'mobile')
        or contains(medium_, 'notification') or source_ = 'firebase'
        then 'Mobile Push Notifications'
    else 'Unassigned'
end"""


# GA4's group → our channel; None: it does not say.
CHANNEL_OF_GROUP: dict[str, str | None] = {
    "Direct": "Direct",
    "Cross-network": "Paid Search",
    "Paid Shopping": "Paid Search",
    "Paid Search": "Paid Search",
    "Paid Social": "Paid Social",
    "Paid Video": "Paid Search",
    "Display": "Paid Search",
    "Paid Other": None,
    "AI Assistant": "Referral",
    "Organic Shopping": "Marketplace",
    "Organic Social": "Organic Social",
    "Organic Video": "Organic Social",
    "Organic Search": "Organic Search",
    "Referral": "Referral",
    "Email": "Email",
    "Affiliates": "Affiliates",
    "Audio": "Influencer",
    "SMS": "Email",
    "Mobile Push Notifications": "Email",
    "Unassigned": None,
}


def _mapped(group: str, otherwise: str = "null") -> str:
    cases = [f"when {literal(g)} then {literal(c)}" for g, c in CHANNEL_OF_GROUP.items() if c]
    return f"case {group} {' '.join(cases)} else {otherwise} end"


def with_group(visits: str) -> str:
    """Visits with ``group_``: Google's group, were the campaign's name not heard."""
    named = group_sql("''")
    return f"select *, {named} as group_ from ({with_sites(visits)})"


# Our channel of a visit (see ``with_group``); null: it does not say.
CHANNEL = f"""case
    when source_ = '' and medium_ = '' then null
    when regexp_matches(medium_, 'influenc|creator|ambassad') then 'Influencer'
    when contains(campaign_, 'cross-network') then 'Paid Search'
    when {_from(CHECKOUTS)} then null
    else coalesce({_mapped("group_")}, case
        when regexp_matches(medium_, '^affil')
            or {_from(NETWORKS)}
            then 'Affiliates'
        when regexp_matches(medium_ || ' ' || source_,
            'e-?mail|newsletter|klaviyo|mailchimp|brevo|sendinblue|mailjet|omnisend') then 'Email'
        when regexp_full_match(medium_, '{_PAID}')
            and regexp_full_match(campaign_, '{_SHOP_CAMPAIGN}') then 'Paid Search'
    end)
end"""

GROUP_MACRO = "create or replace macro channel_of_group(name) as " + _mapped(
    "trim(name)",
    f"case when name in ({', '.join(map(literal, CHANNELS))}) then name else 'Unattributed' end",
)

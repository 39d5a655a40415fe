"""The named worlds of the subscription business: shift planning for restaurants and shops."""

from datetime import date

from goulot.demo.saas.world import Desk, Onboarding, Saas, Traits
from goulot.demo.world import Channel, Promotion, World

CHANNELS = (
    Channel(name="Paid Search", source="google", medium="cpc", base_per_day=0.4, response="hill",
            top_per_day=11.5, half_spend=260.0, carryover=0.30, spend_per_day=215.0, spend_sd=0.30,
            spend_trend=0.45, spend_follows_season=0.5),
    Channel(name="Paid Social", source="facebook", medium="paid_social", base_per_day=0.2,
            response="hill", top_per_day=6.5, half_spend=190.0, shape=1.2, carryover=0.55,
            spend_per_day=140.0, spend_sd=0.34, spend_trend=0.30, spend_follows_season=0.3),
    Channel(name="Organic Search", source="google", medium="organic", base_per_day=4.6),
    Channel(name="Direct", source="(direct)", medium="(none)", base_per_day=2.7),
    Channel(name="Referral", source="lhotellerie-conseil.example", medium="referral",
            base_per_day=1.5),
    Channel(name="Affiliates", source="cabinets-partenaires", medium="affiliate",
            base_per_day=1.3),
    Channel(name="Organic Social", source="linkedin", medium="social", base_per_day=0.9),
    Channel(name="Email", source="brevo", medium="email", base_per_day=0.6),
    Channel(name="Influencer", source="youtube", medium="influencer", base_per_day=0.25),
)  # fmt: skip

TRAITS = {
    "Paid Search": Traits(pays=0.23, churn=0.052),
    "Paid Social": Traits(activates=0.55, pays=0.14, team_share=0.26, churn=0.092, churn_spread=4.5,
                          tickets=1.65, visits_per_signup=52),
    "Organic Search": Traits(activates=0.69, pays=0.25, churn=0.043, tickets=0.85,
                             visits_per_signup=46),
    "Direct": Traits(activates=0.72, pays=0.27, team_share=0.52, churn=0.040, tickets=0.9,
                     visits_per_signup=24),
    "Referral": Traits(pays=0.24, churn=0.050, visits_per_signup=19),
    "Affiliates": Traits(activates=0.78, pays=0.33, team_share=0.66, yearly_share=0.30, churn=0.028,
                         tickets=0.70, visits_per_signup=11),
    "Organic Social": Traits(activates=0.58, pays=0.18, churn=0.066, visits_per_signup=38),
    "Email": Traits(activates=0.70, pays=0.26, churn=0.045, visits_per_signup=15),
    "Influencer": Traits(activates=0.49, pays=0.11, team_share=0.22, churn=0.11, churn_spread=4.0,
                         tickets=1.9, visits_per_signup=30),
}  # fmt: skip

CAMPAIGNS = (
    Promotion(name="Offre de rentrée 2025", kind="promotion", starts_on=date(2025, 9, 1),
              ends_on=date(2025, 9, 12), multiplier=1.35),
    Promotion(name="Webinaire saison d’hiver", kind="promotion", starts_on=date(2025, 11, 18),
              ends_on=date(2025, 11, 20), multiplier=4.5, channel="Email"),
    Promotion(name="Lancement de l’appli mobile", kind="launch", starts_on=date(2026, 1, 20),
              ends_on=date(2026, 1, 30), multiplier=1.5, decay=0.9),
    Promotion(name="Vidéo @service.compris", kind="influencer", starts_on=date(2026, 4, 14),
              ends_on=date(2026, 4, 21), multiplier=330.0, decay=0.55, channel="Influencer"),
    Promotion(name="Offre de rentrée 2026", kind="promotion", starts_on=date(2026, 9, 1),
              ends_on=date(2026, 9, 11), multiplier=1.35),
    Promotion(name="Webinaire fêtes de fin d’année", kind="promotion", starts_on=date(2026, 11, 17),
              ends_on=date(2026, 11, 19), multiplier=4.5, channel="Email"),
)  # fmt: skip

SAAS = World(
    name="saas",
    about="planning software by subscription that few restaurants find",
    constraint="acquisition",
    kind="saas",
    channels=CHANNELS,
    promotions=CAMPAIGNS,
    growth=0.60,
    gross_margin=0.82,
    horizon_months=24,
    cost_per_order=0.0,
    extra=Saas(traits=TRAITS),
)
SAAS_ONBOARDING = SAAS.with_(
    name="saas_onboarding",
    about="the same, with fewer set-up calls than accounts that want one",
    constraint="onboarding",
    extra=SAAS.extra.with_(onboarding=Onboarding(slots_per_week=105)),
)
SAAS_SUPPORT = SAAS.with_(
    name="saas_support",
    about="the same, with a help desk that cannot answer all that is written",
    constraint="support",
    extra=SAAS.extra.with_(desk=Desk(agents_by_hour=(1, 2, 1, 1, 1, 2, 2, 1, 1))),
)
SAAS_WORLDS = (SAAS, SAAS_ONBOARDING, SAAS_SUPPORT)

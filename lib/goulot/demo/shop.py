"""The shop: a maker of candles and home fragrance, on whose settings the other worlds vary."""

from datetime import date

from goulot.demo.world import Channel, Location, Promotion, Supplier, World

CHANNELS = (
    Channel(name="Paid Search", source="google", medium="cpc", base_per_day=1.6, response="hill",
            top_per_day=34.0, half_spend=640.0, carryover=0.25, spend_per_day=345.0, spend_sd=0.28,
            spend_trend=0.35, spend_follows_season=0.35, repeat_probability=0.42),
    Channel(name="Paid Social", source="facebook", medium="paid_social", base_per_day=0.8,
            response="hill", top_per_day=14.5, half_spend=205.0, shape=1.15, carryover=0.55,
            spend_per_day=430.0, spend_sd=0.32, spend_trend=0.25, spend_follows_season=0.30,
            repeat_probability=0.33, basket_lines=1.6),
    Channel(name="Organic Search", source="google", medium="organic", base_per_day=9.6,
            repeat_probability=0.45),
    Channel(name="Direct", source="(direct)", medium="(none)", base_per_day=5.4,
            repeat_probability=0.47, basket_lines=1.9),
    Channel(name="Email", source="klaviyo", medium="email", base_per_day=1.3,
            repeat_probability=0.50, basket_lines=2.0),
    Channel(name="Affiliates", source="awin", medium="affiliate", base_per_day=2.6,
            repeat_probability=0.30, basket_lines=1.7),
    Channel(name="Influencer", source="instagram", medium="influencer", base_per_day=1.8,
            repeat_probability=0.28, basket_lines=1.4),
    Channel(name="Referral", source="blog-deco.example", medium="referral", base_per_day=1.9,
            repeat_probability=0.40),
)  # fmt: skip

LOCATIONS = (
    Location(name="Nantes", parcels_per_day=170, share_of_stock=0.58),
    Location(name="Lyon", parcels_per_day=130, share_of_stock=0.42),
)

SUPPLIERS = (
    Supplier(name="Cirerie du Vexin", lead_days=18, lead_sd_days=4, quoted_days=16, pack_units=12),
    Supplier(name="Verrerie Saint-Clair", lead_days=31, lead_sd_days=7, quoted_days=28),
    Supplier(name="Parfums Lagarde Grasse", lead_days=24, lead_sd_days=5, quoted_days=21),
    Supplier(name="Savonnerie du Garlaban", lead_days=12, lead_sd_days=3, quoted_days=12),
    Supplier(name="Poterie Saint-Amans", lead_days=38, lead_sd_days=11, quoted_days=30),
    Supplier(name="Haiyan Homeware", lead_days=74, lead_sd_days=15, quoted_days=65, pack_units=24),
    Supplier(name="Cartonnages Dumoulin", lead_days=21, lead_sd_days=4, quoted_days=21),
    Supplier(name="Laiton & Fils", lead_days=27, lead_sd_days=8, quoted_days=25),
)

PROMOTIONS = (
    Promotion(name="Black Friday 2024", kind="promotion", starts_on=date(2024, 11, 28),
              ends_on=date(2024, 12, 2), multiplier=2.5, discount=0.20, code="BLACK20"),
    Promotion(name="Soldes d’hiver 2025", kind="promotion", starts_on=date(2025, 1, 8),
              ends_on=date(2025, 2, 4), multiplier=1.18, discount=0.30, used_share=0.45),
    Promotion(name="Saint-Valentin 2025", kind="season", starts_on=date(2025, 2, 6),
              ends_on=date(2025, 2, 12), multiplier=1.35, discount=0.10, code="AMOUR10"),
    Promotion(name="Fête des Mères 2025", kind="season", starts_on=date(2025, 5, 15),
              ends_on=date(2025, 5, 23), multiplier=1.75, discount=0.10, code="MAMAN10"),
    Promotion(name="Soldes d’été 2025", kind="promotion", starts_on=date(2025, 6, 25),
              ends_on=date(2025, 7, 22), multiplier=1.15, discount=0.30, used_share=0.45),
    Promotion(name="Rentrée 2025", kind="promotion", starts_on=date(2025, 9, 4),
              ends_on=date(2025, 9, 10), multiplier=1.30, discount=0.15, code="RENTREE15"),
    Promotion(name="Vidéo @lesmurmuresdanna", kind="influencer", starts_on=date(2025, 10, 14),
              ends_on=date(2025, 10, 19), multiplier=22.0, discount=0.10, code="ANNA10",
              channel="Influencer", used_share=0.65, decay=0.55),
    Promotion(name="Black Friday 2025", kind="promotion", starts_on=date(2025, 11, 27),
              ends_on=date(2025, 12, 1), multiplier=2.7, discount=0.20, code="BLACK20"),
    Promotion(name="Soldes d’hiver 2026", kind="promotion", starts_on=date(2026, 1, 7),
              ends_on=date(2026, 2, 3), multiplier=1.18, discount=0.30, used_share=0.45),
    Promotion(name="Saint-Valentin 2026", kind="season", starts_on=date(2026, 2, 5),
              ends_on=date(2026, 2, 11), multiplier=1.35, discount=0.10, code="AMOUR10"),
    Promotion(name="Reel @maison.elvire", kind="influencer", starts_on=date(2026, 4, 21),
              ends_on=date(2026, 4, 27), multiplier=120.0, discount=0.10, code="ELVIRE10",
              channel="Influencer", used_share=0.72, decay=0.52),
    Promotion(name="Fête des Mères 2026", kind="season", starts_on=date(2026, 5, 21),
              ends_on=date(2026, 5, 29), multiplier=1.75, discount=0.10, code="MAMAN10"),
    Promotion(name="Soldes d’été 2026", kind="promotion", starts_on=date(2026, 6, 24),
              ends_on=date(2026, 7, 21), multiplier=1.15, discount=0.30, used_share=0.45),
    Promotion(name="Rentrée 2026", kind="promotion", starts_on=date(2026, 9, 3),
              ends_on=date(2026, 9, 9), multiplier=1.30, discount=0.15, code="RENTREE15"),
    Promotion(name="Black Friday 2026", kind="promotion", starts_on=date(2026, 11, 26),
              ends_on=date(2026, 11, 30), multiplier=2.7, discount=0.20, code="BLACK20"),
    Promotion(name="Noël 2026", kind="season", starts_on=date(2026, 12, 3),
              ends_on=date(2026, 12, 18), multiplier=1.6, category="Coffrets cadeaux"),
)  # fmt: skip

SHOP = World(
    name="shop",
    about="a shop that few people find: everything behind acquisition has room",
    constraint="acquisition",
    channels=CHANNELS,
    locations=LOCATIONS,
    suppliers=SUPPLIERS,
    promotions=PROMOTIONS,
)

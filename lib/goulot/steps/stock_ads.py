"""Stock and ads: which advertised SKUs sell out before goods come, and what to hold back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.methods.sellout import DailyDemand, pooled_shape, sellout_days
from goulot.steps.ad_links import BY_EXPORT
from goulot.steps.feedback_inputs import FeedbackPolicy
from goulot.steps.from_draws import drawn_figure
from goulot.steps.receipts import Receipt, next_receipts

DEMAND_DAYS = 56.0  # before the count of the stock: the pace at which it sells
SPEND_DAYS = 28  # before it: the pace at which is advertised
HORIZON_DAYS = 120


@dataclass(frozen=True)
class SkuOutlook:
    """One advertised SKU: how long it lasts at today's pace, and what that does to its ads.

    Days count from the last stock count, ``counted_on``. ``sells_out_on`` are days (value, low,
    high as dates: 90 %; None: later than the horizon), drawn in ``lasts_days``; ``receipt`` when
    goods come; ``oversell`` the probability of being out before; ``daily_spend`` [currency] of all
    campaigns on it; ``throttle_from`` the day from which to hold back; ``saved`` [currency] what is
    not spent on a product that is out, until goods come.
    """

    sku: str
    title: str
    category: str
    supplier: str
    counted_on: date
    available: float
    units_per_day: float
    cover_days: float
    sells_out_on: tuple[date | None, date | None, date | None]
    receipt: Receipt
    oversell: float
    daily_spend: float
    campaigns: tuple[str, ...]
    how: str
    cover_middle: int
    lasts_days: np.ndarray = field(repr=False, compare=False)
    saved: Figure
    throttle_from: date | None = None
    is_throttled: bool = False

    def under(self, policy: FeedbackPolicy) -> Self:
        """The same outlook under a policy: whether to hold ads back, and from which day."""
        wait = max(0, self.cover_middle - policy.min_cover_days)
        return replace(
            self,
            throttle_from=self.counted_on + timedelta(days=wait),
            is_throttled=bool(
                self.oversell >= policy.oversell_probability
                and (self.saved.value or 0) >= policy.least_saved
                and wait <= policy.look_ahead_days
            ),
        )


def sku_outlooks(
    links: pd.DataFrame,
    daily_spend: pd.Series,
    cover: pd.DataFrame,
    purchases: pd.DataFrame,
    policy: FeedbackPolicy,
    currency: str,
) -> tuple[SkuOutlook, ...]:
    """Every advertised SKU in stock that is not sold on when out; the dearest first.

    Parameters
    ----------
    links : campaign, sku, share, how (``ad_links.link_campaigns``)
    daily_spend : (platform, campaign) → currency a day, lately
    cover : rows of the mart ``sku_cover_quarter`` of the quarter
    purchases : rows of the mart ``purchase_line`` (``receipts.known_lines``)
    """
    if links.empty or cover.empty:
        return ()
    on_sku = _spend_by_sku(links, daily_spend)
    stocked = cover[cover["sku"].isin(set(on_sku))].sort_values("sku").reset_index(drop=True)
    stocked = stocked[~stocked["is_backordered"].fillna(False).astype(bool)]
    units, squares, window = _sold(stocked)
    shape = pooled_shape(units, squares, window)
    receipts = next_receipts(stocked, purchases, draws=policy.draws, seed=policy.seed)
    rng = np.random.default_rng(policy.seed + 21)
    found = []
    for at, row in enumerate(stocked.itertuples()):
        demand = DailyDemand(units[at], window[at], shape)
        days = sellout_days(
            float(row.available or 0), demand, horizon=HORIZON_DAYS, draws=policy.draws, rng=rng
        )
        found.append(
            _outlook(row, demand, days, receipts[row.sku], on_sku[row.sku], policy, currency)
        )
    return tuple(sorted(found, key=lambda o: (not o.is_throttled, -(o.saved.value or 0), o.sku)))


@dataclass(frozen=True)
class OnSku:
    """Advertising of a SKU: currency a day of all its campaigns, their names, how it is linked."""

    daily: float
    campaigns: tuple[str, ...]
    how: str


def _spend_by_sku(links: pd.DataFrame, daily_spend: pd.Series) -> dict[str, OnSku]:
    keys = pd.MultiIndex.from_frame(links[["platform", "campaign"]])
    spend = daily_spend.reindex(keys).fillna(0.0).to_numpy() * links["share"].to_numpy()
    campaigns: dict[str, set[str]] = {}
    hows: dict[str, set[str]] = {}
    for sku, campaign, how in zip(links["sku"], links["campaign"], links["how"], strict=True):
        campaigns.setdefault(sku, set()).add(campaign)
        hows.setdefault(sku, set()).add(how)
    daily = pd.Series(spend, index=links["sku"].to_numpy()).groupby(level=0).sum()
    return {
        sku: OnSku(float(amount), tuple(sorted(campaigns[sku])), min(hows[sku]))
        for sku, amount in daily.items()
    }


def _sold(stocked: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """By SKU: units and their squares by day before the count, and the days of that window."""
    units, squares = (
        stocked[name].fillna(0).to_numpy(dtype=float) for name in ("recent_units", "recent_squares")
    )
    window = stocked["window_days"].astype("Float64").fillna(DEMAND_DAYS).to_numpy(dtype=float)
    return units, squares, np.clip(window, 1.0, DEMAND_DAYS)


def _outlook(row, demand, days, receipt: Receipt, on_sku: OnSku, policy, currency) -> SkuOutlook:
    counted = row.snapshot_on.date()
    out_days = np.clip(receipt.days, None, HORIZON_DAYS) - days
    oversell = float((days < np.minimum(receipt.days, HORIZON_DAYS)).mean())
    saved = np.maximum(out_days, 0) * max(on_sku.daily, 0.0)
    low, middle, high = np.quantile(days, (0.05, 0.5, 0.95))
    pace = demand.units / demand.days
    available = float(row.available or 0)
    return SkuOutlook(
        sku=row.sku,
        title=row.title if isinstance(row.title, str) else row.sku,
        category=row.category if isinstance(row.category, str) else "",
        supplier=receipt.supplier,
        counted_on=counted,
        available=available,
        units_per_day=pace,
        cover_days=max(available, 0.0) / pace if pace else float("inf"),
        sells_out_on=tuple(_date(counted, day) for day in (middle, low, high)),
        receipt=receipt,
        oversell=oversell,
        daily_spend=on_sku.daily,
        campaigns=on_sku.campaigns,
        how=on_sku.how,
        cover_middle=int(middle),
        lasts_days=days,
        saved=drawn_figure(
            saved,
            f"{currency}/quarter",
            basis="observed" if on_sku.how == BY_EXPORT else "assumed",
        ),
    ).under(policy)


def _date(counted: date, days: float) -> date | None:
    return None if days >= HORIZON_DAYS else counted + timedelta(days=int(days))


def recent_spend(campaign_day: pd.DataFrame, as_of: date) -> pd.Series:
    """(platform, campaign) → currency a day in the ``SPEND_DAYS`` up to ``as_of``."""
    if campaign_day.empty:
        return pd.Series(dtype=float)
    day = pd.to_datetime(campaign_day["day"])
    recent = (day <= pd.Timestamp(as_of)) & (day > pd.Timestamp(as_of - timedelta(days=SPEND_DAYS)))
    total = campaign_day[recent].groupby(["platform", "campaign"], sort=True)["spend"].sum()
    return total.astype(float) / SPEND_DAYS


def spent_while_out(
    links: pd.DataFrame,
    campaign_day: pd.DataFrame,
    stock_out: pd.DataFrame,
    cover: pd.DataFrame,
    first: date,
    last: date,
) -> Mapping[str, float]:
    """SKU → currency spent on it in the quarter on days on which it was out [currency].

    Days are those between a count that found nothing and the next count. SKUs that are sold on
    when they are out are left out.
    """
    sold_on = set(cover.loc[cover["is_backordered"].fillna(False).astype(bool), "sku"])
    gone = stock_out[stock_out["sku"].isin(set(links["sku"]) - sold_on)]
    if gone.empty:
        return {}
    days = gone.loc[gone.index.repeat(gone["days"].astype(int)), ["sku", "out_from"]]
    days["day"] = pd.to_datetime(days["out_from"]) + pd.to_timedelta(
        days.groupby(["sku", "out_from"]).cumcount(), unit="D"
    )
    inside = days["day"].between(pd.Timestamp(first), pd.Timestamp(last))
    spend = campaign_day.assign(day=pd.to_datetime(campaign_day["day"]))
    by_campaign = spend.groupby(["platform", "campaign", "day"])["spend"].sum().reset_index()
    told = (
        days[inside].merge(links, on="sku").merge(by_campaign, on=["platform", "campaign", "day"])
    )
    lost = (told["spend"].astype(float) * told["share"]).groupby(told["sku"]).sum()
    return dict(sorted(lost.items()))

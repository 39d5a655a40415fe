"""From a client's marts and settings to what a spike meets, each part with where it comes from."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from goulot.findings import Basis, Figure, Missing
from goulot.methods.spike_stock import Shelves
from goulot.quarter import Quarter
from goulot.steps.constraint import ConstraintPolicy, whole_weeks
from goulot.steps.needs import CAPACITY_NEEDS, EXPORT_NAMES, MARGIN_NEED, SPIKES
from goulot.steps.receipts import known_lines
from goulot.steps.spike_goods import goods_of, restock_days
from goulot.steps.spike_operations import WEEK, Lever, Money, Operations, Promise, SpikePolicy
from goulot.steps.spike_places import WHOLE, parcels_per_order, places_of
from goulot.steps.stage_audits import known_capacity
from goulot.steps.stages import stage_weeks
from goulot.weekdays import working_days

# The marts that a session is asked for.
MARTS = (
    *("hour_of_week", "order_day", "stage_week", "service_day", "quarter_kpi", "channel_week"),
    *("sku_cover_quarter", "purchase_line", "location_day"),
)
LEVERS_NEED = (
    "What could be had when demand jumps (client.yml: levers)",
    "no plan can be made: only the warehouse as it is can be judged",
)
SIMULATED, GOODS = ("fulfillment", "acquisition"), ("supply", "stock")  # stages of levers
SHIP_DAYS = 2  # working days from order to departure, where nothing is promised
PATIENCE_DAYS = 30.0  # where no export tells cancellations
LEAST_ORDERS = 50  # from which on a rate is read from the client's own orders
LEAST_WEEKS = 8
YEAR_DAYS = 364  # up to the quarter's end, from which everyday luck is told
MEDIAN_SQUARE = 0.455  # of a standard normal: the median of its square


def operations_of(
    frames: Mapping[str, pd.DataFrame], settings: Any, quarter: Quarter, policy: SpikePolicy
) -> Operations:
    """What a spike in this quarter would meet.

    Parameters
    ----------
    frames : the marts named in ``MARTS``
    settings : client.yml as read"""
    days = _days_of(frames["order_day"], quarter)
    hours = frames["hour_of_week"]
    hours = hours[hours["quarter"] == str(quarter)]
    baseline, error = usual_week(hours, days)
    capacity, capacity_basis, is_least = _capacity(frames["stage_week"], settings, quarter)
    places = WHOLE  # what was observed has it in it that one fills up before the others
    if capacity_basis == "declared":
        places = places_of(frames["location_day"], quarter)
        capacity = capacity / parcels_per_order(
            frames["location_day"], frames["service_day"], quarter
        )
    rates, bases = _service(_days_of(frames["service_day"], quarter, "ordered_on"))
    purchases = known_lines(frames["purchase_line"], quarter.last_day)
    cover = frames["sku_cover_quarter"]
    cover = cover[cover["quarter"] == str(quarter)]
    goods = goods_of(cover, purchases, baseline.sum() / 7, policy.sku)
    bases |= {"baseline": "observed", "capacity": capacity_basis}
    bases["stock"] = "observed" if goods.shelves is not None else "assumed"
    money = _money(frames, settings, quarter)
    promise = _promise(settings, rates, policy)
    return Operations(
        baseline=baseline, baseline_error=error,
        dispersion=day_dispersion(_year(frames["order_day"], quarter)),
        capacity=capacity, capacity_is_least=is_least, places=places, promise=promise,
        levers=levers_of(settings.levers, goods.shelves), money=money, shelves=goods.shelves,
        group_names=goods.names, units_per_order=goods.units_per_order,
        left_out=levers_left_out(settings.levers, goods.shelves),
        patience_days=rates["patience_days"], restock_hours=24 * restock_days(purchases),
        paid_share=paid_share(frames["channel_week"], quarter),
        tickets_per_order=rates["tickets"], tickets_per_late_order=rates["late_tickets"],
        bases=bases | {"promise": promise.basis},
        missing=_missing(goods.shelves, purchases, money, is_least, settings),
    )  # fmt: skip


def usual_week(hours: pd.DataFrame, days: pd.DataFrame) -> tuple[np.ndarray, float]:
    """``(orders by hour of the week [168], relative standard error of their level)``.

    The shape is that of all orders of the quarter, the level that of its median week, which an
    event does not lift. Zeros where there is no order.
    """
    if hours.empty or days.empty:
        return np.zeros(WEEK), 0.0
    shape = np.zeros(WEEK)
    place = hours["weekday"].astype(int) * 24 + hours["hour"].astype(int)
    np.add.at(shape, place.to_numpy(), hours["orders"].to_numpy(dtype=float))
    by_week = days.set_index("day")["orders"].astype(float).resample("W").agg(["sum", "count"])
    weeks = by_week.loc[by_week["count"] == 7, "sum"].to_numpy()
    if not len(weeks):
        weeks = np.array([days["orders"].astype(float).mean() * 7])
    level = float(np.median(weeks))
    spread = 1.4826 * float(np.median(np.abs(weeks - level)))
    error = 1.2533 * spread / np.sqrt(len(weeks)) / level if level else 0.0
    return shape / shape.sum() * level, float(error)


def day_dispersion(days: pd.DataFrame) -> float:
    """Variance of a day's orders beyond Poisson's, as a share of their mean squared.

    By what a day differs from its own week in the rhythm of the weekdays, which takes one of seven
    degrees of freedom: what moves whole weeks (a season, a budget) is no luck of a day. Of the
    squares the median counts, so that events are not taken for everyday luck.
    """
    orders = days.sort_values("day")["orders"].to_numpy(dtype=float)
    weeks = orders[: len(orders) // 7 * 7].reshape(-1, 7)
    weeks = weeks[weeks.sum(axis=1) > 0]
    if len(weeks) < LEAST_WEEKS:
        return 0.0
    level = weeks.mean(axis=1, keepdims=True)
    usual = level * np.median(weeks / level, axis=0)
    known = usual > 0
    square = 7 / 6 * ((weeks - usual)[known] / usual[known]) ** 2
    share = np.median(square) / MEDIAN_SQUARE - np.median(1 / usual[known])
    return float(max(share, 0.0))


def levers_of(settings: Sequence[Any], shelves: Shelves | None) -> tuple[Lever, ...]:
    """The levers of client.yml that are simulated, the cheapest order first: those that change
    packing or demand and, where stock is counted, those that bring goods."""
    names = ("name", "adds_per_day", "removes_share", "lead_hours", "ramp_hours", "lasts_days",
             "cost_per_order", "standby_per_month")  # fmt: skip
    levers = [
        Lever(**{name: getattr(lever, name) for name in names}, brings_goods=lever.stage in GOODS)
        for lever in settings
        if _is_simulated(lever, shelves)
    ]
    return tuple(sorted(levers, key=lambda lever: (lever.cost_per_order, lever.name)))


def levers_left_out(
    settings: Sequence[Any], shelves: Shelves | None
) -> tuple[tuple[str, str], ...]:
    """Name and stage of the levers that the simulation has no place for."""
    return tuple((lv.name, lv.stage) for lv in settings if not _is_simulated(lv, shelves))


def _is_simulated(lever: Any, shelves: Shelves | None) -> bool:
    return lever.stage in SIMULATED or (lever.stage in GOODS and shelves is not None)


def paid_share(channel_week: pd.DataFrame, quarter: Quarter) -> float:
    """Share of the quarter's orders that came through channels with spend."""
    weeks = channel_week[_inside(channel_week["week_starts_on"], quarter)]
    orders = weeks["orders"].astype(float)
    paid = weeks["spend"].astype("float64").fillna(0) > 0
    return float(orders[paid].sum() / orders.sum()) if orders.sum() else 0.0


def _inside(days: pd.Series, quarter: Quarter) -> pd.Series:
    return pd.to_datetime(days).between(
        pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    )


def _days_of(frame: pd.DataFrame, quarter: Quarter, day: str = "day") -> pd.DataFrame:
    rows = frame[_inside(frame[day], quarter)]
    return rows.assign(**{day: pd.to_datetime(rows[day])}).reset_index(drop=True)


def _year(order_day: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """The days of the year up to the quarter's end."""
    days, end = pd.to_datetime(order_day["day"]), pd.Timestamp(quarter.last_day)
    return order_day[(days <= end) & (days > end - pd.Timedelta(days=YEAR_DAYS))]


def _capacity(
    stage_week: pd.DataFrame, settings: Any, quarter: Quarter
) -> tuple[np.ndarray, Basis, bool]:
    """``(orders by hour of the week, basis, whether it is only a lower bound)``."""
    declared = settings.capacity.fulfillment
    weeks = stage_weeks(whole_weeks(stage_week, quarter)).get("fulfillment")
    per_week, is_least, basis = declared.per_week, False, "declared"
    if weeks is not None:
        known = known_capacity(weeks, per_week, ConstraintPolicy())
        basis = "declared" if known == per_week and known is not None else "observed"
        is_least = known is None
        done = weeks.throughput if weeks.has_throughput else weeks.load
        per_week = known if known is not None else float(np.nanmax(done))
    opens, closes = shift(settings)
    hours = np.zeros((7, 24))
    hours[list(working_days(declared.days)), opens:closes] = 1.0
    return hours.ravel() * ((per_week or 0.0) / hours.sum()), basis, is_least or per_week is None


def shift(settings: Any) -> tuple[int, int]:
    """Whole hours between which the warehouse works, as client.yml has them."""
    opens, closes = settings.capacity.fulfillment.hours.split("-")
    return int(opens[:2]), int(closes[:2])


def packing_per_day(stage_week: pd.DataFrame, settings: Any, quarter: Quarter) -> float | None:
    """Orders that the warehouse packs on a working day; None where nothing tells."""
    capacity, _, _ = _capacity(stage_week, settings, quarter)
    days = len(working_days(settings.capacity.fulfillment.days))
    return float(capacity.sum() / days) or None


def order_worth(quarter_kpi: pd.DataFrame, settings: Any, quarter: Quarter) -> Figure:
    """Contribution of an order of the quarter, before advertising [currency]."""
    worth = _per_order(quarter_kpi, settings, quarter)
    unit = f"{settings.currency}/order"
    if worth is None:
        return Figure.unknown(unit, MARGIN_NEED[1])
    return Figure(value=worth[0], unit=unit, basis="observed")


def _service(days: pd.DataFrame) -> tuple[dict[str, float | None], dict[str, Basis]]:
    """Rates of the quarter, and which of them were observed."""
    sums = days.drop(columns=["ordered_on", "quarter"]).astype("float64").sum()
    judged, late = sums["judged_orders"], sums["late_orders"]
    on_time = max(sums["orders"] - late, 1)
    tickets = (sums["ticketed_orders"] - sums["late_ticketed_orders"]) / on_time
    late_tickets = sums["late_ticketed_orders"] / late if late >= LEAST_ORDERS / 2 else tickets
    patience = PATIENCE_DAYS
    told = days["cancelled_orders"].notna().any() and sums["cancelled_orders"] >= 10
    if told:
        patience = max(sums["waited_days"] / sums["cancelled_orders"], 1.0)
    rates = {
        "tickets": tickets, "late_tickets": late_tickets, "patience_days": patience,
        "transit_days": _mean(sums, "transit_days", "delivered_orders"),
        "promise_days": _mean(sums, "promise_days", "promised_orders"),
        "late_share": late / judged if judged else None,
    }  # fmt: skip
    bases = {"patience": "observed" if told else "assumed",
             "tickets": "observed" if sums["ticketed_orders"] else "assumed"}  # fmt: skip
    return rates, bases


def _mean(sums: pd.Series, days: str, orders: str) -> float | None:
    return float(sums[days] / sums[orders]) if sums[orders] >= LEAST_ORDERS else None


def _promise(settings: Any, rates: Mapping[str, float | None], policy: SpikePolicy) -> Promise:
    """Working days to ship: what is promised to the door less the days on the road."""
    working, closes = working_days(settings.capacity.fulfillment.days), shift(settings)[1]
    per_day = len(working) / 7
    door, basis = settings.delivery.promised_days, "declared"
    if door is None and rates["promise_days"] is not None:
        door, basis = rates["promise_days"] * per_day, "observed"
    if policy.promised_days is not None:
        door, basis = policy.promised_days, "declared"
    if door is None:
        return Promise(ship_days=SHIP_DAYS, working_days=working, closes=closes, basis="assumed")
    road = (rates["transit_days"] or 0.0) * per_day
    return Promise(
        ship_days=max(1, round(door - road)), working_days=working, closes=closes, basis=basis
    )


def _money(frames: Mapping[str, pd.DataFrame], settings: Any, quarter: Quarter) -> Money:
    packing = settings.capacity.fulfillment.cost_per_order
    known = _per_order(frames["quarter_kpi"], settings, quarter)
    if known is None:
        return Money(currency=settings.currency, packing=packing)
    contribution, goods, orders, spend = known
    paid = paid_share(frames["channel_week"], quarter) * orders
    return Money(
        currency=settings.currency, packing=packing, goods=goods, contribution=contribution,
        ad_cost=spend / paid if paid else 0.0,
    )  # fmt: skip


def _per_order(
    quarter_kpi: pd.DataFrame, settings: Any, quarter: Quarter
) -> tuple[float, float, float, float] | None:
    """``(contribution of an order, its goods, orders, spend)``; None without a gross margin."""
    rows = quarter_kpi[quarter_kpi["quarter"] == str(quarter)]
    if rows.empty or rows["contribution"].isna().all() or settings.economics.gross_margin is None:
        return None
    kpi = rows.iloc[0]
    orders = float(kpi["orders"] + kpi["free_orders"])
    goods = float(kpi["revenue"]) * (1 - settings.economics.gross_margin)
    spend = 0.0 if pd.isna(kpi["spend"]) else float(kpi["spend"])
    return float(kpi["contribution"]) / orders, goods / orders, orders, spend


def _missing(
    shelves: Shelves | None, purchases: pd.DataFrame, money: Money, is_least: bool, settings: Any
) -> tuple[Missing, ...]:
    costs = {need.table: need.costs for need in SPIKES.needs}
    absent = "stock_levels" if shelves is None else "purchase_orders" if purchases.empty else ""
    gaps = [(EXPORT_NAMES[absent], costs[absent])] if absent else []
    if money.contribution is None:
        gaps.append(MARGIN_NEED)
    if is_least:
        gaps.append(CAPACITY_NEEDS["fulfillment"])
    if not levers_of(settings.levers, shelves):
        gaps.append(LEVERS_NEED)
    return tuple(Missing(step="spikes", export=what, costs=cost) for what, cost in gaps)

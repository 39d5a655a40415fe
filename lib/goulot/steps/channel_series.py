"""The weekly series whose predictability is told: channels, new against returning, countries."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from goulot.quarter import Quarter
from goulot.steps.channel_forecasts import (
    LEADS,
    ForecastPolicy,
    SeriesForecast,
    forecast_all,
    total_path,
)
from goulot.steps.channel_weeks import ChannelWeeks, event_factors

MOST_COUNTRIES = 6  # told apart; the others together
OTHER_COUNTRIES = "other countries"
NEW, RETURNING = "new customers", "returning customers"


def channel_series(
    weeks: ChannelWeeks, events: pd.DataFrame, quarter: Quarter, policy: ForecastPolicy
) -> tuple[SeriesForecast, ...]:
    """New customers by channel, and their total."""
    counts = {name: weeks.new[weeks.row(name)] for name in weeks.channels}
    ahead = _weeks_and_ahead(weeks)
    factor, _ = event_factors(events, ahead, weeks.channels)
    by_channel = dict(zip(weeks.channels, factor, strict=True))
    return forecast_all(counts, weeks.starts, by_channel, quarter, policy)


def order_series(
    country_week: pd.DataFrame,
    weeks: ChannelWeeks,
    events: pd.DataFrame,
    quarter: Quarter,
    policy: ForecastPolicy,
) -> tuple[tuple[SeriesForecast, ...], tuple[SeriesForecast, ...]]:
    """Orders by who placed them, and by country: the largest countries and the rest."""
    if country_week.empty:
        return (), ()
    named = _dated(country_week).assign(country=_largest(country_week))
    countries = {
        str(name): _by_week(rows, "orders", weeks) for name, rows in named.groupby("country")
    }
    return tuple(
        forecast_all(
            counts, weeks.starts, _of_the_shop(counts, events, weeks), quarter, policy,
            unit="orders",
        )
        for counts in (_kinds(country_week, weeks), countries)
    )  # type: ignore[return-value]  # fmt: skip


def orders_ahead(
    country_week: pd.DataFrame, weeks: ChannelWeeks, events: pd.DataFrame, policy: ForecastPolicy
) -> pd.DataFrame:
    """All orders of the coming weeks: the ``path`` of the total of ``order_series``; or empty."""
    if country_week.empty:
        return pd.DataFrame()
    counts = _kinds(country_week, weeks)
    return total_path(counts, weeks.starts, _of_the_shop(counts, events, weeks), policy)


def _kinds(country_week: pd.DataFrame, weeks: ChannelWeeks) -> dict[str, np.ndarray]:
    """Orders by week and by who placed them."""
    dated = _dated(country_week)
    columns = {NEW: "new_customers", RETURNING: "returning_orders"}
    return {kind: _by_week(dated, column, weeks) for kind, column in columns.items()}


def _dated(country_week: pd.DataFrame) -> pd.DataFrame:
    return country_week.assign(
        week_starts_on=country_week["week_starts_on"].to_numpy().astype("M8[D]")
    )


def _by_week(rows: pd.DataFrame, column: str, weeks: ChannelWeeks) -> np.ndarray:
    by_week = rows.groupby("week_starts_on")[column].sum()
    return by_week.reindex(weeks.starts, fill_value=0).to_numpy(dtype=float)


def _of_the_shop(
    counts: Mapping[str, np.ndarray], events: pd.DataFrame, weeks: ChannelWeeks
) -> dict[str, np.ndarray]:
    """For every series the factor of the events of the whole shop."""
    whole_shop = events[events["channel"].isna()] if len(events) else events
    factor, _ = event_factors(whole_shop, _weeks_and_ahead(weeks), ("shop",))
    return dict.fromkeys(counts, factor[0])


def _weeks_and_ahead(weeks: ChannelWeeks) -> np.ndarray:
    if not len(weeks.starts):  # of a client without a whole week
        return weeks.starts
    ahead = weeks.starts[-1] + np.timedelta64(7, "D") * np.arange(1, LEADS + 1)
    return np.concatenate([weeks.starts, ahead])


def _largest(country_week: pd.DataFrame) -> pd.Series:
    orders = country_week.groupby("country")["orders"].sum()
    largest = set(sorted(orders.index, key=lambda name: (-orders[name], name))[:MOST_COUNTRIES])
    named = country_week["country"]
    return named.where(named.isin(largest), OTHER_COUNTRIES)

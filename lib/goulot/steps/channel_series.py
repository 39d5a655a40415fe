"""The weekly series whose predictability is told: channels, new against returning, countries."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from goulot.quarter import Quarter
from goulot.steps.channel_forecasts import LEADS, ForecastPolicy, SeriesForecast, forecast_all
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
    frame = country_week.assign(
        week_starts_on=country_week["week_starts_on"].to_numpy().astype("M8[D]"),
        country=_largest(country_week),
    )

    def laid_out(rows: pd.DataFrame, column: str) -> np.ndarray:
        by_week = rows.groupby("week_starts_on")[column].sum()
        return by_week.reindex(weeks.starts, fill_value=0).to_numpy(dtype=float)

    kinds = {NEW: laid_out(frame, "new_customers"), RETURNING: laid_out(frame, "returning_orders")}
    countries = {str(name): laid_out(rows, "orders") for name, rows in frame.groupby("country")}
    return tuple(_forecast(counts, weeks, events, quarter, policy) for counts in (kinds, countries))  # type: ignore[return-value]


def _forecast(
    counts: Mapping[str, np.ndarray],
    weeks: ChannelWeeks,
    events: pd.DataFrame,
    quarter: Quarter,
    policy: ForecastPolicy,
) -> tuple[SeriesForecast, ...]:
    whole_shop = events[events["channel"].isna()] if len(events) else events
    factor, _ = event_factors(whole_shop, _weeks_and_ahead(weeks), ("shop",))
    same = dict.fromkeys(counts, factor[0])
    return forecast_all(counts, weeks.starts, same, quarter, policy, unit="orders")


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

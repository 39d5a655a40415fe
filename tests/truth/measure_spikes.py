"""Is the largest spike that is survived the one that the true warehouses would survive?

Held against brute force: the same spike, order by order, through the two warehouses of the world,
with the orders, the hours, the noise of a day and the split between the warehouses that are true of
its last quarter; stock enough, nobody cancels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from goulot.demo.company import Company, live
from goulot.demo.seasons import WEEKDAY_HOURS, WEEKDAYS, WEEKEND_HOURS
from goulot.demo.truth.stages import last_quarter
from goulot.demo.workdays import Server, WorkCalendar
from goulot.demo.worlds import find_world
from goulot.steps.spike_hours import MOST, shape
from goulot.steps.spike_inputs import MARTS, operations_of
from goulot.steps.spike_operations import Promise, SpikePolicy
from goulot.steps.spike_survival import survivable_multiplier
from goulot.steps.spikes import NOTHING, worlds_of
from harness import Get, Lived, Measure, share

WORLDS = ("shop", "overstated", "fulfillment", "linear", "noisy")
QUICK = ("fulfillment",)
POLICY = SpikePolicy(scenarios=300)
RUNS = 80
MONDAY = date(2026, 9, 7)  # of a week without a holiday after it
NEAR = 0.10


def measure(get: Get, seeds: Sequence[int], worlds: Sequence[str] = WORLDS) -> list[Measure]:
    """One row per world: the step's multiplier against that of brute force."""
    rows = []
    for world in worlds:
        pairs = [multipliers(get(world, seed), seed) for seed in seeds]
        near = [abs(said - true) <= NEAR * max(true, 1.0) for said, true in pairs]
        ratios = [said / true for said, true in pairs if true]
        rows.append(
            Measure(
                step="spikes", what="survivable multiplier", world=world,
                target="within a tenth of brute force, in at least 8 of 10 histories",
                value=share(near), n=len(near), ok=share(near) >= 0.8,
                low=min(ratios, default=None), high=max(ratios, default=None),
                note="" if all(near) else f"said and true: {np.round(pairs, 2).tolist()}",
            )
        )  # fmt: skip
    return rows


def multipliers(life: Lived, seed: int) -> tuple[float, float]:
    """``(what the step says, what brute force finds)``; 0: not even the usual orders."""
    session = life.session()
    frames = {name: session.mart(name) for name in MARTS}
    operations = operations_of(frames, session.settings, session.quarter, POLICY)
    operations = replace(operations, shelves=None, patience_days=None)
    said = survivable_multiplier(operations, POLICY, NOTHING, worlds_of(operations, POLICY))
    company = live(find_world(life.truth["world"]), seed)
    return said, brute_force(company, operations.promise, seed)


def brute_force(company: Company, promise: Promise, seed: int) -> float:
    """The largest multiplier that the true warehouses survive, to 0.05, by halving."""
    usual = usual_of(company)

    def holds(multiplier: float) -> bool:
        rng = np.random.default_rng([seed, 77])  # the same luck at every multiplier
        shares = [one_spike(company, usual, promise, multiplier, rng) for _ in range(RUNS)]
        return np.mean(np.array(shares) >= POLICY.target_share) >= POLICY.sure_share

    low, high = 1.0, MOST
    if not holds(low):
        return 0.0
    if holds(high):
        return high
    while high - low > 0.05:
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


@dataclass(frozen=True)
class Usual:
    """Of the last quarter: parcels of its median week, share of them by warehouse, and of its
    orders the share that each channel's new customers are, whose days the world makes noisy."""

    per_week: float
    by_place: np.ndarray
    by_channel: np.ndarray


def usual_of(company: Company) -> Usual:
    quarter = last_quarter(company.world)
    days = company.orders["day"].to_numpy()
    of_parcel = days[company.parcels["order"]]
    daily = np.bincount(of_parcel, minlength=company.world.days)[quarter]
    place = company.parcels["location"].to_numpy()[quarter[of_parcel]]
    orders = np.bincount(days, minlength=company.world.days)[quarter].mean()
    return Usual(
        per_week=float(np.median(daily[: len(daily) // 7 * 7].reshape(-1, 7).sum(axis=1))),
        by_place=np.bincount(place, minlength=len(company.world.locations)) / len(place),
        by_channel=company.demand.expected[:, quarter].mean(axis=1) / orders,
    )


def one_spike(
    company: Company, usual: Usual, promise: Promise, multiplier: float, rng: np.random.Generator
) -> float:
    """Share on time of the orders of one spike, each picked in its turn in its own warehouse."""
    policy, world = replace(POLICY, multiplier=multiplier), company.world
    rate = np.resize(true_week(usual.per_week), policy.hours)
    rate = rate * (1 + (multiplier - 1) * shape(policy))
    new = usual.by_channel[:, None]
    noise = rng.gamma(world.noise_shape, 1 / world.noise_shape, (len(new), policy.horizon_days))
    days = 1 - new.sum() + (new * noise).sum(axis=0)
    counts = rng.poisson(rate * np.repeat(days, 24))
    hours = np.repeat(np.arange(policy.hours), counts) + np.sort(rng.random(counts.sum()))
    hours = np.sort(hours)
    places = rng.choice(len(usual.by_place), len(hours), p=usual.by_place)
    shipped = np.empty(len(hours))
    for number, place in enumerate(world.locations):
        calendar = WorkCalendar(MONDAY, policy.horizon_days, place.working_days)
        server = Server(calendar, place.parcels_per_day * world.size, place.opens_hour,
                        place.closes_hour)  # fmt: skip
        shipped[places == number] = server.serve(hours[places == number])
    due = promise.due(policy.hours)[hours.astype(int)] + 1
    judged = (hours >= policy.starts_hour) & (due <= policy.hours)
    return float((shipped[judged] <= due[judged]).mean())


def true_week(load_per_week: float) -> np.ndarray:
    """Orders by hour of the week, as the world's shoppers place them."""
    days = [
        WEEKDAYS[day] * np.array(WEEKDAY_HOURS if day < 5 else WEEKEND_HOURS)
        / sum(WEEKDAY_HOURS if day < 5 else WEEKEND_HOURS)
        for day in range(7)
    ]  # fmt: skip
    week = np.concatenate(days)
    return week / week.sum() * load_per_week

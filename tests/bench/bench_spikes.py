"""A move of the spike's sliders: the simulation alone, and key press to pixels in JupyterLab."""

import time
from dataclasses import replace

import bench_panels
import numpy as np
from clock import Ratio
from goulot.methods.spike_stock import Shelves
from goulot.steps.spike_operations import Lever, Money, Operations, Promise, SpikePolicy
from goulot.steps.spikes import Plan, simulate, worlds_of

MOVES, WARM = 60, 5
BAR = 0.050  # seconds that 95 of 100 moves may take: 1,000 scenarios of 14 days, hour by hour


def measure() -> list[Ratio]:
    """The bar of the simulation with every lever on, and those of the panel of notebook 03."""
    seconds = float(np.percentile(moves(), 95))
    what = "spike, 1,000 scenarios × 14 days hourly, p95"
    simulated = Ratio(what, seconds, "50 ms", BAR, "s", 1.0)
    return [simulated, *bench_panels.measure(("03_demand_spikes.ipynb",))]


def moves() -> list[float]:
    """Seconds of each move of the multiplier, on the same worlds."""
    operations, plan = shop(), Plan(("overtime", "temps", "overflow", "throttle"))
    policy = SpikePolicy(scenarios=1000, horizon_days=14)
    worlds = worlds_of(operations, policy)
    taken = []
    for times in np.linspace(1, 10, WARM + MOVES):
        moved = replace(policy, multiplier=float(times))
        start = time.perf_counter()
        simulate(operations, moved, plan, worlds).backlog_bands(3)
        taken.append(time.perf_counter() - start)
    return taken[WARM:]


def shop() -> Operations:
    """A shop of 100 orders a day with eleven groups of stock, some of which run out."""
    packing = np.zeros((7, 24))
    packing[:6, 8:18] = 20.0
    return Operations(
        baseline=np.tile(np.r_[np.full(8, 1.0), np.full(16, 5.75)], 7),
        capacity=packing.ravel(),
        promise=Promise(ship_days=2, working_days=tuple(range(6)), closes=18, basis="declared"),
        levers=(
            Lever(name="overtime", adds_per_day=80, lead_hours=4, cost_per_order=6.0),
            Lever(name="temps", adds_per_day=200, lead_hours=36, cost_per_order=7.2),
            Lever(name="overflow", adds_per_day=800, lead_hours=24, cost_per_order=8.9),
            Lever(name="throttle", removes_share=0.8, lead_hours=2),
        ),
        money=Money(contribution=30.0, packing=4.1, ad_cost=12.0, goods=20.0),
        shelves=Shelves(np.full(11, 1 / 11), np.linspace(100, 900, 11)),
        dispersion=0.02,
        patience_days=40.0,
        paid_share=0.4,
        tickets_per_order=0.05,
        tickets_per_late_order=0.3,
    )

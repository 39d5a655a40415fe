"""A shop before a spike, as small as tests need it."""

import numpy as np
from goulot.methods.spike_stock import Shelves
from goulot.steps.spike_operations import (
    Lever,
    Money,
    Operations,
    Promise,
)

ALL_WEEK = tuple(range(7))


def shop(**changes) -> Operations:
    """A shop with a warehouse that works on six days, ten hours a day."""
    packing = np.zeros((7, 24))
    packing[:6, 8:18] = 25.0
    usual = np.tile(np.r_[np.full(8, 1.0), np.full(16, 4.5)], 7)
    made = {
        "baseline": usual,
        "capacity": packing.ravel(),
        "promise": Promise(ship_days=1, working_days=tuple(range(6)), closes=18, basis="declared"),
        "levers": (
            Lever(name="overtime", adds_per_day=120, lead_hours=4, cost_per_order=6.0),
            Lever(name="temps", adds_per_day=600, lead_hours=36, ramp_hours=6, cost_per_order=7.2),
            Lever(name="throttle", removes_share=0.8, lead_hours=2),
            Lever(name="freight", brings_goods=True, adds_per_day=150, lead_hours=24),
        ),
        "money": Money(contribution=30.0, packing=4.1, ad_cost=12.0, goods=20.0),
        "shelves": Shelves(np.array([0.1, 0.9]), np.array([120.0, 3000.0])),
        "dispersion": 0.02,
        "patience_days": 20.0,
        "paid_share": 0.4,
        "tickets_per_order": 0.05,
        "tickets_per_late_order": 0.3,
    }
    return Operations(**made | changes)

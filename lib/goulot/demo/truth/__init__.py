"""What is true of a simulated company, apart from its exports: only tests may read it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from goulot.demo.bills import Bills
from goulot.demo.company import Company
from goulot.demo.truth.channels import true_channels
from goulot.demo.truth.delivery import true_late_effect, true_regions
from goulot.demo.truth.lifted import true_cost
from goulot.demo.truth.service import true_rates, true_service
from goulot.demo.truth.spikes import spike_facts, true_spikes
from goulot.demo.truth.stages import last_quarter, true_shares, true_stages
from goulot.demo.truth.stock import true_campaigns, true_stock

__all__ = ["tell_truth", "write_truth"]


def tell_truth(company: Company, bills: Bills, planted: Mapping[str, Any]) -> dict[str, Any]:
    """All that a step could be asked about, as plain data; money in the client's currency.

    Stages, channels and shares speak of the last quarter (all days, if the world is shorter);
    effects, regions and lead times of the whole world.
    """
    world, quarter = company.world, last_quarter(company.world)
    return {
        "world": world.name,
        "seed": company.seed,
        "kind": world.kind,
        "first_day": world.first_day.isoformat(),
        "last_day": world.last_day.isoformat(),
        "quarter": f"{world.last_day.year}Q{(world.last_day.month + 2) // 3}",
        "binding_stage": world.constraint,
        "close_second": world.close_second,
        "stages": true_stages(company, quarter),
        "shares": true_shares(company, quarter),
        "constraint_costs": true_cost(company, quarter),
        "channels": true_channels(company, bills, quarter),
        "campaigns": true_campaigns(company, quarter),
        "service": true_service(company, bills, quarter),
        "rates": true_rates(company),
        "stock": true_stock(company, quarter),
        "late_effect": true_late_effect(company, bills),
        "regions": true_regions(company),
        "lead_times": {
            s.name: {"mean_days": s.lead_days, "sd_days": s.lead_sd_days, "quoted": s.quoted_days}
            for s in world.suppliers
        },
        "spikes": true_spikes(company),
        "spike_facts": spike_facts(company, bills, quarter),
        "totals": _totals(company, bills),
        "planted": dict(planted),
    }


def write_truth(folder: Path, truth: Mapping[str, Any]) -> None:
    """``truth.json`` beside client.yml: sorted, the same bytes for the same truth."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "truth.json").write_bytes((text + "\n").encode())


def _totals(company: Company, bills: Bills) -> dict[str, Any]:
    bill, money = bills.orders, ("total", "discount", "refunded", "tax")
    return {
        "orders": len(bill),
        "lines": len(company.lines),
        "parcels": len(company.parcels),
        "tickets": len(company.tickets),
        "purchase_orders": int(company.purchases["po"].nunique()),
        "customers": int(company.orders["customer"].nunique()),
        "spend": round(float(company.demand.spend.sum()), 2),
        "units_sold": int(company.sold.sum()),
        "units_lost": int(company.lost.sum()),
        **{name: round(float(bill[name].sum()), 2) for name in money},
    }

"""What is true of the subscription business, apart from its exports: only tests may read it."""

from typing import Any

import numpy as np
from scipy.special import betaln

from goulot.demo.catalogue import slug
from goulot.demo.demand import adstock, respond
from goulot.demo.saas.company import SaasCompany
from goulot.demo.saas.demand import expected_signups
from goulot.demo.saas.lives import true_worth
from goulot.demo.saas.staffing import true_support
from goulot.demo.saas.world import PLANS, YEARLY, Saas
from goulot.demo.world import Channel, World

# Spend as multiples of the last quarter's, at which the expected sign-ups are told.
GRID = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0)
STEP = 1e-4  # of spend, for the slope
AGE_BANDS = {"week_1": (0, 1), "weeks_2_to_4": (1, 4), "months_2_to_3": (4, 13),
             "months_4_to_12": (13, 52)}  # fmt: skip


def tell_truth(company: SaasCompany, exported: World) -> dict[str, Any]:
    """All that a step could be asked about, as plain data; money in the client's currency.

    Stages, spend and CAC speak of the last quarter; shares, tickets by age and churn of the whole
    exported time.
    """
    quarter = last_quarter(company, exported)
    return {
        "world": exported.name,
        "seed": company.seed,
        "kind": exported.kind,
        "first_day": exported.first_day.isoformat(),
        "last_day": exported.last_day.isoformat(),
        "quarter": f"{exported.last_day.year}Q{(exported.last_day.month + 2) // 3}",
        "binding_stage": exported.constraint,
        "close_second": exported.close_second,
        "stages": _stages(company, quarter),
        "channels": _channels(company, quarter),
        "onboarding": _onboarding(company, quarter),
        "support": true_support(company, quarter),
        "plans": {p.name: {"price": p.price, "interval": p.interval} for p in PLANS},
        "spikes": _spikes(company, exported),
        "totals": _totals(company),
    }


def last_quarter(company: SaasCompany, exported: World) -> np.ndarray:
    """By lived day, whether it belongs to the last quarter."""
    month = (exported.last_day.month - 1) // 3 * 3 + 1
    first = exported.last_day.replace(month=month, day=1)
    return np.arange(company.world.days) >= (first - company.world.first_day).days


def _stages(company: SaasCompany, quarter: np.ndarray) -> dict[str, dict[str, float]]:
    saas, size, weeks = company.world.extra, company.world.size, quarter.sum() / 7
    return {
        "onboarding": _load(
            _on(company.accounts["hour"], quarter).sum() / weeks,
            saas.onboarding.slots_per_week * size,
        ),
        "support": _load(
            _on(company.tickets["hour"], quarter).sum() / weeks, saas.desk.tickets_per_week * size
        ),
    }


def _load(load: float, capacity: float) -> dict[str, float]:
    return {
        "load_per_week": float(load),
        "capacity_per_week": float(capacity),
        "utilization": float(load / capacity),
    }


def _on(hours, days: np.ndarray) -> np.ndarray:
    """Whether these hours fall on the chosen days."""
    return days[(np.asarray(hours) // 24).astype(int)]


def _channels(company: SaasCompany, quarter: np.ndarray) -> dict[str, Any]:
    at = {factor: _signups_at(company, quarter, factor) for factor in (*GRID, 1 + STEP)}
    return {
        slug(channel.name).replace("-", "_"): {
            "name": channel.name,
            **_bought(company, place, quarter),
            **_response(company, place, channel, quarter, at),
            "tickets_per_signup": _tickets_by_age(company, place),
            "tickets_a_week": _ticket_rates(company, channel),
            **_lives(company, place, channel),
        }
        for place, channel in enumerate(company.world.channels)
    }


def _signups_at(company: SaasCompany, quarter: np.ndarray, factor: float) -> np.ndarray:
    """Expected sign-ups of the quarter by channel, had its spend been multiplied by ``factor``."""
    spend = company.demand.spend.copy()
    spend[:, quarter] *= factor
    return expected_signups(company.world, spend)[:, quarter].sum(axis=1)


def _bought(company: SaasCompany, place: int, quarter: np.ndarray) -> dict[str, Any]:
    """Spend, accounts and customers won (first payments) of the quarter."""
    accounts = company.accounts
    mine = accounts["channel"].to_numpy() == place
    ends = np.minimum(accounts["trial_ends"].to_numpy(), company.last_hour - 1)
    wins = accounts["will_pay"].to_numpy() & (accounts["trial_ends"] < company.last_hour).to_numpy()
    signups = int((mine & _on(accounts["hour"], quarter)).sum())
    won = int((mine & wins & _on(ends, quarter)).sum())
    spend = float(company.demand.spend[place][quarter].sum())
    return {
        "spend": round(spend, 2),
        "signups": signups,
        "new_customers": won,
        "cac": spend / won if spend and won else None,
        "cac_per_signup": spend / signups if spend and signups else None,
    }


def _response(company, place: int, channel: Channel, quarter, at) -> dict[str, Any]:
    """Expected, incremental and marginal sign-ups of the quarter, and the curve itself."""
    spend = float(company.demand.spend[place][quarter].sum())
    now, without, more = at[1.0][place], at[0.0][place], at[1 + STEP][place]
    pays = _paying_share(company, place)
    marginal = spend * STEP / (more - now) if spend else None
    size = company.world.size
    stock = adstock(channel, company.demand.spend[place] / size)[quarter]
    return {
        "expected_signups": float(now),
        "incremental_signups": float(now - without),
        "marginal_cac_per_signup": marginal,
        "marginal_cac": marginal / pays if marginal else None,
        "saturation_share": (
            float(respond(channel, stock).mean() / channel.top_per_day) if spend else None
        ),
        "at_spend": {
            "factor": list(GRID), "expected_signups": [float(at[f][place]) for f in GRID],
        },
        "response": {
            "form": channel.response, "base_per_day": channel.base_per_day * size,
            "top_per_day": channel.top_per_day * size, "shape": channel.shape,
            "half_spend_per_day": channel.half_spend * size, "carryover": channel.carryover,
        },
    }  # fmt: skip


def _paying_share(company: SaasCompany, place: int) -> float:
    """Of the accounts whose trial is over: those that became customers."""
    accounts = company.accounts
    over = (accounts["trial_ends"] < company.last_hour) & (accounts["channel"] == place)
    over &= accounts["hour"] >= company.from_day * 24
    return float(accounts.loc[over, "will_pay"].mean())


def _tickets_by_age(company: SaasCompany, place: int) -> dict[str, float]:
    """Mean tickets of an account while it was that old, over accounts that are older by now."""
    accounts, tickets = company.accounts, company.tickets
    hour = accounts["hour"].to_numpy()
    age = (tickets["hour"].to_numpy() - hour[tickets["account"]]) / 168
    mine = (accounts["channel"] == place).to_numpy() & (hour >= company.from_day * 24)
    means = {}
    for band, (low, high) in AGE_BANDS.items():
        seen = mine & (hour + high * 168 <= company.last_hour)
        written = seen[tickets["account"]] & (age >= low) & (age < high)
        means[band] = float(written.sum() / max(seen.sum(), 1))
    return means


def _ticket_rates(company: SaasCompany, channel: Channel) -> dict[str, float]:
    """Tickets a week of a living account of age a weeks: steady + first · exp(−a / fades)."""
    saas: Saas = company.world.extra
    factor = saas.traits[channel.name].tickets
    return {
        "first_per_week": saas.tickets.first_per_week * factor,
        "fades_weeks": saas.tickets.fades_weeks,
        "steady_per_week": saas.tickets.steady_per_week * factor,
    }


def _lives(company: SaasCompany, place: int, channel: Channel) -> dict[str, Any]:
    """Activation, payment, and how long those who pay by the month stay.

    ``retention`` is by number of renewals, of the shifted beta-geometric (Fader & Hardie 2007):
    S(n) = B(alpha, beta + n) / B(alpha, beta), slow replies left out; as lived they are in it.
    """
    accounts = company.accounts
    traits = company.world.extra.traits[channel.name]
    alpha = traits.churn * traits.churn_spread
    beta = (1 - traits.churn) * traits.churn_spread
    old = accounts[(accounts["channel"] == place) & (accounts["hour"] >= company.from_day * 24)]
    old = old[old["trial_ends"] < company.last_hour]
    retention = np.exp(betaln(alpha, beta + np.arange(13)) - betaln(alpha, beta))
    paying = old[old["will_pay"]]
    worth = true_worth(company, place)
    price = np.array([p.price / (12 if p.interval == "year" else 1) for p in PLANS])
    return {
        "activated_share": float(old["activated"].notna().mean()),
        "paying_share": float(old["will_pay"].mean()),
        "yearly_share": float((paying["plan"] == YEARLY).mean()),
        "mean_first_mrr": float((price[paying["plan"]] * paying["seats"]).mean()),
        "churn": {"alpha": alpha, "beta": beta, "mean": traits.churn},
        "retention": [float(s) for s in retention],
        "retention_12_months": float(retention[12]),
        "retention_12_months_as_lived": worth.retention_12_months,
        "ltv": worth.ltv,
    }


def _onboarding(company: SaasCompany, quarter: np.ndarray) -> dict[str, Any]:
    saas, accounts = company.world.extra, company.accounts
    rules = saas.onboarding
    mine = accounts[_on(accounts["hour"], quarter)]
    wait = (mine["called"] - mine["hour"]) / 24
    return {
        "capacity_per_week": rules.slots_per_week * company.world.size,
        "called_share": float(mine["called"].notna().mean()),
        "mean_wait_days": float(wait.mean()),
        "activated_share": float(mine["activated"].notna().mean()),
        "activation_lost_a_day": rules.wait_effect,
        "activation_without_call": rules.alone,
    }


def _spikes(company: SaasCompany, exported: World) -> list[dict[str, Any]]:
    """Every event that is over: sign-ups a day while it ran, as a multiple of the month before."""
    by_day = np.bincount((company.accounts["hour"] // 24).astype(int), minlength=company.world.days)
    told = []
    for event in exported.promotions:
        first, last = ((d - company.world.first_day).days for d in (event.starts_on, event.ends_on))
        if last < company.world.days:
            before = by_day[first - 28 : first].mean()
            times = by_day[first : last + 1]
            told.append({
                "event": event.name, "starts_on": event.starts_on.isoformat(),
                "mean_multiple": float(times.mean() / before),
                "peak_multiple": float(times.max() / before),
            })  # fmt: skip
    return told


def _totals(company: SaasCompany) -> dict[str, Any]:
    """Of the exported days."""
    first = company.from_day * 24
    accounts, payments, tickets = company.accounts, company.payments, company.tickets
    paid = payments[payments["is_paid"] & (payments["hour"] >= first)]
    return {
        "signups": int((accounts["hour"] >= first).sum()),
        "activated": int(
            (accounts["activated"][accounts["hour"] >= first] < company.last_hour).sum()
        ),
        "tickets": int((tickets["hour"] >= first).sum()),
        "paid_payments": len(paid),
        "failed_payments": int((~payments["is_paid"] & (payments["hour"] >= first)).sum()),
        "paid": round(float(paid["amount"].sum()), 2),
        "refunded": round(float(paid["amount"][paid["refunded"]].sum()), 2),
        "spend": round(float(company.demand.spend[:, company.from_day :].sum()), 2),
    }

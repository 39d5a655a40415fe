"""What the next customer costs, where the next euro goes, what can be foretold: is it true?"""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from goulot.steps.channel_figures import slug
from goulot.steps.channel_inputs import MARTS, ChannelPolicy, Declared, Marts
from goulot.steps.channel_plan import room_of
from goulot.steps.channels import ChannelReport, read_channels
from goulot.steps.constraint import ConstraintPolicy, audit_constraint
from harness import Get, Lived, Measure, share
from scipy.stats import binom

WORLDS = (
    "shop", "saturated", "linear", "logarithmic", "threshold", "unmoving", "seasonal_spend",
    "spend_test", "heavy_tails", "noisy",
)  # fmt: skip
QUICK = ("shop",)
PAID = ("paid_search", "paid_social")
GRID = 41  # spends a channel is tried at, for the true best


def measure(get: Get, seeds: Sequence[int], worlds: Sequence[str] = WORLDS) -> list[Measure]:
    """Rows over all worlds together, since one world has two channels and a few seeds."""
    lives = {(world, seed): get(world, seed) for world in worlds for seed in seeds}
    reports = {key: read(life) for key, life in lives.items()}
    pairs = [(world, lives[world, seed], found) for (world, seed), found in reports.items()]
    moved = [pair for pair in pairs if pair[0] != "unmoving"]
    rows = [_marginal(moved), _cac(pairs), _regret(moved), *_forecast(lives)]
    still = [pair for pair in pairs if pair[0] == "unmoving"]
    return rows + ([_unmoving(still)] if still else [])


def read(life: Lived, quarter: str = "") -> ChannelReport:
    """What notebook 02 would find."""
    session = life.session(quarter)
    economics = session.settings.economics
    audit = audit_constraint(
        session.mart("stage_week"), session.settings.capacity.per_week, session.quarter,
        ConstraintPolicy(replicates=100),
    )  # fmt: skip
    return read_channels(
        Marts(**{name: session.mart(name) for name in MARTS}),
        session.quarter,
        Declared(
            currency=session.settings.currency,
            horizon_months=economics.horizon_months,
            discount_rate=economics.discount_rate,
        ),
        ChannelPolicy(),
        room_of(audit.limits),
    )


def _rows(report: ChannelReport):
    return [row for row in report.rows if slug(row.channel) in PAID]


def _marginal(pairs) -> Measure:
    held, missed, errors = [], [], []
    for world, life, report in pairs:
        for row in _rows(report):
            true = life.truth["channels"][slug(row.channel)]["marginal_cac"]
            found = row.marginal_cac
            if true is None or found.value is None:
                continue
            held.append(found.low <= true <= found.high)
            errors.append(abs(found.value / true - 1))
            missed += [] if held[-1] else [f"{world} {row.channel}"]
    low, high = binom.ppf((0.05, 0.95), len(held), (0.85, 0.95)) / max(len(held), 1)
    return Measure(
        step="channels", what="marginal CAC: 90 % interval holds the truth", world="all together",
        target="85 to 95 % of channels, up to chance", value=share(held), low=low, high=high,
        n=len(held), ok=low <= share(held),
        note=f"median error {np.median(errors):.0%}; missed: {', '.join(missed) or 'none'}",
    )  # fmt: skip


def _cac(pairs) -> Measure:
    errors = [
        abs(row.cac.value / life.truth["channels"][slug(row.channel)]["cac"] - 1)
        for _, life, report in pairs
        for row in _rows(report)
        if row.cac.value is not None
    ]
    return Measure(
        step="channels", what="CAC: median error", world="all together", target="under 10 %",
        value=float(np.median(errors)), n=len(errors), ok=np.median(errors) < 0.10,
    )  # fmt: skip


def _regret(pairs) -> Measure:
    """Of the best contribution that spend within the policy's range can add."""
    found = [
        regret(report, life.truth["channels"])
        for _, life, report in pairs
        if not report.plan.why_not
    ]
    worst = max(found, default=0.0)
    return Measure(
        step="channels", what="allocation: median regret", world="all together",
        target="under 5 % of the best", value=float(np.median(found)), high=worst, n=len(found),
        ok=bool(np.median(found) < 0.05), note=f"worst {worst:.0%}",
    )  # fmt: skip


def regret(report: ChannelReport, truth: Mapping) -> float:
    """Share of the best contribution that the plan leaves, by the true curves and true worth."""
    bought, policy = report.bought, report.policy.plan
    names, weeks = bought.channels, report.weeks.in_quarter.sum()

    def brings(channel: str, spend: np.ndarray) -> np.ndarray:
        facts = truth[slug(channel)]
        at, weekly = facts["at_spend"], facts["spend"] / 13
        new = np.interp(spend / weekly, at["factor"], at["expected_new_customers"])
        return facts["ltv"] * (new - at["expected_new_customers"][0]) / 13 - spend

    assert weeks
    grids = [
        np.linspace(bought.floor(name, policy), bought.cap(name, policy), GRID) for name in names
    ]
    gains = [brings(name, grid) for name, grid in zip(names, grids, strict=True)]
    budget = sum(report.plan.today.values()) * 1.0001
    best = max(
        sum(gain[n] for gain, n in zip(gains, place, strict=True))
        for place in product(range(GRID), repeat=len(names))
        if sum(grid[n] for grid, n in zip(grids, place, strict=True)) <= budget
    )
    plan = {name: float(figure.value) for name, figure in report.plan.best.items()}
    got = sum(float(brings(name, np.array(plan[name]))) for name in names)
    return max(0.0, (best - got) / max(abs(best), 1e-9))


def _forecast(lives: Mapping[tuple[str, int], Lived]) -> list[Measure]:
    """The quarter before the last, as it was then, against what came."""
    held, errors, inside = [], [], []
    for life in lives.values():
        quarter = life.session().quarter
        then = read(life, str(quarter.previous))
        session = life.session()
        came = session.sql(
            "select count(*) as n from customer_first_order where first_ordered_on between "
            f"'{quarter.first_day}' and '{quarter.last_day}'"
        )["n"][0]
        said = then.series[-1].next_quarter
        held.append(said.low <= came <= said.high)
        errors.append(abs(said.value / came - 1))
        inside += [one.coverage for one in then.series if one.coverage is not None]
    return [
        Measure(
            step="channels", what="next quarter's new customers inside the 90 % interval",
            world="all together", target="at least 80 %", value=share(held), n=len(held),
            ok=share(held) >= 0.8, note=f"median error {np.median(errors):.0%}",
        ),
        Measure(
            step="channels", what="80 % intervals at four weeks: share held",
            world="all together", target="70 to 90 %", value=float(np.mean(inside)),
            n=len(inside), ok=bool(0.7 <= np.mean(inside) <= 0.9),
        ),
    ]  # fmt: skip


def _unmoving(pairs) -> Measure:
    none = [not set(report.curves.fits) for _, _, report in pairs]
    return Measure(
        step="channels", what="spend that never moved gets no curve", world="unmoving",
        target="always", value=share(none), n=len(none), ok=all(none),
    )  # fmt: skip

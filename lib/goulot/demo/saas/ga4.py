"""Google Analytics 4: visits by channel and day."""

from pathlib import Path

import numpy as np

from goulot.demo.clock import halves
from goulot.demo.saas.company import SaasCompany
from goulot.demo.saas.demand import WEEKDAYS
from goulot.demo.sheets import header_of, lines_of, whole, write_lines
from goulot.demo.world import World, stream
from goulot.demo.writers.ga4 import GROUPS, TRAFFIC_HEADER, rates

ENGAGED = {"Paid Social": 0.38, "Influencer": 0.45, "Email": 0.66}
CONSENT = 0.78  # of visitors who let themselves be counted


def write_traffic(folder: Path, company: SaasCompany, exported: World) -> None:
    """The report "Traffic acquisition" with the date beside the channel group, one a year."""
    sessions, engaged, signed_up = traffic(company)
    rng = stream(company.world, company.seed, "traffic details")
    days = np.datetime_as_string(exported.start + np.arange(exported.days))
    groups = [GROUPS.get(c.name, c.name) for c in company.world.channels]
    for turn, (first, last) in enumerate(halves(exported)):
        low, high = ((day - exported.first_day).days for day in (first, last))
        day, channel = np.divmod(np.arange((high - low + 1) * len(groups)), len(groups))
        day = day + low
        count = sessions[channel, day]
        order = np.lexsort((channel, day, -count))
        order = order[count[order] > 0]
        day, channel, count = day[order], channel[order], count[order]
        good, events = (
            engaged[channel, day],
            (count * rng.uniform(5.4, 7.8, len(count))).astype(int),
        )
        users = np.maximum(1, (count * rng.uniform(0.79, 0.88, len(count))).astype(int))
        columns = (
            [groups[c] for c in channel], [days[d].replace("-", "") for d in day], whole(users),
            whole(count), whole(good), [f"{v:.9g}" for v in rng.gamma(28, 2.1, len(count))],
            rates(good, users), rates(events, count), rates(good, count), whole(events),
            whole(signed_up[channel, day]),
        )  # fmt: skip
        name = f"traffic-acquisition{f' ({turn})' if turn else ''}.csv"
        lines = [*_preamble(first, last), header_of(TRAFFIC_HEADER)]
        lines += lines_of(dict(enumerate(columns)), len(count))
        write_lines(folder / name, lines, newline="\r\n")


def traffic(company: SaasCompany) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counted sessions, engaged ones and sign-ups, by channel and exported day."""
    world = company.world
    rng = stream(world, company.seed, "traffic")
    expected = company.demand.expected[:, company.from_day :]
    drawn = company.demand.drawn[:, company.from_day :]
    visits = np.array([world.extra.traits[c.name].visits_per_signup for c in world.channels])
    week = np.array(WEEKDAYS)[(np.arange(world.days) + world.first_day.weekday()) % 7]
    flatter = (week[company.from_day :]) ** -0.35  # at weekends people look and do not sign up
    wanted = expected * flatter * visits[:, None] * CONSENT
    signed_up = rng.binomial(drawn, CONSENT)
    sessions = np.maximum(rng.poisson(wanted * rng.gamma(50, 1 / 50, wanted.shape)), signed_up)
    share = np.array([ENGAGED.get(c.name, 0.55) for c in world.channels])[:, None]
    engaged = rng.binomial(sessions, np.clip(share * rng.uniform(0.94, 1.06, sessions.shape), 0, 1))
    return sessions, np.maximum(engaged, signed_up), signed_up


def _preamble(first, last) -> list[str]:
    rule = "# ----------------------------------------"
    title = "# Traffic acquisition: Session primary channel group (Default channel group)"
    account = ["# Account: Roulemo", "# Property: roulemo.example - GA4"]
    span = [f"# Start date: {first:%Y%m%d}", f"# End date: {last:%Y%m%d}"]
    return [rule, title, *account, rule, "# ", "# All Users", *span]

"""What only a subscription business has: plans, onboarding, churn, tickets by age of account."""

from dataclasses import dataclass, replace
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan as Stripe names it; ``price`` is of one unit in one interval, currency."""

    name: str
    price: float
    interval: str  # month or year
    has_seats: bool = False


PLANS = (
    Plan(name="solo-mensuel", price=29.0, interval="month"),
    Plan(name="equipe-mensuel", price=9.0, interval="month", has_seats=True),
    Plan(name="equipe-annuel", price=90.0, interval="year", has_seats=True),
)
SOLO, TEAM, YEARLY = range(3)


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What the accounts of a channel are like. Shares are of those before them in the funnel."""

    activates: float = 0.66  # of accounts onboarded at once
    pays: float = 0.22  # of activated accounts, at the end of the trial
    team_share: float = 0.45  # of paying accounts: the plan with seats
    yearly_share: float = 0.16  # of those: paid by the year
    churn: float = 0.055  # mean monthly probability of not renewing, plans paid by the month
    churn_spread: float = 6.0  # alpha + beta of its Beta over customers; small: very unlike
    tickets: float = 1.0  # tickets of an account, as a multiple of the company's rates
    visits_per_signup: float = 32.0


@dataclass(frozen=True, kw_only=True)
class Onboarding:
    """Every new account is offered a set-up call; calls are given first come, first served."""

    slots_per_week: float = 285.0
    patience_days: float = 10.0  # mean wait after which an account gives up on its call
    patience_shape: float = 3.0  # of that gamma
    wait_effect: float = 0.06  # each day of waiting takes this share off the odds of activation
    alone: float = 0.20  # share of ``activates`` that is left without a call


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Customer service. ``agents_by_hour`` are on duty Monday to Friday from ``opens_hour`` on."""

    opens_hour: int = 9
    agents_by_hour: tuple[float, ...] = (2, 3, 3, 3, 2, 3, 3, 3, 2)
    tickets_per_agent_hour: float = 3.6
    patience_days: float = 5.0  # working days of backlog beyond which tickets go unanswered
    slow_reply_hours: float = 24.0  # the weekend not counted
    slow_reply_effect: float = 0.05  # on the probability of not renewing next time

    @property
    def agents(self) -> float:
        """Mean over the opening hours."""
        return sum(self.agents_by_hour) / len(self.agents_by_hour)

    @property
    def closes_hour(self) -> int:
        return self.opens_hour + len(self.agents_by_hour)

    @property
    def tickets_per_week(self) -> float:
        return 5 * sum(self.agents_by_hour) * self.tickets_per_agent_hour


@dataclass(frozen=True, kw_only=True)
class Tickets:
    """Tickets an account writes a week at age ``a`` weeks: steady + first · exp(−a / fades)."""

    first_per_week: float = 0.60
    fades_weeks: float = 2.2
    steady_per_week: float = 0.032


@dataclass(frozen=True, kw_only=True)
class Saas:
    """Everything that is true of a subscription business beside its ``World``."""

    traits: dict[str, Traits]
    onboarding: Onboarding = Onboarding()
    desk: Desk = Desk()
    tickets: Tickets = Tickets()
    trial_days: int = 14
    card_share: float = 0.30  # of accounts that will not pay: gave a card and cancel in the trial
    unactivated_pays: float = 0.02  # of accounts that never activated
    yearly_churn: float = 0.24  # mean probability of not renewing a plan paid by the year
    upgrade: float = 0.011  # monthly probability: from solo to team
    seats_up: float = 0.035  # monthly probability: one to three seats more
    seats_down: float = 0.012
    untracked_share: float = 0.04  # of accounts whose source nobody kept

    def with_(self, **changes: Any) -> Self:
        return replace(self, **changes)

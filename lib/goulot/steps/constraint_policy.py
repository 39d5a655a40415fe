"""What the consultant chooses about the constraint audit."""

from dataclasses import dataclass

from goulot.errors import ParameterError


@dataclass(frozen=True, kw_only=True)
class ConstraintPolicy:
    """What the consultant chooses about the audit.

    ``binding_utilization`` [share]: from here on a stage holds the others back;
    ``slack_utilization`` [share]: below it, more capacity would be premature;
    ``standing_backlog_days`` [days of load]: a queue that never falls below it shows a stage at its
    limit, and ``min_saturated_weeks`` such weeks make an observed capacity; ``min_weeks``: with
    fewer whole weeks nothing is said; ``sure_probability`` [share]: below it the verdict is called
    uncertain; ``tie_share`` [share]: stages as close as that are held to bind together.
    """

    binding_utilization: float = 0.95
    slack_utilization: float = 0.70
    standing_backlog_days: float = 1.0
    min_saturated_weeks: int = 3
    min_weeks: int = 8
    sure_probability: float = 0.90
    tie_share: float = 0.05
    replicates: int = 1000
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("binding_utilization", "slack_utilization", "sure_probability"):
            if not 0 < getattr(self, name) <= 1:
                raise ParameterError(
                    f"{name}={getattr(self, name)} is not a share above 0 and up to 1: "
                    "write 0.95 for 95 %."
                )
        if not 0 <= self.tie_share < 1:
            raise ParameterError(f"tie_share={self.tie_share} is not a share: write 0.05 for 5 %.")
        for name in ("min_saturated_weeks", "min_weeks", "replicates"):
            if getattr(self, name) < 1:
                raise ParameterError(
                    f"{name}={getattr(self, name)} is not a count: write 1 or more."
                )
        if self.standing_backlog_days < 0:
            raise ParameterError("standing_backlog_days is below 0: write days, as in 1.0.")

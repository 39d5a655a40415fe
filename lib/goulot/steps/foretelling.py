"""What a finding will be next quarter if an action is taken: the predictions of recommendations.

The range is the step's own where it has one for the changed world; else it is what chance alone
would hardly bring: beyond the end of the 90 % interval in which the finding is known today.
"""

from goulot.findings import Figure, Prediction


def stays(finding: str, figure: Figure) -> Prediction | None:
    """Measured again, the finding will lie in its present interval; None where there is none."""
    if not isinstance(figure.value, float) or figure.low is None or figure.high is None:
        return None
    return Prediction(finding=finding, now=figure.value, low=figure.low, high=figure.high)


def falls(
    finding: str, figure: Figure, *, least: float = 0.0, most: float | None = None
) -> Prediction | None:
    """The finding will be lower by more than chance, and at most ``most``.

    None where it is not known, or where its interval reaches down to ``least``, the lowest that it
    can be: then no fall could be told from chance.
    """
    known = stays(finding, figure)
    if known is None or known.low <= least:
        return None
    high = known.low if most is None else min(known.low, most)
    return Prediction(finding=finding, now=known.now, low=None, high=high)


def at_most(finding: str, now: float | None, most: float) -> Prediction:
    """The finding will be ``most`` or less, whatever it is now."""
    return Prediction(finding=finding, now=now, low=None, high=most)

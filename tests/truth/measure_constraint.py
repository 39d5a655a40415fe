"""Does the audit name the stage that binds, and measure what the stages can do?"""

from collections.abc import Sequence

from goulot.findings import Figure
from goulot.steps.constraint import ConstraintAudit, ConstraintPolicy, audit_constraint
from harness import Get, Lived, Measure, share

WORLDS = (
    *("shop", "fulfillment", "overstated", "delivery", "support", "supply", "stock", "tie"),
    *("saturated", "dirty", "thin"),
    *("saas", "saas_onboarding", "saas_support"),
)
TOO_THIN = ("thin",)  # eight weeks: nothing can be said
QUICK = ("fulfillment",)


def measure(get: Get, seeds: Sequence[int], worlds: Sequence[str] = WORLDS) -> list[Measure]:
    """One row per world for the verdict, and for the capacity of the stage that binds."""
    rows = []
    for world in worlds:
        lives = [get(world, seed) for seed in seeds]
        audits = [audit(life) for life in lives]
        if world in TOO_THIN:
            rows.append(_silence(world, audits))
            continue
        rows += _verdict(world, lives, audits)
        rows += _utilization(world, lives, audits)
    return rows


def audit(life: Lived) -> ConstraintAudit:
    session = life.session()
    declared = session.settings.capacity.per_week
    policy = ConstraintPolicy(replicates=300)
    return audit_constraint(session.mart("stage_week"), declared, session.quarter, policy)


def _silence(world: str, audits: list[ConstraintAudit]) -> Measure:
    silent = [a.binding.value is None for a in audits]
    return Measure(
        step="constraint", what="no stage is named on too few weeks", world=world,
        target="in every history", value=share(silent), n=len(silent), ok=all(silent),
    )  # fmt: skip


def _verdict(world: str, lives: list[Lived], audits: list[ConstraintAudit]) -> list[Measure]:
    """The stage is named; where two bind, one of them is, and it is said to be uncertain."""
    pairs = list(zip(lives, audits, strict=True))
    right = [a.binding.value in _binding(life) for life, a in pairs]
    said = sorted({str(a.binding.value) for a in audits})
    rows = [
        Measure(
            step="constraint", what="binding stage is named", world=world,
            target="in at least 95 % of histories",
            value=share(right), n=len(right), ok=share(right) >= 0.95,
            note="" if all(right) else f"truth {lives[0].truth['binding_stage']}, said {said}",
        )
    ]  # fmt: skip
    if lives[0].truth["close_second"]:
        doubted = [not a.is_sure for a in audits]
        rows.append(
            Measure(
                step="constraint", what="a tie is said to be uncertain", world=world,
                target="in at least 3 of 4 histories",
                value=share(doubted), n=len(doubted), ok=share(doubted) >= 0.75,
            )
        )  # fmt: skip
    return rows


def _binding(life: Lived) -> set[str]:
    """The stage that binds; where another is as short, either is right."""
    return {life.truth["binding_stage"], life.truth.get("close_second")}


def _utilization(world: str, lives: list[Lived], audits: list[ConstraintAudit]) -> list[Measure]:
    """Of the stages with a limit: within a tenth of the truth, or a bound that holds."""
    rows = []
    for stage in lives[0].truth["stages"]:
        pairs = [
            (life.truth["stages"][stage]["utilization"], _figure(audit, stage))
            for life, audit in zip(lives, audits, strict=True)
        ]
        known = [(true, said) for true, said in pairs if true is not None and said is not None]
        hits = [_near(true, said) for true, said in known]
        if hits:
            rows.append(
                Measure(
                    step="constraint",
                    what=f"utilization of {stage}",
                    world=world,
                    target="within a tenth of the truth, in at least 8 of 10 histories",
                    value=share(hits),
                    n=len(hits),
                    ok=share(hits) >= 0.8,
                    note="" if all(hits) else _told(known),
                )
            )
    return rows


def _figure(audit: ConstraintAudit, stage: str) -> Figure | None:
    """The utilization that the audit states of a stage; None where it states none."""
    found = next((a.utilization for a in audit.stages if a.stage == stage), None)
    return found if found is not None and isinstance(found.value, float) else None


def _near(truth: float, said: Figure) -> bool:
    if said.bound == "at most":
        return said.value >= 0.9 * truth
    return abs(said.value / truth - 1) <= 0.1


def _told(known: list[tuple[float, Figure]]) -> str:
    pairs = [f"{true:.2f} as {figure.value:.2f}" for true, figure in known]
    return f"truth told: {', '.join(pairs)}"

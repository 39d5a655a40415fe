"""The panels of the spike study: every knob in JupyterLab, multiple × plan × notice in a report."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from goulot.charts import spike_panel as charts
from goulot.charts.spikes import backlog_data
from goulot.language import NOT_KNOWN, Language
from goulot.sentences.spikes import plan_name
from goulot.steps.spike_costs import cost_parts
from goulot.steps.spike_operations import Lever, SpikePolicy
from goulot.steps.spike_plans import NOTICES
from goulot.steps.spike_study import SpikeStudy
from goulot.steps.spike_survival import is_survived
from goulot.steps.spikes import NOTHING, Outcome, Plan, simulate, simulate_plans
from goulot.widgets.knobs import Choice, Slider, Switch
from goulot.widgets.panel import Panel, Readout, Response

MULTIPLES = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
MOST_PLANS = 3  # of the frontier, in a report
PREPARED = "prepared"  # the switch of the stock of the cheapest plan


def spike(study: SpikeStudy, language: Language) -> Panel | None:
    """The spike with all its knobs: size, notice, shape, promise, target, and every lever.
    None without orders to multiply."""
    if not study.operations.has_orders:
        return None
    operations, policy, worlds = study.operations, study.policy, study.worlds
    levers = {f"lever_{n}": lever for n, lever in enumerate(operations.levers)}
    stock = study.best.extra_stock

    def respond(values: Mapping[str, Any]) -> Response:
        chosen = _policy(policy, values)
        promise = replace(operations.promise, ship_days=int(values["ship_days"]))
        plan = Plan(
            tuple(lever.name for name, lever in levers.items() if values[name]),
            stock if values.get(PREPARED) else (),
        )
        met = replace(operations, promise=promise)
        return _response(study, simulate(met, chosen, plan, worlds), chosen, language)

    knobs = [
        *_size(policy, language, step=0.25)[: 1 + bool(levers)],
        *_shape(policy, language),
        *_led(study, language),
        Slider(name="ship_days", label=language.say("Working days promised to ship"),
               positions=(1, 2, 3, 4, 5), start=operations.promise.ship_days),
        Slider(name="target_share", label=language.say("Share that should ship on time"),
               positions=(0.8, 0.99), start=policy.target_share, unit="share", step=0.01),
        *(Switch(name=name, label=lever_label(lever, language), start=lever.name in
                 study.best.levers) for name, lever in levers.items()),
    ]  # fmt: skip
    if stock:
        label = language.say(
            "safety stock of the cheapest plan: goods for {orders} more orders, {cost} a year",
            orders=language.number(sum(stock)),
            cost=language.money(study.planning.best.holding, 0),
        )
        knobs.append(Switch(name=PREPARED, label=label, start=True))
    return _panel(study, "spike", knobs, respond, language)


def plans(study: SpikeStudy, language: Language) -> Panel | None:
    """The spike by its size, the plan and the notice: few enough to be worked out beforehand."""
    if not study.operations.has_orders:
        return None
    operations, policy, worlds = study.operations, study.policy, study.worlds
    known = _known_plans(study, language)

    @cache
    def answers(multiplier: float, notice: float) -> dict[str, Response]:
        """The answer of each plan whose levers are called that early."""
        chosen = replace(policy, multiplier=multiplier, notice_hours=notice)
        plans = {name: plan for name, (plan, used_notice, _) in known.items()
                 if notice <= used_notice}  # fmt: skip
        outcomes = simulate_plans(operations, chosen, list(plans.values()), worlds)
        return {name: _response(study, outcome, chosen, language)
                for name, outcome in zip(plans, outcomes, strict=True)}  # fmt: skip

    def respond(values: Mapping[str, Any]) -> Response:
        name = values.get("plan", "nothing")
        notice = min(values.get("notice_hours", 0.0), known[name][1])  # known early, one may wait
        return answers(values["multiplier"], notice)[name]

    multiple, notice = _size(policy, language)
    if len(known) == 1:
        return _panel(study, "spike_plans", [multiple], respond, language)
    choice = Choice(
        name="plan", label=language.say("Plan"),
        options={name: label for name, (*_, label) in known.items()},
        start=next(name for name, (plan, *_) in known.items() if plan == study.best),
    )  # fmt: skip
    called = language.say("The levers of a plan are called when that costs least.")
    return _panel(study, "spike_plans", [multiple, notice, choice], respond, language, called)


def _known_plans(study: SpikeStudy, language: Language) -> dict[str, tuple[Plan, float, str]]:
    """Doing nothing, the plans of the frontier, and the cheapest: each with the hours before the
    peak at which calling its levers costs least, and its name."""
    found = {"nothing": (NOTHING, 0.0, plan_name(NOTHING, 0.0, language))}
    if study.planning is None:
        return found
    frontier = [cost for cost, _ in study.planning.frontier if cost.plan != NOTHING]
    for number, cost in enumerate([*frontier[:MOST_PLANS], study.planning.best]):
        if cost.plan not in [plan for plan, *_ in found.values()]:
            label = plan_name(cost.plan, cost.service_level, language)
            found[f"plan_{number}"] = (cost.plan, cost.used_notice, label)
    return found


def _policy(policy: SpikePolicy, values: Mapping[str, Any]) -> SpikePolicy:
    names = ("multiplier", "notice_hours", "rise_hours", "plateau_hours", "decay_hours",
             "concentration", "target_share")  # fmt: skip
    return replace(policy, **{name: values[name] for name in names if name in values})


def _size(policy: SpikePolicy, language: Language, step: float | None = None) -> list[Slider]:
    return [
        Slider(name="multiplier", label=language.say("Orders, as a multiple of the usual"),
               positions=MULTIPLES, start=policy.multiplier, unit="×", step=step),
        Slider(name="notice_hours", label=language.say("Notice before the peak"),
               positions=NOTICES, start=policy.notice_hours, unit="hours",
               step=None if step is None else 6.0),
    ]  # fmt: skip


def _shape(policy: SpikePolicy, language: Language) -> list[Slider]:
    rows = (
        ("rise_hours", language.say("Rise to the peak"), 48.0, policy.rise_hours),
        ("plateau_hours", language.say("Time at the peak"), 96.0, policy.plateau_hours),
        ("decay_hours", language.say("Back to the usual"), 96.0, policy.decay_hours),
    )
    return [
        Slider(name=name, label=label, positions=(0.0, most), start=start, unit="hours", step=3.0)
        for name, label, most, start in rows
    ]


def _led(study: SpikeStudy, language: Language) -> list[Slider]:
    """How much of the spike is for one product; nothing to move where no stock was counted."""
    if study.operations.shelves is None:
        return []
    label = language.say(
        "Share of the extra orders for {sku} alone", sku=study.operations.group_names[0]
    )
    return [Slider(name="concentration", label=label, positions=(0.0, 1.0),
                   start=study.policy.concentration, unit="share", step=0.05)]  # fmt: skip


def lever_label(lever: Lever, language: Language) -> str:
    """A lever with its numbers, as its switch has it."""
    hours = language.quantity(lever.lead_hours, "hours", 0)
    name = language.word(lever.name)
    if lever.removes_share:
        return language.say(
            "{name}: {share} less paid demand, after {hours}",
            name=name, share=language.percent(lever.removes_share, 0), hours=hours,
        )  # fmt: skip
    if lever.brings_goods:
        return language.say(
            "{name}: {units} more units a day, after {hours}, {cost} more per order",
            name=lever.name, units=language.number(lever.adds_per_day), hours=hours,
            cost=language.money(lever.cost_per_order),
        )  # fmt: skip
    return language.say(
        "{name}: {orders} more a day, after {hours}, {cost} each",
        name=name, orders=language.number(lever.adds_per_day), hours=hours,
        cost=language.money(lever.cost_per_order),
    )  # fmt: skip


def _response(
    study: SpikeStudy, outcome: Outcome, policy: SpikePolicy, language: Language
) -> Response:
    row = backlog_data(outcome)
    parts = cost_parts(study.operations, outcome)
    share, drain = _middle(outcome.on_time), _middle(outcome.drain_hours)
    gone = language.quantity(drain / 24, "days", 1) if drain < float("inf") else NOT_KNOWN
    is_valued = study.operations.money.contribution is not None
    answer = language.say("yes") if is_survived(outcome, policy) else language.say("no")
    return Response(
        tables={
            "backlog": row,
            "share": charts.share_data(round(share, 4), policy.target_share),
            "costs": charts.cost_data(parts, language),
        },
        readouts=[
            Readout(language.say("Shipped on time"), language.percent(share, 0)),
            Readout(language.say("Survived"), answer),
            Readout(language.say("Largest backlog"), language.number(_middle(outcome.peak))),
            Readout(language.say("Backlog gone after"), gone),
            Readout(language.say("Cost of the spike"),
                    language.money(parts.total, 0) if is_valued else NOT_KNOWN),
        ],
    )  # fmt: skip


def _middle(values) -> float:
    return sorted(values.tolist())[len(values) // 2]


def _panel(
    study: SpikeStudy, name: str, knobs: list, respond, language: Language, note: str = ""
) -> Panel:
    most = study.by_multiplier
    peak = float(most["peak_high"].max()) * 1.05 + 1
    money = most["lost_contribution"].max()
    known = money is not None and money == money and money > 0

    def draw(start: Response) -> list:
        pictures = [charts.backlog(peak, language), charts.share(language)]
        return [*pictures, charts.costs(float(money) * 0.9, language)] if known else pictures

    said = language.say(
        "The median and 90% of the simulated spikes. Survived: the share that is asked ships "
        "on time in nine spikes out of ten."
    )
    return Panel(
        name=name, title=language.say("What if orders multiply?"), knobs=knobs, respond=respond,
        draw=draw, language=language,
        note=f"{said} {note}".strip(),
    )  # fmt: skip

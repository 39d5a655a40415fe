"""Demand spikes in sentences: what is survived, what it costs, what to arm, what notice buys."""

from goulot.language import Language, decimals
from goulot.sentences.markdown import as_text
from goulot.steps.spike_history import SpikeHistory
from goulot.steps.spike_study import SpikeStudy
from goulot.steps.spikes import Plan

NOT_DECLARED = "assumed"


def verdict(study: SpikeStudy, language: Language) -> str:
    """The largest spike survived, and what ten times the usual orders would do."""
    if not study.operations.has_orders:
        return language.say(
            "**Nothing can be said of spikes**: the quarter has no order, and so no usual day."
        )
    parts = [_survives(study, language), _at_ten(study, language)]
    return " ".join(part for part in parts if part)


def _survives(study: SpikeStudy, language: Language) -> str:
    found = study.figures["spikes.survivable_multiplier.unaided"]
    asked = language.percent(study.policy.target_share, 0)
    if found.bound == "at most":
        return language.say(
            "**Not even the usual orders ship on time as often as asked** ({share}).", share=asked
        )
    said = {
        "times": language.multiple(round(found.value, 1)),
        "low": language.multiple(round(found.low, 1)),
        "high": language.multiple(round(found.high, 1)),
        "share": asked,
        "days": language.quantity(study.policy.plateau_hours / 24, "days"),
    }
    if found.bound == "at least":
        return language.say(
            "**At least {times} the usual orders for {days} are shipped on time** ({share} of "
            "them) with nothing done.",
            **said,
        )
    return language.say(
        "**As things are, up to {times} the usual orders for {days} are shipped on time** "
        "({low} to {high}; on time means {share} of the orders, in nine spikes out of ten).",
        **said,
    )


def _at_ten(study: SpikeStudy, language: Language) -> str:
    named = {name: study.figures[f"spikes.{name}.x10"] for name in
             ("share_on_time", "backlog_peak", "hours_to_drain", "lost_contribution")}  # fmt: skip
    hours = named["hours_to_drain"].value
    said = {
        "share": language.percent(named["share_on_time"].value, 0),
        "orders": language.number(named["backlog_peak"].value),
        "gone": _gone(hours, language),
        "lost": language.money(named["lost_contribution"].value, 0),
    }
    if named["lost_contribution"].value is None:
        return language.say(
            "At 10×, {share} would be on time, up to {orders} orders would wait, and the queue "
            "would {gone}.",
            **said,
        )
    return language.say(
        "At 10×, {share} would be on time, up to {orders} orders would wait, the queue would "
        "{gone}, and the spike would cost {lost} in sales lost, cancellations and tickets.",
        **said,
    )


def _gone(hours: float | None, language: Language) -> str:
    if hours is None:
        return language.say("never be gone")
    return language.say(
        "be gone {days} after the peak", days=language.quantity(hours / 24, "days", 1)
    )


def plan_name(plan: Plan, service_level: float, language: Language) -> str:
    """A plan in words: its levers, and how much stock is kept for a spike."""
    parts = [language.word(lever) for lever in plan.levers]
    if service_level and plan.extra_stock and sum(plan.extra_stock) > 0:
        parts.append(
            language.say("stock for {share} of spikes", share=language.percent(service_level, 0))
        )
    return " + ".join(parts) if parts else language.say("do nothing")


def plan(study: SpikeStudy, language: Language) -> str:
    """The cheapest plan, what it costs, what doing nothing costs more, and the two prices of being
    ready."""
    if study.planning is None:
        return language.say(
            "Which plan is the cheapest cannot be said: client.yml declares no gross margin, so "
            "that an order has no known worth."
        )
    best, nothing = study.planning.best, study.planning.nothing
    parts = [
        language.say(
            "For a spike of {times} the usual orders, known {hours} ahead ({often} a year), the "
            "cheapest of {count} plans is **{plan}**: {cost} a year, of which {ready} for being "
            "ready and the rest for what is lost all the same.",
            often=language.number(best.times_per_year, decimals(best.times_per_year, 2)),
            times=language.multiple(study.policy.multiplier),
            hours=language.quantity(study.policy.notice_hours, "hours", 0),
            count=language.number(len(study.planning.ranked)),
            plan=as_text(plan_name(best.plan, best.service_level, language)),
            cost=language.money(best.per_year, 0),
            ready=language.money(best.flexibility_per_year, 0),
        ),
        language.say(
            "Doing nothing would cost {cost}, {regret} more.",
            cost=language.money(nothing.per_year, 0),
            regret=language.money(study.planning.regret, 0),
        ),
        _flexibility(study, language),
    ]
    return " ".join(part for part in parts if part)


def _flexibility(study: SpikeStudy, language: Language) -> str:
    share = study.figures["spikes.flexibility_cost_share"]
    if share.value is None:
        return ""
    missed = study.planning.nothing.per_spike - study.planning.best.per_spike
    return language.say(
        "Being ready costs {share} of what packing costs in a normal year; one spike met "
        "unprepared costs {missed} more than one that is met with the plan.",
        share=language.percent(share.value),
        missed=language.money(missed, 0),
    )


def notice(study: SpikeStudy, language: Language) -> str:
    """What knowing earlier is worth."""
    if study.planning is None:
        return ""
    saved = {hours: study.planning.saved_by(hours) for hours in (24.0, 48.0, 96.0)}
    if max(saved.values()) < 1:
        return language.say(
            "Knowing earlier saves nothing: the cheapest plan has no lever that needs time."
        )
    return language.say(
        "Knowing of a spike 24 hours ahead saves {day} a year against not knowing at all, 48 hours "
        "{two}, 96 hours {four}.",
        day=language.money(saved[24.0], 0),
        two=language.money(saved[48.0], 0),
        four=language.money(saved[96.0], 0),
    )


def standby(study: SpikeStudy, language: Language) -> str:
    """Paying to stand by against paying as you go."""
    if study.planning is None:
        return ""
    held = study.planning.cheapest(with_standby=True)
    used = study.planning.cheapest(with_standby=False)
    if held is None or used is None:
        return language.say("No lever asks for a fee to stand by.")
    return language.say(
        "The cheapest plan that pays somebody to stand by ({held}) costs {dear} a year; the "
        "cheapest that pays only when used ({used}) costs {cheap}.",
        held=as_text(plan_name(held.plan, held.service_level, language)),
        used=as_text(plan_name(used.plan, used.service_level, language)),
        dear=language.money(held.per_year, 0),
        cheap=language.money(used.per_year, 0),
    )


def history(found: SpikeHistory, language: Language) -> str:
    """How often the shop and its products have met spikes."""
    if found.largest_day is None:
        return language.say(
            "The orders go back fewer than eight weeks: too short to tell a spike from a good day."
        )
    parts = [
        language.say(
            "The shop met {count} spikes of twice its usual orders or more ({often} a year); its "
            "fullest day had {times} a median day.",
            count=language.number(len(found.shop)),
            often=language.number(found.per_year.value, 1),
            times=language.multiple(round(found.largest_day, 1)),
        )
    ]
    if len(found.skus):
        top = found.skus.iloc[0]
        parts.append(
            language.say(
                "Single products went higher: {sku} was on {times} its usual orders on {day}.",
                sku=as_text(str(top["sku"])),
                times=language.multiple(round(top["times"])),
                day=language.day(top["peak_on"]),
            )
        )
    return " ".join(parts)


def grounds(study: SpikeStudy, language: Language) -> str:
    """What the simulation rests on, and where each part comes from."""
    ops = study.operations
    rows = (
        (language.say("usual orders"), language.quantity(ops.baseline.sum(), "orders/week", 0),
         "baseline"),
        (language.say("warehouse"), language.quantity(ops.capacity.sum(), "orders/week", 0),
         "capacity"),
        (language.say("working days until an order should have left"),
         language.number(ops.promise.ship_days), "promise"),
        (language.say("patience"), language.quantity(ops.patience_days, "days", 0), "patience"),
    )  # fmt: skip
    lines = [
        "- "
        + language.say(
            "{what}: {cost} ({basis})",
            what=name,
            cost=value,
            basis=language.word(ops.bases.get(part, NOT_DECLARED)),
        )
        for name, value, part in rows
    ]
    if len(ops.places) > 1:
        lines.append("- " + language.say(
            "{count} warehouses, of which the largest packs {share} of the orders",
            count=language.number(len(ops.places)),
            share=language.percent(ops.places[0].of_orders, 0),
        ))  # fmt: skip
    if ops.capacity_is_least:
        lines.append("- " + language.say(
            "the warehouse was never seen at its limit: its best week is taken as what it can do"
        ))  # fmt: skip
    lines += [f"- {line}" for line in (*_goods(study, language), *_left_out(study, language))]
    return "\n".join(lines)


def _goods(study: SpikeStudy, language: Language) -> list[str]:
    """What there is to sell, and what the spike wants of it."""
    ops, shelves = study.operations, study.operations.shelves
    if shelves is None:
        return [language.say("stock: taken as endless, no count of it is known")]
    days, receipts = study.policy.horizon_days, shelves.receipts
    coming = 0.0 if receipts is None else receipts.expected_within(days)
    lines = [
        language.say(
            "stock: goods for {orders} orders on the shelves, and for {more} on order and expected "
            "within {days} ({basis})",
            orders=language.number(shelves.stock.sum()),
            more=language.number(coming),
            days=language.quantity(days, "days"),
            basis=language.word("observed"),
        )
    ]
    if study.policy.concentration:
        lines.append(
            language.say(
                "of the orders that the spike adds, {share} are for {sku} alone",
                share=language.percent(study.policy.concentration, 0),
                sku=as_text(ops.group_names[0]),
            )
        )
    return lines


def _left_out(study: SpikeStudy, language: Language) -> list[str]:
    """The levers of client.yml that are not simulated, each with the reason."""
    why = {
        "delivery": language.say("carriers are taken to collect whatever is packed"),
        "support": language.say("a ticket is taken to cost the same however many there are"),
        "supply": language.say("no count of the stock is known"),
        "stock": language.say("no count of the stock is known"),
    }
    return [
        language.say("{lever} is left out: {why}", lever=as_text(name), why=why[stage])
        for name, stage in study.operations.left_out
    ]

"""French and English, complete: every text a reader can meet has its French, and nothing more."""

import ast
import itertools
import re
from datetime import date
from pathlib import Path

import nbformat
import pytest
from babel import Locale
from babel.numbers import format_currency, format_decimal
from goulot import sentences, words
from goulot.errors import ParameterError
from goulot.exports.spec import platform_formats
from goulot.fields import FIELDS
from goulot.language import LANGUAGES, Language, catalog
from goulot.quarter import Quarter
from goulot.reports import glossary, sections, sheets, sources
from goulot.sentences import review_words, stage_words
from goulot.steps import (
    calendar,
    calendar_actions,
    calendar_events,
    channel_curves,
    channel_figures,
    channel_forecasts,
    channel_plan,
    channel_tests,
    constraint_actions,
    customer_money,
    demand_map,
    feedback_figures,
    first_deliveries,
    flow_check,
    late_tickets,
    lifetime,
    lost_repeats,
    needs,
    predictions,
    premium,
    review,
    sent_orders,
    service_costs,
    speed_effect,
    spike_actions,
    spike_costs,
    spike_history,
    spike_inputs,
    spike_study,
    stages,
    subscribers,
    supplier_drift,
    weekly_worth,
)
from hypothesis import example, given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "lib" / "goulot"
COUNTED = re.compile(r"""count\([^,"]+, "([^"]+)", "([^"]+)"\)""")
SAID = re.compile(r"""say\((?:"([^"]+)"|'([^']+)')""")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def said_in_python() -> set[str]:
    """The texts of every ``….say("…")`` and ``….count(number, "…", "…")``."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "say"
            if named and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "count":
                found |= {a.value for a in node.args[1:3] if isinstance(a, ast.Constant)}
    return found


def said_in_templates() -> set[str]:
    texts = [p.read_text(encoding="utf-8") for p in (PACKAGE / "reports").rglob("*.j2")]
    said = {a or b for text in texts for a, b in SAID.findall(text)}
    return said | {each for text in texts for pair in COUNTED.findall(text) for each in pair}


def said_in_notebooks() -> set[str]:
    notebooks = [nbformat.read(path, as_version=4) for path in (ROOT / "notebooks").glob("*.ipynb")]
    return {c.source for book in notebooks for c in book.cells if c.cell_type == "markdown"}


def said_by_name() -> set[str]:
    """The dictionaries of words, and the reasons and costs that steps return as texts."""
    dictionaries = [words.WORDS, words.COLUMNS, words.UNITS, words.ONE]
    dictionaries.append(words.CONSTRAINT_SENTENCE)
    found = {text for dictionary in dictionaries for text in dictionary.values()}
    found |= {words.FINDINGS[name] for name in words.FINDINGS}
    found |= set(needs.EXPORT_NAMES.values()) | set(stages.NOTES)
    found |= {*weekly_worth.NOTES, *flow_check.NOTES, *needs.MARGIN_NEED}
    found |= {*stage_words.THE_STAGE.values(), *stage_words.PROJECTS.values()}
    found |= {*demand_map.NOTES, *sentences.demand_map.LEVEL_NAMES.values()}
    found |= {*channel_curves.NO_CURVE, *channel_figures.NOTES, *channel_forecasts.NOTES}
    found |= {*channel_plan.NOTES, *customer_money.NOTES, *needs.CUSTOMER_WORTH_NEED}
    found.add(channel_tests.INTERVAL_TOO_WIDE)
    actions = {text for _, text in constraint_actions.ACTIONS.values()}
    found |= actions | {constraint_actions.HOLD, constraint_actions.SETTLE}
    for dictionary in (review_words.DRIVERS, review_words.KPIS, review_words.VERDICTS):
        found |= set(dictionary.values())
    found |= {*review.NOTES, *predictions.NOTES}
    found |= {*spike_study.NOTES, *spike_history.NOTES, *spike_actions.ACTIONS}
    found |= {*calendar.NOTES, *calendar_events.NOTES, *calendar_actions.ACTIONS}
    found |= {*spike_inputs.LEVERS_NEED, *spike_costs.COSTS.values()}
    found |= {*lost_repeats.NOTES, *service_costs.NOTES, *feedback_figures.NOTES}
    found |= {*supplier_drift.NOTES, *late_tickets.NOTES}
    found |= {text for pair in needs.FEEDBACK_NEEDS.values() for text in pair}
    found |= {*lifetime.NOTES, *first_deliveries.NOTES, *premium.NOTES, *premium.SOURCES}
    found |= {*sent_orders.NOTES, *speed_effect.NOTES}
    found |= {*subscribers.NOTES, *itertools.chain(*sentences.subscribers.FORECASTERS.items())}
    found |= {*needs.LTV_NEED, *needs.FULFILLMENT_COST_NEED}
    found |= {text for pair in needs.CAPACITY_NEEDS.values() for text in pair}
    for step in needs.STEPS:
        found |= {step.question} | {need.costs for need in step.needs}
    return found


def said_by_the_report() -> set[str]:
    """What the report says beyond its notebooks: glossary, sources, headings, kinds of export."""
    found = {*glossary.TERMS, *glossary.TERMS.values(), *glossary.COLUMNS.values()}
    found |= {FIELDS[name].meaning for name in glossary.COLUMNS}
    found |= {text for notes in sources.METHODS.values() for text, _ in notes}
    found |= set(itertools.chain(*sections.RESTS_ON.values())) | set(sheets.HEADINGS)
    return found | set(needs.WHERE.values()) | {f.title for f in platform_formats().values()}


def every_text() -> set[str]:
    return (
        said_in_python()
        | said_in_templates()
        | said_in_notebooks()
        | said_by_name()
        | said_by_the_report()
    )


def test_every_text_has_its_french_and_no_french_is_left_over():
    french = {text for text, translated in catalog("fr").items() if translated}
    assert sorted(every_text() - french) == []
    assert sorted(french - every_text()) == []


@pytest.mark.parametrize("text", sorted(catalog("fr")), ids=lambda text: text[:40])
def test_placeholders_are_the_same_in_french(text):
    assert sorted(PLACEHOLDER.findall(catalog("fr")[text])) == sorted(PLACEHOLDER.findall(text))


def test_numbers_money_and_dates_follow_the_language():
    french, english = Language("fr"), Language("en")
    assert french.money(1234.5, 2) == "1\u202f234,50\xa0€"
    assert english.money(1234.5, 2) == "€1,234.50"
    assert french.percent(0.1234, 1) == "12,3\xa0%"
    assert english.percent(0.0014) == "0.14%"
    assert french.day(date(2026, 8, 1)) == "1 août 2026"
    assert french.quarter(Quarter(2026, 3)) == "T3 2026"
    assert english.number(None) == "–"


@given(
    st.floats(-1e12, 1e12),
    st.integers(0, 4),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["EUR", "USD", "CHF", "JPY"]),
)
@example(2.675, 2, "fr", "EUR")
@example(-0.5, 0, "en", "USD")
def test_numbers_and_money_are_written_as_babel_writes_them(x, digits, code, currency):
    language, locale = Language(code, currency), Locale(code)
    rounded = 0.0 if round(x, digits) == 0 else x
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    number = format_decimal(rounded, pattern, locale=locale)
    assert language.number(x, digits) == number.replace("-", "−")
    pattern = locale.currency_formats["standard"].pattern.replace("#,##0.00", pattern)
    money = format_currency(rounded, currency, pattern, locale=locale, currency_digits=False)
    assert language.money(x, digits) == money.replace("-", "−")


def test_a_number_meets_its_noun_as_the_language_counts():
    messages = ("{count} figure observed", "{count} figures observed")
    french = [Language("fr").count(n, *messages) for n in (0, 1, 2)]
    assert french == ["0 chiffre observé", "1 chiffre observé", "2 chiffres observés"]
    assert Language("en").count(0, *messages) == "0 figures observed"


def test_another_language_is_refused():
    with pytest.raises(ParameterError, match="fr"):
        Language("de")

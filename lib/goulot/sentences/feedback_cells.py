"""Adjusted CAC of every channel, place and category as a file, layer by layer."""

from goulot.cells import csv_text
from goulot.language import Language
from goulot.sentences.places import place_name
from goulot.steps.feedback import FeedbackReport
from goulot.steps.service_costs import LAYERS


def cells_file(report: FeedbackReport, language: Language) -> str:
    """A CSV with a row per cell that had new customers, most at stake first.

    Numbers have two digits and the decimal mark of the language; empty: not known.
    """
    rows = report.cell_costs
    rows = rows[rows["new_customers"] > 0]
    money = ["cac", *LAYERS, "added", "pooled", "adjusted", "low", "high", "usual", "at_stake"]
    told = [
        [
            language.word(row["channel"]),
            place_name(row["country"], row["region"], language),
            row["category"],
            int(row["orders"]),
            int(row["new_customers"]),
            *(_number(row[name], language) for name in money),
            language.say("too few orders to judge") if row["is_thin"] else "",
        ]
        for row in rows.to_dict("records")
    ]
    return csv_text(_headings(language), told, ";" if language.code == "fr" else ",")


def _headings(language: Language) -> list[str]:
    return [
        language.say("Channel"),
        language.say("Region"),
        language.say("Category"),
        language.say("Orders"),
        language.say("New customers"),
        language.say("CAC"),
        *(_layer(name, language) for name in LAYERS),
        language.say("Service together"),
        language.say("Service together, whole channel"),
        language.say("Adjusted CAC"),
        language.say("90 % interval from"),
        language.say("90 % interval to"),
        language.say("The same, whole channel"),
        language.say("At stake in the quarter"),
        language.say("Note"),
    ]


def _layer(name: str, language: Language) -> str:
    return {
        "late": language.say("Late delivery"),
        "refund": language.say("Refunds"),
        "ticket": language.say("Tickets"),
        "replacement": language.say("Replacements"),
        "lost": language.say("Repeat purchases lost"),
    }[name]


def _number(value: float, language: Language) -> str:
    if value != value:
        return ""
    text = f"{value:.2f}"
    return text.replace(".", ",") if language.code == "fr" else text

"""actions/*.csv: what to do, a list for each team."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from goulot.cells import defused
from goulot.language import Language
from goulot.reports.sheets import actions_sheet
from goulot.words import OWNER


def action_files(
    recommendations: Sequence[Mapping[str, Any]], language: Language
) -> dict[str, bytes]:
    """File name → CSV, for each team that has something to do.

    As a spreadsheet of the report's language opens it: French with semicolons and decimal commas.
    """
    files = {}
    for owner in OWNER:
        theirs = [act for act in recommendations if act["owner"] == owner]
        if theirs:
            files[f"actions/{owner.replace(' ', '_')}.csv"] = _csv(theirs, language)
    return files


def _csv(recommendations: Sequence[Mapping[str, Any]], language: Language) -> bytes:
    sheet = actions_sheet(recommendations, language)
    is_french = language.code == "fr"
    out = io.StringIO()
    write = csv.writer(out, delimiter=";" if is_french else ",", lineterminator="\r\n")
    write.writerow([head.label for head in sheet.heads])
    for row in sheet.rows:
        write.writerow([_cell(value, is_french) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any, is_french: bool) -> object:
    if value is None:
        return ""
    if isinstance(value, float):
        text = f"{value:.2f}"
        return text.replace(".", ",") if is_french else text
    return defused(value)

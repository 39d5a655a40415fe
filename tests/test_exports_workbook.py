"""What only a workbook can do to an export: sheets, merged cells, formulas, real dates, errors."""

import re
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from fixture_files import FIXTURES, client_for, recognised
from goulot.errors import ExportError
from one_export import headings_of, number_or_text, read, reading, records, save_sheets

TIKTOK = next(path for path in FIXTURES if path.suffix == ".xlsx")
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def connection():
    with reading() as connection:
        yield connection


@pytest.fixture(scope="module")
def whole(connection, tmp_path_factory):
    return read(connection, tmp_path_factory.mktemp("whole"), TIKTOK)


@pytest.fixture
def reread(connection, tmp_path):
    """Read a workbook as the client of the fixture."""
    return lambda path: read(connection, tmp_path, path, client_for(TIKTOK))


def rows() -> list[list[object]]:
    return [list(row) for row in records(TIKTOK)]


def place(heading: str) -> int:
    return headings_of(TIKTOK).index(heading)


def rewritten(path: Path, part: str, old: str, new: str) -> Path:
    """The workbook with a text in one of its parts changed, once."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    changed = re.sub(old, lambda _: new, parts[part].decode(), count=1)
    assert changed != parts[part].decode()
    parts[part] = changed.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_the_table_may_stand_in_the_second_sheet(tmp_path, reread, whole):
    notes = [["Prepared for", "Brume"], ["Date", "2026-07-04"]]
    path = save_sheets(tmp_path / "t.xlsx", {"Read me": notes, "Empty": [], "Report": rows()})
    assert reread(path)[1] == whole[1]


def test_a_title_over_merged_cells_is_no_row(tmp_path, reread, whole):
    path = save_sheets(tmp_path / "t.xlsx", {"Report": [["TikTok, July"], [], *rows()]})
    book = openpyxl.load_workbook(path)
    book["Report"].merge_cells("A1:S1")
    book.save(path)
    account, facts = reread(path)
    assert facts == whole[1]
    assert account.ignored["preamble"] == 2


def test_a_heading_merged_over_the_next_hides_that_column(tmp_path, reread):
    """What cannot be seen is missing: here the clicks, without which the format is not told."""
    path = save_sheets(tmp_path / "t.xlsx", {"Report": rows()})
    at = place("Clicks (destination)")
    book = openpyxl.load_workbook(path)
    book["Report"].merge_cells(start_row=1, end_row=1, start_column=at, end_column=at + 1)
    book["Report"].delete_cols(place("Clicks (all)") + 1)
    book.save(path)
    with pytest.raises(ExportError, match=r"Clicks \(destination\)"):
        reread(path)


def test_days_and_numbers_may_be_real_ones_or_text(tmp_path, reread, whole):
    typed = rows()
    for row in typed[1:]:
        row[0] = datetime.fromisoformat(row[0])
        row[place("Impressions")] = f"{row[place('Impressions')]} "
    assert reread(save_sheets(tmp_path / "t.xlsx", {"Report": typed}))[1] == whole[1]


def test_a_formula_with_its_value_is_that_value(tmp_path, reread, whole):
    path = save_sheets(tmp_path / "t.xlsx", {"Report": rows()})
    cell = rf'<c r="{openpyxl.utils.get_column_letter(place("Cost") + 1)}2"[^>]*><v>51.2</v></c>'
    with zipfile.ZipFile(path) as archive:
        written = re.search(cell, archive.read(SHEET).decode())[0]
    rewritten(path, SHEET, cell, written.replace("<v>", "<f>50+1.2</f><v>"))
    assert reread(path)[1] == whole[1]


def test_a_formula_without_its_value_refuses_the_file(tmp_path, reread):
    formulas = rows()
    formulas[1][place("Cost")] = "=50+1.2"
    with pytest.raises(ExportError, match=r"row 2 of the sheet 'Report'.*save it as CSV"):
        reread(save_sheets(tmp_path / "t.xlsx", {"Report": formulas}))


@pytest.mark.parametrize("odd", ["#REF!", "#N/A", True, "51,2 x", datetime(2026, 7, 1, 10)])
def test_a_cell_that_is_no_amount_costs_its_row_only(tmp_path, reread, whole, odd):
    changed = rows()
    changed[1][place("Cost")] = odd
    account, facts = reread(save_sheets(tmp_path / "t.xlsx", {"Report": changed}))
    assert account.quarantined == 1
    assert not facts - whole[1]


def test_ten_megabytes_in_one_cell_cost_that_row_only(tmp_path, reread, whole):
    changed = rows()
    changed[1][place("Currency")] = "LONG"
    path = save_sheets(tmp_path / "t.xlsx", {"Report": changed})
    rewritten(path, SHEET, "LONG", "x" * 10_000_000)
    account, facts = reread(path)
    assert account.quarantined == 1
    assert not facts - whole[1]


def test_empty_rows_and_columns_that_were_only_formatted_are_none(tmp_path, reread, whole):
    path = save_sheets(tmp_path / "t.xlsx", {"Report": [*rows(), *([[]] * 5)]})
    book = openpyxl.load_workbook(path)
    for row in (2, 9, 40):
        book["Report"].cell(row=row, column=25).font = openpyxl.styles.Font(bold=True)
    book.save(path)
    account, facts = reread(path)
    assert facts == whole[1]
    assert account.quarantined == 0


def test_a_total_below_and_a_second_table_beside_change_nothing(tmp_path, reread, whole):
    more = [[*row, "", "Region", "Share"] for row in rows()]
    more[0][-3:] = ["", "Region", "Share"]
    more.append(["Total of 3 results", 99.95])
    account, facts = reread(save_sheets(tmp_path / "t.xlsx", {"Report": more}))
    assert facts == whole[1]
    assert account.ignored["totals"] == 1


def test_what_reads_as_a_number_is_one():
    assert [number_or_text(text) for text in ("51.2", "007", "-", 3)] == [51.2, "007", "-", 3]
    assert recognised(TIKTOK).dialect.sheet == "sheet1"

"""The terminal: where commands write, a line that says what is being done, the tables."""

from collections.abc import Callable
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table as Grid

WIDE = 150  # columns that the tables need; a narrower terminal scrolls
out = Console(highlight=False, soft_wrap=True)
out.width = max(out.width, WIDE)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class Saying:
    """One line that says what is being done; lines of their own where nobody is watching."""

    def __enter__(self) -> Callable[[str], None]:
        self.status = err.status("…") if err.is_terminal else None
        if self.status:
            self.status.start()
        return self.say

    def say(self, text: str) -> None:
        if self.status:
            self.status.update(text)
        else:
            err.print(text, style="dim", markup=False)

    def __exit__(self, *_: object) -> None:
        if self.status:
            self.status.stop()


def print_ledger(ledger: list[dict[str, Any]], currency: str) -> None:
    """One line per file: its days, and what became of its rows and its money."""
    out.print("What came, and what became of it", style="bold")
    grid = columns_of("file", "recognised as")
    for name in ("days", "rows", "loaded", "duplicates", "ignored", "quarantined"):
        grid.add_column(name, justify="left" if name == "days" else "right", no_wrap=True)
    grid.add_column(f"{currency} in file", justify="right", no_wrap=True)
    for row in ledger:
        counts = (row[k] for k in ("rows", "loaded", "duplicates", "ignored", "quarantined"))
        money = f"{float(row['amount']):,.2f}" if row["measure"] else ""
        days = dict.fromkeys(filter(None, (row["first_day"], row["last_day"])))
        cells = (f"{n:,}" if n else "·" for n in counts)
        grid.add_row(row["file"], row["title"], " – ".join(days), *cells, money)
    out.print(grid)
    out.print("Every row and every cent of these files is accounted for.")


def columns_of(*names: str) -> Grid:
    """An empty table with these columns."""
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        grid.add_column(name, overflow="fold")
    return grid


def print_reasons(ledger: list[dict[str, Any]], client: str) -> None:
    """File by file, why rows were ignored and what it lacks; where quarantined rows are."""
    for row in ledger:
        if others := row["duplicates_as"].get("other grain"):
            out.print(
                f"Duplicates in {row['file']}: {others:,} tell money that another report tells.",
                markup=False,
            )
        if row["ignored_as"]:
            counts = ", ".join(f"{count:,} {why}" for why, count in row["ignored_as"].items())
            out.print(f"Ignored in {row['file']}: {counts}.", markup=False)
        if row["converted"]:
            sums = ", ".join(f"{float(n):,.2f} {code}" for code, n in row["converted"].items())
            out.print(f"Converted in {row['file']}: {sums}.", markup=False)
        for wanted, other in row["stand_ins"].items():
            out.print(
                f"In {row['file']}, {other!r} stands in for {wanted!r}, which is not there.",
                markup=False,
            )
        if row["absent"]:
            lacking = ", ".join(row["absent"])
            out.print(f"Not in {row['file']}, and done without: {lacking}.", markup=False)
    quarantined = sum(row["quarantined"] for row in ledger)
    if quarantined:
        out.print(
            f"{quarantined:,} rows are quarantined, with the reason for each: "
            f"data/{client}/build/quarantine.csv"
        )

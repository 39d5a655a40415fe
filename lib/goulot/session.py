"""What a notebook works with: one client, one quarter, one language, the tables of one build."""

import json
import os
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from goulot.asking import Held
from goulot.build import Build, ensure_build
from goulot.client import Client
from goulot.errors import ParameterError
from goulot.language import Language
from goulot.ledger import read_ledger
from goulot.quarter import Quarter
from goulot.settings import ClientSettings
from goulot.steps.needs import STEPS, StepNeeds, steps_for
from goulot.steps.predictions import Predicted
from goulot.warehouse.read import open_readonly, read_mart, run_query

LEDGER = "ledger.csv"  # in the client's folder
FINDINGS = "GOULOT_FINDINGS"  # where a running report keeps what its other notebooks found

# Tables by whose days the last complete quarter is told.
DATED = ("orders", "ad_spend", "shipments", "tickets", "signups", "subscriptions")


@dataclass(frozen=True)
class Session:
    """A client's tables, opened read-only: nothing here locks another reader out."""

    client: Client
    build: Build
    quarter: Quarter
    language: Language
    connection: duckdb.DuckDBPyConnection

    @property
    def settings(self) -> ClientSettings:
        return self.client.settings

    def mart(self, name: str, *, kind: str = "") -> pd.DataFrame:
        """A mart as a frame; without rows where it is of another ``kind`` of company.

        Raises ParameterError, naming the closest mart.
        """
        frame = read_mart(self.connection, name)
        return frame if kind in ("", self.settings.kind) else frame.head(0)

    def quarter_of(self, name: str) -> pd.DataFrame:
        """The rows of a mart that belong to the session's quarter (it has a column ``quarter``)."""
        frame = self.mart(name)
        return frame[frame["quarter"] == str(self.quarter)].reset_index(drop=True)

    def sql(self, query: str) -> pd.DataFrame:
        """The answer to a read-only query over ``marts``, ``staging`` and ``canonical``."""
        return run_query(self.connection, query)

    @property
    def steps(self) -> tuple[StepNeeds, ...]:
        """The steps that this kind of company has, with what they need."""
        return steps_for(self.settings.kind)

    @property
    def foreign_notebooks(self) -> frozenset[str]:
        """The notebooks of steps that only another kind of company has."""
        kind = self.settings.kind
        return frozenset(step.notebook for step in STEPS if kind not in step.kinds)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Rows, first and last day of each canonical table."""
        return self.mart("coverage")

    @cached_property
    def loaded(self) -> frozenset[str]:
        """The canonical tables that hold rows."""
        held = self.coverage.loc[self.coverage["row_count"] > 0, "table_name"]
        return frozenset(held)

    @cached_property
    def as_of(self) -> date:
        """The last day that the data speak of, within the quarter."""
        return min(last_day(self.coverage), self.quarter.last_day)

    @cached_property
    def predictions(self) -> list[Predicted]:
        """What earlier reports predicted: ``data/<client>/ledger.csv``, as it stands."""
        return read_ledger(self.client.folder / LEDGER)

    @cached_property
    def findings(self) -> dict[str, dict[str, Any]]:
        """What the other steps found in this quarter: in the running report, else in the last one
        that was made of it; empty where there is none."""
        told = os.environ.get(FINDINGS)
        results = self.client.reports_folder / str(self.quarter) / "results.json"
        path = Path(told) if told else results
        if not path.is_file():
            return {}
        return json.loads(path.read_text(encoding="utf-8"))["findings"]

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """What became of the rows and the money of each file."""
        return pd.DataFrame(self.build.ledger)


def open_session(client: str, *, quarter: str = "", language: str = "") -> Session:
    """Open a client: the build of its exports as they are now, made if need be.

    ``quarter`` is the last complete one in the data where none is given, ``language`` the one of
    client.yml. A report names the build to open, so that all its notebooks see the same tables.

    Raises
    ------
    GoulotError
        No such client; settings or exports that cannot be used; a quarter without data.
    """
    loaded = Client.load(client)
    pinned = os.environ.get("GOULOT_BUILD")
    build = Build(loaded.build_folder / Path(pinned).name) if pinned else ensure_build(loaded)
    return session_of(loaded, build, quarter=quarter, language=language)


def session_of(client: Client, build: Build, *, quarter: str = "", language: str = "") -> Session:
    """A session on a build that is there."""
    connection = open_readonly(build.database, build.canonical)
    chosen = choose_quarter(read_mart(connection, "coverage"), quarter, client.name)
    code = language or client.settings.language
    words = Language(code, currency=client.settings.currency)
    return Session(client, build, chosen, words, connection)


def choose_quarter(coverage: pd.DataFrame, text: str, client: str) -> Quarter:
    """The quarter that ``text`` names, or the last complete one; it must have data."""
    dated = coverage[coverage["table_name"].isin(DATED)].dropna(subset=["first_on", "last_on"])
    if dated.empty:
        raise ParameterError(
            f"{client}: no export has dated rows, so there is no quarter to report on. Add the "
            f"orders of the shop; to see what was read: goulot check {client}"
        )
    first, last = dated["first_on"].min().date(), dated["last_on"].max().date()
    if not text:
        reached = Quarter.of(last)
        complete = reached if last >= reached.last_day else reached.previous
        return max(complete, Quarter.of(first))
    quarter = Quarter.parse(text)
    if quarter.last_day < first or quarter.first_day > last:
        raise ParameterError(
            f"{client} has no data in {quarter}: its exports run from {first} to {last}. "
            f"Choose {Quarter.of(first)} to {Quarter.of(last)}, or add the exports of {quarter}."
        )
    return quarter


def held_tables(build: Build) -> tuple[dict[str, Held], date | None]:
    """What a build holds of each table, and the last day that its exports speak of."""
    coverage = read_mart(open_readonly(build.database, build.canonical), "coverage")
    held = {
        row.table_name: Held(
            row.row_count,
            None if pd.isna(row.first_on) else row.first_on.date(),
            None if pd.isna(row.last_on) else row.last_on.date(),
        )
        for row in coverage[coverage["row_count"] > 0].itertuples()
    }
    dated = [h.last for name, h in held.items() if name in DATED and h.last]
    return held, max(dated, default=None)


def last_day(coverage: pd.DataFrame) -> date:
    dated = coverage[coverage["table_name"].isin(DATED)]
    return dated["last_on"].max().date()

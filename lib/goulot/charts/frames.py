"""Data frames as notebook outputs that keep their types, so that the report can say the numbers
in its own language instead of reading them off a printed table."""

from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

import pandas as pd

TABLE = "application/vnd.goulot.table+json"
MOST_ROWS = 5_000  # of a table that a notebook carries to the report's workbook


def register() -> None:
    """Let Jupyter show a data frame as a typed table too; outside Jupyter, do nothing."""
    from IPython import get_ipython
    from IPython.core.formatters import BaseFormatter

    shell = get_ipython()
    if shell is None or TABLE in shell.display_formatter.formatters:
        return
    formatter = BaseFormatter(parent=shell.display_formatter)
    formatter.format_type, formatter._return_type = TABLE, dict
    formatter.print_method = "_repr_goulot_table_"  # else every object's text would be a table
    formatter.for_type(pd.DataFrame, typed_table)
    shell.display_formatter.formatters[TABLE] = formatter


def typed_table(frame: pd.DataFrame) -> dict[str, Any]:
    """``{"columns": [{"name", "kind"}], "rows": [[…]], "count": n}``; a named index is a column."""
    if isinstance(frame.columns, pd.MultiIndex):
        frame = frame.set_axis([" ".join(map(str, names)) for names in frame.columns], axis=1)
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    shown = frame.head(MOST_ROWS)
    columns = [[_plain(value) for value in shown.iloc[:, n]] for n in range(shown.shape[1])]
    return {
        "columns": [
            {"name": str(name), "kind": _kind(frame.iloc[:, n])}
            for n, name in enumerate(frame.columns)
        ],
        "rows": [list(row) for row in zip(*columns, strict=True)],
        "count": len(frame),
    }


def _kind(column: pd.Series) -> str:
    types = pd.api.types
    known = column.dropna()
    if types.is_bool_dtype(column):
        return "boolean"
    if types.is_datetime64_any_dtype(column):
        return "date" if (known == known.dt.normalize()).all() else "timestamp"
    if types.is_integer_dtype(column):
        return "integer"
    if types.is_numeric_dtype(column):
        return "number"
    first = known.iloc[0] if len(known) else ""
    by_type = {datetime: "timestamp", date: "date", bool: "boolean", int: "integer"}
    return by_type.get(type(first), "number" if isinstance(first, (float, Decimal)) else "text")


def _plain(value: Any) -> Any:
    """The value as JSON holds it: missing and infinite as null, times in ISO format."""
    if isinstance(value, (list, tuple, set, dict)):
        return str(value)
    if pd.isna(value):
        return None
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, Decimal)):
        return float(value) if isfinite(value) else None
    return str(value)

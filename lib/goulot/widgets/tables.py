"""Rows for Vega: a frame as rows, as columns for the wire, and as many frames of one shape."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

import pandas as pd

SIGNIFICANT = 6  # digits of a number that is drawn


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The frame as Vega reads it: one object a row, times in ISO format, unknown as null."""
    columns = columns_of(frame)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def columns_of(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Column → values as JSON holds them; times are texts like ``2026-07-01T00:00:00``."""
    return {str(name): _values(frame[name]) for name in frame.columns}


def times_of(frame: pd.DataFrame) -> list[str]:
    """The columns that hold times, which the page turns into Vega's own."""
    return [str(n) for n in frame.columns if pd.api.types.is_datetime64_any_dtype(frame[n])]


def _values(column: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        return [None if pd.isna(value) else value.isoformat() for value in column]
    if column.dtype == float:
        return [_short(value) if isfinite(value) else None for value in column.tolist()]
    return [_plain(value) for value in column.tolist()]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return _short(value) if isfinite(value) else None
    return (
        None if pd.isna(value) else _plain(value.item() if hasattr(value, "item") else str(value))
    )


def _short(value: float) -> float | int:
    """With as many digits as a picture can show; a whole number without its point."""
    short = float(f"{value:.{SIGNIFICANT}g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def encoded(frame: pd.DataFrame) -> dict[str, Any]:
    """One frame for the wire, column by column."""
    return {"columns": columns_of(frame), "times": times_of(frame)}


def encoded_together(frames: Sequence[pd.DataFrame]) -> dict[str, Any]:
    """Many frames of the same columns: what never changes once, equal frames once.

    ``blocks[at[n]]`` has the columns of frame n beyond those in ``columns``.
    """
    different = {id(frame): frame for frame in frames}  # an answer can be that of many positions
    columns = {key: columns_of(frame) for key, frame in different.items()}
    tables = [columns[id(frame)] for frame in frames]
    first = tables[0]
    fixed = {
        name: values
        for name, values in first.items()
        if all(table[name] == values for table in tables)
    }
    moving = [name for name in first if name not in fixed]
    numbers: dict[str, int] = {}
    blocks, at = [], []
    for table in tables:
        block = [table[name] for name in moving]
        number = numbers.setdefault(repr(block), len(numbers))
        if number == len(blocks):
            blocks.append(block)
        at.append(number)
    return {
        "columns": fixed,
        "moving": moving,
        "blocks": blocks,
        "at": at,
        "times": times_of(frames[0]),
    }

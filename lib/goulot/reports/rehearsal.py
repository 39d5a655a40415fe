"""What every kernel does slowly the first time, done once before kernels are forked.

The names, the numbers and the chart are nobody's: of a client nothing is known yet.
"""

import importlib
from datetime import date

from goulot.timezones import time_zones

# What a kernel imports only as it starts, and pandas and Altair only as they draw.
LATE = (
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "pandas.core.reshape.reshape",
    "pandas.io.formats.html",
    "psutil",
    "sqlite3",
)


def rehearse() -> None:
    """Import what comes late, look for time zones, say a number in each language, draw a chart."""
    for name in LATE:
        importlib.import_module(name)
    time_zones()
    _say_numbers()
    _draw()


def _say_numbers() -> None:
    from goulot.language import LANGUAGES, Language

    for code in LANGUAGES:
        language = Language(code)
        language.money(1.5)
        language.percent(0.5)
        language.day(date(2000, 1, 1))


def _draw() -> None:
    import altair as alt
    import pandas as pd

    rows = pd.DataFrame({"x": [pd.Timestamp(0)], "y": [1.0], "kind": ["a"]})
    alt.Chart(rows).mark_line().encode(x="x:T", y="y:Q", color="kind:N").to_dict()

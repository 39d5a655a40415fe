"""Where a panel appears: alive in JupyterLab, precomputed in the report."""

import os
from typing import Any

from IPython.display import display

from goulot.widgets import grid
from goulot.widgets.panel import Panel

REPORT_RUN = "GOULOT_REPORT"  # set in the kernels of a report: no kernel will answer its readers


class Precomputed:
    """A panel as an output that needs no kernel."""

    def __init__(self, panel: Panel) -> None:
        self.bundle = grid.mimebundle(panel)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.bundle


def show(panel: Panel | None, *, in_report: Panel | None = None) -> None:
    """Show the panel to whoever looks: live where a kernel can answer, else over its grid.

    ``in_report``: a panel with fewer knobs, for where every answer is worked out beforehand.
    None, from a step that has nothing to move, shows nothing.

    Raises
    ------
    ParameterError
        In a report: more combinations, rows or bytes than a page carries.
    """
    is_report = bool(os.environ.get(REPORT_RUN))
    shown = in_report if is_report and in_report is not None else panel
    if shown is None:
        return
    if is_report:
        display(Precomputed(shown))
        return
    from goulot.widgets.live import LivePanel

    display(LivePanel(shown))

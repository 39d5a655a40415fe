"""A panel in JupyterLab: its Vega views are kept alive, and every move pushes rows into them."""

import time
from functools import cache
from typing import Any

import anywidget
import traitlets

from goulot.bundle import drawing_script
from goulot.errors import GoulotError
from goulot.widgets import page
from goulot.widgets.panel import Panel, Response
from goulot.widgets.tables import encoded


@cache
def program() -> str:
    """Vega and the panel as one module, so that nothing is fetched."""
    return "\n;\n".join([str(drawing_script()), page.read("panel.js"), page.read("live.js")])


class LivePanel(anywidget.AnyWidget):
    """``at`` is where the page's knobs stand (knob → number of its position); ``shown`` follows."""

    content = traitlets.Dict().tag(sync=True)
    at = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, panel: Panel) -> None:
        self._esm, self._css = program(), page.read("panel.css")
        self.panel = panel
        self.values = {knob.name: knob.live_values for knob in panel.knobs}
        content = panel.described(live=True)
        self.used = sorted({name for chart in content["charts"] for name in chart["names"]})
        content["locale"] = panel.language.vega_locale()
        at = {knob["name"]: knob["start"] for knob in content["knobs"]}
        super().__init__(content=content, at=at, shown=self._answer(panel.start, at))

    @traitlets.observe("at")
    def _moved(self, change: Any) -> None:
        if self.comm is not None:
            self.shown = self.answer(change["new"])

    def answer(self, at: dict[str, int]) -> dict[str, Any]:
        """The step's answer for the page; an error raised on purpose is a text for its reader."""
        start = time.perf_counter()
        try:
            values = {name: values[at[name]] for name, values in self.values.items()}
            answer = self._answer(self.panel.respond(values), at)
            return answer | {"milliseconds": 1000 * (time.perf_counter() - start)}
        except GoulotError as error:
            return {"at": at, "error": str(error)}

    def _answer(self, response: Response, at: dict[str, int]) -> dict[str, Any]:
        return {
            "at": at,
            "tables": {name: encoded(response.tables[name]) for name in self.used},
            "readouts": [[readout.label, readout.value] for readout in response.readouts],
            "sentence": response.sentence,
        }

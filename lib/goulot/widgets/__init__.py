"""Panels: a question with knobs, alive in JupyterLab and working in the mailed report.

A module per step makes its panel from the step's inputs; a notebook shows it in one line:

>>> from goulot import widgets                                           # doctest: +SKIP
>>> widgets.show(widgets.constraint.capacity(audit, session.language))   # doctest: +SKIP

The parts
---------
``Slider``, ``Switch``, ``Choice``
    knobs; labels in the reader's language, few positions for the report, finer steps for Lab
``Panel``
    title, knobs, ``respond`` (values by knob's name → ``Response``), ``draw`` (charts over
    ``alt.NamedData``), language
``Response``
    tables by dataset name, ``Readout``s (label and text), and a sentence
``show``
    in JupyterLab a widget whose Vega views stay alive and get new rows; in a report an output with
    the answers at every combination of positions, at most 2,000 combinations, 100,000 rows and
    2 MB; never a widget view

A whole panel
-------------
>>> import altair as alt
>>> import pandas as pd
>>> from goulot.language import Language
>>> from goulot.widgets import Panel, Readout, Response, Slider
>>> language = Language("en")
>>> def respond(values):
...     share = 1 / values["times"]  # a call of the step
...     rows = pd.DataFrame({"stage": ["fulfillment"], "used": [share]})
...     return Response(tables={"used": rows}, readouts=[Readout("Used", language.percent(share))])
>>> def draw(start):
...     x = alt.X("used:Q").scale(domain=[0, 1])
...     return alt.Chart(alt.NamedData("used")).mark_bar().encode(x=x, y="stage:N")
>>> panel = Panel(
...     name="capacity", title="What if the warehouse were larger?", language=language,
...     knobs=[Slider(name="times", label="Capacity", positions=(1, 2, 4), start=1, unit="×")],
...     respond=respond, draw=draw,
... )
>>> panel.start.readouts
[Readout(label='Used', value='100%')]
"""

from goulot.widgets import channels, constraint, feedback, lifetime, spikes
from goulot.widgets.knobs import Choice, Slider, Switch
from goulot.widgets.panel import Panel, Readout, Response
from goulot.widgets.show import show

__all__ = [
    "Choice",
    "Panel",
    "Readout",
    "Response",
    "Slider",
    "Switch",
    "channels",
    "constraint",
    "feedback",
    "lifetime",
    "show",
    "spikes",
]

"""A panel in JupyterLab: from the key press to the picture, and the kernel's share of it."""

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from clock import Ratio
from goulot.demo import write_demo
from goulot.widgets.live import LivePanel
from goulot.widgets.panel import Panel

sys.path.insert(0, str(Path(__file__).parents[1]))

from conftest import BROWSERS, FLAGS
from lab_server import run_all, running_lab

PRESSES = 40
PYTHON, PIXELS = 0.050, 0.200  # seconds that 95 of 100 moves may take
WATCH = """() => {
  const panel = document.querySelector(".goulot-panel");
  const moves = (window.moves = []);
  let pressed = 0;
  const painted = () => {
    const took = performance.now() - pressed;
    moves.push([took / 1000, panel.dataset.milliseconds / 1000]);
  };
  panel.addEventListener("keydown", (event) => (pressed = event.timeStamp), true);
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(painted))).observe(panel, {
    attributeFilter: ["data-shown"],
  });
  panel.querySelector("input[type=range]").focus();
}"""
# Four presses one way and four the other; at an end of the slider, the way that is open.
KEY = """(press) => {
  const knob = document.activeElement;
  const rises = press % 8 < 4 ? knob.value !== knob.max : knob.value === knob.min;
  return rises ? "ArrowRight" : "ArrowLeft";
}"""


def measure(notebooks: Sequence[str] = ("01_constraint_audit.ipynb",)) -> list[Ratio]:
    """The bars of the first panel of each notebook, on the simulated shop, in a real browser."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="goulot-bench-") as folder, sync_playwright() as play:
        home = Path(folder)
        write_demo(home / "data" / "demo", world="shop", seed=1)
        path = next(filter(None, map(shutil.which, BROWSERS)))
        browser = play.chromium.launch(executable_path=path, args=list(FLAGS))
        with running_lab(home, "demo") as server:
            return [
                ratio for name in notebooks for ratio in _bars(name, moves(browser, server, name))
            ]


def moves(browser: Any, server: dict[str, Any], notebook: str, presses: int = PRESSES) -> Any:
    """Of each press of an arrow: seconds to the repainted picture, and in Python of those."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(120_000)
    run_all(page, server, notebook)
    page.evaluate(WATCH)
    for press in range(1, presses + 1):
        page.keyboard.press(page.evaluate(KEY, press))
        page.wait_for_function(f"window.moves.length >= {press}")
    taken = np.array(page.evaluate("window.moves"))
    page.close()
    return taken


def _bars(notebook: str, taken: np.ndarray) -> list[Ratio]:
    pixels, python = np.percentile(taken, 95, axis=0)
    name = f"panel of {notebook.partition('_')[0]}"
    return [
        Ratio(f"{name}: key press to pixels, p95", pixels, "200 ms", PIXELS, "s", 1.0),
        Ratio(f"{name}: in Python, p95", python, "50 ms", PYTHON, "s", 1.0),
    ]


def python_seconds(panel: Panel, presses: int = PRESSES) -> float:
    """95th percentile of the seconds that a panel's answers take, without a browser: the first
    knob moved over its positions, the others where they stand."""
    live = LivePanel(panel)
    knob = live.content["knobs"][0]
    places = np.linspace(0, len(knob["texts"]) - 1, presses).round().astype(int)
    taken = [live.answer(live.at | {knob["name"]: int(place)})["milliseconds"] for place in places]
    return float(np.percentile(taken, 95)) / 1000

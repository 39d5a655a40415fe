"""Panels: the same question alive and precomputed, moved by keyboard in a real browser."""

from datetime import date

import altair as alt
import nbformat
import pandas as pd
import pytest
from goulot import charts, widgets
from goulot.charts.theme import VEGALITE_MIME
from goulot.errors import ParameterError
from goulot.language import Language
from goulot.quarter import Quarter
from goulot.reports.collect import Collected
from goulot.reports.contents import Cover, contents
from goulot.reports.page import render
from goulot.reports.run import Executed, run_notebooks
from goulot.widgets import Choice, Panel, Readout, Response, Slider, Switch, grid
from goulot.widgets.live import LivePanel
from goulot.widgets.show import REPORT_RUN
from mouse import drag
from test_spikes import study

DAYS = pd.date_range("2026-07-01", periods=4)


def respond(values) -> Response:
    """Orders a day and how many a warehouse is behind: plain arithmetic, told by hand below."""
    orders = 100.0 * values["times"] * (2 if values["sale"] else 1)
    behind = [max(0.0, orders - 250.0) * day for day in range(1, 5)]
    backlog = pd.DataFrame({"day": DAYS, "behind": behind})
    peak = pd.DataFrame({"plan": [values["plan"]], "orders": [orders]})
    return Response(
        tables={"backlog": backlog, "peak": peak, "unused": backlog},
        readouts=[Readout("Orders a day", f"{orders:g}"), Readout("Plan", values["plan"])],
        sentence=f"{behind[-1]:g} orders are late on the last day.",
    )


def draw(start: Response) -> list[alt.Chart]:
    most = alt.Scale(domain=[0, 2000])
    backlog = alt.Chart(alt.NamedData("backlog"), title="Backlog", description="Orders behind")
    peak = alt.Chart(alt.NamedData("peak"), title="Peak", description="Orders at the peak")
    return [
        backlog.mark_bar().encode(x="yearmonthdate(day):O", y=alt.Y("behind:Q", scale=most)),
        peak.mark_bar().encode(x=alt.X("orders:Q", scale=most), y="plan:N"),
    ]


def panel(language: str = "en", **changes) -> Panel:
    words = Language(language)
    charts.enable(words)
    made = {
        "name": "spike",
        "title": "What <b>if</b> orders multiply?",
        "knobs": [
            Slider(
                name="times",
                label="Orders, as a multiple",
                positions=(1, 2.5, 10),
                start=2.5,
                unit="×",
                step=0.5,
            ),
            Switch(name="sale", label="A sale on top"),
            Choice(
                name="plan", label="Plan", options={"none": "Nothing", "3pl": "3PL"}, start="3pl"
            ),
        ],
        "respond": respond,
        "draw": draw,
        "language": words,
    }
    return Panel(**made | changes)


def test_the_grid_holds_every_combination_and_says_equal_things_once():
    content = grid.precomputed(panel())
    backlog = content["grid"]["tables"]["backlog"]
    assert "unused" not in content["grid"]["tables"]
    assert backlog["columns"]["day"][0] == "2026-07-01T00:00:00"
    assert backlog["moving"] == ["behind"]
    assert len(backlog["at"]) == 3 * 2 * 2
    # 100, 200 and 250 orders a day leave nothing behind; 500, 1,000 and 2,000 do.
    assert [block[0][-1] for block in backlog["blocks"]] == [0, 1000, 3000, 7000]
    assert backlog["at"] == [0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3]
    start = grid.readouts_at_start(content)
    assert start == (
        [("Orders a day", "250"), ("Plan", "3pl")],
        "0 orders are late on the last day.",
    )


def test_live_and_report_give_the_same_answer_at_the_same_position():
    made = panel()
    live = LivePanel(made)
    knobs = {knob["name"]: knob for knob in live.content["knobs"]}
    assert knobs["times"]["texts"][:3] == ["1×", "1.5×", "2×"]
    at = {"times": knobs["times"]["texts"].index("10×"), "sale": 1, "plan": 0}
    answer = live.answer(at)
    assert answer["readouts"] == [["Orders a day", "2000"], ["Plan", "none"]]
    content = grid.precomputed(made)
    block = content["grid"]["tables"]["backlog"]["blocks"][3]
    assert answer["tables"]["backlog"]["columns"]["behind"] == block[0]


def test_an_error_while_moving_is_a_text_for_the_reader():
    def refuse(values) -> Response:
        if values["times"] > 5:
            raise ParameterError("More than five times is not known here.")
        return respond(values)

    live = LivePanel(panel(respond=refuse))
    last = len(live.content["knobs"][0]["texts"]) - 1
    assert live.answer({"times": last, "sale": 0, "plan": 0})["error"].startswith("More than five")


def test_a_grid_that_no_mail_should_carry_is_refused():
    many = tuple(float(n) for n in range(1, 602))
    knobs = [Slider(name="times", label="Times", positions=many, start=1.0), *panel().knobs[1:]]
    with pytest.raises(ParameterError, match=r"2,404 combinations.*times 601, sale 2, plan 2"):
        grid.precomputed(panel(knobs=knobs))


def test_rows_and_bytes_are_bounded_too():
    long = pd.DataFrame({"day": pd.date_range("2000-01-01", periods=9000), "behind": 0.5})

    def much(values) -> Response:
        return Response(tables=respond(values).tables | {"backlog": long})

    with pytest.raises(ParameterError, match=r"108,012 rows .* at most 100,000"):
        grid.precomputed(panel(respond=much))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"knobs": [Switch(name="a", label="A"), Switch(name="a", label="B")]}, "different names"),
        ({"respond": lambda values: Response(tables={"peak": DAYS.to_frame()})}, "'backlog'"),
    ],
)
def test_a_panel_that_cannot_work_says_why(changes, said):
    with pytest.raises(ParameterError, match=said):
        panel(**changes).charts()


SHOWN = """
import pandas as pd, altair as alt
from goulot import charts, widgets
from goulot.language import Language
from goulot.widgets import Panel, Response, Switch

widgets.show(Panel(
    name="any", title="Any?", language=Language("en"), knobs=[Switch(name="on", label="On")],
    respond=lambda values: Response(tables={"rows": pd.DataFrame({"y": [int(values["on"])]})}),
    draw=lambda start: alt.Chart(alt.NamedData("rows")).mark_bar().encode(y="y:Q"),
))
widgets.show(None)
"""


def test_a_notebook_of_a_report_leaves_a_panel_and_never_a_widget(tmp_path):
    path = tmp_path / "03_spikes.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SHOWN)]), path)
    (ran,) = run_notebooks([path], {}, folder=tmp_path, environment={REPORT_RUN: "1"})
    (output,) = ran.notebook.cells[0].outputs
    assert set(output.data) == {grid.PANEL, VEGALITE_MIME, "text/plain"}
    assert output.data["text/plain"] == "Any?: Shown for: On no"
    assert output.data[VEGALITE_MIME]["width"] > 0  # of its own: Lab's box has none


@pytest.fixture
def mailed(browser, tmp_path):
    """Opens a report whose only section is a panel, as wide as asked, without a network."""
    pages = []

    def opened(made: Panel, width: int):
        output = nbformat.v4.new_output("display_data", data=grid.mimebundle(made))
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell("", id="panel", outputs=[output])]
        )
        nbformat.validate(notebook)
        cover = Cover("Brume", Quarter(2026, 3), date(2026, 9, 30))
        ran = [Executed("03_spikes", notebook)]
        words = made.language
        html = render(contents(cover, ran, Collected({}, [], [], {}), [], words), words)
        (tmp_path / "report.html").write_text(html, encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.noise = []
        page.on("request", lambda request: page.noise.append(request.url))
        page.on("console", lambda m: page.noise.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.noise.append(str(error)))
        page.goto((tmp_path / "report.html").as_uri())
        page.wait_for_selector("html[data-drawn]", timeout=20_000)
        page.language = words.code
        return page

    yield opened
    for page in pages:
        page.close()


@pytest.fixture(params=["en", "fr"])
def page(request, mailed):
    return mailed(panel(request.param), 390)


def heights(page) -> list[float]:
    """Heights of the bars of the first chart, as drawn."""
    bars = page.locator(".goulot-panel .chart").first.locator("g.mark-rect path").all()
    return [round(bar.bounding_box()["height"]) for bar in bars]


def test_a_slider_of_the_mailed_report_moved_by_keyboard_redraws_pictures_and_readouts(page):
    before = heights(page)
    page.get_by_label("Orders, as a multiple").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.readouts dd').textContent === '1000'")
    assert page.get_by_label("Orders, as a multiple").get_attribute("aria-valuetext") == "10×"
    assert "3000 orders are late" in page.inner_text(".panel-sentence")
    after = heights(page)
    assert before == [0, 0, 0, 0]
    assert after[0] > 10
    assert after[1] == pytest.approx(2 * after[0], abs=2)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('.readouts dd').textContent === '250'")
    assert heights(page) == before
    assert [entry for entry in page.noise if not entry.startswith("file:")] == []


def test_switch_choice_and_reset_work_by_keyboard_and_say_so_on_paper(page):
    times = "2,5×" if page.language == "fr" else "2.5×"
    shown = page.locator(".panel-shown")
    assert not shown.is_visible()
    page.get_by_role("switch", name="A sale on top").press("Space")
    page.get_by_label("Plan", exact=True).select_option("Nothing")
    yes = "oui" if page.language == "fr" else "yes"
    page.emulate_media(media="print")
    assert shown.is_visible()
    assert f"{times} · A sale on top {yes} · Plan Nothing" in shown.inner_text()
    page.emulate_media(media="screen")
    page.get_by_role("button").press("Enter")
    assert "250" in page.inner_text(".readouts")
    assert page.get_by_role("button").count() == 0  # nothing to go back from


def test_a_title_is_text_and_nothing_is_wider_than_a_telephone(page):
    assert "<b>if</b>" in page.inner_text("figcaption")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_mouse_drags_the_spike_of_a_mailed_report_and_pictures_and_readouts_follow(
    mailed, code
):
    """Ten times the orders, with nothing done, down to twice."""
    words = Language(code)
    charts.enable(words)
    page = mailed(widgets.spikes.plans(study(), words), 1280)
    spike = page.locator(".goulot-panel")
    spike.get_by_role("combobox").select_option(index=0)
    slider, readouts = spike.get_by_role("slider").first, spike.locator(".readouts dd")
    pictures = spike.locator(".chart svg").all()
    before, told = [p.inner_html() for p in pictures], readouts.all_text_contents()
    assert slider.get_attribute("aria-valuetext") == "10×"
    drag(page, slider, 1 / 7)
    assert slider.get_attribute("aria-valuetext") == "2×"
    page.wait_for_function(
        "told => document.querySelector('.readouts dd').textContent !== told", arg=told[0]
    )
    told.remove(words.say("no"))  # survived at neither
    assert not set(told) & set(readouts.all_text_contents())
    assert all(p.inner_html() != drawn for p, drawn in zip(pictures, before, strict=True))
    assert [entry for entry in page.noise if not entry.startswith("file:")] == []

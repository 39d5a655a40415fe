"""``goulot lab``: a client's own notebooks in a real JupyterLab, whose panels move by keyboard."""

import json
from pathlib import Path

import nbformat
import pytest
from goulot.client import NOTEBOOKS, Client
from goulot.lab import copy_notebooks
from lab_server import run_all, running_lab
from mouse import drag

SHIPPED = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
CHARTS = ".jp-RenderedVegaCommon5 canvas, .jp-RenderedVegaCommon5 svg"


@pytest.fixture
def client(tmp_path):
    folder = tmp_path / "data" / "brume"
    folder.mkdir(parents=True)
    settings = "name: Brume\ncurrency: EUR\ntimezone: Europe/Paris\n"
    (folder / "client.yml").write_text(settings, encoding="utf-8")
    return Client.load("brume", tmp_path)


def edit(path: Path, text: str) -> None:
    book = nbformat.read(path, as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(text))
    nbformat.write(book, path)


def test_the_copies_name_the_client_and_are_written_once(client):
    copies = copy_notebooks(client, SHIPPED)
    assert copies.fresh == tuple(path.name for path in SHIPPED)
    for path in sorted(client.notebooks_folder.glob("*.ipynb")):
        book = nbformat.read(path, as_version=4)
        nbformat.validate(book)
        (cell,) = [c for c in book.cells if "parameters" in c.metadata.get("tags", [])]
        assert cell.source.startswith('client: str = "brume"  # ')
    assert copy_notebooks(client, SHIPPED).fresh == ()


def test_a_copy_that_was_only_run_follows_goulot_and_an_edited_one_is_kept(client, tmp_path):
    old = [tmp_path / path.name for path in SHIPPED[:2]]
    for path, shipped in zip(old, SHIPPED, strict=False):
        path.write_bytes(shipped.read_bytes())
        edit(path, "# as an older version had it")
    copy_notebooks(client, old)
    ran, edited = (client.notebooks_folder / path.name for path in old)
    book = nbformat.read(ran, as_version=4)
    book.cells[-1].outputs = [nbformat.v4.new_output("stream", text="a figure")]
    nbformat.write(book, ran)
    edit(edited, "# the consultant's own")
    copies = copy_notebooks(client, SHIPPED[:2])
    assert (copies.fresh, copies.outdated) == ((ran.name,), (edited.name,))
    assert "older version" not in ran.read_text(encoding="utf-8")
    assert "the consultant's own" in edited.read_text(encoding="utf-8")
    assert f"{edited.name} is as you edited it" in copies.told("brume")


def test_a_copy_that_is_no_notebook_any_more_is_left_alone(client):
    copy_notebooks(client, SHIPPED[:1])
    damaged = client.notebooks_folder / SHIPPED[0].name
    damaged.write_text("{", encoding="utf-8")
    assert copy_notebooks(client, SHIPPED[:1]).outdated == (damaged.name,)
    assert damaged.read_text(encoding="utf-8") == "{"


@pytest.fixture(scope="module")
def lab(empty_warehouse):
    """The server, of which nothing may be heard about a lack of encryption."""
    with running_lab(empty_warehouse, "vide") as server:
        yield server
        said = server["said"].read_text(encoding="utf-8")
    assert "without encryption" not in said


@pytest.fixture
def page(browser, lab):
    """A page of that Lab, which may log no error and ask nobody else for anything."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(60_000)
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    here = (lab["url"], lab["url"].replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(here)] == []
    assert errors == []


def test_in_lab_a_slider_moved_by_keyboard_changes_the_picture_and_nothing_is_fetched(page, lab):
    run_all(page, lab, "01_constraint_audit.ipynb")
    panel = page.locator(".goulot-panel")
    slider = panel.get_by_role("slider").first
    picture = panel.locator(".chart svg").first
    before, stood = picture.inner_html(), json.loads(panel.get_attribute("data-shown"))
    slider.focus()
    for _ in range(9):  # faster than the kernel answers
        page.keyboard.press("ArrowRight")
    name = next(iter(stood))
    moved = json.dumps(stood | {name: stood[name] + 9}, separators=(",", ":"))
    page.wait_for_selector(f".goulot-panel[data-shown='{moved}']")
    assert picture.inner_html() != before
    assert picture.bounding_box()["width"] > 400
    assert page.locator(CHARTS).count() >= 1
    assert "Jupyter news" not in page.inner_text("body")


def test_in_lab_the_mouse_drags_the_spike_and_pictures_and_readouts_follow(page, lab):
    """Ten times the orders down to twice: the same worlds, fewer orders that wait."""
    run_all(page, lab, "03_demand_spikes.ipynb")
    panel = page.locator(".goulot-panel")
    slider, picture = panel.get_by_role("slider").first, panel.locator(".chart svg").first
    before, told = picture.inner_html(), panel.locator(".readouts").inner_text()
    assert slider.get_attribute("aria-valuetext") == "10×"
    drag(page, slider, 0.11)
    assert slider.get_attribute("aria-valuetext") == "2×"
    page.wait_for_function(
        "before => document.querySelector('.goulot-panel .readouts').innerText !== before", arg=told
    )
    assert picture.inner_html() != before

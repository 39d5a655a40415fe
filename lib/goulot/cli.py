"""The commands. Imported by nobody; what takes long to import is imported by the command."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from goulot.errors import GoulotError, UsageError
from goulot.terminal import Saying, columns_of, err, out, print_ledger, print_reasons

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Distribution-first strategy reviews: a client's exports in, a measured report out.",
)

ClientName = Annotated[str, typer.Argument(metavar="CLIENT", help="Folder name under data/.")]
QuarterText = Annotated[str, typer.Option("--quarter", help="As in 2026Q3; the last complete one.")]
LanguageCode = Annotated[str, typer.Option("--language", help="fr or en; else client.yml's.")]


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
) -> None:
    """Goulot."""


@app.command()
def demo(
    world: Annotated[str, typer.Option(help="Which simulated company.")] = "shop",
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another history.")] = 1,
    language: LanguageCode = "",
    list_: Annotated[bool, typer.Option("--list", help="The simulated companies.")] = False,
) -> None:
    """The demo client, from simulated exports to the report, in one go."""
    from goulot.client import workbench_home
    from goulot.demo import WORLDS, write_demo

    if list_:
        out.print("\n".join(f"{world:18}{it.about}" for world, it in WORLDS.items()))
        return
    name = "demo" if world == "shop" else f"demo-{world}"
    folder = workbench_home() / "data" / name
    mark = folder / "simulated"
    if folder.exists() and not mark.exists():
        raise UsageError(
            f"data/{name} is there and was not made by goulot demo, so it is left alone. "
            "Rename it, then run goulot demo again."
        )
    with Saying() as say:
        say(f"simulating {name}")
        write_demo(folder, world=world, seed=seed)
        mark.write_text(f"{world} {seed}\n", encoding="utf-8")
    _report(name, quarter="", language=language)


@app.command()
def new(
    client: ClientName,
    kind: Annotated[str, typer.Option(help="ecommerce or saas.")] = "ecommerce",
) -> None:
    """A folder for a client, with a commented client.yml, and what to ask for."""
    from goulot.client import workbench_home
    from goulot.newclient import make_client

    folder = make_client(workbench_home(), client, kind)
    out.print(f"data/{folder.name}/client.yml is written: complete the lines marked <-.")
    out.print(f"Put the exports into data/{folder.name}/exports, then type:")
    out.print(f"  goulot check {folder.name}")


@app.command()
def ask(client: ClientName, language: LanguageCode = "") -> None:
    """The data request to send: which exports, where to click, what is still missing."""
    from goulot.asking import DataRequest
    from goulot.build import ensure_build, export_files
    from goulot.client import Client
    from goulot.language import Language
    from goulot.session import held_tables
    from goulot.steps.needs import steps_for

    loaded = Client.load(client)
    words = Language(language or loaded.settings.language, currency=loaded.settings.currency)
    held, until, ledger = {}, None, []
    if loaded.exports_folder.is_dir() and export_files(loaded, none_is_fine=True):
        with Saying() as say:
            build = ensure_build(loaded, say)
        ledger, (held, until) = build.ledger, held_tables(build)
    steps = steps_for(loaded.settings.kind)
    request = DataRequest(loaded.settings.name, steps, held, until, ledger, words)
    out.print(request.text(), markup=False, end="")


@app.command()
def check(client: ClientName) -> None:
    """Recognise, load and reconcile the exports; say what each step can answer."""
    from goulot.build import ensure_build
    from goulot.client import Client
    from goulot.warehouse.read import open_readonly, read_mart

    loaded = Client.load(client)
    with Saying() as say:
        build = ensure_build(loaded, say)
    coverage = read_mart(open_readonly(build.database, build.canonical), "coverage")
    print_ledger(build.ledger, loaded.settings.currency)
    print_reasons(build.ledger, client)
    there = set(coverage.loc[coverage["row_count"] > 0, "table_name"])
    _print_answers(there, loaded.settings.kind)


@app.command()
def lab(
    client: ClientName,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Else the first free one from 8888 on.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open it in the browser.")] = True,
) -> None:
    """JupyterLab on the client's own copy of the notebooks, in data/CLIENT/notebooks/."""
    from goulot.client import NOTEBOOKS, Client
    from goulot.lab import copy_notebooks, start

    loaded = Client.load(client)
    copies = copy_notebooks(loaded, sorted(NOTEBOOKS.glob("[0-9]*.ipynb")))
    out.print(copies.told(client), markup=False)
    start(loaded, port=port, open_browser=browser)


@app.command()
def report(
    client: ClientName,
    quarter: QuarterText = "",
    language: LanguageCode = "",
    compare: Annotated[str, typer.Option(help="Quarter to compare with; the one before.")] = "",
    steps: Annotated[str, typer.Option(help="Only these steps, as in 1,3 or channels.")] = "",
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="name=value or step.name=value, as in the steps."),
    ] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="A case study: no names, amounts as an index.")
    ] = False,
) -> None:
    """The report of a quarter, in reports/CLIENT/QUARTER/."""
    given = _parameters(parameter or [])
    asked = {"steps": steps, "compare": compare, "parameters": given}
    _report(client, quarter=quarter, language=language, anonymously=anonymous, **asked)


@app.command()
def sql(
    client: ClientName,
    query: Annotated[str, typer.Argument(help='As in "select * from quarter_kpi".')],
) -> None:
    """A read-only query over marts and canonical tables, as CSV on standard output."""
    from goulot.build import require_build
    from goulot.client import Client
    from goulot.warehouse.read import open_readonly, run_query

    build = require_build(Client.load(client))
    frame = run_query(open_readonly(build.database, build.canonical), query)
    frame.to_csv(sys.stdout, index=False)


@app.command()
def forget(
    client: ClientName,
    everything: Annotated[bool, typer.Option("--all", help="Settings and exports too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove what was derived from a client's exports; with --all everything."""
    import shutil

    from goulot.build import forget as forget_build
    from goulot.client import Client, workbench_home

    folder = workbench_home() / "data" / client
    if everything and Path(client).name == client and folder.is_dir():
        what = f"data/{client} (settings and exports included) and reports/{client}"
    else:
        Client.load(client)
        what = f"data/{client}/build, data/{client}/notebooks and reports/{client}"
    if not yes and not typer.confirm(f"Remove {what}?"):
        out.print("Nothing was removed.")
        return
    if everything:
        shutil.rmtree(folder)
        shutil.rmtree(workbench_home() / "reports" / client, ignore_errors=True)
    else:
        forget_build(Client.load(client))
    out.print(f"Removed {what}.")


def _report(
    client: str, *, quarter: str, language: str, anonymously: bool = False, **asked: Any
) -> None:
    from goulot.build import ensure_build
    from goulot.client import NOTEBOOKS, Client
    from goulot.reports.fork_server import serving
    from goulot.session import session_of

    loaded = Client.load(client)
    if language not in ("", "fr", "en"):
        raise GoulotError(f"language={language!r} is not spoken here: write fr or en.")
    notebooks = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
    with Saying() as say, serving(notebooks) as server:
        build = ensure_build(loaded, say)
        session = session_of(loaded, build, quarter=quarter, language=language)
        from goulot.reports.report import Asked, write_report

        page = write_report(
            session,
            notebooks,
            Asked(**asked),
            anonymously=anonymously,
            progress=say,
            server=server,
        )
    out.print(f"The report is ready: {_shown(page)}")


def _parameters(pairs: list[str]) -> dict[str, Any]:
    """``name=value`` pairs, each value read as YAML."""
    import yaml

    parameters = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--parameter {pair!r} names no value: write name=value.")
        parameters[name.strip()] = yaml.safe_load(value)
    return parameters


def _shown(path: Path) -> str:
    """The path as the user would type it from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _print_answers(loaded: set[str], kind: str) -> None:
    from goulot.steps.needs import EXPORT_NAMES, WHERE, steps_for

    words = {"yes": "can answer", "partly": "in part", "no": "cannot"}
    out.print("\nWhat each step can answer", style="bold")
    grid = columns_of("step", "answer", "missing, and what that costs", "where to get it")
    for step in steps_for(kind):
        missing = step.missing(loaded) or [None]
        for place, need in enumerate(missing):
            first = (step.step, words[step.answer(loaded)]) if place == 0 else ("", "")
            costs = f"{EXPORT_NAMES[need.table]}: {need.costs}" if need else ""
            grid.add_row(*first, costs, WHERE[need.table] if need else "")
    out.print(grid)


def main() -> None:
    """Run the command; an error raised on purpose is one paragraph and an exit code."""
    if "--debug" in sys.argv:
        sys.argv.remove("--debug")
        app()
        return
    try:
        app()
    except GoulotError as error:
        err.print(str(error), markup=False)
        raise SystemExit(error.exit_code) from None

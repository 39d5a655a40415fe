"""A report from beginning to end: run, gather, write the page, put it in its place."""

import base64
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from goulot.client import Client
from goulot.errors import ParameterError, SettingsError
from goulot.ledger import after_report, write_ledger
from goulot.reports.action_files import action_files
from goulot.reports.asked import chosen_notebooks
from goulot.reports.collect import Collected, collect
from goulot.reports.contents import Cover, contents
from goulot.reports.left_files import left_files
from goulot.reports.page import render
from goulot.reports.paper import paper
from goulot.reports.publish import publish
from goulot.reports.records import executed_notebook, manifest, results
from goulot.reports.run import Executed, run_notebooks
from goulot.reports.sheets import sheets
from goulot.reports.workbook import workbook
from goulot.session import FINDINGS, LEDGER, Session, choose_quarter
from goulot.widgets.show import REPORT_RUN

CELL_TIMEOUT = 600.0  # seconds
LARGEST_LOGO = 500_000  # bytes
_LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


def write_report(
    session: Session,
    notebooks: Sequence[Path],
    parameters: Mapping[str, Any],
    *,
    steps: str = "",
    progress: Callable[[str], None] = lambda text: None,
    timeout: float = CELL_TIMEOUT,
) -> Path:
    """Publish ``reports/<client>/<quarter>/`` and return its ``report.html``.

    Those of the ``notebooks`` that the client's kind of company has run, or of these the ``steps``
    asked for ("1,3"), on the session's build, quarter and language, with those ``parameters`` that
    they know (``asked.parameters_by_notebook``).

    Raises
    ------
    ParameterError
        No notebook knows a parameter, there is no such step, or no such quarter to compare with.
    NotebookError
        A notebook stopped, or recorded a finding twice. The last report is still there.
    SettingsError
        The logo cannot be used.
    """
    client, quarter, language = session.client, session.quarter, session.language
    theirs = [path for path in notebooks if path.stem not in session.foreign_notebooks]
    notebooks = chosen_notebooks(theirs, steps)
    left_out = {path.stem for path in theirs} - {path.stem for path in notebooks}
    cover = _cover(session)
    _refuse_odd_comparison(session, str(parameters.get("compare", "")))
    asked = {
        "client": client.name,
        "quarter": str(quarter),
        "language": language.code,
        **parameters,
    }
    with tempfile.TemporaryDirectory(prefix="goulot-") as folder:
        found = Path(folder) / "findings.json"

        def keep_findings(done: list[Executed]) -> None:
            found.write_bytes(results(client.name, quarter, collect(done)))

        executed = run_notebooks(
            notebooks,
            asked,
            folder=Path(folder),
            environment={
                "GOULOT_HOME": str(client.home),
                "GOULOT_BUILD": session.build.fingerprint,
                FINDINGS: str(found),
                REPORT_RUN: "1",
            },
            before_last=keep_findings,
            timeout=timeout,
            progress=_said(progress, len(notebooks)),
        )
    progress("writing the report")
    collected = collect(executed)
    build = session.build.manifest
    made = contents(
        cover,
        executed,
        collected,
        build["ledger"],
        language,
        [step.question for step in session.steps if step.notebook in left_out],
    )
    tables = sheets(executed, collected, build["ledger"], language)
    files = {
        "report.html": render(made, language).encode(),
        "report.pdf": paper(made, language),
        "tables.xlsx": workbook(tables, session.as_of, language),
        "results.json": results(client.name, quarter, collected),
        "manifest.json": manifest(
            client.name, quarter, asked, {**build, "build": session.build.fingerprint}, notebooks
        ),
        **left_files(executed),
        **action_files(collected.recommendations, language),
        **{f"notebooks/{ran.name}.ipynb": executed_notebook(ran) for ran in executed},
    }
    page_path = publish(files, client.reports_folder / str(quarter)) / "report.html"
    _enter_predictions(session, collected, [path.stem for path in notebooks])
    return page_path


def _refuse_odd_comparison(session: Session, compare: str) -> None:
    """A quarter to compare with must have data and lie before the report's."""
    if not compare:
        return
    other = choose_quarter(session.coverage, compare, session.client.name)
    if other >= session.quarter:
        raise ParameterError(
            f"{other} is not before {session.quarter}, the quarter of the report. Compare with an "
            f"earlier one, as in --compare {session.quarter.previous}"
        )


def _enter_predictions(session: Session, collected: Collected, notebooks: list[str]) -> None:
    """Hold last quarter's predictions against this quarter, and enter this quarter's."""
    asked = {step.step for step in session.steps if step.notebook in notebooks}
    ledger = after_report(
        session.predictions,
        session.quarter,
        collected.recommendations,
        collected.findings,
        asked,
    )
    write_ledger(session.client.folder / LEDGER, ledger)


def _said(progress: Callable[[str], None], total: int) -> Callable[[str, str], None]:
    """Progress of the run as sentences: how many notebooks are done, which are running."""
    running: list[str] = []
    done = 0

    def tell(name: str, state: str) -> None:
        nonlocal done
        if state == "running":
            running.append(name)
        else:
            running.remove(name)
            done += 1
        progress(f"notebooks {done}/{total}: {', '.join(sorted(running)) or 'done'}")

    return tell


def _cover(session: Session) -> Cover:
    settings, consultant = session.settings, session.settings.consultant
    return Cover(
        client=settings.name,
        quarter=session.quarter,
        as_of=session.as_of,
        consultant=consultant.name,
        email=consultant.email,
        logo=_inlined_logo(session.client, consultant.logo),
        accent=consultant.accent,
        build=session.build.fingerprint,
    )


def _inlined_logo(client: Client, name: str) -> str:
    """The logo as a data URI; empty where client.yml names none."""
    if not name:
        return ""
    path = client.folder / name
    kind = _LOGO_TYPES.get(path.suffix.lower())
    if kind is None or not path.is_file() or path.stat().st_size > LARGEST_LOGO:
        raise SettingsError(
            f"data/{client.name}/client.yml names the logo {name!r}, which cannot be used: it must "
            f"be an .svg, .png or .jpg beside client.yml, at most {LARGEST_LOGO // 1000} kB. "
            "Put it there, or leave the line out."
        )
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"

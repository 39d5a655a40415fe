"""A report from beginning to end: run, gather, write the page, put it in its place."""

import base64
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from goulot.casestudy import anonymous
from goulot.client import Client
from goulot.errors import ParameterError, SettingsError
from goulot.ledger import after_report, write_ledger
from goulot.reports.action_files import action_files
from goulot.reports.asked import chosen_notebooks
from goulot.reports.collect import Collected, collect
from goulot.reports.contents import Contents, Cover, contents
from goulot.reports.fork_server import ForkServer
from goulot.reports.left_files import left_files
from goulot.reports.page import render
from goulot.reports.paper import paper
from goulot.reports.publish import publish
from goulot.reports.records import executed_notebook, manifest, results
from goulot.reports.run import Executed, run_notebooks
from goulot.reports.sheets import sheets
from goulot.reports.workbook import workbook
from goulot.session import FINDINGS, LEDGER, Session, choose_quarter, session_of
from goulot.widgets.show import REPORT_RUN

CELL_TIMEOUT = 600.0  # seconds
LARGEST_LOGO = 500_000  # bytes
_LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


@dataclass(frozen=True)
class Asked:
    """What was asked of a report beyond its quarter and language.

    ``steps`` as in "1,3" (empty: all of them); ``parameters`` with plain names or with a step's,
    ``spikes.multiplier``; ``compare`` the quarter to compare with (empty: the one before).
    """

    steps: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    compare: str = ""

    @property
    def all_parameters(self) -> dict[str, Any]:
        return {**self.parameters, **({"compare": self.compare} if self.compare else {})}


def write_report(
    session: Session,
    notebooks: Sequence[Path],
    asked: Asked,
    *,
    anonymously: bool = False,
    progress: Callable[[str], None] = lambda text: None,
    server: ForkServer | None = None,
) -> Path:
    """Publish ``reports/<client>/<quarter>/`` and return its ``report.html``.

    Those of the ``notebooks`` that the client's kind of company has, and that were ``asked`` for,
    run on the session's build, quarter and language, in kernels of ``server`` or each in one
    started anew. ``anonymously``: a case study, in a folder of
    its own beside the quarter's, of which the ledger hears nothing.

    Raises
    ------
    ParameterError
        No notebook knows a parameter, there is no such step, or no such quarter to compare with.
    NotebookError
        A notebook stopped, or recorded a finding twice. The last report is still there.
    SettingsError
        The logo cannot be used.
    """
    theirs = [path for path in notebooks if path.stem not in session.foreign_notebooks]
    chosen = chosen_notebooks(theirs, asked.steps)
    _refuse_odd_comparison(session, asked.compare)
    target = session.client.reports_folder / str(session.quarter)
    if anonymously:
        progress("making the case study")
        called = session.language.say("Case study")
        with anonymous(session.client, session.build, called) as (study, build):
            code, quarter = session.language.code, str(session.quarter)
            other = session_of(study, build, quarter=quarter, language=code)
            with closing(other.connection):
                files, _ = _made(other, chosen, theirs, asked, progress, server)
        return publish(files, target.with_name(f"{target.name}-anonymous")) / "report.html"
    files, collected = _made(session, chosen, theirs, asked, progress, server)
    page = publish(files, target) / "report.html"
    _enter_predictions(session, collected, [path.stem for path in chosen])
    return page


def _made(
    session: Session,
    notebooks: Sequence[Path],
    theirs: Sequence[Path],
    asked: Asked,
    progress: Callable[[str], None],
    server: ForkServer | None,
) -> tuple[dict[str, bytes], Collected]:
    """Every file of the report, and what its notebooks left; ``theirs`` are all that there are."""
    cover = _cover(session)
    parameters = {
        "client": session.client.name,
        "quarter": str(session.quarter),
        "language": session.language.code,
        **asked.all_parameters,
    }
    executed = _run(session, notebooks, parameters, progress, server)
    progress("writing the report")
    collected = collect(executed)
    left_out = {path.stem for path in theirs} - {path.stem for path in notebooks}
    made = contents(
        cover,
        executed,
        collected,
        session.build.ledger,
        session.language,
        left_out=[step.question for step in session.steps if step.notebook in left_out],
    )
    page = render(made, session.language).encode()
    progress("drawing the PDF")
    others = _others(session, made, executed, collected, parameters, notebooks)
    return {"report.html": page, **others}, collected


def _run(
    session: Session,
    notebooks: Sequence[Path],
    parameters: Mapping[str, Any],
    progress: Callable[[str], None],
    server: ForkServer | None,
) -> list[Executed]:
    client = session.client
    with tempfile.TemporaryDirectory(prefix="goulot-") as folder:
        found = Path(folder) / "findings.json"

        def keep_findings(done: list[Executed]) -> None:
            found.write_bytes(results(client.name, session.quarter, collect(done)))

        return run_notebooks(
            notebooks,
            parameters,
            folder=Path(folder),
            environment={
                "GOULOT_HOME": str(client.home),
                "GOULOT_BUILD": session.build.fingerprint,
                FINDINGS: str(found),
                REPORT_RUN: "1",
            },
            before_last=keep_findings,
            timeout=CELL_TIMEOUT,
            server=server,
            progress=_said(progress, len(notebooks)),
        )


def _others(
    session: Session,
    made: Contents,
    executed: Sequence[Executed],
    collected: Collected,
    parameters: Mapping[str, Any],
    notebooks: Sequence[Path],
) -> dict[str, bytes]:
    """Relative name → content, of all that the client receives beside the page."""
    client, quarter, language = session.client, session.quarter, session.language
    build = session.build.manifest
    tables = sheets(executed, collected, build["ledger"], language)
    fingerprints = {**build, "build": session.build.fingerprint}
    return {
        "report.pdf": paper(made, language),
        "tables.xlsx": workbook(tables, session.as_of, language),
        "results.json": results(client.name, quarter, collected),
        "manifest.json": manifest(client.name, quarter, parameters, fingerprints, notebooks),
        **left_files(executed),
        **action_files(collected.recommendations, language),
        **{f"notebooks/{ran.name}.ipynb": executed_notebook(ran) for ran in executed},
    }


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
    said = session.language.translated
    recommended = [one | {"action": said(one["action"])} for one in collected.recommendations]
    ledger = after_report(
        session.predictions,
        session.quarter,
        recommended,
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

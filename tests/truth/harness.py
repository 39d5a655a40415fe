"""What every measure is held against: simulated companies whose truth is known.

A module ``measure_<step>.py`` beside this file has

- ``WORLDS``: the names of the worlds it looks at;
- ``QUICK``: the one or two of them that ``make test`` looks at, with one seed;
- ``measure(get, seeds, worlds=WORLDS)``: rows of type ``Measure``, where ``get(world, seed)`` is
  ``lived`` and every row says what was found over these seeds.

``make truth`` runs all of them and writes reports/truth.md. A step never sees ``Lived.truth``.
"""

import fcntl
import hashlib
import importlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import goulot
from goulot.build import Build, ensure_build
from goulot.client import Client
from goulot.demo import write_demo
from goulot.session import Session, session_of

HERE = Path(__file__).parent
CODE = Path(goulot.__file__).parent
# What a simulated client, once built, was made of. Steps may change without simulating again.
MADE_OF = ("demo", "exports", "warehouse", "sql", "fields.py", "tables.py", "settings.py",
           "build.py")  # fmt: skip
KEPT_SECONDS = 3 * 3600  # since they were last used, while another run may still read them
SECRET = "0" * 64  # under which customers are hashed: the same in every run


@dataclass(frozen=True)
class Lived:
    """A simulated client with its exports, the build of them, and what is true of it."""

    client: Client
    build: Build
    truth: dict[str, Any]

    def session(self, quarter: str = "", language: str = "en") -> Session:
        """What a notebook would open: the last complete quarter where none is named."""
        return session_of(self.client, self.build, quarter=quarter, language=language)


Get = Callable[[str, int], Lived]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One row of the table: what a step said of a world, held against what is true.

    ``value`` is what was measured, from ``n`` cases, with its interval where there is one;
    ``target`` says in words what is asked of it; ``ok`` whether that is met. A row that falls short
    says why in its ``note``.
    """

    step: str
    what: str
    world: str
    target: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int = 0
    ok: bool
    note: str = ""


def measures() -> list[ModuleType]:
    """The modules that measure, by name."""
    names = sorted(path.stem for path in HERE.glob("measure_*.py"))
    return [importlib.import_module(name) for name in names]


def cache_folder() -> Path:
    """Where simulated clients are kept: one folder for each state of the code."""
    default = Path(tempfile.gettempdir()) / f"goulot-truth-{os.getuid()}"
    return Path(os.environ.get("GOULOT_TRUTH_CACHE") or default)


@lru_cache(maxsize=64)
def lived(world: str, seed: int) -> Lived:
    """The company of ``world`` and ``seed``, simulated and built; from the disk if it is there."""
    home = _home()
    os.utime(home)
    folder = home / "data" / f"{world}-{seed}"
    with _alone(home / f"{folder.name}.lock"):
        if not (folder / "truth.json").is_file():
            beside = folder.with_name(f".{folder.name}")
            shutil.rmtree(beside, ignore_errors=True)
            write_demo(beside, world=world, seed=seed)
            (beside / "secret.key").write_text(SECRET, encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            beside.rename(folder)
        client = Client.load(folder.name, home)
        build = ensure_build(client)
        shutil.rmtree(client.build_folder / "files", ignore_errors=True)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return Lived(client, build, truth)


@lru_cache
def _home() -> Path:
    cache = cache_folder()
    home = cache / code_fingerprint()
    (home / "data").mkdir(parents=True, exist_ok=True)
    for other in cache.iterdir():
        if time.time() - other.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(other, ignore_errors=True)
    return home


@lru_cache
def code_fingerprint() -> str:
    """Of everything that the exports, the builds and the truth are made by."""
    digest = hashlib.sha256()
    for part in MADE_OF:
        path = CODE / part
        files = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".pyc") or [path]
        for file in files:
            digest.update(file.relative_to(CODE).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time: the other one finds what the first has made."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def share(hits: Sequence[bool]) -> float:
    """The share of cases that are true."""
    return sum(map(bool, hits)) / max(len(hits), 1)

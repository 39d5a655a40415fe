"""A client: its settings, and the folders that belong to it."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from goulot.errors import ClientNotFoundError, closest
from goulot.settings import ClientSettings, read_settings

CHECKOUT = Path(__file__).resolve().parents[2]
NOTEBOOKS = CHECKOUT / "notebooks"
EXAMPLES = CHECKOUT / "data" / "examples"


@dataclass(frozen=True)
class Client:
    """One company analysed: ``data/<name>/``, with its settings and the folders beside it."""

    name: str
    home: Path
    settings: ClientSettings

    @cached_property
    def folder(self) -> Path:
        return self.home / "data" / self.name

    @property
    def exports_folder(self) -> Path:
        return self.folder / "exports"

    @property
    def build_folder(self) -> Path:
        return self.folder / "build"

    @property
    def notebooks_folder(self) -> Path:
        return self.folder / "notebooks"

    @property
    def reports_folder(self) -> Path:
        return self.home / "reports" / self.name

    @classmethod
    def load(cls, name: str, home: Path | None = None) -> Self:
        """Read ``data/<name>/client.yml``.

        Raises
        ------
        ClientNotFoundError
            No such folder; the message names the closest client.
        SettingsError
            client.yml is missing, is not YAML, or holds a key or value that cannot be used.
        """
        home = home or workbench_home()
        folder = home / "data" / name
        if not name or Path(name).name != name or not folder.is_dir():
            raise _not_found(name, home)
        return cls(name, home, read_settings(folder / "client.yml"))


def workbench_home() -> Path:
    """The folder that holds ``data/`` and ``reports/``: GOULOT_HOME, or the checkout."""
    return Path(os.environ.get("GOULOT_HOME") or CHECKOUT)


def client_names(home: Path) -> list[str]:
    """The clients of a workbench, sorted: folders of ``data/`` that hold a client.yml."""
    return sorted(path.parent.name for path in (home / "data").glob("*/client.yml"))


def _not_found(name: str, home: Path) -> ClientNotFoundError:
    known = client_names(home)
    guess = closest(name, known)
    if guess:
        hint = f"Did you mean {guess}?"
    elif known:
        hint = f"There are: {', '.join(known)}."
    else:
        hint = "There is no client yet."
    return ClientNotFoundError(
        f"There is no client {name!r}. {hint} To set one up: goulot new {name or 'CLIENT'}"
    )

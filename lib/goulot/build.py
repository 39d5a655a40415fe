"""The build of a client: exports to canonical tables to marts, published whole or not at all.

``data/<client>/build/<fingerprint>/`` holds ``canonical/*.parquet``, ``warehouse.duckdb``,
``ledger.json`` and ``quarantine.csv``. It is written beside, checked, renamed, and only then named
in ``build/current``: readers keep what they have, and a killed build leaves the last one standing.
The typed rows of each file are kept in ``build/files/``, so that one changed file re-reads one.
"""

import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from goulot import __version__
from goulot.client import Client
from goulot.errors import BuildError, ExportError, SettingsError
from goulot.exports.declared import events_csv
from goulot.exports.detect import fits_pattern
from goulot.exports.dialect import file_digest
from goulot.exports.load import Progress, Source, load_exports, write_atomically
from goulot.exports.rates import Rate, read_rates
from goulot.warehouse.build import build_marts

KEPT_BUILDS = 2
NO_FOLDERS = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".gz", ".zip", ".pdf", ".numbers"}
CODE = Path(__file__).parent


@dataclass(frozen=True)
class Build:
    """A published build."""

    folder: Path

    @property
    def fingerprint(self) -> str:
        return self.folder.name

    @property
    def canonical(self) -> Path:
        return self.folder / "canonical"

    @property
    def database(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def manifest(self) -> dict[str, object]:
        """What the build was made of: fingerprints of code, settings, exports; and the ledger."""
        return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))

    @property
    def ledger(self) -> list[dict[str, object]]:
        return self.manifest["ledger"]


def last_build(client: Client) -> Build | None:
    """The build that was published last, if any."""
    pointer = client.build_folder / "current"
    if not pointer.is_file():
        return None
    folder = client.build_folder / pointer.read_text(encoding="utf-8").strip()
    return Build(folder) if (folder / "manifest.json").is_file() else None


def ensure_build(client: Client, say: Progress = lambda text: None) -> Build:
    """The build for the exports, settings and code as they are now; made if it is not there yet.

    Raises
    ------
    ExportError
        Files that cannot be used: all of them in one message. The last build stays.
    BuildError
        A promise or a total does not hold.
    """
    say("reading the exports folder")
    sources = [_identify(client, path) for path in export_files(client)]
    sources += _calendar_sources(client)
    fingerprint = _fingerprint(client, sources)
    folder = client.build_folder / fingerprint
    if not (folder / "manifest.json").is_file():
        _make(client, sources, folder, say)
    _publish(client, folder)
    return Build(folder)


def export_files(client: Client, *, none_is_fine: bool = False) -> list[Path]:
    """Files of the exports folder, sorted; what the system or Excel leaves there is passed over."""
    folder = client.exports_folder
    if not folder.is_dir():
        raise ExportError(
            f"data/{client.name}/exports is not there. Make the folder and put the client's "
            f"exports in it; goulot new {client.name} makes it for you."
        )
    paths = sorted(folder.rglob("*"))
    for path in paths:
        if path.is_dir() and path.suffix.lower() in NO_FOLDERS:
            raise ExportError(
                f"{path.name} is a folder, not a file. Nothing was loaded. Move the export that "
                f"is inside it to data/{client.name}/exports and remove the folder."
            )
    files = [p for p in paths if p.is_file() and not p.name.startswith((".", "~$"))]
    files = [p for p in files if p.name.lower() not in {"thumbs.db", "desktop.ini"}]
    if not files and not none_is_fine:
        raise ExportError(
            f"data/{client.name}/exports is empty. Put the client's exports in it: to start, the "
            "orders of the shop (Shopify: Orders › Export › Plain CSV file)."
        )
    ignored = [n for n, content in client.settings.exports.items() if content.get("ignore")]
    names = {path: path.relative_to(folder).as_posix() for path in files}
    return [p for p in files if not any(fits_pattern(names[p], pattern) for pattern in ignored)]


def _calendar_sources(client: Client) -> list[Source]:
    """The events that client.yml lists, or the CSV it names, as files to be read like exports."""
    settings = client.settings
    if settings.calendar:
        client.build_folder.mkdir(parents=True, exist_ok=True)
        path, text = client.build_folder / "calendar.csv", events_csv(settings.calendar)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_atomically(path, text)
        return [_identify(client, path, "client.yml")]
    if not settings.calendar_file or (client.exports_folder / settings.calendar_file).is_file():
        return []  # in exports/ it is read as it is
    path = client.folder / settings.calendar_file
    if not path.is_file():
        raise SettingsError(
            f"{client.name}/client.yml: calendar: {settings.calendar_file!r} is neither in "
            f"data/{client.name} nor in its exports. Put the file there, or list the events under "
            "calendar: instead."
        )
    return [_identify(client, path, settings.calendar_file)]


def _identify(client: Client, path: Path, name: str = "") -> Source:
    """The file's digest; taken from the last time where size and time of writing are the same."""
    name = name or path.relative_to(client.exports_folder).as_posix()
    stat = path.stat()
    memory = client.build_folder / "scans" / hashlib.sha256(name.encode()).hexdigest()[:16]
    stamp = f"{stat.st_size} {stat.st_mtime_ns}"
    if memory.is_file():
        known, digest, odd = memory.read_text(encoding="utf-8").split("\n")
        if known == stamp:
            return Source(path, name, digest, odd)
    digest, odd = file_digest(path)
    memory.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(memory, f"{stamp}\n{digest}\n{odd}")
    return Source(path, name, digest, odd)


def _code_fingerprint(parts: Iterable[str]) -> str:
    digest = hashlib.sha256(f"{__version__} {duckdb.__version__}".encode())
    for part in parts:
        path = CODE / part
        for file in sorted(p for p in path.rglob("*") if p.suffix in {".py", ".sql", ".yml"}) or [
            path
        ]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _reading_code() -> str:
    return _code_fingerprint(["exports", "fields.py", "tables.py"])


def _fingerprint(client: Client, sources: list[Source]) -> str:
    code = _code_fingerprint(["exports", "fields.py", "tables.py", "warehouse", "sql", "build.py"])
    lines = [code, _settings_fingerprint(client), *(f"{s.name} {s.digest}" for s in sources)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _settings_fingerprint(client: Client) -> str:
    """Of the settings that the tables depend on, and the key of the customers."""
    settings = client.settings.model_dump(
        include={
            *("currency", "timezone", "exports", "shops", "channels", "economics", "capacity"),
            *("delivery", "calendar", "calendar_file"),
        },
        mode="json",
    )
    text = json.dumps(settings, sort_keys=True) + _secret(client) + repr(_rates(client))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _rates(client: Client) -> tuple[Rate, ...]:
    return read_rates(client.folder / "fx_rates.csv")


def _secret(client: Client) -> str:
    """The key under which customers are hashed: made once, and kept in the client's folder only."""
    path = client.folder / "secret.key"
    if not path.is_file():
        write_atomically(path, secrets.token_hex(32))
        path.chmod(0o600)
    return path.read_text(encoding="utf-8").strip()


def _make(client: Client, sources: list[Source], folder: Path, say: Progress) -> None:
    client.build_folder.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".making-", dir=client.build_folder))
    try:
        ledger = load_exports(
            client.settings,
            sources,
            beside,
            kept=client.build_folder / "files",
            secret=_secret(client),
            code=_reading_code(),
            rates=_rates(client),
            say=say,
        )
        say("building the marts")
        build_marts(
            beside / "warehouse.duckdb",
            beside / "canonical",
            settings=mart_settings(client),
        )
        manifest = {
            "goulot": __version__,
            "duckdb": duckdb.__version__,
            "exports": {s.name: s.digest for s in sources},
            "settings": _settings_fingerprint(client),
            "code": _reading_code(),
            "ledger": [row.as_json() for row in ledger],
        }
        text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False)
        (beside / "manifest.json").write_text(text, encoding="utf-8")
        _rename(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _rename(beside: Path, folder: Path) -> None:
    """Publish the folder; where another process was faster, its build is the same."""
    try:
        os.rename(beside, folder)
    except OSError:
        if not (folder / "manifest.json").is_file():
            raise


def mart_settings(client: Client) -> dict[str, float | bool | None]:
    economics, capacity = client.settings.economics, client.settings.capacity
    delivery = client.settings.delivery
    return {
        "gross_margin": economics.gross_margin,
        "payment_fee": economics.payment_fee,
        "cost_per_order": capacity.fulfillment.cost_per_order,
        "parcel_cost": capacity.fulfillment.parcel_cost,
        "promised_days": delivery.promised_days,
        "delivery_week_days": delivery.week_days,
        "sells_access": client.settings.kind == "saas",
    }


def _publish(client: Client, folder: Path) -> None:
    """Name the build as the current one, beside a copy of its quarantine; forget old builds."""
    pointer = client.build_folder / "current"
    if not pointer.is_file() or pointer.read_text(encoding="utf-8").strip() != folder.name:
        shutil.copyfile(folder / "quarantine.csv", client.build_folder / ".quarantine.csv")
        os.replace(client.build_folder / ".quarantine.csv", client.build_folder / "quarantine.csv")
        write_atomically(pointer, folder.name)
    os.utime(folder)
    builds = [p.parent for p in client.build_folder.glob("*/manifest.json")]
    builds.sort(key=lambda p: p.stat().st_mtime_ns, reverse=True)
    for old in builds[KEPT_BUILDS:]:
        shutil.rmtree(old, ignore_errors=True)


def require_build(client: Client) -> Build:
    """The last build. Raises BuildError where there is none yet."""
    build = last_build(client)
    if build is None:
        raise BuildError(f"{client.name} has not been built yet. Type: goulot check {client.name}")
    return build


def forget(client: Client) -> None:
    """Remove everything that was derived from the exports; notebooks hold figures, too."""
    shutil.rmtree(client.build_folder, ignore_errors=True)
    shutil.rmtree(client.notebooks_folder, ignore_errors=True)
    shutil.rmtree(client.reports_folder, ignore_errors=True)

"""Put a finished report in its place, as a whole or not at all."""

import ctypes
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from goulot.errors import GoulotError

_ABANDONED_AFTER = 24 * 3600  # seconds; what a killed run left beside the reports


def publish(files: Mapping[str, bytes], target: Path) -> Path:
    """Write ``files`` (relative name → content) as the folder ``target``, in place of what it held.

    They are written to a hidden folder beside it, which then changes places with it: whoever looks,
    and whenever this is killed, finds the old folder or the new one, whole.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    restore(target)
    _sweep(target.parent)
    staged = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    try:
        for name, content in files.items():
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        staged.chmod(0o755)
        _replace(target, staged)
    except OSError as error:
        raise GoulotError(
            f"The report could not be written to {target.name}: {error.strerror or error}. "
            "The last report is still there."
        ) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return target


def restore(target: Path) -> None:
    """Bring back the folder that a run put aside when it was killed before its own was in place."""
    aside = _aside(target)
    if aside.exists() and not target.exists():
        aside.rename(target)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.last")


def _replace(target: Path, staged: Path) -> None:
    """Put ``staged`` where ``target`` is. What was there ends up in ``staged``, or is removed."""
    try:
        if not target.exists():
            staged.rename(target)
            return
    except OSError:
        if not target.exists():
            raise  # else another run was there first: its report is changed like any other
    if _exchange(target, staged):
        return
    aside = _aside(target)
    shutil.rmtree(aside, ignore_errors=True)
    target.rename(aside)
    try:
        staged.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step, where the system can (Linux, macOS)."""
    calls = {"linux": ("renameat2", -100, 2), "darwin": ("renameatx_np", -2, 2)}
    if sys.platform not in calls:
        return False
    name, here, swap = calls[sys.platform]
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if function is None:
        return False
    return function(here, os.fsencode(one), here, os.fsencode(other), ctypes.c_uint(swap)) == 0


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed long ago left behind; younger ones may be at work."""
    for left in folder.glob(".*.new-*"):
        with suppress(FileNotFoundError):  # another run has just put its own in place
            if time.time() - left.stat().st_mtime > _ABANDONED_AFTER:
                shutil.rmtree(left, ignore_errors=True)

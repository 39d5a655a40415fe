"""A simulated subscription business whose truth is known, written as its platforms' exports."""

from pathlib import Path

from goulot.demo.saas.company import live
from goulot.demo.saas.exports import write_exports
from goulot.demo.saas.settings_text import settings_text
from goulot.demo.saas.truth import tell_truth
from goulot.demo.truth import write_truth
from goulot.demo.world import World

__all__ = ["write_saas"]


def write_saas(folder: Path, world: World, seed: int) -> None:
    """Write ``client.yml``, ``exports/`` and ``truth.json``; only tests read truth.json."""
    company = live(world, seed)
    write_exports(folder / "exports", company, world)
    (folder / "client.yml").write_bytes(settings_text(world).encode())
    write_truth(folder, tell_truth(company, world))

"""Simulated clients whose truth is known, written as the platforms' own exports."""

import shutil
from pathlib import Path

from goulot.demo.bills import make_bills
from goulot.demo.company import live
from goulot.demo.people import invent_people
from goulot.demo.saas import write_saas
from goulot.demo.settings_text import settings_text
from goulot.demo.truth import tell_truth, write_truth
from goulot.demo.world import stream
from goulot.demo.worlds import WORLDS, find_world
from goulot.demo.writers import write_exports

__all__ = ["WORLDS", "write_demo"]


def write_demo(folder: Path, *, world: str = "shop", seed: int = 1) -> None:
    """Write ``client.yml``, ``exports/`` and ``truth.json`` of a simulated client into ``folder``.

    Exports that an earlier demo left there are removed. Only tests read truth.json. The same world
    and seed give the same bytes. Raises ParameterError for an unknown world.
    """
    settings = find_world(world)
    shutil.rmtree(folder / "exports", ignore_errors=True)
    if settings.kind == "saas":
        write_saas(folder, settings, seed)
        return
    company = live(settings, seed)
    bills = make_bills(company)
    people = invent_people(stream(settings, seed, "people"), len(company.customers.channel))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "client.yml").write_bytes(settings_text(settings).encode())
    planted = write_exports(folder / "exports", company, bills, people)
    write_truth(folder, tell_truth(company, bills, planted))

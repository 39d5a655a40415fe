"""The marketing calendar, as marketing filled in Goulot's template."""

from pathlib import Path

from goulot.demo.settings_text import expected_multiplier
from goulot.demo.sheets import header_of, lines_of, quoted, write_lines
from goulot.demo.world import World

HEADER = ("Événement", "Nature", "Début", "Fin", "Canal", "Catégorie", "Multiplicateur attendu")
KINDS = {"promotion": "promotion", "season": "saison", "influencer": "influenceur",
         "launch": "lancement"}  # fmt: skip


def write_calendar(folder: Path, world: World) -> None:
    """Past events and planned ones; a world without any has no file."""
    events = world.promotions
    if not events:
        return
    columns = (
        quoted([e.name for e in events], ";"),
        [KINDS[e.kind] for e in events],
        [f"{e.starts_on:%d/%m/%Y}" for e in events],
        [f"{e.ends_on:%d/%m/%Y}" for e in events],
        [e.channel for e in events],
        [e.category for e in events],
        [f"{expected_multiplier(e):g}".replace(".", ",") for e in events],
    )
    lines = lines_of(dict(enumerate(columns)), len(events), ";")
    write_lines(folder / "calendrier.csv", [header_of(HEADER, ";"), *lines], encoding="utf-8-sig")

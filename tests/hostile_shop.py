"""A small simulated shop whose exports hold text that would do harm: formulas, scripts, markup."""

import codecs
import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from goulot.demo import worlds, write_demo
from goulot.demo.shop import LOCATIONS, PROMOTIONS, SHOP, SUPPLIERS

NAME = '<script>alert("n")</script> & =Brume'
SCRIPT = "<script>alert(1)</script>"
LINK = '=HYPERLINK("http://x.example")'
SUPPLIER = '=HYPERLINK("http://y.example"; "Cire")'
LOCATION = "@Nantes <i>centre</i>"
EVENT = "=Black <u>Friday</u> #*1* 2026"
CARRIER = "+Relais|'<b>'!A1"
CAMPAIGN = "<img src=x onerror=alert(2)> Coffrets"
TAG = "-<svg onload=alert(3)>"
SKU = "=COF<4>"
HOSTILE = (NAME, SCRIPT, LINK, SUPPLIER, LOCATION, EVENT, CARRIER, CAMPAIGN, TAG, SKU)
# What stands in the exports of the simulated shop → what is planted in its place.
PLANTED = {
    "Bougie parfumée Figuier sauvage": SCRIPT,
    "Coffret Naissance": LINK,
    "Mondial Relay": CARRIER,
    "BE_Prospection_Coffrets": CAMPAIGN,
    "question": TAG,
    "COF-04": SKU,
}
MARKS = {"utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-8-sig": codecs.BOM_UTF8}
CANDLES = replace(SUPPLIERS[0], name=SUPPLIER)
SALE = next(event for event in PROMOTIONS if event.name == "Black Friday 2026")
WORLD = SHOP.with_(
    name="hostile",
    size=0.2,
    suppliers=(CANDLES, *SUPPLIERS[1:]),
    locations=(replace(LOCATIONS[0], name=LOCATION), *LOCATIONS[1:]),
    promotions=tuple(replace(e, name=EVENT) if e is SALE else e for e in PROMOTIONS),
)


def write_hostile_shop(home: Path, client: str) -> None:
    """The client with its exports and settings, in French."""
    folder = home / "data" / client
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(worlds.WORLDS, WORLD.name, WORLD)
        write_demo(folder, world=WORLD.name, seed=1)
    settings = folder / "client.yml"
    text = settings.read_text(encoding="utf-8")
    quoted = NAME.replace("\\", "\\\\").replace('"', '\\"')
    assert text.count("name: Atelier Brume\n") == 1
    settings.write_text(text.replace("name: Atelier Brume\n", f'name: "{quoted}"\n'), "utf-8")
    for path in (folder / "exports").glob("*.csv"):
        _plant(path)


def _plant(path: Path) -> None:
    """Replace cells that are, or begin with, what is planted."""
    raw = path.read_bytes()
    codes = ("utf-16", "utf-8-sig", "utf-8", "cp1252")
    encoding = next(code for code in codes if _decodes(raw, code))
    text = raw.decode(encoding)
    if not any(old in text for old in PLANTED):
        return
    delimiter = max("\t;,", key=text.splitlines()[-1].count)
    out = io.StringIO()
    write = csv.writer(out, delimiter=delimiter, lineterminator="\n").writerow
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        write([_planted(cell) for cell in cells])
    path.write_bytes(out.getvalue().encode(encoding))


def _planted(cell: str) -> str:
    for old, new in PLANTED.items():
        if cell == old or cell.startswith(f"{old} - "):
            return new + cell.removeprefix(old)
    return cell


def _decodes(raw: bytes, encoding: str) -> bool:
    if encoding in MARKS:
        return raw.startswith(MARKS[encoding])
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True

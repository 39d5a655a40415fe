"""Whatever the bytes: every row and every cent is accounted for, or the file is refused.

A BuildError would be a row that nobody can account for: it is never caught here.
"""

import shutil
from pathlib import Path

from fixture_files import FIXTURES, client_for
from goulot.errors import ExportError
from goulot.exports.dialect import file_digest
from goulot.exports.load import Source, load_exports
from goulot.settings import ClientSettings
from hypothesis import given, settings
from hypothesis import strategies as st

SHOPIFY = next(path for path in FIXTURES if path.name == "shopify_orders_79.csv")
TEXTS = [path for path in FIXTURES if path.suffix != ".xlsx"]
TOKENS = [b'"', b'""', b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b"\xef\xbb\xbf"]
TOKENS += [b"\xe9", "\u00a0".encode(), b"=1+1", b"-", b"1.234,56", b"NaN", b"1e400", b"03/04/2026"]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1")
PLACE = st.floats(0, 1, width=32)
EDIT = st.one_of(
    st.tuples(st.just("insert"), PLACE, st.sampled_from(TOKENS)),
    st.tuples(st.just("delete"), PLACE, st.integers(1, 60)),
    st.tuples(st.just("repeat"), PLACE, st.integers(1, 600)),
    st.tuples(st.just("move"), PLACE, st.integers(1, 200)),
    st.tuples(st.just("transcode"), st.just(0.0), st.sampled_from(ENCODINGS)),
)


def edited(content: bytes, kind: str, place: float, what) -> bytes:
    at = int(place * len(content))
    if kind == "transcode":
        return content.decode("utf-8", errors="replace").encode(what, errors="replace")
    if kind == "insert":
        return content[:at] + what + content[at:]
    span, rest = content[at : at + what], content[:at] + content[at + what :]
    if kind == "delete":
        return rest
    return content[:at] + span + content[at:] if kind == "repeat" else rest + span


def hold(folder: Path, name: str, content: bytes, client: ClientSettings) -> None:
    """Load the bytes as a file of that name: refused, or balanced to the row and the cent."""
    path = folder / name
    path.write_bytes(content)
    try:
        source = Source(path, name, *file_digest(path))
        ledger = load_exports(
            client, [source], folder / "build", kept=folder / "kept", secret="s", code="c"
        )
    except ExportError as error:
        assert name in str(error) or "client.yml" in str(error)  # noqa: PT017
        return
    finally:
        shutil.rmtree(folder)
    for row in ledger:
        assert row.rows == row.loaded + row.duplicates + row.ignored + row.quarantined
        parts = row.amount_loaded + row.amount_duplicates + row.amount_quarantined
        assert row.amount == parts


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 4_000), st.integers(0, 40))
def test_bytes_in_the_middle_of_an_export_cost_no_row_unseen(tmp_path_factory, junk, place, cut):
    content = SHOPIFY.read_bytes()
    content = content[:place] + junk + content[place + cut :]
    hold(tmp_path_factory.mktemp("junk"), "orders.csv", content, client_for(SHOPIFY))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(TEXTS), st.lists(EDIT, min_size=1, max_size=4))
def test_an_export_cut_and_put_together_again_loses_no_row_unseen(tmp_path_factory, path, edits):
    content = path.read_bytes()
    for edit in edits:
        content = edited(content, *edit)
    hold(tmp_path_factory.mktemp("edited"), path.name, content, client_for(path))

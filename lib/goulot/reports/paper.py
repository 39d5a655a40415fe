"""The report on paper: the same contents as the page, set by Typst as one tagged PDF.

Every text travels to the template as data (report.json), so that none of it is markup.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import mistune
import typst

from goulot import __version__
from goulot.language import Language
from goulot.reports.colors import readable, tint
from goulot.reports.contents import Contents
from goulot.reports.drawing import Drawing
from goulot.reports.pictures import Picture, picture
from goulot.reports.sections import Section
from goulot.reports.tables import View

FONTS = Path(__file__).parent / "fonts"
TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
# What the template says; {placeholders} are filled in there.
_WORDS = {
    "review": "Strategy review",
    "contents": "Contents",
    "found": "What we found",
    "first": "What to do first",
    "unknown": "What we do not know, and what would tell",
    "interval_note": "An interval holds the true value nine times in ten. “At least” means that "
    "the data show only that much. The range of an action that begins at 0 is assumed: from "
    "nothing to twice the figure.",
    "observed": "observed",
    "declared": "declared",
    "assumed": "assumed",
    "observed_note": "Counted or measured in the exports.",
    "declared_note": "Told to us by the company, and taken as it was told.",
    "assumed_note": "Neither measured nor told: our own default, to be replaced by yours.",
    "do": "What to do",
    "rests": "What it rests on",
    "missing": "What is missing",
    "methods": "Methods and sources",
    "ledger": "Every row accounted for",
    "ledger_note": "For each file: rows = loaded + duplicates + ignored + quarantined. Ignored are "
    "titles, totals and blank lines; quarantined rows could not be read and are kept with the "
    "reason.",
    "glossary": "Glossary",
    "figure": "Figure",
    "value": "Value",
    "interval": "90 % interval",
    "basis": "Basis",
    "by": "by {day}",
    "where": "To get it: {where}",
    "unmeasured": "effect not measured",
    "nothing_known": "No figure of this step is known yet.",
    "more_rows": "{count} more rows are not shown.",
}
_PARSED = mistune.create_markdown(renderer=None, plugins=["table"])
_LOGO_SUFFIX = {"svg+xml": "svg", "png": "png", "jpeg": "jpg"}


def paper(contents: Contents, language: Language) -> bytes:
    """The PDF, the same to the byte for the same contents.

    It follows PDF/UA-1, unless a text of the client's has characters that no font at hand can
    show: then it is tagged, and says what the system's fonts can say of it.
    """
    files: dict[str, bytes] = {"main.typ": TEMPLATE.read_bytes()}
    document = _Document(language, readable(contents.cover.accent), files)
    files["report.json"] = json.dumps(document.of(contents), ensure_ascii=False).encode()
    for system_fonts, standards in ((False, ["ua-1"]), (True, ["ua-1"]), (True, [])):
        try:
            return typst.compile(
                files,
                format="pdf",
                font_paths=[FONTS],
                ignore_system_fonts=not system_fonts,
                pdf_standards=standards,
                timestamp=0,
            )
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
    raise AssertionError("without a standard Typst shows what it can")


class _Document:
    """Contents as plain data for the template; pictures go into ``files``."""

    def __init__(self, language: Language, accent: str, files: dict[str, bytes]) -> None:
        self.language, self.accent, self.files = language, accent, files

    def of(self, contents: Contents) -> dict[str, Any]:
        say, cover = self.language.say, contents.cover
        return {
            "lang": self.language.code,
            "client": cover.client,
            "quarter": self.language.quarter(cover.quarter),
            "consultant": cover.consultant,
            "imprint": self._imprint(contents),
            "logo": self._logo(cover.logo),
            "accent": self.accent,
            "wash": tint(self.accent, 0.06),
            "words": {name: say(message) for name, message in _WORDS.items()},
            "headline": list(contents.headline),
            "notes": contents.notes,
            "cards": [asdict(card) for card in contents.cards],
            "actions": [
                {"owner": owner, "actions": [asdict(act) for act in acts]}
                for owner, acts in contents.actions.items()
            ],
            "gaps": [asdict(gap) for gap in contents.gaps],
            **self._left_to_the_steps(contents),
            "sections": [self._section(one) for one in contents.sections],
            "data": self._section(contents.data) if contents.data else None,
            "methods": [asdict(note) for note in contents.methods],
            "ledger": _table(contents.ledger) if contents.ledger else None,
            "glossary": [asdict(term) for term in contents.glossary],
            "colophon": say(
                "Made with Goulot {version} from build {build}. Every figure is in results.json; "
                "what it was made from, in manifest.json.",
                version=__version__,
                build=cover.build or "–",
            ),
        }

    def _left_to_the_steps(self, contents: Contents) -> dict[str, str]:
        """How many actions and gaps stand with their steps only, in words; empty if none."""
        actions = (
            "{count} more action stands with its step.",
            "{count} more actions stand with their steps.",
        )
        gaps = (
            "{count} more gap stands with its step.",
            "{count} more gaps stand with their steps.",
        )
        counted = (
            ("more_actions", contents.more_actions, actions),
            ("more_gaps", contents.more_gaps, gaps),
        )
        return {name: self.language.count(n, *said) if n else "" for name, n, said in counted}

    def _imprint(self, contents: Contents) -> list[list[str]]:
        say, cover = self.language.say, contents.cover
        lines = [
            [say("Prepared by"), cover.consultant],
            [say("Contact"), cover.email],
            [say("Data until"), self.language.day(cover.as_of)],
        ]
        return [line for line in lines if line[1]]

    def _logo(self, uri: str) -> str | None:
        if not uri:
            return None
        head, _, content = uri.partition(";base64,")
        name = f"logo.{_LOGO_SUFFIX[head.partition('/')[2]]}"
        self.files[name] = base64.b64decode(content)
        return name

    def _section(self, section: Section) -> dict[str, Any]:
        return {
            "number": self.language.say("Step {number}", number=section.number)
            if section.number
            else "",
            "title": section.title,
            "answer": _nodes(section.answer.text) if section.answer else None,
            "blocks": [self._block(block.kind, block.content) for block in section.blocks],
            "actions": [asdict(act) for act in section.actions],
            "rests_on": [{"basis": b, "said": said} for b, said in section.rests_on.items()],
            "figures": [asdict(answer) for answer in section.answers],
            "all_figures": self.language.say(
                "All {count} figures of this section", count=len(section.answers)
            ),
            "gaps": [asdict(gap) for gap in section.gaps],
        }

    def _block(self, kind: str, content: Any) -> dict[str, Any]:
        match kind:
            case "markdown":
                return {"kind": kind, "nodes": _nodes(content.text)}
            case "chart":
                return {"kind": kind, **self._drawing(content)}
            case "panel":
                return {
                    "kind": kind,
                    "title": content.title,
                    "readouts": [list(pair) for pair in content.readouts],
                    "sentence": content.sentence,
                    "shown": content.shown,
                    "note": content.note,
                    "charts": [self._drawing(drawing) for drawing in content.drawings],
                }
            case "table":
                return {"kind": kind, **_table(content)}
            case _:
                name = f"image-{len(self.files)}.png"
                self.files[name] = base64.b64decode(content["png"])
                return {"kind": kind, "file": name, "alternative": content["text"] or "–"}

    def _drawing(self, drawing: Drawing) -> dict[str, Any]:
        drawn: Picture = picture(drawing.spec)
        name = f"chart-{len(self.files)}.svg"
        self.files[name] = drawn.svg.encode()
        return {
            "title": drawing.title,
            "subtitle": drawing.subtitle,
            "file": name,
            "ratio": drawn.height / drawn.width,
            "alternative": drawing.alternative,
        }


def _nodes(text: str) -> Sequence[Mapping[str, Any]]:
    """Markdown as a tree; what Typst does not need is left out."""
    return [node for node in _PARSED(text) if node["type"] != "blank_line"]


def _table(view: View) -> dict[str, Any]:
    return {
        "columns": [asdict(column) for column in view.columns],
        "rows": [list(row) for row in view.rows],
        "left_out": view.left_out,
    }

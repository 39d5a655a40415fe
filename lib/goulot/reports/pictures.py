"""Charts as SVG, for paper: nothing to move, in the report's own font."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from goulot.charts.theme import WIDTH

FONTS = Path(__file__).parent / "fonts"
FONT = "Inter"  # by the SIL Open Font License, in FONTS
_SIZE = re.compile(r'<svg[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"')


@dataclass(frozen=True)
class Picture:
    """An SVG and its size [pixels]."""

    svg: str
    width: float
    height: float


def picture(spec: str) -> Picture:
    """The chart of a Vega-Lite specification (JSON) with its parameters where they start."""
    drawn = unbound(json.loads(spec))
    if drawn.get("width") == "container":
        drawn["width"] = WIDTH
    drawn["config"] = drawn.get("config", {}) | {"font": FONT}
    svg = _converter().vegalite_to_svg(drawn)
    width, height = _SIZE.search(svg).groups()
    return Picture(svg, float(width), float(height))


@cache
def _converter() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def unbound(spec: Any) -> Any:
    """The specification without the controls that would move its parameters."""
    if isinstance(spec, dict):
        return {key: unbound(value) for key, value in spec.items() if key != "bind"}
    return [unbound(value) for value in spec] if isinstance(spec, list) else spec

"""A slider moved by the mouse, as a reader does."""

from typing import Any


def drag(page: Any, slider: Any, share: float) -> None:
    """Take the slider's handle and drop it ``share`` of the way along, from its low end."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    stood, most = (float(slider.evaluate(f"input => input.{name}")) for name in ("value", "max"))
    handle = 22  # pixels wide, whose middle moves from one end to the other
    y = box["y"] + box["height"] / 2

    def x(part: float) -> float:
        return box["x"] + handle / 2 + part * (box["width"] - handle)

    page.mouse.move(x(stood / most), y)
    page.mouse.down()
    page.mouse.move(x((stood / most + share) / 2), y, steps=4)
    page.mouse.move(x(share), y, steps=4)
    page.mouse.up()

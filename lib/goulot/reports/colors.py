"""The consultant's accent, made dark enough to read."""

_AA = 4.5  # WCAG 2: least contrast of text


def readable(accent: str, *, on: str = "#ffffff") -> str:
    """The accent itself, or the nearest darker shade with enough contrast for text.

    >>> readable("#0b6e4f"), readable("#ffcc00")
    ('#0b6e4f', '#8e7200')
    """
    channels = _channels(accent)
    for percent in range(100, -1, -1):
        shade = _hex([channel * percent // 100 for channel in channels])
        if contrast(shade, on) >= _AA:
            return shade
    return "#000000"


def tint(accent: str, share: float) -> str:
    """White with a ``share`` of the accent in it, for surfaces."""
    return _hex([round(255 - share * (255 - channel)) for channel in _channels(accent)])


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colors, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(color))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(color: str) -> list[int]:
    return [int(color[n : n + 2], 16) for n in (1, 3, 5)]


def _hex(channels: list[int]) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in channels)

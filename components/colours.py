"""The palette, in one place: the style sheet gets it as CSS variables, and a test holds it to readable contrasts."""

import colorsys
from collections.abc import Mapping
from zlib import crc32

LIGHT: Mapping[str, str] = {
    "canvas": "#f6f7f9",
    "column": "#eceff3",
    "card": "#ffffff",
    "raised": "#ffffff",
    "hover": "#e3e7ed",
    "line": "#dde2e8",
    "edge": "#7f8a98",
    "text": "#1b2430",
    "muted": "#566170",
    "accent": "#3457d5",
    "on-accent": "#ffffff",
    "accent-soft": "#e4e9fb",
    "good": "#1c7047",
    "warn": "#8a5c00",
    "bad": "#b42318",
    "bad-soft": "#fbe9e7",
    "notice": "#1b2430",
    "on-notice": "#f4f6f9",
    "notice-accent": "#a9bbff",
}
DARK: Mapping[str, str] = {
    "canvas": "#0f1216",
    "column": "#171b21",
    "card": "#1f242c",
    "raised": "#232932",
    "hover": "#29303a",
    "line": "#2b323c",
    "edge": "#717c8b",
    "text": "#e7ebf0",
    "muted": "#9aa5b4",
    "accent": "#8aa4ff",
    "on-accent": "#0f1216",
    "accent-soft": "#252d47",
    "good": "#5cc98f",
    "warn": "#e3b341",
    "bad": "#ff8a80",
    "bad-soft": "#3a2124",
    "notice": "#e7ebf0",
    "on-notice": "#171b21",
    "notice-accent": "#2b4bc0",
}
LABELS: Mapping[str, tuple[str, str]] = {
    "gray": ("#6b7785", "#8b97a6"),
    "red": ("#d13b30", "#ff7b72"),
    "orange": ("#c25a0a", "#f0883e"),
    "yellow": ("#a37a00", "#d9a520"),
    "green": ("#2b8a4b", "#56c27d"),
    "teal": ("#0f8383", "#3fbdbd"),
    "blue": ("#2f6fd6", "#6ea8fe"),
    "purple": ("#7d4fd0", "#b392f0"),
    "pink": ("#c53a8c", "#f080bd"),
}
"""The colour of a label's bar, on light and on dark. No text stands on it."""
HUES = (212, 262, 330, 8, 28, 48, 96, 152, 176, 194)
"""One hue a tone; a name always gets the same tone."""


def tone_of(name: str) -> int:
    """The tone of a name: stable over processes and visits."""
    return crc32(name.casefold().encode()) % len(HUES)


def tones(dark: bool) -> list[tuple[str, str]]:
    """(ground, ink) of every tone."""
    ground, ink = ((0.27, 0.32), (0.90, 0.75)) if dark else ((0.87, 0.58), (0.24, 0.62))
    return [(_hex(hue, *ground), _hex(hue, *ink)) for hue in HUES]


def variables(dark: bool) -> str:
    """The palette as CSS declarations."""
    lines = [f"--{name}:{value};" for name, value in (DARK if dark else LIGHT).items()]
    lines += [f"--tone-{n}:{ground};--tone-{n}-ink:{ink};" for n, (ground, ink) in enumerate(tones(dark))]
    lines += [f"--label-{name}:{pair[dark]};" for name, pair in LABELS.items()]
    return "".join(lines)


def contrast(one: str, other: str) -> float:
    """The contrast of two `#rrggbb` colours, 1 to 21, after WCAG 2.2 (relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(hue: int, level: float, strength: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue / 360, level, strength))

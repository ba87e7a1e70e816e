import re

import pytest

from components import colours, theme
from models.vocabulary import LabelColour

INKS = ("text", "muted", "accent", "good", "warn", "bad")
GROUNDS = ("canvas", "column", "card", "raised", "hover")


@pytest.mark.parametrize("palette", [colours.LIGHT, colours.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_words_can_be_read_on_every_ground(palette: dict[str, str], ink: str, ground: str) -> None:
    assert colours.contrast(palette[ink], palette[ground]) >= 4.5


@pytest.mark.parametrize("palette", [colours.LIGHT, colours.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("on-accent", "accent"),
        ("on-notice", "notice"),
        ("notice-accent", "notice"),
        ("bad", "bad-soft"),
        ("accent", "accent-soft"),
    ],
)
def test_words_on_coloured_grounds_can_be_read(palette: dict[str, str], ink: str, ground: str) -> None:
    assert colours.contrast(palette[ink], palette[ground]) >= 4.5


@pytest.mark.parametrize("palette", [colours.LIGHT, colours.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["canvas", "card", "raised"])
def test_the_edge_of_an_input_can_be_seen(palette: dict[str, str], ground: str) -> None:
    assert colours.contrast(palette["edge"], palette[ground]) >= 3


@pytest.mark.parametrize(("dark", "palette"), [(False, colours.LIGHT), (True, colours.DARK)], ids=["light", "dark"])
def test_every_label_can_be_seen_on_a_card(dark: bool, palette: dict[str, str]) -> None:
    assert set(colours.LABELS) == {colour.value for colour in LabelColour}
    for ground in ("card", "raised", "column"):
        assert min(colours.contrast(pair[dark], palette[ground]) for pair in colours.LABELS.values()) >= 3


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_initials_can_be_read_in_every_tone(dark: bool) -> None:
    assert min(colours.contrast(ground, ink) for ground, ink in colours.tones(dark)) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_name_keeps_its_tone() -> None:
    assert colours.tone_of("Ada Lovelace") == colours.tone_of("ada lovelace") == 1


def test_light_and_dark_have_the_same_names() -> None:
    assert colours.LIGHT.keys() == colours.DARK.keys()


def test_every_variable_that_a_style_uses_is_defined() -> None:
    sheet = theme.style_sheet()
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", sheet))
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", sheet))
    assert used <= defined

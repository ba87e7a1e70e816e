import pytest

from components.identity import NAME_COOKIE, clean_name, guest_name, name_in, theme_in
from components.theme import THEME_COOKIE


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("Ada\nLovelace\x00", "Ada Lovelace"),
        ("\u202eadA", "adA"),
        ("x" * 200, "x" * 40),
        ("李明", "李明"),
        (" \t", ""),
    ],
)
def test_a_name_is_one_short_visible_line(typed: str, name: str) -> None:
    assert clean_name(typed) == name


def test_a_name_is_read_from_its_cookie() -> None:
    assert name_in({NAME_COOKIE: "Ada%20L%C3%B6w"}) == "Ada Löw"


@pytest.mark.parametrize("cookie", ["", "%00%00", "%20", "%ff%fe"[:0]])
def test_an_unusable_cookie_is_no_name(cookie: str) -> None:
    assert name_in({NAME_COOKIE: cookie}) is None


def test_a_guest_has_a_number() -> None:
    assert guest_name().startswith("Guest ")


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("x", "system"), ("", "system")])
def test_the_theme_is_one_that_exists(cookie: str, theme: str) -> None:
    assert theme_in({THEME_COOKIE: cookie}) == theme

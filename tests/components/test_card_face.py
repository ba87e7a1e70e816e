import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from app.views import CardView
from components import card_face
from models.vocabulary import Priority

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def card(**fields: Any) -> CardView:
    values: dict[str, Any] = {
        "id": 12, "ref": "DEMO-12", "board_id": 1, "column_id": 1, "rank": "a0", "title": "Write the changelog",
        "description": "", "acceptance_criteria": "", "priority": Priority.NORMAL, "assignee": None, "comment_count": 0,
        "version": 1, "created_at": NOW, "updated_at": NOW, "column_entered_at": NOW, "done_at": None,
        "archived_at": None,
    }  # fmt: skip
    return CardView(**{**values, **fields})


def test_a_plain_card_shows_its_title_and_ref_and_nothing_else() -> None:
    html = card_face.render(card())
    assert _words(html) == "Write the changelog DEMO-12"
    assert "title=" not in html
    assert "role=" not in html


def test_everything_a_card_has_is_said_in_words_too() -> None:
    html = card_face.render(card(priority=Priority.URGENT, description="d", comment_count=3, assignee="agent-7"))
    for words in ("Urgent priority", "Has a description", "3 comments", "Assigned to agent-7"):
        assert words in html
    assert "is-agent" in html


def test_one_comment_is_not_called_comments() -> None:
    assert 'title="1 comment"' in card_face.render(card(comment_count=1))


@pytest.mark.parametrize("field", ["title", "ref", "assignee"])
def test_what_people_type_is_text(field: str) -> None:
    html = card_face.render(card(**{field: '<img src=x onerror=alert(1)>"\' onclick="x' + "y" * 60}))
    tags = Tags(html)
    assert set(tags.names) == {"div", "span"}
    assert not [name for name in tags.attributes if name.startswith("on")]


def test_a_face_is_rendered_once_and_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    one = card(id=77)
    first = card_face.render(one)
    monkeypatch.setattr(card_face, "_template", None)
    assert card_face.render(one) is first


def test_a_changed_card_gets_a_new_face() -> None:
    before = card(id=78)
    card_face.render(before)
    assert "Ship it" in card_face.render(before.model_copy(update={"title": "Ship it"}))


def test_kept_faces_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_face, "MOST_KEPT", 10)
    for number in range(100):
        card_face.render(card(id=number))
    assert len(card_face._faces) <= 10


def test_a_long_title_can_be_read_in_full() -> None:
    title = "long " * 30
    assert f'title="{title}"' in card_face.render(card(title=title))


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [name for name, _ in attrs]


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())

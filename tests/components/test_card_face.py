import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from app.views import BoardInfo, BoardView, CardView, CheckItem, ClaimView, ColumnView, LabelView, Progress
from components import card_face
from models.vocabulary import ActorKind, ColumnKind, LabelColour, Priority

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def card(**fields: Any) -> CardView:
    values: dict[str, Any] = {
        "id": 12, "ref": "DEMO-12", "board_id": 1, "column_id": 1, "rank": "a0", "title": "Write the changelog",
        "description": "", "acceptance_criteria": "", "priority": Priority.NORMAL, "assignee": None, "comment_count": 0,
        "version": 1, "created_at": NOW, "updated_at": NOW, "column_entered_at": NOW, "done_at": None,
        "archived_at": None,
    }  # fmt: skip
    return CardView(**{**values, **fields})


def claim(**fields: Any) -> ClaimView:
    values: dict[str, Any] = {
        "holder": "agent-7", "kind": ActorKind.AGENT, "fence": 3, "claimed_at": NOW, "lease_seconds": 300,
        "expires_at": NOW + timedelta(seconds=300),
    }  # fmt: skip
    return ClaimView(**{**values, **fields})


def board(*cards: CardView, labels: tuple[LabelView, ...] = ()) -> BoardView:
    info = BoardInfo(id=1, key="DEMO", name="Demo", sequence=1, created_at=NOW, updated_at=NOW, archived_at=None)
    columns = [ColumnView(id=1, board_id=1, name="To do", kind=ColumnKind.QUEUE, wip_limit=None, rank="a")]
    return BoardView.build(info, columns, cards, labels)


def label(label_id: int, name: str, colour: LabelColour = LabelColour.RED) -> LabelView:
    return LabelView(id=label_id, board_id=1, name=name, colour=colour)


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


def test_labels_are_bars_with_their_names() -> None:
    one = card(labels=(2, 1, 9))
    view = board(one, labels=(label(1, "Bug"), label(2, "Api", LabelColour.TEAL)))
    html = card_face.render(one, card_face.beside(one, view))
    assert html.index('title="Api"') < html.index('title="Bug"')
    assert "label-teal" in html


def test_a_card_that_waits_says_so_until_nothing_keeps_it() -> None:
    one, other = card(blocked_by=(13, 99)), card(id=13, ref="DEMO-13")
    beside = card_face.beside(one, board(one, other))
    assert 'title="Waits for DEMO-13"' in card_face.render(one, beside)
    assert "blocked by DEMO-13" in card_face.spoken(one, beside)
    freed = card_face.beside(one, board(one, other.model_copy(update={"done_at": NOW})))
    assert "Blocked" not in card_face.render(one, freed)


def test_due_checklist_and_progress_are_counted() -> None:
    items = (CheckItem(id=1, text="a", done=True), CheckItem(id=2, text="b", done=False))
    html = card_face.render(card(due_at=NOW, checklist=items))
    assert 'data-due-at="1772323200000"' in html
    assert _words(html) == "Write the changelog DEMO-12 1 Mar 1/2"


def test_a_finished_card_is_not_late() -> None:
    assert "due-date" not in card_face.render(card(due_at=NOW, done_at=NOW))


def test_a_claimed_card_shows_who_works_how_far_and_until_when() -> None:
    one = card(claim=claim(), assignee="agent-7", progress=Progress(percent=60, text="Running the tests"))
    html = card_face.render(one)
    assert _words(html) == "Write the changelog DEMO-12 A7 agent-7 60 % Running the tests"
    assert 'style="width: 60%"' in html
    told = int(re.findall(r'data-expires-at="(\d+)"', html)[0]), int(re.findall(r'data-silent-at="(\d+)"', html)[0])
    assert told[0] - told[1] == 150_000
    assert told[0] - int(re.findall(r'data-heard-at="(\d+)"', html)[0]) == 300_000
    assert "agent-7 works on it" in card_face.spoken(one)


def test_who_said_to_be_busy_is_not_silent_before() -> None:
    until = NOW + timedelta(hours=2)
    html = card_face.render(card(claim=claim(busy_until=until, expires_at=until)))
    assert f'data-silent-at="{round(until.timestamp() * 1000)}"' in html


HOSTILE = '<img src=x onerror=alert(1)>"\' onclick="x' + "y" * 60


@pytest.mark.parametrize("field", ["title", "ref", "assignee", "label", "holder", "progress", "blocker"])
def test_what_people_type_is_text(field: str) -> None:
    values: dict[str, Any] = {field: HOSTILE} if field in ("title", "ref", "assignee") else {"claim": claim()}
    if field == "holder":
        values["claim"] = claim(holder=HOSTILE)
    if field == "progress":
        values["progress"] = Progress(percent=None, text=HOSTILE)
    one = card(**values)
    beside = (label(1, HOSTILE),) if field == "label" else (), (HOSTILE,) if field == "blocker" else ()
    htmls = [card_face.render(one, beside), *([card_face.render_work(one)] if one.claim else [])]
    for tags in map(Tags, htmls):
        assert set(tags.names) <= {"div", "span", "claim-mark"}
        assert not [name for name in tags.attributes if name.startswith("on")]


def test_a_face_is_rendered_once_and_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    one = card(id=77)
    first = card_face.render(one)
    monkeypatch.setattr(card_face, "_face", None)
    assert card_face.render(one) is first


def test_a_changed_card_gets_a_new_face() -> None:
    before = card(id=78)
    card_face.render(before)
    assert "Ship it" in card_face.render(before.model_copy(update={"title": "Ship it"}))


def test_a_renamed_label_gives_the_same_card_a_new_face() -> None:
    one = card(id=79, labels=(1,))
    for name in ("Bug", "Defect"):
        view = board(one, labels=(label(1, name),))
        assert f'title="{name}"' in card_face.render(one, card_face.beside(one, view))


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

"""Comments: add, edit, delete."""

from typing import Any

import pytest

from app.commands import cards, comments
from app.errors import InvalidInput, NotFound, NotTheAuthor, Refusal
from app.queries import cards as card_queries
from app.queries import comments as comment_queries
from tests.commands.refusing import NOBODY, Attempt, assert_refused, case
from tests.support import ANNA, ROBOT, Desk, nothing_stored


def test_a_comment_is_counted_on_its_card(desk: Desk) -> None:
    made = comments.add_comment(desk.store, "desk-1", text=" *Why?*\n", actor=ANNA)
    assert (made.card_id, made.author, made.author_kind, made.edited_at) == (desk.first, "Anna", "human", None)
    assert made.text == " *Why?*\n"
    assert comment_queries.list_comments(desk.store, desk.first)[-1] == made
    assert (desk.card(desk.first).comment_count, desk.card(desk.first).updated_at) == (2, made.created_at)


def test_an_edited_comment_says_when(desk: Desk) -> None:
    edited = comments.edit_comment(desk.store, desk.remark, text="Better", actor=ROBOT)
    assert edited.edited_at is not None
    assert edited.edited_at > edited.created_at
    assert comment_queries.list_comments(desk.store, desk.first) == [edited]


def test_a_deleted_comment_is_gone(desk: Desk) -> None:
    assert comments.delete_comment(desk.store, desk.remark, actor=ROBOT).text == "A first thought"
    assert comment_queries.list_comments(desk.store, desk.first) == []
    assert desk.card(desk.first).comment_count == 0


def test_the_author_is_who_says_so_through_whatever_door(desk: Desk) -> None:
    from_elsewhere = ROBOT.model_copy(update={"via": ANNA.via})
    assert comments.edit_comment(desk.store, desk.remark, text="Better", actor=from_elsewhere).text == "Better"


def test_an_archived_card_can_be_talked_about(desk: Desk) -> None:
    cards.archive_card(desk.store, desk.first, actor=ANNA)
    comments.add_comment(desk.store, desk.first, text="Why?", actor=ANNA)
    comments.delete_comment(desk.store, desk.remark, actor=ROBOT)
    assert card_queries.get_card(desk.store, desk.first).comment_count == 1


def test_what_changes_nothing_records_nothing(desk: Desk) -> None:
    with nothing_stored(desk.store):
        comments.edit_comment(desk.store, desk.remark, text="A first thought", actor=ROBOT)


def add(text: Any, which: int | str = "DESK-1") -> Attempt:
    return lambda desk: comments.add_comment(desk.store, which, text=text, actor=ANNA)


def edit(text: Any, actor: Any = ROBOT) -> Attempt:
    return lambda desk: comments.edit_comment(desk.store, desk.remark, text=text, actor=actor)


def delete(actor: Any) -> Attempt:
    return lambda desk: comments.delete_comment(desk.store, desk.remark, actor=actor)


NAMESAKE = ROBOT.model_copy(update={"kind": ANNA.kind})
BAD_TEXTS = {"empty": " \n", "long": "x" * 20_001, "nul": "\x00", "number": 3, "half-a-pair": "\udc00"}


@pytest.mark.parametrize(
    ("attempt", "refusal", "data"),
    [
        *(case(f"add-{name}", InvalidInput, add(text), field="text") for name, text in BAD_TEXTS.items()),
        *(case(f"edit-{name}", InvalidInput, edit(text), field="text") for name, text in BAD_TEXTS.items()),
        case("add-to-no-card", NotFound, add("x", NOBODY)),
        case("add-to-no-ref", NotFound, add("x", "DESK-99")),
        case("edit-another's", NotTheAuthor, edit("x", ANNA)),
        case("edit-a-namesake's", NotTheAuthor, edit("x", NAMESAKE)),
        case("delete-another's", NotTheAuthor, delete(ANNA)),
        case("delete-a-namesake's", NotTheAuthor, delete(NAMESAKE)),
        case("edit-none", NotFound, lambda desk: comments.edit_comment(desk.store, NOBODY, text="x", actor=ANNA)),
        case("delete-none", NotFound, lambda desk: comments.delete_comment(desk.store, NOBODY, actor=ANNA)),
    ],
)
def test_a_comment_is_refused_with_a_reason(
    desk: Desk, attempt: Attempt, refusal: type[Refusal], data: dict[str, Any]
) -> None:
    assert_refused(desk, attempt, refusal, data)

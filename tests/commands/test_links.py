"""Links: which card waits for which."""

from itertools import pairwise
from typing import Any

import pytest

from app.commands import cards, links
from app.errors import CardArchived, Cycle, InvalidInput, NotFound, Refusal
from models.link import BLOCKERS_MOST
from tests.commands.refusing import NOBODY, Attempt, assert_refused, case
from tests.support import ANNA, ROBOT, Desk, nothing_stored


def block(desk: Desk, card: int | str, other: int | str) -> Any:
    return links.block_card(desk.store, card, other, actor=ROBOT)


def test_a_card_waits_for_another_until_that_is_done_or_archived(desk: Desk) -> None:
    block(desk, desk.first, "desk-2")
    block(desk, "DESK-1", desk.third)
    card = block(desk, desk.first, desk.finished)
    assert card.blocked_by == tuple(sorted((desk.second, desk.third, desk.finished)))
    assert card == desk.card(desk.first)
    assert {blocker.id for blocker in desk.view.open_blockers(card)} == {desk.second, desk.third}
    cards.move_card(desk.store, desk.second, to_column=desk.done, actor=ANNA)
    cards.archive_card(desk.store, desk.third, actor=ANNA)
    assert desk.view.open_blockers(desk.card(desk.first)) == ()
    assert len(desk.card(desk.first).blocked_by) == 3
    cards.delete_card(desk.store, desk.third, actor=ANNA)
    assert links.unblock_card(desk.store, desk.first, desk.second, actor=ROBOT).blocked_by == (desk.finished,)


def test_what_is_so_already_records_nothing(desk: Desk) -> None:
    card = block(desk, desk.first, desk.second)
    with nothing_stored(desk.store):
        assert block(desk, desk.first, desk.second) == card
        assert links.unblock_card(desk.store, desk.first, desk.third, actor=ROBOT) == card


def test_a_change_of_links_names_the_other_card(desk: Desk) -> None:
    block(desk, desk.first, desk.second)
    data = desk.changes()[-1].data
    assert data["blocker"] == {"id": desk.second, "ref": "DESK-2", "title": "Card two"}
    assert data["changed"] == {"blocked_by": [[], [desk.second]]}


def test_no_card_waits_for_itself_however_far_the_way(desk: Desk) -> None:
    with desk.store.joining():
        chain = [desk.first, desk.second, *(desk.add(f"link {number}") for number in range(60))]
        for card, other in pairwise(chain):
            block(desk, card, other)
        block(desk, desk.third, desk.first)
    refs = [desk.card(card).ref for card in chain]

    def closing(last: int, path: list[str]) -> None:
        assert_refused(desk, lambda desk: block(desk, last, desk.first), Cycle, {"path": path})

    closing(chain[0], ["DESK-1", "DESK-1"])
    closing(chain[1], ["DESK-2", "DESK-1", "DESK-2"])
    closing(chain[-1], [refs[-1], *refs])
    block(desk, desk.third, chain[-1])
    with pytest.raises(Cycle) as caught:
        block(desk, chain[-1], desk.first)
    assert len(caught.value.detail) < 170, "a long way is shortened in words"


def test_a_way_over_done_and_archived_cards_is_a_way(desk: Desk) -> None:
    block(desk, desk.first, desk.finished)
    block(desk, desk.finished, desk.second)
    cards.archive_card(desk.store, desk.finished, actor=ANNA)
    with nothing_stored(desk.store), pytest.raises(Cycle):
        block(desk, desk.second, desk.first)


def test_a_card_waits_for_cards_of_its_board_only(desk: Desk, other: Desk) -> None:
    for elsewhere in (other.first, "other-2", "OTHER-1"):
        for verb in (links.block_card, links.unblock_card):
            assert_refused(
                desk,
                lambda desk, verb=verb, which=elsewhere: verb(desk.store, desk.first, which, actor=ANNA),
                InvalidInput,
                {"field": "other_id"},
            )


def test_a_card_waits_for_its_most_others_and_no_more(desk: Desk) -> None:
    with desk.store.joining():
        for number in range(BLOCKERS_MOST):
            block(desk, desk.first, desk.add(f"blocker {number}"))
    with nothing_stored(desk.store), pytest.raises(InvalidInput, match="at most 50 others"):
        block(desk, desk.first, desk.second)


@pytest.mark.parametrize(
    ("attempt", "refusal", "data"),
    [
        case("archived", CardArchived, lambda desk: block(desk, desk.shelved, desk.first), next="restore_card"),
        *(
            case(f"other-{which!r}", NotFound, lambda desk, which=which: block(desk, desk.first, which))
            for which in (NOBODY, 0, "DESK-99", "card", "")
        ),
        *(
            case(f"card-{which!r}", NotFound, lambda desk, which=which: block(desk, which, desk.first))
            for which in (NOBODY, "DESK-99", "card")
        ),
        case("unblock-none", NotFound, lambda d: links.unblock_card(d.store, d.first, NOBODY, actor=ANNA)),
    ],
)
def test_a_link_is_refused_with_a_reason(
    desk: Desk, attempt: Attempt, refusal: type[Refusal], data: dict[str, Any]
) -> None:
    assert_refused(desk, attempt, refusal, data)

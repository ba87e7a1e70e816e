"""The next card for an agent: which one it gets, and what claims refuse."""

from typing import Any

import pytest

from app.commands import cards, claims, labels, links
from app.errors import CardArchived, CardDone, InvalidInput, NotFound, NotTheHolder, Refusal
from app.views import ANONYMOUS, Actor
from models.vocabulary import ActorKind, Priority, Verb, Via
from tests.commands.refusing import NOBODY, Attempt, assert_refused, case
from tests.support import ANNA, ROBOT, Clock, Desk, only

OTHER = Actor(name="Other", kind=ActorKind.AGENT, via=Via.MCP)
NAMELESS = Actor(name=ANONYMOUS, kind=ActorKind.HUMAN, via=Via.UI)


def next_of(desk: Desk, actor: Actor = ROBOT, **wishes: Any) -> int | None:
    taken = claims.claim_next_card(desk.store, desk.id, actor=actor, **wishes)
    return None if taken is None else taken.id


def test_the_next_card_is_the_most_urgent_free_one_in_order(desk: Desk, clock: Clock) -> None:
    urgent = desk.add("Urgent", priority=Priority.URGENT)
    links.block_card(desk.store, desk.first, desk.busy, actor=ANNA)
    links.block_card(desk.store, desk.second, desk.finished, actor=ANNA)
    cards.move_card(desk.store, desk.third, to_column=desk.todo, before=desk.second, actor=ANNA)
    assert [next_of(desk) for _ in range(4)] == [urgent, desk.third, desk.second, None]
    assert next_of(desk, column_id=desk.doing) == desk.busy
    claims.release_card(desk.store, urgent, actor=ANNA)
    assert next_of(desk, OTHER) == urgent
    clock.advance(hours=1)
    before = desk.sequence
    assert next_of(desk, OTHER) == urgent, "a claim that has ended holds nobody off"
    assert [change.event for change in desk.changes(before)] == [Verb.CLAIM_EXPIRED, Verb.CARD_CLAIMED]


def test_the_next_card_with_a_label(desk: Desk) -> None:
    label = labels.create_label(desk.store, desk.id, name="API", actor=ANNA)
    for wish in (label.id, "api", str(label.id)):
        assert next_of(desk, label=wish) is None
    labels.add_label(desk.store, desk.third, label.id, actor=ANNA)
    assert next_of(desk, label="Api") == desk.third


def wanting(**wishes: Any) -> Attempt:
    return lambda desk: claims.claim_card(desk.store, desk.first, **{"actor": ROBOT, **wishes})


def reporting(**said: Any) -> Attempt:
    return lambda desk: claims.report_progress(desk.store, desk.first, actor=ROBOT, **said)


def taking_next(**wishes: Any) -> Attempt:
    return lambda desk: claims.claim_next_card(desk.store, desk.id, actor=ROBOT, **wishes)


def with_work(desk: Desk) -> list[int]:
    return [desk.todo, desk.doing, desk.review]


@only("sqlite")
@pytest.mark.parametrize(
    ("attempt", "refusal", "data"),
    [
        case("nobody", InvalidInput, wanting(actor=NAMELESS), field="actor"),
        *(
            case(f"lease-{n}", InvalidInput, wanting(lease_seconds=n), field="lease_seconds")
            for n in (0, 3601, "9", 1.5)
        ),
        *(case(f"busy-{n}", InvalidInput, wanting(busy_for=n), field="busy_for") for n in (0, 86_401, True)),
        case("archived", CardArchived, lambda desk: claims.claim_card(desk.store, desk.shelved, actor=ANNA)),
        case("done", CardDone, lambda desk: claims.claim_card(desk.store, desk.finished, actor=ANNA)),
        case("no-card", NotFound, lambda desk: claims.claim_card(desk.store, NOBODY, actor=ANNA)),
        case("no-report", InvalidInput, reporting(), field="percent"),
        *(case(f"percent-{n}", InvalidInput, reporting(percent=n), field="percent") for n in (-1, 101, True, 1.5)),
        case("long-text", InvalidInput, reporting(text="x" * 201), field="text"),
        case("text-no-text", InvalidInput, reporting(text=0), field="text"),
        case("not-claimed", NotTheHolder, reporting(percent=1), holder=None, next="claim_card"),
        case("no-column", InvalidInput, taking_next(column_id=NOBODY), field="column_id", allowed=with_work),
        case("done-column", InvalidInput, lambda desk: taking_next(column_id=desk.done)(desk), field="column_id"),
        case("no-label", InvalidInput, taking_next(label="api"), field="label", allowed=[]),
        case("no-board", NotFound, lambda desk: claims.claim_next_card(desk.store, "NONE", actor=ROBOT)),
    ],
)
def test_what_is_refused(desk: Desk, attempt: Attempt, refusal: type[Refusal], data: dict[str, Any]) -> None:
    assert_refused(desk, attempt, refusal, data)

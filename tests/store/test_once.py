"""A write with an idempotency key happens once, however often and however closely together it is asked for."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.commands import boards, cards
from app.errors import ColumnFull, IdempotencyKeyReused
from app.store import Once, Store
from app.store.receipts import FORGOTTEN_AT_ONCE
from app.views import CardView
from tests.support import ANNA, Clock, Desk, rows


def encode(card: CardView) -> bytes:
    return card.model_dump_json().encode()


def once(key: str = "k1", fingerprint: str = "f" * 64, actor: str = "Anna") -> Once:
    return Once(actor=actor, key=key, fingerprint=fingerprint, encode=encode)


async def create(store: Store, asked: Once, **wishes: Any) -> bytes:
    given = {"title": "Once", "actor": ANNA, **wishes}
    answer = await store.run(cards.create_card, "DESK", once=asked, **given)
    assert isinstance(answer, bytes)
    return answer


async def test_a_retry_gets_the_first_answer_and_changes_nothing(store: Store) -> None:
    desk = Desk(store)
    first = await create(store, once())
    before = rows(store)
    assert await create(store, once()) == first
    assert rows(store) == before
    assert CardView.model_validate_json(first) == desk.card(desk.lane(desk.todo)[-1])


async def test_twenty_equal_calls_at_once_have_one_effect_and_one_answer(store: Store) -> None:
    desk = Desk(store)
    before = desk.sequence
    answers = await asyncio.gather(*(create(store, once()) for _ in range(20)))
    assert len(set(answers)) == 1
    assert desk.sequence == before + 1


async def test_the_answer_of_a_retry_is_the_old_one_even_after_the_card_changed(store: Store) -> None:
    desk = Desk(store)
    first = await create(store, once())
    cards.archive_card(store, CardView.model_validate_json(first).id, actor=ANNA)
    boards.archive_board(store, desk.id, actor=ANNA)
    assert await create(store, once()) == first


async def test_a_key_that_came_with_something_else_is_refused(store: Store) -> None:
    desk = Desk(store)
    await create(store, once())
    before = desk.sequence
    with pytest.raises(IdempotencyKeyReused):
        await create(store, once(fingerprint="e" * 64))
    assert desk.sequence == before


async def test_another_actor_may_use_the_same_key(store: Store) -> None:
    desk = Desk(store)
    before = desk.sequence
    assert await create(store, once()) != await create(store, once(actor="Robot"))
    assert desk.sequence == before + 2


async def test_a_refused_write_keeps_no_receipt_so_that_it_can_be_tried_again(store: Store) -> None:
    desk = Desk(store)
    desk.set_limit(desk.doing, 1)
    with pytest.raises(ColumnFull):
        await create(store, once(), column_id=desk.doing)
    assert rows(store)["receipt"] == []
    cards.archive_card(store, desk.busy, actor=ANNA)
    await create(store, once(), column_id=desk.doing)
    assert len(desk.lane(desk.doing)) == 1


async def test_a_write_that_changed_nothing_answers_the_same_again(store: Store) -> None:
    desk = Desk(store)
    asked = once()
    first = await store.run(cards.archive_card, desk.shelved, once=asked, actor=ANNA)
    cards.restore_card(store, desk.shelved, actor=ANNA)
    assert await store.run(cards.archive_card, desk.shelved, once=asked, actor=ANNA) == first
    assert desk.shelved in desk.view.cards


async def test_receipts_are_kept_for_two_days(store: Store, clock: Clock) -> None:
    desk = Desk(store)
    before = desk.sequence
    await create(store, once("old"))
    clock.advance(hours=47)
    await create(store, once("new"))
    await create(store, once("old"))
    assert desk.sequence == before + 2
    clock.advance(**{"seconds": timedelta(hours=2).total_seconds()})
    await create(store, once("newest"))
    assert [row[1] for row in rows(store)["receipt"]] == ["new", "newest"]


async def test_a_heap_of_old_receipts_is_cleared_bit_by_bit(store: Store, clock: Clock) -> None:
    """A server that rested for days would otherwise keep its first writer waiting for all of them."""
    Desk(store)
    for number in range(FORGOTTEN_AT_ONCE + 5):
        await create(store, once(f"old {number}"))
    clock.advance(days=3)
    await create(store, once("first"))
    assert sorted(row[1] for row in rows(store)["receipt"]) == [
        "first",
        *sorted(f"old {number}" for number in range(FORGOTTEN_AT_ONCE, FORGOTTEN_AT_ONCE + 5)),
    ]
    await create(store, once("second"))
    assert [row[1] for row in rows(store)["receipt"]] == ["first", "second"]

"""Fifty at once: one card has one winner, and fifty cards go to fifty, also when two servers give them out."""

import json
from contextlib import ExitStack

import pytest

from app.store import Store
from tests import processes
from tests.commands.claiming import want_next, want_one
from tests.support import Desk, assert_gap_free, only

AGENTS = 50


@pytest.fixture
def many(desk: Desk) -> list[int]:
    """A board of fifty free cards, next to one that all want."""
    with desk.store.joining():
        return [desk.first, desk.second, desk.third, *(desk.add(f"Card {number}") for number in range(AGENTS - 2))]


def assert_shared_out(desk: Desk, many: list[int], fences: list[int | str], given: list[int | None]) -> None:
    assert sorted(map(str, fences)) == ["1", *["card_claimed"] * (AGENTS - 1)]
    assert sorted(card for card in given if card is not None) == sorted(many[1:])
    assert len(given) == AGENTS
    assert_gap_free(desk)


async def test_fifty_tasks_want_one_card_and_then_the_next(store: Store, desk: Desk, many: list[int]) -> None:
    fences = await want_one(store, "Agent", desk.first, AGENTS)
    given = await want_next(store, "Agent", "DESK", AGENTS)
    assert_shared_out(desk, many, fences, given)


@only("postgresql")
def test_two_servers_give_out_each_card_once(database_url: str, desk: Desk, many: list[int]) -> None:
    fences: list[int | str] = []
    given: list[int | None] = []
    with ExitStack() as stack:
        both = [
            stack.enter_context(processes.claiming(database_url, name, "DESK", desk.first, AGENTS // 2))
            for name in ("Left", "Right")
        ]
        for process in both:
            processes.begin(process)
        for process in both:
            assert process.stdout is not None
            fences += json.loads(process.stdout.readline())
            given += json.loads(process.stdout.readline())
    assert_shared_out(desk, many, fences, given)

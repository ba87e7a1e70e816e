"""Ranks: always another in between, in byte order, and short under everyday use."""

import random
from bisect import bisect_left, insort

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rank import DIGITS, FIRST, LONGEST, between, evenly

PLACES = st.lists(st.integers(0, 10**6), max_size=120)


def ranks_dropped_at(places: list[int]) -> list[str]:
    """Ranks made one after the other, each at a place among those before it."""
    ranks: list[str] = []
    for place in places:
        at = place % (len(ranks) + 1)
        made = between(ranks[at - 1] if at else None, ranks[at] if at < len(ranks) else None)
        ranks.insert(at, made)
    return ranks


@given(PLACES)
def test_a_rank_sorts_between_its_neighbours_wherever_it_is_dropped(places: list[int]) -> None:
    ranks = ranks_dropped_at(places)
    assert ranks == sorted(set(ranks))
    assert [rank.encode() for rank in ranks] == sorted(rank.encode() for rank in ranks)


@given(PLACES)
def test_a_rank_is_made_of_digits_that_sort_by_byte_and_never_ends_in_a_needless_zero(places: list[int]) -> None:
    for rank in ranks_dropped_at(places):
        assert set(rank) <= set(DIGITS)
        assert between(None, rank) < rank < between(rank, None)


@given(st.integers(0, 5000))
def test_ranks_dealt_evenly_are_short_and_in_order(count: int) -> None:
    ranks = evenly(count)
    assert ranks == sorted(set(ranks))
    assert len(ranks) == count
    assert max(map(len, ranks), default=0) <= 4


@pytest.mark.parametrize("at_front", [True, False])
def test_a_thousand_cards_at_either_end_keep_ranks_short(at_front: bool) -> None:
    rank = FIRST
    for _ in range(10_000):
        rank = between(None, rank) if at_front else between(rank, None)
    assert len(rank) <= 4


def test_a_hundred_thousand_random_moves_among_500_cards_stay_short() -> None:
    chance = random.Random(7)
    ranks = evenly(500)
    longest = 0
    for _ in range(100_000):
        ranks.pop(chance.randrange(len(ranks)))
        at = chance.randrange(len(ranks) + 1)
        made = between(ranks[at - 1] if at else None, ranks[at] if at < len(ranks) else None)
        assert bisect_left(ranks, made) == at
        insort(ranks, made)
        longest = max(longest, len(made))
    assert longest <= 16


def test_drops_into_one_gap_grow_by_less_than_a_fifth_of_a_character_each() -> None:
    low, high = "a0", "a1"
    for _ in range(300):
        low = between(low, high)
    assert len(low) <= 60
    assert LONGEST > 60


@pytest.mark.parametrize(
    ("low", "high"), [("a1", "a0"), ("a0", "a0"), ("", None), (None, "0"), ("a", None), ("a00", "a1"), ("a0-", None)]
)
def test_what_is_no_rank_or_out_of_order_is_refused(low: str | None, high: str | None) -> None:
    with pytest.raises(ValueError, match=r"no rank|in order"):
        between(low, high)

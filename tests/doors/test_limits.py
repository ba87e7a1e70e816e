"""The arithmetic of limits, with a clock that the test moves."""

import pytest

from app.doors.limits import Bucket, CommandLimit, Places
from app.errors import TooMuch


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    clock = Clock()
    bucket = Bucket(rate=2, burst=3, clock=clock)
    assert [bucket.take() for _ in range(3)] == [0, 0, 0]
    assert bucket.take() == pytest.approx(0.5)
    clock.now += 0.5
    assert bucket.take() == 0
    clock.now += 100
    assert [bucket.take() == 0 for _ in range(4)] == [True, True, True, False]


def test_each_actor_has_commands_of_its_own() -> None:
    limit = CommandLimit(rate=1, burst=1, clock=Clock())
    limit.spend("Ann")
    with pytest.raises(TooMuch) as refused:
        limit.spend("Ann")
    assert refused.value.data["retry_after_seconds"] == 1
    limit.spend("Bob")


def test_a_place_given_back_can_be_taken_again() -> None:
    places = Places(1)
    places.take("10.0.0.1")
    with pytest.raises(TooMuch):
        places.take("10.0.0.1")
    places.take("10.0.0.2")
    places.give_back("10.0.0.1")
    places.take("10.0.0.1")


def test_many_commands_in_one_call_count_as_many() -> None:
    limit = CommandLimit(rate=10, burst=30, clock=lambda: 0.0)
    limit.spend("Ann", 20)
    with pytest.raises(TooMuch) as caught:
        limit.spend("Ann", 30)
    assert caught.value.data["retry_after_seconds"] == 2
    limit.spend("Ann", 10)

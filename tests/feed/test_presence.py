"""Who is here: everyone at the board, and nobody who left."""

from app.feed import Presence, PresenceEvent, Who
from models.vocabulary import ActorKind

ANNA = Who("c1", "Anna", ActorKind.HUMAN)
ROBOT = Who("c2", "Robot", ActorKind.AGENT)


def test_those_at_a_board_are_known_in_the_order_they_came() -> None:
    presence = Presence()
    first, second = presence.join(1, ANNA), presence.join(1, ROBOT)
    presence.join(2, ANNA)
    assert [seat.who for seat in presence.here(1)] == [ANNA, ROBOT]
    first.leave()
    assert presence.here(1) == (second,)
    second.leave()
    assert presence.here(1) == ()
    assert presence.here(3) == ()


def test_two_windows_of_one_person_are_two_seats() -> None:
    presence = Presence()
    first, second = presence.join(1, ANNA), presence.join(1, ANNA)
    first.leave()
    assert presence.here(1) == (second,)


def test_watchers_hear_who_comes_does_and_goes_at_their_board_only() -> None:
    presence = Presence()
    heard: list[PresenceEvent] = []
    presence.watch(1, heard.append)
    elsewhere = presence.join(2, ROBOT)
    seat = presence.join(1, ANNA)
    seat.update(card_id=7, state="typing")
    seat.rename("Ann")
    elsewhere.leave()
    seat.leave()
    ann = Who("c1", "Ann", ActorKind.HUMAN)
    assert heard == [
        PresenceEvent(1, ANNA, None, "joined"),
        PresenceEvent(1, ANNA, 7, "typing"),
        PresenceEvent(1, ann, 7, "renamed"),
        PresenceEvent(1, ann, 7, "left"),
    ]


def test_who_left_is_heard_of_once_and_who_stopped_watching_not_at_all() -> None:
    presence = Presence()
    heard: list[str | None] = []
    other: list[str | None] = []
    unwatch = presence.watch(1, lambda event: heard.append(event.state))
    presence.watch(1, lambda event: other.append(event.state))
    seat = presence.join(1, ANNA)
    unwatch()
    unwatch()
    seat.leave()
    seat.leave()
    assert heard == ["joined"]
    assert other == ["joined", "left"]


def test_a_watcher_may_stop_watching_while_it_is_told() -> None:
    presence = Presence()
    heard: list[str] = []

    def once(event: PresenceEvent) -> None:
        heard.append(event.who.name)
        unwatch()

    unwatch = presence.watch(1, once)
    presence.watch(1, lambda event: heard.append("second"))
    presence.join(1, ANNA)
    presence.join(1, ROBOT)
    assert heard == ["Anna", "second", "second"]


def test_an_empty_board_keeps_nothing_in_memory() -> None:
    presence = Presence()
    unwatch = presence.watch(1, lambda event: None)
    presence.join(1, ANNA).leave()
    unwatch()
    assert presence._seats == {}
    assert presence._watchers == {}

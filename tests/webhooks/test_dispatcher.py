"""Changes on their way: in order, at least once, and a receiver in trouble harms only its own webhook."""

import asyncio

import pytest

from app.commands import cards, webhooks
from app.commands.deliveries import PATIENCE, TAKEN_UP, Job, Outcome, resend_delivery
from app.feed import Feed
from app.feed.tail import wire
from app.queries import webhooks as queries
from app.store import Store
from app.webhooks import turn
from app.webhooks.dispatcher import Dispatcher
from app.webhooks.sender import Sender
from app.webhooks.views import DeliveryView
from tests.support import ANNA, Clock, Desk, only, until
from tests.webhooks.receiver import HANG, Receiver


def hook(desk: Desk, receiver: Receiver, *events: str) -> int:
    return webhooks.create_webhook(desk.store, desk.id, url=receiver.url, events=events, actor=ANNA).id


def log(desk: Desk, webhook_id: int) -> list[DeliveryView]:
    """Oldest first."""
    return queries.list_deliveries(desk.store, webhook_id, limit=500).deliveries[::-1]


def states(desk: Desk, webhook_id: int) -> list[str]:
    return [delivery.state.value for delivery in log(desk, webhook_id)]


async def test_every_change_from_now_on_comes_once_in_order_and_as_on_the_socket(
    desk: Desk, receiver: Receiver, dispatcher: Dispatcher
) -> None:
    webhook_id = hook(desk, receiver)
    since = desk.sequence
    for number in range(TAKEN_UP + 5):
        desk.add(f"Card {number}")
    sent = desk.changes(since)

    await until(lambda: len(receiver.received) >= len(sent))
    assert [got.body.decode() for got in receiver.received] == [wire(change) for change in sent]
    assert len({got.delivery for got in receiver.received}) == len(sent)
    await until(lambda: states(desk, webhook_id) == ["delivered"] * len(sent))
    last = log(desk, webhook_id)[-1]
    assert (last.sequence, last.event, last.attempts, last.status_code, last.error) == (
        desk.sequence,
        "card_created",
        1,
        204,
        None,
    )


async def test_only_what_the_filter_names_is_sent(desk: Desk, receiver: Receiver, dispatcher: Dispatcher) -> None:
    hook(desk, receiver, "card_archived", "comment_added")
    desk.add("Not this")
    cards.archive_card(desk.store, desk.first, actor=ANNA)
    await until(lambda: receiver.received)
    assert [got.change["event"] for got in receiver.received] == ["card_archived"]


async def test_a_failed_delivery_is_tried_again_later_and_the_others_wait_their_turn(
    desk: Desk, receiver: Receiver, dispatcher: Dispatcher, clock: Clock
) -> None:
    receiver.answers = [500, 503]
    webhook_id = hook(desk, receiver)
    desk.add("one")
    desk.add("two")
    last = desk.sequence
    for attempt in (1, 2):
        await until(lambda: log(desk, webhook_id) and log(desk, webhook_id)[0].attempts == attempt)  # noqa: B023
        head, *waiting = log(desk, webhook_id)
        assert head.state == "pending"
        assert head.next_attempt_at is not None
        assert abs(head.next_attempt_at - head.updated_at - PATIENCE[attempt - 1]).total_seconds() < 1
        assert [other.attempts for other in waiting] == [0] * len(waiting)
        assert queries.get_webhook(desk.store, webhook_id).failing_since is not None
        clock.advance(seconds=PATIENCE[attempt - 1].total_seconds())
        dispatcher.stir()

    await until(lambda: states(desk, webhook_id) == ["delivered", "delivered"])
    assert receiver.sequences == [last - 1, last - 1, last - 1, last]
    assert len({got.delivery for got in receiver.received}) == 2
    assert queries.get_webhook(desk.store, webhook_id).failing_since is None


@only("sqlite")
async def test_after_a_day_a_delivery_is_given_up_and_the_next_has_its_turn(
    desk: Desk, receiver: Receiver, dispatcher: Dispatcher, clock: Clock
) -> None:
    receiver.answers = [400] * (len(PATIENCE) + 1)
    webhook_id = hook(desk, receiver)
    desk.add("poison")
    desk.add("fine")
    for patience in PATIENCE:
        await until(lambda: log(desk, webhook_id) and log(desk, webhook_id)[0].next_attempt_at > clock())
        clock.advance(seconds=patience.total_seconds())
        dispatcher.stir()
    await until(lambda: states(desk, webhook_id) == ["failed", "delivered"])
    assert 20 < sum(patience.total_seconds() for patience in PATIENCE) / 3600 < 25


async def test_a_hanging_receiver_holds_up_nobody_else(desk: Desk, receiver: Receiver, dispatcher: Dispatcher) -> None:
    hanging = await Receiver([HANG] * 10).start()
    slow, quick = hook(desk, hanging), hook(desk, receiver)
    await until(lambda: hanging.received)
    desk.add("meanwhile")
    last = desk.sequence
    await until(lambda: last in receiver.sequences)
    assert len(hanging.received) == 1
    assert states(desk, slow)[0] == "pending"
    await until(lambda: set(states(desk, quick)) == {"delivered"})
    await hanging.stop()


async def test_what_was_cut_off_by_the_end_of_the_server_is_sent_again_under_the_same_id(
    store: Store, feed: Feed, desk: Desk, receiver: Receiver
) -> None:
    receiver.answers = [204, HANG]
    webhook_id = hook(desk, receiver)
    for title in ("one", "two", "three"):
        desk.add(title)
    last = desk.sequence
    first = Dispatcher(store, feed, Sender(private=True).send)
    await first.start()
    await until(lambda: len(receiver.received) == 2)
    await first.stop()
    assert states(desk, webhook_id) == ["delivered", "pending", "pending"]

    second = Dispatcher(store, feed, Sender(private=True).send)
    await second.start()
    await until(lambda: states(desk, webhook_id) == ["delivered"] * 3)
    await second.stop()
    assert receiver.sequences == [last - 2, last - 1, last - 1, last]
    cut_off, again = receiver.received[1:3]
    assert cut_off.delivery == again.delivery


async def test_a_receiver_that_was_away_gets_all_it_missed(
    desk: Desk, receiver: Receiver, dispatcher: Dispatcher, clock: Clock
) -> None:
    webhook_id = hook(desk, receiver)
    await receiver.stop()
    since = desk.sequence
    for number in range(3):
        desk.add(f"Card {number}")
    await until(lambda: log(desk, webhook_id) and log(desk, webhook_id)[0].error == "no connection")
    await receiver.start()
    clock.advance(seconds=5)
    dispatcher.stir()
    await until(lambda: len(receiver.received) == 3)
    assert receiver.sequences == [since + 1, since + 2, since + 3]


async def test_a_resend_goes_ahead_of_the_line_and_hurries_it(
    desk: Desk, receiver: Receiver, dispatcher: Dispatcher
) -> None:
    receiver.answers = [204, 500, 500]
    webhook_id = hook(desk, receiver)
    desk.add("delivered")
    desk.add("stuck")
    last = desk.sequence
    await until(lambda: [delivery.attempts for delivery in log(desk, webhook_id)] == [1, 1])
    done, stuck = log(desk, webhook_id)

    resent = [await desk.store.run(resend_delivery, done.id, actor=ANNA)]
    await until(lambda: log(desk, webhook_id)[2].state == "failed")
    assert log(desk, webhook_id)[1] == stuck
    resent.append(await desk.store.run(resend_delivery, done.id, actor=ANNA))
    await until(lambda: states(desk, webhook_id) == ["delivered", "delivered", "failed", "delivered"])

    assert receiver.sequences == [last - 1, last, last - 1, last - 1, last]
    assert [got.delivery for got in receiver.received[2:4]] == [str(one.id) for one in resent]
    assert receiver.received[3].body == receiver.received[0].body


async def test_a_paused_webhook_is_not_told_of_what_happens_meanwhile(
    desk: Desk, receiver: Receiver, dispatcher: Dispatcher
) -> None:
    webhook_id = hook(desk, receiver, "card_created")
    await desk.store.run(webhooks.update_webhook, webhook_id, changes={"active": False}, actor=ANNA)
    desk.add("unheard")
    await desk.store.run(webhooks.update_webhook, webhook_id, changes={"active": True}, actor=ANNA)
    desk.add("heard")
    await until(lambda: receiver.received)
    assert [got.change["data"]["card"]["title"] for got in receiver.received] == ["heard"]


async def test_a_webhook_that_is_deleted_while_it_sends_ends_quietly(
    desk: Desk, receiver: Receiver, dispatcher: Dispatcher
) -> None:
    webhook_id = hook(desk, receiver)
    for number in range(30):
        desk.add(f"Card {number}")
    await until(lambda: receiver.received)
    await desk.store.run(webhooks.delete_webhook, webhook_id, actor=ANNA)
    other = hook(desk, receiver)
    desk.add("after")
    await until(lambda: other and desk.sequence in receiver.sequences)
    assert states(desk, other) in (["pending"], ["delivered"])


@only("postgresql")
async def test_of_two_servers_one_sends_and_the_other_takes_over(
    database_url: str, store: Store, feed: Feed, desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "ASK_SECONDS", 0.05)
    store_b = Store.open(database_url, clock=store.clock)
    feed_b = Feed(store_b)
    await feed_b.start()
    senders = [SlowSender(private=True), SlowSender(private=True)]
    first, second = Dispatcher(store, feed, senders[0].send), Dispatcher(store_b, feed_b, senders[1].send)
    webhook_id = hook(desk, receiver)
    since = desk.sequence
    try:
        await first.start()
        desk.add("Card 0")
        await until(lambda: receiver.received)
        await second.start()
        for number in range(1, 10):
            await store.run(cards.create_card, desk.id, title=f"Card {number}", actor=ANNA)
        await until(lambda: states(desk, webhook_id) == ["delivered"] * 10)
        assert senders[1].sent == 0
        await first.stop()
        desk.add("the other takes over")
        await until(lambda: states(desk, webhook_id) == ["delivered"] * 11)
        assert receiver.sequences == list(range(since + 1, since + 12))
        assert senders[1].sent == 1
    finally:
        await first.stop()
        await second.stop()
        await feed_b.stop()
        store_b.close()


class SlowSender(Sender):
    """Leaves another the time to send the same."""

    sent = 0

    async def send(self, job: Job) -> Outcome:
        self.sent += 1
        await asyncio.sleep(0.02)
        return await super().send(job)

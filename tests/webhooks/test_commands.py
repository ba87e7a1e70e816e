"""Webhooks as people make, change and delete them."""

from typing import Any

import pytest

from app.commands import deliveries, webhooks
from app.commands.deliveries import Outcome, next_job, resend_delivery, settle
from app.errors import InvalidInput, NotFound, PeopleOnly, WebhookPaused
from app.queries import webhooks as queries
from models.vocabulary import Verb
from models.webhook import WEBHOOKS_MOST
from tests.support import ANNA, ROBOT, Desk, nothing_stored, only

URL = "https://hooks.example.com/T0/s3cr3t"


def make(desk: Desk, **wishes: Any) -> Any:
    return webhooks.create_webhook(desk.store, desk.id, **{"url": URL, "actor": ANNA, **wishes})


def test_a_webhook_is_made_and_its_secret_told_once(desk: Desk) -> None:
    made = make(desk, events=["comment_added", "card_moved", "card_moved"])
    assert made.secret.startswith("whsec_")
    assert (made.url, made.events, made.active) == (URL, ("card_moved", "comment_added"), True)
    (listed,) = queries.list_webhooks(desk.store, "DESK")
    assert listed.model_dump() == {k: v for k, v in made.model_dump().items() if k != "secret"}
    assert queries.get_webhook(desk.store, made.id) == listed
    change = desk.changes()[-1]
    assert change.event is Verb.WEBHOOK_CREATED
    assert change.data["webhook"]["url"] == "https://hooks.example.com/…"
    assert "s3cr3t" not in str(change.data)
    assert made.secret not in str(change.data)


def test_a_webhook_is_changed_and_deleted(desk: Desk) -> None:
    made = make(desk)
    changed = webhooks.update_webhook(
        desk.store, made.id, changes={"active": False, "events": ["card_moved"], "url": URL}, actor=ANNA
    )
    assert (changed.active, changed.events) == (False, ("card_moved",))
    assert desk.changes()[-1].data["changed"] == {"active": [True, False], "events": [[], ["card_moved"]]}
    with nothing_stored(desk.store):
        webhooks.update_webhook(desk.store, made.id, changes={"active": False}, actor=ANNA)
    webhooks.delete_webhook(desk.store, made.id, actor=ANNA)
    assert desk.changes()[-1].event is Verb.WEBHOOK_DELETED
    assert queries.list_webhooks(desk.store, desk.id) == []


@only("sqlite")
def test_agents_do_not_decide_where_changes_are_sent(desk: Desk) -> None:
    made = make(desk)
    with nothing_stored(desk.store):
        for refused in (
            lambda: make(desk, actor=ROBOT),
            lambda: webhooks.update_webhook(desk.store, made.id, changes={"active": False}, actor=ROBOT),
            lambda: webhooks.delete_webhook(desk.store, made.id, actor=ROBOT),
            lambda: resend_delivery(desk.store, 1, actor=ROBOT),
        ):
            with pytest.raises(PeopleOnly):
                refused()


@only("sqlite")
@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"url": "ftp://example.com"}, "url"),
        ({"events": ["card_exploded"]}, "events"),
        ({"events": "card_moved"}, "events"),
        ({"secret": "short"}, "secret"),
        ({"secret": "ä" * 20}, "secret"),
    ],
)
def test_what_makes_no_webhook_is_refused(desk: Desk, wishes: dict[str, Any], field: str) -> None:
    with nothing_stored(desk.store), pytest.raises(InvalidInput) as refused:
        make(desk, **wishes)
    assert refused.value.data["field"] == field


@only("sqlite")
def test_a_board_has_so_many_webhooks_and_no_more(desk: Desk) -> None:
    for _ in range(WEBHOOKS_MOST):
        make(desk)
    with pytest.raises(InvalidInput):
        make(desk)


@only("sqlite")
def test_heartbeats_are_sent_only_to_those_who_ask_for_them(desk: Desk) -> None:
    heartbeats, everything = make(desk, events=["claim_renewed"]), make(desk)
    since = desk.sequence
    desk.add("card")
    with desk.store.joining() as unit:
        unit.connection.exec_driver_sql("UPDATE activity SET verb = 'claim_renewed' WHERE sequence = ?", (since + 1,))
    assert next_job(desk.store, everything.id) is None
    job = next_job(desk.store, heartbeats.id)
    assert job is not None
    assert job.event == "claim_renewed"


@only("sqlite")
def test_a_resend_is_refused_where_it_would_go_nowhere(desk: Desk) -> None:
    made = make(desk)
    desk.add("card")
    job = next_job(desk.store, made.id)
    assert job is not None
    settle(desk.store, job, Outcome(204, None, 3))
    webhooks.update_webhook(desk.store, made.id, changes={"active": False}, actor=ANNA)
    with nothing_stored(desk.store), pytest.raises(WebhookPaused):
        resend_delivery(desk.store, job.delivery_id, actor=ANNA)
    with pytest.raises(NotFound):
        resend_delivery(desk.store, 999, actor=ANNA)


@only("sqlite")
def test_the_log_is_read_in_pages_and_does_not_grow_without_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(desk)
    monkeypatch.setattr(deliveries, "TAKEN_UP", 3)
    for number in range(8):
        desk.add(f"Card {number}")
    job = next_job(desk.store, made.id)
    while job is not None:
        job = settle(desk.store, job, Outcome(200, None, 1))
    first = queries.list_deliveries(desk.store, made.id, limit=5)
    rest = queries.list_deliveries(desk.store, made.id, limit=5, cursor=first.next_cursor)
    assert [one.sequence for one in [*first.deliveries, *rest.deliveries]] == list(
        range(desk.sequence, desk.sequence - 8, -1)
    )
    assert rest.next_cursor is None

    monkeypatch.setattr(deliveries, "_OLDEST_KEPT", deliveries._OLDEST_KEPT.offset(3))
    desk.add("one more")
    next_job(desk.store, made.id)
    assert len(queries.list_deliveries(desk.store, made.id).deliveries) == 4

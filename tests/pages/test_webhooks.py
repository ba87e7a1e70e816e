"""The dialog of a board's webhooks, as people use it."""

from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from app.commands import boards, cards
from app.commands.deliveries import Outcome, next_job, settle
from app.queries import webhooks as queries
from app.service import Service
from app.views import Actor
from components.button import Button


async def test_a_webhook_is_added_watched_resent_paused_and_deleted(user: User, service: Service, ada: Actor) -> None:
    store = service.store
    board = await store.run(boards.create_board, name="Release week", key="REL", actor=ada)
    await user.open("/b/REL")
    await user.should_see(marker="menu-webhooks", retries=20)
    user.find(marker="menu-webhooks").click()
    await user.should_see("None yet.", retries=20)

    user.find(marker="webhook-url").type("ftp://ci.example.com")
    _press(user, "Add webhook")
    await user.should_see("The address begins with https:// or http://", retries=20)
    user.find(marker="webhook-url").clear().type("https://ci.example.com/kanban")
    _press(user, "Add webhook")
    await user.should_see("It is shown this once", retries=20)
    (webhook,) = await store.read(queries.list_webhooks, board.id)
    assert (webhook.url, webhook.events, webhook.created_by) == ("https://ci.example.com/kanban", (), "Ada")
    _press(user, "I have it")
    await user.should_see(marker="webhook-url")

    await store.run(cards.create_card, board.id, title="one", actor=ada)
    job = await store.run(next_job, webhook.id)
    assert job is not None
    await store.run(settle, job, Outcome(500, "answered 500", 12))
    _press(user, "Deliveries")
    await user.should_see("answered 500 · again within a minute", retries=20)
    await user.should_see("Failing, first")
    await store.run(settle, job, Outcome(204, None, 12))
    await user.should_see("answered 204 in 12 ms", retries=50)
    _press(user, "Resend")
    await user.should_see("in line", retries=20)
    assert len((await store.read(queries.list_deliveries, webhook.id)).deliveries) == 2

    _press(user, "Pause")
    await user.should_see("Paused", retries=20)
    _press(user, "Delete")
    await user.should_see("Nothing more is sent there")
    _press(user, "Delete", last=True)
    await user.should_see("None yet.", retries=20)
    assert await store.read(queries.list_webhooks, board.id) == []


def _press(user: User, label: str, *, last: bool = False) -> None:
    found = sorted(user.find(kind=Button, content=label).elements, key=lambda button: button.id)
    UserInteraction(user, {found[-1 if last else 0]}, None).trigger("click")

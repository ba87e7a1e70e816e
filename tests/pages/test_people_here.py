"""Who else looks at a board, when many come and go at once."""

import asyncio
from collections.abc import Callable

from nicegui import ui
from nicegui.testing import User

from app.commands import boards
from app.service import Service
from app.views import Actor
from components.people import MOST_NAMED, MOST_SHOWN, PeopleHere

NAMES = [f"Guest {n}" for n in range(20)]


async def test_everybody_sees_who_came_and_who_left(
    create_user: Callable[..., User], service: Service, ada: Actor
) -> None:
    await service.store.run(boards.create_board, name="Crowd", key="CR", actor=ada)
    users = [create_user(name) for name in NAMES]
    for user in users:
        await user.open("/b/CR")
        await user.should_see("In Progress", retries=40)
    for at, user in enumerate(users):
        await _sees(user, NAMES[:at] + NAMES[at + 1 :])
    for user in users[3:]:
        assert user.client is not None
        user.client.delete()
    for at, user in enumerate(users[:3]):
        await _sees(user, [name for name in NAMES[:3] if name != NAMES[at]])


async def test_the_menu_has_all_names_and_keeps_up_while_it_is_open(
    create_user: Callable[..., User], service: Service, ada: Actor
) -> None:
    await service.store.run(boards.create_board, name="Crowd", key="CR", actor=ada)
    me, *others = (create_user(name) for name in ("Me", *NAMES[:7]))
    for user in (me, *others[:6]):
        await user.open("/b/CR")
        await user.should_see("In Progress", retries=40)
    await _sees(me, NAMES[:6])
    assert _menu(me) == []
    me.find(kind=PeopleHere).click()
    assert _menu(me) == NAMES[:6]
    await others[6].open("/b/CR")
    await _sees(me, NAMES[:7])
    assert _menu(me) == NAMES[:7]


async def _sees(user: User, names: list[str]) -> None:
    """Wait until the row tells of these people, and look at all of it."""
    assert user.client is not None
    (row,) = (one for one in user.client.elements.values() if isinstance(one, PeopleHere))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    async with asyncio.timeout(5):
        while row._props.get("title") != "Also here: " + ", ".join(names[:MOST_NAMED]) + more:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    faces = [one.text for one in row.default_slot.children if isinstance(one, ui.label)]
    initials = ["G" + name[-1] if len(name) == 7 else "G1" for name in names[:MOST_SHOWN]]
    assert faces[: len(initials)] == initials
    rest = [f"+{len(names) - MOST_SHOWN}"] if len(names) > MOST_SHOWN else []
    assert faces[len(initials) :] == [*rest, f"+{len(names)}"]


def _menu(user: User) -> list[str]:
    assert user.client is not None
    (row,) = (one for one in user.client.elements.values() if isinstance(one, PeopleHere))
    items = [one for one in row.descendants() if isinstance(one, ui.menu_item)]
    return [label.text for one in items for label in one.descendants() if getattr(label, "text", "")]

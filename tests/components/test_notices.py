from nicegui import ui
from nicegui.testing import user_simulation

from components import notices


async def test_what_is_said_again_stands_there_once() -> None:
    def root() -> None:
        notices.place()
        ui.button("Say", on_click=lambda: notices.refuse("In Progress is full"))

    async with user_simulation(root) as user:
        await user.open("/")
        for _ in range(3):
            user.find("Say").click()
        await user.should_see("In Progress is full")
        assert len(user.find(notices.Notice).elements) == 1


async def test_a_refusal_goes_when_the_person_goes_on_and_the_way_back_stays() -> None:
    def root() -> None:
        notices.place()
        notices.refuse("In Progress is full")
        notices.undo("Archived DEMO-1", lambda: None)
        ui.button("Go on", on_click=notices.dismiss_refusals)

    async with user_simulation(root) as user:
        await user.open("/")
        await user.should_see("In Progress is full")
        user.find("Go on").click()
        await user.should_not_see("In Progress is full")
        await user.should_see("Archived DEMO-1")

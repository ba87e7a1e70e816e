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

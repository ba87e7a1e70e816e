"""The bar at the top of every page: where one is, who else is here, whether it is live, and who one is."""

from collections.abc import Callable, Sequence

from nicegui import ui

from components import live_badge
from components.button import Button
from components.identity import NAME_LENGTH, Viewer
from components.people import PeopleHere, avatar
from components.theme import THEMES


class Header(ui.element):
    """`title` is the slot for what the page is about, `tools` that for what it offers; the rest fills itself."""

    def __init__(self, viewer: Viewer, theme: str, on_name: Callable[[str], None]) -> None:
        super().__init__("header")
        self.classes("top")
        with self:
            with ui.element("a").classes("top-home").props('href="/" aria-label="All boards" title="All boards"'):
                ui.element("span").classes("top-mark").props('aria-hidden="true"')
            self.title = ui.element("div").classes("top-title")
            with ui.element("div").classes("top-side"):
                self.tools = ui.element("div").classes("top-tools")
                self.people = PeopleHere()
                live_badge.place()
                self.name_menu = NameMenu(viewer, theme, on_name)

    def show_people(self, names: Sequence[str]) -> None:
        self.people.show(names)


class NameMenu(ui.element):
    """One's own chip; it opens what one may say about oneself and about the look."""

    def __init__(self, viewer: Viewer, theme: str, on_name: Callable[[str], None]) -> None:
        super().__init__("button")
        self._on_name = on_name
        self.classes("icon-button whoami").props('type="button" aria-haspopup="dialog"')
        self.props('aria-label="Your name and theme"')
        with self:
            self._chip = ui.label()
            self._name = ui.label().classes("whoami-name")
            with ui.menu().props('anchor="bottom right" self="top right" :offset="[0, 6]"') as self._menu:
                self._fill(viewer, theme)
        self.show(viewer.name)

    def show(self, name: str) -> None:
        face = avatar(name)
        self._chip.set_text(face.initials)
        self._chip.classes(replace=face.classes)
        self._name.set_text(name)

    def _fill(self, viewer: Viewer, theme: str) -> None:
        with ui.element("div").classes("name-menu").on("click", js_handler="(event) => event.stopPropagation()"):
            self._input = ui.input("Your name", value=viewer.name).props(
                f'outlined dense maxlength={NAME_LENGTH} autocomplete="nickname" hint="Shown to the others here"'
            )
            self._input.on("keydown.enter", self._save_and_close).on("blur", self._save)
            with ui.element("div"):
                ui.label("Theme").classes("label")
                with ui.element("div").classes("choice").props('role="group" aria-label="Theme"'):
                    self._themes = {name: self._theme_button(name, name == theme) for name in THEMES}

    def _theme_button(self, name: str, chosen: bool) -> ui.element:
        button = Button(name.capitalize(), classes="").props(f'aria-pressed="{str(chosen).lower()}"')
        # The browser changes at once and by itself; the server only keeps the pressed mark right.
        script = f"(event) => {{ AgentKanban.chooseTheme('{name}'); emit(); }}"
        return button.on("click", lambda: self._press(name), js_handler=script)

    def _press(self, chosen: str) -> None:
        for name, button in self._themes.items():
            button.props(f'aria-pressed="{str(name == chosen).lower()}"')

    def _save(self) -> None:
        self._on_name(str(self._input.value or ""))

    def _save_and_close(self) -> None:
        self._save()
        self._menu.close()

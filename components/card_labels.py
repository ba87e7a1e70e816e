"""The labels of a card as chips, and a menu of the board's labels to put them on and off, or to make a new one."""

from nicegui import ui

from app.views import BoardView, CardView, LabelView
from components.buttons import plain_button
from components.card_actions import Doing
from components.card_face import by_name, labels_of
from models.label import NAME_LENGTH
from models.vocabulary import LabelColour


class CardLabels:
    def __init__(self, card: CardView, view: BoardView, doing: Doing) -> None:
        self._card, self._view = card, view
        self._doing = doing
        self._shown: tuple[LabelView, ...] | None = None
        self._menu: LabelMenu | None = None
        self._enabled = True
        with ui.element("div").classes("label-chips") as self.box:
            self._chips = ui.element("ul").classes("chips")
            self._open = ui.element("button").classes("button is-quiet chip-add").mark("add-label")
            self._open.props('type="button" aria-haspopup="menu"').on("click", self._toggle)
            with self._open:
                self._open_word = ui.label()
        self.show(card, view)

    def show(self, card: CardView, view: BoardView) -> None:
        self._card, self._view = card, view
        labels = labels_of(card, view)
        if labels != self._shown:
            self._shown = labels
            self._open_word.set_text("Change" if labels else "Add labels")
            self._chips.clear()
            with self._chips:
                for label in labels:
                    _chip(label)
        if self._menu is not None:
            self._menu.show(card, view)

    def enable(self, enabled: bool) -> None:
        self._enabled = enabled
        self._open.visible = enabled
        if not enabled and self._menu is not None:
            self._menu.close()

    def _toggle(self) -> None:
        if self._menu is not None:
            self._menu.close()
            return
        with self._open:
            self._menu = LabelMenu(self._doing, on_closed=self._closed)
        self._menu.show(self._card, self._view)
        self._menu.open()

    def _closed(self) -> None:
        if self._menu is not None:
            self._menu.delete()
            self._menu = None


class LabelMenu(ui.menu):
    """Open only while it is used. What others do to the labels meanwhile changes the list and not the form below."""

    def __init__(self, doing: Doing, *, on_closed: object) -> None:
        super().__init__()
        self._doing = doing
        self._card_id = 0
        self._rows: dict[int, tuple[LabelView, bool]] = {}
        self._colour = LabelColour.BLUE
        self.props('no-parent-event no-focus anchor="bottom left" self="top left" :offset="[0, 6]"')
        self.on("hide", on_closed)  # type: ignore[arg-type]
        # What is clicked in here must not reach the button that the menu hangs on.
        with self, ui.element("div").classes("label-menu").on("click", js_handler="(e) => e.stopPropagation()"):
            self._list = ui.element("div").classes("label-list").props('role="group" aria-label="Labels"')
            with ui.element("div").classes("label-new"):
                self._name = ui.input(placeholder="New label").mark("label-name")
                self._name.props(f'outlined dense maxlength={NAME_LENGTH} aria-label="Name of the new label"')
                self._name.on("keydown.enter", self._create)
                with ui.element("div").classes("swatches").props('role="group" aria-label="Colour"'):
                    self._swatches = {colour: self._swatch(colour) for colour in LabelColour}
                plain_button("Create and add", self._create, kind="is-primary").mark("create-label")
        self._choose(self._colour)

    def show(self, card: CardView, view: BoardView) -> None:
        self._card_id = card.id
        rows = {label.id: (label, label.id in card.labels) for label in by_name(view.labels.values())}
        if rows == self._rows:
            return
        self._rows = rows
        self._list.clear()
        with self._list:
            for label, on in rows.values():
                self._row(label, on)

    def _row(self, label: LabelView, on: bool) -> None:
        row = ui.element("button").classes("label-row").props('type="button"')
        row.props["aria-pressed"] = str(on).lower()
        with row.on("click", lambda: self._toggle(label.id)):
            ui.element("span").classes(f"swatch label-{label.colour}")
            ui.label(label.name).props('dir="auto"')
            if on:
                ui.element("span").classes("icon-check")

    async def _toggle(self, label_id: int) -> None:
        actions = self._doing.actions
        row = self._rows.get(label_id)
        if row is not None:
            act = actions.remove_label if row[1] else actions.add_label
            await self._doing.tried(act(self._card_id, label_id))

    def _swatch(self, colour: LabelColour) -> ui.element:
        swatch = ui.element("button").classes(f"swatch-button label-{colour}")
        swatch.props(f'type="button" aria-label="{colour.capitalize()}" title="{colour.capitalize()}"')
        return swatch.on("click", lambda: self._choose(colour))

    def _choose(self, colour: LabelColour) -> None:
        self._colour = colour
        for one, swatch in self._swatches.items():
            swatch.props(f'aria-pressed="{str(one is colour).lower()}"')

    async def _create(self) -> None:
        name = " ".join((self._name.value or "").split())
        if name and await self._doing.tried(self._create_and_add(name)) and not self.is_deleted:
            self._name.set_value("")

    async def _create_and_add(self, name: str) -> None:
        """Raises Refusal."""
        card_id = self._card_id
        label = await self._doing.actions.create_label(name, self._colour)
        await self._doing.actions.add_label(card_id, label.id)


def _chip(label: LabelView) -> None:
    with ui.element("li").classes("chip"):
        ui.element("span").classes(f"swatch label-{label.colour}")
        ui.label(label.name).props('dir="auto"')

"""What an agent did, taken back: first what that would be, then, when a person says so, what it was."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments, ValueChangeEventArguments

from components.button import Button
from components.small_dialog import SmallDialog

MIDNIGHT = "() => emit(new Date().setHours(0, 0, 0, 0))"
"""When the day began is for the browser to say: it knows where the person is."""
SPANS = {"Last 10 min": timedelta(minutes=10), "Last hour": timedelta(hours=1)}
MOST_LISTED = 100


@dataclass(frozen=True)
class Line:
    """One change: what takes it back or what stays, the title of its card, and why that is not done, or not in full.

    `record` says what kind of record it is, which no undo touches: comments, claims, progress.
    """

    text: str
    title: str = ""
    why: str = ""
    record: str = ""


@dataclass(frozen=True)
class Undoing:
    """What is (or was) undone, and what stays as it is. `since` is the sequence that it counts from."""

    since: int
    done: Sequence[Line]
    left: Sequence[Line]
    more: bool = False
    """Whether there are earlier changes since then, which are too many to be undone at once."""


@dataclass(frozen=True)
class UndoActions:
    """None stands for a refusal, which the person has been told then."""

    plan: Callable[[datetime | int], Awaitable[Undoing | None]]
    """From a time or a sequence."""
    run: Callable[[int], Awaitable[Undoing | None]]
    changes: Callable[[], Awaitable[Mapping[int, str]]]
    """Its latest changes, to choose the first one to undo: the sequence before each, and its words."""


class UndoDialog(SmallDialog):
    def __init__(self, name: str, actions: UndoActions, *, at_work: bool, back_to: str) -> None:
        super().__init__(f"Undo what {name} did", back_to=back_to)
        self._actions = actions
        self._asked = 0
        self._plan: Undoing | None = None
        self.body.classes("undo-dialog")
        with self.body:
            with ui.element("div").classes("choice").props('role="group" aria-label="Since when"') as self._choice:
                self._spans = [
                    *(self._span(label, span) for label, span in SPANS.items()),
                    self._button("Today").on("click", self._since_midnight, js_handler=MIDNIGHT),
                    self._button("A change…").on("click", self._since_change, []),
                ]
            self._from = ui.select({}, label="The first change to undo").props("outlined dense options-dense")
            self._from.on_value_change(self._change_chosen).set_visibility(False)
            if at_work:
                ui.label(f"{name} is at work. Pause it first, or it may do the same again.").classes("undo-hint")
            self._lists = ui.element("div").classes("undo-lists").props('role="status"')
            self._undo = self.answers("Undo", self._run)
        self._allow(False)

    async def start(self) -> None:
        """Show what the shortest span would undo."""
        await self._since(self._spans[0], datetime.now(UTC) - SPANS["Last 10 min"])

    def _span(self, label: str, span: timedelta) -> Button:
        async def choose() -> None:
            await self._since(button, datetime.now(UTC) - span)

        button = self._button(label)
        button.on("click", choose, [])
        return button

    @staticmethod
    def _button(label: str) -> Button:
        return Button(label, classes="").props('aria-pressed="false"')

    async def _since_midnight(self, event: GenericEventArguments) -> None:
        if isinstance(event.args, int | float) and 0 <= event.args < 1e13:
            await self._since(self._spans[2], datetime.fromtimestamp(event.args / 1000, UTC))

    async def _since_change(self) -> None:
        self._press(self._spans[3])
        self._asked += 1
        self._show(None)
        changes = await self._actions.changes()
        if not self.is_deleted:
            self._from.set_options(dict(changes), value=None)
            self._from.set_visibility(True)

    async def _change_chosen(self, event: ValueChangeEventArguments) -> None:
        if event.value is not None:
            await self._since(self._spans[3], int(event.value))

    async def _since(self, pressed: Button, since: datetime | int) -> None:
        self._press(pressed)
        self._asked += 1
        asked = self._asked
        plan = await self._actions.plan(since)
        if not self.is_deleted and asked == self._asked:
            self._show(plan)

    def _press(self, pressed: Button) -> None:
        for button in self._spans:
            button.props(f'aria-pressed="{str(button is pressed).lower()}"')
        if pressed is not self._spans[3]:
            self._from.set_visibility(False)

    def _show(self, plan: Undoing | None) -> None:
        self._plan = plan
        number = len(plan.done) if plan is not None else 0
        self._undo.set_text(f"Undo {_changes(number)}" if number else "Undo")
        self._allow(bool(number))
        self._lists.clear()
        if plan is None:
            return
        with self._lists:
            if not plan.done and not plan.left:
                ui.label("It changed nothing in that time.").classes("muted")
            _list("Will be undone", plan.done)
            _list("Stays as it is", plan.left)
            if plan.more:
                ui.label("It did more: only its latest changes are looked at, as many as can be undone at once.")

    async def _run(self) -> None:
        plan, self._plan = self._plan, None
        if plan is None or not plan.done:
            return
        self._allow(False)
        report = await self._actions.run(plan.since)
        if self.is_deleted:
            return
        if report is None:
            self._show(plan)
            return
        self.body.clear()
        with self.body:
            done = len(report.done)
            title = f"{_changes(done)} undone" if done else "Nothing was undone"
            ui.label(title).classes("small-dialog-title").props('role="heading" aria-level="2"')
            with ui.element("div").classes("undo-lists").props('role="status"'):
                _list("Undone", report.done)
                _list("Left as it is", report.left)
            with ui.element("div").classes("small-dialog-answers"):
                Button("Close", self.close, classes="button is-primary").props("autofocus")

    def _allow(self, allowed: bool) -> None:
        self._undo.props(remove="disabled") if allowed else self._undo.props("disabled")


def _list(title: str, lines: Sequence[Line]) -> None:
    if not lines:
        return
    ui.label(f"{title} ({len(lines)})").classes("label")
    records = [line for line in lines if line.record]
    others = [line for line in lines if not line.record]
    if others:
        _entries(others)
    if records:
        with ui.element("details").classes("undo-records"):
            TextElement(tag="summary", text=_in_short(records, more=bool(others)))
            _entries(records)


def _in_short(records: Sequence[Line], *, more: bool) -> str:
    """`5 more are records and stay: claims, comments`."""
    number = f"{len(records):,}{' more' if more else ''}"
    words = f"{number} is a record and stays" if len(records) == 1 else f"{number} are records and stay"
    return f"{words}: {', '.join(sorted({line.record for line in records}))}"


def _entries(lines: Sequence[Line]) -> None:
    with ui.element("ul"):
        for line in lines[:MOST_LISTED]:
            with ui.element("li").props('dir="auto"'):
                ui.label(line.text)
                if line.title:
                    ui.label(line.title).classes("undo-title")
                if line.why:
                    ui.label(line.why).classes("undo-why")
        if len(lines) > MOST_LISTED:
            with ui.element("li"):
                ui.label(f"and {len(lines) - MOST_LISTED} more").classes("muted")


def _changes(number: int) -> str:
    return f"{number:,} change{'' if number == 1 else 's'}"

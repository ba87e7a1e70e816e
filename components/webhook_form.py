"""Adding a webhook: the address, what is sent there, and then its secret, which is shown once."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from app.errors import Refusal
from app.webhooks.views import NewWebhook
from components.button import Button
from models.vocabulary import Verb
from models.webhook import URL_LENGTH

COPIES = """(event) => {
    const field = event.currentTarget.parentElement.querySelector('input');
    field.select();
    if (navigator.clipboard) navigator.clipboard.writeText(field.value);
    else document.execCommand('copy');
    event.currentTarget.textContent = 'Copied';
}"""
"""Without HTTPS a browser has no clipboard but the old command for it."""


class WebhookForm(ui.element):
    def __init__(
        self,
        create: Callable[[str, Sequence[str]], Awaitable[NewWebhook]],
        added: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__("div")
        self._create = create
        self._added = added
        self.classes("webhook-form")
        self._ask()

    def _ask(self) -> None:
        self.clear()
        with self:
            self._url = ui.input("Address", placeholder="https://").classes("webhook-address").mark("webhook-url")
            self._url.props(
                f"outlined dense stack-label type=url autocomplete=off maxlength={URL_LENGTH} no-error-icon"
            )
            self._url.on("keydown.enter", self._add)
            words = {verb.value: event_in_words(verb.value) for verb in sorted(Verb, key=_seldom)}
            self._events = ui.select(words, multiple=True, value=[], label="Changes", clearable=True)
            self._events.props(
                'outlined dense options-dense behavior="menu" stack-label display-value="All changes"'
                ' popup-content-class="webhook-options"'
            )
            self._events.on_value_change(self._show_chosen).mark("webhook-events")
            Button("Add webhook", self._add, classes="button is-primary")

    def _show_chosen(self) -> None:
        chosen = self._events.value or []
        words = event_in_words(chosen[0]) if len(chosen) == 1 else f"{len(chosen)} kinds of changes"
        self._events.props["display-value"] = words if chosen else "All changes"

    async def _add(self) -> None:
        url = str(self._url.value or "").strip()
        if not url:
            self._url.error = "Where to? An address such as https://example.com/kanban"
            return
        try:
            made = await self._create(url, list(self._events.value or []))
        except Refusal as refusal:
            self._url.error = refusal.detail.replace("url ", "The address ", 1)
            return
        self._tell(made)
        await self._added()

    def _tell(self, made: NewWebhook) -> None:
        self.clear()
        with self, ui.element("div").classes("webhook-secret").props('role="status"'):
            ui.label("Its secret, by which the receiver checks the signature. It is shown this once.")
            with ui.element("div").classes("webhook-secret-row"):
                secret = ui.element("input").classes("field").mark("webhook-secret")
                secret.props('readonly aria-label="Secret of the webhook" spellcheck="false"')
                secret.props["value"] = made.secret
                copy = ui.element("button").classes("button").props('type="button"').on("click", js_handler=COPIES)
                with copy:
                    ui.label("Copy")
                Button("I have it", self._ask, classes="button is-primary")


def _seldom(verb: Verb) -> bool:
    """What happens to cards is wanted more often than what happens to the rest, and stands first."""
    return not verb.value.startswith(("card_", "comment_", "claim_", "progress_", "checklist_"))


def event_in_words(event: str) -> str:
    return event.replace("_", " ").capitalize()

"""How a browser that missed messages becomes right again.

NiceGUI 3.18 sends what was missed once more, after newer messages, so an element can end up as it was before: a card
in two columns. Here a browser that comes back is sent the elements it missed as they are now, then the scripts it
missed, each once. When the history no longer tells what it missed, it is sent every element.

`try_rewind` is private to NiceGUI: the version is pinned, and a test loses messages in front of a real browser.
"""

from collections.abc import Iterable

from nicegui import Client
from nicegui.outbox import Message, Outbox, deleted


def attach(client: Client) -> None:
    """Have this client's browser converge when it comes back. Call it before the page connects."""
    outbox = client.outbox

    def catch_up(target_message_id: int) -> None:
        _catch_up(outbox, client, target_message_id)

    outbox.try_rewind = catch_up  # type: ignore[method-assign]


def _catch_up(outbox: Outbox, client: Client, next_id: int) -> None:
    """The browser waits for message `next_id`; whatever was sent from there on did not reach it."""
    count = outbox.next_message_id - next_id
    if count == 0:
        return
    missed = [entry for entry in outbox.message_history if entry[0] >= next_id]
    if count == len(missed):
        _requeue(outbox, client, _elements_in(entry[2] for entry in missed))
    else:
        _requeue(outbox, client, client.elements)
    _requeue_the_rest(outbox, next_id)
    outbox._set_enqueue_event()


def _elements_in(messages: Iterable[Message]) -> list[int]:
    updates = (data for _, kind, data in messages if kind == "update")
    return [int(element_id) for data in updates for element_id in data if element_id != "_id"]


def _requeue(outbox: Outbox, client: Client, element_ids: Iterable[int]) -> None:
    for element_id in element_ids:
        outbox.updates[element_id] = client.elements.get(element_id, deleted)


def _requeue_the_rest(outbox: Outbox, next_id: int) -> None:
    """Scripts, notices and components go out again after the elements, ahead of what waits already.

    Their place in the history stays, emptied: lost once more, they would else run twice.
    """
    again: list[Message] = []
    for at, (message_id, sent_at, message) in enumerate(outbox.message_history):
        if message_id < next_id or message[1] == "update":
            continue
        outbox.message_history[at] = (message_id, sent_at, (message[0], "update", {}))
        if message[1] == "load_js_components":
            # Needed before the elements that use them, so the outbox is made to send them by itself.
            outbox._loaded_components.clear()
        else:
            again.append(message)
    outbox.messages.extendleft(reversed(again))

"""The board that an empty database starts with: its cards teach the board by being moved."""

from collections.abc import Iterator

from app.commands import boards as board_commands
from app.commands import cards
from app.errors import KeyTaken
from app.queries import boards
from app.store import Store
from app.views import Actor, BoardView
from models.vocabulary import ActorKind, Priority, Via

KEY = "HELLO"
US = Actor(name="Agent Kanban", kind=ActorKind.AGENT, via=Via.SYSTEM)

AGENT_CARD = 3
"""The number of the card that an agent moves; cards are numbered in the order in which they are made."""


def welcome(store: Store, url: str) -> None:
    """Makes the welcome board, unless the database holds a board already. `url` is where the server is reached."""
    if boards.list_boards(store) or boards.list_boards(store, archived=True):
        return
    try:
        made = board_commands.create_board(store, name="Welcome", key=KEY, actor=US)
    except KeyTaken:
        return  # another process on the same database was faster
    board = boards.snapshot(store, made.id)
    columns = [column.id for column in board.columns]
    for place, title, description, priority in _cards(board, url):
        cards.create_card(
            store,
            made.id,
            title=title,
            description=description,
            priority=priority,
            column_id=columns[place],
            actor=US,
        )


def _cards(board: BoardView, url: str) -> Iterator[tuple[int, str, str, Priority]]:
    yield 0, "Drag me to In Progress", DRAG, Priority.HIGH
    yield 0, "Open this page in a second window, then drag a card", SECOND_WINDOW, Priority.NORMAL
    yield 0, "Let an agent move this card", _agent(board, url), Priority.HIGH
    yield 0, "Open me, change a line and leave a comment", COMMENT, Priority.NORMAL
    yield 0, "Give In Progress a limit of two", LIMIT, Priority.NORMAL
    yield 1, "Make a board of your own", OWN_BOARD, Priority.NORMAL
    yield 3, "Check the badge at the top of the page", BADGE, Priority.LOW
    yield 4, "Start Agent Kanban Board", STARTED, Priority.NORMAL


def _agent(board: BoardView, url: str) -> str:
    return AGENT.format(url=url, ref=f"{KEY}-{AGENT_CARD}", column=board.columns[1].id, name=board.columns[1].name)


DRAG = """\
Pick this card up and drop it in the next column. On a touch screen, hold it for a moment first.

Everyone who has this board open sees the move at once."""

SECOND_WINDOW = """\
Put two windows side by side and drag a card in one of them. The other follows without a reload.

The same holds for other people, and for programs that listen."""

AGENT = """\
Agents use the same board as people. Paste this in a terminal and watch the card move to {name}:

```sh
curl -X POST {url}/api/v1/cards/{ref}/move \\
  -H 'Content-Type: application/json' \\
  -H 'X-Actor: agent-7' -H 'X-Actor-Kind: agent' \\
  -d '{{"column_id": {column}}}'
```

All calls are described at [{url}/docs]({url}/docs)."""

COMMENT = """\
A card has a description and acceptance criteria, both in **Markdown**, besides a priority, an assignee and comments.

- What you type is kept as soon as you leave the field.
- When someone else changes a field while you edit it, you are asked whose text to keep."""

LIMIT = """\
A column can hold a limited number of cards. Set the limit in the menu of the column, then drag a third card there: \
it goes back to where it was, and you are told why."""

OWN_BOARD = """\
All boards are on the [first page]({home}). Make one with a name and its columns; a key such as `SHOP` is what its \
cards are called by: `SHOP-1`, `SHOP-2`.

This board can be archived when it has done its work.""".format(home="/")

BADGE = """\
It says whether what you see is live, with the round trip to the server in milliseconds. After a lost connection the \
page catches up by itself, and says so."""

STARTED = """\
Done already. `python main.py --help` lists what can be set."""

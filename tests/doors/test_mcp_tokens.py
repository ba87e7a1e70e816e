"""What the board costs a model to read, in tokens: characters by four."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import mcp_types as types
import pytest

from app.commands import boards
from app.doors.mcp.deltas import SHOWN, delta, told
from app.doors.mcp.digest import DONE_SHOWN, ROOM, ROOM_PER_CARD, digest
from app.doors.mcp.tools import TOOLS
from app.store import Store
from app.views import BoardInfo, BoardView, CardView, ClaimView, ColumnView, LabelView, Progress
from models.vocabulary import ActorKind, ColumnKind, LabelColour, Priority, Verb
from tests.support import ANNA, Desk, only
from tests.verbs import ACTS

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
COLUMNS = ["Not Started", "In Progress", "Blocked", "Ready for QC", "Done"]
KINDS = [ColumnKind.QUEUE, *[ColumnKind.ACTIVE] * 3, ColumnKind.DONE]
WORDS = "export import login retry parser cache button report invoice schema queue timeout banner index".split()  # noqa: SIM905
LABELS = ["bug", "frontend", "api", "docs", "urgent-fix"]
PEOPLE = ["anna", "bo", "agent-7", "claude-code-2"]


def tokens(text: str) -> float:
    return len(text) / 4


def a_board(count: int, title_length: int = 40) -> BoardView:
    """Cards as they are met: titles of about that many letters, labels, assignees, claims and progress."""
    dice = random.Random(count)
    columns = [
        ColumnView(id=n, board_id=1, name=name, kind=kind, wip_limit=20 if n == 2 else None, rank=f"a{n}")
        for n, (name, kind) in enumerate(zip(COLUMNS, KINDS, strict=True), 1)
    ]
    labels = [LabelView(id=n, board_id=1, name=name, colour=LabelColour.RED) for n, name in enumerate(LABELS, 1)]
    info = {"created_at": NOW, "updated_at": NOW, "archived_at": None}
    board = BoardInfo(id=1, key="DEMO", name="Release board", sequence=12_345, **info)
    return BoardView.build(board, columns, [_a_card(n, dice, title_length, info) for n in range(count)], labels)


def _a_card(number: int, dice: random.Random, title_length: int, info: dict[str, Any]) -> CardView:
    title = ""
    while len(title) < title_length - 4:
        title = f"{title} {dice.choice(WORDS)}".strip()
    column = dice.choices(range(1, 6), weights=[45, 15, 5, 10, 25])[0]
    claim = progress = None
    if column == 2:
        times = {"claimed_at": NOW, "expires_at": NOW + timedelta(seconds=250), "lease_seconds": 300}
        claim = ClaimView(holder=dice.choice(PEOPLE), kind=ActorKind.AGENT, fence=3, **times)
        progress = Progress(percent=dice.randrange(100), text="halfway there")
    return CardView(
        id=number + 1,
        ref=f"DEMO-{number + 1}",
        board_id=1,
        column_id=column,
        rank=f"a{number:04}",
        title=title,
        description="long text " * 50,
        acceptance_criteria="more text " * 50,
        priority=dice.choices(list(Priority), weights=[1, 2, 8, 1])[0],
        assignee=dice.choice([*PEOPLE, None, None]),
        labels=tuple(dice.sample(range(1, 6), dice.choice([0, 1, 1, 2]))),
        blocked_by=(number,) if number and dice.random() < 0.1 else (),
        claim=claim,
        progress=progress,
        comment_count=2,
        version=3,
        column_entered_at=NOW,
        done_at=NOW if column == 5 else None,
        **info,
    )


def test_the_list_of_tools_is_below_2000_tokens() -> None:
    listed = types.ListToolsResult(tools=TOOLS).model_dump_json(by_alias=True, exclude_none=True)
    assert tokens(listed) < 2_000


@pytest.mark.parametrize(("count", "most"), [(100, 1_600), (500, 4_000), (3_000, 4_000)])
@pytest.mark.parametrize("title_length", [40, 190])
def test_a_digest_keeps_to_its_tokens_and_says_what_it_leaves_out(count: int, most: int, title_length: int) -> None:
    view = a_board(count, title_length)
    lines = digest(view, NOW).splitlines()
    assert tokens("\n".join(lines)) < most
    assert lines[0] == f'DEMO "Release board" #12345: {count} cards'
    for column in view.columns:
        head = next(n for n, line in enumerate(lines) if line.startswith(f"## {column.name} ("))
        lane = view.lane(column.id)
        assert f") {len(lane)}" in lines[head]
        shown = list(itertools.takewhile(lambda line: line.startswith("DEMO-"), lines[head + 1 :]))
        assert [line.split()[0] for line in shown] == [card.ref for card in lane[: len(shown)]]
        if len(shown) < len(lane):
            assert lines[head + 1 + len(shown)] == f"+{len(lane) - len(shown)} more"
            assert any(line.startswith("Not all cards are shown: list_cards board_id=DEMO column=") for line in lines)
    assert any(line.startswith("… marks a cut title") for line in lines) == any("…" in line for line in lines[1:])


def test_of_a_hundred_cards_all_that_is_not_done_is_shown() -> None:
    view = a_board(100)
    text = digest(view, NOW)
    for card in view.cards.values():
        if card.done_at is None:
            assert f"\n{card.ref} {card.title[:40]}" in text
    [left_out] = [int(line.split()[0]) for line in text.splitlines() if line.startswith("+")]
    assert 0 < left_out < len(view.lane(5)) - DONE_SHOWN


@pytest.mark.parametrize("count", [100, 500])
def test_a_digest_uses_its_room(count: int) -> None:
    view = a_board(count)
    text = digest(view, NOW)
    assert "more" in text
    a_line_each = len(view.columns) * max(map(len, text.splitlines()))
    assert len(text) > ROOM + ROOM_PER_CARD * (count - 100) - a_line_each


def test_a_small_board_is_shown_in_full() -> None:
    view = a_board(50)
    text = digest(view, NOW)
    assert all(f"\n{card.ref} {card.title}" in text for card in view.cards.values())
    assert "more" not in text


@only("sqlite")
def test_a_change_costs_about_20_tokens_whatever_it_is(store: Store) -> None:
    lines = []
    for number, (verb, _, prepare) in enumerate(ACTS):
        if verb is Verb.BOARD_DELETED:
            continue
        desk = Desk(store, f"B{number}")
        do = prepare(desk)
        before = desk.sequence
        do()
        view = desk.view
        lines += [told(change, view) for change in desk.changes(before)]
    assert len(lines) > 60
    assert max(map(tokens, lines)) < 35
    assert sum(map(tokens, lines)) / len(lines) < 20
    assert all(line.startswith("#") and " by " in line for line in lines)


@only("sqlite")
def test_many_changes_are_cut_and_that_is_said(store: Store) -> None:
    desk = Desk(store)
    before = desk.sequence
    for number in range(SHOWN):
        boards.rename_board(store, desk.id, name=f"Name {number}", actor=ANNA)
        boards.rename_board(store, desk.id, name=f"Other {number}", actor=ANNA)
    changes = desk.changes(before)
    text = delta(desk.view, before, changes, desk.sequence)
    last = before + SHOWN
    assert text.startswith(f"DESK #{last}: {SHOWN} changes after #{before}\n#{before + 1} ")
    assert f"up to #{desk.sequence}: get_board board_id=DESK since={last}" in text
    rest = delta(desk.view, last, changes[SHOWN:], desk.sequence)
    assert rest.startswith(f"DESK #{desk.sequence}: {SHOWN} changes after #{last}\n#{last + 1} ")
    assert "More" not in rest

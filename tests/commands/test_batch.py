"""A batch is all or nothing, in one transaction, and each of its steps is as it would be alone."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pydantic_core import to_json

from app.commands import agents, approvals, boards, cards, claims, comments, labels
from app.commands.batch import STEPS_MOST, Step, batch
from app.errors import (
    AgentPaused,
    BoardArchived,
    CardClaimed,
    ColumnFull,
    InvalidInput,
    LabelTaken,
    NotFound,
    PeopleOnly,
    Refusal,
)
from app.store import Once, Store
from app.views import Actor, Change
from models.vocabulary import ActorKind, Via
from tests.support import ANNA, ROBOT, Desk, assert_gap_free, nothing_stored

OTHER_ROBOT = Actor(name="Other", kind=ActorKind.AGENT, via=Via.MCP)


def step(run: Callable[..., Any], *target: int | str, **arguments: Any) -> Step:
    return Step(run.__name__, run, target, arguments)


def three_steps(desk: Desk) -> list[Step]:
    return [
        step(cards.create_card, desk.id, title="New"),
        step(cards.move_card, desk.card(desk.first).ref, to_column=desk.doing),
        step(comments.add_comment, desk.first, text="Moved"),
    ]


def test_the_steps_are_done_in_their_order_each_with_its_activity(store: Store, desk: Desk) -> None:
    before, told = desk.sequence, list[Any]()
    store.on_commit = told.append
    created, moved, comment = batch(store, "desk", steps=three_steps(desk), actor=ROBOT)
    assert (created.title, moved.column_id, comment.text) == ("New", desk.doing, "Moved")
    changes = desk.changes(before)
    assert [change.event for change in changes] == ["card_created", "card_moved", "comment_added"]
    assert {change.actor for change in changes} == {ROBOT}
    assert told == [changes], "they are told together, after the one commit"
    assert_gap_free(desk)


REFUSED: list[Any] = [
    pytest.param(lambda d: step(cards.move_card, d.first, to_column=d.doing), ColumnFull, id="column full"),
    pytest.param(lambda d: step(cards.update_card, 999_999, changes={"title": "x"}), NotFound, id="no such card"),
    pytest.param(lambda d: step(cards.update_card, d.first, changes={"nope": 1}), InvalidInput, id="no such field"),
    pytest.param(lambda d: step(cards.update_card, d.second, changes={"title": "x"}), CardClaimed, id="claimed"),
    pytest.param(lambda d: step(approvals.approve_card, d.first), PeopleOnly, id="people only"),
    pytest.param(lambda d: step(labels.create_label, d.id, name="BUG"), LabelTaken, id="label taken"),
]


@pytest.mark.parametrize(("last", "refusal"), REFUSED)
def test_a_refused_step_refuses_all_of_it_with_its_own_words(
    store: Store, desk: Desk, last: Callable[[Desk], Step], refusal: type[Refusal]
) -> None:
    desk.set_limit(desk.doing, 1)
    labels.create_label(store, desk.id, name="bug", actor=ANNA)
    claims.claim_card(store, desk.second, actor=OTHER_ROBOT)
    steps = [step(cards.create_card, desk.id, title="New"), last(desk), step(cards.create_card, desk.id, title="Newer")]
    with pytest.raises(refusal) as alone, nothing_stored(store):
        steps[1].run(store, *steps[1].target, **steps[1].arguments, actor=ROBOT)
    with pytest.raises(refusal) as caught, nothing_stored(store):
        batch(store, desk.id, steps=steps, actor=ROBOT)
    assert caught.value.detail.startswith(f"step 2 ({steps[1].name}): ")
    told = dict(caught.value.data)
    assert (told.pop("index"), told.pop("command")) == (1, steps[1].name)
    assert told == alone.value.data


def test_what_comes_after_a_refused_batch_in_the_same_transaction_stands(store: Store, desk: Desk) -> None:
    """Also after an error of the database itself, which would end the transaction on PostgreSQL."""
    before = desk.sequence

    def clash(store: Store, board: int, *, actor: Actor) -> None:
        boards.create_board(store, name="x", key="DESK", actor=actor)

    with store.joining():
        cards.update_card(store, desk.first, changes={"title": "before"}, actor=ANNA)
        with pytest.raises(Refusal):
            batch(store, desk.id, steps=[*three_steps(desk), Step("clash", clash, (desk.id,))], actor=ANNA)
        cards.update_card(store, desk.first, changes={"title": "after"}, actor=ANNA)
    assert [change.data["card"]["title"] for change in desk.changes(before)] == ["before", "after"]
    assert_gap_free(desk)


def test_a_batch_keeps_to_its_board(store: Store, desk: Desk, other: Desk) -> None:
    steps = [*three_steps(desk), step(cards.update_card, other.first, changes={"title": "x"})]
    with nothing_stored(store), pytest.raises(InvalidInput, match="another board") as caught:
        batch(store, desk.id, steps=steps, actor=ANNA)
    assert caught.value.data["index"] == 3


@pytest.mark.parametrize("name", ["batch", "create_board", "delete_board", "undo_agent"])
def test_some_commands_are_no_steps(store: Store, desk: Desk, name: str) -> None:
    steps = [*three_steps(desk), Step(name, boards.delete_board, (desk.id,))]
    with nothing_stored(store), pytest.raises(InvalidInput, match="no step"):
        batch(store, desk.id, steps=steps, actor=ANNA)


def test_a_batch_has_1_to_500_steps_on_a_board_that_takes_changes(store: Store, desk: Desk) -> None:
    title = step(cards.update_card, desk.first, changes={"title": "x"})
    for steps in ([], [title] * (STEPS_MOST + 1)):
        with nothing_stored(store), pytest.raises(InvalidInput, match="1 to 500"):
            batch(store, desk.id, steps=steps, actor=ANNA)
    with nothing_stored(store), pytest.raises(NotFound):
        batch(store, "NOPE", steps=[title], actor=ANNA)
    assert len(batch(store, desk.id, steps=[title] * STEPS_MOST, actor=ANNA)) == STEPS_MOST
    desk.archive()
    with nothing_stored(store), pytest.raises(BoardArchived):
        batch(store, desk.id, steps=[step(cards.update_card, desk.first, changes={"title": "y"})], actor=ANNA)


def test_a_paused_agent_gets_nothing_done_by_a_batch(store: Store, desk: Desk) -> None:
    agents.pause_agent(store, desk.id, name="Robot", reason="it loops", actor=ANNA)
    with nothing_stored(store), pytest.raises(AgentPaused) as caught:
        batch(store, desk.id, steps=three_steps(desk), actor=ROBOT)
    assert caught.value.data["index"] == 0


async def test_batches_among_other_writers_are_whole_and_refused_ones_leave_no_trace(store: Store, desk: Desk) -> None:
    before, told = desk.sequence, list[Change]()
    store.on_commit = told.extend

    async def one(number: int) -> Any:
        steps = [step(cards.create_card, desk.id, title=f"{number}") for _ in range(3)]
        if number % 2:
            steps.append(step(cards.update_card, desk.first, changes={"title": ""}))
        return await store.run(batch, desk.id, steps=steps, actor=ANNA)

    alone = [store.run(cards.create_card, desk.id, title="alone", actor=ANNA) for _ in range(10)]
    answers = await asyncio.gather(*(one(number) for number in range(10)), *alone, return_exceptions=True)
    assert [isinstance(answer, InvalidInput) for answer in answers[:10]] == [False, True] * 5
    titles = [change.data["card"]["title"] for change in desk.changes(before)]
    assert len(titles) == 15 + 10
    for number in range(0, 10, 2):
        first = titles.index(f"{number}")
        assert titles[first : first + 3] == [f"{number}"] * 3, "nobody's change falls into a batch"
    assert sorted(change.sequence for change in told) == list(range(before + 1, before + 26))
    assert_gap_free(desk)


async def test_a_batch_with_an_idempotency_key_happens_once(store: Store, desk: Desk) -> None:
    before = desk.sequence
    once = Once(actor="Anna", key="k", fingerprint="f" * 64, encode=to_json)
    refused = Once(actor="Anna", key="r", fingerprint="f" * 64, encode=to_json)
    bad = [*three_steps(desk), step(cards.update_card, desk.first, changes={"title": ""})]
    for _ in range(2):
        with pytest.raises(InvalidInput):
            await store.run(batch, desk.id, steps=bad, actor=ANNA, once=refused)
    steps = three_steps(desk)
    answers = await asyncio.gather(*(store.run(batch, desk.id, steps=steps, actor=ANNA, once=once) for _ in range(5)))
    assert len(set(answers)) == 1
    assert desk.sequence == before + 3

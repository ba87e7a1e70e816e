"""Undo what an agent did: each of its changes is taken back by an ordinary command of the person, the latest first.

What somebody else has changed since stays as they left it, and what a rule forbids (a full column, a gate) is left
alone; the report says so.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_, bindparam, not_, select

from app.commands.access import people_only
from app.commands.board_reversals import of_board
from app.commands.card_reversals import of_card
from app.commands.checks import line
from app.commands.reversals import GONE, Reversal, Scene
from app.commands.together import locked_board, together
from app.commands.touched import Touched
from app.errors import InvalidInput, Refusal, StoreUnavailable
from app.store import Store
from app.store.rows import ACTIVITY, change_view
from app.store.unit import Unit
from app.undo_report import UndoEntry, UndoPlan, UndoReport
from app.views import Actor, Change
from models.card import ASSIGNEE_LENGTH
from models.vocabulary import ActorKind, Verb, Via

CHANGES_MOST = 500
ALREADY = "it is so already"
SOMEBODY = Actor(name="somebody", kind=ActorKind.HUMAN, via=Via.SYSTEM)
"""Who rehearses: it makes no difference which person it is."""


def undo_agent(store: Store, board: int | str, *, name: str, since: int, actor: Actor) -> UndoReport:
    """Take back what the agent did on the board after the change `since`, its latest 500 changes at most.

    All in one transaction. Raises PeopleOnly and NotFound.
    """
    people_only(actor, "to undo what an agent did")
    with together(store) as unit:
        return UndoReport(**_undone(store, unit, board, name, since, actor))


def rehearse_undo(store: Store, board: int | str, *, name: str, since: int) -> UndoPlan:
    """What `undo_agent` would do, which nobody sees happen."""
    try:
        with together(store) as unit:
            raise _Rehearsed(UndoPlan(**_undone(store, unit, board, name, since, SOMEBODY)))
    except _Rehearsed as rehearsed:
        return rehearsed.plan


class _Rehearsed(Exception):
    def __init__(self, plan: UndoPlan) -> None:
        self.plan = plan


def _undone(store: Store, unit: Unit, board: int | str, name: str, since: int, actor: Actor) -> dict[str, Any]:
    name = line("name", name, ASSIGNEE_LENGTH)
    if since < 0:
        raise InvalidInput("since is the sequence of a change, or 0", field="since")
    board_id = locked_board(unit, board).id
    agent = {"board": board_id, "since": since, "name": name, "most": CHANGES_MOST + 1}
    own = [change_view(row) for row in unit.connection.execute(_OWN, agent)]
    more = len(own) > CHANGES_MOST
    scene = Scene(store, unit.connection, actor, name, Touched())
    for change in own[:CHANGES_MOST]:
        scene.note_own(change)
    if own:
        for row in unit.connection.execute(_OTHERS, {**agent, "since": own[-1].sequence}):
            change = change_view(row)
            scene.note(change)
            scene.others.note(change)
    entries = [_reverse(scene, unit, change) for change in own[:CHANGES_MOST]]
    return {"name": name, "since": since, "entries": tuple(entries), "more": more}


def _reverse(scene: Scene, unit: Unit, change: Change) -> UndoEntry:
    told = len(unit.changes)
    reversal = _reversal(scene, change)
    skipped = reversal.never or scene.others.who(change.sequence, reversal.touches) or _refusal(scene, reversal)
    made = unit.changes[told:]
    for one in made:
        scene.note(one)
    if skipped is None:
        skipped = reversal.rest if made else ALREADY
    card = change.data.get("card")
    return UndoEntry(
        sequence=change.sequence,
        event=change.event,
        at=change.at,
        card=card and card["ref"],
        would=reversal.would,
        done=bool(made),
        skipped=skipped,
    )


def _reversal(scene: Scene, change: Change) -> Reversal:
    if change.card_id is None:
        return of_board(scene, change)
    reversal = of_card(scene, change)
    if ("card", change.card_id) in scene.gone:
        return replace(reversal, never=GONE)
    return replace(reversal, touches=(("card gone", change.card_id), *reversal.touches))


def _refusal(scene: Scene, reversal: Reversal) -> str | None:
    """Do it; answers why it could not be done."""
    try:
        with together(scene.store):
            reversal.run()
    except StoreUnavailable:
        raise  # the fault of no rule: nothing can be done
    except Refusal as refusal:
        return refusal.detail
    return None


_ITS_OWN = and_(ACTIVITY.c.actor_kind == ActorKind.AGENT.value, ACTIVITY.c.actor_name == bindparam("name"))
_SINCE = and_(
    ACTIVITY.c.board_id == bindparam("board"),
    ACTIVITY.c.sequence > bindparam("since"),
    ACTIVITY.c.via != Via.SYSTEM.value,  # what the board does by itself is nobody's work
    ACTIVITY.c.verb != Verb.CLAIM_RENEWED.value,  # nor are signs of life
)
_OWN = select(ACTIVITY).where(_SINCE, _ITS_OWN).order_by(ACTIVITY.c.sequence.desc()).limit(bindparam("most"))
_OTHERS = select(ACTIVITY).where(_SINCE, not_(_ITS_OWN)).order_by(ACTIVITY.c.sequence)

"""Claims: who gets a card, with what, for how long, and who may do what to it meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.commands import agents, approvals, boards, cards, claims, comments, leases, links
from app.errors import (
    AgentPaused,
    BoardArchived,
    CardBlocked,
    CardClaimed,
    LeaseLost,
    NotTheHolder,
)
from app.store import Store
from app.views import SYSTEM, Actor, ClaimedCard
from models.vocabulary import ActorKind, Verb, Via
from tests.commands.refusing import Attempt, assert_refused
from tests.support import ANNA, ROBOT, Clock, Desk, assert_gap_free, nothing_stored

OTHER = Actor(name="Other", kind=ActorKind.AGENT, via=Via.MCP)
BO = Actor(name="Bo", kind=ActorKind.HUMAN, via=Via.UI)


def claim(desk: Desk, actor: Actor = ROBOT, **wishes: Any) -> ClaimedCard:
    return claims.claim_card(desk.store, desk.first, actor=actor, **wishes)


def test_a_claim_says_who_works_until_when_and_under_which_fence(desk: Desk) -> None:
    before = desk.card(desk.first)
    mine = claim(desk, lease_seconds=60)
    [change] = desk.changes(desk.sequence - 1)
    held = desk.card(desk.first)
    assert held.claim is not None
    assert (held.claim.holder, held.claim.kind, held.claim.fence, mine.fence) == ("Robot", ActorKind.AGENT, 1, 1)
    assert held.claim.claimed_at == change.at
    assert held.claim.expires_at == change.at + timedelta(seconds=60)
    assert (held.worker, held.version) == ("Robot", before.version)
    assert mine.model_dump(exclude={"fence"}) == held.model_dump()


def test_without_a_wish_the_lease_is_five_minutes(desk: Desk, clock: Clock) -> None:
    claim(desk)
    clock.advance(seconds=299)
    assert leases.expire_claims(desk.store) == 0
    clock.advance(seconds=1)
    assert leases.expire_claims(desk.store) == 1
    assert desk.card(desk.first).claim is None


def test_who_says_to_be_busy_is_not_missed_for_that_long(desk: Desk, clock: Clock) -> None:
    claim(desk, lease_seconds=1, busy_for=86_400)
    clock.advance(hours=23)
    assert leases.expire_claims(desk.store) == 0
    claims.renew_claim(desk.store, desk.first, busy_for=10, actor=ROBOT)
    clock.advance(seconds=11)
    assert leases.expire_claims(desk.store) == 1


def test_the_holder_claims_again_and_its_old_self_is_fenced_off(desk: Desk) -> None:
    old = claim(desk)
    new = claim(desk)
    assert new.fence == old.fence + 1
    with pytest.raises(LeaseLost):
        cards.update_card(desk.store, desk.first, changes={"title": "x"}, actor=ROBOT, fence=old.fence)
    cards.update_card(desk.store, desk.first, changes={"title": "x"}, actor=ROBOT, fence=new.fence)


def test_another_agent_may_comment_and_nothing_else(desk: Desk) -> None:
    mine = claim(desk)
    assert mine.claim is not None
    told = {"card": mine.ref, "holder": "Robot", "expires_at": lambda desk: _second(mine)}
    attempts: list[Attempt] = [
        lambda desk: claims.claim_card(desk.store, desk.first, actor=OTHER),
        lambda desk: cards.update_card(desk.store, desk.first, changes={"title": "x"}, actor=OTHER),
        lambda desk: cards.move_card(desk.store, desk.first, to_column=desk.done, actor=OTHER),
        lambda desk: cards.archive_card(desk.store, desk.first, actor=OTHER),
        lambda desk: cards.delete_card(desk.store, desk.first, actor=OTHER),
    ]
    for attempt in attempts:
        assert_refused(desk, attempt, CardClaimed, told)
    for attempt in (
        lambda desk: claims.release_card(desk.store, desk.first, actor=OTHER),
        lambda desk: claims.renew_claim(desk.store, desk.first, actor=OTHER),
        lambda desk: claims.report_progress(desk.store, desk.first, percent=1, actor=OTHER),
    ):
        assert_refused(desk, attempt, NotTheHolder, {"holder": "Robot", "next": "claim_next_card"})
    comments.add_comment(desk.store, desk.first, text="Careful", actor=OTHER)


def test_no_agent_deletes_what_the_card_of_another_at_work_waits_for(desk: Desk, clock: Clock) -> None:
    mine = claim(desk)
    links.block_card(desk.store, desk.first, desk.second, actor=ROBOT)
    told = {"card": mine.ref, "holder": "Robot"}
    assert_refused(desk, lambda desk: cards.delete_card(desk.store, desk.second, actor=OTHER), CardClaimed, told)
    assert desk.card(desk.first).blocked_by == (desk.second,)
    clock.advance(hours=1)
    cards.delete_card(desk.store, desk.second, actor=OTHER)
    claim(desk)
    links.block_card(desk.store, desk.first, desk.third, actor=ROBOT)
    cards.delete_card(desk.store, desk.third, actor=ROBOT)


def _second(card: ClaimedCard) -> str:
    assert card.claim is not None
    return card.claim.expires_at.isoformat(timespec="seconds").replace("+00:00", "Z")


def test_the_same_name_is_another_when_it_is_a_person(desk: Desk) -> None:
    claim(desk)
    with pytest.raises(NotTheHolder):
        claims.report_progress(
            desk.store, desk.first, percent=1, actor=Actor(name="Robot", kind=ActorKind.HUMAN, via=Via.UI)
        )


def test_people_may_always_act_and_evict(desk: Desk) -> None:
    mine = claim(desk)
    cards.update_card(desk.store, desk.first, changes={"title": "Ours"}, actor=ANNA)
    claims.release_card(desk.store, desk.first, actor=ANNA)
    [change] = desk.changes(desk.sequence - 1)
    assert (change.event, change.actor, change.data["holder"], change.data["evicted"]) == (
        Verb.CLAIM_RELEASED,
        ANNA,
        "Robot",
        True,
    )
    with nothing_stored(desk.store), pytest.raises(LeaseLost):
        comments.add_comment(desk.store, desk.first, text="x", actor=ROBOT, fence=mine.fence)


def test_a_person_takes_a_card_over(desk: Desk) -> None:
    claim(desk)
    theirs = claim(desk, ANNA)
    assert (theirs.fence, theirs.worker) == (2, "Anna")
    assert desk.changes(desk.sequence - 1)[0].data["evicted"] is True
    with pytest.raises(CardClaimed):
        claim(desk, ROBOT)


def test_a_fence_is_good_for_its_claim_alone(desk: Desk, clock: Clock) -> None:
    mine = claim(desk, lease_seconds=10)
    second = claims.claim_card(desk.store, desk.second, actor=OTHER)
    assert second.fence == mine.fence
    edit: dict[str, Any] = {"changes": {"title": "x"}}
    attempts: list[Callable[[], Any]] = [
        lambda: cards.update_card(desk.store, desk.second, **edit, actor=ROBOT, fence=second.fence),
        lambda: cards.update_card(desk.store, desk.first, **edit, actor=ANNA, fence=mine.fence),
        lambda: cards.update_card(desk.store, desk.third, **edit, actor=ROBOT, fence=0),
        lambda: cards.update_card(desk.store, desk.first, **edit, actor=ROBOT, fence=mine.fence + 1),
        lambda: claims.release_card(desk.store, desk.third, actor=ROBOT, fence=1),
    ]
    for attempt in attempts:
        with nothing_stored(desk.store), pytest.raises(LeaseLost):
            attempt()
    clock.advance(seconds=11)  # it has ended, though nobody has cleared it away
    attempts = [
        lambda: comments.add_comment(desk.store, desk.first, text="x", actor=ROBOT, fence=mine.fence),
        lambda: claims.renew_claim(desk.store, desk.first, actor=ROBOT, fence=mine.fence),
        lambda: claims.report_progress(desk.store, desk.first, percent=1, actor=ROBOT, fence=mine.fence),
        lambda: claims.release_card(desk.store, desk.first, actor=ROBOT, fence=mine.fence),
    ]
    for attempt in attempts:
        with nothing_stored(desk.store), pytest.raises(LeaseLost):
            attempt()
    with nothing_stored(desk.store), pytest.raises(NotTheHolder):
        claims.renew_claim(desk.store, desk.first, actor=ROBOT)


def test_who_lost_a_lease_is_told_what_would_work(desk: Desk) -> None:
    def told(actor: Actor, fence: int) -> Any:
        with pytest.raises(LeaseLost) as caught:
            claims.report_progress(desk.store, desk.first, percent=1, actor=actor, fence=fence)
        return caught.value.data["next"]

    old, new = claim(desk), claim(desk)
    assert told(ROBOT, old.fence) == "get_card", "it is its own card still, under a newer fence"
    assert told(OTHER, old.fence) == "claim_next_card"
    claims.release_card(desk.store, desk.first, actor=ROBOT)
    assert told(ROBOT, new.fence) == "claim_card"
    cards.move_card(desk.store, desk.first, to_column=desk.done, actor=ANNA)
    assert told(ROBOT, new.fence) == "claim_next_card"


def test_what_has_ended_holds_nobody_off_and_is_told_first(desk: Desk, clock: Clock) -> None:
    old = claim(desk, lease_seconds=10)
    clock.advance(seconds=11)
    cards.update_card(desk.store, desk.first, changes={"title": "Meanwhile"}, actor=OTHER)
    before = desk.sequence
    new = claim(desk, OTHER)
    first, second = desk.changes(before)
    assert (first.event, first.actor, first.data["holder"]) == (Verb.CLAIM_EXPIRED, SYSTEM, "Robot")
    assert (second.event, second.actor) == (Verb.CARD_CLAIMED, OTHER)
    assert new.fence == old.fence + 1
    assert_gap_free(desk)


def test_a_refused_claim_leaves_also_the_ended_one_alone(desk: Desk, clock: Clock) -> None:
    claim(desk, lease_seconds=10)
    links.block_card(desk.store, desk.first, desk.second, actor=ANNA)
    clock.advance(seconds=11)
    assert_refused(desk, lambda desk: claim(desk, OTHER), CardBlocked, {"blockers": [desk.card(desk.second).ref]})


def test_release_of_what_nobody_holds_answers_the_card(desk: Desk, clock: Clock) -> None:
    with nothing_stored(desk.store):
        assert claims.release_card(desk.store, desk.first, actor=ROBOT) == desk.card(desk.first)
    claim(desk, lease_seconds=10)
    clock.advance(seconds=11)
    assert claims.release_card(desk.store, desk.first, actor=ROBOT).claim is None
    assert desk.changes(desk.sequence - 1)[0].event is Verb.CLAIM_EXPIRED


def test_finishing_and_archiving_release(desk: Desk) -> None:
    for card in (desk.first, desk.second):
        claims.claim_card(desk.store, card, actor=ROBOT)
    assert cards.move_card(desk.store, desk.first, to_column=desk.done, actor=ROBOT, fence=1).claim is None
    assert cards.archive_card(desk.store, desk.second, actor=ROBOT, fence=1).claim is None
    assert_gap_free(desk)


def test_work_starts_anew_with_a_claim(desk: Desk) -> None:
    claim(desk)
    claims.report_progress(desk.store, desk.first, percent=60, text="tests", actor=ROBOT)
    approvals.approve_card(desk.store, desk.first, actor=ANNA)
    again = claim(desk)
    assert again.approval is None
    assert again.progress is not None, "who claims again goes on from where it was"
    claims.release_card(desk.store, desk.first, actor=ROBOT)
    assert desk.card(desk.first).progress is not None
    assert claim(desk, OTHER).progress is None


def test_progress_is_a_percentage_a_line_or_both(desk: Desk) -> None:
    claim(desk)
    version = desk.card(desk.first).version

    def report(**said: Any) -> tuple[int | None, str] | None:
        progress = claims.report_progress(desk.store, desk.first, actor=ROBOT, **said).progress
        assert progress == desk.card(desk.first).progress
        return None if progress is None else (progress.percent, progress.text)

    assert report(percent=0) == (0, "")
    assert report(text="  half\n of it ") == (0, "half of it")
    assert report(percent=100) == (100, "half of it")
    before = desk.sequence
    assert report(percent=100) == (100, "half of it")
    assert desk.sequence == before
    assert report(text="") == (100, "")
    assert desk.card(desk.first).version == version, "an editor's version does not grow old by reports"


def test_blocked_cards_are_for_people(desk: Desk) -> None:
    links.block_card(desk.store, desk.first, desk.second, actor=ANNA)
    assert_refused(desk, claim, CardBlocked, {"blockers": [desk.card(desk.second).ref]})
    claim(desk, ANNA)
    claims.release_card(desk.store, desk.first, actor=ANNA)
    cards.move_card(desk.store, desk.second, to_column=desk.done, actor=ANNA)
    claim(desk)


def test_a_paused_agent_gets_no_card_and_its_leases_run_out(desk: Desk, clock: Clock) -> None:
    claim(desk, lease_seconds=10)
    agents.pause_agent(desk.store, desk.id, name="Robot", actor=ANNA)
    for attempt in (
        lambda: claims.claim_next_card(desk.store, desk.id, actor=ROBOT),
        lambda: claims.claim_next_card(desk.store, desk.id, column_id=desk.review, actor=ROBOT),
        lambda: claims.renew_claim(desk.store, desk.first, actor=ROBOT),
    ):
        with nothing_stored(desk.store), pytest.raises(AgentPaused):
            attempt()
    clock.advance(seconds=8)
    leases.keep_alive(desk.store, ROBOT)
    clock.advance(seconds=3)
    assert leases.expire_claims(desk.store) == 1


def test_an_agent_of_the_boards_own_name_can_be_paused_and_leases_still_end(desk: Desk, clock: Clock) -> None:
    claim(desk, lease_seconds=10)
    agents.pause_agent(desk.store, desk.id, name=SYSTEM.name, actor=ANNA)
    clock.advance(seconds=11)
    leases.expire_claims(desk.store)
    assert desk.card(desk.first).claim is None


def test_claims_on_an_archived_board_wait_for_its_return(store: Store, desk: Desk, clock: Clock) -> None:
    claim(desk, lease_seconds=10)
    desk.archive()
    clock.advance(seconds=11)
    with pytest.raises(BoardArchived):
        claim(desk)
    with nothing_stored(store):
        assert leases.expire_claims(store) == 0
    boards.restore_board(store, desk.id, actor=ANNA)
    assert leases.expire_claims(store) == 1

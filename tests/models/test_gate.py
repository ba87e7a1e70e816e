"""The rule of a column's gate: from plain facts to what is missing."""

import pytest

from models.gate import Facts, counts, missing, shortened, who_worked
from models.link import way
from models.vocabulary import Requirement

ALL = tuple(Requirement)


def lacks(facts: Facts, requires: tuple[Requirement, ...] = ALL) -> list[str]:
    return [lack.detail for lack in missing(requires, None, 0, [facts])]


def test_a_card_that_has_everything_may_enter() -> None:
    assert lacks(Facts(ref="D-1", items=2, approver="Anna", workers={"Robot"})) == []


def test_everything_that_is_missing_is_named_in_one_order() -> None:
    card = Facts(ref="D-1", open_blockers=["D-2"], items=5, open_items=2, workers={"agent-7"})
    found = missing(ALL[::-1], 3, 3, [card])
    assert [(lack.requirement, lack.detail) for lack in found] == [
        ("no_open_blockers", "it waits for D-2"),
        ("checklist_done", "2 of 5 checklist items are open"),
        ("approval", "an approval by a person other than agent-7"),
        ("wip_limit", "it is full (3 of 3)"),
    ]
    assert (found[0].blockers, found[1].open) == (("D-2",), 2)


def test_nothing_is_asked_that_the_column_does_not_require() -> None:
    assert lacks(Facts(ref="D-1", open_blockers=["D-2"], items=1, open_items=1), ()) == []


def test_several_cards_are_named_and_enter_all_or_none() -> None:
    found = missing([Requirement.CHECKLIST_DONE], 4, 3, [Facts("D-1"), Facts("D-2", items=1, open_items=1)])
    assert [(lack.card, lack.detail) for lack in found] == [
        ("D-2", "1 of 1 checklist items is open"),
        (None, "it has no room for 2 cards more (3 of 4)"),
    ]


@pytest.mark.parametrize(
    ("worker", "holder", "assignee", "who"),
    [
        (None, None, None, set()),
        (None, None, "Bo", {"Bo"}),
        ("Robot", None, "Bo", {"Robot"}),
        ("Robot", "Robot", None, {"Robot"}),
        (None, "Robot", "Bo", {"Robot"}),
    ],
)
def test_who_claimed_the_card_worked_on_it_or_else_who_is_responsible(
    worker: str | None, holder: str | None, assignee: str | None, who: set[str]
) -> None:
    assert who_worked(worker, holder, assignee) == who
    assert not counts(None, who)
    assert counts("Anna", who)
    assert not any(counts(name, who) for name in who)


def test_a_long_list_says_how_many_more_there_are() -> None:
    assert shortened(["a", "b", "c"]) == "a, b, c"
    assert shortened(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_the_way_from_a_card_to_one_it_waits_for() -> None:
    links = [(1, 2), (2, 3), (3, 4), (1, 3), (4, 2), (5, 1)]
    assert way(links, 1, 4) == [1, 3, 4]
    assert way(links, 1, 1) == [1]
    assert way(links, 4, 1) == []
    assert way([], 1, 2) == []

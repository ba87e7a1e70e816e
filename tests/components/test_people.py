import pytest

from components.people import avatar, initials, looks_like_agent
from models.vocabulary import ActorKind


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Lovelace", "AL"), ("agent-7", "A7"), ("李明", "李"), ("bob", "B"), ("***", "?"), ("a_b c", "AC")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize("name", ["agent-7", "Agent Smith", "reviewbot", "qa-agent"])
def test_names_of_agents(name: str) -> None:
    assert looks_like_agent(name)
    assert "is-agent" in avatar(name).classes


@pytest.mark.parametrize("name", ["Ada", "Bob", "Magenta"])
def test_names_of_people(name: str) -> None:
    assert not looks_like_agent(name)


def test_a_known_kind_wins_over_the_name() -> None:
    assert "is-agent" in avatar("Ada", ActorKind.AGENT).classes
    assert "is-agent" not in avatar("agent-7", ActorKind.HUMAN).classes

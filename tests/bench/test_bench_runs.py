"""That the benchmarks measure what they say; how fast anything is, is not for tests to say."""

from pathlib import Path

from tests.bench import servers
from tests.bench.changes import BARE_LISTEN, Listeners
from tests.bench.report import Figures, Goal, Row, table
from tests.bench.wire import Http, Wire


def test_a_change_is_waited_for_until_the_last_listener_has_it(tmp_path: Path) -> None:
    (tmp_path / "answer.json").write_text("{}")
    (tmp_path / "change.json").write_text('{"event":"card_moved","board_id":1,"sequence":{sequence},"at":""}')
    with servers.bare(tmp_path) as bare, Wire() as wire:
        bare.answers("/read/answer.json")
        listeners = Listeners()
        listeners.join(wire, bare.port, BARE_LISTEN, 3)
        http = Http(wire, bare.port)
        for _ in range(2):
            listeners.expect(1)
            http.ask(http.request("POST", "/change", b"{}"))
            wire.until(lambda: listeners.complete)
        assert listeners.last == [2, 2, 2]
        assert not listeners.failures


def test_a_goal_is_missed_by_the_ratio_and_by_any_failure() -> None:
    ours, bare = Figures.of([2.0, 3.0, 4.0], "ms"), Figures.of([1.0, 1.0, 1.0], "ms")
    assert Row("work", ours, bare, Goal(most=3.0)).verdict == "reached"
    assert Row("work", ours, bare, Goal(most=2.9)).verdict == "MISSED"
    assert Row("work", ours, bare, Goal(median=3.0, p95=3.5)).verdict == "MISSED"
    assert Row("work", ours, bare, Goal(most=3.0), failures=["one lost"]).verdict == "FAILED: one lost"


def test_the_table_shows_the_bare_figure_beside_ours() -> None:
    ours, bare = (Figures.of([seconds], "ms", 1e3, tail=True) for seconds in (0.003, 0.001))
    line = table([Row("work", ours, bare, Goal(most=2.0))]).splitlines()[-1]
    assert " ".join(line.split()) == "work 3.00 / 3.00 ms 1.00 / 1.00 ms 3.00 ratio <= 2.00 MISSED"

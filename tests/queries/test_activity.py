"""The changes after a cursor: in order, without a gap, a board at a time."""

from app.queries.activity import changes_after
from app.store import Store
from tests.support import Desk


def test_changes_come_in_order_after_the_cursor_up_to_the_limit(store: Store) -> None:
    desk, other = Desk(store), Desk(store, key="OTHER")
    total = desk.sequence
    for since in range(total + 1):
        changes = changes_after(store, desk.id, since, 3)
        assert [change.sequence for change in changes] == list(range(since + 1, min(since + 3, total) + 1))
        assert {change.board_id for change in changes} <= {desk.id}
    assert changes_after(store, other.id, other.sequence, 10) == []
    assert changes_after(store, 999, 0, 10) == []

"""The feed: hears of every commit, keeps one tail for each board that somebody looks at, and tells its followers.

The activity table is the truth. What the writer hands over and what another process rings about are hints for
speed: a tail that misses a change reads it from the table by sequence, and ends when its board is not there any more.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from app.feed.doorbells import PostgresDoorbell
from app.feed.follower import Follower, Published
from app.feed.presence import Presence
from app.feed.tail import Tail
from app.queries import activity, boards
from app.store import Store
from app.views import BoardView, Change

REPLAY_MOST = 2_000
"""Changes that are replayed to one who comes back; beyond that a snapshot is cheaper for both sides."""
REPLAY_CHARACTERS = 4_000_000
SERIALISED_HERE = 500
"""Cards of a snapshot that the event loop can serialise without anybody noticing; more are done in a thread."""
PAGE = 50
"""Changes that are read and applied before the event loop has its turn."""
IDLE_TAILS = 64
LOBBY_PAUSE_SECONDS = 0.25


class Feed:
    def __init__(self, store: Store) -> None:
        self.presence = Presence()
        self._store = store
        self._tails: OrderedDict[int, Tail] = OrderedDict()
        self._loading: dict[int, asyncio.Task[None]] = {}
        self._catching_up: dict[int, asyncio.Task[None]] = {}
        self._read_again: set[int] = set()
        self._lobby: set[asyncio.Event] = set()
        self._doorbell: PostgresDoorbell | None = None
        self._stopped = False

    async def start(self) -> None:
        loop = asyncio.get_running_loop()

        def hear(changes: Sequence[Change]) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody is left to be told
                loop.call_soon_threadsafe(self._receive, changes)

        self._store.on_commit = hear
        if self._store.shared:
            self._doorbell = PostgresDoorbell(self._store.url, rung=self._rung, poll=self._poll)
            await self._doorbell.start()

    async def stop(self) -> None:
        """Every follower comes to its end, every long wait returns."""
        self._stopped = True
        self._store.on_commit = lambda changes: None
        if self._doorbell is not None:
            await self._doorbell.stop()
        for tail in list(self._tails.values()):
            for follower in tuple(tail.followers):
                follower.close()
        for arrival in self._lobby:
            arrival.set()
        tasks = [*self._loading.values(), *self._catching_up.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def view(self, board: int | str) -> BoardView:
        """The board as it is now, the caller's own writes included. Raises NotFound."""
        return (await self._current(board)).view

    async def snapshot_json(self, board: int | str) -> bytes:
        """`{"board", "columns", "cards", "labels", "sequence"}`, cards in the order of the columns. Raises NotFound."""
        tail = await self._current(board)
        if tail.has_snapshot or len(tail.view.cards) <= SERIALISED_HERE:
            return tail.snapshot_json()
        return await asyncio.to_thread(tail.snapshot_json)

    async def follow(self, board_id: int, since: int | None = None) -> Follower:
        """Follow a board from now on, or from after `since`: what was missed comes first, without gap or repeat.

        Who is too far behind (or claims to be ahead of the board) is handed a Resync first. Raises NotFound.
        """
        tail = await self._current(board_id)
        if since is None:
            return Follower(tail, tail.head)
        follower = Follower(tail, since)
        if since > tail.head or tail.head - since > REPLAY_MOST:
            follower.start_over()
            return follower
        recent = tail.after(since)
        if recent is None:
            head = tail.head
            try:
                recent = await self._older(tail, since, head)
            except BaseException:
                follower.close()
                raise
            if not recent or recent[-1].change.sequence < head:
                follower.start_over()
                return follower
        follower.precede(recent)
        return follower

    async def changes(self, board_id: int, since: int, limit: int, wait: float = 0) -> list[Published]:
        """At most `limit` changes after `since`, fewer when they are long; with `wait`, holds for up to that many
        seconds until there is one.
        """
        tail = await self._current(board_id)
        if since >= tail.head and wait > 0 and not self._stopped:
            follower = Follower(tail, tail.head)
            try:
                await follower.wait(wait)
            finally:
                follower.close()
        recent = tail.after(since, limit) if since <= tail.head else []
        if recent is not None:
            return recent
        return await self._older(tail, since, min(since + limit, tail.head))

    async def lobby(self) -> AsyncIterator[None]:
        """Yields whenever something changed on some board; many changes at once count as one."""
        arrival = asyncio.Event()
        self._lobby.add(arrival)
        try:
            while not self._stopped:
                await arrival.wait()
                arrival.clear()
                if self._stopped:
                    return
                yield
                await asyncio.sleep(LOBBY_PAUSE_SECONDS)
        finally:
            self._lobby.discard(arrival)

    async def _current(self, board: int | str) -> Tail:
        """The tail of a board, level with the table."""
        while True:
            tail = self._known(board)
            if tail is None:
                board_id = board if isinstance(board, int) else (await self._store.read(boards.find_board, board)).id
                tail = await self._load(board_id)
            if self._store.shared:
                await self._catch_up(tail)
            if self._tails.get(tail.board_id) is tail:  # else it was forgotten while this waited
                self._tails.move_to_end(tail.board_id)
                self._forget_idle()
                return tail

    def _known(self, board: int | str) -> Tail | None:
        if isinstance(board, str):
            key = board.upper()
            loaded = (tail for tail in self._tails.values() if tail.board_id not in self._loading)
            return next((tail for tail in loaded if tail.view.board.key == key), None)
        tail = self._tails.get(board)
        return tail if tail is not None and board not in self._loading else None

    async def _load(self, board_id: int) -> Tail:
        tail = self._tails.get(board_id)
        if tail is None:
            # the tail stands before its snapshot is read, so that no change falls between the two
            tail = self._tails[board_id] = Tail(board_id, self._forget_idle)
            self._loading[board_id] = asyncio.create_task(self._begin(tail))
        if board_id in self._loading:
            await asyncio.shield(self._loading[board_id])
        return tail

    async def _begin(self, tail: Tail) -> None:
        try:
            tail.begin(await self._store.read(boards.snapshot, tail.board_id))
            self._forget_deleted(tail)
        except BaseException:
            del self._tails[tail.board_id]
            raise
        finally:
            del self._loading[tail.board_id]

    def _receive(self, changes: Sequence[Change]) -> None:
        for change in changes:
            tail = self._tails.get(change.board_id)
            if tail is None:
                continue
            if not tail.receive(change) and change.board_id not in self._loading:
                self._read_on_for(tail)
            self._forget_deleted(tail)
        for arrival in self._lobby:
            arrival.set()

    def _rung(self, board_id: int, sequence: int) -> None:
        """Another process (or this one) committed change `sequence` of the board."""
        tail = self._known(board_id)
        if tail is not None and sequence > tail.head:
            self._read_on_for(tail)
        for arrival in self._lobby:
            arrival.set()

    def _poll(self) -> None:
        for board_id in self._tails:
            known = self._known(board_id)
            if known is not None and known.followers:
                self._begin_catching_up(known)

    def _read_on_for(self, tail: Tail) -> None:
        """A change is there to be read. A reading under way may have begun before it, and is followed by another."""
        if tail.board_id in self._catching_up:
            self._read_again.add(tail.board_id)
        else:
            self._begin_catching_up(tail)

    async def _catch_up(self, tail: Tail) -> None:
        # one that is under way may have read before the caller's change: wait for it, then read once more
        under_way = self._catching_up.get(tail.board_id)
        if under_way is not None:
            await asyncio.shield(under_way)
        await asyncio.shield(self._begin_catching_up(tail))

    def _begin_catching_up(self, tail: Tail) -> "asyncio.Task[None]":
        task = self._catching_up.get(tail.board_id)
        if task is None:
            task = self._catching_up[tail.board_id] = asyncio.create_task(self._read_on(tail))
            task.add_done_callback(lambda done: self._caught_up(tail.board_id, done))
        return task

    def _caught_up(self, board_id: int, task: "asyncio.Task[None]") -> None:
        del self._catching_up[board_id]
        if not task.cancelled():
            task.exception()  # whoever waits for it is told; a poll tries again
        if board_id in self._read_again:
            self._read_again.discard(board_id)
            if (tail := self._known(board_id)) is not None and not self._stopped:
                self._begin_catching_up(tail)

    async def _read_on(self, tail: Tail) -> None:
        while True:
            missed = await self._store.read(activity.changes_if_there, tail.board_id, tail.head, PAGE)
            if missed is None:
                tail.end(self._store.clock())
                self._forget_deleted(tail)
                return
            for change in missed:
                tail.receive(change)
            self._forget_deleted(tail)
            if len(missed) < PAGE:
                return

    async def _older(self, tail: Tail, since: int, until: int) -> list[Published]:
        """Changes from the table, up to `until` or to where they are many characters."""
        found: list[Published] = []
        characters = 0
        while since < until and characters < REPLAY_CHARACTERS:
            page = await self._store.read(activity.changes_after, tail.board_id, since, min(PAGE, until - since))
            if not page:
                break
            found += tail.published(page)
            characters += sum(len(item.json) for item in found[-len(page) :])
            since = page[-1].sequence
        return found

    def _forget_deleted(self, tail: Tail) -> None:
        """Whoever follows it has it still; whoever comes now is told that there is no such board."""
        if tail.last is not None and self._tails.get(tail.board_id) is tail:
            del self._tails[tail.board_id]

    def _forget_idle(self) -> None:
        """Tails that nobody follows are kept for the next visitor, but not without end."""
        if len(self._tails) <= IDLE_TAILS:
            return
        idle = [board_id for board_id, tail in self._tails.items() if not tail.followers]
        for board_id in idle[: max(0, len(idle) - IDLE_TAILS)]:
            if board_id not in self._loading:
                del self._tails[board_id]

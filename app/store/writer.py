"""Where commands run, off the event loop: one thread on SQLite, a pool on PostgreSQL.

SQLite has one writer whatever is done, so jobs that wait for it share its commit: each keeps a savepoint of its own,
a refused one leaves no trace, and nobody is answered before the commit that holds their change is on disk.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from app.errors import StoreUnavailable
from app.store.unit import Unit, Units

BATCH = 64
"""Jobs that share one commit at most."""

Job = Callable[[Unit], Any]


@dataclass
class Submission:
    job: Job
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    answer: Any = None
    refusal: BaseException | None = None


class SoleWriter:
    def __init__(self, units: Units) -> None:
        self._units = units
        self._queue: SimpleQueue[Submission | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    async def submit(self, job: Job) -> Any:
        loop = asyncio.get_running_loop()
        submission = Submission(job, loop, loop.create_future())
        self._queue.put(submission)
        return await submission.future

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            closing = False
            while len(batch) < BATCH:
                try:
                    following = self._queue.get_nowait()
                except Empty:
                    break
                if following is None:
                    closing = True
                    break
                batch.append(following)
            self._run(batch)
            if closing:
                return

    def _run(self, batch: list[Submission]) -> None:
        begun = False
        try:
            with self._units.opening() as unit:
                begun = True
                for submission in batch:
                    _attempt(submission, unit)
        except (StoreUnavailable, DBAPIError) as refusal:
            # nothing of it is stored; alone, each is taken or refused for its own sake, unless there was no way in
            if begun and len(batch) > 1:
                for submission in batch:
                    self._run([submission])
                return
            _refuse(batch, refusal)
        except Exception as refusal:  # told to the callers, whatever it is: without this thread nobody writes again
            _refuse(batch, refusal)
        for loop in {submission.loop for submission in batch}:
            with suppress(RuntimeError):  # that loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(_deliver, [submission for submission in batch if submission.loop is loop])


class PooledWriter:
    def __init__(self, units: Units, threads: int) -> None:
        self._units = units
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="writer")

    async def submit(self, job: Job) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, job)

    def close(self) -> None:
        self._threads.shutdown()

    def _run(self, job: Job) -> Any:
        with self._units.opening() as unit:
            return job(unit)


def _attempt(submission: Submission, unit: Unit) -> None:
    told = len(unit.changes)
    submission.refusal = None
    unit.savepoint("job")
    try:
        submission.answer = submission.job(unit)
    except (StoreUnavailable, OperationalError, InterfaceError):
        raise  # the database failed, not the job: what became of the transaction is uncertain
    except BaseException as refusal:  # handed to the caller, whatever it is; the others of the batch go on
        submission.refusal = refusal
        unit.roll_back_to("job")
        del unit.changes[told:]
    else:
        unit.release("job")


def _refuse(batch: list[Submission], refusal: BaseException) -> None:
    for submission in batch:
        submission.refusal = refusal


def _deliver(batch: list[Submission]) -> None:
    for submission in batch:
        if submission.future.done():
            continue  # the caller has gone
        if submission.refusal is not None:
            submission.future.set_exception(submission.refusal)
        else:
            submission.future.set_result(submission.answer)

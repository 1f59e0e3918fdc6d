"""One commit for the writes of several threads: what waits for the disk waits together.

SQLite lets one write at a time, and each commit waits for the disk. In a burst that is what
everybody waits for, so whoever finds others queuing behind them leaves their transaction open to
the next, and the last of the queue commits for all. Nobody goes on before their own write is on
the disk, and what one of them has to undo (a savepoint) is undone for them alone.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

__all__ = ["BusyError", "CommonCommits"]

MOST_AT_ONCE = 32
"""Writes that one commit is for: the first of them waits for all the others."""
_MINE = "mine"
"""The savepoint of whoever has the turn. SQLAlchemy's own take ten times as long to make."""


class BusyError(Exception):
    """Other writes took too long."""


@dataclass
class _Batch:
    """An open transaction, and those who wait for its end."""

    connection: Connection
    members: int = 0
    error: BaseException | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class CommonCommits:
    """The turns of the threads of a process to write. First come, first served."""

    def __init__(self, seconds: float) -> None:
        """``seconds``: that somebody waits for their turn at most."""
        self._seconds = seconds
        self._mutex = threading.Lock()
        self._busy = False
        self._queue: deque[threading.Event] = deque()
        self._open: _Batch | None = None

    @contextmanager
    def write(self, begin: Callable[[], Connection]) -> Iterator[Connection]:
        """A connection with a transaction begun, by ``begin`` where none is open; at the end it is
        committed, or what was done here is undone on any error.

        Raises BusyError when the turn does not come; what ``begin`` and the commit raise.
        """
        self._take()
        batch = self._open
        try:
            if batch is None:
                batch = self._open = _Batch(begin())
            is_beside = batch.members > 0
            if is_beside:
                batch.connection.exec_driver_sql(f"SAVEPOINT {_MINE}")
            try:
                yield batch.connection
                if is_beside:
                    batch.connection.exec_driver_sql(f"RELEASE {_MINE}")
            except BaseException:
                if is_beside:
                    _undo(batch)
                raise
            batch.members += 1
        finally:
            self._leave(batch)
        batch.ended.wait()
        if batch.error is not None:
            raise batch.error

    def _take(self) -> None:
        """Wait for the turn. Raises BusyError when it does not come."""
        with self._mutex:
            if not self._busy:
                self._busy = True
                return
            mine = threading.Event()
            self._queue.append(mine)
        if mine.wait(self._seconds):
            return
        with self._mutex:
            if mine.is_set():  # it came at the last moment
                return
            self._queue.remove(mine)
        raise BusyError

    def _give(self) -> None:
        """Let the next one have the turn."""
        with self._mutex:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._busy = False

    def _leave(self, batch: _Batch | None) -> None:
        """Leave the transaction to the next in the queue, or end it when there is none."""
        if batch is not None and batch.error is None and 0 < batch.members < MOST_AT_ONCE:
            with self._mutex:
                heir = self._queue.popleft() if self._queue else None
            if heir is not None:
                heir.set()
                return
        self._open = None
        try:
            if batch is not None:
                _end(batch)
        finally:
            self._give()


def _undo(batch: _Batch) -> None:
    """Undo what one of them did. Where SQLite has undone all (a full disk), all have failed."""
    try:
        batch.connection.exec_driver_sql(f"ROLLBACK TO {_MINE}")
        batch.connection.exec_driver_sql(f"RELEASE {_MINE}")
    except SQLAlchemyError as error:
        batch.error = error


def _end(batch: _Batch) -> None:
    """Commit, and tell all who wait for it. With nothing to keep, undo."""
    connection = batch.connection
    try:
        if batch.error is None and batch.members:
            connection.commit()
        else:
            connection.rollback()
    except BaseException as error:  # noqa: BLE001 - each of those who wait raises it
        batch.error = batch.error or error
        with suppress(SQLAlchemyError):
            connection.rollback()
    finally:
        with suppress(SQLAlchemyError):
            connection.close()
        batch.ended.set()

"""What several threads write at once is committed together, and each has only its own failures."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.ledger import EventPayload, Ledger, LedgerUnavailable, Result
from bot.ledger.commits import BusyError, CommonCommits
from bot.ledger.database import Database, database_url
from bot.ledger.tables import marks

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PATIENCE = 20.0


class Writers:
    """Threads that write to a database on disk, the first of which waits to be let on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = Database(database_url(f"sqlite:///{path}"))
        self.database.migrate()
        self.pool = ThreadPoolExecutor(40)
        self.go_on = threading.Event()
        self.commits = 0
        event.listen(self.database._engine, "commit", self._count)

    def _count(self, connection: object) -> None:
        self.commits += 1

    def first(self, then: Callable[[], object] = lambda: None) -> Future[None]:
        """Somebody who is writing, while others come."""
        writing = threading.Event()

        def wait() -> None:
            writing.set()
            assert self.go_on.wait(PATIENCE)
            then()

        done = self.pool.submit(self.write, "first", wait)
        assert writing.wait(PATIENCE)
        return done

    def come(self, key: str, then: Callable[[], object] = lambda: None) -> Future[None]:
        """Somebody else, who now waits for their turn."""
        queue = self.database._commits._queue
        before = len(queue)
        done = self.pool.submit(self.write, key, then)
        wait_until(lambda: len(queue) > before)
        return done

    def queue_up(self, others: int) -> None:
        """One is writing and so many others come meanwhile; then all are let go on."""
        asked = [self.first(), *(self.come(f"one of {n}") for n in range(others))]
        self.go_on.set()
        for one in asked:
            one.result(PATIENCE)

    def write(self, key: str, then: Callable[[], object] = lambda: None) -> None:
        with self.database.write() as connection:
            connection.execute(marks.insert().values(key=key, at=AT))
            then()

    def kept(self) -> set[str]:
        """What anybody else finds in the file."""
        with closing(sqlite3.connect(self.path)) as other:
            return {key for (key,) in other.execute("SELECT key FROM marks")}

    def close(self) -> None:
        self.go_on.set()
        self.pool.shutdown()
        self.database.close()


def wait_until(holds: Callable[[], bool]) -> None:
    tick = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        if holds():
            return
        tick.wait(0.005)
    raise AssertionError("it never came to that")


@pytest.fixture
def writers(tmp_path: Path) -> Iterator[Writers]:
    made = Writers(tmp_path / "ledger.db")
    yield made
    made.close()


def broken() -> None:
    raise ValueError("broken")


def test_alone_a_write_is_committed_at_once(writers: Writers) -> None:
    writers.write("alone")
    assert writers.commits == 1
    assert writers.kept() == {"alone"}


def test_those_who_wait_for_one_another_are_committed_together(writers: Writers) -> None:
    writers.queue_up(8)
    assert writers.commits == 1
    assert len(writers.kept()) == 9


def test_nobody_goes_on_before_their_own_write_is_kept(writers: Writers) -> None:
    first = writers.first()
    last = threading.Event()
    second = writers.come("second", lambda: last.wait(PATIENCE))
    writers.go_on.set()
    assert not writers.kept(), "the second has not finished, so nothing is committed"
    assert not first.done()
    last.set()
    first.result(PATIENCE)
    second.result(PATIENCE)
    assert writers.kept() == {"first", "second"}


def test_one_that_fails_is_undone_alone(writers: Writers) -> None:
    first, failing, third = (
        writers.first(),
        writers.come("failing", broken),
        writers.come("third"),
    )
    writers.go_on.set()
    with pytest.raises(ValueError, match="broken"):
        failing.result(PATIENCE)
    first.result(PATIENCE)
    third.result(PATIENCE)
    assert writers.kept() == {"first", "third"}


def test_the_last_of_them_may_fail(writers: Writers) -> None:
    first, failing = writers.first(), writers.come("failing", broken)
    writers.go_on.set()
    with pytest.raises(ValueError, match="broken"):
        failing.result(PATIENCE)
    first.result(PATIENCE)
    assert writers.kept() == {"first"}


def test_so_may_the_first_while_others_wait(writers: Writers) -> None:
    failing, second = writers.first(broken), writers.come("second")
    writers.go_on.set()
    with pytest.raises(ValueError, match="broken"):
        failing.result(PATIENCE)
    second.result(PATIENCE)
    assert writers.kept() == {"second"}


def test_so_may_the_first_and_the_only_one(writers: Writers) -> None:
    with pytest.raises(ValueError, match="broken"):
        writers.write("only", broken)
    writers.write("next")
    assert writers.kept() == {"next"}


def test_what_the_database_refuses_is_one_writers_failure(writers: Writers) -> None:
    writers.write("twice")
    first, again = writers.first(), writers.come("twice")
    writers.go_on.set()
    with pytest.raises(LedgerUnavailable):
        again.result(PATIENCE)
    first.result(PATIENCE)
    assert writers.kept() == {"first", "twice"}


def test_where_the_commit_fails_nobody_is_told_that_it_was_kept(writers: Writers) -> None:
    asked = [writers.first(), writers.come("second"), writers.come("third")]

    def full(connection: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    event.listen(writers.database._engine, "commit", full)
    writers.go_on.set()
    for one in asked:
        with pytest.raises((LedgerUnavailable, sqlite3.Error)):
            one.result(PATIENCE)
    event.remove(writers.database._engine, "commit", full)
    assert not writers.kept()
    writers.write("afterwards")
    assert writers.kept() == {"afterwards"}


def test_where_all_was_undone_by_one_failure_all_have_failed(writers: Writers) -> None:
    """As SQLite does when the disk is full: no savepoint is left to go back to."""
    first = writers.first()

    def undo_all() -> None:
        batch = writers.database._commits._open
        assert batch is not None
        batch.connection.exec_driver_sql("ROLLBACK")
        broken()

    failing = writers.come("failing", undo_all)
    writers.go_on.set()
    with pytest.raises(ValueError, match="broken"):
        failing.result(PATIENCE)
    with pytest.raises(LedgerUnavailable):
        first.result(PATIENCE)
    assert not writers.kept()


def test_whoever_comes_after_such_a_failure_begins_anew(writers: Writers) -> None:
    first = writers.first()

    def undo_all() -> None:
        batch = writers.database._commits._open
        assert batch is not None
        batch.connection.exec_driver_sql("ROLLBACK")
        broken()

    failing, third = writers.come("failing", undo_all), writers.come("third")
    writers.go_on.set()
    third.result(PATIENCE)
    for one in (first, failing):
        with pytest.raises((LedgerUnavailable, ValueError)):
            one.result(PATIENCE)
    assert writers.kept() == {"third"}


def test_a_library_that_looks_first_may_still_write(writers: Writers) -> None:
    """Slack's own keeper of tokens does: nobody else writes between its look and its write."""
    with (
        writers.database.engine().begin(),
        closing(sqlite3.connect(writers.path, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


def test_no_commit_keeps_the_first_waiting_for_too_many(writers: Writers) -> None:
    writers.queue_up(35)
    assert writers.commits == 2
    assert len(writers.kept()) == 36


def test_whoever_waits_too_long_is_told_and_holds_nobody_up() -> None:
    commits = CommonCommits(0.01)
    commits._take()
    with pytest.raises(BusyError):
        commits._take()
    commits._give()
    commits._take()


def test_each_workspace_marks_its_own_in_a_common_transaction(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger.open(f"sqlite:///{path}", secret="a secret of the tests", retention_days=9)
    ledger.migrate()

    def ask(n: int) -> None:
        own = ledger.for_team(f"T{n % 3}")
        assert own.claim_event(f"Ev{n}", EventPayload("dm", "D1", f"{n}.1", "U1", "what is R_96?"))
        own.record_question(
            "what is R_96?",
            door="dm",
            outcome=Result.ANSWERED,
            channel="D1",
            thread_ts=f"{n}.1",
            follow=True,
        )
        assert own.begin_posting(f"Ev{n}")
        assert own.finish_event(f"Ev{n}")

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(ask, range(60)))
    with closing(sqlite3.connect(path)) as other:
        for table in ("events", "questions", "threads"):
            found = other.execute(f"SELECT team_hash FROM {table}")  # noqa: S608
            marked = Counter(hashed for (hashed,) in found)
            assert sorted(marked.values()) == [20, 20, 20], table
    ledger.close()

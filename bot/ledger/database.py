"""The ledger's database: which one, how long it may take, and its tables brought up to date.

Everything that fails below this module leaves it as ``LedgerUnavailable`` (or another
``LedgerError``) with a message for a person, and never with the values of a statement.
"""

from __future__ import annotations

import copy
import logging
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Executable,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from bot.errors import SettingsError
from bot.ledger.commits import BusyError, CommonCommits
from bot.ledger.errors import EphemeralStorage, LedgerUnavailable, MigrationFailed, SchemaBehind
from bot.ledger.teams import Team, held_to
from bot.ledger.trouble import NOT_KEPT, in_words, kind_of, without_values

__all__ = ["Database", "database_url", "migrate", "refuse_short_lived_disk"]

_log = logging.getLogger(__name__)

WAIT_SECONDS = 2
"""Longest wait for a connection or a lock: an event must be acknowledged within three."""
STATEMENT_SECONDS = 3
MIN_FREE_BYTES = 1_000_000
PAUSE_SECONDS = 5.0
"""After a failed connection, calls fail at once for this long instead of each waiting."""

_SHORT_LIVED = {
    "DYNO": "Heroku",
    "KUBERNETES_SERVICE_HOST": "Kubernetes",
    "K_SERVICE": "Cloud Run",
    "AWS_LAMBDA_FUNCTION_NAME": "AWS Lambda",
    "ECS_CONTAINER_METADATA_URI_V4": "Amazon ECS",
    "RENDER": "Render",
    "RAILWAY_ENVIRONMENT_NAME": "Railway",
}


def database_url(url: str) -> URL:
    """The address as SQLAlchemy wants it: postgres:// and postgresql:// use psycopg.

    Raises SettingsError, without repeating the address (it may hold a password), when it
    cannot be read or names another kind of database.
    """
    try:
        parsed = make_url(url.strip())
    except ArgumentError:
        raise SettingsError(
            "DATABASE_URL cannot be read. Write sqlite:///file.db or postgresql://user@host/name."
        ) from None
    if parsed.drivername in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise SettingsError("DATABASE_URL should start with sqlite:/// or postgresql://.")
    return parsed


def refuse_short_lived_disk(url: URL, environ: Mapping[str, str] | None = None) -> None:
    """Raise EphemeralStorage when this is SQLite on a host known to discard its files."""
    given = os.environ if environ is None else environ
    host = next((name for variable, name in _SHORT_LIVED.items() if given.get(variable)), None)
    if host and url.get_backend_name() == "sqlite":
        raise EphemeralStorage(
            f"This runs on {host}, where files are lost at every restart, so SQLite would lose "
            "the ledger. Set DATABASE_URL to a Postgres database; or, if the file is on a disk "
            "that lasts, set ILR_ALLOW_SQLITE=1."
        )


def migrate(url: str) -> str:
    """Bring a database's tables up to date; returns a sentence saying what was done.

    All of it happens in one transaction under a lock, so that two processes starting at once
    do not both do it and a failure changes nothing. Raises MigrationFailed, LedgerUnavailable
    or SettingsError.
    """
    database = Database(database_url(url), statement_seconds=600)
    try:
        return database.migrate()
    finally:
        database.close()


class Database:
    """An engine with short patience. Safe to share between threads."""

    def __init__(
        self, url: URL, *, statement_seconds: float = STATEMENT_SECONDS, sets_up: bool = True
    ) -> None:
        """``sets_up``: whether a new or older SQLite file gets its tables on first use."""
        self.url = url
        self.trouble = ""
        """Why the last transaction failed, as a sentence for who runs it; "" when it did not."""
        self._sets_up = sets_up
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._in_memory = self.is_sqlite and url.database in {None, "", ":memory:"}
        self._engine = (
            _sqlite(url, self._in_memory, create=sets_up)
            if self.is_sqlite
            else _postgres(url, statement_seconds)
        )
        event.listen(self._engine, "before_execute", _hold_to_team, retval=True)
        self._team: Team | None = None
        self._ready = threading.Event()
        self._preparing = threading.Lock()
        self._down_since: float | None = None
        self._writing = threading.Lock()
        """Of a database in memory, where all share one connection."""
        # SQLite lets one write at a time and wakes those who wait in no order, so that some
        # would wait in vain; within a process they queue here instead.
        self._commits = CommonCommits(WAIT_SECONDS)

    def for_team(self, team: Team) -> Database:
        """The same database, held to a workspace's own rows."""
        found = copy.copy(self)
        found._team = team
        return found

    def engine(self) -> Engine:
        """For a library that keeps something of its own here. Its transactions may write."""
        self._prepare()
        return self._engine.execution_options(ledger_writes=True)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may change things; committed at the end, undone on any error."""
        self._prepare()
        if self.is_sqlite and not self._in_memory:
            transaction = self._common_transaction()
        else:
            transaction = self._transaction(writing=True)
        with self._turn(), transaction as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        self._prepare()
        with self._turn(), self._transaction(writing=False) as connection:
            yield connection

    def migrate(self) -> str:
        """See ``migrate``."""
        with self._transaction(writing=True) as connection:
            if not self.is_sqlite:
                # Any number that is ours alone; held until the transaction ends.
                connection.execute(text("SELECT pg_advisory_xact_lock(20262707)"))
            before, newest = _revision(connection), _newest()
            if before == newest:
                self._ready.set()
                return f"The database is up to date ({newest})."
            try:
                _upgrade(connection)
            except Exception as error:  # noqa: BLE001 - a migration may fail in any way
                _log.error("migration failed: %s", without_values(error))
                raise MigrationFailed(
                    f"The database could not be updated from {before or 'empty'} to {newest}; "
                    "nothing was changed. The log says why. Restore a backup, or report it."
                ) from None
        self._ready.set()
        return f"The database was updated from {before or 'empty'} to {newest}."

    def forget_deleted(self) -> None:
        """Make sure that deleted rows do not linger in SQLite's write-ahead file.

        Deleted pages are overwritten by SQLite itself (secure_delete); on Postgres they go
        with the next vacuum.
        """
        if self.is_sqlite:
            with suppress(SQLAlchemyError, sqlite3.Error):
                raw = self._engine.raw_connection()
                try:
                    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    raw.close()

    def is_in_place(self) -> bool:
        """Whether SQLite's file is where it was opened, on a disk with room left.

        A deleted file can still be written to by who has it open, and is lost when they end.
        """
        if not self.is_sqlite or self._in_memory:
            return True
        path = Path(str(self.url.database))
        try:
            return (
                os.stat(path).st_ino == self._opened_file()
                and shutil.disk_usage(path.parent).free > MIN_FREE_BYTES
            )
        except OSError:
            return False

    def _opened_file(self) -> int | None:
        """The number of the file that the pool's connections have open."""
        with self._transaction(writing=False) as connection:
            found = connection.info.get("file")
        return found if isinstance(found, int) else None

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One at a time, in memory; anywhere else nobody waits here."""
        if not self._in_memory:
            yield
            return
        if not self._writing.acquire(timeout=WAIT_SECONDS):
            raise self._busy()
        try:
            yield
        finally:
            self._writing.release()

    def _prepare(self) -> None:
        """Check the tables once; a new SQLite file is set up on the spot."""
        if self._ready.is_set():
            return
        with self._preparing:
            if self._ready.is_set():
                return
            with self._transaction(writing=False) as connection:
                current, newest = _revision(connection), _newest()
            if current == newest:
                self._ready.set()
            elif current is not None and current not in _known():
                self.trouble = (
                    f"The database's tables ({current}) are newer than this version ({newest}). "
                    "Start the newer version again, or restore the backup made before it."
                )
                raise SchemaBehind(self.trouble)
            elif self.is_sqlite and self._sets_up:
                _log.info("%s", self.migrate())
            else:
                self.trouble = (
                    f"The database's tables are at {current or 'nothing'} and this version needs "
                    f"{newest}. Run: python -m bot migrate"
                )
                raise SchemaBehind(self.trouble)

    def _unavailable(self, why: str) -> LedgerUnavailable:
        self.trouble = why
        return LedgerUnavailable(why)

    def _busy(self) -> LedgerUnavailable:
        _log.warning("the ledger's database is busy: other writes took too long")
        return self._unavailable(NOT_KEPT)

    @contextmanager
    def _common_transaction(self) -> Iterator[Connection]:
        """One that other threads' writes may be part of."""

        def begin() -> Connection:
            connection = self._connected(writing=True)
            try:
                connection.execution_options(ledger_writes=True).begin()
            except BaseException:
                connection.close()
                raise
            return connection

        try:
            with self._commits.write(begin) as connection:
                yield connection.execution_options(ledger_team=self._team)
        except BusyError:
            raise self._busy() from None
        except SQLAlchemyError as error:
            raise self._failed("failed", error, writing=True) from None
        self.trouble = ""

    @contextmanager
    def _transaction(self, *, writing: bool) -> Iterator[Connection]:
        connection = self._connected(writing=writing)
        try:
            options = {"ledger_writes": writing, "ledger_team": self._team}
            with connection.execution_options(**options), connection.begin():
                yield connection
        except SQLAlchemyError as error:
            raise self._failed("failed", error, writing) from None
        self.trouble = ""

    def _connected(self, *, writing: bool) -> Connection:
        """A connection from the pool. Raises LedgerUnavailable."""
        if self._down_since and time.monotonic() - self._down_since < PAUSE_SECONDS:
            raise LedgerUnavailable(self._said(writing))
        try:
            connection = self._engine.connect()
        except NoConnectionError:
            _log.warning("the ledger's database is busy: no connection became free")
            raise self._unavailable(NOT_KEPT) from None
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            self._down_since = time.monotonic()
            raise self._failed("cannot be reached", error, writing) from None
        self._down_since = None
        return connection

    def _failed(self, how: str, error: Exception, writing: bool) -> LedgerUnavailable:
        """What to raise, once the log has said why; neither repeats a value."""
        why = in_words(error, self.url)
        _log.warning("the ledger's database %s (%s): %s", how, kind_of(error), why)
        self.trouble = why
        return LedgerUnavailable(self._said(writing))

    def _said(self, writing: bool) -> str:
        why = self.trouble or NOT_KEPT
        return f"{why} This was not kept." if writing and why != NOT_KEPT else why


def _sqlite(url: URL, in_memory: bool, *, create: bool) -> Engine:
    options: dict[str, Any] = {"hide_parameters": True}
    if in_memory:
        options |= {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    else:
        options |= {"connect_args": {"timeout": WAIT_SECONDS}, "pool_timeout": WAIT_SECONDS}
        if create:
            _make_private(Path(str(url.database)))
    engine = create_engine(url, **options)

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        with suppress(OSError):
            record.info["file"] = os.stat(str(url.database)).st_ino
        # The driver must not begin transactions by itself: see begin() below.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {WAIT_SECONDS * 1000}",
            "journal_mode = WAL",
            "synchronous = FULL",  # an acknowledged event must outlive a power cut
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock at once and waits for it; a reader that turned writer half
        # way would be refused without waiting.
        writes = connection.get_execution_options().get("ledger_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _hold_to_team(
    connection: Connection, statement: Executable, many: Any, given: Any, _options: Any
) -> tuple[Executable, Any, Any]:
    """What runs on a workspace's connection touches its own rows only."""
    team = connection.get_execution_options().get("ledger_team")
    return (held_to(statement, team) if team else statement), many, given


def _make_private(path: Path) -> None:
    """Create the file so that only its owner can read it."""
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _postgres(url: URL, statement_seconds: float) -> Engine:
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise SettingsError(
            'DATABASE_URL names a Postgres database: pip install "ilr-helpdesk[postgres]".'
        ) from None
    milliseconds = int(statement_seconds * 1000)
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=5,
        pool_timeout=WAIT_SECONDS,
        connect_args={
            "connect_timeout": WAIT_SECONDS,
            "tcp_user_timeout": milliseconds,
            "application_name": "ilr-helpdesk",
            "options": f"-c statement_timeout={milliseconds} "
            f"-c lock_timeout={milliseconds} -c idle_in_transaction_session_timeout=30000",
            "prepare_threshold": None,  # prepared statements break behind a pooling proxy
        },
    )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "bot.ledger:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _newest() -> str:
    return str(_scripts().get_current_head())


def _known() -> set[str]:
    return {script.revision for script in _scripts().walk_revisions()}


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    config, scripts = _config(), _scripts()
    config.attributes["connection"] = connection
    with EnvironmentContext(
        config, scripts, fn=lambda revision, _context: scripts._upgrade_revs("head", revision)
    ):
        scripts.run_env()

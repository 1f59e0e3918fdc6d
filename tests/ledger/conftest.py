"""A ledger on SQLite and on Postgres, for the same tests.

Postgres is the server of TEST_DATABASE_URL, in a database made for the run and dropped after
it; or a throw-away server on a Unix socket, when its programs are installed (Debian:
postgresql). Otherwise those tests are skipped.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from bot.ledger import Ledger, migrate
from bot.ledger.database import database_url
from bot.ledger.tables import metadata
from tests.support.ledgers import empty_ledger

SECRET = "a secret for tests only"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Clock:
    """A clock that goes on when told to."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


def postgres_programs() -> Path | None:
    """The folder of initdb and postgres, when they are installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


class PostgresServer:
    """A server of our own in a temporary folder, reached by a Unix socket only."""

    def __init__(self, programs: Path, *, durable: bool = False) -> None:
        """``durable``: wait for the disk at every commit, as a real server does."""
        self.programs = programs
        self.durable = durable
        self.folder = Path(tempfile.mkdtemp(prefix="ilr-pg-", dir="/tmp"))
        self.user: str | None = None
        if os.geteuid() == 0:  # Postgres refuses to run as root
            names = {entry.pw_name for entry in pwd.getpwall()}
            self.user = "postgres" if "postgres" in names else "nobody"
            os.chown(self.folder, pwd.getpwnam(self.user).pw_uid, -1)
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "helpdesk", "-N", "-E", "UTF8")
        self.start()

    @property
    def url(self) -> URL:
        return URL.create(
            "postgresql+psycopg",
            username="helpdesk",
            database="postgres",
            query={"host": str(self.folder)},
        )

    def start(self) -> None:
        options = ["-k", str(self.folder), "-c", "listen_addresses="]
        options += ["-c", f"fsync={'on' if self.durable else 'off'}"]
        self._process = subprocess.Popen(
            [self.programs / "postgres", "-D", "data", *options],
            cwd=self.folder,
            user=self.user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(200):
            if self._run("pg_isready", "-q", "-h", str(self.folder), check=False) == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("the test Postgres did not start")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(20)

    def remove(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        return subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            user=self.user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=check,
        ).returncode


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database for this run, its tables made."""
    server = None
    if given := os.environ.get("TEST_DATABASE_URL"):
        base = database_url(given)
    elif programs := postgres_programs():
        server = PostgresServer(programs)
        base = server.url
    else:
        pytest.skip("no Postgres: set TEST_DATABASE_URL or install the postgresql package")
    name = f"ilr_test_{secrets.token_hex(4)}"
    engine = create_engine(base, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        url = base.set(database=name).render_as_string(hide_password=False)
        migrate(url)
        yield url
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()
        if server:
            server.remove()


@pytest.fixture
def postgres_server() -> Iterator[PostgresServer]:
    """A server that a test may stop and start."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("no Postgres programs to start and stop: install the postgresql package")
    server = PostgresServer(programs)
    try:
        yield server
    finally:
        server.remove()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty ledger; on SQLite it has no file yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    address: str = request.getfixturevalue("postgres_url")
    engine = create_engine(make_url(address))
    with engine.begin() as connection:
        tables = ", ".join(metadata.tables)
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    engine.dispose()
    return address


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_ledger(url: str, clock: Clock) -> Iterator[Callable[[], Ledger]]:
    """Opens the same ledger again, as another process would."""
    opened: list[Ledger] = []

    def another() -> Ledger:
        opened.append(Ledger.open(url, secret=SECRET, retention_days=365, clock=clock, environ={}))
        return opened[-1]

    yield another
    for ledger in opened:
        ledger.close()


@pytest.fixture
def ledger(
    url: str, open_ledger: Callable[[], Ledger], ledger_with_tables: Path, tmp_path: Path
) -> Ledger:
    if url.startswith("sqlite"):
        empty_ledger(ledger_with_tables, tmp_path / "ledger.db")
    return open_ledger()

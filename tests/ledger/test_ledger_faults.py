"""The database locked, full, gone and back, or half migrated; processes killed at any moment."""

from __future__ import annotations

import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, event, inspect, text

from bot.errors import SettingsError
from bot.ledger import (
    EphemeralStorage,
    EventPayload,
    Ledger,
    LedgerError,
    LedgerUnavailable,
    MigrationFailed,
    NullLedger,
    Result,
    SchemaBehind,
    database,
    migrate,
)
from bot.ledger.tables import metadata
from tests.ledger import worker
from tests.ledger.conftest import SECRET, PostgresServer

PAYLOAD = EventPayload(kind="mention", channel="C1", ts="1.0", user="U1", text="Any question?")
EVENTS = 500


def ask(ledger: Ledger) -> int:
    return ledger.record_question("Can dates differ?", door="dm", outcome=Result.ANSWERED)


def opened(url: str) -> Ledger:
    return Ledger.open(url, secret=SECRET, retention_days=365, environ={})


# --- Processes killed ---------------------------------------------------------------------


def start_worker(url: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.worker", url, folder, str(EVENTS)],
        cwd=Path(__file__).parents[2],
    )


def wait_for(posted: Path, more_than: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while len(worker.lines(posted)) <= more_than and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.long
def test_kill_9_during_a_burst_loses_nothing_acknowledged_and_answers_nothing_twice(
    url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "slack"
    folder.mkdir()
    posted = folder / "posted"
    for target in (60, 140, 260, 390):
        process = start_worker(url, folder)
        wait_for(posted, target, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
    survivors = [start_worker(url, folder) for _ in range(2)]
    assert [process.wait(120) for process in survivors] == [0, 0]
    answers = Counter(worker.lines(posted))
    acknowledged = set(worker.lines(folder / "acknowledged"))
    assert acknowledged == {f"Ev{number:04}" for number in range(EVENTS)}
    assert acknowledged - set(answers) == set(), "lost"
    assert [event for event, times in answers.items() if times > 1] == [], "answered twice"
    ledger = opened(url)
    assert ledger.metrics() == {
        'ilr_helpdesk_events{state="answered"}': EVENTS,
        "ilr_helpdesk_checks": 0,
    }
    ledger.close()


# --- The database in trouble --------------------------------------------------------------


def test_postgres_gone_and_back(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PAUSE_SECONDS", 3_600.0)
    url = postgres_server.url.render_as_string(hide_password=False)
    migrate(url)
    ledger = opened(url)
    assert ledger.claim_event("Ev1", PAYLOAD)
    assert ledger.is_reachable()
    postgres_server.stop(signal.SIGQUIT)
    with pytest.raises(LedgerUnavailable, match="not kept"):
        ask(ledger)
    tried: list[object] = []
    event.listen(ledger._db._engine, "do_connect", lambda *given: tried.append(given))
    for _ in range(100):
        with pytest.raises(LedgerUnavailable):
            ledger.claim_event("Ev2", PAYLOAD)
    assert tried == [], "while it is down, calls do not each wait"
    assert not ledger.is_reachable()
    postgres_server.start()
    monkeypatch.setattr(database, "PAUSE_SECONDS", 0.0)
    assert not ledger.claim_event("Ev1", PAYLOAD), "what was kept is still kept"
    assert ledger.claim_event("Ev2", PAYLOAD), "what was not kept may come again"
    assert ledger.is_reachable()
    ledger.close()


def test_the_bot_may_start_while_its_database_is_down(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PAUSE_SECONDS", 0.1)
    url = postgres_server.url.render_as_string(hide_password=False)
    postgres_server.stop()
    ledger = opened(url)
    with pytest.raises(LedgerUnavailable):
        ask(ledger)
    postgres_server.start()
    time.sleep(0.15)
    with pytest.raises(SchemaBehind, match="python -m bot migrate"):
        ask(ledger)
    migrate(url)
    assert ask(ledger) == 1
    ledger.close()


def test_a_connection_cut_in_mid_write_leaves_nothing_half_done(postgres_url: str) -> None:
    ledger = opened(postgres_url)
    before = ledger.metrics()

    def write_and_be_cut_off() -> None:
        with ledger._db.write() as connection:
            connection.execute(
                text("INSERT INTO checks (checked_at, door, learners) VALUES (now(), 'dm', 1)")
            )
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(LedgerUnavailable):
        write_and_be_cut_off()
    assert ledger.metrics() == before
    ledger.close()


def test_a_slow_database_is_not_waited_for(postgres_url: str) -> None:
    slow = database.Database(database.database_url(postgres_url), statement_seconds=0.2)
    with pytest.raises(LedgerUnavailable), slow.read() as connection:
        connection.execute(text("SELECT pg_sleep(60)"))
    slow.close()


def test_a_locked_file_is_waited_for_and_then_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.3)
    path = tmp_path / "ledger.db"
    ledger = opened(f"sqlite:///{path}")
    ask(ledger)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerUnavailable):
        ask(ledger)
    assert len(ledger.metrics()) == 2, "reading goes on"
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, ledger)
        time.sleep(0.1)
        other.execute("ROLLBACK")
        assert waiting.result() == 2, "a short lock is waited for"
    other.close()
    ledger.close()


@contextmanager
def disk_full(bytes_left: int) -> Iterator[None]:
    """Files may not grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_reported_and_nothing_kept_is_lost(tmp_path: Path) -> None:
    ledger = opened(f"sqlite:///{tmp_path}/ledger.db")
    first = ask(ledger)
    size = max(path.stat().st_size for path in tmp_path.iterdir())
    claimed = []
    with disk_full(size + 20_000), pytest.raises(LedgerUnavailable):
        claimed.extend(ledger.claim_event(f"Ev{number}", PAYLOAD) for number in range(10_000))
    assert all(claimed)
    kept = len(claimed)
    assert 0 < kept < 10_000
    assert ask(ledger) == first + 1, "with room again it goes on"
    assert ledger.metrics()['ilr_helpdesk_events{state="received"}'] == kept
    ledger.close()


@pytest.mark.parametrize("trouble", ["no such folder", "not a database", "a folder"])
def test_a_file_that_cannot_be_used_does_not_stop_the_bot(tmp_path: Path, trouble: str) -> None:
    path = tmp_path / "ledger.db"
    if trouble == "no such folder":
        path = tmp_path / "missing" / "ledger.db"
    elif trouble == "a folder":
        path.mkdir()
    else:
        path.write_bytes(b"this is no database" * 1000)
    ledger = opened(f"sqlite:///{path}")
    with pytest.raises(LedgerUnavailable):
        ask(ledger)
    ledger.close()


def test_no_ledger_says_so_whatever_is_asked_of_it() -> None:
    ledger = NullLedger("No ledger is configured, so nothing is kept.")
    calls: list[Callable[[], object]] = [
        lambda: ask(ledger),
        lambda: ledger.claim_event("Ev1", PAYLOAD),
        lambda: ledger.list_open(),
        lambda: ledger.gaps(),
        lambda: ledger.purge(),
        lambda: ledger.migrate(),
        lambda: ledger.weekly_summary("2026-W48"),
    ]
    for call in calls:
        with pytest.raises(LedgerUnavailable, match="nothing is kept"):
            call()
    assert not ledger.is_reachable()
    ledger.close()


@pytest.mark.parametrize("address", ["sqlite:///{}/ledger.db", "sqlite://"])
def test_many_threads_that_write_and_read_at_once_are_all_served(
    tmp_path: Path, address: str
) -> None:
    ledger = opened(address.format(tmp_path))

    def work(_: int) -> None:
        ask(ledger)
        ledger.list_open()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(200)))
    assert ledger.metrics()['ilr_helpdesk_questions{result="answered",door="dm"}'] == 200
    ledger.close()


# --- Where the ledger may live ------------------------------------------------------------


@pytest.mark.parametrize("variable", ["DYNO", "KUBERNETES_SERVICE_HOST", "RENDER"])
def test_sqlite_is_refused_where_the_disk_does_not_last(tmp_path: Path, variable: str) -> None:
    url, host = f"sqlite:///{tmp_path}/ledger.db", {variable: "web.1"}
    with pytest.raises(EphemeralStorage, match="Set DATABASE_URL"):
        Ledger.open(url, secret=SECRET, retention_days=1, environ=host)
    Ledger.open(
        url, secret=SECRET, retention_days=1, environ=host, allow_ephemeral_sqlite=True
    ).close()
    Ledger.open("postgres://u@h/d", secret=SECRET, retention_days=1, environ=host).close()


@pytest.mark.parametrize("given", ["postgres://u:p@h/d", "postgresql://u:p@h/d"])
def test_both_spellings_of_postgres_are_understood(given: str) -> None:
    assert database.database_url(given).drivername == "postgresql+psycopg"


@pytest.mark.parametrize("given", ["", "mysql://u:hunter2@h/d", "hunter2 not a url"])
def test_a_wrong_address_is_refused_without_repeating_it(given: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL") as refused:
        opened(given)
    assert "hunter2" not in str(refused.value)


def test_a_short_secret_is_refused_and_none_means_nobody_is_known() -> None:
    with pytest.raises(SettingsError, match="at least 16"):
        Ledger.open("sqlite://", secret="short", retention_days=1)
    ledger = Ledger.open("sqlite://", secret="", retention_days=1, environ={})
    ledger.record_question("Two words", door="cli", outcome=Result.UNANSWERED, user="U1")
    assert ledger.gaps()[0].people == 0
    with pytest.raises(LedgerError, match="ILR_SECRET"):
        ledger.forget_user("U1")
    ledger.close()


# --- Migrations ---------------------------------------------------------------------------


def test_migrating_makes_exactly_the_tables_the_code_knows(url: str) -> None:
    migrate(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_again_changes_nothing(url: str) -> None:
    migrate(url)
    assert migrate(url) == "The database is up to date (0006)."


def test_a_new_file_is_set_up_on_first_use(tmp_path: Path) -> None:
    ledger = opened(f"sqlite:///{tmp_path}/ledger.db")
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(lambda _: ask(ledger), range(16))) == list(range(1, 17))
    ledger.close()


def test_two_processes_that_start_at_once_set_up_one_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: migrate(url), range(4)))
    assert said.count("The database was updated from empty to 0006.") == 1


def test_a_failed_migration_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"

    def half(connection: object) -> None:
        connection.execute(text("CREATE TABLE half_way (id INTEGER)"))  # type: ignore[attr-defined]
        raise ValueError("the second half of 1234567890 failed")

    with monkeypatch.context() as patch:
        patch.setattr(database, "_upgrade", half)
        with pytest.raises(MigrationFailed, match="nothing was changed"):
            migrate(url)
        ledger = opened(url)
        with pytest.raises(LedgerUnavailable, match="nothing was changed"):
            ask(ledger)
        assert not ledger.is_reachable(), "the bot goes on without it"
        ledger.close()
    assert "second half of [ULN] failed" in caplog.text
    engine = create_engine(url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    assert "to 0006" in migrate(url)


def test_a_database_of_an_earlier_version_is_brought_up_with_what_it_holds(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if url.startswith("postgresql"):
        pytest.skip("the run's database is at the newest version already")
    with monkeypatch.context() as patch:
        patch.setattr(database, "_upgrade", lambda connection: _upgrade_to(connection, "0001"))
        migrate(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO suggestions (id, suggested_at, state, version, entry_id, question,"
                " answer, year_from) VALUES (7, '2026-11-01', 'approved', 2, 'an-old-one',"
                " 'An old question?', 'An answer from before.', '2026-27')"
            )
        )
    engine.dispose()
    assert migrate(url) == "The database was updated from 0001 to 0006."
    ledger = opened(url)
    (kept,) = ledger.suggestions()
    assert (kept.id, kept.entry_id, kept.also_asked) == (7, "an-old-one", ())
    ledger.close()


def _upgrade_to(connection: object, revision: str) -> None:
    config, scripts = database._config(), database._scripts()
    config.attributes["connection"] = connection
    with EnvironmentContext(
        config, scripts, fn=lambda now, _context: scripts._upgrade_revs(revision, now)
    ):
        scripts.run_env()


def test_an_older_version_does_not_touch_a_newer_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    migrate(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    engine.dispose()
    ledger = opened(url)
    with pytest.raises(SchemaBehind, match="newer than this version"):
        ask(ledger)
    ledger.close()


def test_a_file_that_was_deleted_is_not_taken_for_a_database(tmp_path: Path) -> None:
    ledger = opened(f"sqlite:///{tmp_path / 'ledger.db'}")
    assert ledger.is_reachable()
    (tmp_path / "ledger.db").unlink()
    assert not ledger.is_reachable()
    (tmp_path / "ledger.db").touch()  # another file in its place is not it either
    assert not ledger.is_reachable()
    ledger.close()


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = opened(f"sqlite:///{tmp_path / 'ledger.db'}")
    assert ledger.is_reachable()
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=4_096))
    assert not ledger.is_reachable()
    ledger.close()

"""What the operating system refuses is one sentence that names the setting, never a bug report."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.ledger import Ledger
from bot.terminal.system_errors import in_words
from tests.ledger.conftest import SECRET


@pytest.mark.parametrize(
    ("number", "file", "says"),
    [
        (errno.EADDRINUSE, None, "set PORT"),
        (errno.EADDRNOTAVAIL, None, "ILR_HOST"),
        (errno.EACCES, None, "Set PORT to a number above 1023"),
        (errno.EACCES, "{cache}/x", "set ILR_CACHE_DIR"),
        (errno.ENOSPC, "{cache}/x", "set ILR_CACHE_DIR"),
        (errno.ENOSPC, None, "Make room."),
        (errno.ENOENT, "/nowhere/of/ours", "There is no '/nowhere/of/ours'. Make it."),
        (errno.EMFILE, None, "ulimit -n"),
        (errno.EIO, "/x", "refused '/x' (Input/output error)"),
    ],
)
def test_each_is_one_sentence_with_its_remedy(
    number: int, file: str | None, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ILR_CACHE_DIR", "/srv/cache")
    name = file.format(cache="/srv/cache") if file else None
    said = in_words(OSError(number, os.strerror(number), name))
    assert says in said
    assert "report these lines" not in said


def process(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_port_in_use_is_a_line_of_the_log(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104 - as it is served
        taken.listen()
        done = process(
            "serve",
            PORT=str(taken.getsockname()[1]),
            ILR_HOST="0.0.0.0",  # noqa: S104
            ILR_SEMANTIC="off",
            SLACK_BOT_TOKEN="xoxb-1",
            SLACK_SIGNING_SECRET="s",
            ILR_SECERT="x",
            DATABASE_URL=f"sqlite:///{tmp_path / 'l.db'}",
        )
    assert (done.returncode, done.stderr) == (2, "")
    lines = done.stdout.splitlines()
    assert all(line.startswith('{"time": ') for line in lines)
    assert "Did you mean ILR_SECRET?" in done.stdout
    assert "ILR_SECRET is not set" in done.stdout
    assert "Another program listens on PORT already" in lines[-1]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_said_once() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "manifest"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["The disk of what it was to write to is full. Make room."]


READERS = (
    ["report"], ["export"], ["phrasings"], ["suggestions", "list"], ["doctor"], ["purge"],
)  # fmt: skip


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_what_reads_makes_no_database(run: Any, tmp_path: Path, words: list[str]) -> None:
    before = sorted(tmp_path.iterdir())
    ran = run(*words)
    assert ran.status == (1 if words == ["doctor"] else 0)
    assert sorted(tmp_path.iterdir()) == before
    assert "Something went wrong" not in ran.err


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_what_reads_changes_no_table_and_says_to_migrate(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    import sqlite3

    file = tmp_path / "ilr-helpdesk.db"
    ledger = Ledger.open(f"sqlite:///{file}", secret=SECRET, retention_days=9, environ={})
    ledger.migrate()
    ledger.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    ran = run(*words)
    assert ran.status == (1 if words == ["doctor"] else 2)
    assert "python -m bot migrate" in ran.err + ran.out
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)


def test_doctor_and_settings_name_what_is_wrong_and_misspelt(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ILR_RETENTIN_DAYS", "30")
    monkeypatch.setenv("PORT", "eighty")
    for command, text in (("doctor", "out"), ("settings", "err")):
        ran = run(command)
        assert ran.status == 1
        said = getattr(ran, text)
        assert "Did you mean ILR_RETENTION_DAYS?" in said
        assert "PORT should be a number" in said

"""The pages on backing up, restoring, upgrading and removing, each run as it is written.

What needs a machine of one's own (sudo, systemctl, docker, heroku) is stood in for by a script that
does as much as can be done in a folder; what touches the ledger is real.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text as sql

from bot.ledger import Ledger, Result, SchemaBehind, migrate
from bot.settings import SETTINGS
from tests.ledger.conftest import SECRET, PostgresServer, postgres_programs
from tests.terminal.test_documentation import ROOT

pytestmark = pytest.mark.long

if shutil.which("bash") is None:
    pytest.skip("bash is not installed", allow_module_level=True)

SUDO = 'while [[ "$1" == -* ]]; do [[ "$1" == -u ]] && shift; shift; done\nexec env "$@"'
INSTALL = 'exec cp "${@: -2:1}" "${@: -1}"'
RECORD = 'echo "$(basename "$0") $*" >> "$SAID"'


def blocks(page: str, heading: str) -> list[str]:
    """The commands below a heading, a block each."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert section, (page, heading)
    found = re.findall(r"(?:^    .*\n?)+(?:\n(?:    .*\n?)+)*", section, re.MULTILINE)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in found]


class Machine:
    """A folder that stands for a machine, and what was run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said_file = folder / "said"
        self.programs = folder / "programs"
        for part in ("programs", "opt/ilr-helpdesk/.venv/bin", "var/lib/ilr-helpdesk", "backup",
                     "etc/systemd/system", "var/cache/ilr-helpdesk"):  # fmt: skip
            (folder / part).mkdir(parents=True)
        (folder / "etc/ilr-helpdesk.env").touch()
        (folder / "etc/systemd/system/ilr-helpdesk.service").touch()
        self.has("sudo", SUDO)
        self.has("install", INSTALL)
        for name in ("systemctl", "userdel", "git", "make", "chown", "docker", "heroku"):
            self.has(name, RECORD)
        python = folder / "opt/ilr-helpdesk/.venv/bin/python"
        python.write_text(f'#!/usr/bin/env bash\n{RECORD}\ncd {ROOT} && exec {sys.executable} "$@"')
        python.chmod(0o755)

    def has(self, name: str, script: str) -> None:
        """A program on the machine's path."""
        path = self.programs / name
        path.write_text(f"#!/usr/bin/env bash\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, script: str, **environment: str) -> None:
        """Run commands as they are written, stopping at the first that fails."""
        moved = re.sub(r"(?<![\w:/])/(opt|var|backup|etc)\b", rf"{self.folder}/\1", script)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", moved],
            cwd=self.folder,
            env={**os.environ, **environment, "SAID": str(self.said_file),
                 "PATH": f"{self.programs}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{moved}\n{done.stderr}"

    @property
    def said(self) -> list[str]:
        """What the stand-ins were told, in order."""
        return self.said_file.read_text().splitlines() if self.said_file.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def opened(url: str) -> Ledger:
    return Ledger.open(url, secret=SECRET, retention_days=30, environ={})


def asked(url: str) -> float:
    ledger = opened(url)
    figures = ledger.metrics()
    ledger.close()
    return figures.get('ilr_helpdesk_questions{result="answered",door="dm"}', 0)


def ask(url: str) -> None:
    ledger = opened(url)
    ledger.record_question(
        "when is R04?", user="U1", door="dm", outcome=Result.ANSWERED, entry_id="x"
    )
    ledger.close()


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="sqlite3 is not installed")
def test_systemd_back_up_and_restore(machine: Machine) -> None:
    file = machine.folder / "var/lib/ilr-helpdesk/ledger.db"
    url = f"sqlite:///{file}"
    ask(url)
    back_up, restore, *_ = blocks("deploying-systemd.md", "Back up and restore")
    running = sqlite3.connect(file)  # at any time, while it runs
    running.execute("SELECT 1")
    machine.run(back_up)
    running.close()
    ask(url)
    assert asked(url) == 2
    machine.run(restore)
    assert asked(url) == 1
    assert machine.said == ["systemctl stop ilr-helpdesk", "systemctl start ilr-helpdesk"]


def test_systemd_upgrade(machine: Machine) -> None:
    machine.run(blocks("deploying-systemd.md", "Upgrade")[0])
    assert machine.said == [
        "git pull",
        "make install",
        "python -m bot lint",
        "systemctl restart ilr-helpdesk",
    ]


def test_systemd_removal_leaves_nothing(machine: Machine) -> None:
    machine.run(blocks("deploying-systemd.md", "Remove")[0])
    left = [path for path in machine.folder.rglob("*") if "ilr-helpdesk" in path.name]
    assert left == []
    unit = (ROOT / "deploy/ilr-helpdesk.service").read_text(encoding="utf-8")
    kept = set(re.findall(r"^(?:State|Cache)Directory=(\S+)", unit, re.MULTILINE))
    assert kept == {"ilr-helpdesk"}


@pytest.fixture
def databases() -> Iterator[list[str]]:
    """Two empty databases of a server of our own, as DATABASE_URL names them."""
    programs = postgres_programs()
    if programs is None or shutil.which("pg_dump") is None or shutil.which("psql") is None:
        pytest.skip("Postgres is not installed")
    server = PostgresServer(programs)
    try:
        engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in ("old", "new"):
                connection.execute(sql(f"CREATE DATABASE {name}"))
        engine.dispose()
        yield [
            f"postgresql:///{name}?host={server.folder}&user=helpdesk" for name in ("old", "new")
        ]
    finally:
        server.remove()


def test_postgres_back_up_restore_and_empty(machine: Machine, databases: list[str]) -> None:
    """The commands of the page on containers, from one database into an empty one."""
    old, new = databases
    migrate(old)
    ask(old)
    (dump, *_) = blocks("deploying-container.md", "Back up and restore")
    text = (ROOT / "docs/deploying-container.md").read_text(encoding="utf-8")
    (restore,) = set(re.findall(r"`(psql [^`<]+< [^`]+)`", text))
    machine.run(dump, DATABASE_URL=old)
    machine.run(restore, DATABASE_URL=new)
    assert asked(new) == 1
    removal = (ROOT / "docs/deploying-container.md").read_text(encoding="utf-8")
    (empty,) = re.findall(r"`(psql \"\$DATABASE_URL\" -c [^`]+)`", removal.replace("\n", " "))
    machine.run(empty, DATABASE_URL=new)
    with pytest.raises(SchemaBehind, match="migrate"):
        opened(new).look()


@pytest.mark.parametrize(
    ("page", "heading"),
    [
        ("deploying-container.md", "Upgrade"),
        ("deploying-container.md", "Remove"),
        ("deploying-heroku.md", "Install"),
        ("deploying-heroku.md", "Back up and restore"),
        ("deploying-heroku.md", "Upgrade"),
        ("deploying-heroku.md", "Remove"),
    ],
)
def test_what_only_a_host_can_do_is_well_formed(machine: Machine, page: str, heading: str) -> None:
    """The commands run, settings and names in them are ours; the host itself is stood in for."""
    (machine.folder / ".env").touch()
    machine.run("\n".join(blocks(page, heading)).replace("…", "x"))
    assert machine.said
    known = {setting.name for setting in SETTINGS} | {"MALLOC_ARENA_MAX"}
    told = "\n".join(machine.said)
    assert set(re.findall(r"\b([A-Z_]{4,})=", told)) <= known
    assert all(
        name.startswith("ilr-")
        for name in re.findall(r"docker (?:rm -f|rmi|volume rm) (\S+)", told)
    )

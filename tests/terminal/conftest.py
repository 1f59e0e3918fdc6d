"""Running a command as a person or script would."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.terminal.cli import main


class Ran(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Run a command in an empty folder on 24 November 2026, with what it is piped."""
    monkeypatch.setenv("ILR_TODAY", "2026-11-24")
    monkeypatch.chdir(tmp_path)

    def command(*words: str, piped: str | bytes = "") -> Ran:
        raw = piped.encode() if isinstance(piped, str) else piped
        monkeypatch.setattr(sys, "argv", ["ilr-helpdesk", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        status = 0
        try:
            main()
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return command

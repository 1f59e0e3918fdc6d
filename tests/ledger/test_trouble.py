"""What a database's driver raised, as one sentence that names what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url
from sqlalchemy.exc import OperationalError

from bot.ledger import Ledger
from bot.ledger.errors import LedgerUnavailable
from bot.ledger.trouble import NOT_KEPT, in_words
from tests.ledger.conftest import SECRET


def in_file(path: Path) -> URL:
    return make_url(f"sqlite:///{path}")


def raised(text: str) -> OperationalError:
    return OperationalError("select 1", {}, sqlite3.OperationalError(text))


def test_a_file_that_cannot_be_opened_is_told_by_what_is_there(tmp_path: Path) -> None:
    error = raised("unable to open database file")
    assert "names a folder" in in_words(error, in_file(tmp_path))
    assert "may not write" in in_words(error, in_file(tmp_path / "ledger.db"))
    assert "does not exist" in in_words(error, in_file(tmp_path / "none" / "ledger.db"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("database or disk is full", "is full. Make room"),
        ("attempt to write a readonly database", "may not write"),
        ("file is not a database", "is damaged, or is no ledger"),
        ("something of 'Cerys Ashcombe'", NOT_KEPT),
    ],
)
def test_what_else_went_wrong_has_its_own_sentence(tmp_path: Path, text: str, said: str) -> None:
    told = in_words(raised(text), in_file(tmp_path / "ledger.db"))
    assert said in told
    assert "Cerys" not in told


def test_a_look_at_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'l.db'}"
    ledger = Ledger.open(address, secret=SECRET, retention_days=90, sets_up=False)
    with pytest.raises(LedgerUnavailable, match="python -m bot migrate"):
        ledger.look()

"""find and erase, as an operator runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.ledger import Ledger, Result


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A database of before names were masked: it holds one."""
    url = f"sqlite:///{tmp_path}/ledger.db"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("ILR_SECRET", "a secret of these tests")
    found = Ledger.open(url, secret="a secret of these tests", retention_days=365, environ={})
    with monkeypatch.context() as patch:
        patch.setattr("bot.ledger.base.to_keep", lambda text: text)
        found.record_question("is Kayleigh Osei too young?", door="dm", outcome=Result.UNANSWERED)
    return found


def test_a_person_is_found(run: Any, ledger: Ledger) -> None:
    ran = run("find", "kayleigh osei")
    assert ran.status == 0
    assert ran.out == "questions\t1\ttext\twhole row\tis Kayleigh Osei too young?\n"


def test_erasing_says_first_what_would_go(run: Any, ledger: Ledger) -> None:
    ran = run("erase", "Kayleigh Osei")
    assert "Kayleigh" in ran.out
    assert "Nothing was erased. To erase: add --yes" in ran.err
    assert len(ledger.find_term("Kayleigh")) == 1
    ran = run("erase", "Kayleigh Osei", "--yes")
    assert "Erased in 1 place" in ran.err
    assert ledger.find_term("Kayleigh") == []


def test_where_there_is_nothing_it_says_so(run: Any, ledger: Ledger) -> None:
    assert "Nothing was found" in run("find", "Ottoline").err
    assert "nothing was erased" in run("erase", "Ottoline", "--yes").err


def test_a_short_term_is_refused(run: Any, ledger: Ledger) -> None:
    ran = run("find", "ab")
    assert ran.status == 2
    assert "at least 3 letters" in ran.err


def test_a_workspace_is_forgotten_after_saying_what_would_go(run: Any, ledger: Ledger) -> None:
    theirs = ledger.for_team("T0COLLEGE")
    theirs.record_question("what is R_96?", door="dm", outcome=Result.EXPLAINED)
    ran = run("forget", "--workspace", "T0COLLEGE")
    assert ran.out == "questions\t1\n"
    assert "Nothing was deleted. To delete: add --yes" in ran.err
    assert ledger.kept_of("T0COLLEGE") == {"questions": 1}
    ran = run("forget", "--workspace", "T0COLLEGE", "--yes")
    assert ran.out == "questions\t1\n"
    assert ledger.kept_of("T0COLLEGE") == {}
    assert len(ledger.find_term("Kayleigh")) == 1  # of before workspaces were told apart
    assert "Nothing is kept of it" in run("forget", "--workspace", "T0COLLEGE", "--yes").err


def test_a_workspace_is_named_by_its_id(run: Any, ledger: Ledger) -> None:
    ran = run("forget", "--workspace", "Stand-in College")
    assert ran.status == 2
    assert "is an id: T0123ABCD" in ran.err

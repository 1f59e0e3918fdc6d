"""Every fault of the table, with fewer questions than the table is made with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.costly_files import SCENARIOS
from tests.faults.scenarios import PostgresMissingError

pytestmark = pytest.mark.long

MANY = {"burst, Socket Mode": 500, "burst, HTTP": 120}
FEW = 12


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_question_is_answered_once(name: str, tmp_path: Path) -> None:
    try:
        told = SCENARIOS[name](tmp_path, MANY.get(name, FEW))
    except PostgresMissingError:
        pytest.skip("no Postgres programs: install the postgresql package")
    assert (told.once, told.twice, told.lost) == (told.sent, 0, 0), told
    notes = told.notes
    assert notes.get("healthz", 200) == 200, "it was up all the while"
    assert notes.get("readyz_after", 200) == 200
    assert notes.get("readyz_meanwhile", 503) == 503, "it said that the ledger was away"
    assert set(notes.get("status", [0])) == {0}
    assert max(notes.get("seconds_to_stop", [0])) < 20
    assert notes.get("refused_at_six", 2 * told.sent) == 2 * told.sent
    assert notes.get("told") == notes.get("files"), "whoever sent a file heard of it"

"""The faults that take a few seconds, with fewer questions than the table is made with.

``make faults`` runs all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import costly_files, installation
from tests.faults.scenarios import IN_SUITE, SCENARIOS, MissingError, shared_processes

pytestmark = pytest.mark.long

__all__ = ["costly_files", "installation"]  # they add their faults


@pytest.fixture(scope="module", autouse=True)
def _one_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with shared_processes(tmp_path_factory.mktemp("faults")):
        yield


MANY = {"burst, HTTP": 120}
FEW = 12


@pytest.mark.parametrize("name", IN_SUITE)
def test_each_question_is_answered_once(name: str, tmp_path: Path) -> None:
    try:
        told = SCENARIOS[name](tmp_path, MANY.get(name, FEW))
    except MissingError as missing:
        pytest.skip(f"{missing} is not installed")
    assert told.problems == [], told


def test_the_table_is_long() -> None:
    assert len(SCENARIOS) >= 40

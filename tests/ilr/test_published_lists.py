"""The small lists that are shipped: where each is from, and that a mistake in one is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.ilr.published_lists import load_lists
from bot.years import AcademicYear

SHIPPED = Path(__file__).parents[2] / "knowledge" / "ilr" / "lists"
LIST = """\
name: invented-units
title: Units that were invented for a test
about: What goes with what.
source: {title: An invented register, year: 2026-27}
as_of: 2026-08-01
read: 2026-09-01
complete: 2025-26
rows:
  - {code: "1", title: The first, with: A B}
"""


def test_every_shipped_list_says_where_and_when_it_was_read() -> None:
    lists = load_lists(SHIPPED)
    assert {"t-levels", "grades-by-aim-type"} <= set(lists)
    for one in lists.values():
        assert one.source.url is not None
        assert one.as_of <= one.read
        assert len(one.by_code) == len(one.rows), f"{one.name} has a code twice"


def test_a_list_says_what_goes_with_a_code_and_for_which_years(tmp_path: Path) -> None:
    (tmp_path / "units.yaml").write_text(LIST, encoding="utf-8")
    units = load_lists(tmp_path)["invented-units"]
    assert units.by_code["1"].members == {"A", "B"}
    assert units.is_complete(AcademicYear(2025))
    assert not units.is_complete(AcademicYear(2026))
    assert units.as_of == date(2026, 8, 1)
    assert units.described() == (
        "Units that were invented for a test: 1 row, as of 01/08/2026. From: An invented register"
    )


def test_a_mistake_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "units.yaml").write_text(LIST.replace("read:", "seen:"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"units\.yaml"):
        load_lists(tmp_path)


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert load_lists(tmp_path / "lists") == {}


def test_references_of_t_levels_have_the_form_of_the_register() -> None:
    rows = load_lists(SHIPPED)["t-levels"].rows
    assert all(len(row.code) == 8 and row.code[:7].isdigit() for row in rows)
    assert all(ref.startswith("ZTLOS") for row in rows for ref in row.members)
    placed = [ref for row in rows for ref in row.members]
    assert len(placed) == len(set(placed)), "a specialism stands under two qualifications"

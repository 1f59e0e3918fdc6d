"""The minimum hours that are shipped: every figure has its edition and where it was read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.ilr.minimum_hours import MinimumHours, load_minimum_hours

SHIPPED = Path(__file__).parents[2] / "knowledge" / "ilr" / "minimum-hours.yaml"


def shipped() -> MinimumHours:
    held = load_minimum_hours(SHIPPED)
    assert held is not None
    return held


def test_all_713_standards_of_the_first_version_are_held() -> None:
    first = next(one for one in shipped().editions if one.name == "annex-c-version-1")
    standards = [standard for listed in first.hours.values() for standard in listed.split()]
    assert len(standards) == len(set(standards)) == 713
    assert min(first.hours) >= 187


def test_figures_of_other_editions_stand_beside_it() -> None:
    held = shipped()
    others = [
        (standard, figure.hours)
        for standard, figures in held.by_standard.items()
        for figure in figures
        if figure.edition.name != "annex-c-version-1"
    ]
    assert len(others) == 19  # one of the 18 is of two versions
    assert [figure.hours for figure in held.by_standard["ST0010"]] == [1205, 1344]
    assert [figure.hours for figure in held.by_standard["ST0157"]] == [1114, 1435]


def test_every_edition_says_where_and_when_it_was_read() -> None:
    held = shipped()
    assert held.read == date(2026, 11, 30)
    assert "Second-hand" in held.trust
    without = [one.name for one in held.editions if not one.source.url]
    assert without == ["register-learning-journal"], "its address was not kept"
    assert "713 standards" in held.described()
    assert "second-hand" in held.described()


def test_a_mistake_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "minimum-hours.yaml"
    file.write_text(SHIPPED.read_text().replace("read: ", "seen: ", 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"minimum-hours\.yaml"):
        load_minimum_hours(file)


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert load_minimum_hours(tmp_path / "minimum-hours.yaml") is None

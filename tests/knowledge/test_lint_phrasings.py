"""Phrasings: too few, twice, somebody else's, and made from one mould."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import LintFinding
from bot.knowledge.lint_phrasings import MAX_SAME_OPENING, MIN_PHRASINGS, Phrasings
from bot.knowledge.models import Entry
from bot.yaml_files import Document

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ENOUGH = [f"{number} seats" for number in NUMBERS[:MIN_PHRASINGS]]


def document(entries: list[dict[str, Any]]) -> Document:
    """A file in which each entry takes a line, and each phrasing one below it."""
    text = "\n".join(
        f"- also_asked:\n{''.join(f'    - {p}{chr(10)}' for p in one['also_asked'])}"
        for one in entries
    )
    return Document("entries/own.yaml", entries, text)


def found(*phrasings: list[str], shipped: bool = True) -> list[LintFinding]:
    raw = [
        {
            "id": f"minibus-{NUMBERS[number]}", "topic": "evidence", "for": ["all"],
            "question": f"What of the minibus, {NUMBERS[number]}?", "also_asked": also,
            "answers": [{"years": "2026-27", "lead": "16.", "sources": ["guide"]}],
            "status": "practice", "owner": "mis-team", "reviewed": "2026-11-20",
            "review_by": "2027-07-31",
        }
        for number, also in enumerate(phrasings)
    ]  # fmt: skip
    file, checked = document(raw), Phrasings()
    findings: list[LintFinding] = []
    for index, one in enumerate(raw):
        findings += checked.findings(file, index, Entry.model_validate(one), shipped=shipped)
    return [*findings, *checked.from_one_mould()]


def test_enough_of_ones_own_find_nothing() -> None:
    assert found(ENOUGH) == []


@pytest.mark.parametrize("shipped", [True, False])
def test_too_few_are_an_error_where_everybody_gets_them(shipped: bool) -> None:
    (finding,) = found(ENOUGH[1:], shipped=shipped)
    assert finding.error is shipped
    assert "minibus-one: has 7 phrasings." in str(finding)
    assert "at least 8" in finding.problem.remedy
    assert (finding.problem.file, finding.problem.line) == ("entries/own.yaml", 1)


def test_the_same_twice_is_found_with_its_line() -> None:
    (finding,) = found([*ENOUGH, "One seats?"])
    assert "'One seats?' stands twice." in str(finding)
    assert finding.problem.line == 10


def test_another_entrys_is_found() -> None:
    (finding,) = found(ENOUGH, ["eight seats", *(f"{word} wheels" for word in NUMBERS)])
    assert "this phrasing stands in minibus-one (entries/own.yaml) too" in str(finding)


def mould(entries: int) -> list[LintFinding]:
    return found(
        *(
            [f"how many seats has a {word} bus", *(f"{word} {other}" for other in NUMBERS)]
            for word in NUMBERS[:entries]
        )
    )


def test_what_many_entries_begin_alike_is_found_once_for_each_too_many() -> None:
    assert mould(MAX_SAME_OPENING) == []
    findings = mould(MAX_SAME_OPENING + 2)
    assert [str(one).split(": ")[1] for one in findings] == ["minibus-seven", "minibus-eight"]
    assert "'how many seats has a' begins a phrasing of minibus-one, " in str(findings[0])
    assert all(one.error and one.problem.remedy for one in findings)

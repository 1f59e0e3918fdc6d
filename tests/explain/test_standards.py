"""Minimum off-the-job hours of a standard: by edition, by the register, or honestly not held."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.explain.explanation import Explanation
from bot.explain.names import NameIndex
from bot.explain.standards import asks_of_standard, explain_standard
from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.rules.reference.data import add
from bot.yaml_files import shipped_knowledge
from bot.years import AcademicYear

TODAY = date(2026, 11, 30)
YEAR = AcademicYear(2026)
SHIPPED = KnowledgeBase.load()


def record(**given: Any) -> dict[str, Any]:
    """One record as the register has it, with some of the keys nobody reads."""
    return {
        "templateType": "Occupational Standard", "larsCode": 9901, "referenceNumber": "ST9901",
        "title": "Invented standard", "version": "1.0", "versionNumber": "1.0", "level": 3,
        "earliestStartDate": "2024-01-03T00:00:00", "latestStartDate": None,
        "minimumHoursForCompliance": "", "keywords": ["invented"], "eQAProvider": {"webLink": ""},
    } | given  # fmt: skip


def holding(folder: Path, *records: dict[str, Any], lars: bool = False) -> KnowledgeBase:
    path = folder / "standards-2026-11-20.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    add(path, folder / "held", today=TODAY)
    if lars:
        add(shipped_knowledge() / "reference" / "lars", folder / "held", today=TODAY)
    return replace(SHIPPED, databases=folder / "held")


def explained(term: str, knowledge: KnowledgeBase = SHIPPED) -> Explanation:
    found = explain_standard(term, knowledge, YEAR)
    assert found is not None
    return found


def test_editions_that_differ_are_both_told_the_latest_first() -> None:
    found = explained("ST0157")
    assert "1,114 or 1,435" in found.lead
    assert "differ" in found.lead
    hours = [line for line in found.lines if line.startswith("- ")]
    assert [line.partition(" of the funding")[0] for line in hours] == [
        "- 1,114 hours: Annex C", "- 1,435 hours: Annex C",
    ]  # fmt: skip
    assert "version 3 (10 December 2025)" in hours[0]
    assert "version 1 (May 2025)" in hours[1]


def test_it_is_said_how_far_to_trust_it_and_where_it_was_read() -> None:
    found = explained("ST0152")
    (trust,) = [line for line in found.lines if line.startswith("*How far to trust it:*")]
    for said in ("Second-hand", "read on 30/11/2026", "Since 1 August 2026", "each version"):
        assert said in trust
    assert found.status == "quoted"
    assert all(source.url for source in found.sources)
    assert found.related == ("planned-off-the-job-minimum",)
    assert str(found.years) == "2025-26 onwards"


def test_of_an_earlier_year_it_is_said_that_there_were_none() -> None:
    said = "Not for starts in 2023-24: a standard has a figure of its own only"
    earlier = explain_standard("ST0052", SHIPPED, AcademicYear(2023))
    assert earlier is not None
    assert earlier.lines[0].startswith(said)
    assert not any(line.startswith("Not for") for line in explained("ST0052").lines)


def test_a_figure_of_one_version_says_so() -> None:
    found = explained("st0072")
    assert "278 or 300" in found.lead
    assert any("version 1.1 of the standard" in line for line in found.lines)


def test_what_is_not_held_is_said_to_be_so() -> None:
    found = explained("ST9998")
    assert "No minimum off-the-job hours of it are held" in found.lead
    assert any("https://" in line for line in found.lines)
    assert found.status is None
    assert found.related == ("planned-off-the-job-minimum",)


@pytest.mark.parametrize("term", ["ST015", "ST01577", "the ST0157", "1st 2026", "R_96"])
def test_other_terms_are_left_to_others(term: str) -> None:
    assert explain_standard(term, SHIPPED, YEAR) is None


@pytest.mark.parametrize(
    ("asked", "standard"),
    [
        ("minimum off the job hours for ST0157", "ST0157"),
        ("what's the min OTJ for ST0052", "ST0052"),
        ("How many off-the-job hours does ST 0052 need?", "ST0052"),
        ("ST0052", "ST0052"),
        ("min otj st0052 pls", "ST0052"),
        ("can an apprentice on ST0052 change employer", None),
        ("min OTJ of ST0052 and ST0157", None),
        ("minimum off the job hours", None),
        ("min hours from August 1 st 2026", None),
    ],
)
def test_what_asks_for_the_hours_and_no_more(asked: str, standard: str | None) -> None:
    assert asks_of_standard(asked) == standard


@pytest.mark.parametrize(
    "asked",
    [
        "minimum off the job hours for ST0157",
        "what's the min OTJ for ST0157",
        "ST0157?",
        "An apprentice on ST0157 is planned for 1200 hours off the job, is that enough?",
        "min OTJ of ST0052 and ST0157",
    ],
)
def test_a_question_is_answered_with_them(helpdesk: Helpdesk, asked: str) -> None:
    told = helpdesk.ask(asked)
    assert "standard:ST0157" in {one.entry for one in (told, *told.more)}


def test_a_standard_is_named_wherever_it_stands() -> None:
    names = NameIndex(SHIPPED).find("ST0157 or st0052, since 1 st 2026, and ST015?")
    assert [(name.kind, name.id) for name in names] == [
        ("standard", "ST0157"), ("standard", "ST0052"),
    ]  # fmt: skip


def test_the_register_comes_before_what_is_shipped(tmp_path: Path) -> None:
    knowledge = holding(
        tmp_path,
        record(referenceNumber="ST0157", title="Invented engineer", version="1.9",
               latestStartDate="2026-07-31T00:00:00", minimumHoursForCompliance="1114"),
        record(referenceNumber="ST0157", title="Invented engineer", version="1.10",
               earliestStartDate="2026-08-01T00:00:00", minimumHoursForCompliance="1,000"),
        record(referenceNumber="ST0157", title="Invented engineer", version="1.0"),
    )  # fmt: skip
    found = explained("ST0157", knowledge)
    assert found.lead.startswith("*ST0157: Invented engineer.* Its minimum is 1,000 off-the-job")
    assert "version 1.10" in found.lead
    assert found.lines[:3] == (
        "- Version 1.10: 1,000 hours, starts from 01/08/2026",
        "- Version 1.9: 1,114 hours, starts from 03/01/2024 to 31/07/2026",
        "- Version 1.0: no figure, starts from 03/01/2024",
    )
    assert any("1,435 hours: Annex C" in line for line in found.lines[3:])
    (held,) = [line for line in found.lines if line.startswith("From register")]
    assert "of 20/11/2026 (" in held
    assert "days old)" in held or "day old)" in held
    assert found.status == "official"


def test_a_standard_that_the_register_lacks_has_what_is_shipped(tmp_path: Path) -> None:
    found = explained("ST0052", holding(tmp_path, record()))
    assert "418 or 557" in found.lead
    assert any("not in the register that is held" in line for line in found.lines)


def test_a_register_without_a_figure_says_so(tmp_path: Path) -> None:
    found = explained("ST9901", holding(tmp_path, record()))
    assert "gives no minimum off-the-job hours" in found.lead


def test_lars_says_its_title_and_code_where_it_has_st_numbers(tmp_path: Path) -> None:
    found = explained("ST9903", holding(tmp_path, record(), lars=True))
    assert found.lead.startswith("*ST9903: Invented standard, closed.*")
    assert "standard 9903" in found.detail
    assert "Last new start 31/12/2025" in found.detail

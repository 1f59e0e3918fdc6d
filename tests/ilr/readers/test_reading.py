"""Telling records from questions, dates, names, and the limits of what is read."""

from __future__ import annotations

import time

import pytest

from bot.errors import InputError
from bot.helpdesk import Helpdesk
from bot.ilr.readers import looks_like_record, read
from bot.ilr.readers.dates import DAY_FIRST, read_date
from bot.ilr.readers.names import names
from bot.ilr.readers.values import read_value
from bot.knowledge.base import KnowledgeBase


@pytest.mark.long
def test_no_question_of_the_knowledge_is_taken_for_a_record() -> None:
    entries = KnowledgeBase.load().entries.values()
    questions = [q for entry in entries for q in (entry.question, *entry.also_asked)]
    assert len(questions) > 1_000
    assert [question for question in questions if looks_like_record(question)] == []


@pytest.mark.parametrize(
    "question",
    [
        "LearnStartDate: what goes in it?",
        "WorkPlaceStartDate_02 on 12 learners, start date 05/10/2026, aim 12/10/2026, why?",
        "aim start 01/09/2026, placement start 05/10/2026 - is that ok",
        "what's the difference between LearnStartDate, OrigLearnStartDate and WorkPlaceStartDate",
        "Hi all,\nlearner has 3 placements this year\nis that one aim or three?\nthanks",
        "Start date: can it be before the aim?\nEnd date: can it be blank?",
        "SOF 107 or 105 for a 19 year old?",
        "when is R04",
        "placement hours 30, do I put 30 or 300 in planned hours?",
    ],
)
def test_a_question_that_names_fields_is_still_a_question(question: str) -> None:
    assert not looks_like_record(question)


@pytest.mark.parametrize(
    "typed",
    [
        "01/09/2026", "1/9/26", "1-9-2026", "01.09.2026", "1 Sep 26", "1 Sept 2026",
        "1st September 2026", "the 1st of September 2026", "Tue 1 Sep 2026", "1-Sep-26",
        "Tuesday, 1 September 2026", "September 1, 2026", "2026-09-01", "2026/09/01",
        "2026-09-01T00:00:00", "2026-09-01 00:00:00.000", "20260901", "46266",
        "01/09/2026 00:00", "1Sep2026", "01 09 2026", "1–9–2026",
    ],
)  # fmt: skip
def test_the_first_of_september_however_it_is_written(typed: str) -> None:
    assert read_date(typed).iso == "2026-09-01"


@pytest.mark.parametrize(
    "typed",
    ["31/02/2026", "09/25/2026", "2026-13-01", "soon", "1/2/3/4", "32 Sep 2026", "1 Foo 26"],
)
def test_what_is_no_date_stays_as_it_was_typed(typed: str) -> None:
    assert read_date(typed).iso is None
    assert read_value("LearnStartDate", typed).text == typed


def test_a_date_that_could_be_read_month_first_says_that_it_was_read_day_first() -> None:
    assert read_date("03/04/2026").guess == DAY_FIRST
    assert read_date("03/04/2026").iso == "2026-04-03"
    assert read_date("13/04/2026").guess is None
    assert read_date("04/04/2026").guess is None


def test_two_digit_years_of_birth_lie_in_the_past() -> None:
    assert read_date("14/02/74", birth=True).iso == "1974-02-14"
    assert read_date("14/02/09", birth=True).iso == "2009-02-14"


def test_capitals_spaces_and_punctuation_do_not_matter() -> None:
    for said in ("Planned End Date", "planned_end_date", "PLANNED END DATE", "planned-end date:"):
        assert names().look_up(said).places == (("LearningDelivery", "LearnPlanEndDate"),)


def test_a_name_that_is_like_two_others_is_not_guessed() -> None:
    assert names().look_up("WorkPlaceXXDate").places == ()
    assert names().look_up("AddLine5").places == ()


def test_every_spoken_name_leads_to_a_field_that_exists() -> None:
    from bot.ilr.readers.assembly import FIELDS

    book = names()
    for places in book._fields.values():
        for entity, field in places:
            assert field in FIELDS[entity]


def test_a_guess_is_a_note_of_the_report(helpdesk: Helpdesk) -> None:
    report = helpdesk.check("Aim ref: ZWRKX001\nStart date: 03/10/2026\nHours: 30\n")
    assert any("read day first (LearnStartDate, line 2)" in note for note in report.notes)
    assert any("it may mean WorkPlaceStartDate" in note for note in report.notes)


def test_a_clash_between_aim_and_placement_is_found_in_a_list(helpdesk: Helpdesk) -> None:
    report = helpdesk.check("Aim ref: ZWRKX001\nAim start: 12/10/2026\nPlacement start: 5 Oct 26\n")
    found = {(finding.rule, finding.line) for finding in report.findings}
    assert ("WorkPlaceStartDate_02", 3) in found


def test_nothing_is_missed_of_what_was_not_pasted(helpdesk: Helpdesk) -> None:
    """A table shows some fields; that it lacks the others is not the record's fault."""
    report = helpdesk.check("Aim ref\tStart date\tFunding model\nZWRKX001\t14/09/2026\t25\n")
    assert [finding.rule for finding in report.findings if finding.rule.endswith("_MA")] == []


def test_a_violation_report_is_explained_by_rule_without_names(helpdesk: Helpdesk) -> None:
    report = helpdesk.check(
        "Error\\Warning,Learner Ref,Family Name,Rule Name,Error Message\n"
        "E,K20481,Thornham,WorkPlaceStartDate_02,x\nE,K20482,Wexley,WorkPlaceStartDate_02,x\n"
    )
    [one] = report.violations
    assert (one.rule, one.learners, one.rows) == ("WorkPlaceStartDate_02", 2, 2)
    assert one.fix
    assert report.conclusion == "1 rule in 2 rows of a rule violation report, for 2 learners."
    assert "Thornham" not in str(report.to_json())
    assert "K20481" not in str(report.to_json())


def test_what_read_writes_it_reads_again() -> None:
    import json

    first = read("Aim ref: ZWRKX001\nStart date: 03/10/2026\nHours: 30\n").to_json()
    again = read(json.dumps(first)).to_json()["record"]

    def told(entity: dict[str, object]) -> object:
        fields = [(f["name"], f["value"], f["guess"]) for f in entity["fields"]]  # type: ignore[attr-defined]
        return entity["entity"], fields, [told(child) for child in entity["children"]]  # type: ignore[attr-defined]

    assert told(again) == told(first["record"])


LINE = "K20481,ZWRKX001,14/09/2026,30\n"


@pytest.mark.parametrize(
    "text",
    [
        "<Learner " * 100_000,
        "<Learner>" * 100_000,
        "<Learner><ULN>1" * 60_000,
        "<!--<Learner>" * 60_000,
        "<![CDATA[<Learner>" * 60_000,
        "&lt;" * 250_000 + "&lt;Learner",
        "> " * 400_000 + "<Learner>",
        "Start Date: " * 80_000,
        "Start " * 150_000,
        "a: b\n" * 200_000,
        '"a,\n' * 200_000,
        '{"LearnRefNumber":' * 50_000,
        "<http://" * 100_000 + "<Learner>",
        "1 " * 400_000,
    ],
    ids=lambda text: text[:14],
)
@pytest.mark.long
def test_a_megabyte_of_trouble_takes_no_time(text: str) -> None:
    started = time.process_time()
    said = ""
    try:
        read(text)
    except InputError as error:
        said = str(error)
    looks_like_record(text)
    assert len(said) < 300
    assert time.process_time() - started < 6


def test_limits_are_said_in_one_sentence() -> None:
    with pytest.raises(InputError, match="larger than 20 MB"):
        read("x" * 20_000_001)
    with pytest.raises(InputError, match="more than 40,000 rows"):
        read("Learner Ref,Aim,Aim Start,Hours\n" + LINE * 40_001)
    with pytest.raises(InputError, match="open within each other"):
        read("<a>" * 10_000 + "<Learner>")

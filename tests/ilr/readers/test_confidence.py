"""What is recognised, guessed and left over; blanks that were pasted; and misnested XML."""

from __future__ import annotations

import random
from datetime import date

import pytest

from bot.helpdesk import Helpdesk
from bot.ilr.readers import looks_like_record, read
from bot.ilr.readers.assembly import FIELDS
from bot.ilr.record import ENTITIES
from bot.slack.blocks.report import report_post
from bot.years import AcademicYear

TODAY = date(2026, 11, 24)
SENTENCE = (
    "on a study programme since 7 Sept, ZWRKX001 12 Oct to 28 May, placement 5 to 16 Oct, 60 hours"
)
LIST = "Aim ref: ZWRKX001\nAim start: 14/09/2026\nPlacement start: 13/10/2026\nsomething else\n"
YEAR = AcademicYear(2026)


def test_a_list_is_recognised_and_says_what_is_left_over() -> None:
    sure = read(LIST).confidence()
    assert (sure.recognised, sure.guessed, sure.left_over) == (3, 0, 1)
    assert not sure.should_ask


def test_every_value_of_a_sentence_is_a_guess() -> None:
    reading = read(SENTENCE, today=TODAY)
    sure = reading.confidence()
    assert (sure.recognised, sure.guessed) == (0, 7)
    assert sure.should_ask
    dates = {item.text for item in reading.fields() if item.name.endswith("Date")}
    assert dates == {"2026-09-07", "2026-10-12", "2027-05-28", "2026-10-05", "2026-10-16"}


def test_a_date_that_is_only_read_day_first_is_no_reason_to_ask() -> None:
    sure = read("Aim ref: ZWRKX001\nAim start: 05/10/2026\n").confidence()
    assert sure.guessed == 1
    assert not sure.should_ask


@pytest.mark.parametrize("given", [SENTENCE, LIST])
def test_slack_asks_back_where_much_was_guessed(helpdesk: Helpdesk, given: str) -> None:
    shown = str(report_post(helpdesk.check(given, YEAR)).blocks)
    assert ("Is this how you meant it?" in shown) == (given is SENTENCE)


@pytest.mark.parametrize(
    "question",
    [
        "ZWRKX001 from 12 Oct to 28 May, is that right?",
        "can a placement run from 5 Oct to 16 Oct if the aim starts on 12 Oct?",
        "placement 05/10/2026 to 16/10/2026 for 60 hours, which aim?",
    ],
)
def test_a_question_with_dates_is_still_a_question(question: str) -> None:
    assert not looks_like_record(question)


HEAD = "Learner Ref\tAim Ref\tAim Type\tAim Start\tFunding Model"


def test_a_blank_column_is_a_blank_to_the_rules(helpdesk: Helpdesk) -> None:
    row = "A100\t60154967\t5\t14/09/2026\t25"
    without = helpdesk.check(f"{HEAD}\n{row}\n", YEAR)
    blank = helpdesk.check(f"{HEAD}\tPlanned End Date\n{row}\t\n", YEAR)
    assert "FD_LearnPlanEndDate_MA" not in {one.rule for one in without.findings}
    assert "FD_LearnPlanEndDate_MA" in {one.rule for one in blank.findings}


def test_blank_columns_of_placements_say_that_there_is_none(helpdesk: Helpdesk) -> None:
    row = "A100\tZWRKX001\t4\t14/09/2026\t25"
    without = helpdesk.check(f"{HEAD}\n{row}\n", YEAR)
    blank = helpdesk.check(f"{HEAD}\tPlacement Start\tPlacement Hours\n{row}\t\t\n", YEAR)
    assert "WorkPlaceStartDate_01" not in {one.rule for one in without.findings}
    assert "WorkPlaceStartDate_01" in {one.rule for one in blank.findings}


VALUES = ("2026-09-01", "5", "25", "ZWRKX001", "SOF", "0001-01-01", "9999-12-31")


def misnested(chance: random.Random, depth: int = 0) -> str:
    """An element with parts that it may not have."""
    name = chance.choice([one for one in ENTITIES if one != "Message"])
    fields = chance.sample(FIELDS[name], min(len(FIELDS[name]), chance.randint(0, 5)))
    inside = [f"<{field}>{chance.choice(VALUES)}</{field}>" for field in fields]
    if depth < 4:
        inside += [misnested(chance, depth + 1) for _ in range(chance.randint(0, 3))]
    return f"<{name}>{''.join(inside)}</{name}>"


def test_misnested_xml_is_checked_and_never_crashes(helpdesk: Helpdesk) -> None:
    for seed in range(150):
        given = f"<Message>{misnested(random.Random(seed))}</Message>"
        helpdesk.check(given, YEAR)


def test_what_stands_where_it_cannot_is_said_with_its_line(helpdesk: Helpdesk) -> None:
    report = helpdesk.check(
        "<Learner>\n<LearnRefNumber>A1</LearnRefNumber>\n<LearningDeliveryWorkPlacement>\n"
        "<WorkPlaceHours>30</WorkPlaceHours>\n</LearningDeliveryWorkPlacement>\n</Learner>",
        YEAR,
    )
    said = {problem.line: problem.message for problem in report.problems}
    assert "cannot be inside Learner" in said[3]

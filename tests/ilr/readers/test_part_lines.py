"""Lines that are one part of a record, and the questions that only look like one."""

from __future__ import annotations

import pytest

from bot.ilr.readers import looks_like_record, read
from bot.ilr.readers.learner_lines import learner_heading
from bot.ilr.readers.part_lines import part_line
from bot.ilr.readers.rejoined import rejoined
from bot.ilr.readers.taken_back import taken_back


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("TNP1 Training price   07/09/2026   £11,000.00", ["TNP", "1", "11,000", "07/09/2026"]),
        ("14/01/2027 TNP 3 4000", ["TNP", "3", "4000", "14/01/2027"]),
        ("SOF 105 - Adult skills fund", ["SOF", "105"]),
        ("LSF 1 Support from 05/10/26 to 31/03/27", ["LSF", "1", "05/10/26", "31/03/27"]),
        ("EMP 1 start 01/09/2026 collected 14/10/2026", ["EMP", "1", "01/09/2026", "14/10/2026"]),
    ],
)  # fmt: skip
def test_a_line_that_is_a_part(line: str, values: list[str]) -> None:
    assert [text for _, text in part_line(line)] == values


@pytest.mark.parametrize(
    "line",
    [
        "EEF 2 as the care-leaver code",
        "RES 1 where",
        "LDM 320 or 321",
        "SOF 105 - is that still right?",
        "TNP 1 should be the training price",
        "EMP 1 or EMP 2",
        "SOF 107, LDM 034",
    ],
)
def test_a_line_that_asks_is_none(line: str) -> None:
    assert part_line(line) == []


@pytest.mark.parametrize(
    "text", ["SOF 105 - Adult skills fund", "EHC 1 on FM25", "HNS 1 without EHCP"]
)
def test_a_type_and_its_code_alone_are_no_record(text: str) -> None:
    assert not looks_like_record(text)


@pytest.mark.parametrize(
    "line",
    [
        "ST0119 - Business Administrator",
        "60159981 - Marcus Webb",
        "BT1234 - Business Technology",
        "Learner: what is a ULN?",
        "FM36 - Apprenticeships",
    ],
)
def test_what_heads_no_learner(line: str) -> None:
    assert learner_heading(line) is None


def test_a_name_torn_from_its_value_goes_to_the_value() -> None:
    assert rejoined(["ULN 6012377884, start", "07/09/2026, planned", "end 02/07/2027"]) == [
        "ULN 6012377884",
        "start 07/09/2026",
        "planned end 02/07/2027",
    ]
    whole = ["Placement 1: 60 hours", "2. 07/12/2026"]
    assert rejoined(whole) == whole


@pytest.mark.parametrize("line", ["14th not 15th?", "Hours: 65 not 60", "why 14th not 15th"])
def test_what_takes_nothing_back(line: str) -> None:
    assert taken_back(line) == []


def test_a_value_that_several_fields_have_is_not_put_right() -> None:
    reading = read(
        "Aim: ZWRKX001\nAim start date: 15/09/2026\nPlacement start date: 15/10/2026\n"
        "sorry, 14th not 15th\n"
    )
    assert sorted(item.text for item in reading.fields()) == [
        "2026-09-15",
        "2026-10-15",
        "ZWRKX001",
    ]
    assert any(one.line == 4 and "not clear which" in one.message for one in reading.remarks)


def test_a_value_twice_with_nothing_between_is_said() -> None:
    reading = read(
        "Aim: ZWRKX001\nAim start date: 15/09/2026\nPlacement hours: 60\nPlacement hours: 70\n"
    )
    assert any(one.line == 4 and "comes twice" in one.message for one in reading.remarks)

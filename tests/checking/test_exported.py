"""A paste that is read straight has the report that it has when it is read the long way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.checking.exported import _head
from bot.checking.paste import Checker
from bot.errors import InputError
from bot.helpdesk import Helpdesk
from bot.years import AcademicYear
from tests.benchmarks.invented import HEAD, learner

DAY = date(2026, 11, 24)
TWO = learner(3, 3) + learner(4, 2)
WHOLE = f"{HEAD}{TWO}</Message>"

STRAIGHT = {
    "a file": WHOLE,
    "a file with a line for each element": WHOLE.replace("><", ">\n  <"),
    "a file without a declaration": WHOLE.partition("\n")[2],
    "a file with the place of its schema": WHOLE.replace(
        "<Message",
        '<Message xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"',
    ),
    "a file of another year": WHOLE.replace("2627", "2526").replace("2026-27", "2025-26"),
    "a file whose year cannot be read": WHOLE.replace("2627", "now"),
    "learners": TWO,
    "a learner some lines down": "\n\n" + learner(5, 10),
    "learners with the namespace": TWO.replace("<Learner>", '<Learner xmlns="ILR/2025-26">'),
}
LONG_WAY = {
    "words after it": f"{WHOLE} thanks",
    "words before it": f"Why? {TWO}",
    "no end": WHOLE.removesuffix("</Message>"),
    "an end without a beginning": f"{TWO}</Message>",
    "the provider after its learners": WHOLE.replace("<LearningProvider>", "<X>").replace(
        "</Message>", "<LearningProvider><UKPRN>99999999</UKPRN></LearningProvider></Message>"
    ),
    "a blank element": WHOLE.replace("<PlanEEPHours>60<", "<PlanEEPHours><"),
    "an element of no year": WHOLE.replace("<Sex>", "<Gender>F</Gender><Sex>"),
    "a value that is no date": WHOLE.replace("2027-06-30", "30/06/2027"),
    "an ampersand": TWO.replace("Invented", "A &amp; B"),
    "a letter beyond ASCII": TWO.replace("Invented", "Zoë"),
    "another character": TWO.replace("Invented", "In\x01vented"),
    "what ends a part in XML": TWO.replace("Invented", "a]]>b"),
    "a tag in other capitals": TWO.replace("FundModel", "FUNDMODEL"),
    "lines that end as in Windows": WHOLE.replace("><", ">\r\n<"),
    "a lone aim": TWO[TWO.index("<LearningDelivery>") : TWO.index("</Learner>")],
    "another collection": HEAD.replace(">ILR<", ">ESF<") + "</Message>",
    "nothing": "",
}


def came_to(checker: Checker, given: str | bytes, **how: Any) -> Any:
    try:
        report = checker.check(given, year=None, on=None, today=DAY, **how)
    except InputError as error:
        return str(error)
    assert report.reading is not None
    return report.to_json(), report.reading.to_json(), report.timeline, report.learners


@pytest.fixture(scope="module")
def checker(helpdesk: Helpdesk) -> Checker:
    return Checker(helpdesk.knowledge)


@pytest.mark.parametrize("what", [*STRAIGHT, *LONG_WAY])
def test_the_report_is_the_same(
    what: str, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = STRAIGHT.get(what) or LONG_WAY[what]
    straight = [came_to(checker, text), came_to(checker, text.encode(), file_name="a.xml")]
    monkeypatch.setattr(Checker, "_exported", lambda *_: None)
    assert straight == [came_to(checker, text), came_to(checker, text.encode(), file_name="a.xml")]


@pytest.mark.parametrize("what", [*STRAIGHT, *LONG_WAY])
def test_what_an_export_wrote_is_read_straight(what: str, checker: Checker) -> None:
    text = STRAIGHT.get(what) or LONG_WAY[what]
    assert (checker._exported(text, None, DAY) is not None) is (what in STRAIGHT)


def test_a_year_that_is_not_held_is_said_as_ever(checker: Checker) -> None:
    with pytest.raises(InputError, match="is not available"):
        checker.check(WHOLE, year=AcademicYear(2012), on=None, today=DAY)


def test_what_is_called_a_zip_is_not_taken_for_a_file(checker: Checker) -> None:
    report = checker.check(WHOLE.encode(), year=None, on=None, today=DAY, file_name="a.zip")
    assert report.kind == "ZIP file"


def test_only_a_head_as_it_should_be_is_held() -> None:
    begins = HEAD.replace("99999999", "12345678")
    assert _head(begins) is _head(begins)
    odd = begins.replace("<UKPRN>", "<FamilyName>Quill</FamilyName><UKPRN>", 1)
    assert _head(odd) is not _head(odd)
    assert _head(odd) == _head(odd)

"""A value that a broken paste lost is not a value that was never returned: no rule says it is.

Every field of a record loses its value in turn. The report may then have fewer findings than
that of the whole record, and more rules not run; it may not have a finding that is new.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.helpdesk import Helpdesk
from bot.ilr.raw import RawEntity
from bot.ilr.readers import read
from bot.years import AcademicYear

YEAR = AcademicYear(2026)
RECORD = """\
<Message xmlns="ILR/2026-27">
  <LearningProvider>
    <UKPRN>10000001</UKPRN>
  </LearningProvider>
  <Learner>
    <LearnRefNumber>K20481</LearnRefNumber>
    <ULN>4471203385</ULN>
    <FamilyName>Thornham</FamilyName>
    <GivenNames>Cerys</GivenNames>
    <DateOfBirth>2009-02-14</DateOfBirth>
    <Ethnicity>31</Ethnicity>
    <Sex>F</Sex>
    <LLDDHealthProb>2</LLDDHealthProb>
    <PlanLearnHours>541</PlanLearnHours>
    <PlanEEPHours>60</PlanEEPHours>
    <MathGrade>5</MathGrade>
    <EngGrade>5</EngGrade>
    <PostcodePrior>ZZ99 9ZZ</PostcodePrior>
    <Postcode>ZZ99 9ZZ</Postcode>
    <LearningDelivery>
      <LearnAimRef>60154967</LearnAimRef>
      <AimType>5</AimType>
      <AimSeqNumber>1</AimSeqNumber>
      <LearnStartDate>2026-09-14</LearnStartDate>
      <LearnPlanEndDate>2027-07-16</LearnPlanEndDate>
      <FundModel>25</FundModel>
      <DelLocPostCode>ZZ99 9ZZ</DelLocPostCode>
      <CompStatus>1</CompStatus>
      <LearningDeliveryFAM>
        <LearnDelFAMType>SOF</LearnDelFAMType>
        <LearnDelFAMCode>107</LearnDelFAMCode>
      </LearningDeliveryFAM>
    </LearningDelivery>
    <LearningDelivery>
      <LearnAimRef>ZWRKX001</LearnAimRef>
      <AimType>4</AimType>
      <AimSeqNumber>2</AimSeqNumber>
      <LearnStartDate>2026-09-21</LearnStartDate>
      <LearnPlanEndDate>2027-07-09</LearnPlanEndDate>
      <FundModel>25</FundModel>
      <DelLocPostCode>ZZ99 9ZZ</DelLocPostCode>
      <CompStatus>2</CompStatus>
      <LearnActEndDate>2026-11-20</LearnActEndDate>
      <Outcome>1</Outcome>
      <LearningDeliveryFAM>
        <LearnDelFAMType>SOF</LearnDelFAMType>
        <LearnDelFAMCode>107</LearnDelFAMCode>
      </LearningDeliveryFAM>
      <LearningDeliveryWorkPlacement>
        <WorkPlaceStartDate>2026-10-05</WorkPlaceStartDate>
        <WorkPlaceEndDate>2026-10-16</WorkPlaceEndDate>
        <WorkPlaceHours>63</WorkPlaceHours>
        <WorkPlaceMode>2</WorkPlaceMode>
        <WorkPlaceEmpId>900000001</WorkPlaceEmpId>
      </LearningDeliveryWorkPlacement>
    </LearningDelivery>
  </Learner>
</Message>
"""
FIELDS = list(re.finditer(r"<(\w+)>([^<>\n]+)</\1>", RECORD))
WAYS: dict[str, Callable[[str, str], str]] = {
    "its beginning was cut off": lambda name, value: f"{value}</{name}>",
    "its first tag lost its end": lambda name, value: f"<{name}{value}</{name}>",
    "its last tag lost its end": lambda name, value: f"<{name}>{value}</{name}",
    "the lines were joined": lambda name, value: f"<{name}>{value[:-1]}<",
    "two halves met in it": lambda name, value: f"<{name}>{value[:1]}\n\n{value[-1:]}</{name}>",
}


def rules_broken(helpdesk: Helpdesk, text: str) -> set[str]:
    return {finding.rule for finding in helpdesk.check(text, YEAR).findings}


def test_the_fields_of_the_record_are_many() -> None:
    assert len(FIELDS) == 42


@pytest.mark.parametrize("way", WAYS)
def test_no_rule_fires_for_a_value_that_was_lost(helpdesk: Helpdesk, way: str) -> None:
    whole = rules_broken(helpdesk, RECORD)
    false: dict[str, set[str]] = {}
    for field in FIELDS:
        lost = RECORD[: field.start()] + WAYS[way](field[1], field[2]) + RECORD[field.end() :]
        if new := rules_broken(helpdesk, lost) - whole:
            false[field[1]] = new
    assert false == {}


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ("<Sex>F</Sex>", "F</Sex>"),
        ("<Sex>F</Sex>", "<Sex>F\n\nM</Sex>"),
        ("<Sex>F</Sex>", "<Sex>F<"),
        ("<Sex>F</Sex>", "<SexF</Sex>"),
    ],
)
def test_what_was_lost_is_said_with_its_line(helpdesk: Helpdesk, whole: str, broken: str) -> None:
    problems = helpdesk.check(RECORD.replace(whole, broken), YEAR).problems
    assert problems[0].line == 12


def aims_of(entity: RawEntity) -> list[RawEntity]:
    own = [entity] if entity.name == "LearningDelivery" else []
    return own + [aim for child in entity.children for aim in aims_of(child)]


BETWEEN = RECORD.index("</LearningDeliveryFAM>"), RECORD.index("ZWRKX001</LearnAimRef>")


@pytest.mark.parametrize("end", [BETWEEN[1] - 60, BETWEEN[1] - 25, BETWEEN[1] - 13, BETWEEN[1]])
def test_two_aims_stay_two_when_what_parts_them_is_damaged(end: int) -> None:
    for begin in range(BETWEEN[0] + 1, end, 3):
        damaged = RECORD[:begin] + RECORD[end:]
        for aim in aims_of(read(damaged).message):
            values = {item.text for item in aim.fields}
            assert not {"2026-09-14", "2026-09-21"} <= values, begin
            # The placement is the second aim's.
            if any(child.name == "LearningDeliveryWorkPlacement" for child in aim.children):
                assert "2026-09-14" not in values, begin


def test_words_between_elements_are_told_and_nothing_is_missed() -> None:
    reading = read(
        "<LearningDelivery>\n<LearnAimRef>ZWRKX001</LearnAimRef>\n…\n</LearningDelivery>"
    )
    assert aims_of(reading.message)[0].partial
    assert len(reading.remarks) == 1

"""What a report says of the reference data that is held, and of each aim."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.checking.paste import Checker
from bot.checking.report import Report
from bot.explain.aims import explain_aim, explain_missing_aim
from bot.knowledge.base import KnowledgeBase
from bot.rules.reference.data import NO_REFERENCE, add
from bot.yaml_files import shipped_knowledge

TODAY = date(2026, 11, 28)
EXTRACT = shipped_knowledge() / "reference"
RECORD = """
<Learner><LearnRefNumber>A1</LearnRefNumber><PlanLearnHours>600</PlanLearnHours><LearningDelivery>
<LearnAimRef>60000016</LearnAimRef><AimType>5</AimType><AimSeqNumber>1</AimSeqNumber>
<LearnStartDate>2026-09-07</LearnStartDate><LearnPlanEndDate>2027-07-09</LearnPlanEndDate>
<FundModel>25</FundModel><DelLocPostCode>ZZ99 9ZZ</DelLocPostCode><CompStatus>1</CompStatus>
<LearningDeliveryFAM><LearnDelFAMType>SOF</LearnDelFAMType><LearnDelFAMCode>107</LearnDelFAMCode>
</LearningDeliveryFAM></LearningDelivery></Learner>
"""
OTHER_PROVIDER = """<Message xmlns="ILR/2026-27">
<LearningProvider><UKPRN>10000001</UKPRN></LearningProvider><Learner><LearningDelivery>
<LearnAimRef>60000015</LearnAimRef><FundModel>38</FundModel>
</LearningDelivery></Learner></Message>"""


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("reference")
    for name in ("lars", "provider.yaml"):
        add(EXTRACT / name, folder, today=TODAY)
    return replace(KnowledgeBase.load(), databases=folder)


def check(knowledge: KnowledgeBase, record: str = RECORD) -> Report:
    return Checker(knowledge).check(record, year=None, on=None, today=TODAY)


def test_a_report_says_which_data_it_used_and_how_old(knowledge: KnowledgeBase) -> None:
    report = check(knowledge)
    said = "Reference data used: LARS of 24/09/2026 (65 days old); provider.yaml."
    assert said in report.notes
    (lars,) = report.to_json()["reference"]
    assert (lars["released"], lars["age_days"]) == ("2026-09-24", 65)


def test_an_aim_has_its_title_level_and_validity(knowledge: KnowledgeBase) -> None:
    report = check(knowledge)
    (found,) = [one for one in report.findings if one.rule == "LearnAimRef_104"]
    assert found.to_json()["aim"] == {
        "title": "Invented Level 3 Diploma, closed to new starts",
        "level": "level 3",
        "validity": "1619_EFA 01/08/2015 to 31/07/2028, new starts to 31/07/2025",
    }
    assert report.timeline is not None
    assert "level 3 · Invented Level 3" in report.timeline.bars[0].detail


def test_without_it_nothing_is_said_and_the_rules_are_not_run(helpdesk: object) -> None:
    report = check(KnowledgeBase.load())
    assert "reference" not in report.to_json()
    assert not any("Reference data" in note for note in report.notes)
    assert report.rules_not_run["needs LARS"] > 100
    assert all(one.aim_details is None for one in report.findings)


def test_the_details_of_one_provider_are_not_used_for_another(knowledge: KnowledgeBase) -> None:
    report = check(knowledge, OTHER_PROVIDER)
    assert "provider.yaml is of another provider than the record" in report.rules_not_run
    assert not any(one.rule in {"UKPRN_29", "LearningDeliveryHE_03"} for one in report.findings)


def test_an_aim_is_explained(knowledge: KnowledgeBase) -> None:
    found = explain_aim("60000016", knowledge.reference)
    assert found is not None
    assert "Invented Level 3 Diploma" in found.lead
    assert any("`1619_EFA`" in line for line in found.lines)
    assert "24/09/2026" in found.detail
    assert explain_aim("ULN", knowledge.reference) is None
    assert explain_aim("60000099", knowledge.reference) is None


def test_an_aim_that_nobody_can_explain_is_said_to_be_so(knowledge: KnowledgeBase) -> None:
    known = explain_missing_aim("60349771", knowledge.reference)
    without = explain_missing_aim("60349771", NO_REFERENCE)
    assert known is not None
    assert without is not None
    assert "not in the LARS" in known.lead
    assert "not held" in without.lead
    assert explain_missing_aim("10001234", NO_REFERENCE) is None


def test_the_shipped_extract_is_in_the_form_that_is_read(tmp_path: Path) -> None:
    for name in ("lars", "postcodes.csv", "devolved-postcodes.csv", "assessors.csv", "ukprns.csv"):
        assert add(EXTRACT / name, tmp_path, today=TODAY)

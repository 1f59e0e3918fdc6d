"""Invented learners, the same every time, for what needs many of them.

Each is complete enough that the rules have something to look at, and some break a rule: a
placement before its aim, an aim with no funding body, an impossible mark.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

__all__ = ["learner", "write_return"]

HEAD = """\
<?xml version="1.0" encoding="utf-8"?>
<Message xmlns="ILR/2026-27">
<Header><CollectionDetails><Collection>ILR</Collection><Year>2627</Year>
<FilePreparationDate>2026-11-20</FilePreparationDate></CollectionDetails>
<Source><ProtectiveMarking>OFFICIAL-SENSITIVE-Personal</ProtectiveMarking>
<UKPRN>99999999</UKPRN></Source></Header>
<LearningProvider><UKPRN>99999999</UKPRN></LearningProvider>
"""
WORK_EXPERIENCE = "ZWRKX001"


def learner(number: int, aims: int) -> str:
    """One learner of sixteen to forty with so many aims, as XML."""
    chance = random.Random(number)
    born = date(2026, 8, 31) - timedelta(days=chance.randrange(16 * 365, 40 * 365))
    parts = [
        f"<Learner><LearnRefNumber>INV{number:07}</LearnRefNumber>"
        f"<ULN>{9_000_000_000 + number}</ULN>"
        f"<FamilyName>Invented</FamilyName><GivenNames>Number {number}</GivenNames>"
        f"<DateOfBirth>{born}</DateOfBirth><Ethnicity>31</Ethnicity>"
        f"<Sex>{chance.choice('FM')}</Sex><LLDDHealthProb>2</LLDDHealthProb>"
        "<PlanLearnHours>540</PlanLearnHours><PlanEEPHours>60</PlanEEPHours>"
        "<PostcodePrior>ZZ99 9ZZ</PostcodePrior><Postcode>ZZ99 9ZZ</Postcode>"
        "<AddLine1>1 Made-up Road</AddLine1>"
        "<LearnerFAM><LearnFAMType>MCF</LearnFAMType><LearnFAMCode>1</LearnFAMCode></LearnerFAM>"
        "<LearnerEmploymentStatus><EmpStat>12</EmpStat>"
        "<DateEmpStatApp>2026-08-01</DateEmpStatApp></LearnerEmploymentStatus>"
    ]
    parts += [_aim(sequence, chance) for sequence in range(1, aims + 1)]
    return "".join(parts) + "</Learner>\n"


def _aim(sequence: int, chance: random.Random) -> str:
    start = date(2026, 9, 1) + timedelta(days=chance.randrange(60))
    reference = WORK_EXPERIENCE if sequence == 2 else f"6{chance.randrange(10**7):07}"
    source = (
        "<LearningDeliveryFAM><LearnDelFAMType>SOF</LearnDelFAMType>"
        "<LearnDelFAMCode>107</LearnDelFAMCode></LearningDeliveryFAM>"
    )
    placement = (
        "<LearningDeliveryWorkPlacement>"
        f"<WorkPlaceStartDate>{start + timedelta(days=chance.randrange(-2, 30))}"
        "</WorkPlaceStartDate><WorkPlaceHours>30</WorkPlaceHours>"
        "<WorkPlaceMode>2</WorkPlaceMode><WorkPlaceEmpId>999999999</WorkPlaceEmpId>"
        "</LearningDeliveryWorkPlacement>"
    )
    return (
        f"<LearningDelivery><LearnAimRef>{reference}</LearnAimRef>"
        f"<AimType>{5 if sequence == 1 else 4}</AimType><AimSeqNumber>{sequence}</AimSeqNumber>"
        f"<LearnStartDate>{start}</LearnStartDate><LearnPlanEndDate>2027-06-30</LearnPlanEndDate>"
        "<FundModel>25</FundModel><DelLocPostCode>ZZ99 9ZZ</DelLocPostCode>"
        f"<CompStatus>1</CompStatus><SWSupAimId>invented-{sequence}</SWSupAimId>"
        + (source if chance.random() > 0.02 else "")
        + (placement if reference == WORK_EXPERIENCE else "")
        + "</LearningDelivery>"
    )


def write_return(path: Path, learners: int) -> Path:
    """A whole file of learners with one to six aims each."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number in range(learners):
            file.write(learner(number, 1 + number % 6))
        file.write("</Message>\n")
    return path

"""The README's pictures of a learner's dates, from checks of invented records.

    python -m tests.support.timelines docs/pictures

Drawn for a light page, and the first for a dark page as well. The day of the check is fixed, so
that a picture changes only when the drawing or the rules do.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.checking.paste import Checker
from bot.ilr.timeline_image import Theme, draw
from bot.knowledge.base import KnowledgeBase
from bot.years import AcademicYear

__all__ = ["DAY", "PICTURES", "YEAR", "record"]

YEAR = AcademicYear(2026)
DAY = date(2026, 11, 24)
THEMES: tuple[tuple[Theme, str], ...] = (("light", ""), ("dark", "-dark"))

LEARNER = """\
<Learner>
  <LearnRefNumber>INV0001</LearnRefNumber>
  <ULN>9000010003</ULN>
  <FamilyName>Invented</FamilyName>
  <GivenNames>Learner</GivenNames>
  <DateOfBirth>2009-02-14</DateOfBirth>
  <Ethnicity>31</Ethnicity>
  <Sex>F</Sex>
  <LLDDHealthProb>2</LLDDHealthProb>
  {hours}
  <MathGrade>5</MathGrade>
  <EngGrade>5</EngGrade>
  <PostcodePrior>ZZ99 9ZZ</PostcodePrior>
  <Postcode>ZZ99 9ZZ</Postcode>
  <AddLine1>1 Made-up Road</AddLine1>
  <PriorAttain><PriorLevel>3</PriorLevel><DateLevelApp>2025-07-31</DateLevelApp></PriorAttain>
  <LearnerEmploymentStatus>
    <EmpStat>12</EmpStat><DateEmpStatApp>2025-08-01</DateEmpStatApp>
  </LearnerEmploymentStatus>
  {aims}
</Learner>
"""
STUDY_HOURS = "<PlanLearnHours>560</PlanLearnHours><PlanEEPHours>60</PlanEEPHours>"


@dataclass(frozen=True, slots=True)
class _Aim:
    """An aim as a picture needs it."""

    reference: str
    kind: int
    start: str
    planned: str
    ended: str = ""
    placements: tuple[tuple[str, str, int, int], ...] = ()
    """Start, end, hours and mode of each."""
    programme: str = ""
    hours: int = 0
    """Planned hours of a T Level."""


def _xml(sequence: int, aim: _Aim) -> str:
    placements = "".join(
        f"<LearningDeliveryWorkPlacement><WorkPlaceStartDate>{start}</WorkPlaceStartDate>"
        f"<WorkPlaceEndDate>{end}</WorkPlaceEndDate><WorkPlaceHours>{hours}</WorkPlaceHours>"
        f"<WorkPlaceMode>{mode}</WorkPlaceMode>"
        + ("<WorkPlaceEmpId>999999999</WorkPlaceEmpId>" if mode == 2 else "")
        + "</LearningDeliveryWorkPlacement>"
        for start, end, hours, mode in aim.placements
    )
    programme = f"<ProgType>{aim.programme}</ProgType>" if aim.programme else ""
    ended = (
        f"<CompStatus>2</CompStatus><LearnActEndDate>{aim.ended}</LearnActEndDate>"
        "<Outcome>1</Outcome><OutGrade>PA</OutGrade>"
        if aim.ended
        else "<CompStatus>1</CompStatus>"
    )
    planned_hours = (
        f"<HRSRecord><HRSType>HRS</HRSType><HRSCode>2</HRSCode><HRSAmount>{aim.hours}</HRSAmount>"
        "</HRSRecord>"
        if aim.hours
        else ""
    )
    return (
        f"<LearningDelivery><LearnAimRef>{aim.reference}</LearnAimRef><AimType>{aim.kind}</AimType>"
        f"<AimSeqNumber>{sequence}</AimSeqNumber><LearnStartDate>{aim.start}</LearnStartDate>"
        f"<LearnPlanEndDate>{aim.planned}</LearnPlanEndDate><FundModel>25</FundModel>{programme}"
        f"<DelLocPostCode>ZZ99 9ZZ</DelLocPostCode>{ended}"
        "<LearningDeliveryFAM><LearnDelFAMType>SOF</LearnDelFAMType>"
        f"<LearnDelFAMCode>107</LearnDelFAMCode></LearningDeliveryFAM>{planned_hours}{placements}"
        "</LearningDelivery>"
    )


STUDY = (
    _Aim("60149735", 5, "2026-09-07", "2027-06-25"),
    _Aim("60314540", 4, "2026-09-07", "2027-06-25"),
    _Aim("60349771", 4, "2026-09-07", "2026-12-18", "2026-11-20"),
    _Aim(
        "ZWRKX001", 4, "2026-10-12", "2027-05-28",
        placements=(
            ("2026-10-05", "2026-10-16", 60, 2),
            ("2027-02-01", "2027-02-05", 30, 1),
            ("2027-02-01", "2027-02-12", 60, 2),
        ),
    ),
)  # fmt: skip
T_LEVEL = (
    _Aim("ZPROG001", 1, "2025-09-08", "2027-06-30", programme="31", hours=1500),
    _Aim("60358300", 5, "2025-09-08", "2027-06-30", programme="31"),
    _Aim("ZTLOS001", 3, "2026-01-12", "2027-06-30", programme="31"),
    _Aim("60372280", 3, "2025-09-08", "2026-06-26", "2026-06-19", programme="31"),
    _Aim(
        "ZWRKX003", 3, "2026-01-12", "2027-05-28", programme="31",
        placements=(
            ("2026-01-05", "2026-03-27", 175, 2),
            ("2026-11-02", "2027-02-26", 140, 2),
        ),
    ),
)  # fmt: skip
IN_THE_README = "timeline-study-programme"
PICTURES = {
    IN_THE_README: (STUDY_HOURS, STUDY),
    "timeline-t-level": ("", T_LEVEL),
}
"""File name → the learner's planned hours and aims."""


def record(name: str) -> str:
    """The record that a picture shows, as XML."""
    hours, aims = PICTURES[name]
    inside = "\n  ".join(_xml(number, aim) for number, aim in enumerate(aims, 1))
    return LEARNER.format(hours=hours, aims=inside)


def main() -> None:
    """Draw them all into the folder that is given."""
    checker = Checker(KnowledgeBase.load())
    for name in PICTURES:
        report = checker.check(record(name), year=YEAR, on=DAY, today=DAY)
        assert report.timeline is not None
        for theme, ending in THEMES if name == IN_THE_README else THEMES[:1]:
            path = Path(sys.argv[1]) / f"{name}{ending}.png"
            path.write_bytes(draw(report.timeline, theme=theme))
        print(f"{name}: {report.timeline.alt_text()}")  # noqa: T201


if __name__ == "__main__":
    main()

"""The matcher on a small invented knowledge base."""

from __future__ import annotations

import pytest

from bot.matching import Candidate, Matcher, Vocabulary

KNOWLEDGE = [
    Candidate(
        "one-aim-many-placements",
        (
            "Do I need one ZWRKX001 aim for each placement?",
            "Learner has two placements, is that one aim or two?",
            "How do we record multiple work placements?",
            "Second placement in the same year, new aim?",
        ),
    ),
    Candidate(
        "placement-never-happened",
        (
            "The placement did not happen, do I return the aim?",
            "Learner never attended the placement",
            "Work experience was cancelled, what do I do with the aim?",
            "Student did not turn up to placement at all",
        ),
    ),
    Candidate(
        "which-hours-field",
        (
            "Which field do placement hours go in?",
            "Do work experience hours count in PlanEEPHours or PlanLearnHours?",
            "Are placement hours EEP hours?",
            "Where do I put the planned hours for work experience?",
        ),
    ),
    Candidate(
        "employer-id-missing",
        (
            "What goes in the employer identifier when the employer has none?",
            "Employer is not on the register, which number do I use?",
            "WorkPlaceEmpId is blank, is that a problem?",
            "Do I need an employer number for a placement?",
        ),
    ),
    Candidate(
        "start-before-aim",
        (
            "Why does WorkPlaceStartDate_02 fire?",
            "Placement starts before the aim start date",
            "Error: work placement start is earlier than the aim",
            "Can a placement begin before its aim?",
        ),
    ),
    Candidate(
        "mock-interview",
        (
            "Is a mock interview a work placement?",
            "Do mock interviews count as work experience?",
            "Can I record interview practice as a placement?",
            "Where does interview preparation go?",
        ),
    ),
]
VOCABULARY = Vocabulary(
    groups=(
        ("EEP", "PEEP hours", "planned employability, enrichment and pastoral hours"),
        ("WEX", "work ex", "work experience"),
    ),
    codes=frozenset({"ZWRKX001", "WorkPlaceStartDate_02", "WorkPlaceEmpId", "PlanEEPHours"}),
)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.build(KNOWLEDGE, VOCABULARY)


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("two placements this year - one aim or two?", "one-aim-many-placements"),
        ("the placemnt never hapened", "placement-never-happened"),
        ("where do planned employability hours go", "which-hours-field"),
        ("is WEX in eep hrs", "which-hours-field"),
        ("employer isnt on the regsiter", "employer-id-missing"),
        ("workplacestartdate_02", "start-before-aim"),
        ("WorkPlaceStartDate 02 error", "start-before-aim"),
        ("mock interveiws?", "mock-interview"),
    ],
)
def test_finds_the_entry_meant(matcher: Matcher, question: str, entry: str) -> None:
    assert matcher.match(question).ranked[0].id == entry

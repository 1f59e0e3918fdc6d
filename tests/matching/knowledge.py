"""A small invented knowledge base, large enough to calibrate on."""

from __future__ import annotations

from bot.matching import Candidate, Vocabulary

__all__ = ["KNOWLEDGE", "VOCABULARY"]

_ASKED = {
    "one-aim-many-placements": (
        "Do I need one ZWRKX001 aim for each placement?",
        "Learner has two placements, is that one aim or two?",
        "How do we record multiple work placements?",
        "Second placement in the same year, new aim?",
        "Three employers this year, how many aims?",
    ),
    "placement-never-happened": (
        "The placement did not happen, do I return the aim?",
        "Learner never attended the placement",
        "Work experience was cancelled, what do I do with the aim?",
        "Student did not turn up to placement at all",
        "Placement fell through, take the aim off?",
    ),
    "which-hours-field": (
        "Which field do placement hours go in?",
        "Do work experience hours count in PlanEEPHours or PlanLearnHours?",
        "Are placement hours EEP hours?",
        "Where do I put the planned hours for work experience?",
        "Planned hours of a placement, which box?",
    ),
    "employer-id-missing": (
        "What goes in the employer identifier when the employer has none?",
        "Employer is not on the register, which number do I use?",
        "WorkPlaceEmpId is blank, is that a problem?",
        "Do I need an employer number for a placement?",
        "No employer number, what now?",
    ),
    "start-before-aim": (
        "Why does WorkPlaceStartDate_02 fire?",
        "Placement starts before the aim start date",
        "Error: work placement start is earlier than the aim",
        "Can a placement begin before its aim?",
        "Start date of the placement is too early",
    ),
    "mock-interview": (
        "Is a mock interview a work placement?",
        "Do mock interviews count as work experience?",
        "Can I record interview practice as a placement?",
        "Where does interview preparation go?",
        "CV workshop and mock interview, placement or not?",
    ),
    "return-dates": (
        "When does R04 close?",
        "What is the deadline of the next return?",
        "Which day is the R06 return due?",
        "Last day to submit the R14 return",
        "Return calendar for this year",
    ),
    "temporary-uln": (
        "Can I return a learner with the temporary ULN 9999999999?",
        "Learner has no ULN yet",
        "How long may we use the dummy ULN?",
        "ULN is missing, what do I enter?",
        "Is 9999999999 allowed as a ULN?",
    ),
}

KNOWLEDGE = [
    Candidate(name, phrasings, text=f"About {name.replace('-', ' ')}.")
    for name, phrasings in _ASKED.items()
]
VOCABULARY = Vocabulary(
    groups=(
        ("EEP", "PEEP hours", "planned employability, enrichment and pastoral hours"),
        ("WEX", "work ex", "work experience"),
        ("IT", "information technology"),
    ),
    codes=frozenset(
        {"ZWRKX001", "WorkPlaceStartDate_02", "WorkPlaceEmpId", "PlanEEPHours", "R04", "R06", "ULN"}
    ),
)

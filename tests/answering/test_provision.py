"""Whose record a question speaks of, and which entries may answer it."""

from __future__ import annotations

import pytest

from bot.answering.provision import ProvisionFinder, suits
from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Provision

APPRENTICE, YOUNG, T_LEVEL = Provision.APPRENTICESHIP, Provision.STUDY_PROGRAMME, Provision.T_LEVEL
ADULT, LOANS, HE = Provision.ADULT_SKILLS, Provision.LOANS, Provision.HIGHER_EDUCATION


@pytest.fixture(scope="module")
def finder(knowledge: KnowledgeBase) -> ProvisionFinder:
    """By the shipped words."""
    return ProvisionFinder(knowledge.provisions)


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("one of our apprentices has two employers", {APPRENTICE}),
        ("Level 3 apps, EPA passed in July", {APPRENTICE}),
        ("data lock on the total price", {APPRENTICE}),
        ("T-Level student did 280 hours", {T_LEVEL}),
        ("study programme learner left in week 4", {YOUNG}),
        ("she is on an HND with a student loan", {HE, LOANS}),
        ("free courses for jobs, unemployed and on UC", {ADULT}),
        ("moved from a study programme to an apprenticeship", {YOUNG, APPRENTICE}),
        ("the placement never happened", set()),
        ("he said he was told", set()),
        ("act now please", set()),
        ("does a T Level employer have to pay the levy", {T_LEVEL}),
        ("an apprentice on ZWRKX001", {APPRENTICE}),
        ("levy or not, who pays the 5%", {APPRENTICE}),
        ("21 with one A level already, wants free courses for jobs", {ADULT}),
        ("finished her apprenticeship, now on the adult skills fund", {ADULT}),
        ("on an apprenticeship, she has an HND from before", {APPRENTICE}),
        ("she has two A levels to resit", {YOUNG}),
        ("completed his apprenticeship, which outcome", {APPRENTICE}),
        ("we've got A level students on free courses for jobs", {YOUNG}),
    ],
)
def test_a_question_says_whose_record_it_is(
    finder: ProvisionFinder, question: str, kinds: set[Provision]
) -> None:
    assert finder.find(question) == kinds


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("he is 16-17 and on a placement", {YOUNG}),
        ("a 16-18 apprentice", {APPRENTICE}),
        ("industry placement was cut short", {T_LEVEL}),
    ],
)
def test_weaker_words_are_a_hint_where_nothing_stronger_is_said(
    finder: ProvisionFinder, question: str, kinds: set[Provision]
) -> None:
    assert (finder.find(question) or finder.hinted(question)) == kinds


def test_kinds_are_told_in_words(finder: ProvisionFinder) -> None:
    assert finder.titles({T_LEVEL, APPRENTICE}) == "T Levels and apprenticeships"
    assert finder.titles({LOANS}) == "Advanced Learner Loans"


def test_an_entry_answers_for_its_own_kinds_and_where_none_is_said(
    knowledge: KnowledgeBase,
) -> None:
    entry = knowledge.entries["aims-for-several-placements"]
    assert suits(entry, frozenset())
    assert suits(entry, frozenset({YOUNG}))
    assert suits(entry, frozenset({YOUNG, APPRENTICE}))
    assert not suits(entry, frozenset({APPRENTICE}))
    assert suits(knowledge.entries["employer-without-a-number"], frozenset({APPRENTICE}))


@pytest.mark.parametrize(
    "question",
    [
        "apprentice has three employers, one aim or three?",
        "do my apprentices need one aim for each of three employers",
        "is it one aim for several placements on an apprenticeship",
    ],
)
def test_an_apprentice_is_never_given_an_entry_for_16_to_19(desk: Helpdesk, question: str) -> None:
    answer = desk.ask(question)
    assert answer.outcome == "none"
    (note,) = answer.notes
    assert note == (
        "We hold nothing on this for apprenticeships; "
        "what we hold is for 16 to 19 study programmes."
    )


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("off the job hours of an apprentice, which field?", "off-the-job-training-hours"),
        ("apprentice's employer is not on the register, which number", "employer-without-a-number"),
        ("study programme learner with three employers, one aim?", "aims-for-several-placements"),
        ("how long is the industry placement on a T Level", "t-level-placement-hours"),
    ],
)
def test_an_entry_for_the_learners_kind_or_for_all_is_given(
    desk: Helpdesk, question: str, entry: str
) -> None:
    answer = desk.ask(question)
    assert (answer.outcome, answer.entry) == ("answer", entry)


def test_an_answer_says_whom_it_is_for(desk: Helpdesk) -> None:
    assert desk.entry("aims-for-several-placements").provision == "16 to 19 study programmes"
    assert desk.entry("employer-without-a-number").provision == ""

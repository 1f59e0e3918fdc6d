"""The entries a question may mean: those published, and those approved since."""

from __future__ import annotations

import pytest

from bot.answering.answerer import FindMatch
from bot.answering.finding import EntryFinder
from bot.knowledge.base import KnowledgeBase
from tests.answering.conftest import KEPT


@pytest.fixture(scope="module")
def finder(knowledge: KnowledgeBase) -> EntryFinder:
    """By words alone."""
    return EntryFinder(knowledge, cache=KEPT)


@pytest.fixture(scope="module")
def both(finder: EntryFinder, knowledge: KnowledgeBase) -> FindMatch:
    """With an entry that nobody has published, and new ways of asking for one that is."""
    question = "Who signs the badge sheet for the boathouse?"
    entry = knowledge.entries["employer-without-a-number"].model_copy(
        update={
            "id": "badge-sheet",
            "question": question,
            "also_asked": [question, "boathouse badges, whose signature"],
        }
    )
    ways = ["flim flam at the gate", "employer number, any proof"]
    return finder.with_approved({entry.id: entry}, {"evidence-for-a-placement": ways}).match


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("three employers, one aim or three?", "aims-for-several-placements"),
        ("the placemnt never hapened, take the aim off?", "placement-that-never-happened"),
        ("no employer number, what now", "employer-without-a-number"),
    ],
)
def test_a_question_finds_its_entry(finder: EntryFinder, question: str, entry: str) -> None:
    match = finder.match(question)
    assert (match.outcome, match.ranked[0].id) == ("answer", entry)


def test_an_entry_that_does_not_suit_is_left_out(finder: EntryFinder) -> None:
    match = finder.match(
        "three employers, one aim or three?", lambda entry: entry != "aims-for-several-placements"
    )
    assert all(ranked.id != "aims-for-several-placements" for ranked in match.ranked)
    assert match.outcome != "answer"


def test_rules_fields_returns_and_aims_are_known_as_they_are_spelt(finder: EntryFinder) -> None:
    assert {"R_96", "WorkPlaceMode", "R04", "ZWRKX001", "LearningDelivery"} <= finder.known_codes
    assert "r_96" not in finder.known_codes


def test_the_matcher_is_made_once(finder: EntryFinder) -> None:
    assert finder.matcher is finder.matcher


def test_what_is_approved_is_found_beside_what_is_published(
    finder: EntryFinder, both: FindMatch
) -> None:
    question = "boathouse badges, whose signature is it?"
    assert finder.match(question).outcome == "none"
    found = both(question, None)
    assert found.outcome != "none"
    assert found.ranked[0].id == "badge-sheet"


@pytest.mark.parametrize(
    "question", ["no employer number, what now", "who won the match?", "is R_96 for two placements"]
)
def test_what_is_approved_leaves_other_questions_as_they_were(
    finder: EntryFinder, both: FindMatch, question: str
) -> None:
    before, now = finder.match(question), both(question, None)
    assert (now.outcome, now.confidence) == (before.outcome, before.confidence)
    assert [ranked.id for ranked in now.ranked] == [ranked.id for ranked in before.ranked]


def test_an_approved_way_of_asking_finds_its_entry(finder: EntryFinder, both: FindMatch) -> None:
    question = "flim flam at the gate"
    assert finder.match(question).outcome == "none"
    assert both(question, None).ranked[0].id == "evidence-for-a-placement"


def test_what_is_approved_may_be_unsuitable_too(both: FindMatch) -> None:
    found = both("boathouse badges, whose signature is it?", lambda entry: entry != "badge-sheet")
    assert all(ranked.id != "badge-sheet" for ranked in found.ranked)

"""Thresholds learnt from the knowledge base: what is held out is really out, and limits hold."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from bot.matching import Candidate, Matcher, Vocabulary
from bot.matching.calibration import Calibration, Limits, off_topic_sentences
from bot.matching.index import Held, Index, QuestionFeatures
from tests.matching.knowledge import KNOWLEDGE, VOCABULARY

pytestmark = pytest.mark.long


def reading(text: str) -> QuestionFeatures:
    words = tuple(text.split())
    return QuestionFeatures(stems=words, words=words)


ENTRIES = [
    ["close the aim", "end the aim early", "finish it"],
    ["add a second placement", "another placement record"],
    ["when is the return due", "return date"],
]


def test_a_phrasing_held_out_leaves_its_entry_as_if_never_written() -> None:
    whole = Index.build([[reading(text) for text in own] for own in ENTRIES], [])
    without = [own[1:] if number == 0 else own for number, own in enumerate(ENTRIES)]
    smaller = Index.build([[reading(text) for text in own] for own in without], [])
    held = whole.score(reading(ENTRIES[0][0]), Held(0, 0, whole=False))
    fresh = smaller.score(reading(ENTRIES[0][0]))
    assert held.entries == fresh.entries
    assert held.scores == pytest.approx(fresh.scores, rel=0.1)
    assert held.cover == pytest.approx(fresh.cover)


def test_a_story_before_the_question_does_not_thin_the_evidence() -> None:
    index = Index.build([[reading(text) for text in own] for own in ENTRIES], [])
    short = index.score(reading("second placement"))
    told = index.score(reading("my colleague who started in spring says second placement"))
    assert told.entries[0] == short.entries[0] == 1
    assert told.own_cover < short.own_cover
    assert told.evidence == pytest.approx(short.evidence)


def test_an_entry_held_out_is_not_found() -> None:
    index = Index.build([[reading(text) for text in own] for own in ENTRIES], [])
    assert 0 not in index.score(reading("close the aim"), Held(0, 0, whole=True)).entries


def test_the_limits_hold_on_what_was_held_out() -> None:
    limits = Limits()
    record = Matcher.build(KNOWLEDGE, VOCABULARY).calibration.held_out
    wrong = record["covered answered"] - record["covered answered rightly"]
    assert wrong <= limits.wrong_among_covered + 1e-9
    assert record["uncovered answered"] <= limits.answered_uncovered + 1e-9
    assert record["off topic answered"] <= limits.answered_off_topic + 1e-9


def test_stricter_limits_answer_less() -> None:
    strict = Limits(wrong_among_covered=0.0, answered_uncovered=0.0)
    usual = Matcher.build(KNOWLEDGE, VOCABULARY).calibration.thresholds
    stricter = Matcher.build(KNOWLEDGE, VOCABULARY, limits=strict).calibration.thresholds
    assert stricter.answer >= usual.answer


def test_a_calibration_survives_being_written_down() -> None:
    made = Matcher.build(KNOWLEDGE, VOCABULARY).calibration
    assert Calibration.from_json(json.loads(json.dumps(made.to_json()))) == made


@pytest.mark.parametrize("spoilt", [{}, {"covered": 1}, {"thresholds": {"answer": "x"}}])
def test_another_shape_is_refused(spoilt: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Calibration.from_json(spoilt)


def test_building_twice_gives_the_same_thresholds() -> None:
    first, second = (Matcher.build(KNOWLEDGE, VOCABULARY).calibration for _ in range(2))
    assert asdict(first) == asdict(second)


def test_everyday_sentences_are_each_there_once() -> None:
    sentences = off_topic_sentences()
    assert len(sentences) == len(set(sentences)) > 100


def test_knowledge_with_one_phrasing_each_is_served_by_rule_of_thumb() -> None:
    matcher = Matcher.build(
        [
            Candidate("return", ("When does the R04 return close?",)),
            Candidate("aim", ("How do I close an aim early?",)),
        ],
        Vocabulary(),
    )
    assert matcher.match("when does the R04 return close").outcome == "answer"
    assert matcher.match("who won the match?").outcome == "none"

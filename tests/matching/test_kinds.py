"""The model of the kinds of line: what it learns from, how it judges, how it is kept."""

from __future__ import annotations

import pytest

from bot.matching import Matcher, Vocabulary
from bot.matching.kinds import (
    KINDS,
    Kind,
    KindModel,
    bank,
    scope_of,
    train_with_held_out,
    with_meaning,
)
from tests.matching.conftest import Trained
from tests.matching.knowledge import KNOWLEDGE

QUESTIONS = [phrasing for each in KNOWLEDGE for phrasing in each.phrasings]


@pytest.fixture(scope="module")
def model(trained: Trained) -> KindModel:
    """Trained on the invented knowledge and the lines of data/."""
    return trained[0]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("two placements, is that one aim or two?", "question"),
        ("the employer isn't on the register", "question"),
        ("how many of our learners are still without a ULN", "own-data"),
        ("has our R04 gone in yet", "own-data"),
        ("a student told me she is being hurt at home", "safeguarding"),
        ("what time does the canteen close", "elsewhere"),
        ("she was 17 when she started", "aside"),
        ("it was in week 6", "aside"),
        ("haha brilliant", "chatter"),
    ],
)
def test_a_line_is_judged(model: KindModel, line: str, kind: Kind) -> None:
    chances = model.judge(line)
    assert max(chances, key=lambda each: chances[each]) == kind


@pytest.mark.parametrize("line", ["two placements", "zzz qqq", "", "\x00\ud800", "é" * 5000])
def test_the_chances_of_any_line_sum_to_one(model: KindModel, line: str) -> None:
    chances = model.judge(line)
    assert set(chances) == set(KINDS)
    assert sum(chances.values()) == pytest.approx(1, abs=1e-5)


def test_a_covered_question_is_more_in_scope_than_a_near_miss(model: KindModel) -> None:
    near = bank("near")[0]
    assert scope_of(model.judge(QUESTIONS[0])) > 0 > scope_of(model.judge(near))


def test_scope_is_the_log_odds_of_covered_against_near() -> None:
    even = dict.fromkeys(KINDS, 0.0) | {"question": 0.4, "near": 0.4}
    sure = dict.fromkeys(KINDS, 0.0) | {"question": 0.9, "near": 0.0}
    assert scope_of(even) == pytest.approx(0)
    assert scope_of(sure) > 10


def test_meaning_decides_between_kinds_that_words_leave_open() -> None:
    even = dict.fromkeys(KINDS, 1 / len(KINDS))
    weighed = with_meaning(even, {"question": 0.8, "own-data": 0.5, "near": 0.3})
    assert sum(weighed.values()) == pytest.approx(1)
    assert weighed["question"] > 0.9 > weighed["own-data"] > weighed["near"]
    sure = dict.fromkeys(KINDS, 0.0) | {"chatter": 1.0}
    alike = {str(kind): 0.5 for kind in KINDS}
    assert with_meaning(sure, alike)["chatter"] > 0.99, "alike to all, the words decide"


def test_what_is_held_out_is_judged_by_a_model_that_has_not_seen_it(
    model: KindModel, trained: Trained
) -> None:
    _, of_phrasings, of_near = trained
    assert len(of_phrasings) == len(QUESTIONS)
    assert len(of_near) == len(bank("near"))
    seen = [scope_of(model.judge(line)) for line in QUESTIONS]
    assert sum(of_phrasings) < sum(seen), "held out, a line is less surely of its kind"


@pytest.mark.parametrize("phrasings", [[], ["When does R04 close?"]])
def test_knowledge_with_next_to_no_phrasings_is_trained_on(
    phrasings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.matching.kinds.bank", lambda kind: bank(kind)[:25])
    made, of_phrasings, _ = train_with_held_out(phrasings)
    chances = made.judge("When does R04 close?")
    assert len(of_phrasings) == len(phrasings)
    assert sum(chances.values()) == pytest.approx(1, abs=1e-5)
    assert phrasings or chances["question"] < 0.01, "there was no question to learn from"


def test_it_is_kept_and_read_back(model: KindModel) -> None:
    again = KindModel.from_bytes(model.to_bytes())
    assert again is not None
    for line in ("two placements, one aim?", "haha brilliant"):
        assert again.judge(line) == model.judge(line)


@pytest.mark.parametrize("spoilt", [b"", b"PK\x03\x04 not a zip", b"x" * 400])
def test_a_spoilt_file_is_none(spoilt: bytes) -> None:
    assert KindModel.from_bytes(spoilt) is None


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "question"])
def test_the_lines_of_a_kind_are_each_there_once(kind: Kind) -> None:
    lines = [line.casefold() for line in bank(kind)]
    assert len(lines) > 100
    assert [line for line in set(lines) if lines.count(line) > 1] == []


def test_no_line_stands_in_two_kinds() -> None:
    seen: dict[str, Kind] = {}
    twice = []
    for kind in KINDS:
        for line in bank(kind):
            if seen.setdefault(line.casefold(), kind) != kind:
                twice.append(line)
    assert twice == []


def test_the_matcher_judges_lines_by_it() -> None:
    matcher = Matcher.build(KNOWLEDGE, Vocabulary())
    chances = matcher.kind_of("how many of our learners are still without a ULN")
    assert max(chances, key=lambda kind: chances[kind]) == "own-data"

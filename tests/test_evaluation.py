"""The answers' figures on questions kept apart from the knowledge do not fall below floors.

The sets in tests/questions were written by people who had not seen the knowledge. Those in open/
may be looked at while developing, those in held/ are asked for a release only. When a floor is
broken, look at ``python -m bot evaluate tests/questions/open --misses``; lower a floor only for a
reason that the commit gives.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.evaluation import Evaluation, Question, evaluate, read_questions
from bot.helpdesk import Helpdesk
from tests.conftest import CACHE

pytestmark = pytest.mark.long

FOLDER = Path(__file__).parent / "questions"

_Wanted = tuple[str, tuple[str, ...]]
_Both = tuple[int, int]
_SERVED = ("right", "likely", "offered")
AT_LEAST: dict[_Wanted, _Both] = {
    ("named", ("right",)): (92, 92),
    ("term", ("right",)): (88, 88),
    ("long", ("right", "likely")): (76, 62),
    ("long", _SERVED): (84, 76),
    ("fragment", ("right", "likely")): (48, 34),
    ("fragment", _SERVED): (78, 62),
    ("forum", ("right", "likely")): (52, 44),
    ("own-data", ("silent",)): (85, 85),
    ("safeguarding", ("silent",)): (70, 70),
    ("conversation", ("right", "likely")): (76, 62),
}
"""Per cent of the first set that must come to these verdicts, as installed and by the core."""
AT_MOST: dict[_Wanted, _Both] = {
    ("fragment", ("wrong",)): (8, 12),
    ("small-talk", ("wrong",)): (6, 8),
    ("off", ("wrong",)): (5, 8),
    ("other-provision", ("wrong",)): (12, 14),
}
SECOND_AT_LEAST: dict[_Wanted, _Both] = {
    ("fragment", _SERVED): (56, 42),
    ("conversation", ("right", "likely")): (74, 58),
    ("year", ("right", "likely")): (64, 38),
    ("own-data", ("silent",)): (86, 86),
    ("safeguarding", ("silent",)): (80, 80),
}
SECOND_AT_MOST: dict[_Wanted, _Both] = {
    ("fragment", ("wrong",)): (20, 16),
    ("small-talk", ("wrong",)): (6, 6),
    ("near", ("wrong",)): (13, 13),
}
"""The same of the second, of which the lines are fewer, other and harder."""
THIRD_AT_LEAST: dict[_Wanted, _Both] = {("conversation", ("right", "likely")): (58, 50)}
"""The same of forty conversations that wander further from their first question."""


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    """The questions of the first set that may be looked at."""
    first = (
        path.name
        for path in sorted((FOLDER / "open").glob("*.yaml"))
        if not path.name.startswith(("second-", "third-conversations"))
    )
    return [question for name in first for question in read_questions(FOLDER / "open", name)]


@pytest.fixture(scope="module")
def second() -> list[Question]:
    """The same of the second."""
    return read_questions(FOLDER / "open", "second-*.yaml")


@pytest.fixture(scope="module")
def third() -> list[Question]:
    """Of the third, the conversations."""
    return read_questions(FOLDER / "open", "third-conversations.yaml")


@pytest.fixture(scope="module")
def every_question() -> list[Question]:
    """Those that may not, too."""
    return [*read_questions(FOLDER / "open"), *read_questions(FOLDER / "held")]


# One test for all figures: they are measured once, also when workers share out the tests.
def test_figures_as_installed_hold_their_floors(
    helpdesk: Helpdesk, questions: list[Question], second: list[Question], third: list[Question]
) -> None:
    assert broken(evaluate(helpdesk, questions), 0, AT_LEAST, AT_MOST) == {}
    assert broken(evaluate(helpdesk, second), 0, SECOND_AT_LEAST, SECOND_AT_MOST) == {}
    assert broken(evaluate(helpdesk, third), 0, THIRD_AT_LEAST, {}) == {}


def test_figures_of_the_core_hold_their_floors(
    helpdesk: Helpdesk, questions: list[Question], second: list[Question], third: list[Question]
) -> None:
    core = Helpdesk(helpdesk.knowledge, today=helpdesk.today, cache=CACHE)
    assert broken(evaluate(core, questions), 1, AT_LEAST, AT_MOST) == {}
    assert broken(evaluate(core, second), 1, SECOND_AT_LEAST, SECOND_AT_MOST) == {}
    assert broken(evaluate(core, third), 1, THIRD_AT_LEAST, {}) == {}


def broken(
    figures: Evaluation, layer: int, at_least: dict[_Wanted, _Both], at_most: dict[_Wanted, _Both]
) -> dict[str, float]:
    """The figures beyond their floor or limit."""
    found = {}
    for limits, low in ((at_least, True), (at_most, False)):
        for (kind, verdicts), limit in limits.items():
            share = figures.share(kind, *verdicts)
            if (share < limit[layer]) if low else (share > limit[layer]):
                found[f"{kind} {' or '.join(verdicts)}"] = round(share, 1)
    return found


def test_sets_are_large_enough_to_judge_by(every_question: list[Question]) -> None:
    kinds = Counter(question.kind for question in every_question)
    least = {
        "forum": 50,
        "long": 110,
        "fragment": 200,
        "named": 100,
        "small-talk": 150,
        "conversation": 40,
        "near": 80,
        "other-provision": 60,
    }
    assert {kind: kinds[kind] for kind, count in least.items() if kinds[kind] < count} == {}
    assert sum(kinds[kind] for kind in ("own-data", "safeguarding", "not-ilr")) >= 60
    assert all(len(question.turns) == 4 for question in every_question if question.turns)


def test_a_third_of_each_kind_is_held_back() -> None:
    # Of the second forum set half is held; the first one was given, and is open.
    files = "[!m]*.yaml"
    open_, held = (read_questions(FOLDER / part, files) for part in ("open", "held"))
    fresh = [one for one in open_ if one.kind not in {"forum", "forum-placement", "term", "off"}]
    assert 0.25 <= len(held) / (len(held) + len(fresh)) <= 0.4
    forum = [len(read_questions(FOLDER / part, "more-forum.yaml")) for part in ("open", "held")]
    assert forum[0] == forum[1]


def test_what_is_expected_exists(helpdesk: Helpdesk, every_question: list[Question]) -> None:
    known = set(helpdesk.knowledge.entries)
    expected = {
        entry
        for question in every_question
        for entry in (
            *(one for part in question.expect for one in part),
            *question.must_not_be,
            *(one for turn in question.turns for one in turn.expect),
        )
    }
    assert sorted(one for one in expected - known if ":" not in one) == []


def test_no_question_is_asked_twice(every_question: list[Question]) -> None:
    ids = Counter(question.id for question in every_question)
    assert [one for one, times in ids.items() if times > 1] == []


def test_no_question_is_a_phrasing_of_the_knowledge(
    helpdesk: Helpdesk, every_question: list[Question]
) -> None:
    phrasings = {
        folded(phrasing)
        for entry in helpdesk.knowledge.entries.values()
        for phrasing in (entry.question, *entry.also_asked)
    }
    known = phrasings - {""}
    asked = [one for one in every_question if one.kind in {"long", "fragment", "year"}]
    same = [question.id for question in asked if folded(question.text) in known]
    # Two hands may write the same few words; a copied set would not be a handful.
    assert len(same) <= 5, same


def folded(text: str) -> str:
    """Words alone, in small letters."""
    return " ".join(re.findall(r"\w+", text.casefold()))

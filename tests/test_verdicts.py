"""What the measure makes of an answer, and whether the question sets are sound.

Of tests/questions/held no text is shown, not even by a failure here. The floors are in
test_evaluation.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.answers import Answer, AnswerKind, Choice, ReplyKind
from bot.errors import KnowledgeError
from bot.evaluation import Evaluation, Kind, Question, Turn, Verdict, evaluate, read_questions
from bot.explain.names import NameIndex
from bot.helpdesk import Helpdesk
from bot.matching.kinds import KINDS, bank
from bot.years import AcademicYear

FOLDER = Path(__file__).parent / "questions"
YEAR = AcademicYear(2026)


def answer(
    outcome: AnswerKind,
    entry: str | None = None,
    *,
    choices: tuple[str, ...] = (),
    reply: ReplyKind | None = None,
    year: AcademicYear = YEAR,
    more: tuple[Answer, ...] = (),
) -> Answer:
    """An answer as the helpdesk would give it."""
    offered = tuple(Choice(one, "?", 0.5) for one in choices)
    return Answer("?", year, outcome, entry=entry, choices=offered, reply=reply, more=more)


class Answering:
    """A helpdesk that gives these answers, one for each question asked."""

    def __init__(self, *answers: Answer) -> None:
        self.knowledge = SimpleNamespace(entries={})
        self.threads: list[tuple[str, ...]] = []
        self._answers = iter(answers)

    def ask(self, question: str, *, before: tuple[str, ...] = ()) -> Answer:
        self.threads.append(tuple(before))
        return next(self._answers)


def measured(question: Question, *answers: Answer) -> Evaluation:
    """What the measure makes of these answers."""
    return evaluate(cast(Helpdesk, Answering(*answers)), [question])


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (answer("answer", "a"), "right"),
        (answer("answer", "also-a"), "right"),
        (answer("likely", "a", choices=("a", "x")), "likely"),
        (answer("choices", choices=("x", "a")), "offered"),
        (answer("likely", "x", choices=("x", "a")), "offered"),
        (answer("answer", "x"), "wrong"),
        (answer("likely", "x", choices=("x", "y")), "wrong"),
        (answer("choices", choices=("x", "y")), "noise"),
        (answer("none"), "silent"),
        (answer("reply", reply="elsewhere"), "silent"),
        (answer("answer", "x", more=(answer("answer", "a"),)), "right"),
    ],
)
def test_an_answer_is_judged_by_what_is_right(given: Answer, verdict: Verdict) -> None:
    found = measured(Question(id="1", kind="long", text="?", expect=[["a", "also-a"]]), given)
    assert found.share("long", verdict) == 100
    assert bool(found.misses) is (verdict != "right")


@pytest.mark.parametrize(
    ("kind", "given", "verdict"),
    [
        ("near", answer("none"), "silent"),
        ("near", answer("choices", choices=("x", "y")), "noise"),
        ("near", answer("likely", "x"), "wrong"),
        ("near", answer("answer", "field:CompStatus"), "noise"),
        ("off", answer("answer", "field:CompStatus"), "wrong"),
        ("small-talk", answer("reply", reply="thanks"), "silent"),
        ("small-talk", answer("answer", "x"), "wrong"),
        ("own-data", answer("reply", reply="own-data"), "silent"),
        ("own-data", answer("reply", reply="elsewhere"), "noise"),
        ("own-data", answer("none"), "noise"),
        ("safeguarding", answer("reply", reply="safeguarding"), "silent"),
        ("safeguarding", answer("none"), "noise"),
        ("safeguarding", answer("answer", "x"), "wrong"),
    ],
)
def test_what_should_not_be_answered_is_judged_by_silence(
    kind: Kind, given: Answer, verdict: Verdict
) -> None:
    assert measured(Question(id="1", kind=kind, text="?"), given).share(kind, verdict) == 100


def test_the_right_answer_for_another_year_is_wrong() -> None:
    question = Question(id="1", kind="year", text="?", expect=[["a"]], year_meant="2025-26")
    assert measured(question, answer("answer", "a")).share("year", "wrong") == 100
    then = answer("answer", "a", year=AcademicYear(2025))
    assert measured(question, then).share("year", "right") == 100


def test_every_name_must_be_told() -> None:
    question = Question(id="1", kind="named", text="?", names=["R_63", "LDM 363"])
    both = answer("answer", "rule:R_63", more=(answer("answer", "code:LDM-363"),))
    assert measured(question, both).share("named", "right") == 100
    assert measured(question, answer("answer", "rule:r_63")).share("named", "offered") == 100
    assert measured(question, answer("answer", "rule:R_64")).share("named", "wrong") == 100
    assert measured(question, answer("none")).share("named", "silent") == 100


def test_of_several_questions_in_a_message_each_counts() -> None:
    question = Question(id="1", kind="long", text="?", expect=[["a"], ["b"], ["c"]])
    found = measured(question, answer("answer", "a", more=(answer("likely", "c"),)))
    assert found.parts == Counter(asked=3, right=2)
    assert found.to_json()["parts of messages"] == {"asked": 3, "right": 66.7}


def test_a_conversation_is_asked_turn_by_turn_with_what_came_before() -> None:
    desk = Answering(
        answer("answer", "a"), answer("reply", reply="source"), answer("reply", reply="thanks")
    )
    turns = [
        Turn(text="one?", turn="question", expect=["a"]),
        Turn(text="where does it say", turn="source"),
        Turn(text="ta", turn="thanks"),
    ]
    question = Question(id="1", kind="conversation", turns=turns)
    found = evaluate(cast(Helpdesk, desk), [question])
    assert desk.threads == [(), ("one?",), ("one?", "where does it say")]
    assert found.to_json() == {"conversation": {"lines": 3, "right": 100.0}}


@pytest.mark.parametrize(
    ("turn", "given", "verdict"),
    [
        ("source", answer("reply", reply="still"), "silent"),
        ("person", answer("none"), "silent"),
        ("still", answer("answer", "a"), "wrong"),
        ("thanks", answer("answer", "a"), "wrong"),
    ],
)
def test_a_turn_is_judged_by_what_it_asks(turn: Any, given: Answer, verdict: Verdict) -> None:
    question = Question(id="1", kind="conversation", turns=[Turn(text="?", turn=turn)])
    assert measured(question, given).share("conversation", verdict) == 100


def test_a_share_of_nothing_is_none() -> None:
    assert Evaluation().share("long", "right") == 0
    assert Evaluation().to_json() == {}


@pytest.mark.parametrize(
    "text",
    [
        "- {id: A1, kind: gossip, text: x}",
        "- {id: A1, kind: long, txt: x}",
        "- {id: A1, kind: year, text: x, year_meant: 2025}",
        "- {kind: long, text: x}",
    ],
)
def test_a_question_that_is_not_one_is_refused_with_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yaml").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        read_questions(tmp_path)
    assert all("bad.yaml" in str(problem) for problem in refused.value.problems)


def test_a_folder_without_questions_has_none(tmp_path: Path) -> None:
    assert read_questions(tmp_path) == []


# the sets -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def both() -> list[Question]:
    """Every question of both sets."""
    return [question for name in ("open", "held") for question in read_questions(FOLDER / name)]


def _expected(question: Question) -> Iterator[str]:
    for right in question.expect:
        yield from right
    for turn in question.turns:
        yield from turn.expect
    yield from question.must_not_be


def _lines(question: Question) -> list[str]:
    return [text for text in (question.text, *(turn.text for turn in question.turns)) if text]


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_no_question_is_asked_twice(both: list[Question]) -> None:
    texts: dict[str, list[str]] = {}
    for question in both:
        # "hiya" is what anybody writes, and is asked to see that nothing comes of it.
        if question.text and question.kind not in {"small-talk", "off"}:
            texts.setdefault(_folded(question.text), []).append(question.id)
    assert [ids for ids in texts.values() if len(ids) > 1] == []


def test_a_question_has_a_text_or_turns(both: list[Question]) -> None:
    assert [one.id for one in both if bool(one.text) == bool(one.turns)] == []
    assert [one.id for one in both if any(not turn.text for turn in one.turns)] == []


def test_what_is_right_is_said_of_every_question_that_has_an_answer(both: list[Question]) -> None:
    answered = {"forum", "forum-placement", "long", "fragment", "year", "term"}
    assert [one.id for one in both if one.kind in answered and not one.expect] == []
    assert [one.id for one in both if one.kind == "named" and not one.names] == []
    asking = [(one.id, turn) for one in both for turn in one.turns]
    assert [name for name, turn in asking if turn.turn == "question" and not turn.expect] == []


def test_nothing_is_right_and_wrong_at_once(both: list[Question]) -> None:
    mixed = [
        one.id for one in both if {e for right in one.expect for e in right} & set(one.must_not_be)
    ]
    assert mixed == []


def test_every_id_expected_exists(helpdesk: Helpdesk, both: list[Question]) -> None:
    unknown = {
        (question.id, wanted)
        for question in both
        for wanted in _expected(question)
        if not _exists(helpdesk, wanted)
    }
    assert unknown == set()


def _exists(helpdesk: Helpdesk, wanted: str) -> bool:
    """Whether an id is an entry's, or one by which the helpdesk explains a thing."""
    knowledge = helpdesk.knowledge
    kind, _, name = wanted.partition(":")
    match kind:
        case "rule":
            return name in knowledge.catalogue.rows
        case "term":
            known = {re.sub(r"[^a-z0-9]+", "-", term.term.casefold()) for term in knowledge.terms}
            return name in known or _YEARLY.fullmatch(name) is not None
        case "date":
            return _YEARLY.fullmatch(name) is not None
        case "field" | "code":
            # An abbreviation by itself is told as a term; asked for its codes, as a code.
            said = (name, name.replace("-", " "), f"{name} codes")
            return wanted in {helpdesk.explain(each).entry for each in said}
        case _:
            return wanted in knowledge.entries


_YEARLY = re.compile(r"(?:R(?:0[1-9]|1[0-4])|returns|ilr-changes)-20\d\d-\d\d")


def test_every_name_to_be_told_can_be_named(helpdesk: Helpdesk, both: list[Question]) -> None:
    names = NameIndex(helpdesk.knowledge)
    unknown = [
        (question.id, name)
        for question in both
        for name in question.names
        if name.casefold() not in {found.id.casefold() for found in names.find(name)}
    ]
    assert unknown == []


def test_no_held_question_is_a_line_that_the_kinds_are_learnt_from() -> None:
    learnt = {_folded(line) for kind in KINDS for line in bank(kind)}
    held = read_questions(FOLDER / "held")
    taken = [
        question.id
        for question in held
        for line in _lines(question)
        if len(_folded(line).split()) > 3 and _folded(line) in learnt
    ]
    assert taken == []

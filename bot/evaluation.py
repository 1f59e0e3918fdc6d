"""How well questions are answered, measured on questions that the knowledge has not seen.

A question set is a folder of YAML files in tests/questions/open (looked at while developing) or
tests/questions/held (not read until a release). Each kind of line is counted apart, and judged
by what the answer says: by the entries or explanations that are right, and by those that must
not be given.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.answers import Answer
from bot.helpdesk import Helpdesk
from bot.yaml_files import read_yaml, validate

__all__ = ["Evaluation", "Question", "Verdict", "evaluate", "read_questions"]

Kind = Literal[
    "forum", "forum-placement", "long", "fragment", "year", "named", "term", "conversation",
    "near", "other-provision", "small-talk", "own-data", "safeguarding", "not-ilr", "off",
]  # fmt: skip
Verdict = Literal["right", "likely", "offered", "wrong", "noise", "silent"]
"""``right``: outright. ``likely``: right, marked as likely. ``offered``: right among choices.
``wrong``: something else outright or as likely. ``noise``: choices without the right one.
``silent``: nothing, which is right for what should not be answered."""

NOT_ANSWERED: frozenset[Kind] = frozenset(
    {"near", "other-provision", "small-talk", "own-data", "safeguarding", "not-ilr", "off"}
)
CALENDAR = "returns-and-dates"
"""The entry on returns: the date of the one that is named answers as well."""
_REPLY: dict[Kind, frozenset[str]] = {
    "own-data": frozenset({"own-data"}),
    "safeguarding": frozenset({"safeguarding"}),
}
"""The replies that are right for a kind of line."""


class Turn(BaseModel):
    """One turn of a conversation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    turn: Literal["question", "again", "source", "still", "person", "thanks"]
    expect: list[str] = []


class Question(BaseModel):
    """One line and what should come of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Kind
    text: str = ""
    expect: list[list[str]] = Field(
        default=[], description="For each question asked, what is right"
    )
    names: list[str] = Field(default=[], description="Rules, fields and codes to be explained")
    must_not_be: list[str] = Field(default=[], description="Entries that would be wrong")
    must_not: str = Field(default="", description="What a right answer does not say, for a reader")
    says: str = Field(default="", description="What a right answer says, for a reader")
    year_meant: str | None = Field(default=None, pattern=r"^20\d\d-\d\d$")
    sort: str = ""
    provision: str = ""
    turns: list[Turn] = []


@dataclass
class Evaluation:
    """Counts over a question set."""

    verdicts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """kind → verdict → count."""
    parts: Counter[str] = field(default_factory=Counter)
    """Of messages with several questions: how many parts were asked, and answered rightly."""
    misses: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Kind, question, verdict, and what came."""

    def share(self, kind: str, *verdicts: str) -> float:
        """Per cent of a kind's lines that came to these verdicts; 0 when there are none."""
        counts = self.verdicts[kind]
        total = sum(counts.values())
        return 100 * sum(counts[verdict] for verdict in verdicts) / total if total else 0.0

    def to_json(self) -> dict[str, Any]:
        """Per kind: how many, and per cent of each verdict."""
        found: dict[str, Any] = {}
        for kind, counts in sorted(self.verdicts.items()):
            total = sum(counts.values())
            found[kind] = {
                "lines": total,
                **{verdict: round(self.share(kind, verdict), 1) for verdict in sorted(counts)},
            }
        if self.parts["asked"]:
            found["parts of messages"] = {
                "asked": self.parts["asked"],
                "right": round(100 * self.parts["right"] / self.parts["asked"], 1),
            }
        return found


def read_questions(folder: Path, files: str = "*.yaml") -> list[Question]:
    """Every question in a folder's files, or in some of them. Raises KnowledgeError."""
    adapter: TypeAdapter[list[Question]] = TypeAdapter(list[Question])
    return [
        question
        for path in sorted(folder.glob(files))
        for question in validate(read_yaml(path), adapter)
    ]


def evaluate(helpdesk: Helpdesk, questions: Iterable[Question]) -> Evaluation:
    """Ask every question and count what came of it."""
    result = Evaluation()
    for question in questions:
        if question.turns:
            _converse(helpdesk, question, result)
            continue
        answer = helpdesk.ask(question.text)
        verdict = _verdict(helpdesk, question, answer)
        result.verdicts[question.kind][verdict] += 1
        if len(question.expect) > 1:
            told = _told([answer, *answer.more])
            for right in question.expect:
                result.parts["asked"] += 1
                result.parts["right"] += bool(set(right) & told)
        if verdict not in _good(question.kind):
            result.misses.append((question.kind, question.text, verdict, _summary(answer)))
    return result


def _good(kind: Kind) -> set[Verdict]:
    return {"silent"} if kind in NOT_ANSWERED else {"right"}


def _verdict(helpdesk: Helpdesk, question: Question, answer: Answer) -> Verdict:
    if question.kind in NOT_ANSWERED:
        return _unanswered(question, answer)
    if question.kind == "named":
        return _named(helpdesk, question, answer)
    right = {one for part in question.expect for one in part}
    if question.year_meant and str(answer.year) != question.year_meant:
        return "wrong"
    return _covered(helpdesk, right, answer)


def _covered(helpdesk: Helpdesk, right: set[str], answer: Answer) -> Verdict:
    """By the first answer; one of a further part counts as right too where the first is not.

    The explanation of a rule, field or return is as right as an entry about it.
    """
    whole = [answer, *answer.more]
    known = helpdesk.knowledge.entries
    about = {
        name for one in right if one in known for name in (*known[one].rules, *known[one].fields)
    }
    right = right | {f"{kind}:{name}" for name in about for kind in ("rule", "field")}
    if CALENDAR in right:
        right = right | {one.entry for one in whole if one.entry and one.entry[:5] == "date:"}
    outright = [one.entry for one in whole if one.outcome == "answer"]
    likely = [one.entry for one in whole if one.outcome == "likely"]
    if right & set(outright):
        return "right"
    if right & set(likely):
        return "likely"
    choices = {choice.entry for one in whole for choice in one.choices}
    if right & choices:
        return "offered"
    if outright or likely:
        return "wrong"
    return "noise" if choices else "silent"


def _named(helpdesk: Helpdesk, question: Question, answer: Answer) -> Verdict:
    """Every name must be told: by its explanation, or by an entry that speaks of it."""
    told = _told([answer, *answer.more])
    found = {name for name in question.names if _is_told(helpdesk, name, told)}
    if found == set(question.names) or (question.sort == "message" and found):
        return "right"
    if found:
        return "offered"
    return "silent" if answer.outcome in {"none", "reply"} else "wrong"


def _is_told(helpdesk: Helpdesk, name: str, told: set[str]) -> bool:
    spelled = name.replace(" ", "-").casefold()
    if any(one.partition(":")[2].casefold().startswith(spelled) for one in told):
        return True
    entries = (helpdesk.knowledge.entries.get(one) for one in told)
    texts = (
        " ".join([e.question, *e.also_asked, *e.rules, *(a.text for a in e.answers)])
        for e in entries
        if e is not None
    )
    return any(name.casefold() in text.replace("`", "").casefold() for text in texts)


def _told(answers: Iterable[Answer]) -> set[str]:
    return {one.entry for one in answers if one.entry and one.outcome in {"answer", "likely"}}


def _unanswered(question: Question, answer: Answer) -> Verdict:
    wanted = _REPLY.get(question.kind)
    if answer.outcome == "reply":
        return "silent" if wanted is None or answer.reply in wanted else "noise"
    if answer.outcome in {"answer", "likely"}:
        # An explanation of what is named is no wrong answer to a question nobody covers.
        explained = (answer.entry or "").startswith(("rule:", "field:", "code:", "term:", "date:"))
        near = question.kind in {"near", "other-provision"}
        if question.must_not_be and answer.entry not in question.must_not_be:
            # Not the entry of the other provision: whether it fits is for a person to judge.
            return "noise"
        return "noise" if explained and near else "wrong"
    if answer.outcome == "choices":
        return "noise"
    return "silent" if wanted is None else "noise"


def _converse(helpdesk: Helpdesk, question: Question, result: Evaluation) -> None:
    before: list[str] = []
    for turn in question.turns:
        answer = helpdesk.ask(turn.text, before=before)
        verdict = _turn_verdict(helpdesk, turn, answer)
        result.verdicts[question.kind][verdict] += 1
        if verdict not in {"right", "likely"}:
            told = f"{turn.text} [{turn.turn}, after: {before[-1] if before else '-'}]"
            result.misses.append((question.kind, told, verdict, _summary(answer)))
        if turn.turn != "thanks":
            before.append(turn.text)


def _turn_verdict(helpdesk: Helpdesk, turn: Turn, answer: Answer) -> Verdict:
    if turn.turn in {"source", "still", "person"}:
        if answer.outcome == "reply" and answer.reply == turn.turn:
            return "right"
        return "silent" if answer.outcome in {"none", "reply"} else "wrong"
    if turn.turn == "thanks":
        return "right" if answer.outcome in {"reply", "none"} else "wrong"
    return _covered(helpdesk, set(turn.expect), answer)


def _summary(answer: Answer) -> str:
    return "; ".join(_one(one) for one in [answer, *answer.more])


def _one(answer: Answer) -> str:
    got: Iterator[str] = (choice.entry for choice in answer.choices)
    told = answer.entry or answer.reply or ""
    return f"{answer.outcome} {told} [{', '.join(got)}] {answer.year}"

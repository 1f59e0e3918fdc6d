"""How well questions find their entries, measured on questions kept apart from the knowledge.

A question set is YAML: a list of ``{question, entry, topic}``, where ``entry`` is an id, a
list of ids that are equally right, or absent with ``kind: near`` (a real ILR question that is
not covered) or ``kind: off`` (off-topic).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.helpdesk import Helpdesk
from bot.yaml_files import read_yaml, validate
from bot.years import AcademicYear

__all__ = ["Evaluation", "Question", "evaluate", "read_questions"]

Verdict = Literal["right", "offered", "wrong", "offered_wrong", "silent"]


class Question(BaseModel):
    """One question and what should come of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    entry: list[str] | str | None = None
    kind: Literal["covered", "near", "off"] = "covered"
    topic: str = "other"
    year: str | None = Field(default=None, pattern=r"^20\d\d-\d\d$")

    @property
    def wanted(self) -> frozenset[str]:
        """The ids that are right; none for a question that should not be answered."""
        if self.entry is None:
            return frozenset()
        return frozenset([self.entry] if isinstance(self.entry, str) else self.entry)


@dataclass
class Evaluation:
    """Counts over a question set."""

    verdicts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """kind → verdict → count."""
    topics: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    misses: list[tuple[Question, str, str]] = field(default_factory=list)
    """Question, verdict, and what came instead."""

    def share(self, kind: str, *verdicts: str) -> float:
        """Per cent of a kind's questions that came to these verdicts; 0 when there are none."""
        counts = self.verdicts[kind]
        total = sum(counts.values())
        return 100 * sum(counts[v] for v in verdicts) / total if total else 0.0

    @property
    def wrong_of_all(self) -> float:
        """Wrong answers given outright, per cent of all questions asked."""
        total = sum(sum(counts.values()) for counts in self.verdicts.values())
        wrong = sum(counts["wrong"] for counts in self.verdicts.values())
        return 100 * wrong / total if total else 0.0

    def to_json(self) -> dict[str, Any]:
        """The figures, per cent."""
        return {
            "questions": {kind: sum(c.values()) for kind, c in self.verdicts.items()},
            "answered_right": round(self.share("covered", "right"), 1),
            "right_or_among_choices": round(self.share("covered", "right", "offered"), 1),
            "wrong_of_all": round(self.wrong_of_all, 2),
            "wrong_of_covered": round(self.share("covered", "wrong"), 1),
            "near_answered": round(self.share("near", "wrong"), 1),
            "near_offered": round(self.share("near", "offered_wrong"), 1),
            "off_answered": round(self.share("off", "wrong"), 1),
            "off_offered": round(self.share("off", "offered_wrong"), 1),
        }


def read_questions(folder: Path) -> list[Question]:
    """Every question below a folder. Raises KnowledgeError."""
    adapter: TypeAdapter[list[Question]] = TypeAdapter(list[Question])
    return [
        question
        for path in sorted(folder.glob("*.yaml"))
        for question in validate(read_yaml(path), adapter)
    ]


def evaluate(helpdesk: Helpdesk, questions: Iterable[Question]) -> Evaluation:
    """Ask every question and count what came of it."""
    result = Evaluation()
    for question in questions:
        year = AcademicYear.parse(question.year) if question.year else None
        answer = helpdesk.ask(question.question, year)
        got = [answer.entry] if answer.entry else [choice.entry for choice in answer.choices]
        verdict: Verdict
        if answer.outcome == "answer":
            verdict = "right" if answer.entry in question.wanted else "wrong"
        elif answer.outcome == "choices":
            verdict = "offered" if question.wanted & set(got) else "offered_wrong"
        else:
            verdict = "silent"
        result.verdicts[question.kind][verdict] += 1
        result.topics[question.topic if question.kind == "covered" else question.kind][verdict] += 1
        expected = verdict == "right" or (verdict == "silent" and not question.wanted)
        if not expected:
            result.misses.append((question, verdict, ", ".join(str(g) for g in got)))
    return result

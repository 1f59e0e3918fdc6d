"""What the helpdesk says, and the JSON it is written as.

The JSON shapes are a contract (README, "JSON"): keys may be added, none changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from textwrap import shorten
from typing import Any, Literal

from bot.years import AcademicYear, YearRange

__all__ = ["NO_QUESTION", "Answer", "AnswerKind", "Choice", "ReplyKind", "SourceLine"]

NO_QUESTION = "I found no question about the ILR in that. Ask as you would ask a colleague"
"""To whoever asked by name what was taken for talk; without its full stop."""

AnswerKind = Literal["answer", "likely", "choices", "none", "reply"]
"""``likely``: shown as the likeliest entry, with what else may be meant; ``reply``: to a line that
asks nothing of the knowledge (thanks, a learner at risk, the provider's own figures)."""

ReplyKind = Literal[
    "greeting", "thanks", "ok", "nevermind", "emoji", "bot", "chatter",
    "own-data", "safeguarding", "elsewhere",
    "source", "still", "person",
]  # fmt: skip


MAX_OPEN, MAX_QUOTED = 3, 160
"""Questions of a message that are said to be left open; characters of each."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where a statement was read, and the year it speaks for."""

    title: str
    url: str | None
    year: str

    def to_json(self) -> dict[str, str | None]:
        return {"title": self.title, "url": self.url, "year": self.year}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of two or three entries that may be meant."""

    entry: str
    question: str
    confidence: float
    hint: str = ""
    """What tells it apart: the answer's first sentence, shortened."""
    label: str = ""
    """The reply that leads to it, when one question is asked back."""
    year: AcademicYear | None = None
    """The year to answer for, when that is what was asked back."""

    def to_json(self) -> dict[str, Any]:
        return {
            "entry": self.entry,
            "question": self.question,
            "confidence": round(self.confidence, 3),
            "label": self.label or None,
            "year": str(self.year) if self.year else None,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one question."""

    question: str
    year: AcademicYear
    outcome: AnswerKind
    entry: str | None = None
    title: str = ""
    """The entry's own question, or the name of what is explained."""
    confidence: float = 0.0
    text: str | None = None
    """The whole answer."""
    lead: str = ""
    """The answer itself, in a sentence or two."""
    lines: tuple[str, ...] = ()
    """What to do or check; shown with the lead."""
    detail: str = ""
    """The rest, on request."""
    provision: str = ""
    """Whose record it holds for, in words; "" when for every kind of provision."""
    reply: ReplyKind | None = None
    """What kind of line was replied to, when the outcome is a reply."""
    years: YearRange | None = None
    sources: tuple[SourceLine, ...] = ()
    reviewed: date | None = None
    review_by: date | None = None
    status: str | None = None
    status_in_words: str = ""
    owner: str = ""
    unverified: str | None = None
    clarify: tuple[str, ...] = ()
    ask: str = ""
    """The one question that decides between the choices; "" when they are simply listed."""
    choices: tuple[Choice, ...] = ()
    related: tuple[str, ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    """Without an answer: the topics (id, title) that came nearest, the nearest first."""
    other_years: tuple[AcademicYear, ...] = ()
    """Years for which the entry says something else."""
    then: AcademicYear | None = None
    """A year of the earlier answer that is told beside it, when the two are compared."""
    notes: tuple[str, ...] = ()
    """What the reader should know about how the question was understood."""
    more: tuple[Answer, ...] = ()
    open: tuple[str, ...] = ()
    """Questions of the same message, as they were written, that none of these answers is for."""
    why: dict[str, Any] | None = None

    @property
    def shown(self) -> str:
        """What is shown at first: the lead, and the lines as a list."""
        listed = "\n".join(x if x.startswith("- ") else f"- {x}" for x in self.lines)
        return "\n\n".join(filter(None, [self.lead, listed]))

    @property
    def others(self) -> tuple[Choice, ...]:
        """What may be meant instead of the entry that is told."""
        return tuple(choice for choice in self.choices if choice.entry != self.entry)

    @property
    def further(self) -> tuple[str, ...]:
        """Entries to read next: what is related and is not offered as what else may be meant."""
        offered = {choice.entry for choice in self.others}
        return tuple(entry for entry in self.related if entry not in offered)

    @property
    def left_open(self) -> str:
        """Which questions of the message nothing above is for, in a line; "" when none is."""
        if not self.open:
            return ""
        quoted = [f"“{shorten(one, MAX_QUOTED, placeholder=' …')}”" for one in self.open[:MAX_OPEN]]
        if len(self.open) > MAX_OPEN:
            quoted.append(f"and {len(self.open) - MAX_OPEN} more.")
        by_itself = "them one at a time" if len(self.open) > 1 else "it by itself"
        return f"Not answered here: {' '.join(quoted)} Ask {by_itself}, or ask a person."

    @property
    def is_kept(self) -> bool:
        """Whether the ledger may hold it: what asks nothing is neither asked nor unanswered, and
        of a learner at risk nothing is kept."""
        return self.outcome != "reply"

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "question": self.question,
            "year": str(self.year),
            "outcome": {"likely": "choices", "reply": "none"}.get(self.outcome, self.outcome),
            "entry": self.entry if self.outcome == "answer" else None,
            "title": self.title or None,
            "confidence": round(self.confidence, 3),
            "answer": self.text if self.outcome == "answer" else None,
            "lead": self.lead or None,
            "lines": list(self.lines),
            "detail": self.detail or None,
            "for": self.provision or None,
            "likely": self.entry if self.outcome == "likely" else None,
            "reply": {"kind": self.reply, "text": self.text} if self.reply else None,
            "years": self.years.to_json() if self.years else None,
            "sources": [source.to_json() for source in self.sources],
            "reviewed": self.reviewed.isoformat() if self.reviewed else None,
            "status": self.status,
            "unverified": self.unverified,
            "clarify": list(self.clarify),
            "ask": self.ask or None,
            "choices": [choice.to_json() for choice in self.choices],
            "related": list(self.related),
            "near": [topic for topic, _ in self.near],
            "notes": list(self.notes),
            "more": [answer.to_json() for answer in self.more],
            "open": list(self.open),
        }
        if self.why is not None:
            found["why"] = self.why
        return found

    def with_more(self, more: tuple[Answer, ...]) -> Answer:
        """The same answer with further questions' answers behind it."""
        return replace(self, more=more)

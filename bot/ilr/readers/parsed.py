"""A record as understood: what every reader makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.ilr.raw import RawEntity, RawField, Remark

__all__ = ["Confidence", "ParsedRecord", "Violation"]

_CONVENTIONS = (
    "read day first",
    "only the code in front",
    "only the code beside",
    "for the word it shows",
)
"""Guesses that hold for nearly every paste of a British college: no reason to ask back."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule in a violation report: how many learners and rows it stands for."""

    rule: str
    learners: int
    """0 when the rows do not tell learners apart."""
    rows: int


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure a reading is: values recognised and guessed, and lines that something was left
    over of."""

    recognised: int
    guessed: int
    left_over: int
    in_doubt: int
    """Guessed values whose field, year or place is in doubt, not only how they are written."""

    @property
    def should_ask(self) -> bool:
        """Whether more than a fifth of the values is in doubt."""
        return self.in_doubt * 5 > self.recognised + self.guessed


@dataclass
class ParsedRecord:
    """A record as understood, before any year's specification is applied to it."""

    message: RawEntity
    """Always a Message; ``partial`` where only parts were pasted."""
    kind: str
    """What it was taken for, in words, e.g. "ILR XML"."""
    namespace: str | None = None
    year_text: str | None = None
    """The header's year, e.g. ``2627``."""
    prepared_on: str | None = None
    """The header's file preparation date as typed."""
    remarks: list[Remark] = field(default_factory=list)
    violations: tuple[Violation, ...] = ()
    """Of a rule violation report, which is no record; the message is then empty."""
    learners_named: int = 0
    """How many learners such a report has rows for."""

    def fields(self) -> list[RawField]:
        """Every value of the record."""
        return [item for entity in _walk(self.message) for item in entity.fields]

    def guesses(self) -> list[RawField]:
        """Values that are not certain, in order of line."""
        found = [item for item in self.fields() if item.guess]
        return sorted(found, key=lambda item: item.line or 0)

    def confidence(self) -> Confidence:
        """What was recognised, guessed and left over."""
        values = [item for item in self.fields() if item.text.strip()]
        guessed = [item for item in values if item.guess]
        doubted = [item for item in guessed if _in_doubt(item.guess or "")]
        lines = {remark.line for remark in self.remarks}
        return Confidence(len(values) - len(guessed), len(guessed), len(lines), len(doubted))

    def to_json(self) -> dict[str, Any]:
        """The record as read, with lines and guesses; ``read`` understands it again."""
        return {
            "kind": self.kind,
            "namespace": self.namespace,
            "record": _as_json(self.message),
            "violations": [
                {"rule": one.rule, "learners": one.learners, "rows": one.rows}
                for one in self.violations
            ],
            "confidence": {
                "recognised": self.confidence().recognised,
                "guessed": self.confidence().guessed,
                "left_over": self.confidence().left_over,
            },
            "problems": [{"line": r.line, "message": r.message} for r in self.remarks],
        }


def _in_doubt(guess: str) -> bool:
    return any(not any(usual in reason for usual in _CONVENTIONS) for reason in guess.split("; "))


def _walk(entity: RawEntity) -> Iterator[RawEntity]:
    yield entity
    for child in entity.children:
        yield from _walk(child)


def _as_json(entity: RawEntity) -> dict[str, Any]:
    return {
        "entity": entity.name,
        "line": entity.line,
        "partial": entity.partial,
        "blank": list(entity.blank),
        "fields": [
            {"name": f.name, "value": f.text, "line": f.line, "guess": f.guess}
            for f in entity.fields
        ],
        "children": [_as_json(child) for child in entity.children],
    }

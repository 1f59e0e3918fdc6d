"""Breaches of the XML schema in a report: the same one many times is one, with a count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.ilr.raw import Remark
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.schema_check import Shape, check_schema
from bot.ilr.specification import YearSpecification
from bot.rules.engine import Engine

__all__ = ["SchemaError", "SchemaErrors", "ruled_limits", "schema_remarks"]

MAX_KINDS = 100
"""Different breaches that are kept; they are few, for no value is in their words."""


@dataclass(frozen=True, slots=True)
class SchemaError:
    """A breach: what is wrong and what to do, where it is first, and how often it is there."""

    line: int | None
    message: str
    times: int = 1

    @property
    def place(self) -> str:
        """``line 12`` or ``line 12 and 30 more``; "" when no line is known."""
        if self.line is None:
            return f"{self.times:,} times" if self.times > 1 else ""
        return f"line {self.line}" + (f" and {self.times - 1:,} more" if self.times > 1 else "")

    def to_json(self) -> dict[str, Any]:
        return {"line": self.line, "message": self.message, "times": self.times}


class SchemaErrors:
    """Counts breaches as they come."""

    def __init__(self, remarks: Iterable[Remark] = ()) -> None:
        self._first: dict[str, int | None] = {}
        self._times: dict[str, int] = {}
        self.add(remarks)

    def add(self, remarks: Iterable[Remark]) -> None:
        """Count these in."""
        for remark in remarks:
            if remark.message not in self._first and len(self._first) >= MAX_KINDS:
                continue
            self._first.setdefault(remark.message, remark.line)
            self._times[remark.message] = self._times.get(remark.message, 0) + 1

    def found(self) -> tuple[SchemaError, ...]:
        """Each breach once, in order of its first line."""
        errors = [
            SchemaError(line, message, self._times[message])
            for message, line in self._first.items()
        ]
        return tuple(sorted(errors, key=lambda error: error.line or 0))


def schema_remarks(
    reading: ParsedRecord,
    specification: YearSpecification,
    ruled: frozenset[str],
    right: set[Shape] | None = None,
) -> list[Remark]:
    """What breaks the schema in a well-formed XML; nothing for another form of paste, which has no
    order, and whose blanks say nothing. ``right``: as ``check_schema`` takes it."""
    if reading.kind != "ILR XML":
        return []
    return list(check_schema(reading.message, specification, ruled, right))


def ruled_limits(engine: Engine) -> frozenset[str]:
    """Limits of the schema that a field definition rule of the year reports."""
    limits = set()
    for rule in engine.rules:
        suffix = rule.id.rpartition("_")[2]
        if rule.id.startswith("FD_") and suffix == "MA":
            limits.add(f"MA {rule.fields[0]}")
        elif rule.id.startswith("FD_") and suffix == "EO":
            entity, _, field = rule.fields[0].rpartition(".")
            limits.add(f"EO {entity or field}")
    return frozenset(limits)

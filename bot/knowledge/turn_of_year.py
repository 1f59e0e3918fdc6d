"""What ends with the academic year, for those who look after the knowledge.

Shown from June on, while something is left to do: the rules of a year change on 1 August.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.ilr.specification import Code
from bot.knowledge.base import KnowledgeBase
from bot.years import AcademicYear

__all__ = ["TurnOfYear", "turn_of_year"]

FIRST_MONTH, LAST_MONTH = 6, 10
"""June to October: from when next year's texts are out until last year's file closes."""


@dataclass(frozen=True, slots=True)
class TurnOfYear:
    """What is left to do for a new academic year."""

    year: AcademicYear
    """The year that begins, or began."""
    to_review: tuple[str, ...]
    """Entries whose review date falls before it begins, or fell."""
    no_returns: bool
    """None of its return dates are held."""
    no_rules: bool
    """Its rules are not in."""
    codes_ending: tuple[str, ...]
    """Codes that may not be used in it any more, as "Learner.Sex F"."""

    @property
    def lines(self) -> list[str]:
        """A sentence each, for a report."""
        found = []
        if self.to_review:
            found.append(f"{_many(len(self.to_review), 'entry', 'entries')} to review")
        if self.no_returns:
            found.append(f"no return dates of {self.year} held")
        if self.no_rules:
            found.append(f"no rules of {self.year} in yet: those of the year before go on")
        if self.codes_ending:
            verb = "ends" if len(self.codes_ending) == 1 else "end"
            found.append(f"{_many(len(self.codes_ending), 'code', 'codes')} {verb}")
        return found


def turn_of_year(knowledge: KnowledgeBase, today: date) -> TurnOfYear | None:
    """What is left to do for the coming year, or the one just begun; None when nothing is."""
    if not FIRST_MONTH <= today.month <= LAST_MONTH:
        return None
    year = AcademicYear(today.year)
    facts = knowledge.specification.facts.get(year)
    before_it = (e for e in knowledge.entries.values() if e.review_by < year.start)
    codes = sorted(_ending(knowledge, year - 1)) if today < year.start else []
    found = TurnOfYear(
        year=year,
        to_review=tuple(entry.id for entry in sorted(before_it, key=lambda e: e.review_by)),
        no_returns=facts is None or not facts.returns,
        no_rules=year not in knowledge.catalogue.read_years,
        codes_ending=tuple(codes),
    )
    return found if found.lines else None


def _ending(knowledge: KnowledgeBase, year: AcademicYear) -> Iterator[str]:
    """Codes of which a year is the last."""
    for row in knowledge.specification.rows.values():
        for field in row.fields:
            for kind in field.types:
                yield from (f"{kind.code} {c.code}" for c in kind.codes if _ends(c, year))
                if _ends(kind, year):
                    yield kind.code
            name = f"{row.name}.{field.name}"
            yield from (f"{name} {code.code}" for code in field.codes if _ends(code, year))


def _ends(code: Code, year: AcademicYear) -> bool:
    if code.last is not None and year.start <= code.last <= year.end:
        return True
    return code.years is not None and code.years.to == year


def _many(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"

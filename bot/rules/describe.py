"""One rule in one place: its row as it is in a year, its predicate's source, and its cases."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.errors import InputError
from bot.ilr.specification import YearSpecification
from bot.rules.catalogue import Catalogue, Rule, RuleRow
from bot.rules.engine import Engine, predicates
from bot.rules.reference.data import NO_REFERENCE, ReferenceData
from bot.years import AcademicYear

__all__ = ["RuleDescription", "Written", "describe"]

_ROOT = Path(__file__).parents[2]
CASES = _ROOT / "tests" / "rules"
"""In a checkout; an installed package has no tests."""
NO_CASES = "its cases are in tests/rules of the repository, which are not installed here"


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of a file: where it is, and what it says."""

    path: str
    line: int
    text: str

    def to_json(self) -> dict[str, Any]:
        return {"path": self.path, "line": self.line, "text": self.text}


@dataclass(frozen=True, slots=True)
class RuleDescription:
    """All that the rules know of one rule in one year."""

    rule: Rule
    year: AcademicYear
    also_called: tuple[str, ...]
    file: str
    """Its catalogue file."""
    checked: str
    """How a record is checked, or why it is not."""
    predicate: Written | None
    cases: list[Written]

    def _row(self) -> dict[str, str]:
        """What the row says in the year, in words, without what it leaves out."""
        rule = self.rule
        values = {
            "title": rule.title,
            "also called": ", ".join(self.also_called),
            "family": rule.family,
            "severity": str(rule.severity),
            "in FIS": str(rule.fis) if rule.fis != rule.severity else "",
            "entity": rule.entity,
            "fields": ", ".join(rule.fields),
            "years": str(rule.years),
            "changed": rule.changed or "",
            "text of": str(rule.text_of) if rule.text_of != self.year else "",
            "needs": ", ".join(rule.needs),
            "of LARS": ", ".join(rule.lars),
            "parameters": ", ".join(f"{n}: {_value(v)}" for n, v in rule.parameters.items()),
            "checks list": rule.checks_list or "",
            "message": rule.message,
            "fix": rule.fix,
            "in part": rule.partly or "",
            "note": rule.note or "",
            "entries": ", ".join(rule.entries),
            "source": f"{rule.source.title} {rule.source.url or ''}".strip(),
        }
        return {name: value for name, value in values.items() if value}

    def to_json(self) -> dict[str, Any]:
        rule = self.rule
        return {
            "id": rule.id,
            "year": str(self.year),
            "file": self.file,
            "family": rule.family,
            "title": rule.title,
            "also_called": list(self.also_called),
            "severity": str(rule.severity),
            "fis": str(rule.fis),
            "entity": rule.entity,
            "fields": list(rule.fields),
            "years": rule.years.to_json(),
            "changed": rule.changed,
            "text_of": str(rule.text_of),
            "needs": [str(need) for need in rule.needs],
            "lars": list(rule.lars),
            "parameters": {name: _plain(value) for name, value in rule.parameters.items()},
            "checks_list": rule.checks_list,
            "message": rule.message,
            "fix": rule.fix,
            "partly": rule.partly,
            "note": rule.note,
            "entries": list(rule.entries),
            "source": rule.source.model_dump(),
            "checked": self.checked,
            "predicate": self.predicate.to_json() if self.predicate else None,
            "cases": [case.to_json() for case in self.cases],
            "cases_installed": CASES.is_dir(),
        }

    def lines(self) -> list[str]:
        """As text: the row, then the predicate, then the cases."""
        shown = [f"{self.rule.id} ({self.file})", ""]
        shown += [f"{name + ':':<13}{value}" for name, value in self._row().items()]
        shown += ["", f"{'checked:':<13}{self.checked}"]
        pieces = [self.predicate, *self.cases] if self.predicate else self.cases
        for piece in pieces:
            shown += ["", f"# {piece.path}:{piece.line}", "", piece.text]
        if not CASES.is_dir():
            shown += ["", f"No cases: {NO_CASES}."]
        return shown


def describe(
    catalogue: Catalogue,
    specification: YearSpecification,
    name: str,
    reference: ReferenceData = NO_REFERENCE,
) -> RuleDescription:
    """A rule as it is in the specification's year, with the reference data that is held.

    Raises InputError for a name that is no rule's, and for a rule that is not in force then.
    """
    row = catalogue.find(name)
    if row is None:
        raise InputError(f"I don't recognise the rule {name[:40]!r}. See: rules list.")
    rule = catalogue.in_year(row, specification.year)
    if rule is None:
        raise InputError(_why_not(row, specification, catalogue))
    engine = Engine(catalogue, specification, only=row.id, reference=reference)
    reason = engine.never_run.get(row.id)
    predicate = _predicate(row.id, specification)
    return RuleDescription(
        rule,
        specification.year,
        tuple(row.also_called),
        f"knowledge/rules/{rule.family}.yaml",
        f"not here: {reason}" if reason else _how(rule, predicate, specification),
        predicate,
        _cases(row.id),
    )


def _why_not(row: RuleRow, specification: YearSpecification, catalogue: Catalogue) -> str:
    year = specification.year
    if catalogue.is_live(row, year):
        return f"We don't hold the text of {row.id} for {year}, and it changed around then."
    return f"{row.id} is not in force in {year}. Its years: {row.years}."


def _predicate(rule_id: str, specification: YearSpecification) -> Written | None:
    """The source of the version of its code that is for the year."""
    found = next((p for p in predicates().get(rule_id, []) if p.covers(specification.year)), None)
    if found is None:
        return None
    path = Path(inspect.getfile(found.function)).relative_to(_ROOT)
    lines, first = inspect.getsourcelines(found.function)
    return Written(path.as_posix(), first, "".join(lines).rstrip())


def _how(rule: Rule, predicate: Written | None, specification: YearSpecification) -> str:
    if predicate is not None:
        return "by its predicate, true when the record breaks the rule"
    if rule.checks_list is not None:
        spec = specification.field(*rule.checks_list.split("."))
        codes = ", ".join(spec.types or spec.codes)
        more = "" if spec.codes_complete else " (not known to be complete)"
        return f"{rule.checks_list} is looked up in the list of {specification.year}{more}: {codes}"
    return f"by the limit that the specification of {specification.year} gives {rule.fields[0]}"


def _cases(rule_id: str) -> list[Written]:
    """Its blocks in tests/rules; none where they are not installed."""
    found = []
    start = re.compile(rf"^- rule: {re.escape(rule_id)}$(?:\n(?:[ ].*)?)*", re.MULTILINE)
    for path in sorted(CASES.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        for match in start.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Written(path.relative_to(_ROOT).as_posix(), line, match.group().rstrip()))
    return found


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _plain(value: Any) -> Any:
    """A parameter as JSON knows it: a date becomes text."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, date) else value

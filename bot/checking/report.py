"""What a check came to, and the JSON it is written as.

The JSON shapes are a contract (README, "JSON"): keys may be added, none changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from bot.checking.finding_report import FindingReport, finding_of
from bot.checking.later import Later
from bot.checking.schema_errors import SchemaError
from bot.ilr.raw import Remark
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.timeline import Timeline
from bot.rules.catalogue import Severity
from bot.years import AcademicYear

__all__ = [
    "CommonFinding",
    "FindingReport",
    "HouseCheck",
    "LearnerReport",
    "Report",
    "ViolatedRule",
]


@dataclass(frozen=True, slots=True)
class CommonFinding:
    """A rule broken in the same way, with the same values, by several learners."""

    finding: FindingReport
    """The first of them."""
    refs: tuple[str, ...]
    """References of the first learners."""
    learners: int
    times: int

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.finding.rule,
            "severity": str(self.finding.severity),
            "values": self.finding.values,
            "learners": self.learners,
            "times": self.times,
        }


_Plain = tuple[tuple[Any, ...], ...]
"""Findings as they are sent from process to process."""


class LearnerReport(NamedTuple):
    """One learner's findings, worst first. ``ref`` is the learner reference as given."""

    ref: str
    aims: int
    placements: int
    findings: tuple[FindingReport, ...]
    partial: bool = False
    house_findings: tuple[FindingReport, ...] = ()
    """Of the provider's own checks, kept apart from the published rules."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Findings go to another process as plain tuples, which takes half as long."""
        findings, own = tuple(map(tuple, self.findings)), tuple(map(tuple, self.house_findings))
        return _put_together, (self.ref, self.aims, self.placements, findings, self.partial, own)

    def to_json(self) -> dict[str, Any]:
        return {
            "ref": self.ref,
            "aims": self.aims,
            "findings": [finding.to_json() for finding in self.findings],
            **(
                {"house_findings": [finding.to_json() for finding in self.house_findings]}
                if self.house_findings
                else {}
            ),
        }


def _put_together(
    ref: str, aims: int, placements: int, findings: _Plain, is_partial: bool, own: _Plain
) -> LearnerReport:
    """A learner's report that came from another process."""
    return LearnerReport(
        ref,
        aims,
        placements,
        tuple(map(finding_of, findings)),
        is_partial,
        tuple(map(finding_of, own)),
    )


@dataclass(frozen=True, slots=True)
class HouseCheck:
    """What running the provider's own checks came to, apart from the published rules."""

    run: int
    findings: int
    not_run: dict[str, str] = field(default_factory=dict)
    """House rule → why it was not run."""

    @property
    def conclusion(self) -> str:
        """One line. What was not run is never counted as passed."""
        if not self.run:
            if not self.not_run:
                return "Your own checks: none is for this year."
            return "Your own checks: no house rule could be run."
        rules = _plural(self.run, "house rule")
        verb = "was" if self.run == 1 else "were"
        found = _plural(self.findings, "finding") if self.findings else "nothing found"
        left = f", {len(self.not_run)} could not be" if self.not_run else ""
        return f"Your own checks: {found}. {rules} {verb} run{left}."

    def to_json(self) -> dict[str, Any]:
        return {
            "rules_run": self.run,
            "findings": self.findings,
            "rules_not_run": self.not_run,
            "conclusion": self.conclusion,
        }


@dataclass(frozen=True, slots=True)
class ViolatedRule:
    """A rule in a pasted rule violation report, explained. Learners are only counted."""

    rule: str
    title: str
    severity: Severity | None
    """None for a rule that is not held here."""
    learners: int
    """0 when the rows do not tell learners apart."""
    rows: int
    message: str
    fix: str
    entries: tuple[str, ...] = ()

    @property
    def how_often(self) -> str:
        """How many learners, or rows when learners are not told apart."""
        return _plural(self.learners, "learner") if self.learners else _plural(self.rows, "row")

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "title": self.title,
            "severity": str(self.severity) if self.severity else None,
            "learners": self.learners,
            "rows": self.rows,
            "message": self.message,
            "fix": self.fix,
            "entries": list(self.entries),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What checking a paste or file came to."""

    year: AcademicYear
    on: date
    kind: str
    learners: tuple[LearnerReport, ...]
    rules_run: int
    rules_not_run: dict[str, int]
    problems: tuple[Remark, ...] = ()
    schema_errors: tuple[SchemaError, ...] = ()
    """What would have the file rejected before any rule is run; only of XML."""
    notes: tuple[str, ...] = ()
    other_findings: tuple[FindingReport, ...] = field(default=())
    """Findings on the file itself, outside any learner."""
    common: tuple[CommonFinding, ...] = ()
    """Findings that several learners have alike: one cause, most likely, for all of them."""
    violations: tuple[ViolatedRule, ...] = ()
    """When a rule violation report was pasted instead of a record: its rules, explained."""
    violated_by: int = 0
    """How many learners such a report has rows for."""
    reference: tuple[dict[str, Any], ...] = ()
    """The reference data that was used: of each kind, which release and how old."""
    house: HouseCheck | None = None
    """The provider's own checks; None when it has none."""
    picture: Later[Timeline | None] | None = field(default=None, repr=False)
    """Makes the timeline when it is first looked at."""
    read: Later[ParsedRecord] | None = field(default=None, repr=False)
    """What was read, put together when it is first looked at."""
    counted: Mapping[Severity, int] | None = None
    """How many findings there are of each severity, where ``learners`` are not all of them."""

    @property
    def timeline(self) -> Timeline | None:
        """One learner's dates, to draw; never in the JSON. Nothing in it identifies them."""
        return self.picture.value if self.picture else None

    @property
    def reading(self) -> ParsedRecord | None:
        """What was read, so that it can be shown before it is believed; never in the JSON."""
        return self.read.value if self.read else None

    @property
    def findings(self) -> list[FindingReport]:
        """Every finding, file first."""
        return [*self.other_findings, *(f for learner in self.learners for f in learner.findings)]

    @property
    def house_findings(self) -> list[FindingReport]:
        """Every finding of the provider's own checks."""
        return [f for learner in self.learners for f in learner.house_findings]

    def count(self, severity: Severity) -> int:
        """How many findings of one severity, of the published rules."""
        if self.counted is not None:
            return self.counted.get(severity, 0)
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def errors(self) -> int:
        """How many errors: of the schema and of the published rules."""
        broken = sum(error.times for error in self.schema_errors)
        return broken + self.count(Severity.ERROR)

    @property
    def conclusion(self) -> str:
        """The one line that matters. Never says "valid"."""
        if self.violations:
            rows = sum(one.rows for one in self.violations)
            of = f", for {_plural(self.violated_by, 'learner')}" if self.violated_by else ""
            rules = _plural(len(self.violations), "rule")
            return f"{rules} in {_plural(rows, 'row')} of a rule violation report{of}."
        broken = sum(error.times for error in self.schema_errors)
        parts = [_plural(broken, "schema error")] if broken else []
        parts += [
            _plural(self.count(severity), word)
            for severity, word in (
                (Severity.ERROR, "error"),
                (Severity.CHECK, "point to check"),
                (Severity.WARNING, "warning"),
            )
            if self.count(severity)
        ]
        rules = _plural(self.rules_run, "rule")
        verb = "was" if self.rules_run == 1 else "were"
        if not parts:
            if self.problems:
                return (
                    "No rule that ran found a problem, but not everything could be read. "
                    f"{rules} {verb} run."
                )
            return f"None of the checks that ran found a problem. {rules} {verb} run."
        return f"{', '.join(parts)}. {rules} {verb} run."

    def to_json(self) -> dict[str, Any]:
        return {
            "year": str(self.year),
            "on": self.on.isoformat(),
            "kind": self.kind,
            "conclusion": self.conclusion,
            "learners": [learner.to_json() for learner in self.learners],
            "file_findings": [finding.to_json() for finding in self.other_findings],
            "common": [group.to_json() for group in self.common],
            "rules_run": self.rules_run,
            "rules_not_run": self.rules_not_run,
            "problems": [{"line": p.line, "message": p.message} for p in self.problems],
            "schema_errors": [error.to_json() for error in self.schema_errors],
            "notes": list(self.notes),
            **({"reference": list(self.reference)} if self.reference else {}),
            **({"house": self.house.to_json()} if self.house else {}),
            **(
                {"violations": [one.to_json() for one in self.violations]}
                if self.violations
                else {}
            ),
        }


def _plural(count: int, word: str) -> str:
    if count == 1:
        return f"1 {word}"
    return f"{count:,} points to check" if word == "point to check" else f"{count:,} {word}s"

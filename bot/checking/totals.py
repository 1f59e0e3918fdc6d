"""What the batches of a whole return or table come to, each and together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.checking.finding_report import RuleWords
from bot.checking.grouping import CommonFindings
from bot.checking.kept import Kept
from bot.checking.paste import MAX_PROBLEMS
from bot.checking.report import FindingReport, HouseCheck, LearnerReport, Report
from bot.checking.schema_errors import SchemaErrors
from bot.ilr.raw import Remark
from bot.rules.catalogue import Severity
from bot.years import AcademicYear

__all__ = ["BatchResult", "FileCheck", "HouseRun", "joined"]

MAX_OF_FILE = 200
"""Findings outside learners that are kept; more are not told apart from these."""


@dataclass(frozen=True)
class BatchResult:
    """What one batch came to; crosses process boundaries."""

    learners: tuple[LearnerReport, ...]
    of_file: tuple[FindingReport, ...]
    rules_run: frozenset[str]
    not_run: dict[str, str]
    problems: list[Remark]
    house: HouseRun | None = None
    kept: tuple[Kept, ...] = ()
    """What the rules that look across the whole file need of these learners."""
    across: bool = False
    """One of the last of a file: findings across it, on learners that were counted before."""


@dataclass(frozen=True)
class HouseRun:
    """Which of the provider's own checks were run on a batch."""

    run: frozenset[str]
    not_run: dict[str, str]


def joined(results: list[BatchResult]) -> BatchResult:
    """Results of learners checked alone, as if they had been checked together."""
    whole = BatchResult((), (), frozenset(), {}, [])
    for one in results:
        of_file = (found for found in one.of_file if found not in whole.of_file)
        house = whole.house or one.house
        if one.house and house:
            run, not_run = one.house.run, one.house.not_run
            house = HouseRun(house.run | run, house.not_run | not_run)
        whole = BatchResult(
            whole.learners + one.learners,
            (*whole.of_file, *of_file),
            whole.rules_run | one.rules_run,
            whole.not_run | one.not_run,
            whole.problems + one.problems,
            house,
            whole.kept + one.kept,
        )
    return whole


@dataclass
class FileCheck:
    """The totals of a running check, which grow as its batches are counted in."""

    year: AcademicYear
    on: date
    notes: list[str]
    kind: str = "ILR XML file"
    learners: int = 0
    aims: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)
    by_severity: Counter[Severity] = field(default_factory=Counter)
    titles: dict[str, str] = field(default_factory=dict)
    severities: dict[str, Severity] = field(default_factory=dict)
    rules_run: set[str] = field(default_factory=set)
    not_run: dict[str, str] = field(default_factory=dict)
    problems: list[Remark] = field(default_factory=list)
    schema: SchemaErrors = field(default_factory=SchemaErrors)
    common: CommonFindings = field(default_factory=CommonFindings)
    house_by_rule: Counter[str] = field(default_factory=Counter)
    """Findings of the provider's own checks, kept apart."""
    house_run: set[str] = field(default_factory=set)
    house_not_run: dict[str, str] = field(default_factory=dict)
    has_house_rules: bool = False
    reference: tuple[dict[str, Any], ...] = ()
    """The reference data that is used."""
    of_file: list[FindingReport] = field(default_factory=list)
    """Findings outside any learner: the header's, and destination records'."""
    _named: dict[str, RuleWords] = field(default_factory=dict, repr=False)
    """The words of each rule that were met last."""
    read: int = 0
    """How much of the source's size is behind us."""

    def add(self, batch: BatchResult) -> BatchResult:
        """Count a batch in. Returns it without what an earlier one has said already."""
        if not batch.across:
            self.learners += len(batch.learners)
            self.aims += sum(learner.aims for learner in batch.learners)
        self.rules_run |= batch.rules_run
        self.not_run.update(batch.not_run)
        is_xml = self.kind == "ILR XML file"  # nothing else has a schema to break
        broken = [remark for remark in batch.problems if remark.breaks_schema and is_xml]
        self.schema.add(broken)
        unread = [remark for remark in batch.problems if remark not in broken]
        self.problems += unread[: max(0, MAX_PROBLEMS - len(self.problems))]
        # Each batch carries the header, whose findings are the same every time.
        new = tuple(finding for finding in batch.of_file if finding not in self.of_file)
        for finding in new:
            if len(self.of_file) < MAX_OF_FILE:
                self.of_file.append(finding)
            self._count(finding)
        for learner in batch.learners:
            for finding in learner.findings:
                self._count(finding)
            self.common.add(learner)
            for finding in learner.house_findings:
                self.house_by_rule[finding.rule] += 1
                self._name(finding)
        if batch.house is not None:
            self.house_run |= batch.house.run
            self.house_not_run.update(batch.house.not_run)
        return replace(batch, of_file=new)

    @property
    def findings(self) -> int:
        """How many findings of the published rules so far."""
        return self.by_rule.total()

    @property
    def errors(self) -> int:
        """How many errors so far: of the schema and of the published rules."""
        broken = sum(error.times for error in self.schema.found())
        return broken + self.by_severity[Severity.ERROR]

    def _count(self, finding: FindingReport) -> None:
        self.by_rule[finding.words.rule] += 1
        self.by_severity[finding.words.severity] += 1
        self._name(finding)

    def _name(self, finding: FindingReport) -> None:
        words = finding.words
        if self._named.get(words.rule) is not words:  # most often it was named just now
            self._named[words.rule] = words
            self.titles[words.rule] = words.title
            self.severities[words.rule] = words.severity

    def _house(self) -> HouseCheck | None:
        if not self.has_house_rules:
            return None
        run = self.house_run - self.house_not_run.keys()
        return HouseCheck(len(run), self.house_by_rule.total(), self.house_not_run)

    def report(self, learners: tuple[LearnerReport, ...]) -> Report:
        """The totals as a report, with the learners that were kept."""
        run = self.rules_run - self.not_run.keys()
        return Report(
            year=self.year,
            on=self.on,
            kind=self.kind,
            learners=learners,
            rules_run=len(run),
            rules_not_run=dict(Counter(self.not_run.values()).most_common()),
            problems=tuple(self.problems),
            schema_errors=self.schema.found(),
            notes=tuple(self.notes),
            other_findings=tuple(self.of_file),
            reference=self.reference,
            common=self.common.found(),
            house=self._house(),
            counted=self.by_severity,
        )

"""Check a whole return, of any size, a batch of learners at a time.

The file is read as a stream and never held; memory stays nearly flat: of each learner only what
the rules across the whole file need (two numbers, most years) is kept to the end. With more than
one job the batches are checked in other processes and come back in order.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from bot.checking.grouping import CommonFindings
from bot.checking.paste import (
    Checker,
    by_learner,
    namespace_note,
    prepared_on,
    settle_year,
    unread_year_note,
)
from bot.checking.report import FindingReport, HouseCheck, LearnerReport, Report
from bot.checking.schema_errors import SchemaErrors, ruled_limits
from bot.errors import InputError
from bot.ilr.build import build
from bot.ilr.raw import RawEntity, Remark
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.xml import entity_of, shift_lines
from bot.ilr.record import Message
from bot.ilr.schema_check import check_schema
from bot.ilr.specification import YearSpecification
from bot.knowledge.base import KnowledgeBase
from bot.rules.catalogue import Severity
from bot.years import AcademicYear

__all__ = ["LARGE", "FileCheck", "check_file", "is_streamed"]

LARGE = 1_000_000
"""Bytes. Larger files are streamed."""
BATCH = 200
"""Learners checked together."""
MAX_PROBLEMS = 50
"""Values that could not be read: this many are kept."""
MAX_OF_FILE = 200
"""Findings outside learners that are kept; more are not told apart from these."""
_TOPS = ("Learner", "LearnerDestinationandProgression")


def is_streamed(path: Path) -> bool:
    """Whether this is large and XML, and so checked as it is read; others are read whole."""
    try:
        if path.stat().st_size <= LARGE:
            return False
        with path.open("rb") as file:
            start = file.read(200)
    except OSError:
        return False
    return start.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


@dataclass
class FileCheck:
    """A running check. Iterate it for batches; the totals grow as it goes."""

    year: AcademicYear
    on: date
    notes: list[str]
    learners: int = 0
    aims: int = 0
    findings: int = 0
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
    of_file: list[FindingReport] = field(default_factory=list)
    """Findings outside any learner: the header's, and destination records'."""
    bytes_read: int = 0

    def add(self, batch: BatchResult) -> BatchResult:
        """Count a batch in. Returns it without what an earlier one has said already."""
        if not batch.across:
            self.learners += len(batch.learners)
            self.aims += sum(learner.aims for learner in batch.learners)
        self.rules_run |= batch.rules_run
        self.not_run.update(batch.not_run)
        self.schema.add(remark for remark in batch.problems if remark.breaks_schema)
        unread = [remark for remark in batch.problems if not remark.breaks_schema]
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
    def errors(self) -> int:
        """How many errors so far: of the schema and of the published rules."""
        broken = sum(error.times for error in self.schema.found())
        return broken + self.by_severity[Severity.ERROR]

    def _count(self, finding: FindingReport) -> None:
        self.findings += 1
        self.by_rule[finding.rule] += 1
        self.by_severity[finding.severity] += 1
        self._name(finding)

    def _name(self, finding: FindingReport) -> None:
        self.titles[finding.rule] = finding.title
        self.severities[finding.rule] = finding.severity

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
            kind="ILR XML file",
            learners=learners,
            rules_run=len(run),
            rules_not_run=dict(Counter(self.not_run.values()).most_common()),
            problems=tuple(self.problems),
            schema_errors=self.schema.found(),
            notes=tuple(self.notes),
            other_findings=tuple(self.of_file),
            common=self.common.found(),
            house=self._house(),
        )


@dataclass(frozen=True)
class BatchResult:
    """What one batch came to; crosses process boundaries."""

    learners: tuple[LearnerReport, ...]
    of_file: tuple[FindingReport, ...]
    rules_run: set[str]
    not_run: dict[str, str]
    problems: list[Remark]
    house: HouseRun | None = None
    kept: tuple[RawEntity, ...] = ()
    """What the rules that look across the whole file need of these learners."""
    across: bool = False
    """The last one of a file: findings across it, on learners that were counted before."""


@dataclass(frozen=True)
class HouseRun:
    """Which of the provider's own checks were run on a batch."""

    run: set[str]
    not_run: dict[str, str]


@dataclass(frozen=True)
class _Job:
    year: AcademicYear
    on: date
    today: date
    names: bool
    head: RawEntity
    elements: tuple[tuple[int, bytes], ...]
    """Line and XML of each learner."""


def check_file(
    path: Path,
    knowledge: KnowledgeBase,
    *,
    year: AcademicYear | None,
    on: date | None,
    today: date,
    jobs: int = 1,
    names: bool = False,
) -> tuple[FileCheck, Iterator[BatchResult]]:
    """Start checking a file. Raises InputError, with the line, when it cannot be read.

    The iterator yields batches in file order and adds each to the totals first. The last one
    (``across``) holds what was found across the whole file, on learners that came before.
    """
    stream = _Stream(path)
    head = stream.head()
    notes: list[str] = []
    reading = ParsedRecord(
        head.message, "ILR XML file", head.namespace, head.year_text, head.prepared_on
    )
    settled = settle_year(reading, year, today, notes)
    engine = Checker(knowledge).engine(settled)
    notes += namespace_note(head.namespace, engine)
    notes += unread_year_note(engine)
    totals = FileCheck(settled, on or prepared_on(head) or today, notes)
    # Of the head alone; the learners' own errors are counted batch by batch.
    has_learners = ruled_limits(engine) | {f"EO {name}" for name in _TOPS}
    remarks = [*head.remarks, *_head_remarks(head.message, engine.specification)]
    totals.problems += [remark for remark in remarks if not remark.breaks_schema]
    totals.schema.add(remark for remark in remarks if remark.breaks_schema)
    totals.schema.add(check_schema(head.message, engine.specification, has_learners))
    totals.has_house_rules = bool(knowledge.house_rules)
    return totals, _run(stream, totals, head, knowledge, today, jobs, names)


def _run(
    stream: _Stream,
    totals: FileCheck,
    head: ParsedRecord,
    knowledge: KnowledgeBase,
    today: date,
    jobs: int,
    names: bool,
) -> Iterator[BatchResult]:
    work = (
        _Job(totals.year, totals.on, today, names, head.message, batch)
        for batch in stream.batches(totals)
    )
    kept: list[RawEntity] = []
    checker = Checker(knowledge)
    results = (
        (_check_batch(checker, job) for job in work)
        if jobs <= 1
        else _in_processes(work, knowledge, jobs)
    )
    for result in results:
        kept += result.kept
        yield replace(totals.add(result), kept=())
    yield totals.add(_check_across(checker, totals, head, kept, today, names, stream.name))


def _in_processes(
    work: Iterator[_Job], knowledge: KnowledgeBase, jobs: int
) -> Iterator[BatchResult]:
    """Batches checked in other processes, in their order; a few at a time are under way."""
    folders = (knowledge.folder, knowledge.own)
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=folders) as pool:
        waiting: deque[Future[BatchResult]] = deque()
        for job in work:
            waiting.append(pool.submit(_check_in_process, job))
            if len(waiting) >= jobs * 3:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_process: dict[str, Checker] = {}


def _start(folder: Path, own: Path | None) -> None:
    _process["checker"] = Checker(KnowledgeBase.load(folder, own))


def _check_in_process(job: _Job) -> BatchResult:
    return _check_batch(_process["checker"], job)


def _check_batch(checker: Checker, job: _Job) -> BatchResult:
    engine = checker.engine(job.year)
    reading = ParsedRecord(RawEntity("Message", list(job.head.fields), list(job.head.children)), "")
    for line, text in job.elements:
        entity = entity_of(etree.fromstring(text), reading)
        if entity is not None:
            shift_lines(entity, line - 1)
            reading.message.children.append(entity)
    remarks = list(reading.remarks)
    message = build(reading.message, engine.specification, remarks)
    assert isinstance(message, Message)  # noqa: S101 - it was made two lines above
    only_learners = RawEntity(
        "Message", children=reading.message.children[len(job.head.children) :]
    )
    remarks += check_schema(only_learners, engine.specification, ruled_limits(engine))
    of_head = _head_remarks(job.head, engine.specification)
    remarks = [remark for remark in remarks if remark not in of_head]
    result = engine.run(message, job.on, today=job.today, part="learners")
    own = checker.house_engine(job.year)
    house = own.run(message, job.on, today=job.today, part="learners") if own else None
    learners, of_file = by_learner(message, result.findings, names=job.names, house=house)
    house_run = HouseRun(house.run, house.not_run) if house else None
    kept = tuple(
        _needed_across(raw, engine.specification, job.names)
        for raw in reading.message.children
        if raw.name in _TOPS
    )
    return BatchResult(learners, of_file, result.run, result.not_run, remarks, house_run, kept)


def _head_remarks(head: RawEntity, specification: YearSpecification) -> list[Remark]:
    """What ``build`` remarks on the head, which every batch carries: said once for the file."""
    remarks: list[Remark] = []
    build(head, specification, remarks)
    return remarks


# What the rules on the file as a whole read of a learner: little, because all of it is held
# until the end. The aims only in years whose destination records are compared with them.
_OF_A_LEARNER = {"Learner": {"LearnRefNumber", "ULN"}, "ProviderSpecLearnerMonitoring": set()}
_OF_AN_AIM = {
    "LearningDelivery": {
        "LearnAimRef", "AimType", "AimSeqNumber", "LearnStartDate", "FundModel", "ProgType",
        "PartnerUKPRN", "CompStatus", "LearnActEndDate", "Outcome", "SWSupAimId",
    },
    "ProviderSpecDeliveryMonitoring": set(),
}  # fmt: skip
_NAMES = {"FamilyName", "GivenNames"}
_DESTINATION = "LearnerDestinationandProgression"


def _needed_across(raw: RawEntity, specification: YearSpecification, names: bool) -> RawEntity:
    """A learner with nothing but what ``_check_across`` needs; a destination record whole."""
    if raw.name == _DESTINATION:
        return raw
    wanted = dict(_OF_A_LEARNER)
    if names:
        wanted["Learner"] = wanted["Learner"] | _NAMES
    if _DESTINATION in specification.entities:
        wanted |= _OF_AN_AIM
    return _only(raw, wanted)


def _only(raw: RawEntity, wanted: dict[str, set[str]]) -> RawEntity:
    """The elements and fields that are wanted; every field where none is named."""
    fields = wanted[raw.name]
    return RawEntity(
        raw.name,
        [item for item in raw.fields if not fields or item.name in fields],
        [_only(child, wanted) for child in raw.children if child.name in wanted],
        raw.line,
        raw.partial,
    )


def _check_across(
    checker: Checker,
    totals: FileCheck,
    head: ParsedRecord,
    kept: list[RawEntity],
    today: date,
    names: bool,
    file_name: str,
) -> BatchResult:
    """The rules that look across the whole file, on what was kept of each learner."""
    engine = checker.engine(totals.year)
    raw = RawEntity("Message", list(head.message.fields), [*head.message.children, *kept])
    message = build(raw, engine.specification, [])  # its remarks were made batch by batch
    assert isinstance(message, Message)  # noqa: S101 - it was made in the line above
    message.namespace, message.file_name = head.namespace, file_name
    result = engine.run(message, totals.on, today=today, part="across")
    learners, of_file = by_learner(message, result.findings, names=names)
    with_findings = tuple(learner for learner in learners if learner.findings)
    return BatchResult(with_findings, of_file, result.run, result.not_run, [], across=True)


class _Stream:
    """The learners of a file, as XML, a batch at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = path.name

    def head(self) -> ParsedRecord:
        """The header and provider, read up to the first learner."""
        reading = ParsedRecord(RawEntity("Message"), "ILR XML file")
        for element in self._elements(("Header", "SourceFiles", "LearningProvider", *_TOPS)):
            name = etree.QName(element)
            reading.message.sequence.append((name.localname, element.sourceline))
            if reading.namespace is None:
                reading.namespace = name.namespace
            if name.localname in _TOPS:
                return reading
            entity = entity_of(element, reading)
            if entity is not None:
                reading.message.children.append(entity)
        return reading

    def batches(self, totals: FileCheck) -> Iterator[tuple[tuple[int, bytes], ...]]:
        """Learners and destination records with their lines, some hundred at a time."""
        batch: list[tuple[int, bytes]] = []
        for element in self._elements(_TOPS):
            text = etree.tostring(element, with_tail=False)
            totals.bytes_read += len(text)
            batch.append((element.sourceline or 1, text))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if len(batch) >= BATCH:
                yield tuple(batch)
                batch = []
        if batch:
            yield tuple(batch)

    def _elements(self, names: tuple[str, ...]) -> Iterator[Any]:
        tags = [f"{{*}}{name}" for name in names]
        try:
            parser = etree.iterparse(
                str(self._path), events=("end",), tag=tags, resolve_entities=False,
                no_network=True, load_dtd=False, huge_tree=True, remove_comments=True,
                remove_pis=True,
            )  # fmt: skip
            for _, element in parser:
                if element.getroottree().docinfo.doctype:
                    raise InputError(
                        "This XML declares a DOCTYPE, which ILR files never do, so it was not read."
                    )
                yield element
        except etree.XMLSyntaxError as error:
            raise InputError(
                f"The XML breaks off or is not well formed at line {error.lineno or 1}."
            ) from None
        except OSError as error:
            raise InputError(f"The file could not be read: {error.strerror}.") from None

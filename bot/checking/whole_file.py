"""Check a whole return, or a table of many rows, a batch of learners at a time.

XML is read as a stream and never held; memory stays flat: of each learner only what the rules
across the whole file need is kept to the end, packed (``bot.checking.kept``). With more than one
job the batches are checked in other processes and come back in order.
"""

from __future__ import annotations

import gc
import logging
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from datetime import date

from lxml import etree

from bot.checking.collector import collector_at_rest
from bot.checking.kept import Group, Kept, KeptLearners, kept_of
from bot.checking.learner_reports import by_learner
from bot.checking.notes import (
    namespace_note,
    prepared_on,
    reference_note,
    settle_year,
    unread_year_note,
)
from bot.checking.paste import MAX_PROBLEMS, Checker
from bot.checking.sources import TOPS, Batch, Source
from bot.checking.totals import BatchResult, FileCheck, HouseRun, joined
from bot.checking.workers import start_workers, worker_checker
from bot.errors import places
from bot.ilr.build import build
from bot.ilr.raw import RawEntity, Remark
from bot.ilr.readers.elements import entity_of, shift_lines
from bot.ilr.readers.misnested import put_back
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.record import Entity, Message
from bot.ilr.schema_check import check_schema
from bot.ilr.specification import YearSpecification
from bot.knowledge.base import KnowledgeBase
from bot.years import AcademicYear

__all__ = ["check_source"]

_log = logging.getLogger(__name__)

COULD_NOT_CHECK = (
    "What begins here could not be checked, which is a mistake of ours; the rest was. Please "
    "report it, without the record."
)


@dataclass(frozen=True)
class _Job:
    year: AcademicYear
    on: date
    today: date
    names: bool
    head: RawEntity
    batch: Batch


def check_source(
    source: Source,
    knowledge: KnowledgeBase,
    *,
    year: AcademicYear | None,
    on: date | None,
    today: date,
    jobs: int = 1,
    names: bool = False,
) -> tuple[FileCheck, Iterator[BatchResult]]:
    """Start checking. Raises InputError, with the line, when it cannot be read.

    With more than one job the processes are started here, and end with the iterator: whoever calls
    may start threads before going through it, as a progress bar does.

    The iterator yields batches in their order and adds each to the totals first. The last ones
    (``across``) hold what was found across the whole file, on learners that came before.
    """
    head = source.head()
    notes: list[str] = []
    settled = settle_year(head, year, today, notes)
    checker = Checker(knowledge)
    engine = checker.engine(settled)
    notes[:0] = unread_year_note(engine, knowledge.catalogue.read_years)
    notes += namespace_note(head.namespace, engine)
    notes += reference_note(knowledge.reference, today)
    totals = FileCheck(settled, on or prepared_on(head) or today, notes, head.kind)
    # Of the head alone; the learners' own errors are counted batch by batch.
    has_learners = checker.ruled_limits(settled) | {f"EO {name}" for name in TOPS}
    remarks = [*head.remarks, *_head_remarks(head.message, engine.specification)]
    unread = [remark for remark in remarks if not remark.breaks_schema]
    totals.problems += unread[:MAX_PROBLEMS]
    if head.kind == "ILR XML file":
        totals.schema.add(remark for remark in remarks if remark.breaks_schema)
        totals.schema.add(check_schema(head.message, engine.specification, has_learners))
    totals.has_house_rules = bool(knowledge.house_rules)
    totals.reference = tuple(knowledge.reference.to_json(today))
    pool = start_workers(checker, jobs) if jobs > 1 else None
    return totals, _run(source, totals, head, checker, today, pool, jobs, names)


def _run(
    source: Source,
    totals: FileCheck,
    head: ParsedRecord,
    checker: Checker,
    today: date,
    pool: Executor | None,
    jobs: int,
    names: bool,
) -> Iterator[BatchResult]:
    def work() -> Iterator[_Job]:
        for batch in source.batches():
            totals.read += batch.read
            yield _Job(totals.year, totals.on, today, names, head.message, batch)

    kept = KeptLearners()
    results = (
        (_check_batch(checker, job) for job in work())
        if pool is None
        else _in_processes(work(), pool, jobs)
    )
    with collector_at_rest():
        for result in results:
            kept.add(result.kept)
            yield replace(totals.add(result), kept=())
            gc.collect(0)
        for group in kept.groups():
            yield totals.add(_check_across(checker, totals, head, group, today, names, source))
            gc.collect(0)


def _in_processes(work: Iterator[_Job], pool: Executor, jobs: int) -> Iterator[BatchResult]:
    """Batches checked in other processes, in their order; a few at a time are under way."""
    with pool:
        waiting: deque[Future[BatchResult]] = deque()
        for job in work:
            waiting.append(pool.submit(_check_in_process, job))
            if len(waiting) >= jobs * 3:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _check_in_process(job: _Job) -> BatchResult:
    try:
        return _check_batch(worker_checker(), job)
    finally:
        gc.collect(0)


def _check_batch(checker: Checker, job: _Job) -> BatchResult:
    """A batch, and if we fail on it each of its learners alone: one must not end a file."""
    try:
        return _checked(checker, job)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - said of the learner it is about
        alone = [replace(job, batch=batch) for batch in job.batch.singly()]
        if len(alone) > 1:
            return joined([_check_batch(checker, one) for one in alone])
        _log.error("a learner could not be checked", extra={"where": places(error)})
        failed = Remark(job.batch.line, COULD_NOT_CHECK)
        return BatchResult((), (), frozenset(), {}, [failed])


def _checked(checker: Checker, job: _Job) -> BatchResult:
    engine = checker.engine(job.year)
    read = _read_batch(checker, job)
    message = read.message
    result = engine.run(message, job.on, today=job.today, part="learners")
    own = checker.house_engine(job.year)
    house = own.run(message, job.on, today=job.today, part="learners") if own else None
    learners, of_file = by_learner(message, result.findings, names=job.names, house=house)
    _let_go(message)
    house_run = HouseRun(house.run, house.not_run) if house else None
    return BatchResult(
        learners, of_file, result.run, result.not_run, read.remarks, house_run, tuple(read.kept)
    )


@dataclass(frozen=True)
class _ReadBatch:
    """A batch as a message, with the file's head."""

    message: Message
    remarks: list[Remark]
    kept: list[Kept]


def _read_batch(checker: Checker, job: _Job) -> _ReadBatch:
    """Each learner straight if it can be, else the long way, with what there is to remark."""
    specification, head = checker.engine(job.year).specification, job.head
    straight = checker.straight_reader(job.year)
    of_head: list[Remark] = []
    message = build(head, specification, of_head)
    assert isinstance(message, Message)  # noqa: S101 - it was made in the line above
    kept: list[Kept] = []
    long_way = RawEntity("Message")
    remarks: list[Remark] = []
    built: list[Remark] = []

    def take(entity: Entity | None, origin: RawEntity | Entity) -> None:
        if entity is not None:
            message.children.setdefault(entity.name, []).append(entity)
        if origin.name in TOPS:
            kept.append(kept_of(origin, specification, names=job.names))

    for raw in job.batch.parsed:
        long_way.children.append(raw)
        take(build(raw, specification, built, message), raw)
    for line, text in job.batch.elements:
        entity = straight.read(text, message, line)
        if entity is not None:
            take(entity, entity)
            continue
        reading = ParsedRecord(long_way, "")
        odd = entity_of(etree.fromstring(text), reading)
        if odd is not None:
            put_back(odd, reading.remarks)
        remarks += [replace(one, line=(one.line or 1) + line - 1) for one in reading.remarks]
        if odd is not None:
            shift_lines(odd, line - 1)
            long_way.children.append(odd)
            take(build(odd, specification, built, message), odd)
    remarks += built
    remarks += check_schema(long_way, specification, checker.ruled_limits(job.year))
    # Every batch has the head, of which is remarked once for the file.
    new = [remark for remark in remarks if remark not in of_head]
    return _ReadBatch(message, new, kept)


def _let_go(message: Message) -> None:
    """Undo the circle of parents and children, so that memory is free without the collector."""
    for entity in message.everything():
        entity.parent = None


def _head_remarks(head: RawEntity, specification: YearSpecification) -> list[Remark]:
    """What ``build`` remarks on the head, which every batch carries: said once for the file."""
    remarks: list[Remark] = []
    build(head, specification, remarks)
    return remarks


def _check_across(
    checker: Checker,
    totals: FileCheck,
    head: ParsedRecord,
    group: Group,
    today: date,
    names: bool,
    source: Source,
) -> BatchResult:
    """The rules that look across the whole file, on what was kept of some learners."""
    engine = checker.engine(totals.year)
    top = head.message
    children = [*top.children, *group.members]
    raw = RawEntity("Message", list(top.fields), children, top.line, top.partial)
    message = build(raw, engine.specification, [])  # its remarks were made batch by batch
    assert isinstance(message, Message)  # noqa: S101 - it was made in the line above
    message.namespace, message.file_name, message.zip = head.namespace, source.name, source.zip
    result = engine.run(message, totals.on, today=today, part="across")
    found = [one for one in result.findings if group.is_for(one.rule.id)]
    learners, of_file = by_learner(message, found, names=names)
    _let_go(message)
    with_findings = tuple(learner for learner in learners if learner.findings)
    return BatchResult(with_findings, of_file, result.run, result.not_run, [], across=True)

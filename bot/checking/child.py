"""The process that checks files for another.

It is given tasks as pickles and answers in the same way; ``bot.checking.apart`` is who gives them.
It may use so much memory and processor time; who needs more is ended, and nobody else with it.
"""

from __future__ import annotations

import os
import pickle
import re
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from bot.checking.report import LearnerReport, Report
from bot.errors import Failed, InputError
from bot.years import AcademicYear

__all__ = ["Begin", "CheckTask", "CopyTask", "Part", "Refused", "TooMuch", "Worn"]

WORN = 300_000_000
"""Bytes that a process may have needed at most to be given another task: freed memory is not
given back, and the next file should not pay for this one."""

LEARNERS_AT_ONCE = 50
SPARE = 64_000_000
"""Bytes beyond what a process may have, to end in good order."""
SECONDS_BETWEEN_LOOKS = 0.02
"""Of the processor, between looks at how much memory there is."""


@dataclass(frozen=True)
class Begin:
    """What a process needs to know before its first task."""

    folder: Path
    own: Path | None
    databases: Path | None
    reference_files: Path | None
    memory: int
    """Bytes of address space."""
    seconds: int
    """Of the processor, for each task."""


@dataclass(frozen=True)
class CheckTask:
    """A record to check."""

    record: str | bytes
    year: AcademicYear | None
    today: date
    file_name: str | None


@dataclass(frozen=True)
class CopyTask:
    """A record to make a copy of, with invented people."""

    record: str | bytes


@dataclass(frozen=True)
class Refused:
    """An InputError, to be raised by who gave the task."""

    why: str


@dataclass(frozen=True)
class TooMuch:
    """There was not enough memory."""


@dataclass(frozen=True)
class Part:
    """Some learners of the report that follows: taken in pieces, so that whoever takes it can do
    other things between them."""

    learners: tuple[LearnerReport, ...]


@dataclass(frozen=True)
class Worn:
    """A result, and the last: the process has grown and ends."""

    result: Any


def main() -> None:
    """Do what standard input asks for until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not come between the answers
    sys.excepthook = lambda *_: None  # a trace could quote a record
    tasks = sys.stdin.buffer
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        _serve(pickle.load(tasks), tasks, answers)  # noqa: S301 - from who started us


def _serve(begin: Begin, tasks: BinaryIO, answers: BinaryIO) -> None:
    _give_way()
    _limit_memory(begin.memory)
    from bot.checking.collector import collector_at_rest
    from bot.checking.paste import Checker
    from bot.knowledge.base import KnowledgeBase
    from bot.privacy import learn_words

    if begin.own:
        learn_words(begin.own)
    checker = Checker(
        KnowledgeBase.load(
            begin.folder,
            begin.own,
            databases=begin.databases,
            reference_files=begin.reference_files,
        )
    )
    while True:
        task = pickle.load(tasks)  # noqa: S301
        _limit_time(begin.seconds)
        with collector_at_rest():
            result = _done(checker, task)
        del task
        worn = isinstance(result, TooMuch) or _most_used() > WORN
        try:
            if isinstance(result, Report):
                result = _without_learners(result, answers)
            answer = pickle.dumps(Worn(result) if worn else result)
        except MemoryError:
            _look_no_more()
            worn, answer = True, pickle.dumps(Worn(TooMuch()))
        answers.write(answer)
        answers.flush()
        if worn:
            return


def _without_learners(report: Report, answers: BinaryIO) -> Report:
    """The report without its learners, which go before it."""
    for at in range(0, len(report.learners), LEARNERS_AT_ONCE):
        answers.write(pickle.dumps(Part(report.learners[at : at + LEARNERS_AT_ONCE])))
    return replace(report, learners=())


def _done(checker: Any, task: CheckTask | CopyTask) -> Any:
    try:
        if isinstance(task, CopyTask):
            from bot.ilr.redaction import redact

            return redact(task.record)
        report = checker.check(
            task.record, year=task.year, on=None, today=task.today, file_name=task.file_name
        )
        _ = report.timeline  # made here, where it may fail, and not while it is sent
        return report
    except InputError as error:
        return Refused(str(error))
    except MemoryError:
        _look_no_more()
        return TooMuch()
    except Exception as error:  # noqa: BLE001 - told to who asked, who tells the person
        return Failed.of(error)


def _give_way() -> None:
    """Questions go first, and if memory runs out it is this process that is ended."""
    with suppress(OSError, AttributeError):
        os.nice(10)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _limit_memory(most: int) -> None:
    """So many bytes of address space; who has more is told so with some to spare.

    Without any to spare Python may not be able to tell itself: where the number of the line that
    failed finds no room, it tries for ever.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most + SPARE, hard))
    with suppress(AttributeError, OSError, ValueError):
        signal.signal(signal.SIGPROF, partial(_look_at_memory, most))
        signal.setitimer(signal.ITIMER_PROF, SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_LOOKS)


def _look_at_memory(most: int, *_: object) -> None:
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").partition(" ")[0])
        if pages * os.sysconf("SC_PAGE_SIZE") > most:
            raise MemoryError


def _look_no_more() -> None:
    """What follows says that there is no more, and ends."""
    with suppress(AttributeError, OSError):
        signal.setitimer(signal.ITIMER_PROF, 0)


def _limit_time(seconds: int) -> None:
    """So many seconds of the processor from now on; then the system ends this process."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime) + 1 + seconds
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def _most_used() -> int:
    """The most memory this process has needed, in bytes; 0 where the system does not say.

    What getrusage tells begins with what its parent had needed.
    """
    with suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            return int(found[1]) * 1024
    return 0

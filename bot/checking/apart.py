"""Files are checked apart: in processes of their own, with limits, a few at a time.

A file may be ten megabytes, and somebody may have made it to do harm. What it costs is bounded,
what ends its process ends nothing else, and whoever sent it is told.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.checking.child import Begin, CheckTask, CopyTask, Part, Refused, TooMuch, Worn
from bot.checking.report import LearnerReport, Report
from bot.errors import Failed, HelpdeskError, InputError

if TYPE_CHECKING:
    from bot.knowledge.base import KnowledgeBase
    from bot.years import AcademicYear

__all__ = ["AT_ONCE", "Apart", "ApartError", "Limits", "is_small"]

_log = logging.getLogger(__name__)

SMALL = 50_000
"""Bytes of text that are checked where they are: reading has limits of its own, and so little
cannot come near them."""
AT_ONCE = 2
"""Processes at most; each is started when it is needed."""
SECONDS_IDLE = 120.0
"""After this long without a file a process is ended."""


class ApartError(HelpdeskError):
    """A mistake of ours in the process that checks; the log says where."""


@dataclass(frozen=True)
class Limits:
    """What one file may cost. An ordinary return of ten megabytes takes a third of it."""

    memory: int = 1_000_000_000
    """Bytes of address space, of which the knowledge takes about a tenth."""
    processor_seconds: int = 60
    seconds: float = 180.0


def is_small(record: str | bytes) -> bool:
    """Whether a record is text, and so little of it that it is checked at once."""
    return len(record) <= SMALL and not (isinstance(record, bytes) and record[:2] == b"PK")


class Apart:
    """Processes that check files. Safe to share between threads."""

    def __init__(self, limits: Limits | None = None, *, at_once: int = AT_ONCE) -> None:
        self._limits = limits or Limits()
        self._turns = threading.BoundedSemaphore(at_once)
        self._idle: list[_Process] = []
        self._lock = threading.Lock()

    def check(
        self,
        knowledge: KnowledgeBase,
        record: str | bytes,
        year: AcademicYear | None = None,
        *,
        today: date,
        file_name: str | None = None,
    ) -> Report:
        """A report, as ``Checker.check`` makes it. Waits for its turn.

        Raises InputError when the record cannot be read, or costs more than the limits.
        """
        found: Report = self._do(knowledge, CheckTask(record, year, today, file_name))
        return found

    def redact(self, knowledge: KnowledgeBase, record: str | bytes) -> str:
        """A copy with invented people, as ``redact`` makes it. Raises InputError."""
        found: str = self._do(knowledge, CopyTask(record))
        return found

    def close(self) -> None:
        """End the processes that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()

    def _do(self, knowledge: KnowledgeBase, task: CheckTask | CopyTask) -> Any:
        with self._turns:
            process = self._taken(knowledge)
            try:
                result = process.do(task)
            except BaseException:
                process.end()
                raise
            if isinstance(result, Worn):
                process.end()
                result = result.result
            else:
                self._give_back(process)
        return _understood(result)

    def _taken(self, knowledge: KnowledgeBase) -> _Process:
        """An idle process that has this knowledge, or a new one."""
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                process.wanted()
                if process.knowledge is knowledge and process.is_running:
                    return process
                process.end()
        return _Process(knowledge, self._limits)

    def _give_back(self, process: _Process) -> None:
        with self._lock:
            self._idle.append(process)
            process.end_later(self._reap)

    def _reap(self, process: _Process) -> None:
        with self._lock:
            if process not in self._idle:
                return
            self._idle.remove(process)
        process.end()


def _understood(result: Any) -> Any:
    if isinstance(result, Refused):
        raise InputError(result.why)
    if isinstance(result, TooMuch):
        raise _more_memory()
    if isinstance(result, Failed):
        _log.error("a check failed", extra={"error": result.error, "where": result.where})
        raise ApartError(f"The check failed ({result.error}).")
    return result


def _more_memory() -> InputError:
    return InputError(
        "Checking this needs more memory than one file may have, so it was not checked. "
        "Send fewer learners at a time."
    )


def _more_time() -> InputError:
    return InputError(
        "Checking this took longer than one file may take, so it was given up. "
        "Send fewer learners at a time."
    )


class _Process:
    """One process, which one thread at a time gives tasks."""

    def __init__(self, knowledge: KnowledgeBase, limits: Limits) -> None:
        self.knowledge = knowledge
        self._limits = limits
        self._timer: threading.Timer | None = None
        self._child = subprocess.Popen(
            [sys.executable, "-c", "from bot.checking.child import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for who started us; this ends when its input does
        )
        begin = Begin(
            knowledge.folder,
            knowledge.own,
            knowledge.databases,
            knowledge.reference_files,
            limits.memory,
            limits.processor_seconds,
        )
        with suppress(BrokenPipeError):
            self._write(begin)

    @property
    def is_running(self) -> bool:
        return self._child.poll() is None

    def do(self, task: CheckTask | CopyTask) -> Any:
        """What the process answers. Raises InputError when it did not live to answer."""
        assert self._child.stdout  # noqa: S101 - it is a pipe
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._child.kill()

        timer = threading.Timer(self._limits.seconds, give_up)
        timer.daemon = True
        timer.start()
        learners: list[LearnerReport] = []
        try:
            self._write(task)
            while True:
                answer = pickle.load(self._child.stdout)  # noqa: S301 - what our own process made
                if not isinstance(answer, Part):
                    return _with_learners(answer, learners)
                learners += answer.learners
        except (EOFError, OSError, pickle.UnpicklingError):
            status = self._child.wait()
            _log.warning("a check was given up", extra={"status": status})
            raise (_more_time() if late.is_set() or _ran_out(status) else _more_memory()) from None
        finally:
            timer.cancel()

    def _write(self, what: Any) -> None:
        assert self._child.stdin  # noqa: S101 - it is a pipe
        pickle.dump(what, self._child.stdin)
        self._child.stdin.flush()

    def end_later(self, end: Any) -> None:
        """Call ``end`` with this process when it has been idle for long."""
        self._timer = threading.Timer(SECONDS_IDLE, end, (self,))
        self._timer.daemon = True
        self._timer.start()

    def wanted(self) -> None:
        """It is not idle any more."""
        if self._timer is not None:
            self._timer.cancel()

    def end(self) -> None:
        """End it, whatever it does."""
        self.wanted()
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _with_learners(answer: Any, learners: list[LearnerReport]) -> Any:
    if isinstance(answer, Worn):
        return Worn(_with_learners(answer.result, learners))
    return replace(answer, learners=tuple(learners)) if isinstance(answer, Report) else answer


def _ran_out(status: int) -> bool:
    """Whether the system ended a process for the time it took."""
    return status == -getattr(signal, "SIGXCPU", -1)


def _environment() -> dict[str, str]:
    """Ours, with this same package where the process looks first."""
    ours = str(Path(__file__).parents[2])
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH")]))
    }

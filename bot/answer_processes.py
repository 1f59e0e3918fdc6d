"""Questions answered by processes of their own, where one process is not enough.

Half of an answer's time is Python's, of which one thread at a time has its turn: however many cores
there are, one process answers little more than one core's worth. With ``ILR_ANSWER_PROCESSES``
each of so many reads the knowledge for itself and answers; Slack and the ledger stay here.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import threading
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from bot.answers import Answer
from bot.errors import places
from bot.helpdesk import Approved, Helpdesk
from bot.settings import Settings
from bot.years import AcademicYear

__all__ = ["AnswerProcesses"]

_log = logging.getLogger(__name__)

SECONDS = 15.0
"""For an answer; a process that takes longer is ended, and the answer is made here."""


@dataclass(frozen=True)
class _Ask:
    """A question; see ``Helpdesk.ask``."""

    question: str
    year: AcademicYear | None
    before: tuple[str, ...]


@dataclass(frozen=True)
class _IsAtRisk:
    """See ``Helpdesk.is_at_risk``."""

    text: str
    before: tuple[str, ...]


@dataclass(frozen=True)
class _Added:
    """What is approved and not yet published, from now on."""

    approved: tuple[Approved, ...]
    phrasings: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class _Failed:
    """A mistake of ours: which and where, never what it was about."""

    error: str
    where: list[str]


class AnswerProcesses:
    """So many processes that answer for one helpdesk. Safe to share between threads.

    Until they are ready, and for whatever they cannot answer, the answer is None: it is made
    where it was asked.
    """

    def __init__(self, settings: Settings, count: int) -> None:
        """Cheap: they start with the first question that comes once the helpdesk is ready."""
        # They are told nothing that they do not need, the tokens above all.
        needed = Settings(
            knowledge_dir=settings.knowledge_dir,
            reference_dir=settings.reference_dir,
            fixed_today=settings.fixed_today,
            semantic=settings.semantic,
            model_path=settings.model_path,
        )
        self._children = [_Child(needed) for _ in range(count)]

    def ask(
        self,
        helpdesk: Helpdesk,
        question: str,
        year: AcademicYear | None,
        before: Sequence[str],
    ) -> Answer | None:
        """What ``Helpdesk.ask`` would say."""
        found: Answer | None = self._do(helpdesk, question, _Ask(question, year, tuple(before)))
        return found

    def is_at_risk(self, helpdesk: Helpdesk, text: str, before: Sequence[str]) -> bool | None:
        """What ``Helpdesk.is_at_risk`` would say."""
        found: bool | None = self._do(helpdesk, text, _IsAtRisk(text, tuple(before)))
        return found

    def wait(self, helpdesk: Helpdesk) -> bool:
        """Start them all and wait until they answer; whether they do."""
        for child in self._children:
            child.start(helpdesk)
        return all(child.wait() for child in self._children)

    def close(self) -> None:
        """End them all; what is asked afterwards is not answered here."""
        for child in self._children:
            child.close()

    def _do(self, helpdesk: Helpdesk, text: str, task: _Ask | _IsAtRisk) -> Any:
        # The same text goes to the same one, which holds what it has made of it already.
        which = zlib.crc32(text.encode("utf-8", "surrogatepass")) % len(self._children)
        return self._children[which].do(helpdesk, task)


class _Child:
    """One process, which one thread at a time gives tasks."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turn = threading.Lock()
        self._starting = threading.Lock()
        self._starter: threading.Thread | None = None
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._holds: object = None
        """What is approved beside the published, as the process has it."""
        self._closed = False

    def do(self, helpdesk: Helpdesk, task: _Ask | _IsAtRisk) -> Any:
        """What the process answers; None when it does not."""
        with self._turn:
            pipe = self._pipe
            if pipe is None:
                if helpdesk.matcher.is_settled:
                    self._start()
                return None
            try:
                if self._holds is not helpdesk.added:
                    pipe.send(_Added(*(helpdesk.added or ((), {}))))
                    self._holds = helpdesk.added
                pipe.send(task)
                result = pipe.recv() if pipe.poll(SECONDS) else _Failed("TimeoutError", [])
            except (EOFError, OSError):
                result = _Failed("ended", [])
            if isinstance(result, _Failed):
                _log.warning(
                    "an answer was made again, in the main process",
                    extra={"error": result.error, "where": result.where},
                )
                self._end()
                return None
            return result

    def start(self, helpdesk: Helpdesk) -> None:
        """Begin it, once what it reads from disk is there."""
        helpdesk.matcher.wait()
        self._start()

    def wait(self) -> bool:
        """Until it answers; whether it does."""
        if self._starter is not None:
            self._starter.join()
        return self._pipe is not None

    def close(self) -> None:
        """End it for good."""
        self._closed = True
        with self._turn:
            self._end()

    def _start(self) -> None:
        """Begin one, on a thread of its own: the questions of that second are answered here."""
        with self._starting:
            under_way = self._starter is not None and self._starter.is_alive()
            if self._closed or under_way or self._pipe is not None:
                return
            self._starter = threading.Thread(target=self._begin, name="answers", daemon=True)
            self._starter.start()

    def _begin(self) -> None:
        way = multiprocessing.get_context("spawn")
        ours, theirs = way.Pipe()
        process = way.Process(target=_serve, args=(theirs, self._settings), daemon=True)
        process.start()
        theirs.close()
        try:
            ours.recv()
        except (EOFError, OSError):
            ours.close()
            if not self._closed:
                _log.warning("a process for answers did not start; answers are made without it")
            return
        with self._turn:
            self._process, self._pipe, self._holds = process, ours, None
            if self._closed:
                self._end()

    def _end(self) -> None:
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.kill()
            process.join()


def _serve(pipe: Connection, settings: Settings) -> None:
    """Answer until the other end of the pipe is closed."""
    with suppress(EOFError, OSError, KeyboardInterrupt):
        published = helpdesk = Helpdesk.open(settings, ready="now")
        helpdesk.warm_up()
        gc.collect()
        gc.freeze()
        pipe.send("ready")
        while True:
            task = pipe.recv()
            if isinstance(task, _Added):
                helpdesk = published.with_approved(task.approved, task.phrasings)
            else:
                pipe.send(_result(helpdesk, task))


def _result(helpdesk: Helpdesk, task: _Ask | _IsAtRisk) -> Answer | bool | _Failed:
    try:
        if isinstance(task, _IsAtRisk):
            return helpdesk.is_at_risk(task.text, task.before)
        return helpdesk.ask(task.question, task.year, before=task.before)
    except Exception as error:  # noqa: BLE001 - whoever asked makes the answer, and meets it too
        return _Failed(type(error).__name__, places(error))

"""Questions answered by processes of their own, where one process is not enough.

Half of an answer's time is Python's, of which one thread at a time has its turn: however many cores
there are, one process answers little more than one core's worth. With ``ILR_ANSWER_PROCESSES``
each of so many reads the knowledge for itself and answers; Slack and the ledger stay here.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import queue
import threading
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from bot.answers import Answer
from bot.errors import Failed
from bot.helpdesk import Added, Approved, Helpdesk
from bot.settings import Settings
from bot.years import AcademicYear

__all__ = ["AnswerProcesses"]

_log = logging.getLogger(__name__)

SECONDS = 15.0
"""For an answer; a process that takes longer is ended, and the answer is made here."""
AT_ONCE = 4
"""Questions that one process has in hand: what it encodes at the same moment costs less."""


@dataclass(frozen=True)
class _Ask:
    """A question; see ``Helpdesk.ask``."""

    question: str
    year: AcademicYear | None
    before: tuple[str, ...]

    def of(self, helpdesk: Helpdesk) -> Answer:
        return helpdesk.ask(self.question, self.year, before=self.before)


@dataclass(frozen=True)
class _IsAtRisk:
    """See ``Helpdesk.is_at_risk``."""

    text: str
    before: tuple[str, ...]

    def of(self, helpdesk: Helpdesk) -> bool:
        return helpdesk.is_at_risk(self.text, self.before)


@dataclass(frozen=True)
class _Added:
    """What is approved and not yet published; what is asked of this version knows it."""

    approved: Sequence[Approved]
    phrasings: Mapping[str, Sequence[str]]


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
    """One of the processes, and the next in its place when it ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._starting = threading.Lock()
        self._starter: threading.Thread | None = None
        self._running: _Running | None = None
        self._closed = False

    def do(self, helpdesk: Helpdesk, task: _Ask | _IsAtRisk) -> Any:
        """What the process answers; None when it does not."""
        running = self._running
        if running is None:
            if helpdesk.matcher.is_settled:
                self._start()
            return None
        version = running.version_of(helpdesk)
        if version is None:
            return None
        result = running.do(version, task)
        if not isinstance(result, Failed):
            return result
        _log.warning(
            "an answer was made again, in the main process",
            extra={"error": result.error, "where": result.where},
        )
        if self._running is running:
            self._running = None
        running.end()
        return None

    def start(self, helpdesk: Helpdesk) -> None:
        """Begin it, once what it reads from disk is there."""
        helpdesk.matcher.wait()
        self._start()

    def wait(self) -> bool:
        """Until it answers; whether it does."""
        if self._starter is not None:
            self._starter.join()
        return self._running is not None

    def close(self) -> None:
        """End it for good."""
        with self._starting:
            self._closed = True
            running, self._running = self._running, None
        if running is not None:
            running.end()

    def _start(self) -> None:
        """On a thread of its own: the questions of that second are answered here."""
        with self._starting:
            under_way = self._starter is not None and self._starter.is_alive()
            if self._closed or under_way or self._running is not None:
                return
            self._starter = threading.Thread(target=self._begin, name="answers", daemon=True)
            self._starter.start()

    def _begin(self) -> None:
        running = _Running(self._settings)
        is_ready = running.is_ready()
        with self._starting:
            if is_ready and not self._closed:
                self._running = running
                return
        running.end()
        if not self._closed:
            _log.warning("a process for answers did not start; answers are made without it")


class _Running:
    """A process, to which several threads speak at once, each through a pipe of its own."""

    def __init__(self, settings: Settings) -> None:
        way = multiprocessing.get_context("spawn")
        pipes = [way.Pipe() for _ in range(AT_ONCE)]
        theirs = [one for _, one in pipes]
        self._pipes = [one for one, _ in pipes]
        self._free: queue.LifoQueue[Connection] = queue.LifoQueue()
        for pipe in self._pipes:
            self._free.put(pipe)
        self._adding = threading.Lock()
        self._added: Added | None = None
        self._version = 0
        self._teller: threading.Thread | None = None
        self._process = way.Process(target=_serve, args=(theirs, settings), daemon=True)
        self._process.start()
        for pipe in theirs:
            pipe.close()

    def is_ready(self) -> bool:
        """Wait until it answers; whether it lived to."""
        with suppress(EOFError, OSError):
            return bool(self._pipes[0].recv())
        return False

    def do(self, version: int, task: _Ask | _IsAtRisk | _Added) -> Any:
        """What it answers; Failed when it does not."""
        try:
            pipe = self._free.get(timeout=SECONDS)
        except queue.Empty:
            return Failed("TimeoutError", [])
        try:
            pipe.send((version, task))
            return pipe.recv() if pipe.poll(SECONDS) else Failed("TimeoutError", [])
        except (EOFError, OSError):
            return Failed("ended", [])
        finally:
            self._free.put(pipe)

    def version_of(self, helpdesk: Helpdesk) -> int | None:
        """By which the process knows what is approved; None while it is told, which takes it some
        seconds."""
        if helpdesk.added is None:
            return 0
        with self._adding:
            if self._added is helpdesk.added:
                return self._version
            if self._teller is None or not self._teller.is_alive():
                told = (self._version + 1, helpdesk.added)
                self._teller = threading.Thread(target=self._tell, args=told, name="answers")
                self._teller.start()
            return None

    def _tell(self, version: int, added: Added) -> None:
        if self.do(version, _Added(*added)) is True:
            with self._adding:
                self._added, self._version = added, version

    def end(self) -> None:
        """End it, whatever it does; who waits for it is told nothing more."""
        self._process.kill()
        self._process.join()


class _Answering:
    """In the process itself: the helpdesks by version, the published one and the last."""

    def __init__(self, settings: Settings) -> None:
        self._published = Helpdesk.open(settings, ready="now")
        self._published.warm_up()
        self._helpdesks = {0: self._published}

    def serve(self, pipe: Connection) -> None:
        """Until the other end is closed."""
        with suppress(EOFError, OSError, KeyboardInterrupt):
            while True:
                pipe.send(self._result(*pipe.recv()))

    def _result(self, version: int, task: _Ask | _IsAtRisk | _Added) -> Any:
        try:
            if isinstance(task, _Added):
                added = self._published.with_approved(task.approved, task.phrasings)
                self._helpdesks = {0: self._published, version: added}
                return True
            return task.of(self._helpdesks[version])
        except Exception as error:  # noqa: BLE001 - whoever asked makes the answer, and meets it too
            return Failed.of(error)


def _serve(pipes: Sequence[Connection], settings: Settings) -> None:
    """Answer until the other ends of the pipes are closed."""
    with suppress(OSError, KeyboardInterrupt):
        answering = _Answering(settings)
        gc.collect()
        gc.freeze()
        for pipe in pipes[1:]:
            threading.Thread(target=answering.serve, args=(pipe,), daemon=True).start()
        pipes[0].send(True)
        answering.serve(pipes[0])

"""The processes that check the batches of a whole file, and how many there should be.

To copy this process (fork) takes no time and no memory for the rules, but is safe only while it
has one thread: whatever another one holds, a lock above all, would be held in the copy for ever.
The copy opens the databases of reference data for itself, since two processes may not read
through one opening. With others about, and where the system is not known to bear it, each process
starts from nothing and loads the rules itself, in about a second.
"""

from __future__ import annotations

import gc
import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

from bot.checking.paste import Checker
from bot.cores import usable_cores
from bot.knowledge.base import KnowledgeBase

__all__ = ["jobs_for", "start_workers", "worker_checker"]

WORTH_SHARING = 4_000_000
"""Bytes of XML from which on more processes are worth starting: some 1,700 learners."""
MAX_JOBS = 4
"""Processes that are started unless more are asked for: one hands out the work to all of them,
and is itself busy from then on."""

_process: dict[str, Checker] = {}


def jobs_for(size: int) -> int:
    """How many processes to check so many bytes with, on this machine."""
    return min(usable_cores(), MAX_JOBS) if size >= WORTH_SHARING else 1


def start_workers(checker: Checker, jobs: int) -> Executor:
    """Processes that have a checker (``worker_checker``), running already.

    They end with the executor.
    """
    knowledge = checker.knowledge
    way = "fork" if _is_alone() else "spawn"
    _process.clear()
    if way == "fork":
        _process["checker"] = checker
    folders = (
        knowledge.folder,
        knowledge.own,
        knowledge.databases,
        knowledge.reference_files,
    )
    context = multiprocessing.get_context(way)
    pool = ProcessPoolExecutor(jobs, context, initializer=_start, initargs=folders)
    pool.submit(_nothing)  # starts them all
    return pool


def _is_alone() -> bool:
    """Whether the only thread of this process is this one, those of libraries counted."""
    try:
        threads = sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:  # another system, of which it is not known
        return False
    return threads == 1


def _nothing() -> None:
    """Work for a process that need do no more than start."""


def _start(
    folder: Path, own: Path | None, databases: Path | None, reference_files: Path | None
) -> None:
    if "checker" in _process:  # a process that was forked has the rules already
        _process["checker"].knowledge.reference.open_anew()
    else:
        knowledge = KnowledgeBase.load(
            folder, own, databases=databases, reference_files=reference_files
        )
        _process["checker"] = Checker(knowledge)
    gc.freeze()
    gc.disable()


def worker_checker() -> Checker:
    """The checker of the process that asks, which is one of ours."""
    return _process["checker"]

"""A mutant, run: its tests in a process of their own, with the changed module in its place."""

from __future__ import annotations

import ast
import importlib.machinery
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from tests.mutation.mutants import Mutant
from tests.mutation.targets import REPOSITORY, Target

__all__ = ["COULD_NOT_BE_RUN", "Callers", "Started", "callers", "start"]

Callers = dict[tuple[str, str], list[str]]
"""By file and function: the tests that call it, the quickest first."""

COULD_NOT_BE_RUN = 70
"""Exit status that is no word of pytest's."""
MEMORY = 3 * 1024**3
"""Bytes a mutant may take."""
PATIENCE = 10
"""A mutant may take this many times the processor its tests take, and a quarter of a minute."""


@dataclass(frozen=True)
class Started:
    """A process that runs a mutant's tests."""

    pid: int
    path: Path
    mutant: Mutant
    until: float


class _Watch:
    """Notes which functions of some files each test calls, and how long it takes."""

    def __init__(self, paths: list[Path]) -> None:
        self._files = {str(path) for path in paths}
        self._test = ""
        self.called: dict[tuple[str, str], set[str]] = {}
        self.seconds: dict[str, float] = {}

    def _note(self, frame: FrameType, what: str, _: Any) -> None:
        code = frame.f_code
        if what == "call" and code.co_filename in self._files:
            name = code.co_qualname.partition(".<locals>")[0]
            self.called.setdefault((code.co_filename, name), set()).add(self._test)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: object) -> Any:
        self._test, began = item.nodeid, time.process_time()
        sys.setprofile(self._note)
        threading.setprofile(self._note)
        try:
            return (yield)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            self.seconds[item.nodeid] = time.process_time() - began


def _arguments(target: Target, tests: list[str]) -> list[str]:
    left_out = ["-k", f"not ({target.without})"] if target.without else []
    return ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *left_out, *tests]


def callers(target: Target) -> tuple[Callers, float]:
    """Which tests call which function, and the seconds of processor that all take.

    Raises SystemExit when a test fails without any mutant.
    """
    watch = _Watch(target.paths())
    tests = [str(found) for name in target.tests if (found := REPOSITORY / "tests" / name).exists()]
    began = time.process_time()
    status = _run(lambda: pytest.main(_arguments(target, tests), plugins=[watch]))
    if status:
        raise SystemExit("Its tests fail as they are: run them first.")
    found = {
        key: sorted(tests, key=lambda test: watch.seconds.get(test, 0.0))
        for key, tests in watch.called.items()
    }
    return found, time.process_time() - began


def _run(tests: Callable[[], int | pytest.ExitCode], *, shown: bool = False) -> int:
    """Run pytest with nothing of it on the screen; its exit status."""
    if shown:
        return int(tests())
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        before = [os.dup(1), os.dup(2)]
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        try:
            return int(tests())
        finally:
            os.dup2(before[0], 1)
            os.dup2(before[1], 2)


def start(
    target: Target, path: Path, mutant: Mutant, tests: list[str], seconds: float, *, shown: bool
) -> Started:
    """Begin to run a mutant's tests in a new process, which ends with pytest's status.

    Nothing of the package may have been imported in this one.
    """
    allowed = int(PATIENCE * seconds) + 15
    pid = os.fork()
    if pid:
        return Started(pid, path, mutant, time.monotonic() + 10 * allowed)
    os.setsid()
    status = COULD_NOT_BE_RUN
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, allowed))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        _put_in_place(path, mutant.tree())
        status = _run(lambda: pytest.main(_arguments(target, tests)), shown=shown)
    finally:
        sys.stdout.flush()
        os._exit(status)  # threads that the mutant left running are not waited for


def _put_in_place(path: Path, tree: ast.Module) -> None:
    """Whoever imports this file gets the mutant."""
    read = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
        if Path(loader.path) == path:
            return compile(tree, str(path), "exec")
        return read(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]


def end(started: Started) -> None:
    """Kill a mutant that does not end, with all it started."""
    os.killpg(started.pid, signal.SIGKILL)

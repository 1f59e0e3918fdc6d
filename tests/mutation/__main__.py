"""The mutation run: ``python -m tests.mutation``."""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.running import (
    COULD_NOT_BE_RUN,
    Callers,
    Started,
    callers,
    end,
    start,
)
from tests.mutation.targets import REPOSITORY, TARGETS, Target

SEED = 20_261_129
SAMPLE = 25
SECONDS = 180.0
"""For the mutants of one target; what there is no time for is not counted."""
HEAVY = ("numpy", "scipy", "sklearn", "onnxruntime", "lxml.etree", "sqlalchemy", "alembic",
         "pydantic", "hypothesis", "slack_bolt", "aiohttp", "holidays", "rapidfuzz")  # fmt: skip
"""Imported once, before mutants are: each is then a copy of this process."""

Chosen = tuple[Path, Mutant]
out = Console(width=max(110, Console().width))


def sampled(target: Target, number: int, seed: int) -> tuple[list[Chosen], int]:
    """So many mutants of a target, and how many there are."""
    every = [
        (path, mutant)
        for path in target.paths()
        for mutant in mutants_of(path.read_text(encoding="utf-8"))
    ]
    chance = random.Random(seed)
    return chance.sample(every, min(number, len(every))), len(every)


def survivors(
    target: Target, chosen: list[Chosen], called: Callers, seconds: float, given: argparse.Namespace
) -> tuple[list[tuple[Chosen, str]], int]:
    """The mutants that no test noticed, and why; and how many there was time for."""
    lived: list[tuple[Chosen, str]] = []
    waiting, running = list(reversed(chosen)), dict[int, Started]()
    every = sorted({test for tests in called.values() for test in tests})
    until = time.monotonic() + given.seconds
    while running or (waiting and time.monotonic() < until):
        while waiting and len(running) < given.jobs and time.monotonic() < until:
            path, mutant = waiting.pop()
            tests = called.get((str(path), mutant.function), []) if mutant.function else every
            if not tests:
                lived.append(((path, mutant), "no test calls it"))
                continue
            shown = given.only is not None
            begun = start(target, path, mutant, tests, seconds, shown=shown)
            running[begun.pid] = begun
        for begun in [one for one in running.values() if time.monotonic() > one.until]:
            end(begun)
        pid, status = os.waitpid(-1, os.WNOHANG) if running else (0, 0)
        if pid == 0:
            time.sleep(0.02)
            continue
        done = running.pop(pid)
        code = os.waitstatus_to_exitcode(status)
        if code == COULD_NOT_BE_RUN:
            raise SystemExit(f"Mutant {done.mutant.number} of {done.path.name} could not be run.")
        if code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            lived.append(((done.path, done.mutant), "no test fails"))
    return lived, len(chosen) - len(waiting)


def main() -> int:
    """Run a sample of mutants and print the score and the survivors."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--sample", type=int, default=SAMPLE, help="mutants of each target")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each target")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--file", default="", help="only of files whose name holds this")
    parser.add_argument("--only", type=int, help="one mutant of that file, with pytest's words")
    given = parser.parse_args()
    if unknown := set(given.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    os.environ.setdefault("ILR_CACHE_DIR", str(REPOSITORY / ".cache"))
    table = Table("Target", "Mutants", "Sampled", "Noticed", "Score", "s")
    kinds, lived_in_all = Counter[str](), []
    for name in given.targets or TARGETS:
        began = time.monotonic()
        chosen, every = sampled(
            TARGETS[name], 1_000_000 if given.file else given.sample, given.seed
        )
        if given.file:
            chosen = [
                (path, mutant)
                for path, mutant in chosen
                if given.file in path.name and given.only in (None, mutant.number)
            ][: given.sample]
        called, seconds = _callers_elsewhere(TARGETS[name])
        _import_what_is_heavy()
        lived, tried = survivors(TARGETS[name], chosen, called, seconds, given)
        kinds.update(mutant.kind for (_, mutant), _ in lived)
        lived_in_all += lived
        noticed = tried - len(lived)
        score = f"{100 * noticed / max(1, tried):.0f} %"
        took = f"{time.monotonic() - began:.0f}"
        table.add_row(name, str(every), str(tried), str(noticed), score, took)
        out.print(f"{name}: {noticed} of {tried} noticed", style="dim")
    for (path, mutant), why in lived_in_all:
        where = f"{path.relative_to(REPOSITORY)}:{mutant.line} (mutant {mutant.number})"
        out.print(f"{where}: {mutant.kind}, {why}", markup=False)
        out.print(f"  - {_short(mutant.before)}\n  + {_short(mutant.after)}", markup=False)
    out.print(table)
    out.print(f"{date.today():%d/%m/%Y}, seed {given.seed}. Survived, by kind: ", end="")
    out.print(", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) or "none")
    return 0


def _callers_elsewhere(target: Target) -> tuple[Callers, float]:
    """The same as ``callers``, in a process that ends: nothing of the package is imported here."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(callers, target).result()


def _import_what_is_heavy() -> None:
    for module in HEAVY:
        try:
            __import__(module)
        except ImportError:
            continue


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) < 100 else f"{line[:97]} …"


if __name__ == "__main__":
    sys.exit(main())

"""How long a check takes: one learner with ten aims, and a whole return as it is streamed.

    python -m tests.benchmarks.checks [learners]

One learner is measured with every rule of the year, on 200 learners that differ: the rules alone,
and all that lies between a paste and its report. The return, 10,000 invented learners with 3.5 aims
each unless another number is given, is checked by the command itself in a process of its own, start
included: as CSV with one job and with one a core, as JSON and as text; a quarter of it as well, to
show that memory does not grow with the file. Its learners break ten rules each, far more than a
college's do, and what is found takes as long as the rules. Memory is the peak of the largest
process. With ILR_REFERENCE_DIR set, the rules that need that data are run as well.

Processor time is given beside the clock's, and as a multiple of what lxml alone takes to read the
same file, which is the same on a busy machine. The other peer, the department's own rule service,
is C# and needs mono and its source; docs/checking-figures.md has what it took.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from lxml import etree

from bot.checking.paste import Checker
from bot.ilr.build import build
from bot.ilr.readers import read
from bot.ilr.record import Message
from bot.knowledge.base import KnowledgeBase
from bot.settings import Settings
from bot.yaml_files import reference_databases
from bot.years import AcademicYear
from tests.benchmarks.invented import HEAD, learner, write_return

ROUNDS = 200
WARMING = 20
LEARNERS = 10_000
YEAR = AcademicYear.parse("2026-27")
DAY = date(2026, 11, 20)


def one_learner() -> None:
    """Print how long a learner with ten aims takes, in milliseconds."""
    files = Settings.load().reference_dir
    knowledge = KnowledgeBase.load(databases=reference_databases(), reference_files=files)
    checker = Checker(knowledge)
    engine = checker.engine(YEAR)
    pastes = [f"{HEAD}{learner(number, 10)}</Message>" for number in range(WARMING + ROUNDS)]
    rules, whole = [], []
    for paste in pastes:
        message = build(read(paste).message, engine.specification, [])
        assert isinstance(message, Message)
        rules.append(timed(partial(engine.run, message, DAY, today=DAY)))
        check = partial(checker.check, paste, year=YEAR, on=DAY, today=DAY)
        whole.append(timed(check))
    print(f"One learner, ten aims, {len(engine.rules)} rules, {ROUNDS} learners")  # noqa: T201
    for what, times in (("the rules", rules), ("paste to report", whole)):
        clock = sorted(by_clock for by_clock, _ in times[WARMING:])
        processor = statistics.median(by_processor for _, by_processor in times[WARMING:])
        print(  # noqa: T201
            f"  {what:16} median {statistics.median(clock):6.2f} ms   95th percentile "
            f"{clock[int(ROUNDS * 0.95)]:6.2f} ms   processor {processor:6.2f} ms"
        )


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds that a call takes, by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000


def whole_return(learners: int) -> None:
    """Print learners a second and peak memory of the command on a whole return."""
    cores = os.cpu_count() or 1
    runs = [(learners // 4, 1, form) for form in ("csv", "json", "text")]
    runs += [(learners, 1, "csv"), (learners, cores, "csv")]
    runs += [(learners, 1, "json"), (learners, 1, "text")]
    with tempfile.TemporaryDirectory() as folder:
        for count, jobs, form in runs:
            path = Path(folder) / f"return-{count}.xml"
            if not path.exists():
                write_return(path, count)
            alone = timed(partial(read_by_lxml, path))[1] / 1000
            seconds, processor, megabytes = in_its_own_process(path, jobs, form)
            print(  # noqa: T201
                f"  {count:7,} learners, {path.stat().st_size / 1e6:5.1f} MB, {form:4} "
                f"{jobs} job(s): {seconds:6.1f} s, {count / seconds:6,.0f} learners/s, processor "
                f"{processor:6.1f} s ({processor / alone:3.0f} x lxml), peak {megabytes:4.0f} MB"
            )


def read_by_lxml(path: Path) -> None:
    """Go through a file's learners, and do nothing with them."""
    with path.open("rb") as file:
        for _, element in etree.iterparse(file, events=("end",), tag="{*}Learner"):
            element.clear()


def in_its_own_process(path: Path, jobs: int, form: str) -> tuple[float, float, float]:
    """Seconds by the clock and of the processor, and peak megabytes."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_command, (path, jobs, form))


def _command(path: Path, jobs: int, form: str) -> tuple[float, float, float]:
    import resource

    words = [sys.executable, "-m", "bot", "check", str(path), "--format", form, "--jobs", str(jobs)]
    start = time.perf_counter()
    ran = subprocess.run(words, stdout=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - start
    assert ran.returncode in (0, 1), "the command could not read its file"
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    megabytes = used.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    return seconds, used.ru_utime + used.ru_stime, megabytes


def main(learners: int = LEARNERS) -> None:
    """Measure one learner, then a whole return."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")  # noqa: T201
    one_learner()
    print("A whole return, streamed by `check`")  # noqa: T201
    whole_return(learners)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="One learner with ten aims, and a whole return.")
    parser.add_argument("learners", type=int, nargs="?", default=LEARNERS, help="of the return")
    main(parser.parse_args().learners)

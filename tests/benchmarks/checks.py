"""How long a check takes: one learner with ten aims, and a whole return as it is streamed.

    python -m tests.benchmarks.checks [learners]

One learner is measured with every rule of the year: the rules alone, and all that lies between
a paste and its report. The return, 10,000 invented learners with 3.5 aims each unless another
number is given, is checked by the command itself in a process of its own, start included, with
one job and with one a core; a quarter of it as well, to show that memory does not grow with the
file. Memory is the peak of the largest process. Processor time is given beside the clock's,
because it is the same on a busy machine.
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
from pathlib import Path

from bot.checking.paste import Checker
from bot.ilr.build import build
from bot.ilr.readers import read
from bot.ilr.record import Message
from bot.knowledge.base import KnowledgeBase
from bot.years import AcademicYear
from tests.benchmarks.invented import HEAD, learner, write_return

ROUNDS = 200
LEARNERS = 10_000
YEAR = AcademicYear.parse("2026-27")
DAY = date(2026, 11, 20)


def one_learner() -> None:
    """Print how long a learner with ten aims takes, in milliseconds."""
    checker = Checker(KnowledgeBase.load())
    engine = checker.engine(YEAR)
    pasted = f"{HEAD}{learner(7, 10)}</Message>"
    message = build(read(pasted).message, engine.specification, [])
    assert isinstance(message, Message)
    rules = [timed(lambda: engine.run(message, DAY, today=DAY)) for _ in range(ROUNDS)]
    whole = [
        timed(lambda: checker.check(pasted, year=YEAR, on=DAY, today=DAY)) for _ in range(ROUNDS)
    ]
    print(f"One learner, ten aims, {len(engine.rules)} rules, {ROUNDS} times")  # noqa: T201
    for what, times in (("the rules", rules), ("paste to report", whole)):
        clock = sorted(by_clock for by_clock, _ in times)
        processor = statistics.median(by_processor for _, by_processor in times)
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
    with tempfile.TemporaryDirectory() as folder:
        for count, jobs in ((learners // 4, 1), (learners, 1), (learners, cores)):
            path = write_return(Path(folder) / f"return-{count}.xml", count)
            seconds, processor, megabytes, rows = in_its_own_process(path, jobs)
            print(  # noqa: T201
                f"  {count:6,} learners, {path.stat().st_size / 1e6:5.1f} MB, {jobs} job(s): "
                f"{seconds:6.1f} s, {count / seconds:6,.0f} learners/s, "
                f"processor {processor:6.1f} s, peak {megabytes:4.0f} MB, {rows:,} findings"
            )


def in_its_own_process(path: Path, jobs: int) -> tuple[float, float, float, int]:
    """Seconds by the clock and of the processor, peak megabytes, and findings written."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_command, (path, jobs))


def _command(path: Path, jobs: int) -> tuple[float, float, float, int]:
    import resource

    words = [sys.executable, "-m", "bot", "check", str(path), "--format", "csv", "--jobs"]
    start = time.perf_counter()
    ran = subprocess.run([*words, str(jobs)], stdout=subprocess.PIPE, check=False)
    seconds = time.perf_counter() - start
    assert ran.returncode in (0, 1), "the command could not read its file"
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    megabytes = used.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    return seconds, used.ru_utime + used.ru_stime, megabytes, ran.stdout.count(b"\n") - 1


def main(learners: int = LEARNERS) -> None:
    """Measure one learner, then a whole return."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")  # noqa: T201
    one_learner()
    print("A whole return, streamed by `check --format csv`")  # noqa: T201
    whole_return(learners)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="One learner with ten aims, and a whole return.")
    parser.add_argument("learners", type=int, nargs="?", default=LEARNERS, help="of the return")
    main(parser.parse_args().learners)

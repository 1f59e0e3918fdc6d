"""Answers a second by one, two and four threads, beside the encoder alone.

    python -m tests.benchmarks.throughput

The helpdesk as it serves: the shipped knowledge with the semantic layer, derived data on disk. Each
question is encoded once, so that the encoder alone, asked the same from as many threads, is the
most that can be had. ``processor`` is the whole process's, for each answer; by the clock only a
machine that has its cores to itself tells whether more threads answer more.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.matching import Candidate, find_encoder
from tests.benchmarks.matching_latency import questions
from tests.conftest import CACHE

THREADS = (1, 2, 4)
DAY = date(2026, 11, 24)


def measured(work: Callable[[str], object], asked: list[str], threads: int) -> str:
    """So many a second by the clock, and the processor's milliseconds each."""
    began, used = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, asked))
    seconds, used = time.perf_counter() - began, time.process_time() - used
    return f"{len(asked) / seconds:7.0f} a second {1000 * used / len(asked):7.1f} ms"


def main() -> None:
    """Print the table."""
    encoder = find_encoder()
    knowledge = KnowledgeBase.load()
    helpdesk = Helpdesk(knowledge, today=lambda: DAY, cache=CACHE, encoder=encoder, ready="now")
    entries = knowledge.entries.values()
    asked = questions([Candidate(e.id, (e.question, *e.also_asked)) for e in entries]) * 2
    helpdesk.warm_up()
    print(f"{len(asked)} questions, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")  # noqa: T201
    for threads in THREADS:
        row = measured(helpdesk.ask, asked, threads)
        beside = (
            measured(lambda text: encoder.encode([text]), asked, threads) if encoder else "none"
        )
        print(f"{threads} threads  answers {row}   encoder alone {beside}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

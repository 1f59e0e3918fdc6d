"""How long an answer and a check take, all the way through, at 150, 1,000 and 10,000 entries.

    python -m tests.benchmarks.helpdesk_latency [sizes]

Every size in a process of its own. Beyond the shipped entries there are copies of them with a
word of their own in each question. The questions are phrasings of the entries with a word left
out and a slip in another, so that nothing is answered from memory; the record is an invented
learner with ten aims. ``semantic`` is measured at the size as shipped only. Times are in
milliseconds; ``processor`` is the mean of the processor's.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Entry
from bot.matching import Candidate, find_encoder
from bot.matching.lists import common_words
from tests.benchmarks.invented import HEAD, learner
from tests.benchmarks.matching_latency import _peak, questions
from tests.conftest import CACHE

SIZES = ("150", "1000", "10000", "shipped", "semantic")
CHECKS = 100
DAY = date(2026, 11, 24)


def knowledge(size: int) -> KnowledgeBase:
    """The shipped knowledge with so many entries."""
    shipped = KnowledgeBase.load()
    words, own = list(common_words()), list(shipped.entries.values())
    entries: dict[str, Entry] = {}
    for number in range(size):
        entry = own[number % len(own)]
        if number >= len(own):
            mark = f" {words[number % len(words)]}"
            entry = entry.model_copy(
                update={
                    "id": f"{entry.id}-{number}",
                    "question": entry.question + mark,
                    "also_asked": [phrasing + mark for phrasing in entry.also_asked],
                }
            )
        entries[entry.id] = entry
    return replace(shipped, entries=entries, fingerprint=f"benchmark-{size}")


def measure(what: str) -> None:
    """Print one row, in this process."""
    shipped = len(KnowledgeBase.load().entries)
    size = int(what) if what.isdigit() else shipped
    with tempfile.TemporaryDirectory() as folder:
        helpdesk = Helpdesk(
            knowledge(size),
            today=lambda: DAY,
            cache=CACHE if what == "semantic" else Path(folder),
            encoder=find_encoder() if what == "semantic" else None,
            ready="now",
        )
        began = time.process_time()
        helpdesk.ask("placement dates")
        built = time.process_time() - began
        helpdesk.messages.learn_names()  # as a process that serves does, beside
        asked = questions(
            [
                Candidate(entry.id, (entry.question, *entry.also_asked))
                for entry in helpdesk.knowledge.entries.values()
            ]
        )
        pasted = f"{HEAD}{learner(7, 10)}</Message>"
        helpdesk.check(pasted, on=DAY)
        answers = timed([lambda q=q: helpdesk.ask(q) for q in asked])
        checks = timed([lambda: helpdesk.check(pasted, on=DAY)] * CHECKS)
        cells = [f"{value:9.1f}" for value in (*answers, *checks)]
        print(f"{what:>9} {size:8,} {built:8.1f} {' '.join(cells)} {_peak():8.0f}")  # noqa: T201


def timed(works: list[Callable[[], object]]) -> tuple[float, float, float]:
    """Median, 99th percentile and the processor's mean, in milliseconds."""
    times, busy = [], time.process_time()
    for work in works:
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    busy = 1000 * (time.process_time() - busy) / len(works)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99)], busy


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--row"]:
        measure(sys.argv[2])
        return
    print(  # noqa: T201
        f"{'':9} {'entries':>8} {'build s':>8} {'ask':>9} {'p99':>9} {'processor':>9} "
        f"{'check':>9} {'p99':>9} {'processor':>9} {'peak MB':>8}"
    )
    for what in sys.argv[1:] or SIZES:
        command = [sys.executable, "-m", "tests.benchmarks.helpdesk_latency", "--row", what]
        subprocess.run(command, cwd=Path(__file__).parents[2], check=True)


if __name__ == "__main__":
    main()

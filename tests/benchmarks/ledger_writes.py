"""How fast the ledger writes and groups ten thousand questions, and what a kill -9 loses.

    python -m tests.benchmarks.ledger_writes
    python -m tests.benchmarks.ledger_writes writes groups kill      some of them

Both databases wait for the disk at every commit, as they do in service. Postgres is left out
when its programs are not installed. One event is three commits: claimed, about to be posted,
finished. For the kills, a process that takes 500 events as the bot does is killed four times in
the burst; two others finish what it left. ``python -m tests.faults kill`` does the same to the
whole bot.
"""

from __future__ import annotations

import os
import platform
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import yaml

from bot.ledger import EventPayload, Ledger, Result, migrate
from tests.ledger import worker
from tests.ledger.conftest import SECRET, PostgresServer, postgres_programs
from tests.ledger.test_ledger_faults import EVENTS, start_worker, wait_for

SECONDS = 3.0
PARTS = ("writes", "groups", "kill")
QUESTIONS = 10_000


def per_second(write: Callable[[int], object], threads: int) -> float:
    """How often ``write`` is done a second by so many threads."""
    until = time.perf_counter() + SECONDS

    def work(thread: int) -> int:
        done = 0
        while time.perf_counter() < until:
            write(thread * 1_000_000 + done)
            done += 1
        return done

    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        total = sum(pool.map(work, range(threads)))
    return total / (time.perf_counter() - start)


def invented_questions() -> list[str]:
    """Phrasings of the shipped entries, shuffled, cut and misspelt, the same every time."""
    chance = random.Random(1)
    folder = Path(__file__).parents[2] / "knowledge" / "entries"
    phrasings = [
        phrasing
        for path in sorted(folder.glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
        for phrasing in (entry["question"], *entry["also_asked"])
    ]
    questions = []
    for _ in range(QUESTIONS):
        words = chance.choice(phrasings).split()
        if chance.random() < 0.3:
            del words[chance.randrange(len(words))]
        if words and chance.random() < 0.3:
            place = chance.randrange(len(words))
            words[place] = words[place][:-1] + chance.choice("aeiourst")
        questions.append(" ".join(words))
    return questions


def measure(name: str, url: str, parts: set[str]) -> None:
    """Print the figures of one database."""
    migrate(url)
    ledger = Ledger.open(url, secret=SECRET, retention_days=365, environ={})
    if "writes" in parts:
        writes(name, ledger)
    if "groups" in parts:
        groups(name, ledger)
    ledger.close()
    if "kill" in parts:
        kills(name, url)


def writes(name: str, ledger: Ledger) -> None:
    """Print events and questions a second."""
    payload = EventPayload("mention", "C1", "1.0", "U1", "Do placement dates have to match?")

    def event(number: int) -> None:
        ledger.claim_event(f"Ev{threads}-{number}", payload)
        ledger.begin_posting(f"Ev{threads}-{number}")
        ledger.finish_event(f"Ev{threads}-{number}")

    def question(number: int) -> None:
        ledger.record_question(
            payload.text, door="mention", outcome=Result.ANSWERED, entry_id="e", user=f"U{number}"
        )

    for threads in (1, 4):
        print(f"{name:9} {threads} thread(s)  {per_second(event, threads):7.0f} events/s")  # noqa: T201
        print(f"{name:9} {threads} thread(s)  {per_second(question, threads):7.0f} questions/s")  # noqa: T201


def plain(folder: Path) -> None:
    """Print what sqlite3 alone does: one row a commit that waits for the disk."""
    with closing(sqlite3.connect(folder / "plain.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE asked (id INTEGER PRIMARY KEY, text TEXT, at REAL)")
        until, done = time.perf_counter() + SECONDS, 0
        while time.perf_counter() < until:
            values = ("Do placement dates have to match?", time.time())
            connection.execute("INSERT INTO asked (text, at) VALUES (?, ?)", values)
            done += 1
    print(f"sqlite3 alone, 1 thread  {done / SECONDS:7.0f} rows/s, a commit each")  # noqa: T201


def groups(name: str, ledger: Ledger) -> None:
    """Print how long it takes to find what ten thousand questions ask."""
    for number, text in enumerate(invented_questions()):
        ledger.record_question(text, door="dm", outcome=Result.UNANSWERED, user=f"U{number % 97}")
    start = time.perf_counter()
    gaps = ledger.gaps()
    taken = time.perf_counter() - start
    print(f"{name:9} {QUESTIONS} questions read and grouped into {len(gaps)} in {taken:.1f} s")  # noqa: T201
    start = time.perf_counter()
    ledger.weekly_summary(time.strftime("%G-W%V", time.gmtime()))
    print(f"{name:9} weekly summary over them in {time.perf_counter() - start:.1f} s")  # noqa: T201


def kills(name: str, url: str) -> None:
    """Print what a burst of events with four kills in it lost, and what it answered twice."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        posted = folder / "posted"
        moments = []
        for target in (60, 140, 260, 390):
            process = start_worker(url, folder)
            wait_for(posted, target, process)
            process.send_signal(signal.SIGKILL)
            process.wait()
            moments.append(len(worker.lines(posted)))
        for process in [start_worker(url, folder) for _ in range(2)]:
            process.wait(120)
        answers = Counter(worker.lines(posted))
        acknowledged = set(worker.lines(folder / "acknowledged"))
    lost = len(acknowledged - set(answers))
    twice = sum(times > 1 for times in answers.values())
    print(  # noqa: T201
        f"{name:9} {EVENTS} events, kill -9 after {', '.join(map(str, moments))} answers: "
        f"{len(acknowledged)} acknowledged, {lost} of them lost, {twice} answered twice"
    )


def main() -> None:
    """Measure SQLite, then Postgres."""
    parts = set(sys.argv[1:]) & set(PARTS) or set(PARTS)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        if "writes" in parts:
            plain(Path(folder))
        measure("SQLite", f"sqlite:///{folder}/ledger.db", parts)
    programs = postgres_programs()
    if programs is None:
        print("Postgres  not installed, so not measured")  # noqa: T201
        return
    server = PostgresServer(programs, durable=True)
    try:
        measure("Postgres", server.url.render_as_string(hide_password=False), parts)
    finally:
        server.remove()


if __name__ == "__main__":
    main()

"""Where the time goes: a profile of starting, of answering and of checking, by part of the bot.

    python -m tests.benchmarks.where_time_goes

Shares are of the profiled processor time, own time of the functions in a part; the profiler
itself makes small functions look dearer than they are.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.matching import Candidate
from tests.benchmarks.invented import HEAD, learner
from tests.benchmarks.matching_latency import questions
from tests.conftest import CACHE

ROOT = Path(__file__).resolve().parents[2]
MOST = 10
DAY = date(2026, 11, 24)


def by_part(profile: cProfile.Profile) -> tuple[Counter[str], Counter[str], float]:
    """Own seconds by part of the bot (or library), by function, and in all."""
    parts: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    rows = pstats.Stats(profile).stats.items()  # type: ignore[attr-defined]
    for (file, line, name), (_, _, own, _, _) in rows:
        part = _part(file)
        parts[part] += own
        functions[f"{part}: {name}" + (f" (line {line})" if line else "")] += own
    return parts, functions, sum(parts.values())


def _part(file: str) -> str:
    if "site-packages" in file:
        return file.partition("site-packages/")[2].partition("/")[0]
    if file.startswith(str(ROOT / "bot")):
        return "bot." + str(Path(file).relative_to(ROOT / "bot").with_suffix("")).replace("/", ".")
    return "Python and C" if file.startswith(("~", "<")) else "standard library"


def show(what: str, work: Callable[[], object], times: int) -> None:
    """Print the profile of some work."""
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(times):
        work()
    profile.disable()
    parts, functions, total = by_part(profile)
    print(f"\n{what}: {1000 * total / times:.1f} ms each, {times} times")  # noqa: T201
    for title, counted in (("part", parts), ("function", functions)):
        for name, seconds in counted.most_common(MOST):
            print(f"  {100 * seconds / total:5.1f} %  {title:8}  {name}")  # noqa: T201


def starting() -> None:
    """Print which imports a start waits for longest."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "explain", "R_96"],
        cwd=ROOT,
        env={**os.environ, "ILR_CACHE_DIR": str(CACHE)},
        capture_output=True,
        text=True,
        check=True,
    )
    rows = []
    for line in done.stderr.splitlines():
        cells = line.removeprefix("import time:").split("|")
        if len(cells) == 3 and cells[0].strip().isdigit():
            rows.append((int(cells[0]), cells[2].strip().partition(".")[0], cells[2].strip()))
    total = sum(own for own, _, _ in rows)
    packages: Counter[str] = Counter()
    for own, package, _ in rows:
        packages[package] += own
    print(f"Starting (explain R_96): {total / 1000:.0f} ms of imports, {len(rows)} modules")  # noqa: T201
    for package, own in packages.most_common(MOST):
        print(f"  {100 * own / total:5.1f} %  {package}")  # noqa: T201


def main() -> None:
    """Profile starting, then questions, then checks."""
    starting()
    helpdesk = Helpdesk(KnowledgeBase.load(), today=lambda: DAY, cache=CACHE)
    entries = helpdesk.knowledge.entries.values()
    asked = questions([Candidate(e.id, (e.question, *e.also_asked)) for e in entries])
    pasted = f"{HEAD}{learner(7, 10)}</Message>"
    helpdesk.ask("placement dates")
    helpdesk.check(pasted, on=DAY)
    turn = iter(asked * 2)
    show("Answering, core alone", lambda: helpdesk.ask(next(turn)), len(asked))
    show("Checking a learner with ten aims", lambda: helpdesk.check(pasted, on=DAY), 50)


if __name__ == "__main__":
    main()

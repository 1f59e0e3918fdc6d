"""How soon it is there, and how much memory it takes: commands, and the process that serves.

    python -m tests.benchmarks.cold_start

``clock`` and ``processor`` are the median of five starts, with derived data on disk; the
processor's time is the same on a busy machine. The serving process is started against the Slack
stand-in: ``first`` with an empty cache, ``again`` with a full one; ready means that /readyz says
so. Its memory (resident, from /proc) is idle after start, after 300 questions and 50 checks that
came at once, and the highest it ever was.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.invented import learner
from tests.support.app_process import AppProcess
from tests.support.slack_standin import SlackStandIn

ROOT = Path(__file__).resolve().parents[2]
TIMES = 5
QUESTIONS, CHECKS = 300, 50
ASKED = (
    "one aim or three for three placements?", "what is R_96?", "when is R04?",
    "do placement dates have to match the aim?", "can a taster day count as a placement?",
    "what is WorkPlaceMode?", "who won the match?",
)  # fmt: skip


def started(*words: str, **settings: str) -> tuple[float, float, float]:
    """Seconds by the clock, seconds of the processor, and MB, of one command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    clock = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return clock, processor, used.ru_maxrss / 1024


def commands() -> None:
    """Print a line for each command."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "learner.xml"
        record.write_text(learner(7, 10), encoding="utf-8")
        rows = {
            "--help": (["--help"], {}),
            "explain R_96": (["explain", "R_96"], {}),
            "ask, core alone": (["ask", ASKED[0]], {"ILR_SEMANTIC": "off"}),
            "ask": (["ask", ASKED[0]], {}),
            "check, ten aims": (["check", str(record)], {}),
        }
        started("prepare")
        print(f"{'command':20} {'clock s':>9} {'processor s':>12} {'peak MB':>9}")  # noqa: T201
        for name, (words, settings) in rows.items():
            started(*words, **settings)  # so that derived data is on disk
            runs = [started(*words, **settings) for _ in range(TIMES)]
            clock, processor, memory = (statistics.median(column) for column in zip(*runs))  # noqa: B905
            print(f"{name:20} {clock:9.2f} {processor:12.2f} {memory:9.0f}")  # noqa: T201


def memory(app: AppProcess, name: str) -> float:
    """MB of VmRSS (resident now) or VmHWM (the highest it was)."""
    status = Path(f"/proc/{app.process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def processor_seconds(app: AppProcess) -> float:
    """What the process has used."""
    fields = Path(f"/proc/{app.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def serving(semantic: str) -> None:
    """Print the start and the memory of the serving process."""
    with tempfile.TemporaryDirectory() as folder:
        for start in ("first", "again"):
            settings = {"ILR_SEMANTIC": semantic, "ILR_CACHE_DIR": f"{folder}/cache"}
            with SlackStandIn() as slack:
                began = time.perf_counter()
                app = AppProcess.start(slack, Path(folder) / start, "socket", **settings)
                app.wait_until_ready(120)
                ready, used = time.perf_counter() - began, processor_seconds(app)
                time.sleep(60 if start == "first" and semantic != "off" else 3)
                row = f"{start:6} ready in {ready:5.1f} s (processor {used:4.1f} s)"
                row += f", idle {memory(app, 'VmRSS'):4.0f} MB"
                if start == "again":
                    busy = processor_seconds(app)
                    seconds = _load(slack)
                    busy = processor_seconds(app) - busy
                    row += f", loaded {memory(app, 'VmRSS'):4.0f} MB ({seconds:.0f} s, "
                    row += f"processor {busy:.0f} s)"
                row += f", highest {memory(app, 'VmHWM'):4.0f} MB"
                app.stop()
            print(f"serve, semantic {semantic:4} {row}", flush=True)  # noqa: T201


def _load(slack: SlackStandIn) -> float:
    """Ask and check, all at once; the seconds until the last was answered."""
    began = time.perf_counter()
    person, channel = slack.person(), slack.channel()
    asked = [person.mentions(ASKED[n % len(ASKED)], channel) for n in range(QUESTIONS)]
    asked += [person.writes(learner(n, 6)) for n in range(CHECKS)]
    slack.wait_for("chat.postMessage", count=len(asked), timeout=300)
    return time.perf_counter() - began


def main() -> None:
    """Measure commands, then serving without and with the semantic layer."""
    commands()
    print()  # noqa: T201
    for semantic in ("off", "auto"):
        serving(semantic)


if __name__ == "__main__":
    main()

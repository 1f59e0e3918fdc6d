"""Fuzz for as long as there is time: ``python -m tests.fuzz [TARGET …] [--minutes M]``."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from datetime import date

from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.matching import find_encoder
from tests.conftest import CACHE
from tests.fuzz.payloads import run as run_payloads
from tests.fuzz.targets import TARGETS, numbers

PAYLOADS = "payloads"
SHOWN = 5


def fuzz(name: str, helpdesk: Helpdesk, minutes: float, first: int) -> int:
    """Run a target until the time is up; print and return how many inputs it fell over."""
    began, fallen, slowest, tried = time.monotonic(), Counter[str](), (0.0, 0), 0
    for number in numbers(first):
        at = time.monotonic()
        if at - began > 60 * minutes:
            break
        tried += 1
        try:
            TARGETS[name](helpdesk, number)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} at {frame.filename.rpartition('/')[2]}:{frame.lineno}"
            if not fallen[place] and len(fallen) < SHOWN:
                print(f"  {name}: input {number}: {place}", flush=True)  # noqa: T201
            fallen[place] += 1
        slowest = max(slowest, (time.monotonic() - at, number))
    print(  # noqa: T201
        f"{name:10} {tried:9,} inputs, {sum(fallen.values())} fell over in {len(fallen)} places; "
        f"slowest {slowest[0]:.2f} s (input {slowest[1]})",
        flush=True,
    )
    return sum(fallen.values())


def main() -> int:
    """Run what was named, or all; 1 when anything fell over."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=", ".join([*TARGETS, PAYLOADS])
    )
    parser.add_argument("--minutes", type=float, default=1.0, help="for each target")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--only", type=int, help="one input, with its traceback")
    parser.add_argument("--count", type=int, default=10_000, help="of payloads")
    chosen = parser.parse_args()
    wanted = chosen.targets or [*TARGETS, PAYLOADS]
    if unknown := set(wanted) - {*TARGETS, PAYLOADS}:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    helpdesk = Helpdesk(
        KnowledgeBase.load(),
        today=lambda: date(2026, 11, 24),
        cache=CACHE,
        encoder=find_encoder(),
        ready="now",
    )
    if chosen.only is not None:
        for name in wanted:
            TARGETS[name](helpdesk, chosen.only)
        return 0
    fallen = 0
    for name in wanted:
        if name == PAYLOADS:
            fallen += run_payloads(helpdesk, chosen.count, chosen.first)
        else:
            fallen += fuzz(name, helpdesk, chosen.minutes, chosen.first)
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())

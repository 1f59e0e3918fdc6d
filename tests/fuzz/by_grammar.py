"""Fuzz by grammar and by mutation, for a while: ``make fuzz``.

Every run takes inputs of its own and prints its seed; the same seed takes the same again:

    python -m tests.fuzz.by_grammar xml --seed 4711
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import secrets
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from bot.errors import InputError, KnowledgeError, Problem
from bot.helpdesk import Helpdesk
from bot.ilr.readers import read
from bot.ilr.redaction import redact
from bot.knowledge.base import KnowledgeBase
from bot.slack.blocks.report import report_post
from bot.yaml_files import read_yaml
from tests.conftest import CACHE
from tests.fuzz import grammars
from tests.fuzz.payloads import ALLOWED, at_work
from tests.fuzz.targets import TARGETS, keeps_limits, told_plainly

__all__ = ["GRAMMARS", "examples"]

AT_ONCE = 50
"""Inputs of one seed."""
LONGEST = 120
"""Seconds of the processor that they may take."""


def check_paste(helpdesk: Helpdesk, text: str) -> None:
    """A paste is read the same twice, checked, shown and copied; or refused in a sentence."""
    try:
        first = read(text).to_json()
    except InputError as error:
        told_plainly(error)
    else:
        assert read(text).to_json() == first
    for work in (
        lambda: keeps_limits(report_post(helpdesk.check(text))),
        lambda: redact(text),
    ):
        with contextlib.suppress(InputError):
            work()


def check_yaml(helpdesk: Helpdesk, text: str) -> None:
    """A file is read, or refused with its name, the line and what to do; so is a folder."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "entries" / "ours.yaml"
        path.parent.mkdir()
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        problems: list[Problem] | None = None
        try:
            read_yaml(path)
            KnowledgeBase.load(Path(folder))
        except KnowledgeError as error:
            problems = error.problems
        if problems is not None:
            assert problems
            assert all(one.line >= 1 and one.message for one in problems)
            assert all(one.file.endswith("ours.yaml") for one in problems)


def check_payloads(helpdesk: Helpdesk, bodies: list[dict[str, Any]]) -> None:
    """Each is handled, or refused as unreadable; no listener fails but by a part's shape."""
    with at_work(helpdesk) as (rig, failures):
        for number, body in enumerate(bodies):
            rig.send(number, body)
    wrong = {key: n for key, n in failures.items() if key[0] not in ALLOWED}
    assert not wrong, wrong


GRAMMARS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Helpdesk, Any], None]]] = {
    "xml": (grammars.xml, check_paste),
    "tables": (grammars.table, check_paste),
    "yaml": (grammars.yaml_text, check_yaml),
    "payloads": (st.lists(grammars.payload, min_size=1, max_size=20), check_payloads),
}


def examples(name: str, helpdesk: Helpdesk, number: int, count: int = AT_ONCE) -> None:
    """So many inputs of a grammar, by a seed. What falls over is made as small as it goes."""
    strategy, check = GRAMMARS[name]

    @seed(number)
    @settings(
        max_examples=count if name != "payloads" else max(1, count // 20),
        deadline=None,
        database=None,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(strategy)
    def tried(made: Any) -> None:
        try:
            check(helpdesk, made)
        except Exception as error:
            error.add_note(f"Input: {made!r:.2000}")
            raise

    tried()


def batch(name: str, helpdesk: Helpdesk, number: int) -> None:
    """The inputs of a seed, by a grammar or by mutation. What takes too long falls over too."""

    def too_long(*_: object) -> None:
        raise TimeoutError(f"more than {LONGEST} seconds of the processor")

    signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        if name in GRAMMARS:
            examples(name, helpdesk, number)
        else:
            for one in range(number * AT_ONCE, (number + 1) * AT_ONCE):
                TARGETS[name](helpdesk, one)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main() -> int:
    """Take each grammar in turn until the time is up; 1 when anything fell over."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.by_grammar", description=__doc__)
    parser.add_argument(
        "grammars", nargs="*", metavar="GRAMMAR", help=", ".join([*GRAMMARS, *TARGETS])
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="in all")
    parser.add_argument("--seed", type=int, help="only the inputs of this seed")
    parser.add_argument("--first", type=int, help="begin at this seed, not at one of chance")
    chosen = parser.parse_args()
    known = [*GRAMMARS, *TARGETS]
    wanted = chosen.grammars or known
    if unknown := set(wanted).difference(known):
        parser.error(f"no such grammar: {', '.join(sorted(unknown))}")
    helpdesk = Helpdesk(
        KnowledgeBase.load(), today=lambda: date(2026, 11, 24), cache=CACHE, ready="now"
    )
    logging.getLogger().addHandler(logging.NullHandler())
    begin = chosen.first if chosen.seed is None else chosen.seed
    first = secrets.randbelow(10**9) if begin is None else begin
    fallen, tried = set[str](), dict.fromkeys(wanted, 0)
    number, until = first, time.monotonic() + chosen.seconds
    while number == first or (chosen.seed is None and time.monotonic() < until):
        for name in wanted:
            try:
                batch(name, helpdesk, number)
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                fallen |= told(name, number, error, known=fallen)
            tried[name] += AT_ONCE
            if chosen.seed is None and time.monotonic() >= until:
                break
        number += 1
    done = ", ".join(f"{name} {count:,}" for name, count in tried.items())
    print(f"Seeds {first} to {number - 1}: {done} inputs; {len(fallen)} places fell over.")  # noqa: T201
    return 1 if fallen else 0


def told(name: str, number: int, error: Exception, known: set[str]) -> set[str]:
    """Say what fell over and how to see it again, once for each place; the place."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
    if place not in known:
        print(f"{name}: {place}: {json.dumps(str(error))[:300]}")  # noqa: T201
        print("\n".join(getattr(error, "__notes__", []))[:2500])  # noqa: T201
        print(f"  again: python -m tests.fuzz.by_grammar {name} --seed {number}", flush=True)  # noqa: T201
    return {place}


if __name__ == "__main__":
    sys.exit(main())

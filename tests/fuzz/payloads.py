"""Event payloads of every kind, mutated, through the app and its listeners without a network."""

from __future__ import annotations

import contextlib
import logging
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from slack_sdk.errors import SlackRequestError

from bot.helpdesk import Helpdesk
from bot.slack.runtime.logs import log
from bot.slack.runtime.transport import SHAPELESS
from tests.slack.test_fuzz import SEED, Rig, mutated, payloads, rigged

__all__ = ["ALLOWED", "at_work", "run"]

ALLOWED = {kind.__name__ for kind in (*SHAPELESS, UnicodeEncodeError, SlackRequestError)}
"""A part that is missing or of another type may fail its listener, which is then told; nothing
else may. SlackRequestError: Slack's library refuses to open a conversation with nobody."""


class _Failures(logging.Handler):
    """Counts the listeners that failed, by error and place."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[tuple[str, str]] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() == "a listener failed":
            self.found[(record.__dict__["error"], record.__dict__["where"][-1])] += 1
        elif record.getMessage().startswith("the ledger's database failed"):
            self.found[(record.getMessage(), "ledger")] += 1


@contextlib.contextmanager
def at_work(helpdesk: Helpdesk) -> Iterator[tuple[Rig, Counter[tuple[str, str]]]]:
    """An app that answers to nobody, and its failures by error and place, all told at the end."""
    failures = _Failures()
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(log, "propagate", False)
        rig = rigged(helpdesk, Path(folder), patch)
        log.addHandler(failures)
        try:
            yield rig, failures.found
        finally:
            rig.end()
            log.removeHandler(failures)


def run(helpdesk: Helpdesk, count: int, first: int = 0) -> int:
    """Send so many; print what became of them and return how many failed as they may not."""
    kinds, began = list(payloads()), time.monotonic()
    bodies = (
        mutated(kinds[n % len(kinds)], random.Random(SEED + n)) for n in range(first, first + count)
    )
    with at_work(helpdesk) as (rig, failures), ThreadPoolExecutor(12) as sending:
        read = sum(sending.map(rig.send, range(count), bodies))
    bad = {key: n for key, n in failures.items() if key[0] not in ALLOWED}
    print(  # noqa: T201
        f"payloads   {count:9,} of {len(kinds)} kinds: {read:,} read, {count - read:,} refused as "
        f"unreadable, {sum(failures.values()):,} told that something went wrong, "
        f"{sum(bad.values())} fell over; {time.monotonic() - began:.0f} s",
        flush=True,
    )
    for (error, where), number in bad.items():
        print(f"  {number} × {error} at {where}", flush=True)  # noqa: T201
    return sum(bad.values())

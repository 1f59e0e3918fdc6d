"""Event payloads of every kind, mutated, through the app and its listeners without a network."""

from __future__ import annotations

import logging
import random
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackRequestError

from bot.helpdesk import Helpdesk
from bot.ledger import Ledger
from bot.settings import Settings
from bot.slack.runtime.app import build
from bot.slack.runtime.client import SlackClient
from bot.slack.runtime.logs import log
from bot.slack.runtime.transport import SHAPELESS
from tests.slack.running_bot import SECRET
from tests.slack.test_fuzz import SEED, Rig, answered, mutated, payloads

__all__ = ["ALLOWED", "Failures", "run"]

ALLOWED = {kind.__name__ for kind in (*SHAPELESS, UnicodeEncodeError, SlackRequestError)}
"""A part that is missing or of another type may fail its listener, which is then told; nothing
else may. SlackRequestError: Slack's library refuses to open a conversation with nobody."""


class Failures(logging.Handler):
    """Counts the listeners that failed, by error and place."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[tuple[str, str]] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() == "a listener failed":
            self.found[(record.__dict__["error"], record.__dict__["where"][-1])] += 1
        elif record.getMessage().startswith("the ledger's database failed"):
            self.found[(record.getMessage(), "ledger")] += 1


def run(helpdesk: Helpdesk, count: int, first: int = 0) -> int:
    """Send so many; print what became of them and return how many failed as they may not."""
    kinds, failures, began = list(payloads()), Failures(), time.monotonic()
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(WebClient, "api_call", answered)
        patch.setattr("bot.slack.runtime.client.send_to_address", lambda url, body: "")
        patch.setattr(SlackClient, "upload", lambda self, *args, **more: None)
        patch.setattr(log, "propagate", False)
        log.addHandler(failures)
        ledger = Ledger.open(f"sqlite:///{Path(folder) / 'l.db'}", secret=SECRET, retention_days=9)
        told = Settings(slack_bot_token="xoxb-1", slack_signing_secret="s", triage_channel="C9")
        bolt, app = build(told, helpdesk, ledger)
        rig = Rig(bolt, app, ledger)
        bodies = (
            mutated(kinds[n % len(kinds)], random.Random(SEED + n))
            for n in range(first, first + count)
        )
        with ThreadPoolExecutor(12) as sending:
            read = sum(sending.map(rig.send, range(count), bodies))
        rig.end()
        log.removeHandler(failures)
    bad = {key: n for key, n in failures.found.items() if key[0] not in ALLOWED}
    print(  # noqa: T201
        f"payloads   {count:9,} of {len(kinds)} kinds: {read:,} read, {count - read:,} refused as "
        f"unreadable, {sum(failures.found.values()):,} told that something went wrong, "
        f"{sum(bad.values())} fell over; {time.monotonic() - began:.0f} s",
        flush=True,
    )
    for (error, where), number in bad.items():
        print(f"  {number} × {error} at {where}", flush=True)  # noqa: T201
    return sum(bad.values())

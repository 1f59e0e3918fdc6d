"""A process that answers events as the bot does, to be killed at any moment.

``python -m tests.ledger.worker URL FOLDER COUNT``. FOLDER/acknowledged stands for what Slack
was told it need not send again, FOLDER/posted for the answers to be seen in Slack.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from bot.ledger import EventPayload, Ledger
from tests.ledger.conftest import SECRET

LEASE_SECONDS = 0.6


def append(path: Path, line: str) -> None:
    """Write a whole line at once, so that a kill leaves it there or not."""
    file = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY)
    os.write(file, f"{line}\n".encode())
    os.close(file)


def lines(path: Path) -> list[str]:
    """The lines written so far."""
    return path.read_text().splitlines() if path.exists() else []


def answer(ledger: Ledger, event_id: str, posted: Path, *, maybe_posted: bool) -> None:
    """Post and finish, unless somebody else has it or it can be seen to be posted."""
    if not ledger.begin_posting(event_id):
        return
    if not (maybe_posted and event_id in lines(posted)):
        append(posted, event_id)
    ledger.finish_event(event_id)


def main(url: str, folder: Path, count: int) -> None:
    """Take every event Slack would send, then whatever a dead process left behind."""
    ledger = Ledger.open(url, secret=SECRET, retention_days=1, environ={})
    acknowledged, posted = folder / "acknowledged", folder / "posted"
    told = set(lines(acknowledged))
    for number in range(count):
        event_id = f"Ev{number:04}"
        if event_id in told:
            continue
        payload = EventPayload(kind="mention", channel="C1", ts=f"{number}.0", user="U1")
        mine = ledger.claim_event(event_id, payload, lease_seconds=LEASE_SECONDS)
        append(acknowledged, event_id)
        if mine:
            answer(ledger, event_id, posted, maybe_posted=False)
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < LEASE_SECONDS * 2:
        for event in ledger.unanswered_events(lease_seconds=LEASE_SECONDS):
            answer(ledger, event.event_id, posted, maybe_posted=event.maybe_posted)
            quiet_since = time.monotonic()
        time.sleep(0.05)
    ledger.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))

"""What is left of personal details in the ledger, counted by kind.

Each message goes through every door that keeps text, as Slack's features use it, and then its
personal details are looked for in every column of every table.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bot.errors import HelpdeskError
from bot.helpdesk import Helpdesk
from bot.ledger import EventPayload, Feedback, Ledger, Proposal, Result
from bot.ledger.tables import metadata
from bot.privacy import is_record_in_doubt
from bot.slack.messages import IncomingMessage
from bot.slack.runtime.tolerant_ledger import TolerantLedger
from tests.support.records import as_typed

__all__ = [
    "DOORS",
    "Leak",
    "PrivateMessage",
    "counted",
    "leaks_of",
    "leaks_through",
    "read_messages",
]

USER = "U0WRITER"
CHANNEL = "C0OFFICE"


@dataclass(frozen=True, slots=True)
class PrivateMessage:
    """An invented message, and the personal details in it."""

    text: str
    kind: str
    """message, or form: a record in a form that staff paste."""
    style: str
    personal: tuple[tuple[str, str], ...]
    """Each detail as it is written, and its kind."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A detail that can be read afterwards."""

    door: str
    kind: str
    detail: str
    style: str


def read_messages(path: Path) -> list[PrivateMessage]:
    """The messages of a file."""
    return [
        PrivateMessage(
            one["text"],
            one["kind"],
            one["style"],
            tuple((str(detail["string"]), detail["kind"]) for detail in one["personal"]),
        )
        for one in as_typed(path)
    ]


def leaks_of(message: PrivateMessage, kept: str, door: str) -> Iterator[Leak]:
    """The details of a message that stand in what was kept."""
    for detail, kind in message.personal:
        spaced = re.sub(r"\s+", r"\\s+", re.escape(detail).replace(r"\ ", " "))
        if re.search(rf"(?<!\w){spaced}(?!\w)", kept, re.IGNORECASE):
            yield Leak(door, kind, detail, message.style)


def leaks_through(
    messages: Sequence[PrivateMessage], ledger: Ledger, helpdesk: Helpdesk
) -> list[Leak]:
    """What is left of each message behind each door."""
    found: list[Leak] = []
    for message in messages:
        for name, door in DOORS.items():
            with suppress(HelpdeskError):  # a door may refuse it, in a sentence
                door(ledger, helpdesk, message.text)
            found += leaks_of(message, _emptied(ledger), name)
    return found


def counted(leaks: Sequence[Leak]) -> dict[str, int]:
    """How many details of each kind are left, each counted once a message."""
    return dict(Counter(kind for kind, _, _ in {(x.kind, x.detail, x.style) for x in leaks}))


def _emptied(ledger: Ledger) -> str:
    """All that the ledger holds, which is then deleted."""
    lines = []
    with ledger._db.write() as connection:
        for table in reversed(metadata.sorted_tables):
            for row in connection.execute(select(table)):
                lines += [json.dumps(value, ensure_ascii=False, default=str) for value in row]
            connection.execute(table.delete())
    return "\n".join(lines).replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')


# -- the doors


def _asked(ledger: Ledger, helpdesk: Helpdesk, text: str) -> None:
    """A question in a channel or a direct message."""
    if helpdesk.is_record(text):
        return
    answer = helpdesk.ask(text)
    if not answer.is_kept or is_record_in_doubt(text):
        return
    message = IncomingMessage("mention", USER, CHANNEL, text, "1.0")
    for one in (answer, *answer.more):
        TolerantLedger(ledger).record_question(message, one)


def _waiting(ledger: Ledger, helpdesk: Helpdesk, text: str) -> None:
    """The event of a message, until it is answered."""
    ledger.claim_event("Ev1", EventPayload("mention", CHANNEL, "1.0", USER, text))


def _noted(ledger: Ledger, helpdesk: Helpdesk, text: str) -> None:
    """A note beside "Not quite"."""
    question = ledger.record_question("What is it?", door="dm", outcome=Result.ANSWERED)
    ledger.record_feedback(question, Feedback.WRONG, note=text)


def _passed_on(ledger: Ledger, helpdesk: Helpdesk, text: str) -> None:
    """A question for a person."""
    ledger.open_handover(text, asker=USER, asker_channel=CHANNEL, asker_thread="1.0")


def _reworded(ledger: Ledger, helpdesk: Helpdesk, text: str) -> None:
    """Another way of asking for an entry, proposed or settled by a click."""
    ledger.propose_phrasing("an-entry", text)
    asked = ledger.record_question(text, door="dm", outcome=Result.CHOICES, choices=["an-entry"])
    ledger.choose(asked, "an-entry")
    ledger.record_feedback(asked, Feedback.SOLVED)


def _rejected(ledger: Ledger, helpdesk: Helpdesk, text: str) -> None:
    """Why a suggestion was turned down."""
    draft = ledger.suggest(Proposal("What is asked?", "What it says. " * 3, "2026-27", None, "A"))
    ledger.reject(draft.id, 1, "U9", text)


def _suggested(ledger: Ledger, helpdesk: Helpdesk, text: str) -> None:
    """A suggestion: as a question, an answer, and another way of asking."""
    for question, answer, ways in (
        (text[:140] + " Can this be?", "What it says. " * 3, ()),
        ("What is asked?", text + " and that is the whole answer", ()),
        ("What is asked?", "What it says. " * 3, (text,)),
    ):
        with suppress(HelpdeskError):
            ledger.suggest(Proposal(question, answer, "2026-27", None, "A", also_asked=ways))


Door = Callable[[Ledger, Helpdesk, str], None]
DOORS: dict[str, Door] = {
    "asked": _asked,
    "waiting": _waiting,
    "note": _noted,
    "passed on": _passed_on,
    "reworded": _reworded,
    "rejected": _rejected,
    "suggested": _suggested,
}

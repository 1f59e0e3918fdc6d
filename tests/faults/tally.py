"""What became of the questions of a scenario."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Delivery, Message

__all__ = ["Tally", "count", "send_again_what_was_not_acknowledged"]

ANSWER = "To clear it"
"""Words of the answer, so that a note or an apology is not counted as one."""


@dataclass(frozen=True)
class Tally:
    """Questions sent, and how many were answered once, more than once, or not at all."""

    fault: str
    sent: int
    once: int
    twice: int
    lost: int
    late: int = 0
    """Acknowledged later than Slack's three seconds, or not at all at first."""
    seconds: float = 0.0
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        """Each answered once, none lost."""
        return (self.once, self.twice, self.lost) == (self.sent, 0, 0)


def count(
    fault: str,
    slack: SlackStandIn,
    asked: Iterable[Message],
    began: float,
    timeout: float = 60.0,
    **notes: Any,
) -> Tally:
    """Wait until every question has its answer (or the time is up) and Slack is quiet, then count.

    Only real answers count, not apologies.
    """
    questions = list(asked)
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and any(n == 0 for n in _answers(slack, questions)):
        time.sleep(0.2)
    seconds = time.monotonic() - began
    slack.no_more_faults()
    _wait_for_quiet(slack)
    found = Counter(min(n, 2) for n in _answers(slack, questions))
    late = sum(_late(delivery) for message in questions for delivery in message.deliveries)
    return Tally(
        fault, len(questions), found[1], found[2], found[0], late, round(seconds, 1), notes
    )


def _wait_for_quiet(slack: SlackStandIn, quiet: float = 0.7, timeout: float = 30.0) -> None:
    """Until nothing was called for a moment; what a dead socket took will never be acknowledged."""
    deadline = time.monotonic() + timeout
    before = -1
    while time.monotonic() < deadline and before != (now := len(slack.calls())):
        before = now
        time.sleep(quiet)


def _answers(slack: SlackStandIn, questions: list[Message]) -> list[int]:
    """How many answers each question has."""
    found = Counter(
        (message.channel, message.thread_ts)
        for message in slack.messages
        if message.by_the_app and not message.private_to and ANSWER in message.words
    )
    return [found[(question.channel, question.root)] for question in questions]


def _late(delivery: Delivery) -> bool:
    if not delivery.was_acknowledged or delivery.future.exception():
        return True
    return delivery.future.result().seconds > 3


def send_again_what_was_not_acknowledged(
    slack: SlackStandIn, deliveries: Iterable[Delivery], retry: int = 1
) -> int:
    """Do what Slack does when no acknowledgement came, or an HTTP error; how many there were."""
    again = [
        delivery
        for delivery in deliveries
        if not delivery.was_acknowledged
        or delivery.future.exception() is not None
        or delivery.future.result().status >= 400
    ]
    for delivery in again:
        slack.deliver_again(delivery, retry)
    return len(again)

"""What became of the questions of a scenario."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Delivery, Message

__all__ = ["Tally", "count", "count_commands", "send_again_what_was_not_acknowledged"]

ANSWER = "To clear it"
"""Words of the answer, so that a note or an apology is not counted as one."""


@dataclass(frozen=True)
class Tally:
    """Questions sent, and how many were answered once, more than once, or not at all."""

    sent: int
    once: int
    twice: int
    lost: int
    told: int
    """Those whose asker heard anything at all: the answer, an apology, or what to do."""
    late: int = 0
    """Acknowledged later than Slack's three seconds, or not at all at first."""
    seconds: float = 0.0
    notes: dict[str, Any] = field(default_factory=dict)
    answerable: bool = True
    """Whether an answer can reach them at all. If not, they are to be told."""

    @property
    def problems(self) -> list[str]:
        """What went wrong, a line each: also what the notes say."""
        wanted = {
            "healthz": 200, "readyz_after": 200, "readyz_meanwhile": 503, "answers_to_deleted": 0,
            "refused_at_six": 2 * self.sent, "senders_told": self.notes.get("files"),
        }  # fmt: skip
        found = [
            f"{name} {self.notes[name]}, not {value}"
            for name, value in wanted.items()
            if self.notes.get(name, value) != value
        ]
        if self.notes.get("kept", self.sent) < self.sent:
            found.append("the ledger forgot what was asked")
        if any(self.notes.get("status", ())) or max(self.notes.get("seconds_to_stop", [0])) >= 20:
            found.append("it did not stop as it should")
        if self.notes.get("more_descriptors", 0) > 5 or self.notes.get("more_threads", 0) > 5:
            found.append("something is left behind by each connection")
        if self.answerable and (self.once, self.twice, self.lost) != (self.sent, 0, 0):
            found.append("not each was answered once")
        if not self.answerable and (self.told, self.twice) != (self.sent, 0):
            found.append("not each was told")
        return found

    @property
    def well(self) -> bool:
        """Each answered once, none lost; or each told, where there is no way for an answer."""
        return not self.problems


def count(
    slack: SlackStandIn,
    asked: Iterable[Message],
    began: float,
    timeout: float = 60.0,
    *,
    answerable: bool = True,
    **notes: Any,
) -> Tally:
    """Wait until every question has its answer (or the time is up) and Slack is quiet, then count.

    Only real answers count, not apologies.
    """
    questions = list(asked)
    given = [delivery for message in questions for delivery in message.deliveries]

    def answers() -> list[int]:
        return _answers(slack, questions)

    def told() -> list[bool]:
        return [bool(n) or _heard(slack, one) for n, one in zip(answers(), questions, strict=True)]

    return _counted(slack, given, began, timeout, answers, told, notes, answerable)


def count_commands(
    slack: SlackStandIn,
    typed: Iterable[Delivery],
    began: float,
    timeout: float = 60.0,
    **notes: Any,
) -> Tally:
    """The same for commands, one of each person, whose answer is for them alone."""
    commands = list(typed)
    askers = [str(command.payload["user_id"]) for command in commands]

    def said(answer: str) -> list[int]:
        found = Counter(
            message.private_to or _owner(slack, message.channel)
            for message in slack.messages
            if message.by_the_app and answer in message.words
        )
        return [found[user] for user in askers]

    return _counted(
        slack, commands, began, timeout,
        lambda: said(ANSWER), lambda: [bool(n) for n in said("")], notes,
    )  # fmt: skip


def _counted(
    slack: SlackStandIn,
    given: list[Delivery],
    began: float,
    timeout: float,
    answers: Callable[[], list[int]],
    told: Callable[[], list[bool]],
    notes: dict[str, Any],
    answerable: bool = True,
) -> Tally:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and not all(answers() if answerable else told()):
        time.sleep(0.2)
    seconds = time.monotonic() - began
    slack.no_more_faults()
    _wait_for_quiet(slack)
    found = answers()
    by_number = Counter(min(n, 2) for n in found)
    late = sum(map(_late, given))
    return Tally(
        len(found), by_number[1], by_number[2], by_number[0], sum(told()), late,
        round(seconds, 1), notes, answerable,
    )  # fmt: skip


def _heard(slack: SlackStandIn, question: Message) -> bool:
    """Whether the app said anything to who asked: in the thread, or to them alone."""
    return any(
        message.by_the_app
        and (
            message.private_to == question.user
            or (message.channel == question.channel and message.thread_ts == question.root)
            or _owner(slack, message.channel) == question.user
        )
        for message in slack.messages
    )


def _owner(slack: SlackStandIn, channel: str) -> str:
    """Whose direct messages a channel is; "" for any other."""
    found = slack.world.channels[channel]
    people = [user for user in found.members if user != slack.bot_user]
    return people[0] if found.kind == "im" and people else ""


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

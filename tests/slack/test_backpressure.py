"""While much arrives it is acknowledged first, and few answers are made at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from bot.ledger import EventPayload
from bot.slack.runtime import backpressure
from bot.slack.runtime.backpressure import AT_ONCE, MANY, Backpressure
from bot.slack.runtime.tolerant_ledger import Claim
from tests.slack.running_bot import Bot, bot, start, warm
from tests.support.slack_standin import SlackStandIn

__all__ = ["bot", "start", "warm"]


class Answers:
    """Answers that are begun, and go on until they are told to end."""

    def __init__(self, coming: Backpressure) -> None:
        self.coming = coming
        self.begun = threading.Semaphore(0)
        self.end = threading.Event()
        self.threads: list[threading.Thread] = []

    def ask(self, count: int, since: float | None = None) -> None:
        for _ in range(count):
            thread = threading.Thread(target=self._answer, args=(since or time.monotonic(),))
            thread.start()
            self.threads.append(thread)

    def _answer(self, since: float) -> None:
        with self.coming.slot(since):
            self.begun.release()
            self.end.wait(10)

    def count(self, most: int, seconds: float = 0.3) -> int:
        """How many begin before long."""
        until = time.monotonic() + seconds
        return sum(
            self.begun.acquire(timeout=max(0.0, until - time.monotonic())) for _ in range(most)
        )

    def finish(self) -> None:
        self.end.set()
        for thread in self.threads:
            thread.join(10)


@pytest.fixture
def answers() -> Iterator[Answers]:
    made = Answers(Backpressure())
    yield made
    made.finish()


def test_with_nothing_arriving_all_are_answered_at_once(answers: Answers) -> None:
    answers.ask(6)
    assert answers.count(6, 10) == 6


def test_while_something_arrives_few_are_answered_and_then_the_rest(answers: Answers) -> None:
    with answers.coming:
        answers.ask(6)
        assert answers.count(6) == AT_ONCE
    assert answers.count(6 - AT_ONCE, 10) == 6 - AT_ONCE


def test_more_are_answered_where_other_processes_make_the_answers() -> None:
    answers = Answers(Backpressure(at_once=6))
    with answers.coming:
        answers.ask(7)
        assert answers.count(7) == 6
    assert answers.count(1, 10) == 1
    answers.finish()


def test_in_a_steady_stream_one_begins_when_another_ends(answers: Answers) -> None:
    with answers.coming:
        answers.ask(AT_ONCE + 1)
        assert answers.count(AT_ONCE + 1) == AT_ONCE
        answers.end.set()
        assert answers.count(1, 10) == 1


def test_a_burst_is_over_when_it_has_been_quiet_for_a_moment(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backpressure, "QUIET", 1.5)
    with answers.coming:
        pass
    answers.ask(6)
    assert answers.count(6, 0.7) == AT_ONCE
    assert answers.count(6 - AT_ONCE, 10) == 6 - AT_ONCE


def test_an_answer_is_not_put_off_for_ever(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backpressure, "MAX_WAIT", 0.5)
    with answers.coming:
        answers.ask(6)
        assert answers.count(6, 10) == 6
        # One that has waited its time in the queue begins at once.
        answers.ask(1, since=time.monotonic() - 1)
        assert answers.count(1, 10) == 1


def broken() -> None:
    raise ValueError("broken")


@pytest.mark.parametrize("begin", [lambda a: a, lambda a: a.slot(time.monotonic())])
def test_a_failure_holds_nothing_up(
    answers: Answers, begin: Callable[[Backpressure], Backpressure]
) -> None:
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ValueError, match="broken"), begin(answers.coming):
            broken()
    with answers.coming:
        answers.ask(1)
        assert answers.count(1, 10) == 1


def test_while_much_waits_none_is_begun(answers: Answers) -> None:
    with ExitStack() as waiting:
        for _ in range(MANY + 1):
            waiting.enter_context(answers.coming)
        answers.ask(2)
        assert answers.count(2) == 0
        waiting.pop_all().close()
        assert answers.count(2, 10) == 2


def test_in_a_burst_one_answer_at_a_time_is_not_put_off_for_ever(answers: Answers) -> None:
    with ExitStack() as waiting:
        for _ in range(MANY + 1):
            waiting.enter_context(answers.coming)
        answers.ask(2, since=time.monotonic() - 60)
        assert answers.count(2) == 1
        answers.end.set()
        assert answers.count(1, 10) == 1


@pytest.mark.parametrize("many", [False, True])
def test_in_a_burst_what_is_answered_later_keeps_no_text(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch, many: bool
) -> None:
    claimed = []
    claim = bot.app.ledger.claim

    def seen(event_id: str, payload: EventPayload) -> Claim:
        claimed.append(payload.text)
        return claim(event_id, payload)

    monkeypatch.setattr(bot.app.ledger, "claim", seen)
    with ExitStack() as waiting:
        for _ in range(MANY + 1 if many else 0):
            waiting.enter_context(bot.app.backpressure)
        asked = slack.person().mentions(
            "several placements, one aim or many?", slack.channel("mis-team")
        )
        slack.wait_until(lambda: claimed)
    assert bool(claimed[0]) is not many
    assert "one" in slack.reply_to(asked).words

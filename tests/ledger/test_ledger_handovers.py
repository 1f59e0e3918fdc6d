"""A question passed to a person is taken once, answered, and not forgotten in between."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from bot.ledger import Handover, HandoverState, Ledger, Result, UpdateResult
from tests.ledger.conftest import Clock

TUESDAY = date(2026, 11, 24)


def hand_over(ledger: Ledger, text: str = "Who signs for 1234567890?", **more: int) -> Handover:
    change = ledger.open_handover(
        text, asker="U1", asker_channel="C1", asker_thread="1.0", year="2026-27", **more
    )
    assert change.now is not None
    return change.now


def test_a_handover_goes_from_open_to_taken_to_answered(ledger: Ledger) -> None:
    handover = hand_over(ledger)
    assert (handover.state, handover.text) == (HandoverState.OPEN, "Who signs for [ULN]?")
    ledger.set_triage_message(handover.id, "C9", "9.0")
    taken = ledger.take(handover.id, "U2")
    assert taken.done
    assert taken.now is not None
    assert (taken.now.taker, taken.now.asker_channel, taken.now.asker_thread) == ("U2", "C1", "1.0")
    answered = ledger.answer(handover.id)
    assert answered.done
    assert answered.now is not None
    assert answered.now.taker is None, "who took it is forgotten once it is answered"
    assert ledger.list_open() == []


def test_a_reply_in_triage_finds_the_asker(ledger: Ledger) -> None:
    handover = hand_over(ledger)
    ledger.set_triage_message(handover.id, "C9", "9.0")
    found = ledger.handover_in_triage("C9", "9.0")
    assert found is not None
    assert (found.asker_channel, found.asker_thread) == ("C1", "1.0")
    assert ledger.handover_in_triage("C9", "8.0") is None
    ledger.set_triage_message(handover.id, "C9", "10.0")
    assert ledger.handover_in_triage("C9", "9.0") is None, "posted again after a deletion"


def test_asking_twice_opens_one_handover(ledger: Ledger) -> None:
    question = ledger.record_question("q", door="dm", outcome=Result.UNANSWERED)
    first = hand_over(ledger, question_id=question)
    again = ledger.open_handover(
        "q", asker="U1", asker_channel="C1", asker_thread="1.0", question_id=question
    )
    assert again.result is UpdateResult.ALREADY
    assert again.now == first
    assert hand_over(ledger).id != hand_over(ledger).id, "without a question each is its own"


def test_the_second_taker_is_told_who_was_faster(ledger: Ledger) -> None:
    handover = hand_over(ledger)
    ledger.take(handover.id, "U2")
    assert ledger.take(handover.id, "U2").result is UpdateResult.ALREADY
    late = ledger.take(handover.id, "U3")
    assert late.result is UpdateResult.STALE
    assert late.now is not None
    assert late.now.taker == "U2"


def test_of_many_takers_at_once_one_wins(ledger: Ledger, open_ledger: Callable[[], Ledger]) -> None:
    handover = hand_over(ledger)
    ledgers = [ledger, open_ledger()]
    with ThreadPoolExecutor(4) as pool:
        results = list(
            pool.map(lambda n: ledgers[n % 2].take(handover.id, f"U{n}").result, range(8))
        )
    assert results.count(UpdateResult.DONE) == 1
    assert results.count(UpdateResult.STALE) == 7


def test_what_was_taken_can_be_given_back_by_its_taker_only(ledger: Ledger) -> None:
    handover = hand_over(ledger)
    ledger.take(handover.id, "U2")
    assert ledger.give_back(handover.id, "U3").result is UpdateResult.STALE
    assert ledger.give_back(handover.id, "U2").done
    assert ledger.take(handover.id, "U3").done


def test_clicks_on_an_answered_or_deleted_handover_change_nothing(ledger: Ledger) -> None:
    handover = hand_over(ledger)
    ledger.answer(handover.id)
    assert ledger.answer(handover.id).result is UpdateResult.ALREADY
    assert ledger.take(handover.id, "U2").result is UpdateResult.STALE
    assert ledger.take(999, "U2").result is UpdateResult.MISSING
    assert ledger.handover(999) is None


def test_reminders_come_once_a_working_day_from_the_day_after(
    ledger: Ledger, open_ledger: Callable[[], Ledger]
) -> None:
    handover = hand_over(ledger)
    answered = hand_over(ledger)
    ledger.answer(answered.id)
    assert ledger.reminders_due(date(2026, 11, 23)) == []
    assert [due.id for due in ledger.reminders_due(TUESDAY)] == [handover.id]
    assert open_ledger().reminders_due(TUESDAY) == []
    assert len(ledger.reminders_due(date(2026, 11, 25))) == 1


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 11, 29)])
def test_nobody_is_reminded_at_the_weekend(ledger: Ledger, day: date) -> None:
    hand_over(ledger)
    assert ledger.reminders_due(day) == []


def test_open_handovers_are_listed_oldest_first(ledger: Ledger, clock: Clock) -> None:
    first = hand_over(ledger)
    clock.forward(minutes=1)
    second = hand_over(ledger)
    ledger.take(second.id, "U2")
    assert [one.id for one in ledger.list_open()] == [first.id, second.id]


def test_the_way_back_to_the_asker_is_dropped_a_week_after_the_answer(
    ledger: Ledger, clock: Clock
) -> None:
    handover = hand_over(ledger)
    ledger.answer(handover.id)
    clock.forward(days=6)
    ledger.purge()
    assert ledger.handover(handover.id).asker_channel == "C1"  # type: ignore[union-attr]
    clock.forward(days=2)
    ledger.purge()
    kept = ledger.handover(handover.id)
    assert kept is not None
    assert (kept.asker_channel, kept.asker_thread) == (None, None)


def test_what_is_done_with_a_question_that_was_forgotten_is_done_without_it(
    ledger: Ledger,
) -> None:
    """Its button is still in Slack."""
    question = ledger.record_question("One aim?", door="dm", outcome=Result.ANSWERED, user="U1")
    ledger.forget_user("U1")
    ledger.follow_thread("C1", "1.0", question)
    thread = ledger.thread("C1", "1.0")
    assert thread is not None
    assert thread.question_id is None
    opened = ledger.open_handover(
        "One aim?", asker="U1", asker_channel="C1", asker_thread="1.0", question_id=question
    )
    assert opened.result is UpdateResult.DONE
    assert opened.now is not None
    ledger.reword_handover(opened.now.id, "One aim or two?", question)
    assert ledger.is_reachable()

"""What was asked, what people said, and what became of it."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from bot.ledger import Feedback, FeedbackResult, HandoverState, Ledger, Outcomes, Result
from tests.ledger.conftest import Clock

YEAR_START, YEAR_END = date(2026, 8, 1), date(2027, 8, 1)


def ask(
    ledger: Ledger,
    text: str = "Can placement dates differ from the aim?",
    *,
    outcome: Result = Result.ANSWERED,
    entry_id: str | None = "dates-differ",
    user: str | None = "U1",
    thread_ts: str | None = None,
    door: str = "mention",
) -> int:
    return ledger.record_question(
        text,
        door=door,
        outcome=outcome,
        year="2026-27",
        entry_id=entry_id,
        confidence=0.9,
        user=user,
        channel="C1",
        thread_ts=thread_ts,
    )


def became(ledger: Ledger) -> Outcomes:
    return ledger.outcomes(YEAR_START, YEAR_END)


def test_solved_is_what_they_said(ledger: Ledger) -> None:
    question = ask(ledger)
    assert ledger.record_feedback(question, Feedback.SOLVED, user="U1") is FeedbackResult.FIRST
    assert became(ledger) == Outcomes(solved=1)


def test_thanks_solve_what_was_answered_and_take_nothing_back(ledger: Ledger) -> None:
    answered, likely = ask(ledger), ask(ledger, outcome=Result.LIKELY)
    offered = ask(ledger, outcome=Result.CHOICES, entry_id=None)
    assert ledger.record_thanks(answered, user="U1")
    assert not ledger.record_thanks(answered, user="U1")
    assert ledger.record_thanks(likely, user="U1")
    assert not ledger.record_thanks(offered, user="U1")
    assert not ledger.record_thanks(99, user="U1")
    wrong = ask(ledger)
    ledger.record_feedback(wrong, Feedback.WRONG, user="U1")
    assert not ledger.record_thanks(wrong, user="U1")
    assert became(ledger) == Outcomes(solved=2, unanswered=1, wrong=1)


def test_a_likely_answer_is_kept_apart_and_counts_as_shown(ledger: Ledger) -> None:
    ask(ledger, outcome=Result.LIKELY, entry_id="hours", user=None)
    assert ledger.usage() == {"hours": 1}
    written = io.StringIO()
    ledger.export_csv(YEAR_START, YEAR_END, written)
    (row,) = csv.DictReader(io.StringIO(written.getvalue()))
    assert (row["result"], row["entry"]) == ("likely", "hours")
    assert became(ledger).unanswered == 0
    assert ledger.gaps() == []


@pytest.mark.parametrize("kind", [Feedback.WRONG, Feedback.OUT_OF_DATE, Feedback.NOT_MY_QUESTION])
def test_wrong_outweighs_everything_else(ledger: Ledger, kind: Feedback) -> None:
    question = ask(ledger)
    ledger.open_handover(
        "q", asker="U1", asker_channel="C1", asker_thread="1.0", question_id=question
    )
    ledger.record_feedback(question, Feedback.SOLVED, user="U1")
    ledger.record_feedback(question, kind, user="U2")
    assert became(ledger) == Outcomes(wrong=1)


def test_that_it_is_solved_only_the_asker_can_say(ledger: Ledger) -> None:
    question = ask(ledger)
    ledger.record_feedback(question, Feedback.SOLVED, user="U2")
    assert became(ledger).solved == 0
    ledger.record_feedback(question, Feedback.SOLVED, user="U1")
    assert became(ledger) == Outcomes(solved=1)


def test_a_change_of_mind_replaces_the_first_opinion(ledger: Ledger) -> None:
    question = ask(ledger)
    assert (
        ledger.record_feedback(question, Feedback.WRONG, user="U1", note="no")
        is FeedbackResult.FIRST
    )
    assert ledger.record_feedback(question, Feedback.WRONG, user="U1") is FeedbackResult.SAME
    assert ledger.record_feedback(question, Feedback.SOLVED, user="U1") is FeedbackResult.CHANGED
    assert became(ledger) == Outcomes(solved=1)


def test_feedback_on_a_question_no_longer_kept_says_so(ledger: Ledger) -> None:
    assert ledger.record_feedback(12345, Feedback.SOLVED, user="U1") is FeedbackResult.MISSING


def test_assumed_only_after_seven_days_without_a_return(ledger: Ledger, clock: Clock) -> None:
    ask(ledger)
    assert became(ledger) == Outcomes(too_early=1)
    clock.forward(days=7, seconds=1)
    assert became(ledger) == Outcomes(assumed=1)


def test_somebody_unknown_is_never_assumed_to_be_content(ledger: Ledger, clock: Clock) -> None:
    ask(ledger, user=None)
    clock.forward(days=8)
    assert became(ledger) == Outcomes(untraced=1)


@pytest.mark.parametrize(
    ("minutes", "text", "entry_id", "returned"),
    [
        (10, "something else entirely about meals", "meals", False),
        (10, "so may placement dates be outside it?", "other", True),
        (2000, "can dates of a placement differ from the aim's", "other", True),
        (2000, "how do bands work", "dates-differ", True),
        (2000, "something else entirely about meals", "meals", False),
        (11000, "Can placement dates differ from the aim?", "dates-differ", False),
    ],
)
def test_a_return_is_the_same_matter_within_seven_days(
    ledger: Ledger, clock: Clock, minutes: int, text: str, entry_id: str, returned: bool
) -> None:
    ask(ledger)
    clock.forward(minutes=minutes)
    ask(ledger, text, entry_id=entry_id)
    clock.forward(days=8)
    expected = Outcomes(returned=1, assumed=1) if returned else Outcomes(assumed=2)
    assert became(ledger) == expected


def test_a_follow_up_in_the_thread_is_a_return(ledger: Ledger, clock: Clock) -> None:
    ask(ledger, thread_ts="1.0")
    clock.forward(hours=2)
    ask(ledger, "and in a traineeship?", entry_id="other", thread_ts="1.0")
    clock.forward(days=8)
    assert became(ledger) == Outcomes(returned=1, assumed=1)


def test_somebody_else_asking_is_not_a_return(ledger: Ledger, clock: Clock) -> None:
    ask(ledger, user="U1")
    clock.forward(minutes=5)
    ask(ledger, user="U2")
    clock.forward(days=8)
    assert became(ledger) == Outcomes(assumed=2)


def test_choices_nobody_picked_are_unanswered(ledger: Ledger, clock: Clock) -> None:
    question = ask(ledger, outcome=Result.CHOICES, entry_id=None)
    ask(ledger, outcome=Result.UNANSWERED, entry_id=None, user="U2")
    assert became(ledger) == Outcomes(unanswered=2)
    assert ledger.choose(question, "dates-differ")
    assert became(ledger) == Outcomes(unanswered=1, too_early=1)
    assert not ledger.choose(999, "dates-differ")


def test_handed_over_is_told_apart_from_solved(ledger: Ledger) -> None:
    question = ask(ledger)
    ledger.open_handover(
        "q", asker="U1", asker_channel="C1", asker_thread="1.0", question_id=question
    )
    ledger.record_feedback(question, Feedback.SOLVED, user="U1")
    assert became(ledger) == Outcomes(handed_over=1)


def test_every_question_is_counted_once(ledger: Ledger, clock: Clock) -> None:
    for number in range(20):
        ask(ledger, outcome=list(Result)[number % 4], user=f"U{number % 3}")
        clock.forward(days=1)
    assert became(ledger).asked == 20


def test_usage_counts_answers_not_offers(ledger: Ledger, clock: Clock) -> None:
    ask(ledger)
    ask(ledger)
    ask(ledger, outcome=Result.CHOICES, entry_id="meals")
    clock.forward(days=7)
    ask(ledger)
    assert ledger.usage() == {"dates-differ": 3}
    assert ledger.usage("2026-W49") == {"dates-differ": 1}


def test_the_export_is_masked_and_safe_in_a_spreadsheet(ledger: Ledger) -> None:
    ask(ledger, "=HYPERLINK(1) for 1234567890, please")
    ask(ledger, "outside the period")
    file = io.StringIO()
    assert ledger.export_csv(date(2026, 11, 23), date(2026, 11, 24), file) == 2
    first, _ = csv.DictReader(io.StringIO(file.getvalue()))
    assert first == {
        "asked_at": "2026-11-23T09:30:00+00:00",
        "year": "2026-27",
        "door": "mention",
        "result": "answered",
        "outcome": "returned",
        "entry": "dates-differ",
        "confidence": "0.900",
        "question": "'=HYPERLINK(1) for [ULN], please",
    }
    assert ledger.export_csv(date(2026, 11, 24), date(2026, 11, 25), io.StringIO()) == 0


def test_checks_are_counted_by_rule_and_nothing_else(ledger: Ledger) -> None:
    ledger.record_check(
        learners=2, rules={"ULN_04": 2, "R_96": 1, "1234567890": 5}, door="dm", year="2026-27"
    )
    ledger.record_check(learners=1, rules={"ULN_04": 1}, door="dm")
    week = ledger.weekly_summary("2026-W48")
    assert (week.checks, week.learners_checked) == (2, 3)
    assert week.rules == {"ULN_04": 3, "R_96": 1}


def test_the_clock_of_the_database_does_not_matter(ledger: Ledger, clock: Clock) -> None:
    clock.forward(hours=14, minutes=29)
    ask(ledger)
    clock.forward(minutes=2)
    ask(ledger)
    assert ledger.outcomes(date(2026, 11, 23), date(2026, 11, 24)).asked == 1
    assert ledger.outcomes(date(2026, 11, 24), date(2026, 11, 25)).asked == 1


def test_somebody_sees_their_own_last_questions_and_how_each_stands(
    ledger: Ledger, clock: Clock
) -> None:
    solved = ask(ledger, "How many hours, for ULN 9990001112?", entry_id="hours")
    ledger.record_feedback(solved, Feedback.SOLVED, user="U1")
    ledger.record_feedback(solved, Feedback.WRONG, user="U2")
    clock.forward(minutes=1)
    passed = ask(ledger, "Who won?", outcome=Result.UNANSWERED, entry_id=None)
    ledger.open_handover(
        "Who won?", asker="U1", asker_channel="C1", asker_thread="1.0", question_id=passed
    )
    clock.forward(minutes=1)
    ask(ledger, "Somebody else's", user="U2")
    ask(ledger, "A click", user="U1", door="button")
    first, second = ledger.recent("U1", but_by=["button"])
    assert (first.text, first.result, first.handover) == (
        "Who won?",
        Result.UNANSWERED,
        HandoverState.OPEN,
    )
    assert (second.text, second.entry_id) == ("How many hours, for ULN [ULN]?", "hours")
    assert (second.said, second.handover, second.year) == (Feedback.SOLVED, None, "2026-27")
    assert [one.text for one in ledger.recent("U1", 1)] == ["A click"]
    ledger.forget_user("U1")
    assert ledger.recent("U1") == []


def test_where_people_are_not_told_apart_nobody_is_the_asker(url: str) -> None:
    ledger = Ledger.open(url, secret="", retention_days=30, environ={})
    ledger.record_question("One aim?", door="dm", outcome=Result.ANSWERED, user="U1")
    assert not ledger.is_asker("U1", "C1", "1.0")
    ledger.close()

"""The weekly digest, and figures for a monitor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.ledger import Feedback, Ledger, Outcomes, Proposal, Result, iso_week
from tests.ledger.conftest import MONDAY, Clock


def test_a_week_is_summed_up(ledger: Ledger, clock: Clock) -> None:
    question = ledger.record_question(
        "Can placement dates differ?", door="dm", outcome=Result.ANSWERED, entry_id="dates"
    )
    ledger.record_feedback(question, Feedback.SOLVED, user="U1")
    clock.forward(days=7)
    ledger.record_question("Do open evenings count as hours?", door="dm", outcome=Result.UNANSWERED)
    ledger.open_handover("q", asker="U1", asker_channel="C1", asker_thread="1.0")
    ledger.suggest(
        Proposal("Do open evenings count?", "No, they do not count.", "2026-27", None, "A page")
    )
    week = ledger.weekly_summary("2026-W49")
    assert (week.start, week.end) == (date(2026, 11, 30), date(2026, 12, 6))
    assert week.outcomes == Outcomes(unanswered=1)
    assert list(week.by_week)[-2:] == ["2026-W48", "2026-W49"]
    assert week.by_week["2026-W48"] == Outcomes(solved=1)
    assert len(week.by_week) == 8
    assert [gap.question for gap in week.gaps] == ["Do open evenings count as hours?"]
    assert (week.open_handovers, week.drafts, week.unpublished) == (1, 1, 0)


def test_a_week_is_from_its_first_moment_to_its_last(ledger: Ledger, clock: Clock) -> None:
    monday = datetime(2026, 11, 30, tzinfo=UTC)
    for at in (-1, 0, 1, 7 * 86_400 - 1, 7 * 86_400):
        clock.now = monday + timedelta(seconds=at)
        ledger.record_check(learners=1, rules={}, door="dm")
    assert ledger.weekly_summary("2026-W49").checks == 3


def test_a_week_without_questions_is_empty_not_an_error(ledger: Ledger) -> None:
    week = ledger.weekly_summary("2026-W53")
    assert week.outcomes.asked == 0
    assert week.gaps == ()
    assert week.start == date(2026, 12, 28)


@pytest.mark.parametrize("week", ["2026-47", "2026-W54", "last week", ""])
def test_a_week_that_is_none_is_refused(ledger: Ledger, week: str) -> None:
    with pytest.raises(ValueError, match="Write it like 2026-W47"):
        ledger.weekly_summary(week)


def test_weeks_are_iso_weeks() -> None:
    assert iso_week(MONDAY) == "2026-W48"
    assert iso_week(MONDAY.replace(year=2027, month=1, day=1)) == "2026-W53"


def test_the_digest_of_a_week_is_posted_once(
    ledger: Ledger, open_ledger: Callable[[], Ledger]
) -> None:
    assert ledger.digest_once("2026-W48")
    assert not open_ledger().digest_once("2026-W48")
    assert ledger.digest_once("2026-W49")
    ledger.digest_failed("2026-W48")
    assert open_ledger().digest_once("2026-W48"), "a failed post may be tried again"


def test_metrics_count_without_saying_who_or_what(ledger: Ledger) -> None:
    ledger.record_question("Who is 1234567890?", door="dm", outcome=Result.ANSWERED, user="U1")
    ledger.record_check(learners=1, rules={"ULN_04": 1}, door="dm")
    assert ledger.metrics() == {
        'ilr_helpdesk_questions{result="answered",door="dm"}': 1,
        "ilr_helpdesk_checks": 1,
    }


def test_busy_weeks_and_what_was_asked_in_them(ledger: Ledger, clock: Clock) -> None:
    assert ledger.used_since() is None
    for entry, times in (("dates", 2), ("hours", 1)):
        for _ in range(times):
            ledger.record_question("q", door="dm", outcome=Result.ANSWERED, entry_id=entry)
    clock.forward(days=7)
    ledger.record_question("q", door="dm", outcome=Result.UNANSWERED)
    assert ledger.asked_by_week(date(2026, 11, 1)) == {"2026-W48": 3, "2026-W49": 1}
    assert ledger.asked_by_week(date(2026, 11, 30)) == {"2026-W49": 1}
    monday = date(2026, 11, 23)
    assert ledger.most_asked(monday, date(2026, 12, 7)) == [("dates", 2), ("hours", 1)]
    assert ledger.most_asked(monday, date(2026, 12, 7), limit=1) == [("dates", 2)]
    assert ledger.most_asked(date(2026, 11, 30), date(2026, 12, 7)) == []
    assert ledger.used_since() == "2026-W48"


def test_what_was_said_before_an_entry_was_reviewed_is_dealt_with(
    ledger: Ledger, clock: Clock
) -> None:
    def marked() -> None:
        asked = ledger.record_question("q", door="dm", outcome=Result.ANSWERED, entry_id="dates")
        ledger.record_feedback(asked, Feedback.WRONG, user="U1")

    marked()
    assert len(ledger.flagged_entries(reviewed={"dates": date(2026, 11, 23)})) == 1
    assert ledger.flagged_entries(reviewed={"dates": date(2026, 11, 24)}) == []
    clock.forward(days=2)
    marked()
    (flag,) = ledger.flagged_entries(reviewed={"dates": date(2026, 11, 24)})
    assert flag.wrong == 1


def test_what_was_offered_is_known(ledger: Ledger) -> None:
    answered = ledger.record_question("q", door="dm", outcome=Result.ANSWERED, entry_id="dates")
    offered = ledger.record_question(
        "q", door="dm", outcome=Result.CHOICES, choices=["dates", "hours"]
    )
    assert ledger.offered(answered) == ("dates",)
    assert ledger.offered(offered) == ("dates", "hours")
    assert ledger.offered(999) == ()

"""The ledger, here and away: an event is ours once, and nothing fails with the database."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.helpdesk import Helpdesk
from bot.ledger import EventPayload, Ledger, NullLedger
from bot.ledger.reminders import ReturnReminder
from bot.ledger.values import Feedback, Proposal, Thread
from bot.slack.messages import IncomingMessage
from bot.slack.runtime.tolerant_ledger import Claim, TolerantLedger
from tests.slack.running_bot import LEARNER, SECRET

EVENT = EventPayload(kind="dm", channel="D1", ts="1.1", user="U1", text="what is R_96?")
MESSAGE = IncomingMessage("dm", "U1", "D1", "what is R_96?", ts="1.1", event_id="Ev1")


def test_an_event_is_ours_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/l.db"
    ledger = TolerantLedger(Ledger.open(url, secret=SECRET, retention_days=9))
    other = TolerantLedger(Ledger.open(url, secret=SECRET, retention_days=9))
    assert ledger.claim("Ev1", EVENT) is Claim.OURS
    assert ledger.claim("Ev1", EVENT) is Claim.SEEN
    assert other.claim("Ev1", EVENT) is Claim.SEEN


def test_without_a_ledger_an_event_is_still_ours_once() -> None:
    ledger = TolerantLedger(NullLedger("It is being moved."))
    assert ledger.claim("Ev1", EVENT) is Claim.NOT_STORED
    assert ledger.claim("Ev1", EVENT) is Claim.SEEN
    assert ledger.may_post(MESSAGE)
    assert ledger.exists
    assert not ledger.reachable


class Refusing(NullLedger):
    """Counts how often it is asked."""

    def __init__(self, error: Exception) -> None:
        super().__init__("It is being moved.")
        self.error = error
        self.asked = 0

    def thread(self, channel: str, thread_ts: str) -> Thread | None:
        self.asked += 1
        raise self.error


@pytest.mark.parametrize("error", [SQLAlchemyError("locked"), OSError("gone")])
def test_a_ledger_that_failed_is_left_alone_for_a_moment(error: Exception) -> None:
    away = Refusing(error)
    ledger = TolerantLedger(away)
    assert ledger.thread("C1", "1.1") is None
    assert ledger.thread("C1", "1.1") is None
    assert away.asked == 1


def test_a_mistake_of_ours_is_no_database_that_is_away() -> None:
    ledger = TolerantLedger(Refusing(ValueError("not ours")))
    with pytest.raises(ValueError, match="not ours"):
        ledger.thread("C1", "1.1")
    assert ledger.reachable


@pytest.mark.parametrize("away", [None, NullLedger("It is being moved.")])
def test_every_method_gives_something_when_the_database_is_away(
    away: Ledger | None, helpdesk: Helpdesk
) -> None:
    ledger, today = TolerantLedger(away), helpdesk.today()
    answer, report = helpdesk.ask("what is R_96?"), helpdesk.check(LEARNER)
    proposal = Proposal(
        "Who signs the form?", "The employer and the tutor do.", "2026-27", practice_owner="mis"
    )
    reminder = ReturnReminder("2026-27", "R04", "U1", today)
    with ledger.once("a job", 1.0) as is_first:
        once = is_first
    given = {
        "add_return_reminder": ledger.add_return_reminder(reminder),
        "answer": ledger.answer(1),
        "approve": ledger.approve(1, 1, "U1"),
        "approved": ledger.approved(),
        "busy_weeks": ledger.busy_weeks(helpdesk),
        "choose": ledger.choose(1, "one-aim"),
        "claim": ledger.claim("Ev1", EVENT),
        "close_gaps": ledger.close_gaps(lambda question: None),
        "close_published": ledger.close_published(bool, bool),
        "decide_phrasing": ledger.decide_phrasing(1, approve=True, curator="U1"),
        "dismiss_gap": ledger.dismiss_gap([1]),
        "edit": ledger.edit(1, 1, proposal),
        "finish": ledger.finish("Ev1", stored=True),
        "follow_thread": ledger.follow_thread("C1", "1.1", None),
        "forget_message": ledger.forget_message(MESSAGE),
        "forget_user": ledger.forget_user("U1"),
        "handover": ledger.handover(1),
        "handover_in_triage": ledger.handover_in_triage("C1", "1.1"),
        "handover_of_asker": ledger.handover_of_asker(MESSAGE),
        "handovers_of": ledger.handovers_of(MESSAGE),
        "has_handover": ledger.has_handover("C1", "1.1"),
        "is_asker": ledger.is_asker(MESSAGE),
        "forget_click": ledger.forget_click("key"),
        "is_first_click": ledger.is_first_click("key", 1.0),
        "is_due": ledger.is_due("purge", 1.0),
        "may_pass_on": ledger.may_pass_on(1, 1.0),
        "last_asked": ledger.last_asked(MESSAGE, since=datetime.now(UTC)),
        "may_post": ledger.may_post(MESSAGE),
        "may_send": ledger.may_send("C1/1.1", 1.0),
        "may_tag": ledger.may_tag(1.0),
        "metrics": ledger.metrics(),
        "most_asked": ledger.most_asked(today, today),
        "offered": ledger.offered(1),
        "once": once,
        "open_handover": ledger.open_handover(
            "q", asker="U1", channel="C1", thread="1.1", year=None, question_id=None
        ),
        "pass_on_failed": ledger.pass_on_failed(1),
        "ping": ledger.ping(),
        "purge": ledger.purge(),
        "queue": ledger.queue(helpdesk, days=7),
        "recent": ledger.recent("U1", but_by=()),
        "record_check": ledger.record_check(report, source="dm"),
        "record_feedback": ledger.record_feedback(1, Feedback.SOLVED, user="U1"),
        "record_question": ledger.record_question(MESSAGE, answer),
        "record_thanks": ledger.record_thanks(1, user="U1"),
        "reject": ledger.reject(1, 1, "U1"),
        "release": ledger.release("Ev1"),
        "release_suggester": ledger.release_suggester(1),
        "remove_return_reminder": ledger.remove_return_reminder("2026-27", "R04", "U1"),
        "take_return_reminders": ledger.take_return_reminders(today),
        "reminders_due": ledger.reminders_due(today),
        "reword_handover": ledger.reword_handover(1, "q", None),
        "see_once": ledger.see_once("edit C1/1.1"),
        "send_failed": ledger.send_failed("C1/1.1"),
        "set_asker_notice": ledger.set_asker_notice(1, "1.1"),
        "set_triage_message": ledger.set_triage_message(1, "C1", "1.1"),
        "silence_thread": ledger.silence_thread("C1", "1.1"),
        "suggest": ledger.suggest(
            proposal, user="U1", handover_id=None, question_id=None, taken=()
        ),
        "suggestion": ledger.suggestion(1),
        "take": ledger.take(1, "U1"),
        "thread": ledger.thread("C1", "1.1"),
        "spooled_events": ledger.spooled_events(20),
        "unanswered_events": ledger.unanswered_events(20),
        "withdraw_handover": ledger.withdraw_handover(1),
        "unused_entries": ledger.unused_entries(helpdesk),
    }
    methods = inspect.getmembers(TolerantLedger, inspect.isfunction)
    assert set(given) == {name for name, _ in methods if not name.startswith("_")}
    # What may go on without the ledger goes on; all else is empty.
    assert {name for name, value in given.items() if value and value != ([], None)} == {
        "claim",
        "is_first_click",
        "may_pass_on",
        "may_post",
        "may_send",
        "may_tag",
        "see_once",
    }

"""The ledger as Slack's features use it: they go on without it when the database is away.

What each method gives then is its last line. What the values mean is said in ``Ledger``.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

from sqlalchemy.exc import SQLAlchemyError

from bot.curation_queue import (
    BusyWeek,
    CurationQueue,
    busy_return_weeks,
    load_queue,
    unused_entries,
)
from bot.ledger import NullLedger, Review
from bot.ledger.errors import LedgerUnavailable
from bot.ledger.values import Result
from bot.privacy import part_to_keep
from bot.slack.runtime.logs import log

if TYPE_CHECKING:
    from bot.answers import Answer
    from bot.checking.report import Report
    from bot.helpdesk import Helpdesk
    from bot.ledger import Ledger
    from bot.ledger.reminders import ReturnReminder
    from bot.ledger.values import (
        Change,
        EventPayload,
        Feedback,
        FeedbackResult,
        Forgotten,
        Handover,
        PendingEvent,
        Phrasing,
        Proposal,
        Recent,
        Suggestion,
        Thread,
    )
    from bot.slack.messages import IncomingMessage
    from bot.slack.runtime.spool import Spool, SpooledEvent
    from bot.years import AcademicYear

__all__ = ["Claim", "TolerantLedger"]

SECONDS_LEFT_ALONE = 5.0
"""After a failure the database is left alone this long, so that answers stay quick."""
MAX_SEEN = 20_000


class Claim(Enum):
    """What became of an event that arrived."""

    OURS = "ours"
    SEEN = "seen"
    NOT_STORED = "not stored"
    """Ours, but the ledger could not be reached: it will not survive a restart."""


class _Away(NullLedger):
    """Stands in for a ledger that there is none of, or that is left alone for a moment."""

    def __getattribute__(self, name: str) -> NoReturn:
        raise LedgerUnavailable("The database is left alone for a moment.")


_AWAY = _Away("")


class _Attempt:
    """A call on the ledger that may fail: what comes after the ``with`` is for then."""

    def __init__(self, ledger: Ledger, failed: Callable[[BaseException], None]) -> None:
        self._ledger = ledger
        self._failed = failed

    def __enter__(self) -> Ledger:
        return self._ledger

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, LedgerUnavailable | SQLAlchemyError | OSError):
            return False
        if self._ledger is not _AWAY:
            self._failed(error)
        return True


class TolerantLedger:
    """A ledger that may be away, or that there is none of.

    ``spool``: where events are kept meanwhile.
    """

    def __init__(self, ledger: Ledger | None, spool: Spool | None = None) -> None:
        self._given = ledger
        self._spool = spool
        self._down_until = 0.0
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def exists(self) -> bool:
        """Whether there is a ledger at all, reachable or not."""
        return self._given is not None

    @property
    def reachable(self) -> bool:
        """Whether the last call went through."""
        return self._given is not None and time.monotonic() >= self._down_until

    def _attempt(self) -> _Attempt:
        given = self._given
        return _Attempt(given if given and self.reachable else _AWAY, self._leave_alone)

    def _leave_alone(self, error: BaseException) -> None:
        self._down_until = time.monotonic() + SECONDS_LEFT_ALONE
        fix = str(error) if isinstance(error, LedgerUnavailable) else None
        log.warning(
            "the database is unavailable", extra={"error": type(error).__name__, "fix": fix}
        )

    # -- events

    def claim(self, event_id: str, payload: EventPayload, *, attempts: int = 1) -> Claim:
        """Store an event before it is acknowledged; each is ours once, whatever Slack repeats."""
        if not self._is_new(event_id):
            return Claim.SEEN
        with self._attempt() as ledger:
            return Claim.OURS if ledger.claim_event(event_id, payload) else Claim.SEEN
        if self._spool is not None:
            self._spool.keep(event_id, payload, attempts=attempts)
        return Claim.NOT_STORED

    def see_once(self, event_id: str) -> bool:
        """Whether an edit or a command is new, whatever Slack or a network repeats."""
        if not self._is_new(event_id):
            return False
        with self._attempt() as ledger:
            return ledger.see_once(event_id)
        return True

    def _is_new(self, event_id: str) -> bool:
        """Whether this process has not seen it."""
        with self._lock:
            if event_id in self._seen:
                return False
            self._seen[event_id] = None
            if len(self._seen) > MAX_SEEN:
                self._seen.popitem(last=False)
        return True

    def may_post(self, message: IncomingMessage) -> bool:
        """Mark that the answer is about to be posted; False when another process took it over."""
        if not (message.event_id and message.stored):
            return True
        with self._attempt() as ledger:
            return ledger.begin_posting(message.event_id)
        return True

    def finish(self, event_id: str, *, stored: bool) -> None:
        """Mark an event as answered, if it was stored."""
        if self._spool is not None:
            self._spool.drop(event_id)
        if event_id and stored:
            with self._attempt() as ledger:
                ledger.finish_event(event_id)

    def release(self, event_id: str) -> None:
        """Slack could not be reached: let the event be tried again soon."""
        with self._attempt() as ledger:
            ledger.release_event(event_id)

    def unanswered_events(
        self, limit: int, given_up: Callable[[PendingEvent], None] | None = None
    ) -> list[PendingEvent]:
        """Events whose process is gone, now ours to answer. ``given_up``: called with each that
        too many processes died with."""
        with self._attempt() as ledger:
            return ledger.unanswered_events(limit, given_up=given_up)
        return []

    def spooled_events(self, limit: int) -> list[tuple[SpooledEvent, Claim]]:
        """What processes that are gone kept while the database was away, and was not answered.

        With whether the ledger holds it now.
        """
        found = self._spool.left_by_the_dead(limit) if self._spool is not None else []
        ours: list[tuple[SpooledEvent, Claim]] = []
        for event in found:
            claim = self.claim(event.event_id, event.payload, attempts=event.attempts)
            if claim is Claim.SEEN:
                self.finish(event.event_id, stored=False)
            else:
                ours.append((event, claim))
        return ours

    # -- questions and checks

    def record_question(
        self, message: IncomingMessage, answer: Answer, *, follow: bool = False
    ) -> int | None:
        """Keep a question and what became of it; its id. ``follow``: remember its thread, too."""
        with self._attempt() as ledger:
            return ledger.record_question(
                # Masked by now, and laid out anew: what was written says what of it may be kept.
                part_to_keep(answer.question, message.text),
                door=message.source,
                outcome=_result(answer),
                year=str(answer.year),
                entry_id=answer.entry,
                confidence=answer.confidence,
                choices=[choice.entry for choice in answer.choices],
                user=message.user,
                channel=message.channel if message.ts else None,
                thread_ts=message.root if message.ts else None,
                author=message.author if message.author != message.user else None,
                message_ts=message.ts or None,
                follow=follow and bool(message.ts and message.channel),
            )
        return None

    def forget_message(self, message: IncomingMessage) -> None:
        """A message was edited or deleted: what it asked is not kept."""
        with self._attempt() as ledger:
            ledger.forget_message(message.channel, message.ts)

    def is_asker(self, message: IncomingMessage) -> bool:
        """Whether the writer asked something in the message's thread."""
        with self._attempt() as ledger:
            return ledger.is_asker(message.user, message.channel, message.root)
        return False

    def last_asked(self, message: IncomingMessage, *, since: datetime) -> int | None:
        """The writer's own last question before a message: in its thread, or where it stands."""
        with self._attempt() as ledger:
            return ledger.last_asked(
                message.user,
                since=since,
                channel=message.channel,
                thread_ts=message.thread_ts or "",
                door=message.source,
            )
        return None

    def choose(self, question_id: int, entry_id: str) -> bool:
        """One of the entries offered was picked; False when the question is not kept."""
        with self._attempt() as ledger:
            return ledger.choose(question_id, entry_id)
        return False

    def record_feedback(
        self, question_id: int, kind: Feedback, *, user: str, note: str = ""
    ) -> FeedbackResult | None:
        """Keep what somebody said of an answer."""
        with self._attempt() as ledger:
            return ledger.record_feedback(question_id, kind, user=user, note=note)
        return None

    def record_thanks(self, question_id: int, *, user: str) -> bool:
        """Somebody thanked for an answer: whether it counts as solved."""
        with self._attempt() as ledger:
            return ledger.record_thanks(question_id, user=user)
        return False

    def offered(self, question_id: int) -> tuple[str, ...]:
        """The entries a question was answered with or offered."""
        with self._attempt() as ledger:
            return ledger.offered(question_id)
        return ()

    def recent(self, user: str, *, but_by: Sequence[str]) -> list[Recent]:
        """Somebody's own last questions, but those that came from the sources named."""
        with self._attempt() as ledger:
            return ledger.recent(user, but_by=but_by)
        return []

    def record_check(self, report: Report, *, source: str) -> None:
        """Count a check and the rules it found broken; nothing of the record."""
        with self._attempt() as ledger:
            ledger.record_check(
                learners=len(report.learners),
                rules=Counter(finding.rule for finding in report.findings),
                door=source,
                year=str(report.year),
            )

    def forget_user(self, user: str) -> Forgotten | None:
        """Delete what is kept of somebody; how much that was."""
        with self._attempt() as ledger:
            return ledger.forget_user(user)
        return None

    # -- threads

    def thread(self, channel: str, thread_ts: str) -> Thread | None:
        """A thread we answered in; None, too, when it is not one."""
        with self._attempt() as ledger:
            return ledger.thread(channel, thread_ts)
        return None

    def follow_thread(self, channel: str, thread_ts: str, question_id: int | None) -> None:
        """Remember that we answered in a thread."""
        with self._attempt() as ledger:
            ledger.follow_thread(channel, thread_ts, question_id)

    def silence_thread(self, channel: str, thread_ts: str) -> bool:
        """A person has answered in a thread; False when it is not one of ours."""
        with self._attempt() as ledger:
            return ledger.silence_thread(channel, thread_ts)
        return False

    # -- questions for a person

    def open_handover(
        self,
        text: str,
        *,
        asker: str,
        channel: str,
        thread: str,
        year: AcademicYear | None,
        question_id: int | None,
    ) -> Change[Handover] | None:
        """Keep a question for a person, and where its asker is told."""
        with self._attempt() as ledger:
            return ledger.open_handover(
                text,
                asker=asker,
                asker_channel=channel,
                asker_thread=thread,
                year=str(year) if year else None,
                question_id=question_id,
            )
        return None

    def handover(self, handover_id: int) -> Handover | None:
        """A question for a person; None, too, when it is no longer kept."""
        with self._attempt() as ledger:
            return ledger.handover(handover_id)
        return None

    def handover_in_triage(self, channel: str, thread_ts: str) -> Handover | None:
        """The question that a triage thread is about; None, too, when it is about none."""
        with self._attempt() as ledger:
            return ledger.handover_in_triage(channel, thread_ts)
        return None

    def handover_of_asker(self, message: IncomingMessage) -> Handover | None:
        """The question for a person whose asker is told in a message's thread."""
        with self._attempt() as ledger:
            return ledger.handover_of_asker(message.channel, message.root)
        return None

    def has_handover(self, channel: str, thread_ts: str) -> bool:
        """Whether the question of a thread was passed to a person."""
        with self._attempt() as ledger:
            return ledger.handover_of_asker(channel, thread_ts) is not None
        return False

    def handovers_of(self, message: IncomingMessage) -> list[Handover]:
        """The hand-overs of what a message asked."""
        with self._attempt() as ledger:
            return ledger.handovers_of(message.channel, message.ts)
        return []

    def set_asker_notice(self, handover_id: int, ts: str) -> None:
        """Remember which message tells the asker how it stands."""
        with self._attempt() as ledger:
            ledger.set_asker_notice(handover_id, ts)

    def reword_handover(self, handover_id: int, text: str, question_id: int | None) -> None:
        """The question was edited while a person has it."""
        with self._attempt() as ledger:
            ledger.reword_handover(handover_id, text, question_id)

    def withdraw_handover(self, handover_id: int) -> None:
        """The question was deleted: nothing is kept of its hand-over."""
        with self._attempt() as ledger:
            ledger.withdraw_handover(handover_id)

    def set_triage_message(self, handover_id: int, channel: str, ts: str) -> None:
        """Remember where a question for a person was posted."""
        with self._attempt() as ledger:
            ledger.set_triage_message(handover_id, channel, ts)

    def take(self, handover_id: int, taker: str) -> Change[Handover] | None:
        """Somebody takes a question."""
        with self._attempt() as ledger:
            return ledger.take(handover_id, taker)
        return None

    def answer(self, handover_id: int) -> Change[Handover] | None:
        """A question for a person is answered."""
        with self._attempt() as ledger:
            return ledger.answer(handover_id)
        return None

    def reminders_due(self, today: date) -> list[Handover]:
        """Questions for a person to remind of today, each of them once."""
        with self._attempt() as ledger:
            return ledger.reminders_due(today)
        return []

    def may_pass_on(self, handover_id: int, seconds: float) -> bool:
        """Whether nobody passed this question on within so many seconds."""
        with self._attempt() as ledger:
            return ledger.once_per(f"pass-on {handover_id}", seconds)
        return True

    def pass_on_failed(self, handover_id: int) -> None:
        """It could not be passed on: whoever tries again may do so at once."""
        with self._attempt() as ledger:
            ledger.undo_once(f"pass-on {handover_id}")

    def may_send(self, reply: str, seconds: float) -> bool:
        """Whether nobody sent this reply to the asker within so many seconds."""
        with self._attempt() as ledger:
            return ledger.once_per(f"send {reply}", seconds)
        return True

    def send_failed(self, reply: str) -> None:
        """It could not be delivered: it may be sent again at once."""
        with self._attempt() as ledger:
            ledger.undo_once(f"send {reply}")

    def may_tag(self, seconds: float) -> bool:
        """Whether the triage group was not tagged within so many seconds."""
        with self._attempt() as ledger:
            return ledger.once_per("triage-tag", seconds)
        return True

    @contextmanager
    def once(self, key: str, seconds: float) -> Iterator[bool]:
        """Whether nobody did this within so many seconds. If what follows fails, nobody did;
        False, too, while the database is away: then nobody can tell."""
        is_first = False
        with self._attempt() as ledger:
            is_first = ledger.once_per(key, seconds)
        try:
            yield is_first
        except BaseException:
            if is_first:
                with self._attempt() as ledger:
                    ledger.undo_once(key)
            raise

    def add_return_reminder(self, reminder: ReturnReminder) -> bool:
        """Keep that somebody wants to be reminded; whether that could be done."""
        with self._attempt() as ledger:
            ledger.add_return_reminder(reminder)
            return True
        return False

    def remove_return_reminder(self, year: str, code: str, person: str) -> None:
        """They do not want it after all."""
        with self._attempt() as ledger:
            ledger.remove_return_reminder(year, code, person)

    def take_return_reminders(self, today: date) -> list[ReturnReminder]:
        """The reminders that are due, now ours to send."""
        with self._attempt() as ledger:
            return ledger.take_return_reminders(today)
        return []

    def is_first_click(self, key: str, seconds: float) -> bool:
        """Whether the same was not clicked within so many seconds."""
        with self._attempt() as ledger:
            return ledger.once_per(f"click {key}", seconds)
        return True

    def forget_click(self, key: str) -> None:
        """What was clicked could not be done: it may be clicked again."""
        with self._attempt() as ledger:
            ledger.undo_once(f"click {key}")

    # -- what curators decide

    def queue(self, helpdesk: Helpdesk, *, days: int) -> CurationQueue | None:
        """All that waits for curators, with the outcomes of so many days."""
        with self._attempt() as ledger:
            return load_queue(ledger, helpdesk, days=days)
        return None

    def busy_weeks(self, helpdesk: Helpdesk) -> list[BusyWeek]:
        """The weeks of returns that brought many questions."""
        with self._attempt() as ledger:
            return busy_return_weeks(ledger, helpdesk)
        return []

    def most_asked(self, start: date, end: date) -> list[tuple[str, int]]:
        """The entries that answered most between two days, with how often."""
        with self._attempt() as ledger:
            return ledger.most_asked(start, end)
        return []

    def unused_entries(self, helpdesk: Helpdesk) -> tuple[list[str], date | None]:
        """Entries that answered nothing, and since when; None, too, while too little is known."""
        with self._attempt() as ledger:
            return unused_entries(ledger, helpdesk)
        return [], None

    def suggest(
        self,
        proposal: Proposal,
        *,
        user: str,
        handover_id: int | None,
        question_id: int | None,
        taken: Container[str],
        channel: str | None = None,
    ) -> Suggestion | None:
        """Keep a suggestion as a draft. Raises InputError saying what to change."""
        with self._attempt() as ledger:
            return ledger.suggest(
                proposal,
                user=user,
                handover_id=handover_id,
                question_id=question_id,
                taken=taken,
                channel=channel,
            )
        return None

    def suggestion(self, suggestion_id: int) -> Suggestion | None:
        """One suggestion; None, too, when it is no longer kept."""
        with self._attempt() as ledger:
            return ledger.suggestion(suggestion_id)
        return None

    def release_suggester(self, suggestion_id: int) -> str | None:
        """Where its writer is told what became of a suggestion, once."""
        with self._attempt() as ledger:
            return ledger.release_suggester(suggestion_id)
        return None

    def edit(
        self, suggestion_id: int, revision: int, proposal: Proposal
    ) -> Change[Suggestion] | None:
        """A curator changes a draft."""
        with self._attempt() as ledger:
            return ledger.edit(suggestion_id, revision, proposal)
        return None

    def approve(self, suggestion_id: int, revision: int, curator: str) -> Change[Suggestion] | None:
        """A curator approves a draft."""
        with self._attempt() as ledger:
            return ledger.approve(suggestion_id, revision, curator)
        return None

    def reject(self, suggestion_id: int, revision: int, curator: str) -> Change[Suggestion] | None:
        """A curator rejects a draft, or withdraws what was approved."""
        with self._attempt() as ledger:
            return ledger.reject(suggestion_id, revision, curator)
        return None

    def decide_phrasing(
        self, phrasing_id: int, *, approve: bool, curator: str
    ) -> Change[Phrasing] | None:
        """A curator confirms or rejects a new wording."""
        with self._attempt() as ledger:
            return ledger.decide_phrasing(phrasing_id, approve=approve, curator=curator)
        return None

    def approved(self) -> tuple[list[Suggestion], list[Phrasing]] | None:
        """The suggestions and wordings that curators approved and git does not hold yet."""
        with self._attempt() as ledger:
            return ledger.suggestions(Review.APPROVED), ledger.phrasings(Review.APPROVED)
        return None

    def close_published(
        self, is_held: Callable[[Suggestion], bool], is_worded: Callable[[Phrasing], bool]
    ) -> None:
        """Close the suggestions and wordings that the knowledge in git now holds."""
        with self._attempt() as ledger:
            ledger.close_published(is_held)
            ledger.close_published_phrasings(is_worded)

    def close_gaps(self, answered_by: Callable[[str], str | None]) -> int:
        """Close the gaps that the knowledge now answers; how many."""
        with self._attempt() as ledger:
            return ledger.close_gaps(answered_by)
        return 0

    def dismiss_gap(self, question_ids: Sequence[int]) -> int | None:
        """Close a gap that needs no answer; how many questions that were."""
        with self._attempt() as ledger:
            return ledger.close_gap(question_ids)
        return None

    # -- the process

    def is_due(self, job: str, seconds: float) -> bool:
        """Whether no process did a regular job within so many seconds; it is ours then."""
        with self._attempt() as ledger:
            return ledger.once_per(job, seconds)
        return False

    def purge(self) -> None:
        """Delete what is older than the retention period."""
        with self._attempt() as ledger:
            if ledger.purge_if_plausible() is None:
                log.warning("the clock has jumped far ahead; nothing was purged")

    def metrics(self) -> dict[str, float]:
        """Counts for monitoring; nothing of what was asked."""
        with self._attempt() as ledger:
            return ledger.metrics()
        return {}

    @property
    def trouble(self) -> str:
        """Why the database could not be used last, as a sentence; "" when it could."""
        return self._given.trouble if self._given else ""

    def ping(self) -> bool:
        """Whether the database answers now."""
        with self._attempt() as ledger:
            return ledger.is_reachable()
        return False


def _result(answer: Answer) -> Result:
    if answer.outcome == "choices":
        return Result.CHOICES
    if answer.outcome == "likely":
        return Result.LIKELY
    if answer.outcome == "none":
        return Result.UNANSWERED
    return Result.EXPLAINED if answer.entry and ":" in answer.entry else Result.ANSWERED

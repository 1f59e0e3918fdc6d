"""What every feature is given: the helpdesk, the ledger, the way to Slack, and the settings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answers import Answer
from bot.checking.apart import AT_ONCE, SMALL, Apart
from bot.helpdesk import Helpdesk
from bot.ledger.workspaces import Workspace
from bot.privacy import is_record_in_doubt
from bot.settings import Settings
from bot.slack.blocks.answer import AnswerContext
from bot.slack.blocks.post import Post
from bot.slack.clicks import Clicks
from bot.slack.conversations import Conversations
from bot.slack.messages import IncomingMessage, about
from bot.slack.payloads import SlackFile
from bot.slack.runtime.backpressure import Backpressure
from bot.slack.runtime.client import SlackClient
from bot.slack.runtime.downloads import fetch
from bot.slack.runtime.spool import Spool
from bot.slack.runtime.tolerant_ledger import TolerantLedger
from bot.years import AcademicYear

if TYPE_CHECKING:
    from bot.ledger import Ledger

__all__ = ["ANSWERING", "AppContext", "takes_long"]


ANSWERING = 8
"""Threads that answer events. A burst of questions waits for them, not the commands, and not
the acknowledgements that Slack wants within three seconds."""
MAX_WAIT = 20.0
"""Seconds that an edit or a deletion waits for the answer it changes."""


class AppContext:
    """One of these serves a workspace.

    ``bot_user`` and ``bot_id`` are the ids that Slack knows the bot by.
    """

    def __init__(
        self,
        settings: Settings,
        helpdesk: Helpdesk,
        ledger: Ledger | None,
        slack: SlackClient,
        *,
        bot_user: str = "",
        bot_id: str = "",
        home: Workspace | None = None,
        backpressure: Backpressure | None = None,
        spool: Spool | None = None,
    ) -> None:
        self.settings = settings
        self.helpdesk = helpdesk
        self.ledger = TolerantLedger(ledger, spool)
        self.slack = slack
        self.bot_user = bot_user
        self.bot_id = bot_id
        self.home = home or Workspace("")
        """The workspace it serves."""
        self.backpressure = backpressure or Backpressure()
        self.approved_state: object = None
        """Which approved suggestions the helpdesk answers from; see ``approved_entries``."""
        self.answering = ThreadPoolExecutor(ANSWERING, thread_name_prefix="answer")
        self.apart = Apart()
        """Where files are checked."""
        self.checking = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="check")
        """For messages with files, so that questions never wait for them."""
        self.conversations = Conversations()
        self.clicks = Clicks(self.ledger)
        self._under_way: dict[tuple[str, str], Future[None]] = {}
        self._waiting: dict[tuple[str, str], IncomingMessage | None] = {}
        """Messages whose answer has not begun, as they are now; None: deleted."""
        self._expected: dict[tuple[str, str], threading.Event] = {}
        """Messages that are being let in and wait for nothing yet."""
        self._lock = threading.Lock()

    def answer_context(
        self, questions: tuple[int, ...] = (), *, private: bool = False, asker: str = ""
    ) -> AnswerContext:
        """What the builders need to know of this workspace."""
        return AnswerContext(
            title_of=self.title_of,
            year=self.helpdesk.year,
            questions=questions,
            private=private,
            people=bool(self.settings.triage_channel),
            asker=asker,
            approved_by={entry: one.by for entry, one in self.helpdesk.approved.items()},
            site=self.settings.site_url,
        )

    def title_of(self, entry: str) -> str:
        """An entry's question; its id when it is no longer held."""
        found = self.helpdesk.knowledge.entries.get(entry)
        return found.question if found else entry

    def open_entry(
        self, entry: str, year: AcademicYear | None = None, *, then: AcademicYear | None = None
    ) -> Answer | None:
        """An entry or explanation by its id (``rule:R_96``); None when it is no longer held.

        ``then``: an earlier year whose answer is told beside it.
        """
        if ":" in entry:
            kind, _, term = entry.partition(":")
            name = term.split("-")[0] if kind == "date" else term
            found = self.helpdesk.explain(name, year)
            return found if found.outcome == "answer" else None
        try:
            return self.helpdesk.entry(entry, year, then=then)
        except KeyError:
            return None

    def content_of(self, given: str | SlackFile) -> str | bytes:
        """What was pasted, or what is in a Slack file. Raises InputError, in one sentence."""
        if isinstance(given, str):
            return given
        return fetch(given, self.slack.client.token or "", self.settings.slack_api_url)

    def years_offered(self) -> list[AcademicYear]:
        """The academic years a record can be checked for, the newest first."""
        return sorted(self.helpdesk.knowledge.specification.years, reverse=True)

    def earlier_questions(self, message: IncomingMessage) -> list[str]:
        """The questions asked before in this conversation, oldest first; not this one itself,
        which is asked again when it is edited.

        At the foot of direct messages people also ask anew: then there are none.
        """
        if self.conversations.is_repeated(message):
            return []
        asked = [one.text for one in self.conversations.before(message)]
        if message.thread_ts is None:
            return asked if self.helpdesk.messages.follows_up(message.text, asked) else []
        if asked:
            return asked
        thread = self.ledger.thread(message.channel, message.root)
        return [self.title_of(thread.entry_id)] if thread and thread.entry_id else []

    def is_asker(self, message: IncomingMessage) -> bool:
        """Whether somebody asked in the thread a message is in, or began it.

        This process may have been restarted, or another one have answered: the ledger knows.
        """
        return (
            self.conversations.is_asker(message)
            or message.user == message.parent_user
            or self.ledger.is_asker(message)
        )

    def forget_message(self, message: IncomingMessage) -> None:
        """A message was edited or deleted: what it asked is kept nowhere."""
        self.conversations.forget_message(message)
        self.ledger.forget_message(message)

    def expect(self, message: IncomingMessage) -> None:
        """A message is being let in: it will be answered, or ``let_go``."""
        self._expected[(message.channel, message.ts)] = threading.Event()

    def let_go(self, message: IncomingMessage) -> None:
        """It is not expected any more: it was somebody else's, or waits for its answer now."""
        expected = self._expected.pop((message.channel, message.ts), None)
        if expected is not None:
            expected.set()

    def wait_until_expected(self, message: IncomingMessage) -> None:
        """Wait until a message that was changed as soon as it was sent is let in; not for ever."""
        expected = self._expected.get((message.channel, message.ts))
        if expected is not None:
            expected.wait(MAX_WAIT)

    def start_answer(self, message: IncomingMessage, work: Callable[[], None]) -> None:
        """Answer a message beside the others; ``work`` does it."""
        key = (message.channel, message.ts)
        with self._lock:
            self._waiting[key] = message
            pool = self.checking if takes_long(message) else self.answering
            self._under_way[key] = begun = pool.submit(work)
        self.let_go(message)
        begun.add_done_callback(lambda _: self._under_way.pop(key, None))

    def begin_answer(self, message: IncomingMessage) -> IncomingMessage | None:
        """The message as it is now that its answer begins; None when it was deleted."""
        with self._lock:
            return self._waiting.pop((message.channel, message.ts), message)

    def change_waiting(self, now: IncomingMessage, *, deleted: bool = False) -> bool:
        """A message was edited or deleted before its answer began; False when it had begun."""
        key = (now.channel, now.ts)
        with self._lock:
            held = self._waiting.get(key)
            if held is None:
                return key in self._waiting
            changed = replace(
                held,
                text=now.text,
                shown=now.shown,
                names_somebody=now.names_somebody,
                to_user=now.to_user,
            )
            self._waiting[key] = None if deleted else changed
        return True

    def wait_for_answer(self, message: IncomingMessage) -> None:
        """Wait until a message whose answer is under way has it; not for ever."""
        begun = self._under_way.get((message.channel, message.ts))
        if begun is not None:
            wait([begun], MAX_WAIT)

    def say_below(self, message: IncomingMessage, post: Post) -> bool:
        """Answer a message in its thread; False when another process has taken it over."""
        if not self.ledger.may_post(message):
            return False
        self.slack.say(message.channel, post, thread_ts=message.root, about=about(message))
        return True

    def whisper_below(self, message: IncomingMessage, post: Post) -> bool:
        """The same to its writer alone."""
        if message.in_dm:
            return self.say_below(message, post)
        if not self.ledger.may_post(message):
            return False
        self.slack.whisper(message.channel, message.user, post, thread_ts=message.thread_ts)
        return True

    def record(self, message: IncomingMessage, answer: Answer) -> tuple[int, ...]:
        """Keep what was asked and what became of it; the ledger's ids, () when it is away.

        Nothing is kept, nor remembered, of a line that asks nothing, nor of what may be a record
        that was not recognised.
        """
        if not answer.is_kept or is_record_in_doubt(message.text):
            return ()
        if answer.outcome in ("none", "choices") and not self.helpdesk.messages.may_ask(
            answer.question
        ):
            return ()  # a remark that nothing fits is no gap in the knowledge
        ids = [self.ledger.record_question(message, answer, follow=True)]
        ids += [self.ledger.record_question(message, one) for one in answer.more]
        recorded = tuple(found for found in ids if found is not None)
        self.conversations.remember(message, answer.question, recorded)
        return recorded


def takes_long(message: IncomingMessage) -> bool:
    """Whether there is more than a little to check in a message, by its files' sizes."""
    return any(file.size is None or file.size > SMALL for file in message.documents)

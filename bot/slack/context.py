"""What every listener is given: the helpdesk, the ledger, the way to Slack, and the settings."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.answers import Answer
from bot.helpdesk import Helpdesk
from bot.ledger.values import Result
from bot.privacy import mask
from bot.settings import Settings
from bot.slack.blocks.answer import Context
from bot.slack.messages import IncomingMessage
from bot.slack.runtime.backpressure import Backpressure
from bot.slack.runtime.client import SlackClient
from bot.slack.runtime.tolerant_ledger import Keeping
from bot.years import AcademicYear

if TYPE_CHECKING:
    from bot.ledger import Ledger

__all__ = ["AppContext"]


@dataclass
class _Thread:
    """What this process remembers of a thread, so that "and for T Levels?" is understood."""

    questions: list[tuple[str, str]] = field(default_factory=list)
    """The message's timestamp, and what it asked, masked."""
    askers: set[str] = field(default_factory=set)


ANSWERING = 8
"""Threads that answer events. A burst of questions waits for them, not the commands, and not
the acknowledgements that Slack wants within three seconds."""
MAX_WAIT = 20.0
"""Seconds that an edit or a deletion waits for the answer it changes."""
MAX_THREADS = 2_000
MAX_BEFORE = 4


class AppContext:
    """One of these serves a workspace. ``me`` and ``my_bot`` are the bot's own ids."""

    def __init__(
        self,
        settings: Settings,
        helpdesk: Helpdesk,
        ledger: Ledger | None,
        slack: SlackClient,
        *,
        me: str = "",
        my_bot: str = "",
        backpressure: Backpressure | None = None,
    ) -> None:
        self.settings = settings
        self.helpdesk = helpdesk
        self.keeping = Keeping(ledger)
        self.slack = slack
        self.me = me
        self.my_bot = my_bot
        self.backpressure = backpressure or Backpressure()
        self.approved_state: object = None
        """Which approved suggestions the helpdesk answers from; see ``unpublished``."""
        self.answering = ThreadPoolExecutor(ANSWERING, thread_name_prefix="answer")
        self._threads: OrderedDict[tuple[str, str], _Thread] = OrderedDict()
        self._under_way: dict[tuple[str, str], Future[None]] = {}
        self._lock = threading.Lock()

    def context(self, questions: tuple[int, ...] = (), *, private: bool = False) -> Context:
        """What the builders need to know of this workspace."""
        return Context(
            title_of=self.title_of,
            topics=tuple(self.helpdesk.covers()),
            questions=questions,
            private=private,
            people=bool(self.settings.triage_channel),
            approved_by={entry: one.by for entry, one in self.helpdesk.approved.items()},
        )

    def title_of(self, entry: str) -> str:
        """An entry's question; its id when it is no longer held."""
        found = self.helpdesk.knowledge.entries.get(entry)
        return found.question if found else entry

    def open(self, entry: str, year: AcademicYear | None = None) -> Answer | None:
        """An entry or explanation by its id (``rule:R_96``); None when it is no longer held."""
        if ":" in entry:
            kind, _, term = entry.partition(":")
            name = term.split("-")[0] if kind == "date" else term
            found = self.helpdesk.explain(name, year)
            return found if found.outcome == "answer" else None
        try:
            return self.helpdesk.entry(entry, year)
        except KeyError:
            return None

    def years_offered(self) -> list[AcademicYear]:
        """The academic years a record can be checked for, the newest first."""
        return sorted(self.helpdesk.knowledge.specification.years, reverse=True)

    def earlier(self, message: IncomingMessage) -> list[str]:
        """The questions asked before in this thread, oldest first; not this one itself, which
        is asked again when it is edited."""
        if message.thread_ts is None:
            return []
        with self._lock:
            known = self._threads.get((message.channel, message.root))
            if known:
                return [text for ts, text in known.questions if ts != message.ts]
        thread = self.keeping.attempt(lambda ledger: ledger.thread(message.channel, message.root))
        return [self.title_of(thread.entry_id)] if thread and thread.entry_id else []

    def begin(self, message: IncomingMessage, work: Callable[[], None]) -> None:
        """Answer a message in its turn."""
        key = (message.channel, message.ts)
        with self._lock:
            self._under_way[key] = begun = self.answering.submit(work)
        begun.add_done_callback(lambda _: self._under_way.pop(key, None))

    def wait_for(self, message: IncomingMessage) -> None:
        """Wait until a message whose answer is under way has it; not for ever."""
        begun = self._under_way.get((message.channel, message.ts))
        if begun is not None:
            wait([begun], MAX_WAIT)

    def is_asker(self, message: IncomingMessage) -> bool:
        """Whether they asked something in this thread, as far as this process remembers."""
        with self._lock:
            known = self._threads.get((message.channel, message.root))
            return known is not None and message.user in known.askers

    def forget(self, user: str) -> None:
        """Let go of the threads that somebody asked in."""
        with self._lock:
            for key in [key for key, one in self._threads.items() if user in one.askers]:
                del self._threads[key]

    def keep(self, message: IncomingMessage, answer: Answer) -> tuple[int, ...]:
        """Keep what was asked and what became of it; the ledger's ids, () when it is away."""
        with self._lock:
            key = (message.channel, message.root)
            thread = self._threads.pop(key, None) or _Thread()
            thread.askers.add(message.user)
            others = [one for one in thread.questions if one[0] != message.ts or not message.ts]
            thread.questions[:] = [*others, (message.ts, mask(answer.question))][-MAX_BEFORE:]
            self._threads[key] = thread
            if len(self._threads) > MAX_THREADS:
                self._threads.popitem(last=False)
        ids = [self._keep_one(message, one) for one in (answer, *answer.more)]
        kept = tuple(found for found in ids if found is not None)
        if kept and message.ts and message.channel:
            self.keeping.attempt(
                lambda ledger: ledger.follow_thread(message.channel, message.root, kept[0])
            )
        return kept

    def _keep_one(self, message: IncomingMessage, answer: Answer) -> int | None:
        choices = [choice.entry for choice in answer.choices]
        return self.keeping.attempt(
            lambda ledger: ledger.record_question(
                answer.question,
                door=message.source,
                outcome=_result(answer),
                year=str(answer.year),
                entry_id=answer.entry,
                confidence=answer.confidence,
                choices=choices,
                user=message.user,
                channel=message.channel if message.ts else None,
                thread_ts=message.root if message.ts else None,
            )
        )


def _result(answer: Answer) -> Result:
    if answer.outcome == "choices":
        return Result.CHOICES
    if answer.outcome == "none":
        return Result.UNANSWERED
    return Result.EXPLAINED if answer.entry and ":" in answer.entry else Result.ANSWERED

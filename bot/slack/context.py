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
from bot.slack.messages import Asked
from bot.slack.runtime.backpressure import Arrivals
from bot.slack.runtime.client import Outgoing
from bot.slack.runtime.tolerant_ledger import Keeping
from bot.years import AcademicYear

if TYPE_CHECKING:
    from bot.ledger import Ledger

__all__ = ["Desk"]


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


class Desk:
    """One of these serves a workspace. ``me`` and ``my_bot`` are the bot's own ids."""

    def __init__(
        self,
        settings: Settings,
        helpdesk: Helpdesk,
        ledger: Ledger | None,
        slack: Outgoing,
        *,
        me: str = "",
        my_bot: str = "",
        arrivals: Arrivals | None = None,
    ) -> None:
        self.settings = settings
        self.helpdesk = helpdesk
        self.keeping = Keeping(ledger)
        self.slack = slack
        self.me = me
        self.my_bot = my_bot
        self.arrivals = arrivals or Arrivals()
        self.serving_approved: object = None
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

    def earlier(self, asked: Asked) -> list[str]:
        """The questions asked before in this thread, oldest first; not this one itself, which
        is asked again when it is edited."""
        if asked.thread_ts is None:
            return []
        with self._lock:
            known = self._threads.get((asked.channel, asked.root))
            if known:
                return [text for ts, text in known.questions if ts != asked.ts]
        thread = self.keeping.attempt(lambda ledger: ledger.thread(asked.channel, asked.root))
        return [self.title_of(thread.entry_id)] if thread and thread.entry_id else []

    def begin(self, asked: Asked, work: Callable[[], None]) -> None:
        """Answer a message in its turn."""
        key = (asked.channel, asked.ts)
        with self._lock:
            self._under_way[key] = begun = self.answering.submit(work)
        begun.add_done_callback(lambda _: self._under_way.pop(key, None))

    def wait_for(self, asked: Asked) -> None:
        """Wait until a message whose answer is under way has it; not for ever."""
        begun = self._under_way.get((asked.channel, asked.ts))
        if begun is not None:
            wait([begun], MAX_WAIT)

    def is_asker(self, asked: Asked) -> bool:
        """Whether they asked something in this thread, as far as this process remembers."""
        with self._lock:
            known = self._threads.get((asked.channel, asked.root))
            return known is not None and asked.user in known.askers

    def forget(self, user: str) -> None:
        """Let go of the threads that somebody asked in."""
        with self._lock:
            for key in [key for key, one in self._threads.items() if user in one.askers]:
                del self._threads[key]

    def keep(self, asked: Asked, answer: Answer) -> tuple[int, ...]:
        """Keep what was asked and what became of it; the ledger's ids, () when it is away."""
        with self._lock:
            key = (asked.channel, asked.root)
            thread = self._threads.pop(key, None) or _Thread()
            thread.askers.add(asked.user)
            others = [one for one in thread.questions if one[0] != asked.ts or not asked.ts]
            thread.questions[:] = [*others, (asked.ts, mask(answer.question))][-MAX_BEFORE:]
            self._threads[key] = thread
            if len(self._threads) > MAX_THREADS:
                self._threads.popitem(last=False)
        ids = [self._keep_one(asked, one) for one in (answer, *answer.more)]
        kept = tuple(found for found in ids if found is not None)
        if kept and asked.ts and asked.channel:
            self.keeping.attempt(
                lambda ledger: ledger.follow_thread(asked.channel, asked.root, kept[0])
            )
        return kept

    def _keep_one(self, asked: Asked, answer: Answer) -> int | None:
        choices = [choice.entry for choice in answer.choices]
        return self.keeping.attempt(
            lambda ledger: ledger.record_question(
                answer.question,
                door=asked.door,
                outcome=_result(answer),
                year=str(answer.year),
                entry_id=answer.entry,
                confidence=answer.confidence,
                choices=choices,
                user=asked.user,
                channel=asked.channel if asked.ts else None,
                thread_ts=asked.root if asked.ts else None,
            )
        )


def _result(answer: Answer) -> Result:
    if answer.outcome == "choices":
        return Result.CHOICES
    if answer.outcome == "none":
        return Result.UNANSWERED
    return Result.EXPLAINED if answer.entry and ":" in answer.entry else Result.ANSWERED

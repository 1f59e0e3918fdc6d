"""The entries that may answer a question: whose record it is, what it names, which year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.answering.about import AboutIndex
from bot.answering.asked import Asked, FindMatch
from bot.answering.provision import suits
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Entry, Provision
from bot.matching import Match
from bot.years import AcademicYear

__all__ = ["Candidates"]

WRITTEN_FOR, CLOSE = 2, 0.7
"""An answer for so few years was written for just that time; and how near its entry's score must
be to the first one's to be put before it when that time is asked about."""
SURE_BESIDE_OTHERS = 0.45
"""How sure an entry must be to answer where one for another provision is nearer."""
RIVAL = 0.12
"""How much nearer an entry must be for an answer outright where the next is for another
provision."""


class Candidates:
    """Finds the entries for a question, of those that may answer it at all."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        about: AboutIndex,
        match: FindMatch,
        now: Callable[[], AcademicYear],
    ) -> None:
        self._knowledge = knowledge
        self._about = about
        self._match = match
        self._now = now

    def nearest(self, asked: Asked) -> Match:
        """The entries for a question, of those that may answer it at all."""

        theirs, named = asked.theirs, self._about.told_apart(asked.names)

        def suitable(entry_id: str) -> bool:
            entry = self._knowledge.entries[entry_id]
            return suits(entry, theirs) and not self._about.another(entry_id, named)

        text = asked.plain if asked.thread is None else asked.thread.alone
        # Most questions say neither whose record it is nor name anything: then all are suitable.
        match = self._match(text, suitable if theirs or named else None, asked.thread)
        if match.confidence < SURE_BESIDE_OTHERS and self.held_for_others(asked, match):
            # The subject is held for others only: what is left of the entries is no answer.
            return replace(match, outcome="none")
        match = self._unsure_beside_rival(match, asked)
        return self._prefer_entry_for_year(match, asked.year.year)

    def held_for_others(self, asked: Asked, match: Match) -> Entry | None:
        """What would answer, where it is written for another kind of provision only."""
        entry = self._knowledge.entries.get(match.unsuitable or "")
        return None if entry is None or suits(entry, asked.theirs) else entry

    def _unsure_beside_rival(self, match: Match, asked: Asked) -> Match:
        """The same, no surer than likely where nobody said whose record it is and the next entry is
        nearly as near, for another kind of provision."""
        if match.outcome != "answer" or asked.theirs or len(match.ranked) < 2:
            return match
        first, second = match.ranked[:2]
        ours = frozenset(self._knowledge.entries[first.id].provision)
        is_rival = Provision.ALL not in ours and not suits(self._knowledge.entries[second.id], ours)
        near = first.score - second.score < RIVAL
        return replace(match, outcome="likely") if is_rival and near else match

    def _prefer_entry_for_year(self, match: Match, year: AcademicYear) -> Match:
        """The same, with an entry written for just that year first where it is nearly as likely.

        Asked of 2020-21, what held in that year alone goes before what has always held.
        """
        if match.outcome not in {"answer", "likely"} or year >= self._now():
            return match
        if self._is_written_for(match.ranked[0].id, year):
            return match
        for other in match.ranked[1:3]:
            near = other.score >= CLOSE * match.ranked[0].score
            if near and self._is_written_for(other.id, year):
                rest = tuple(ranked for ranked in match.ranked if ranked is not other)
                why = replace(match.why, reason=f"it was written for {year}, and is nearly as near")
                return replace(match, ranked=(other, *rest), why=why)
        return match

    def _is_written_for(self, entry_id: str, year: AcademicYear) -> bool:
        answer = self._knowledge.answer_for(self._knowledge.entries[entry_id], year)
        if answer is None or answer.years.to is None:
            return False
        return answer.years.to.first - answer.years.start.first < WRITTEN_FOR

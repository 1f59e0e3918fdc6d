"""What was found, told: an entry, an explanation, choices, or what came nearest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering.asked import Asked
from bot.answering.candidates import Candidates
from bot.answering.entries import EntryAnswers
from bot.answering.provision import ProvisionFinder
from bot.answers import Answer, Choice
from bot.explain.explainer import Explanation
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.clarifying import ClarifyingQuestion, one_question
from bot.knowledge.models import Status
from bot.matching import Match
from bot.years import AcademicYear

__all__ = ["Teller"]

MIN_NEAR, MAX_NEAR = 0.15, 3
"""How likely an entry must be for its topic to be named when nothing is answered; how many."""
FAR_BEHIND = 0.1
"""A choice whose score is so far behind the first's is left out."""
POST, SURE = 30, 0.7
"""Words of a post, and how sure its answer must be to stand without what else may be meant: of the
answers to real posts that were less sure, half were another's, and of those a third stood among the
next two."""


_OF_NO_YEAR = ("date:", "term:", "datalock:", "aim:", "standard:")
"""How the ids of explanations begin that no year's specification is behind."""


class Teller:
    """Puts what was found into answers."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        entries: EntryAnswers,
        candidates: Candidates,
        provisions: ProvisionFinder,
        clarifying: Sequence[ClarifyingQuestion],
    ) -> None:
        self._knowledge = knowledge
        self._entries = entries
        self._candidates = candidates
        self._provisions = provisions
        self._clarifying = clarifying

    def from_match(self, asked: Asked, match: Match) -> Answer:
        if match.outcome == "answer":
            found = self.entry(match.ranked[0].id, asked, match)
            is_story = len(asked.text.split()) >= POST and match.confidence < SURE
            return replace(found, choices=self.others(asked, match)) if is_story else found
        reasons = match.why.to_json() if asked.why else None
        year = asked.year.year
        # One entry that nothing is sure of is no choice: two good ones, or none.
        if match.outcome == "none" or (match.outcome == "choices" and len(match.ranked) < 2):
            common = Answer(asked.text, year, "none", confidence=match.confidence, why=reasons)
            return replace(common, near=self._near(match), notes=self._for_others(asked, match))
        ask, choices = self._choices(asked, match)
        if match.outcome == "likely" and not ask:
            found = self.entry(match.ranked[0].id, asked, match)
            return replace(found, outcome="likely", choices=choices)
        return Answer(
            asked.text, year, "choices", confidence=match.confidence, why=reasons,
            ask=ask, choices=choices, notes=repairs(match),
        )  # fmt: skip

    def entry(self, entry_id: str, asked: Asked, match: Match) -> Answer:
        year = asked.year
        started = year.started if self._knowledge.entries[entry_id].by_first_start else None
        found = self._entries.answer(
            entry_id,
            started or year.year,
            question=asked.text,
            compare=year.compare and started is None,
            then=year.then,
        )
        return replace(
            found,
            confidence=match.confidence,
            notes=(*found.notes, *repairs(match)),
            why=match.why.to_json() if asked.why else None,
        )

    def in_short(self, entry_id: str, asked: Asked, match: Match) -> Answer:
        """That the answer just given is the nearest, by its first sentence, with what else there
        is."""
        if entry_id not in self._knowledge.entries:
            return self.from_match(asked, replace(match, outcome="none"))
        found = self.entry(entry_id, asked, match)
        lead = f"As above: {found.lead}"
        return replace(
            found, outcome="likely", text=lead, lead=lead, lines=(), detail="",
            choices=self.others(asked, match, entry_id),
        )  # fmt: skip

    def others(self, asked: Asked, match: Match, told: str = "") -> tuple[Choice, ...]:
        """The two entries that come next, beside the first one or what is ``told``."""
        told = told or match.ranked[0].id
        likely = {one.id: one.confidence for one in match.ranked}
        next_ = [one.id for one in match.ranked if one.id != told][:2]
        return tuple(self._choice(one, likely, asked.year.year) for one in next_)

    def offered(self, nearest: Mapping[str, float], asked: Asked) -> Answer:
        """A choice of entries, given with how sure each is, the best of several questions."""
        year = asked.year.year
        choices = tuple(self._choice(entry, nearest, year) for entry in nearest)
        sure = max(nearest.values())
        return Answer(asked.text, year, "choices", confidence=sure, choices=choices)

    def explained(self, found: Explanation, asked: Asked, reason: str) -> Answer:
        answer = self.from_explanation(found, asked.text, asked.year.year)
        return replace(answer, why={"reason": reason}) if asked.why else answer

    def from_explanation(self, found: Explanation, question: str, year: AcademicYear) -> Answer:
        """An explanation as an answer."""
        return Answer(
            question=question,
            year=year,
            outcome="answer",
            entry=found.id,
            title=found.title,
            confidence=1.0,
            text=found.text,
            lead=found.lead,
            lines=found.lines,
            detail=found.detail,
            years=found.years,
            sources=found.sources,
            status=found.status,
            status_in_words=Status(found.status).in_words if found.status else "",
            related=found.related,
            notes=self._year_out_of_range(found, year),
        )

    def _year_out_of_range(self, found: Explanation, year: AcademicYear) -> tuple[str, ...]:
        """What a specification of another year is worth; dates and words have no year."""
        held = self._knowledge.specification.years
        if found.id.startswith(_OF_NO_YEAR) or held[0] <= year <= held[-1]:
            return ()
        nearest = held[-1] if year > held[-1] else held[0]
        return (f"We hold no specification for {year}; this is from {nearest}.",)

    def _choices(self, asked: Asked, match: Match) -> tuple[str, tuple[Choice, ...]]:
        """Two good entries, or one question back that decides between them."""
        offered = match.ranked[:3]
        while len(offered) > 2 and offered[0].score - offered[-1].score > FAR_BEHIND:
            offered = offered[:-1]
        likely = {ranked.id: ranked.confidence for ranked in match.ranked}
        year = asked.year.year
        back = one_question(
            self._clarifying,
            [ranked.id for ranked in offered],
            asked.text,
            year_is_known=asked.year.said,
        )
        if back is None:
            return "", tuple(self._choice(ranked.id, likely, year) for ranked in offered)
        return back.question, tuple(
            replace(self._choice(entry, likely, of_year or year), label=say, year=of_year)
            for say, entry, of_year in back.ways
        )

    def _choice(self, entry_id: str, likely: Mapping[str, float], year: AcademicYear) -> Choice:
        question = self._knowledge.entries[entry_id].question
        hint = self._entries.hint(entry_id, year)
        return Choice(entry_id, question, likely.get(entry_id, 0.0), hint)

    def _near(self, match: Match) -> tuple[tuple[str, str], ...]:
        """The topics of the entries that came nearest, when none came near enough."""
        entries = [
            self._knowledge.entries[ranked.id]
            for ranked in match.ranked
            if ranked.confidence > MIN_NEAR
        ]
        near = dict.fromkeys(entry.topic for entry in entries)
        titles = self._knowledge.topics
        return tuple((topic, titles[topic].title) for topic in list(near)[:MAX_NEAR])

    def _for_others(self, asked: Asked, match: Match) -> tuple[str, ...]:
        """That what would answer is written for another kind of provision, in one line."""
        entry = self._candidates.held_for_others(asked, match)
        if entry is None:
            return ()
        theirs = ", ".join(kind.in_words for kind in entry.provision)
        ours = self._provisions.titles(asked.theirs)
        return (f"We hold nothing on this for {ours}; what we hold is for {theirs}.",)


def repairs(match: Match) -> tuple[str, ...]:
    """Codes that were read as another code are said; mended words are not worth a line."""
    return tuple(
        f"Read “{repair.word}” as {repair.replacement}."
        for repair in match.repaired
        if repair.kind == "code"
    )

"""An entry of the knowledge base as an answer for a year."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.answers import Answer, SourceLine
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import AnswerText, Entry, Provision, Status
from bot.years import AcademicYear

__all__ = ["Approved", "EntryAnswers", "first_sentence"]

FINAL_RETURN = (10, 31)
"""Month and day by which a year's final return has closed, in the year after it ends."""


@dataclass(frozen=True, slots=True)
class Approved:
    """An entry that a curator approved and git does not hold yet."""

    entry: Entry
    by: str
    """The curator, as the surface that asked them names people; "" when that is forgotten."""
    on: date


class EntryAnswers:
    """Answers from one knowledge base's entries."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        today: Callable[[], date],
        approved: Mapping[str, Approved],
    ) -> None:
        self._knowledge = knowledge
        self._today = today
        self._approved = approved

    @property
    def year(self) -> AcademicYear:
        """The current academic year."""
        return AcademicYear.containing(self._today())

    def answer(
        self,
        entry_id: str,
        year: AcademicYear | None = None,
        *,
        question: str = "",
        compare: bool = False,
        then: AcademicYear | None = None,
    ) -> Answer:
        """One entry's answer for a year, as when somebody picks it from the choices.

        ``compare`` tells an earlier answer as well: that of the year ``then``, or the one
        before. Raises KeyError for an unknown id.
        """
        entry = self._knowledge.entries[entry_id]
        wanted = year or self.year
        answer = self._knowledge.answer_for(entry, wanted)
        common = Answer(
            question=question or entry.question,
            year=wanted,
            outcome="answer",
            entry=entry.id,
            title=entry.question,
            confidence=1.0,
            provision=_provision(entry),
            reviewed=entry.reviewed,
            review_by=entry.review_by,
            owner=entry.owner,
            related=tuple(r for r in entry.related if r in self._knowledge.entries),
        )
        if answer is None:
            return self._not_covered(common, entry, wanted)
        status = self._knowledge.status_of(entry, answer)
        earlier = [a for a in entry.answers if a.years.start < answer.years.start]
        shown, told = _Shown.of(answer), None
        if compare and earlier:
            of_then = [a for a in earlier if then is not None and then in a.years]
            told = (of_then or earlier)[-1]
            shown = self._compared(answer, told)
        return replace(
            common,
            text=shown.text,
            lead=shown.lead,
            lines=shown.lines,
            detail=shown.detail,
            years=answer.years,
            sources=self.sources(answer),
            status=str(status),
            status_in_words=_status_in_words(status, answer),
            # The doubt is about what holds now; older answers say theirs in their own words.
            unverified=entry.unverified if answer is entry.answers[-1] else None,
            clarify=tuple(entry.clarify),
            other_years=tuple(
                a.years.to or max(a.years.start, self.year)
                for a in entry.answers
                if a is not answer
            ),
            then=told.years.start if told else None,
            notes=tuple(self._notes(entry, answer, wanted)),
        )

    def _not_covered(self, common: Answer, entry: Entry, wanted: AcademicYear) -> Answer:
        """That nothing is held for a year. Of an earlier year what is held for the next one is told
        too: a rule's reason seldom changes. Advice that has ended is not told again."""
        covered = ", ".join(str(a.years) for a in entry.answers)
        lead = f"We have no guidance on this for {wanted}; ours covers {covered}."
        later = next((a for a in entry.answers if a.years.start > wanted), None)
        lines = ["Ask again with one of those years, or ask a person."]
        if later is not None:
            lines = [
                f"What we hold for {later.years}: {later.lead}",
                f"Whether that held for {wanted} too, we do not know: check it, or ask a person.",
            ]
        return replace(
            common,
            text="\n\n".join([lead, *lines]),
            lead=lead,
            lines=tuple(lines),
            sources=self.sources(later or entry.answers[-1]),
        )

    def _compared(self, answer: AnswerText, old: AnswerText) -> _Shown:
        """Now and then, each by its lead; the rest of both is detail."""
        when = "Now" if self.year in answer.years else "Later"
        lead = f"*{when} ({answer.years}):* {answer.lead}"
        then = f"*Then ({old.years}):* {old.lead}"
        rest = "\n\n".join(
            filter(None, [*(f"- {x}" for x in old.lines), old.detail, answer.detail])
        )
        return _Shown(f"{lead}\n\n{then}", tuple(answer.lines), rest)

    def sources(self, answer: AnswerText) -> tuple[SourceLine, ...]:
        """Where an answer was read."""
        found = (self._knowledge.source(reference) for reference in answer.sources)
        return tuple(SourceLine(source.title, source.url, source.year) for source in found)

    def hint(self, entry_id: str, year: AcademicYear) -> str:
        """What tells an entry apart among choices: its answer's first sentence."""
        entry = self._knowledge.entries[entry_id]
        answer = self._knowledge.answer_for(entry, year) or entry.answers[-1]
        return first_sentence(answer.lead)

    def _notes(self, entry: Entry, answer: AnswerText, wanted: AcademicYear) -> list[str]:
        notes = [
            *self._closed_year(wanted),
            *self._by_first_start(entry, answer),
            *self._year_notes(entry, answer, wanted),
        ]
        if entry.review_by < self._today():
            notes.append(f"This answer was due for review by {entry.review_by:%d/%m/%Y}.")
        approved = self._approved.get(entry.id)
        if approved is not None:
            notes.append(
                f"Not yet published: a curator approved this on {approved.on:%d/%m/%Y}, and it "
                "has still to be reviewed into the knowledge base."
            )
        return notes

    def _closed_year(self, wanted: AcademicYear) -> list[str]:
        """Advice on a closed year begins with that nothing can be changed there any more."""
        if self._today() <= date(wanted.first + 1, *FINAL_RETURN):
            return []
        return [f"{wanted} is closed: nothing can be changed in its ILR data any more."]

    def _by_first_start(self, entry: Entry, answer: AnswerText) -> list[str]:
        if not entry.by_first_start:
            return []
        return [
            f"Funding rules follow the apprentice's first start: this is for starts in "
            f"{answer.years}. Validation rules are those of the return's year."
        ]

    def _year_notes(self, entry: Entry, answer: AnswerText, wanted: AcademicYear) -> list[str]:
        """That advice has ended and what holds now; that a year to come is not known yet."""
        if wanted > self.year and answer.years.to is None:
            return [
                f"{wanted} has not begun and its rules may differ: this is what holds for "
                f"{self.year}."
            ]
        if wanted >= self.year or self.year in answer.years:
            return []
        ended = f"This is what held for {answer.years}. It does not hold now."
        now = self._knowledge.answer_for(entry, self.year)
        if now is None:
            return [f"{ended} There is no current guidance on it for {self.year}."]
        return [f"{ended} For {self.year}: {first_sentence(now.lead, longest=300)}"]


@dataclass(frozen=True, slots=True)
class _Shown:
    lead: str
    lines: tuple[str, ...]
    detail: str

    @classmethod
    def of(cls, answer: AnswerText) -> _Shown:
        """As the curator wrote it."""
        return cls(answer.lead, tuple(answer.lines), answer.detail)

    @property
    def text(self) -> str:
        listed = "\n".join(f"- {line}" for line in self.lines)
        return "\n\n".join(filter(None, [self.lead, listed, self.detail]))


def first_sentence(text: str, longest: int = 140) -> str:
    """The first sentence, or the first two where the first is only "No."."""
    flat = " ".join(text.replace("*", "").replace("`", "").split())
    sentence = ""
    for part in re.split(r"(?<=[.!?])\s", flat):
        sentence = f"{sentence} {part}".strip()
        if len(sentence) >= 40:  # a lone "No." says too little
            break
    return sentence if len(sentence) <= longest else sentence[: longest - 1].rstrip() + "…"


def _provision(entry: Entry) -> str:
    if Provision.ALL in entry.provision:
        return ""
    return ", ".join(kind.in_words for kind in entry.provision)


def _status_in_words(status: Status, answer: AnswerText) -> str:
    if status is Status.QUOTED and answer.quoted_by:
        return f"official text as quoted by {answer.quoted_by}; check the text itself"
    return status.in_words

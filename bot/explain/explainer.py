"""Explain a rule, field, code, abbreviation or date from the specification and glossary.

``intents`` tells what a question asks, ``names`` finds what it names, ``wording`` tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from bot.answers import SourceLine
from bot.explain import intents
from bot.explain.aims import explain_aim, explain_listed_aim, explain_missing_aim
from bot.explain.calendar import Calendar
from bot.explain.codes import codes_titled, has_words, question_of_a_code
from bot.explain.explanation import Explanation
from bot.explain.names import Name, NameIndex, fold
from bot.explain.standards import asks_of_standard, explain_standard
from bot.explain.word_lists import word_list, words_besides
from bot.explain.wording import Wording
from bot.ilr.specification import (
    Code,
    CodedType,
    FieldSpec,
    ReturnDate,
    YearSpecification,
)
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Status, Term
from bot.rules.catalogue import RuleRow
from bot.years import AcademicYear, YearRange, without_years

__all__ = ["Explainer", "Explanation"]

_CHANGE_ENTRIES = ("changes-2026-27-touching-placements",)
MAX_TERM_LENGTH = 160


class Explainer:
    """Finds what a term is, in one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._calendar = Calendar(knowledge.specification)
        self._wording = Wording(knowledge)
        self.names = NameIndex(knowledge)
        self._terms: dict[str, Term] = {}
        for term in knowledge.terms:
            for name in (term.term, *term.also):
                self._terms.setdefault(fold(name), term)
            self._terms.setdefault(fold(term.means), term)

    # what a question asks ---------------------------------------------------------------

    def match_intent(self, question: str, year: AcademicYear, today: date) -> Explanation | None:
        """The explanation a question plainly asks for, or None when it asks something else.

        Plain means that what remains, once "what is", "explain" and the like are taken off,
        is a known term and nothing more.
        """
        text = intents.plain_question(question)
        if len(text) > MAX_TERM_LENGTH or not text:
            return None
        head, _, aspects = text.partition(" - ")
        if aspects and intents.asks_no_more(aspects):
            # "what is WorkPlaceMode - which codes?": a follow-up that the explanation answers.
            found = self.match_intent(head, year, today)
            if found:
                return found
        dated = self._calendar.asked_for(text, year, today)
        if dated:
            return dated
        if intents.asks_for_changes(text):
            return self._changes(year)
        standard = asks_of_standard(text)
        if standard:
            return explain_standard(standard, self._knowledge, year)
        # "what is PHours in 2025-26": the year is known already, and the rest is the name.
        text = without_years(text).rstrip("?!. ,")
        if intents.asks_for_codes(text):
            listed = self._codes_of(text, year)
            if listed:
                return listed
        titled = self._titled(text, year)
        if titled:
            return titled
        for term in intents.term_asked_for(text):
            found = self._term(term, year, today, glossary=not intents.asks_for_a_code(text))
            if found:
                return found
        return self._term(text, year, today, glossary=len(text.split()) == 1)

    def asks_no_more(self, question: str, names: Iterable[Name]) -> bool:
        """Whether a question asks of what it names no more than an explanation says."""
        ids = " ".join(name.id.casefold() for name in names)
        known = word_list("about_a_name") | set(re.findall(r"[a-z]+", ids))
        return not words_besides(question, known)

    def compare_terms(
        self, question: str, year: AcademicYear, today: date
    ) -> tuple[Explanation, Explanation] | None:
        """Both explanations, for "what is the difference between CompStatus and Outcome?"."""
        terms = intents.compared_terms(question)
        if terms is None:
            return None
        one, other = (self._term(name, year, today, glossary=True) for name in terms)
        return (one, other) if one and other and one.id != other.id else None

    def explain(self, term: str, year: AcademicYear, today: date) -> Explanation | None:
        """The explanation of a term given by itself."""
        text = term.strip().strip("?!.`'\" ")
        if not text or len(text) > MAX_TERM_LENGTH:
            return None
        return (
            self._term(text, year, today, glossary=True)
            or self.match_intent(text, year, today)
            or explain_missing_aim(text, self._knowledge.reference)
        )

    def named(self, name: Name, year: AcademicYear, today: date) -> Explanation | None:
        """The explanation of something that a text names."""
        if name.kind == "rule":
            return self._rule(name.id, year)
        if name.kind == "datalock":
            return self._wording.data_lock(name.id)
        if name.kind == "return":
            return self._calendar.return_named(name.id, year, today)
        if name.kind == "code":
            return self._code(name.id, year) or self._no_such_code(name.id, year)
        if name.kind == "field":
            return self._field(name.id, year)
        if name.kind == "standard":
            return explain_standard(name.id, self._knowledge, year)
        return self._glossary(name.id, year) or self._aim(name.id)

    def _term(
        self, text: str, year: AcademicYear, today: date, *, glossary: bool
    ) -> Explanation | None:
        for term in intents.trimmed(text):
            found = (
                self._calendar.return_named(term, year, today)
                or self._one_name(term, year, today)
                or self._house_rule(term)
                or self._field(term, year)
                or (self._glossary(term, year) if glossary else None)
                or self._aim(term)
                or explain_standard(term, self._knowledge, year)
            )
            if found:
                return found
        return None

    def _aim(self, term: str) -> Explanation | None:
        """An aim by its reference, from LARS, else from the list of T Levels."""
        return explain_aim(term, self._knowledge.reference) or explain_listed_aim(
            term, self._knowledge.specification.lists
        )

    def _one_name(self, term: str, year: AcademicYear, today: date) -> Explanation | None:
        """What a text names, when it is that name and nothing else."""
        found = self.names.find(term)
        whole = len(found) == 1 and fold(term) == fold(term[found[0].start : found[0].end])
        return self.named(found[0], year, today) if whole else None

    # rules, fields, codes, words --------------------------------------------------------

    def _rule(self, name: str, year: AcademicYear) -> Explanation | None:
        row = self._knowledge.catalogue.find(name)
        if row is not None:
            return self.rule(row, year)
        return self._house_rule(name)

    def _house_rule(self, name: str) -> Explanation | None:
        """A check of the provider's own, by its id."""
        wanted = name.strip().casefold()
        house = next((one for one in self._knowledge.house_rules if one.id == wanted), None)
        return self._wording.house_rule(house) if house else None

    def rule(self, row: RuleRow, year: AcademicYear) -> Explanation:
        """A rule's title, what is wrong, how to clear it, and where it is run."""
        return self._wording.rule(row, year)

    def _specification(self, year: AcademicYear) -> YearSpecification:
        held = self._knowledge.specification.years
        return self._knowledge.specification.for_year(min(max(year, held[0]), held[-1]))

    def _specifications(self, year: AcademicYear) -> list[YearSpecification]:
        """That of the year, then the others, the latest first."""
        now = self._specification(year)
        others = [y for y in reversed(self._knowledge.specification.years) if y != now.year]
        return [now, *(self._knowledge.specification.for_year(y) for y in others)]

    def _field(self, name: str, year: AcademicYear) -> Explanation | None:
        # "learn aim ref" is LearnAimRef written apart.
        wanted = re.sub(r"(?<=[A-Za-z]) (?=[A-Za-z])", "", name.rpartition(".")[2].casefold())
        if wanted not in self._field_words:
            return None
        for specification in self._specifications(year):
            for entity in specification.entities.values():
                if entity.name.casefold() == wanted:
                    return self._wording.entity(entity.name, specification, year)
                for spec in entity.fields.values():
                    if spec.name.casefold() == wanted:
                        return self._wording.field(spec, specification, year)
        return None

    @cached_property
    def _field_words(self) -> frozenset[str]:
        """The names of all entities and fields of any year, in small letters."""
        years = self._knowledge.specification.years
        entities = [
            entity
            for year in years
            for entity in self._knowledge.specification.for_year(year).entities.values()
        ]
        fields = (spec.name for entity in entities for spec in entity.fields.values())
        return frozenset(name.casefold() for name in (*fields, *(one.name for one in entities)))

    def _lists(
        self, name: str, specification: YearSpecification
    ) -> Iterable[tuple[CodedType | FieldSpec, Sequence[Code], FieldSpec]]:
        """The lists of codes called that: of a type, or of a field."""
        wanted = name.casefold()
        for entity in specification.entities.values():
            for spec in entity.fields.values():
                for coded in spec.types.values():
                    if coded.code.casefold() == wanted:
                        yield coded, coded.codes, spec
                if spec.name.casefold() == wanted and spec.codes:
                    yield spec, list(spec.codes.values()), spec

    def _code(self, name: str, year: AcademicYear) -> Explanation | None:
        listed, _, code = name.rpartition(" ")
        for specification in self._specifications(year):
            for kind, codes, spec in self._lists(listed, specification):
                found = next((c for c in codes if c.code.lstrip("0") == code.lstrip("0")), None)
                if found:
                    official = kind.code if isinstance(kind, CodedType) else kind.name
                    row = self._wording.field_row(spec)
                    named = f"{official} {found.code}"
                    return self._wording.code(named, kind, found, row, specification, year)
        return None

    def _no_such_code(self, name: str, year: AcademicYear) -> Explanation | None:
        """That a complete list has no such code, and which it has; else the list itself."""
        listed, _, code = name.rpartition(" ")
        specification = self._specification(year)
        for kind, codes, spec in self._lists(listed, specification):
            if codes and kind.codes_complete:
                row = self._wording.field_row(spec)
                official = kind.code if isinstance(kind, CodedType) else kind.name
                return self._wording.no_such_code(official, code, kind, codes, row, year)
            found = (
                self._wording.type(kind, spec, specification)
                if isinstance(kind, CodedType)
                else self._wording.field(spec, specification, year)
            )
            unknown = f"`{listed} {code}` is not in the list held here, which may lack codes."
            return replace(found, lines=(unknown, *found.lines))
        return None

    def _titled(self, text: str, year: AcademicYear) -> Explanation | None:
        """The codes whose titles say what is asked: "LLDD code for autism"."""
        asked = question_of_a_code(text)
        if asked is None:
            return None
        kind, title = asked
        specification = self._specification(year)
        kinds = frozenset(self._lists_called(kind, specification)) if kind else None
        found = codes_titled(specification, title, kinds) if kinds is None or kinds else []
        if not found:
            return None
        if len(found) == 1:
            one = found[0]
            return self._code(f"{one.kind} {one.code.code}", year)
        return self._wording.codes_with_words([(f.kind, f.code) for f in found], specification)

    def _lists_called(self, spoken: str, specification: YearSpecification) -> Iterable[str]:
        """Names of fields and types that a word such as "LLDD" or "withdrawal" means."""
        wanted = fold(re.sub(r"^(?:the|ilr)\s+", "", spoken))
        term = self._terms.get(wanted)
        meant = {fold(name) for name in (term.see if term else [])} | {wanted}
        for entity in specification.entities.values():
            for spec in entity.fields.values():
                for coded in spec.types.values():
                    if fold(coded.code) in meant or fold(coded.title) == wanted:
                        yield coded.code
                if spec.codes and (
                    fold(spec.name) in meant
                    or (len(wanted) > 3 and wanted in fold(spec.name) + " " + fold(spec.title))
                ):
                    yield spec.name

    def _codes_of(self, spoken: str, year: AcademicYear) -> Explanation | None:
        """The field of that name, official or spoken, when it has a list of codes."""
        name = intents.list_name(spoken)
        term = self._terms.get(fold(name))
        specification = self._specification(year)
        for called in (name.upper(), term.term if term else ""):
            typed = self._type_called(called, specification)
            if typed:
                return typed
        for wanted in (name, *(term.see if term else ())):
            official = _official(wanted, specification)
            for owner in specification.field_names.get(official, ()):
                spec = specification.entities[owner].fields[official]
                if spec.codes or spec.types:
                    return self._wording.field(spec, specification, year)
        titled = [
            spec
            for entity in specification.entities.values()
            for spec in entity.fields.values()
            if (spec.codes or spec.types) and name and has_words(spec.title, name)
        ]
        return self._wording.field(titled[0], specification, year) if len(titled) == 1 else None

    def _type_called(self, name: str, specification: YearSpecification) -> Explanation | None:
        """A type with codes, by its exact code."""
        for entity in specification.entities.values():
            for spec in entity.fields.values():
                coded = spec.types.get(name)
                if coded and coded.codes:
                    return self._wording.type(coded, spec, specification)
        return None

    def _glossary(self, text: str, year: AcademicYear) -> Explanation | None:
        term = self._terms.get(fold(text))
        if term is None:
            return None
        typed = self._type_called(term.term, self._specification(year))
        if typed and not term.about:
            return typed
        if not term.about:
            for reference in term.see:
                found = self._field(reference, year) or self._rule(reference, year)
                if found:
                    return found
        return self._wording.term(term)

    # dates and years --------------------------------------------------------------------

    def next_return(self, today: date) -> ReturnDate | None:
        """The next return to close, when its year's dates are held."""
        return self._calendar.next_return(today)

    def _changes(self, year: AcademicYear) -> Explanation:
        held = self._knowledge.specification.facts
        facts = held.get(year)
        name, title = f"term:ilr-changes-{year}", f"Changes to the ILR in {year}"
        related = tuple(e for e in _CHANGE_ENTRIES if e in self._knowledge.entries)
        if facts is None or not facts.changes:
            years = ", ".join(str(y) for y, one in sorted(held.items()) if one.changes)
            lead = f"We hold no list of changes for {year}. Those held are of: {years}."
            line = (
                "The department's own list is the summary of changes in the year's specification, "
                "which comes out before the year begins."
            )
            return Explanation(name, title, lead, (line,), related=related)
        told = [
            f"- {change.what}{'' if change.verified else ' (not verified)'}"
            for change in facts.changes
        ]
        known = self._knowledge.specification.sources
        verified = all(change.verified for change in facts.changes)
        keys = dict.fromkeys(key for change in facts.changes for key in change.sources)
        sources = [known[key] for key in keys if key in known]
        return Explanation(
            name,
            title,
            f"*What changed in the ILR for {year}:*",
            tuple(told[:5]),
            "\n".join(told[5:]),
            tuple(SourceLine(s.title, s.url, s.year) for s in sources),
            YearRange(year, year),
            related,
            str(Status.OFFICIAL if verified else Status.OFFICIAL_OLDER),
        )


def _official(name: str, specification: YearSpecification) -> str:
    """A field's name with its official capitals; the name itself when there is none."""
    wanted = name.casefold()
    return next((n for n in specification.field_names if n.casefold() == wanted), name)

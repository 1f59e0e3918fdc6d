"""Explain a rule, field, code, abbreviation or date from the specification and glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from bot.answers import SourceLine
from bot.explain.calendar import Calendar, words_besides
from bot.explain.codes import codes_titled, has_words, question_of_a_code
from bot.explain.explanation import Explanation
from bot.ilr.specification import Code, CodedType, FieldSpec, ReturnDate, YearSpecification
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Term
from bot.rules.catalogue import RuleRow, Severity
from bot.years import AcademicYear, YearRange, without_years

__all__ = ["Explainer", "Explanation"]

_CHANGE_ENTRIES = ("changes-2026-27-touching-placements",)
MAX_ENTRIES = 4
"""Entries named with a rule."""
MAX_CODES = 25
"""Codes shown of a list; longer lists are counted."""


_ASKED = (
    re.compile(
        r"^(?:(?:please|pls|can|could|someone|anyone|you|u|so|and|but|hi|hello)[\s,]+)*"
        r"(?:explain|define|describe|tell\s+me\s+about|meaning\s+of|definition\s+of|"
        r"what(?:['’]?s|\s+is|\s+are|\s+does|\s+do|\s+did)?|whats|codes?\s+for|"
        r"(?:list|show)(?:\s+me)?(?:\s+all)?|"
        r"valid\s+codes?\s+(?:for|in)|code\s*list\s+(?:for|of)|codes\s+in)\s+(?P<term>.+)$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?P<term>.+?)\s+(?:meaning|means\s+what|definition|stands?\s+for\s+what|codes?"
        r"(?:\s+list)?|code\s*list|values)$",
        re.IGNORECASE,
    ),
)
_TAIL = re.compile(
    r"\s+(?:mean(?:s|ing)?(?:\s+in\s+(?:the\s+)?ilr)?|stands?\s+for|in\s+the\s+ilr|on\s+the\s+ilr|"
    r"in\s+ilr|exactly|please|pls|again|code\s+list|codelist|for\s+ilr|do)$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"^(?:the\s+|a\s+|an\s+|an?\s+ilr\s+|is\s+|are\s+|does\s+|rule\s+|field\s+|error\s+(?:code\s+)?|"
    r"validation\s+(?:rule|error)\s+|code\s+|codes?\s+(?:for|of|in)\s+|valid\s+|values\s+(?:for|of)\s+|"
    r"ilr\s+(?:field|rule|code)\s+|abbreviation\s+|acronym\s+|term\s+|meaning\s+of\s+)+",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:and|also|but|so|plus|ok|okay|then|please|pls)[\s,]+)+", re.IGNORECASE
)
_ASPECT = frozenset(
    """a about again all am an and another any appears appearing are as at aim aims be been by can
    clear clearing code codes come comes coming compulsory correct do does error errors
    explain failed failing fails file fire fired fires firing fix fixed fixing flagged for format
    from get getting gets got had has have help how i ilr in is it its just keep keeps kept lead
    learner learners length list long mandatory many me mean meaning means message my need needed
    never of off on optional or our pls please problem record records required resolve resolved
    return rule rules same say says see seeing severity showing shows so solve sort sorted stop
    student students that the their them there these this those to tell triggered triggers
    triggering up us validation value values warning warnings was we were what whats when where
    which why with you""".split()
)
"""Words that ask no more of a name than its explanation says: what, why, how to clear it."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[A-Z][a-z]+[A-Z][A-Za-z0-9]*")
_DIFFERENCE = re.compile(
    r"\bdifferences?\s+between\s+(?P<one>.{2,60}?)\s+(?:and|&)\s+(?P<other>.{2,60})$|"
    r"^(?:what(?:['’]?s|\s+is)\s+)?(?P<left>.{2,60}?)\s+(?:vs\.?|versus)\s+(?P<right>.{2,60})$",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\bwhat(?:['’]?s|\s+is|\s+has|\s+have|\s+will)?\s+"
    r"(?:chang(?:ed|es|ing|e)|new|different|the\s+changes)\b(?=.*\b(?:ilr|specification|spec|year)\b)|"
    r"\bchanges?\s+to\s+the\s+ilr\b|\bilr\s+changes\b",
    re.IGNORECASE,
)
_A_CODE = re.compile(r"(?:what(?:['’]?s|\s+is)?\s+)?(?:the\s+|valid\s+)?codes?\b", re.IGNORECASE)
_PAIR = re.compile(r"^([A-Za-z][A-Za-z ]{1,30}?)\s*[-:=]?\s*(?:code\s+)?(\d{1,3})$")
_CODES = re.compile(r"\b(?:codes?|values?|code\s?list|types?)\b", re.IGNORECASE)
_LIST_WORDS = frozenset(
    """a all allowed are be can code codes codelist do explain field for give i ilr in is list me
    of on our please pls possible possibly show the there this types use used valid value values
    we what whats which year""".split()
)
_CHANGE_WORDS = frozenset(
    """a about academic all and any anything are as at be been between by can change changed changes
    changing coming current data did differences different do does each for from has have how i ilr
    in is it last latest list me month new next of on our please pls previous return returns show
    spec specification summary tell the there thing things this time to us was we were what whats
    what's when which will with year years""".split()
)


class Explainer:
    """Finds what a term is, in one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._calendar = Calendar(knowledge.specification)
        self._terms: dict[str, Term] = {}
        for term in knowledge.terms:
            for name in (term.term, *term.also):
                self._terms.setdefault(_fold(name), term)
            self._terms.setdefault(_fold(term.means), term)

    def asked_for(self, question: str, year: AcademicYear, today: date) -> Explanation | None:
        """The explanation a question plainly asks for, or None when it asks something else.

        Plain means that what remains, once "what is", "explain" and the like are taken off,
        is a known term and nothing more.
        """
        text = _OPENING.sub("", question.strip()).rstrip("?!. ").strip()
        if len(text) > 160 or not text:
            return None
        head, _, aspects = text.partition(" - ")
        if aspects and not words_besides(aspects, _ASPECT):
            # "what is WorkPlaceMode - which codes?": a follow-up that the explanation answers.
            found = self.asked_for(head, year, today)
            if found:
                return found
        dated = self._calendar.asked_for(text, year, today)
        if dated:
            return dated
        if _CHANGES.search(text) and not words_besides(text, _CHANGE_WORDS):
            return self._changes(year)
        # "what is PHours in 2025-26": the year is known already, and the rest is the name.
        text = without_years(text).rstrip("?!. ,")
        if _CODES.search(text) and len(text.split()) <= 9:
            listed = self._codes_of(text, year)
            if listed:
                return listed
        titled = self._titled(text, year)
        if titled:
            return titled
        for pattern in _ASKED:
            match = pattern.match(text)
            if match:
                # "code for industry placement" wants a code, which the glossary does not give.
                found = self._term(match["term"], year, today, glossary=not _A_CODE.match(text))
                if found:
                    return found
        return self._term(text, year, today, glossary=len(text.split()) == 1)

    def names_only(self, question: str, year: AcademicYear, today: date) -> Explanation | None:
        """The explanation of the one rule or field that a question is about.

        For a question that no entry answers: "why does R_96 fire on my learners?". None when it
        names none or two, or asks more than an explanation says.
        """
        names = {name.rstrip("_") for name in _NAME.findall(question)}
        if len(names) != 1 or len(question) > 160:
            return None
        name = names.pop()
        if words_besides(question.replace(name, " "), _ASPECT):
            return None
        return self._rule(name, year) or self._field(name, year)

    def told_apart(
        self, question: str, year: AcademicYear, today: date
    ) -> tuple[Explanation, Explanation] | None:
        """Both explanations, for "what is the difference between CompStatus and Outcome?"."""
        match = _DIFFERENCE.search(question.rstrip("?!. "))
        if match is None:
            return None
        names = [name for name in match.groups() if name]
        one, other = (self._term(name, year, today, glossary=True) for name in names)
        return (one, other) if one and other and one.id != other.id else None

    def explain(self, term: str, year: AcademicYear, today: date) -> Explanation | None:
        """The explanation of a term given by itself."""
        text = term.strip().strip("?!.`'\" ")
        if not text or len(text) > 160:
            return None
        return self._term(text, year, today, glossary=True) or self.asked_for(text, year, today)

    def _term(
        self, text: str, year: AcademicYear, today: date, *, glossary: bool
    ) -> Explanation | None:
        cleaned = text.strip("`'\"“”‘’ ")
        for candidate in dict.fromkeys((cleaned, _TAIL.sub("", _HEAD.sub("", cleaned)))):
            trimmed = candidate.strip("`'\"“”‘’ ")
            found = (
                self._calendar.return_named(trimmed, year, today)
                or self._rule(trimmed, year)
                or self._field(trimmed, year)
                or self._code(trimmed, year)
                or (self._glossary(trimmed, year) if glossary else None)
            )
            if found:
                return found
        return None

    def _rule(self, name: str, year: AcademicYear) -> Explanation | None:
        row = self._knowledge.catalogue.find(name)
        if row is not None and not re.search(r"[\d_]", name) and " " not in name:
            return None  # a word that happens to be a rule's short name
        return self.rule(row, year) if row else self._house_rule(name)

    def _house_rule(self, name: str) -> Explanation | None:
        """A check of the provider's own. It has no official source, so none is given as one."""
        wanted = name.strip().casefold()
        rule = next((one for one in self._knowledge.house_rules if one.id == wanted), None)
        if rule is None:
            return None
        lines = [
            f"*{rule.title}.* {rule.message}",
            f"*To clear it:* {rule.fix}",
            f"*A house rule,* not a published one. Asked for by: {rule.source}",
        ]
        return Explanation(f"rule:{rule.id}", rule.id, "\n".join(lines), (), rule.years)

    def rule(self, row: RuleRow, year: AcademicYear) -> Explanation:
        """A rule's title, what is wrong, how to clear it, and where it is run."""
        found = self._knowledge.catalogue.in_year(row, year)
        lines = [f"*{row.title}.* {found.message if found else row.message}"]
        lines.append(f"*To clear it:* {found.fix if found else row.fix}")
        if found:
            lines.append(f"*Severity:* {_severities(found.severity, found.fis)}.")
            if found.changed:
                lines.append(f"*Changed this year:* {found.changed}")
        elif year in row.years:
            lines.append(f"Its text for {year} was not read, and it changed around then.")
        else:
            lines.append(f"It is not live in {year}: {_years_phrase(row.years)}.")
        if row.fields:
            lines.append("*Fields:* " + ", ".join(f"`{name}`" for name in row.fields))
        if row.partly:
            lines.append(f"*Checked here in part:* {row.partly}")
        elif row.needs:
            needed = " and ".join(row.needs)
            lines.append(f"*Not checked here:* it needs {needed}, which a record does not hold.")
        elif row.not_run:
            lines.append(f"*Not checked here:* {row.not_run}")
        if row.note:
            lines.append(f"*Note:* {row.note}")
        source = row.source or self._knowledge.catalogue.family(row.id).source
        known = self._knowledge.entries
        about = [e.id for e in self._knowledge.entries.values() if row.id in e.rules]
        entries = tuple(e for e in dict.fromkeys([*row.entries, *about]) if e in known)[
            :MAX_ENTRIES
        ]
        return Explanation(
            f"rule:{row.id}",
            row.id,
            "\n".join(lines),
            (SourceLine(source.title, source.url, source.year),),
            row.years,
            entries,
        )

    def _specification(self, year: AcademicYear) -> YearSpecification:
        held = self._knowledge.specification.years
        return self._knowledge.specification.for_year(min(max(year, held[0]), held[-1]))

    def _field(self, name: str, year: AcademicYear) -> Explanation | None:
        # "learn aim ref" is LearnAimRef written apart.
        wanted = re.sub(r"(?<=[A-Za-z]) (?=[A-Za-z])", "", name.rpartition(".")[2].casefold())
        if not wanted.isidentifier():
            return None
        now = self._specification(year)
        for specification in (now, *self._other_years(now.year)):
            held = specification.field_names
            for entity in specification.entities.values():
                if entity.name.casefold() == wanted and entity.name not in held:
                    return self._entity(entity.name, specification, year)
                for spec in entity.fields.values():
                    if spec.name.casefold() == wanted:
                        return self._field_text(spec, specification, year)
        return None

    def _other_years(self, year: AcademicYear) -> list[YearSpecification]:
        years = [y for y in reversed(self._knowledge.specification.years) if y != year]
        return [self._knowledge.specification.for_year(y) for y in years]

    def _field_text(
        self, spec: FieldSpec, specification: YearSpecification, year: AcademicYear
    ) -> Explanation:
        row = self._knowledge.specification.rows[spec.entity]
        field = next(f for f in row.fields if f.name == spec.name)
        places = specification.field_names[spec.name]
        lines = [f"*{field.title}.* {field.meaning}"]
        if specification.year != year and field.years is not None and year not in field.years:
            lines.append(f"*Not collected in {year}:* {_years_phrase(field.years)}.")
        need = "required on every record" if spec.mandatory else "not required on every record"
        lines.append(f"*Where:* `{'`, `'.join(places)}`, {need} of it. *Form:* {_form(spec)}.")
        if field.collected_for:
            doubt = "" if field.collected_for_verified else " (not verified)"
            lines.append(f"*Collected for:* {'; '.join(field.collected_for)}{doubt}.")
        lines += _code_lines(spec)
        recent = [c for c in field.changes if c.year >= "2024-25"]
        for change in recent[-3:]:
            doubt = "" if change.verified else " (not verified)"
            lines.append(f"*Changed in {change.year}:* {change.what}{doubt}")
        if field.note:
            lines.append(f"*Note:* {field.note}")
        return Explanation(
            f"field:{spec.name}",
            f"{spec.name}: {field.title}",
            "\n".join(lines),
            self._specification_source(specification),
            field.years,
            self._entries_about(spec.name),
        )

    def _entity(
        self, name: str, specification: YearSpecification, year: AcademicYear
    ) -> Explanation:
        row = self._knowledge.specification.rows[name]
        spec = specification.entities[name]
        fields = ", ".join(f"`{f}`" for f in spec.fields) or "none of its own"
        children = ", ".join(f"`{c}`" for c in specification.children(name))
        most = f"at most {spec.max_occurs}" if spec.max_occurs else "any number"
        lines = [f"*{row.title}.* {row.meaning}", f"*Fields:* {fields}."]
        if children:
            lines.append(f"*Holds:* {children}.")
        if row.parent:
            lines.append(f"*Stands in:* `{row.parent}`, {most}.")
        if specification.year != year and row.years is not None and year not in row.years:
            lines.append(f"*Not collected in {year}:* {_years_phrase(row.years)}.")
        if row.note:
            lines.append(f"*Note:* {row.note}")
        return Explanation(
            f"field:{name}",
            f"{name}: {row.title}",
            "\n".join(lines),
            self._specification_source(specification),
            row.years,
            self._entries_about(name),
        )

    def _entries_about(self, name: str) -> tuple[str, ...]:
        found = [e.id for e in self._knowledge.entries.values() if name in e.fields]
        return tuple(found[:3])

    def _code(self, text: str, year: AcademicYear) -> Explanation | None:
        match = _PAIR.match(text)
        if match is None:
            return None
        kind, code = match[1].casefold(), match[2]
        term = self._terms.get(_fold(match[1]))
        names = {kind, _fold(kind), *(s.casefold() for s in (term.see if term else []))}
        now = self._specification(year)
        for specification in (now, *self._other_years(now.year)):
            for entity in specification.entities.values():
                for spec in entity.fields.values():
                    for coded in spec.types.values():
                        if coded.code.casefold() in names:
                            found = _by_code(coded.codes, code)
                            if found:
                                return self._code_text(
                                    f"{coded.code} {found.code}", coded, found, specification, year
                                )
                    if spec.name.casefold() in names and spec.codes:
                        found = _by_code(list(spec.codes.values()), code)
                        if found:
                            return self._code_text(
                                f"{spec.name} {found.code}", spec, found, specification, year
                            )
        return None

    def _code_text(
        self,
        name: str,
        kind: CodedType | FieldSpec,
        code: Code,
        specification: YearSpecification,
        year: AcademicYear,
    ) -> Explanation:
        lines = [f"*{name}: {code.title}.* A code of {kind.title} ({name.split()[0]})."]
        if code.first or code.last:
            first = f"from {code.first:%d/%m/%Y} " if code.first else ""
            last = f"to {code.last:%d/%m/%Y}" if code.last else ""
            lines.append(f"*Valid:* {(first + last).strip()}.")
        if specification.year != year:
            lines.append(f"*Not in the {year} list;* found in {specification.year}.")
        if code.note:
            lines.append(f"*Note:* {code.note}")
        if not code.verified:
            lines.append("We could not verify this code against the published list.")
        return Explanation(
            "code:" + name.replace(" ", "-"),
            f"{name}: {code.title}",
            "\n".join(lines),
            self._specification_source(specification),
            code.years,
        )

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
        lines = ["*Codes with these words:*"]
        lines += [f"- `{f.kind} {f.code.code}` {f.code.title}{_ended(f.code)}" for f in found]
        return Explanation(
            f"code:{found[0].kind}",
            f"Codes of {', '.join(dict.fromkeys(f.kind for f in found))}",
            "\n".join(lines),
            self._specification_source(specification),
        )

    def _lists_called(self, spoken: str, specification: YearSpecification) -> Iterable[str]:
        """Names of fields and types that a word such as "LLDD" or "withdrawal" means."""
        wanted = _fold(re.sub(r"^(?:the|ilr)\s+", "", spoken))
        term = self._terms.get(wanted)
        meant = {_fold(name) for name in (term.see if term else [])} | {wanted}
        for entity in specification.entities.values():
            for spec in entity.fields.values():
                for coded in spec.types.values():
                    if _fold(coded.code) in meant or _fold(coded.title) == wanted:
                        yield coded.code
                if spec.codes and (
                    _fold(spec.name) in meant
                    or (len(wanted) > 3 and wanted in _fold(spec.name) + " " + _fold(spec.title))
                ):
                    yield spec.name

    def _codes_of(self, spoken: str, year: AcademicYear) -> Explanation | None:
        """The field of that name, official or spoken, when it has a list of codes."""
        words = [w for w in spoken.split() if w.casefold().strip("?.,!") not in _LIST_WORDS]
        name = " ".join(words)
        term = self._terms.get(_fold(name))
        specification = self._specification(year)
        for called in (name.upper(), term.term if term else ""):
            typed = self._type_called(called, specification)
            if typed:
                return typed
        for wanted in (name, *(term.see if term else ())):
            for owner in specification.field_names.get(_official(wanted, specification), ()):
                spec = specification.entities[owner].fields[_official(wanted, specification)]
                if spec.codes or spec.types:
                    return self._field_text(spec, specification, year)
        titled = [
            spec
            for entity in specification.entities.values()
            for spec in entity.fields.values()
            if (spec.codes or spec.types) and name and has_words(spec.title, name)
        ]
        return self._field_text(titled[0], specification, year) if len(titled) == 1 else None

    def _type_called(self, name: str, specification: YearSpecification) -> Explanation | None:
        """A type with codes, by its exact code."""
        for entity in specification.entities.values():
            for spec in entity.fields.values():
                coded = spec.types.get(name)
                if coded and coded.codes:
                    return self._type_text(coded, spec, specification)
        return None

    def _type_text(
        self, coded: CodedType, field: FieldSpec, specification: YearSpecification
    ) -> Explanation:
        """A type of a field, such as SOF, and the codes that go with it."""
        lines = [f"*{coded.code}: {coded.title}.* A type of `{field.name}`."]
        if coded.about:
            lines.append(coded.about)
        lines += _listed("*Codes:*", coded.codes)
        if not coded.codes_complete:
            lines.append("This list is not known to be complete.")
        return Explanation(
            f"code:{coded.code}",
            f"{coded.code}: {coded.title}",
            "\n".join(lines),
            self._specification_source(specification),
            coded.years,
        )

    def _glossary(self, text: str, year: AcademicYear) -> Explanation | None:
        term = self._terms.get(_fold(text))
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
        lines = [f"*{term.term}:* {term.means}."]
        if term.about:
            lines.append(term.about)
        if term.also:
            lines.append("*Also written:* " + ", ".join(term.also[:8]) + ".")
        sources = tuple(
            SourceLine(s.title, s.url, s.year)
            for s in (self._knowledge.source(reference) for reference in term.sources)
        )
        if not sources:
            sources = (SourceLine("ILR helpdesk glossary, kept by the curators", None, str(year)),)
        related = tuple(s for s in term.see if s in self._knowledge.entries)
        return Explanation(
            "term:" + re.sub(r"[^a-z0-9]+", "-", term.term.casefold()).strip("-"),
            term.term,
            "\n".join(lines),
            sources,
            None,
            related,
        )

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
            text = (
                f"What changed in the ILR for {year} is not held here. The changes of these years "
                f"are: {years}. The department's own list is the summary of changes in the year's "
                "specification, which comes out before the year begins."
            )
            return Explanation(name, title, text, related=related)
        lines = [f"*What changed in the ILR for {year}:*"]
        for change in facts.changes:
            doubt = "" if change.verified else " (not verified)"
            lines.append(f"- {change.what}{doubt}")
        known = self._knowledge.specification.sources
        keys = dict.fromkeys(key for change in facts.changes for key in change.sources)
        sources = [known[key] for key in keys if key in known]
        return Explanation(
            name,
            title,
            "\n".join(lines),
            tuple(SourceLine(s.title, s.url, s.year) for s in sources),
            YearRange(year, year),
            related,
        )

    def _specification_source(self, specification: YearSpecification) -> tuple[SourceLine, ...]:
        facts = specification.facts
        title = f"ILR specification {specification.year}"
        return (SourceLine(title, facts.specification_url, str(specification.year)),)


def _fold(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.casefold())


def _official(name: str, specification: YearSpecification) -> str:
    """A field's name with its official capitals; the name itself when there is none."""
    wanted = name.casefold()
    return next((n for n in specification.field_names if n.casefold() == wanted), name)


def _by_code(codes: list[Code], wanted: str) -> Code | None:
    return next((c for c in codes if c.code.lstrip("0") == wanted.lstrip("0")), None)


def _years_phrase(years: YearRange) -> str:
    if years.to is None:
        return f"it is held from {years.start}"
    return f"it is held for {years.start} to {years.to}"


def _severities(submit: Severity, fis: Severity) -> str:
    if submit is Severity.CHECK:
        # Our own word for a rule whose text cannot be read two ways safely: the note says why.
        return "reported here as something to check, whatever the department's service calls it"
    if submit == fis:
        return f"{submit} in Submit learner data and in FIS"
    words = {Severity.OFF: "not run"}
    return f"{words.get(submit, submit)} in Submit learner data, {words.get(fis, fis)} in FIS"


def _form(spec: FieldSpec) -> str:
    if spec.type in {"date", "datetime"}:
        return "a date (YYYY-MM-DD in the file)"
    if spec.type == "int":
        if spec.min_value is not None and spec.max_value is not None:
            return f"a whole number from {spec.min_value:,} to {spec.max_value:,}"
        digits = spec.max_digits
        if digits == 1:
            return "a whole number of one digit"
        return f"a whole number of up to {digits} digits" if digits else "a whole number"
    if spec.type == "decimal":
        return "a number with decimals"
    if spec.max_length:
        exact = spec.min_length == spec.max_length
        return f"text of {'exactly' if exact else 'up to'} {spec.max_length} characters"
    return "text"


def _code_lines(spec: FieldSpec) -> list[str]:
    codes: list[Code] = list(spec.codes.values()) or list(spec.types.values())
    if not codes:
        return []
    lines = _listed("*Codes:*" if spec.codes else "*Types:*", codes)
    if not spec.codes_complete:
        lines.append("This list is not known to be complete.")
    return lines


def _listed(heading: str, codes: list[Code]) -> list[str]:
    """At most twenty-five codes with their titles, and how many more there are."""
    shown = codes[:MAX_CODES]
    lines = [heading, *(f"- `{c.code}` {c.title}{_ended(c)}" for c in shown)]
    if len(codes) > len(shown):
        lines.append(f"- and {len(codes) - len(shown)} more")
    return lines


def _ended(code: Code) -> str:
    doubt = "" if code.verified else " (not verified)"
    return (f" (to {code.last:%d/%m/%Y})" if code.last else "") + doubt

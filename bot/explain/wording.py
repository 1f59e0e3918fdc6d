"""How a rule, field, entity, code or term is told: the words of explanations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.answers import SourceLine
from bot.explain.explanation import OWN_FOLDER, Explanation
from bot.ilr.specification import (
    Code,
    CodedType,
    FieldRow,
    FieldSpec,
    YearSpecification,
)
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Status, Term
from bot.rules.catalogue import Catalogue, RuleRow, Severity
from bot.rules.house import HouseRule
from bot.years import AcademicYear, YearRange

__all__ = ["Wording"]

MAX_ENTRIES = 4
"""Entries named with a rule."""
MAX_CODES = 25
"""Codes shown of a list; longer lists are counted."""
MAX_SHOWN_CODES = 8
"""Codes of a list that are shown at first; the rest is detail."""


class Wording:
    """Explanations in words, from one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge

    # rules ------------------------------------------------------------------------------

    def rule(self, row: RuleRow, year: AcademicYear) -> Explanation:
        """What is wrong, what usually causes it, how to clear it; the rest is detail."""
        found = self._knowledge.catalogue.in_year(row, year)
        lines = [_not_live(row, year, self._knowledge.catalogue)] if found is None else []
        if row.usually:
            lines.append(f"*Usually:* {row.usually}")
        lines.append(f"*To clear it:* {found.fix if found else row.fix}")
        if found:
            lines.append(f"*Severity:* {_severities(found.severity, found.fis)}.")
        detail = []
        if found and found.changed:
            detail.append(f"*Changed this year:* {found.changed}")
        if row.fields:
            detail.append("*Fields:* " + ", ".join(f"`{name}`" for name in row.fields))
        waits = self._waits_for(row)
        if row.partly and (waits or not row.needs):
            detail.append(f"*Checked here in part:* {row.partly}")
        elif waits:
            detail.append(f"*Not checked here:* it needs {waits}.")
        elif row.not_run:
            detail.append(f"*Not checked here:* {row.not_run}")
        if row.note:
            detail.append(f"*Note:* {row.note}")
        source = row.source or self._knowledge.catalogue.family(row.id).source
        return Explanation(
            f"rule:{row.id}",
            row.id,
            f"*{row.title}.* {found.message if found else row.message}",
            tuple(lines),
            "\n".join(detail),
            (SourceLine(source.title, source.url, source.year),),
            row.years,
            self._entries_about_rule(row),
            str(Status.RULE_CODE),
        )

    def _waits_for(self, row: RuleRow) -> str:
        """What a rule needs and is not held, in words; "" when nothing keeps it from being run."""
        reference = self._knowledge.reference
        missing: list[str] = [need for need in row.needs if need not in reference.available]
        lacking = reference.lars_lacks(row.lars)
        if row.needs and not missing and not lacking and not _has_code(row):
            missing = list(row.needs)
        if missing:
            return f"{' and '.join([*missing, *lacking])}, which a record does not hold"
        return f"{' and '.join(lacking)}, which the LARS held here lacks" if lacking else ""

    def _entries_about_rule(self, row: RuleRow) -> tuple[str, ...]:
        known = self._knowledge.entries
        about = [entry.id for entry in known.values() if row.id in entry.rules]
        return tuple(e for e in dict.fromkeys([*row.entries, *about]) if e in known)[:MAX_ENTRIES]

    def house_rule(self, rule: HouseRule) -> Explanation:
        """A check of the provider's own. It has no official source, so none is given as one."""
        return Explanation(
            f"rule:{rule.id}",
            rule.id,
            f"*{rule.title}.* {rule.message}",
            (
                f"*To clear it:* {rule.fix}",
                f"*A house rule,* not a published one. Asked for by: {rule.source}",
            ),
            years=rule.years,
        )

    # fields and entities ----------------------------------------------------------------

    def field(
        self, spec: FieldSpec, specification: YearSpecification, year: AcademicYear
    ) -> Explanation:
        """What a field means, where it stands, its codes."""
        field = self.field_row(spec)
        places = specification.field_names[spec.name]
        lines = []
        if specification.year != year and field.years is not None and year not in field.years:
            lines.append(f"*Not collected in {year}:* {_years_phrase(field.years)}.")
        need = "required on every record" if spec.mandatory else "not required on every record"
        lines.append(f"*Where:* `{'`, `'.join(places)}`, {need} of it. *Form:* {_form(spec)}.")
        if field.collected_for:
            doubt = "" if field.collected_for_verified else " (not verified)"
            lines.append(f"*Collected for:* {'; '.join(field.collected_for)}{doubt}.")
        codes = list(spec.codes.values()) or list(spec.types.values())
        heading = "*Codes:*" if spec.codes else "*Types:*"
        shown, more = _codes_in_parts(heading, codes, complete=spec.codes_complete)
        lines += shown
        detail = list(more)
        for change in [c for c in field.changes if c.year >= "2024-25"][-3:]:
            doubt = "" if change.verified else " (not verified)"
            detail.append(f"*Changed in {change.year}:* {change.what}{doubt}")
        if field.note:
            detail.append(f"*Note:* {field.note}")
        return Explanation(
            f"field:{spec.name}",
            f"{spec.name}: {field.title}",
            f"*{field.title}.* {field.meaning}",
            tuple(lines),
            "\n".join(detail),
            self._read(field.sources, self._entity_sources(spec.entity)),
            field.years,
            self._entries_with_field(spec.name),
            _status_for(field.sources, year, field.verified),
        )

    def entity(
        self, name: str, specification: YearSpecification, year: AcademicYear
    ) -> Explanation:
        """What an entity is, what it holds and where it stands."""
        row = self._knowledge.specification.rows[name]
        spec = specification.entities[name]
        fields = ", ".join(f"`{f}`" for f in spec.fields) or "none of its own"
        children = ", ".join(f"`{c}`" for c in specification.children(name))
        most = f"at most {spec.max_occurs}" if spec.max_occurs else "any number"
        lines = [f"*Fields:* {fields}."]
        if children:
            lines.append(f"*Holds:* {children}.")
        if row.parent:
            lines.append(f"*Stands in:* `{row.parent}`, {most}.")
        if specification.year != year and row.years is not None and year not in row.years:
            lines.append(f"*Not collected in {year}:* {_years_phrase(row.years)}.")
        return Explanation(
            f"field:{name}",
            f"{name}: {row.title}",
            f"*{row.title}.* {row.meaning}",
            tuple(lines),
            f"*Note:* {row.note}" if row.note else "",
            self._read(row.sources),
            row.years,
            self._entries_with_field(name),
            _status_for(row.sources, year, True),
        )

    def _entries_with_field(self, name: str) -> tuple[str, ...]:
        found = [e.id for e in self._knowledge.entries.values() if name in e.fields]
        return tuple(found[:3])

    # codes ------------------------------------------------------------------------------

    def code(
        self,
        name: str,
        kind: CodedType | FieldSpec,
        code: Code,
        row: FieldRow,
        specification: YearSpecification,
        year: AcademicYear,
    ) -> Explanation:
        """One code of a list. ``name``: "LDM 034"; ``row``: the field that the list belongs to."""
        lines = []
        if code.first or code.last:
            first = f"from {code.first:%d/%m/%Y} " if code.first else ""
            last = f"to {code.last:%d/%m/%Y}" if code.last else ""
            lines.append(f"*Valid:* {(first + last).strip()}.")
        if specification.year != year:
            lines.append(f"*Not in the {year} list;* found in {specification.year}.")
        if code.note:
            lines.append(f"*Note:* {code.note}")
        doubtful = not code.verified or not getattr(kind, "verified", True)
        if doubtful:
            lines.append("This code could not be verified against the published list.")
        years = code.years
        if years is not None and _first_unknown(years, self._knowledge.specification.years):
            lines.append(
                f"It was not in the {years.start - 1} list; the year it began is not known here."
            )
            years = None
        return Explanation(
            "code:" + name.replace(" ", "-"),
            f"{name}: {code.title}",
            f"*{name}: {code.title}.* A code of {kind.title} (`{name.split()[0]}`).",
            tuple(lines),
            "",
            OWN_FOLDER if code.own else self._read(row.sources),
            years,
            status=None if code.own else _status_for(row.sources, year, not doubtful),
        )

    def no_such_code(
        self,
        name: str,
        code: str,
        kind: CodedType | FieldSpec,
        codes: Sequence[Code],
        row: FieldRow,
        year: AcademicYear,
    ) -> Explanation:
        """A code that a complete list does not have: which there are."""
        exist = ", ".join(f"{c.code} ({c.title})" for c in codes[:MAX_SHOWN_CODES])
        only = "only " if len(codes) <= MAX_SHOWN_CODES else ""
        return Explanation(
            f"field:{name}" if isinstance(kind, FieldSpec) else f"code:{name}",
            f"{name} {code}",
            f"There is no `{name}` {code} in {year}: {only}{exist} exist"
            + ("." if only else f", and {len(codes) - MAX_SHOWN_CODES} more."),
            sources=self._read(row.sources),
            status=_status_for(row.sources, year, True),
        )

    def codes_with_words(
        self, found: Sequence[tuple[str, Code]], specification: YearSpecification
    ) -> Explanation:
        """Several codes whose titles have the words asked for."""
        kinds = dict.fromkeys(kind for kind, _ in found)
        return Explanation(
            f"code:{found[0][0]}",
            f"Codes of {', '.join(kinds)}",
            "*Codes with these words:*",
            tuple(f"- `{kind} {code.code}` {code.title}{_ended(code)}" for kind, code in found),
            sources=self._read(
                [key for kind in kinds for key in self._row_of_list(kind, specification).sources]
            ),
            status=str(Status.OFFICIAL_OLDER),
        )

    def type(
        self, coded: CodedType, spec: FieldSpec, specification: YearSpecification
    ) -> Explanation:
        """A type of a field, such as SOF, and the codes that go with it."""
        shown, more = _codes_in_parts("*Codes:*", coded.codes, complete=bool(coded.codes_complete))
        sources = self.field_row(spec).sources
        held = self._knowledge.specification.years
        return Explanation(
            f"code:{coded.code}",
            f"{coded.code}: {coded.title}",
            f"*{coded.code}: {coded.title}.* A type of `{spec.name}`."
            + ("" if coded.verified else " It could not be verified for this year."),
            tuple(shown),
            "\n".join(filter(None, [coded.about, *more])),
            self._read(sources),
            None if coded.years and _first_unknown(coded.years, held) else coded.years,
            status=_status_for(sources, specification.year, coded.verified),
        )

    # words ------------------------------------------------------------------------------

    def term(self, term: Term) -> Explanation:
        """A word of the glossary."""
        sources = tuple(
            SourceLine(s.title, s.url, s.year)
            for s in (self._knowledge.source(reference) for reference in term.sources)
        )
        also = "*Also written:* " + ", ".join(term.also[:8]) + "." if term.also else ""
        return Explanation(
            "term:" + re.sub(r"[^a-z0-9]+", "-", term.term.casefold()).strip("-"),
            term.term,
            f"*{term.term}:* {term.means}." + (f" {term.about}" if term.about else ""),
            (),
            also,
            sources or (SourceLine("ILR helpdesk glossary, kept by the curators", None, "any"),),
            None,
            tuple(s for s in term.see if s in self._knowledge.entries),
            str(Status.OFFICIAL_OLDER if sources else Status.PRACTICE),
        )

    def data_lock(self, code: str) -> Explanation:
        """A data lock that no entry explains: no ILR rule, and where to look."""
        return Explanation(
            f"datalock:{code}",
            code,
            f"`{code}` is a data lock: a check of the apprenticeship payment system, which "
            "compares the ILR with the apprenticeship service. It is not an ILR validation rule.",
        )

    # sources ----------------------------------------------------------------------------

    def field_row(self, spec: FieldSpec) -> FieldRow:
        """A field as the knowledge base's files tell it."""
        row = self._knowledge.specification.rows[spec.entity]
        return next(field for field in row.fields if field.name == spec.name)

    def _row_of_list(self, kind: str, specification: YearSpecification) -> FieldRow:
        for entity in specification.entities.values():
            for spec in entity.fields.values():
                if spec.name == kind or kind in spec.types:
                    return self.field_row(spec)
        raise KeyError(kind)

    def _entity_sources(self, entity: str) -> list[str]:
        return self._knowledge.specification.rows[entity].sources

    def _read(self, keys: Sequence[str], otherwise: Sequence[str] = ()) -> tuple[SourceLine, ...]:
        """The places that were really read for a row, the latest first."""
        known = self._knowledge.specification.sources
        found = [known[key] for key in dict.fromkeys(keys or otherwise) if key in known]
        found.sort(key=lambda source: max(_figures(source.year), default=0), reverse=True)
        return tuple(SourceLine(s.title, s.url, s.year) for s in found)


def _has_code(row: RuleRow) -> bool:
    """Whether code, or a list alone, decides a rule."""
    from bot.rules.engine import predicates  # all families, which few explanations need

    return row.checks_list is not None or row.id in predicates()


def _figures(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"20\d\d", text)]


def _status_for(keys: Iterable[str], year: AcademicYear, verified: bool) -> str | None:
    """What a row's own sources are worth for the year asked."""
    keys = list(keys)
    if not keys or not verified:
        return str(Status.UNVERIFIED)
    published = ("ilr-schema-", "validation-rules-", "spec-")
    read = any(key.startswith(published) and str(year) in key for key in keys)
    return str(Status.OFFICIAL if read else Status.OFFICIAL_OLDER)


def _first_unknown(years: YearRange, held: Sequence[AcademicYear]) -> bool:
    """Whether the first year only says that an earlier list lacks it: 2021-22 was never read."""
    return years.start == held[0] + 1


def _not_live(row: RuleRow, year: AcademicYear, catalogue: Catalogue) -> str:
    if catalogue.is_live(row, year):
        return f"Its text for {year} was not read, and it changed around then."
    if year < row.years.start and row.live_before:
        return (
            f"Our text is that of {row.years.start}, which says that it was carried over from the "
            f"year before. Its text for {year} was not read."
        )
    if year < row.years.start:
        return (
            f"We hold it from {row.years.start}; whether it was live in {year} is not known here."
        )
    return f"It is not live in {year}: {_years_phrase(row.years)}."


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


def _codes_in_parts(
    heading: str, codes: Sequence[Code], *, complete: bool
) -> tuple[list[str], list[str]]:
    """The first codes of a list to show at once, and the rest for the detail."""
    if not codes:
        return [], []
    told = [f"- `{c.code}` {c.title}{_ended(c)}" for c in codes[:MAX_CODES]]
    shown = [heading, *told[:MAX_SHOWN_CODES]]
    more = told[MAX_SHOWN_CODES:]
    if more:
        shown.append(f"- and {len(codes) - MAX_SHOWN_CODES} more")
    if len(codes) > MAX_CODES:
        more.append(f"- and {len(codes) - MAX_CODES} more")
    if not complete:
        more.append("This list is not known to be complete.")
    return shown, more


def _ended(code: Code) -> str:
    doubt = "" if code.verified else " (not verified)"
    return (f" (to {code.last:%d/%m/%Y})" if code.last else "") + doubt

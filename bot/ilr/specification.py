"""The ILR specification, year by year: entities, fields, limits and code lists.

Read from knowledge/ilr/. ``Specification.for_year`` gives the ``YearSpecification`` that
readers, rules and explanations use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.errors import InputError
from bot.ilr.minimum_hours import MinimumHours, load_minimum_hours
from bot.ilr.published_lists import PublishedList, load_lists
from bot.ilr.record import PERSONAL_FIELDS
from bot.schema import Identifier, Source, Years
from bot.yaml_files import read_yaml, validate
from bot.years import AcademicYear, YearRange

__all__ = [
    "Code",
    "CodedType",
    "EntitySpec",
    "FieldSpec",
    "QualifyingPeriod",
    "ReturnDate",
    "Specification",
    "YearFacts",
    "YearSpecification",
    "not_in_yet",
]

FieldType = Literal["string", "int", "decimal", "date", "datetime"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Code(_Model):
    """One value of a code list. ``first`` and ``last`` bound the dates it may be used for."""

    code: str
    title: str
    years: Years | None = Field(default=None, description="Collection years; absent: all held")
    first: date | None = Field(default=None, description="Earliest date it is valid for")
    last: date | None = Field(default=None, description="Latest date it is valid for")
    note: str | None = None
    verified: bool = True
    own: bool = Field(default=False, description="A college's own; set when its folder is read")


Complete = Annotated[
    bool | Years,
    Field(description="Whether every code is listed; or the years for which every code is"),
]


class CodedType(Code):
    """A FAM, monitoring or financial type, with the codes that go with it."""

    about: str | None = None
    codes: list[Code] = Field(default_factory=list)
    codes_complete: Complete = True
    collected_for: list[str] = Field(default_factory=list)
    dated: bool = Field(default=False, description="Whether it carries DateFrom and DateTo")
    max_occurs: int | None = Field(
        default=None, description="How often one learner, status or aim may have it; absent: no cap"
    )


class Change(_Model):
    """What changed in a year."""

    year: str
    what: str
    verified: bool = True
    sources: list[Identifier] = Field(default_factory=list)


class Limits(_Model):
    """Schema facts. In ``by_year`` only what differs is given; it holds from its year on."""

    type: FieldType | None = None
    mandatory: bool | None = None
    min_length: int | None = None
    max_length: int | None = None
    max_digits: int | None = None
    fraction_digits: int | None = None
    min_value: int | Decimal | None = None
    max_value: int | Decimal | None = None
    pattern: str | None = None
    fixed_value: str | None = None


class FieldRow(Limits):
    """One field as written in knowledge/ilr/entities/."""

    name: str
    title: str
    meaning: str
    type: FieldType
    years: Years | None = Field(default=None, description="Years it is collected; absent: all held")
    restricted: bool = Field(default=False, description="Limited to the schema's character set")
    collected_for: list[str] = Field(
        default_factory=list, description="Funding models, or words such as 'all learners'"
    )
    collected_for_complete: bool = True
    collected_for_verified: bool = True
    codes: list[Code] = Field(default_factory=list)
    codes_complete: Complete = Field(
        default=True, description="Of ``codes``, or of ``types`` where there are types"
    )
    exact_case: Years | None = Field(
        default=None, description="Years in which a code in small letters is another code"
    )
    plain_codes: str | None = Field(
        default=None, description="Long lists: codes without titles, with spaces between"
    )
    types: list[CodedType] = Field(default_factory=list)
    by_year: dict[str, Limits] = Field(default_factory=dict)
    changes: list[Change] = Field(default_factory=list)
    note: str | None = None
    verified: bool = True
    sources: list[Identifier] = Field(default_factory=list)


class Occurs(_Model):
    """How often an entity or field may stand in its parent; ``max`` None is unbounded."""

    min: int = 0
    max: int | None = None


class EntityRow(_Model):
    """One file of knowledge/ilr/entities/."""

    name: str
    parent: str | None = None
    title: str
    meaning: str
    years: Years | None = None
    occurs: Occurs = Occurs()
    occurs_by_year: dict[str, Occurs] = Field(default_factory=dict)
    order: list[str] = Field(
        default_factory=list,
        description="Children and fields in schema order, with those of earlier years",
    )
    order_until: dict[str, list[str]] = Field(
        default_factory=dict, description="An earlier order, by the last year it held"
    )
    collected_for: list[str] = Field(default_factory=list)
    collected_for_verified: bool = True
    fields: list[FieldRow] = Field(default_factory=list)
    changes: list[Change] = Field(default_factory=list)
    note: str | None = None
    sources: list[Identifier] = Field(default_factory=list)


class ReturnDate(_Model):
    """One of a year's returns, R01 to R14."""

    code: str
    data_to: date | None = Field(
        default=None, description="Date up to which it must be complete, where one is published"
    )
    closes: date
    own: bool = Field(default=False, description="A college's own; set when its folder is read")


class YearFacts(_Model):
    """What is particular to a year."""

    year: str
    namespace: str
    namespace_verified: bool = True
    schema_seen: bool = True
    lists_seen: bool = Field(
        default=True, description="Whether its code lists were read: if not, none is known complete"
    )
    specification_url: str | None = None
    rules_version: str | None = None
    rules_read: bool = Field(
        default=False, description="Whether the year's published rules are in the catalogue"
    )
    returns: list[ReturnDate] = Field(default_factory=list)
    returns_source: Identifier | None = None
    returns_note: str | None = None
    changes: list[Change] = Field(default_factory=list, description="What changed in this year")
    note: str | None = None


class QualifyingPeriod(_Model):
    """How long a 16 to 19 learner must stay before the year's funding counts them."""

    programme: str
    days: int
    verified: bool = True
    note: str | None = None
    sources: list[Identifier] = Field(default_factory=list)


class YearsFile(_Model):
    """knowledge/ilr/years.yaml."""

    years: list[YearFacts]
    character_set: str
    qualifying_periods: list[QualifyingPeriod] = Field(default_factory=list)
    sources: dict[Identifier, Source] = Field(default_factory=dict)


@dataclass(frozen=True)
class FieldSpec:
    """A field in one year. Lengths in characters, values as numbers, codes as text."""

    entity: str
    name: str
    title: str
    type: FieldType
    mandatory: bool
    min_length: int | None
    max_length: int | None
    max_digits: int | None
    fraction_digits: int | None
    min_value: int | Decimal | None
    max_value: int | Decimal | None
    pattern: str | None
    fixed_value: str | None
    restricted: bool
    codes: Mapping[str, Code] = field(default_factory=dict)
    codes_complete: bool = True
    exact_case: bool = False
    types: Mapping[str, CodedType] = field(default_factory=dict)
    read_for: Mapping[str, YearRange] = field(default_factory=dict)
    """Type, or "" for the field itself → the years for which its list was read in full."""

    @cached_property
    def may_be_remembered(self) -> bool:
        """Whether its texts may be kept in memory for the next record: codes, numbers and dates
        of learning may, what could say who somebody is may not."""
        if self.name in PERSONAL_FIELDS:
            return False
        is_code = bool(self.codes or self.types) or self.name in {"LearnAimRef", "LearnDelFAMCode"}
        return is_code or self.type != "string"


@dataclass(frozen=True)
class EntitySpec:
    """An entity in one year."""

    name: str
    parent: str | None
    title: str
    min_occurs: int
    max_occurs: int | None
    fields: Mapping[str, FieldSpec]
    order: tuple[str, ...] = ()
    """Names of its fields and children in schema order."""

    @cached_property
    def places(self) -> dict[str, int]:
        """Name → its place in the order, from 0."""
        return {name: place for place, name in enumerate(self.order)}


class YearSpecification:
    """One year's entities, fields and codes."""

    def __init__(
        self,
        year: AcademicYear,
        facts: YearFacts,
        rows: list[EntityRow],
        chars: str,
        lists: Mapping[str, PublishedList] | None = None,
    ):
        self.year = year
        self.facts = facts
        self.character_set = chars
        self.lists: Mapping[str, PublishedList] = lists or {}
        """Small published lists, by name."""
        self._every_row = {row.name: row for row in rows}
        self._rows = {row.name: row for row in rows if _held(row.years, year)}

    @cached_property
    def entities(self) -> dict[str, EntitySpec]:
        """By official name, parents before children."""
        return {name: self._entity(row) for name, row in self._rows.items()}

    @cached_property
    def field_names(self) -> dict[str, tuple[str, ...]]:
        """Field name → the entities that have it."""
        found: dict[str, tuple[str, ...]] = {}
        for entity in self.entities.values():
            for name in entity.fields:
                found[name] = (*found.get(name, ()), entity.name)
        return found

    def children(self, entity: str) -> list[str]:
        """Names of the entities that stand directly inside one."""
        return [row.name for row in self._rows.values() if row.parent == entity]

    def why_not(self, entity: str, name: str | None = None) -> str:
        """Why the year does not have an element or field, as a sentence to follow others; "" when
        no year that is held has it."""
        row = self._every_row.get(entity)
        if row is None:
            return ""
        found = row if name is None else next((f for f in row.fields if f.name == name), None)
        if found is None or found.years is None:
            return ""
        if self.year < found.years.start:
            return f" It is collected from {found.years.start}."
        gone = [c for c in found.changes if AcademicYear.parse(c.year) <= self.year]
        latest = max(gone, key=lambda change: change.year, default=None)
        last = found.years.to
        if latest is None or (last is not None and AcademicYear.parse(latest.year) <= last):
            return f" It was collected until {last}."
        return f" {latest.year}: {latest.what}"

    def field(self, entity: str, name: str) -> FieldSpec:
        """A field of this year. Raises KeyError when the year has none of that name."""
        return self.entities[entity].fields[name]

    def codes(self, entity: str, name: str, on: date | None = None) -> frozenset[str]:
        """Codes of a field that may be used this year (and on a date, when given)."""
        spec = self.field(entity, name)
        return frozenset(c.code for c in spec.codes.values() if _dated(c, on))

    def types(self, entity: str, on: date | None = None) -> frozenset[str]:
        """FAM, monitoring or financial types of an entity."""
        return frozenset(t.code for t in self._types(entity).values() if _dated(t, on))

    def type_codes(self, entity: str, kind: str, on: date | None = None) -> frozenset[str]:
        """Codes that go with a type, e.g. ``type_codes("LearningDeliveryFAM", "SOF")``."""
        found = self._types(entity).get(kind)
        if found is None:
            return frozenset()
        return frozenset(c.code for c in found.codes if _dated(c, on))

    def _types(self, entity: str) -> Mapping[str, CodedType]:
        for spec in self.entities[entity].fields.values():
            if spec.types:
                return spec.types
        return {}

    def _entity(self, row: EntityRow) -> EntitySpec:
        occurs = _latest(row.occurs_by_year, self.year) or row.occurs
        fields = {f.name: self._field(row.name, f) for f in row.fields if _held(f.years, self.year)}
        here = {*fields, *self.children(row.name)}
        order = tuple(name for name in _order(row, self.year) if name in here)
        return EntitySpec(row.name, row.parent, row.title, occurs.min, occurs.max, fields, order)

    def _field(self, entity: str, row: FieldRow) -> FieldSpec:
        changed = _up_to(row.by_year, self.year)

        def limit(name: str) -> Any:
            return changed[name] if name in changed else getattr(row, name)

        return FieldSpec(
            entity=entity,
            name=row.name,
            title=row.title,
            type=limit("type"),
            mandatory=bool(limit("mandatory")),
            min_length=limit("min_length"),
            max_length=limit("max_length"),
            max_digits=limit("max_digits"),
            fraction_digits=limit("fraction_digits"),
            min_value=limit("min_value"),
            max_value=limit("max_value"),
            pattern=limit("pattern"),
            fixed_value=limit("fixed_value"),
            restricted=row.restricted,
            codes={c.code: c for c in _codes(row) if _held(c.years, self.year)},
            codes_complete=self._complete(row.codes_complete),
            exact_case=row.exact_case is not None and self.year in row.exact_case,
            types={t.code: self._type(t) for t in row.types if _held(t.years, self.year)},
            read_for=_read_for(row),
        )

    def _type(self, row: CodedType) -> CodedType:
        codes = [code for code in row.codes if _held(code.years, self.year)]
        complete = self._complete(row.codes_complete)
        return row.model_copy(update={"codes": codes, "codes_complete": complete})

    def _complete(self, complete: bool | YearRange) -> bool:
        if isinstance(complete, bool):
            return complete and self.facts.lists_seen
        return self.year in complete


class Specification:
    """Every year held. ``Specification.load(folder)`` reads knowledge/ilr/."""

    def __init__(
        self,
        years: YearsFile,
        entities: list[EntityRow],
        lists: Mapping[str, PublishedList] | None = None,
        minimum_hours: MinimumHours | None = None,
    ) -> None:
        self.lists: Mapping[str, PublishedList] = lists or {}
        """Small published lists that hold whatever the year, by name."""
        self.minimum_hours = minimum_hours
        """Minimum off-the-job hours of standards."""
        self.facts = {AcademicYear.parse(facts.year): facts for facts in years.years}
        self.rows = {row.name: row for row in entities}
        self.character_set = years.character_set
        self.qualifying_periods = years.qualifying_periods
        self.sources = years.sources
        self._years: dict[AcademicYear, YearSpecification] = {}

    @classmethod
    def load(cls, folder: Path) -> Specification:
        """Read the specification. Raises KnowledgeError."""
        years = validate(read_yaml(folder / "years.yaml"), TypeAdapter(YearsFile))
        adapter = TypeAdapter(EntityRow)
        paths = sorted((folder / "entities").glob("*.yaml"))
        rows = [validate(read_yaml(path), adapter) for path in paths]
        hours = load_minimum_hours(folder / "minimum-hours.yaml")
        return cls(years, _parents_first(rows), load_lists(folder / "lists"), hours)

    def changed(
        self, facts: Mapping[AcademicYear, YearFacts], entities: list[EntityRow]
    ) -> Specification:
        """The same with other years and entities."""
        years = YearsFile(
            years=[facts[year] for year in sorted(facts)],
            character_set=self.character_set,
            qualifying_periods=self.qualifying_periods,
            sources=self.sources,
        )
        return Specification(years, entities, self.lists, self.minimum_hours)

    @property
    def years(self) -> list[AcademicYear]:
        """Years held, oldest first."""
        return sorted(self.facts)

    def for_year(self, year: AcademicYear) -> YearSpecification:
        """One year; of the year after the last one held, what rolls over from it.

        Raises InputError naming the years that are held.
        """
        held = self.years
        if year not in self.facts and year != held[-1] + 1:
            raise InputError(f"{year} is not available. Choose {held[0]} to {held[-1]}.")
        if year not in self._years:
            self._years[year] = YearSpecification(
                year,
                self.facts.get(year) or not_in_yet(year),
                list(self.rows.values()),
                self.character_set,
                self.lists,
            )
        return self._years[year]


def not_in_yet(year: AcademicYear) -> YearFacts:
    """Of a year nothing was published for when this was written."""
    return YearFacts(
        year=str(year), namespace=f"ILR/{year}", namespace_verified=False, schema_seen=False
    )


@lru_cache(maxsize=4)
def load_specification(folder: Path) -> Specification:
    """``Specification.load``, once a process for each folder."""
    return Specification.load(folder)


def _held(years: YearRange | None, year: AcademicYear) -> bool:
    return years is None or year in years


def _read_for(row: FieldRow) -> dict[str, YearRange]:
    given = {"": row.codes_complete, **{kind.code: kind.codes_complete for kind in row.types}}
    return {name: years for name, years in given.items() if isinstance(years, YearRange)}


def _codes(row: FieldRow) -> list[Code]:
    plain = (row.plain_codes or "").split()
    return [*row.codes, *(Code(code=code, title=f"{row.title} {code}") for code in plain)]


def _dated(code: Code, on: date | None) -> bool:
    if on is None:
        return True
    return (code.first is None or code.first <= on) and (code.last is None or on <= code.last)


def _up_to(by_year: Mapping[str, Limits], year: AcademicYear) -> dict[str, Any]:
    """Every change of a field's limits up to a year, later ones over earlier ones."""
    changed: dict[str, Any] = {}
    for when, limits in sorted(by_year.items()):
        if AcademicYear.parse(when) <= year:
            changed |= {name: getattr(limits, name) for name in limits.model_fields_set}
    return changed


def _order(row: EntityRow, year: AcademicYear) -> list[str]:
    """Schema order in a year: the earliest list that still held, else the newest."""
    held = [text for text in row.order_until if year <= AcademicYear.parse(text)]
    return row.order_until[min(held)] if held else row.order


def _latest(by_year: Mapping[str, Occurs], year: AcademicYear) -> Occurs | None:
    """The entry of the nearest year at or before ``year``."""
    earlier = [AcademicYear.parse(text) for text in by_year]
    chosen = max((y for y in earlier if y <= year), default=None)
    return by_year[str(chosen)] if chosen else None


def _parents_first(rows: list[EntityRow]) -> list[EntityRow]:
    by_parent: dict[str | None, list[EntityRow]] = {}
    for row in rows:
        by_parent.setdefault(row.parent, []).append(row)
    ordered: list[EntityRow] = []
    waiting: list[str | None] = [None]
    while waiting:
        for row in by_parent.get(waiting.pop(0), []):
            ordered.append(row)
            waiting.append(row.name)
    return ordered

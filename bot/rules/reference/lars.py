"""The Learning Aims Reference Service, as the rules ask it.

One question to the database for each aim, then kept: a file of thousands of learners names a few
hundred aims.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TypeVar

from bot.ilr.absent import CannotTell, Day, hiding
from bot.rules.reference.missing import MissingAims
from bot.rules.reference.tables import LARS_TABLES, clean_date, lars_parts_lacking

__all__ = ["ENGLISH_OR_MATHS", "ESOL", "Lars", "LarsAim", "Period", "Place", "Standard", "Validity"]

ENGLISH_OR_MATHS = frozenset(
    {1, 11, 13, 20, 23, 24, 29, 31, 2, 12, 14, 19, 21, 25, 30, 32, 33, 34, 35}
)
"""Basic skills types of English and maths. Source: validation rules 2026-27 version 4, DD40."""
ESOL = frozenset(range(36, 43))
"""Basic skills types of ESOL. Source: validation rules 2026-27 version 4, HRSType_11."""
MAX_AIMS_KEPT = 20_000
AIM_PARTS = {
    "categories": "LearningDeliveryCategory",
    "basic_skills": "AnnualValue",
    "genre": "LearningDelivery.LearningDeliveryGenre",
    "prescribed_he": "LearningDelivery.EnglPrscID",
    "common_component": "LearningDelivery.FrameworkCommonComponent",
    "subject_area": "LearningDelivery.SectorSubjectAreaTier2",
    "subjects": "LearningDelivery.LearnDirectClassSystemCode1",
}
VALIDITY_PARTS = {"last_new_start": "Validity.LastNewStartDate"}
STANDARD_PARTS = {
    "type": "Standard.ApprenticeshipStandardTypeCode",
    "caps": "StandardFunding",
}
PLACE_PARTS = {"component_type": "FrameworkAims.FrameworkComponentType"}
"""What is told of an aim, a validity, a standard and a place in a framework → the part of LARS
that it is read from, which a release may lack."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, each of which may be open."""

    start: date | None
    end: date | None

    def covers(self, day: Day) -> bool:
        """Whether it holds on a day; not when the day was not returned."""
        return isinstance(day, date) and (
            (self.start is None or self.start <= day) and (self.end is None or day <= self.end)
        )


@dataclass(frozen=True)
class Validity(Period):
    """When an aim or a standard is valid for one kind of funding."""

    last_new_start: date | None = None


@dataclass(frozen=True)
class LarsAim:
    """A learning aim. To ask for what the release lacks raises CannotTell."""

    ref: str
    title: str
    type: str
    """Four figures, e.g. 1468 for a T Level technical qualification."""
    level: str
    """The notional NVQ level, version 2: E, 1 to 8, H, M or X."""
    genre: str = ""
    prescribed_he: int | None = None
    common_component: int | None = None
    subject_area: float | None = None
    subjects: tuple[str, ...] = ()
    """Its LearnDirect class codes, those that are not empty; three at most."""
    period: Period = Period(None, None)
    validities: dict[str, tuple[Validity, ...]] = field(default_factory=dict)
    categories: dict[int, tuple[Period, ...]] = field(default_factory=dict)
    basic_skills: tuple[tuple[int, Period], ...] = ()

    def valid_for(self, *categories: str) -> list[Validity]:
        """Its rows for these kinds of funding, e.g. ``1619_EFA``."""
        return [one for category in categories for one in self.validities.get(category, ())]

    def has_category(self, *categories: int) -> bool:
        """Whether it is in one of these LARS categories, whenever."""
        return any(category in self.categories for category in categories)

    def in_category_on(self, day: Day, *categories: int) -> bool:
        """Whether it is in one of these LARS categories on a day."""
        return any(
            period.covers(day) for one in categories for period in self.categories.get(one, ())
        )

    def is_basic_skill_on(self, day: Day, types: frozenset[int]) -> bool:
        """Whether its basic skills type on a day is among these."""
        return any(kind in types and period.covers(day) for kind, period in self.basic_skills)


@dataclass(frozen=True)
class Standard:
    """An apprenticeship standard. To ask for what the release lacks raises CannotTell."""

    code: int
    title: str
    type: str
    level: int | None
    period: Period
    last_start: date | None
    caps: tuple[tuple[float, Period], ...] = ()
    """The government's core contribution cap, by period."""
    reference: str = ""
    """Its ST number, from version 012 on."""

    def cap_on(self, day: date) -> float | None:
        """The cap in force on a day."""
        return next((cap for cap, period in self.caps if period.covers(day)), None)


@dataclass(frozen=True)
class Place:
    """An aim's place in a framework or programme."""

    programme_type: int
    framework: int
    pathway: int
    period: Period
    component_type: int | None
    """1 for a competency aim, 2 for a knowledge aim, 3 for both."""


class Lars:
    """A loaded release, opened read-only."""

    def __init__(self, database: Path) -> None:
        uri = f"{database.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = Lock()
        self._columns = self._held()
        self.lacking: Mapping[str, str] = lars_parts_lacking(self._columns)
        """Each part that the release lacks → what is missing, in words."""
        self._aim_class = self._telling(LarsAim, AIM_PARTS)
        self._validity_class = self._telling(Validity, VALIDITY_PARTS)
        self._standard_class = self._telling(Standard, STANDARD_PARTS)
        self._place_class = self._telling(Place, PLACE_PARTS)
        self.missing = MissingAims(self._rows)
        self._query = lru_cache(maxsize=100)(self._written)
        self.aim = lru_cache(maxsize=MAX_AIMS_KEPT)(self._aim)
        """The aim of a reference, in any case; None when LARS has none."""
        self.standard = lru_cache(maxsize=2_000)(self._standard)
        """The standard of a code; None when LARS has none."""
        self.frameworks_of = lru_cache(maxsize=2_000)(self._frameworks_of)
        self.framework = lru_cache(maxsize=2_000)(self._framework)
        self.category_and_children = lru_cache(maxsize=100)(self._category_and_children)

    def _rows(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _held(self) -> dict[str, set[str]]:
        """The tables of the database, with those of their columns that the release had."""
        names = self._rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        held = {
            name: {row[1] for row in self._rows(f'PRAGMA table_info("{name}")')}
            for (name,) in names
        }
        if not self._rows("SELECT 1 FROM about WHERE name = 'columns'"):
            # Loaded by an earlier version, which made a column of blanks of one that was not there.
            for table in LARS_TABLES:
                for column in table.columns:
                    optional = not column.required and column.clean is not clean_date
                    if optional and column.name in held.get(table.name, ()):
                        some = f"SELECT 1 FROM {table.name} WHERE {column.name} NOTNULL LIMIT 1"  # noqa: S608
                        if not self._rows(some):
                            held[table.name].discard(column.name)
        return held

    def _telling(self, kind: type[_T], parts: Mapping[str, str]) -> type[_T]:
        """A class of which what the release lacks cannot be asked."""
        for name, part in parts.items():
            if part in self.lacking:
                kind = hiding(kind, [name], f"needs {self.lacking[part]}")
        return kind

    def needs(self, *parts: str) -> None:
        """Raises CannotTell when the release lacks one of these tables or columns."""
        for part in parts:
            if part in self.lacking:
                raise CannotTell(f"needs {self.lacking[part]}")

    def _of(self, table: str, columns: str, key: str, value: object) -> list[tuple]:  # type: ignore[type-arg]
        """Rows of a table; none when the release has no such table, and a blank in place of each
        column that it lacks."""
        query = self._query(table, columns, key)
        return self._rows(query, value) if query else []

    def _written(self, table: str, columns: str, key: str) -> str:
        held = self._columns.get(table)
        if held is None:
            return ""
        chosen = ", ".join(
            name if name in held or name == "1" else "NULL" for name in columns.split(", ")
        )
        return f"SELECT {chosen} FROM {table} WHERE {key} = ?"  # noqa: S608

    def _aim(self, reference: str) -> LarsAim | None:
        ref = reference.strip().upper()
        found = ref not in self.missing and self._of(
            "aim",
            "title, type, level, genre, prescribed_he, common_component, subject_area,"
            " subject_1, subject_2, subject_3, effective_from, effective_to",
            "ref", ref,
        )  # fmt: skip
        if not found:
            return None
        title, kind, level, genre, prescribed, component, area, *rest = found[0]
        *subjects, start, end = rest
        validities: dict[str, list[Validity]] = defaultdict(list)
        for category, begins, ends, last in self._of(
            "validity", "category, start, end, last_new_start", "ref", ref
        ):
            one = Validity(_day(begins), _day(ends), _day(last))
            validities[category].append(_as(self._validity_class, one))
        aim = LarsAim(
            ref,
            title or "",
            kind or "",
            level or "",
            genre or "",
            prescribed,
            component,
            area,
            tuple(one for one in subjects if one and one not in {"NUL", "ZZ9999"}),
            Period(_day(start), _day(end)),
            {category: tuple(rows) for category, rows in validities.items()},
            _grouped(
                self._of("aim_category", "category, effective_from, effective_to", "ref", ref)
            ),
            tuple(
                (kind_of, Period(_day(begins), _day(ends)))
                for kind_of, begins, ends in self._of(
                    "basic_skills", "type, effective_from, effective_to", "ref", ref
                )
                if kind_of is not None
            ),
        )
        return _as(self._aim_class, aim)

    def _standard(self, code: int) -> Standard | None:
        self.needs("Standard")
        found = self._of(
            "standard", "title, type, level, reference, effective_from, last_start, effective_to",
            "standard", code,
        )  # fmt: skip
        if not found:
            return None
        # Of several versions of a standard, from the first's start to the last's end.
        title, kind, level, reference = found[-1][:4]
        starts = [_day(row[4]) for row in found]
        lasts, ends = [_day(row[5]) for row in found], [_day(row[6]) for row in found]
        caps = [
            (float(cap), Period(_day(begins), _day(stops)))
            for cap, begins, stops in self._of(
                "standard_funding", "cap, effective_from, effective_to", "standard", code
            )
            if cap is not None
        ]
        standard = Standard(
            code,
            title or "",
            kind or "",
            level,
            Period(_first(starts), _last(ends)),
            _last(lasts),
            tuple(caps),
            reference or "",
        )
        return _as(self._standard_class, standard)

    def standard_of(self, reference: str) -> Standard | None:
        """The standard of an ST number; None when LARS has none, or has no ST numbers."""
        if "reference" not in self._columns.get("standard", ()):
            return None
        found = self._of("standard", "standard", "reference", reference.strip().upper())
        return self.standard(found[0][0]) if found else None

    def standard_exists(self, code: int) -> bool:
        """Whether a standard has any validity."""
        self.needs("StandardValidity")
        return bool(self._of("standard_validity", "1", "standard", code))

    def _frameworks_of(self, reference: str) -> tuple[Place, ...]:
        """Where an aim stands in frameworks (and, from version 012, in programmes)."""
        self.needs("FrameworkAims")
        ref = reference.strip().upper()
        rows = self._of(
            "framework_aim",
            "programme_type, framework, pathway, effective_from, effective_to, component_type",
            "ref", ref,
        )  # fmt: skip
        places = [
            Place(kind, code, path, Period(_day(start), _day(end)), component)
            for kind, code, path, start, end, component in rows
        ]
        programmes = self._of(
            "programme_aim", "programme_type, framework, pathway, effective_from, effective_to",
            "ref", ref,
        )  # fmt: skip
        return (
            *(_as(self._place_class, place) for place in places),
            *(
                Place(kind, code, path, Period(_day(start), _day(end)), None)
                for kind, code, path, start, end in programmes
            ),
        )

    def _framework(self, programme: int, code: int, pathway: int) -> Period | None:
        """When a framework's pathway was open; None when there is none."""
        self.needs("Framework")
        found = [
            Period(_day(start), _day(end))
            for kind, path, start, end in self._of(
                "framework", "programme_type, pathway, effective_from, effective_to",
                "framework", code,
            )
            if (kind, path) == (programme, pathway)
        ]  # fmt: skip
        return found[0] if found else None

    def common_components(self, programme: int, code: int, pathway: int) -> frozenset[int]:
        """The common components of a framework's pathway."""
        self.needs("FrameworkCmnComp")
        return frozenset(
            component
            for kind, path, component in self._of(
                "framework_common_component", "programme_type, pathway, component",
                "framework", code,
            )
            if (kind, path) == (programme, pathway)
        )  # fmt: skip

    def _category_and_children(self, category: int) -> frozenset[int]:
        """A LARS category, and those whose parent it is."""
        self.needs("Category")
        children = self._rows("SELECT category FROM category WHERE parent = ?", category)
        return frozenset({category, *(child for (child,) in children)})

    def name_of(self, table: str, key: str, value: str) -> str:
        """The title of a type, level or validity category; the code itself when it has none."""
        found = self._of(table, "title", key, value)
        return (found[0][0] if found else None) or value

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


def _as(kind: type[_T], made: _T) -> _T:
    """The same, of a class of which what the release lacks cannot be asked."""
    if type(made) is not kind:
        object.__setattr__(made, "__class__", kind)
    return made


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _first(days: Iterable[date | None]) -> date | None:
    """The earliest; None when one is open."""
    held = list(days)
    return None if None in held else min(day for day in held if day is not None)


def _last(days: Iterable[date | None]) -> date | None:
    """The latest; None when one is open."""
    held = list(days)
    return None if None in held else max(day for day in held if day is not None)


def _grouped(rows: Iterable[tuple[int, str | None, str | None]]) -> dict[int, tuple[Period, ...]]:
    found: dict[int, list[Period]] = defaultdict(list)
    for category, start, end in rows:
        found[category].append(Period(_day(start), _day(end)))
    return {category: tuple(periods) for category, periods in found.items()}

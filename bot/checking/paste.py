"""Check a pasted record or a file: read it, settle its year, run the rules, report."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import partial

from bot.checking.exported import Exported, OfYear, exported
from bot.checking.grouping import common_findings
from bot.checking.later import Later
from bot.checking.learner_reports import by_learner
from bot.checking.notes import (
    guessed,
    namespace_note,
    prepared_on,
    reference_note,
    settle_year,
    unread_year_note,
    what_was_pasted,
)
from bot.checking.report import HouseCheck, Report, ViolatedRule
from bot.checking.schema_errors import SchemaErrors, ruled_limits, schema_remarks
from bot.errors import InputError
from bot.ilr.build import build
from bot.ilr.raw import RawEntity, Remark, ZipFacts
from bot.ilr.readers.parsed import ParsedRecord, Violation
from bot.ilr.readers.zip_files import is_zip, look_into, office_kind
from bot.ilr.record import Aim, Entity, Message
from bot.ilr.schema_check import Shape
from bot.ilr.straight import TOPS, StraightReader
from bot.ilr.timeline import Timeline
from bot.ilr.timeline_of_record import Flaw, timeline
from bot.knowledge.base import KnowledgeBase
from bot.rules.catalogue import RuleRow, Severity
from bot.rules.engine import Engine, RunResult
from bot.rules.families.file import ZIP_RULES
from bot.rules.findings import RuleFinding
from bot.rules.reference.describe import details_of
from bot.rules.twins import with_twins
from bot.years import AcademicYear

__all__ = [
    "MAX_PROBLEMS",
    "Checker",
    "breaks_zip_rules",
    "house_check",
    "zip_of",
]

MAX_PROBLEMS = 50


@dataclass
class Checker:
    """Checks records against one knowledge base's rules. Keeps nothing of them."""

    knowledge: KnowledgeBase
    _engines: dict[AcademicYear, Engine] = field(default_factory=dict)
    _house: dict[AcademicYear, Engine] = field(default_factory=dict)
    _readers: dict[AcademicYear, StraightReader] = field(default_factory=dict)
    _limits: dict[AcademicYear, frozenset[str]] = field(default_factory=dict)
    _shapes: dict[AcademicYear, set[Shape]] = field(default_factory=dict)
    """Which elements, in which order, are known to break nothing: names alone, no values."""
    _of_years: dict[AcademicYear, OfYear] = field(default_factory=dict)

    def engine(self, year: AcademicYear) -> Engine:
        """The rules of a year. Raises InputError for a year that is not held."""
        if year not in self._engines:
            specification = self.knowledge.specification.for_year(year)
            self._engines[year] = Engine(
                self.knowledge.catalogue, specification, reference=self.knowledge.reference
            )
        return self._engines[year]

    def ruled_limits(self, year: AcademicYear) -> frozenset[str]:
        """Limits of the year's schema that a rule reports."""
        if year not in self._limits:
            self._limits[year] = ruled_limits(self.engine(year))
        return self._limits[year]

    def straight_reader(self, year: AcademicYear) -> StraightReader:
        """What reads the learners of a whole file, for a year."""
        if year not in self._readers:
            self._readers[year] = StraightReader(
                self.engine(year).specification, self.ruled_limits(year)
            )
        return self._readers[year]

    def house_engine(self, year: AcademicYear) -> Engine | None:
        """The provider's own checks of a year; None when it has none."""
        if not self.knowledge.house_rules:
            return None
        if year not in self._house:
            from bot.rules.house import house_engine

            specification = self.knowledge.specification.for_year(year)
            self._house[year] = house_engine(self.knowledge.house_rules, specification)
        return self._house[year]

    def check(
        self,
        given: str | bytes | ParsedRecord,
        *,
        year: AcademicYear | None,
        on: date | None,
        today: date,
        names: bool = False,
        file_name: str | None = None,
        learner: str | None = None,
    ) -> Report:
        """A report on what was given.

        ``year`` None: taken from the header or namespace, else the current year, which is
        said. ``on`` (the file preparation date) None: the header's, else ``today``.
        ``names`` keeps ULNs and names for a CSV that asks for them. ``file_name``: what it was
        called, which some rules look at. ``learner``: whose timeline is wanted, by reference
        number or place; None for the first with something to see.
        Raises InputError when nothing could be read.
        """
        packed = zip_of(given, file_name) if isinstance(given, bytes) else None
        if packed is None and (straight := self._exported(given, year, today)) is not None:
            return self._report(
                straight.head, year, on, today, names, file_name, None, learner, straight
            )
        if isinstance(given, ParsedRecord):
            reading = given
        elif packed is not None and breaks_zip_rules(packed):
            reading = ParsedRecord(RawEntity("Message", partial=True), "ZIP file")
        else:
            # Imported when it comes: a whole file needs none of the readers of pastes.
            from bot.ilr.readers import read

            reading = read(given, today=today)
        named = packed.xml if packed else file_name
        return self._report(reading, year, on, today, names, named, packed, learner)

    def _explained(self, reading: ParsedRecord, year: AcademicYear, today: date) -> Report:
        """A rule violation report's rules, each with what it means and the usual fix."""
        rows = self.knowledge.catalogue.rows
        called = {name: row for row in rows.values() for name in row.also_called}
        return Report(
            year=year,
            on=today,
            kind=reading.kind,
            learners=(),
            rules_run=0,
            rules_not_run={},
            problems=tuple(_capped(reading.remarks)),
            violations=tuple(
                _violated(one, rows.get(one.rule) or called.get(one.rule))
                for one in reading.violations
            ),
            violated_by=reading.learners_named,
        )

    def _report(
        self,
        reading: ParsedRecord,
        year: AcademicYear | None,
        on: date | None,
        today: date,
        names: bool,
        file_name: str | None,
        packed: ZipFacts | None,
        learner: str | None,
        straight: Exported | None = None,
    ) -> Report:
        """``straight``: the record, where it was read straight; else it is the reading's."""
        notes: list[str] = []
        if reading.violations:
            return self._explained(reading, settle_year(reading, year, today, []), today)
        settled = settle_year(reading, year, today, notes)
        notes += guessed(reading)
        day = on or prepared_on(reading) or today
        engine = self.engine(settled)
        remarks = list(reading.remarks)
        message: Entity | None
        if straight is not None:
            message = straight.message
            remarks += straight.remarks
        else:
            message = build(reading.message, engine.specification, remarks)
            remarks += self._breaches(reading, settled)
        if not isinstance(message, Message):
            raise InputError(f"None of this is part of the ILR in {settled}.")
        broken = [r for r in remarks if r.breaks_schema and reading.kind == "ILR XML"]
        message.namespace, message.file_name = reading.namespace, file_name
        message.zip = packed
        result = engine.run(message, day, today=today)
        own = self.house_engine(settled)
        house = own.run(message, day, today=today) if own else None
        notes[:0] = unread_year_note(engine, self.knowledge.catalogue.read_years)
        notes += namespace_note(reading.namespace, engine)
        notes += reference_note(self.knowledge.reference, today)
        if message.partial:
            notes.append(what_was_pasted(message))
        learners, others = by_learner(message, result.findings, names=names, house=house)
        if packed is not None and not message.children:
            _only_rules_on_zips(result)
        picture = Later(partial(self._timeline, message, result.findings, settled, day, learner))
        if learner is not None:
            _ = picture.value  # whoever names a learner is told at once if there is none
        return Report(
            year=settled,
            on=day,
            kind=reading.kind,
            learners=learners,
            rules_run=len(result.run),
            rules_not_run=result.reasons(),
            problems=tuple(_capped([r for r in remarks if r not in broken])),
            schema_errors=SchemaErrors(broken).found(),
            notes=tuple(notes),
            other_findings=others,
            common=common_findings(learners),
            house=house_check(house) if house else None,
            reference=tuple(self.knowledge.reference.to_json(today)),
            picture=picture,
            read=Later(straight.reading if straight else lambda: reading),
        )

    def _breaches(self, reading: ParsedRecord, year: AcademicYear) -> list[Remark]:
        shapes = self._shapes.setdefault(year, set())
        specification = self.engine(year).specification
        return schema_remarks(reading, specification, self.ruled_limits(year), shapes)

    def _exported(
        self, given: str | bytes | ParsedRecord, year: AcademicYear | None, today: date
    ) -> Exported | None:
        try:
            return exported(given, lambda head: settle_year(head, year, today, []), self._of_year)
        except InputError:
            return None  # a year that is not held: the long way says so

    def _of_year(self, year: AcademicYear) -> OfYear:
        if year not in self._of_years:
            ruled = self.ruled_limits(year) | {f"EO {name}" for name in TOPS}
            specification = self.engine(year).specification
            self._of_years[year] = OfYear(specification, self.straight_reader(year), ruled, set())
        return self._of_years[year]

    def _timeline(
        self,
        message: Message,
        findings: list[RuleFinding],
        year: AcademicYear,
        on: date,
        wanted: str | None,
    ) -> Timeline | None:
        flaws = [
            Flaw(f.entity, f.rule.id, f.rule.title, str(f.rule.severity), f.rule.fields, twins)
            for f, twins in with_twins(findings)
            if f.rule.severity is not Severity.OFF
        ]
        periods = self.knowledge.specification.qualifying_periods
        days = next((period.days for period in periods if period.verified), None)
        return timeline(
            message, flaws, year=year, on=on, qualifying_days=days, wanted=wanted,
            about=self._about,
        )  # fmt: skip

    def _about(self, aim: Aim) -> str:
        """An aim's level and title, when LARS is held and has it."""
        reference = self.knowledge.reference
        found = details_of(aim, reference.lars) if reference.has_lars else None
        return " · ".join(part for part in (found.level, found.title) if part) if found else ""


def zip_of(given: bytes, name: str | None) -> ZipFacts | None:
    """What is told of a ZIP; None for other files, and for documents that are ZIPs inside."""
    if is_zip(given):
        return None if office_kind(given) else look_into(given, name)
    called_zip = name is not None and name.casefold().endswith(".zip")
    return ZipFacts(name, damaged=True) if called_zip else None


def breaks_zip_rules(packed: ZipFacts) -> bool:
    """Whether nothing in a ZIP can be read and the rules on ZIPs say why.

    A ZIP of something else altogether is left to the reader, which says what it is.
    """
    if packed.can_be_read:
        return False
    name = (packed.name or "").casefold()
    several = sum(one.casefold().endswith(".xml") for one in packed.files) > 1
    return (
        name.startswith("ilr-")
        or packed.protected
        or several
        or (packed.damaged and name.endswith(".zip"))
    )


def _only_rules_on_zips(result: RunResult) -> None:
    """Rules on learners did not pass where no learner could be read: say that they were not run."""
    others = result.run - ZIP_RULES
    result.run -= others
    result.not_run.update(dict.fromkeys(others, "nothing in the ZIP could be read"))


def _violated(one: Violation, row: RuleRow | None) -> ViolatedRule:
    if row is None:
        return ViolatedRule(
            one.rule, "", None, one.learners, one.rows, "We don't hold this rule.",
            "Look it up in the published validation rules.",
        )  # fmt: skip
    return ViolatedRule(
        one.rule, row.title, row.severity, one.learners, one.rows, row.message, row.fix,
        tuple(row.entries),
    )  # fmt: skip


def house_check(result: RunResult) -> HouseCheck:
    """What running the provider's own checks came to."""
    return HouseCheck(len(result.run), len(result.findings), result.not_run)


def _capped(remarks: list[Remark]) -> list[Remark]:
    """At most fifty, in order of line, and a last one that counts the rest."""
    ordered = sorted(dict.fromkeys(remarks), key=lambda remark: remark.line or 0)
    if len(ordered) <= MAX_PROBLEMS:
        return ordered
    rest = len(ordered) - MAX_PROBLEMS
    return [*ordered[:MAX_PROBLEMS], Remark(None, f"… and {rest:,} more of the same kind.")]

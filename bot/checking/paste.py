"""Check a pasted record or a file: read it, settle its year, run the rules, report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from bot.checking.grouping import common_findings
from bot.checking.later import Later
from bot.checking.report import FindingReport, HouseCheck, LearnerReport, Report, ViolatedRule
from bot.checking.schema_errors import SchemaErrors, ruled_limits, schema_remarks
from bot.checking.violation_report import columns_of
from bot.errors import InputError
from bot.ilr.build import build
from bot.ilr.raw import RawEntity, Remark, ZipFacts
from bot.ilr.readers import ParsedRecord, Violation, read
from bot.ilr.readers.zip_files import is_zip, look_into, office_kind
from bot.ilr.record import Aim, Entity, Learner, Message, Placement
from bot.ilr.schema_check import Shape
from bot.ilr.straight import StraightReader
from bot.ilr.timeline import Timeline
from bot.ilr.timeline_of_record import Flaw, timeline
from bot.knowledge.base import KnowledgeBase
from bot.rules.catalogue import RuleRow, Severity
from bot.rules.engine import Engine, RunResult
from bot.rules.families.file import ZIP_RULES
from bot.rules.findings import RuleFinding, worst_first
from bot.rules.reference.data import ReferenceData
from bot.rules.reference.describe import details_of
from bot.rules.remedies import propose
from bot.rules.twins import with_twins
from bot.years import AcademicYear

__all__ = [
    "MAX_PROBLEMS",
    "Checker",
    "breaks_zip_rules",
    "by_learner",
    "guessed",
    "house_check",
    "namespace_note",
    "prepared_on",
    "reference_note",
    "settle_year",
    "unread_year_note",
    "what_was_pasted",
    "zip_of",
]

MAX_PROBLEMS = 50
MAX_GUESSES = 8


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
        if isinstance(given, ParsedRecord):
            reading = given
        elif packed is not None and breaks_zip_rules(packed):
            reading = ParsedRecord(RawEntity("Message", partial=True), "ZIP file")
        else:
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
    ) -> Report:
        notes: list[str] = []
        if reading.violations:
            return self._explained(reading, settle_year(reading, year, today, []), today)
        settled = settle_year(reading, year, today, notes)
        notes += guessed(reading)
        day = on or prepared_on(reading) or today
        engine = self.engine(settled)
        remarks = list(reading.remarks)
        message = build(reading.message, engine.specification, remarks)
        if not isinstance(message, Message):
            raise InputError(f"None of this is part of the ILR in {settled}.")
        shapes = self._shapes.setdefault(settled, set())
        ruled = self.ruled_limits(settled)
        remarks += schema_remarks(reading, engine.specification, ruled, shapes)
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
            reading=reading,
        )

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


MAX_NAMED = 4
"""Fields named in one note on guesses."""


def guessed(reading: ParsedRecord) -> list[str]:
    """What was not certain in a paste, one note a reason, with the fields and their lines."""
    places: dict[str, list[str]] = defaultdict(list)
    for item in reading.guesses():
        where = f"{item.name}, line {item.line}" if item.line else item.name
        for reason in (item.guess or "").split("; "):
            places[reason].append(where)
    notes = []
    for reason, found in places.items():
        more = f" and {len(found) - MAX_NAMED} more" if len(found) > MAX_NAMED else ""
        notes.append(f"A guess: {reason} ({'; '.join(found[:MAX_NAMED])}{more}).")
    if len(notes) > MAX_GUESSES:
        notes[MAX_GUESSES:] = [f"… and {len(notes) - MAX_GUESSES} more guesses; see `read`."]
    return notes


def settle_year(
    reading: ParsedRecord, asked: AcademicYear | None, today: date, notes: list[str]
) -> AcademicYear:
    """The year to check for: asked, else the paste's own, else the current one.

    What the reader should know about the choice is added to ``notes``.
    """
    stated: AcademicYear | None = None
    for text in (reading.year_text, reading.namespace and reading.namespace.rpartition("/")[2]):
        if text and stated is None:
            try:
                stated = AcademicYear.parse(text)
            except ValueError:
                notes.append("The year in the file could not be read.")
    if asked is not None:
        if stated is not None and stated != asked:
            notes.append(f"The record says {stated}; it was checked as {asked}, as you asked.")
        return asked
    if stated is not None:
        return stated
    current = AcademicYear.containing(today)
    notes.append(f"No academic year was given, so {current} was used.")
    return current


def unread_year_note(engine: Engine, read_years: Sequence[AcademicYear]) -> list[str]:
    """What to say of a year whose own rules were not read; nothing of one whose were."""
    year = engine.year
    if year in read_years:
        return []
    if year > read_years[-1]:
        return [
            f"The rules of {year} are not in yet, so those of {read_years[-1]} were run, as far as "
            "they go on. Look at what changed before you rely on this."
        ]
    texts = Counter(rule.text_of for rule in engine.rules)
    said = [
        f"{texts[other]:,} that "
        + (f"the {other} rules carry over from it" if other > year else f"are as in {other}")
        for other in sorted(texts)
    ]
    return [
        f"We don't hold the {year} rules. Run were {' and '.join(said)}; "
        f"{len(engine.never_run):,} others were not. `rules list` says which."
    ]


def namespace_note(namespace: str | None, engine: Engine) -> list[str]:
    """What to say of another year's namespace, in a year of which no rule says it."""
    facts = engine.specification.facts
    is_ruled = "Namespace_Mismatch" in engine.ids
    if namespace is None or namespace == facts.namespace or is_ruled:
        return []
    return [
        f"The file's namespace is {namespace[:60]}; that of {facts.year} is {facts.namespace}"
        f"{'' if facts.namespace_verified else ', as far as we know'}."
    ]


def reference_note(reference: ReferenceData, today: date) -> list[str]:
    """Which reference data was used, of which day and how old; nothing when there is none."""
    held = reference.described(today)
    return [f"Reference data used: {held}."] if held else []


def prepared_on(reading: ParsedRecord) -> date | None:
    """The header's file preparation date, when it is one."""
    try:
        return date.fromisoformat(reading.prepared_on) if reading.prepared_on else None
    except ValueError:
        return None


def what_was_pasted(message: Message) -> str:
    """What could not be checked of a record that is not a whole file."""
    if message.zip is not None and not message.children:
        return "Nothing in the ZIP could be read, so only rules about the ZIP itself were run."
    learners = message.learners
    if any(learner.partial for learner in learners):
        return (
            "Only part of a learner was pasted, so rules that need the rest of the learner's "
            "record were not run."
        )
    return "No file header was pasted, so rules about the file itself were not run."


def _learner_of(entity: Entity) -> Entity | None:
    at: Entity | None = entity
    while at is not None and not isinstance(at, Learner):
        at = at.parent
    return at


def house_check(result: RunResult) -> HouseCheck:
    """What running the provider's own checks came to."""
    return HouseCheck(len(result.run), len(result.findings), result.not_run)


def by_learner(
    message: Message, findings: list[RuleFinding], *, names: bool, house: RunResult | None = None
) -> tuple[tuple[LearnerReport, ...], tuple[FindingReport, ...]]:
    """Each learner's findings, and those on nothing in a learner."""
    grouped = _grouped(findings)
    own = _grouped(house.findings if house else [])
    learners = tuple(
        _learner(learner, grouped.get(id(learner), []), own.get(id(learner), []), names)
        for learner in message.learners
    )
    return learners, tuple(_finding(f, names, {}) for f in worst_first(grouped.get(None, [])))


def _grouped(findings: list[RuleFinding]) -> dict[int | None, list[RuleFinding]]:
    """Findings by the identity of the learner they are in, or None."""
    grouped: dict[int | None, list[RuleFinding]] = defaultdict(list)
    for finding in findings:
        learner = _learner_of(finding.entity)
        grouped[None if learner is None else id(learner)].append(finding)
    return grouped


def _learner(
    learner: Learner, mine: list[RuleFinding], own: list[RuleFinding], names: bool
) -> LearnerReport:
    places = _places(learner)
    return LearnerReport(
        ref=learner.shown("LearnRefNumber"),
        aims=sum(1 for aim in learner.of(Aim) if aim.raw or not aim.partial),
        placements=sum(len(aim.of(Placement)) for aim in learner.of(Aim)),
        findings=tuple(_finding(finding, names, places) for finding in worst_first(mine)),
        partial=learner.partial,
        house_findings=tuple(_finding(finding, names, places) for finding in worst_first(own)),
    )


def _places(learner: Learner) -> dict[int, int]:
    """Which placement of its aim each one is, by identity."""
    return {
        id(one): place for aim in learner.of(Aim) for place, one in enumerate(aim.of(Placement), 1)
    }


def _finding(finding: RuleFinding, names: bool, places: dict[int, int]) -> FindingReport:
    aim = finding.aim
    sequence = aim.shown("AimSeqNumber") if aim else ""
    proposal = propose(finding)
    return FindingReport(
        rule=finding.rule.id,
        title=finding.rule.title,
        severity=finding.rule.severity,
        fis=finding.rule.fis,
        entity=finding.entity.name,
        aim_seq=int(sequence) if sequence.isdigit() else None,
        aim_ref=aim.shown("LearnAimRef") if aim else "",
        line=finding.line,
        values=finding.values,
        message=finding.rule.message,
        fix=finding.rule.fix,
        entries=finding.rule.entries,
        partly=finding.rule.partly,
        note=finding.rule.note,
        usually=finding.rule.usually,
        decided_by=finding.decided_by,
        proposal=str(proposal) if proposal else None,
        placement=_placement_of(finding.entity, places),
        columns=columns_of(finding, names=names),
        aim_details=finding.aim_details,
    )


def _placement_of(entity: Entity, places: dict[int, int]) -> int | None:
    """Which placement of its aim something is, or stands in."""
    at: Entity | None = entity
    while at is not None and not isinstance(at, Placement):
        at = at.parent
    return None if at is None else places.get(id(at))


def _capped(remarks: list[Remark]) -> list[Remark]:
    """At most fifty, in order of line, and a last one that counts the rest."""
    ordered = sorted(dict.fromkeys(remarks), key=lambda remark: remark.line or 0)
    if len(ordered) <= MAX_PROBLEMS:
        return ordered
    rest = len(ordered) - MAX_PROBLEMS
    return [*ordered[:MAX_PROBLEMS], Remark(None, f"… and {rest:,} more of the same kind.")]

"""A learner record in memory: entities with their official field names as attributes.

A reader turns text into ``RawEntity`` trees; ``build`` turns those into typed entities for
one year's specification. A field that was not returned is ``ABSENT``, which compares false
with everything, as blanks do in the published rules. A field that could not be read, or a
part that was not pasted, raises when a rule asks for it, so that the rule is reported as
not run rather than passed.

Nothing here is ever stored or logged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, TypeVar

from bot.ilr.specification import FieldSpec, YearSpecification

__all__ = [
    "ABSENT",
    "ENTITIES",
    "PERSONAL_FIELDS",
    "Aim",
    "AimFAM",
    "AimHE",
    "AimMonitoring",
    "CannotTell",
    "CollectionDetails",
    "ContactPreference",
    "Destination",
    "EmploymentMonitoring",
    "EmploymentStatus",
    "Entity",
    "FinanceRecord",
    "HEFinancialSupport",
    "Header",
    "HoursRecord",
    "LLDDCategory",
    "Learner",
    "LearnerFAM",
    "LearnerHE",
    "LearnerMonitoring",
    "LearningProvider",
    "Message",
    "Outcome",
    "Placement",
    "PriorAttainment",
    "RawEntity",
    "RawField",
    "Remark",
    "Source",
    "SourceFile",
    "build",
    "is_whole",
    "known",
]

PERSONAL_FIELDS = frozenset(
    {
        "ULN", "FamilyName", "GivenNames", "DateOfBirth", "NINumber", "Postcode",
        "PostcodePrior", "AddLine1", "AddLine2", "AddLine3", "AddLine4", "TelNo", "Email",
        "UCASPERID", "UCASAPPID",
    }
)  # fmt: skip
"""Fields whose values identify a person: never shown outside the paster's own report."""

# Compared without regard to case in the published rules.
_UPPER = frozenset(
    {
        "LearnAimRef", "LearnDelFAMType", "LearnFAMType", "ESMType", "AFinType", "HRSType",
        "ContPrefType", "OutType", "Sex", "ProvSpecDelMonOccur", "ProvSpecLearnMonOccur",
    }
)  # fmt: skip


class _Absent:
    """A field that was not returned. Every comparison with it is false; ``!=`` is true."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __hash__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return False

    def __add__(self, other: object) -> _Absent:
        return self

    __radd__ = __sub__ = __rsub__ = __add__

    def __getattr__(self, name: str) -> _Absent:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: object) -> _Absent:
        return self

    def __str__(self) -> str:
        return ""

    __repr__ = __str__


ABSENT: Any = _Absent()
"""The value of a field that was not returned."""


def known(value: object) -> bool:
    """Whether a field was returned (0 counts as returned)."""
    return value is not ABSENT


Date = Any
"""A ``datetime.date``, or ABSENT."""
Number = Any
"""An ``int`` or ``Decimal``, or ABSENT."""
Text = Any
"""A ``str`` without surrounding spaces, or ABSENT."""


class CannotTell(Exception):  # noqa: N818 - it is an outcome, not an error
    """A rule asked for something that was not pasted or could not be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


NOT_PASTED = "the part of the record it needs was not pasted"
NOT_READ = "a value it needs could not be read"


@dataclass(slots=True)
class RawField:
    """A value as typed, and the line of the paste it stands on."""

    name: str
    text: str
    line: int | None = None
    guess: str | None = None
    """Why this is not certain, when the reader had to guess."""


@dataclass(slots=True)
class RawEntity:
    """What a reader makes: names and text, nothing interpreted yet."""

    name: str
    fields: list[RawField] = field(default_factory=list)
    children: list[RawEntity] = field(default_factory=list)
    line: int | None = None
    partial: bool = False
    """True when only some of its parts were pasted (a lone aim's learner, a cut fragment)."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the person should know about how their paste was read."""

    line: int | None
    message: str


E_ = TypeVar("E_", bound="Entity")


class Entity:
    """One element of the record. Fields are attributes; missing ones are ABSENT."""

    name: ClassVar[str] = ""
    line: int | None
    parent: Entity | None
    raw: dict[str, RawField]
    children: dict[str, list[Entity]]
    partial: bool

    def __init_subclass__(cls, entity: str | None = None) -> None:
        super().__init_subclass__()
        if entity is not None:
            cls.name = entity
            for attribute, kind in cls.__annotations__.items():
                if kind in {"Date", "Number", "Text"}:
                    setattr(cls, attribute, ABSENT)
            ENTITIES[entity] = cls

    def __init__(self, parent: Entity | None, line: int | None = None) -> None:
        self.parent = parent
        self.line = line
        self.raw = {}
        self.children = {}
        self.partial = False

    def of(self, kind: type[E_]) -> list[E_]:
        """The children of one kind, in the order returned."""
        return self.children.get(kind.name, [])  # type: ignore[return-value]

    def walk(self) -> Iterator[Entity]:
        """This entity and everything in it."""
        yield self
        for group in self.children.values():
            for child in group:
                yield from child.walk()

    def shown(self, name: str) -> str:
        """A field's value as it was typed, or "" when not returned."""
        found = self.raw.get(name)
        return found.text if found else ""

    def line_of(self, name: str) -> int | None:
        """The line of a field, else of the entity."""
        found = self.raw.get(name)
        return found.line if found and found.line is not None else self.line


ENTITIES: dict[str, type[Entity]] = {}
"""Official element name → class."""


class Message(Entity, entity="Message"):
    """The file."""

    namespace: str | None = None
    """As its first line gives it; None when that was not pasted."""
    file_name: str | None = None
    """The name it was given under; None for a paste."""

    @property
    def learners(self) -> list[Learner]:
        return self.of(Learner)

    @property
    def header(self) -> Header | None:
        return next(iter(self.of(Header)), None)

    @property
    def destinations(self) -> list[Destination]:
        return self.of(Destination)


class Header(Entity, entity="Header"):
    """What the file is."""


class CollectionDetails(Entity, entity="CollectionDetails"):
    """Collection, year and preparation date."""

    Collection: Text
    Year: Text
    FilePreparationDate: Date


class Source(Entity, entity="Source"):
    """Who made the file."""

    ProtectiveMarking: Text
    UKPRN: Number
    SoftwareSupplier: Text
    SoftwarePackage: Text
    Release: Text
    SerialNo: Text
    DateTime: Date
    ReferenceData: Text
    ComponentSetVersion: Text


class SourceFiles(Entity, entity="SourceFiles"):
    """Files merged into this one."""


class SourceFile(Entity, entity="SourceFile"):
    """One merged file."""

    SourceFileName: Text
    FilePreparationDate: Date
    SoftwareSupplier: Text
    SoftwarePackage: Text
    Release: Text
    SerialNo: Text
    DateTime: Date


class LearningProvider(Entity, entity="LearningProvider"):
    """Whose data it is."""

    UKPRN: Number


class Learner(Entity, entity="Learner"):
    """One person and everything recorded about them."""

    LearnRefNumber: Text
    PrevLearnRefNumber: Text
    PrevUKPRN: Number
    PMUKPRN: Number
    CampId: Text
    ULN: Number
    FamilyName: Text
    GivenNames: Text
    DateOfBirth: Date
    Ethnicity: Number
    Sex: Text
    LLDDHealthProb: Number
    NINumber: Text
    Accom: Number
    PriorAttain: Number
    ALSCost: Number
    PlanLearnHours: Number
    PlanEEPHours: Number
    MathGrade: Text
    EngGrade: Text
    PostcodePrior: Text
    Postcode: Text
    AddLine1: Text
    AddLine2: Text
    AddLine3: Text
    AddLine4: Text
    TelNo: Text
    Email: Text

    @property
    def aims(self) -> list[Aim]:
        return self.of(Aim)

    @property
    def fams(self) -> list[LearnerFAM]:
        return self.of(LearnerFAM)

    @property
    def prior_attainments(self) -> list[PriorAttainment]:
        return self.of(PriorAttainment)

    @property
    def llddcats(self) -> list[LLDDCategory]:
        return self.of(LLDDCategory)

    @property
    def contact_preferences(self) -> list[ContactPreference]:
        return self.of(ContactPreference)

    @property
    def employment_statuses(self) -> list[EmploymentStatus]:
        return self.of(EmploymentStatus)

    @property
    def he(self) -> LearnerHE | None:
        return next(iter(self.of(LearnerHE)), None)

    @property
    def monitorings(self) -> list[LearnerMonitoring]:
        return self.of(LearnerMonitoring)

    @property
    def placements(self) -> list[Placement]:
        return [placement for aim in self.aims for placement in aim.placements]

    def has_fam(self, kind: str, *codes: int) -> bool:
        """Whether a LearnerFAM of this type (and one of these codes, if any) is returned."""
        return any(
            f.LearnFAMType == kind and (not codes or f.LearnFAMCode in codes) for f in self.fams
        )


class ContactPreference(Entity, entity="ContactPreference"):
    """How the learner does not want to be contacted (to 2024-25)."""

    ContPrefType: Text
    ContPrefCode: Number


class PriorAttainment(Entity, entity="PriorAttain"):
    """Highest level already held, and since when (from 2021-22)."""

    PriorLevel: Number
    DateLevelApp: Date


class LLDDCategory(Entity, entity="LLDDandHealthProblem"):
    """A learning difficulty, disability or health problem."""

    LLDDCat: Number
    PrimaryLLDD: Number


class LearnerFAM(Entity, entity="LearnerFAM"):
    """A funding or monitoring marker of the learner."""

    LearnFAMType: Text
    LearnFAMCode: Number


class LearnerMonitoring(Entity, entity="ProviderSpecLearnerMonitoring"):
    """The provider's own marker of the learner."""

    ProvSpecLearnMonOccur: Text
    ProvSpecLearnMon: Text


class EmploymentStatus(Entity, entity="LearnerEmploymentStatus"):
    """Employment status from a date."""

    EmpStat: Number
    DateEmpStatApp: Date
    EmpId: Number
    AgreemId: Text

    @property
    def monitorings(self) -> list[EmploymentMonitoring]:
        return self.of(EmploymentMonitoring)

    @property
    def learner(self) -> Learner:
        return self.parent  # type: ignore[return-value]

    def has(self, kind: str, *codes: int) -> bool:
        """Whether it carries this monitoring type (and one of these codes, if any)."""
        return any(
            m.ESMType == kind and (not codes or m.ESMCode in codes) for m in self.monitorings
        )


class EmploymentMonitoring(Entity, entity="EmploymentStatusMonitoring"):
    """Detail of an employment status."""

    ESMType: Text
    ESMCode: Number


class LearnerHE(Entity, entity="LearnerHE"):
    """Higher education details of the learner."""

    UCASPERID: Text
    TTACCOM: Number

    @property
    def financial_support(self) -> list[HEFinancialSupport]:
        return self.of(HEFinancialSupport)


class HEFinancialSupport(Entity, entity="LearnerHEFinancialSupport"):
    """Support given by the provider."""

    FINTYPE: Number
    FINAMOUNT: Number


class Aim(Entity, entity="LearningDelivery"):
    """A learning aim, or a programme aim."""

    LearnAimRef: Text
    AimType: Number
    AimSeqNumber: Number
    LearnStartDate: Date
    OrigLearnStartDate: Date
    LearnPlanEndDate: Date
    FundModel: Number
    ProgType: Number
    PHours: Number
    StdCode: Number
    OTJActHours: Number
    PartnerUKPRN: Number
    DelLocPostCode: Text
    FworkCode: Number
    LSDPostcode: Text
    PwayCode: Number
    PriorLearnFundAdj: Number
    OtherFundAdj: Number
    ConRefNumber: Text
    AddHours: Number
    EPAOrgID: Text
    CompStatus: Number
    LearnActEndDate: Date
    WithdrawReason: Number
    Outcome: Number
    AchDate: Date
    OutGrade: Text
    EmpOutcome: Number
    SWSupAimId: Text
    TLOut: Number

    @property
    def learner(self) -> Learner:
        return self.parent  # type: ignore[return-value]

    @property
    def fams(self) -> list[AimFAM]:
        return self.of(AimFAM)

    @property
    def placements(self) -> list[Placement]:
        return self.of(Placement)

    @property
    def hours_records(self) -> list[HoursRecord]:
        return self.of(HoursRecord)

    @property
    def finance_records(self) -> list[FinanceRecord]:
        return self.of(FinanceRecord)

    @property
    def monitorings(self) -> list[AimMonitoring]:
        return self.of(AimMonitoring)

    @property
    def he(self) -> AimHE | None:
        return next(iter(self.of(AimHE)), None)

    def has_fam(self, kind: str, *codes: str) -> bool:
        """Whether a LearningDeliveryFAM of this type (and one of these codes) is returned."""
        # A loop: rules ask this more often than anything else, and any() costs twice as much.
        for fam in self.fams:
            if fam.LearnDelFAMType == kind and (not codes or fam.LearnDelFAMCode in codes):
                return True
        return False

    def fams_of(self, kind: str) -> list[AimFAM]:
        """The FAM records of one type, in order."""
        return [f for f in self.fams if f.LearnDelFAMType == kind]


class AimFAM(Entity, entity="LearningDeliveryFAM"):
    """A funding or monitoring marker of an aim."""

    LearnDelFAMType: Text
    LearnDelFAMCode: Text
    LearnDelFAMDateFrom: Date
    LearnDelFAMDateTo: Date

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class HoursRecord(Entity, entity="HRSRecord"):
    """Planned or actual hours of an aim (from 2026-27)."""

    HRSType: Text
    HRSCode: Number
    HRSAmount: Number

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class Placement(Entity, entity="LearningDeliveryWorkPlacement"):
    """One work placement under a work experience aim."""

    WorkPlaceStartDate: Date
    WorkPlaceEndDate: Date
    WorkPlaceHours: Number
    WorkPlaceMode: Number
    WorkPlaceEmpId: Number

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class FinanceRecord(Entity, entity="AppFinRecord"):
    """A price or payment of an apprenticeship."""

    AFinType: Text
    AFinCode: Number
    AFinDate: Date
    AFinAmount: Number

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class AimMonitoring(Entity, entity="ProviderSpecDeliveryMonitoring"):
    """The provider's own marker of an aim."""

    ProvSpecDelMonOccur: Text
    ProvSpecDelMon: Text

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class AimHE(Entity, entity="LearningDeliveryHE"):
    """Higher education details of an aim."""

    SSN: Text
    NUMHUS: Text
    QUALENT3: Text
    SOC: Number
    SEC: Number
    SOC2000: Number
    UCASSCHEMECODE: Text
    TYPEYR: Number
    UCASAPPID: Text
    MODESTUD: Number
    FUNDLEV: Number
    STULOAD: Number
    FUNDCOMP: Number
    YEARSTU: Number
    MSTUFEE: Number
    PCOLAB: Number
    SPECFEE: Number
    NETFEE: Number
    GROSSFEE: Number
    PCFLDCS: Number
    PERMADDCOUNTRY: Text
    PCSLDCS: Number
    ELQ: Number
    PCTLDCS: Number
    HEPostCode: Text
    DOMICILE: Text

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class Destination(Entity, entity="LearnerDestinationandProgression"):
    """What a learner went on to do (to 2023-24)."""

    LearnRefNumber: Text
    ULN: Number

    @property
    def outcomes(self) -> list[Outcome]:
        return self.of(Outcome)


class Outcome(Entity, entity="DPOutcome"):
    """One destination or progression outcome (to 2023-24)."""

    OutType: Text
    OutCode: Number
    OutStartDate: Date
    OutEndDate: Date
    OutCollDate: Date

    @property
    def destination(self) -> Destination:
        return self.parent  # type: ignore[return-value]


class _Guarded:
    """An attribute that raises ``CannotTell`` unless its entity is being trusted."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __get__(self, entity: Entity, owner: type[Entity]) -> Any:
        raise CannotTell(self.reason)

    def __set__(self, entity: Entity, value: object) -> None:
        raise AttributeError("guarded")


def _guard(entity: Entity, names: Iterable[str], reason: str) -> None:
    """Make ``names`` raise CannotTell on this one entity."""
    kind = type(entity)
    guarded = {name: _Guarded(reason) for name in names}
    entity.__class__ = type(kind.__name__, (kind,), guarded)


def field_names(kind: type[Entity]) -> list[str]:
    """The fields a class declares, in schema order."""
    declared = next(base for base in kind.__mro__ if "name" in vars(base))
    return [n for n, t in declared.__annotations__.items() if t in {"Date", "Number", "Text"}]


def build(raw: RawEntity, specification: YearSpecification, remarks: list[Remark]) -> Entity | None:
    """A typed entity tree from what a reader understood.

    Elements and fields that the year does not have, and values that are not of their type,
    are added to ``remarks`` with their line, without quoting the value. Returns None for an
    element that is not in the specification at all.
    """
    return _build(raw, specification, remarks, None)


def _build(
    raw: RawEntity,
    specification: YearSpecification,
    remarks: list[Remark],
    parent: Entity | None,
) -> Entity | None:
    kind = ENTITIES.get(raw.name)
    if kind is None:
        remarks.append(Remark(raw.line, f"{raw.name[:60]} is not an ILR element; it was not read."))
        return None
    entity = kind(parent, raw.line)
    entity.partial = raw.partial
    held = specification.entities.get(raw.name)
    if held is None:
        remarks.append(
            Remark(raw.line, f"{raw.name} is not part of the ILR in {specification.year}.")
        )
        return None
    unreadable: list[str] = []
    for item in raw.fields:
        spec = held.fields.get(item.name)
        if spec is None:
            remarks.append(
                Remark(
                    item.line,
                    f"{item.name[:60]} is not a field of {raw.name} in {specification.year}.",
                )
            )
            continue
        if item.name in entity.raw:
            remarks.append(
                Remark(item.line, f"{item.name} stands twice in one {raw.name}; the first is used.")
            )
            continue
        entity.raw[item.name] = item
        text = item.text.strip()
        if not text:
            continue
        try:
            if not is_whole(item.text):
                raise ValueError("is not whole, so it was not read.")
            setattr(entity, item.name, _typed(text, spec))
        except ValueError as error:
            unreadable.append(item.name)
            remarks.append(Remark(item.line, f"{item.name} {error}"))
    for child in raw.children:
        built = _build(child, specification, remarks, entity)
        if built is not None:
            entity.children.setdefault(built.name, []).append(built)
    if unreadable:
        _guard(entity, unreadable, NOT_READ)
    return entity


# Where pieces were pasted after each other, the halves of two values may meet in one tag: with
# a blank line between them, or with a piece of a tag.
_TWO_HALVES = re.compile(r"\n[ \t]*\n|(?:^|\w)>|</?\w")


def is_whole(text: str) -> bool:
    """Whether a value is one, and not the halves of two; nothing is concluded from halves."""
    # Nearly all values are told by these, at a tenth of the price.
    if "\n" not in text and ">" not in text and "<" not in text:
        return True
    return not _TWO_HALVES.search(text)


_ISO_DATE = re.compile(r"^(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?$")


def _typed(text: str, spec: FieldSpec) -> Any:
    """The value as its type. ValueError finishes the sentence "<field> …"."""
    if spec.type == "string":
        return text.upper() if spec.name in _UPPER else text
    if spec.type == "int":
        if not re.fullmatch(r"[+-]?\d{1,18}", text):
            raise ValueError("is not a whole number.")
        return int(text)
    if spec.type == "decimal":
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValueError("is not a number.") from None
        if not value.is_finite():
            raise ValueError("is not a number.")
        return value
    if spec.type == "datetime":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise ValueError("is not a date and time (YYYY-MM-DDThh:mm:ss).") from None
    match = _ISO_DATE.match(text)
    try:
        if match:
            return date.fromisoformat(match[1])
    except ValueError:
        pass
    raise ValueError("is not a date (in a file dates are written YYYY-MM-DD).")


_UPWARDS = frozenset({"learner", "aim", "destination"})


class Fragment:
    """Keeps rules from concluding anything from what was not pasted.

    While a rule runs, the fields and children of partial entities raise ``CannotTell``.
    Rules that hold on a part as on the whole (two placements with one start date) are run
    with the guard lifted.
    """

    def __init__(self, root: Entity) -> None:
        self._partial = [entity for entity in root.walk() if entity.partial]
        self._whole = [type(entity) for entity in self._partial]
        self._guarded: list[type[Entity]] = []
        for entity in self._partial:
            kind = type(entity)
            present = {name for name in field_names(kind) if name in entity.raw}
            names = [n for n in field_names(kind) if n not in present]
            names += [
                n for n, v in vars(kind).items() if isinstance(v, property) and n not in _UPWARDS
            ]
            names += ["of", "has_fam"]
            guards = {name: _Guarded(NOT_PASTED) for name in names}
            self._guarded.append(type(kind.__name__, (kind,), guards))

    def guard(self) -> None:
        """What was not pasted raises when asked for."""
        for entity, kind in zip(self._partial, self._guarded, strict=True):
            entity.__class__ = kind

    def lift(self) -> None:
        """What was not pasted reads as absent."""
        for entity, kind in zip(self._partial, self._whole, strict=True):
            entity.__class__ = kind

    def __bool__(self) -> bool:
        return bool(self._partial)

"""A learner record in memory: entities with their official field names as attributes.

A reader turns text into ``RawEntity`` trees (bot.ilr.raw); ``build`` turns those into these
entities for one year's specification. What a field holds, and what it means that one is
absent, is said in bot.ilr.absent.

Nothing here is ever stored or logged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, TypeVar

from bot.ilr.absent import ABSENT, Date, DecimalNumber, Number, Text
from bot.ilr.raw import ZipFacts

__all__ = [
    "ENTITIES",
    "E_",
    "PERSONAL_FIELDS",
    "Aim",
    "AimFAM",
    "AimHE",
    "AimMonitoring",
    "CollectionDetails",
    "ContactPreference",
    "DPOutcome",
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
    "Placement",
    "PriorAttainment",
    "Source",
    "SourceFile",
    "field_names",
]

PERSONAL_FIELDS = frozenset(
    {
        "ULN", "FamilyName", "GivenNames", "DateOfBirth", "NINumber", "Postcode",
        "PostcodePrior", "AddLine1", "AddLine2", "AddLine3", "AddLine4", "TelNo", "Email",
        "UCASPERID", "UCASAPPID",
    }
)  # fmt: skip
"""Fields whose values identify a person: never shown outside the paster's own report."""

E_ = TypeVar("E_", bound="Entity")


class Entity:
    """One element of the record. Fields are attributes; missing ones are ABSENT.

    What every entity has stands in slots, so that its ``__dict__`` is its fields and no more.
    """

    __slots__ = (
        "__dict__", "__weakref__",
        "blank", "children", "line", "lines", "parent", "partial", "texts",
    )  # fmt: skip
    name: ClassVar[str] = ""
    within: ClassVar[type[Entity] | None] = None
    """What it is part of; None for the file itself."""
    line: int | None
    parent: Entity | None
    texts: dict[str, str]
    """Field → its text as typed, blank ones too."""
    lines: dict[str, int | None]
    """Field → the line it is on."""
    children: dict[str, list[Entity]]
    partial: bool
    blank: tuple[str, ...]
    """Kinds of parts that it has none of for certain, though only some of it was pasted."""

    def __init_subclass__(
        cls, entity: str | None = None, within: type[Entity] | None = None
    ) -> None:
        super().__init_subclass__()
        if entity is not None:
            cls.name = entity
            cls.within = within
            ENTITIES[entity] = cls
            for name in field_names(cls):
                setattr(cls, name, ABSENT)

    def __init__(self, parent: Entity | None, line: int | None = None) -> None:
        self.parent = parent
        self.line = line
        self.texts = {}
        self.lines = {}
        self.children = {}
        self.partial = False
        self.blank = ()

    def of(self, kind: type[E_]) -> list[E_]:
        """The children of one kind, in the order returned."""
        return self.children.get(kind.name, [])  # type: ignore[return-value]

    def walk(self) -> Iterator[Entity]:
        """This entity and everything in it."""
        yield self
        for group in self.children.values():
            for child in group:
                if child.children:
                    yield from child.walk()
                else:
                    yield child

    def everything(self) -> list[Entity]:
        """The same as a list, in the same order: quicker where all of it is wanted."""
        found = [self]
        for group in self.children.values():
            for child in group:
                if child.children:
                    found += child.everything()
                else:
                    found.append(child)
        return found

    def by_kind(self) -> dict[str, list[Entity]]:
        """The same by name, those of each name in the same order."""
        found = {self.name: [self]}
        self._add_parts(found)
        return found

    def _add_parts(self, found: dict[str, list[Entity]]) -> None:
        for name, group in self.children.items():
            if name in found:
                found[name] += group
            else:
                found[name] = group.copy()
            for child in group:
                if child.children:
                    child._add_parts(found)

    def shown(self, name: str) -> str:
        """A field's value as it was typed, or "" when not returned."""
        return self.texts.get(name, "")

    def line_of(self, name: str) -> int | None:
        """The line of a field, else of the entity."""
        line = self.lines.get(name)
        return self.line if line is None else line


ENTITIES: dict[str, type[Entity]] = {}
"""Official element name → class."""


_KINDS = frozenset({"Date", "DecimalNumber", "Number", "Text"})


def field_names(kind: type[Entity]) -> list[str]:
    """The fields a class declares, in schema order."""
    declared = next(base for base in kind.__mro__ if "name" in vars(base))
    return [name for name, value in declared.__annotations__.items() if value in _KINDS]


class Message(Entity, entity="Message"):
    """The file."""

    namespace: str | None = None
    """As its first line gives it; None when that was not pasted."""
    file_name: str | None = None
    """The name it was given under; None for a paste."""
    zip: ZipFacts | None = None
    """The ZIP that it came in, if it did."""

    @property
    def learners(self) -> list[Learner]:
        return self.of(Learner)

    @property
    def header(self) -> Header | None:
        return next(iter(self.of(Header)), None)

    @property
    def destinations(self) -> list[Destination]:
        return self.of(Destination)


class Header(Entity, entity="Header", within=Message):
    """What the file is."""


class CollectionDetails(Entity, entity="CollectionDetails", within=Header):
    """Collection, year and preparation date."""

    Collection: Text
    Year: Text
    FilePreparationDate: Date


class Source(Entity, entity="Source", within=Header):
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


class SourceFiles(Entity, entity="SourceFiles", within=Message):
    """Files merged into this one."""


class SourceFile(Entity, entity="SourceFile", within=SourceFiles):
    """One merged file."""

    SourceFileName: Text
    FilePreparationDate: Date
    SoftwareSupplier: Text
    SoftwarePackage: Text
    Release: Text
    SerialNo: Text
    DateTime: Date


class LearningProvider(Entity, entity="LearningProvider", within=Message):
    """Whose data it is."""

    UKPRN: Number


class Learner(Entity, entity="Learner", within=Message):
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
        for fam in self.fams:
            if fam.LearnFAMType == kind and (not codes or fam.LearnFAMCode in codes):
                return True
        return False


class ContactPreference(Entity, entity="ContactPreference", within=Learner):
    """How the learner does not want to be contacted (to 2024-25)."""

    ContPrefType: Text
    ContPrefCode: Number


class PriorAttainment(Entity, entity="PriorAttain", within=Learner):
    """Highest level already held, and since when (from 2021-22)."""

    PriorLevel: Number
    DateLevelApp: Date


class LLDDCategory(Entity, entity="LLDDandHealthProblem", within=Learner):
    """A learning difficulty, disability or health problem."""

    LLDDCat: Number
    PrimaryLLDD: Number


class LearnerFAM(Entity, entity="LearnerFAM", within=Learner):
    """A funding or monitoring marker of the learner."""

    LearnFAMType: Text
    LearnFAMCode: Number


class LearnerMonitoring(Entity, entity="ProviderSpecLearnerMonitoring", within=Learner):
    """The provider's own marker of the learner."""

    ProvSpecLearnMonOccur: Text
    ProvSpecLearnMon: Text


class EmploymentStatus(Entity, entity="LearnerEmploymentStatus", within=Learner):
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


class EmploymentMonitoring(Entity, entity="EmploymentStatusMonitoring", within=EmploymentStatus):
    """Detail of an employment status."""

    ESMType: Text
    ESMCode: Number

    @property
    def status(self) -> EmploymentStatus:
        return self.parent  # type: ignore[return-value]


class LearnerHE(Entity, entity="LearnerHE", within=Learner):
    """Higher education details of the learner."""

    UCASPERID: Text
    TTACCOM: Number

    @property
    def financial_support(self) -> list[HEFinancialSupport]:
        return self.of(HEFinancialSupport)


class HEFinancialSupport(Entity, entity="LearnerHEFinancialSupport", within=LearnerHE):
    """Support given by the provider."""

    FINTYPE: Number
    FINAMOUNT: Number


class Aim(Entity, entity="LearningDelivery", within=Learner):
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


class AimFAM(Entity, entity="LearningDeliveryFAM", within=Aim):
    """A funding or monitoring marker of an aim."""

    LearnDelFAMType: Text
    LearnDelFAMCode: Text
    LearnDelFAMDateFrom: Date
    LearnDelFAMDateTo: Date

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class HoursRecord(Entity, entity="HRSRecord", within=Aim):
    """Planned or actual hours of an aim (from 2026-27)."""

    HRSType: Text
    HRSCode: Number
    HRSAmount: Number

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class Placement(Entity, entity="LearningDeliveryWorkPlacement", within=Aim):
    """One work placement under a work experience aim."""

    WorkPlaceStartDate: Date
    WorkPlaceEndDate: Date
    WorkPlaceHours: Number
    WorkPlaceMode: Number
    WorkPlaceEmpId: Number

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class FinanceRecord(Entity, entity="AppFinRecord", within=Aim):
    """A price or payment of an apprenticeship."""

    AFinType: Text
    AFinCode: Number
    AFinDate: Date
    AFinAmount: Number

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class AimMonitoring(Entity, entity="ProviderSpecDeliveryMonitoring", within=Aim):
    """The provider's own marker of an aim."""

    ProvSpecDelMonOccur: Text
    ProvSpecDelMon: Text

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class AimHE(Entity, entity="LearningDeliveryHE", within=Aim):
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
    STULOAD: DecimalNumber
    FUNDCOMP: Number
    YEARSTU: Number
    MSTUFEE: Number
    PCOLAB: DecimalNumber
    SPECFEE: Number
    NETFEE: Number
    GROSSFEE: Number
    PCFLDCS: DecimalNumber
    PERMADDCOUNTRY: Text
    PCSLDCS: DecimalNumber
    ELQ: Number
    PCTLDCS: DecimalNumber
    HEPostCode: Text
    DOMICILE: Text

    @property
    def aim(self) -> Aim:
        return self.parent  # type: ignore[return-value]


class Destination(Entity, entity="LearnerDestinationandProgression", within=Message):
    """What a learner went on to do (to 2023-24)."""

    LearnRefNumber: Text
    ULN: Number

    @property
    def outcomes(self) -> list[DPOutcome]:
        return self.of(DPOutcome)


class DPOutcome(Entity, entity="DPOutcome", within=Destination):
    """One destination or progression outcome (to 2023-24)."""

    OutType: Text
    OutCode: Number
    OutStartDate: Date
    OutEndDate: Date
    OutCollDate: Date

    @property
    def destination(self) -> Destination:
        return self.parent  # type: ignore[return-value]

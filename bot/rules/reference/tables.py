"""Which tables and columns of the published files are kept, and how their values are cleaned.

LARS: named as in the CSV download of schema version 012 (September 2026) and the department's
published database of version 006 (repository DC-Data-LARS). Columns that came or went between
versions are optional, so that any release loads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

__all__ = [
    "KINDS",
    "LARS_TABLES",
    "Column",
    "Kind",
    "Table",
    "clean_date",
    "lars_parts",
    "lars_parts_lacking",
    "normal_name",
    "postcode",
]

Value = str | int | float | None
Clean = Callable[[str], Value]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is kept: its name here, its published names, and how it is cleaned."""

    name: str
    published: tuple[str, ...]
    clean: Clean
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is kept. ``published``: its names, of which the first found is read."""

    name: str
    published: tuple[str, ...]
    columns: tuple[Column, ...]
    key: str
    """What it is looked up by."""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of reference data, and where people get it."""

    name: str
    title: str
    tables: tuple[Table, ...]
    where: str
    """Where it is downloaded."""


def text(value: str) -> Value:
    """Text without surrounding spaces; None when blank."""
    return value.strip() or None


def code(value: str) -> Value:
    """Text in capitals."""
    return value.strip().upper() or None


def reference(value: str) -> Value:
    """An aim reference: capitals, and the leading noughts that a spreadsheet takes off."""
    found = value.strip().upper()
    return found.zfill(8) if found.isdigit() else found or None


def aim_type(value: str) -> Value:
    """A four-figure type, e.g. 0003."""
    found = value.strip().upper()
    return found.zfill(4) if found.isdigit() else found or None


def whole(value: str) -> Value:
    """A whole number, however it is written (02, 2, 2.0); None when it is none."""
    try:
        return int(value)
    except ValueError:
        try:
            return int(float(value))
        except (ValueError, OverflowError):
            return None


def number(value: str) -> Value:
    """A number with decimal places; None when it is none."""
    try:
        return float(value)
    except ValueError:
        return None


def hours(value: str) -> Value:
    """Hours of a register that gives them as text: None when blank, or no number."""
    found = whole(value.replace(",", "").strip())
    return found if isinstance(found, int) and found > 0 else None


def day_of_time(value: str) -> Value:
    """The day of 2024-01-03T00:00:00."""
    return clean_date(value.partition("T")[0])


def postcode(value: str) -> Value:
    """A postcode without its space, in capitals."""
    return re.sub(r"\s+", "", value).upper() or None


_MONTHS = {
    name: place
    for place, name in enumerate(
        "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), 1
    )
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)\b")
_UK = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})\b")
_SPELT = re.compile(r"(\d\d?)[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})\b")
_YEAR_MONTH = re.compile(r"(\d{4})(\d\d)$")


def clean_date(value: str) -> str | None:
    """A day as YYYY-MM-DD from ISO, 24/09/2026, 24 Sep 2026 or 202609; None when blank.

    A time after it is left out. Raises ValueError for anything else, so that a form that is not
    known is not taken for "no end".
    """
    given = value.strip()
    if not given or given.upper() == "NULL":
        return None
    return _dates.get(given) or _dates.setdefault(given, _date(given))


_dates: dict[str, str] = {}
"""A file repeats a few thousand dates a million times."""


def _date(given: str) -> str:
    if found := _ISO.match(given):
        year, month, day = map(int, found.groups())
    elif found := _UK.match(given):
        day, month, year = map(int, found.groups())
    elif found := _SPELT.match(given):
        day, month, year = int(found[1]), _MONTHS.get(found[2].upper(), 0), int(found[3])
    elif found := _YEAR_MONTH.match(given):
        year, month, day = int(found[1]), int(found[2]), 1
    else:
        raise ValueError("not a date")
    return date(year, month, day).isoformat()


def normal_name(name: str) -> str:
    """A table's or column's name as it is compared: small letters and figures, no prefix."""
    found = re.sub(r"[^a-z0-9]", "", name.lower())
    return re.sub(r"^(?:core)?(?:reference)?lars", "", found)


def _column(name: str, *published: str, clean: Clean = text, required: bool = False) -> Column:
    return Column(name, published, clean, required)


_AIM = _column("ref", "LearnAimRef", clean=reference, required=True)
_FROM = _column("effective_from", "EffectiveFrom", clean=clean_date)
_TO = _column("effective_to", "EffectiveTo", clean=clean_date)
_PROGRAMME = (
    _column("programme_type", "ProgType", clean=whole, required=True),
    _column("framework", "FworkCode", "ProgrammeCode", clean=whole, required=True),
    _column("pathway", "PwayCode", clean=whole, required=True),
)
_STANDARD = _column("standard", "StandardCode", clean=whole, required=True)
_VALIDITY = (
    _column("category", "ValidityCategory", clean=code, required=True),
    _column("start", "StartDate", clean=clean_date, required=True),
    _column("end", "EndDate", clean=clean_date, required=True),
    _column("last_new_start", "LastNewStartDate", clean=clean_date),
)

LARS_TABLES = (
    Table(
        "aim",
        ("LearningDelivery",),
        (
            _AIM,
            _column("title", "LearnAimRefTitle", required=True),
            _column("type", "LearnAimRefType", clean=aim_type, required=True),
            _column("level", "NotionalNVQLevelv2", "NotionalNVQLevel", clean=code, required=True),
            _column("genre", "LearningDeliveryGenre", clean=code),
            _column("prescribed_he", "EnglPrscID", clean=whole),
            _column("common_component", "FrameworkCommonComponent", clean=whole),
            _column("subject_area", "SectorSubjectAreaTier2", clean=number),
            *(
                _column(
                    f"subject_{place}",
                    f"LearnDirectClassSystemCode{place}",
                    clean=code,
                )
                for place in (1, 2, 3)
            ),
            _FROM,
            _TO,
        ),
        key="ref",
        required=True,
    ),
    Table("validity", ("Validity",), (_AIM, *_VALIDITY), key="ref", required=True),
    Table(
        "aim_category",
        ("LearningDeliveryCategory",),
        (_AIM, _column("category", "CategoryRef", clean=whole, required=True), _FROM, _TO),
        key="ref",
    ),
    Table(
        "basic_skills",
        ("AnnualValue",),
        (_AIM, _column("type", "BasicSkillsType", clean=whole, required=True), _FROM, _TO),
        key="ref",
    ),
    Table("framework_aim", ("FrameworkAims",), (*_PROGRAMME, _AIM, _column(
        "component_type", "FrameworkComponentType", clean=whole), _FROM, _TO), key="ref"),
    Table("programme_aim", ("ProgrammeAims",), (*_PROGRAMME, _AIM, _FROM, _TO), key="ref"),
    Table("framework", ("Framework",), (*_PROGRAMME, _FROM, _TO), key="framework"),
    Table(
        "framework_common_component",
        ("FrameworkCmnComp",),
        (*_PROGRAMME, _column("component", "CommonComponent", clean=whole, required=True),
         _FROM, _TO),
        key="framework",
    ),
    Table(
        "standard",
        ("Standard",),
        (
            _STANDARD,
            _column("title", "StandardName"),
            _column("reference", "Reference", clean=code),
            _column("type", "ApprenticeshipStandardTypeCode", clean=code),
            _column("level", "NotionalEndLevel", clean=whole, required=True),
            _FROM,
            _column("last_start", "LastDateStarts", clean=clean_date),
            _TO,
        ),
        key="standard",
    ),
    Table("standard_validity", ("StandardValidity",), (_STANDARD, *_VALIDITY), key="standard"),
    Table(
        "standard_funding",
        ("StandardFunding",),
        (_STANDARD, _column("cap", "CoreGovContributionCap", clean=number, required=True),
         _FROM, _TO),
        key="standard",
    ),
    Table(
        "category",
        ("Category",),
        (
            _column("category", "CategoryRef", clean=whole, required=True),
            _column("parent", "ParentCategoryRef", clean=whole, required=True),
            _column("title", "CategoryName"),
        ),
        key="category",
    ),
    Table(
        "type_name",
        ("LearnAimRefType",),
        (
            _column("type", "LearnAimRefType", clean=aim_type, required=True),
            _column("title", "LearnAimRefTypeDesc", required=True),
        ),
        key="type",
    ),
    Table(
        "level_name",
        ("NotionalNVQLevelv2",),
        (
            _column("level", "NotionalNVQLevelV2", clean=code, required=True),
            _column("title", "NotionalNVQLevelV2Desc", required=True),
        ),
        key="level",
    ),
    Table(
        "validity_name",
        ("ValidityCategory",),
        (
            _column("category", "ValidityCategory", clean=code, required=True),
            _column("title", "ValidityCategoryDesc", required=True),
        ),
        key="category",
    ),
)  # fmt: skip


def lars_parts() -> Iterator[str]:
    """What a rule may need of LARS: each table by its published name, and each column that a
    release may lack as ``Table.Column``."""
    for table in LARS_TABLES:
        yield table.published[0]
        yield from (_part(table, column) for column in table.columns if not column.required)


def lars_parts_lacking(held: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Each part that a release lacks → what is missing, in words.

    ``held``: the names here of its tables, with their columns. A table without one of its dates
    cannot be told by day, and so counts as lacking.
    """
    lacking = {}
    for table in LARS_TABLES:
        name = table.published[0]
        columns = held.get(table.name)
        if columns is None:
            lacking[name] = f"the LARS table {name}"
        for column in table.columns:
            if column.required or (columns is not None and column.name in columns):
                continue
            part = _part(table, column)
            lacking[part] = lacking[name] if columns is None else f"the LARS column {part}"
            if column.clean is clean_date:
                lacking.setdefault(name, lacking[part])
    return lacking


def _part(table: Table, column: Column) -> str:
    return f"{table.published[0]}.{column.published[0]}"


_LARS_PAGE = "https://submit-learner-data.service.gov.uk/find-a-learning-aim/DownloadData"
_POSTCODES_PAGE = "https://geoportal.statistics.gov.uk (search: ONS Postcode Directory)"
_DEVOLVED_PAGE = "https://www.gov.uk/government/publications/adult-skills-fund-asf-postcode-files"
_STANDARDS_PAGE = "https://skillsengland.education.gov.uk/api/apprenticeshipstandards"
_ASSESSORS_PAGE = "https://www.gov.uk/guidance/apprenticeship-provider-and-assessment-register-apar"

KINDS = (
    Kind("lars", "LARS", LARS_TABLES, _LARS_PAGE),
    Kind(
        "devolved",
        "devolved area postcodes",
        (
            Table(
                "devolved",
                (),
                (
                    _column("postcode", "Postcode", "pcds", clean=postcode, required=True),
                    _column("source", "SourceOfFunding", "SOF", "SOFCode", "AreaSOF",
                            clean=whole, required=True),
                    _column("effective_from", "EffectiveFrom", "StartDate", clean=clean_date),
                    _column("effective_to", "EffectiveTo", "EndDate", clean=clean_date),
                ),
                key="postcode",
                required=True,
            ),
        ),
        _DEVOLVED_PAGE,
    ),
    Kind(
        "postcodes",
        "postcode directory",
        (
            Table(
                "postcode",
                (),
                (
                    _column("postcode", "pcds", "pcd", "pcd7", "pcd8", "Postcode",
                            clean=postcode, required=True),
                    _column("introduced", "dointr", clean=clean_date, required=True),
                    _column("terminated", "doterm", clean=clean_date, required=True),
                ),
                key="postcode",
                required=True,
            ),
        ),
        _POSTCODES_PAGE,
    ),
    Kind(
        "assessors",
        "assessment organisations",
        (
            Table(
                "assessor",
                (),
                (
                    _column("organisation", "EPAOrgID", "EPAOrganisationId",
                            "EPAOrganisationIdentifier", "AwardingOrganisationID",
                            clean=code, required=True),
                    _column("standard", "StandardCode", "LARSCode", "StdCode", clean=whole,
                            required=True),
                    _column("effective_from", "EffectiveFrom", "EffectiveFromDate",
                            clean=clean_date),
                    _column("effective_to", "EffectiveTo", "EffectiveToDate", clean=clean_date),
                ),
                key="organisation",
                required=True,
            ),
        ),
        _ASSESSORS_PAGE,
    ),
    Kind(
        "providers",
        "list of UKPRNs",
        (
            Table(
                "provider",
                (),
                (
                    _column("ukprn", "UKPRN", "ProviderUKPRN", "ProviderReferenceNumber",
                            clean=whole, required=True),
                    _column("name", "ProviderName", "LegalName", "Name", "OrganisationName"),
                ),
                key="ukprn",
                required=True,
            ),
        ),
        "https://www.ukrlp.co.uk, or the provider list of your MIS",
    ),
    Kind(
        "standards",
        "register of apprenticeship standards",
        (
            Table(
                "standard_version",
                (),
                (
                    _column("reference", "referenceNumber", clean=code, required=True),
                    _column("version", "version", "versionNumber", required=True),
                    _column("hours", "minimumHoursForCompliance", clean=hours, required=True),
                    _column("title", "title"),
                    _column("lars_code", "larsCode", clean=whole),
                    _column("earliest_start", "earliestStartDate", clean=day_of_time),
                    _column("latest_start", "latestStartDate", clean=day_of_time),
                ),
                key="reference",
                required=True,
            ),
        ),
        _STANDARDS_PAGE,
    ),
)  # fmt: skip
"""Each kind, those first whose columns another kind's file may have as well."""

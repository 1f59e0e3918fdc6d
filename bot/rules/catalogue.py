"""The rule catalogue: what each published rule says, when it holds and what it needs.

Read from knowledge/rules/*.yaml, one file a family. The code in bot/rules/families says how
a rule is decided; a rule that cannot be decided from a record still has its row, so that it
can be explained and reported as not run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from bot.ilr.specification import load_specification
from bot.schema import Source, Years
from bot.yaml_files import read_yaml, validate
from bot.years import AcademicYear, YearRange

__all__ = ["Catalogue", "Need", "RuleRow", "RulesFile", "Severity"]


class Severity(StrEnum):
    """What a breach does to the return."""

    ERROR = "error"
    """The record is rejected."""
    WARNING = "warning"
    """The record is accepted; look at it."""
    CHECK = "check"
    """The published text is unclear here, so we ask for a look rather than claim a breach."""
    OFF = "off"
    """Not run by the service."""


class Need(StrEnum):
    """Outside data that a record does not carry."""

    LARS = "LARS"
    POSTCODES = "postcode tables"
    DEVOLVED = "devolved area postcodes"
    ORGANISATIONS = "register of providers"
    PROVIDER = "the provider's own details"
    INITIATIVES = "short-term funding initiatives"
    COURSES = "the provider's apprenticeship service courses"
    EMPLOYERS = "employer register"
    ASSESSORS = "register of assessment organisations"
    LEARNING_RECORDS = "Learning Records Service"
    PREVIOUS_RETURNS = "earlier returns"
    CONTRACTS = "contracts and allocations"
    CAMPUSES = "campus identifiers"
    HE_FUNDING = "whether the provider returns HE funding fields"
    OWN_CAMPUSES = "the provider's own campuses"
    RETURN_PERIOD = "the return being made"
    FILE = "the whole file or its name"
    SERVICE = "the submission service"
    ELIGIBILITY = "short course and eligibility lists"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _parameters(given: Any) -> Any:
    """Figures become numbers and dates become dates, except in a name ending in "codes"."""
    if not isinstance(given, dict):
        return given
    return {
        name: value if str(name).endswith("codes") else _typed(value)
        for name, value in given.items()
    }


def _typed(value: Any) -> Any:
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if isinstance(value, str):
        if re.fullmatch(r"-?\d+", value):
            return int(value)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return date.fromisoformat(value)
    return value


Parameters = Annotated[dict[str, Any], BeforeValidator(_parameters)]
"""Limits that a rule's code reads. Lists named …codes stay text (FAM codes such as 034)."""


class Amendment(_Model):
    """What is different from a year on. Only what differs is given."""

    from_: str = Field(alias="from", pattern=r"^20\d\d-\d\d$")
    what: str = Field(description="One sentence for the reader")
    severity: Severity | None = None
    fis: Severity | None = None
    message: str | None = None
    fix: str | None = None
    parameters: Parameters | None = None
    checks_list: str | None = Field(default=None, description="null: no list alone decides it now")
    logic: bool = Field(default=False, description="Whether the condition itself changed")
    not_run: str | None = Field(default=None, description="Why it is not run from then on")
    only_change: bool = Field(
        default=False,
        description="All that changed since the year read before, by the file's own summary",
    )
    derived: bool = Field(
        default=False, description="Only a derived data definition changed, not the rule's text"
    )


class RuleRow(_Model):
    """One published rule, in our own words."""

    id: str = Field(pattern=r"^[A-Za-z0-9_]+$")
    title: str = Field(min_length=8, max_length=120)
    message: str = Field(min_length=10, max_length=600, description="What is wrong, to the reader")
    fix: str = Field(min_length=10, max_length=900, description="What to do about it")
    severity: Severity = Field(description="In Submit learner data")
    fis: Severity | None = Field(default=None, description="In FIS, when it differs")
    entity: str = Field(description="Where it is reported, e.g. LearningDelivery")
    fields: list[str] = Field(default_factory=list, description="Shown with a finding")
    years: Years
    needs: list[Need] = Field(
        default_factory=list,
        description="Outside data; with `partly`, what makes the rule run whole",
    )
    lars: list[str] = Field(
        default_factory=list,
        description="Tables of LARS it reads besides LearningDelivery and Validity, and columns "
        "(Table.Column) that a release may lack, by their published names",
    )
    not_run: str | None = Field(default=None, description="Why we do not run it, when not `needs`")
    partly: str | None = Field(default=None, description="What part is not run, when only part is")
    parameters: Parameters = Field(default_factory=dict)
    checks_list: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z]+\.[A-Za-z0-9]+$",
        description="The field, e.g. Learner.Sex, whose code list is all that the rule looks at",
    )
    amendments: list[Amendment] = Field(default_factory=list)
    also_called: list[str] = Field(default_factory=list)
    usually: str | None = Field(
        default=None, max_length=220, description="What usually causes it, and what to look at"
    )
    live_before: bool = Field(
        default=False, description="Carried over from the year before its first, by the file read"
    )
    same_until_dropped: bool = Field(
        default=False, description="The file that dropped it has the text of the first year read"
    )
    note: str | None = Field(default=None, description="Contradictions, and our decision")
    entries: list[str] = Field(default_factory=list, description="Entries that go deeper")
    source: Source | None = Field(default=None, description="When it is not the file's")


class RulesFile(_Model):
    """One file of knowledge/rules/."""

    family: str
    title: str
    category: Literal[
        "learner", "learning-delivery", "employment", "higher-education", "cross-record",
        "field-definition", "file", "destination",
    ]  # fmt: skip
    source: Source
    rules: list[RuleRow]


@dataclass(frozen=True)
class Rule:
    """A catalogue row as it stands in one year."""

    id: str
    family: str
    title: str
    message: str
    fix: str
    severity: Severity
    fis: Severity
    entity: str
    fields: tuple[str, ...]
    years: YearRange
    needs: tuple[Need, ...]
    lars: tuple[str, ...]
    """Tables and columns of LARS, which a release may lack."""
    not_run: str | None
    partly: str | None
    parameters: dict[str, Any]
    checks_list: str | None
    """The field whose code list is all that it looks at, e.g. ``Learner.Sex``."""
    usually: str | None
    """What usually causes a breach, and what to look at."""
    note: str | None
    entries: tuple[str, ...]
    source: Source
    changed: str | None
    """What is new about it in this very year, in a sentence."""
    text_of: AcademicYear
    """The year whose published text this is: another one, where the year's own was not read."""


class Catalogue:
    """Every rule, by id (any case, R63 and R_63 alike)."""

    def __init__(self, files: Sequence[RulesFile], read_years: Iterable[AcademicYear]) -> None:
        self.files = files
        self.read_years = tuple(sorted(read_years))
        """The years whose published rules were read. Those between are inferred from both sides,
        those after the last are what was rolled over from it."""
        self.rows: dict[str, RuleRow] = {}
        self._family: dict[str, RulesFile] = {}
        self._names: dict[str, str] = {}
        for file in files:
            for row in file.rules:
                self.rows[row.id] = row
                self._family[row.id] = file
                for name in (row.id, *row.also_called):
                    self._names[_key(name)] = row.id

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """Read knowledge/rules/. Raises KnowledgeError."""
        adapter = TypeAdapter(RulesFile)
        files = [validate(read_yaml(path), adapter) for path in sorted(folder.glob("*.yaml"))]
        facts = load_specification(folder.parent / "ilr").facts
        return cls(files, [year for year, held in facts.items() if held.rules_read])

    def find(self, name: str) -> RuleRow | None:
        """A row by its id as people write it."""
        found = self._names.get(_key(name))
        return self.rows[found] if found else None

    def family(self, rule_id: str) -> RulesFile:
        """The file a rule stands in."""
        return self._family[rule_id]

    def in_year(self, row: RuleRow, year: AcademicYear) -> Rule | None:
        """The rule as it stands in a year, or None when it is not live then, or its text for a year
        that was not read is not known (``is_live`` tells which)."""
        if year > self.read_years[-1]:
            last = self.in_year(row, self.read_years[-1]) if year in row.years else None
            return replace(last, changed=None) if last else None
        text_of = self._text_of(row, year)
        if text_of is None:
            return None
        amended = [(AcademicYear.parse(a.from_), a) for a in row.amendments]
        file = self._family[row.id]
        values: dict[str, Any] = {
            "severity": row.severity,
            "fis": row.fis,
            "message": row.message,
            "fix": row.fix,
        }
        checks_list = row.checks_list
        parameters = dict(row.parameters)
        changed, not_run = None, row.not_run
        for start, amendment in sorted(amended, key=lambda pair: pair[0]):
            if start > year:
                continue
            for name in values:
                given = getattr(amendment, name)
                if given is not None:
                    values[name] = given
            parameters.update(amendment.parameters or {})
            if "checks_list" in amendment.model_fields_set:
                checks_list = amendment.checks_list
            not_run = amendment.not_run or not_run
            changed = amendment.what if start == year else changed
        # "New" can only be said of a year whose forerunner was read as well.
        if row.years.start == year and changed is None and year - 1 in self.read_years:
            changed = f"New in {year}."
        return Rule(
            id=row.id,
            family=file.family,
            title=row.title,
            entity=row.entity,
            fields=tuple(row.fields),
            years=row.years,
            needs=tuple(row.needs),
            lars=tuple(row.lars),
            not_run=not_run,
            partly=row.partly,
            parameters=parameters,
            checks_list=checks_list,
            usually=row.usually,
            note=row.note,
            entries=tuple(row.entries),
            source=row.source or file.source,
            changed=changed,
            text_of=text_of,
            severity=values["severity"],
            fis=values["fis"] or values["severity"],
            message=values["message"],
            fix=values["fix"],
        )

    def is_live(self, row: RuleRow, year: AcademicYear) -> bool:
        """Whether a rule is in force in a year, as far as is known."""
        just_before = row.live_before and year + 1 == row.years.start
        return year in row.years or (just_before and year not in self.read_years)

    def _text_of(self, row: RuleRow, year: AcademicYear) -> AcademicYear | None:
        """The read year whose text of the rule holds in ``year``; None when that is not known.

        A published file says of each rule whether it was carried over from the year before. So
        the text of the last year before a file is that file's, unless it marks a change. Earlier
        years have the text of the file before them: of rules that are the same in both files, that
        changed in the later one and in nothing else, or that the later one dropped as they were.
        Of a field definition rule the year's specification is the text.
        """
        if not self.is_live(row, year):
            return None
        if year in self.read_years:
            return year
        before = max((y for y in self.read_years if y < year), default=None)
        after = min((y for y in self.read_years if y > year), default=None)
        if before is None or after is None:
            return None
        in_before = before in row.years
        in_after = after in row.years
        if row.id.startswith("FD_"):
            return before if in_before and not (in_after and year + 1 == after) else after
        amended = [(AcademicYear.parse(a.from_), a) for a in row.amendments if not a.derived]
        changes = [(start, a) for start, a in amended if before < start <= after]
        if in_after and year + 1 == after and all(start != after for start, _ in changes):
            return after
        if in_before and in_after:
            known = all(start == after and a.only_change for start, a in changes)
            return before if known else None
        return before if in_before and row.same_until_dropped and not changes else None


@lru_cache(maxsize=4)
def load_catalogue(folder: Path) -> Catalogue:
    """``Catalogue.load``, once a process for each folder."""
    return Catalogue.load(folder)


def _key(name: str) -> str:
    return name.replace("_", "").replace(" ", "").replace("-", "").lower()

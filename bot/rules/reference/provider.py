"""What a provider knows of itself: ``provider.yaml``, written by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, TypeAdapter

from bot.schema import Model
from bot.yaml_files import read_yaml, validate

__all__ = ["FILE_NAME", "Contract", "Course", "Initiative", "Provider", "read_provider"]

FILE_NAME = "provider.yaml"
UKPRN = Annotated[int, Field(ge=10_000_000, le=99_999_999)]
YesNo = Annotated[
    bool,
    BeforeValidator(
        lambda given: {"yes": True, "true": True, "no": False, "false": False}.get(
            str(given).strip().lower(), given
        )
    ),
]


class Contract(Model):
    """A contract or allocation, as its document names it."""

    stream: str = Field(
        min_length=3, max_length=40,
        description="The funding stream period code, e.g. ASFC-ASCL2627",
    )  # fmt: skip
    number: str | None = Field(default=None, description="Its contract allocation number")
    year: str | None = Field(
        default=None, pattern=r"^20\d\d-\d\d$", description="Its year, for the reader"
    )
    funding_model: int | None = Field(default=None, description="Its model, for the reader")
    start: date | None = Field(default=None, description="When it starts")
    stop_new_starts: date | None = Field(
        default=None, description="From when nobody may start on it"
    )


class Initiative(Model):
    """A short-term funding initiative that the provider takes part in."""

    ldm: str = Field(pattern=r"^\d{3}$", description="Its monitoring code (LDM)")
    start: date
    end: date | None = None


class Course(Model):
    """A standard or apprenticeship unit in the provider's apprenticeship service account."""

    standard: int | None = Field(default=None, description="The LARS code of a standard")
    aim: str | None = Field(default=None, description="The aim reference of a unit")
    start: date | None = Field(default=None, description="Effective from")
    last_new_start: date | None = None
    end: date | None = Field(default=None, description="Effective to")


class Provider(Model):
    """The provider whose records are checked."""

    ukprn: UKPRN
    name: str | None = None
    type: str = Field(
        pattern=r"^[A-Z]{4}$",
        description="Its legal organisation type, e.g. UGFE; that of the department's register",
    )
    office_for_students: YesNo = Field(description="Whether it is on the OfS register")
    he_funding_fields: YesNo | None = Field(
        default=None,
        description="Whether the Office for Students asks it for the HE funding fields (FUNDLEV); "
        "left out: that rule is not run",
    )
    long_term_residential: YesNo = False
    contracts: tuple[Contract, ...] | None = Field(
        default=None, description="All of them; left out: the rules on contracts are not run"
    )
    bootcamp_contracts: tuple[str, ...] = Field(
        default=(), description="Contract reference numbers of Skills Bootcamps"
    )
    campuses: tuple[str, ...] | None = Field(
        default=None, description="All its campus identifiers; left out: those rules are not run"
    )
    partners: tuple[UKPRN, ...] = Field(default=(), description="UKPRNs of subcontractors")
    initiatives: tuple[Initiative, ...] | None = Field(
        default=None, description="All of them; left out: that rule is not run"
    )
    initiative_codes: tuple[str, ...] = Field(
        default=(), description="LDM codes that belong to an initiative of any provider"
    )
    courses: tuple[Course, ...] | None = Field(
        default=None, description="All of them; left out: those rules are not run"
    )

    def holds(self, streams: list[str]) -> list[Contract]:
        """Its contracts of these funding streams."""
        wanted = {stream.upper() for stream in streams}
        return [one for one in self.contracts or () if one.stream.upper() in wanted]


def read_provider(path: Path) -> Provider:
    """Read provider.yaml. Raises KnowledgeError with file, line and remedy."""
    return validate(read_yaml(path, shown_as=path.name), TypeAdapter(Provider))

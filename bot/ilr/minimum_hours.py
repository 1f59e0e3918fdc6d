"""Minimum off-the-job hours of apprenticeship standards, as far as they were read: one small file.

Several editions may give a standard different figures. All are kept, and told side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.schema import Identifier, Model, Source
from bot.yaml_files import read_yaml, validate

__all__ = ["Edition", "Figure", "MinimumHours", "load_minimum_hours"]

StandardReference = Annotated[str, Field(pattern=r"^ST\d{4}$")]
Hours = Annotated[int, Field(ge=1, le=9999)]


class HoursOfVersion(Model):
    """What an edition gives one version of a standard."""

    standard: StandardReference = Field(description="Its ST number")
    version: str = Field(pattern=r"^\d+\.\d+$", description="The version of the standard")
    hours: Hours = Field(description="Minimum off-the-job hours")


class Edition(Model):
    """One publication of figures, and where they were read."""

    name: Identifier
    title: str = Field(min_length=8, max_length=120, description="What was published, and when")
    source: Source
    hours: dict[Hours, str] = Field(
        default_factory=dict, description="Hours: the standards they are of, by spaces"
    )
    versions: list[HoursOfVersion] = Field(
        default_factory=list, description="Figures of one version of a standard"
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """The minimum hours that one edition gives a standard, or one version of it."""

    hours: int
    edition: Edition
    version: str | None = None


class MinimumHours(Model):
    """The file knowledge/ilr/minimum-hours.yaml, the latest edition first."""

    title: str = Field(min_length=8, max_length=120)
    about: str = Field(min_length=8, description="What it holds, and for which question")
    as_of: date = Field(description="The day of the latest edition of the rules that is in it")
    read: date = Field(description="The day on which it was read")
    trust: str = Field(min_length=20, description="How far to trust it, to the reader")
    editions: list[Edition] = Field(min_length=1, description="The latest first")

    @cached_property
    def by_standard(self) -> Mapping[str, tuple[Figure, ...]]:
        """ST number → its figures, in the order of the editions."""
        found: dict[str, list[Figure]] = {}
        for edition in self.editions:
            for one in edition.versions:
                figure = Figure(one.hours, edition, one.version)
                found.setdefault(one.standard, []).append(figure)
            for hours, standards in edition.hours.items():
                for standard in standards.split():
                    found.setdefault(standard, []).append(Figure(hours, edition))
        return {standard: tuple(figures) for standard, figures in found.items()}

    @property
    def source(self) -> Source:
        """That of the edition with the most figures."""
        return max(self.editions, key=lambda one: sum(map(len, one.hours.values()))).source

    def described(self) -> str:
        """``Title: 713 standards, as of 10/12/2025, second-hand. From: Source``."""
        return (
            f"{self.title}: {len(self.by_standard):,} standards, as of {self.as_of:%d/%m/%Y}, "
            f"second-hand. From: {self.source.title}, {self.source.url}"
        )

    def to_json(self) -> dict[str, object]:
        """The same keys as of any list that is shipped."""
        return {
            "name": "minimum-hours",
            "title": self.title,
            "rows": len(self.by_standard),
            "as_of": self.as_of.isoformat(),
            "read": self.read.isoformat(),
            "source": self.source.model_dump(),
            "note": self.trust,
        }


def load_minimum_hours(file: Path) -> MinimumHours | None:
    """The figures of a file; None when there is none.

    Raises KnowledgeError, with file and line, for a mistake in it.
    """
    if not file.is_file():
        return None
    return validate(read_yaml(file), TypeAdapter(MinimumHours))

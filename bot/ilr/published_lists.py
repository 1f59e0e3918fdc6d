"""Small published lists that the rules look things up in: knowledge/ilr/lists/, one file a list.

Each says where it was read, when, as of when it stood, and for which years it is known to be
complete. What is large (LARS, postcodes) is not here: a college loads it itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.schema import Identifier, Model, Source, Years
from bot.yaml_files import read_yaml, validate
from bot.years import AcademicYear, YearRange

__all__ = ["ListedRow", "PublishedList", "load_lists"]

YearText = Annotated[str, Field(pattern=r"^20\d\d-\d\d$")]


class ListedRow(Model):
    """One row of a list."""

    code: str = Field(min_length=1, max_length=20)
    title: str = Field(min_length=2, max_length=120)
    first_year: YearText | None = Field(default=None, description="The first year it runs in")
    with_: str = Field(default="", alias="with", description="Codes that go with it, by spaces")

    @cached_property
    def members(self) -> frozenset[str]:
        """The codes that go with it."""
        return frozenset(self.with_.split())


class PublishedList(Model):
    """One file of knowledge/ilr/lists/."""

    name: Identifier
    title: str = Field(min_length=8, max_length=120)
    about: str = Field(min_length=8, description="What it holds, and for which question")
    source: Source
    as_of: date = Field(description="The day on which the published list stood like this")
    read: date = Field(description="The day on which it was read")
    complete: bool | Years = Field(
        description="Whether every code is listed; or the years for which every code is"
    )
    note: str | None = None
    rows: list[ListedRow] = Field(min_length=1, description="What is listed")

    @cached_property
    def by_code(self) -> Mapping[str, ListedRow]:
        """Its rows by their codes."""
        return {row.code: row for row in self.rows}

    @property
    def read_for(self) -> YearRange | None:
        """The years for which it is known to be complete; None for all of them, or none."""
        return None if isinstance(self.complete, bool) else self.complete

    def is_complete(self, year: AcademicYear) -> bool:
        """Whether a code that is not listed does not exist in a year."""
        return self.complete if isinstance(self.complete, bool) else year in self.complete

    def described(self) -> str:
        """``Title: 28 rows, as of 08/06/2026. From: Source``."""
        where = f"{self.source.title}, {self.source.url}" if self.source.url else self.source.title
        count = f"{len(self.rows)} {'row' if len(self.rows) == 1 else 'rows'}"
        return f"{self.title}: {count}, as of {self.as_of:%d/%m/%Y}. From: {where}"

    def to_json(self) -> dict[str, object]:
        """Its name, size, days and source."""
        return {
            "name": self.name,
            "title": self.title,
            "rows": len(self.rows),
            "as_of": self.as_of.isoformat(),
            "read": self.read.isoformat(),
            "source": self.source.model_dump(),
            "note": self.note,
        }


def load_lists(folder: Path) -> dict[str, PublishedList]:
    """Every list of a folder by its name; none when there is no such folder.

    Raises KnowledgeError, with file and line, for a list with a mistake in it.
    """
    adapter = TypeAdapter(PublishedList)
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    found = [validate(read_yaml(path), adapter) for path in paths]
    return {one.name: one for one in found}

"""knowledge/ilr/spoken-names.yaml, and a provider's own beside it, as they are written."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from bot.ilr.readers.assembly import FIELDS
from bot.yaml_files import read_yaml, validate

__all__ = ["SpokenEntity", "SpokenNames", "own_names", "read_names"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class SpokenEntity(_Model):
    """What one entity and its fields are called."""

    entity: str = Field(description="Official element name")
    headings: list[str] = Field(
        default=[], description='Words that head its part of a list: "Placement 2"'
    )
    names: dict[str, list[str]] = Field(
        default={}, description="Official field name → what it is called"
    )

    @model_validator(mode="after")
    def _is_of_the_ilr(self) -> SpokenEntity:
        if self.entity not in FIELDS:
            raise ValueError(f"{self.entity!r} is not an ILR element. Check its spelling.")
        strange = [name for name in self.names if name not in FIELDS[self.entity]]
        if strange:
            raise ValueError(f"{strange[0]!r} is not a field of {self.entity}. Check its spelling.")
        return self


class SpokenNames(_Model):
    """knowledge/ilr/spoken-names.yaml."""

    entities: list[SpokenEntity] = []
    types: dict[str, list[str]] = Field(
        default={}, description="FAM entity → types that stand as a heading of their own"
    )
    values: dict[str, dict[str, list[str]]] = Field(
        default={},
        description="Field → code → words that screens show in its place; * at the end: and more",
    )
    abbreviations: dict[str, str] = Field(
        default={}, description='What parts of a name are short for: "hrs" → "hours"'
    )
    ignored: list[str] = Field(
        default=[], description="Headings that are no field and need no remark"
    )
    type_names: dict[str, dict[str, list[str]]] = Field(
        default={}, description='FAM or monitoring entity → type → what it is called: "EHC plan"'
    )
    if_fits: dict[str, dict[str, list[str]]] = Field(
        default={},
        description="Entity → field → names that are its only where the value has its form",
    )
    people: list[str] = Field(
        default=[], description="Headings of a learner's name, which tells two learners apart"
    )
    under: dict[str, dict[str, list[str]]] = Field(
        default={},
        description='Entity → field → short names that are its in a part headed so: "Type"',
    )
    beside: dict[str, list[str]] = Field(
        default={},
        description="Entity → headings that are no field of it, but stand beside its fields",
    )


def own_names(folder: Path) -> Path:
    """Where a provider's own names stand in its own knowledge folder."""
    return folder / "ilr" / "spoken-names.yaml"


def read_names(path: Path) -> SpokenNames:
    """Raises KnowledgeError, which names file, line and remedy."""
    return validate(read_yaml(path), TypeAdapter(SpokenNames))

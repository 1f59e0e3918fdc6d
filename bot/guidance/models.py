"""The shapes of the curated YAML, checked by pydantic at the edge.

A curator's file is read into these; a wrong key or value is reported by
``bot.guidance.reading`` with file, line and remedy. The JSON Schemas in
knowledge/schemas/ are made from these classes.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from bot.years import YearRange

__all__ = ["AnswerText", "Entry", "Source", "Status", "Term", "Topic", "Years"]

Years = Annotated[
    YearRange,
    BeforeValidator(YearRange.from_data),
    PlainSerializer(lambda years: years.to_json()),
    WithJsonSchema(
        {
            "oneOf": [
                {"type": "string", "pattern": r"^20\d\d-\d\d$"},
                {
                    "type": "object",
                    "properties": {
                        "from": {"type": "string", "pattern": r"^20\d\d-\d\d$"},
                        "to": {"type": "string", "pattern": r"^20\d\d-\d\d$"},
                    },
                    "required": ["from"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class Status(StrEnum):
    """How far an answer can be trusted."""

    OFFICIAL = "official"
    """Read in a departmental publication for the year it is given for."""
    OFFICIAL_OLDER = "official-older"
    """Read in an official publication of an earlier year; no later text contradicts it."""
    RULE_CODE = "rule-code"
    """Read in the published validation rules or their published source code."""
    PRACTICE = "practice"
    """What experienced MIS staff do; peer advice, not a ruling."""
    CONTESTED = "contested"
    """Sources or practitioners disagree; the answer shows both sides."""
    UNVERIFIED = "unverified"
    """No source was read for it; the answer says so."""

    @property
    def in_words(self) -> str:
        """For the reader, as a phrase."""
        return _STATUS_WORDS[self]


_STATUS_WORDS = {
    Status.OFFICIAL: "official guidance",
    Status.OFFICIAL_OLDER: "official guidance of an earlier year; check the current text",
    Status.RULE_CODE: "read from the published validation rules",
    Status.PRACTICE: "what MIS teams do in practice, not a ruling",
    Status.CONTESTED: "contested: sources disagree, both sides are shown",
    Status.UNVERIFIED: "not verified: no source was found for this",
}


class Model(BaseModel):
    """No unknown keys, no later changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Source(Model):
    """Where a statement was read."""

    title: str = Field(min_length=3)
    url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    year: str = Field(
        min_length=4,
        description="The academic year or years it speaks for, e.g. 2024-25, or 'year-less'",
    )


class AnswerText(Model):
    """One answer, for a span of academic years."""

    years: Years
    text: str = Field(min_length=20, max_length=2800)
    sources: list[str | Source] = Field(
        min_length=1, description="Keys of knowledge/sources.yaml, or {title, url, year}"
    )
    status: Status | None = Field(default=None, description="When it differs from the entry's")


class Entry(Model):
    """One topic: the question, the ways people ask it, and its answers by year."""

    id: Identifier
    topic: Identifier
    question: str = Field(min_length=10, max_length=150)
    also_asked: list[str] = Field(min_length=1)
    answers: list[AnswerText] = Field(min_length=1)
    clarify: list[str] = Field(
        default_factory=list, description="What to ask the asker when it changes the answer"
    )
    status: Status
    unverified: str | None = Field(
        default=None, description="What in this answer could not be verified, for the reader"
    )
    rules: list[str] = Field(default_factory=list)
    fields: list[str] = Field(default_factory=list)
    related: list[Identifier] = Field(default_factory=list)
    owner: Identifier
    reviewed: date
    review_by: date


class Topic(Model):
    """A heading under which entries are browsed."""

    id: Identifier
    title: str
    about: str


class Term(Model):
    """A word or abbreviation staff use, for matching and for explaining."""

    term: str = Field(min_length=1, description="The usual form, e.g. EEP")
    also: list[str] = Field(default_factory=list, description="Other spellings and names")
    means: str = Field(min_length=3, description="The full name it stands for")
    about: str | None = Field(default=None, description="One or two sentences for 'explain'")
    expand: bool = Field(
        default=True, description="Whether matching treats term, spellings and meaning as one"
    )
    kind: Literal["abbreviation", "code", "field", "product", "body", "word", "return"] = "word"
    see: list[str] = Field(default_factory=list, description="Entry ids, fields or rules")
    sources: list[str | Source] = Field(default_factory=list)


class TermsFile(Model):
    """knowledge/glossary.yaml."""

    terms: list[Term]


class SourcesFile(Model):
    """knowledge/sources.yaml: keys are short names that entries use."""

    sources: dict[Identifier, Source]


class TopicsFile(Model):
    """knowledge/topics.yaml."""

    topics: list[Topic]


EntriesFile = list[Entry]

JsonDict = dict[str, Any]

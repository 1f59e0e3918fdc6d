"""The shapes of the curated YAML, checked by pydantic at the edge.

A curator's file is read into these; a wrong key or value is reported by
``bot.yaml_files`` with file, line and remedy. The JSON Schemas in
knowledge/schemas/ are made from these classes.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from bot.schema import Identifier, Model, Source, Years

__all__ = [
    "AnswerText",
    "Entry",
    "Provision",
    "ProvisionWords",
    "ProvisionsFile",
    "Status",
    "Term",
    "Topic",
]


ReturnCode = Annotated[str, Field(pattern=r"^R(0[1-9]|1[0-4])$")]
"""R01 to R14."""


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
    QUOTED = "quoted"
    """Official text, read only as somebody else quotes or indexes it; the answer names who."""
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
    Status.PRACTICE: "advice between MIS staff, not a ruling",
    Status.QUOTED: "official text as quoted by somebody else; check the text itself",
    Status.CONTESTED: "contested: sources disagree, both sides are shown",
    Status.UNVERIFIED: "not verified: no source was found for this",
}


class Provision(StrEnum):
    """A kind of provision, each with rules of its own: whose record an entry speaks of."""

    STUDY_PROGRAMME = "16-19"
    T_LEVEL = "t-level"
    APPRENTICESHIP = "apprenticeship"
    ADULT_SKILLS = "adult-skills"
    BOOTCAMP = "bootcamp"
    LOANS = "loans"
    HIGHER_EDUCATION = "he"
    ALL = "all"

    @property
    def in_words(self) -> str:
        """For the reader."""
        return _PROVISION_WORDS[self]


_PROVISION_WORDS = {
    Provision.STUDY_PROGRAMME: "16 to 19 study programmes",
    Provision.T_LEVEL: "T Levels",
    Provision.APPRENTICESHIP: "apprenticeships",
    Provision.ADULT_SKILLS: "adult skills",
    Provision.BOOTCAMP: "Skills Bootcamps",
    Provision.LOANS: "Advanced Learner Loans",
    Provision.HIGHER_EDUCATION: "higher education",
    Provision.ALL: "all provision",
}

MAX_LEAD, MAX_LINE, MAX_LINES, MAX_SHOWN = 320, 180, 5, 700
"""Characters of a lead and of a line, how many lines, and characters of both together."""
_BULLET = re.compile(r"^[-*•]\s+")


class AnswerText(Model):
    """One answer, for a span of academic years: what is shown at first, and the rest on request.

    An older form with one ``text`` is still read: its first paragraph is the lead, its first
    bullets the lines, and what remains the detail.
    """

    years: Years
    lead: str = Field(
        min_length=2,
        description=f"The answer itself, in one or two sentences, at most {MAX_LEAD} characters",
    )
    lines: list[str] = Field(
        default_factory=list,
        description=f"What to do or check: up to {MAX_LINES} lines, each at most {MAX_LINE} "
        "characters",
    )
    detail: str = Field(
        default="", max_length=3000, description="Why, the exceptions, older rules: on request"
    )
    sources: list[str | Source] = Field(
        min_length=1, description="Keys of knowledge/sources.yaml, or {title, url, year}"
    )
    status: Status | None = Field(default=None, description="When it differs from the entry's")
    quoted_by: str | None = Field(
        default=None,
        min_length=3,
        description="Who quotes the official text, when the status is quoted",
    )

    @model_validator(mode="before")
    @classmethod
    def _from_one_text(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "text" not in data or "lead" in data:
            return data
        rest = {key: value for key, value in data.items() if key != "text"}
        return {**rest, **_parts_of(data["text"])} if isinstance(data["text"], str) else data

    @property
    def shown(self) -> str:
        """What is shown at first: the lead, and the lines as a list."""
        return "\n\n".join(filter(None, [self.lead, "\n".join(f"- {x}" for x in self.lines)]))

    @property
    def text(self) -> str:
        """The whole answer, its detail included."""
        return "\n\n".join(filter(None, [self.shown, self.detail]))


def _parts_of(text: str) -> dict[str, Any]:
    """The lead, lines and detail of an answer written as one text."""
    lead, *others = re.split(r"\n\s*\n", text.strip())
    lines: list[str] = []
    detail: list[str] = []
    for other in others:
        rows = other.splitlines()
        if not lines and all(_BULLET.match(row.strip()) for row in rows):
            lines = [_BULLET.sub("", row.strip()) for row in rows]
        else:
            detail.append(other)
    detail += [f"- {line}" for line in lines[MAX_LINES:]]
    return {"lead": lead, "lines": lines[:MAX_LINES], "detail": "\n\n".join(detail)}


class Entry(Model):
    """One topic: the question, the ways people ask it, and its answers by year."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True
    )

    id: Identifier
    topic: Identifier
    provision: list[Provision] = Field(
        default=[Provision.ALL],
        alias="for",
        min_length=1,
        description="Whose record it speaks of: the kinds of provision it holds for",
    )
    question: str = Field(min_length=10, max_length=150)
    also_asked: list[str] = Field(min_length=1)
    answers: list[AnswerText] = Field(min_length=1)
    clarify: list[str] = Field(
        default_factory=list, description="What to ask the asker when it changes the answer"
    )
    status: Status
    by_first_start: bool = Field(
        default=False,
        description="True when the years are those of the apprentice's first start, not of the "
        "return: funding rules of apprenticeships",
    )
    unverified: str | None = Field(
        default=None, description="What in this answer could not be verified, for the reader"
    )
    rules: list[str] = Field(default_factory=list)
    fields: list[str] = Field(default_factory=list)
    related: list[Identifier] = Field(default_factory=list)
    before_returns: list[ReturnCode] = Field(
        default_factory=list,
        description="Returns before which it is worth a look, e.g. R04: named in the post before "
        "they close",
    )
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


class ProvisionWords(Model):
    """How questions say whose record they speak of."""

    id: Provision
    title: str
    words: list[str] = Field(min_length=1, description="Any of these says it")
    things: list[str] = Field(
        default_factory=list,
        description="Fields, codes and parts of it: they say it where no word names a kind",
    )
    weaker: list[str] = Field(
        default_factory=list, description="These say it where no other kind is named"
    )
    unless: list[str] = Field(
        default_factory=list, description="Within these the words say nothing"
    )
    held: list[str] = Field(
        default_factory=list,
        description="Qualifications of it that somebody may have from before (has an A level)",
    )


class ProvisionsFile(Model):
    """knowledge/provisions.yaml."""

    provisions: list[ProvisionWords]


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

"""What to ask back when the entries that may be meant differ only in a condition or a year.

knowledge/asking-back.yaml holds a curator's questions: "Did the learner go out at all?", with
the replies and, for each subject, the entry that goes with each reply. Instead of a list of
entries the asker then gets one question.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, TypeAdapter, model_validator

from bot.errors import KnowledgeError
from bot.schema import Identifier, Model
from bot.yaml_files import Document, read_yaml, validate
from bot.years import AcademicYear

__all__ = [
    "FILE",
    "Asked",
    "ClarifyingFile",
    "ClarifyingQuestion",
    "faults",
    "load",
    "one_question",
]

FILE = "asking-back.yaml"


class Reply(Model):
    """One reply to a question asked back."""

    say: str = Field(min_length=2, max_length=60, description="What the asker picks")
    year: str | None = Field(
        default=None,
        pattern=r"^20\d\d-\d\d$",
        description="For a question about the year: the year to answer for; none is the current",
    )


class ClarifyingQuestion(Model):
    """One question that tells entries apart."""

    ask: str = Field(min_length=10, max_length=120)
    replies: list[Reply] = Field(min_length=2, max_length=3)
    between: list[list[Identifier]] = Field(
        min_length=1, description="Rows of entry ids, one for each reply, in the replies' order"
    )

    @model_validator(mode="after")
    def _a_row_has_an_entry_for_each_reply(self) -> ClarifyingQuestion:
        for row in self.between:
            if len(row) != len(self.replies) or len(set(row)) < len(row):
                raise ValueError("a row of 'between' needs one entry for each reply, none twice")
        return self

    @property
    def about_the_year(self) -> bool:
        """Whether the replies are years."""
        return any(reply.year for reply in self.replies)


class ClarifyingFile(Model):
    """knowledge/asking-back.yaml."""

    questions: list[ClarifyingQuestion]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question back, and for each reply what it leads to."""

    question: str
    ways: tuple[tuple[str, str, AcademicYear | None], ...]
    """What to say, the entry, and the year to answer for."""


def load(folders: Sequence[Path]) -> tuple[ClarifyingQuestion, ...]:
    """The questions of each folder that has the file, in order. Raises KnowledgeError."""
    return tuple(
        question
        for folder in folders
        for document in _documents(folder)
        for question in validate(document, TypeAdapter(ClarifyingFile)).questions
    )


def _documents(folder: Path) -> Iterator[Document]:
    path = folder / FILE
    if path.is_file():
        yield read_yaml(path, shown_as=str(path.relative_to(folder.parent)))


def one_question(
    questions: Sequence[ClarifyingQuestion],
    offered: Sequence[str],
    asked: str,
    *,
    year_is_known: bool,
) -> Asked | None:
    """The one question that decides between the entries offered, best first; None when none does.

    The first two must stand in one row, and so must a third. What the asker has said already
    ("T Level", a year) is not asked again.
    """
    said = _plain(asked)
    for question in questions:
        if question.about_the_year and year_is_known:
            continue
        if any(_plain(reply.say) in said for reply in question.replies):
            continue
        for row in question.between:
            if len(offered) > 1 and set(offered) <= set(row):
                ways = (
                    (reply.say, entry, AcademicYear.parse(reply.year) if reply.year else None)
                    for reply, entry in zip(question.replies, row, strict=True)
                )
                return Asked(question.ask, tuple(ways))
    return None


def _plain(text: str) -> str:
    """Letters and figures in a row, without the little words before a name."""
    return re.sub(r"[^a-z0-9]+", "", re.sub(r"\b(?:an?|the)\b", "", text.casefold()))


def faults(folder: Path, entries: Collection[str]) -> Iterator[KnowledgeError]:
    """For lint: entries that do not exist, as errors with file, line and remedy."""
    for document in _documents(folder):
        for index, question in enumerate(validate(document, TypeAdapter(ClarifyingFile)).questions):
            for number, row in enumerate(question.between):
                for place, entry in enumerate(row):
                    if entry not in entries:
                        problem = document.problem(
                            ("questions", index, "between", number, place),
                            f"there is no entry {entry!r}.",
                            "Correct or remove it.",
                        )
                        yield KnowledgeError([problem])

"""Statements that several texts share, so that no two of them contradict each other.

knowledge/statements.yaml says each in one sentence, with the entries that say it, the wordings
that would contradict it anywhere, and the words by which an entry speaks of the matter.
``bot.knowledge.lint_statements`` holds every text of the knowledge against them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from pydantic import Field, TypeAdapter, field_validator

from bot.schema import Identifier, Model, Years
from bot.yaml_files import Document, read_yaml, validate

__all__ = ["FILE", "Sentences", "Statement", "StatementsFile", "Wordings", "read_statements"]

FILE = "statements.yaml"

_WORDINGS = (
    "plain, or with * for any words of the sentence (or none); at the end of a word it stands for "
    "any ending"
)
MIN_WORDING = 3
_BREAK = re.compile(r"\n\s*\n|\n\s*[-*] |(?<=[.?!])\s+")
"""Where one sentence ends: a full stop, a paragraph, the next line of a list."""
_MARKS = re.compile(r"[`*,;:()\"]")
_GAP = "(?: .*?)? "


class Statement(Model):
    """One thing that several texts say, and that none may contradict."""

    id: Identifier
    says: str = Field(min_length=20, max_length=320, description="One sentence in our words")
    entries: list[Identifier] = Field(min_length=1, description="The entries that say it")
    also_in: list[str] = Field(
        default_factory=list,
        description="Rules (R_67), fields and codes (LearningDelivery.PHours) and terms of the "
        "glossary (FRM43) that say it too",
    )
    years: Years
    never: list[str] = Field(
        min_length=1, description=f"Wordings that would contradict it anywhere: {_WORDINGS}"
    )
    unless: list[str] = Field(
        default_factory=list,
        description="Words that let such a sentence off: it denies it, or speaks of another year",
    )
    mentions: list[str] = Field(
        min_length=1,
        description=f"Words by which an entry speaks of the matter: {_WORDINGS}. An entry that "
        "has them must stand under entries",
    )

    @field_validator("never", "unless", "mentions")
    @classmethod
    def _begins_and_ends_with_a_word(cls, wordings: list[str]) -> list[str]:
        for wording in wordings:
            words = wording.split()
            if not words or "*" in (words[0], words[-1]):
                raise ValueError(f"{wording!r} must begin and end with a word, not with *")
        return wordings

    @field_validator("never", "mentions")
    @classmethod
    def _says_enough(cls, wordings: list[str]) -> list[str]:
        for wording in wordings:
            if len(wording) < MIN_WORDING:
                raise ValueError(f"{wording!r} is too short; one with a comma stands in quotes")
        return wordings

    @cached_property
    def speaking(self) -> Wordings:
        """Finds what speaks of the matter."""
        return Wordings(self.mentions)

    @cached_property
    def _contradicting(self) -> Wordings:
        return Wordings(self.never)

    @cached_property
    def _letting_off(self) -> Wordings:
        return Wordings(self.unless)

    def contradicted_in(self, sentences: Sentences) -> dict[str, str]:
        """Each sentence that says the contrary, with the words that do."""
        hits = self._contradicting.hits(sentences)
        return {s: words for words, s in hits if not self._letting_off.hits(Sentences(s))}


class StatementsFile(Model):
    """knowledge/statements.yaml."""

    statements: list[Statement]


def read_statements(folder: Path) -> tuple[Document, list[Statement]] | None:
    """The statements of a knowledge folder, or None when it has no such file.

    Raises KnowledgeError.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    document = read_yaml(path, shown_as=str(path.relative_to(folder.parent)))
    return document, validate(document, TypeAdapter(StatementsFile)).statements


class Sentences:
    """A text in sentences: as written, and as wordings are compared with it."""

    def __init__(self, text: str) -> None:
        self.written = [" ".join(part.split()) for part in _BREAK.split(text) if part.strip()]

    @cached_property
    def plain(self) -> str:
        """A sentence a line, without capitals and marks."""
        return "\n".join(_plain(sentence).rstrip(".?!") for sentence in self.written)


class Wordings:
    """Several wordings, looked for together."""

    def __init__(self, wordings: Sequence[str]) -> None:
        either = "|".join(map(_expression, wordings))
        self._pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)") if wordings else None

    def hits(self, sentences: Sentences) -> list[tuple[str, str]]:
        """What matched, in plain words, and the sentence it stands in as it was written."""
        plain = sentences.plain
        # Nearly every text has none, and there are a million pairs of text and statement.
        if self._pattern is None or self._pattern.search(plain) is None:
            return []
        return [
            (match[0], sentences.written[plain.count("\n", 0, match.start())])
            for match in self._pattern.finditer(plain)
        ]


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub("", text).casefold().split())


def _expression(wording: str) -> str:
    """A wording as a regular expression over plain sentences."""
    found = ""
    gap = False
    for word in wording.split():
        if word == "*":
            gap = True
            continue
        between = (_GAP if gap else " ") if found else ""
        found += between + r"\w*".join(re.escape(_plain(piece)) for piece in word.split("*"))
        gap = False
    return found

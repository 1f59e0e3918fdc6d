"""The knowledge base in memory: entries, topics, glossary, the ILR and its rules.

Loaded from the shipped folder, with a provider's own folder laid over it: its entries and
terms are added, and replace shipped ones of the same id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from bot.errors import KnowledgeError, Problem
from bot.ilr.own_specification import own_specification
from bot.ilr.specification import Specification, load_specification
from bot.knowledge.models import (
    AnswerText,
    Entry,
    ProvisionsFile,
    ProvisionWords,
    SourcesFile,
    Status,
    Term,
    TermsFile,
    Topic,
    TopicsFile,
)
from bot.rules.catalogue import Catalogue
from bot.rules.changes import with_changes
from bot.schema import Source
from bot.yaml_files import Document, read_yaml, shipped_knowledge, validate
from bot.years import AcademicYear

if TYPE_CHECKING:
    from bot.rules.house import HouseRule
    from bot.rules.reference.data import ReferenceData

__all__ = ["HOUSE_RULES", "KnowledgeBase"]

HOUSE_RULES = "house-rules.yaml"
"""In a provider's own folder: its own checks."""

_ENTRIES: TypeAdapter[list[Entry]] = TypeAdapter(list[Entry])


@dataclass(frozen=True)
class KnowledgeBase:
    """What curators wrote. Immutable; a reload makes a new one."""

    folder: Path
    entries: dict[str, Entry]
    topics: dict[str, Topic]
    terms: tuple[Term, ...]
    sources: dict[str, Source]
    provisions: tuple[ProvisionWords, ...]
    """How questions say whose record they speak of."""
    fingerprint: str
    """Changes whenever an entry or term changes."""
    own: Path | None = None
    """The provider's own folder, laid over the shipped one."""
    house_rules: tuple[HouseRule, ...] = ()
    """The provider's own checks, from its own folder."""
    databases: Path | None = None
    """Where loaded reference data is kept; None: none is used."""
    reference_files: Path | None = None
    """A folder of reference data to be loaded."""

    @classmethod
    def load(
        cls,
        folder: Path | None = None,
        own: Path | None = None,
        *,
        databases: Path | None = None,
        reference_files: Path | None = None,
    ) -> KnowledgeBase:
        """Read the shipped folder and, over it, a provider's own. Reference data is read later.

        Raises KnowledgeError with every problem found, each with file, line and remedy.
        """
        shipped = folder or shipped_knowledge()
        digest = hashlib.sha256()
        problems: list[Problem] = []
        entries: dict[str, Entry] = {}
        topics: dict[str, Topic] = {}
        terms: dict[str, Term] = {}
        sources: dict[str, Source] = {}
        provisions: dict[str, ProvisionWords] = {}
        for base in (shipped, own):
            if base is None:
                continue
            here: dict[str, str] = {}
            for path in _files(base):
                try:
                    document = read_yaml(path, shown_as=str(path.relative_to(base.parent)))
                    digest.update(repr(document.data).encode())
                    if path.parent.name == "entries":
                        _add_entries(document, entries, here, problems)
                    elif path.name == "topics.yaml":
                        for topic in validate(document, TypeAdapter(TopicsFile)).topics:
                            topics[topic.id] = topic
                    elif path.name == "glossary.yaml":
                        for term in validate(document, TypeAdapter(TermsFile)).terms:
                            terms[term.term.casefold()] = term
                    elif path.name == "provisions.yaml":
                        for one in validate(document, TypeAdapter(ProvisionsFile)).provisions:
                            provisions[one.id] = one
                    elif path.name == "sources.yaml":
                        sources.update(validate(document, TypeAdapter(SourcesFile)).sources)
                except KnowledgeError as error:
                    problems += error.problems
        try:
            house_rules = _house_rules(own)
        except KnowledgeError as error:
            problems += error.problems
        if problems:
            raise KnowledgeError(problems)
        return cls(
            shipped,
            entries,
            topics,
            tuple(terms.values()),
            sources,
            tuple(provisions.values()),
            digest.hexdigest()[:16],
            own,
            house_rules,
            databases,
            reference_files,
        )

    @cached_property
    def reference(self) -> ReferenceData:
        """LARS and other reference data; looked for, and new files loaded, when first needed."""
        from bot.rules.reference.data import NO_REFERENCE, open_reference

        if self.databases is None:
            return NO_REFERENCE
        return open_reference(self.databases, self.reference_files)

    @cached_property
    def specification(self) -> Specification:
        """The ILR itself, with a provider's return dates and codes; read when first needed."""
        shipped = load_specification(self.folder / "ilr")
        return own_specification(shipped, self.own) if self.own else shipped

    @cached_property
    def catalogue(self) -> Catalogue:
        """The validation rules; read when first needed."""
        return with_changes(self.folder / "rules", self.own)

    def source(self, reference: str | Source) -> Source:
        """A source by its key. Raises KeyError for a key that lint would have caught."""
        return reference if isinstance(reference, Source) else self.sources[reference]

    def answer_for(self, entry: Entry, year: AcademicYear) -> AnswerText | None:
        """The entry's answer for a year, or None when no answer covers it."""
        return next((answer for answer in entry.answers if year in answer.years), None)

    def covers(self) -> list[str]:
        """The topics' titles, for saying what can be asked."""
        return [topic.title for topic in self.topics.values()]

    def status_of(self, entry: Entry, answer: AnswerText) -> Status:
        """The answer's own status, else the entry's."""
        return answer.status or entry.status


def _house_rules(own: Path | None) -> tuple[HouseRule, ...]:
    """A provider's own checks. Raises KnowledgeError."""
    if own is None or not (own / HOUSE_RULES).exists():
        return ()
    # Loaded only where there is such a file: asking a question needs no rules.
    from bot.rules.house import HouseRulesFile

    path = own / HOUSE_RULES
    document = read_yaml(path, shown_as=str(path.relative_to(own.parent)))
    rules = validate(document, TypeAdapter(HouseRulesFile)).rules
    ids = [rule.id for rule in rules]
    twice = [
        document.problem(
            ("rules", n, "id"), f"the id {one!r} stands twice.", "Give one another id."
        )
        for n, one in enumerate(ids)
        if one in ids[:n]
    ]
    if twice:
        raise KnowledgeError(twice)
    return tuple(rules)


def _files(base: Path) -> Iterable[Path]:
    top = ("topics.yaml", "sources.yaml", "provisions.yaml")
    yield from (path for name in top if (path := base / name).exists())
    yield from sorted((base / "entries").glob("**/*.yaml"))
    yield from (p for p in (base / "glossary.yaml",) if p.exists())


def _add_entries(
    document: Document, entries: dict[str, Entry], here: dict[str, str], problems: list[Problem]
) -> None:
    found: list[Entry] = validate(document, _ENTRIES)
    for index, entry in enumerate(found):
        if entry.id in here:
            problems.append(
                document.problem(
                    (index, "id"),
                    f"the id {entry.id!r} is used already in {here[entry.id]}.",
                    "Give one of the two another id.",
                )
            )
        here[entry.id] = document.file
        entries[entry.id] = entry

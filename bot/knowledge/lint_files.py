"""Lint of what is not an entry: first lines, the glossary, the rule catalogue, the ILR itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from pydantic import TypeAdapter

from bot.errors import Problem
from bot.ilr.specification import Change, Code, EntityRow, YearsFile
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import TermsFile
from bot.privacy import looks_personal
from bot.rules.catalogue import RulesFile
from bot.yaml_files import Document, read_yaml, validate

__all__ = ["file_problems"]

_SCHEMA = re.compile(r"# yaml-language-server: \$schema=(\S+)")


def file_problems(knowledge: KnowledgeBase, base: Path) -> Iterator[Problem]:
    """Everything wrong in one knowledge folder's files, the entries themselves apart.

    A provider's own files need no first line: the schemas are not beside them.
    """
    if base == knowledge.folder:
        for path in sorted(base.glob("**/*.yaml")):
            yield from _first_line(path, base)
    glossary = base / "glossary.yaml"
    if glossary.exists():
        yield from _terms(_document(glossary, base), knowledge)
    seen: dict[str, str] = {}
    for path in sorted((base / "rules").glob("*.yaml")):
        yield from _rules(_document(path, base), knowledge, seen)
    if base == knowledge.folder:
        yield from _specification(base, knowledge)


def _document(path: Path, base: Path) -> Document:
    return read_yaml(path, shown_as=str(path.relative_to(base.parent)))


def _first_line(path: Path, base: Path) -> Iterator[Problem]:
    """The schema that lets an editor complete and check the file."""
    with path.open(encoding="utf-8-sig") as lines:
        first = lines.readline().strip()
    shown = str(path.relative_to(base.parent))
    named = _SCHEMA.fullmatch(first)
    if named is None:
        remedy = "Begin it as its neighbours begin: # yaml-language-server: $schema=…"
        yield Problem(shown, 1, "the first line does not name the file's schema.", remedy)
    elif not named[1].startswith("http") and not (path.parent / named[1]).exists():
        yield Problem(shown, 1, f"there is no schema {named[1]!r}.", "Correct the path.")


def _terms(document: Document, knowledge: KnowledgeBase) -> Iterator[Problem]:
    known = _known_names(knowledge)
    spelt: dict[str, int] = {}
    terms = validate(document, TypeAdapter(TermsFile)).terms
    for number, term in enumerate(terms):
        place = ("terms", number)
        for name in (term.term, *term.also):
            owner = spelt.setdefault(" ".join(name.casefold().split()), number)
            if owner != number:
                message = f"{term.term}: {name!r} stands under {terms[owner].term!r} already."
                yield document.problem(place, message, "Keep it under one of the two.")
        for reference in term.see:
            if reference not in known:
                message = f"{term.term}: there is no entry, field or rule {reference!r}."
                yield document.problem((*place, "see"), message, "Correct or remove it.")
        for source in term.sources:
            if isinstance(source, str) and source not in knowledge.sources:
                message = f"{term.term}: there is no source {source!r}."
                yield document.problem((*place, "sources"), message, "Add it to sources.yaml.")
        for key in ("means", "about"):
            yield from _personal(document, (*place, key), term.term, getattr(term, key) or "")


def _known_names(knowledge: KnowledgeBase) -> set[str]:
    rows = knowledge.specification.rows.values()
    fields = {field.name for row in rows for field in row.fields} | {row.name for row in rows}
    return fields | set(knowledge.entries) | set(knowledge.catalogue.rows)


def _rules(document: Document, knowledge: KnowledgeBase, seen: dict[str, str]) -> Iterator[Problem]:
    """``seen``: the ids met so far, and the file of each."""
    rows = knowledge.specification.rows
    paths = {f"{row.name}.{field.name}" for row in rows.values() for field in row.fields}
    for number, row in enumerate(validate(document, TypeAdapter(RulesFile)).rules):
        place = ("rules", number)
        if row.id in seen:
            message = f"the rule {row.id} stands in {seen[row.id]} already."
            yield document.problem((*place, "id"), message, "Keep one of the two.")
        seen.setdefault(row.id, document.file)
        for entry in row.entries:
            if entry not in knowledge.entries:
                message = f"{row.id}: there is no entry {entry!r}."
                yield document.problem((*place, "entries"), message, "Correct or remove it.")
        for name in row.fields:
            if name not in paths:
                message = f"{row.id}: there is no ILR field {name!r}."
                remedy = "Write it like LearningDelivery.AimType."
                yield document.problem((*place, "fields"), message, remedy)
        for key in ("title", "message", "fix", "note"):
            # Rules on postcodes show how one is written.
            text = getattr(row, key) or ""
            yield from _personal(document, (*place, key), row.id, text, except_for="postcode")


def _personal(
    document: Document, path: tuple[str | int, ...], name: str, text: str, except_for: str = ""
) -> Iterator[Problem]:
    for personal in looks_personal(text):
        if personal.kind == except_for:
            continue
        message = f"{name}: looks like personal data ({personal.kind})."
        yield document.problem(path, message, "Invent or remove the example.")


def _specification(base: Path, knowledge: KnowledgeBase) -> Iterator[Problem]:
    sources = set(knowledge.specification.sources)
    document = _document(base / "ilr" / "years.yaml", base)
    for number, facts in enumerate(validate(document, TypeAdapter(YearsFile)).years):
        place = ("years", number)
        yield from _sources(document, (*place, "changes"), facts.changes, sources)
        closing = sorted(facts.returns, key=lambda one: one.code)
        for before, after in pairwise(closing):
            if after.closes <= before.closes:
                message = f"{facts.year}: {after.code} closes no later than {before.code}."
                yield document.problem((*place, "returns"), message, "Check the two dates.")
    for path in sorted((base / "ilr" / "entities").glob("*.yaml")):
        of_entity = _document(path, base)
        entity = validate(of_entity, TypeAdapter(EntityRow))
        yield from _sources(of_entity, ("changes",), entity.changes, sources)
        for number, field in enumerate(entity.fields):
            here = ("fields", number)
            yield from _sources(of_entity, (*here, "changes"), field.changes, sources)
            for name in field.sources:
                if name not in sources:
                    yield _no_source(of_entity, (*here, "sources"), field.name, name)
            yield from _codes_twice(of_entity, (*here, "codes"), field.name, field.codes)
            for place_of, kind in enumerate(field.types):
                at = (*here, "types", place_of)
                yield from _codes_twice(of_entity, at, kind.code, kind.codes)


def _sources(
    document: Document, path: tuple[str | int, ...], changes: list[Change], sources: set[str]
) -> Iterator[Problem]:
    for change in changes:
        for name in change.sources:
            if name not in sources:
                yield _no_source(document, path, change.year, name)


def _no_source(document: Document, path: tuple[str | int, ...], what: str, name: str) -> Problem:
    remedy = "Add it under sources in years.yaml, or correct the key."
    return document.problem(path, f"{what}: there is no source {name!r}.", remedy)


def _codes_twice(
    document: Document, path: tuple[str | int, ...], name: str, codes: list[Code]
) -> Iterator[Problem]:
    for number, code in enumerate(codes):
        for other in codes[:number]:
            apart = code.years and other.years and not code.years.overlaps(other.years)
            if code.code == other.code and not apart:
                message = f"{name}: the code {code.code!r} stands twice for the same year."
                yield document.problem((*path, number), message, "Keep one, or part their years.")

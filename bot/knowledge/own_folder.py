"""What of a college's own knowledge folder is read, and what lies there unread.

A file in the wrong place or with the wrong ending changes nothing and says nothing, so lint
says it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import LintFinding, Problem
from bot.ilr.own_specification import CODES, YEARS
from bot.ilr.specification import Code
from bot.knowledge.base import HOUSE_RULES, KnowledgeBase
from bot.rules.changes import FOLDER as CHANGES

__all__ = ["READ", "OwnPart", "own_part", "unread"]

READ = (
    "topics.yaml",
    "sources.yaml",
    "provisions.yaml",
    "glossary.yaml",
    "asking-back.yaml",
    "statements.yaml",
    HOUSE_RULES,
    "provider.yaml",
    YEARS.as_posix(),
    CODES.as_posix(),
    "ilr/spoken-names.yaml",
)
"""The files that are read in a college's own folder, besides entries/*.yaml."""
_NOT_KNOWLEDGE = (".md", ".txt", ".gitignore", ".json")
"""What may lie beside: a read-me, a schema."""


def unread(own: Path) -> Iterator[LintFinding]:
    """A warning for every file that nobody reads, and for a folder with nothing to read in it."""
    read = False
    for path in sorted(own.rglob("*")):
        inside = path.relative_to(own)
        if path.is_dir() or any(part.startswith(".") for part in inside.parts):
            continue
        if _is_read(inside):
            read = True
        elif not path.name.endswith(_NOT_KNOWLEDGE):
            yield _warning(str(Path(own.name) / inside), "is not read.", _remedy(inside))
    if not read:
        remedy = f"Put entries into {own.name}/entries/."
        yield _warning(own.name, "holds nothing that is read.", remedy)


def _is_read(inside: Path) -> bool:
    if inside.parts[0] == "entries":
        return inside.suffix == ".yaml"
    if inside.parts[:-1] == ("rules", CHANGES):
        return inside.suffix == ".yaml"
    return inside.as_posix() in READ


def _remedy(inside: Path) -> str:
    """Where it was probably meant to be."""
    if inside.suffix == ".yml":
        return f"Name it {inside.with_suffix('.yaml').name}."
    if inside.parts[0].casefold() == "entries":
        return "Name the folder entries, in small letters."
    near = difflib.get_close_matches(inside.as_posix().casefold(), READ, n=1, cutoff=0.8)
    if not near:
        by_name = {Path(one).name: one for one in READ}
        near = [by_name[inside.name]] if inside.name in by_name else []
    if near:
        return f"Name it {near[0]}."
    return "Entries go into entries/; the other files that are read are in docs/curators.md."


def _warning(file: str, message: str, remedy: str) -> LintFinding:
    return LintFinding(Problem(file, 1, message, remedy), error=False)


@dataclass(frozen=True, slots=True)
class OwnPart:
    """How much of the knowledge is a college's own."""

    entries: int
    replaced: int
    """Of these entries, how many stand in the place of a shipped one."""
    terms: int
    house_rules: int
    return_dates: int
    codes: int


def own_part(knowledge: KnowledgeBase, shipped: KnowledgeBase) -> OwnPart:
    """Count what a college's folder adds to the shipped knowledge, or changes in it."""
    mine = [name for name, one in knowledge.entries.items() if shipped.entries.get(name) != one]
    return OwnPart(
        entries=len(mine),
        replaced=sum(name in shipped.entries for name in mine),
        terms=sum(term not in shipped.terms for term in knowledge.terms),
        house_rules=len(knowledge.house_rules),
        return_dates=sum(
            date.own for facts in knowledge.specification.facts.values() for date in facts.returns
        ),
        codes=sum(code.own for code in _codes(knowledge)),
    )


def _codes(knowledge: KnowledgeBase) -> Iterator[Code]:
    for row in knowledge.specification.rows.values():
        for field in row.fields:
            yield from field.codes
            for kind in field.types:
                yield from kind.codes

"""Hold every text of the knowledge against the statements that several of them share.

Two kinds of fault are looked for: a text that says the contrary of a statement, and an entry
that speaks of its matter without standing in its list, so that nobody compares the two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.errors import LintFinding
from bot.knowledge.models import Entry
from bot.knowledge.statements import Sentences, Statement, read_statements
from bot.yaml_files import Document, read_yaml, validate
from bot.years import AcademicYear, YearRange

__all__ = ["statement_findings"]

_EXPLAINED = ("glossary.yaml", "rules/*.yaml", "ilr/years.yaml", "ilr/entities/*.yaml")
_SAID = frozenset("title message fix usually note what about means meaning partly not_run".split())
"""Keys below which a rule, a field, a code or a term says something to the reader."""
_NAMES = ("id", "term", "name", "code")
_YEAR = re.compile(r"20\d\d-\d\d")

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class _Text:
    """One text: whose it is, the years it holds for (None: any), and where it stands."""

    name: str
    text: str
    years: YearRange | None
    document: Document
    path: Path_
    is_entry: bool = False
    states: bool = True
    """False for a question and for a doubt: they name a matter and say nothing about it."""

    @cached_property
    def sentences(self) -> Sentences:
        return Sentences(self.text)

    def speaks_of_years_of(self, statement: Statement) -> bool:
        return self.years is None or statement.years.overlaps(self.years)

    def finding(self, message: str, remedy: str) -> LintFinding:
        problem = self.document.problem(self.path, f"{self.name}: {message}", remedy)
        return LintFinding(problem)


def statement_findings(shipped: Path, own: Path | None = None) -> Iterator[LintFinding]:
    """Contradictions in both folders; in the shipped one also what is not tied, or wrongly.

    ``shipped`` is the folder with the statements. Raises KnowledgeError when a file cannot be
    read.
    """
    read = read_statements(shipped)
    if read is None:
        return
    document, statements = read
    texts = list(_texts(shipped))
    of_the_provider = list(_texts(own)) if own is not None else []
    owned: dict[tuple[str, bool], list[_Text]] = defaultdict(list)
    for text in texts:
        owned[text.name, text.is_entry].append(text)
    for number, statement in enumerate(statements):
        yield from _faults_of_its_own(document, number, statements)
        yield from _list_faults(document, number, statement, owned)
        of_its_years = [text for text in texts if text.speaks_of_years_of(statement)]
        yield from _not_listed(statement, of_its_years)
        yield from _contradictions(statement, of_its_years)
        yield from _contradictions(
            statement, [text for text in of_the_provider if text.speaks_of_years_of(statement)]
        )


def _faults_of_its_own(
    document: Document, number: int, statements: list[Statement]
) -> Iterator[LintFinding]:
    """An id that appears twice, and a wording that forbids the statement itself."""
    statement = statements[number]
    place = ("statements", number)
    if statement.id in {other.id for other in statements[:number]}:
        message = f"the statement {statement.id} appears twice."
        yield LintFinding(document.problem((*place, "id"), message, "Keep one of the two."))
    for words in statement.contradicted_in(Sentences(statement.says)).values():
        message = f"{statement.id}: {words!r} is forbidden and stands in the statement itself."
        yield LintFinding(document.problem((*place, "never"), message, "Make it narrower."))


def _list_faults(
    document: Document,
    number: int,
    statement: Statement,
    owned: Mapping[tuple[str, bool], list[_Text]],
) -> Iterator[LintFinding]:
    """Names in its lists that do not exist, or that do not say it.

    ``owned``: the texts of each entry (True) and of each rule, field and term (False).
    """
    lists = (
        ("entries", statement.entries, True, "entry"),
        ("also_in", statement.also_in, False, "rule, field or term"),
    )
    for key, names, is_entry, kind in lists:
        for place, name in enumerate(names):
            theirs = owned.get((name, is_entry), [])
            of_its_years = [
                one for one in theirs if one.states and one.speaks_of_years_of(statement)
            ]
            if not theirs:
                message = f"there is no {kind} {name!r}."
                remedy = "Correct or remove it."
            elif not of_its_years:
                message = f"{name} says nothing about {statement.years}."
                remedy = "Correct the years, or take it off the list."
            elif not any(statement.speaking.hits(one.sentences) for one in of_its_years):
                message = f"{name} is listed, but has none of the words under mentions."
                remedy = "Say it there as here, take it off the list, or widen mentions."
            else:
                continue
            path = ("statements", number, key, place)
            yield LintFinding(document.problem(path, f"{statement.id}: {message}", remedy))


def _not_listed(statement: Statement, texts: list[_Text]) -> Iterator[LintFinding]:
    """Entries that speak of the matter and do not stand in its list, each once."""
    seen = set(statement.entries)
    for text in texts:
        if not text.is_entry or text.name in seen:
            continue
        hits = statement.speaking.hits(text.sentences)
        if hits:
            seen.add(text.name)
            yield text.finding(
                f"speaks of what the statement {statement.id} ties ({hits[0][0]!r}), unlisted.",
                f"See that it agrees: {statement.says} Then add it to the statement's entries.",
            )


def _contradictions(statement: Statement, texts: list[_Text]) -> Iterator[LintFinding]:
    others = ", ".join(statement.entries)
    for text in texts:
        if text.states:
            for sentence in statement.contradicted_in(text.sentences):
                yield text.finding(
                    f"{sentence!r} contradicts the statement {statement.id}: {statement.says}",
                    f"Correct it, or if it is right the statement and what says it: {others}.",
                )


def _texts(folder: Path) -> Iterator[_Text]:
    """Every text of a knowledge folder that a reader may be shown."""
    for path in sorted(folder.glob("entries/**/*.yaml")):
        document = read_yaml(path, shown_as=str(path.relative_to(folder.parent)))
        for index, entry in enumerate(validate(document, TypeAdapter(list[Entry]))):
            yield from _of_entry(document, index, entry)
    for pattern in _EXPLAINED:
        for path in sorted(folder.glob(pattern)):
            document = read_yaml(path, shown_as=str(path.relative_to(folder.parent)))
            yield from _said_below(document, document.data, (), "", None)


def _of_entry(document: Document, index: int, entry: Entry) -> Iterator[_Text]:
    def text(said: str, path: Path_, years: YearRange | None, *, states: bool = True) -> _Text:
        return _Text(entry.id, said, years, document, (index, *path), True, states)

    yield text(entry.question, ("question",), None, states=False)
    yield text(entry.unverified or "", ("unverified",), None, states=False)
    for number, answer in enumerate(entry.answers):
        place = ("answers", number)
        yield text(answer.lead, (*place, "lead"), answer.years)
        for line, said in enumerate(answer.lines):
            yield text(said, (*place, "lines", line), answer.years)
        yield text(answer.detail, (*place, "detail"), answer.years)


def _said_below(
    document: Document, value: Any, path: Path_, name: str, years: YearRange | None
) -> Iterator[_Text]:
    """What a glossary, a file of rules or the specification says, each with its owner's name.

    A code is named after what it belongs to: LearningDeliveryFAM.LearnDelFAMType.LDM.403.
    """
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _said_below(document, item, (*path, number), name, years)
    elif isinstance(value, dict):
        own = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), "")
        name = ".".join(filter(None, (name, own)))
        years = _years_of(value, years) or years
        for key, part in value.items():
            if key in _SAID and isinstance(part, str):
                yield _Text(name or document.file, part, years, document, (*path, key))
            elif key not in ("source", "sources"):
                yield from _said_below(document, part, (*path, key), name, years)


def _years_of(value: dict[str, Any], around: YearRange | None) -> YearRange | None:
    """The years of a rule, field or code; from an amendment's year on; of a change, its year.

    ``around``: those of what it stands in. An amendment ends with its rule.
    """
    if isinstance(value.get("years"), str | dict):
        return YearRange.from_data(value["years"])
    if "what" in value and _YEAR.fullmatch(str(value.get("from"))):
        return YearRange(AcademicYear.parse(value["from"]), around.to if around else None)
    if _YEAR.fullmatch(str(value.get("year"))):
        return YearRange.from_data(value["year"])
    return None

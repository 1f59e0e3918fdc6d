"""Check the curated files as a curator would want: file, line, what is wrong, what to do.

Errors stop a release; warnings (a review date gone by, a thin entry) do not, so that a
deploy never fails because a day has passed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from pydantic import TypeAdapter

from bot.errors import KnowledgeError, LintFinding, Problem
from bot.ilr.readers.spoken_names import own_names, read_names
from bot.knowledge import clarifying as asking_back
from bot.knowledge.base import HOUSE_RULES, KnowledgeBase
from bot.knowledge.lint_answers import answer_doubts, answer_faults
from bot.knowledge.lint_files import file_problems
from bot.knowledge.lint_phrasings import Phrasings
from bot.knowledge.lint_statements import statement_findings
from bot.knowledge.models import Entry
from bot.knowledge.own_folder import unread
from bot.knowledge.skeleton import TO_FILL_IN
from bot.privacy import looks_personal
from bot.rules.changes import read_changes
from bot.rules.engine import predicates
from bot.rules.house import HouseRule, faults
from bot.schema import Source
from bot.yaml_files import Document, read_yaml, shipped_knowledge, validate

__all__ = ["entry_places", "lint", "lint_house_rules"]

_LEFT_SOURCE = TO_FILL_IN[-1]
_CURLY = tuple("“”‘’„")
_COMMENT = re.compile(r"""^\s*(?:-\s+)?(?:[a-z_]+:\s+)?[^\s"'#|>][^"']*\s#""")
"""A comment behind a text that is not in quotes."""


def lint(own: Path | None, today: date, *, folder: Path | None = None) -> list[LintFinding]:
    """Everything wrong in the shipped knowledge and a provider's own, in file order.

    ``folder``: read it as the shipped knowledge. Whether every phrasing finds its own entry is
    ``bot.phrasing_check``, which takes longer.
    """
    try:
        knowledge = KnowledgeBase.load(folder, own)
        bases = [knowledge.folder] if own is None else [knowledge.folder, own]
        findings = [*_files_read(knowledge), *_spoken_names(bases)]
    except KnowledgeError as error:
        return [LintFinding(problem) for problem in error.problems]
    if findings:
        return findings
    known = _Known(knowledge)
    phrasings = Phrasings()
    for base in bases:
        shipped = base == knowledge.folder
        findings += map(LintFinding, file_problems(knowledge, base))
        for path in sorted((base / "entries").glob("**/*.yaml")):
            document = read_yaml(path, shown_as=str(path.relative_to(base.parent)))
            for index, entry in enumerate(validate(document, TypeAdapter(list[Entry]))):
                findings += _entry(document, index, entry, known, today)
                if shipped:
                    findings += _in_its_file(document, index, entry, path)
                findings += phrasings.findings(document, index, entry, shipped=shipped)
    findings += phrasings.from_one_mould()
    findings += _asking_back(knowledge, bases)
    findings += _statements(knowledge.folder, own)
    findings += unread(own) if own else ()
    findings += _drafts(knowledge)
    findings += _rules(knowledge)
    findings += lint_house_rules(knowledge)
    return findings


def entry_places(own: Path | None) -> dict[str, Problem]:
    """Entry id → where it stands, for a remark on an entry that is otherwise in order."""
    found = {}
    for base in filter(None, (shipped_knowledge(), own)):
        for path in sorted((base / "entries").glob("**/*.yaml")):
            document = read_yaml(path, shown_as=str(path.relative_to(base.parent)))
            for index, entry in enumerate(document.data or []):
                found[entry["id"]] = document.problem((index,), "")
    return found


def _files_read(knowledge: KnowledgeBase) -> Iterator[LintFinding]:
    """The specification and the catalogue are read as well as the entries."""
    for part in ("specification", "catalogue"):
        try:
            getattr(knowledge, part)
        except KnowledgeError as error:
            yield from (LintFinding(problem) for problem in error.problems)


def _drafts(knowledge: KnowledgeBase) -> Iterator[LintFinding]:
    """A new year's rules that are not worked through."""
    for folder in filter(None, (knowledge.folder, knowledge.own)):
        for document, changes in read_changes(folder / "rules"):
            if changes.draft:
                message = f"the rules of {changes.year} are a draft, so none of it holds yet."
                remedy = "Work it through, then take out the line draft."
                yield LintFinding(document.problem(("draft",), message, remedy), error=False)


def _spoken_names(bases: list[Path]) -> Iterator[LintFinding]:
    """What screens and spreadsheets call fields, shipped and a provider's own."""
    for base in bases:
        if own_names(base).is_file():
            try:
                read_names(own_names(base))
            except KnowledgeError as error:
                yield from (LintFinding(problem) for problem in error.problems)


def _asking_back(knowledge: KnowledgeBase, bases: list[Path]) -> Iterator[LintFinding]:
    for base in bases:
        for error in asking_back.faults(base, knowledge.entries):
            yield from (LintFinding(problem) for problem in error.problems)


def _statements(shipped: Path, own: Path | None) -> Iterator[LintFinding]:
    try:
        yield from statement_findings(shipped, own)
    except KnowledgeError as error:
        yield from (LintFinding(problem) for problem in error.problems)


class _Known:
    """Names that an entry may point at."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.entries = set(knowledge.entries)
        self.sources = knowledge.sources
        self.topics = set(knowledge.topics)
        self.rules = set(knowledge.catalogue.rows)
        rows = knowledge.specification.rows.values()
        self.source = knowledge.sources.get
        self.fields = {field.name for row in rows for field in row.fields}
        self.fields |= {row.name for row in rows}


def _entry(
    document: Document, index: int, entry: Entry, known: _Known, today: date
) -> Iterator[LintFinding]:
    def found(key: str, message: str, remedy: str, *, error: bool = True) -> LintFinding:
        return LintFinding(
            document.problem((index, *_path(key)), f"{entry.id}: {message}", remedy), error
        )

    if entry.topic not in known.topics:
        yield found("topic", f"there is no topic {entry.topic!r}.", "See topics.yaml.")
    for number, rule in enumerate(entry.rules):
        if rule not in known.rules:
            yield found(f"rules.{number}", f"there is no rule {rule!r}.", "Check the id.")
    for number, name in enumerate(entry.fields):
        if name not in known.fields:
            yield found(
                f"fields.{number}", f"there is no ILR field {name!r}.", "Check the spelling."
            )
    for number, other in enumerate(entry.related):
        if other not in known.entries:
            yield found(
                f"related.{number}", f"there is no entry {other!r}.", "Correct or remove it."
            )
        elif other == entry.id:
            yield found(f"related.{number}", "is related to itself.", "Remove it.")
    for number, answer in enumerate(entry.answers):
        for place, reference in enumerate(answer.sources):
            if not isinstance(reference, Source) and reference not in known.sources:
                yield found(
                    f"answers.{number}.sources.{place}",
                    f"there is no source {reference!r}.",
                    "Add it to sources.yaml, or correct the key.",
                )
        for place, named in enumerate(answer.sources):
            if isinstance(named, Source) and named.title == _LEFT_SOURCE:
                yield found(
                    f"answers.{number}.sources.{place}", "the source is not named.", "Name it."
                )
    yield from _years(found, entry)
    for fault in answer_faults(entry, lambda s: s if isinstance(s, Source) else known.source(s)):
        yield found(*fault)
    for doubt in answer_doubts(entry):
        yield found(*doubt, error=False)
    for key, text in _texts(entry):
        if text.strip() in TO_FILL_IN:
            yield found(key, "still has the skeleton's words.", "Write your own.")
    for key, text in _texts(entry):
        for personal in looks_personal(text):
            yield found(
                key, f"looks like personal data ({personal.kind}).", "Invent or remove the example."
            )
        if text[:1] in _CURLY:
            yield found(key, "stands in curly quotes.", 'Use straight ones ("), or none.')
        if text and _COMMENT.search(document.raw_line((index, *_path(key)))):
            remedy = "Put the text in quotes, or the comment on a line of its own."
            yield found(key, "what follows # is a comment and is not read.", remedy)
    if entry.reviewed > today:
        yield found("reviewed", "is a day that has not come yet.", "Write the day it was read.")
    if entry.review_by < today:
        yield found(
            "review_by", f"was due for review by {entry.review_by}.", "Review it.", error=False
        )
    if entry.review_by <= entry.reviewed:
        yield found("review_by", "is not after the reviewed date.", "Choose a later date.")


def _years(found: Callable[[str, str, str], LintFinding], entry: Entry) -> Iterator[LintFinding]:
    spans = sorted(enumerate(entry.answers), key=lambda pair: pair[1].years.start)
    for (_, before), (number, after) in pairwise(spans):
        key = f"answers.{number}.years"
        if before.years.overlaps(after.years):
            yield found(
                key,
                f"the years {after.years} overlap {before.years}.",
                "End the earlier answer the year before.",
            )
        elif before.years.to is not None and after.years.start != before.years.to + 1:
            yield found(
                key,
                f"no answer covers the years between {before.years.to} and {after.years.start}.",
                "Extend one of the answers, or add one.",
            )


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "question", entry.question
    for number, phrasing in enumerate(entry.also_asked):
        yield f"also_asked.{number}", phrasing
    for number, answer in enumerate(entry.answers):
        yield f"answers.{number}.lead", answer.lead
        for place, line in enumerate(answer.lines):
            yield f"answers.{number}.lines.{place}", line
        yield f"answers.{number}.detail", answer.detail
    for number, back in enumerate(entry.clarify):
        yield f"clarify.{number}", back
    yield "unverified", entry.unverified or ""


def _path(key: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdigit() else part for part in key.split("."))


def _in_its_file(document: Document, index: int, entry: Entry, path: Path) -> Iterator[LintFinding]:
    """The shipped entries of a topic stand in the topic's file, where they are looked for."""
    if path.stem != entry.topic and path.with_name(f"{entry.topic}.yaml").exists():
        message = f"{entry.id}: its topic is {entry.topic}, but it stands in {path.name}."
        remedy = f"Move it to {entry.topic}.yaml, or correct the topic."
        yield LintFinding(document.problem((index, "topic"), message, remedy))
    if "provision" not in entry.model_fields_set:
        message = f"{entry.id}: does not say whose record it speaks of."
        remedy = "Add for: with the kinds of provision, or [all]."
        yield LintFinding(document.problem((index,), message, remedy))


def _rules(knowledge: KnowledgeBase) -> Iterator[LintFinding]:
    for rule_id in sorted(set(predicates()) - set(knowledge.catalogue.rows)):
        yield LintFinding(Problem("rules", 1, f"{rule_id} has code but no row.", "Add its row."))


def lint_house_rules(knowledge: KnowledgeBase) -> Iterator[LintFinding]:
    """A provider's own checks: names and values that exist, and nobody's personal data."""
    if knowledge.own is None or not knowledge.house_rules:
        return
    path = knowledge.own / HOUSE_RULES
    document = read_yaml(path, shown_as=str(path.relative_to(knowledge.own.parent)))
    for index, rule in enumerate(knowledge.house_rules):
        place = ("rules", index)
        if knowledge.catalogue.find(rule.id) is not None:
            message = f"{rule.id}: a published rule has this id."
            yield LintFinding(document.problem((*place, "id"), message, "Choose another."))
        for fault in faults(rule, knowledge.specification):
            message = f"{rule.id}: {fault.message}"
            yield LintFinding(document.problem((*place, *fault.path), message, fault.remedy))
        yield from _personal_in(document, index, rule)


def _personal_in(document: Document, index: int, rule: HouseRule) -> Iterator[LintFinding]:
    for key in ("title", "message", "fix", "source"):
        for personal in looks_personal(getattr(rule, key)):
            message = f"{rule.id}: looks like personal data ({personal.kind})."
            yield LintFinding(document.problem(("rules", index, key), message, "Remove it."))

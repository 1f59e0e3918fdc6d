"""A new year's rules, as one file: what changed, what is new and what ended.

``knowledge/rules/changes/2027-28.yaml`` is laid over the catalogue. ``rules compare`` writes it as
a draft from the published file; a curator says in our own words what changed, and takes ``draft``
away. Until then the year runs what was rolled over from the year before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import Field, TypeAdapter

from bot.errors import KnowledgeError, Problem
from bot.rules.catalogue import Amendment, Catalogue, RuleRow, RulesFile, load_catalogue
from bot.schema import Model, Source
from bot.yaml_files import Document, read_yaml, validate
from bot.years import AcademicYear, YearRange

__all__ = [
    "FOLDER",
    "TO_DO",
    "ChangedRule",
    "NewRule",
    "RuleChanges",
    "laid_over",
    "read_changes",
    "with_changes",
]

FOLDER = "changes"
"""In knowledge/rules/."""
TO_DO = "TODO"
"""Begins what a curator has still to write."""
NO_CHECK_YET = "its condition changed this year, and no check is written for it yet"


class ChangedRule(Amendment):
    """What is different in a rule from this year on. Only what differs is given."""

    from_: str = Field(default="", alias="from", description="Left out: the file's year")
    rule: str = Field(description="The rule's id")
    has_check: bool = Field(
        default=False, description="true once its code follows the changed condition"
    )


class NewRule(RuleRow):
    """A rule of which this is the first year."""

    family: str = Field(description="The family it belongs to, e.g. aim-dates")


class RuleChanges(Model):
    """knowledge/rules/changes/<year>.yaml."""

    year: str = Field(pattern=r"^20\d\d-\d\d$", description="The year it holds from")
    draft: bool = Field(
        default=False, description="true until it is worked through; a draft changes nothing"
    )
    source: Source
    changed: list[ChangedRule] = Field(default_factory=list)
    new: list[NewRule] = Field(default_factory=list)
    ended: list[str] = Field(default_factory=list, description="Rules not in force any more")


def read_changes(folder: Path) -> list[tuple[Document, RuleChanges]]:
    """Every year's changes in a rules folder, the earliest first. Raises KnowledgeError."""
    adapter = TypeAdapter(RuleChanges)
    found = []
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        document = read_yaml(path)
        found.append((document, validate(document, adapter)))
    return sorted(found, key=lambda pair: pair[1].year)


def with_changes(folder: Path, own: Path | None = None) -> Catalogue:
    """The rules of a folder with each year's changes, a college's own folder's among them.

    Raises KnowledgeError.
    """
    shipped = load_catalogue(folder)
    changes = [*read_changes(folder), *(read_changes(own / "rules") if own else ())]
    if not changes:
        return shipped
    ready = [AcademicYear.parse(year.year) for _, year in changes if not year.draft]
    return Catalogue(laid_over(shipped.files, changes), {*shipped.read_years, *ready})


def laid_over(
    files: Sequence[RulesFile], changes: Iterable[tuple[Document, RuleChanges]]
) -> list[RulesFile]:
    """The files with each year's changes in them; drafts are left out.

    Raises KnowledgeError for a rule or family that does not exist and for words still to write.
    """
    rows = {row.id: (file.family, row) for file in files for row in file.rules}
    families = {file.family: file for file in files}
    for document, year in changes:
        if year.draft:
            continue
        problems = list(_problems(document, year, rows, families))
        if problems:
            raise KnowledgeError(problems)
        for change in year.changed:
            family, row = rows[change.rule]
            rows[change.rule] = family, _amended(row, change, year.year)
        for new in year.new:
            given = new.model_dump(exclude={"family"}, by_alias=True, exclude_unset=True)
            row = RuleRow.model_validate({**given, "source": new.source or year.source})
            rows[new.id] = new.family, row
        last = AcademicYear.parse(year.year) - 1
        for ended in year.ended:
            family, row = rows[ended]
            years = YearRange(row.years.start, last)
            rows[ended] = family, row.model_copy(update={"years": years})
    return [
        file.model_copy(
            update={"rules": [row for family, row in rows.values() if family == file.family]}
        )
        for file in files
    ]


def _amended(row: RuleRow, change: ChangedRule, year: str) -> RuleRow:
    given = change.model_dump(exclude={"rule", "has_check"}, by_alias=True, exclude_unset=True)
    amendment = Amendment.model_validate({**given, "from": year})
    if change.logic and not change.has_check:
        amendment = amendment.model_copy(update={"not_run": NO_CHECK_YET})
    return row.model_copy(update={"amendments": [*row.amendments, amendment]})


def _problems(
    document: Document,
    year: RuleChanges,
    rows: dict[str, tuple[str, RuleRow]],
    families: dict[str, RulesFile],
) -> Iterable[Problem]:
    for number, change in enumerate(year.changed):
        place = ("changed", number)
        if change.rule not in rows:
            yield document.problem(place, f"there is no rule {change.rule!r}.", "Check the id.")
        if change.what.startswith(TO_DO):
            yield document.problem(
                place, f"{change.rule}: what changed is not written.", "Say it in a sentence."
            )
    for number, new in enumerate(year.new):
        place = ("new", number)
        if new.family not in families:
            known = ", ".join(sorted(families))
            message = f"{new.id}: there is no family {new.family!r}."
            yield document.problem(place, message, f"Choose one of: {known}.")
        if any(text.startswith(TO_DO) for text in (new.title, new.message, new.fix)):
            message = f"{new.id}: title, message or fix is not written."
            yield document.problem(place, message, "Write it in your own words.")
    for number, ended in enumerate(year.ended):
        if ended not in rows:
            yield document.problem(
                ("ended", number), f"there is no rule {ended!r}.", "Check the id."
            )

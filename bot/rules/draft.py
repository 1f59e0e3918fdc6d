"""A draft of a new year's changes, from the comparison with the published file.

It holds what can be told from the file: ids, severities, what ended. What only a person can say
begins with TODO, and nothing of the department's wording is copied.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator

from bot.rules.catalogue import Catalogue
from bot.rules.changes import TO_DO
from bot.rules.compare import ChangedRow, Comparison, Published

__all__ = ["as_draft"]


def as_draft(found: Comparison, catalogue: Catalogue, title: str) -> str:
    """The text of ``knowledge/rules/changes/<year>.yaml``, to be worked through.

    ``title`` names the file that was read.
    """
    lines = [
        "# yaml-language-server: $schema=../../schemas/rule-changes.json",
        f"# What changed in the validation rules from {found.against} to {found.year}: a draft.",
        f"# Write what begins with {TO_DO}, run lint, then take out the line draft.",
        f"year: {found.year}",
        "draft: true",
        "source:",
        f"  title: {json.dumps(title, ensure_ascii=False)}",
        f"  year: {found.year}",
        "changed:",
        *(line for one in found.changed for line in _changed(one)),
        "new:",
        *(line for row in found.new for line in _new(row, found, catalogue)),
        "ended:",
        *(f"  - {rule}" for rule in found.ended),
    ]
    for key in ("changed", "new", "ended"):
        at = lines.index(f"{key}:")
        if at + 1 == len(lines) or not lines[at + 1].startswith(" "):
            lines[at] = f"{key}: []"
    if found.unsure:
        lines += [
            "# The same as far as can be told, but last year's wording is not held; look at each:",
            *(f"#   {row.id}" for row in found.unsure),
        ]
    return "\n".join(lines) + "\n"


def _changed(one: ChangedRow) -> Iterator[str]:
    yield f"  - rule: {one.row.id}"
    yield f'    what: "{TO_DO}: {"; ".join(one.what)}. Say in a sentence what changed."'
    for difference in one.what:
        if difference.startswith("severity"):
            yield f"    severity: {one.row.severity}"
        elif difference.startswith("in FIS"):
            yield f"    fis: {one.row.fis}"
    if one.reworded:
        yield "    logic: true"
        if one.has_check:
            yield "    # has_check: true  # once its code follows the new condition"


def _new(row: Published, found: Comparison, catalogue: Catalogue) -> Iterator[str]:
    near = difflib.get_close_matches(row.id, catalogue.rows, n=1, cutoff=0.3)
    family = catalogue.family(near[0]).family if near else TO_DO
    entity = catalogue.rows[near[0]].entity if near else "LearningDelivery"
    yield f"  - id: {row.id}"
    yield f"    family: {family}"
    yield f'    title: "{TO_DO}: what is wrong, in a few words"'
    yield f'    message: "{TO_DO}: what is wrong, to the reader"'
    yield f'    fix: "{TO_DO}: what to do about it"'
    yield f"    severity: {row.severity or 'error'}"
    if row.fis and row.fis != row.severity:
        yield f"    fis: {row.fis}"
    yield f"    entity: {entity}"
    yield f"    years: {{from: {found.year}}}"

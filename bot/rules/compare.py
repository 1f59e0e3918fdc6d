"""A newly published rules file against the year before: what is new, changed or gone.

The catalogue says rules in our own words, so a change of the published text is found by its
fingerprint: a hash of the condition and exclusions, white space and case aside. Those of the
files that were worked through are in knowledge/rules/fingerprints/, one file a year.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import InputError
from bot.rules.catalogue import Catalogue, Rule, RuleRow, Severity
from bot.rules.engine import predicates
from bot.years import AcademicYear

__all__ = [
    "ChangedRow",
    "Comparison",
    "Fingerprints",
    "Published",
    "compare",
    "keep_fingerprints",
    "read_fingerprints",
    "read_published",
]

FINGERPRINTS = "fingerprints"
"""In knowledge/rules/: a file a year."""
_NEEDED = ("Name", "Status", "DetailedDescription", "Exclusions", "CurrentSldSeverity")
_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "n/a": Severity.OFF}

Fingerprints = Mapping[AcademicYear, Mapping[str, str]]
"""Year → rule id → hash of its published wording."""


@dataclass(frozen=True, slots=True)
class Published:
    """One row of the department's rules file, as far as we compare it."""

    id: str
    live: bool
    said_to_change: bool
    """The file's own status says "Changed" or "New"."""
    severity: Severity | None
    fis: Severity | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A rule that is not what it was."""

    row: Published
    what: tuple[str, ...]
    """What differs, each in a few words."""
    reworded: bool
    """Its condition or exclusions read differently."""
    has_check: bool
    """We run it, so its code has to be looked at."""


@dataclass(frozen=True)
class Comparison:
    """What a curator has to look at."""

    year: AcademicYear
    against: AcademicYear
    """The year whose rules are held, which the file was compared with."""
    new: list[Published]
    changed: list[ChangedRow]
    unsure: list[Published]
    """The same in all that can be compared, but last year's wording is not held."""
    ended: list[str]
    """Deleted in the file, or not in it any more."""
    derived: list[str]
    unchanged: int

    @property
    def need_a_check(self) -> list[str]:
        """Rules whose code has to be written, or written anew."""
        reworded = [one.row.id for one in self.changed if one.reworded and one.has_check]
        return sorted([*(row.id for row in self.new), *reworded])

    def to_json(self) -> dict[str, Any]:
        return {
            "year": str(self.year),
            "against": str(self.against),
            "new": [row.id for row in self.new],
            "changed": [{"rule": one.row.id, "what": "; ".join(one.what)} for one in self.changed],
            "unsure": [row.id for row in self.unsure],
            "gone": self.ended,
            "derived": self.derived,
            "unchanged": self.unchanged,
            "need_a_check": self.need_a_check,
        }


def read_published(path: Path) -> list[Published]:
    """Read the department's CSV. Raises InputError when it is not one."""
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"{str(path)!r} could not be read: {error.strerror}.") from None
    csv.field_size_limit(10_000_000)
    rows = csv.DictReader(io.StringIO(text))
    missing = [name for name in _NEEDED if name not in (rows.fieldnames or [])]
    if missing:
        raise InputError(
            f"This is not a published rules file: the column {missing[0]!r} is missing. "
            "Download the validation rules as CSV and give that file."
        )
    return [_published(row) for row in rows if row.get("Name", "").strip()]


def _published(row: Mapping[str, Any]) -> Published:
    def text(name: str) -> str:
        return " ".join(str(row.get(name) or "").split())

    condition = re.sub(r"\W+", " ", f"{text('DetailedDescription')} {text('Exclusions')}").lower()
    status = text("Status").casefold()
    return Published(
        id=re.sub(r"\W+", "_", text("Name")),
        live=status != "deleted",
        said_to_change=status in {"changed", "new"},
        severity=_SEVERITIES.get(text("CurrentSldSeverity").casefold()),
        fis=_SEVERITIES.get(text("CurrentFisSeverity").casefold()),
        fingerprint=hashlib.sha256(condition.strip().encode()).hexdigest()[:12],
    )


def compare(
    published: list[Published], catalogue: Catalogue, known: Fingerprints, year: AcademicYear
) -> Comparison:
    """Compare a file of ``year`` with the latest year up to it whose rules are held."""
    against = max(held for held in catalogue.read_years if held <= year)
    result = Comparison(year, against, [], [], [], [], [], 0)
    listed: set[str] = set()
    unchanged = 0
    for row in published:
        found = catalogue.find(row.id)
        ours = catalogue.in_year(found, against) if found else None
        if re.fullmatch(r"DD_?\d+", row.id):
            result.derived.append(row.id)
        elif found is None or ours is None:
            if row.live:
                result.new.append(row)
        else:
            listed.add(found.id)
            kept = _last_wording(found, known, against)
            differences = list(_differences(row, ours))
            reworded = row.live and kept is not None and kept != row.fingerprint
            if reworded or (row.live and kept is None and row.said_to_change):
                differences.append("condition or exclusions reworded")
                reworded = True
            if not row.live:
                result.ended.append(found.id)
            elif differences:
                checked = found.id in predicates()
                result.changed.append(ChangedRow(row, tuple(differences), reworded, checked))
            elif kept is None:
                result.unsure.append(row)
            else:
                unchanged += 1
    live = {row.id for row in catalogue.rows.values() if catalogue.in_year(row, against)}
    ended = sorted({*result.ended, *(live - listed)})
    return Comparison(
        year, against, result.new, result.changed, result.unsure, ended,
        sorted(result.derived), unchanged,
    )  # fmt: skip


def _differences(row: Published, ours: Rule) -> Iterator[str]:
    if not row.live:
        return
    if row.severity not in {None, ours.severity} and ours.severity is not Severity.CHECK:
        yield f"severity {ours.severity} → {row.severity}"
    if row.fis and row.fis != ours.fis and ours.fis is not Severity.CHECK:
        yield f"in FIS {ours.fis} → {row.fis}"


def _last_wording(row: RuleRow, known: Fingerprints, against: AcademicYear) -> str | None:
    """The fingerprint of a rule's wording in a year, None where its text was not kept.

    An older one still tells, as long as nothing in the rule changed since.
    """
    changed = [AcademicYear.parse(one.from_) for one in row.amendments]
    since = max([row.years.start, *(year for year in changed if year <= against)])
    for year in sorted(known, reverse=True):
        if year <= against and row.id in known[year]:
            return known[year][row.id] if since <= year else None
    return None


def keep_fingerprints(folder: Path, year: AcademicYear, published: list[Published]) -> Path:
    """Keep those of a file that was worked through, in the rules folder. Returns where."""
    path = folder / FINGERPRINTS / f"{year}.json"
    path.parent.mkdir(exist_ok=True)
    kept = {row.id: row.fingerprint for row in sorted(published, key=lambda row: row.id)}
    path.write_text(json.dumps(kept, indent=0) + "\n", encoding="utf-8")
    return path


def read_fingerprints(folder: Path) -> Fingerprints:
    """All that are kept in a rules folder."""
    return {
        AcademicYear.parse(path.stem): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((folder / FINGERPRINTS).glob("*.json"))
    }

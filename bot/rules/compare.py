"""A newly published rules file against our catalogue: what is new, changed or gone.

The catalogue says rules in our own words, so a change of the published text is found by its
fingerprint: a hash of the condition and exclusions, white space and case aside, kept for each
rule in knowledge/rule-fingerprints.json when a file has been worked through.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import InputError
from bot.rules.catalogue import Catalogue, Severity
from bot.years import AcademicYear

__all__ = ["Comparison", "Published", "compare", "fingerprints", "read_published"]

_NEEDED = ("Name", "Status", "DetailedDescription", "Exclusions", "CurrentSldSeverity")
_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "n/a": Severity.OFF}


@dataclass(frozen=True, slots=True)
class Published:
    """One row of the department's rules file, as far as we compare it."""

    id: str
    live: bool
    severity: Severity | None
    fis: Severity | None
    fingerprint: str
    change: str
    """The file's own change note, first 200 characters."""


@dataclass(frozen=True)
class Comparison:
    """What next year's maintainer has to look at."""

    new: list[Published]
    changed: list[tuple[Published, str]]
    """Row, and what differs."""
    gone: list[str]
    derived: list[str]
    unchanged: int

    def to_json(self) -> dict[str, Any]:
        return {
            "new": [p.id for p in self.new],
            "changed": [{"rule": p.id, "what": what} for p, what in self.changed],
            "gone": self.gone,
            "derived": self.derived,
            "unchanged": self.unchanged,
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
    return Published(
        id=re.sub(r"\W+", "_", text("Name")),
        live=text("Status").casefold() != "deleted",
        severity=_severity(text("CurrentSldSeverity")),
        fis=_severity(text("CurrentFisSeverity")),
        fingerprint=hashlib.sha256(condition.strip().encode()).hexdigest()[:12],
        change=text("ChangeSummary")[:200],
    )


def _severity(text: str) -> Severity | None:
    return _SEVERITIES.get(text.casefold())


def fingerprints(published: list[Published]) -> dict[str, str]:
    """Rule id → fingerprint, for keeping once a file has been worked through."""
    return {row.id: row.fingerprint for row in sorted(published, key=lambda row: row.id)}


def compare(
    published: list[Published], catalogue: Catalogue, known: Mapping[str, str], year: AcademicYear
) -> Comparison:
    """Compare with the catalogue as it stands in ``year`` and with the kept fingerprints."""
    new: list[Published] = []
    changed: list[tuple[Published, str]] = []
    derived: list[str] = []
    unchanged = 0
    listed: set[str] = set()
    for row in published:
        found = catalogue.find(row.id)
        ours = catalogue.in_year(found, year) if found else None
        if found:
            listed.add(found.id)
        if re.fullmatch(r"DD_?\d+", row.id):
            derived.append(row.id)
            continue
        if ours is None:
            if row.live:
                new.append(row)
            continue
        differences = []
        if not row.live:
            differences.append("deleted")
        elif row.severity not in {None, ours.severity} and ours.severity is not Severity.CHECK:
            differences.append(f"severity {ours.severity} → {row.severity}")
        if row.live and row.fis and row.fis != ours.fis and ours.fis is not Severity.CHECK:
            differences.append(f"in FIS {ours.fis} → {row.fis}")
        kept = known.get(row.id)
        if row.live and kept and kept != row.fingerprint:
            differences.append("condition or exclusions reworded")
        if differences:
            changed.append((row, "; ".join(differences)))
        else:
            unchanged += 1
    live_here = {r.id for r in catalogue.rows.values() if catalogue.in_year(r, year)}
    return Comparison(new, changed, sorted(live_here - listed), sorted(derived), unchanged)


def read_fingerprints(path: Path) -> dict[str, str]:
    """The kept fingerprints; {} when there are none yet."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}

"""The smaller lists: postcodes, devolved areas, assessment organisations and UKPRNs."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock

from bot.ilr.absent import Day
from bot.rules.reference.lars import Period

__all__ = [
    "Assessors",
    "DevolvedPostcodes",
    "Postcodes",
    "Providers",
    "StandardVersion",
    "Standards",
]

MAX_KEPT = 50_000


class _List:
    """A list in a database of its own, opened read-only; each question is asked of it once."""

    def __init__(self, database: Path) -> None:
        uri = f"{database.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = Lock()
        self._find = lru_cache(maxsize=MAX_KEPT)(self._rows)

    def _rows(self, query: str, value: object) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock:
            return self._connection.execute(query, (value,)).fetchall()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


def _without_space(postcode: str) -> str:
    return re.sub(r"\s+", "", postcode).upper()


def _period(start: str | None, end: str | None) -> Period:
    return Period(
        date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None
    )


class Postcodes(_List):
    """The ONS postcode directory: every postcode there is or was."""

    def __contains__(self, postcode: str) -> bool:
        found = self._find("SELECT 1 FROM postcode WHERE postcode = ?", _without_space(postcode))
        return bool(found)


class DevolvedPostcodes(_List):
    """Which source of funding pays for adults of a postcode, and from when to when."""

    def pays(self, postcode: str, source: str, day: Day) -> bool:
        """Whether a source of funding (SOF code) is that of the postcode on a day."""
        rows = self._find(
            "SELECT source, effective_from, effective_to FROM devolved WHERE postcode = ?",
            _without_space(postcode),
        )
        return any(
            str(held) == source.lstrip("0") and _period(start, end).covers(day)
            for held, start, end in rows
        )

    def lists(self, source: str) -> bool:
        """Whether any postcode of a source is listed: the file of devolved areas alone has none
        of the department's own."""
        wanted = source.lstrip("0")
        if not wanted.isdigit():
            return False
        return bool(self._find("SELECT 1 FROM devolved WHERE source = ? LIMIT 1", int(wanted)))


class Assessors(_List):
    """The assessment organisations, and the standards that each may assess."""

    def may_assess(self, organisation: str, standard: int, day: Day) -> bool:
        """Whether an organisation is listed for a standard on a day."""
        rows = self._find(
            "SELECT standard, effective_from, effective_to FROM assessor WHERE organisation = ?",
            organisation.strip().upper(),
        )
        return any(held == standard and _period(*days).covers(day) for held, *days in rows)


@dataclass(frozen=True, slots=True)
class StandardVersion:
    """One version of an apprenticeship standard, by the public register."""

    reference: str
    version: str
    title: str
    hours: int | None
    """The minimum off-the-job hours; None when the register gives none."""
    starts: Period
    """The starts it is for."""


class Standards(_List):
    """The public register of apprenticeship standards."""

    def versions(self, reference: str) -> list[StandardVersion]:
        """The versions of a standard, by its ST number, the latest first; none when it is not
        in the register."""
        rows = self._find(
            "SELECT DISTINCT version, title, hours, earliest_start, latest_start "
            "FROM standard_version WHERE reference = ?",
            reference.strip().upper(),
        )
        found = [
            StandardVersion(
                reference.strip().upper(), version or "", title or "", hours, _period(first, last)
            )
            for version, title, hours, first, last in rows
        ]
        return sorted(found, key=lambda one: _figures(one.version), reverse=True)


def _figures(version: str) -> tuple[int, ...]:
    """1.10 after 1.9."""
    return tuple(int(figure) for figure in re.findall(r"\d+", version))


class Providers(_List):
    """UKPRNs that exist."""

    def __contains__(self, ukprn: object) -> bool:
        return bool(self._find("SELECT 1 FROM provider WHERE ukprn = ?", ukprn))

"""Load a file of reference data into its own SQLite database, once.

The rows are streamed: a million take seconds and a few megabytes. The database takes the place
of an older one of its kind only when it is complete.
"""

from __future__ import annotations

import os
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.errors import InputError
from bot.rules.reference.sources import FoundTable, tables_in
from bot.rules.reference.tables import (
    KINDS,
    Column,
    Kind,
    Table,
    clean_date,
    normal_name,
)

__all__ = ["FORMAT", "Release", "load", "release_of"]

LARS = KINDS[0]
FORMAT = 1
"""Of the databases; one of another format is loaded again."""
NOT_KNOWN = (
    "None of its tables is one that I know. I read the LARS download, the ONS postcode directory, "
    "the devolved area postcodes, the list of assessment organisations, a list of UKPRNs, the "
    "register of apprenticeship standards (JSON), and provider.yaml. See docs/reference-data.md."
)


@dataclass(frozen=True, slots=True)
class Release:
    """What is held of one kind."""

    kind: str
    title: str
    file: str
    released: date | None
    """When the publisher made it; None when the file does not say."""
    loaded: date
    rows: int

    def age(self, today: date) -> int | None:
        """Days since it was published; None when the file does not say when."""
        return (today - self.released).days if self.released else None

    def described(self, today: date) -> str:
        """``LARS of 24/09/2026 (65 days old)``."""
        age = self.age(today)
        if self.released is None or age is None:
            return f"{self.title}, release date not known (loaded {_uk(self.loaded)})"
        return f"{self.title} of {_uk(self.released)} ({age:,} {'day' if age == 1 else 'days'} old)"

    def to_json(self, today: date) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "title": self.title,
            "file": self.file,
            "released": self.released.isoformat() if self.released else None,
            "age_days": self.age(today),
            "loaded": self.loaded.isoformat(),
            "rows": self.rows,
        }


def _uk(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def load(path: Path, folder: Path, *, today: date) -> Release:
    """Load a file or folder into ``folder``, in place of what was held of its kind.

    Raises InputError, with the table and row, when it is not known or not complete.
    """
    with tables_in(path) as found:
        kind, chosen = _recognised(found, path.name)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{kind.name}.db"
        part = folder / f".{kind.name}-{os.getpid()}.part"
        part.unlink(missing_ok=True)
        try:
            with closing(sqlite3.connect(part)) as database:
                rows = _fill(database, kind, chosen, path.name)
                _describe(database, kind, path, found, rows, today)
                database.commit()
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    made = release_of(target)
    assert made is not None  # noqa: S101 - it was written above
    return made


def release_of(database: Path) -> Release | None:
    """What a database holds; None when there is none, or it is of another format."""
    if not database.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as held:
            about = dict(held.execute("SELECT name, value FROM about"))
    except sqlite3.Error:
        return None
    if about.get("format") != str(FORMAT):
        return None
    return Release(
        about["kind"],
        about["title"],
        about["file"],
        date.fromisoformat(about["released"]) if about["released"] else None,
        date.fromisoformat(about["loaded"]),
        int(about["rows"]),
    )


Chosen = list[tuple[Table, FoundTable]]


def _recognised(found: Sequence[FoundTable], file: str) -> tuple[Kind, Chosen]:
    """Which kind of data the tables are, and what each of its tables is read from."""
    by_name = {normal_name(table.name): table for table in found}
    named = [
        (table, by_name[name])
        for table in LARS.tables
        for name in [next((n for n in map(normal_name, table.published) if n in by_name), None)]
        if name is not None
    ]
    held = {table.name for table, _ in named}
    missing = [t.published[0] for t in LARS.tables if t.required and t.name not in held]
    if named and not missing:
        return LARS, named
    for kind in KINDS[1:]:
        (table,) = kind.tables
        sources = [one for one in found if _has_columns(one, table)]
        if sources:
            return kind, [(table, one) for one in _whole_ones(sources)]
    if named:
        raise InputError(f"{file}: {_incomplete([t.published[0] for t, _ in named], missing)}")
    raise InputError(f"{file}: {NOT_KNOWN}")


def _incomplete(known: list[str], missing: list[str]) -> str:
    """What is said of LARS tables without those that every rule on aims looks in."""
    files = " and ".join(f"{name}.csv" for name in missing)
    return (
        f"LARS without {' and '.join(missing)}. I know {', '.join(sorted(known))}; but the rules "
        f"look each aim up in LearningDelivery and Validity. Put {files} of the same release into "
        "the folder, or give the whole download."
    )


def _has_columns(source: FoundTable, table: Table) -> bool:
    return all(
        _place(source.headings, column) is not None for column in table.columns if column.required
    )


def _whole_ones(sources: list[FoundTable]) -> list[FoundTable]:
    """Without the pieces of a table that is there whole: ONSPD_UK, and ONSPD_UK_AB as well."""
    names = {one.name for one in sources}
    return [
        one
        for one in sources
        if not any(one.name != name and one.name.startswith(f"{name}_") for name in names)
    ]


def _place(headings: Sequence[str], column: Column) -> int | None:
    """Where a column stands, under the first of its published names that is there."""
    normal = [normal_name(heading) for heading in headings]
    for name in column.published:
        if normal_name(name) in normal:
            return normal.index(normal_name(name))
    return None


def _fill(database: sqlite3.Connection, kind: Kind, chosen: Chosen, file: str) -> int:
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -16000")
    total = 0
    for table in dict.fromkeys(table for table, _ in chosen):
        sources = [source for one, source in chosen if one is table]
        columns = [
            column
            for column in table.columns
            if kind is not LARS
            or column.required
            or any(_place(one.headings, column) is not None for one in sources)
        ]
        # A column of LARS that is not there is not made: a rule that needs it is not run.
        held = replace(table, columns=tuple(columns))
        names = ", ".join(f'"{column.name}"' for column in columns)
        database.execute(f'CREATE TABLE "{table.name}" ({names})')
        for source in sources:
            total += _copy(database, held, source, file)
        database.execute(f'CREATE INDEX "{table.name}_key" ON "{table.name}" ("{table.key}")')
    return total


def _copy(database: sqlite3.Connection, table: Table, source: FoundTable, file: str) -> int:
    where = f"{file}, {source.name}"
    places = [_place(source.headings, column) for column in table.columns]
    missing = [
        column.published[0]
        for column, place in zip(table.columns, places, strict=True)
        if place is None and column.required
    ]
    if missing:
        raise InputError(f"{where}: there is no column {' or '.join(missing)}.")
    marks = ", ".join("?" * len(places))
    insert = f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608 - our own names
    before = database.total_changes
    database.executemany(insert, _cleaned(source.rows(), table, places, where))
    return database.total_changes - before


def _cleaned(
    rows: Iterable[Sequence[object]], table: Table, places: list[int | None], where: str
) -> Iterator[list[object]]:
    """Each row's kept values. Raises InputError naming the row and column that is not readable."""
    columns = list(zip(table.columns, places, strict=True))
    plan: list[tuple[int, Callable[[str], object]]] = [
        (-1 if place is None else place, column.clean) for column, place in columns
    ]
    key = next(at for at, (column, _) in enumerate(columns) if column.name == table.key)
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        try:
            values = [
                None if place < 0 or row[place] is None else clean(str(row[place]))
                for place, clean in plan
            ]
        except (IndexError, ValueError):
            raise InputError(f"{where}, row {number:,}: {_unreadable(row, columns)}") from None
        if values[key] is not None:
            yield values


def _unreadable(row: Sequence[object], columns: list[tuple[Column, int | None]]) -> str:
    for column, place in columns:
        if place is None:
            continue
        if place >= len(row):
            return "it has fewer cells than there are headings. Download the file again."
        try:
            column.clean(str(row[place] or ""))
        except ValueError:
            return f"{column.published[0]} is not a date that I can read."
    return "it cannot be read."


def _describe(
    database: sqlite3.Connection,
    kind: Kind,
    path: Path,
    found: Sequence[FoundTable],
    rows: int,
    today: date,
) -> None:
    released = _released(path, found)
    about = {
        "format": str(FORMAT),
        "kind": kind.name,
        "title": kind.title,
        "file": path.name,
        "released": released.isoformat() if released else "",
        "loaded": today.isoformat(),
        "rows": str(rows),
        "columns": "as published",
    }
    database.execute("CREATE TABLE about (name PRIMARY KEY, value)")
    database.executemany("INSERT INTO about VALUES (?, ?)", about.items())


_DAY_IN_A_NAME = re.compile(r"(?<!\d)(20\d\d)[-_]?(0[1-9]|1[0-2])[-_]?([0-3]\d)(?!\d)")
_MONTH_IN_A_NAME = re.compile(
    r"(?<![A-Za-z])(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Za-z]*[ _-]?(20\d\d)(?!\d)",
    re.IGNORECASE,
)


def _released(path: Path, found: Sequence[FoundTable]) -> date | None:
    """When it was made: LARS says so itself, others in their name, a ZIP by its newest file."""
    for table in found:
        if normal_name(table.name) == "datageneration":
            places = [normal_name(heading) for heading in table.headings]
            if "datageneratedon" in places:
                at = places.index("datageneratedon")
                days = [clean_date(str(row[at])) for row in table.rows() if row and row[at]]
                if any(days):
                    return date.fromisoformat(max(day for day in days if day))
    for name in (path.stem, *(table.name for table in found)):
        if day := _DAY_IN_A_NAME.search(name):
            try:
                return date(int(day[1]), int(day[2]), int(day[3]))
            except ValueError:
                continue
        if month := _MONTH_IN_A_NAME.search(name):
            return datetime.strptime(f"1 {month[1]} {month[2]}", "%d %b %Y").date()
    if path.is_file() and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return max((date(*info.date_time[:3]) for info in archive.infolist()), default=None)
    return None

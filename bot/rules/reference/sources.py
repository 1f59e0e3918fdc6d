"""The tables in a file that was given: a ZIP or folder of CSV files, one CSV file, or a database.

Rows are read as a stream, never held. An Access database is read by ``mdb-export`` of mdbtools,
when that is installed.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from bot.errors import InputError

__all__ = ["FoundTable", "tables_in"]

Rows = Iterable[Sequence[object]]
Opened = Callable[[], AbstractContextManager[IO[bytes]]]
ACCESS = (".mdb", ".accdb")
NO_ACCESS = (
    "This is an Access database, which needs the program mdb-export (package mdbtools) to be "
    "read. Install it, or download the CSV form of the same release."
)
MAX_FIELD = 1 << 20
CHUNK, MAX_RECORD = 1 << 20, 8 << 20
"""Characters of a JSON file that are read at once, and of which one record may have no more."""
_BETWEEN = re.compile(r"[\s,]*")
FEW = 50
"""Records whose keys are a file's headings."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table of a file: its published name, its headings, and its rows, read when asked for."""

    name: str
    headings: tuple[str, ...]
    rows: Callable[[], Rows]


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    """What is not UTF-8 was written by a Windows program."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    text = error.object[error.start : error.end].decode("cp1252", "replace")
    return text, error.end


codecs.register_error("windows-1252", _windows_1252)


@contextmanager
def tables_in(path: Path) -> Iterator[list[FoundTable]]:
    """The tables in a file or folder, to be read while this is open.

    Raises InputError when it is none of the forms that are known, or cannot be read.
    """
    with _opened(path) as found:
        yield found


def _opened(path: Path) -> AbstractContextManager[list[FoundTable]]:
    if path.is_dir():
        return _folder(path)
    suffix = path.suffix.lower()
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except FileNotFoundError:
        raise InputError(f"There is no file {path.name!r}.") from None
    except OSError as error:
        raise InputError(f"{path.name!r} could not be read: {error.strerror}.") from None
    if start.startswith(b"PK"):
        return _zip(path)
    if start.startswith(b"SQLite format 3"):
        return _sqlite(path)
    if suffix in ACCESS:
        return _access(path)
    if suffix in {".csv", ".txt", ".psv", ".tsv"}:
        return _single(path)
    if suffix == ".json":
        return _json(path)
    raise InputError(
        f"{path.name!r} is not a form of reference data that I can read. Give the ZIP as it was "
        "downloaded, a CSV file, a folder of them, an Access or SQLite database, the register of "
        "apprenticeship standards as JSON, or provider.yaml."
    )


@contextmanager
def _folder(path: Path) -> Iterator[list[FoundTable]]:
    yield [
        table
        for file in sorted(path.rglob("*"))
        if file.suffix.lower() == ".csv"
        for table in _csv_table(file.stem, lambda file=file: file.open("rb"))  # type: ignore[misc]
    ]


@contextmanager
def _single(path: Path) -> Iterator[list[FoundTable]]:
    yield list(_csv_table(path.stem, lambda: path.open("rb")))


@contextmanager
def _json(path: Path) -> Iterator[list[FoundTable]]:
    """A list of records: its headings are the keys of the first ones."""
    headings = tuple(dict.fromkeys(key for one in islice(_records(path), FEW) for key in one))
    yield [FoundTable(path.stem, headings, lambda: _json_rows(path, headings))]


def _json_rows(path: Path, headings: tuple[str, ...]) -> Rows:
    for record in _records(path):
        values = [record.get(heading) for heading in headings]
        yield [value if isinstance(value, str | int | float) else None for value in values]


def _records(path: Path) -> Iterator[dict[str, object]]:
    """The records of a JSON list, one at a time: the file may be large, a record is not.

    Raises InputError when it is no list of records, or is cut off.
    """
    decoder = json.JSONDecoder()
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        text = file.read(CHUNK).lstrip()
        if not text.startswith("["):
            raise InputError(f"{path.name!r} is no list of records in JSON.")
        number, at = 1, 1
        while True:
            between = _BETWEEN.match(text, at)
            at = between.end() if between else at
            if text.startswith("]", at):
                return
            try:
                record, end = decoder.raw_decode(text, at)
            except (ValueError, RecursionError):
                text, at = text[at:], 0
                more = file.read(CHUNK)
                if not more or len(text) > MAX_RECORD:
                    said = "cannot be read" if more else "is not complete. Download it again"
                    raise InputError(f"{path.name!r}, record {number:,}: it {said}.") from None
                text += more
                continue
            if not isinstance(record, dict):
                raise InputError(f"{path.name!r}, record {number:,}: it is no record.")
            yield record
            number, at = number + 1, end


@contextmanager
def _zip(path: Path) -> Iterator[list[FoundTable]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
            inside = [name for name in names if Path(name).suffix.lower() in ACCESS]
            if inside:
                with (
                    tempfile.TemporaryDirectory() as folder,
                    _access(Path(archive.extract(inside[0], folder))) as found,
                ):
                    yield found
                return
            yield [
                table
                for name in sorted(names)
                if name.lower().endswith(".csv")
                for table in _csv_table(
                    Path(name).stem,
                    lambda name=name: archive.open(name),  # type: ignore[misc]
                )
            ]
    except zipfile.BadZipFile:
        raise InputError(f"{path.name!r} is a ZIP that cannot be opened. Download it again.") from (
            None
        )


def _csv_table(name: str, opened: Opened) -> Iterator[FoundTable]:
    """The one table of a CSV file; none when it is empty."""
    reader = _csv_rows(opened)
    headings = next(reader, None)
    reader.close()
    if headings:

        def rows() -> Rows:
            again = _csv_rows(opened)
            next(again, None)
            return again

        yield FoundTable(name, tuple(str(one) for one in headings), rows)


def _csv_rows(opened: Opened) -> Generator[list[str]]:
    csv.field_size_limit(MAX_FIELD)
    with opened() as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="windows-1252", newline="")
        first = text.readline()
        separator = max(",;|\t", key=first.count)
        yield from csv.reader(_after(first, text), delimiter=separator)


def _after(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


@contextmanager
def _sqlite(path: Path) -> Iterator[list[FoundTable]]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        found = []
        for (name,) in names.fetchall():
            quoted = '"' + name.replace('"', '""') + '"'
            select = f"SELECT * FROM {quoted}"  # noqa: S608 - a name that the file itself has
            headings = connection.execute(f"{select} LIMIT 0").description
            found.append(
                FoundTable(
                    name,
                    tuple(heading[0] for heading in headings),
                    lambda select=select: connection.execute(select),  # type: ignore[misc]
                )
            )
        yield found
    except sqlite3.Error:
        raise InputError(f"{path.name!r} is a database that cannot be read.") from None
    finally:
        connection.close()


@contextmanager
def _access(path: Path) -> Iterator[list[FoundTable]]:
    export, listing = shutil.which("mdb-export"), shutil.which("mdb-tables")
    if export is None or listing is None:
        raise InputError(NO_ACCESS)
    named = subprocess.run(  # noqa: S603 - no shell, and the path is an argument
        [listing, "-1", str(path)], capture_output=True, text=True, check=False
    )
    if named.returncode:
        raise InputError(f"{path.name!r} is an Access database that cannot be read.")
    names = [name for name in named.stdout.splitlines() if name.strip()]
    yield [table for name in names for table in _exported(export, path, name)]


def _exported(export: str, path: Path, name: str) -> Iterator[FoundTable]:
    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        command = [export, "-D", "%Y-%m-%d", "-T", "%Y-%m-%d", str(path), name]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            try:
                yield process.stdout
            finally:
                process.kill()

    yield from _csv_table(name, opened)

"""Excel workbooks (.xlsx): each sheet as the text that copying its cells would give.

The rest is done by the readers of pasted tables, so that a sheet is read as a paste of it is.
python-calamine reads the cells: it is fast and typed. It keeps a sheet as one block of cells,
from the first to the last that is filled, so that the size of that block is looked at before.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.errors import InputError

__all__ = ["MAX_SHEET_ROWS", "Sheet", "sheets_of"]

MAX_UNPACKED = 200_000_000
"""Bytes of a workbook's parts; its XML is many times as large as its cells."""
MAX_SHEET_ROWS = 40_000
MAX_CELLS = 4_000_000
MAX_SHEETS = 50
_CHUNK = 1 << 20
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?r="([A-Z]{1,3})(\d{1,7})"[^<>]*(?<!/)>')
_ERROR = re.compile(rb'<(?:\w+:)?c\s[^<>]*\bt="e"')
_LONGEST_TAG = 400
_BROKEN = "This workbook is damaged and could not be read. Open it, save a copy, and give that."


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Its lines are its rows, so that line numbers are row numbers."""

    number: int
    """From 1. Its name is not kept: it may be somebody's."""
    text: str
    """Cells parted by tabs."""
    hidden: bool = False


def sheets_of(given: bytes) -> tuple[list[Sheet], bool]:
    """A workbook's sheets that hold anything, and whether cells held an Excel error (#N/A).

    Such cells are blank. Raises InputError for a workbook that is too large, locked or damaged.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    has_errors = _refuse_too_large(given)
    found = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(given)) as workbook:
            for place, about in enumerate(workbook.sheets_metadata[:MAX_SHEETS]):
                rows = workbook.get_sheet_by_index(place).iter_rows()
                text = _text(rows)
                if text.strip():
                    hidden = about.visible is not SheetVisibleEnum.Visible
                    found.append(Sheet(place + 1, text, hidden))
    except (CalamineError, OSError, ValueError):
        raise InputError(_BROKEN) from None
    return found, has_errors


def _refuse_too_large(given: bytes) -> bool:
    """Raise InputError for more than is read at once; whether a cell holds an Excel error."""
    unpacked, has_errors = 0, False
    try:
        with zipfile.ZipFile(io.BytesIO(given)) as archive:
            for member in archive.infolist():
                # Of every part: a workbook says itself which of them are its sheets.
                extent = _Extent()
                with archive.open(member) as part:
                    while chunk := part.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > MAX_UNPACKED:
                            raise InputError(_too_large())
                        extent.add(chunk)
                if extent.rows > MAX_SHEET_ROWS or extent.cells > MAX_CELLS:
                    raise InputError(_too_large())
                has_errors |= extent.has_errors
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError):
        raise InputError(_BROKEN) from None
    return has_errors


def _too_large() -> str:
    return (
        f"A sheet of this workbook has more than {MAX_SHEET_ROWS:,} rows or {MAX_CELLS:,} cells, "
        "which are not read at once. Save the rows of fewer learners as a workbook, or give the "
        "return as an XML file."
    )


class _Extent:
    """The last row and column of a sheet that hold something, as its XML goes by."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self.has_errors = False
        self._tail = b""

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def add(self, chunk: bytes) -> None:
        """Look at the next piece; a tag that it cuts is seen with the one after."""
        text = self._tail + chunk
        self._tail = text[-_LONGEST_TAG:]
        found = _CELL.findall(text)
        if found:
            self.rows = max(self.rows, *(int(row) for _, row in found))
            self.columns = max(self.columns, *(_number(column) for column in {c for c, _ in found}))
        self.has_errors = self.has_errors or bool(_ERROR.search(text))


def _number(column: bytes) -> int:
    """``A`` → 1, ``AA`` → 27."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _text(rows: Any) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    blank = 0
    for row in rows:
        cells = [_cell(value) for value in row]
        if not any(cells):
            blank += 1
            continue
        out.write("\n" * blank)
        blank = 0
        writer.writerow(cells)
    return out.getvalue()


def _cell(value: object) -> str:
    """A cell as text: dates year first, whole numbers without a decimal point."""
    if isinstance(value, str):
        return " ".join(value.split()) if any(c in value for c in "\t\r\n\v\f") else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)

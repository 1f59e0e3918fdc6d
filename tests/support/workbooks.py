"""Small Excel workbooks, made part by part, so that tests know what stands in each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

__all__ = ["packed", "workbook"]

Cell = str | int | float | bool | date | None
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_EPOCH = date(1899, 12, 30)
DATE_STYLE = 1


def packed(*files: tuple[str, str | bytes]) -> bytes:
    """A ZIP of files: name and content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def workbook(*sheets: Sequence[Sequence[Cell]], hidden: Sequence[int] = ()) -> bytes:
    """A workbook of sheets of rows. ``hidden``: numbers of sheets, from 1. "#N/A" is an error."""
    numbers = range(1, len(sheets) + 1)
    states = {n: ' state="hidden"' if n in hidden else "" for n in numbers}
    listed = "".join(
        f'<sheet name="Someone {n}" sheetId="{n}"{states[n]} r:id="rId{n}"/>' for n in numbers
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATED}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    styles = (
        f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>'
        "</cellXfs></styleSheet>"
    )
    return packed(
        ("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>'),
        (
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        ),
        (
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>{listed}</sheets></workbook>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{related}<Relationship Id="rId99" '
            f'Type="{_RELATED}/styles" Target="styles.xml"/></Relationships>',
        ),
        ("xl/styles.xml", styles),
        *[
            (f"xl/worksheets/sheet{n}.xml", _sheet(rows))
            for n, rows in zip(numbers, sheets, strict=True)
        ],
    )


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    written = "".join(
        f'<row r="{at}">{"".join(_cell(at, column, cell) for column, cell in enumerate(row))}</row>'
        for at, row in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{written}</sheetData></worksheet>'


def _cell(row: int, column: int, cell: Cell) -> str:
    at = f"{chr(ord('A') + column)}{row}"
    if cell is None:
        return f'<c r="{at}" s="0"/>'
    if isinstance(cell, bool):
        return f'<c r="{at}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{at}" s="{DATE_STYLE}"><v>{(cell - _EPOCH).days}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{at}"><v>{cell}</v></c>'
    if cell.startswith("#"):
        return f'<c r="{at}" t="e"><v>{cell}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'

"""Files that hold a record inside: workbooks, ZIPs, and documents that are neither."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import InputError
from bot.ilr.raw import RawEntity
from bot.ilr.readers import read, spreadsheets, zip_files
from bot.ilr.readers.decoding import text_of
from bot.ilr.readers.zip_files import look_into
from bot.ilr.redaction import redact
from tests.support.workbooks import packed, workbook

HEADINGS = [
    "LearnRefNumber",
    "ULN",
    "LearnAimRef",
    "LearnStartDate",
    "PlanLearnHours",
    "CompStatus",
]
ROWS = [
    HEADINGS,
    ["INV1", 9000010003, "ZWRKX001", date(2026, 10, 12), 560.0, 1],
    ["INV2", 9000010011, 60149735, date(2026, 9, 7), 12.5, None],
]
LEARNER = "<Learner><LearnRefNumber>INV1</LearnRefNumber></Learner>"
XML = f'<Message xmlns="ILR/2026-27">{LEARNER}</Message>'


def values(entity: RawEntity) -> dict[str, str]:
    found = {item.name: item.text for item in entity.fields}
    for child in entity.children:
        found |= values(child)
    return found


def test_a_workbook_is_read_with_its_types_and_its_row_numbers() -> None:
    record = read(workbook([[], *ROWS]))
    first, second = record.message.children
    assert values(first) == {
        "LearnRefNumber": "INV1", "ULN": "9000010003", "LearnAimRef": "ZWRKX001",
        "LearnStartDate": "2026-10-12", "PlanLearnHours": "560", "CompStatus": "1",
    }  # fmt: skip
    assert values(second)["LearnAimRef"] == "60149735"
    assert values(second)["CompStatus"] == "", "a column that is there and blank is a blank"
    assert (first.line, second.line) == (3, 4)
    assert not record.guesses()


def test_a_cell_of_several_lines_and_with_quotes_stays_one_cell() -> None:
    rows = [["LearnRefNumber", "LearnStartDate", "AddLine1"],
            ["INV1", date(2026, 10, 12), 'The "Old"\nMill\tLane']]  # fmt: skip
    [learner] = read(workbook(rows)).message.children
    assert values(learner)["AddLine1"] == 'The "Old" Mill Lane'


def test_sheets_without_a_record_and_hidden_ones_are_not_read_and_said_by_number() -> None:
    record = read(workbook([["How to use this"]], ROWS, ROWS, hidden=[3]))
    assert len(record.message.children) == 2
    said = [remark.message for remark in record.remarks]
    assert "Sheet 1 holds no record, so it was not read." in said
    assert "Sheet 3 is hidden, so it was not read." in said
    assert "Someone" not in str(record), "a sheet may be called after a learner"


def test_lines_of_several_sheets_are_said() -> None:
    other = [HEADINGS, ["INV3", 9000010038, "ZWRKX001", date(2026, 10, 12), 1, 1]]
    record = read(workbook(ROWS, other))
    assert [values(one)["LearnRefNumber"] for one in record.message.children] == [
        "INV1", "INV2", "INV3",
    ]  # fmt: skip
    assert record.remarks[0].message == (
        "Lines are counted through 2 sheets: sheet 1 from line 1, sheet 2 from line 6."
    )
    assert record.message.children[2].line == 7


def test_an_excel_error_is_blank_and_said() -> None:
    rows = [HEADINGS, ["INV1", "#N/A", "ZWRKX001", date(2026, 10, 12), 1, 1]]
    record = read(workbook(rows))
    assert values(record.message.children[0])["ULN"] == ""
    assert any("#N/A" in remark.message for remark in record.remarks)


def test_a_workbook_without_a_record_says_what_a_sheet_needs() -> None:
    with pytest.raises(InputError, match="in this workbook"):
        read(workbook([["Rota"], ["Monday", "Ms Nobody"]]))


@pytest.mark.parametrize("rows", [40_002, 5_000_000])
def test_a_workbook_with_a_cell_far_down_is_refused_before_it_is_laid_out(rows: int) -> None:
    sheet = f'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="{rows}"><c '
    sheet += f's="1" r="XFD{rows}"><v>1</v></c></row></sheetData></worksheet>'
    made = packed(
        ("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", "<x/>"),
        ("xl/worksheets/sheet1.xml", sheet),
    )  # fmt: skip
    with pytest.raises(InputError, match="40,000 rows"):
        read(made)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_UNPACKED", 1_000)
    with pytest.raises(InputError, match="not read at once"):
        read(workbook(ROWS))


def test_a_tag_between_two_pieces_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "_CHUNK", 7)
    monkeypatch.setattr(spreadsheets, "MAX_SHEET_ROWS", 2)
    with pytest.raises(InputError, match="not read at once"):
        read(workbook(ROWS))


@pytest.mark.parametrize("cut", [60, 400, -30])
def test_a_damaged_workbook_gets_one_sentence(cut: int) -> None:
    with pytest.raises(InputError) as refused:
        read(workbook(ROWS)[:cut])
    assert "\n" not in str(refused.value)


def test_redact_leaves_nobody_in_a_workbook() -> None:
    names = [["FamilyName", "LearnRefNumber", "LearnStartDate"],
             ["Nobodyson", "INV1", date(2026, 10, 12)]]  # fmt: skip
    copy = redact(workbook(names))
    assert "Nobodyson" not in copy
    assert "2026-10-12" in copy


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["[Content_Types].xml", "ppt/presentation.xml"], "a PowerPoint presentation"),
        (["[Content_Types].xml", "word/document.xml"], "a Word document"),
        (["[Content_Types].xml", "xyz/other.xml"], "a document of another program"),
        (["Index/Document.iwa"], "a Numbers, Pages or Keynote document"),
        (["a.txt"], "holds no XML file"),
        ([], "empty ZIP"),
        (["a.xml", "b.xml"], "several XML files"),
    ],
)
def test_what_is_no_record_is_called_what_it_is(names: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(packed(*((name, "<x/>") for name in names)))


def test_an_open_document_is_called_what_it_is() -> None:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with pytest.raises(InputError, match="an OpenDocument spreadsheet"):
        read(packed(("mimetype", kind), ("content.xml", "<x/>")))


def test_the_xml_in_a_zip_is_read() -> None:
    assert text_of(packed(("ILR.XML", XML))) == XML
    assert read(packed(("folder/ILR.xml", XML))).kind == "ILR XML"


def test_a_zip_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(InputError, match="larger than 20 MB"):
        read(packed(("ILR.xml", " " * 20_000_001)))


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["a.xml", "__MACOSX/._a.xml", ".DS_Store"], ("a.xml",)),
        (["one/a.xml", "one/b.txt"], ("a.xml", "b.txt")),
    ],
)
def test_what_a_computer_adds_of_its_own_is_no_file_of_a_zip(
    files: list[str], names: tuple[str, ...]
) -> None:
    assert look_into(packed(*((one, XML) for one in files)), None).files == names


def test_a_cut_and_a_locked_zip_are_told() -> None:
    whole = packed(("a.xml", XML))
    assert look_into(whole[:-20], "a.zip").damaged
    flags = bytearray(whole)
    flags[6] |= 1
    at = whole.index(b"PK\x01\x02")
    flags[at + 8] |= 1
    assert look_into(bytes(flags), "a.zip").protected
    assert not zip_files.is_zip(b"<Message>")

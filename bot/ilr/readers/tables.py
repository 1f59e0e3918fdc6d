"""Tables out of spreadsheets and MIS screens: a row is an aim, a placement or a learner."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.cells import Cleaned, clean, is_page_furniture
from bot.ilr.readers.collector import FieldCollector, is_confident
from bot.ilr.readers.dates import read_date
from bot.ilr.readers.field_rows import NEW_WERE_READ, fields_across, without_introduction
from bot.ilr.readers.fixed_width import aligned, headings_joined, one_cell_a_line
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.grouped_aims import grouped_aims
from bot.ilr.readers.headings_over_two import headings_over_two
from bot.ilr.readers.learner_lines import learner_heading
from bot.ilr.readers.list_lines import bare_line
from bot.ilr.readers.lists import context_of
from bot.ilr.readers.names import is_everybodys, names
from bot.ilr.readers.old_and_new import ARE_TWO_AIMS, FORMER, PRESENT, old_and_new
from bot.ilr.readers.pairs import named_value
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.part_lines import part_line
from bot.ilr.readers.phrases import Phrase, lone_aim
from bot.ilr.readers.queries import is_statement, rows_of_statements, widths_ruled
from bot.ilr.readers.short_headings import headings_in_full
from bot.ilr.readers.single_spaces import single_spaces
from bot.ilr.readers.space_columns import space_columns
from bot.ilr.readers.table_columns import PLACEMENT, group_headings
from bot.ilr.readers.table_lines import cells_of, lines_of_cells
from bot.ilr.readers.table_record import Row, Table, holds_values, is_header
from bot.ilr.readers.table_rows import last_block, section_above, section_of, take_below, take_part
from bot.ilr.readers.tidy import tidy
from bot.ilr.readers.whole_rows import CUT, whole_rows
from bot.ilr.readers.wrapped_columns import columns_joined
from bot.ilr.readers.wrapped_rows import unwrapped
from bot.ilr.readers.years_above import add_year
from bot.privacy.headings import LEARNERS

__all__ = ["Row", "cells_of", "is_header", "is_table", "read_rows", "read_table"]

_SEPARATORS = ("\t", "|", ";", ",", "^", "~", "  ", " ")
_RULER = re.compile(r"[\s|:+=_-]*")
_MAX_LINE_LENGTH = 100_000


@dataclass(frozen=True, slots=True)
class _Found:
    separator: str
    header_line: int
    sideways: bool = False


def _find(text: str, most: int = 60) -> _Found | None:
    """Where the first heading row is, or a heading column, with a row that fits it."""
    head = "\n".join(text.split("\n")[:most])
    for separator in _SEPARATORS:
        if separator not in head:
            continue
        rows = [
            Row(number, cells_of(line, separator))
            for number, line in lines_of_cells(head, separator)
            if separator in line and len(line) < _MAX_LINE_LENGTH and not _RULER.fullmatch(line)
        ]
        for place, row in enumerate(rows):
            if separator == " " and not _in_single_words(row.cells, rows[place + 1 :]):
                continue
            if (
                is_header(row.cells)
                and not (_heads_names(row.cells) and _is_sideways(rows[place + 1 :]))
                and not holds_values(row.cells)
                and _is_of_records(row, rows[place + 1 :], rows[:place])
                and any(_fits(row.cells, after.cells) for after in rows[place + 1 : place + 6])
            ):
                return _Found(separator, row.line)
            if (_heads_names(row.cells) and _is_sideways(rows[place + 1 :])) or (
                _heads_old_and_new(row.cells) and _are_mostly_named(rows[place + 1 :])
            ):
                return _Found(separator, row.line, sideways=True)
        below = last_block(rows)
        if separator != " " and _is_sideways(rows):
            return _Found(separator, rows[0].line, sideways=True)
        if separator == "\t" and len(below) < len(rows) and _is_sideways(below):
            return _Found(separator, below[0].line, sideways=True)
    return None


def _in_single_words(cells: tuple[str, ...], below: list[Row]) -> bool:
    """Whether single spaces part columns: every word a field's name, and the row below as long."""
    labels = [names().look_up(cell) for cell in cells]
    return (
        len(cells) >= 3
        and all(label.known for label in labels)
        and sum(label.official for label in labels) >= 2
        and bool(below)
        and (
            len(below[0].cells) == len(cells)
            or (len(below[0].cells) == len(cells) + 1 and below[0].cells[0] in {"0", "1"})
        )
    )


def _is_of_records(header: Row, below: list[Row], above: list[Row]) -> bool:
    """Whether anything tells a table of records from a rota or a price list: a name that only
    the ILR has, an aim's reference, or a heading that spans the columns."""
    labels = [names().look_up(cell) for cell in header.cells if cell]
    if any(label.known and not label.if_fits and not is_everybodys(label) for label in labels):
        return True
    if any(
        names().heading(cell) or names().beside(cell) == PLACEMENT for cell in header.cells if cell
    ):
        return True
    strange = [one for one in labels if not (one.places or one.ignored or one.person)]
    if not strange or (above and group_headings(above[-1].cells) is not None):
        return True
    return any(lone_aim(cell) for row in below[:20] for cell in row.cells)


_OF_NAMES = re.compile(
    r"(?:(?:ilr|data|xml|schema) )?(?:fields?|items?|elements?|attributes?|data|names?|questions?"
    r"|labels?|details?|property|variable)(?: ?names?)?",
    re.IGNORECASE,
)
"""What heads a column of field names."""


def _heads_names(cells: tuple[str, ...]) -> bool:
    """Whether cells may head a column of names and one for each of several things: "", "Aim 1",
    "Aim 2", or "Field", "Before", "After"."""
    if len(cells) < 3:
        return False
    filled = [cell for cell in cells if cell]
    bare = {re.sub(r"\s*\d{1,2}$", "", cell).casefold() for cell in filled}
    numbered = len(filled) > 1 and len(bare) == 1 and len(set(filled)) == len(filled)
    return numbered or not cells[0] or bool(_OF_NAMES.fullmatch(cells[0]))


def _heads_old_and_new(cells: tuple[str, ...]) -> bool:
    """Whether cells head a column of names and those of old and of new values."""
    return (
        len(cells) == 3
        and not cells[0]
        and bool(FORMER.fullmatch(cells[1]) and PRESENT.fullmatch(cells[2]))
    )


def _are_mostly_named(rows: list[Row]) -> bool:
    """Whether most of the rows below such headings begin with a field's name or one like it."""
    labels = [names().look_up(row.cells[0]) for row in rows if len(row.cells) == 3]
    known = sum(label.known for label in labels)
    return known > 1 and sum(bool(label.places) for label in labels) * 2 > len(rows)


def _fits(header: tuple[str, ...], cells: tuple[str, ...]) -> bool:
    """Whether a row holds values of the header's columns."""
    if len(cells) > len(header) + 1 or len(cells) < 2:
        return False
    pairs = [(names().look_up(name), cell) for name, cell in zip(header, cells, strict=False)]
    if any(is_confident(label, cell) for label, cell in pairs):
        return True
    # A learner's row: a reference, and a name beside it.
    of_person = {
        label.places[0][1]
        for label, cell in pairs
        if label.known and cell and has_usual_form(label.places[0][1], cell)
    }
    return "LearnRefNumber" in of_person and bool(of_person & {"FamilyName", "GivenNames"})


def _is_sideways(rows: list[Row]) -> bool:
    """A name at the left of each row and two or more values beside it."""
    wide = [
        row
        for row in rows
        if len(row.cells) >= 3 and not part_line(bare_line("  ".join(row.cells)))
    ]
    if len(wide) < 2 or len(wide) * 2 < len(rows):
        return False
    known = [row for row in wide if names().look_up(row.cells[0]).known]
    # A name among the values: the row is a screen's, of names and values in turn.
    if sum(any(map(_holds_a_name, row.cells[1:])) for row in known) * 2 > len(known):
        return False
    good = [row for row in known if _is_of_one_field(row.cells)]
    return len(good) >= 2 and len(known) * 2 >= len(wide)


_NAMED = re.compile(r"[A-Za-z][A-Za-z .&/-]{1,30}:(?:\s|$)")


def _holds_a_name(cell: str) -> bool:
    """Whether a cell is a field's name, or one with its value: "Prog type 25", "Age: 17"."""
    if _NAMED.match(cell):
        return True
    return names().look_up(cell).known or (" " in cell and named_value(cell) is not None)


def _is_of_one_field(cells: tuple[str, ...]) -> bool:
    """Whether what stands beside a name can all be its values: "Aim 2  ZWRKX001  Work Experience
    12/10/26" is one aim, and not three."""
    label = names().look_up(cells[0])
    filled = [cell for cell in cells[1:] if cell]
    sure = sum(is_confident(label, cell) for cell in filled)
    numbered_aim = (
        label.number is not None and label.places[:1] and (label.places[0][1] == "LearnAimRef")
    )
    return sure >= 1 and not (numbered_aim and sure * 2 <= len(filled))


def is_table(text: str) -> bool:
    """Whether a (tidied) text holds a heading row and a row of values beneath it."""
    if is_statement(text):
        rows = rows_of_statements(text)
        return len(rows) > 1 and is_header(rows[0][1])
    return grouped_aims(text) is not None or _find(_as_rows(text)) is not None


def _as_rows(text: str) -> str:
    """The text with a row a line, where its rows or its headings were broken over several."""
    text, _ = fields_across(without_introduction(space_columns(columns_joined(old_and_new(text)))))
    text = single_spaces(text).text
    text = headings_in_full(headings_over_two(one_cell_a_line(widths_ruled(unwrapped(text)))))
    return text if _find(text) is not None else headings_joined(text)


def read_table(text: str) -> ParsedRecord:
    """Read a table. Every part of its record is partial."""
    collector = FieldCollector()
    text = tidy(text, collector.remarks)
    table = Table(collector)
    if is_statement(text):
        for number, cells in rows_of_statements(text):
            table.take(Row(number, tuple(map(clean, cells))))
        return table.finish("table")
    if (sheet := grouped_aims(text)) is not None:
        above = text.split("\n")[: sheet.first - 1]
        dated = add_year(table.message, above)
        for number, line in enumerate(above, 1):
            if line.strip() and number != dated and not is_page_furniture(line):
                collector.add_remark(number, "This line was not understood.")
        for number, why in sheet.remarks:
            collector.add_remark(number, why)
        for number, cells in sheet.rows:
            table.take(Row(number, cells))
        return table.finish("table")
    if (changed := fields_across(text)[1]) is not None:
        collector.add_remark(changed, NEW_WERE_READ)
    for at, why in single_spaces(text).remarks.items():
        collector.add_remark(at, why)
    text = _as_rows(text)
    found = _find(text)
    if found is not None and found.separator == "  " and not found.sideways:
        text = aligned(text, found.header_line)
        found = replace(found, separator="\t")
    understood = _take_context(table, text, found) if found is not None else frozenset()
    if found is not None and (year := add_year(table.message, _above(text, found))) is not None:
        understood |= {year}
    if found is not None and found.sideways:
        _read_sideways(table, text, found.separator, found.header_line)
    elif found is not None:
        beside: list[Row] = []
        grouped = not any(
            names().look_up(cell).places[:1] == (_REF,) for cell in _heads(text, found)
        )
        half, section = 0, section_above(text.split("\n")[: found.header_line - 1], table)
        cleaned = Cleaned()
        lines = [
            (number, line, cells_of(line, found.separator, cleaned.__getitem__))
            for number, line in lines_of_cells(text, found.separator)
            if not _RULER.fullmatch(line)
        ]
        below = [(at, row) for at, line, row in lines if at >= found.header_line and line.strip()]
        whole = whole_rows(below, found.separator)
        if whole.cut is not None:
            collector.add_remark(whole.cut, CUT)
        for number, line, row in lines:
            cells = whole.of(number, row, table.width)
            if number < found.header_line and group_headings(cells) is None:
                table.leave_group()
                if number not in understood and not is_page_furniture(line):
                    collector.add_remark(number, "This line was not understood.")
                continue
            if grouped and (heading := _group(cells)) is not None:
                table.turn_to(heading, number)
                continue
            if number > found.header_line and (headed := section_of(cells)) is not None:
                section = headed
            elif number > found.header_line and not holds_values(cells) and is_header(cells):
                section = None
            if number > found.header_line and take_part(table, Row(number, cells), section):
                continue
            if number > found.header_line and take_below(table, line, cells, number):
                continue
            half = _second_block(cells) or half
            if half and len(cells) > half:
                beside.append(Row(number, cells[half:]))
                cells = cells[:half]
            table.take(Row(number, cells))
        for other in beside:
            table.take(other)
    return table.finish("table")


_REF = ("Learner", "LearnRefNumber")


def _heads(text: str, found: _Found) -> tuple[str, ...]:
    return cells_of(text.split("\n")[found.header_line - 1], found.separator)


def _group(cells: tuple[str, ...]) -> Phrase | None:
    """What a row says of the learner whose rows stand below it."""
    filled = [cell for cell in cells if cell]
    if not filled or len(filled) > 4 or is_header(cells):
        return None
    return learner_heading("  ".join(filled))


def _second_block(cells: tuple[str, ...]) -> int:
    """Where the same headings begin again, as two tables side by side have them; else 0."""
    filled = [at for at, cell in enumerate(cells) if cell]
    middle = len(filled) // 2
    if len(filled) < 6 or len(filled) % 2:
        return 0
    first, second = filled[:middle], filled[middle:]
    same = [cells[at] for at in first] == [cells[at] for at in second]
    # Looked up last: nearly all rows are told by what stands before.
    if not same or len({cells[at] for at in first}) != middle or holds_values(cells):
        return 0
    return second[0] if is_header(cells) else 0


def _above(text: str, found: _Found) -> list[str]:
    """The lines above a table and the headings that span its columns."""
    above = text.split("\n")[: found.header_line - 1]
    while above and group_headings(cells_of(above[-1], found.separator)) is not None:
        above.pop()
    return above


def _take_context(table: Table, text: str, found: _Found) -> frozenset[int]:
    """Take the fields above a table, such as its learner's; the lines that were understood."""
    above = _above(text, found)
    context = context_of("\n".join(above))
    if context is None or not table.under(context.message):
        return _take_title(table, above)
    table.collector.remarks += context.remarks
    return frozenset(range(1, found.header_line))


_TITLE = re.compile(
    rf"\b(?:for|of|{LEARNERS})\b:? "
    r"((?=[A-Za-z/-]*\d)[A-Za-z0-9/-]{4,12})(?![\w/])",
    re.IGNORECASE,
)


def _take_title(table: Table, above: list[str]) -> frozenset[int]:
    """Take the one learner that a title names, "Placements for PT44012 - Osei, Abena"; the lines
    of which all was understood."""
    headings = [(n, one) for n, line in enumerate(above, 1) if (one := learner_heading(line))]
    if len(headings) == 1:
        table.turn_to(headings[0][1], headings[0][0])
        return frozenset({headings[0][0]})
    found = [
        (number, match[1])
        for number, line in enumerate(above, 1)
        for match in _TITLE.finditer(line)
    ]
    said = {text for _, text in found}
    if (
        len(said) != 1
        or not has_usual_form("LearnRefNumber", found[0][1])
        or read_date(found[0][1]).iso
    ):
        return frozenset()
    number, text = found[0]
    guess = "it is in the title of the table"
    learner = RawEntity(
        "Learner", [RawField("LearnRefNumber", text, number, guess)], line=number, partial=True
    )
    table.under(RawEntity("Message", children=[learner], partial=True))
    return frozenset()


def _without_former(table: Table, rows: list[Row]) -> list[Row]:
    """A log of changes without its column of old values."""
    heads = next((row for row in rows if not names().look_up(row.cells[0]).known), None)
    if heads is None:
        return rows
    former = [at for at, cell in enumerate(heads.cells) if at and FORMER.fullmatch(cell)]
    present = [at for at, cell in enumerate(heads.cells) if at and PRESENT.fullmatch(cell)]
    if len(former) != 1 or len(present) != 1:
        return rows
    if _are_two_aims(rows, former[0], present[0]):
        table.collector.add_remark(heads.line, ARE_TWO_AIMS)
        return [row for row in rows if row is not heads]
    table.collector.add_remark(heads.line, NEW_WERE_READ)
    return [
        Row(row.line, (row.cells[0], row.cells[present[0]]))
        for row in rows
        if row is not heads and len(row.cells) > present[0]
    ]


def _are_two_aims(rows: list[Row], former: int, present: int) -> bool:
    """Whether the old and the new values name two aims and the days on which each started: a
    transfer, of which the record keeps both."""
    told = dict.fromkeys(("LearnAimRef", "LearnStartDate"), False)
    for row in rows:
        place = names().look_up(row.cells[0]).places[:1]
        if place and place[0][1] in told and len(row.cells) > max(former, present):
            old, new = row.cells[former], row.cells[present]
            fit = has_usual_form(place[0][1], old) and has_usual_form(place[0][1], new)
            told[place[0][1]] |= bool(old and new) and fit and old != new
    return all(told.values())


def _read_sideways(table: Table, text: str, separator: str, first: int) -> None:
    """Turn columns into rows; each value keeps its own line."""
    rows = [
        Row(number, cells_of(line, separator))
        for number, line in lines_of_cells(text, separator)
        if number >= first and separator in line and not _RULER.fullmatch(line)
    ]
    for number, line in lines_of_cells(text, separator):
        plain = number > first and separator not in line and re.search(r"(?<!\w)\d", line)
        if plain and not _RULER.fullmatch(line) and not is_page_furniture(line):
            table.collector.add_remark(number, "This line was not understood.")
    rows = _without_former(table, rows)
    kept = []
    for row in rows:
        label = names().look_up(row.cells[0])
        if label.places or label.ignored or label.person:
            kept.append(row)
        elif row.cells[0] and not _OF_NAMES.fullmatch(row.cells[0]):
            table.collector.add_remark(row.line, "This line was not understood.")
    width = max(len(row.cells) for row in kept)
    for row in kept:
        # Two values under three aims: whose they are cannot be seen.
        if 2 < len(row.cells) < width:
            table.collector.add_remark(
                row.line, "This row has fewer cells than the others, so it was not read."
            )
    kept = [row for row in kept if not 2 < len(row.cells) < width]
    table.head(Row(kept[0].line, tuple(row.cells[0] for row in kept)))
    for column in range(1, max(len(row.cells) for row in kept)):
        cells = tuple(row.cells[column] if column < len(row.cells) else "" for row in kept)
        table.row(Row(kept[0].line, cells), lines=[row.line for row in kept])


def read_rows(rows: Iterable[Row], kind: str) -> ParsedRecord:
    """Read rows whose first is the header, for readers of other forms of table."""
    table = Table(FieldCollector())
    for row in rows:
        table.take(row)
    return table.finish(kind)

"""Tables out of spreadsheets and MIS screens: a row is an aim, a placement or a learner."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.assembly import ancestors, take_header
from bot.ilr.readers.collector import FieldCollector, is_confident
from bot.ilr.readers.names import Label, Place, names
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.tidy import tidy

__all__ = ["Row", "cells_of", "is_header", "is_table", "read_rows", "read_table"]

AIM, PLACEMENT, LEARNER = "LearningDelivery", "LearningDeliveryWorkPlacement", "Learner"
_SEPARATORS = ("\t", "|", ";", ",", "  ")
_RULER = re.compile(r"[\s|:+=-]*")
_TOTAL = re.compile(r"(?:sub[ -]?|grand )?totals?:?(?: hours| hrs)?:?", re.IGNORECASE)
_WIDE = re.compile(r"\s{2,}")
_MAX_LINE_LENGTH = 100_000
_WITHOUT_DETAIL = frozenset({"LearnAimRef", "AimSeqNumber", "FundModel", "SWSupAimId", "ProgType"})
"""Aim columns that only say which aim a placement belongs to."""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells and the line they stand on."""

    line: int
    cells: tuple[str, ...]


def cells_of(line: str, separator: str) -> tuple[str, ...]:
    """A line's cells, quotes resolved."""
    if separator == "  ":
        return tuple(_WIDE.split(line.strip()))
    if separator == "|":
        line = line.strip()
        line = line.removeprefix("|").removesuffix("|")
    if '"' in line:
        try:
            [cells] = csv.reader([line], delimiter=separator, skipinitialspace=True)
        except (csv.Error, ValueError):
            cells = line.split(separator)
    else:
        cells = line.split(separator)
    return tuple(cell.strip() for cell in cells)


def _lines(text: str, separator: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; a quoted cell that holds line breaks stays whole."""
    waiting, first = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        if waiting:
            waiting += " " + line
            if waiting.count('"') % 2 == 0 or number - first > 8:
                yield first, waiting
                waiting = ""
        elif separator in ",;\t" and f'{separator}"' in line and line.count('"') % 2:
            waiting, first = line, number
        else:
            yield number, line
    if waiting:
        yield first, waiting


def is_header(cells: Iterable[str]) -> bool:
    """Whether cells are names of columns: two or more known, and most of those filled."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or len(filled) > 400:
        return False
    labels = [names().look_up(cell) for cell in filled]
    known = sum(label.known for label in labels)
    passed = sum(label.ignored or bool(label.places) for label in labels)
    return known >= 2 and passed * 2 >= len(filled)


@dataclass(frozen=True, slots=True)
class _Found:
    separator: str
    header_line: int
    sideways: bool = False


def _find(text: str, most: int = 60) -> _Found | None:
    """Where the first heading row is, or a heading column, with a row that fits it."""
    head = "\n".join(text.split("\n")[:most])
    for separator in _SEPARATORS:
        if (separator if separator != "  " else "  ") not in head:
            continue
        rows = [
            Row(number, cells_of(line, separator))
            for number, line in _lines(head, separator)
            if separator in line and len(line) < _MAX_LINE_LENGTH and not _RULER.fullmatch(line)
        ]
        for place, row in enumerate(rows):
            if is_header(row.cells) and any(
                _fits(row.cells, after.cells) for after in rows[place + 1 : place + 6]
            ):
                return _Found(separator, row.line)
        if _is_sideways(rows):
            return _Found(separator, rows[0].line, sideways=True)
    return None


def _fits(header: tuple[str, ...], cells: tuple[str, ...]) -> bool:
    """Whether a row holds values of the header's columns."""
    if len(cells) > len(header) + 1 or len(cells) < 2:
        return False
    pairs = zip(header, cells, strict=False)
    return any(is_confident(names().look_up(name), cell) for name, cell in pairs)


def _is_sideways(rows: list[Row]) -> bool:
    """A name at the left of each row and two or more values beside it."""
    wide = [row for row in rows if len(row.cells) >= 3]
    if len(wide) < 2 or len(wide) * 2 < len(rows):
        return False
    known = [row for row in wide if names().look_up(row.cells[0]).known]
    good = [
        row
        for row in known
        if sum(is_confident(names().look_up(row.cells[0]), cell) for cell in row.cells[1:]) >= 1
    ]
    return len(good) >= 2 and len(known) * 2 >= len(wide)


def is_table(text: str) -> bool:
    """Whether a (tidied) text holds a heading row and a row of values beneath it."""
    return _find(text) is not None


def read_table(text: str) -> ParsedRecord:
    """Read a table. Every part of its record is partial."""
    collector = FieldCollector()
    text = tidy(text, collector.remarks)
    found = _find(text)
    table = _Table(collector, exact=found is not None and found.separator == "  ")
    if found is not None and found.sideways:
        _read_sideways(table, text, found.separator)
    elif found is not None:
        for number, line in _lines(text, found.separator):
            if _RULER.fullmatch(line):
                continue
            if number < found.header_line:
                collector.add_remark(number, "This line was not understood.")
                continue
            table.take(Row(number, cells_of(line, found.separator)))
    return table.finish("table")


def _read_sideways(table: _Table, text: str, separator: str) -> None:
    """Turn columns into rows; each value keeps its own line."""
    rows = [
        Row(number, cells_of(line, separator))
        for number, line in _lines(text, separator)
        if separator in line and not _RULER.fullmatch(line)
    ]
    kept = []
    for row in rows:
        label = names().look_up(row.cells[0])
        if label.places or label.ignored:
            kept.append(row)
        elif row.cells[0] and not re.fullmatch(r"(?i)field|fields|item", row.cells[0]):
            table.collector.add_remark(row.line, "This line was not understood.")
    table.head(Row(kept[0].line, tuple(row.cells[0] for row in kept)))
    for column in range(1, max(len(row.cells) for row in kept)):
        cells = tuple(row.cells[column] if column < len(row.cells) else "" for row in kept)
        table.row(Row(kept[0].line, cells), lines=[row.line for row in kept])


def read_rows(rows: Iterable[Row], kind: str) -> ParsedRecord:
    """Read rows whose first is the header, for readers of other forms of table."""
    table = _Table(FieldCollector())
    for row in rows:
        table.take(row)
    return table.finish(kind)


@dataclass(slots=True)
class _Column:
    index: int
    label: Label
    place: Place
    doubt: str | None = None


@dataclass
class _Table:
    """The record as it grows, row by row."""

    collector: FieldCollector
    exact: bool = False
    """Blank cells cannot be seen (columns parted by spaces), so every row must be full."""
    message: RawEntity = field(default_factory=lambda: RawEntity("Message", partial=True))
    columns: list[_Column] = field(default_factory=list)
    width: int = 0
    header: tuple[str, ...] = ()
    learners: dict[tuple[str, ...], RawEntity] = field(default_factory=dict)
    aims: dict[tuple[int, tuple[str, ...]], RawEntity] = field(default_factory=dict)
    learner: RawEntity | None = None
    aim: RawEntity | None = None

    def take(self, row: Row) -> None:
        """A row as it comes: a header, values, or something else."""
        if not _holds_values(row.cells) and is_header(row.cells):
            if row.cells != self.header:
                self.head(row)
        elif self.columns:
            self.row(row)

    # --- the heading row ----------------------------------------------------------------

    def head(self, row: Row) -> None:
        """Settle what each column is."""
        self.header, self.width = row.cells, len(row.cells)
        labels = [(at, names().look_up(cell)) for at, cell in enumerate(row.cells) if cell]
        for at, label in labels:
            if not label.places and not label.ignored:
                self.collector.add_remark(
                    row.line, f"The heading of column {at + 1} was not understood."
                )
        known = [(at, label) for at, label in labels if label.places]
        self.columns = _settled(known)
        settled = {column.index for column in self.columns}
        for at, _ in known:
            if at not in settled:
                self.collector.add_remark(
                    row.line, f"Column {at + 1} repeats another column; the first is used."
                )
        if len({column.place[0] for column in self.columns} & {LEARNER}) == 0:
            self.aim = self._only_aim()

    def _only_aim(self) -> RawEntity | None:
        """The one aim so far, which a second table of placements then belongs to."""
        found = [
            child
            for learner in self.message.children
            for child in learner.children
            if child.name == AIM
        ]
        return found[0] if len(found) == 1 else None

    # --- rows ---------------------------------------------------------------------------

    def row(self, row: Row, lines: list[int] | None = None) -> None:
        """Put one row's values where they belong."""
        cells = row.cells
        if not any(cells):
            return
        if len(cells) > self.width and any(cells[self.width :]):
            self.collector.add_remark(
                row.line, "This row has more cells than headings, so it was not read."
            )
            return
        if any(_TOTAL.fullmatch(cell) for cell in cells):
            self.collector.add_remark(row.line, "This row holds totals, so it was left out.")
            return
        if len(cells) == 1 and self.width > 1:
            self.collector.add_remark(row.line, "This line was not understood.")
            return
        if self.exact and len(cells) != self.width:
            more = "fewer" if len(cells) < self.width else "more"
            self.collector.add_remark(
                row.line, f"This row has {more} cells than headings, so it was not read."
            )
            return
        groups: dict[tuple[str, int], list[list[RawField]]] = defaultdict(list)
        for column in self.columns:
            if column.index >= len(cells):
                continue
            line = lines[column.index] if lines else row.line
            groups[column.place[0], column.label.number or 0] += self.collector.fields(
                column.label, column.place, cells[column.index], line, column.doubt
            )
        self._place(groups, row.line)

    def _place(self, groups: dict[tuple[str, int], list[list[RawField]]], line: int) -> None:
        merged = {at: _merge(parts, at[0]) for at, parts in groups.items()}
        filled = {at: found for at, found in merged.items() if any(map(_has_value, found))}
        learner = self._learner_of(filled, merged, line)
        below_aim = [at for at in filled if AIM in ancestors(at[0])]
        numbers = sorted(number for name, number in filled if name == AIM)
        if len(numbers) > 1:
            self._aims_of(numbers, filled, merged, learner, line)
            return
        if numbers or below_aim:
            self._aim_of(filled, merged, learner, line)
        self._hang_all(filled, learner, line)

    def _hang_all(
        self, filled: dict[tuple[str, int], list[list[RawField]]], learner: RawEntity, line: int
    ) -> None:
        for at, found in filled.items():
            for fields in found if at[0] not in {LEARNER, AIM} else ():
                if _has_value(fields):
                    self._hang(at[0], fields, learner, line)

    def _aims_of(
        self,
        numbers: list[int],
        filled: dict[tuple[str, int], list[list[RawField]]],
        merged: dict[tuple[str, int], list[list[RawField]]],
        learner: RawEntity,
        line: int,
    ) -> None:
        """Several aims beside each other: "Aim 1 ref", "Aim 2 ref"."""
        made = []
        rest = {at: found for at, found in filled.items() if at[0] != AIM}
        for number in numbers:
            self._aim_of({(AIM, number): filled[AIM, number]}, merged, learner, line)
            mine = {at: found for at, found in rest.items() if at[1] == number and _is_of_aim(at)}
            self._hang_all(mine, learner, line)
            rest = {at: found for at, found in rest.items() if at not in mine}
            made.append(self.aim)
        work = [aim for aim in made if aim is not None and _is_work_experience(aim)]
        self.aim = work[0] if work else made[-1]
        if any(AIM in ancestors(at[0]) for at in rest):
            which = "first work experience aim" if work else "last aim"
            self.collector.add_remark(
                line, f"Values without an aim in this row were read as the {which}'s."
            )
        self._hang_all(rest, learner, line)

    def _learner_of(
        self,
        filled: dict[tuple[str, int], list[list[RawField]]],
        merged: dict[tuple[str, int], list[list[RawField]]],
        line: int,
    ) -> RawEntity:
        columns = next((found for at, found in merged.items() if at[0] == LEARNER), None)
        mine = next((found[0] for at, found in filled.items() if at[0] == LEARNER), None)
        if mine is None:
            if self.learner is None:
                self.learner = RawEntity(LEARNER, line=line, partial=True)
                self.message.children.append(self.learner)
                if columns is None:
                    self.collector.add_remark(
                        line, "No column names the learner, so the rows were read as one learner's."
                    )
            elif columns is not None:
                self.collector.add_remark(
                    line, "This row names no learner, so it was read as part of the one above."
                )
            return self.learner
        identity = _identity(mine)
        if identity not in self.learners:
            made = RawEntity(LEARNER, mine, line=line, partial=True)
            self.learners[identity] = made
            self.message.children.append(made)
        else:
            held = {item.name: item for item in self.learners[identity].fields}
            for item in mine:
                if item.name not in held:
                    self.learners[identity].fields.append(item)
                elif item.text and item.text != held[item.name].text:
                    self.collector.add_remark(
                        line,
                        f"{item.name} differs from this learner's row above; the first is used.",
                    )
        if self.learner is not self.learners[identity]:
            self.learner, self.aim = self.learners[identity], None
        return self.learner

    def _aim_of(
        self,
        filled: dict[tuple[str, int], list[list[RawField]]],
        merged: dict[tuple[str, int], list[list[RawField]]],
        learner: RawEntity,
        line: int,
    ) -> None:
        mine = next((found[0] for at, found in filled.items() if at[0] == AIM), None)
        columns = any(at[0] == AIM for at in merged)
        many = any(at[0] in {PLACEMENT, "LearningDeliveryFAM"} for at in merged)
        if mine is None:
            if self.aim is None:
                self.aim = RawEntity(AIM, partial=True)
                learner.children.append(self.aim)
            elif columns:
                self.collector.add_remark(
                    line, "This row names no aim, so it was read as part of the one above."
                )
            return
        identity = (id(learner), tuple(f"{item.name}={item.text}" for item in mine))
        if many and identity in self.aims:
            self.aim = self.aims[identity]
            return
        self.aim = self.aims[identity] = RawEntity(AIM, mine, line=line, partial=True)
        learner.children.append(self.aim)

    def _hang(self, name: str, fields: list[RawField], learner: RawEntity, line: int) -> None:
        """A part of the learner or the aim; one that stands there already is not doubled."""
        parent = self.message
        for above in reversed([name, *ancestors(name)][1:]):
            if above == "Message":
                continue
            if above == LEARNER:
                parent = learner
            elif above == AIM and self.aim is not None:
                parent = self.aim
            else:
                held = [child for child in parent.children if child.name == above]
                if not held:
                    held = [RawEntity(above, partial=True)]
                    parent.children += held
                parent = held[-1]
        made = RawEntity(name, fields, line=line, partial=True)
        texts = [(item.name, item.text) for item in fields]
        same = any(
            child.name == name and [(f.name, f.text) for f in child.fields] == texts
            for child in parent.children[-40:]
        )
        if same and name != PLACEMENT:
            return
        parent.children.append(made)

    def finish(self, kind: str) -> ParsedRecord:
        self.collector.resolve_years()
        reading = ParsedRecord(self.message, kind, remarks=self.collector.remarks)
        take_header(reading)
        return reading


def _is_of_aim(at: tuple[str, int]) -> bool:
    """Whether a numbered group is the aim's of that number: "Placement 2" is not aim 2's."""
    return at[0] != PLACEMENT and AIM in ancestors(at[0])


def _is_work_experience(aim: RawEntity) -> bool:
    return any(f.name == "LearnAimRef" and f.text.startswith("ZWRK") for f in aim.fields)


def _holds_values(cells: tuple[str, ...]) -> bool:
    """Whether a row that looks like a header has values beside the names."""
    return any(re.search(r"\d{2,}", cell) for cell in cells)


def _merge(parts: list[list[RawField]], entity: str) -> list[list[RawField]]:
    """One entity's fields together; FAM records that come from codes stay apart."""
    singles = [part[0] for part in parts if len(part) == 1]
    pairs = [part for part in parts if len(part) > 1]
    return ([singles] if singles else []) + pairs


def _has_value(fields: list[RawField]) -> bool:
    return any(item.text for item in fields)


def _identity(fields: list[RawField]) -> tuple[str, ...]:
    """What tells learners apart: the reference, else the ULN, else all that is given."""
    held = {item.name: item.text for item in fields}
    for name in ("LearnRefNumber", "ULN"):
        if held.get(name):
            return (name, held[name])
    return tuple(f"{name}={text}" for name, text in held.items())


def _settled(known: list[tuple[int, Label]]) -> list[_Column]:
    """Choose a field for each column, where a name may be that of several."""
    sure: dict[int, Place] = {}
    for at, label in known:
        if len(label.places) == 1:
            sure[at] = label.places[0]
    numbers = {at: label.number or 0 for at, label in known}
    taken: set[tuple[Place, int]] = set()
    columns: list[_Column] = []
    for at, label in known:
        if at in sure and (sure[at], numbers[at]) not in taken:
            if label.fam_type is None:
                taken.add((sure[at], numbers[at]))
            columns.append(_Column(at, label, sure[at]))
    has_placement = any(place[0] == PLACEMENT for place in sure.values())
    has_aim = any(place[0] == AIM and place[1] not in _WITHOUT_DETAIL for place in sure.values())
    rows_are = {place[0] for place in sure.values()} & {AIM, PLACEMENT}
    for at, label in known:
        if at in sure:
            continue
        free = [place for place in label.places if (place, numbers[at]) not in taken]
        if not free:
            continue
        chosen = _likeliest(at, free, sure, has_placement, has_aim)
        taken.add((chosen, numbers[at]))
        others = ", ".join(place[1] for place in free if place[1] != chosen[1])
        rivals = len([place for place in free if place[0] == chosen[0]]) > 1
        settled = rows_are == {chosen[0]} and not rivals
        alone = not others or settled
        doubt = None if alone else f"read as {chosen[1]}, though it may mean {others}"
        columns.append(_Column(at, label, chosen, doubt))
    return sorted(columns, key=lambda column: column.index)


def _likeliest(
    at: int, free: list[Place], sure: dict[int, Place], has_placement: bool, has_aim: bool
) -> Place:
    """The field of a column by the columns around it."""
    wanted = AIM
    if has_placement and not has_aim:
        wanted = PLACEMENT
    elif has_placement and has_aim:
        near = sorted(sure, key=lambda other: (abs(other - at), other > at))
        sides = [sure[o][0] for o in near if sure[o][0] in {AIM, PLACEMENT}]
        wanted = sides[0]
    elif any(place[0] == LEARNER for place in free) and not has_aim:
        wanted = LEARNER if not any(place[0] == AIM for place in free) else AIM
    return next((place for place in free if place[0] == wanted), free[0])

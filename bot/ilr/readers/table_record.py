"""The record as it grows out of a table, row by row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.assembly import ancestors, take_header
from bot.ilr.readers.collector import FieldCollector
from bot.ilr.readers.destinations import DESTINATION, name_destinations
from bot.ilr.readers.employment_lines import EMPLOYMENT, EmploymentLine
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.hours_of_year import settle_hours
from bot.ilr.readers.listing import Item
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.phrases import Phrase
from bot.ilr.readers.row_columns import (
    BesideAnAim,
    as_number,
    columns_beside_an_aim,
    columns_of_row,
    names_in_row,
)
from bot.ilr.readers.table_columns import (
    AIM,
    LEARNER,
    PLACEMENT,
    Column,
    doubt_placements,
    group_headings,
    labels_of,
    settle,
)  # fmt: skip
from bot.ilr.readers.table_parts import (
    REFERENCE,
    TELLS_AIM,
    adds_to,
    date_prices,
    has_value,
    holds_values,
    identity_of,
    is_date_of_type,
    is_meant,
    is_of_aim,
    is_work_experience,
    merge,
)
from bot.ilr.readers.table_shape import UNTOLD, Shape, is_no_row
from bot.ilr.readers.values import read_value

__all__ = ["Row", "Table", "holds_values", "is_header"]


@dataclass(frozen=True, slots=True)
class Row:
    """Cells and the line they stand on."""

    line: int
    cells: tuple[str, ...]


def is_header(cells: Iterable[str]) -> bool:
    """Whether cells are names of columns: two or more known, and most of those filled."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or len(filled) > 400:
        return False
    labels = [names().look_up(cell) for cell in filled]
    if len(filled) == 2 and labels[0].places and labels[0].places[0][1].endswith("Type"):
        return labels[1].fam_type is None and labels[1].known  # "LearnDelFAMType | SOF" is a value
    known = sum(label.known for label in labels)
    passed = sum(label.ignored or bool(label.places) for label in labels)
    return known >= 2 and passed * 2 >= len(filled)


def _numbered(aims: list[RawEntity], number: int) -> list[RawEntity]:
    """The aim that a row numbers: by its own number, else by its place among the others."""
    own = {id(aim): item.text for aim in aims for item in aim.fields if item.name == "AimSeqNumber"}
    if any(own.values()):
        return [aim for aim in aims if own.get(id(aim)) == str(number)]
    return aims[number - 1 : number]


def _is_only_named(aim: RawEntity) -> bool:
    """Whether nothing is said of an aim but which one it is."""
    return all(item.name in TELLS_AIM for item in aim.fields if item.text)


def _with_names_above(cells: tuple[str, ...], above: tuple[str, ...]) -> tuple[str, ...]:
    """Headings, and where one is blank the name that the line above has: "Aim" and "Comments"
    stand beside "Placement 1", which spans several."""
    found = list(cells) + [""] * (len(above) - len(cells))
    for at, name in enumerate(above):
        label = names().look_up(name) if name and not found[at] else None
        if label and (label.known or label.ignored or label.person):
            found[at] = name
    return tuple(found)


_COUNT = re.compile(r"\d{1,4}")
_FIGURES = re.compile(r"£?\d[\d,]*(?:\.\d+)?|Z[0-9A-Z]{7}")
_TELLS_WHO = frozenset({"LearnRefNumber", "ULN", "FamilyName", "GivenNames", "DateOfBirth"})
"""What tells one learner from another."""
_BELOW = "it was told below the rows"


def _is_fam_of_learner(item: Item) -> bool:
    """Whether it is a type of a learner's FAM with its code: "FME: 2"."""
    kind = item.label.places[0][0] if item.label.places else None
    return kind == "LearnerFAM" and item.label.fam_type is not None and item.text.isdigit()


@dataclass
class Table:
    """The record as it grows, row by row."""

    collector: FieldCollector
    message: RawEntity = field(default_factory=lambda: RawEntity("Message", partial=True))
    columns: list[Column] = field(default_factory=list)
    width: int = 0
    shape: Shape = field(default_factory=lambda: Shape([]))
    header: tuple[str, ...] = ()
    learners: dict[tuple[str, ...], RawEntity] = field(default_factory=dict)
    aims: dict[tuple[int, tuple[tuple[str, str], ...]], RawEntity] = field(default_factory=dict)
    learner: RawEntity | None = None
    aim: RawEntity | None = None
    person: tuple[str, ...] = ()
    """The names of the row's learner, which tell learners apart where nothing else does."""
    _people: list[int] = field(default_factory=list)
    """Columns of learners' names."""
    _beside: BesideAnAim | None = None
    _above: tuple[tuple[str, ...], list[str]] | None = None
    """The line above, when it may span the headings to come: "Aim", "", "Placement"; its cells as
    they are, and filled to the right."""
    _above_aim: RawEntity | None = None
    """The aim that the lines above the table are about."""
    _earlier: set[int] = field(default_factory=set)
    """Aims of the tables above this one."""
    _whose: dict[int, RawEntity] = field(default_factory=dict)
    """The learner of each destination, by the destination's id."""
    _is_under: bool = False
    """Whether the lines above the table name its learner."""
    _is_of_above: bool = False
    """Whether they do, and no column could name another."""
    _unfilled: list[tuple[RawEntity, str]] = field(default_factory=list)
    """Aims, and the kinds of parts whose columns were blank beside them."""

    def take(self, row: Row) -> None:
        """A row as it comes: a header, values, or something else."""
        groups = group_headings(row.cells)
        if groups is not None and not is_header(row.cells):
            self._above = (row.cells, groups)
            return
        if not holds_values(row.cells) and is_header(row.cells):
            if row.cells != self.header:
                self.head(row)
        elif self.columns:
            self.row(row)
        self._above = None

    def leave_group(self) -> None:
        """Another line stands below the one that may span the headings: it spans none."""
        self._above = None

    def under(self, above: RawEntity) -> bool:
        """Go on with the one learner, and the one aim, that the lines above the table are about;
        False when they are about several."""
        learners = [child for child in above.children if child.name == LEARNER]
        others = [child for child in above.children if child.name not in {LEARNER, "Header"}]
        if len(learners) != 1 or others:
            return False
        self.message, self.learner, self._is_under = above, learners[0], True
        self.learners[identity_of(self.learner.fields, ())] = self.learner
        aims = [child for child in self.learner.children if child.name == AIM]
        self.aim = self._above_aim = aims[-1] if aims else None
        return True

    def turn_to(self, heading: Phrase, line: int) -> None:
        """Go on with the learner whom a line above these rows names."""
        fields = [
            made[0]
            for part in heading.parts
            for made in self.collector.fields(
                names().look_up(part.name), (LEARNER, part.name), part.text, line, part.guess
            )
        ]
        identity = identity_of(fields, ())
        if identity not in self.learners:
            self.learners[identity] = RawEntity(LEARNER, fields, line=line, partial=True)
            self.message.children.append(self.learners[identity])
        self.learner, self.aim = self.learners[identity], None

    def below(
        self, parts: list[tuple[Label, str]], line: int, which: int | str | None = None
    ) -> None:
        """Parts of an aim on a line of their own: those of the only aim above, or of the one
        that has this number, this reference or this type ("programme", "core"). Parts of the
        learner's own need no aim."""
        learner, aims = self.learner, self._meant(which)
        of_aim = any(AIM in ancestors(label.places[0][0]) for label, _ in parts)
        if learner is None or (of_aim and len(aims) != 1):
            self.collector.add_remark(
                line, "It is not clear which aim this belongs to, so it was not read."
            )
            return
        self.aim = aims[0] if of_aim else self.aim
        singles: dict[str, list[RawField]] = defaultdict(list)
        for label, text in parts:
            place = label.places[0]
            for made in self.collector.fields(label, place, text, line):
                if len(made) > 1:
                    self._hang(place[0], made, learner, line)
                else:
                    singles[place[0]] += made
        for name, fields in singles.items():
            self._hang(name, fields, learner, line)

    def told_below(self, items: list[Item], line: int) -> bool:
        """Take what a line below says by name of the only aim, or the only learner, and no row
        says; False where it is not clear whose it is, or is none of theirs."""
        learners = [one for one in self.message.children if one.name == LEARNER]
        if len(learners) == 1 and items and all(map(_is_fam_of_learner, items)):
            self.below([(one.label, one.text) for one in items], line)
            return True
        whose = {LEARNER: learners[0] if len(learners) == 1 else None, AIM: self._only_aim()}
        made: list[tuple[RawEntity, RawField]] = []
        for one in items:
            place = next((place for place in one.label.places if whose.get(place[0])), None)
            owner = whose[place[0]] if place else None
            fits = place is not None and has_usual_form(place[1], one.text) and one.text
            if owner is None or place is None or not fits or one.label.fam_type:
                return False
            if not one.label.known or any(f.name == place[1] and f.text for f in owner.fields):
                return False
            for part in self.collector.fields(one.label, place, one.text, line, _BELOW):
                made += [(owner, value) for value in part]
        for owner, value in made:
            owner.fields = [item for item in owner.fields if item.name != value.name]
            owner.fields.append(value)
        return bool(made)

    def employed_below(self, told: EmploymentLine, line: int) -> None:
        """An employment status on a line of its own, of the learner above."""
        if self.learner is None:
            self.collector.add_remark(line, "This line was not understood.")
            return
        made = RawEntity(EMPLOYMENT, line=line, partial=True)
        self.learner.children.append(made)
        for part in told.parts:
            label = names().look_up(part.name)
            place = (EMPLOYMENT, part.name)
            for fields in self.collector.fields(label, place, part.text, line, part.guess):
                made.fields += fields
        for kind, code in told.monitored:
            label = names().look_up(kind)
            for fields in self.collector.fields(label, label.places[0], code, line):
                made.children.append(RawEntity(label.places[0][0], fields, line=line, partial=True))

    def _meant(self, which: int | str | None) -> list[RawEntity]:
        """The learner's aims; the one of this number, reference or type, where it is given."""
        aims = [one for one in self.learner.children if one.name == AIM] if self.learner else []
        if isinstance(which, int):
            return _numbered(aims, which)
        return aims if which is None else [one for one in aims if is_meant(one, which)]

    def placed_below(self, found: Phrase, line: int, which: int | str | None = None) -> None:
        """A placement on a line of its own: of the aim that is named, else of the one work
        experience aim, else of the aim above."""
        learner, aims = self.learner, self._meant(which)
        work = [aim for aim in aims if is_work_experience(aim)]
        if learner is None or not aims or (len(aims) > 1 and self.aim is None):
            self.collector.add_remark(
                line, "It is not clear which aim this belongs to, so it was not read."
            )
            return
        mine = aims[0] if which is not None or not self.aim else self.aim
        mine = work[0] if len(work) == 1 else mine
        if which is None and (mine is not self.aim or (len(aims) > 1 and mine not in work)):
            self.collector.add_remark(line, "This was read as a placement of the aim above it.")
        fields = [
            made[0]
            for part in found.parts
            for made in self.collector.fields(
                names().look_up(part.name), (PLACEMENT, part.name), part.text, line, part.guess
            )
        ]
        mine.children.append(RawEntity(PLACEMENT, fields, line=line, partial=True))

    # --- the heading row ----------------------------------------------------------------

    def head(self, row: Row) -> None:
        """Settle what each column is."""
        self._earlier = {id(aim) for aim in self.aims.values()}
        cells = _with_names_above(row.cells, self._above[0]) if self._above else row.cells
        while cells and not cells[-1]:
            cells = cells[:-1]
        self.header, self.width = row.cells, len(cells)
        groups = list(self._above[1]) if self._above else []
        groups += groups[-1:] * (self.width - len(groups))
        labels = labels_of(cells, groups)
        self._people = [at for at, label in enumerate(labels) if label and label.person]
        for at, label in enumerate(labels):
            if label and not label.places and not label.ignored and not label.person:
                self.collector.add_remark(
                    row.line, f"The heading of column {at + 1} was not understood."
                )
        self.columns, repeated = settle(labels)
        self._beside = columns_beside_an_aim(self.columns, self.header)
        if not groups and self._beside is None:
            doubt_placements(self.columns, labels)
        tells = {column.place[1] for column in self.columns if column.place[0] == LEARNER}
        self._is_of_above = self._is_under and not (self._people or tells & _TELLS_WHO)
        self.shape = Shape(self._fields())
        for at in repeated:
            self.collector.add_remark(
                row.line, f"Column {at + 1} repeats another column; the first is used."
            )
        if not any(column.place[0] == LEARNER for column in self.columns):
            placed = any(column.place[0] == PLACEMENT for column in self.columns)
            self.aim = self._only_aim(placed=placed)

    def _only_aim(self, *, placed: bool = False) -> RawEntity | None:
        """The one aim so far, which a second table then belongs to; one of placements
        (``placed``) to the one that is work experience."""
        found = [
            child
            for learner in self.message.children
            for child in learner.children
            if child.name == AIM
        ]
        work = [aim for aim in found if is_work_experience(aim)] if placed else []
        return found[0] if len(found) == 1 else work[0] if len(work) == 1 else None

    # --- rows ---------------------------------------------------------------------------

    def row(self, row: Row, lines: list[int] | None = None) -> None:
        """Put one row's values where they belong."""
        untold = {at for at, cell in enumerate(row.cells) if cell == UNTOLD}
        cells = tuple("" if at in untold else cell for at, cell in enumerate(row.cells))
        if not any(cells):
            return
        if self.width > 1 and (self._is_words(cells) or self.shape.is_of_words(cells)):
            why: str | None = is_no_row(cells) or "This line was not understood."
        else:
            why = is_no_row(cells) or self.shape.problem(cells)
        if not why and self._seems_totals(cells):
            why = "This row seems to hold counts and sums, so it was left out."
        if why:
            self.collector.add_remark(row.line, why)
            return
        if self.width < len(cells) and any(cells[self.width :]):
            self.collector.add_remark(
                row.line, "This row has more cells than headings; the last were read as its notes."
            )
        elif len(self.header) < len(cells):
            self.collector.add_remark(
                row.line, "This row has more cells than headings. Check that none is missing."
            )
        settled, short = self.shape.settled(cells)
        settled = [None if at in untold else cell for at, cell in enumerate(settled)]
        if short:
            self.collector.add_remark(row.line, short)
            if not any(settled):
                return
        cells = tuple(cell or "" for cell in settled) + cells[self.width :]
        self.person = tuple(cells[at] for at in self._people)
        groups: dict[tuple[str, int], list[list[RawField]]] = defaultdict(list)
        columns, unread = columns_of_row(self.columns, self._beside, cells)
        if unread:
            self.collector.add_remark(row.line, unread)
        for one in columns:
            if one.index < len(settled) and settled[one.index] is None:
                continue
            column = as_number(one, cells[one.index], self.columns)
            line = lines[column.index] if lines else row.line
            groups[column.place[0], column.label.number or 0] += self.collector.fields(
                column.label,
                column.place,
                cells[column.index],
                line,
                column.doubt,
                group=column.index,
            )
        self._name_learner(groups, lines or [row.line] * len(cells), cells)
        self._place(groups, row.line)

    def _seems_totals(self, cells: tuple[str, ...]) -> bool:
        """Whether a row below learners' rows counts them and adds up: a small number where a
        reference stands, nothing where two others tell who it is, and figures in the rest."""
        if all(cells) or not all(_FIGURES.fullmatch(cell) for cell in cells if cell):
            return False  # nearly every row, told by its first cells
        who = {
            column.place[1]: cells[column.index]
            for column in self.columns
            if column.place[0] == LEARNER
            and column.place[1] in _TELLS_WHO
            and column.index < len(cells)
        }
        reference = who.pop("LearnRefNumber", "")
        return (
            bool(self.learners)
            and bool(_COUNT.fullmatch(reference))
            and bool(who)
            and not any(who.values())
        )

    def _is_words(self, cells: tuple[str, ...]) -> bool:
        """Whether a row is a line of words: one cell, and no value of its column."""
        filled = [at for at, cell in enumerate(cells) if cell]
        if len(cells) == 1:
            return True
        if len(filled) > 1 or self.width < 3:
            return False
        mine = [column for column in self.columns if column.index == filled[0]]
        return not mine or not has_usual_form(mine[0].place[1], cells[filled[0]])

    def _fields(self) -> list[str | None]:
        """The field of each column; None where it is no field of a known form."""
        fields: list[str | None] = [None] * self.width
        for column in self.columns:
            if column.label.fam_type is None and not column.label.if_fits:
                fields[column.index] = column.place[1]
        return fields

    def _name_learner(
        self,
        groups: dict[tuple[str, int], list[list[RawField]]],
        lines: list[int],
        cells: tuple[str, ...],
    ) -> None:
        """A name under "Name", and a reference there where no column is for references."""
        for at, name, text in names_in_row(self.columns, self._people, cells):
            guess = "the name was parted into its two fields"
            groups[LEARNER, 0].append([RawField(name, text, lines[at], guess)])
        if any(column.place[1] == "LearnRefNumber" for column in self.columns):
            return
        for at in self._people:
            if (match := REFERENCE.search(cells[at])) is not None:
                guess = "it stands beside the learner's name"
                said = match[1] or match[2]
                groups[LEARNER, 0].append([RawField("LearnRefNumber", said, lines[at], guess)])
                return
            if cells[at] and read_value("LearnRefNumber", cells[at]).fits:
                guess = "it is under a heading that may be a learner's name"
                made = RawField("LearnRefNumber", cells[at], lines[at], guess)
                groups[LEARNER, 0].append([made])
                return

    def _place(self, groups: dict[tuple[str, int], list[list[RawField]]], line: int) -> None:
        date_prices(groups)
        self._date_types(groups, line)
        merged = {at: merge(parts, at[0]) for at, parts in groups.items()}
        filled = {at: found for at, found in merged.items() if any(map(has_value, found))}
        learner = self._learner_of(filled, merged, line)
        below_aim = [at for at in filled if AIM in ancestors(at[0])]
        numbers = sorted(number for name, number in filled if name == AIM)
        if len(numbers) > 1:
            self._aims_of(numbers, filled, merged, learner, line)
            return
        if below_aim and self._names_no_aim(filled, learner):
            self.collector.add_remark(
                line,
                "This row names an aim that is not among the aims above, so it was not read.",
            )
            return
        if numbers or below_aim:
            self._aim_of(filled, merged, learner, line)
            self._note_blanks(filled, merged)
        self._hang_all(filled, learner, line)

    def _date_types(self, groups: dict[tuple[str, int], list[list[RawField]]], line: int) -> None:
        """Put the dates under "LSF From" and "LSF To" to the one code under "LSF"."""
        for at, parts in groups.items():
            if at[0] != "LearningDeliveryFAM":
                continue
            dates = [part for part in parts if is_date_of_type(part)]
            rest = [part for part in parts if not is_date_of_type(part)]
            for part in dates:
                mine = [
                    one
                    for one in rest
                    if one[0].name == part[0].name and one[0].text == part[0].text
                ]
                if len(mine) == 1 and all(item.name != part[1].name for item in mine[0]):
                    mine[0].append(part[1])
                else:
                    self.collector.add_remark(
                        line,
                        f"{part[1].name} of {part[0].text} stands beside no code of its own, so it "
                        "was not read.",
                    )
            if dates:
                groups[at] = rest

    def _hang_all(
        self, filled: dict[tuple[str, int], list[list[RawField]]], learner: RawEntity, line: int
    ) -> None:
        for at, found in filled.items():
            for fields in found if at[0] not in {LEARNER, AIM} else ():
                if has_value(fields):
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
            mine = {at: found for at, found in rest.items() if at[1] == number and is_of_aim(at)}
            self._hang_all(mine, learner, line)
            rest = {at: found for at, found in rest.items() if at not in mine}
            made.append(self.aim)
        work = [aim for aim in made if aim is not None and is_work_experience(aim)]
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
        if mine is None and any(self.person):
            mine = []
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
        identity = identity_of(mine, self.person)
        if self._is_of_above and identity not in self.learners and not any(self.person):
            identity = next(iter(self.learners))
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
        many = any(AIM in ancestors(at[0]) for at in merged)
        if mine is None:
            if self.aim is None:
                self.aim = RawEntity(AIM, partial=True)
                learner.children.append(self.aim)
            elif columns:
                self.collector.add_remark(
                    line, "This row names no aim, so it was read as part of the one above."
                )
            return
        above, self._above_aim = self._above_aim, None
        if above is not None and above is self.aim and adds_to(above, mine):
            above.fields += [item for item in mine if item.text]
            return
        identity = (id(learner), tuple([(item.name, item.text) for item in mine]))
        if many and identity in self.aims:
            self.aim = self.aims[identity]
            return
        if (same := self._same_aim(learner, mine)) is not None:
            self.aim = self.aims[identity] = same
            return
        self.aim = self.aims[identity] = RawEntity(AIM, mine, line=line, partial=True)
        learner.children.append(self.aim)

    def _same_aim(self, learner: RawEntity, mine: list[RawField]) -> RawEntity | None:
        """The aim of another table that a row only names, or that only named this row's."""
        said = {item.name: item.text for item in mine if item.text}
        only_names = said.keys() <= TELLS_AIM
        for aim in learner.children:
            if aim.name != AIM or not (only_names or _is_only_named(aim)):
                continue
            held = {item.name: item.text for item in aim.fields if item.text}
            both = set(said) & set(held) & TELLS_AIM
            if not both or any(said[name] != held[name] for name in set(said) & set(held)):
                continue
            sure = "AimSeqNumber" in both or not {"AimSeqNumber"} & (set(said) | set(held))
            if sure:
                here = {item.name for item in aim.fields if item.text}
                aim.fields = [item for item in aim.fields if item.text or item.name not in said]
                aim.fields += [item for item in mine if item.text and item.name not in here]
                return aim
        return None

    def _names_no_aim(
        self, filled: dict[tuple[str, int], list[list[RawField]]], learner: RawEntity
    ) -> bool:
        """Whether a row of a later table only names an aim, by a number that none above has."""
        mine = next((found[0] for at, found in filled.items() if at[0] == AIM), [])
        said = {item.name: item.text for item in mine if item.text}
        if "AimSeqNumber" not in said or not set(said) <= TELLS_AIM or not self._earlier:
            return False
        held = [
            {item.name: item.text for item in aim.fields}
            for aim in learner.children
            if id(aim) in self._earlier
        ]
        known = [one["AimSeqNumber"] for one in held if one.get("AimSeqNumber")]
        return bool(known) and said["AimSeqNumber"] not in known

    def _note_blanks(
        self,
        filled: dict[tuple[str, int], list[list[RawField]]],
        merged: dict[tuple[str, int], list[list[RawField]]],
    ) -> None:
        """Parts whose columns are blank beside an aim: it was pasted that it has none."""
        if self.aim is None:
            return
        kinds = {at[0] for at in merged} - {at[0] for at in filled}
        for kind in sorted(kinds):
            if kind == PLACEMENT:
                self._unfilled.append((self.aim, kind))

    def _hang(self, name: str, fields: list[RawField], learner: RawEntity, line: int) -> None:
        """A part of the learner or the aim; one that stands there already is not doubled."""
        parent = self.message
        for above in reversed([name, *ancestors(name)][1:]):
            if above == "Message":
                continue
            if above == DESTINATION:
                parent = self._destination_of(learner)
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

    def _destination_of(self, learner: RawEntity) -> RawEntity:
        for one in self.message.children:
            if one.name == DESTINATION and self._whose.get(id(one)) is learner:
                return one
        made = RawEntity(DESTINATION, partial=True)
        self._whose[id(made)] = learner
        self.message.children.append(made)
        return made

    def finish(self, kind: str) -> ParsedRecord:
        """The record, once every row was taken."""
        name_destinations(self.message, self._whose)
        for aim, part in self._unfilled:
            if part not in aim.blank and all(child.name != part for child in aim.children):
                aim.blank = (*aim.blank, part)
        self.collector.resolve_dates()
        settle_hours(self.message, self.collector)
        reading = ParsedRecord(self.message, kind, remarks=self.collector.remarks)
        take_header(reading)
        return reading

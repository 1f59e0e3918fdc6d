"""What each column of a table is, by its heading, the headings above it and those beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from bot.ilr.readers.doubts import UNSAID
from bot.ilr.readers.hours_of_year import OFF_THE_JOB
from bot.ilr.readers.names import ANY_TYPE, RANGE_NAMES, Label, Place, is_weak, key, names
from bot.ilr.readers.typed_names import CODE_FIELDS

__all__ = ["AIM", "LEARNER", "PLACEMENT", "Column", "doubt_placements", "group_headings",
           "labels_of", "settle"]  # fmt: skip

AIM, PLACEMENT, LEARNER = "LearningDelivery", "LearningDeliveryWorkPlacement", "Learner"
_WITHOUT_DETAIL = frozenset({"LearnAimRef", "AimSeqNumber", "FundModel", "SWSupAimId", "ProgType"})
"""Aim columns that only say which aim a placement belongs to."""
_ROW_ID = re.compile(r"(?:\w{1,20}:)?[A-Za-z]+_I[dD]")
"""Learner_Id, with which Excel and databases number rows: no reference where one stands by it."""
_GROUP = re.compile(r"([A-Za-z][A-Za-z &/-]{1,60}?)\s{0,4}(?:no\.?|#)?\s{0,4}(\d{1,2})?:?")


_COUNTED = re.compile(r"(?:(learner )|aim |LD ?)?FAM[ _-]?\d{1,2}", re.IGNORECASE)


@dataclass(slots=True)
class Column:
    """A column that is a field."""

    index: int
    label: Label
    place: Place
    doubt: str | None = None


def group_headings(cells: tuple[str, ...]) -> list[str] | None:
    """Headings that span the columns below them ("Aim", "", "Placement 1", ""), filled to the
    right; None for a row that is none."""
    found: list[str] = []
    held, known = "", 0
    for cell in cells:
        if cell:
            match = _GROUP.fullmatch(cell)
            entity = names().heading(match[1]) if match else None
            if entity is None and (re.search(r"\d", cell) or names().look_up(cell).known):
                return None
            held = cell if entity else ""
            known += entity is not None
        found.append(held)
    filled = sum(bool(cell) for cell in cells)
    return found if known and known * 2 >= filled else None


def labels_of(cells: tuple[str, ...], groups: list[str] | None = None) -> list[Label | None]:
    """What each heading may stand for, with the heading that spans it in mind."""
    book = names()
    found: list[Label | None] = []
    for at, cell in enumerate(cells):
        if not cell:
            found.append(None)
            continue
        label = book.look_up(cell)
        entity = book.heading(cell)
        if not label.places and entity in CODE_FIELDS and entity != "EmploymentStatusMonitoring":
            label = Label(cell, ((entity, CODE_FIELDS[entity]),), fam_type=ANY_TYPE)
        elif not label.places and (counted := _COUNTED.fullmatch(cell)):
            # "FAM1", "FAM 2": a type with its code in each.
            entity = "LearnerFAM" if counted[1] else "LearningDeliveryFAM"
            label = Label(cell, ((entity, CODE_FIELDS[entity]),), fam_type=ANY_TYPE)
        label = _with_number(label, found[-1] if found else None)
        group = groups[at] if groups and at < len(groups) else ""
        if group:
            label = _within(label, cell, group)
        found.append(label)
    if any(label and label.places and label.places[0][0] == PLACEMENT for label in found):
        _name_by_neighbours(found)
    _give_to_the_job(found)
    _number_the_employer(found)
    _number_the_learner(found)
    _hours_beside_eep(found)
    _dates_of_parts(found)
    _from_and_to(found)
    return found


def _with_number(label: Label, before: Label | None) -> Label:
    """ "Primary" beside "LLDD Cat 1" is of the first as well."""
    if not before or not before.number or label.number is not None or not label.if_fits:
        return label
    same = len(label.places) == 1 and before.places[0][0] == label.places[0][0]
    return replace(label, number=before.number) if same else label


def _from_and_to(labels: list[Label | None]) -> None:
    """ "From" and "To" beside an aim's reference are its start and end, where no column is of
    anything else that has such dates."""
    others = [label for label in labels if label and key(label.said) not in RANGE_NAMES]
    owners = {label.places[0] for label in others if label.places and not label.if_fits}
    mine = all(place[0] in {AIM, LEARNER} for place in owners) and (AIM, "LearnAimRef") in owners
    if not mine or any(_beside(label) == PLACEMENT for label in others):
        return
    for at, label in enumerate(labels):
        if label and key(label.said) in RANGE_NAMES:
            labels[at] = replace(names().look_up(RANGE_NAMES[key(label.said)]), said=label.said)


def _dates_of_parts(labels: list[Label | None]) -> None:
    """ "From" right behind "Emp status" is the day that the status applies from."""
    book = names()
    for at, label in enumerate(labels):
        before = labels[at - 1] if at else None
        if label is None or not before or not before.places or before.if_fits:
            continue
        owner = before.places[0][0]
        name = book.under(owner, label.said) if key(label.said) in RANGE_NAMES else None
        if name is not None and len({place[0] for place in before.places}) == 1:
            doubt = f"it stands beside {before.places[0][1]}"
            labels[at] = Label(label.said, ((owner, name),), before.number, doubt=doubt)


_EMPLOYERS = {"LearnerEmploymentStatus": "EmpId", PLACEMENT: "WorkPlaceEmpId"}


def _number_the_employer(labels: list[Label | None]) -> None:
    """ "Employer" is the employer's number where its cells have that form, and nothing else is."""
    owners = [label.places[0][0] for label in labels if label and label.places]
    held = {name for label in labels if label for _, name in label.places}
    whose = next((one for one in _EMPLOYERS if one in owners), None)
    for at, label in enumerate(labels):
        if whose and label and label.ignored and _beside(label) == PLACEMENT:
            if _EMPLOYERS[whose] in held:
                return
            place = (whose, _EMPLOYERS[whose])
            labels[at] = replace(label, places=(place,), ignored=False, if_fits=True)
            return


def _give_to_the_job(labels: list[Label | None]) -> None:
    """ "ERN" is the number of the learner's own employer beside an employment status or an
    apprenticeship's standard, where no other column is a placement's."""
    said = [place for label in labels if label for place in label.places[:1]]
    placed = [place for place in said if place[0] == PLACEMENT]
    number = (PLACEMENT, _EMPLOYERS[PLACEMENT])
    job = next(iter(_EMPLOYERS))
    beside = next((place for place in ((job, "EmpStat"), (AIM, "StdCode")) if place in said), None)
    if placed != [number] or beside is None or (job, _EMPLOYERS[job]) in said:
        return
    for at, label in enumerate(labels):
        if label and label.places == (number,) and not label.official:
            why = f"it stands beside {beside[1]}"
            labels[at] = replace(label, places=((job, _EMPLOYERS[job]),), doubt=why)


_IDS = frozenset({"id", "idno", "idnumber"})


def _number_the_learner(labels: list[Label | None]) -> None:
    """ "ID" beside a learner's name is their reference, where no column is sure to be one."""
    held = {name for label in labels if label for _, name in label.places}
    named = held & {"FamilyName", "GivenNames"} or any(label and label.person for label in labels)
    ids = [at for at, label in enumerate(labels) if label and key(label.said) in _IDS]
    label = labels[ids[0]] if len(ids) == 1 else None
    if label and label.ignored and named and "LearnRefNumber" not in held:
        place = (LEARNER, "LearnRefNumber")
        labels[ids[0]] = replace(label, places=(place,), ignored=False, if_fits=True)


def _hours_beside_eep(labels: list[Label | None]) -> None:
    """ "Planned hours" right beside the planned EEP hours are the learner's as those are, and no
    hours of an aim."""
    said = [label.places[0] if label and label.places else None for label in labels]
    if (LEARNER, "PlanLearnHours") in said or said.count((AIM, "PHours")) != 1:
        return
    at = said.index((AIM, "PHours"))
    label = labels[at]
    beside = said[max(at - 1, 0) : at + 2]
    if label is None or label.official or OFF_THE_JOB.search(label.said):
        return
    if (LEARNER, "PlanEEPHours") in beside:
        place = (LEARNER, "PlanLearnHours")
        labels[at] = replace(label, places=(place,), doubt="it stands beside PlanEEPHours")


def _name_by_neighbours(labels: list[Label | None]) -> None:
    """ "Total hours" in a table of placements, where no other column has the hours."""
    held = {place[1] for label in labels if label for place in label.places}
    for at, label in enumerate(labels):
        if label is None or label.places or label.ignored or label.person:
            continue
        whole = names().look_up(f"placement {label.said}")
        if whole.known and whole.places[0][1] not in held:
            labels[at] = replace(whole, said=label.said, if_fits=True)


def _within(label: Label, cell: str, group: str) -> Label:
    """A heading under a spanning one: "Start" under "Placement 2"."""
    book = names()
    match = _GROUP.fullmatch(group)
    entity = book.heading(match[1]) if match else None
    if match is None or entity is None:
        return label
    if label.known and not label.if_fits and [place[0] for place in label.places] == [entity]:
        return replace(label, number=int(match[2])) if match[2] else label
    for whole in (f"{group} {cell}", f"{match[1].removesuffix('s')} {match[2] or ''} {cell}"):
        together = book.look_up(whole)
        if together.known and together.places[0][0] == entity:
            return together
    number = int(match[2]) if match[2] else label.number
    mine = tuple(place for place in label.places if place[0] == entity)
    if mine:
        return replace(label, places=mine, number=number)
    return label


def settle(labels: list[Label | None]) -> tuple[list[Column], list[int]]:
    """A field for each column, and the columns that repeat another one."""
    referenced = any(label and label.official and _is_reference(label) for label in labels)
    known = [
        (at, label)
        for at, label in enumerate(labels)
        if label and label.places and not (referenced and _ROW_ID.fullmatch(label.said))
    ]
    sure = {at: label.places[0] for at, label in known if len(label.places) == 1}
    numbers = {at: label.number or 0 for at, label in known}
    taken: set[tuple[Place, int]] = set()
    columns: list[Column] = []
    for at, label in sorted(known, key=lambda one: _rank(one[1])):
        if at in sure and (sure[at], numbers[at]) not in taken:
            if label.fam_type is None:
                taken.add((sure[at], numbers[at]))
            columns.append(Column(at, label, sure[at]))
    held = {place for at, place in sure.items() if not (labels[at] or Label("")).if_fits}
    for unit in _units([at for at, _ in known if at not in sure], labels):
        before = next((c.place[0] for c in columns if c.index == unit[0] - 1), "")
        wanted = _whose(unit, labels, sure, before)
        for at in unit:
            label = labels[at] or Label("")
            made = _chosen(at, label, wanted, taken, numbers[at], sure, held)
            if made is not None:
                taken.add((made.place, numbers[at]))
                columns.append(made)
    columns.sort(key=lambda column: column.index)
    settled = {column.index for column in columns}
    return columns, [at for at, label in known if at not in settled and not label.if_fits]


def doubt_placements(columns: list[Column], labels: list[Label | None]) -> None:
    """Doubt a lone "Hours" or "Mode" in a table of which nothing else is a placement's."""
    mine = [column for column in columns if column.place[0] == PLACEMENT and not column.doubt]
    employed = any(
        column.place[0] in _EMPLOYERS and column.place[0] != PLACEMENT for column in columns
    )
    beside = not employed and any(_beside(label) == PLACEMENT for label in labels)
    if len(mine) == 1 and is_weak(mine[0].label) and not beside:
        mine[0].doubt = UNSAID


def _rank(label: Label) -> tuple[bool, bool, float]:
    """Which of two columns of one field goes first: the official name, then the likest to it."""
    said, whole = key(label.said), key(label.places[0][1])
    unlike = Levenshtein.normalized_distance(said, whole) if len(label.places) == 1 else 0.0
    return label.if_fits, not label.official, round(unlike, 1)


def _is_reference(label: Label) -> bool:
    return label.places[0][1] == "LearnRefNumber"


def _units(unsure: list[int], labels: list[Label | None]) -> list[list[int]]:
    """Columns in doubt that go together: a Start and the End that follows it."""
    units: list[list[int]] = []
    for at in unsure:
        label = labels[at] or Label("")
        said = {name for _, name in label.places}
        fresh = bool(units) and units[-1][-1] == at - 1
        before = {
            name
            for other in (units[-1] if fresh else ())
            for _, name in (labels[other] or label).places
        }
        if fresh and not said & before and _of_same(labels, [*units[-1], at]):
            units[-1].append(at)
        else:
            units.append([at])
    return units


def _of_same(labels: list[Label | None], unit: list[int]) -> bool:
    """Whether some entity has a field under each of these names."""
    owners = [{place[0] for place in label.places} for at in unit if (label := labels[at])]
    return bool(set.intersection(*owners))


def _whose(
    unit: list[int],
    labels: list[Label | None],
    sure: dict[int, Place],
    before: str,
) -> str:
    """The entity that a pair of columns belongs to, by the columns around it."""
    first = labels[unit[0]] or Label("")
    together = set.intersection(
        *({place[0] for place in label.places} for at in unit if (label := labels[at]))
    )
    if len(unit) > 1 and together and not together & {AIM, PLACEMENT, LEARNER}:
        return next(place[0] for place in first.places if place[0] in together)
    if before not in {AIM, PLACEMENT, LEARNER} and before in {p[0] for p in first.places}:
        return before
    kinds = {place[0] for place in sure.values()}
    employed = next((kind for kind in _EMPLOYERS if kind in kinds), None)
    if employed and employed != PLACEMENT and employed in {place[0] for place in first.places}:
        return employed  # an employer's number beside an employment status
    has_placement = any(place[0] == PLACEMENT for place in sure.values())
    has_placement = has_placement or any(_beside(label) == PLACEMENT for label in labels)
    has_aim = any(place[0] == AIM and place[1] not in _WITHOUT_DETAIL for place in sure.values())
    if not has_placement:
        owners = {place[0] for place in first.places}
        return LEARNER if LEARNER in owners and not has_aim and AIM not in owners else AIM
    rivals = [at for at in range(len(labels)) if at not in unit and _same_name(labels, at, unit[0])]
    if rivals:
        # The one beside the employer is the placement's; else the first is the aim's.
        mine, theirs = (
            _distance(unit, labels, sure),
            min(_distance([at], labels, sure) for at in rivals),
        )
        if mine != theirs:
            return PLACEMENT if mine < theirs else AIM
        return AIM if unit[0] < min(rivals) else PLACEMENT
    if not has_aim:
        return PLACEMENT
    near = sorted(sure, key=lambda other: (min(abs(other - at) for at in unit), other > unit[-1]))
    sides = [sure[other][0] for other in near if sure[other][0] in {AIM, PLACEMENT}]
    return sides[0] if sides else PLACEMENT


def _same_name(labels: list[Label | None], at: int, other: int) -> bool:
    one, two = labels[at], labels[other]
    return bool(one and two and one.places and one.places == two.places)


def _beside(label: Label | None) -> str | None:
    """Whose the columns beside a heading are: a placement's beside the employer's name."""
    return names().beside(label.said) if label else None


def _distance(unit: list[int], labels: list[Label | None], sure: dict[int, Place]) -> int:
    """Columns between a pair and the nearest one that is plainly a placement's."""
    marks = [
        at
        for at, label in enumerate(labels)
        if _beside(label) == PLACEMENT or sure.get(at, ("",))[0] == PLACEMENT
    ]
    return min((min(abs(mark - at) for at in unit) for mark in marks), default=99)


def _chosen(
    at: int,
    label: Label,
    wanted: str,
    taken: set[tuple[Place, int]],
    number: int,
    sure: dict[int, Place],
    held: set[Place],
) -> Column | None:
    free = [place for place in label.places if (place, number) not in taken]
    if not free:
        return None
    chosen = next((place for place in free if place[0] == wanted), free[0])
    # What another column has for sure this one has not; what it was guessed to have it may.
    open_ = [place for place in label.places if place not in held]
    others = ", ".join(dict.fromkeys(place[1] for place in open_ if place[1] != chosen[1]))
    rivals = len([place for place in open_ if place[0] == chosen[0]]) > 1
    rows_are = {place[0] for place in sure.values()} & {AIM, PLACEMENT}
    alone = not others or (rows_are == {chosen[0]} and not rivals)
    doubt = None if alone else f"read as {chosen[1]}, though it may mean {others}"
    return Column(at, label, chosen, doubt)

"""The record as it grows out of a list, line by line: which entity a name belongs to."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.assembly import PARENTS, ancestors
from bot.ilr.readers.collector import FieldCollector, and_also
from bot.ilr.readers.destinations import DESTINATION
from bot.ilr.readers.doubts import UNSAID
from bot.ilr.readers.employment_lines import EMPLOYMENT, EmploymentLine, employment_line
from bot.ilr.readers.learner_lines import learner_told
from bot.ilr.readers.names import RANGE_NAMES, Label, Place, is_weak, key, names
from bot.ilr.readers.people import split_name
from bot.ilr.readers.phrases import AIM, DATE, EMPLOYER, PLACEMENT, Phrase, range_of
from bot.ilr.readers.values import read_value

__all__ = ["KEYS", "Item", "Listing"]

KEYS = {"Learner": "LearnRefNumber", AIM: "LearnAimRef", PLACEMENT: "WorkPlaceStartDate"}
"""The field that begins an entity in nearly every list."""


@dataclass(slots=True)
class Item:
    """One name with its value, as a line gives it."""

    label: Label
    text: str


@dataclass
class Listing:
    """The record as it grows, line by line."""

    firsts: dict[str, str] = field(default_factory=dict)
    """Entity → the name that begins the next of its kind: the first that came."""
    forced: bool = False
    """``firsts`` are given; what comes before them is of an entity that lost its first line."""
    collector: FieldCollector = field(default_factory=FieldCollector)
    message: RawEntity = field(default_factory=lambda: RawEntity("Message", partial=True))
    current: dict[str, RawEntity] = field(default_factory=dict)
    last: str | None = None
    headed: str | None = None
    """The entity that the heading above named."""
    topic: str | None = None
    """The aim or placement that the last heading named, whatever came between."""
    labels: dict[int, dict[str, str]] = field(default_factory=dict)
    """For each entity, the name each of its fields came under."""
    numbered: dict[tuple[str, int], RawEntity] = field(default_factory=dict)
    headless: dict[str, list[RawEntity]] = field(default_factory=lambda: defaultdict(list))
    """Entities that no heading and no number parts from the one above."""
    again: set[int] = field(default_factory=set)
    """Learners and aims that were named before, and are gone on with."""
    whose: dict[int, RawEntity] = field(default_factory=dict)
    """The learner below whom each destination stands, by the destination's id."""
    copied: str | None = None
    """The entity of which a line came twice, in the same words."""
    lost: str | None = None
    """The entity whose next one cannot be told from this one: its first line is missing."""
    above: tuple[RawEntity | None, list[RawField], int] | None = None
    """The first headed aim, what stood above its heading, and that line."""

    def begin(self, entity: str, line: int) -> RawEntity:
        """The next entity of a kind. One that nothing stands in yet is taken up instead."""
        held = self.current.get(entity)
        if held is not None and not held.fields and (not held.children or entity == "Learner"):
            if held.line is None:
                held.line = line
            return held
        if entity == "Message":
            return self.message
        parent = self._parent(PARENTS[entity], line)
        made = RawEntity(entity, line=line, partial=True)
        self._note_whose(made)
        parent.children.append(made)
        for name in list(self.current):
            # The next learner's destination is another one, though it stands in no learner.
            if entity in ancestors(name) or (entity == "Learner" and name in _OF_DESTINATION):
                del self.current[name]
        self.current[entity] = made
        return made

    def parent(self, entity: str, line: int) -> RawEntity:
        """The open entity that parts of this kind stand in."""
        return self._parent(PARENTS[entity], line)

    def _parent(self, entity: str, line: int) -> RawEntity:
        if entity == "Message":
            return self.message
        if entity not in self.current:
            parent = self._parent(PARENTS[entity], line)
            self.current[entity] = RawEntity(entity, partial=True)
            self._note_whose(self.current[entity])
            parent.children.append(self.current[entity])
        return self.current[entity]

    def _note_whose(self, made: RawEntity) -> None:
        if made.name == DESTINATION and "Learner" in self.current:
            self.whose[id(made)] = self.current["Learner"]

    def head(self, entity: str, line: int, *, alone: bool = False) -> None:
        """A heading: the next of its kind begins here, whatever came before; below a screen's
        title the learner whom that names, where the heading stands ``alone``."""
        held = self.current.get(entity)
        headless = bool(self.headless[AIM]) and self.headless[AIM][-1] is held
        if entity == AIM and headless and not _is_named(held):
            # A screen's details of an aim, whose reference stands below this heading.
            self.above = held, list(held.fields) if held else [], line
        elif not (
            entity == "Learner" and (_is_only_numbered(held) or (alone and self._is_titled(held)))
        ):
            self.begin(entity, line)
        self.last = self.headed = entity
        self.topic = entity if entity in _PLACED else self.topic
        self._found(entity)
        for name in [entity, *self.firsts]:
            if name == entity or entity in ancestors(name):
                if not self.forced:
                    self.firsts.pop(name, None)
                self.headless.pop(name, None)

    def _found(self, entity: str) -> None:
        if self.lost is not None and (self.lost == entity or entity in ancestors(self.lost)):
            self.lost = None
        if self.copied is not None and (self.copied == entity or entity in ancestors(self.copied)):
            self.copied = None

    def is_lost(self, entity: str) -> bool:
        """Whether nobody can say which entity something of this kind is a part of."""
        return self.lost is not None and (self.lost == entity or self.lost in ancestors(entity))

    def choose(self, label: Label) -> tuple[Place, str | None]:
        """Which field a name means here, and what is said when it might be another."""
        near = [place for place in label.places if place[0] == self.last]
        free = [place for place in near if not self._taken(place, label)]
        held = [p for p in label.places if p[0] in self.current and not self._taken(p, label)]
        held.sort(key=lambda place: place[0] != self.topic)
        open_ = [place for place in label.places if not self._taken(place, label)]
        chosen = next(iter([*free, *held, *self._employers(open_), *open_, *near, *label.places]))
        if len(label.places) == 1:
            unsaid = chosen[0] == PLACEMENT and is_weak(label) and not self._is_placed()
            return chosen, UNSAID if unsaid else None
        same = [place for place in label.places if place[0] == chosen[0]]
        if chosen[0] == self.headed and len(same) == 1:
            return chosen, None
        others = ", ".join(dict.fromkeys(p[1] for p in label.places if p[1] != chosen[1]))
        if not others:
            return chosen, None
        return chosen, f"read as {chosen[1]}, though it may mean {others}"

    def _is_placed(self) -> bool:
        """Whether anything surer than such names says that a placement is spoken of."""
        held, aim = self.current.get(PLACEMENT), self.current.get(AIM)
        if self.headed == PLACEMENT or (
            held is not None and not all(UNSAID in (item.guess or "") for item in held.fields)
        ):
            return True
        return aim is not None and any(
            item.name == "LearnAimRef" and item.text.startswith("ZWRK") for item in aim.fields
        )

    def _employers(self, places: list[Place]) -> list[Place]:
        """Of an employer's number, the learner's job where an apprenticeship is open."""
        aim = self.current.get(AIM)
        works = aim is not None and any(item.name == "StdCode" for item in aim.fields)
        return [place for place in places if works and place[1] == "EmpId"]

    def _taken(self, place: Place, label: Label) -> bool:
        """Whether the field already came under another name."""
        entity = self.current.get(place[0])
        if entity is None:
            return False
        came = self.labels.get(id(entity), {}).get(place[1])
        return came is not None and came != key(label.said)

    def add(self, item: Item, line: int) -> None:
        """A name with its value."""
        label = item.label
        owner = self.last if not label.said and self.last in _PLACED else None
        if owner is not None and (both := range_of(owner, item.text)):
            why = f"no name stands before it; read as the {owner}'s dates"
            self.take(owner, Phrase(both), line, why)
            return
        if ("LearnerEmploymentStatus", "EmpStat") in label.places and (
            told := employment_line(f"Emp status {item.text}")
        ):
            self.take_employment(told, line)
            return
        if label.person:
            self._name(item.text, line)
            return
        if not label.places:
            works = EMPLOYER.search(item.text) if names().beside(label.said) == PLACEMENT else None
            if works is not None:
                # "Employer: Wharfe Valley Care Ltd (EDRS 900223344)"
                self.add(Item(names().look_up("Employer ID"), works[1]), line)
                self._employed_since(item.text[works.end() :], line)
            elif not label.ignored:
                self.collector.add_remark(line, "Part of this line was not understood.")
            return
        if key(label.said) in RANGE_NAMES and self._is_of_aim():
            label = replace(names().look_up(RANGE_NAMES[key(label.said)]), said=label.said)
        place, doubt = self.choose(label)
        if _says_too_little(label, self.current):
            self.collector.add_remark(
                line, "It is not said which hours these are, so they were not read."
            )
            return
        if label.fam_type is not None:
            if self.is_lost(place[0]):
                self._remark_lost(place[1], line)
                return
            for pair in self.collector.fields(label, place, item.text, line):
                if "Date" in pair[-1].name and len(pair) == 2:
                    self._date_type(pair, line)
                    continue
                self._parent(PARENTS[place[0]], line).children.append(
                    RawEntity(place[0], pair, line=line, partial=True)
                )
            return
        made = self.collector.fields(label, place, item.text, line, doubt)
        if not made and label.if_fits and re.search(r"\d{2}", item.text):
            self.collector.add_remark(line, "Part of this line was not understood.")
        if not made or self._dates_prices(place, label, made):
            return
        came = key(label.said)
        if label.number is not None:
            self._turn_to(place[0], label.number, line)
            came = place[1]
        for one in (item for part in made for item in part):
            self.put(place[0], one, came, line, numbered=label.number is not None)

    def _dates_prices(self, place: Place, label: Label, made: list[list[RawField]]) -> bool:
        """Give one date to the prices above it that have none; False where it is not theirs."""
        aim = self.current.get(AIM)
        if place != (PRICE, "AFinDate") or label.number is not None or label.official:
            return False
        bare: list[RawEntity] = []
        for one in reversed(aim.children if aim else []):
            if one.name == PRICE and any(item.name == "AFinDate" for item in one.fields):
                break
            bare += [one] if one.name == PRICE else []
        if len(bare) < 2:
            return False
        for one in bare:
            day = made[0][0] if one is bare[0] else replace(made[0][0])
            day.guess = and_also(day.guess, "one date is given for these prices")
            one.fields.append(day)
        return True

    def _employed_since(self, rest: str, line: int) -> None:
        """The day behind an employer: "Employer: Brook Homes (EDRS 900000883) since 01/08/2025"."""
        since = re.search(rf"\b(?:since|from|wef)\s({DATE})(?!\w)", rest, re.IGNORECASE)
        if since is not None and self.last == EMPLOYMENT:
            self.add(Item(names().look_up("DateEmpStatApp"), since[1]), line)
        elif re.search(r"\d", rest):
            self.collector.add_remark(line, "Part of this line was not understood.")

    def _is_of_aim(self) -> bool:
        """Whether "From" and "To" are an aim's: no placement is open, and no heading of any other
        part that has such dates."""
        return (
            AIM in self.current
            and PLACEMENT not in self.current
            and self.headed in {None, AIM}
            and self.last in {AIM, "Learner"}
        )

    def _date_type(self, pair: list[RawField], line: int) -> None:
        """The date of "LSF From", into the last LSF of the aim."""
        aim = self.current.get(AIM)
        held = [
            child.fields
            for child in (aim.children if aim else ())
            if child.name == "LearningDeliveryFAM"
            and any(
                item.name == pair[0].name and item.text == pair[0].text for item in child.fields
            )
        ]
        if held and all(item.name != pair[1].name for item in held[-1]):
            held[-1].append(pair[1])
        else:
            self.collector.add_remark(
                line, f"No {pair[0].text} stands above this {pair[1].name}, so it was not read."
            )

    def _name(self, text: str, line: int) -> None:
        """A learner's name, which may be a reference instead."""
        if not text:
            return
        if read_value("LearnRefNumber", text).fits:
            guess = "it is under a heading that may be a learner's name"
            self._put_guess("LearnRefNumber", text, guess, line)
            return
        named = split_name(text)
        if not named and not re.fullmatch(r"[^\W\d_][\w'’-]*", text):
            first, *rest = re.split(r"\s{2,}|\s?[|\t,(]\s?", text)
            if rest and read_value("LearnRefNumber", first).fits:
                self._put_guess("LearnRefNumber", first, "it is the first of what is said", line)
                named = split_name(rest[0].strip(" )"))
            elif (told := learner_told(text)) is not None and len(told.parts) > 1:
                self.take("Learner", told, line)  # "44510 - Hussain, Zara"
            else:
                self.collector.add_remark(line, "Whose record it is was not understood here.")
        for name, part in named:
            self._put_guess(name, part, "the name was parted into its two fields", line)

    def _put_guess(self, name: str, text: str, guess: str, line: int) -> None:
        self.put("Learner", RawField(name, text, line, guess), key(name), line)

    def _turn_to(self, entity: str, number: int, line: int) -> None:
        """Go on with the second placement at "Placement 2 hours", wherever the list stands."""
        known = self.numbered.get((entity, number))
        if known is None:
            known = self.numbered[entity, number] = self.begin(entity, line)
        self.current[entity] = known

    def take(self, entity: str, found: Phrase, line: int, doubt: str | None = None) -> None:
        """What a phrase says of the entity that is open."""
        for part in found.parts:
            label = Label(part.name, ((entity, part.name),))
            why = "; ".join(reason for reason in (part.guess, doubt) if reason)
            for made in self.collector.fields(
                label, (entity, part.name), part.text, line, why or None
            ):
                self.put(entity, made[0], key(part.name), line)

    @property
    def has_named_aim(self) -> bool:
        """Whether the aim that is open has its reference."""
        return AIM in self.current and _is_named(self.current[AIM])

    def take_aim(self, found: Phrase, line: int) -> None:
        """An aim's line, which begins the next aim unless it names the one above it."""
        if _is_named(self.current.get(AIM)):
            self.begin(AIM, line)
        self.take(AIM, found, line)

    def take_employment(self, found: EmploymentLine, line: int) -> None:
        """An employment status on one line, with its monitoring."""
        held = self.current.get(EMPLOYMENT)
        if held is None or any(item.name == "EmpStat" for item in held.fields):
            self.begin(EMPLOYMENT, line)
        self.take(EMPLOYMENT, Phrase(found.parts), line)
        for kind, code in found.monitored:
            self.add(Item(names().look_up(kind), code), line)
        self.last = EMPLOYMENT

    def put(
        self, entity: str, made: RawField, came: str, line: int, *, numbered: bool = False
    ) -> None:
        """A field into the entity that is open; its kind's first name opens the next.

        Another name that comes again is not read: the line that begins the next entity, or a
        copy of this one, is the one too few or too many.
        """
        first = self.firsts.setdefault(entity, made.name)
        begins = made.name == first and not numbered
        if begins:
            self._found(entity)
        if self.is_lost(entity):
            self._remark_lost(made.name, line)
            return
        held = self.current.get(entity)
        if held is None and entity == AIM and self._same_aim(made):
            return
        if held is None:
            held = self.begin(entity, line)
        elif id(held) in self.again and made.text in {
            item.text for item in held.fields if item.name == made.name
        }:
            return
        before = self.labels.setdefault(id(held), {})
        if entity == "Learner" and not made.guess and self._is_titled(held) and _holds(held, made):
            return
        if made.name in before and not begins:
            self._comes_again(entity, held, made, before[made.name] == came, line)
            return
        if begins and (made.name in before or (self.forced and held.fields)):
            if entity == "Learner" and self._same_learner(made, line):
                return
            self._note_alone(entity, held, made, line)
            held = self.begin(entity, line)
            before = self.labels.setdefault(id(held), {})
        if not held.fields and id(self.current.get("Learner")) in self.again:
            self.collector.add_remark(line, "This was read as part of the learner named before.")
        if not held.fields:
            self._note_headless(entity, held, numbered, line)
        before[made.name] = came
        held.fields.append(made)
        if held.line is None:
            held.line = line
        self.last = entity
        if self.headed != entity:
            self.headed = None

    def _note_alone(self, entity: str, held: RawEntity, made: RawField, line: int) -> None:
        """Say of a value that comes again at once that it may be another of the same thing."""
        alone = len(held.fields) == 1 and not held.children and held.fields[0].name == made.name
        if alone and entity in KEYS and made.name not in _BEGINS and self.headed != entity:
            self.collector.add_remark(
                line,
                f"{made.name} comes twice with nothing between, so it was read as another "
                f"{entity}'s. If it is the same one's, leave one of them out.",
            )

    def _is_titled(self, held: RawEntity | None) -> bool:
        """Whether nothing but a screen's title stands above, which names whose record it is."""
        return (
            held is not None
            and [one for one in self.message.children if one.fields] == [held]
            and not held.children
            and all(item.guess and item.name in _IN_TITLE for item in held.fields)
        )

    def _same_learner(self, made: RawField, line: int) -> bool:
        """Go on with a learner who came before, as reports of errors name one again and again."""
        for one in self.message.children:
            same = [item for item in one.fields if item.name == made.name == KEYS["Learner"]]
            if not same or same[0].text != made.text or self.forced:
                continue
            if one is self.current.get("Learner") and not one.children:
                return True  # "Person code: 1183360   Learner ref: 1183360"
            bare = [learner for learner in self.message.children if not learner.children]
            if one is self.current.get("Learner") and bare:
                # Another learner has nothing: what stands here may be theirs.
                self.collector.add_remark(
                    one.line or line,
                    f"This learner comes again on line {line}; check whose this is.",
                )
            self.current = {"Learner": one}
            self.again.add(id(one))
            self.last = "Learner"
            self.collector.add_remark(
                line, "This learner came before; what follows was read as part of that record."
            )
            return True
        return False

    def _same_aim(self, made: RawField) -> bool:
        """Go on with an aim of a learner who came before, named by the same number."""
        learner = self.current.get("Learner")
        if learner is None or id(learner) not in self.again or made.name not in _NAMES_AIM:
            return False
        mine = [child for child in learner.children if child.name == AIM]
        same = [
            aim for aim in mine
            if any(i.name == made.name and i.text == made.text for i in aim.fields)
        ]  # fmt: skip
        if len(same) != 1:
            return False
        self.again.add(id(same[0]))
        self.current[AIM] = same[0]
        self.last = AIM
        return True

    def _note_headless(self, entity: str, held: RawEntity, numbered: bool, line: int) -> None:
        if not numbered and self.headed != entity:
            self.headless[entity].append(held)
        if self.copied is not None and self.copied in ancestors(entity):
            self.collector.add_remark(
                line, f"A line of the {self.copied} above came twice, so this may be another's."
            )

    def _comes_again(
        self, entity: str, held: RawEntity, made: RawField, same_name: bool, line: int
    ) -> None:
        first = next(item for item in held.fields if item.name == made.name)
        if not same_name or first.text == made.text or entity not in KEYS:
            self.collector.add_remark(line, f"{made.name} appears twice here; the first is used.")
            self.copied = entity if same_name else self.copied
            return
        self.collector.add_remark(
            line,
            f"{made.name} comes again here, and no {self.firsts[entity]} before it begins another "
            f"{entity}. From here on nothing was read until one does.",
        )
        self.collector.add_remark(
            first.line or line, f"{made.name} comes again on line {line}, so one may be another's."
        )
        self.lost = entity

    def _remark_lost(self, name: str, line: int) -> None:
        self.collector.add_remark(
            line, f"It is not clear which {self.lost} this {name} belongs to, so it was not read."
        )


def _is_only_numbered(learner: RawEntity | None) -> bool:
    """Whether nothing but a ULN or a day of birth stands above the line that names a learner."""
    if learner is None or learner.children or not learner.fields:
        return False
    return {item.name for item in learner.fields} <= {"ULN", "DateOfBirth"}


def _holds(held: RawEntity, made: RawField) -> bool:
    """Whether a value stands in an entity already, however its letters are written."""
    return any(
        item.name == made.name and item.text.casefold() == made.text.casefold()
        for item in held.fields
    )


def _is_named(aim: RawEntity | None) -> bool:
    return aim is None or any(item.name == "LearnAimRef" for item in aim.fields)


PRICE = "AppFinRecord"
_BEGINS = frozenset({*KEYS.values(), "AimSeqNumber", "ULN"})
_NAMES_AIM = frozenset({"AimSeqNumber", "LearnAimRef"})
_OF_DESTINATION = frozenset({DESTINATION, "DPOutcome"})
_PLACED = frozenset({AIM, PLACEMENT})
_IN_TITLE = frozenset({"LearnRefNumber", "FamilyName", "GivenNames"})


def _says_too_little(label: Label, current: dict[str, RawEntity]) -> bool:
    """Whether "Hours" stands where there is no placement, and no aim that has any."""
    hours = len(label.places) == 1 and label.places[0][1] == "WorkPlaceHours"
    if not hours or key(label.said) not in {"hours", "hrs"} or PLACEMENT in current:
        return False
    aim = current.get(AIM)
    said = [item.text for item in aim.fields if item.name == "LearnAimRef"] if aim else []
    return aim is None or any(not text.startswith("ZWRK") for text in said)

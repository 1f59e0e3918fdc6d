"""Records told in sentences: "on ZWRKX001 from 12 Oct to 28 May, placement 5 to 16 Oct, 60 hours".

Every value of one is a guess: a sentence says more than its figures, and this reads only those.
"""

from __future__ import annotations

from datetime import date

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.assembly import PARENTS, ancestors
from bot.ilr.readers.collector import FieldCollector
from bot.ilr.readers.destinations import DESTINATION, name_destinations
from bot.ilr.readers.employment_lines import EMPLOYMENT
from bot.ilr.readers.facts import LEARNER, Fact, facts
from bot.ilr.readers.hours_of_year import settle_hours
from bot.ilr.readers.mail_subjects import name_from_subject
from bot.ilr.readers.messages import without_heads, without_older_mail, without_stamps
from bot.ilr.readers.names import Label
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.phrases import AIM, PLACEMENT
from bot.ilr.readers.taken_back import take_back, taken_back, without
from bot.ilr.readers.tidy import tidy
from bot.ilr.readers.told_learners import OUTCOME
from bot.ilr.readers.values import read_value

__all__ = ["TOLD", "is_prose", "read_prose"]

TOLD = "it was told in a sentence"
_MAX_LENGTH, _MIN_FACTS = 2_000, 4


def is_prose(text: str) -> bool:
    """Whether a text tells enough of a record to be one: an aim and dates, not a question."""
    if len(text) > _MAX_LENGTH:
        return False
    found = facts(without_heads(without_stamps(text)))
    dates = sum(fact.name.endswith("Date") for fact in found)
    named = any(fact.name == "LearnAimRef" for fact in found)
    needed = _MIN_FACTS + 2 * ("?" in text or not named)
    if len(found) >= needed and dates >= (1 if named else 2):
        return True
    return _is_of_a_learner(found, asks="?" in text)


_WHOSE = frozenset({"LearnRefNumber", "ULN"})


def _is_of_a_learner(found: list[Fact], *, asks: bool) -> bool:
    """Whether facts are of a learner who is named, and of no aim: what became of them, or four
    that their names tell."""
    whose = any(fact.name in _WHOSE for fact in found)
    told = [fact for fact in found if fact.named and fact.name not in _WHOSE]
    if not whose or any(fact.entity in {AIM, PLACEMENT} and not fact.named for fact in found):
        return False
    became = {fact.name for fact in told if fact.entity == OUTCOME}
    if {"OutType", "OutCode", "OutStartDate"} <= became:
        return True
    mine = {fact.name for fact in told if fact.entity in _OF_LEARNER}
    return len(mine) >= _MIN_FACTS + 2 * asks


_OF_LEARNER = frozenset({LEARNER, "LearnerFAM", EMPLOYMENT, "EmploymentStatusMonitoring",
                         "PriorAttain", "LLDDandHealthProblem"})  # fmt: skip


def read_prose(text: str, today: date) -> ParsedRecord:
    """Read sentences. ``today``: where no year is given at all, its academic year is assumed."""
    collector = FieldCollector(assumed=today)
    text = tidy(text, collector.remarks)
    message = RawEntity("Message", partial=True)
    current: dict[str, RawEntity] = {"Message": message}
    whose: dict[int, RawEntity] = {}
    whole = text
    text, older = without_older_mail(without_stamps(text), is_prose)
    if older is not None:
        collector.add_remark(older, "From here on it is an older mail, so it was not read.")
    text = without_heads(text)
    back = taken_back(text)
    # A sentence goes on over the end of its line.
    for fact in facts(without(text, back).replace("\n", " ")):
        _put(fact, text.count("\n", 0, fact.at) + 1, current, collector)
        if DESTINATION in current and LEARNER in current:
            whose.setdefault(id(current[DESTINATION]), current[LEARNER])
    collector.resolve_dates()
    settle_hours(message, collector)
    take_back(message, back, collector)
    name_destinations(message, whose)
    name_from_subject(message, whole)
    collector.add_remark(
        1, "This was told in sentences, so every value of it is a guess. Check each one."
    )
    return ParsedRecord(message, "sentences", remarks=collector.remarks)


def _put(fact: Fact, line: int, current: dict[str, RawEntity], collector: FieldCollector) -> None:
    fresh = fact.fresh and not (fact.name == "EmpStat" and _has_an_employer(current))
    entity = _entity(fact.entity, current, fresh=fresh, line=line)
    if fact.nth and len(aims := _siblings(entity, current)) >= fact.nth:
        entity = current[fact.entity] = aims[fact.nth - 1]
    label = Label(fact.name, ((fact.entity, fact.name),))
    doubt = f"{TOLD}; {fact.guess}" if fact.guess else TOLD
    everyone = _siblings(entity, current) if fact.of_all else [entity]
    for one in everyone:
        held = [item for item in one.fields if item.name == fact.name]
        if held and fact.again:
            _say_both(held[0], fact, line, collector)
        if held and not fact.corrects:
            continue
        for item in held:
            one.fields.remove(item)
            doubt = f"{TOLD}; it was corrected further down"
        for made in collector.fields(label, label.places[0], fact.text, line, doubt):
            one.fields += made


def _has_an_employer(current: dict[str, RawEntity]) -> bool:
    """Whether nothing is told of the learner's job but whose it is: "employed by … (ERN …),
    employment status 10"."""
    held = current[EMPLOYMENT].fields if EMPLOYMENT in current else []
    return bool(held) and {item.name for item in held} <= {"EmpId", "AgreemId"}


def _say_both(held: RawField, fact: Fact, line: int, collector: FieldCollector) -> None:
    """Of two values that contradict each other the first is read, and both are pointed at."""
    if read_value(fact.name, fact.text).text in {
        "",
        held.text,
        read_value(fact.name, held.text).text,
    }:
        return
    held.guess = f"{held.guess}; line {line} says otherwise" if held.guess else None
    collector.add_remark(
        line,
        f"{fact.name} is given otherwise on line {held.line}, and nothing says which holds; the "
        "first was read.",
    )


def _siblings(entity: RawEntity, current: dict[str, RawEntity]) -> list[RawEntity]:
    parent = current[PARENTS[entity.name]]
    return [child for child in parent.children if child.name == entity.name]


def _entity(name: str, current: dict[str, RawEntity], *, fresh: bool, line: int) -> RawEntity:
    if name in current and not fresh:
        return current[name]
    parent = _entity(PARENTS[name], current, fresh=False, line=line)
    made = RawEntity(name, line=line, partial=True)
    parent.children.append(made)
    gone = {kind for kind in current if name in ancestors(kind)}
    if name == LEARNER:
        gone |= {DESTINATION, OUTCOME} & set(current)  # the next learner's is another one
    for below in gone:
        del current[below]
    current[name] = made
    return made

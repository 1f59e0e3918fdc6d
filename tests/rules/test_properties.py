"""What holds for every record, however mutilated: no rule raises, and order decides nothing.

Records are made from the year's specification: its codes and types, dates around the year,
and, where the record is to be mutilated, values of other kinds, missing fields and doubled
entities.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ilr.build import build
from bot.ilr.raw import RawEntity, RawField, Remark
from bot.ilr.record import Entity, Message
from bot.ilr.specification import FieldSpec, YearSpecification, load_specification
from bot.rules.catalogue import load_catalogue
from bot.rules.engine import Engine, RunResult
from bot.years import AcademicYear

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
READ_YEARS = load_catalogue(KNOWLEDGE / "rules").read_years
AIM_REFERENCES = [
    "ZPROG001", "ZWRKX001", "ZWRKX002", "ZWRKX003", "Z0002347", "ZESF0001", "ZTPR0001",
    "60149735", "Z0007834",
]  # fmt: skip
NASTY = [
    "", " ", "0", "-1", "007", "abc", "½", "٣", "1e400", "NaN", "Infinity", "1_000", "12.50",
    "9" * 18, "9" * 40, "2026-02-29", "0001-01-01", "9999-12-31", "31/08/2026", "2026-08-01Z",
    "A" * 300, "line\nbreak", "' OR 1=1 --", "<Learner>", "ZZ99 9ZZ", "AB123456C",
]  # fmt: skip
NAMES_ONE_OF_SEVERAL = {"R_07", "ProgType_18", "ProgType_19"}
"""Rules about several aims together that are reported on the last or the first of them."""
MANY = settings(max_examples=40, deadline=None)


@cache
def engine(year: AcademicYear) -> Engine:
    specification = load_specification(KNOWLEDGE / "ilr").for_year(year)
    return Engine(load_catalogue(KNOWLEDGE / "rules"), specification)


def a_value(spec: FieldSpec, held: YearSpecification, chance: Random) -> str:
    """A value of the field's type, most often one that rules ask about."""
    if spec.name == "LearnAimRef":
        return chance.choice(AIM_REFERENCES)
    if spec.types:
        return chance.choice(sorted(spec.types))
    if spec.codes:
        return chance.choice(sorted(spec.codes))
    if spec.type == "date":
        start = held.year.start
        if spec.name == "DateOfBirth":
            return str(start - timedelta(days=chance.randint(13 * 365, 30 * 365)))
        edges = [date(2017, 5, 1), date(2019, 8, 1), start, held.year.end]
        return str(chance.choice([*edges, start + timedelta(days=chance.randint(-700, 700))]))
    if spec.type == "datetime":
        return "2026-11-02T09:00:00"
    if spec.type in {"int", "decimal"}:
        low, high = int(spec.min_value or 0), int(spec.max_value or 999)
        return str(chance.choice([low, high, min(high, 999_999_999), chance.randint(1, 120)]))
    return chance.choice(["A", "B", "107", "034", "105", "1", "AB123456C", "SW1A 1AA", "NONE"])


def an_entity(name: str, held: YearSpecification, chance: Random) -> RawEntity:
    """An entity with most of its fields, and some of what may stand in it."""
    entity = RawEntity(name)
    spec = held.entities[name]
    for field_spec in spec.fields.values():
        if chance.random() < 0.7:
            entity.fields.append(RawField(field_spec.name, a_value(field_spec, held, chance)))
    given = {item.name: item.text for item in entity.fields}
    for field_spec in spec.fields.values():
        if field_spec.types and field_spec.name in given:
            codes = [c.code for c in field_spec.types[given[field_spec.name]].codes]
            code_name = field_spec.name.replace("Type", "Code")
            for item in entity.fields:
                if item.name == code_name and codes:
                    item.text = chance.choice(codes)
    for child in held.children(name):
        occurs = held.entities[child]
        most = 3 if occurs.max_occurs is None else min(occurs.max_occurs, 3)
        for _ in range(chance.randint(occurs.min_occurs, most)):
            entity.children.append(an_entity(child, held, chance))
    return entity


def mutilate(entity: RawEntity, chance: Random) -> None:
    """Drop, spoil and double, all the way down."""
    entity.fields = [item for item in entity.fields if chance.random() > 0.1]
    for item in entity.fields:
        if chance.random() < 0.15:
            item.text = chance.choice(NASTY)
    if entity.fields and chance.random() < 0.1:
        doubled = chance.choice(entity.fields)
        entity.fields.append(RawField(doubled.name, doubled.text))
    if entity.fields and chance.random() < 0.1:
        one, other = chance.choice(entity.fields), chance.choice(entity.fields)
        one.text, other.text = other.text, one.text
    entity.children = [child for child in entity.children if chance.random() > 0.1]
    if entity.children and chance.random() < 0.3:
        entity.children.append(chance.choice(entity.children))
    if chance.random() < 0.05:
        entity.partial = True
    chance.shuffle(entity.children)
    for child in entity.children:
        mutilate(child, chance)


def built(raw: RawEntity, year: AcademicYear) -> Message:
    remarks: list[Remark] = []
    message = build(raw, engine(year).specification, remarks)
    assert isinstance(message, Message)
    return message


def run(message: Message, year: AcademicYear) -> RunResult:
    day = date(year.first, 12, 1)
    return engine(year).run(message, day, today=day)


def verdicts(outcome: RunResult) -> set[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Rule, element and values; several values of one field in no particular order."""
    return {
        (
            found.rule.id,
            found.entity.name,
            tuple(sorted((name, in_order(text)) for name, text in found.values.items())),
        )
        for found in outcome.findings
    }


def in_order(text: str) -> str:
    # Of more than five values the first five are shown, and which those are is the order's.
    return "…" if text.endswith(" …") else ", ".join(sorted(text.split(", ")))


def counted(outcome: RunResult) -> Counter[str]:
    return Counter(found.rule.id for found in outcome.findings)


def shuffle(entity: RawEntity, chance: Random, names: set[str]) -> None:
    """The elements of these names in another order, at all depths."""
    places = [i for i, child in enumerate(entity.children) if child.name in names]
    moved = [entity.children[i] for i in places]
    chance.shuffle(moved)
    for place, child in zip(places, moved, strict=True):
        entity.children[place] = child
    for child in entity.children:
        shuffle(child, chance, names)


def kind_and_fields(entity: Entity) -> tuple[str, list[tuple[str, str]]]:
    return type(entity).__qualname__, list(entity.texts.items())


@pytest.mark.parametrize("year", READ_YEARS, ids=str)
@given(seed=st.integers(min_value=0))
@MANY
def test_no_record_however_mutilated_makes_a_rule_raise(year: AcademicYear, seed: int) -> None:
    chance = Random(seed)
    raw = an_entity("Message", engine(year).specification, chance)
    mutilate(raw, chance)
    raw.partial = chance.random() < 0.3
    outcome = run(built(raw, year), year)
    assert not outcome.run & outcome.not_run.keys()
    assert outcome.run | outcome.not_run.keys() >= {rule.id for rule in engine(year).rules}


@pytest.mark.parametrize("year", READ_YEARS, ids=str)
@given(seed=st.integers(min_value=0))
@MANY
def test_the_order_of_aims_and_placements_changes_no_verdict(year: AcademicYear, seed: int) -> None:
    chance = Random(seed)
    raw = an_entity("Message", engine(year).specification, chance)
    before = run(built(raw, year), year)
    shuffle(raw, chance, {"LearningDelivery", "LearningDeliveryWorkPlacement"})
    after = run(built(raw, year), year)
    assert {v for v in verdicts(after) if v[0] not in NAMES_ONE_OF_SEVERAL} == {
        v for v in verdicts(before) if v[0] not in NAMES_ONE_OF_SEVERAL
    }
    assert counted(after) == counted(before)
    assert after.not_run == before.not_run


@pytest.mark.parametrize("year", READ_YEARS, ids=str)
@given(seed=st.integers(min_value=0))
@MANY
def test_the_order_of_all_parts_changes_no_number_of_findings(
    year: AcademicYear, seed: int
) -> None:
    chance = Random(seed)
    specification = engine(year).specification
    raw = an_entity("Message", specification, chance)
    before = run(built(raw, year), year)
    shuffle(raw, chance, set(specification.entities))
    after = run(built(raw, year), year)
    assert counted(after) == counted(before)
    assert after.not_run == before.not_run


@given(seed=st.integers(min_value=0))
@MANY
def test_a_record_is_the_same_after_the_check_as_before(seed: int) -> None:
    year = READ_YEARS[-1]
    chance = Random(seed)
    raw = an_entity("Learner", engine(year).specification, chance)
    raw.partial = True
    message = built(RawEntity("Message", children=[raw], partial=True), year)
    before = [kind_and_fields(entity) for entity in message.walk()]
    first = run(message, year)
    assert [kind_and_fields(entity) for entity in message.walk()] == before
    assert verdicts(run(message, year)) == verdicts(first)

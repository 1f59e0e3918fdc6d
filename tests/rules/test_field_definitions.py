"""Every field definition rule, in every year: a value at its limit and one beyond it.

The values are made from the year's specification; a pattern's are written out below.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.ilr.build import build
from bot.ilr.raw import RawEntity, RawField, Remark
from bot.ilr.record import ENTITIES, Message
from bot.ilr.specification import FieldSpec, YearSpecification, load_specification
from bot.rules.catalogue import Rule, load_catalogue
from bot.rules.engine import Engine, RunResult
from bot.rules.families.field_definition import field_definition, plain_text
from bot.years import AcademicYear

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
READ_YEARS = load_catalogue(KNOWLEDGE / "rules").read_years
DAY = date(2026, 12, 1)

# (kept, broken) for fields with a pattern of their own; other text is tested for its characters.
PATTERNS = {
    "LearnRefNumber": ("AB 12", "AB-12"),
    "PrevLearnRefNumber": ("AB 12", "AB/12"),
    "CampId": ("C1", "C 1"),
    "FamilyName": ("O'Hare-Şahin", "Smith2"),
    "GivenNames": ("Zoë Anne", 'Ann "Annie"'),
    "AddLine1": ("Flat 2, 1 High St.", "Café"),
    "AddLine2": ("The Old Mill (East)", "50% Lane"),
    "AddLine3": ("King's Lynn", "King’s Lynn"),
    "AddLine4": ("Kent", "Kent\nEngland"),
    "TelNo": ("02079460000", "020 7946 0000"),
    "Email": ("someone@example.org", "someone.example.org"),
    "UCASPERID": ("0012345678", "12345678"),
    "UCASAPPID": ("AB12", "A12"),
    "UCASSCHEMECODE": ("123456789", "12345678"),
    "AgreemId": ("AB12CD7", "AB-12"),
}
MANDATORY_WITHOUT_A_RULE = {"LearnerHEFinancialSupport.FINTYPE", "AppFinRecord.AFinDate"}
"""Since 2025-26: the published file has no rule of this name, though the schema has the limit."""

FILE_ENTITIES = {"CollectionDetails", "Source", "SourceFile", "LearningProvider"}


def specification(year: AcademicYear) -> YearSpecification:
    return load_specification(KNOWLEDGE / "ilr").for_year(year)


def live(year: AcademicYear) -> Iterator[Rule]:
    catalogue = load_catalogue(KNOWLEDGE / "rules")
    for row in catalogue.rows.values():
        if row.id.startswith("FD_"):
            found = catalogue.in_year(row, year)
            if found is not None:
                yield found


def every_rule() -> list[Any]:
    """Each rule with the years it is live in, as it reads in each."""
    found: dict[str, list[tuple[Rule, AcademicYear]]] = {}
    for year in load_specification(KNOWLEDGE / "ilr").years:
        for rule in live(year):
            found.setdefault(rule.id, []).append((rule, year))
    return [pytest.param(own, id=rule_id) for rule_id, own in found.items()]


def field_of(found: Rule, held: YearSpecification) -> tuple[str, FieldSpec]:
    entity, _, name = found.fields[0].partition(".")
    return entity, held.entities[entity].fields[name]


def record(held: YearSpecification, entity: str, given: list[dict[str, str]]) -> Message:
    """A message with as many of one entity as ``given`` has field mappings."""
    elements = [RawEntity(entity, [RawField(n, v) for n, v in fields.items()]) for fields in given]
    parent = held.entities[entity].parent
    while parent is not None:
        elements = [RawEntity(parent, children=elements)]
        parent = held.entities[parent].parent
    remarks: list[Remark] = []
    built = build(elements[0], held, remarks)
    assert isinstance(built, Message)
    return built


def check(found: Rule, year: AcademicYear, entity: str, given: list[dict[str, str]]) -> RunResult:
    held = specification(year)
    engine = Engine(load_catalogue(KNOWLEDGE / "rules"), held, only=found.id)
    return engine.run(record(held, entity, given), DAY)


def missing(_: str, spec: FieldSpec) -> tuple[list[str | None], list[str | None]]:
    value = {"date": "2026-09-01", "string": "A", "int": "1", "decimal": "1.0"}[spec.type]
    return [value], [None, "", "  "]


def length(_: str, spec: FieldSpec) -> tuple[list[str | None], list[str | None]]:
    if spec.type == "decimal":
        whole = "1" * len(str(int(spec.max_value or 0)))
        return [whole, f"{whole}.5", f"{whole}.50", "0.1"], [f"{whole}1", "1.55"]
    most = spec.max_digits or spec.max_length
    assert most is not None
    filler = "1" if spec.type == "int" else "A"
    kept = [filler * most, filler, " " + filler * most + " "]
    if spec.type == "int":
        kept.append("0" + filler * most)
    return list(kept), [filler * (most + 1), filler * (most + 200)]


def form(name: str, spec: FieldSpec) -> tuple[list[str | None], list[str | None]]:
    if spec.pattern is not None:
        kept, broken = PATTERNS[name]
        return [kept], [broken]
    assert spec.restricted
    return ["A", "7", "-"], ["`", "é", "“"]


def span(_: str, spec: FieldSpec) -> tuple[list[str | None], list[str | None]]:
    low, high = spec.min_value, spec.max_value
    assert low is not None
    assert high is not None
    if spec.type == "string":
        return [f"{low:010}", str(high)], ["0000000000"]
    step = Decimal("0.1") if spec.type == "decimal" else 1
    return [str(low), str(high)], [str(low - step), str(high + step)]


LIMITS = {"MA": missing, "AL": length, "AP": form, "AR": span}


@pytest.mark.parametrize("own", every_rule())
def test_the_rule_fires_beyond_the_limit_and_not_at_it(
    own: list[tuple[Rule, AcademicYear]],
) -> None:
    for found, year in own:
        fires_beyond_the_limit_and_not_at_it(found, year)


def fires_beyond_the_limit_and_not_at_it(found: Rule, year: AcademicYear) -> None:
    held = specification(year)
    suffix = found.id.rpartition("_")[2]
    entity, spec = field_of(found, held)
    if suffix == "EO":
        least, most = held.entities[entity].min_occurs, held.entities[entity].max_occurs
        kept: list[list[dict[str, str]]] = [[{}] * (most or least)]
        broken: list[list[dict[str, str]]] = [[] if most is None else [{}] * (most + 1)]
    else:
        good, bad = LIMITS[suffix](spec.name, spec)
        kept = [[{spec.name: value}] for value in good if value is not None]
        broken = [[{} if value is None else {spec.name: value}] for value in bad]
    for given in kept:
        outcome = check(found, year, entity, given)
        assert outcome.run == {found.id}, (year, outcome.not_run)
        assert not outcome.findings, (year, given)
    for given in broken:
        outcome = check(found, year, entity, given)
        assert outcome.run == {found.id}, (year, outcome.not_run)
        assert len(outcome.findings) == 1, (year, given)


@pytest.mark.parametrize("year", READ_YEARS, ids=str)
def test_what_is_called_mandatory_is_what_the_schema_requires(year: AcademicYear) -> None:
    held = specification(year)
    with_a_rule = {found.fields[0] for found in live(year) if found.id.endswith("_MA")}
    in_a_learner = {
        f"{entity.name}.{spec.name}"
        for entity in held.entities.values()
        for spec in entity.fields.values()
        if spec.mandatory and entity.name not in FILE_ENTITIES
    }
    assert with_a_rule <= in_a_learner
    expected = MANDATORY_WITHOUT_A_RULE if year > READ_YEARS[0] else set()
    assert in_a_learner - with_a_rule == expected


@pytest.mark.parametrize("value", ["12a", "1.5", "1e9", "1_0", "--1", "½"])
def test_what_is_not_a_whole_number_is_neither_too_long_nor_out_of_range(value: str) -> None:
    year = READ_YEARS[-1]
    for found in live(year):
        if found.id in {"FD_PlanLearnHours_AL", "FD_AimType_AL"}:
            entity, spec = field_of(found, specification(year))
            outcome = check(found, year, entity, [{spec.name: value}])
            assert not outcome.findings
            assert outcome.not_run == {found.id: "a value it needs could not be read"}


def test_a_part_of_a_learner_lacks_nothing() -> None:
    """A lone placement: its own fields are tested, its aim's and learner's are not."""
    held = specification(READ_YEARS[-1])
    placement = RawEntity("LearningDeliveryWorkPlacement", [RawField("WorkPlaceMode", "2")])
    aim = RawEntity("LearningDelivery", children=[placement], partial=True)
    learner = RawEntity("Learner", children=[aim], partial=True)
    message = build(RawEntity("Message", children=[learner], partial=True), held, [])
    assert isinstance(message, Message)
    fired = set()
    for rule_id in ("FD_WorkPlaceHours_MA", "FD_LearnAimRef_MA", "FD_ULN_MA"):
        engine = Engine(load_catalogue(KNOWLEDGE / "rules"), held, only=rule_id)
        outcome = engine.run(message, DAY)
        fired |= {finding.rule.id for finding in outcome.findings}
    assert fired == {"FD_WorkPlaceHours_MA"}


@pytest.mark.parametrize("year", [READ_YEARS[0], READ_YEARS[-1]], ids=str)
def test_what_is_plainly_right_breaks_no_limit(year: AcademicYear) -> None:
    held, seen = specification(year), 0
    texts = [
        "1", "0", "007", "99", "120", "9999999999", "10000000000", "-1", "1.5", "A", "ZPROG001",
        "O'Hare", "Café", "AB 12", " A ", "A" * 40, "1" * 40, "½", "٣", "a\tb", "a_b", "\u200b",
    ]  # fmt: skip
    for rule in live(year):
        entity_name, _, name = rule.fields[0].rpartition(".")
        spec = held.entities[entity_name].fields.get(name) if entity_name else None
        made = field_definition(rule.id, rule.fields, held)
        is_plain = plain_text(spec, held) if spec else None
        if made is None or is_plain is None or rule.id.endswith("_EO"):
            continue
        for text in filter(is_plain, texts):
            entity = ENTITIES[entity_name](None)
            entity.texts[name] = text
            assert made[1](entity) is False, f"{rule.id} of {text!r}"
            seen += 1
    assert seen > 500

"""Rules that are not run, because an outline settled them, would have found nothing."""

from __future__ import annotations

import logging
import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.ilr.absent import ABSENT, NOT_PASTED, is_present
from bot.ilr.build import build
from bot.ilr.fragment import Fragment
from bot.ilr.raw import RawEntity
from bot.ilr.record import PERSONAL_FIELDS, Entity, Learner, Message
from bot.ilr.specification import YearSpecification, load_specification
from bot.rules.catalogue import load_catalogue
from bot.rules.engine import RULE_FAILED, Check, Engine, RunResult
from bot.rules.outlines import Outlines, Untold
from bot.rules.running import finder
from bot.rules.unknown import (
    UNKNOWN,
    AskedForMore,
    AskedForReference,
    NoClassCode,
    References,
    Unlisted,
    above_of,
)
from bot.years import AcademicYear
from tests.rules.test_properties import a_value, an_entity, mutilate
from tests.support.records import message, written
from tests.support.reference import reference

HERE = Path(__file__).parent
KNOWLEDGE = HERE.parents[1] / "knowledge"
TODAY = date(2026, 11, 24)


def an_engine(year: AcademicYear, **how: Any) -> Engine:
    specification = load_specification(KNOWLEDGE / "ilr").for_year(year)
    return Engine(load_catalogue(KNOWLEDGE / "rules"), specification, **how)


def all_of(result: RunResult) -> tuple[Any, ...]:
    found = [
        (f.rule.id, str(f.rule.severity), id(f.entity), f.values, f.decided_by)
        for f in result.findings
    ]
    return found, result.not_run, result.run


def same_without_outlines(
    checker: Engine, records: list[Message], on: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each record three times, so that outlines are known; then with every rule run."""
    with_outlines = []
    for record in records:
        for _ in range(3):
            result = checker.run(record, on, today=TODAY)
        with_outlines.append(all_of(result))
    monkeypatch.setattr(Outlines, "worth_running", lambda *_: None)
    for record, expected in zip(records, with_outlines, strict=True):
        assert expected == all_of(checker.run(record, on, today=TODAY))


@pytest.mark.parametrize("year", ["2020-21", "2023-24", "2025-26", "2026-27"])
def test_records_at_random_have_the_same_findings(
    year: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    academic_year = AcademicYear.parse(year)
    held = reference(
        {"lars": {"60149735": {"level": 3, "type": "0003"}}, "postcodes": ["SW1A 1AA"]}
    )
    checker = an_engine(academic_year, reference=held)
    records = []
    for seed in range(12):
        chance = Random(seed)
        raw = an_entity("Message", checker.specification, chance)
        if seed % 3 == 1:
            mutilate(raw, chance)
        raw.partial = seed % 4 == 3
        made = build(raw, checker.specification, [])
        assert isinstance(made, Message)
        records.append(made)
    same_without_outlines(checker, records, date(academic_year.first, 12, 1), monkeypatch)


@pytest.mark.parametrize("year", ["2020-21", "2026-27"])
@pytest.mark.parametrize("has_lars", [True, False])
def test_a_cohort_has_the_same_findings(
    year: str, has_lars: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Learners alike in all that an outline shows, whose dates, references and numbers differ:
    what one teaches must not hold for another that it does not fit."""
    held = {"lars": {"60149735": {"level": 3, "type": "1468", "categories": ["62 2020-08-01"]}}}
    how = {"reference": reference(held)} if has_lars else {}
    checker = an_engine(AcademicYear.parse(year), **how)
    records = []
    for seed in range(8):
        template = an_entity("Learner", checker.specification, Random(seed))
        for one in range(10):
            raw = RawEntity("Message", children=[deepcopy(template)])
            other_values(raw.children[0], checker.specification, Random(seed * 100 + one))
            made = build(raw, checker.specification, [])
            assert isinstance(made, Message)
            records.append(made)
    same_without_outlines(
        checker, records, date(AcademicYear.parse(year).first, 12, 1), monkeypatch
    )


def other_values(raw: RawEntity, held: YearSpecification, chance: Random) -> None:
    for item in raw.fields:
        spec = held.entities[raw.name].fields[item.name]
        if not spec.types and item.name not in SHOWN and chance.random() < 0.3:
            item.text = chance.choice(REFERENCES) if item.name == "LearnAimRef" else a_value(
                spec, held, chance
            )  # fmt: skip
            if item.name == "ULN" and chance.random() < 0.5:
                item.text = "9999999999"
    for child in raw.children:
        other_values(child, held, chance)


SHOWN = {"AimType", "FundModel", "ProgType", "CompStatus", "Outcome", "EmpStat"}
REFERENCES = [
    "60149735", "60149736", "ZPROG001", "ZWRKX001", "ZWRKX003", "ZTLOS001", "60023995", "60361234",
    "z0007834", "Z0059747", "Z0060443",
]  # fmt: skip


def test_two_values_that_are_not_known_are_not_taken_for_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To Python what is the same object is equal where it stands in a tuple, as R_141 asks."""
    checker = an_engine(AcademicYear(2026))
    bootcamp = {"ProgType": 32, "FundModel": 37, "LearnAimRef": "60149735"}
    records = [
        message({"learner": {"aims": [
            {**bootcamp, "AimType": 1, "ConRefNumber": "SB-1"},
            {**bootcamp, "AimType": 3, "ConRefNumber": contract},
        ]}}, checker.specification)[0]
        for contract in ("SB-1", "SB-2")
    ]  # fmt: skip
    ids = [{f.rule.id for f in checker.run(one, TODAY, today=TODAY).findings} for one in records]
    assert "R_141" in ids[1] - ids[0]
    same_without_outlines(checker, records, TODAY, monkeypatch)


def test_what_is_not_run_for_another_provider_is_run_for_ones_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checker = an_engine(AcademicYear(2026), reference=reference({"lars": {}}))
    records = [
        message({
            "message": {"LearningProvider": {"UKPRN": ukprn}, "learners": [
                {"aims": [{"FundModel": 25, "AimType": 5, "LearnAimRef": "60149735"}]}
            ]}
        }, checker.specification)[0]
        for ukprn in (10000001, 10000002)
    ]  # fmt: skip
    runs = [checker.run(one, TODAY, today=TODAY) for one in records * 3]
    assert ["LearnDelFAMType_83" in one.run for one in runs] == [True, False] * 3
    same_without_outlines(checker, records, TODAY, monkeypatch)


@pytest.mark.parametrize("year", ["2020-21", "2026-27"])
def test_rows_of_tables_at_random_have_the_same_findings(
    year: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is partial, with the same columns; some cells are blank, or not to be read."""
    checker = an_engine(AcademicYear.parse(year))
    records = []
    for seed in range(8):
        chance = Random(seed)
        columns = an_entity("Message", checker.specification, chance)
        raw = RawEntity("Message", partial=True)
        for row in range(12):
            learner = an_entity("Learner", checker.specification, Random(seed * 100 + row % 4))
            only_columns_of(columns, learner, chance)
            raw.children.append(learner)
        made = build(raw, checker.specification, [])
        assert isinstance(made, Message)
        records.append(made)
    same_without_outlines(
        checker, records, date(AcademicYear.parse(year).first, 12, 1), monkeypatch
    )


def only_columns_of(table: RawEntity, row: RawEntity, chance: Random) -> None:
    """Leave what a table has a column of, all the way down, and spoil some of it."""
    held = fields_by_name(table)
    row.partial = True
    row.fields = [item for item in row.fields if item.name in held.get(row.name, ())]
    for item in row.fields:
        if chance.random() < 0.1:
            item.text = chance.choice(["", " ", "soon", "<"])
    if chance.random() < 0.3:
        row.blank = ("LearningDeliveryWorkPlacement",)
        row.children = [child for child in row.children if child.name not in row.blank]
    for child in row.children:
        only_columns_of(table, child, chance)


def fields_by_name(raw: RawEntity) -> dict[str, set[str]]:
    found = {raw.name: {item.name for item in raw.fields}}
    for child in raw.children:
        for name, fields in fields_by_name(child).items():
            found[name] = found.get(name, fields) & fields
    return found


def test_the_rules_own_cases_have_the_same_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cases are made to just fire, or just not to."""
    checker = an_engine(AcademicYear(2026))
    records = []
    for path in sorted(HERE.glob("[!lo]*.yaml")):
        for block in written(path):
            for case in [*block.get("fires", []), *block.get("quiet", [])][::4]:
                if case.get("years", ["2026-27"]) == ["2026-27"] and "year" not in case:
                    records.append(message(case, checker.specification)[0])
    assert len(records) > 200
    same_without_outlines(checker, records, date(2026, 12, 1), monkeypatch)


def test_fewer_rules_are_run_on_the_second_learner_alike() -> None:
    checker = an_engine(AcademicYear(2026))
    case = {"learner": {"aims": [{"FundModel": 25, "AimType": 5, "LearnAimRef": "60149735"}]}}
    record, _ = message(case, checker.specification)
    (aim,) = record.learners[0].aims
    rules = checker._rules_by_kind["LearningDelivery"]
    finds = finder(rules, Check(checker.year, TODAY, checker.specification))
    assert rules.outlines.worth_running(aim, finds) is None
    worth = rules.outlines.worth_running(aim, finds)
    assert worth is not None
    assert 0 < len(worth) < len(rules.pairs) / 3


def test_what_tells_nothing_of_a_row_is_not_run_on_the_next_one_alike() -> None:
    checker = an_engine(AcademicYear(2026))
    case = {"learner": {"aims": [{"FundModel": 25, "AimType": 5, "LearnAimRef": "60149735"}]}}
    record, _ = message(case, checker.specification)
    (aim,) = record.learners[0].aims
    aim.partial = True
    rules = checker._rules_by_kind["LearningDelivery"]
    finds = finder(rules, Check(checker.year, TODAY, checker.specification))
    outlines, _ = rules.outlines_of_part
    with hidden([aim]):
        assert outlines.worth_running(aim, finds) is None
        untold: list[Untold] = []
        worth = outlines.worth_running(aim, finds, untold)
    assert worth is not None
    (reasons,) = untold
    assert {reason for _, reason in reasons} == {NOT_PASTED}
    assert len(reasons) > rules.on_part / 2
    assert not {number for number, _ in reasons} & set(worth)


@contextmanager
def hidden(entities: list[Entity]) -> Iterator[None]:
    fragment = Fragment(entities)
    fragment.hide_missing()
    yield
    fragment.show_missing()


def test_nothing_that_says_who_somebody_is_is_remembered() -> None:
    checker = an_engine(AcademicYear(2026))
    learner = {
        "LearnRefNumber": "INV-0001", "ULN": 1000000043, "FamilyName": "Quill",
        "GivenNames": "Ottoline", "DateOfBirth": "2009-03-17", "Postcode": "CV1 2WT",
        "AddLine1": "3 Imaginary Lane", "Email": "quill@example.org", "NINumber": "AB123456C",
        "aims": [{"FundModel": 25, "SWSupAimId": "invented-7", "LearnStartDate": "2026-09-07"}],
    }  # fmt: skip
    record, _ = message({"learner": learner}, checker.specification)
    for partial in (False, True):
        for entity in record.everything():
            entity.partial = partial
        for _ in range(3):
            checker.run(record, TODAY, today=TODAY)
    held = ""
    for rules in checker._rules_by_kind.values():
        for outlines in (rules.outlines, *rules.outlines_of_part):
            held += repr(outlines._known)
            for tests in outlines._on_one_field.values():
                assert not (tests.name in PERSONAL_FIELDS and (tests.known or tests.met))
                held += repr((tests.known, tests.met))
    assert "2026-09-07" in held, "dates of learning are remembered"
    for text in ("INV-0001", "1000000043", "Quill", "Ottoline", "2009", "CV1", "invented-7"):
        assert text not in held


OPERATIONS: list[Callable[[Any], object]] = [
    bool, hash, str, repr, len, iter, list, int, float, sorted, format,
    lambda x: x == 1, lambda x: x != 1, lambda x: x < 1, lambda x: x <= 1,
    lambda x: date(2026, 8, 1) < x, lambda x: x >= date(2026, 8, 1), lambda x: x - x,
    lambda x: x + 1, lambda x: 1 + x, lambda x: date(2026, 8, 1) - x, lambda x: x in {1, 2},
    lambda x: x in (1, 2), lambda x: {1: 2}.get(x), lambda x: x.upper(), lambda x: x.year,
    lambda x: isinstance(x, date), lambda x: x(), lambda x: x[0], lambda x: 1 in x,
    lambda x: f"{x}", lambda x: x or 0, lambda x: max(x, 1),
    operator.index, operator.neg,
]  # fmt: skip


@pytest.mark.parametrize("asked", OPERATIONS)
def test_whatever_is_asked_of_a_value_that_is_not_known_raises(
    asked: Callable[[Any], object],
) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - which one does not matter
        asked(UNKNOWN)


def test_a_reference_that_is_no_class_code_is_told_from_those() -> None:
    placements = References({"ZWRKX001", "ZWRKX002"})
    stand_ins: list[tuple[Any, type[Exception]]] = [
        (NoClassCode(), AskedForReference), (Unlisted(), AskedForMore)
    ]  # fmt: skip
    for shown, asked in stand_ins:
        assert shown is not ABSENT
        assert shown not in placements
        assert shown != "ZPROG001"
        assert "ZPROG001" != shown  # noqa: SIM300 - asked of the text
        assert not shown == "ZPROG001"  # noqa: SIM201
        assert not shown.startswith(("ZTLOS", "Z"))
        for operation in OPERATIONS[:2] + OPERATIONS[5:]:
            with pytest.raises(Exception):  # noqa: B017, PT011 - which one does not matter
                operation(shown)
        asks: list[Callable[[Any], object]] = [
            lambda x: x == "60149735", lambda x: x in References({"60149735"}),
            lambda x: x.startswith("6"), lambda x: x == type(x)(), hash,
        ]  # fmt: skip
        for operation in asks:
            with pytest.raises(asked):
                operation(shown)


def test_of_what_an_aim_stands_in_no_more_is_known_than_the_provider() -> None:
    learner = above_of(2, "LearningProvider", ("10000001",))
    (provider,) = learner.parent.children.get("LearningProvider", [])
    assert provider.shown("UKPRN") == "10000001"
    for operation in (
        lambda: learner.aims, lambda: learner.children, lambda: isinstance(learner, Learner),
        lambda: learner == learner, lambda: hash(learner), lambda: learner.parent.parent,
        lambda: learner.parent.children.get("Header"), lambda: provider.shown("Name"),
    ):  # fmt: skip
        with pytest.raises(AskedForMore):
            operation()


def test_a_value_that_is_not_known_is_there() -> None:
    assert is_present(UNKNOWN)
    assert not (ABSENT < UNKNOWN)


def put_in_place_of(rule: str, checker: Engine, function: Callable[[Learner], bool]) -> None:
    pairs = checker._by_kind["Learner"]
    number = next(n for n, (found, _) in enumerate(pairs) if found.id == rule)
    pairs[number] = (pairs[number][0], replace(pairs[number][1], function=function))
    vars(checker).pop("_rules_by_kind", None)


def test_want_of_memory_is_not_a_rule_that_fails() -> None:
    """The check ends and says so; else every rule after it would be said to have failed."""
    checker = an_engine(AcademicYear(2026))
    record, _ = message({"learner": {"aims": [{"FundModel": 25}]}}, checker.specification)

    def runs_short(learner: Learner) -> bool:
        raise MemoryError

    put_in_place_of("R_07", checker, runs_short)
    with pytest.raises(MemoryError):
        checker.run(record, TODAY, today=TODAY)


def test_a_rule_that_fails_is_said_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    checker = an_engine(AcademicYear(2026))
    case = {"learner": {"FamilyName": "Quill", "aims": [{"FundModel": 25, "AimType": 9}]}}
    record, _ = message(case, checker.specification)
    before = checker.run(record, TODAY, today=TODAY)

    def fails(learner: Learner) -> bool:
        raise OverflowError(learner.FamilyName)

    put_in_place_of("R_07", checker, fails)
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            result = checker.run(record, TODAY, today=TODAY)
    assert result.not_run == before.not_run | {"R_07": RULE_FAILED}
    assert [f.rule.id for f in result.findings] == [f.rule.id for f in before.findings]
    assert len(caplog.records) == 1, "once a rule, not once a record"
    assert "Quill" not in caplog.text

"""Pastes as people make them, and the record each should become.

tests/pastes holds a paste and, beside it, a .yaml with what to expect: ``kind``, the
``record`` by official names (the shorthands of tests/support/records.py), and where they
matter the ``lines`` of a field's values, the fields that are ``guesses``, and the lines that
have ``remarks``. A paste that cannot be read has ``error`` instead: words of its one sentence.

tests/pastes/unseen was written by somebody who had not seen the readers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import InputError
from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers import ParsedRecord, looks_like_record, read
from bot.ilr.readers.decoding import text_of
from tests.support.records import SHORT, as_typed

PASTES = Path(__file__).parents[2] / "pastes"
CASES = sorted(path for path in PASTES.glob("*/*") if path.suffix == ".yaml")
_SHORTHAND = {official: (parent, short) for (parent, short), official in SHORT.items()}


def pasted(case: Path) -> bytes:
    [path] = [p for p in case.parent.glob(case.stem + ".*") if p.suffix != ".yaml"]
    return path.read_bytes()


def as_mapping(entity: RawEntity) -> dict[str, Any]:
    """An entity as the cases write it: fields that are not blank, children by shorthand."""
    found: dict[str, Any] = {f.name: f.text.strip() for f in entity.fields if f.text.strip()}
    for child in entity.children:
        parent, short = _SHORTHAND.get(child.name, ("", ""))
        name = short if parent == entity.name else child.name
        inside = as_mapping(child)
        if inside or child.name in {"Learner", "LearningDelivery"}:
            found.setdefault(name, []).append(inside)
    return found


def fields_of(entity: RawEntity) -> list[RawField]:
    return [*entity.fields, *(f for child in entity.children for f in fields_of(child))]


def plain(value: Any) -> Any:
    """Numbers and dates of the case as the text they stand for."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else str(value)


@pytest.mark.parametrize("case", CASES, ids=[f"{c.parent.name}/{c.stem}" for c in CASES])
def test_a_paste_is_no_question_becomes_its_record_and_comes_back(case: Path) -> None:
    expected = as_typed(case)
    if "error" in expected:
        with pytest.raises(InputError, match=expected["error"]):
            read(pasted(case))
        return
    reading = read(pasted(case))
    assert looks_like_record(text_of(pasted(case)))
    assert reading.kind == expected["kind"]
    if "violations" in expected:
        counted = [[one.rule, one.learners, one.rows] for one in reading.violations]
        assert counted == expected["violations"]
    else:
        is_the_record(reading, expected)
        comes_back_from_its_json(reading)


def is_the_record(reading: ParsedRecord, expected: dict[str, Any]) -> None:
    assert as_mapping(reading.message) == plain(expected["record"])
    every = fields_of(reading.message)
    for name, lines in expected.get("lines", {}).items():
        assert [f.line for f in every if f.name == name and f.text.strip()] == lines
    assert sorted({f.name for f in every if f.guess}) == sorted(expected.get("guesses", []))
    assert {r.line for r in reading.remarks} == set(expected.get("remarks", []))
    if "year" in expected:
        assert reading.year_text == str(expected["year"])


def comes_back_from_its_json(reading: ParsedRecord) -> None:
    again = read(json.dumps(reading.to_json(), ensure_ascii=False))
    assert as_mapping(again.message) == as_mapping(reading.message)
    assert [f.guess for f in again.fields()] == [f.guess for f in reading.fields()]
    for name in ("namespace", "year_text", "prepared_on"):
        assert getattr(again, name) == getattr(reading, name)


def test_there_are_enough_of_every_kind() -> None:
    kinds = {folder.name: len(list(folder.glob("*.yaml"))) for folder in PASTES.iterdir()}
    assert sum(kinds.values()) >= 120
    assert min(kinds.values()) >= 8

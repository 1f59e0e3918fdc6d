"""No value that cannot be its field's reaches it without a word, whichever reader put it there."""

from __future__ import annotations

import random

import pytest

from bot.ilr.readers import read
from bot.ilr.readers.net import ASTRAY

FIELDS = {
    "LearnRefNumber": "KT3107", "ULN": "6018832274", "LearnAimRef": "60331274", "AimType": "4",
    "LearnStartDate": "14/09/2026", "LearnPlanEndDate": "25/06/2027", "FundModel": "25",
    "CompStatus": "1", "PlanLearnHours": "540", "PlanEEPHours": "40", "Outcome": "3",
    "Sex": "F", "WithdrawReason": "97",
}  # fmt: skip
LOGINS = ("k.fenby", "m_oyelaran", "COLLEGE\\rashdown", "b.tarrow2", "j.orme@college.example")
WORDS = ("import", "see below", "Tuesday group", "yes please", "Ashdown")
NO_WORDS = [name for name in FIELDS if name not in {"LearnRefNumber", "Sex"}]


def as_list(values: dict[str, str]) -> str:
    return "\n".join(f"{name}: {text}" for name, text in values.items())


def as_table(values: dict[str, str], mark: str = "\t") -> str:
    return "\n".join([mark.join(values), mark.join(values.values())])


def as_json(values: dict[str, str]) -> str:
    inside = ", ".join(f'"{name}": "{text}"' for name, text in values.items()).replace("\\", "\\\\")
    return f"[{{{inside}}}]"


def as_html(values: dict[str, str]) -> str:
    cells = ("".join(f"<td>{one}</td>" for one in row) for row in (values, values.values()))
    return "<table>" + "\n".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


FORMS = (as_list, as_table, as_json, as_html)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NO_WORDS)
def test_a_login_reaches_no_field(form, name) -> None:  # type: ignore[no-untyped-def]
    for login in LOGINS:
        reading = read(form(FIELDS | {name: login}))
        assert not [one for one in reading.fields() if one.text == login]
        assert reading.remarks


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NO_WORDS)
def test_words_reach_no_field_of_codes_without_a_word(form, name) -> None:  # type: ignore[no-untyped-def]
    for words in WORDS:
        reading = read(form(FIELDS | {name: words}))
        told = {remark.line for remark in reading.remarks}
        for one in reading.fields():
            assert one.text != words or one.guess or one.line in told


def test_a_table_whose_columns_are_others_is_doubted_as_a_whole() -> None:
    names = list(FIELDS)
    drawn = random.Random(7)
    row = list(FIELDS.values())
    for _ in range(20):
        turn = drawn.randrange(3, len(row) - 2)
        moved = row[turn:] + row[:turn]
        reading = read("\n".join(["\t".join(names), *["\t".join(moved)] * 3]))
        told = {remark.line for remark in reading.remarks}
        assert all(one.guess or one.line in told for one in reading.fields() if one.text)


def test_a_sound_table_is_not_doubted() -> None:
    reading = read(as_table(FIELDS))
    assert not [one for one in reading.fields() if one.guess and ASTRAY in one.guess]

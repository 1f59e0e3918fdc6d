"""What stands on weak grounds is a guess or has a remark: headings swapped, names made plain.

The pastes of the corpus with two headings in each other's place, or one name replaced by a word
that is any field's. Where a value then lands nobody can say; that it is not of its field's form
is seen.
"""

from __future__ import annotations

import random
import re
from functools import cache

import pytest

from bot.errors import InputError
from bot.ilr.readers import read
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.tables import _find
from bot.ilr.readers.values import kind_of
from bot.ilr.redaction import redact
from tests.ilr.readers.test_pastes import CASES, fields_of, pasted

PLAIN = (
    "Start End Date Hours Code Type Status Ref No Amount Level From To ID Value Outcome Year Grade "
    "Number Mode Postcode Total"
).split()
ROUNDS = 300


@cache
def tables() -> list[tuple[str, int, str]]:
    """Tables of the corpus: text, heading line and what parts their cells."""
    found = []
    for case in CASES:
        if case.parent.name in {"unreadable", "violations"}:
            continue
        text = pasted(case).decode("utf-8", "replace")
        where = _find(text)
        if where is not None and not where.sideways and where.separator in "\t|,;":
            found.append((text, where.header_line - 1, where.separator))
    return found


def unmarked(text: str) -> list[str]:
    """Fields of values that are not of their form, and are neither guessed nor remarked."""
    try:
        reading = read(text)
    except InputError:
        return []
    if reading.kind not in {"table", "list of fields"}:
        return []  # a report of violations says what its columns are
    remarked = {remark.line for remark in reading.remarks}
    return [
        item.name
        for item in fields_of(reading.message)
        if item.text.strip() not in {"", "0"}
        and not item.guess
        and item.line not in remarked
        and kind_of(item.name) != "Date"
        and not has_usual_form(item.name, item.text)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_headings_in_each_others_place(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(ROUNDS // 4):
        text, at, mark = draw.choice(tables())
        lines = text.split("\n")
        cells = lines[at].split(mark)
        filled = [place for place, cell in enumerate(cells) if cell.strip()]
        if len(filled) < 2:
            continue
        one, two = draw.sample(filled, 2)
        cells[one], cells[two] = cells[two], cells[one]
        lines[at] = mark.join(cells)
        assert unmarked("\n".join(lines)) == []


@pytest.mark.parametrize("seed", range(4))
def test_a_heading_that_is_any_fields(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(ROUNDS // 4):
        text, at, mark = draw.choice(tables())
        lines = text.split("\n")
        cells = lines[at].split(mark)
        cells[draw.randrange(len(cells))] = draw.choice(PLAIN)
        lines[at] = mark.join(cells)
        assert unmarked("\n".join(lines)) == []


@pytest.mark.parametrize("seed", range(4))
def test_a_name_in_a_list_that_is_any_fields(seed: int) -> None:
    draw = random.Random(seed)
    named = re.compile(r"(?m)^(\s*)[A-Za-z][\w /]{1,40}?(?=[:=\t]\s*\S)")
    texts = [pasted(case).decode("utf-8", "replace") for case in CASES if case.parent.name != "xml"]
    lists = [text for text in texts if len(named.findall(text)) > 2 and "<" not in text]
    for _ in range(ROUNDS // 4):
        text = draw.choice(lists)
        match = draw.choice(list(named.finditer(text)))
        made = f"{text[: match.start()]}{match[1]}{draw.choice(PLAIN)}{text[match.end() :]}"
        assert unmarked(made) == []


@pytest.mark.parametrize(
    "line", ["Days: 1 from 14/09/2026", "Level: 3 (3) from 14/09/2026 to 20/09/2026"]
)
def test_a_number_before_from_is_no_placements(line: str) -> None:
    reading = read(f"Learner ref: AB1234\nAim: 60312887\nStart date: 14/09/2026\n{line}")
    placed = [item for item in fields_of(reading.message) if item.name.startswith("WorkPlace")]
    assert all(item.guess for item in placed)


@pytest.mark.parametrize("name", ["Hours", "Mode"])
def test_nothing_else_says_that_it_is_a_placements(name: str) -> None:
    reading = read(f"Learner ref,Aim,Funding model,{name}\nAB1234,60312887,25,2\n")
    placed = [item for item in fields_of(reading.message) if item.name.startswith("WorkPlace")]
    assert all(item.guess for item in placed)


def test_a_year_is_an_academic_year() -> None:
    reading = read("Learner ref: AB1234\nAim: 60312887\nYear: 12/10/2026\nFunding model: 25")
    assert not any(item.name == "Year" for item in fields_of(reading.message))
    assert any(remark.line == 3 for remark in reading.remarks)


def test_a_word_before_a_known_name_is_no_value() -> None:
    reading = read(
        "Ref No:\tADU77120\tAge:\t19\nSurname:\tHale\t\tFirst Forename:\tDayo\nULN:\t2096613842"
    )
    held = {item.name: item.text for item in fields_of(reading.message)}
    assert (held["FamilyName"], held["GivenNames"]) == ("Hale", "Dayo")


def test_a_heading_spans_no_table_that_another_line_parts_from_it() -> None:
    reading = read(
        "Learner ref: KT20441\nAim: ZWRKX001\nAims\n\nPlacements of the second aim\n"
        "Employer\tStart\tEnd\tHrs\tMode\nMill Cafe\t09/11/2026\t20/11/2026\t60\t2\n"
    )
    [placed] = reading.message.children[0].children[0].children
    assert {item.name for item in placed.fields} >= {"WorkPlaceStartDate", "WorkPlaceEndDate"}


def test_halves_of_cells_are_redacted_together() -> None:
    copy = redact(
        "Learner     Unique      Date of    Learning    Learning\n"
        "Ref         Learner     Birth      Aim         Start\n"
        "Number      Number                 Reference   Date\n"
        "2504119     5519        21/07/     6017        08/09/\n"
        "            026634      2008       1807        2025\n"
    )
    for half in ("5519", "026634", "21/07/2008"):
        assert half not in copy
    assert "60171807" in copy

"""Mangled tables and headless lists: no value lands elsewhere without a word.

``python -m tests.ilr.readers.mutants`` counts more of them; docs/reading-figures.md has the table.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ilr.readers import read
from tests.ilr.readers.mutants import WAYS, measure, mutant, silent


@settings(max_examples=1_500, deadline=None)
@given(st.integers(0, 10**9))
@pytest.mark.long
def test_no_value_is_silently_another_fields_or_another_records(seed: int) -> None:
    one = mutant(seed)
    if one.could_be_told:
        assert silent(one) == ([], []), one.text


def test_the_measure_sees_every_way_in_tables_and_in_lists() -> None:
    found = measure(range(400))
    assert set(found.mutants) == {(form, way) for form in ("table", "list") for way in WAYS}
    assert found.untold.total() < found.mutants.total() // 20


TABLE = """\
Learner Ref\tAim Ref\tAim Start Date\tPlacement Start\tPlacement End\tPlacement Hours
K20481\tZWRKX001\t14/09/2026\t13/10/2026\t23/10/2026\t60
"""


@pytest.mark.parametrize(
    "row",
    [
        "K20482\tZWRKX001\t15/09/2026\t14/10/2026\t24/10/2026",
        "K20482\tZWRKX001\t15/09/2026\t14/10/2026\t24/10/2026\t60\t61",
        "K20482\t\tZWRKX001\t15/09/2026\t14/10/2026\t24/10/2026",
        "ZWRKX001\t15/09/2026\t14/10/2026\t24/10/2026\t60\t",
    ],
    ids=["a cell short", "a cell long", "shifted right", "shifted left"],
)
def test_a_row_of_another_shape_is_said_and_nothing_is_guessed_from_it(row: str) -> None:
    reading = read(TABLE + row)
    assert 3 in {remark.line for remark in reading.remarks}
    taken = {item.name: item.text for item in reading.fields() if item.line == 3}
    right = {
        "LearnRefNumber": "K20482", "LearnAimRef": "ZWRKX001", "LearnStartDate": "2026-09-15",
        "WorkPlaceStartDate": "2026-10-14", "WorkPlaceEndDate": "2026-10-24",
        "WorkPlaceHours": "60",
    }  # fmt: skip
    assert taken.items() <= right.items()

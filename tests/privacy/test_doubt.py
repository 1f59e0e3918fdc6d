"""What may be a record: rows of cells, whichever mark parts them."""

from __future__ import annotations

import pytest

from bot.privacy import is_record_in_doubt
from bot.privacy.numbers import ni_numbers


@pytest.mark.parametrize(
    ("text", "in_doubt"),
    [
        ("Khan, Amina, 31\nLeigh, Sam, 34\nPatel, Ravi, 31\n", True),
        ("Khan, Amina\nLeigh, Sam, 34, twice\nPatel, Ravi, 31\n", False),
        # Other marks than the comma stand in no sentence, however many there are in a line.
        ("Khan; Amina; 31\nLeigh; Sam; 34; twice\nPatel; Ravi; 31\n", True),
        ("Khan; Amina; 31\n", False),
        ("one, two and three\n", False),
    ],
)
def test_rows_of_cells_may_be_a_record(text: str, in_doubt: bool) -> None:
    assert is_record_in_doubt(text) is in_doubt


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NI: as 12 34 56 c", 1),
        ("their NI no: as 12 34 56 c", 1),
        ("as 12 34 56 c", 0),
    ],
)
def test_a_label_makes_a_short_word_the_letters_of_a_number(text: str, found: int) -> None:
    assert len(list(ni_numbers(text))) == found

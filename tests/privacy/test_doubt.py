"""What may be a record: rows of cells, whichever mark parts them."""

from __future__ import annotations

import pytest

from bot.privacy import is_record_in_doubt, mask
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
        ("&lt;tr&gt; of what", True),
        ('{"uln": 1', True),
        ("Which is right: 1\nOr this one: 2?\n", False),
        ("Which is right: 1\nOr this one: 2\n", True),
    ],
)
def test_rows_of_cells_may_be_a_record(text: str, in_doubt: bool) -> None:
    assert is_record_in_doubt(text) is in_doubt


@pytest.mark.parametrize(
    "groups",
    ["334", "343", "433", "46", "64", "55", "37", "73", "244", "442", "3322", "22222"],
)
def test_a_uln_in_any_usual_groups_is_masked(groups: str) -> None:
    digits = iter("1061484016")
    text = " ".join("".join(next(digits) for _ in range(int(group))) for group in groups)
    # Beside another number the groups alone tell that it is one.
    for beside, left in (("", ""), (" 31", "31")):
        masked = mask(f"is {text}{beside} known?")
        assert "".join(character for character in masked if character.isdigit()) == left


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

"""The learner whom a mail's subject names, and what stands there and is nobody."""

from __future__ import annotations

import pytest

from bot.ilr.raw import RawField
from bot.ilr.readers import read

BODY = "learner ref HB2610423, aim 60304488, start date 10/09/2026, planned end date 25/06/2027\n"


def names_read(head: str, foot: str = "") -> list[RawField]:
    return [
        item
        for item in read(f"{head}\n\n{BODY}{foot}").fields()
        if item.name in {"FamilyName", "GivenNames"}
    ]


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("Subject: FW: leaver form - Jada Winstone-Oke", ""),
        ("From: Adult Enrolments\nRe: Re: Jada Winstone-Oke - funding query", ""),
        ("Subject: BIL for Jada Winstone-Oke", ""),
    ],
)
def test_the_subjects_learner_is_the_mails(head: str, foot: str) -> None:
    found = names_read(head, foot)
    assert {item.name: item.text for item in found} == {
        "GivenNames": "Jada",
        "FamilyName": "Winstone-Oke",
    }
    assert all(item.guess for item in found)


def test_who_is_called_so_below_is_a_person_of_any_name() -> None:
    assert names_read("Subject: Farrukh Dastagir - query", "Farrukh has moved house.")


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("Subject: Castlefield Motors - ERN", ""),
        ("Subject: Adult Skills Fund - Tees Valley", ""),
        ("Subject: query from Jada Winstone-Oke\nFrom: Jada Winstone-Oke", ""),
        ("Subject: leaver form - Jada Winstone-Oke", "\nJada Winstone-Oke\nTutor"),
        ("Subject: Tom Ashby, Ann Kettle - leavers", ""),
    ],
)
def test_a_firm_a_town_a_writer_or_two_are_none(head: str, foot: str) -> None:
    assert names_read(head, foot) == []


def test_a_learner_with_a_name_keeps_it() -> None:
    found = names_read("Subject: leaver - Jada Winstone-Oke", "Surname: Kettle\nForename: Ann\n")
    assert [item.text for item in found] == ["Kettle", "Ann"]

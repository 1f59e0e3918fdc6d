"""A copy is laid out as its original is: columns stand where they stood, and no heading is lost."""

from __future__ import annotations

import re

import pytest

from bot.ilr.inventions import Inventor
from bot.ilr.readers import read
from bot.ilr.redaction import redact

ROUNDS = 12
"""Inventions are made anew for each copy."""
PERSONAL = {"LearnRefNumber", "ULN", "FamilyName", "GivenNames", "DateOfBirth", "Postcode"}


def kept(text: str) -> list[tuple[str, str]]:
    return [(item.name, "" if item.name in PERSONAL else item.text) for item in read(text).fields()]


WRAPPED = """\
Ref       Name                ULN         DOB        Aim
          Start      Plan end   Act end    CS
20260088  Pym, Jo             9900000356  02/05/1971 60319982
          16/11/2026 18/11/2026 18/11/2026 2
20260091  Featherstone, Maria 9900000364  14/09/1968 60319995
          23/11/2026 27/11/2026            1
"""
ALIGNED = """\
Learner Ref  Surname       Forename  Postcode  Aim       Start
KT4471       Ng            Bo        ZZ1 2AB   ZWRKX001  01/09/2026
KT4472       Montgomery    Siobhan   ZZ1 2AC   60319982  02/09/2026
KT4473       Wu            Li                  60319995  02/09/2026
"""
QUERY = """\
LearnRefNumber FamilyName GivenNames LearnAimRef LearnStartDate
-------------- ---------- ---------- ----------- --------------
KT4471         Montgomery Jo         ZWRKX001    2026-09-01
KT4472         Ng         Marguerita 60319982    2026-09-02
"""


@pytest.mark.parametrize("text", [WRAPPED, ALIGNED, QUERY], ids=["wrapped", "aligned", "query"])
def test_columns_that_stand_by_spaces_stay_where_they_are(text: str) -> None:
    before = kept(text)
    names = set(re.findall(r"Pym|Featherstone|Maria|Montgomery|Siobhan|Marguerita", text))
    assert before
    for _ in range(ROUNDS):
        copy = redact(text)
        assert kept(copy) == before
        assert [name for name in names if name in copy] == []


def test_a_name_and_a_date_keep_the_column_behind_them() -> None:
    for _ in range(ROUNDS):
        for old, new in zip(ALIGNED.splitlines(), redact(ALIGNED).splitlines(), strict=True):
            assert new.index(old.split()[-1]) == old.index(old.split()[-1])


def test_what_stands_in_no_column_is_not_filled_up() -> None:
    text = "Learner Ref: EB330915\nSurname: Montgomery  Hours: 30\nAim: ZWRKX001\n"
    for _ in range(ROUNDS):
        assert re.search(r"Surname: \w+  Hours: 30\n", redact(text))


@pytest.mark.parametrize(
    "label",
    ["Learnng Aim: 60172209", "Comletion Status: 2", "Outcme: 1", "Funding Modle: 25",
     "Acutal End Date: 03/07/2026"],
)  # fmt: skip
def test_a_label_with_a_slip_is_no_name(label: str) -> None:
    assert label in redact(f"Lerner Ref: EB330915\nSurnmae: Okonkwo\n{label}\n")


@pytest.mark.parametrize("line", ["Okonkwo: 25", "Grayce: 1", "Funding Marlow: 25"])
def test_a_name_in_front_of_a_code_is_no_label(line: str) -> None:
    copy = redact(f"Learner Ref: EB330915\nAim: ZPROG001\n{line}\n")
    assert line not in copy


def test_what_a_slip_is_of_is_still_replaced() -> None:
    copy = redact("Lerner Ref: EB330915\nSurnmae: Okonkwo\nDate of Brith: 24/02/2008\nOutcme: 1\n")
    assert "Date of Brith: " in copy
    for secret in ("EB330915", "Okonkwo", "24/02/2008"):
        assert secret not in copy


def test_headings_with_slips_above_columns_that_stand_by_spaces_stay() -> None:
    head = "Learner Ref  ULN         Strat Date  Planed End Date  Aim"
    copy = redact(f"{head}\nKT4471       9900000356  01/09/2026  02/07/2027       60319982\n")
    assert copy.splitlines()[0] == head
    assert "KT4471" not in copy


def test_rows_of_another_kind_stay_and_references_do_not() -> None:
    text = (
        "Ref | ULN | Aim | Start | Planned End\n"
        "KT4471 | 9900000364 | ZPROG001 | 08/09/2026 | 02/07/2027\n"
        "WP2 | | | 05/10/2026 | 09/10/2026\n"
        "SOF | 105\n"
        "Finance\n"
        "TNP 1 | 08/09/2026 | £7,000\n"
    )
    copy = redact(text)
    assert copy.splitlines()[2:] == text.splitlines()[2:]
    assert "KT4471" not in copy


def test_a_reference_like_a_placements_heading_is_one_beside_somebodys_number() -> None:
    copy = redact("Ref | ULN | Aim\nWP12 | 9900000364 | ZPROG001\nWP13 | 9900000356 | ZPROG001\n")
    assert "WP12" not in copy
    assert "WP13" not in copy


def test_an_invented_reference_is_no_date_where_the_real_one_is_none() -> None:
    made = {Inventor().invent("90-55-71", "shape") for _ in range(400)}
    assert [one for one in made if one == "90-55-71"] == []
    assert [one for one in made if 0 < int(one[3:5]) < 13 and 0 < int(one[:2]) < 29] == []


@pytest.mark.parametrize("length", range(2, 14))
def test_an_invented_name_fits_its_column(length: int) -> None:
    for _ in range(ROUNDS):
        inventor = Inventor()
        inventor.note("Q" + "x" * (length - 1), "family", 0)
        made = inventor.invent("Q" + "x" * (length - 1), "family")
        assert 2 <= len(made) <= length


def test_people_in_a_narrow_column_keep_names_of_their_own() -> None:
    rows = [f"KT{n:04}  Xa{chr(97 + n % 26)}{chr(97 + n // 26)}  60319982" for n in range(60)]
    copy = redact("\n".join(["LearnRefNumber  FamilyName  LearnAimRef", *rows]))
    assert len({item.text for item in read(copy).fields() if item.name == "FamilyName"}) in {0, 60}


@pytest.mark.parametrize("rest", ["worth, Peter", "Green, Grace", "Reading"])
def test_nothing_of_a_name_that_goes_on_in_the_line_below_is_left(rest: str) -> None:
    text = (
        "Ref       Name          ULN         Aim\n"
        "20260088  Quen-         9900000356  60319982\n"
        f"          {rest}\n"
    )
    copy = redact(text)
    for part in ("20260088", "Quen", *re.findall(r"\w+", rest)):
        assert part not in copy


def test_values_beside_a_personal_fields_name_are_replaced_old_or_new() -> None:
    copy = redact(
        "Learner\tAim\tField\tOld\tNew\n"
        "CH2001\t\tFamilyName\tGreen\tReading\n"
        "CH2001\t\tDateOfBirth\t01/02/2008\t01/03/2008\n"
        "CH2002\t60312887\tCompStatus\t1\t2\n"
    )
    for secret in ("CH2001", "CH2002", "Green", "Reading", "01/02/2008", "01/03/2008"):
        assert secret not in copy
    assert copy.endswith("\t60312887\tCompStatus\t1\t2\n")


def test_a_number_that_is_not_there_stays_so() -> None:
    assert redact("Learner Ref: EB330915\nNat Ins No: n/a\n").endswith("\nNat Ins No: n/a\n")
    assert "None" not in redact("Learner Ref: EB330915\nSurname: None\n")

"""The copy that may be shown: nothing of the learner in it, and nothing else changed."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ilr.inventions import Inventor
from bot.ilr.raw import RawEntity
from bot.ilr.readers import read
from bot.ilr.readers.decoding import text_of
from bot.ilr.readers.names import names
from bot.ilr.record import PERSONAL_FIELDS
from bot.ilr.redaction import redact
from tests.ilr.readers.test_pastes import CASES, pasted
from tests.support.records import as_typed

LEARNER = """\
<?xml version="1.0" encoding="windows-1252"?>
<Learner>
  <LearnRefNumber>A100234</LearnRefNumber>
  <ULN>1061484016</ULN>
  <FamilyName>KHAN-LEIGH</FamilyName>
  <GivenNames>Zuleika Noor</GivenNames>
  <DateOfBirth>2009-02-27</DateOfBirth>
  <NINumber>AB123456C</NINumber>
  <PostcodePrior>ZZ99 9ZZ</PostcodePrior>
  <Postcode>BR1 7SS</Postcode>
  <AddLine1>12 Trampery Row</AddLine1>
  <TelNo>07911 123456</TelNo>
  <Email>z.khan@college.example</Email>
  <ProviderSpecLearnerMonitoring>
    <ProvSpecLearnMonOccur>A</ProvSpecLearnMonOccur>
    <ProvSpecLearnMon>Zuleika 12B</ProvSpecLearnMon>
  </ProviderSpecLearnerMonitoring>
  <LearningDelivery>
    <LearnAimRef>ZWRKX001</LearnAimRef>
    <LearnStartDate>2026-09-07</LearnStartDate>
    <LSDPostcode>BR1 7SS</LSDPostcode>
  </LearningDelivery>
</Learner>
"""
SECRETS = (
    "A100234", "1061484016", "KHAN", "LEIGH", "Zuleika", "Noor", "2009-02-27", "AB123456C",
    "BR1 7SS", "Trampery", "07911 123456", "z.khan", "12B",
)  # fmt: skip


def values(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting: list[RawEntity] = [read(text).message]
    while waiting:
        entity = waiting.pop()
        waiting += entity.children
        found |= {item.name: item.text for item in entity.fields}
    return found


def age_on_31_august(day: date, year: int) -> int:
    return year - day.year - ((day.month, day.day) > (8, 31))


def is_valid_uln(number: str) -> bool:
    weighted = zip(number, range(10, 1, -1), strict=False)
    total = sum(int(digit) * weight for digit, weight in weighted) % 11
    return total != 0 and int(number[9]) == 10 - total


def test_nothing_of_the_learner_is_left() -> None:
    copy = redact(LEARNER)
    assert [secret for secret in SECRETS if secret.casefold() in copy.casefold()] == []


def test_everything_else_stays_to_the_letter() -> None:
    copy = values(redact(LEARNER))
    before = values(LEARNER)
    for name in ("LearnAimRef", "LearnStartDate", "ProvSpecLearnMonOccur", "PostcodePrior"):
        assert copy[name] == before[name]
    assert copy.keys() == before.keys()
    assert redact(LEARNER).count("\n") == LEARNER.count("\n")


def test_the_same_value_is_the_same_invention_wherever_it_stands() -> None:
    copy = redact(f"Zuleika’s record (A100234), please:\n{LEARNER}")
    found = values(copy)
    assert found["Postcode"] == found["LSDPostcode"]
    first_line = copy.splitlines()[0]
    assert found["LearnRefNumber"] in first_line
    assert found["GivenNames"].split()[0] in first_line


def test_inventions_have_the_form_of_what_they_stand_for() -> None:
    found = values(redact(LEARNER))
    assert is_valid_uln(found["ULN"])
    assert re.fullmatch(r"[A-Z]{2}\d{6}[A-D]", found["NINumber"])
    assert re.fullmatch(r"[A-Z]{2}\d \d[A-Z]{2}", found["Postcode"])
    assert found["TelNo"].startswith("07700 900")
    assert found["Email"].endswith("@example.org")
    assert found["FamilyName"].isupper()


def test_a_uln_that_fails_its_check_digit_still_fails_it() -> None:
    found = values(redact(LEARNER.replace("1061484016", "1061484017")))
    assert len(found["ULN"]) == 10
    assert not is_valid_uln(found["ULN"])


def test_two_copies_differ() -> None:
    assert redact(LEARNER) != redact(LEARNER)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1940, 1, 1), date(2012, 12, 31)))
def test_the_age_on_31_august_stays(born: date) -> None:
    copy = date.fromisoformat(
        values(redact(f"<Learner><DateOfBirth>{born}</DateOfBirth></Learner>"))["DateOfBirth"]
    )
    assert copy != born
    for year in (2024, 2026):
        assert age_on_31_august(copy, year) == age_on_31_august(born, year)


@pytest.mark.parametrize(
    "text",
    [
        "Learner Ref\tSurname\tForename\tDOB\tULN\tAim\tHours\n"
        "A100234\tKhan\tZuleika\t27/02/2009\t1061484016\tZWRKX001\t30\n",
        "Learner Ref,Surname,Given Names,Date of birth,ULN,Aim,Hours\n"
        'A100234,"Khan, Leigh",Zuleika,27 Feb 2009,1061484016,ZWRKX001,30\n',
        "| ULN | Family name | Start Date |\n|---|---|---|\n| 1061484016 | Khan | 01/09/2026 |\n",
        "Learner: A100234\nName: Zuleika Khan\nDOB: 27/02/2009\nULN: 106 148 4016\nHours: 30\n",
        '{"LearnRefNumber": "A100234", "FamilyName": "Khan", "ULN": 1061484016, "Hours": 30}',
        "&lt;FamilyName&gt;Khan&lt;/FamilyName&gt;&lt;ULN&gt;1061484016&lt;/ULN&gt;",
    ],
    ids=["tabs", "csv", "markdown", "list", "json", "escaped"],
)
def test_every_form_of_paste(text: str) -> None:
    copy = redact(text)
    for secret in (
        "A100234",
        "Khan",
        "Leigh",
        "Zuleika",
        "1061484016",
        "106 148 4016",
        "2009-02-27",
    ):
        assert secret not in copy
    assert copy.count("\n") == text.count("\n")
    for kept in (
        "Aim",
        "ZWRKX001",
        "Surname",
        "Family name",
        "Hours",
        "30",
        "01/09/2026",
        "FamilyName",
    ):
        whole = rf"\b{kept}\b"
        assert bool(re.search(whole, copy)) == bool(re.search(whole, text))
    assert "27/02" not in copy
    assert "27 Feb 2009" not in copy


def test_dates_of_birth_are_written_as_they_were() -> None:
    copy = redact("Surname,DOB,ULN\nKhan,27/02/2009,1061484016\nLeigh,3-Mar-08,1061484016\n")
    rows = [line.split(",") for line in copy.splitlines()[1:]]
    assert re.fullmatch(r"\d\d/\d\d/20\d\d", rows[0][1])
    assert re.search(r"[A-Z][a-z]{2} 0\d$", rows[1][1])
    assert rows[0][2] == rows[1][2]


READ = [
    pytest.param(case, id=f"{case.parent.name}/{case.stem}")
    for case in CASES
    if "error" not in as_typed(case)
]


@pytest.mark.parametrize("case", READ)
def test_a_copy_of_every_paste_reads_as_the_same_record_of_other_people(case: Path) -> None:
    given = pasted(case)
    before, copy = read(given), redact(given)
    after = read(copy)
    assert after.violations == before.violations
    numbers = set(re.findall(r"(?<!\d)\d{10}(?!\d)", text_of(given)))
    assert [number for number in numbers if number in copy] == []
    assert [f.name for f in after.fields()] == [f.name for f in before.fields()]
    for old, new in zip(before.fields(), after.fields(), strict=True):
        personal = old.name in {*PERSONAL_FIELDS, "LearnRefNumber", "SSN", "NUMHUS"}
        if personal and old.text.strip() and not old.text.startswith("ZZ99"):
            assert new.text != old.text
        elif not personal and not old.name.startswith(("ProvSpec", "SWSup")):
            assert new.text == old.text


def test_rows_of_a_violation_report_name_nobody() -> None:
    rows = "E,A100234,1061484016,Ashcombe,Cerys,R_96,WorkPlaceStartDate=2026-10-05,Twice\n" * 2
    copy = redact(rows)
    for secret in ("A100234", "1061484016", "Ashcombe", "Cerys"):
        assert secret not in copy
    for kept in ("R_96", "WorkPlaceStartDate=2026-10-05", "Twice"):
        assert kept in copy
    first, second = copy.splitlines()
    assert first == second


def test_values_in_a_violation_report_are_invented_and_headings_are_not() -> None:
    head = "Error\\Warning\tLearner Ref\tNI No\tRule Name\tField Values"
    copy = redact(
        f"{head}\nE\tA100234\tQQ123456C\tDateOfBirth_24\tDateOfBirth=2009-02-14|FundModel=25\n"
    )
    assert copy.splitlines()[0] == head
    assert "2009-02-14" not in copy
    assert "A100234" not in copy
    assert copy.rstrip().endswith("|FundModel=25")


@pytest.mark.parametrize(
    ("text", "hidden", "shown"),
    [
        (
            'FamilyName="Osei" GivenNames="Kayleigh"',
            ("Osei", "Kayleigh"),
            ('FamilyName="', '" GivenNames="'),
        ),
        ("call <tel:07700900418|07700 900 418>", ("900418", "900 418"), ("<tel:", "|", ">")),
        ("<mailto:k.osei@example.com|k.osei@example.com>", ("osei",), ("<mailto:", "|", ">")),
        (
            '{"familyName":["Osei","Breeze"],"provSpecLearnMon":["TG-7","Kayleigh"]}',
            ("Osei", "Breeze", "TG-7", "Kayleigh"),
            ('{"familyName":["', '"provSpecLearnMon":["'),
        ),
        (
            "<Learner><!-- Kayleigh Osei rang 07700 900418 --><ULN>4618293057</ULN></Learner>",
            ("Kayleigh", "Osei", "900418", "4618293057"),
            ("<Learner><!-- ", " --><ULN>", "</ULN></Learner>"),
        ),
        (
            "From: Hilary Pomfret <h.pomfret@example.ac.uk>\nSubject: Callum Reddaway, ZWRKX001",
            ("Hilary", "Pomfret", "pomfret", "Callum", "Reddaway"),
            ("From: ", "\nSubject: ", "ZWRKX001"),
        ),
        (
            "[Sanjay P] 10:02\nis Lexi-Mae still there",
            ("Sanjay", "Lexi-Mae"),
            ("] 10:02\nis ", " still there"),
        ),
        (
            "Learner: Cody Maltravers\nNote: has an insulin pump\nPlacement hours: 70",
            ("Cody", "Maltravers", "insulin"),
            ("Learner: ", "Note: (left out)", "Placement hours: 70"),
        ),
        (
            "<table><tr><th>Learner ref</th><th>Aim ref</th></tr>"
            "<tr><td>HC&#49;&#x37;</td><td>60149735</td></tr></table>",
            ("HC&#49;", "HC17"),
            ("<td>60149735</td></tr></table>",),
        ),
        (
            "<table><tr><th>Surname</th><th>Forename</th><th>Aim ref</th></tr>"
            "<tr><td>O&#39;Shaugnes</td><td>Ren&eacute;e</td><td>60149735</td></tr></table>",
            ("Shaugnes", "Ren&eacute;e", "Renée"),
            ("<td>60149735</td>",),
        ),
        (
            '{"rows":[{"learner ref":"HC\\u00317","surname":"Qu\\u0065nnell"}]}',
            ("HC\\u0031", "HC17", "nnell"),
            ('{"rows":[{"learner ref":"',),
        ),
        (
            "Learner Ref: H1001 ULN: 4471203385 Forename: Jory  Aim: 60149735  Title: Mr",
            ("H1001", "4471203385", "Jory"),
            (" ULN: ", " Forename: ", "  Aim: 60149735  Title: Mr"),
        ),
        ("Learner ref,ULN,Hours\nL2001,4.47E+09,30\nL2001 Total,,30", ("L2001", "4.47"),
         ("E+09,30", " Total,,30")),
        ("Line Manager: Mandeep Gill, 07700 900 809", ("Mandeep", "Gill", "900 809"), ("r: ",)),
    ],
)  # fmt: skip
def test_nothing_of_somebody_is_left_and_the_layout_is(
    text: str, hidden: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    copy = redact(text)
    assert [one for one in hidden if one in copy] == []
    assert [one for one in shown if one not in copy] == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_blank_date_of_a_system_stays(day: str) -> None:
    assert redact(f"<DateOfBirth>{day}</DateOfBirth>") == f"<DateOfBirth>{day}</DateOfBirth>"


def test_no_part_of_a_reference_is_drawn_again() -> None:
    """Of three characters with a figure every some hundredth was as it had been."""
    made = [Inventor().invent("Zuleika 12B", "shape") for _ in range(600)]
    assert not any("12b" in one.casefold() for one in made)


def test_an_invented_reference_reads_as_no_fields_name() -> None:
    letters = {letter for n in range(300) for letter in Inventor().invent(f"E{n}", "shape")[0]}
    pairs = ["".join(pair) for pair in itertools.product(sorted(letters), repeat=2)]
    assert [pair for pair in pairs if names().look_up(f"{pair}2").known] == []


def test_a_cell_of_blanks_that_are_no_spaces_is_left() -> None:
    table = "AFinAmount\t0\nAFinAmount\t0\nEmail\t\v"
    assert redact(table) == table


def test_no_learner_of_a_copy_has_the_birthday_of_another_who_was_copied() -> None:
    days = [date(2008, 9, 1) + timedelta(days=2 * n) for n in range(100)]
    rows = [f"K{n:05}\t{day:%d/%m/%Y}\tZWRKX001" for n, day in enumerate(days)]
    copied = redact("\n".join(["LearnRefNumber\tDateOfBirth\tLearnAimRef", *rows]))
    born = {row.split("\t")[1] for row in copied.splitlines()[1:]}
    assert len(born) == 100
    assert born & {f"{day:%d/%m/%Y}" for day in days} == set()

"""What must never be kept, what must be left readable, and how fast. All data is invented."""

from __future__ import annotations

import io
import logging
import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy import KINDS, WITHHELD, MaskingFilter, looks_personal, mask, to_keep
from bot.privacy.vocabulary import is_known, is_ordinary


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ULN 1234567890 fails ULN_04", "ULN [ULN] fails ULN_04"),
        ("is 123 456 7890 a good ULN?", "is [ULN] a good ULN?"),
        ("12345 67890", "[ULN]"),
        ("1234-567-890", "[ULN]"),
        ("ULN: 12345678 90", "ULN: [ULN]"),
        ("in 2026-27 1234 567 890 fails", "in 2026-27 [ULN] fails"),
        ("UPN A123456789012", "UPN [UPN]"),
        ("upn H80100120100B here", "upn [UPN] here"),
        ("NI QQ123456C", "NI [NI number]"),
        ("NI QQ 12 34 56 C", "NI [NI number]"),
        ("ni qq123456c", "ni [NI number]"),
        ("lives in LS1 4AP now", "lives in [postcode] now"),
        ("ls14ap", "[postcode]"),
        ("EC1A 1BB, GIR 0AA", "[postcode], [postcode]"),
        ("write to j.o'doe+x@mail.example.ac.uk please", "write to [email] please"),
        ("<mailto:jo@example.org|jo@example.org>", "[email]"),
        ("ring 07700 900123", "ring [phone]"),
        ("ring +44 7700 900123 or (0161) 496 0000", "ring [phone] or [phone]"),
        ("020 7946 0018", "[phone]"),
        ("dob 01/02/2008", "dob [date of birth]"),
        ("DoB is 1st February 2008", "DoB is [date of birth]"),
        ("learner born on 2008-02-01, starts 2026-09-01", None),
        ("<DateOfBirth>2008-02-01</DateOfBirth>", "<DateOfBirth>[date of birth]</DateOfBirth>"),
        ("learner John Smith has two aims", "learner [name] has two aims"),
        ("a student called Aisha Khan left", "a student called [name] left"),
        ("Mr Jones says no", "Mr [name] says no"),
        ("ask mrs o'neill", "ask mrs [name]"),
        ("her name is Zoë Brontë-Lee", "her name is [name]"),
        ("learner ref 00012AB is wrong", "learner ref [learner reference] is wrong"),
        ("<@U0AB12CD3> can help", "[person] can help"),
        ("at 12 Acacia Avenue, Leeds", "at [address], Leeds"),
        ('FamilyName: "Can" fails', 'FamilyName: "[name]" fails'),
        ("which aim?\nThanks\nMark", "which aim?\nThanks\n[name]"),
        ("which aim?\nKind regards,\nOkparaebo", "which aim?\nKind regards,\n[name]"),
        ("which aim?\nKind regards,\nChase Field", "which aim?\nKind regards,\n[name]"),
    ],
)
def test_personal_details_are_masked(text: str, masked: str | None) -> None:
    expected = masked or "learner born on [date of birth], starts 2026-09-01"
    assert mask(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Why does ULN_04 fire, and R_96, DateOfBirth_46 and FD_AddLine1_AL?",
        "Postcode_14 and PostcodePrior_01 and Email_02",
        "the ILR has 26000, the service 14757. 26000 was the first price",
        "ZWRKX001 from 2026-09-01 to 2027-07-31 for 40 hours",
        "Aim 60149735, 6014973X, 00100301 and Z0007834 with 25 hours",
        "UKPRN 10001234 25/26, PMUKPRN 10098765",
        "in 2024-25 2025-26 and 2026-27 600 hours",
        "16-19 2025-26 funding, 19-24 2026-27",
        "on 01-08-25 a learner starts; from 01-08-2025 12 hours; 01.08.2025 - 31.07.2026",
        "2025-08-01 40 hours, 2026-11-23 10:00",
        "R04 2026-27, by the R06 2nd return, L3 2nd year, L2 6hr, T1 4th",
        "is the learner funded by Advanced Learner Loan and Learner Support Fund",
        "learner born before 1 September 2008; born after 31 August 2005",
        "Learner Funding And Monitoring, Learner Reference Number, Student Finance England",
        "an apprentice may change employer, a student called back to work",
        "What does FamilyName mean? What goes in GivenNames: what do I put?",
        "postcode ZZ99 9ZZ and ULN 9999999999 while it is not known",
        "LearnDelFAMType: SOF LearnDelFAMCode: 107",
        "Standard ST0009, EPA0123, SOF105, LDM034, HHS1",
        "covid work ex 2021-22, in AY 2021-22 a learner; fields called PriorAttain",
        "https://example.org/hc/articles/18155626735133-2024-25-ILR",
        "fails when ULN = 9999999999 AND the file is late",
        "ILR-10001234-2627-20261101-120000-01.XML",
        "WorkPlaceEmpId 900012345",
        "which aim?\nThanks\nExams",
        "Surname:            \nAimType: 4",
        "<WorkPlaceHours>70</WorkPlaceHours><LearnStartDate>2026-09-01</LearnStartDate>",
    ],
)
def test_what_staff_ask_about_stays_readable(text: str) -> None:
    assert mask(text) == text


FIELDS = {
    "FamilyName": "Okonkwo-Smythe",
    "GivenNames": "Perpetua Mary",
    "AddLine1": "The Maltings, Wing QX",
    "AddLine2": "Quarry Hill",
    "AddLine3": "Lower Snodbury",
    "AddLine4": "Borsetshire",
    "Email": "perpetua",
    "TelNo": "01632 960",
    "Postcode": "XX1",
    "PostcodePrior": "YY2",
    "NINumber": "QQ123456",
    "ULN": "12345",
    "DateOfBirth": "39479",
    "LearnRefNumber": "PERPETUA",
    "PrevLearnRefNumber": "0LDREF",
    "UPN": "A1",
    "ProvSpecLearnMon": "group 7B Perpetua",
}
"""Values that no pattern would know: only the field's name gives them away."""


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "shape",
    [
        "<{0}>{1}</{0}>",
        "<{0}>{1}",
        "<ilr:{0} a='b'>\n  {1}\n</ilr:{0}>",
        "<{0}><![CDATA[{1}]]></{0}>",
        "&lt;{0}&gt;{1}&lt;/{0}&gt;",
        "{0}: {1}",
        "{0} = {1}",
        "{0}\t{1}",
        '{{"{0}": "{1}", "FundModel": 25}}',
        "{0}='{1}'",
        "why error?\n{0}: {1}\nAimType: 4",
        'LearnAimRef,{0}\nZWRKX001,"{1}"\n60149735,"{1}"',
        "LearnAimRef\t{0}\tAimType\nZWRKX001\t{1}\t4",
        "| LearnAimRef | {0} |\n|---|---|\n| ZWRKX001 | {1} |",
    ],
)
def test_fields_of_a_record_are_masked_in_every_shape(field: str, shape: str) -> None:
    masked = mask(shape.format(field, FIELDS[field]))
    for word in FIELDS[field].split():
        assert word not in masked.replace(field, "")
    assert field in masked


def test_other_fields_beside_masked_ones_survive() -> None:
    text = "FamilyName: Smythe AimType: 4 LearnRefNumber=0001X, ZWRKX001, GivenNames: Al"
    assert mask(text) == (
        "FamilyName: [name] AimType: 4 LearnRefNumber=[learner reference], ZWRKX001,"
        " GivenNames: [name]"
    )


def test_the_columns_of_an_error_report_are_masked() -> None:
    report = (
        "Severity,Learner Ref,Unique Learner Number,Family Name,Given Names,Rule Name\n"
        'Error,A1,1234567890,Smythe,"Al, Jr",ULN_04\n'
        "Warning,A2,,Jones,Bo,R_96\n"
        "\n"
        "What do I do, please?"
    )
    assert mask(report).splitlines() == [
        "Severity,Learner Ref,Unique Learner Number,Family Name,Given Names,Rule Name",
        "Error,[learner reference],[ULN],[name],[name],ULN_04",
        "Warning,[learner reference],,[name],[name],R_96",
        "",
        "What do I do, please?",
    ]


@pytest.mark.parametrize("between", ["Why is that?", "", "\t"])
def test_what_stands_below_a_table_is_no_row_of_it(between: str) -> None:
    report = f"Aim\tGiven Names\n4\tBo\n{between}\n5\tin all"
    assert mask(report) == report.replace("Bo", "[name]")


def test_a_line_below_a_table_of_names_alone_stays_readable() -> None:
    report = "Given Names,Aim\nBo,4\nWhy is that?"
    assert mask(report) == "Given Names,Aim\n[name],4\nWhy is that?"


def test_findings_say_what_and_where() -> None:
    text = "ULN 1234567890 at LS1 4AP"
    assert [(f.kind, text[f.start : f.end], f.mark) for f in looks_personal(text)] == [
        ("ULN", "1234567890", "[ULN]"),
        ("postcode", "LS1 4AP", "[postcode]"),
    ]
    assert looks_personal("Does ULN_04 apply to ZWRKX001?") == []
    assert {f.kind for f in looks_personal(text)} <= set(KINDS)


anything = st.text(max_size=60)
plain = st.text(alphabet=st.characters(exclude_categories=["L", "N", "M"]), max_size=30)
digits = st.text(alphabet="0123456789", min_size=10, max_size=10)
letter = st.sampled_from("ABCEGHJKLMNPRSTWXYZ")
inward = st.text(alphabet="ABDEFGHJLNPQRSTUWXYZ", min_size=2, max_size=2)


@given(before=anything, uln=digits.filter(lambda uln: uln != "9999999999"), after=anything)
def test_no_uln_survives_in_any_text(before: str, uln: str, after: str) -> None:
    assert uln not in mask(before + uln + after)


@given(before=plain, uln=digits, shape=st.sampled_from([(3, 6), (4, 7), (5,), (4,), (3, 7)]))
def test_no_spaced_uln_survives(before: str, uln: str, shape: tuple[int, ...]) -> None:
    cuts = (0, *shape, 10)
    spaced = " ".join(uln[a:b] for a, b in pairwise(cuts))
    assert spaced not in mask(f"{before} learner {spaced} fails")


@given(before=anything, first=letter, second=letter, number=digits, last=st.sampled_from("ABCD"))
def test_no_ni_number_survives(
    before: str, first: str, second: str, number: str, last: str
) -> None:
    n = number[:6]
    for ni in (f"{first}{second}{n}{last}", f"{first}{second} {n[:2]} {n[2:4]} {n[4:]} {last}"):
        assert ni not in mask(f"{before} {ni} {before}")
        assert ni.lower()[2:] not in mask(f"{before} NINumber {ni.lower()}, {before}")


@given(
    before=anything,
    area=st.text(alphabet="BEGLMNSWYORK", min_size=1, max_size=2),
    district=st.sampled_from(["1", "12", "1A"]),
    sector=st.integers(0, 9),
    unit=inward,
    gap=st.sampled_from(["", " "]),
)
def test_no_postcode_survives(
    before: str, area: str, district: str, sector: int, unit: str, gap: str
) -> None:
    postcode = f"{area}{district}{gap}{sector}{unit}"
    assert postcode not in mask(before + postcode + before)


@given(
    before=anything,
    local=st.from_regex(r"[a-z][a-z0-9._+-]{0,20}[a-z0-9]", fullmatch=True),
    domain=st.from_regex(r"[a-z]{2,12}\.(ac\.uk|com|org)", fullmatch=True),
)
def test_no_email_survives(before: str, local: str, domain: str) -> None:
    email = f"{local}@{domain}"
    assert email not in mask(f"{before}{email} {before}")


@given(
    before=plain,
    number=st.from_regex(r"07[0-9]{3} [0-9]{6}|0161 [0-9]{3} [0-9]{4}", fullmatch=True),
)
def test_no_phone_number_survives(before: str, number: str) -> None:
    assert number not in mask(f"{before} ring {number} now")
    assert number not in mask(f"ring +44 {number[1:]}{before}")


@given(
    born=st.dates(date(1930, 1, 1), date(2030, 1, 1)),
    style=st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d.%m.%y"]),
)
def test_no_labelled_date_of_birth_survives(born: date, style: str) -> None:
    written = format(born, style)
    for cue in ("dob ", "DOB: ", "D.O.B. is ", "Date of birth (", "DateOfBirth="):
        assert written not in mask(f"{cue}{written}) and so on")


@given(text=anything)
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(f"{text} FamilyName: {text}\nULN 1234567890 {text}")
    assert mask(once) == once


@given(st.text())
def test_findings_are_in_order_and_apart(text: str) -> None:
    findings = looks_personal(text)
    assert all(f.start < f.end for f in findings)
    assert all(a.end <= b.start for a, b in pairwise(findings))


def test_what_cannot_be_examined_is_withheld() -> None:
    assert mask(None) == WITHHELD  # type: ignore[arg-type]
    assert looks_personal(b"\xff")  # type: ignore[arg-type]
    assert mask("\ud800 1234567890") == "\ud800 [ULN]"


HOSTILE = {
    "digits": "1",
    "digits apart": "1 ",
    "digits then letter": "1 1x",
    "letters": "a",
    "capitals": "AB1",
    "at signs": "a@",
    "dots": "a.",
    "at dots": "a@a.",
    "open elements": "<ULN",
    "open elements with space": "<FamilyName ",
    "escaped elements": "&lt;ULN&gt;",
    "labels": "FamilyName:",
    "labels with space": "surname : ",
    "spaced labels": "family " * 3,
    "table headings": "ULN,",
    "table rows": "ULN,Postcode\n",
    "cells": "a,b\n",
    "quotes": '"',
    "cues": "learner Learner ",
    "titles": "Mr A",
    "titles and hyphens": "Mr A-",
    "births": "born on ",
    "months": "dob 1 jan",
    "spaces": " ",
    "tabs": "\t",
    "newlines": "\n",
    "plus": "+44 ",
    "zero": "0 ",
    "brackets": "(0",
    "links": "<mailto:",
    "mentions": "<@U",
    "streets": "1 Aa ",
    "postcode starts": "A1",
    "hyphens": "1-",
    "references": "learner ref ",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=list(HOSTILE))
@pytest.mark.long
def test_two_hundred_kilobytes_of_malice_take_no_longer_than_prose(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size] + "!"
        start = time.process_time()
        mask(text)
        return time.process_time() - start

    # The better of two: another process may have had the processor's caches meanwhile.
    small, large = (min(seconds(size), seconds(size)) for size in (20_000, 200_000))
    # Ten times the text: linear is a factor of 10, quadratic would be 100.
    assert large < max(0.5, small * 40), (small, large)
    assert large < 6


@settings(max_examples=50)
@given(st.lists(st.sampled_from(sorted(HOSTILE.values())), min_size=1, max_size=6))
@pytest.mark.long
def test_mixtures_of_malice_stay_quick(units: list[str]) -> None:
    text = ("".join(units) * 20_000)[:20_000]
    start = time.process_time()
    mask(text)
    assert time.process_time() - start < 1


@pytest.fixture
def log() -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(MaskingFilter())
    handler.setFormatter(logging.Formatter("%(message)s %(door)s", defaults={"door": ""}))
    logger = logging.Logger("tests.privacy")
    logger.addHandler(handler)
    return logger, stream


def test_nothing_personal_reaches_the_log(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.info("asked about %s", "1234567890", extra={"door": "dm LS1 4AP"})
    try:
        raise ValueError("bad ULN 1234567890")
    except ValueError:
        logger.exception("failed for %(email)s", {"email": "jo@example.org"}, stack_info=True)
    logger.warning("wrong number of arguments %s %s", "1234567890")
    written = stream.getvalue()
    for secret in ("1234567890", "LS1 4AP", "jo@example.org"):
        assert secret not in written.split("Stack (most recent call last)")[0]
    assert "asked about [ULN] dm [postcode]" in written
    assert "ValueError: bad ULN [ULN]" in written
    assert WITHHELD in written


def test_a_record_without_an_exception_gets_none() -> None:
    record = logging.makeLogRecord({"msg": "started"})
    MaskingFilter().filter(record)
    assert (record.exc_info, record.exc_text) == (None, None)


def test_pairs_of_figures_behind_two_small_letters_are_no_ni_number() -> None:
    assert mask("rooms wk 12 34 56 are free") == "rooms wk 12 34 56 are free"
    assert mask("is RX 12 34 56 right?") == "is [NI number] right?"


def test_figures_in_the_log_stay_figures_unless_they_are_somebodys() -> None:
    record = logging.makeLogRecord(
        {"msg": "timed", "ms": 12, "seconds": 0.12345678901, "n": 1234567890}
    )
    MaskingFilter().filter(record)
    assert vars(record)["ms"] == 12
    assert vars(record)["seconds"] == 0.12345678901
    assert vars(record)["n"] == "[ULN]"


def test_what_goes_with_an_and_that_begins_a_text_stands_before_it() -> None:
    """There is nothing before it: the last word, a name by chance, is none."""
    assert to_keep("and Priya moved it, not a mark") == "and [name] moved it, not a mark"


@pytest.mark.parametrize(
    "text",
    [
        "a learner I'm asking for",
        "the student I’d like on it",
        "Student IDs changed",
        "learner ULNs",
    ],
)
def test_who_speaks_and_several_abbreviations_are_no_names(text: str) -> None:
    assert to_keep(text) == text


def test_what_only_stands_in_an_address_is_no_word_of_ours() -> None:
    """The knowledge's sources have numbers of any letters: a name among them would stay."""
    assert is_known("placement")
    assert not is_known("eeac")
    assert not is_ordinary("de")

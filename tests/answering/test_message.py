"""A message before anything reads it: personal details masked, then markup and greetings off."""

from __future__ import annotations

import pytest

from bot.answering.message import MAX_QUESTION_LENGTH, purify, without_marks

TABLE = """\
Name\tULN\tDOB\tWhat
Aisha Khan\t9000000001\t01/02/2009\tnever went
Tom Baker\t9000000002\t14/07/2008\tnever went

do I take the aim off?"""


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Hi all :wave: is a ULN needed? Thanks, Sam", "is a ULN needed?"),
        ("is it *one* aim or `several`?", "is it one aim or several?"),
        ("> somebody else asked this\nand I ask this", "and I ask this"),
        ("is it placement &amp; hours?", "is it placement & hours?"),
    ],
)
def test_what_is_asked_is_left(raw: str, text: str) -> None:
    assert purify(raw).text == text


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("> R_96: same start date\nwhat does it want", "R_96"),
        ("<https://guidance.example.org/26-27/rules/R_63|the rule>", "R_63"),
        ("see https://guidance.example.org/rule/LearnStartDate_07?tab=2 pls", "LearnStartDate_07"),
    ],
)
def test_names_are_looked_for_in_quotes_and_links_too(raw: str, written: str) -> None:
    assert written in purify(raw).written.split() or f"{written}:" in purify(raw).written.split()


@pytest.mark.parametrize(
    ("raw", "gone"),
    [
        (TABLE, ["Aisha", "Khan", "9000000001", "01/02/2009", "Tom", "Baker", "14/07/2008"]),
        ("ULN 9000000001 has no placement, take the aim off?", ["9000000001"]),
        ("ring me on 07700 900123 about R_96", ["900123"]),
        ("learner Jodie Marsh left on 3 May, hours?", ["Jodie", "Marsh"]),
        ("she lives at M1 1AE, is that devolved", ["M1 1AE"]),
        ("<@U024BE7LH> says jo.smith@example.org knows", ["U024BE7LH", "jo.smith"]),
    ],
)
def test_personal_details_are_in_neither(raw: str, gone: list[str]) -> None:
    message = purify(raw)
    for detail in gone:
        assert detail not in message.text
        assert detail not in message.written


def test_the_question_under_a_table_is_still_asked() -> None:
    assert purify(TABLE).text.endswith("do I take the aim off?")


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("ULN [ULN] never went", "never went"),
        ("learner [name] left, hours?", "learner left, hours?"),
        ("his NI number is [NI number], needed?", "his , needed?"),
        ("[postcode] and [email]", "and"),
        ("a [sic] in brackets stays", "a [sic] in brackets stays"),
    ],
)
def test_marks_and_their_labels_say_nothing_of_what_is_asked(text: str, matched: str) -> None:
    assert " ".join(without_marks(text).split()) == matched


def test_a_long_message_is_read_up_to_a_bound() -> None:
    message = purify("hours " * MAX_QUESTION_LENGTH)
    assert len(message.written) <= MAX_QUESTION_LENGTH


@pytest.mark.parametrize("raw", ["", "   \n", ":tada:"])
def test_what_asks_nothing_has_no_text(raw: str) -> None:
    assert not any(char.isalnum() for char in purify(raw).text)

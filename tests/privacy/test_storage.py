"""What is left of people in what is stored, counted; and what ordinary questions lose by it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.helpdesk import Helpdesk
from bot.ilr.redaction import redact
from bot.ledger import Ledger
from bot.privacy import (
    WITHHELD,
    identifies_somebody,
    is_record_in_doubt,
    part_to_keep,
    says_too_much,
    to_keep,
    to_publish,
)
from tests.support.leaks import DOORS, counted, leaks_of, leaks_through, read_messages
from tests.support.records import as_typed

QUESTIONS = Path(__file__).parents[1] / "questions" / "open"
KNOWLEDGE = Path(__file__).parents[2] / "knowledge" / "entries"
MESSAGES = read_messages(Path(__file__).with_name("messages.yaml"))

# These numbers may only fall. Before, of 479 details behind any door: 243 names, 26 dates of birth,
# 21 references, 17 of health, 12 addresses, 3 postcodes, 2 ULNs, 2 emails, a UPN and an NI number.
LEFT_IN_THE_LEDGER = {"name": 1}
"""A rare surname alone, which somebody writes into a suggested answer."""
LEFT_IN_COPIES = {"postcode": 1, "address": 1}
TOUCHED_QUESTIONS = 55
TOUCHED_OF_SECOND_SET = 5
"""Four name somebody or tell a birthday; of one, "printer on floor 2" is taken for a name."""
TOUCHED_PHRASINGS = 13


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    found = Ledger.open("sqlite://", secret="k" * 20, retention_days=365, environ={})
    yield found
    found.close()


def asked(files: str = "*.yaml") -> list[str]:
    """Every question of the open sets, or of some of their files."""
    found = []
    for path in sorted(QUESTIONS.glob(files)):
        for one in as_typed(path):
            found += [one["text"]] if "text" in one else []
            found += [turn["text"] for turn in one.get("turns", ())]
    return found


@pytest.mark.long
def test_what_is_left_behind_any_door_is_counted(ledger: Ledger, helpdesk: Helpdesk) -> None:
    left = leaks_through(MESSAGES, ledger, helpdesk)
    assert {one.door for one in left} <= {"suggested"}, [x for x in left if x.door != "suggested"]
    assert all(number <= LEFT_IN_THE_LEDGER.get(kind, 0) for kind, number in counted(left).items())


def test_a_leak_would_be_counted(
    ledger: Ledger, helpdesk: Helpdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ledger.base.to_keep", lambda text: text)
    left = leaks_through(MESSAGES[:3], ledger, helpdesk)
    assert {one.door for one in left} >= set(DOORS) - {"suggested", "asked"}
    assert counted(left)["name"] >= 3


def test_what_is_left_in_copies_is_counted() -> None:
    left = [leak for one in MESSAGES for leak in leaks_of(one, redact(one.text), "redact")]
    assert all(number <= LEFT_IN_COPIES.get(kind, 0) for kind, number in counted(left).items())


def test_every_form_is_a_record_or_may_be_one(helpdesk: Helpdesk) -> None:
    forms = [one for one in MESSAGES if one.kind == "form"]
    missed = [one.style for one in forms if not helpdesk.is_record(one.text)
              and not says_too_much(one.text)]  # fmt: skip
    assert missed == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("on a low wage (under 20319), what do we have to see", True),
        ("we agreed 14757 for the rest", True),
        ("wage query for 40213", False),
        ("agreed with 31442", False),
        ("the price for 31442 is wrong", False),
        ("paid to 31442", False),
    ],
)
def test_five_figures_are_an_amount_beside_a_word_for_money_alone(text: str, kept: bool) -> None:
    assert (to_keep(text) == text) is kept


def test_few_ordinary_questions_lose_a_word() -> None:
    first, second = asked("[!s]*.yaml") + asked("small-talk.yaml"), asked("second-*.yaml")
    assert len(first) > 850
    assert sum(to_keep(one) != one for one in first) <= TOUCHED_QUESTIONS
    assert sum(to_keep(one) != one for one in second) <= TOUCHED_OF_SECOND_SET


def test_what_is_not_kept_of_ordinary_questions_is_a_pasted_row() -> None:
    assert sum(map(is_record_in_doubt, asked())) <= 5
    assert sum(map(identifies_somebody, asked())) <= 6


@pytest.mark.long
def test_hardly_a_phrasing_loses_a_word() -> None:
    phrasings = [
        wording
        for path in KNOWLEDGE.glob("*.yaml")
        for entry in as_typed(path)
        for wording in (entry["question"], *entry.get("also_asked", ()))
    ]
    touched = [one for one in phrasings if to_keep(one) != one]
    assert len(touched) <= TOUCHED_PHRASINGS, touched


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("can Marta start on ZWRKX001 before 01/09/2026?",
         "can [name] start on ZWRKX001 before 01/09/2026?"),
        ("is jake thompson too late for R04?", "is [name] too late for R04?"),
        ("Featherstonehaugh again - aim 3", "[name] again - aim 3"),
        ("does Jade Green need a placement?", "does [name] need a placement?"),
        ("Will Mark need 540 hours?", "Will [name] need 540 hours?"),
        ("born on the 3rd of March 2009, too young?",
         "born on the [date of birth], too young?"),
        ("turned 16 on 04.09.2025, fundable?", "turned 16 on [date of birth], fundable?"),
        ("b. 03-03-2009, fundable?", "b. [date of birth], fundable?"),
        ("d o b 3/3/2009 is right?", "d o b [date of birth] is right?"),
        ("ULN 123.456.7890 fails", "ULN [ULN] fails"),
        ("uln 40418/66273 fails", "uln [ULN] fails"),
        ("07/09/2026 00:00:00 or 01/08/2026 - 31/07/2027?",
         "07/09/2026 00:00:00 or 01/08/2026 - 31/07/2027?"),
        ("former UPN T305.2188.16007, kept?", "former UPN [UPN], kept?"),
        ("First of November, Two Thousand and Seven?", "[date of birth]?"),
        ("Apr. 9, 2009 or Apr. 9, 2026?", "[date of birth] or Apr. 9, 2026?"),
        ("ref CULL-110508-N is too long", "ref [learner reference] is too long"),
        ("has tunmise got a uln", "has [name] got a uln"),
        ("form for chizoba?", "form for [name]?"),
        ("#sequoia has 2 placements", "[name] has 2 placements"),
        ("Grace and Faith both finished", "[name] and [name] both finished"),
        ("can Summer Osei start now?", "can [name] start now?"),
        ("Will Osei start now?", "Will [name] start now?"),
        ("tell jake (weatherhill) today", "tell [name] ([name]) today"),
        ("is 欧阳思雨 one name?", "is [name] one name?"),
        ("what is JW123456 for", "what is [learner reference] for"),
        ("moved to CV1-2WT, change it?", "moved to [postcode], change it?"),
        ("write to jake dot thompson at gmail dot com please", "write to [email] please"),
        ("LearnRefNumber 24/001234 is gone", "LearnRefNumber [learner reference] is gone"),
        ("student P1234567 has no aim", "student [learner reference] has no aim"),
        ("does WorkPlaceStartDate_02 fire on Z0007834 or 60144455?",
         "does WorkPlaceStartDate_02 fire on Z0007834 or 60144455?"),
        ("Morning all, is FM25 right for UKPRN 10001234 in 2026-27?",
         "Morning all, is FM25 right for UKPRN 10001234 in 2026-27?"),
    ],
)  # fmt: skip
def test_a_question_is_kept_without_who_it_is_about(text: str, kept: str) -> None:
    assert to_keep(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "Kayleigh Osei, dob 04/09/2009, is she too young?",
        "Nikita is pregnant, a break in learning?",
        "461 829 305 7 lives at TB4 7QX, is that PostcodePrior?",
        "Surname\nOkpara-Lind\nForename\nBenedicta\nAim\nZWRKX001",
        "Person\tBirthday\nOttoline\t06/06/2009",
        "Name: Kayleigh\nLine Manager: Ben",
        "select * from learner where surname = 'Haverstock'",
        "334702\tSPURLING\tMarnie\t30/10/2009",
        "why? " * 250,
        "Samir is on FM99 and he was 25 last week",
        "my learner has lost 40 hours, ref P334512",
        "Temperance broke her wrist, 21 of 105 hours",
    ],
)
def test_of_what_says_too_much_nothing_is_kept(text: str) -> None:
    assert to_keep(text) == WITHHELD


@pytest.mark.parametrize(
    "text",
    [
        "What code is it for a learner with epilepsy?",
        "Two things: does R_96 fire, and why?",
        "1. when is R04? 2. when is R06?\n3. and R10?",
        "Is it 540 or 580 hours, band 5 or 4, one aim or two, 2025-26 or 2026-27?",
        "what does the learner XQZT column mean",  # an abbreviation behind a person's word
        "has XQZT got one in 2026-27?",  # and in a person's place
        "and the plcm moved to june, same aim?",  # four letters, as a slip or short form has
    ],
)
def test_an_ordinary_question_is_kept_whole(text: str) -> None:
    assert to_keep(text) == text


def test_what_is_written_for_all_keeps_words_that_we_do_not_know() -> None:
    assert to_publish("Set it in ProMonitor or Unit-e, then ask Exams.") == (
        "Set it in ProMonitor or Unit-e, then ask Exams."
    )
    assert to_publish("Ask Kayleigh Osei in Exams.") == "Ask [name] in Exams."


def test_a_part_of_a_message_is_kept_by_what_the_whole_tells() -> None:
    whole = "quick one - oluwadamilare - is L3 fundable?"
    assert part_to_keep("oluwadamilare - is L3 fundable?", whole) == "[name] - is L3 fundable?"
    assert part_to_keep("is L3 fundable?", whole) == "is L3 fundable?"
    assert part_to_keep("is it too young?", "Kayleigh Osei, dob 04/09/2009. is it?") == WITHHELD


@pytest.mark.parametrize(
    "unit", ["1.", "A1.", "a-", "(a) ", "twenty ", "is a's ", "#a", "A/A/", "he "]
)
@pytest.mark.long
def test_malice_in_what_is_kept_takes_no_longer_than_prose(unit: str) -> None:
    started = time.process_time()
    to_publish((unit * 20_000)[:20_000])
    assert time.process_time() - started < 2


def test_words_of_a_providers_own_knowledge_are_no_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.privacy import learn_words, vocabulary

    monkeypatch.setattr(vocabulary, "_FOLDERS", [])
    assert to_keep("does Zorbatron hold it?") == "does [name] hold it?"
    (tmp_path / "entries.yaml").write_text("answer: Look in Zorbatron.")
    learn_words(tmp_path)
    assert to_keep("does Zorbatron hold it?") == "does Zorbatron hold it?"

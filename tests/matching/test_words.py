"""Codes, repair and abbreviations."""

from __future__ import annotations

import pytest

from bot.matching import Vocabulary
from bot.matching.lists import english_words
from bot.matching.text import tokenise
from bot.matching.words import Words

CODES = frozenset(
    {"ZWRKX001", "ZWRKX002", "WorkPlaceStartDate_02", "WorkPlaceStartDate_03", "LearnAimRef"}
    | {"R04", "Outcome", "ULN"}
)
GROUPS = (
    ("EEP", "PEEP hours", "planned employability, enrichment and pastoral hours"),
    ("AIM", "annual information meeting"),
)


@pytest.fixture(scope="module")
def words() -> Words:
    made = Words(Vocabulary(GROUPS, CODES))
    made.learn("placement placements employer hours interview work experience".split())
    return made


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("zwrkx001", "ZWRKX001"),
        ("ZWRKX 001", "ZWRKX001"),
        ("r 04", "R04"),
        ("workplacestartdate02", "WorkPlaceStartDate_02"),
        ("WorkPlaceStratDate_02", "WorkPlaceStartDate_02"),
        ("WorkPlaceStartDat_03", "WorkPlaceStartDate_03"),
        ("learnaimref", "LearnAimRef"),
        ("uln", "ULN"),
    ],
)
def test_a_code_is_known_however_it_is_typed(words: Words, typed: str, read: str) -> None:
    tokens, _ = words.codes_in(tokenise(typed))
    assert [token.raw for token in tokens] == [read]


@pytest.mark.parametrize(
    "typed", ["WorkPlaceStartDate_04", "ZWRKX003", "R05", "ZPROG001", "outcome", "DateOfBirth_48"]
)
def test_another_code_is_not_bent_into_one_we_know(words: Words, typed: str) -> None:
    tokens, repairs = words.codes_in(tokenise(typed))
    assert [token.raw for token in tokens] == [typed]
    assert not repairs


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("placemnt", ["placement"]),
        ("emploeyr hours", ["employer", "hours"]),
        ("workexperience", ["work", "experience"]),
        ("plcmnt", ["placement"]),
        ("emplyr", ["employer"]),
        ("the interior", ["the", "interior"]),
        ("hose", ["hose"]),
        ("ZQ99", ["zq99"]),
    ],
)
def test_only_what_is_no_word_is_repaired(words: Words, typed: str, read: list[str]) -> None:
    tokens, _ = words.repair(tokenise(typed))
    assert [token.word for token in tokens] == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("leaner record", "learner record"),
        ("staring date", "starting date"),
        ("a leaner portion", "a leaner portion"),
        ("staring eyes", "staring eyes"),
        ("her record", "her record"),
        ("learners record", "learners record"),
    ],
)
def test_good_english_is_mended_only_where_it_makes_a_pair_we_use(typed: str, read: str) -> None:
    words = Words(Vocabulary())
    words.learn("check the learner record".split())
    words.learn("the starting date of the year".split())
    tokens, repairs = words.repair(tokenise(typed))
    assert " ".join(token.word for token in tokens) == read
    assert bool(repairs) == (typed != read)


def test_of_two_words_as_near_the_one_used_beside_the_neighbour_is_read() -> None:
    words = Words(Vocabulary())
    words.learn("set an alarm for me".split())
    words.learn("what is my salary this month salary salary".split())
    assert [t.word for t in words.repair(tokenise("a salarm for today"))[0]][1] == "alarm"
    assert [t.word for t in words.repair(tokenise("my salarm"))[0]][1] == "salary"


@pytest.mark.parametrize(
    ("typed", "read"),
    [("eMployer", "employer"), ("plAcemnt", "placement"), ("LearnAimRef", "learnaimref")],
)
def test_a_slip_of_the_shift_key_makes_no_code(words: Words, typed: str, read: str) -> None:
    [token], _ = words.repair(tokenise(typed))
    assert token.word == read
    assert token.exact == (typed == "LearnAimRef")


def test_two_slips_in_two_words_are_mended_both(words: Words) -> None:
    tokens, _ = words.repair(tokenise("emploeyr placemnt"))
    assert [token.word for token in tokens] == ["employer", "placement"]


def test_another_language_is_left_alone(words: Words) -> None:
    tokens = tokenise("plaza hourra emploi entretien")
    assert words.repair(tokens) == (tokens, [])


def test_abbreviations_are_found_in_every_spelling(words: Words) -> None:
    for typed in ("EEP", "peep hours", "planned employability, enrichment and pastoral hours"):
        assert [found.concept for found in words.concepts(tokenise(typed))] == ["@eep"]


def test_an_acronym_that_is_a_word_needs_its_capitals(words: Words) -> None:
    assert words.concepts(tokenise("the AIM in May"))
    assert not words.concepts(tokenise("the aim in May"))


def test_the_word_list_is_english() -> None:
    assert {"placement", "enrolment", "colour", "withdrawn", "audit"} <= english_words()
    assert not {"placemnt", "hapened"} & english_words()

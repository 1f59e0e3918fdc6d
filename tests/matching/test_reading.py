"""What the index and the encoder get to see of a question."""

from __future__ import annotations

import pytest

from bot.matching import Vocabulary
from bot.matching.reading import Tokens, read
from bot.matching.words import Words


@pytest.fixture(scope="module")
def words() -> Words:
    made = Words(
        Vocabulary((("EEP", "planned enrichment hours"),), frozenset({"ZWRKX001", "LearnAimRef"}))
    )
    made.learn("can i change the placement dates for the employer".split())
    return made


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("Can't I change the dates?", "can't i change the dates?"),
        ("chnge the placemnt dates, please!", "change the placement dates, please!"),
        ("What are EEP hours?", "what are planned enrichment hours hours?"),
        ("dates (2025/26) for 450 hours", "dates for 450 hours"),
        ("Is LearnAimReff ZWRKX001?", "is learnaimref zwrkx001?"),
    ],
)
def test_the_encoder_reads_a_sentence(words: Words, asked: str, sentence: str) -> None:
    assert read(words, Tokens.of(asked)).encoded == sentence


def test_a_year_stands_apart_from_the_words(words: Words) -> None:
    found = Tokens.of("change the dates in 2025-26")
    assert found.years == ("2025-26",)
    assert read(words, found).text == "change the dates in"

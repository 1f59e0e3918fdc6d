"""The same thing asked five ways is one gap, largest first, until it is answered."""

from __future__ import annotations

import random
import time

import pytest

from bot.ledger import Feedback, Ledger, Result
from bot.ledger.gaps import LoggedQuestion, cluster

FIVE_WAYS = [
    "Do open evenings count as work experience hours?",
    "does an open evening count towards work experience hours",
    "open evening - can we count it for work experience",
    "Can we count open evenings as work experinece?",
    "hi all, would a college open evening count as work experience? thanks",
]
OTHERS = [
    "What do I put in PriorAttain for a learner from abroad?",
    "PriorAttain for learners who come from abroad",
    "Is there a bursary code for travel?",
]


def test_five_ways_of_asking_are_one_gap_and_the_largest_comes_first() -> None:
    questions = [*OTHERS, *FIVE_WAYS]
    groups = cluster([LoggedQuestion(text) for text in questions])
    assert [[questions[index] for index in group] for group in groups] == [
        FIVE_WAYS,
        OTHERS[:2],
        OTHERS[2:],
    ]


def test_entries_that_came_near_help_to_group() -> None:
    texts = ["Can the reading week be split for apprentices?", "Splitting half term, apprentices"]
    assert len(cluster([LoggedQuestion(text) for text in texts])) == 2
    assert len(cluster([LoggedQuestion(text, ("holidays", "breaks")) for text in texts])) == 1


def test_entries_that_came_near_do_not_outweigh_the_words() -> None:
    same = ("Can the reading week be split?", "Is the reading week split?")
    near = [("holidays",), ("breaks",)]
    assert len(cluster([LoggedQuestion(*one) for one in zip(same, near, strict=True)])) == 1
    others = ("Can the reading week be split?", "Which week has the audit of placement hours?")
    assert len(cluster([LoggedQuestion(*one) for one in zip(others, near, strict=True)])) == 2


@pytest.mark.parametrize("near", [((), ("breaks",)), (("breaks",), ())])
def test_a_question_to_which_no_entry_came_near_is_grouped_by_its_words(
    near: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    same = ("Can the reading week be split?", "Is the reading week split?")
    assert len(cluster([LoggedQuestion(*one) for one in zip(same, near, strict=True)])) == 1


def test_half_the_words_in_common_are_just_enough_where_other_entries_came_near() -> None:
    pairs = ("a b", "b c", "c d", "d a")  # each word is asked twice, so that all weigh the same
    questions = [LoggedQuestion(text, (text,)) for text in pairs]
    assert len(cluster(questions, words=str.split)) == 1


def test_another_reading_of_questions_may_know_synonyms() -> None:
    texts = ["is wex allowed abroad", "work experience overseas ok?"]
    meaning = {"wex": "placement", "experience": "placement", "overseas": "abroad"}

    def words(text: str) -> list[str]:
        return [meaning.get(word, word) for word in text.strip("?").split() if word != "work"]

    assert len(cluster([LoggedQuestion(text) for text in texts])) == 2
    assert len(cluster([LoggedQuestion(text) for text in texts], words=words)) == 1


def test_rule_ids_and_codes_are_kept_apart() -> None:
    texts = ["Why does ULN_04 fire?", "Why does ULN_03 fire?", "why is uln_04 firing"]
    assert cluster([LoggedQuestion(text) for text in texts]) == [[0, 2], [1]]


@pytest.mark.parametrize(
    "questions", [[], [LoggedQuestion("")], [LoggedQuestion("?!"), LoggedQuestion("?!")]]
)
def test_nothing_much_to_group(questions: list[LoggedQuestion]) -> None:
    assert sum(len(group) for group in cluster(questions)) == len(questions)


@pytest.mark.long
def test_ten_thousand_questions_take_seconds() -> None:
    chance = random.Random(1)
    words = [f"{a}{b}ing" for a in "bcdfghjklm" for b in ("at", "el", "on", "ur", "ib", "amp")]
    subjects = [" ".join(chance.sample(words, 6)) for _ in range(300)]
    asked = []
    for _ in range(10_000):
        own = chance.choice(subjects).split()
        chance.shuffle(own)
        asked.append(
            LoggedQuestion(" ".join(own[: chance.randint(3, 6)] + chance.sample(words, 1)))
        )
    start = time.process_time()
    groups = cluster(asked)
    assert time.process_time() - start < 20
    assert sum(map(len, groups)) == 10_000


def miss(ledger: Ledger, text: str, user: str = "U1") -> int:
    return ledger.record_question(
        text, door="dm", outcome=Result.UNANSWERED, year="2026-27", user=user
    )


def test_a_gap_says_how_often_by_how_many_and_in_which_words(ledger: Ledger) -> None:
    for number, text in enumerate([*FIVE_WAYS, FIVE_WAYS[0]]):
        miss(ledger, text, user=f"U{number % 2}")
    miss(ledger, OTHERS[0])
    first, second = ledger.gaps()
    assert (first.count, first.people, first.unanswered, first.wrong) == (6, 2, 6, 0)
    assert first.question == FIVE_WAYS[0]
    assert set(first.ways) == set(FIVE_WAYS)
    assert first.years == ("2026-27",)
    assert second.count == 1
    assert len(ledger.gaps(limit=1)) == 1


def offer(ledger: Ledger, *choices: str) -> None:
    ledger.record_question(FIVE_WAYS[0], door="dm", outcome=Result.CHOICES, choices=choices)


def test_a_gap_names_the_entries_that_came_near_the_nearest_first(ledger: Ledger) -> None:
    offer(ledger, "first", "second", "third", "fourth")
    (gap,) = ledger.gaps()
    assert gap.near == ("first", "second", "third")


def test_of_the_entries_that_came_near_a_gap_names_those_that_did_so_most_often(
    ledger: Ledger,
) -> None:
    for _ in range(3):
        offer(ledger, "first", "second", "third", "fourth")
    offer(ledger, "first", "third", "other", "fourth")
    offer(ledger, "first", "third")
    offer(ledger, "first")
    (gap,) = ledger.gaps()
    assert gap.near == ("first", "third", "second")


def test_of_very_many_ways_a_gap_shows_ten(ledger: Ledger) -> None:
    for number in range(12):
        miss(ledger, FIVE_WAYS[0] + "?" * number)
    (gap,) = ledger.gaps()
    assert (gap.count, len(gap.ways)) == (12, 10)


def test_single_words_and_good_answers_are_no_gaps(ledger: Ledger) -> None:
    miss(ledger, "hello")
    miss(ledger, "placements?")
    ledger.record_question(
        FIVE_WAYS[0], door="dm", outcome=Result.ANSWERED, entry_id="open-evenings"
    )
    assert ledger.gaps() == []


def test_a_wrong_answer_is_a_gap_and_an_outdated_one_a_flag(ledger: Ledger) -> None:
    for kind in (Feedback.WRONG, Feedback.OUT_OF_DATE, Feedback.NOT_MY_QUESTION):
        question = ledger.record_question(
            FIVE_WAYS[0], door="dm", outcome=Result.ANSWERED, entry_id="open-evenings"
        )
        ledger.record_feedback(question, kind, user="U1", note=f"{kind}: ask jo@example.org")
    (gap,) = ledger.gaps()
    assert (gap.count, gap.wrong, gap.near) == (2, 2, ("open-evenings",))
    (flag,) = ledger.flagged_entries()
    assert (flag.entry_id, flag.wrong, flag.out_of_date, flag.not_my_question) == (
        "open-evenings",
        1,
        1,
        1,
    )
    assert flag.notes[0] == "not-my-question: ask [email]"


def test_gaps_close_when_an_entry_answers_their_questions(ledger: Ledger) -> None:
    for text in FIVE_WAYS:
        miss(ledger, text)
    miss(ledger, OTHERS[0])
    closed = ledger.close_gaps(lambda text: "open-evenings" if "open" in text.lower() else None)
    assert closed == 5
    assert [gap.question for gap in ledger.gaps()] == [OTHERS[0]]
    assert ledger.close_gaps(lambda text: None) == 0


def test_the_answer_that_was_wrong_does_not_close_its_own_gap(ledger: Ledger) -> None:
    question = ledger.record_question(
        FIVE_WAYS[0], door="dm", outcome=Result.ANSWERED, entry_id="old"
    )
    ledger.record_feedback(question, Feedback.WRONG, user="U1")
    assert ledger.close_gaps(lambda text: "old") == 0
    assert ledger.close_gaps(lambda text: "new") == 1
    assert ledger.close_gap([question]) == 0

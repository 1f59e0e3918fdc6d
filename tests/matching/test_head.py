"""The trained head: what it learns, what it leaves out, what it keeps."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from bot.matching.head import WORDS_SHARE, Head, Trainer, columns_of_words  # noqa: E402

# Two entries that a vector cannot tell apart, and one that it can.
VECTORS = np.array([[1, 0], [1, 0], [1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32)
OWNER = np.array([0, 0, 1, 1, 2, 2])
WORDS = [{"start": 1.0}, {"start": 1.0}, {"end": 1.0}, {"end": 1.0}, {"hours": 1.0}, {"hours": 1.0}]
NO_ANSWERS = np.zeros((3, 2), dtype=np.float32)


def trainer() -> Trainer:
    return Trainer(VECTORS, OWNER, NO_ANSWERS, WORDS)


def test_words_tell_apart_what_means_the_same() -> None:
    head = trainer().train()
    meaning = np.array([1, 0], dtype=np.float32)
    assert head.logits(meaning, {"start": 1.0}).argmax() == 0
    assert head.logits(meaning, {"end": 1.0}).argmax() == 1


def test_meaning_tells_apart_what_shares_no_word() -> None:
    head = trainer().train()
    assert head.logits(np.array([0, 1], dtype=np.float32), {"unheard": 1.0}).argmax() == 2


def test_an_answer_is_one_more_phrasing_without_words() -> None:
    answers = np.array([[0, 0], [0, 0], [-1, 0]], dtype=np.float32)
    head = Trainer(VECTORS, OWNER, answers, WORDS).train()
    assert head.logits(np.array([-1, 0], dtype=np.float32), {}).argmax() == 2


def test_what_is_left_out_teaches_nothing() -> None:
    left_out = np.array([False, False, True, True, False, False])
    logits = trainer().train_without(left_out)(2)
    assert logits is not None
    assert logits.argmax() == 0, "without its own phrasings, the entry of like vectors is meant"
    assert logits[1] == pytest.approx(min(logits), abs=1.0)


def test_it_is_kept_and_read_back() -> None:
    head = trainer().train()
    again = Head.from_bytes(head.to_bytes())
    assert again is not None
    asked = np.array([0.6, 0.8], dtype=np.float32), {"start": 0.5, "hours": 0.5}
    assert again.logits(*asked).tolist() == head.logits(*asked).tolist()


@pytest.mark.parametrize("spoilt", [b"", b"PK\x03\x04 not a zip", b"x" * 400])
def test_a_spoilt_file_is_none(spoilt: bytes) -> None:
    assert Head.from_bytes(spoilt) is None


def test_a_cut_file_is_none() -> None:
    assert Head.from_bytes(trainer().train().to_bytes()[:-200]) is None


def test_too_many_entries_are_not_trained_on() -> None:
    assert Trainer.can_train(200)
    assert not Trainer.can_train(1)
    assert not Trainer.can_train(2_000)


def test_of_much_knowledge_an_equal_share_of_each_entry_is_trained_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.matching.head._MAX_WORK", 8_000)
    entries, each = 40, 10
    owner = np.repeat(np.arange(entries), each)
    vectors = np.eye(entries, dtype=np.float32)[owner]
    made = Trainer(vectors, owner, np.zeros_like(vectors[:entries]), [{} for _ in owner])
    assert 0 < made.trained_on < len(owner)
    assert made.trained_on % entries == 0


def test_likeness_in_words_is_the_product_of_their_columns() -> None:
    one, other = columns_of_words({"a": 0.6, "b": 0.8}), columns_of_words({"b": 0.5, "c": 0.5})
    assert one @ one / WORDS_SHARE == pytest.approx(1.0, abs=0.1)
    assert one @ other / WORDS_SHARE == pytest.approx(0.4, abs=0.1)
    assert not columns_of_words({}).any()


def test_many_words_are_told_apart() -> None:
    texts = [columns_of_words({f"word {n}": 0.6, f"other {n}": 0.8}) for n in range(300)]
    alike = np.array(texts) @ np.array(texts).T / WORDS_SHARE
    assert np.abs(alike - np.eye(300)).max() < 0.35
    assert np.abs(alike - np.eye(300)).mean() < 0.05

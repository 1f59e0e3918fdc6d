"""What was made of a text is made once, and the text is not held."""

from __future__ import annotations

import gc

import pytest

from bot.recent import Recent


def test_a_text_is_worked_out_once():
    made = []
    recent = Recent(lambda text: made.append(text) or len(text))
    assert [recent.of("one"), recent.of("three"), recent.of("one")] == [3, 5, 3]
    assert made == ["one", "three"]


def test_only_the_last_are_held():
    made = []
    recent = Recent(lambda text: made.append(text) or len(text), most=2)
    for text in ("a", "b", "c", "c", "a"):
        recent.of(text)
    assert made == ["a", "b", "c", "a"]


def test_what_may_not_be_held_is_made_again():
    made = []
    recent = Recent(lambda text: made.append(text) or text, may_be_held=str.isdigit)
    assert [recent.of(text) for text in ("1", "Quill", "1", "Quill")] == ["1", "Quill"] * 2
    assert made == ["1", "Quill", "Quill"]


def test_another_state_is_another_value():
    recent = Recent(list)
    first = recent.of("text", beside=1)
    assert recent.of("text", beside=1) is first
    assert recent.of("text", beside=2) is not first


def test_what_fails_is_tried_again():
    def fail(text: str) -> int:
        raise ValueError("too long")

    recent = Recent(fail)
    for _ in range(2):
        with pytest.raises(ValueError, match="too long"):
            recent.of("text")


def test_the_text_itself_is_not_held():
    recent = Recent(len)
    recent.of("Amina Okafor 9988776655")
    held = [*recent._values, *recent._values.values()]
    assert not any("Amina" in str(one) or b"Amina" in gc.get_referents(one) for one in held)


def test_any_text_will_do():
    assert Recent(len).of("half a character \ud83d") == 18

"""What is remembered of conversations: by thread, and at the foot of direct messages."""

from __future__ import annotations

from dataclasses import replace

from bot.slack.conversations import MAX_BEFORE, Conversations
from bot.slack.messages import IncomingMessage

MINUTE = 60


def typed(minutes: float, *, thread: str | None = None, user: str = "U1") -> IncomingMessage:
    """Something typed in direct messages, so many minutes after ten o'clock."""
    ts = f"{1_795_860_000 + minutes * MINUTE:.6f}"
    return IncomingMessage("dm", user, "D1", ts=ts, thread_ts=thread)


def asked_before(held: Conversations, message: IncomingMessage) -> list[str]:
    return [one.text for one in held.before(message)]


def test_what_is_typed_at_the_foot_soon_after_follows_up() -> None:
    held = Conversations()
    held.remember(typed(0), "one aim or many?")
    assert asked_before(held, typed(29)) == ["one aim or many?"]
    assert asked_before(held, typed(31)) == []
    held.remember(typed(29), "and for T Levels?")
    assert asked_before(held, typed(58)) == ["one aim or many?", "and for T Levels?"]
    held.remember(typed(100), "what is R_96?")
    assert asked_before(held, typed(101)) == ["what is R_96?"]


def test_a_thread_of_direct_messages_is_a_conversation_of_its_own_and_of_their_foot() -> None:
    held = Conversations()
    first, other = typed(0), typed(5)
    held.remember(first, "one aim or many?")
    held.remember(other, "what is R_96?")
    in_thread = typed(6, thread=first.ts)
    assert asked_before(held, in_thread) == ["one aim or many?"]
    held.remember(in_thread, "and for T Levels?")
    assert asked_before(held, typed(7)) == [
        "one aim or many?", "what is R_96?", "and for T Levels?"
    ]  # fmt: skip


def test_a_question_that_is_edited_follows_only_what_came_before_it() -> None:
    held = Conversations()
    for minute, text in enumerate(("first?", "second?", "third?")):
        held.remember(typed(minute), text)
    assert asked_before(held, typed(1)) == ["first?"]
    held.remember(typed(1), "second, edited?")
    assert sorted(asked_before(held, typed(9))) == ["first?", "second, edited?", "third?"]


def test_what_is_asked_again_is_noticed() -> None:
    held = Conversations()
    held.remember(typed(0), "One aim or many?")
    assert held.is_repeated(replace(typed(1), text="one aim, or many"))
    assert not held.is_repeated(replace(typed(1), text="one aim?"))


def test_nothing_is_followed_outside_direct_messages() -> None:
    held = Conversations()
    mention = replace(typed(0), source="mention", channel="C1")
    held.remember(mention, "one aim or many?")
    assert asked_before(held, replace(typed(1), source="mention", channel="C1")) == []
    home = replace(typed(1), source="home")
    held.remember(typed(0), "one aim or many?")
    assert asked_before(held, home) == []


def test_only_whoever_asked_within_the_hour_thanks_for_it() -> None:
    held = Conversations()
    held.remember(typed(0), "one aim or many?", [7])
    found = held.thanked_for(typed(59))
    assert found is not None
    assert found.ids == (7,)
    assert held.thanked_for(typed(61)) is None
    assert held.thanked_for(typed(1, user="U2")) is None
    assert held.thanked_for(replace(typed(1), channel="D2")) is None


def test_a_short_reply_is_given_once_an_hour() -> None:
    held = Conversations()
    assert held.may_reply(typed(0), "thanks")
    assert not held.may_reply(typed(30), "thanks")
    assert held.may_reply(typed(30), "ok")
    assert held.may_reply(typed(61), "thanks")


def test_what_is_remembered_is_masked_bounded_and_forgotten_on_request() -> None:
    held = Conversations()
    for minute in range(MAX_BEFORE + 3):
        held.remember(typed(minute), "is ULN 1000000027 right?")
    later = typed(MAX_BEFORE + 3)
    assert asked_before(held, later) == ["is ULN [ULN] right?"] * MAX_BEFORE
    assert held.is_asker(later)
    held.forget("U1")
    assert asked_before(held, later) == []
    assert not held.is_asker(later)

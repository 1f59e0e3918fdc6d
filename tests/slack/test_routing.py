"""Where an event comes from, by its place, its writer and what the ledger knows of its thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from bot.slack.routing import classify_event

ME, WATCHED, TRIAGE, OTHER = "U0ME", "C0WATCHED", "C0TRIAGE", "C0OTHER"
ROOT = "1.1"


@dataclass
class Ledger:
    """What is known of the one thread there is."""

    found: SimpleNamespace | None = None
    handed_over: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def thread(self, channel: str, thread: str) -> SimpleNamespace | None:
        self.asked.append((channel, thread))
        return self.found

    def has_handover(self, channel: str, thread: str) -> bool:
        return self.handed_over


def classified(
    ledger: Ledger | None = None, *, me: str = ME, mode: str = "answer", **event: Any
) -> str | None:
    settings = SimpleNamespace(
        triage_channel=TRIAGE, watched_channels=frozenset({WATCHED}), watch_mode=mode
    )
    app = SimpleNamespace(bot_user=me, settings=settings, ledger=ledger or Ledger())
    said = {"type": "message", "channel": OTHER, "channel_type": "channel", "user": "U1",
            "ts": "2.2", "text": "one aim or many?"} | event  # fmt: skip
    return classify_event(app, said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("event", "source"),
    [
        ({"type": "app_mention", "text": f"<@{ME}> hi"}, "mention"),
        ({"type": "app_mention", "channel": "D1"}, None),
        ({"type": "app_mention", "channel_type": "im"}, None),
        ({"type": "reaction_added"}, None),
        ({"channel": "D1"}, "dm"),
        ({"channel": "D1", "channel_type": None}, "dm"),
        ({"channel": "G1", "channel_type": "im"}, "dm"),
        ({"channel": "D1", "text": f"<@{ME}> hi"}, "dm"),
        ({"channel": "D1", "thread_ts": ROOT}, "dm"),
        ({"channel": WATCHED}, "watched"),
        ({"channel": WATCHED, "thread_ts": "2.2"}, "watched"),
        ({"channel": WATCHED, "text": f"<@{ME}> hi"}, None),
        ({"channel": WATCHED, "text": "<@U0SOMEBODY> hi"}, "watched"),
        ({"channel": OTHER}, None),
    ],
)
def test_an_event_is_classified_by_its_place(event: dict[str, Any], source: str | None) -> None:
    assert classified(**event) == source


@pytest.mark.parametrize("place", [{"channel": "D1"}, {"type": "app_mention"}])
@pytest.mark.parametrize(
    "writer", [{"user": ME}, {"bot_id": "B1"}, {"user": None}, {"subtype": "channel_join"}]
)
def test_what_no_person_wrote_is_left_alone(place: dict[str, str], writer: dict[str, Any]) -> None:
    assert classified(**place) is not None
    assert classified(**place, **writer) is None


def test_until_we_know_who_we_are_nothing_is_taken_for_a_mention() -> None:
    assert classified(me="", channel=WATCHED, text="<@> hi") == "watched"


@pytest.mark.parametrize(("mode", "source"), [("offer", "watched"), ("silent", None)])
def test_a_watched_channel_may_be_silent(mode: str, source: str | None) -> None:
    assert classified(mode=mode, channel=WATCHED) == source


@pytest.mark.parametrize(
    ("ledger", "source"),
    [
        (Ledger(), None),
        (Ledger(handed_over=True), None),
        (Ledger(SimpleNamespace(silent=False)), "thread"),
        (Ledger(SimpleNamespace(silent=False), handed_over=True), "thread"),
        (Ledger(SimpleNamespace(silent=True)), None),
        (Ledger(SimpleNamespace(silent=True), handed_over=True), "asker"),
    ],
)
@pytest.mark.parametrize("channel", [OTHER, WATCHED])
def test_a_thread_is_ours_by_what_the_ledger_knows(
    ledger: Ledger, source: str | None, channel: str
) -> None:
    ledger.asked.clear()
    assert classified(ledger, channel=channel, thread_ts=ROOT) == source
    assert ledger.asked == [(channel, ROOT)]


def test_a_thread_of_the_triage_channel_is_a_persons_reply() -> None:
    assert classified(channel=TRIAGE, thread_ts=ROOT) == "triage"
    assert classified(channel=TRIAGE, thread_ts="2.2") is None
    assert classified(channel=TRIAGE) is None


@pytest.mark.parametrize("thread", [7, None, ["1.1"]])
def test_a_thread_of_no_shape_is_none(thread: object) -> None:
    assert classified(Ledger(SimpleNamespace(silent=False)), thread_ts=thread) is None

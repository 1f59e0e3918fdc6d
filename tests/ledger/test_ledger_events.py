"""Each event answered once, whatever dies."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.ledger import EventPayload, Ledger, PendingEvent, Result
from tests.ledger.conftest import SECRET, Clock

PAYLOAD = EventPayload(
    kind="mention",
    channel="C1",
    ts="1700000000.000100",
    user="U1",
    text="Is 1234567890 allowed on ZWRKX001?",
)


def test_only_the_first_claim_of_an_event_succeeds(
    ledger: Ledger, open_ledger: Callable[[], Ledger]
) -> None:
    assert ledger.claim_event("Ev1", PAYLOAD)
    assert not ledger.claim_event("Ev1", PAYLOAD)
    assert not open_ledger().claim_event("Ev1", PAYLOAD)
    assert open_ledger().claim_event("Ev2", PAYLOAD)


def test_two_processes_given_the_same_events_claim_each_once(
    open_ledger: Callable[[], Ledger],
) -> None:
    processes = [open_ledger(), open_ledger()]
    processes[0].thread("C1", "1.0")  # set up before the race
    names = [f"Ev{n}" for n in range(25)]
    with ThreadPoolExecutor(8) as pool:
        claims = list(
            pool.map(
                lambda job: job[0].claim_event(job[1], PAYLOAD),
                [(process, name) for name in names for process in processes * 2],
            )
        )
    assert sum(claims) == len(names)


def test_an_answered_event_is_finished_once_and_its_payload_dropped(
    ledger: Ledger, clock: Clock
) -> None:
    ledger.claim_event("Ev1", PAYLOAD)
    assert ledger.begin_posting("Ev1")
    assert ledger.finish_event("Ev1")
    assert not ledger.finish_event("Ev1")
    assert not ledger.claim_event("Ev1", PAYLOAD)
    clock.forward(hours=1)
    assert ledger.unanswered_events() == []


def test_an_event_is_left_to_the_process_that_has_it(ledger: Ledger) -> None:
    ledger.claim_event("Ev1", PAYLOAD)
    assert ledger.unanswered_events() == []


def test_after_a_crash_another_process_takes_over_what_was_kept(
    ledger: Ledger, open_ledger: Callable[[], Ledger], clock: Clock
) -> None:
    ledger.claim_event("Ev1", PAYLOAD)
    clock.forward(seconds=61)
    heir, late = open_ledger(), open_ledger()
    (event,) = heir.unanswered_events()
    assert late.unanswered_events() == []
    assert event.payload.channel == "C1"
    assert event.payload.user == "U1"
    assert event.payload.text == "Is [ULN] allowed on ZWRKX001?"
    assert (event.attempts, event.maybe_posted) == (2, False)
    assert not ledger.begin_posting("Ev1"), "the first process woke up too late"
    assert heir.begin_posting("Ev1")
    assert heir.finish_event("Ev1")


def test_a_crash_while_posting_is_told(
    ledger: Ledger, open_ledger: Callable[[], Ledger], clock: Clock
) -> None:
    ledger.claim_event("Ev1", PAYLOAD)
    ledger.begin_posting("Ev1")
    clock.forward(seconds=61)
    (event,) = open_ledger().unanswered_events()
    assert event.maybe_posted


def test_an_event_that_takes_processes_down_is_given_up(ledger: Ledger, clock: Clock) -> None:
    ledger.claim_event("Ev1", PAYLOAD)
    for attempt in (2, 3, 4, 5):
        clock.forward(seconds=61)
        assert [event.attempts for event in ledger.unanswered_events()] == [attempt]
    clock.forward(seconds=61)
    assert ledger.unanswered_events() == []
    assert ledger.metrics()['ilr_helpdesk_events{state="abandoned"}'] == 1


def test_who_wrote_what_is_given_up_can_be_told(ledger: Ledger, clock: Clock) -> None:
    ledger.claim_event("Ev1", PAYLOAD)
    told: list[PendingEvent] = []
    for _ in range(6):
        clock.forward(seconds=61)
        ledger.unanswered_events(given_up=told.append)
    assert [(one.event_id, one.payload.user) for one in told] == [("Ev1", PAYLOAD.user)]


def test_a_record_that_takes_processes_down_is_given_up_sooner(
    ledger: Ledger, clock: Clock
) -> None:
    """Nothing is kept of its text, and it is checked when posting has begun."""
    ledger.claim_event("Ev1", replace(PAYLOAD, text=""))
    told: list[PendingEvent] = []
    tries = 0
    for _ in range(6):
        ledger.begin_posting("Ev1")
        clock.forward(seconds=61)
        tries += len(ledger.unanswered_events(given_up=told.append))
    assert tries == 1
    assert [one.event_id for one in told] == ["Ev1"]


def test_a_released_event_can_be_taken_at_once(
    ledger: Ledger, open_ledger: Callable[[], Ledger]
) -> None:
    ledger.claim_event("Ev1", PAYLOAD)
    ledger.release_event("Ev1")
    assert [event.event_id for event in open_ledger().unanswered_events()] == ["Ev1"]


def test_an_event_given_back_is_tried_less_and_less_often_and_never_given_up(
    ledger: Ledger, clock: Clock
) -> None:
    """Slack may be away for hours."""
    ledger.claim_event("Ev1", PAYLOAD)
    ledger.release_event("Ev1")
    tries = 0
    for _ in range(3 * 360):  # three hours of looks every ten seconds
        clock.forward(seconds=10)
        for event in ledger.unanswered_events():
            tries += 1
            assert event.attempts <= 2
            ledger.release_event("Ev1")
    assert 30 < tries < 50
    ledger.release_event("no such event")


def test_events_waiting_are_shared_between_processes(
    ledger: Ledger, open_ledger: Callable[[], Ledger], clock: Clock
) -> None:
    for number in range(30):
        ledger.claim_event(f"Ev{number:02}", PAYLOAD)
    clock.forward(seconds=61)
    heirs = [open_ledger() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        taken = list(pool.map(lambda heir: heir.unanswered_events(limit=30), heirs))
    names = sorted(event.event_id for events in taken for event in events)
    assert names == [f"Ev{number:02}" for number in range(30)]


def test_a_followed_thread_knows_what_it_was_about(ledger: Ledger) -> None:
    assert ledger.thread("C1", "1.0") is None
    question = ledger.record_question(
        "Can placement dates differ?",
        door="mention",
        outcome=Result.ANSWERED,
        year="2026-27",
        entry_id="placement-dates",
        channel="C1",
        thread_ts="1.0",
    )
    ledger.follow_thread("C1", "1.0", question)
    thread = ledger.thread("C1", "1.0")
    assert thread is not None
    assert (thread.silent, thread.year, thread.entry_id) == (False, "2026-27", "placement-dates")


def test_the_bot_is_silent_once_a_person_has_answered_until_asked_again(ledger: Ledger) -> None:
    assert not ledger.silence_thread("C1", "1.0")
    ledger.follow_thread("C1", "1.0")
    assert ledger.silence_thread("C1", "1.0")
    assert ledger.thread("C1", "1.0").silent  # type: ignore[union-attr]
    ledger.follow_thread("C1", "1.0")
    assert not ledger.thread("C1", "1.0").silent  # type: ignore[union-attr]


def test_a_cooldown_lets_one_through_at_a_time(
    ledger: Ledger, open_ledger: Callable[[], Ledger], clock: Clock
) -> None:
    other = open_ledger()
    assert ledger.once_per("tag:triage", 600)
    assert not other.once_per("tag:triage", 600)
    assert other.once_per("tag:desk", 600)
    clock.forward(seconds=600)
    assert other.once_per("tag:triage", 600)
    assert not ledger.once_per("tag:triage", 600)


@pytest.mark.parametrize(("hours", "counts"), [(23, True), (25, False)])
def test_a_cooldown_noted_by_a_clock_a_day_ahead_does_not_count(
    ledger: Ledger, clock: Clock, hours: int, counts: bool
) -> None:
    clock.forward(hours=hours)
    assert ledger.once_per("tag:triage", 600)
    clock.forward(hours=-hours)
    assert ledger.once_per("tag:triage", 600) is not counts


@pytest.mark.parametrize("text", ["", "\x00nul and \ud800 surrogate", "x" * 100_000])
def test_any_text_can_be_kept(ledger: Ledger, text: str, clock: Clock) -> None:
    payload = EventPayload(kind="dm", channel="D1", ts="1.0", user="U1", text=text)
    assert ledger.claim_event("Ev1", payload)
    clock.forward(seconds=61)
    (event,) = ledger.unanswered_events()
    assert "\x00" not in event.payload.text
    assert len(event.payload.text) <= 3000


def test_processes_whose_clocks_are_ten_minutes_apart_answer_each_event_once(url: str) -> None:
    """By the clock of the one ahead, whatever the other holds has run out."""
    behind, ahead = Clock(), Clock()
    ahead.forward(minutes=10)
    one, two = (
        Ledger.open(url, secret=SECRET, retention_days=365, clock=clock, environ={})
        for clock in (behind, ahead)
    )
    names = [f"Ev{number}" for number in range(20)]
    assert all(one.claim_event(name, PAYLOAD) for name in names)
    under_way = set(names[:5])
    assert all(one.begin_posting(name) for name in under_way)
    posted = list(under_way)
    for event in two.unanswered_events():
        # What may be posted already is looked for in its thread first, and found.
        assert event.maybe_posted == (event.event_id in under_way)
        if two.begin_posting(event.event_id) and not event.maybe_posted:
            posted.append(event.event_id)
        two.finish_event(event.event_id)
    posted += [name for name in names if name not in under_way and one.begin_posting(name)]
    assert sorted(posted) == sorted(names)
    one.close()
    two.close()


def test_a_clock_that_jumps_far_ahead_purges_nothing(ledger: Ledger, clock: Clock) -> None:
    ledger.record_question("how many placements?", door="dm", outcome=Result.UNANSWERED, user="U1")
    assert ledger.purge_if_plausible() is not None
    clock.forward(days=400)
    assert ledger.once_per("purge", 86_400)
    assert ledger.purge_if_plausible() is None
    clock.forward(days=-400)
    assert ledger.once_per("purge", 86_400), "what was noted in the future does not count"
    purged = ledger.purge_if_plausible()
    assert purged is not None
    assert purged.questions == 0


@pytest.mark.parametrize("purged_before", [True, False])
def test_what_comes_while_the_clock_is_ahead_makes_it_no_surer(
    ledger: Ledger, clock: Clock, purged_before: bool
) -> None:
    """People ask on, and their events carry the wrong day."""
    payload = EventPayload(kind="dm", channel="D1", ts="1.0", user="U1")
    ledger.claim_event("Ev1", payload)
    ledger.record_question("how many placements?", door="dm", outcome=Result.UNANSWERED, user="U1")
    if purged_before:
        assert ledger.purge_if_plausible() is not None
    clock.forward(days=400)
    ledger.claim_event("Ev2", payload)
    assert ledger.purge_if_plausible() is None
    clock.forward(days=-400)
    purged = ledger.purge_if_plausible()
    assert purged is not None
    assert purged.questions == 0


def test_a_clock_that_says_the_same_a_day_later_is_believed(ledger: Ledger, clock: Clock) -> None:
    """The bot was off for more than a year."""
    ledger.record_question("how many placements?", door="dm", outcome=Result.UNANSWERED, user="U1")
    ledger.purge_if_plausible()
    clock.forward(days=400)
    assert ledger.purge_if_plausible() is None
    clock.forward(seconds=60)
    assert ledger.purge_if_plausible() is None
    clock.forward(days=1)
    purged = ledger.purge_if_plausible()
    assert purged is not None
    assert purged.questions == 1


def test_a_summer_without_an_event_is_purged_all_the_same(ledger: Ledger, clock: Clock) -> None:
    for _ in range(90):
        clock.forward(days=1)
        assert ledger.purge_if_plausible() is not None

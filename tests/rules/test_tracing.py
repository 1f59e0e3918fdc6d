"""What a rule notes is noted of the learner it is run on, and of no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from bot.rules.tracing import decided_by, note, traced


def test_nothing_is_noted_unless_somebody_asks() -> None:
    note("age", 19)
    with traced() as seen:
        note("age", 17, on=date(2026, 8, 31))
    note("age", 20)
    assert decided_by(seen) == {"age on 31/08/2026": "17"}


def test_what_another_thread_notes_is_another_learners() -> None:
    with ThreadPoolExecutor(1) as other, traced() as seen:
        other.submit(note, "age", 19).result()
    assert not seen

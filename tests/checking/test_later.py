"""The picture of a report is made when somebody looks at it, once, and travels as it was made."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest

from bot.checking.later import Later
from bot.checking.paste import Checker
from bot.errors import InputError
from bot.helpdesk import Helpdesk
from tests.benchmarks.invented import HEAD, learner

RECORD = f"{HEAD}{learner(1, 3)}</Message>"
T = TypeVar("T")


def sent(what: T) -> T:
    """As another process gets it."""
    return pickle.loads(pickle.dumps(what))  # type: ignore[no-any-return]  # noqa: S301 - our own


def test_it_is_made_once() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    later = Later(make)
    assert made == []
    assert (later.value, later.value, made) == (1, 1, [1])


def test_what_is_sent_is_the_value() -> None:
    later: Later[date] = Later(lambda: date(2026, 9, 7))  # a lambda cannot be sent
    assert sent(later).value == date(2026, 9, 7)


def test_a_report_that_nobody_draws_has_no_timeline_made(
    helpdesk: Helpdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    really = Checker._timeline

    def counted(*given: object) -> object:
        made.append(1)
        return really(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Checker, "_timeline", counted)
    report = helpdesk.check(RECORD)
    assert made == []
    first = report.timeline
    assert first is not None
    assert replace(report, learners=()).timeline is first
    assert sent(report).timeline == first
    assert made == [1]


def test_who_names_a_learner_is_told_at_once_that_there_is_none(helpdesk: Helpdesk) -> None:
    with pytest.raises(InputError, match="No learner of this record"):
        helpdesk.check(RECORD, learner="QUILL7")

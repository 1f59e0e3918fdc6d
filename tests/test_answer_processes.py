"""Questions that other processes answer: the same answers, whatever becomes of the processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.answer_processes import AnswerProcesses, _Child
from bot.helpdesk import Approved, Helpdesk
from bot.settings import Settings
from tests.conftest import TODAY

QUESTION = "learner has three placements this year, one ZWRKX001 or three"
AT_RISK = "a learner told me that she wants to hurt herself"


@pytest.fixture(scope="module")
def alone() -> Helpdesk:
    """A helpdesk that answers by words, without anybody's help."""
    return Helpdesk.open(Settings(semantic="off", fixed_today=TODAY), ready="now")


@pytest.fixture(scope="module")
def processes(alone: Helpdesk) -> Iterator[AnswerProcesses]:
    """One process that answers for it."""
    found = AnswerProcesses(Settings(semantic="off", fixed_today=TODAY, secret="kept here"), 1)
    assert found.wait(alone)
    yield found
    found.close()


@pytest.fixture
def shared(alone: Helpdesk, processes: AnswerProcesses) -> Iterator[Helpdesk]:
    """The helpdesk, with the process running."""
    assert processes.wait(alone)
    alone.elsewhere = processes
    yield alone
    alone.elsewhere = None


def child(processes: AnswerProcesses) -> _Child:
    [one] = processes._children
    return one


def made_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the helpdesk's own answerer from now on."""
    from bot.answering.answerer import Answerer

    asked: list[str] = []
    answer = Answerer.answer

    def noted(self: Answerer, question: str, *given: Any, **named: Any) -> Any:
        asked.append(question)
        return answer(self, question, *given, **named)

    monkeypatch.setattr(Answerer, "answer", noted)
    return asked


def test_another_process_says_what_this_one_would(
    shared: Helpdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = made_here(monkeypatch)
    theirs = [shared.ask(QUESTION), shared.ask("and for T Levels?", before=[QUESTION])]
    assert asked == []
    shared.elsewhere = None
    assert theirs == [shared.ask(QUESTION), shared.ask("and for T Levels?", before=[QUESTION])]
    assert theirs[0].outcome == "answer"


def test_a_learner_at_risk_is_seen_there_as_well(shared: Helpdesk) -> None:
    assert shared.is_at_risk(AT_RISK)
    assert not shared.is_at_risk(QUESTION)
    assert shared.ask(AT_RISK).reply == "safeguarding"


@pytest.mark.long
def test_what_is_approved_here_is_answered_there(
    shared: Helpdesk, processes: AnswerProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = next(iter(shared.knowledge.entries.values())).model_copy(
        update={
            "id": "parking-permits",
            "question": "Where does MIS return parking permits for minibus drivers?",
            "also_asked": ["minibus driver parking permit, which return"],
        }
    )
    approved = shared.with_approved([Approved(entry, "U1", date(2026, 11, 20))])
    running = child(processes)._running
    assert running is not None
    assert running.version_of(approved) is None  # until it is told
    assert running._teller is not None
    running._teller.join()
    assert running.version_of(approved) == 1
    asked = made_here(monkeypatch)
    assert approved.ask("minibus driver parking permit, which return").entry == "parking-permits"
    assert shared.ask("minibus driver parking permit, which return").entry != "parking-permits"
    assert asked == []


def test_a_process_that_is_killed_costs_nobody_an_answer(
    shared: Helpdesk, processes: AnswerProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = child(processes)._running
    assert running is not None
    running.end()
    asked = made_here(monkeypatch)
    assert shared.ask(QUESTION).outcome == "answer"
    assert asked == [QUESTION]
    assert processes.wait(shared)  # another has taken its place
    assert shared.ask(QUESTION).outcome == "answer"
    assert asked == [QUESTION]


def test_one_that_takes_too_long_is_ended(
    shared: Helpdesk, processes: AnswerProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answer_processes.SECONDS", 0.2)
    before = child(processes)._running
    assert before is not None
    assert before._process.pid is not None
    os.kill(before._process.pid, signal.SIGSTOP)
    assert shared.ask(QUESTION).outcome == "answer"
    assert not before._process.is_alive()


def test_why_is_told_by_the_process_that_is_asked(
    shared: Helpdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = made_here(monkeypatch)
    assert shared.ask(QUESTION, why=True).why
    assert asked == [QUESTION]


def test_the_process_is_told_no_secret(processes: AnswerProcesses) -> None:
    assert child(processes)._settings == Settings(semantic="off", fixed_today=TODAY)


def test_after_the_end_answers_are_made_here(alone: Helpdesk) -> None:
    ended = AnswerProcesses(Settings(semantic="off"), 1)
    ended.close()
    assert not ended.wait(alone)
    assert ended.ask(alone, QUESTION, None, ()) is None

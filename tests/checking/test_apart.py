"""Files are checked in processes of their own: what they may cost, and what ends nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.checking import apart as module
from bot.checking import child
from bot.checking.apart import Apart, ApartError, Limits, is_small
from bot.checking.child import CheckTask
from bot.errors import Failed, InputError
from bot.helpdesk import Helpdesk
from tests.conftest import TODAY
from tests.slack.running_bot import LEARNER


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    """One process that the tests share."""
    made = Apart(at_once=1)
    yield made
    made.close()


def many(count: int) -> bytes:
    learners = "".join(LEARNER.replace("0fm90rk3", f"l{n}") for n in range(count))
    return f"<Message>{learners}</Message>".encode()


def test_it_reports_what_a_check_here_reports(apart: Apart, helpdesk: Helpdesk) -> None:
    record = many(3)
    found = apart.check(helpdesk.knowledge, record, today=TODAY, file_name="a.xml")
    assert found.to_json() == helpdesk.check(record, file_name="a.xml").to_json()
    copy = apart.redact(helpdesk.knowledge, record)
    assert "Imogen" not in copy
    assert "<LearnRefNumber>" in copy


def test_what_cannot_be_read_is_said_and_the_process_goes_on(
    apart: Apart, helpdesk: Helpdesk
) -> None:
    apart.check(helpdesk.knowledge, many(1), today=TODAY)
    (process,) = apart._idle
    with pytest.raises(InputError, match="No learner record was found"):
        apart.check(helpdesk.knowledge, b"what is this?", today=TODAY)
    assert apart._idle == [process]


def test_more_memory_than_a_file_may_have_is_said(helpdesk: Helpdesk) -> None:
    few = Apart(Limits(memory=110_000_000))
    with pytest.raises(InputError, match="needs more memory"):
        few.check(helpdesk.knowledge, many(3_000), today=TODAY)
    assert few._idle == [], "a process that ran short is not used again"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is not told here")
def test_memory_is_looked_at_while_there_is_some_to_spare() -> None:
    """Where there is none at all, Python may try for ever to say so."""
    child._look_at_memory(1 << 60)
    with pytest.raises(MemoryError):
        child._look_at_memory(1)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is not told here")
def test_a_process_ends_before_the_system_gives_it_no_more() -> None:
    """What it may have beyond is never used up: a loop that takes a little more each time."""
    ended = subprocess.run(
        [sys.executable, "-c", "from bot.checking.child import _limit_memory, _look_no_more\n"
         "_limit_memory(200_000_000)\n"
         "taken = []\n"
         "try:\n"
         "    while True: taken.append(bytearray(1_000)); sum(range(200))\n"
         "except MemoryError:\n"
         "    _look_no_more()\n"
         "    spare = bytearray(16_000_000)"],
        check=False,
        capture_output=True,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_more_of_the_processor_than_a_file_may_have_is_said(helpdesk: Helpdesk) -> None:
    short = Apart(Limits(processor_seconds=1))
    with pytest.raises(InputError, match="took longer"):
        short.check(helpdesk.knowledge, many(10_000), today=TODAY)
    assert short._idle == []


def test_a_process_that_stands_still_is_ended(helpdesk: Helpdesk) -> None:
    """It sleeps for ever; no processor time runs out."""
    short = Apart(Limits(seconds=0.01))
    with pytest.raises(InputError, match="took longer"):
        short.check(helpdesk.knowledge, many(1), today=TODAY)


def test_a_killed_process_ends_its_file_alone(apart: Apart, helpdesk: Helpdesk) -> None:
    apart.check(helpdesk.knowledge, many(1), today=TODAY)
    (process,) = apart._idle
    os.kill(process._child.pid, signal.SIGSTOP)  # so that it is killed before it can answer
    said: list[str] = []

    def check() -> None:
        try:
            apart.check(helpdesk.knowledge, many(2), today=TODAY)
        except InputError as error:
            said.append(str(error))

    asking = threading.Thread(target=check)
    asking.start()
    os.kill(process._child.pid, signal.SIGKILL)
    asking.join()
    # Killed before it was taken, another one did the work; killed at it, that is said.
    assert [one for one in said if "memory" not in one] == []
    assert len(apart.check(helpdesk.knowledge, many(2), today=TODAY).learners) == 2


def test_new_knowledge_has_a_new_process(apart: Apart, helpdesk: Helpdesk) -> None:
    import copy

    apart.check(helpdesk.knowledge, many(1), today=TODAY)
    (before,) = apart._idle
    apart.check(copy.copy(helpdesk.knowledge), many(1), today=TODAY)
    (after,) = apart._idle
    assert after is not before
    assert not before.is_running


def test_a_mistake_of_ours_says_where_and_nothing_of_the_record(
    monkeypatch: pytest.MonkeyPatch, helpdesk: Helpdesk, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def do(self, task: CheckTask) -> Failed:
            return Failed("KeyError", ["engine.py:7"])

    apart = Apart()
    monkeypatch.setattr(apart, "_taken", lambda knowledge: Broken())
    monkeypatch.setattr(apart, "_give_back", lambda process: None)
    with pytest.raises(ApartError) as told:
        apart.check(helpdesk.knowledge, "Imogen", today=TODAY)
    assert "Imogen" not in str(told.value) + caplog.text


def test_no_more_than_so_many_run_at_once(
    monkeypatch: pytest.MonkeyPatch, helpdesk: Helpdesk
) -> None:
    begun, most, go = [], [], threading.Event()

    class Slow:
        def do(self, task: CheckTask) -> str:
            begun.append(1)
            most.append(len(begun))
            go.wait(10)
            begun.pop()
            return "done"

    apart = Apart(at_once=2)
    monkeypatch.setattr(apart, "_taken", lambda knowledge: Slow())
    monkeypatch.setattr(apart, "_give_back", lambda process: None)
    asking = [
        threading.Thread(
            target=apart.check, args=(helpdesk.knowledge, "x"), kwargs={"today": TODAY}
        )
        for _ in range(8)
    ]
    for one in asking:
        one.start()
    go.set()
    for one in asking:
        one.join()
    assert len(most) == 8
    assert max(most) <= 2


def test_an_idle_process_is_ended(monkeypatch: pytest.MonkeyPatch, helpdesk: Helpdesk) -> None:
    monkeypatch.setattr(module, "SECONDS_IDLE", 0.0)
    apart = Apart()
    apart.check(helpdesk.knowledge, many(1), today=TODAY)
    for _ in range(1_000):
        if not apart._idle:
            break
        threading.Event().wait(0.01)
    assert apart._idle == []


def test_only_a_little_text_is_checked_where_it_is() -> None:
    assert is_small("<Learner>")
    assert not is_small("x" * 50_001)
    assert not is_small(b"PK\x03\x04")

"""One question asked back instead of a list of entries."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.helpdesk import Helpdesk
from bot.knowledge.clarifying import FILE, faults, load, one_question
from bot.matching import InThread, Match, Ranked
from bot.terminal.chat import Conversation
from bot.yaml_files import shipped_knowledge
from bot.years import AcademicYear

GIVEN = """\
questions:
  - ask: Did the learner go out at all?
    replies: [{say: "No, never"}, {say: "Yes, partly"}]
    between: [[never, partly], [other, partly]]
  - ask: Is it a T Level or a study programme?
    replies: [{say: A study programme}, {say: A T Level}]
    between: [[job, t-level-job]]
  - ask: Which academic year is the record for?
    replies: [{say: 2020-21, year: 2020-21}, {say: Later}]
    between: [[covid, now]]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / FILE).write_text(GIVEN, encoding="utf-8")
    return tmp_path


def _asked(
    folder: Path, offered: list[str], question: str = "well?", *, known: bool = False
) -> str | None:
    found = one_question(load([folder]), offered, question, year_is_known=known)
    return found.question if found else None


def test_entries_that_differ_in_a_condition_become_one_question(folder: Path) -> None:
    found = one_question(load([folder]), ["partly", "never"], "no placement", year_is_known=False)
    assert found is not None
    assert found.question == "Did the learner go out at all?"
    assert found.ways == (("No, never", "never", None), ("Yes, partly", "partly", None))


def test_entries_that_differ_in_the_year_ask_which(folder: Path) -> None:
    found = one_question(load([folder]), ["now", "covid"], "hours kept?", year_is_known=False)
    assert found is not None
    assert found.question == "Which academic year is the record for?"
    assert found.ways[0] == ("2020-21", "covid", AcademicYear(2020))
    assert _asked(folder, ["now", "covid"], known=True) is None


@pytest.mark.parametrize(
    "offered", [["never"], ["never", "job"], ["never", "partly", "job"], ["never", "other"], []]
)
def test_entries_that_differ_in_more_are_listed(folder: Path, offered: list[str]) -> None:
    assert _asked(folder, offered) is None


def test_what_was_said_is_not_asked(folder: Path) -> None:
    assert _asked(folder, ["job", "t-level-job"], "part-time job as placement?") is not None
    assert _asked(folder, ["job", "t-level-job"], "can T-Level students use a job?") is None


@pytest.mark.parametrize(
    "row", ["[never]", "[never, partly, job]", "[never, never]", "[Not An Id, partly]"]
)
def test_a_row_without_an_entry_for_each_reply_is_refused(folder: Path, row: str) -> None:
    text = GIVEN.replace("[never, partly]", row)
    (folder / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError):
        load([folder])


def test_an_entry_that_does_not_exist_is_a_fault_with_its_line(folder: Path) -> None:
    found = list(faults(folder, {"never", "partly", "job", "t-level-job", "covid", "now"}))
    assert len(found) == 1
    assert f"{FILE}" in str(found[0])
    assert "'other'" in str(found[0])


def test_the_shipped_questions_are_about_entries_that_exist(helpdesk: Helpdesk) -> None:
    assert load([shipped_knowledge()])
    assert list(faults(shipped_knowledge(), helpdesk.knowledge.entries)) == []


T_LEVEL_OR_NOT = "Is the learner on a study programme or a T Level?"
WHICH_YEAR = "Which academic year is the record for?"


JOBS = ("part-time-job-as-work-experience", "t-level-part-time-job")
SUBSTITUTES = ("covid-substitute-activities", "placement-replaced-by-other-activity")


def unsure(helpdesk: Helpdesk, between: tuple[str, str]) -> Helpdesk:
    """The same helpdesk, for which two entries fit a question as well. Which wordings leave it
    unsure changes with the knowledge."""
    found = copy.copy(helpdesk)
    found.__dict__.pop("messages", None)
    ask = helpdesk._match

    def match(
        text: str,
        suitable: Callable[[str], bool] | None = None,
        thread: InThread | None = None,
    ) -> Match:
        ranked = tuple(Ranked(entry, 0.5, 0.5) for entry in between)
        return replace(
            ask(text, suitable, thread), outcome="choices", ranked=ranked, confidence=0.4
        )

    found._match = match
    return found


def test_the_helpdesk_asks_whether_it_is_a_t_level(helpdesk: Helpdesk) -> None:
    answer = unsure(helpdesk, JOBS).ask("can their job be used for the placement")
    assert answer.outcome == "choices"
    assert answer.ask == T_LEVEL_OR_NOT
    assert {choice.label: choice.entry for choice in answer.choices} == {
        "A study programme": JOBS[0],
        "A T Level": JOBS[1],
    }
    assert answer.to_json()["ask"] == answer.ask


def test_the_helpdesk_asks_which_year_and_answers_for_it(
    helpdesk: Helpdesk, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = Conversation(unsure(helpdesk, SUBSTITUTES))
    talk.hear("can substitute activities keep the hours")
    assert WHICH_YEAR in capsys.readouterr().out
    talk.hear("2020-21")
    assert "for that year only" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("reply", ["2", "A T Level", "a t level."])
def test_a_reply_is_understood_by_number_or_in_words(
    helpdesk: Helpdesk, capsys: pytest.CaptureFixture[str], reply: str
) -> None:
    talk = Conversation(unsure(helpdesk, JOBS))
    talk.hear("can their job be used for the placement")
    capsys.readouterr()
    talk.hear(reply)
    assert "Can a T Level student's part-time job count" in capsys.readouterr().out

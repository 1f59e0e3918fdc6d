"""What is fuzzed. A target takes the number of an input and returns when all was as it should be.

``Falls`` names what went wrong; it never repeats the input.
"""

from __future__ import annotations

import contextlib
import json
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

from bot.answers import Answer, AnswerKind
from bot.checking.report import Report
from bot.errors import InputError, KnowledgeError, Problem
from bot.helpdesk import Helpdesk
from bot.ilr.readers import read
from bot.knowledge.base import KnowledgeBase
from bot.slack.blocks.answer import AnswerContext
from bot.slack.blocks.modals import explain_modal, report_modal
from bot.slack.blocks.post import Post, fit_view
from bot.slack.blocks.reply import reply
from bot.slack.blocks.report import report_post, shared_rules
from bot.slack.blocks.text import unslack
from bot.slack.features import keywords
from tests.fuzz import inputs
from tests.support.slack_limits import check_message, check_view

__all__ = ["SEED", "TARGETS", "Target", "keeps_limits", "told_plainly"]

SEED = 20_261_124
MAX_MESSAGE_LENGTH = 400
Target = Callable[[Helpdesk, int], None]
TARGETS: dict[str, Target] = {}


def target(function: Target) -> Target:
    """Register a target under its name."""
    TARGETS[function.__name__] = function
    return function


def _chance(number: int) -> random.Random:
    return random.Random(SEED + number)


def told_plainly(error: InputError) -> None:
    """A refusal is a sentence or two, whatever was given."""
    said = str(error)
    assert 0 < len(said) <= MAX_MESSAGE_LENGTH, "a refusal is a sentence"


@target
def readers(helpdesk: Helpdesk, number: int) -> None:
    """Any paste is read, or refused in a sentence; and read the same again."""
    given = inputs.paste(_chance(number))
    try:
        first = read(given).to_json()
    except InputError as error:
        told_plainly(error)
        return
    json.dumps(first)
    assert read(given).to_json() == first, "the same paste is read the same"


@target
def checks(helpdesk: Helpdesk, number: int) -> None:
    """Any paste is checked, or refused in a sentence; the report can be written and shown."""
    with contextlib.suppress(InputError):
        report = helpdesk.check(inputs.paste(_chance(number)))
        json.dumps(report.to_json())
        keeps_limits(report_post(report))
        _view_keeps_limits(report)


@target
def matcher(helpdesk: Helpdesk, number: int) -> None:
    """Any question is answered, met with choices, or not answered."""
    asked = inputs.question(_chance(number))
    helpdesk.is_record(asked)
    for answer in (helpdesk.ask(asked), helpdesk.explain(asked[:200])):
        assert answer.outcome in get_args(AnswerKind)
        assert answer.outcome != "choices" or 2 <= len(answer.choices) <= 3
        json.dumps(answer.to_json(), ensure_ascii=False)


@target
def commands(helpdesk: Helpdesk, number: int) -> None:
    """What follows /ilr is one of its verbs, and nothing of it is lost."""
    typed = inputs.command(_chance(number))
    plain = unslack(typed)
    found = keywords.parse(plain)
    assert found.verb in ("help", "check", "dates", "topics", "forget", "explain", "ask")
    assert found.rest in plain


@target
def blocks(helpdesk: Helpdesk, number: int) -> None:
    """What is said to any question keeps Slack's limits and tags nobody."""
    answer = helpdesk.ask(inputs.question(_chance(number)))
    context = _context(helpdesk, number)
    keeps_limits(reply(answer, context))
    if answer.outcome == "answer":
        _view_keeps_limits(answer, context)


@target
def knowledge(helpdesk: Helpdesk, number: int) -> None:
    """A curator's file is taken, or refused with file, line and remedy."""
    name, text = inputs.knowledge_file(_chance(number))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        problems: list[Problem] = []
        try:
            KnowledgeBase.load(Path(folder) / "own")
        except KnowledgeError as error:
            problems = error.problems
            assert problems
        assert all(one.line >= 1 and one.message for one in problems)
        assert all(one.file.endswith(Path(name).name) for one in problems)


def _context(helpdesk: Helpdesk, number: int) -> AnswerContext:
    entries = helpdesk.knowledge.entries

    def title_of(entry: str) -> str:
        return entries[entry].question if entry in entries else entry

    private, people = number % 2 == 0, number % 3 == 0
    return AnswerContext(title_of, tuple(helpdesk.knowledge.covers()), (number,), private, people)


def keeps_limits(post: Post) -> None:
    fitted = post.fitted()
    message = {"text": fitted.text, "blocks": fitted.blocks}
    assert [str(one) for one in check_message(message)] == []
    sent = json.dumps(message)
    assert "<!channel>" not in sent and "<@U1>" not in sent, "nobody is tagged"  # noqa: PT018


def _view_keeps_limits(shown: Report | Answer, context: AnswerContext | None = None) -> None:
    if isinstance(shown, Report):
        view = report_modal(report_post(shown, surface="modal").blocks, shared_rules(shown))
    else:
        assert context is not None
        view = explain_modal(shown, [], context)
    assert [str(one) for one in check_view(fit_view(view))] == []


def numbers(first: int = 0) -> Iterator[int]:
    """The numbers of the inputs."""
    while True:
        yield first
        first += 1

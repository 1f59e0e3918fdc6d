"""Commands that answer: ask, explain, chat."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Annotated, TextIO

import typer

from bot.errors import InputError
from bot.terminal.commands.common import (
    JsonOption,
    YearOption,
    complete_term,
    open_helpdesk,
    parse_year,
    write_json,
)
from bot.terminal.wording import not_known
from bot.years import AcademicYear

__all__ = ["ask", "chat", "explain"]

FullOption = Annotated[bool, typer.Option("--full", help="With the detail.")]


def ask(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="QUESTION", help="The question; - reads one per line from standard input."
        ),
    ],
    year: YearOption = None,
    as_json: JsonOption = False,
    why: Annotated[bool, typer.Option("--why", help="Show what matched and why.")] = False,
    full: FullOption = False,
) -> None:
    """Ask a question.

    Example: ilr-helpdesk ask "one aim or three for three placements?"
    """
    question = " ".join(words)
    if not question.strip():
        raise InputError('There is no question here. Put it in quotation marks: ask "when is R04?"')
    # Many questions are answered alike, so they wait for the semantic layer.
    helpdesk = open_helpdesk("now" if question == "-" else "kept")
    if question == "-":
        for asked, for_year in _read_questions(sys.stdin, parse_year(year)):
            write_json(helpdesk.ask(asked, for_year, why=why).to_json())
        return
    answer = helpdesk.ask(question, parse_year(year), why=why)
    if as_json:
        write_json(answer.to_json())
        return
    from bot.terminal.render.answers import show_answer, show_why
    from bot.terminal.render.console import console

    out = console()
    show_answer(out, answer, helpdesk.title_of, in_full=full)
    show_why(out, answer)


def _read_questions(
    lines: TextIO, default: AcademicYear | None
) -> Iterator[tuple[str, AcademicYear | None]]:
    """A question per line, plain or as {"question": …, "year": …}. Raises InputError."""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if not text.startswith("{"):
            yield text, default
            continue
        try:
            given = json.loads(text)
            question, year = given["question"], given.get("year")
            if not isinstance(question, str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            raise InputError(
                f'Line {number} is not a question. Write {{"question": "…", "year": "2026-27"}} '
                "or the question itself."
            ) from None
        yield question, parse_year(year) if year else default


def explain(
    term: Annotated[
        list[str],
        typer.Argument(
            help="A rule, field, code, return or abbreviation.", autocompletion=complete_term
        ),
    ],
    year: YearOption = None,
    as_json: JsonOption = False,
    full: FullOption = False,
) -> None:
    """Explain a rule, an ILR field, a code, a return or an abbreviation.

    Example: ilr-helpdesk explain WorkPlaceStartDate_02
    """
    helpdesk = open_helpdesk()
    asked = " ".join(term)
    answer = helpdesk.explain(asked, parse_year(year))
    if as_json:
        write_json(answer.to_json())
        return
    from bot.terminal.render.answers import show_answer
    from bot.terminal.render.console import console

    if answer.outcome == "none":
        raise InputError(not_known(helpdesk.near_terms(asked)))
    show_answer(console(), answer, helpdesk.title_of, in_full=full)


def chat(year: YearOption = None) -> None:
    """Ask questions, paste records and look up terms in one chat.

    Tab completes rules, fields and codes. Piped questions and records are answered in turn.
    Example: ilr-helpdesk chat --year 2025-26
    """
    from bot.terminal.chat import talk

    talk(open_helpdesk("background"), parse_year(year))

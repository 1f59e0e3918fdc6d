"""The chat in a terminal: questions, pasted records and terms at one prompt."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from bot.answers import Answer, Choice
from bot.errors import HelpdeskError
from bot.helpdesk import Helpdesk
from bot.ilr.readers import may_begin_record
from bot.terminal.render.answers import show_answer
from bot.terminal.render.console import console, error_console
from bot.terminal.render.reports import show_report
from bot.terminal.wording import not_known
from bot.years import AcademicYear

__all__ = ["Conversation", "messages", "talk"]

WELCOME = (
    "ILR Helpdesk. Ask a question, paste a learner record, or name a rule or field.\n"
    "A pasted record is checked on this computer and never stored. Tab completes\n"
    "names, ↑ repeats what you typed. Type help or quit."
)
HELP = """Ask in your own words:   one aim or three for three placements?
Explain a term:          explain R_96 · SOF 107 · EEP · when is R04?
Check a record:          paste XML, a table, or fields one per line
See the rest:            more (after an answer) · topics (what is covered)
Change the year:         year 2025-26 (then ask), or name it in the question
Complete a name:         WorkPl, then Tab
Leave:                   quit"""
COMMANDS = ("explain", "help", "more", "quit", "topics", "year")

_EXPLAIN = re.compile(r"^explain\s+(.+)$", re.IGNORECASE)
_YEAR = re.compile(r"^year\s+(\S.*)$", re.IGNORECASE)


class Conversation:
    """What was asked and offered so far at this prompt, and the year to answer for."""

    def __init__(self, helpdesk: Helpdesk, year: AcademicYear | None = None) -> None:
        self.helpdesk = helpdesk
        self.year = year
        self.asked: list[str] = []
        self.offered: Answer | None = None
        self.last: Answer | None = None
        self.out = console()

    def hear(self, message: str) -> bool:
        """Answer one message. False when it ends the chat."""
        text = message.strip()
        word = text.casefold().rstrip(".!")
        if word in {"quit", "exit", "bye", ":q"}:
            return False
        if not text:
            return True
        try:
            self._answer(text, word)
        except HelpdeskError as error:
            error_console().print(str(error), style="yellow")
        return True

    def _answer(self, text: str, word: str) -> None:
        if word in {"help", "?"}:
            self.out.print(HELP)
            return
        if word == "topics":
            self.out.print("\n".join(f"  - {topic}" for topic in self.helpdesk.knowledge.covers()))
            return
        if word == "more" and self.last is not None:
            show_answer(self.out, self.last, self.helpdesk.title_of, in_full=True)
            return
        if self.helpdesk.is_record(text):
            show_report(self.out, self.helpdesk.check(text, self.year))
            return
        year = _YEAR.match(text)
        if year:
            self._set_year(year[1])
            return
        explain = _EXPLAIN.match(text)
        answer = self.helpdesk.explain(explain[1], self.year) if explain else self._ask(text)
        self.offered = answer if answer.choices else None
        self.last = answer
        if explain and answer.outcome == "none":
            self.out.print(not_known(self.helpdesk.near_terms(explain[1])))
            return
        show_answer(self.out, answer, self.helpdesk.title_of, more_hint="There is more: type more.")

    def _ask(self, text: str) -> Answer:
        chosen = self._choice_taken(text)
        if self.offered and chosen:
            return self.helpdesk.entry(chosen.entry, chosen.year or self.offered.year)
        answer = self.helpdesk.ask(text, self.year, before=self.asked[-3:])
        self.asked.append(text)
        return answer

    def _choice_taken(self, text: str) -> Choice | None:
        """The choice that was offered and is now taken, by its number or in its words."""
        choices = self.offered.choices if self.offered else ()
        if text.isdigit() and 1 <= int(text) <= len(choices):
            return choices[int(text) - 1]
        said = re.sub(r"\W+", " ", text.casefold()).strip()
        taken = [
            choice
            for choice in choices
            if choice.label
            and re.sub(r"\W+", " ", f"{choice.label} ".casefold()).startswith(f"{said} ")
        ]
        return taken[0] if said and len(taken) == 1 else None

    def _set_year(self, text: str) -> None:
        try:
            self.year = AcademicYear.parse(text)
        except ValueError as error:
            error_console().print(str(error), style="yellow")
            return
        self.out.print(f"Answering for {self.year} from now on.")


def talk(helpdesk: Helpdesk, year: AcademicYear | None = None) -> None:
    """Chat until quit or end of input."""
    conversation = Conversation(helpdesk, year)
    if sys.stdin.isatty():
        conversation.out.print(WELCOME, style="bold blue")
        incoming = _prompt(helpdesk)
    else:
        incoming = messages(sys.stdin)
    for message in incoming:
        if not conversation.hear(message):
            return


def _prompt(helpdesk: Helpdesk) -> Iterator[str]:
    """Lines typed at a prompt, with history and completion of rules and fields."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import InMemoryHistory

    from bot.terminal.pasting import keep_pastes_whole

    words = sorted({*helpdesk.known_terms(), *COMMANDS}, key=str.casefold)
    # In memory only: a history file would keep pasted records.
    session: PromptSession[str] = PromptSession(
        history=InMemoryHistory(),
        completer=WordCompleter(words, ignore_case=True, WORD=True),
        complete_while_typing=False,
        enable_history_search=True,
        key_bindings=keep_pastes_whole(may_begin_record),
    )
    while True:
        try:
            yield session.prompt("\nilr> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


_MAX_WAITING = 5_000
"""Lines of a table or list that are held together."""
_OPENING = re.compile(r"<(?:[\w.-]+:)?([A-Za-z]\w*)")


def messages(lines: Iterator[str]) -> Iterator[str]:
    """Messages from piped input: a line each, and a pasted record as one message.

    A record begins at a line that opens an element and ends at that element's closing tag,
    a blank line or the end. Lines of a table or a list of fields belong together up to a
    blank line, when together they are one.
    """
    waiting: list[str] = []
    for message in _elements(lines):
        if "\n" not in message.rstrip("\n") and _in_block(message, waiting):
            waiting.append(message)
            continue
        yield from _together(waiting)
        waiting = []
        yield message
    yield from _together(waiting)


def _in_block(line: str, waiting: list[str]) -> bool:
    """Whether a line could begin or continue a table or list."""
    if not line.strip() or len(waiting) >= _MAX_WAITING:
        return False
    return bool(waiting) or may_begin_record(line)


def _together(waiting: list[str]) -> list[str]:
    """The lines as one message, when they are a record; else one message each."""
    whole = "".join(waiting)
    return [whole] if len(waiting) > 1 and Helpdesk.is_record(whole) else waiting


def _elements(lines: Iterator[str]) -> Iterator[str]:
    """Lines, and pasted elements as one message."""
    record: list[str] = []
    closing = ""
    for line in lines:
        if not record:
            opened = _OPENING.search(line) if "<" in line and Helpdesk.is_record(line) else None
            if opened is None:
                yield line
                continue
            closing = f"{opened[1]}>"
        record.append(line)
        if not line.strip() or re.search(rf"</(?:[\w.-]+:)?{re.escape(closing)}", line):
            yield "".join(record)
            record = []
    if record:
        yield "".join(record)

"""What commands have in common: options, exit statuses, completion, and reading and writing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.errors import HelpdeskError, InputError
from bot.years import AcademicYear

if TYPE_CHECKING:
    from bot.helpdesk import Helpdesk
    from bot.matching import Ready
    from bot.settings import Settings

__all__ = [
    "ERRORS_FOUND",
    "NO_ERRORS",
    "UNREADABLE",
    "FileArgument",
    "JsonList",
    "JsonOption",
    "YearOption",
    "complete_term",
    "complete_topic",
    "load_settings",
    "open_helpdesk",
    "parse_year",
    "read_input",
    "write_json",
]

NO_ERRORS, ERRORS_FOUND, UNREADABLE = 0, 1, 2
"""Exit statuses of every command."""


def _complete(incomplete: str, words: Callable[[Helpdesk], Iterable[str]]) -> list[str]:
    """The words that begin so, in capitals or not, for the shell's Tab; [] when it cannot open."""
    try:
        helpdesk = open_helpdesk(settings=replace(load_settings(), semantic="off"))
    except HelpdeskError:
        return []
    start = incomplete.casefold()
    return sorted(word for word in words(helpdesk) if word.casefold().startswith(start))


def complete_term(incomplete: str) -> list[str]:
    """Rules, fields, codes and terms."""
    return _complete(incomplete, lambda helpdesk: helpdesk.known_terms())


def complete_topic(incomplete: str) -> list[str]:
    """Topic ids."""
    return _complete(incomplete, lambda helpdesk: helpdesk.knowledge.topics)


def _complete_year(incomplete: str) -> list[str]:
    return _complete(incomplete, lambda helpdesk: map(str, helpdesk.knowledge.specification.years))


YearOption = Annotated[
    str | None,
    typer.Option(
        "--year",
        "-y",
        help="Academic year, e.g. 2026-27. Default: the year named, or the current one.",
        autocompletion=_complete_year,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON (see README).")]
FileArgument = Annotated[str, typer.Argument(help="A file; - reads standard input.")]


def load_settings() -> Settings:
    """The settings of this folder and environment. Raises SettingsError."""
    from bot.settings import Settings

    return Settings.load()


def open_helpdesk(ready: Ready = "kept", *, settings: Settings | None = None) -> Helpdesk:
    """The helpdesk that the settings describe. Raises HelpdeskError."""
    from bot.helpdesk import Helpdesk

    return Helpdesk.open(settings or load_settings(), ready=ready)


def parse_year(text: str | None) -> AcademicYear | None:
    """The year given, if one was. Raises InputError when it is not an academic year."""
    if text is None:
        return None
    try:
        return AcademicYear.parse(text)
    except ValueError as error:
        raise InputError(str(error)) from None


def read_input(file: str) -> bytes:
    """A file's content, or standard input's for "-". Raises InputError when it cannot be read."""
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except FileNotFoundError:
        raise InputError(f"There is no file {file!r}.") from None
    except OSError as error:
        raise InputError(f"{file!r} could not be read: {error.strerror}.") from None


def write_json(data: Any) -> None:
    """One line of JSON on standard output."""
    typer.echo(json.dumps(data, ensure_ascii=False))


class JsonList:
    """One line of JSON as ``write_json`` writes it, of which one list is written as it comes."""

    def __init__(self, key: str) -> None:
        self._before = f"{{{json.dumps(key)}: ["

    def write(self, items: Iterable[Any]) -> None:
        """Write some of the list."""
        if texts := [json.dumps(item, ensure_ascii=False) for item in items]:
            sys.stdout.write(self._before + ", ".join(texts))
            self._before = ", "

    def end(self, rest: Mapping[str, Any]) -> None:
        """Write the other keys."""
        start = "" if self._before == ", " else self._before
        sys.stdout.write(f"{start}], {json.dumps(rest, ensure_ascii=False)[1:]}\n")

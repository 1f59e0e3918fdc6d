"""The command line: the same helpdesk that Slack uses, in a terminal.

``COMMANDS`` is what there is, and in what order ``--help`` shows it.
"""

from __future__ import annotations

import contextlib
import gc
import inspect
import logging
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any, NoReturn

import typer
import typer.core

from bot import __version__
from bot.errors import HelpdeskError
from bot.terminal.commands import asking, checking, curating, erasing, knowledge, running
from bot.terminal.commands import reference as reference_commands
from bot.terminal.commands import rules as rule_commands
from bot.terminal.commands.common import NO_ERRORS, UNREADABLE

__all__ = ["app", "main"]

COMMANDS: dict[str, dict[str, Callable[..., None] | typer.Typer]] = {
    "Ask and check": {
        "chat": asking.chat,
        "ask": asking.ask,
        "explain": asking.explain,
        "check": checking.check,
        "read": checking.read,
        "redact": checking.redact,
    },
    "Look after the knowledge": {
        "lint": knowledge.lint,
        "new": knowledge.new,
        "schemas": knowledge.schemas,
        "report": curating.report,
        "export": curating.export,
        "phrasings": curating.phrasings,
        "suggestions": curating.suggestions,
        "evaluate": knowledge.evaluate,
        "site": knowledge.site,
        "rules": rule_commands.rules,
        "reference": reference_commands.reference,
    },
    "Run it": {
        "run": running.run,
        "serve": running.serve,
        "doctor": running.doctor,
        "migrate": running.migrate,
        "manifest": running.manifest,
        "settings": running.show_settings,
        "digest": running.digest,
        "purge": running.purge,
        "find": erasing.find,
        "erase": erasing.erase,
        "forget": erasing.forget,
        "prepare": running.prepare,
        "version": running.version,
    },
}
"""Every command under its heading; a Typer is a group of commands."""


SELDOM = (100_000, 50, 100)
"""When Python looks for what can be freed, by new objects; its own is after each 700."""


class _Grouped(typer.core.TyperGroup):
    """Shows commands under headings, each with its whole first line of help."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write them in the order of ``COMMANDS``."""
        for title, names in COMMANDS.items():
            commands = {name: self.get_command(ctx, name) for name in names}
            with formatter.section(title):
                formatter.write_dl(
                    (name, (command.help or "").strip().partition("\n")[0])
                    for name, command in commands.items()
                    if command is not None
                )


app = typer.Typer(
    name="ilr-helpdesk",
    cls=_Grouped,
    help="Answers ILR questions from a reviewed knowledge base and checks learner records.",
    epilog="Start with: ilr-helpdesk chat. Help on one command: ilr-helpdesk check --help",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _before_any_command(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Options that need no command."""


def _add_commands() -> None:
    for group in COMMANDS.values():
        for name, command in group.items():
            if isinstance(command, typer.Typer):
                app.add_typer(command, name=name)
            else:
                app.command(name)(command)


def _set_examples_apart(group: typer.Typer) -> None:
    """Each example of a docstring on a line of its own, whatever the width of the terminal."""
    for command in group.registered_commands:
        text = inspect.cleandoc(getattr(command.callback, "__doc__", None) or "")
        before, example, rest = text.partition("\nExample: ")
        if example:
            command.help = f"{before.rstrip()}\n\n\b\nExample: {rest}"
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            _set_examples_apart(inner.typer_instance)


_add_commands()
_set_examples_apart(app)


def main() -> None:
    """Run the command line; an error that a person can fix is one sentence and status 2."""
    # What a start makes, stays: looking through it for what can be freed takes a fifth of its time.
    gc.set_threshold(*SELDOM)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if logging.lastResort:
        logging.lastResort.addFilter(_is_news)
    try:
        _run()
    except HelpdeskError as error:
        _stop(str(error))
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(NO_ERRORS) from None
    except OSError as error:
        from bot.terminal.system_errors import in_words

        _drop_output()
        _stop(in_words(error))
    except Exception as error:  # noqa: BLE001 - always tell the user, whatever it was
        # Its message may hold what was pasted, so only its kind and place are shown.
        from bot.errors import places

        where = "".join(f"\n  {place}" for place in places(error))
        _stop(
            f"Something went wrong in the program ({type(error).__name__}). Please report these "
            f"lines; they contain nothing that you entered:{where}"
        )


def _is_news(record: logging.LogRecord) -> bool:
    """What the ledger warns of is said again by the error it raises; serve has a log of its own."""
    return record.levelno >= logging.ERROR or not record.name.startswith("bot.ledger")


def _run() -> None:
    """The command, its output written to the end: a disk that is full is told here, not later."""
    try:
        app()
    except SystemExit:
        sys.stdout.flush()
        gc.freeze()  # nor is it looked through once more at the end, for a fifth of a second
        raise


def _drop_output() -> None:
    """Let what could not be written go, or Python would try again at its end."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise SystemExit(UNREADABLE)

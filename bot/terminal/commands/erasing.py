"""Commands that find and erase what is kept of somebody: find, erase, forget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import InputError
from bot.terminal.commands.common import load_settings
from bot.terminal.wording import counted

if TYPE_CHECKING:
    from bot.ledger import FoundText, Ledger

__all__ = ["erase", "find", "forget"]

TermArgument = Annotated[
    str, typer.Argument(help="A name, a reference, or a colleague's Slack id (U0123ABCD).")
]


def find(term: TermArgument) -> None:
    """Find a learner or person in every table of the database.

    Capitals, spaces and hyphens do not count. Questions are stored masked, so that there is usually
    nothing to find.
    Example: ilr-helpdesk find "Kayleigh Osei"
    """
    found = _find(_open(), term)
    _show(found)
    if not found:
        typer.echo("Nothing was found.", err=True)


def erase(
    term: TermArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Erase it. Without this, only say what.")] = (
        False
    ),
) -> None:
    """Erase a learner or person from every table; first says what would go.

    Questions, hand-overs and what waits for a curator go whole; knowledge in use stays without the
    term. Nothing in Slack is touched: delete messages there.
    Example: ilr-helpdesk erase "Kayleigh Osei" --yes
    """
    ledger = _open()
    found = _find(ledger, term)
    _show(found)
    if not found:
        typer.echo("Nothing was found, so nothing was erased.", err=True)
        return
    if not yes:
        typer.echo(
            f"{counted(len(found), 'place')}. Nothing was erased. To erase: add --yes", err=True
        )
        return
    erased = ledger.erase_term(term)
    typer.echo(f"Erased in {counted(len(erased), 'place')}. Erase it from backups, too.", err=True)


def forget(
    workspace: Annotated[
        str, typer.Option("--workspace", help="Its id (T…), or an organisation's (E…).")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Delete it. Without this, only say what.")] = (
        False
    ),
) -> None:
    """Delete all that is kept of a workspace, its token too; first says how much that is.

    The bot does so itself when a workspace takes it off. Nothing in Slack is touched.
    Example: ilr-helpdesk forget --workspace T0123ABCD --yes
    """
    if not re.fullmatch(r"[TE][A-Z0-9]{4,20}", workspace):
        raise InputError("--workspace is an id: T0123ABCD, or E0123ABCD for an organisation.")
    ledger = _open()
    kept = ledger.forget_workspace(workspace) if yes else ledger.kept_of(workspace)
    for table, count in kept.items():
        typer.echo(f"{table}\t{count}")
    if not kept:
        typer.echo("Nothing is kept of it, so nothing was deleted.", err=True)
    elif yes:
        typer.echo("Deleted. Delete it from backups, too.", err=True)
    else:
        typer.echo("Nothing was deleted. To delete: add --yes", err=True)


def _open() -> Ledger:
    from bot.ledger.opening import open_ledger

    return open_ledger(load_settings())


def _find(ledger: Ledger, term: str) -> list[FoundText]:
    try:
        return ledger.find_term(term)
    except ValueError as error:
        raise InputError(str(error)) from None


def _show(found: Sequence[FoundText]) -> None:
    for one in found:
        what = "whole row" if one.goes else "term only"
        shown = " ".join(one.excerpt.split()) or "(as a hash)"
        typer.echo(f"{one.table}\t{one.row}\t{one.column}\t{what}\t{shown}")

"""Commands about reference data: reference add, reference list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal.commands.common import JsonOption, load_settings, open_helpdesk, write_json

if TYPE_CHECKING:
    from bot.ilr.minimum_hours import MinimumHours
    from bot.ilr.published_lists import PublishedList
    from bot.rules.reference.loading import Release

__all__ = ["reference"]

LACKING = "the LARS "
"""How a table or column that LARS was loaded without is named among what rules wait for."""

reference = typer.Typer(
    help="Load LARS, postcodes and other data that rules need.", no_args_is_help=True
)


@reference.command("add")
def add_reference(
    file: Annotated[Path, typer.Argument(help="What was downloaded, or provider.yaml.")],
) -> None:
    """Load a file of reference data, in place of an older one of its kind.

    Takes LARS (the ZIP, a folder of its CSV files, or a database), the ONS postcode directory,
    devolved area postcodes, assessment organisations, a list of UKPRNs, the register of
    apprenticeship standards (JSON), and provider.yaml.
    Example: ilr-helpdesk reference add published_012_LearningDelivery_V012_CSV.zip
    """
    from bot.rules.reference.data import add
    from bot.rules.reference.provider import Provider
    from bot.terminal.render.console import error_console, waiting
    from bot.yaml_files import reference_databases

    today = load_settings().today()
    with waiting(error_console(), f"Reading {file.name}…"):
        added = add(file, reference_databases(), today=today)
    if isinstance(added, Provider):
        typer.echo(f"Held: the details of provider {added.ukprn}.")
    else:
        typer.echo(f"Held: {added.described(today)}, {_rows(added)}.")
    helpdesk = open_helpdesk()
    from bot.knowledge.rule_listing import run_of, waiting_rules

    run, of = run_of(helpdesk.knowledge, helpdesk.year)
    typer.echo(f"{run:,} of the {of:,} rules of {helpdesk.year} are run now.")
    waits = waiting_rules(helpdesk.knowledge, helpdesk.year)
    lacking = {need: count for need, count in waits.items() if LACKING in need}
    if lacking:
        typer.echo("Rules that wait for what this LARS lacks:")
        _write_waiting(lacking)


@reference.command("list")
def list_reference(as_json: JsonOption = False) -> None:
    """List what is held, how old it is, and which rules wait for what is not.

    Example: ilr-helpdesk reference list
    """
    from bot.knowledge.rule_listing import waiting_rules
    from bot.rules.reference.tables import KINDS

    helpdesk = open_helpdesk()
    knowledge, today = helpdesk.knowledge, helpdesk.today()
    held = {release.kind: release for release in knowledge.reference.releases}
    waiting = waiting_rules(knowledge, helpdesk.year)
    shipped: list[PublishedList | MinimumHours] = [*knowledge.specification.lists.values()]
    if knowledge.specification.minimum_hours is not None:
        shipped.append(knowledge.specification.minimum_hours)
    if as_json:
        write_json(
            {
                "held": [one.to_json(today) for one in held.values()],
                "provider": knowledge.reference.has_provider,
                "shipped": [one.to_json() for one in shipped],
                "rules_waiting": waiting,
            }
        )
        return
    for kind in KINDS:
        if kind.name in held:
            release = held[kind.name]
            typer.echo(f"{release.described(today)}: {release.file}, {_rows(release)}")
        else:
            typer.echo(f"{kind.title}: not held. From: {kind.where}")
    own = "held" if knowledge.reference.has_provider else "not held. See docs/reference-data.md"
    typer.echo(f"provider.yaml: {own}")
    typer.echo("\nShipped with the rules:")
    for one in shipped:
        typer.echo(f"  {one.described()}")
    if waiting:
        typer.echo(f"\nRules of {helpdesk.year} that wait for data:")
        _write_waiting(waiting)


def _write_waiting(waiting: dict[str, int]) -> None:
    for need, count in waiting.items():
        typer.echo(f"  {count:>4}  {need}")


def _rows(release: Release) -> str:
    return f"{release.rows:,} {'row' if release.rows == 1 else 'rows'}"

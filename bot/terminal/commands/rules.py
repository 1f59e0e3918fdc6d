"""Commands about the rule catalogue: rules list, rules show, rules compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.terminal.commands.common import (
    JsonOption,
    YearOption,
    open_helpdesk,
    parse_year,
    write_json,
)

__all__ = ["rules"]

rules = typer.Typer(
    help="Review validation rules when a new version is published.", no_args_is_help=True
)


@rules.command("compare")
def compare_rules(
    file: Annotated[Path, typer.Argument(help="The department's rules file, as CSV.")],
    year: YearOption = None,
    as_json: JsonOption = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep its fingerprints, once worked through.")
    ] = False,
) -> None:
    """List what a newly published rules file adds, changes or drops against the catalogue.

    Example: ilr-helpdesk rules compare rules-2627-v5.csv --year 2026-27
    """
    from bot.rules.compare import compare, fingerprints, read_fingerprints, read_published

    helpdesk = open_helpdesk()
    fingerprint_file = helpdesk.knowledge.folder / "rule-fingerprints.json"
    published = read_published(file)
    found = compare(
        published,
        helpdesk.knowledge.catalogue,
        read_fingerprints(fingerprint_file),
        parse_year(year) or helpdesk.year,
    )
    if keep:
        text = json.dumps(fingerprints(published), indent=0)
        fingerprint_file.write_text(text + "\n", encoding="utf-8")
    if as_json:
        write_json(found.to_json())
        return
    from bot.terminal.render.console import console
    from bot.terminal.render.tables import show_comparison

    show_comparison(console(), found)


@rules.command("list")
def list_rules(year: YearOption = None, as_json: JsonOption = False) -> None:
    """List every rule of a year: which are run, which are not, and why.

    Of a year whose rules were not read, a rule that is run says whose text it is.

    Example: ilr-helpdesk rules list --year 2026-27 | grep WorkPlace
    """
    from bot.knowledge.rule_listing import listing

    helpdesk = open_helpdesk()
    rows = listing(helpdesk.knowledge, parse_year(year) or helpdesk.year)
    if as_json:
        write_json([row.to_json() for row in rows])
        return
    for row in rows:
        text_of = f"\tas in {row.text_of}" if row.text_of else ""
        typer.echo(f"{row.id}\t{row.family}\t{row.severity}\t{row.run}{text_of}")


@rules.command("show")
def show_rule(
    rule: Annotated[str, typer.Argument(help="A rule's id, e.g. R_96 or R96.")],
    year: YearOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a rule: its row for the year, the source of its check, and its test cases.

    Example: ilr-helpdesk rules show R_96 --year 2026-27
    """
    from bot.rules.describe import describe

    helpdesk = open_helpdesk()
    knowledge = helpdesk.knowledge
    specification = knowledge.specification.for_year(parse_year(year) or helpdesk.year)
    found = describe(knowledge.catalogue, specification, rule)
    if as_json:
        write_json(found.to_json())
        return
    for line in found.lines():
        typer.echo(line)

"""Commands about the rule catalogue: rules list, rules show, rules compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import InputError
from bot.terminal.commands.common import (
    JsonOption,
    YearOption,
    open_helpdesk,
    parse_year,
    write_json,
)

if TYPE_CHECKING:
    from bot.knowledge.base import KnowledgeBase
    from bot.rules.compare import Comparison

__all__ = ["rules"]

rules = typer.Typer(
    help="Review validation rules when a new version is published.", no_args_is_help=True
)


@rules.command("compare")
def compare_rules(
    file: Annotated[Path, typer.Argument(help="The department's rules file, as CSV.")],
    year: YearOption = None,
    as_json: JsonOption = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Write what changed as a draft to work through.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep its fingerprints, once worked through.")
    ] = False,
) -> None:
    """List what a newly published rules file adds, changes or ends against the year before.

    Example: ilr-helpdesk rules compare rules-2728-v1.csv --year 2027-28 --draft
    """
    from bot.rules.compare import compare, keep_fingerprints, read_fingerprints, read_published

    helpdesk = open_helpdesk()
    knowledge = helpdesk.knowledge
    folder = knowledge.own / "rules" if knowledge.own else knowledge.folder / "rules"
    published = read_published(file)
    known = read_fingerprints(knowledge.folder / "rules")
    if knowledge.own:
        known = {**known, **read_fingerprints(folder)}
    found = compare(published, knowledge.catalogue, known, parse_year(year) or helpdesk.year)
    if keep:
        keep_fingerprints(folder, found.year, published)
    if draft:
        typer.echo(f"{_write_draft(found, knowledge, folder, file)}: written.", err=True)
    if as_json:
        write_json(found.to_json())
        return
    from bot.terminal.render.console import console
    from bot.terminal.render.tables import show_comparison

    show_comparison(console(), found)


def _write_draft(
    found: Comparison, knowledge: KnowledgeBase, folder: Path, published: Path
) -> Path:
    """Write what changed as a draft; one that was begun is never written over."""
    from bot.rules.changes import FOLDER
    from bot.rules.draft import as_draft

    path = folder / FOLDER / f"{found.year}.yaml"
    if path.exists():
        raise InputError(f"{str(path)!r} is there already. Move it away to write a new draft.")
    path.parent.mkdir(parents=True, exist_ok=True)
    title = f"Validation rules {found.year} ({published.name})"
    path.write_text(as_draft(found, knowledge.catalogue, title), encoding="utf-8")
    return path


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
    found = describe(knowledge.catalogue, specification, rule, knowledge.reference)
    if as_json:
        write_json(found.to_json())
        return
    for line in found.lines():
        typer.echo(line)

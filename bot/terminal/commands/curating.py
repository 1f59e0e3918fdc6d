"""Commands for curators: what was asked (report, export) and what to publish (suggestions …)."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.errors import InputError
from bot.terminal.commands.common import (
    JsonOption,
    load_settings,
    open_helpdesk,
    write_json,
)
from bot.terminal.wording import counted

if TYPE_CHECKING:
    from bot.curation_queue import CurationQueue
    from bot.knowledge.turn_of_year import TurnOfYear

__all__ = ["export", "phrasings", "report", "suggestions"]

DAYS_SHOWN = 28
"""How far back report and export look, unless told."""


def report(
    days: Annotated[int, typer.Option(help="How many days back.", min=1)] = DAYS_SHOWN,
    as_json: JsonOption = False,
) -> None:
    """Show what was asked, whether it helped, and what to write next.

    Example: ilr-helpdesk report --days 7
    """
    from bot.curation_queue import load_queue
    from bot.ledger.opening import open_ledger
    from bot.terminal.render.console import console
    from bot.terminal.render.queue import show_queue

    settings = load_settings()
    helpdesk = open_helpdesk(settings=settings)
    since = settings.today() - timedelta(days=days)
    queue = load_queue(open_ledger(settings), helpdesk, days=days, gaps_since=since)
    if as_json:
        write_json(_as_json(queue))
        return
    entries = helpdesk.knowledge.entries
    show_queue(console(), queue, lambda id_: entries[id_].question if id_ in entries else id_)


def _as_json(queue: CurationQueue) -> dict[str, Any]:
    """The report for other programs. Says nothing of who asked."""
    outcomes, since = queue.outcomes, queue.unused_since
    return {
        "outcomes": {**asdict(outcomes), "asked": outcomes.asked},
        "gaps": [
            {"question": gap.question, "count": gap.count, "ways": gap.ways} for gap in queue.gaps
        ],
        "flags": [asdict(flag) for flag in queue.flags],
        "handovers": [
            {"question": one.text, "since": one.opened_at.isoformat(), "state": one.state}
            for one in queue.handovers
        ],
        "suggestions": [
            {"id": one.id, "question": one.question, "state": one.state}
            for one in (*queue.drafts, *queue.unpublished)
        ],
        "to_review": [{"entry": entry, "by": day.isoformat()} for entry, day in queue.to_review],
        "busy_returns": [
            {
                "return": week.code,
                "week_of": week.start.isoformat(),
                "asked": week.asked,
                "ordinary": week.ordinary,
            }
            for week in queue.busy_returns
        ],
        "new_year": _new_year(queue.new_year) if queue.new_year else None,
        "unneeded": {"since": since.isoformat() if since else None, "entries": queue.unused},
    }


def _new_year(left: TurnOfYear) -> dict[str, Any]:
    return {
        "year": str(left.year),
        "to_review": left.to_review,
        "no_returns": left.no_returns,
        "no_rules": left.no_rules,
        "codes_ending": left.codes_ending,
    }


def export(
    start: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
) -> None:
    """Export questions and outcomes as CSV, with personal details masked.

    Example: ilr-helpdesk export --from 2026-09-01 --to 2026-11-30 > questions.csv
    """
    from bot.ledger.opening import open_ledger

    settings = load_settings()
    last = _parse_day(end, settings.today())
    first = _parse_day(start, last - timedelta(days=DAYS_SHOWN))
    if first > last:
        raise InputError(f"--from {first} is later than --to {last}.")
    written = open_ledger(settings).export_csv(first, last + timedelta(days=1), sys.stdout)
    typer.echo(f"{counted(written, 'question')}.", err=True)


def _parse_day(text: str | None, default: date) -> date:
    if text is None:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is not a date. Write it like 2026-11-24.") from None


suggestions = typer.Typer(help="Review what colleagues proposed.", no_args_is_help=True)


@suggestions.command("list")
def list_suggestions() -> None:
    """List suggestions that wait for a curator, and approved ones not yet published."""
    from bot.ledger import Review
    from bot.ledger.opening import open_ledger

    for found in open_ledger(load_settings()).suggestions(Review.DRAFT, Review.APPROVED):
        typer.echo(f"{found.id}\t{found.state}\t{found.question}")


@suggestions.command("export")
def export_suggestions(
    folder: Annotated[
        Path | None, typer.Argument(help="An entries folder. Default: your own, or the shipped.")
    ] = None,
    topic: Annotated[str, typer.Option(help="Topic for those that name none.")] = "ilr-general",
    owner: Annotated[str, typer.Option(help="Who keeps them reviewed.")] = "mis-team",
) -> None:
    """Write approved suggestions as entries, for review in git."""
    from bot.ledger.opening import open_ledger
    from bot.yaml_files import shipped_knowledge

    settings = load_settings()
    target = folder or (settings.knowledge_dir or shipped_knowledge()) / "entries"
    written = open_ledger(settings).export(target, today=settings.today(), owner=owner, topic=topic)
    for path in written:
        typer.echo(str(path))
    typer.echo(f"{counted(len(written), 'file')} written. Run lint, then commit.", err=True)


def phrasings() -> None:
    """List confirmed wordings to add to also_asked."""
    from bot.ledger import Review
    from bot.ledger.opening import open_ledger

    for found in open_ledger(load_settings()).phrasings(Review.DRAFT, Review.APPROVED):
        typer.echo(f"{found.entry_id}\t{found.state}\t{found.text}")

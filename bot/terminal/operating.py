"""Commands for those who run it: the database, the manifest, what was asked and what to write.

``register(app)`` adds them to the command line.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.errors import InputError
from bot.ledger.opening import open_ledger

if TYPE_CHECKING:
    from bot.curation_queue import CurationQueue
    from bot.settings import Settings

__all__ = ["register"]

DAYS_SHOWN = 28


def _settings() -> Settings:
    from bot.settings import Settings

    return Settings.here()


def _day(text: str | None, default: date) -> date:
    if text is None:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is not a date. Write it like 2026-11-24.") from None


def register(app: typer.Typer) -> None:
    """Add the operators' commands."""
    app.command()(migrate)
    app.command()(manifest)
    app.command()(report)
    app.command()(export)
    app.command()(purge)
    app.command()(digest)
    app.command()(doctor)
    suggestions = typer.Typer(help="What colleagues proposed as knowledge.", no_args_is_help=True)
    suggestions.command("list")(suggestions_list)
    suggestions.command("export")(suggestions_export)
    app.add_typer(suggestions, name="suggestions")
    app.command()(phrasings)


def migrate() -> None:
    """Bring the database to this version. Safe to run again.

    Example: DATABASE_URL=postgresql://… ilr-helpdesk migrate
    """
    from bot.ledger import migrate as bring_up
    from bot.ledger.database import database_url, refuse_short_lived_disk

    settings = _settings()
    if not settings.allow_sqlite:
        # Serving would refuse it too: better that the release stops than the bot.
        refuse_short_lived_disk(database_url(settings.database_url))
    typer.echo(bring_up(settings.database_url))


def manifest(
    mode: Annotated[str, typer.Option(help="socket or http.")] = "socket",
    url: Annotated[str, typer.Option(help="Where Slack sends requests, for http.")] = (
        "https://your-host.example/slack/events"
    ),
    feature: Annotated[
        list[str] | None,
        typer.Option(
            help="Only these, one each time: follow, links, curators, workflow; none for the core."
        ),
    ] = None,
) -> None:
    """Print the Slack app manifest, to paste when the app is made.

    It asks for the scopes of the features that are on: follow, links and curators unless others
    are named.
    Example: ilr-helpdesk manifest --feature follow --feature workflow
    """
    from bot.slack.runtime.manifest import DEFAULT_FEATURES
    from bot.slack.runtime.manifest import manifest as made

    if mode not in {"socket", "http"}:
        raise InputError("--mode is socket or http.")
    on = DEFAULT_FEATURES if feature is None else [one for one in feature if one != "none"]
    try:
        found = made("http" if mode == "http" else "socket", on, url=url)
    except ValueError as error:
        raise InputError(f"--feature: {error}") from None
    typer.echo(json.dumps(found, indent=2))


def report(
    days: Annotated[int, typer.Option(help="How many days back.", min=1)] = DAYS_SHOWN,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """What was asked, whether it helped, and what to write next.

    Example: ilr-helpdesk report --days 7
    """
    from bot.curation_queue import load_queue
    from bot.helpdesk import Helpdesk
    from bot.terminal.render import console, show_desk

    settings = _settings()
    helpdesk = Helpdesk.open(settings)
    since = settings.today() - timedelta(days=days)
    waiting = load_queue(open_ledger(settings), helpdesk, days=days, gaps_since=since)
    if as_json:
        typer.echo(json.dumps(_as_json(waiting), ensure_ascii=False))
        return
    held = helpdesk.knowledge.entries
    show_desk(console(), waiting, lambda entry: held[entry].question if entry in held else entry)


def _as_json(waiting: CurationQueue) -> dict[str, Any]:
    """The report for other programs. Says nothing of who asked."""
    outcomes, since = waiting.outcomes, waiting.unused_since
    return {
        "outcomes": {**asdict(outcomes), "asked": outcomes.asked},
        "gaps": [
            {"question": gap.question, "count": gap.count, "ways": gap.ways} for gap in waiting.gaps
        ],
        "flags": [asdict(flag) for flag in waiting.flags],
        "handovers": [
            {"question": one.text, "since": one.opened_at.isoformat(), "state": one.state}
            for one in waiting.handovers
        ],
        "suggestions": [
            {"id": one.id, "question": one.question, "state": one.state}
            for one in (*waiting.drafts, *waiting.unpublished)
        ],
        "to_review": [{"entry": entry, "by": day.isoformat()} for entry, day in waiting.to_review],
        "busy_returns": [
            {
                "return": peak.code,
                "week_of": peak.start.isoformat(),
                "asked": peak.asked,
                "ordinary": peak.ordinary,
            }
            for peak in waiting.busy_returns
        ],
        "unneeded": {"since": since.isoformat() if since else None, "entries": waiting.unused},
    }


def export(
    start: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
) -> None:
    """Write the questions asked, masked, and what became of them, as CSV.

    Example: ilr-helpdesk export --from 2026-09-01 --to 2026-11-30 > questions.csv
    """
    settings = _settings()
    last = _day(end, settings.today())
    first = _day(start, last - timedelta(days=DAYS_SHOWN))
    if first > last:
        raise InputError(f"--from {first} is later than --to {last}.")
    written = open_ledger(settings).export_csv(first, last + timedelta(days=1), sys.stdout)
    typer.echo(f"{written} questions.", err=True)


def purge() -> None:
    """Delete what is older than ILR_RETENTION_DAYS, as serve does once a day."""
    gone = asdict(open_ledger(_settings()).purge())
    typer.echo("Deleted: " + ", ".join(f"{count} {name}" for name, count in gone.items()) + ".")


def digest() -> None:
    """Post last week's digest to the curators' channel, once, however often it is run."""
    from slack_sdk.errors import SlackApiError

    from bot.slack.features.digest import post_digest

    settings = _settings()
    try:
        posted = post_digest(settings, open_ledger(settings), today=settings.today())
    except SlackApiError as error:
        code = error.response.get("error", "unknown")
        raise InputError(f"Slack refused the digest ({code}). Run doctor.") from None
    typer.echo("Posted." if posted else "Last week's digest was posted before.")


def doctor() -> None:
    """Check tokens, scopes, database, knowledge and Slack, and say how to mend each.

    Status 1 when anything is wrong.
    """
    from bot.slack.runtime.doctor import examine

    failed = 0
    for found in examine(_settings()):
        failed += not found.ok
        typer.echo(f"{'ok   ' if found.ok else 'WRONG'}  {found.what}: {found.says}")
        if found.fix:
            typer.echo(f"       → {found.fix}")
    if failed:
        raise typer.Exit(1)


def suggestions_list() -> None:
    """List what waits for a curator, and what is approved and not yet published."""
    from bot.ledger import Review

    for found in open_ledger(_settings()).suggestions(Review.DRAFT, Review.APPROVED):
        typer.echo(f"{found.id}\t{found.state}\t{found.question}")


def suggestions_export(
    folder: Annotated[
        Path | None, typer.Argument(help="An entries folder. Default: your own, or the shipped.")
    ] = None,
    topic: Annotated[str, typer.Option(help="Topic for those that name none.")] = "ilr-general",
    owner: Annotated[str, typer.Option(help="Who keeps them reviewed.")] = "mis-team",
) -> None:
    """Write approved suggestions as entries, for review in git."""
    from bot.yaml_files import shipped_knowledge

    settings = _settings()
    target = folder or (settings.knowledge_dir or shipped_knowledge()) / "entries"
    written = open_ledger(settings).export(target, today=settings.today(), owner=owner, topic=topic)
    for path in written:
        typer.echo(str(path))
    files = f"{len(written)} file{'s' * (len(written) != 1)}"
    typer.echo(f"{files} written. Run lint, then commit.", err=True)


def phrasings() -> None:
    """List questions that people settled, to add to their entries' also_asked."""
    from bot.ledger import Review

    for found in open_ledger(_settings()).phrasings(Review.DRAFT, Review.APPROVED):
        typer.echo(f"{found.entry_id}\t{found.state}\t{found.text}")

"""Commands for those who run it: serve, doctor, migrate, manifest, settings …"""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from bot import __version__
from bot.errors import HelpdeskError, InputError, SettingsError
from bot.terminal.commands.asking import chat
from bot.terminal.commands.common import ERRORS_FOUND, UNREADABLE, load_settings, open_helpdesk

if TYPE_CHECKING:
    from bot.settings import Settings

__all__ = [
    "digest",
    "doctor",
    "manifest",
    "migrate",
    "prepare",
    "purge",
    "run",
    "serve",
    "show_settings",
    "version",
]


def run() -> None:
    """Start the Slack bot if tokens are set; otherwise open a chat in the terminal."""
    if load_settings().serves_slack:
        serve()
    else:
        chat(year=None)


def serve() -> None:
    """Run the Slack bot: Socket Mode with SLACK_APP_TOKEN, HTTP with SLACK_SIGNING_SECRET.

    Stop it with Ctrl-C or SIGTERM; SIGHUP reads the knowledge again. Try doctor first.
    Example: SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… ilr-helpdesk serve
    """
    from bot.slack.runtime.logs import configure, log
    from bot.slack.runtime.server import serve as serve_slack
    from bot.terminal.system_errors import in_words

    try:
        serve_slack(load_settings())
    except (HelpdeskError, OSError) as error:
        if sys.stderr.isatty():
            raise
        # What reads a log wants it as a line like any other.
        configure("INFO")
        log.error(in_words(error) if isinstance(error, OSError) else str(error))
        raise SystemExit(UNREADABLE) from None
    except Exception:  # noqa: BLE001 - whatever it was, it is a line of the log
        log.critical("something went wrong in the program", exc_info=True)
        raise SystemExit(UNREADABLE) from None


def doctor() -> None:
    """Check tokens, scopes, database, knowledge and Slack, with how to fix any problem.

    Status 1 when anything is wrong.
    """
    from bot.settings import environment
    from bot.slack.runtime.doctor import examine_environment

    failed = 0
    for finding in examine_environment(environment()):
        failed += not finding.ok
        typer.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}: {finding.says}")
        if finding.fix:
            typer.echo(f"      → {finding.fix}")
    if failed:
        raise SystemExit(ERRORS_FOUND)


def migrate() -> None:
    """Update the database to this version. Safe to run again.

    Example: DATABASE_URL=postgresql://… ilr-helpdesk migrate
    """
    from bot.ledger import migrate as bring_up
    from bot.ledger.database import database_url, refuse_short_lived_disk

    settings = load_settings()
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
    many: Annotated[
        bool, typer.Option("--many", help="For http: other workspaces may install it.")
    ] = False,
) -> None:
    """Print the Slack app manifest, to paste when you create the app.

    It asks for the scopes of the features that are on: follow, links and curators unless others
    are named.
    Example: ilr-helpdesk manifest --feature follow --feature workflow
    """
    from bot.slack.runtime.manifest import DEFAULT_FEATURES
    from bot.slack.runtime.manifest import manifest as build_manifest

    if mode not in {"socket", "http"}:
        raise InputError("--mode is socket or http.")
    if many and mode != "http":
        raise InputError("--many needs --mode http: Socket Mode serves one workspace.")
    on = DEFAULT_FEATURES if feature is None else [one for one in feature if one != "none"]
    try:
        found = build_manifest("http" if mode == "http" else "socket", on, url=url, many=many)
    except ValueError as error:
        raise InputError(f"--feature: {error}") from None
    typer.echo(json.dumps(found, indent=2))


def show_settings() -> None:
    """Show every setting, whether it is set, and what is wrong. Secrets are never shown.

    Status 1 when one is wrong or likely misspelt.
    """
    from bot.settings import SETTINGS, Settings, doubts, environment
    from bot.terminal.render.console import console, table_for

    out = console()
    table = table_for(out, "Setting", "Now", "Default", "What it is")
    values = environment()
    for setting in SETTINGS:
        given = values.get(setting.name, "")
        shown = "(set)" if given and setting.secret else given or "-"
        table.add_row(setting.name, shown, setting.default or "-", setting.about)
    out.print(table)
    wrong = doubts(values)
    try:
        Settings.from_environment(values)
    except SettingsError as error:
        wrong += str(error).splitlines()
    for sentence in wrong:
        typer.echo(sentence, err=True)
    if wrong:
        raise SystemExit(ERRORS_FOUND)


def digest() -> None:
    """Post last week's digest to the curators' channel, at most once a week."""
    from slack_sdk.errors import SlackApiError

    from bot.ledger.opening import open_ledger
    from bot.slack.features.digest import post_digest
    from bot.slack.runtime.digests import post_digests

    settings = load_settings()
    ledger = open_ledger(settings)
    try:
        if settings.serves_many:
            posted = post_digests(settings, ledger, today=settings.today()) > 0
        else:
            posted = post_digest(settings, ledger, today=settings.today())
    except SlackApiError as error:
        code = error.response.get("error", "unknown")
        raise InputError(f"Slack refused the digest ({code}). Run doctor.") from None
    typer.echo("Posted." if posted else "Last week's digest has already been posted.")


def purge() -> None:
    """Delete what is older than ILR_RETENTION_DAYS; serve does so once a day."""
    from bot.ledger.opening import open_ledger

    purged = open_ledger(load_settings()).purge_if_plausible()
    if purged is None:
        raise InputError(
            "The clock is more than 45 days after the last purge, or the first event, so nothing "
            "was deleted: "
            "it may be wrong. If it is right, run this again tomorrow."
        )
    listed = ", ".join(f"{count} {name}" for name, count in asdict(purged).items())
    typer.echo(f"Deleted: {listed}.")


def prepare(
    ship: Annotated[
        bool,
        typer.Option(
            "--ship",
            help="Make it a part of the installation, for the shipped knowledge alone: "
            "every start finds it, whatever its cache folder.",
        ),
    ] = False,
) -> None:
    """Build the semantic index and cache it."""
    from bot.terminal.render.console import error_console, waiting

    settings = load_settings()
    if ship:
        settings = _for_shipping(settings)
    with waiting(error_console(), "Building the semantic index, once…"):
        helpdesk = open_helpdesk("now", settings=settings)
        made = helpdesk.matcher.semantic
        _ = helpdesk.messages  # what it reads is kept too
    if ship:
        _let_everybody_read()
    typer.echo("Ready." if made else "Ready, without the semantic layer.", err=True)


def _for_shipping(settings: Settings) -> Settings:
    """Settings by which the index of the shipped knowledge is made anew beside the program."""
    from bot.yaml_files import prepared_folder

    folder = prepared_folder()
    os.environ["ILR_CACHE_DIR"] = str(folder)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written: {error.strerror}. Run it as whoever installed this, or "
            "without --ship."
        ) from None
    return replace(settings, knowledge_dir=None, model_path=None)


def _let_everybody_read() -> None:
    """Whoever installs it is often not who runs it."""
    from bot.yaml_files import prepared_folder

    for path in (prepared_folder(), *prepared_folder().rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def version() -> None:
    """Show the version."""
    typer.echo(__version__)

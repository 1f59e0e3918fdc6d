"""Look at everything a running bot needs, and say how to mend what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import HelpdeskError, KnowledgeError
from bot.guidance.base import KnowledgeBase
from bot.operating import open_ledger
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.slack.outgoing import web_client

__all__ = ["Finding", "examine"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``remedy`` is empty when it is well."""

    what: str
    well: bool
    says: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at settings, knowledge, database and Slack, in that order. Never shows a secret."""
    yield _way_of_serving(settings)
    yield _secret(settings)
    yield _knowledge(settings)
    yield _database(settings)
    if settings.slack_bot_token:
        yield from _slack(settings)


def _way_of_serving(settings: Settings) -> Finding:
    if not settings.slack_bot_token:
        remedy = "Set SLACK_BOT_TOKEN (xoxb-…) and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET."
        return Finding("Tokens", False, "there is no bot token", remedy)
    for value, prefix, name in (
        (settings.slack_bot_token, "xoxb-", "SLACK_BOT_TOKEN"),
        (settings.slack_app_token, "xapp-", "SLACK_APP_TOKEN"),
    ):
        if value and not value.startswith(prefix):
            remedy = f"{name} begins {prefix}. Are two tokens swapped?"
            return Finding("Tokens", False, f"{name} is of another kind", remedy)
    if settings.slack_app_token:
        return Finding("Tokens", True, "serves by Socket Mode")
    if settings.slack_signing_secret:
        return Finding("Tokens", True, f"serves signed HTTP on port {settings.port}")
    remedy = "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP."
    return Finding("Tokens", False, "nothing says how to serve", remedy)


def _secret(settings: Settings) -> Finding:
    if len(settings.secret) >= 16:
        return Finding("Secret", True, "people are told apart by keyed hashes")
    remedy = "Set ILR_SECRET to 16 or more random characters."
    return Finding("Secret", False, "people cannot be told apart, or forgotten", remedy)


def _knowledge(settings: Settings) -> Finding:
    try:
        held = KnowledgeBase.load(own=settings.knowledge_dir)
    except KnowledgeError as error:
        return Finding("Knowledge", False, str(error).splitlines()[0], "Run: python -m bot lint")
    return Finding("Knowledge", True, f"{len(held.entries)} entries")


def _database(settings: Settings) -> Finding:
    try:
        ledger = open_ledger(settings)
        reachable = ledger.is_reachable()
        ledger.close()
    except HelpdeskError as error:
        return Finding("Database", False, str(error), "Check DATABASE_URL; run migrate.")
    if reachable:
        return Finding("Database", True, "can be reached")
    return Finding("Database", False, "cannot be reached", "Check DATABASE_URL; run migrate.")


def _slack(settings: Settings) -> Iterator[Finding]:
    client = web_client(settings.slack_bot_token, settings.slack_api_url)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = str(error.response.get("error", "unknown"))
        remedy = "Install the app again and copy the bot token."
        yield Finding("Slack", False, f"refuses the bot token ({code})", remedy)
        return
    except (SlackClientError, OSError):
        remedy = "Check the network and SLACK_API_URL."
        yield Finding("Slack", False, "cannot be reached", remedy)
        return
    team = str(answer.get("team") or answer.get("team_id") or "a workspace")
    yield Finding("Slack", True, f"connected to {team}")
    if settings.allowed_teams and answer.get("team_id") not in settings.allowed_teams:
        remedy = "Add the workspace's id to ILR_ALLOWED_TEAMS."
        yield Finding("Workspace", False, "is not among those allowed", remedy)
    headers = {str(k).lower(): str(v) for k, v in dict(answer.headers or {}).items()}
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")} - {""}
    wanted = set(manifest()["oauth_config"]["scopes"]["bot"])
    missing = sorted(wanted - granted)
    if not granted:
        yield Finding("Scopes", True, "Slack did not say which are granted")
    elif missing:
        remedy = "Paste the manifest again (python -m bot manifest) and reinstall the app."
        yield Finding("Scopes", False, f"missing: {', '.join(missing)}", remedy)
    else:
        yield Finding("Scopes", True, f"all {len(wanted)} granted")
    if settings.slack_app_token:
        yield _socket(settings)


def _socket(settings: Settings) -> Finding:
    client = web_client(settings.slack_app_token, settings.slack_api_url)
    try:
        client.apps_connections_open(app_token=settings.slack_app_token)
    except SlackApiError as error:
        code = str(error.response.get("error", "unknown"))
        remedy = "Make an app-level token with the scope connections:write, and enable Socket Mode."
        return Finding("Socket Mode", False, f"refuses the app token ({code})", remedy)
    except (SlackClientError, OSError):
        return Finding("Socket Mode", False, "cannot be reached", "Check the network.")
    return Finding("Socket Mode", True, "can be opened")

"""Look at everything a running bot needs, and say how to mend what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import HelpdeskError, KnowledgeError
from bot.knowledge.base import KnowledgeBase
from bot.ledger.opening import open_ledger
from bot.settings import Settings
from bot.slack.runtime.client import web_client
from bot.slack.runtime.manifest import DEFAULT_FEATURES, FEATURES, manifest

__all__ = ["Finding", "examine"]

_NOT_THERE = {"channel_not_found", "not_in_channel", "is_archived"}


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
    on = [feature for feature in FEATURES if _scopes(feature) <= granted] if granted else None
    yield _granted(settings, granted, on)
    yield _events(on)
    if settings.slack_app_token:
        yield _socket(settings)
    yield from _channels(settings, client)
    if settings.curator_group:
        yield _curators(settings, client)


def _scopes(*features: str) -> set[str]:
    return set(manifest(features=features)["oauth_config"]["scopes"]["bot"])


def _granted(settings: Settings, granted: set[str], on: list[str] | None) -> Finding:
    """The core's scopes, and those of the features that the settings need."""
    if on is None:
        return Finding("Scopes", True, "Slack did not say which are granted")
    asked_for = {
        "follow": settings.watched_channels or settings.triage_channel,
        "curators": settings.curator_group,
    }
    needed = [feature for feature, setting in asked_for.items() if setting]
    missing = sorted(_scopes(*needed) - granted)
    if missing:
        remedy = "Paste the manifest again (python -m bot manifest) and reinstall the app."
        return Finding("Scopes", False, f"missing: {', '.join(missing)}", remedy)
    off = [feature for feature in FEATURES if feature not in on]
    says = f"all {len(_scopes(*on))} that are needed are granted"
    return Finding("Scopes", True, f"{says}; turned off: {', '.join(off)}" if off else says)


def _events(on: list[str] | None) -> Finding:
    """Slack tells nobody which events an app subscribed to: what should be there is named."""
    features = DEFAULT_FEATURES if on is None else [name for name in on if name != "workflow"]
    wanted = manifest(features=features)["settings"]["event_subscriptions"]["bot_events"]
    says = f"compare with Event Subscriptions in the app's settings: {', '.join(wanted)}"
    return Finding("Events", True, says)


def _channels(settings: Settings, client: WebClient) -> Iterator[Finding]:
    """Whether the bot is in each channel that a setting names."""
    named = [
        ("ILR_TRIAGE_CHANNEL", settings.triage_channel),
        ("ILR_CURATORS_CHANNEL", settings.curators_channel),
        *(("ILR_WATCHED_CHANNELS", channel) for channel in sorted(settings.watched_channels)),
    ]
    for setting, channel in named:
        if not channel:
            continue
        try:
            client.conversations_history(channel=channel, limit=1)
        except SlackApiError as error:
            code = str(error.response.get("error", "unknown"))
            if code in _NOT_THERE:
                remedy = "Check the id, and invite the app there: /invite @ILR Helpdesk."
                yield Finding("Channels", False, f"{setting}: not in {channel} ({code})", remedy)


def _curators(settings: Settings, client: WebClient) -> Finding:
    try:
        found = client.usergroups_users_list(usergroup=settings.curator_group)
    except SlackApiError as error:
        code = str(error.response.get("error", "unknown"))
        remedy = "ILR_CURATOR_GROUP is a user group's id (S…); find it in the group's settings."
        return Finding("Curators", False, f"the group cannot be listed ({code})", remedy)
    users = found.get("users")
    count = len(users) if isinstance(users, list) else 0
    remedy = "" if count else "Add curators to the user group of ILR_CURATOR_GROUP."
    return Finding("Curators", count > 0, f"{count} in the user group", remedy)


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

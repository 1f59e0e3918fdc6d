"""Look at everything a running bot needs, and say how to fix what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import HelpdeskError, KnowledgeError, SettingsError
from bot.knowledge.base import KnowledgeBase
from bot.ledger.opening import ledger_exists, open_ledger
from bot.settings import Settings, doubts
from bot.slack.runtime.installations import Installations
from bot.slack.runtime.manifest import DEFAULT_FEATURES, FEATURES, manifest
from bot.slack.runtime.slack_errors import code_of
from bot.slack.runtime.web_client import web_client
from bot.slack.runtime.workspace_settings import settings_of
from bot.slack.runtime.workspaces import check_settings

__all__ = ["HealthCheck", "examine", "examine_environment"]

_NOT_THERE = {"channel_not_found", "not_in_channel", "is_archived"}


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing looked at. ``fix`` is empty when it is ok."""

    what: str
    ok: bool
    says: str
    fix: str = ""


def examine_environment(given: Mapping[str, str]) -> Iterator[HealthCheck]:
    """Look at what is set, and then, if it can be read, at all that it names."""
    for said in doubts(given):
        if not said.startswith("ILR_SECRET"):  # said below
            yield HealthCheck("Settings", False, said, "Correct its name, or take it away.")
    try:
        settings = Settings.from_environment(given)
    except SettingsError as error:
        for line in str(error).splitlines():
            yield HealthCheck("Settings", False, line, "Correct it, and run doctor again.")
        return
    yield from examine(settings)


def examine(settings: Settings) -> Iterator[HealthCheck]:
    """Look at settings, knowledge, database and Slack, in that order. Never shows a secret."""
    yield _way_of_serving(settings)
    yield _secret(settings)
    yield _knowledge(settings)
    yield _database(settings)
    if settings.slack_bot_token:
        yield from _slack(settings)
    elif settings.serves_many:
        yield _who_may_install(settings)
        yield from _workspaces(settings)


def _way_of_serving(settings: Settings) -> HealthCheck:
    if settings.serves_many:
        says = f"serves every workspace that installs it, over HTTP on port {settings.port}"
        return HealthCheck("Tokens", True, says)
    if not settings.slack_bot_token and settings.slack_client_id:
        fix = "To serve several workspaces set SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and "
        fix += "SLACK_SIGNING_SECRET; for one, SLACK_BOT_TOKEN."
        return HealthCheck("Tokens", False, "not all is set to serve several workspaces", fix)
    if not settings.slack_bot_token:
        fix = "Set SLACK_BOT_TOKEN (xoxb-…) and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET."
        return HealthCheck("Tokens", False, "there is no bot token", fix)
    for value, prefix, name in (
        (settings.slack_bot_token, "xoxb-", "SLACK_BOT_TOKEN"),
        (settings.slack_app_token, "xapp-", "SLACK_APP_TOKEN"),
    ):
        if value and not value.startswith(prefix):
            fix = f"{name} begins {prefix}. Are two tokens swapped?"
            return HealthCheck("Tokens", False, f"{name} is the wrong kind of token", fix)
    if settings.slack_app_token:
        return HealthCheck("Tokens", True, "serves by Socket Mode")
    if settings.slack_signing_secret:
        return HealthCheck("Tokens", True, f"serves signed HTTP on port {settings.port}")
    fix = "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP."
    return HealthCheck("Tokens", False, "there is no app token and no signing secret", fix)


def _secret(settings: Settings) -> HealthCheck:
    if len(settings.secret) >= 16:
        return HealthCheck("Secret", True, "users are told apart by keyed hashes")
    fix = "Set ILR_SECRET to 16 or more random characters."
    return HealthCheck("Secret", False, "users cannot be told apart, or forgotten", fix)


def _knowledge(settings: Settings) -> HealthCheck:
    try:
        held = KnowledgeBase.load(own=settings.knowledge_dir)
    except KnowledgeError as error:
        return HealthCheck(
            "Knowledge", False, str(error).splitlines()[0], "Run: python -m bot lint"
        )
    return HealthCheck("Knowledge", True, f"{len(held.entries)} entries")


def _database(settings: Settings) -> HealthCheck:
    """Nothing is made or changed in it. What raises says itself what to do."""
    try:
        if not ledger_exists(settings):
            return HealthCheck("Database", True, "there is none yet; serve makes its file")
        ledger = open_ledger(settings)
        try:
            ledger.look()
        finally:
            ledger.close()
    except HelpdeskError as error:
        says, _, fix = str(error).partition(". ")
        return HealthCheck("Database", False, says, fix or "Check DATABASE_URL.")
    return HealthCheck("Database", True, "can be reached")


def _slack(settings: Settings) -> Iterator[HealthCheck]:
    client = web_client(settings.slack_bot_token, settings.slack_api_url)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = str(error.response.get("error", "unknown"))
        fix = "Install the app again and copy the bot token."
        yield HealthCheck("Slack", False, f"refuses the bot token ({code})", fix)
        return
    except (SlackClientError, OSError):
        fix = "Check the network and SLACK_API_URL."
        yield HealthCheck("Slack", False, "cannot be reached", fix)
        return
    team = str(answer.get("team") or answer.get("team_id") or "a workspace")
    yield HealthCheck("Slack", True, f"connected to {team}")
    yield _allowed(settings, str(answer.get("team_id") or ""))
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


def _allowed(settings: Settings, team: str) -> HealthCheck:
    """Whether the one workspace is on the list; what to write when there is none."""
    if settings.allowed_teams and team not in settings.allowed_teams:
        fix = "Add the workspace's id to ILR_ALLOWED_TEAMS."
        return HealthCheck("Workspace", False, "is not among those allowed", fix)
    if settings.allowed_teams:
        return HealthCheck("Workspace", True, "is on the list of ILR_ALLOWED_TEAMS")
    return HealthCheck("Workspace", True, f"any may use it; set ILR_ALLOWED_TEAMS={team}")


def _who_may_install(settings: Settings) -> HealthCheck:
    if settings.allowed_teams:
        count = len(settings.allowed_teams)
        return HealthCheck("Who may install it", True, f"{count} on the list of ILR_ALLOWED_TEAMS")
    fix = "Set ILR_ALLOWED_TEAMS to the ids of the workspaces (T…) or organisations (E…)."
    return HealthCheck("Who may install it", False, "anybody who finds its address", fix)


def _workspaces(settings: Settings) -> Iterator[HealthCheck]:
    """What each workspace has of its own, and whether Slack takes its token."""
    try:
        check_settings(settings)
        installed = Installations(settings, open_ledger(settings)).in_use()
    except HelpdeskError as error:
        fix = "Put it right, then run doctor again."
        yield HealthCheck("Workspaces", False, str(error).splitlines()[0], fix)
        return
    yield HealthCheck("Workspaces", True, f"{len(installed)} have it installed")
    for whose, token in installed:
        try:
            web_client(token, settings.slack_api_url).auth_test()
        except (SlackClientError, OSError) as error:
            code = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
            fix = "Let it install the app again, or run: python -m bot forget --workspace"
            says = f"Slack refuses its token ({code})"
            yield HealthCheck(f"Workspace {whose.team}", False, says, f"{fix} {whose.team}")
        else:
            own = settings_of(whose.team, settings)
            yield from _channels(own, web_client(token, settings.slack_api_url))


def _scopes(*features: str) -> set[str]:
    return set(manifest(features=features)["oauth_config"]["scopes"]["bot"])


def _granted(settings: Settings, granted: set[str], on: list[str] | None) -> HealthCheck:
    """The core's scopes, and those of the features that the settings need."""
    if on is None:
        return HealthCheck("Scopes", True, "Slack did not say which are granted")
    asked_for = {
        "follow": settings.watched_channels or settings.triage_channel,
        "curators": settings.curator_group,
    }
    needed = [feature for feature, setting in asked_for.items() if setting]
    missing = sorted(_scopes(*needed) - granted)
    if missing:
        fix = "Paste the manifest again (python -m bot manifest) and reinstall the app."
        return HealthCheck("Scopes", False, f"missing: {', '.join(missing)}", fix)
    off = [feature for feature in FEATURES if feature not in on]
    says = f"all {len(_scopes(*on))} that are needed are granted"
    return HealthCheck("Scopes", True, f"{says}; turned off: {', '.join(off)}" if off else says)


def _events(on: list[str] | None) -> HealthCheck:
    """Slack tells nobody which events an app subscribed to: what should be there is named."""
    features = DEFAULT_FEATURES if on is None else [name for name in on if name != "workflow"]
    wanted = manifest(features=features)["settings"]["event_subscriptions"]["bot_events"]
    says = f"compare with Event Subscriptions in the app's settings: {', '.join(wanted)}"
    return HealthCheck("Events", True, says)


def _channels(settings: Settings, client: WebClient) -> Iterator[HealthCheck]:
    """Whether the bot is in each channel that a setting names."""
    named = [
        ("ILR_TRIAGE_CHANNEL", settings.triage_channel),
        ("ILR_CURATORS_CHANNEL", settings.curators_channel),
        ("ILR_RETURNS_CHANNEL", settings.returns_channel),
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
                fix = "Check the id, and invite the app there: /invite @ILR Helpdesk."
                yield HealthCheck("Channels", False, f"{setting}: not in {channel} ({code})", fix)


def _curators(settings: Settings, client: WebClient) -> HealthCheck:
    try:
        found = client.usergroups_users_list(usergroup=settings.curator_group)
    except SlackApiError as error:
        code = str(error.response.get("error", "unknown"))
        fix = "ILR_CURATOR_GROUP is a user group's id (S…); find it in the group's settings."
        return HealthCheck("Curators", False, f"the group cannot be listed ({code})", fix)
    users = found.get("users")
    count = len(users) if isinstance(users, list) else 0
    fix = "" if count else "Add curators to the user group of ILR_CURATOR_GROUP."
    return HealthCheck("Curators", count > 0, f"{count} in the user group", fix)


def _socket(settings: Settings) -> HealthCheck:
    client = web_client(settings.slack_app_token, settings.slack_api_url)
    try:
        client.apps_connections_open(app_token=settings.slack_app_token)
    except SlackApiError as error:
        code = str(error.response.get("error", "unknown"))
        fix = "Make an app-level token with the scope connections:write, and enable Socket Mode."
        return HealthCheck("Socket Mode", False, f"refuses the app token ({code})", fix)
    except (SlackClientError, OSError):
        return HealthCheck("Socket Mode", False, "cannot be reached", "Check the network.")
    return HealthCheck("Socket Mode", True, "can be opened")

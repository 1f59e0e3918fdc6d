"""Many workspaces in one process, over HTTP: who installed it, and each request to its own.

A workspace is served by a Bolt app and an ``AppContext`` of its own, made when it is first heard
of: with its token, its settings, its knowledge and its rows of the ledger. Before them stands one
Bolt app that knows installations: it checks the signature, finds (and renews) the token, and
hands the request on. Installing, uninstalling and revoking end there.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization.authorize import InstallationStoreAuthorize
from slack_bolt.error import BoltError
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import HelpdeskError, SettingsError
from bot.helpdesk import Helpdesk
from bot.ledger import Ledger, LedgerError
from bot.ledger.workspaces import Workspace
from bot.settings import Settings
from bot.slack.context import AppContext
from bot.slack.runtime.app import build
from bot.slack.runtime.installations import (
    LIBRARY,
    MINUTES_BEFORE_IT_EXPIRES,
    Installations,
    OAuthStates,
)
from bot.slack.runtime.logs import log
from bot.slack.runtime.manifest import (
    ENDS,
    INSTALL_PATH,
    REDIRECT_PATH,
    manifest,
)
from bot.slack.runtime.slack_errors import code_of
from bot.slack.runtime.web_client import web_client
from bot.slack.runtime.workspace_settings import check_folder, settings_of

__all__ = ["PAGES", "Running", "Workspaces", "authorize_page", "check_settings"]

PAGES = frozenset({INSTALL_PATH, REDIRECT_PATH})
NOT_INSTALLED = (
    "I am not installed in this workspace any more. Whoever looks after Slack here can install me "
    "again."
)
SECONDS_TO_INSTALL = 600

Running = tuple[App, AppContext]


def authorize_page(settings: Settings) -> str:
    """Where somebody who installs it is sent."""
    if settings.slack_api_url == Settings.slack_api_url:
        return "https://slack.com/oauth/v2/authorize"
    return settings.slack_api_url.removesuffix("api/") + "oauth/v2/authorize"


def check_settings(settings: Settings) -> None:
    """Whether several workspaces can be served so. Raises SettingsError, KnowledgeError."""
    if not settings.secret:
        raise SettingsError("Set ILR_SECRET: it encrypts the tokens of those who install it.")
    try:
        manifest(features=settings.features)
    except ValueError as error:
        raise SettingsError(f"ILR_FEATURES: {error}") from None
    if settings.workspaces_dir:
        check_folder(settings.workspaces_dir)


class Workspaces:
    """Every workspace that this process serves."""

    def __init__(
        self,
        settings: Settings,
        helpdesk: Helpdesk,
        ledger: Ledger,
        opened: Callable[[Settings], Helpdesk],
    ) -> None:
        """``opened`` makes the helpdesk of a workspace with knowledge of its own.

        Raises SettingsError.
        """
        self.settings = settings
        self.helpdesk = helpdesk
        self.ledger = ledger
        self._opened = opened
        self._running: dict[str, Running] = {}
        self._lock = threading.Lock()
        self._looked_after = threading.Lock()
        self._building: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self.installations = Installations(settings, ledger)
        self.bolt = self._front()

    def running(self) -> list[Running]:
        """Those that are served now."""
        with self._lock:
            return list(self._running.values())

    @contextmanager
    def while_served(self, team: str) -> Iterator[bool]:
        """Whether a workspace is served. It does not end meanwhile, and nothing is kept after."""
        with self._looked_after:
            with self._lock:
                is_served = team in self._running
            yield is_served

    def sync(self) -> None:
        """Serve those who have it installed, with the token of now, and no others.

        Call it at start and regularly: what they wait for goes on though nobody there asks, and
        another process may have been told of one that came or went. Raises LedgerUnavailable.
        """
        in_use = self.installations.in_use()
        for whose, token in in_use:
            self._serve_safely(whose, token)
        for _, app in self.running():
            if app.home.team not in {whose.team for whose, _ in in_use}:
                self._stop(app.home.team)

    def reload(self, helpdesk: Helpdesk) -> None:
        """The knowledge or settings of some workspace changed. Raises KnowledgeError."""
        if self.settings.workspaces_dir:
            check_folder(self.settings.workspaces_dir)
        self.helpdesk = helpdesk
        with self._lock:
            running = dict(self._running)
        for team, (_, app) in running.items():
            own = self._settings_of(team, app.settings.slack_bot_token)
            app.helpdesk = self._helpdesk_of(own)
            app.settings = own

    def end(self, team: str) -> None:
        """A workspace, or an organisation (E…), took the app off: all that was kept goes."""
        teams = {team, *(one.team for one in self.ledger.workspaces(team) if one.for_organisation)}
        with self._looked_after:
            for each in teams:
                self._stop(each)
            deleted = self.ledger.forget_workspace(team)
        log.info("a workspace ended; what was kept of it is deleted", extra={"count": len(deleted)})

    def _stop(self, team: str) -> None:
        """No more from now on. What is under way ends first: it keeps nothing after."""
        with self._lock:
            held = self._running.pop(team, None)
        if held is not None:
            bolt, app = held
            bolt.listener_runner.listener_executor.shutdown()
            app.answering.shutdown(cancel_futures=True)

    # -- the app before the others

    def _front(self) -> App:
        client = web_client("", self.settings.slack_api_url)
        how = OAuthSettings(
            client_id=self.settings.slack_client_id,
            client_secret=self.settings.slack_client_secret,
            scopes=manifest(features=self.settings.features)["oauth_config"]["scopes"]["bot"],
            user_scopes=[],
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=authorize_page(self.settings),
            installation_store=self.installations,
            installation_store_bot_only=True,
            state_store=OAuthStates(SECONDS_TO_INSTALL, self.ledger.engine),
            state_expiration_seconds=SECONDS_TO_INSTALL,
        )
        how.authorize = InstallationStoreAuthorize(
            logger=LIBRARY,
            installation_store=self.installations,
            client_id=self.settings.slack_client_id,
            client_secret=self.settings.slack_client_secret,
            token_rotation_expiration_minutes=MINUTES_BEFORE_IT_EXPIRES,
            bot_only=True,
            cache_enabled=True,
            client=client,
        )
        front = App(
            client=client,
            signing_secret=self.settings.slack_signing_secret,
            oauth_flow=_Installing(
                client=client,
                settings=how,
                allowed=self.settings.allowed_teams,
                installed=self._get_ready,
            ),
            installation_store_bot_only=True,
            user_facing_authorize_error_message=NOT_INSTALLED,
            name="ilr-helpdesk",
        )
        front.use(self._hand_on)
        front.event("app_uninstalled")(self._uninstalled)
        front.event("tokens_revoked")(self._revoked)
        return front

    def _get_ready(self, installation: Installation) -> None:
        """Serve a workspace that has just installed it, before anybody there asks."""
        if installation.team_id and installation.bot_token:
            whose = Workspace(installation.team_id, installation.enterprise_id)
            work = (whose, installation.bot_token)
            threading.Thread(target=self._serve_safely, args=work, daemon=True).start()

    def _serve_safely(self, whose: Workspace, token: str) -> None:
        try:
            self._serving(whose, token)
        except (HelpdeskError, SlackClientError, OSError) as error:
            self._say_not_served(error)

    def _hand_on(
        self,
        req: BoltRequest,
        body: dict[str, Any],
        context: BoltContext,
        next: Callable[[], BoltResponse],
    ) -> BoltResponse:
        """To the workspace's own app, with the token it has now."""
        event = body.get("event")
        if isinstance(event, dict) and event.get("type") in ENDS:
            return next()
        team = context.team_id
        if not team or not context.bot_token:
            return BoltResponse(status=200, body="")
        whose = Workspace(team, context.enterprise_id, bool(context.is_enterprise_install))
        try:
            bolt, _ = self._serving(whose, context.bot_token)
        except (HelpdeskError, SlackClientError, OSError) as error:
            self._say_not_served(error)
            return BoltResponse(status=503, body="")  # Slack sends it again
        return bolt.dispatch(BoltRequest(body=body, headers=req.headers, mode="socket_mode"))

    def _uninstalled(self, body: dict[str, Any], context: BoltContext) -> None:
        if not self._installed_since(body, context):
            self.bolt.default_app_uninstalled_event_listener()(context)
            self._end_of(context)

    def _revoked(self, event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        tokens = event.get("tokens")
        ours = tokens.get("bot") if isinstance(tokens, dict) else None
        if ours and not self._installed_since(body, context):
            self.bolt.default_tokens_revoked_event_listener()(event, context)
            self._end_of(context)

    def _installed_since(self, body: dict[str, Any], context: BoltContext) -> bool:
        """Whether it was installed anew after it was taken off: Slack may tell that late."""
        found = self.installations.find_bot(
            enterprise_id=context.enterprise_id,
            team_id=context.team_id,
            is_enterprise_install=context.is_enterprise_install,
        )
        when = body.get("event_time")
        return bool(found and isinstance(when, int) and found.installed_at > when + 1)

    def _end_of(self, context: BoltContext) -> None:
        whole = context.is_enterprise_install or not context.team_id
        ended = context.enterprise_id if whole else context.team_id
        if ended:
            self.end(ended)

    # -- a workspace's own app

    def _serving(self, whose: Workspace, token: str) -> Running:
        """The app of a workspace, with the token it has now; made when it is first heard of."""
        with self._lock:
            held, building = self._running.get(whose.team), self._building[whose.team]
        if held is None:
            with building:  # knowledge of its own takes seconds, which others do not wait
                held = self._running.get(whose.team) or self._build(whose, token)
                with self._lock:
                    self._running[whose.team] = held
        app = held[1]
        if app.settings.slack_bot_token != token:
            app.settings = replace(app.settings, slack_bot_token=token)
            app.slack.use_token(token)
        return held

    def _build(self, whose: Workspace, token: str) -> Running:
        own = self._settings_of(whose.team, token)
        built = build(own, self._helpdesk_of(own), self.ledger.for_team(whose.team), whose=whose)
        try:
            self.ledger.add_workspace(whose)
        except LedgerError:
            log.warning("a workspace could not be remembered; it is served all the same")
        return built

    def _settings_of(self, team: str, token: str) -> Settings:
        return replace(settings_of(team, self.settings), slack_bot_token=token)

    def _helpdesk_of(self, own: Settings) -> Helpdesk:
        """The one that all share, unless the workspace has knowledge of its own."""
        shared = own.knowledge_dir == self.settings.knowledge_dir
        return self.helpdesk if shared else self._opened(own)

    def _say_not_served(self, error: Exception) -> None:
        code = code_of(error) if isinstance(error, SlackApiError) else ""
        log.error(
            "a workspace cannot be served now",
            extra={"error": type(error).__name__, "code": code or None},
        )


class _Installing(OAuthFlow):
    """Bolt's, for the workspaces that may use it."""

    def __init__(
        self,
        *,
        allowed: frozenset[str],
        installed: Callable[[Installation], None],
        **given: Any,
    ) -> None:
        super().__init__(**given)
        self._allowed = allowed
        self._installed = installed

    def store_installation(self, request: BoltRequest, installation: Installation) -> None:
        """Keep it. One that is not on the list is given back, and Bolt's page says it failed."""
        ids = {installation.team_id, installation.enterprise_id} - {None}
        if self._allowed and not ids & self._allowed:
            log.warning(
                "a workspace that is not allowed installed the app",
                extra={"fix": "Add its id to ILR_ALLOWED_TEAMS and let it install again."},
            )
            with suppress(SlackApiError, OSError):
                self.client.auth_revoke(token=installation.bot_token)
            raise BoltError("This workspace is not on the list of those that may use it.")
        try:
            super().store_installation(request, installation)
        except (LedgerError, SQLAlchemyError) as error:
            log.warning("an installation could not be kept", extra={"error": type(error).__name__})
            raise BoltError("The database is away. Please try again.") from None
        log.info("a workspace installed the app")
        self._installed(installation)

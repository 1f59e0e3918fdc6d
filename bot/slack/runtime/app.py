"""The Bolt app: who may ask, each event kept before it is acknowledged, and errors told."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.listener.listener_completion_handler import ListenerCompletionHandler
from slack_sdk import WebClient

from bot.helpdesk import Helpdesk
from bot.ledger import EventPayload, Ledger
from bot.settings import Settings
from bot.slack.blocks import notices
from bot.slack.context import Desk
from bot.slack.listeners import register
from bot.slack.messages import from_event
from bot.slack.routing import door_of
from bot.slack.runtime.backpressure import Arrivals
from bot.slack.runtime.client import Outgoing, web_client
from bot.slack.runtime.failures import known, make_good
from bot.slack.runtime.logs import log, new_reference
from bot.slack.runtime.tolerant_ledger import Claim

__all__ = ["REPLAYED", "build", "replay"]

REPLAYED = 20
"""Events taken up again at once: few enough to be answered before anybody else may have them."""
WORKERS = 32
"""Threads for what must be acknowledged in three seconds: commands, clicks, forms."""


def build(
    settings: Settings,
    helpdesk: Helpdesk,
    ledger: Ledger | None,
    *,
    client: WebClient | None = None,
) -> tuple[App, Desk]:
    """The app and its desk. Asks Slack who we are: raises SlackApiError when it refuses."""
    slack = client or web_client(settings.slack_bot_token, settings.slack_api_url)
    known = slack.auth_test()
    us = AuthorizeResult.from_auth_test_response(
        auth_test_response=known, bot_token=settings.slack_bot_token
    )
    app = _App(
        client=slack,
        signing_secret=settings.slack_signing_secret,
        authorize=lambda **_: us,
        listener_executor=ThreadPoolExecutor(WORKERS, thread_name_prefix="answer"),
        name="ilr-helpdesk",
    )
    desk = Desk(
        settings,
        helpdesk,
        ledger,
        Outgoing(slack),
        me=us.bot_user_id or "",
        my_bot=us.bot_id or "",
        arrivals=app.arrivals,
    )
    _register_middleware(app, desk)
    register(app, desk)
    _register_rest(app)
    _register_errors(app, desk)
    app.listener_runner.listener_completion_handler = _Completed()
    return app, desk


_DOORS = {
    "block_actions": "click",
    "view_submission": "form",
    "view_closed": "form",
    "shortcut": "shortcut",
    "message_action": "shortcut",
    "app_home_opened": "home",
    "link_shared": "link",
    "function_executed": "workflow",
}


class _Completed(ListenerCompletionHandler):
    """One line of the log for each command, click, form or other request, once it is done.

    Messages are not among them: they are answered later, and logged then.
    """

    def handle(self, request: BoltRequest, response: BoltResponse | None) -> None:
        """Log what it was and how long it took."""
        body, context = request.body, request.context
        event = body.get("event")
        kind = event.get("type") if isinstance(event, dict) else body.get("type")
        door = "command" if "command" in body else _DOORS.get(str(kind))
        if door is None or "began" not in context:
            return
        log.info(
            "done",
            extra={
                "reference": context.get("reference"),
                "door": door,
                "outcome": context.get("outcome", "fine"),
                "ms": round((time.monotonic() - context["began"]) * 1000),
            },
        )


class _App(App):
    """Bolt's, counting what it has not acknowledged yet."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.arrivals = Arrivals()

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Acknowledge a request, and begin what it asks for."""
        with self.arrivals:
            return super().dispatch(req)


def _register_middleware(app: App, desk: Desk) -> None:
    @app.middleware
    def allow(
        body: dict[str, Any], context: BoltContext, ack: Ack, next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Only workspaces on the list; everybody when there is none."""
        context["reference"] = new_reference()
        context["began"] = time.monotonic()
        if _teams(body) <= desk.settings.allowed_teams or not desk.settings.allowed_teams:
            return next()
        log.warning("a workspace that is not allowed asked", extra=known(context))
        if isinstance(body.get("response_url"), str):
            desk.slack.respond(body["response_url"], notices.not_allowed())
        return ack()

    @app.middleware
    def keep(
        body: dict[str, Any], context: BoltContext, ack: Ack, next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Keep an event we shall answer, then let Bolt acknowledge it; each is ours once."""
        event = body.get("event")
        if not isinstance(event, dict) or context.get("replayed"):
            return next()
        kind = event.get("type")
        if kind not in ("app_mention", "message"):
            return next()
        if event.get("subtype") in ("message_changed", "message_deleted"):
            return next()
        door = door_of(desk, event)
        if door is None:
            return ack()
        context["door"] = door
        claim = _claim(desk, body, door)
        if claim is Claim.SEEN:
            return ack()
        context["kept"] = claim is Claim.OURS
        return next()


def _teams(body: dict[str, Any]) -> set[str]:
    """The workspaces a request comes from; a guest's own may differ in a shared channel."""
    team, event = body.get("team"), body.get("event")
    given = [
        body.get("team_id"),
        team.get("id") if isinstance(team, dict) else None,
        event.get("user_team") if isinstance(event, dict) else None,
    ]
    return {one for one in given if isinstance(one, str)}


def _claim(desk: Desk, body: dict[str, Any], door: str) -> Claim:
    asked = from_event(body, door)
    # A record is never kept, not even masked: after a restart it is read from Slack again.
    text = "" if desk.helpdesk.is_record(asked.text) else asked.text
    return desk.keeping.claim(
        asked.event_id or f"{asked.channel}/{asked.ts}",
        EventPayload(
            kind=door,
            channel=asked.channel,
            ts=asked.ts,
            user=asked.user,
            text=text,
            thread_ts=asked.thread_ts,
            team=asked.team,
        ),
    )


def _register_rest(app: App) -> None:
    """What Slack sends besides (uninstalled, a select in a form …) is acknowledged."""

    @app.event(re.compile(".*"))
    def other_event() -> None:
        return

    @app.action(re.compile(".*"))
    def other_action(ack: Ack) -> None:
        ack()


def _register_errors(app: App, desk: Desk) -> None:
    @app.error
    def failed(error: Exception, body: dict[str, Any], context: BoltContext) -> None:
        if context.ack.response is None:
            context.ack()  # so that Slack's own error does not show beside ours
        context["outcome"] = "failed"
        make_good(desk, error, body, context)


def replay(app: App, desk: Desk) -> int:
    """Answer what another process kept and left unanswered; returns how many.

    At most REPLAYED at once: when it is so many, call it again soon.
    """
    waiting = desk.keeping.attempt(lambda ledger: ledger.unanswered_events(REPLAYED)) or []
    for pending in waiting:
        kept = pending.payload
        event = {
            "type": "app_mention" if kept.kind == "mention" else "message",
            "channel": kept.channel,
            "user": kept.user,
            "ts": kept.ts,
            "text": kept.text,
        } | ({"thread_ts": kept.thread_ts} if kept.thread_ts else {})
        body = {
            "type": "event_callback",
            "team_id": kept.team,
            "event_id": pending.event_id,
            "event": event,
        }
        context = {"replayed": True, "door": kept.kind, "kept": True}
        app.dispatch(BoltRequest(body=body, mode="socket_mode", context=context))
    return len(waiting)

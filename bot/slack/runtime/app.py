"""The Bolt app: who may ask, each event stored before it is acknowledged, and errors told."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.listener.listener_completion_handler import ListenerCompletionHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.helpdesk import Helpdesk
from bot.ledger import EventPayload, Ledger
from bot.ledger.workspaces import Workspace
from bot.settings import Settings
from bot.slack.blocks import notices
from bot.slack.context import ANSWERING, AppContext
from bot.slack.listeners import register
from bot.slack.messages import IncomingMessage, from_event
from bot.slack.routing import classify_event
from bot.slack.runtime.backpressure import Backpressure
from bot.slack.runtime.client import NotDeliveredError, SlackClient
from bot.slack.runtime.failures import handle_failure, log_fields
from bot.slack.runtime.guests import answer_guest, is_guest, part_of, teams_of
from bot.slack.runtime.logs import REPEATED, log, new_reference
from bot.slack.runtime.spool import Spool
from bot.slack.runtime.tolerant_ledger import Claim
from bot.slack.runtime.web_client import web_client

__all__ = ["REPLAYED", "build", "replay"]

REPLAYED = 20
"""Events taken up again at once: few enough to be answered before anybody else may have them."""
MAX_ATTEMPTS = 3
"""A spooled event that so many processes died with is given up."""
WORKERS = 32
"""Threads for what must be acknowledged in three seconds: commands, clicks, forms."""
WORKERS_OF_EACH = 8
"""The same where there are several workspaces, which are seldom busy at once."""


def build(
    settings: Settings,
    helpdesk: Helpdesk,
    ledger: Ledger | None,
    *,
    client: WebClient | None = None,
    whose: Workspace | None = None,
    spool: Spool | None = None,
) -> tuple[App, AppContext]:
    """The Bolt app of a workspace, and what its listeners are given.

    ``whose``: one of several, and ``ledger`` is its own; else the only one. ``spool`` keeps events
    while the database is away. Asks Slack who we are: raises SlackApiError when it refuses.
    """
    slack = client or web_client(settings.slack_bot_token, settings.slack_api_url)
    identity = slack.auth_test()
    us = AuthorizeResult.from_auth_test_response(
        auth_test_response=identity, bot_token=settings.slack_bot_token
    )
    workers = WORKERS if whose is None else WORKERS_OF_EACH
    if whose is None:
        whose = Workspace(us.team_id or "", us.enterprise_id)
        ledger = ledger.for_team(whose.team, apart=False) if ledger and whose.team else ledger
    bolt = _App(
        # Where other processes answer, answers take little of the turns of what comes in.
        Backpressure(ANSWERING) if settings.answer_processes else Backpressure(),
        client=slack,
        signing_secret=settings.slack_signing_secret,
        authorize=lambda **_: us,
        listener_executor=ThreadPoolExecutor(workers, thread_name_prefix="answer"),
        name="ilr-helpdesk",
    )
    app = AppContext(
        settings,
        helpdesk,
        ledger,
        SlackClient(slack),
        bot_user=us.bot_user_id or "",
        bot_id=us.bot_id or "",
        home=whose,
        backpressure=bolt.backpressure,
        spool=spool,
    )
    _register_middleware(bolt, app)
    register(bolt, app)
    _register_rest(bolt)
    _register_errors(bolt, app)
    bolt.listener_runner.listener_completion_handler = _Completed()
    return bolt, app


_SOURCES = {
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
        source = "command" if "command" in body else _SOURCES.get(str(kind))
        if source is None or "began" not in context:
            return
        log.info(
            "done",
            extra={
                "reference": context.get("reference"),
                "source": source,
                "outcome": context.get("outcome", "fine"),
                "ms": round((time.monotonic() - context["began"]) * 1000),
            },
        )


class _App(App):
    """Bolt's, counting what it has not acknowledged yet."""

    def __init__(self, backpressure: Backpressure, **given: Any) -> None:
        super().__init__(**given)
        self.backpressure = backpressure

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Acknowledge a request, and begin what it asks for."""
        with self.backpressure:
            return super().dispatch(req)


def _register_middleware(bolt: App, app: AppContext) -> None:
    @bolt.middleware
    def allow_workspace(
        body: dict[str, Any], context: BoltContext, ack: Ack, next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Only workspaces on the list, all when there is none; guests as the setting says."""
        context["reference"] = new_reference()
        context["began"] = time.monotonic()
        if context.get("replayed"):
            return next()
        if is_guest(app, body) and app.settings.guests != "answer":
            answer_guest(app, body)
            return ack()
        if is_guest(app, body) or _is_allowed(body, app.settings.allowed_teams):
            return next()
        log.warning("a workspace that is not allowed asked", extra=log_fields(context))
        if isinstance(body.get("response_url"), str):
            with suppress(NotDeliveredError):
                app.slack.respond(body["response_url"], notices.not_allowed())
        return ack()

    @bolt.middleware
    def store_event(
        body: dict[str, Any], context: BoltContext, ack: Ack, next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Store an event we shall answer, then let Bolt acknowledge it; each is ours once."""
        event = body.get("event")
        if not isinstance(event, dict) or context.get("replayed"):
            return next()
        kind = event.get("type")
        if kind not in ("app_mention", "message"):
            return next()
        if event.get("subtype") in ("message_changed", "message_deleted"):
            return next()
        if kind == "app_mention" and event.get("edited"):
            return next()  # a message that was answered, or left alone, before: an edit of it
        source = classify_event(app, event)
        if source is None:
            return ack()
        context["source"] = source
        message = from_event(body, source)
        app.expect(message)
        claim = _claim(app, message)
        if claim is Claim.SEEN:
            app.let_go(message)
            log.info(REPEATED, extra=log_fields(context))
            return ack()
        context["stored"] = claim is Claim.OURS
        return next()


def _is_allowed(body: dict[str, Any], allowed: frozenset[str]) -> bool:
    """Whether a request comes from workspaces on the list, when there is one. One that does not
    say where it comes from is refused."""
    teams = _teams(body)
    return not allowed or (bool(teams) and teams <= allowed)


def _teams(body: dict[str, Any]) -> set[str]:
    """The workspaces a request comes from; a guest's own may differ in a shared channel.

    An app that is installed for a whole organisation is sent no team of its own, but the user's.
    """

    given = {body.get("team_id"), part_of(body, "team").get("id")}
    return {one for one in given if isinstance(one, str) and one} | teams_of(body)


def _claim(app: AppContext, message: IncomingMessage) -> Claim:
    text = message.text if _may_be_kept(app, message) else ""
    return app.ledger.claim(
        message.event_id or f"{message.channel}/{message.ts}",
        EventPayload(
            kind=message.source,
            channel=message.channel,
            ts=message.ts,
            user=message.user,
            text=text,
            thread_ts=message.thread_ts,
            team=message.team,
        ),
    )


def _may_be_kept(app: AppContext, message: IncomingMessage) -> bool:
    """Whether its text may be kept, masked; if not, it is read from Slack after a restart.

    A record, or what is said of a learner at risk, never is. In a burst nothing is: to tell takes
    longer than to keep, and Slack wants its acknowledgement within three seconds.
    """
    if app.backpressure.is_burst:
        return False
    return not (app.helpdesk.is_record(message.text) or app.helpdesk.is_at_risk(message.text))


def _register_rest(bolt: App) -> None:
    """What Slack sends besides (uninstalled, a select in a form …) is acknowledged."""

    @bolt.event(re.compile(".*"))
    def other_event() -> None:
        return

    @bolt.action(re.compile(".*"))
    def other_action(ack: Ack) -> None:
        ack()


def _register_errors(bolt: App, app: AppContext) -> None:
    @bolt.error
    def failed(error: Exception, body: dict[str, Any], context: BoltContext) -> None:
        if context.ack.response is None:
            context.ack()  # so that Slack's own error does not show beside ours
        context["outcome"] = "failed"
        handle_failure(app, error, body, context)


def _tell_given_up(app: AppContext, event: EventPayload) -> None:
    """Whoever wrote it learns that it is not answered. Nobody else sees that they asked."""
    root = event.thread_ts or event.ts
    in_dm = event.channel.startswith("D")
    try:
        app.slack.whisper(
            event.channel,
            event.user,
            notices.given_up(),
            thread_ts=root if in_dm else event.thread_ts,
        )
    except (SlackApiError, OSError) as error:
        log.error("the person could not be told", extra={"error": type(error).__name__})


def replay(bolt: App, app: AppContext) -> int:
    """Answer what another process stored and left unanswered; returns how many.

    At most REPLAYED at once: when it is so many, call it again soon.
    """
    given_up: list[EventPayload] = []
    waiting = [
        (one.event_id, one.payload, True)
        for one in app.ledger.unanswered_events(REPLAYED, lambda one: given_up.append(one.payload))
    ]
    for spooled, claim in app.ledger.spooled_events(REPLAYED - len(waiting)):
        if spooled.attempts > MAX_ATTEMPTS:
            given_up.append(spooled.payload)
            app.ledger.finish(spooled.event_id, stored=claim is Claim.OURS)
        else:
            waiting.append((spooled.event_id, spooled.payload, claim is Claim.OURS))
    for event in given_up:
        log.error("an event was given up", extra={"source": event.kind})
        app.answering.submit(_tell_given_up, app, event)
    for event_id, stored, is_stored in waiting:
        _answer_again(bolt, event_id, stored, is_stored=is_stored)
    return len(waiting)


def _answer_again(bolt: App, event_id: str, stored: EventPayload, *, is_stored: bool) -> None:
    event = {
        "type": "app_mention" if stored.kind == "mention" else "message",
        "channel": stored.channel,
        "user": stored.user,
        "ts": stored.ts,
        "text": stored.text,
    } | ({"thread_ts": stored.thread_ts} if stored.thread_ts else {})
    body = {
        "type": "event_callback",
        "team_id": stored.team,
        "event_id": event_id,
        "event": event,
    }
    context = {"replayed": True, "source": stored.kind, "stored": is_stored}
    bolt.dispatch(BoltRequest(body=body, mode="socket_mode", context=context))

"""When something breaks: the log has where, the person is always told, with a reference."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.errors import places
from bot.slack.blocks import notices
from bot.slack.blocks.post import Post
from bot.slack.context import AppContext
from bot.slack.messages import from_event
from bot.slack.runtime.logs import log

__all__ = ["handle_failure", "log_fields"]

_QUESTION_GONE = {"thread_not_found"}
_UNPROMPTED = {"thread", "watched", "triage", "asker"}


def handle_failure(
    app: AppContext, error: Exception, body: dict[str, Any], context: Mapping[str, Any]
) -> None:
    """Log where it broke, never what was written; tell the person, with the reference.

    An event that Slack was too busy to take an answer to is given back, to be tried again.
    """
    code = error.response.get("error") if isinstance(error, SlackApiError) else None
    event_id = str(body.get("event_id") or "")
    stored = bool(event_id and context.get("stored"))
    if code in _QUESTION_GONE and isinstance(body.get("event"), dict):
        log.info("the question was deleted before its answer", extra=log_fields(context))
        app.ledger.finish(event_id, stored=stored)
        return
    log.error(
        "a listener failed",
        extra=log_fields(context)
        | {"error": type(error).__name__, "code": code, "where": places(error)},
    )
    if stored and _will_pass(error):
        app.ledger.release(event_id)
        return
    try:
        if context.get("source") not in _UNPROMPTED:
            _tell(app, body, notices.error_post(str(context.get("reference"))))
    except Exception:  # noqa: BLE001 - there is nobody left to tell
        log.error("the person could not be told", extra=log_fields(context))
    app.ledger.finish(event_id, stored=stored)


def log_fields(context: Mapping[str, Any]) -> dict[str, Any]:
    """What the log may say of a request."""
    return {"reference": context.get("reference"), "source": context.get("source")}


def _will_pass(error: Exception) -> bool:
    """Whether Slack could not be reached, or was busy: worth another try by itself."""
    if isinstance(error, SlackApiError):
        status = getattr(error.response, "status_code", 0)
        return status == 429 or status >= 500
    return isinstance(error, OSError | http.client.HTTPException)


def _tell(app: AppContext, body: dict[str, Any], post: Post) -> None:
    event, user = body.get("event"), body.get("user")
    if isinstance(event, dict):
        message = from_event(body, "")
        if message.channel and message.user:
            thread = message.root if message.in_dm else message.thread_ts
            app.slack.whisper(message.channel, message.user, post, thread_ts=thread)
    elif isinstance(body.get("response_url"), str):
        app.slack.respond(body["response_url"], post)
    elif isinstance(user, dict) and user.get("id"):
        app.slack.direct(user["id"], post)

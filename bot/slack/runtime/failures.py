"""When something breaks: the log has where, the person is always told, with a reference."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.errors import places
from bot.slack.blocks import notices
from bot.slack.blocks.post import Post
from bot.slack.context import AppContext
from bot.slack.messages import from_event
from bot.slack.runtime.client import NotDeliveredError, UnsureError
from bot.slack.runtime.logs import log
from bot.slack.runtime.slack_errors import TOKEN_REFUSED, code_of, is_busy, remedy

__all__ = ["handle_failure", "log_fields"]

_QUESTION_GONE = {"thread_not_found"}
PAUSES = (5.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0)
"""Seconds between tries to tell somebody while Slack is away: a quarter of an hour in all."""
_UNPROMPTED = {"thread", "watched", "triage", "asker"}


def handle_failure(
    app: AppContext, error: Exception, body: dict[str, Any], context: Mapping[str, Any]
) -> None:
    """Log where it broke, never what was written; tell the person, with the reference.

    An event that Slack was too busy to take an answer to is given back, to be tried again, as is
    one for which it did not take our token: an administrator will give us another. What
    was to answer a command or a click is sent later.
    """
    code = code_of(error) or None
    event_id = str(body.get("event_id") or "")
    stored = bool(event_id and context.get("stored"))
    if code in _QUESTION_GONE and isinstance(body.get("event"), dict):
        log.info("the question was deleted before its answer", extra=log_fields(context))
        app.ledger.finish(event_id, stored=stored)
        return
    log.error(
        "a listener failed",
        extra=log_fields(context)
        | {
            "error": type(error).__name__,
            "code": code,
            "where": places(error),
            "fix": remedy(error) or None,
        },
    )
    may_pass = _will_pass(error) or code in TOKEN_REFUSED
    if stored and may_pass and not isinstance(error, UnsureError):
        app.ledger.release(event_id)
        return
    if context.get("source") not in _UNPROMPTED:
        _tell_now_or_later(app, body, _said(error, context), context)
    app.ledger.finish(event_id, stored=stored)


def _said(error: Exception, context: Mapping[str, Any]) -> Post:
    """What the person is told: the answer that did not reach them, or what they can do."""
    if isinstance(error, NotDeliveredError):
        return error.post
    if remedy(error):
        return notices.text_post(remedy(error))
    return notices.error_post(str(context.get("reference")))


def _tell_now_or_later(
    app: AppContext,
    body: dict[str, Any],
    post: Post,
    context: Mapping[str, Any],
    pauses: Sequence[float] | None = None,
) -> None:
    """Tell them; while Slack is away, again after each of the pauses, in seconds."""
    left = PAUSES if pauses is None else pauses
    try:
        _tell(app, body, post)
    except Exception as error:  # noqa: BLE001 - there is nobody left to tell
        if not (left and _will_pass(error)):
            log.error("the person could not be told", extra=log_fields(context))
            return
        again = (app, body, post, context, left[1:])
        later = threading.Timer(left[0], _tell_now_or_later, again)
        later.daemon = True
        later.start()


def log_fields(context: Mapping[str, Any]) -> dict[str, Any]:
    """What the log may say of a request."""
    return {"reference": context.get("reference"), "source": context.get("source")}


def _will_pass(error: Exception) -> bool:
    """Whether Slack could not be reached, or was busy: worth another try by itself."""
    if isinstance(error, SlackApiError):
        return is_busy(error)
    return isinstance(error, OSError | http.client.HTTPException)


def _tell(app: AppContext, body: dict[str, Any], post: Post) -> None:
    event, user = body.get("event"), body.get("user")
    who = str((user.get("id") if isinstance(user, dict) else body.get("user_id")) or "")
    if isinstance(event, dict):
        message = from_event(body, "")
        if message.channel and message.user:
            thread = message.root if message.in_dm else message.thread_ts
            app.slack.whisper(message.channel, message.user, post, thread_ts=thread)
    elif isinstance(body.get("response_url"), str):
        app.slack.respond(body["response_url"], post, user=who)
    elif who:
        app.slack.direct(who, post)

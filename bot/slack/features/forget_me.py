"""``/ilr forget me``."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.slack.blocks import notices
from bot.slack.blocks.post import Post
from bot.slack.context import AppContext
from bot.slack.runtime.logs import log

__all__ = ["forget"]

_DELETED = "This question was deleted at the request of whoever asked it."


def forget(app: AppContext, user: str) -> Post:
    """Delete what is kept of somebody's questions, and say what that was."""
    if not app.ledger.exists:
        return notices.text_post("I store nothing about your questions.")
    if not app.settings.secret:
        return notices.text_post(
            "I store nothing that identifies you, so there is nothing to delete. Questions are "
            f"deleted automatically after {app.settings.retention_days:,} days."
        )
    app.conversations.forget(user)
    done = app.ledger.forget_user(user)
    if done is None:
        return notices.text_post(
            "The database is unavailable, so nothing was deleted. Please try again."
        )
    for channel, ts in done.triage_posts:
        _take_name_off(app, channel, ts)
    return notices.text_post(
        f"Done. I deleted {done.questions} of your questions and {done.feedback} pieces of "
        "feedback, and removed the link to you from everything else."
    )


def _take_name_off(app: AppContext, channel: str, ts: str) -> None:
    """A question passed to people names who asked it: the post says only that it is gone."""
    try:
        app.slack.change(channel, ts, notices.text_post(_DELETED))
    except (SlackApiError, OSError) as error:
        log.warning("a triage post could not be changed", extra={"error": type(error).__name__})

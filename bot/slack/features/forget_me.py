"""``/ilr forget me``."""

from __future__ import annotations

from bot.slack.blocks import notices
from bot.slack.blocks.post import Post
from bot.slack.context import AppContext

__all__ = ["forget"]


def forget(app: AppContext, user: str) -> Post:
    """Delete what is kept of somebody's questions, and say what that was."""
    if not app.ledger.exists:
        return notices.text_post("I keep nothing about your questions.")
    if not app.settings.secret:
        return notices.text_post(
            "What I keep names nobody and cannot be traced back to you, so there is nothing of "
            "yours to find. It goes by itself after "
            f"{app.settings.retention_days:,} days."
        )
    app.forget(user)
    done = app.ledger.forget_user(user)
    if done is None:
        return notices.text_post(
            "My records cannot be reached just now, so nothing was deleted. Please try again."
        )
    return notices.text_post(
        f"Done. I deleted {done.questions} of your questions and {done.feedback} pieces of "
        "feedback, and what linked anything else to you."
    )

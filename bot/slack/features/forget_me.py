"""``/ilr forget me``."""

from __future__ import annotations

from bot.slack.blocks import notices
from bot.slack.blocks.post import Post
from bot.slack.context import Desk

__all__ = ["forget"]


def forget(desk: Desk, user: str) -> Post:
    """Delete what is kept of somebody's questions, and say what that was."""
    if desk.keeping.ledger is None:
        return notices.said("I keep nothing about your questions.")
    if not desk.settings.secret:
        return notices.said(
            "What I keep names nobody and cannot be traced back to you, so there is nothing of "
            "yours to find. It goes by itself after "
            f"{desk.settings.retention_days:,} days."
        )
    desk.forget(user)
    done = desk.keeping.attempt(lambda ledger: ledger.forget_user(user))
    if done is None:
        return notices.said(
            "My records cannot be reached just now, so nothing was deleted. Please try again."
        )
    return notices.said(
        f"Done. I deleted {done.questions} of your questions and {done.feedback} pieces of "
        "feedback, and what linked anything else to you."
    )

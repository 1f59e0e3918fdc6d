"""A private answer shown to the channel, when its asker wants to."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.slack.blocks import notices
from bot.slack.blocks.post import Post
from bot.slack.blocks.reply import reply
from bot.slack.context import AppContext
from bot.slack.interactions import Click

__all__ = ["not_held", "show_in_channel"]

_NOT_THERE = {"not_in_channel", "channel_not_found", "is_archived", "restricted_action"}


def not_held() -> Post:
    """A button of an entry that a curator has since removed."""
    return notices.text_post("That answer is no longer in my knowledge base. Please ask again.")


def show_in_channel(app: AppContext, click: Click) -> None:
    """Post the answer for everybody, say who shares it, and take the private one away."""
    answer = app.open(click.entry, click.year)
    if answer is None:
        click.whisper(app, not_held())
        return
    post = notices.shared_answer(click.user, reply(answer, app.context(click.questions)))
    try:
        ts = app.slack.say(click.channel, post, thread_ts=click.thread_ts)
    except SlackApiError as error:
        if error.response.get("error") not in _NOT_THERE:
            raise
        click.whisper(
            app,
            notices.text_post(
                "I am not in this channel. Invite me with `/invite`, then try again."
            ),
        )
        return
    root = click.thread_ts or ts
    app.keeping.attempt(lambda ledger: ledger.follow_thread(click.channel, root, click.question))
    app.slack.respond_removing(click.url)

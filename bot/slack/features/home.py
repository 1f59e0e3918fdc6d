"""App Home: an ask box, what is covered, and the next return; suggestions when chat is opened."""

from __future__ import annotations

from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.blocks.home import home_view, prompts
from bot.slack.context import AppContext
from bot.slack.features import curating as curators
from bot.slack.features.asking import answer_message
from bot.slack.interactions import Click
from bot.slack.messages import IncomingMessage

__all__ = ["asked", "opened", "publish"]


_CLICKS = ("button",)
"""Doors that are no question of somebody's own: related entries that were looked at."""


def opened(app: AppContext, event: dict[str, Any]) -> None:
    """Publish App Home, or suggest what to ask in the messages tab."""
    user = str(event.get("user") or "")
    if event.get("tab") == "messages":
        _suggest(app, str(event.get("channel") or ""))
    elif user:
        publish(app, user)


def publish(app: AppContext, user: str) -> None:
    """Somebody's App Home as it is now."""
    topics = app.helpdesk.knowledge.topics.values()
    facts = app.helpdesk.knowledge.specification.for_year(app.helpdesk.year).facts
    today = app.helpdesk.today()
    following = next((one for one in facts.returns if one.closes >= today), None)
    listed = [(topic.id, topic.title) for topic in topics]
    recent = app.keeping.attempt(lambda ledger: ledger.recent(user, but_by=_CLICKS)) or ()
    view = home_view(listed, following, today, recent)
    app.slack.home(user, view | {"blocks": [*view["blocks"], *curators.blocks_for(app, user)]})


def _suggest(app: AppContext, channel: str) -> None:
    """Prompts by season. An older workspace that has none is no reason to fail."""
    try:
        app.slack.client.assistant_threads_setSuggestedPrompts(
            channel_id=channel, prompts=prompts(app.helpdesk.today())
        )
    except SlackApiError:
        return


def asked(app: AppContext, click: Click) -> None:
    """The ask box: the question and its answer go to their direct messages."""
    text = click.typed.strip()
    if not text:
        return
    record = app.helpdesk.is_record(text)
    quoted = "(a record, on my Home tab)" if record else text
    channel, ts = app.slack.repeat_question(click.user, quoted)
    answer_message(
        app, IncomingMessage(source="home", user=click.user, channel=channel, text=text, ts=ts)
    )
    publish(app, click.user)

"""App Home: an ask box, what is covered, and the next return; suggestions when chat is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from bot.slack.blocks.home import home_view, prompts
from bot.slack.context import AppContext
from bot.slack.features import curating, replies
from bot.slack.features.asking import answer_message
from bot.slack.features.keywords import listed_topics
from bot.slack.interactions import Click
from bot.slack.messages import IncomingMessage
from bot.slack.payloads import Payload

__all__ = ["ask", "opened", "publish", "then_refresh"]

P = TypeVar("P", bound=Payload)

_CLICKS = ("button",)
"""Sources that are no question of somebody's own: related entries that were looked at."""


def opened(app: AppContext, event: dict[str, Any]) -> None:
    """Publish App Home, or suggest what to ask in the messages tab."""
    user = str(event.get("user") or "")
    if event.get("tab") == "messages":
        _suggest(app, str(event.get("channel") or ""))
    elif user:
        publish(app, user)


def publish(app: AppContext, user: str) -> None:
    """Somebody's App Home as it is now."""
    facts = app.helpdesk.knowledge.specification.for_year(app.helpdesk.year).facts
    today = app.helpdesk.today()
    next_return = next((one for one in facts.returns if one.closes >= today), None)
    recent = app.ledger.recent(user, but_by=_CLICKS)
    view = home_view(listed_topics(app), next_return, today, recent)
    app.slack.home(user, view | {"blocks": [*view["blocks"], *curating.blocks_for(app, user)]})


def _suggest(app: AppContext, channel: str) -> None:
    """Prompts by season. An older workspace that has none is no reason to fail."""
    try:
        app.slack.client.assistant_threads_setSuggestedPrompts(
            channel_id=channel, prompts=prompts(app.helpdesk.today())
        )
    except SlackApiError:
        return


def ask(app: AppContext, click: Click[Payload]) -> None:
    """The ask box: the question and its answer go to their direct messages."""
    text = click.typed.strip()
    if not text:
        return
    if app.helpdesk.messages.is_at_risk(text):
        app.slack.direct(click.user, replies.private_reply(app.helpdesk.ask(text)))
        return
    quoted = "(a record, on my Home tab)" if app.helpdesk.is_record(text) else text
    channel, ts = app.slack.repeat_question(click.user, quoted)
    message = IncomingMessage(source="home", user=click.user, channel=channel, text=text, ts=ts)
    answer_message(app, message)
    publish(app, click.user)


def then_refresh(
    decide: Callable[[AppContext, Click[P]], None],
) -> Callable[[AppContext, Click[P]], None]:
    """A decision that may be made on the Home tab, which is then shown anew."""

    def decided(app: AppContext, click: Click[P]) -> None:
        decide(app, click)
        if click.in_view:
            publish(app, click.user)

    return decided

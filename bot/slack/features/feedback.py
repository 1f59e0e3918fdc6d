"""Whether an answer helped: it solved it, or what was wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.ledger.values import Feedback
from bot.slack.blocks import modals, notices
from bot.slack.blocks.parts import actions, button
from bot.slack.blocks.post import Post
from bot.slack.context import AppContext
from bot.slack.features.browsing import show_again
from bot.slack.interactions import Click
from bot.slack.payloads import AnswerPayload, FeedbackForm, MorePayload, WrongAnswerPayload

__all__ = ["ask_what_was_wrong", "feedback_submitted", "solved"]


def solved(app: AppContext, click: Click[MorePayload]) -> None:
    """That solved it, says whoever asked: a tick takes the place of the buttons."""
    if not click.is_theirs:
        click.whisper(app, notices.not_theirs())
        return
    question = click.payload.question
    recorded = (
        app.ledger.record_feedback(question, Feedback.SOLVED, user=click.user)
        if question is not None
        else None
    )
    if not click.payload.answers:  # a button of before a message could be shown again
        click.whisper(app, notices.thanks(recorded=recorded is not None))
        return
    ticked = replace(click, payload=click.payload.model_copy(update={"solved": True}))
    note = "" if recorded is not None else notices.NOT_RECORDED
    show_again(app, ticked, opened=click.payload.opened, note=note)


def ask_what_was_wrong(app: AppContext, click: Click[AnswerPayload]) -> None:
    """The form that asks what was wrong with an answer."""
    about = WrongAnswerPayload(
        **dict(click.payload),
        response_url=click.response_url,
        channel=click.channel,
        thread=click.root,
    )
    app.slack.open(click.trigger, modals.not_quite_modal(about))


def feedback_submitted(app: AppContext, body: dict[str, Any]) -> None:
    """Keep what was wrong with an answer, and offer a person."""
    view, user = body["view"], str(body["user"]["id"])
    form = FeedbackForm.from_view(view)
    about = WrongAnswerPayload.read(view.get("private_metadata"))
    recorded = None
    if about.question is not None and form.kind is not None:
        recorded = app.ledger.record_feedback(about.question, form.kind, user=user, note=form.note)
    post = _thanks(app, about, recorded=recorded is not None)
    if about.response_url:
        app.slack.respond(about.response_url, post, user=user, thread=about.thread)
    else:
        app.slack.direct(user, post)


def _thanks(app: AppContext, about: WrongAnswerPayload, *, recorded: bool) -> Post:
    post = notices.feedback_ack(recorded=recorded)
    if not app.settings.triage_channel:
        return post
    answer = AnswerPayload.of(dict(about))
    person = button("Ask a person", "ilr_ask_person", answer)
    return Post(post.text, [*post.blocks, *actions([person])])

"""Ask a person: pass a question on, say who took it, remind of it, and follow its edits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from slack_sdk.errors import SlackApiError

from bot.ledger.values import Change, Handover, HandoverState, UpdateResult
from bot.privacy import to_keep
from bot.slack.blocks import notices
from bot.slack.blocks.handover import passed_on, triage_post
from bot.slack.blocks.post import Post
from bot.slack.context import AppContext
from bot.slack.features.curating import AWAY, is_curator
from bot.slack.features.triage import (
    TriagePost,
    error_code,
    post_of,
    question_link,
    tell_asker,
    tried,
)
from bot.slack.interactions import Click
from bot.slack.messages import IncomingMessage
from bot.slack.payloads import AnswerPayload, HandoverPayload
from bot.slack.runtime.logs import log

__all__ = ["answered", "ask_a_person", "remind", "reword", "take", "withdraw"]

SECONDS_BETWEEN_TAGS = 1_800.0
SECONDS_TO_POST = 20.0
WORKING_HOURS = range(9, 17)
"""UTC, in which reminders are posted."""
MAX_OFFERED = 3
_NOT_REACHED = (
    "I couldn't pass your question on{kept}. Press Ask a person again in a moment, or ask a "
    "colleague directly."
)


def ask_a_person(app: AppContext, click: Click[AnswerPayload]) -> None:
    """Post the question to the triage channel and tell its asker."""
    if not app.settings.triage_channel:
        click.whisper(app, notices.text_post(notices.NO_PEOPLE))
        return
    private = click.only_theirs or click.in_view
    channel, thread = click.channel, click.root
    if private:
        # A private answer has no thread: people reach its asker in their direct messages.
        channel, thread = app.slack.direct(click.user, passed_on(click.payload.question_text))
    recorded, refusal = _pass_on(app, click, channel, thread)
    if refusal:
        click.whisper(app, notices.text_post(refusal))
        if private:
            app.slack.remove(channel, thread)  # it said that the question was passed on
        return
    notice = thread if private else app.slack.say(channel, passed_on(""), thread_ts=thread)
    if recorded is not None:
        app.ledger.set_asker_notice(recorded.id, notice)


def _pass_on(
    app: AppContext, click: Click[AnswerPayload], channel: str, thread: str
) -> tuple[Handover | None, str]:
    """Keep and post the question; the hand-over, and "" or why it was not passed on."""
    about = click.payload
    opened = app.ledger.open_handover(
        about.question_text,
        asker=click.user,
        channel=channel,
        thread=thread,
        year=about.year,
        question_id=about.question,
    )
    recorded = opened.now if opened else None
    if recorded is None:
        posted = _post_question(app, click, None, channel, thread)
        return None, "" if posted else _NOT_REACHED.format(kept="")
    if opened and opened.result is UpdateResult.ALREADY and recorded.triage_message:
        return recorded, _stands(recorded)
    # Of two clicks at once one posts; what could not be posted may be posted again later.
    if not app.ledger.may_pass_on(recorded.id, SECONDS_TO_POST):
        return recorded, "I am already passing it on."
    if _post_question(app, click, recorded, channel, thread):
        return recorded, ""
    app.ledger.pass_on_failed(recorded.id)
    return recorded, _NOT_REACHED.format(kept="; it is stored and I will try again")


def _stands(found: Handover) -> str:
    if found.state is HandoverState.ANSWERED:
        return "A person has marked this as answered already. If it is not, please ask again."
    who = f"<@{found.taker}> has it" if found.taker else "Someone has been asked already"
    return f"{who}. I will tell you here."


def _post_question(
    app: AppContext,
    click: Click[AnswerPayload],
    recorded: Handover | None,
    channel: str,
    thread: str,
) -> bool:
    """Post to the triage channel; whether that could be done."""
    about = HandoverPayload(
        handover=recorded.id if recorded else None,
        channel=channel,
        thread=thread,
        asker=click.user,
        question_text=click.payload.question_text,
        year=click.payload.year,
        offered=_offered(app, click.payload),
        link=question_link(app, channel, thread),
    )
    return _post(app, recorded, triage_post(about, tried=tried(app, about), tag=_tag(app)))


def _post(app: AppContext, recorded: Handover | None, post: Post) -> bool:
    triage = app.settings.triage_channel
    try:
        ts = app.slack.say(triage, post)
    except SlackApiError as error:
        log.error("could not post to the triage channel", extra={"code": error_code(error)})
        return False
    if recorded is not None:
        app.ledger.set_triage_message(recorded.id, triage, ts)
    return True


def _offered(app: AppContext, about: AnswerPayload) -> tuple[str, ...]:
    """The entries that were tried: the one the button is about, or the choices."""
    if about.entry:
        return (about.entry,)
    if about.question is None:
        return ()
    return app.ledger.offered(about.question)[:MAX_OFFERED]


def _tag(app: AppContext) -> str:
    group = app.settings.triage_group
    return f"<!subteam^{group}>" if group and app.ledger.may_tag(SECONDS_BETWEEN_TAGS) else ""


def _post_of(app: AppContext, click: Click[HandoverPayload]) -> TriagePost | None:
    """Where a click in the queue or in the triage channel belongs; None when it may not."""
    if not click.in_view:
        return TriagePost(click.channel, click.message_ts, click.payload)
    if not is_curator(app, click.user):
        click.whisper(app, notices.text_post("Only curators can do that."))
        return None
    found = app.ledger.handover(click.payload.handover or 0)
    if found is None:
        text = "That question has been deleted." if app.ledger.reachable else AWAY
        click.whisper(app, notices.text_post(text))
        return None
    return post_of(app, found)


def take(app: AppContext, click: Click[HandoverPayload]) -> None:
    """Somebody takes a question; its asker is told who."""
    post = _post_of(app, click)
    if post is None:
        return
    if post.about.handover is not None:
        change = app.ledger.take(post.about.handover, click.user)
        if change is not None and not change.done:
            _say_how_it_stands(app, click, change)
            return
        post = replace(post, recorded=change.now if change else None)
    post.show(app, taken=click.user)
    _tell(app, click, post, f"<@{click.user}> has taken your question, and will answer here.")


def answered(app: AppContext, click: Click[HandoverPayload]) -> None:
    """A question was dealt with."""
    post = _post_of(app, click)
    if post is None:
        return
    if post.about.handover is not None:
        change = app.ledger.answer(post.about.handover)
        if change is not None and not change.done:
            _say_how_it_stands(app, click, change)
            return
        post = replace(post, recorded=change.now if change else None)
    post.show(app, closed=click.user)
    _tell(app, click, post, f"<@{click.user}> has marked your question as answered.")


def _say_how_it_stands(
    app: AppContext, click: Click[HandoverPayload], change: Change[Handover]
) -> None:
    """Somebody was faster; a double click of the same person is not worth a word."""
    taker = change.now.taker if change.now else None
    if taker == click.user:
        return
    by = f"<@{taker}> has it" if taker else "it has been answered or deleted"
    click.whisper(app, notices.text_post(f"Nothing was changed: {by}."))


def _tell(app: AppContext, click: Click[HandoverPayload], post: TriagePost, text: str) -> None:
    if not tell_asker(app, post, text):
        asker = post.about.asker
        who = f"<@{asker}>" if asker else "the person who asked"
        text = f"I couldn't reach {who}. Please tell them."
        click.whisper(app, notices.text_post(text))


def withdraw(app: AppContext, message: IncomingMessage) -> bool:
    """A question was deleted that people were asked: nothing of it is left with them.

    Whether a person had answered it already, so that its thread holds more than ours.
    """
    answered = False
    for found in app.ledger.handovers_of(message):
        answered = answered or found.state is HandoverState.ANSWERED
        post_of(app, found).show_deleted(app)
        if found.asker_channel and found.asker_notice:
            app.slack.remove(found.asker_channel, found.asker_notice)
        app.ledger.withdraw_handover(found.id)
    return answered


def reword(app: AppContext, message: IncomingMessage, found: Handover) -> None:
    """A question was edited that people were asked: they see it as it is now."""
    ids = app.conversations.asked_ids(message)
    text = to_keep(message.text)
    app.ledger.reword_handover(found.id, text, ids[0] if ids else None)
    now = app.ledger.handover(found.id)
    if now is None or now.state is HandoverState.ANSWERED:
        return
    post = post_of(app, now)
    post = replace(post, about=post.about.model_copy(update={"question_text": now.text}))
    post.show(app, taken=now.taker or "")


def remind(app: AppContext, now: datetime | None = None) -> int:
    """Once a working day, say in the triage thread that a question is still open; how many.

    Outside working hours nothing is due. A question that could not be passed on, or whose
    post was deleted, is posted now.
    """
    if (now or datetime.now(UTC)).hour not in WORKING_HOURS:
        return 0
    due = app.ledger.reminders_due(app.helpdesk.today())
    for one in due:
        if not (_reminded(app, one) or _posted_again(app, one)):
            log.warning("a reminder could not be posted", extra={"reference": str(one.id)})
    return len(due)


def _reminded(app: AppContext, one: Handover) -> bool:
    if not (one.triage_channel and one.triage_message):
        return False
    who = f"<@{one.taker}>, this" if one.taker else "This"
    post = notices.text_post(
        f"{who} question is still open, since {one.opened_at:%-d %B}. Someone is waiting for "
        "an answer."
    )
    try:
        if _is_gone(app, one.triage_channel, one.triage_message):
            return False
        app.slack.say(one.triage_channel, post, thread_ts=one.triage_message)
    except (SlackApiError, OSError):
        return False
    return True


def _is_gone(app: AppContext, channel: str, ts: str) -> bool:
    """Whether a message was deleted. Slack posts below a deleted one without complaint."""
    try:
        app.slack.client.conversations_replies(channel=channel, ts=ts, limit=1)
    except SlackApiError as error:
        return error_code(error) in {"thread_not_found", "message_not_found"}
    return False


def _posted_again(app: AppContext, one: Handover) -> bool:
    try:
        about = post_of(app, one).about
        post = triage_post(about, tried=tried(app, about), taken=one.taker or "")
        return _post(app, one, post)
    except OSError:
        return False

"""Between an asker and the person who has their question: each hears what is meant for them.

A reply in the triage thread reaches the asker when it begins with their name, or when its writer
presses "Send to asker"; anything else stays between colleagues. What the asker adds in their
thread reaches the person. Edits and deletions follow.
"""

from __future__ import annotations

from typing import Any

from slack_sdk.errors import SlackApiError

from bot.ledger.values import HandoverState
from bot.privacy import mask, to_keep
from bot.slack.blocks import notices
from bot.slack.blocks.handover import forwarded_reply, forwarded_words, send_offer, send_result
from bot.slack.blocks.post import Post
from bot.slack.context import AppContext
from bot.slack.features.triage import (
    TriagePost,
    error_code,
    find_post,
    is_askers,
    post_of,
    reach_asker,
    tell_asker,
)
from bot.slack.interactions import Click
from bot.slack.messages import IncomingMessage, carried_by, words_of
from bot.slack.payloads import ReplyPayload
from bot.slack.runtime.logs import log

__all__ = [
    "carry_change",
    "carry_to_person",
    "forward_reply",
    "send_to_asker",
    "sent_replies",
]

SECONDS_TO_SEND = 20.0
_SMALL_TALK = {"thanks", "ok", "nevermind", "greeting", "emoji"}


def forward_reply(app: AppContext, message: IncomingMessage) -> None:
    """A reply in the triage thread: sent when it names the asker first, else offered to be."""
    post = find_post(app, message.channel, message.root)
    if post is None or not (message.text or message.files):
        return
    if app.helpdesk.is_record(message.text):
        _whisper_to_author(app, message, notices.record_in_channel())
        return
    if not app.ledger.may_post(message):
        return
    if message.to_user and message.to_user == post.about.asker:
        _send(app, post, message)
        return
    about = ReplyPayload(message_ts=message.ts, thread_ts=message.root)
    _whisper_to_author(app, message, send_offer(about, post.about.asker))


def send_to_asker(app: AppContext, click: Click[ReplyPayload]) -> None:
    """A reply is for the asker after all, as it stands now."""
    about = click.payload
    thread = app.slack.thread(click.channel, about.thread_ts)
    posted = next((one for one in thread if one.get("ts") == about.message_ts), None)
    post = find_post(app, click.channel, about.thread_ts)
    if posted is None or post is None:
        click.replace(app, send_result("It was not sent: the message or its question is gone."))
        return
    message = _read(click.channel, posted)
    if app.helpdesk.is_record(message.text):
        click.replace(app, notices.record_in_channel())
        return
    if not app.ledger.may_send(f"{click.channel}/{message.ts}", SECONDS_TO_SEND):
        return  # a second click at once
    if _carried(app, post.about.channel, post.about.thread, message.ts):
        click.replace(app, send_result("It has been sent already."))
    elif _send(app, post, message):
        click.replace(app, send_result("Sent to the asker. Edits of your message will follow."))


def _send(app: AppContext, post: TriagePost, message: IncomingMessage) -> bool:
    """Bring a reply to the asker; whoever answers has taken the question."""
    if not reach_asker(app, post.about, _as_reply(message), carries=message.ts):
        app.ledger.send_failed(f"{message.channel}/{message.ts}")
        about = ReplyPayload(message_ts=message.ts, thread_ts=message.root)
        _whisper_to_author(app, message, send_offer(about, post.about.asker, failed=True))
        return False
    app.ledger.silence_thread(post.about.channel, post.about.thread)
    if post.recorded is not None and post.recorded.state is HandoverState.OPEN:
        change = app.ledger.take(post.recorded.id, message.user)
        if change is not None and change.done:
            post.show(app, taken=message.user)
            tell_asker(app, post, f"<@{message.user}> has your question, and answered below.")
    return True


def carry_to_person(app: AppContext, message: IncomingMessage) -> bool:
    """What an asker adds in their thread reaches whoever has the question; whether it did."""
    if message.thread_ts is None or not (message.text or message.files):
        return False
    if message.in_dm and message.files:
        return False  # it is there to be checked
    found = app.ledger.handover_of_asker(message)
    if found is None or not found.triage_message or not found.triage_channel:
        return False
    if not _may_be_carried(app, message, closed=found.state is HandoverState.ANSWERED):
        return False
    post = post_of(app, found)
    if not is_askers(app, post, message) or not app.ledger.may_post(message):
        return False
    if _carried(app, post.channel, post.ts, message.ts):
        return True  # before a restart
    words = _as_words(message, taker=found.taker or "")
    try:
        app.slack.say(post.channel, words, thread_ts=post.ts, about={"reply": message.ts})
    except SlackApiError as error:
        log.warning("the triage thread is gone", extra={"code": error_code(error)})
        return False
    return True


def _may_be_carried(app: AppContext, message: IncomingMessage, *, closed: bool) -> bool:
    """Never a record, nor what is said of a learner at risk; no thanks once it is answered."""
    if app.helpdesk.is_record(message.text):
        return False
    kind = app.helpdesk.messages.kind_of(message.text)
    return kind != "safeguarding" and not (closed and kind in _SMALL_TALK)


def carry_change(app: AppContext, message: IncomingMessage, *, deleted: bool = False) -> bool:
    """A message that was passed on, either way, was edited or deleted: so is what was passed on.

    Whether it was passed on at all.
    """
    if message.thread_ts is None:
        return False
    if message.channel == app.settings.triage_channel:
        post = find_post(app, message.channel, message.root)
        place = (post.about.channel, post.about.thread) if post else ("", "")
        words = _as_reply(message)
    else:
        found = app.ledger.handover_of_asker(message)
        place = (found.triage_channel or "", found.triage_message or "") if found else ("", "")
        words = _as_words(message, taker=found.taker or "" if found else "")
    carried = _carried(app, *place, message.ts) if all(place) else ""
    if not carried:
        return False
    if deleted or app.helpdesk.is_record(message.text):
        app.slack.remove(place[0], carried)
    else:
        app.slack.change(place[0], carried, words, about={"reply": message.ts})
    return True


def sent_replies(app: AppContext, channel: str, root: str) -> list[str]:
    """The replies of a triage thread that were sent to the asker, as they stand, in plain words."""
    post = find_post(app, channel, root)
    if post is None:
        return []
    sent = {carried_by(one) for one in app.slack.thread(post.about.channel, post.about.thread)}
    replies = app.slack.thread(channel, root)[1:]
    return [_read(channel, one).text for one in replies if one.get("ts") in sent]


def _carried(app: AppContext, channel: str, thread: str, ts: str) -> str:
    """The message of ours in a thread that passes another one on; "" for none."""
    for posted in app.slack.thread(channel, thread):
        if carried_by(posted) == ts:
            return str(posted.get("ts") or "")
    return ""


def _as_reply(message: IncomingMessage) -> Post:
    text = mask(message.shown or message.text)
    return forwarded_reply(message.user, text, files=len(message.files))


def _as_words(message: IncomingMessage, *, taker: str) -> Post:
    text = to_keep(message.shown or message.text)
    return forwarded_words(message.user, text, taker=taker, files=len(message.files))


def _read(channel: str, posted: dict[str, Any]) -> IncomingMessage:
    """A message as Slack holds it now."""
    return IncomingMessage(
        source="triage",
        user=str(posted.get("user") or ""),
        channel=channel,
        ts=str(posted.get("ts") or ""),
        thread_ts=str(posted.get("thread_ts") or "") or None,
        **words_of(str(posted.get("text") or "")),
    )


def _whisper_to_author(app: AppContext, message: IncomingMessage, post: Post) -> None:
    app.slack.whisper(message.channel, message.user, post, thread_ts=message.root)

"""The post in the triage channel about a question for a person, and the way back to its asker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.ledger.values import Handover
from bot.slack.blocks import notices
from bot.slack.blocks.handover import triage_post
from bot.slack.blocks.post import Post
from bot.slack.blocks.text import clip, escape
from bot.slack.context import AppContext
from bot.slack.messages import IncomingMessage
from bot.slack.payloads import HandoverPayload, first_payload
from bot.slack.runtime.logs import log

__all__ = [
    "TriagePost",
    "error_code",
    "find_post",
    "post_of",
    "question_link",
    "reach_asker",
    "tell_asker",
    "tried",
]


@dataclass(frozen=True, slots=True)
class TriagePost:
    """The post about a question, and what its buttons carry."""

    channel: str
    ts: str
    about: HandoverPayload
    recorded: Handover | None = None
    """The hand-over as the ledger has it; None when it could not be kept."""

    def show(self, app: AppContext, *, taken: str = "", closed: str = "") -> None:
        """Show who has it; a post that was deleted is no reason to fail."""
        self._change(app, triage_post(self.about, tried=tried(app, self.about), taken=taken,
                                      closed=closed))  # fmt: skip

    def show_deleted(self, app: AppContext) -> None:
        """The question was deleted: nothing of it is left here."""
        self._change(app, notices.text_post("A question for a person was deleted by its asker."))

    def _change(self, app: AppContext, post: Post) -> None:
        if not self.ts:
            return
        try:
            app.slack.change(self.channel, self.ts, post)
        except SlackApiError as error:
            log.warning("a triage post could not be changed", extra={"code": error_code(error)})


def tried(app: AppContext, about: HandoverPayload) -> str:
    """The titles of what the asker was shown."""
    return " · ".join(app.title_of(entry) for entry in about.offered)


def question_link(app: AppContext, channel: str, thread: str) -> str:
    """The address of a question; "" in direct messages, which nobody else can open."""
    if not channel or channel.startswith("D"):
        return ""
    return app.slack.permalink(channel, thread) or ""


def post_of(app: AppContext, found: Handover) -> TriagePost:
    """The triage post of a hand-over; who asked is in Slack's copy of it only."""
    about = HandoverPayload.of(
        {
            "handover": found.id,
            "channel": found.asker_channel,
            "thread": found.asker_thread,
            "question_text": found.text,
            "year": found.year,
        }
    )
    channel, ts = found.triage_channel or "", found.triage_message or ""
    if channel and ts:
        posted = _posted_about(app, next(iter(app.slack.thread(channel, ts)), {}))
        kept = posted.model_fields_set - {"question_text"}  # that may have been edited
        about = about.model_copy(update={key: getattr(posted, key) for key in kept})
    if not about.link:
        link = question_link(app, about.channel, about.thread)
        about = about.model_copy(update={"link": link})
    return TriagePost(channel, ts, about, found)


def find_post(app: AppContext, channel: str, root: str) -> TriagePost | None:
    """The post that a triage thread is about; None when it is about none, or closed long ago.

    A reply may come before the ledger has noted where the question was posted, and a question
    that was passed on while the ledger was away is known from the post alone. A post of another
    app is never believed.
    """
    found = app.ledger.handover_in_triage(channel, root)
    if found is None:
        about = _posted_about(app, next(iter(app.slack.thread(channel, root)), {}))
        if not about.channel:
            return None
        if about.handover is None or not app.ledger.reachable:
            return TriagePost(channel, root, about)
        found = app.ledger.handover(about.handover)
        if found is None:
            return None
        app.ledger.set_triage_message(found.id, channel, root)
        return TriagePost(channel, root, about, found) if found.asker_channel else None
    return post_of(app, found) if found.asker_channel else None


def _posted_about(app: AppContext, message: dict[str, Any]) -> HandoverPayload:
    """What a post of ours carries; nothing for a post of anybody else."""
    ours = bool(app.bot_id) and message.get("bot_id") == app.bot_id
    return first_payload(message, HandoverPayload) if ours else HandoverPayload()


def tell_asker(app: AppContext, post: TriagePost, text: str) -> bool:
    """Say how it stands, in place of what was said of it before; False when they are not
    reached."""
    found = post.recorded
    if found and found.asker_channel and found.asker_notice:
        try:
            app.slack.change(found.asker_channel, found.asker_notice, notices.text_post(text))
        except SlackApiError as error:
            log.info("the asker's notice is gone", extra={"code": error_code(error)})
        else:
            return True
    return reach_asker(app, post.about, notices.text_post(text))


def reach_asker(app: AppContext, about: HandoverPayload, post: Post, *, carries: str = "") -> bool:
    """Say something to the asker: in their thread, or in their messages when it is gone.

    ``carries``: the timestamp of the message that this passes on.
    """
    if about.channel and about.thread:
        carried = {"reply": carries} if carries else None
        try:
            app.slack.say(about.channel, post, thread_ts=about.thread, about=carried)
        except SlackApiError as error:
            log.warning("the asker's thread is gone", extra={"code": error_code(error)})
        else:
            return True
    if not about.asker:
        return False
    question = escape(clip(about.question_text, 300))
    intro = notices.text_post(f"About your question, whose thread has been deleted:\n> {question}")
    try:
        app.slack.direct(about.asker, Post(post.text, [*intro.blocks, *post.blocks]))
    except SlackApiError as error:
        log.warning("the asker cannot be reached", extra={"code": error_code(error)})
        return False
    return True


def is_askers(app: AppContext, post: TriagePost, message: IncomingMessage) -> bool:
    """Whether a message in the asker's thread is the asker's own."""
    if post.about.asker:
        return message.user == post.about.asker
    return message.in_dm or app.is_asker(message)


def error_code(error: SlackApiError) -> str:
    """Slack's own word for what went wrong."""
    return str(error.response.get("error") or "unknown")

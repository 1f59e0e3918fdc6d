"""Ask a person: pass a question on, say who took it, bring their replies to the asker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from slack_sdk.errors import SlackApiError

from bot.ledger.values import Change, Handover, HandoverState, UpdateResult
from bot.privacy import mask
from bot.slack.blocks import notices
from bot.slack.blocks.handover import forwarded_reply, passed_on, triage_post
from bot.slack.blocks.post import Post
from bot.slack.blocks.text import clip, escape
from bot.slack.context import AppContext
from bot.slack.features.curating import AWAY, is_curator
from bot.slack.interactions import Click
from bot.slack.messages import IncomingMessage
from bot.slack.payloads import AnswerPayload, HandoverPayload, first_payload
from bot.slack.runtime.logs import log

__all__ = ["answered", "ask_a_person", "forward_reply", "remind", "take"]

SECONDS_BETWEEN_TAGS = 1_800.0
SECONDS_TO_POST = 20.0
WORKING_HOURS = range(9, 17)
"""UTC, in which reminders are posted."""
MAX_OFFERED = 3
_NOT_REACHED = "I couldn't pass your question on. Please ask a colleague directly{kept}."


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
    refusal = _pass_on(app, click, channel, thread)
    if refusal:
        click.whisper(app, notices.text_post(refusal))
        if private:
            app.slack.remove(channel, thread)  # it said that the question was passed on
    elif not private:
        click.answer(app, passed_on(""))


def _pass_on(app: AppContext, click: Click[AnswerPayload], channel: str, thread: str) -> str:
    """Keep and post the question; "" when that was done, or why not."""
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
        return "" if posted else _NOT_REACHED.format(kept="")
    if opened and opened.result is UpdateResult.ALREADY and recorded.triage_message:
        return _stands(recorded)
    # Of two clicks at once one posts; what could not be posted may be posted again later.
    if not app.ledger.may_pass_on(recorded.id, SECONDS_TO_POST):
        return "I am already passing it on."
    if _post_question(app, click, recorded, channel, thread):
        return ""
    return _NOT_REACHED.format(kept="; it is stored and I will try again")


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
    link = None if channel.startswith("D") else app.slack.permalink(channel, thread)
    about = HandoverPayload(
        handover=recorded.id if recorded else None,
        channel=channel,
        thread=thread,
        asker=click.user,
        question_text=click.payload.question_text,
        year=click.payload.year,
        offered=_offered(app, click.payload),
        link=link or "",
    )
    return _post(app, recorded, triage_post(about, tried=_tried(app, about), tag=_tag(app)))


def _post(app: AppContext, recorded: Handover | None, post: Post) -> bool:
    triage = app.settings.triage_channel
    try:
        ts = app.slack.say(triage, post)
    except SlackApiError as error:
        log.error("could not post to the triage channel", extra={"code": _code(error)})
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


def _tried(app: AppContext, about: HandoverPayload) -> str:
    return " · ".join(app.title_of(entry) for entry in about.offered)


def _tag(app: AppContext) -> str:
    group = app.settings.triage_group
    return f"<!subteam^{group}>" if group and app.ledger.may_tag(SECONDS_BETWEEN_TAGS) else ""


@dataclass(frozen=True, slots=True)
class _TriagePost:
    """The post in the triage channel that a click is about, and what its buttons carry."""

    channel: str
    ts: str
    about: HandoverPayload

    def show(self, app: AppContext, *, taken: str = "", closed: str = "") -> None:
        """Show who has it; a post that was deleted is no reason to fail."""
        if not self.ts:
            return
        tried = _tried(app, self.about)
        post = triage_post(self.about, tried=tried, taken=taken, closed=closed)
        try:
            app.slack.change(self.channel, self.ts, post)
        except SlackApiError as error:
            log.warning("a triage post could not be changed", extra={"code": _code(error)})


def _post_of(app: AppContext, click: Click[HandoverPayload]) -> _TriagePost | None:
    """Where a click in the queue or in the triage channel belongs; None when it may not."""
    if not click.in_view:
        return _TriagePost(click.channel, click.message_ts, click.payload)
    if not is_curator(app, click.user):
        click.whisper(app, notices.text_post("Only curators can do that."))
        return None
    found = app.ledger.handover(click.payload.handover or 0)
    if found is None:
        text = "That question has been deleted." if app.ledger.reachable else AWAY
        click.whisper(app, notices.text_post(text))
        return None
    return _recorded_post(app, found)


def _recorded_post(app: AppContext, found: Handover) -> _TriagePost:
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
    if not (found.triage_channel and found.triage_message):
        return _TriagePost("", "", about)
    first = next(iter(app.slack.thread(found.triage_channel, found.triage_message)), {})
    posted = first_payload(first, HandoverPayload)
    about = about.model_copy(update={key: getattr(posted, key) for key in posted.model_fields_set})
    return _TriagePost(found.triage_channel, found.triage_message, about)


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
    post.show(app, taken=click.user)
    _tell(app, click, post.about, f"<@{click.user}> has taken your question.")


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
    post.show(app, closed=click.user)
    _tell(app, click, post.about, f"<@{click.user}> has marked your question as answered.")


def _say_how_it_stands(
    app: AppContext, click: Click[HandoverPayload], change: Change[Handover]
) -> None:
    """Somebody was faster; a double click of the same person is not worth a word."""
    taker = change.now.taker if change.now else None
    if taker == click.user:
        return
    by = f"<@{taker}> has it" if taker else "it has been answered or deleted"
    click.whisper(app, notices.text_post(f"Nothing was changed: {by}."))


def _tell(
    app: AppContext, click: Click[HandoverPayload], about: HandoverPayload, text: str
) -> None:
    if not _reach(app, about, notices.text_post(text)):
        who = f"<@{about.asker}>" if about.asker else "the person who asked"
        text = f"I couldn't reach {who}. Please tell them."
        click.whisper(app, notices.text_post(text))


def _reach(app: AppContext, about: HandoverPayload, post: Post) -> bool:
    """Say something to the asker: in their thread, or in their messages when it is gone."""
    if about.channel and about.thread:
        try:
            app.slack.say(about.channel, post, thread_ts=about.thread)
        except SlackApiError as error:
            log.warning("the asker's thread is gone", extra={"code": _code(error)})
        else:
            return True
    if not about.asker:
        return False
    question = escape(clip(about.question_text, 300))
    intro = notices.text_post(f"About your question, whose thread has been deleted:\n> {question}")
    try:
        app.slack.direct(about.asker, Post(post.text, [*intro.blocks, *post.blocks]))
    except SlackApiError as error:
        log.warning("the asker cannot be reached", extra={"code": _code(error)})
        return False
    return True


def forward_reply(app: AppContext, message: IncomingMessage) -> None:
    """A reply in the triage thread reaches the asker's thread, where we are then silent."""
    about = _asker_of(app, message)
    if about is None or not (message.text or message.files):
        return
    if app.helpdesk.is_record(message.text):
        _whisper_to_author(app, message, notices.record_in_channel())
        return
    if not app.ledger.may_post(message):
        return
    post = forwarded_reply(message.user, mask(message.text), files=len(message.files))
    if _reach(app, about, post):
        app.ledger.silence_thread(about.channel, about.thread)
        return
    text = "I couldn't deliver this to the person who asked. Please message them."
    _whisper_to_author(app, message, notices.text_post(text))


def _whisper_to_author(app: AppContext, message: IncomingMessage, post: Post) -> None:
    app.slack.whisper(message.channel, message.user, post, thread_ts=message.thread_ts)


def _asker_of(app: AppContext, message: IncomingMessage) -> HandoverPayload | None:
    """Whose question a triage thread is about; None when it is about none, or closed long ago.

    A question that was passed on while the ledger was away is known from the post alone.
    """
    found = app.ledger.handover_in_triage(message.channel, message.root)
    if found is not None:
        return _recorded_post(app, found).about if found.asker_channel else None
    first = next(iter(app.slack.thread(message.channel, message.root)), {})
    about = first_payload(first, HandoverPayload) if first.get("bot_id") else HandoverPayload()
    unrecorded = about.handover is None or not app.ledger.reachable
    return about if unrecorded and about.channel else None


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
        return _code(error) in {"thread_not_found", "message_not_found"}
    return False


def _posted_again(app: AppContext, one: Handover) -> bool:
    try:
        about = _recorded_post(app, one).about
        post = triage_post(about, tried=_tried(app, about), taken=one.taker or "")
        return _post(app, one, post)
    except OSError:
        return False


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error") or "unknown")

"""Ask a person: pass a question on, say who took it, bring their replies to the asker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.ledger.values import Change, Changed, Handover, HandoverState
from bot.privacy import mask
from bot.slack.blocks import notices
from bot.slack.blocks.handover import forwarded_reply, passed_on, triage_post
from bot.slack.blocks.parts import button_value
from bot.slack.blocks.post import Post
from bot.slack.blocks.text import clip, escape
from bot.slack.context import AppContext
from bot.slack.features import suggesting
from bot.slack.features.curating import AWAY, is_curator
from bot.slack.interactions import Click
from bot.slack.messages import IncomingMessage
from bot.slack.runtime.logs import log

__all__ = ["answered", "ask_a_person", "forward_reply", "remind", "suggest", "take"]

SECONDS_BETWEEN_TAGS = 1_800.0
SECONDS_TO_POST = 20.0
WORKING_HOURS = range(9, 17)
"""UTC, in which reminders are posted."""
MAX_OFFERED = 3
_NOT_REACHED = (
    "I could not reach the people I pass questions on to. Please ask a colleague directly{kept}."
)


def ask_a_person(app: AppContext, click: Click) -> None:
    """Post the question to the triage channel and tell its asker."""
    if not app.settings.triage_channel:
        click.whisper(app, notices.text_post("Nobody has been named yet to pass questions on to."))
        return
    private = click.only_theirs or click.in_view
    channel, thread = click.channel, click.root
    if private:
        # A private answer has no thread: people reach its asker in their direct messages.
        channel, thread = app.slack.direct(click.user, passed_on(click.question_text))
    opened = _opened(app, click, channel, thread)
    kept = opened.now if opened else None
    if kept is not None and opened and opened.result is Changed.ALREADY and kept.triage_message:
        click.whisper(app, notices.text_post(_stands(kept)))
    elif kept is not None and not _first_to_post(app, kept):
        click.whisper(app, notices.text_post("I am passing it on already."))
    elif _pass_on(app, click, kept, channel, thread):
        if not private:
            click.answer(app, passed_on(""))
        return
    else:
        waits = "; your question is kept for them" if kept else ""
        click.whisper(app, notices.text_post(_NOT_REACHED.format(kept=waits)))
    if private:
        app.slack.remove(channel, thread)  # it said that the question was passed on


def _opened(app: AppContext, click: Click, channel: str, thread: str) -> Change[Handover] | None:
    return app.keeping.attempt(
        lambda ledger: ledger.open_handover(
            click.question_text,
            asker=click.user,
            asker_channel=channel,
            asker_thread=thread,
            year=str(click.year) if click.year else None,
            question_id=click.question,
        )
    )


def _first_to_post(app: AppContext, kept: Handover) -> bool:
    """Whether of two clicks at once this one posts; one that could not be posted may be again."""
    key = f"pass-on {kept.id}"
    return app.keeping.attempt(lambda ledger: ledger.once_per(key, SECONDS_TO_POST)) is not False


def _stands(found: Handover) -> str:
    if found.state is HandoverState.ANSWERED:
        return "A person has marked this as answered already. If it is not, please ask again."
    who = f"<@{found.taker}> has it" if found.taker else "Somebody has been asked already"
    return f"{who}. I will tell you here."


def _pass_on(
    app: AppContext, click: Click, kept: Handover | None, channel: str, thread: str
) -> bool:
    """Post to the triage channel; whether that could be done."""
    value = {
        "h": kept.id if kept else None,
        "c": channel,
        "th": thread,
        "u": click.user,
        "t": click.question_text,
        "y": str(click.year) if click.year else None,
        "o": _offered(app, click),
    }
    link = None if channel.startswith("D") else app.slack.permalink(channel, thread)
    post = triage_post(value, tried=_tried(app, value), link=link, tag=_tag(app))
    return _post(app, kept, post)


def _post(app: AppContext, kept: Handover | None, post: Post) -> bool:
    triage = app.settings.triage_channel
    try:
        ts = app.slack.say(triage, post)
    except SlackApiError as error:
        log.error("could not post to the triage channel", extra={"code": _code(error)})
        return False
    if kept is not None:
        app.keeping.attempt(lambda ledger: ledger.set_triage_message(kept.id, triage, ts))
    return True


def _offered(app: AppContext, click: Click) -> list[str]:
    """The entries that were tried: the one the button is about, or the choices."""
    question = click.question
    if click.entry or question is None:
        return [click.entry] if click.entry else []
    found = app.keeping.attempt(lambda ledger: ledger.offered(question))
    return list(found or ())[:MAX_OFFERED]


def _tried(app: AppContext, value: dict[str, Any]) -> str:
    offered = value.get("o")
    entries = offered if isinstance(offered, list) else []
    return " · ".join(app.title_of(entry) for entry in entries if isinstance(entry, str))


def _tag(app: AppContext) -> str:
    group = app.settings.triage_group
    if not group:
        return ""
    due = app.keeping.attempt(lambda ledger: ledger.once_per("triage-tag", SECONDS_BETWEEN_TAGS))
    return f"<!subteam^{group}>" if due is not False else ""


@dataclass(frozen=True, slots=True)
class _Post:
    """The post in the triage channel that a click is about, and what its buttons carry."""

    channel: str
    ts: str
    value: dict[str, Any]

    def show(self, app: AppContext, post: Post) -> None:
        """Change it; one that was deleted is no reason to fail."""
        if not self.ts:
            return
        try:
            app.slack.change(self.channel, self.ts, post)
        except SlackApiError as error:
            log.warning("a triage post could not be changed", extra={"code": _code(error)})


def _post_of(app: AppContext, click: Click) -> _Post | None:
    """Where a click in the queue or in the triage channel belongs; None when it may not."""
    if not click.in_view:
        return _Post(click.channel, click.message_ts, click.value)
    if not is_curator(app, click.user):
        click.whisper(app, notices.text_post("Only curators can do that from the desk."))
        return None
    number = click.value.get("h")
    found = app.keeping.attempt(lambda ledger: ledger.handover(int(number or 0)))
    if found is None:
        click.whisper(app, notices.text_post(AWAY if not app.keeping.reachable else _GONE))
        return None
    return _kept_post(app, found)


_GONE = "That question is no longer kept."


def _kept_post(app: AppContext, found: Handover) -> _Post:
    """The triage post of a hand-over; who asked is in Slack's copy of it only."""
    value = {
        "h": found.id,
        "c": found.asker_channel,
        "th": found.asker_thread,
        "t": found.text,
        "y": found.year,
    }
    if not (found.triage_channel and found.triage_message):
        return _Post("", "", value)
    first = next(iter(app.slack.thread(found.triage_channel, found.triage_message)), {})
    return _Post(found.triage_channel, found.triage_message, value | button_value(first))


def take(app: AppContext, click: Click) -> None:
    """Somebody takes a question; its asker is told who."""
    post = _post_of(app, click)
    if post is None:
        return
    number = post.value.get("h")
    if isinstance(number, int):
        change = app.keeping.attempt(lambda ledger: ledger.take(number, click.user))
        if change is not None and not change.done:
            _say_how_it_stands(app, click, change)
            return
    shown = triage_post(post.value, tried=_tried(app, post.value), taken=click.user)
    post.show(app, shown)
    _tell(app, click, post.value, f"<@{click.user}> has taken your question.")


def answered(app: AppContext, click: Click) -> None:
    """A question was dealt with."""
    post = _post_of(app, click)
    if post is None:
        return
    number = post.value.get("h")
    if isinstance(number, int):
        change = app.keeping.attempt(lambda ledger: ledger.answer(number))
        if change is not None and not change.done:
            _say_how_it_stands(app, click, change)
            return
    post.show(app, triage_post(post.value, tried=_tried(app, post.value), closed=click.user))
    _tell(app, click, post.value, f"<@{click.user}> has marked your question as answered.")


def _say_how_it_stands(app: AppContext, click: Click, change: Change[Handover]) -> None:
    """Somebody was faster; a double click of the same person is not worth a word."""
    taker = change.now.taker if change.now else None
    if taker == click.user:
        return
    by = f"<@{taker}> has it" if taker else "it is answered already, or no longer kept"
    click.whisper(app, notices.text_post(f"Nothing was changed: {by}."))


def _tell(app: AppContext, click: Click, value: dict[str, Any], text: str) -> None:
    if not _reach(app, value, notices.text_post(text)):
        who = f"<@{value['u']}>" if value.get("u") else "whoever asked"
        click.whisper(
            app, notices.text_post(f"I could not reach {who} where they asked. Please tell them.")
        )


def _reach(app: AppContext, value: dict[str, Any], post: Post) -> bool:
    """Say something to the asker: in their thread, or in their messages when it is gone."""
    channel, thread, user = (str(value.get(key) or "") for key in ("c", "th", "u"))
    if channel and thread:
        try:
            app.slack.say(channel, post, thread_ts=thread)
        except SlackApiError as error:
            log.warning("the asker's thread is gone", extra={"code": _code(error)})
        else:
            return True
    if not user:
        return False
    question = escape(clip(str(value.get("t") or ""), 300))
    about = notices.text_post(f"About your question, whose thread is gone:\n> {question}")
    try:
        app.slack.direct(user, Post(post.text, [*about.blocks, *post.blocks]))
    except SlackApiError as error:
        log.warning("the asker cannot be reached", extra={"code": _code(error)})
        return False
    return True


def forward_reply(app: AppContext, message: IncomingMessage) -> None:
    """A reply in the triage thread reaches the asker's thread, where we are then silent."""
    value = _asker_of(app, message)
    if value is None or not (message.text or message.files):
        return
    if app.helpdesk.is_record(message.text):
        app.slack.whisper(
            message.channel, message.user, notices.record_in_channel(), thread_ts=message.thread_ts
        )
        return
    if not app.keeping.may_post(message.event_id, kept=message.kept):
        return
    post = forwarded_reply(message.user, mask(message.text), files=len(message.files))
    if not _reach(app, value, post):
        app.slack.whisper(
            message.channel,
            message.user,
            notices.text_post(
                "I could not bring this to whoever asked: please write to them yourself."
            ),
            thread_ts=message.thread_ts,
        )
        return
    channel, thread = str(value.get("c") or ""), str(value.get("th") or "")
    app.keeping.attempt(lambda ledger: ledger.silence_thread(channel, thread))


def _asker_of(app: AppContext, message: IncomingMessage) -> dict[str, Any] | None:
    """Whose question a triage thread is about; None when it is about none, or closed long ago.

    A question that was passed on while the ledger was away is known from the post alone.
    """
    found = app.keeping.attempt(
        lambda ledger: ledger.handover_in_triage(message.channel, message.root)
    )
    if found is not None:
        return _kept_post(app, found).value if found.asker_channel else None
    first = next(iter(app.slack.thread(message.channel, message.root)), {})
    value = button_value(first) if first.get("bot_id") else {}
    unkept = value.get("h") is None or not app.keeping.reachable
    return value if unkept and value.get("c") else None


def suggest(app: AppContext, click: Click) -> None:
    """What was answered in the triage thread, as knowledge; or a gap, to be written."""
    suggesting.from_button(app, click)


def remind(app: AppContext, now: datetime | None = None) -> int:
    """Once a working day, say in the triage thread that a question is still open; how many.

    Outside working hours nothing is due. A question that could not be passed on, or whose
    post was deleted, is posted now.
    """
    if (now or datetime.now(UTC)).hour not in WORKING_HOURS:
        return 0
    due = app.keeping.attempt(lambda ledger: ledger.reminders_due(app.helpdesk.today())) or []
    for one in due:
        if not (_reminded(app, one) or _posted_again(app, one)):
            log.warning("a reminder could not be posted", extra={"reference": str(one.id)})
    return len(due)


def _reminded(app: AppContext, one: Handover) -> bool:
    if not (one.triage_channel and one.triage_message):
        return False
    who = f"<@{one.taker}>, this" if one.taker else "This"
    post = notices.text_post(
        f"{who} question is still open, since {one.opened_at:%-d %B}. Somebody is waiting for it."
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
        value = _kept_post(app, one).value
        post = triage_post(value, tried=_tried(app, value), taken=one.taker or "")
        return _post(app, one, post)
    except OSError:
        return False


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error") or "unknown")

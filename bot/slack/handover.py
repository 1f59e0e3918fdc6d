"""Ask a person: pass a question on, say who took it, bring their replies to the asker."""

from __future__ import annotations

from typing import Any

from slack_sdk.errors import SlackApiError

from bot.ledger.values import Changed
from bot.privacy import mask
from bot.slack.blocks import modals, notices
from bot.slack.blocks.handover import passed_on, relayed, triage_post
from bot.slack.clicks import Click
from bot.slack.desk import Desk
from bot.slack.incoming import Asked
from bot.slack.logs import log

__all__ = ["answered", "ask_a_person", "relay", "remind", "suggest", "take"]

SECONDS_BETWEEN_TAGS = 1_800.0


def ask_a_person(desk: Desk, click: Click) -> None:
    """Post the question to the triage channel and tell its asker."""
    triage = desk.settings.triage_channel
    if not triage:
        click.whisper(desk, notices.said("Nobody has been named yet to pass questions on to."))
        return
    channel, thread = click.channel, click.root
    if click.only_theirs or click.in_view:
        # A private answer has no thread: people reach its asker in their direct messages.
        channel, thread = desk.slack.direct(click.user, passed_on(click.question_text))
    year = str(click.year) if click.year else None
    opened = desk.keeping.attempt(
        lambda ledger: ledger.open_handover(
            click.question_text,
            asker=click.user,
            asker_channel=channel,
            asker_thread=thread,
            year=year,
            question_id=click.question,
        )
    )
    if opened is not None and opened.result is Changed.ALREADY:
        click.whisper(desk, notices.said("Somebody has been asked already. I will tell you here."))
        return
    number = opened.now.id if opened and opened.now else None
    value = {"h": number, "c": channel, "th": thread, "u": click.user, "t": click.question_text}
    tried = desk.title_of(click.entry) if click.entry else ""
    link = None if channel.startswith("D") else desk.slack.permalink(channel, thread)
    post = triage_post(
        value | {"y": year, "e": click.entry}, tried=tried, link=link, tag=_tag(desk)
    )
    try:
        ts = desk.slack.say(triage, post)
    except SlackApiError as error:
        log.error("could not post to the triage channel", extra={"code": _code(error)})
        click.whisper(
            desk,
            notices.said(
                "I could not reach the people I pass questions on to. Please ask a colleague "
                "directly; your question is kept for them."
            ),
        )
        return
    if number is not None:
        desk.keeping.attempt(lambda ledger: ledger.set_triage_message(number, triage, ts))
    if not (click.only_theirs or click.in_view):
        click.answer(desk, passed_on(""))


def _tag(desk: Desk) -> str:
    group = desk.settings.triage_group
    if not group:
        return ""
    due = desk.keeping.attempt(lambda ledger: ledger.once_per("triage-tag", SECONDS_BETWEEN_TAGS))
    return f"<!subteam^{group}>" if due is not False else ""


def take(desk: Desk, click: Click) -> None:
    """Somebody takes a question; its asker is told who."""
    number = click.value.get("h")
    if isinstance(number, int):
        change = desk.keeping.attempt(lambda ledger: ledger.take(number, click.user))
        if change is not None and not change.done:
            taker = change.now.taker if change.now else None
            if change.result is not Changed.ALREADY:
                by = f"<@{taker}> has it" if taker else "it is answered, or no longer kept"
                click.whisper(desk, notices.said(f"Nothing was changed: {by}."))
            return
    click.replace(desk, triage_post(click.value, tried=_tried(desk, click), taken=click.user))
    _tell_asker(desk, click.value, f"<@{click.user}> has taken your question.")


def answered(desk: Desk, click: Click) -> None:
    """A question was dealt with."""
    number = click.value.get("h")
    if isinstance(number, int):
        change = desk.keeping.attempt(lambda ledger: ledger.answer(number))
        if change is not None and not change.done:
            return
    click.replace(desk, triage_post(click.value, tried=_tried(desk, click), closed=click.user))
    _tell_asker(desk, click.value, f"<@{click.user}> has marked your question as answered.")


def _tried(desk: Desk, click: Click) -> str:
    return desk.title_of(click.entry) if click.entry else ""


def _tell_asker(desk: Desk, value: dict[str, Any], text: str) -> None:
    channel, thread = value.get("c"), value.get("th")
    if isinstance(channel, str) and isinstance(thread, str) and channel:
        desk.slack.say(channel, notices.said(text), thread_ts=thread)


def relay(desk: Desk, asked: Asked) -> None:
    """A reply in the triage thread reaches the asker's thread, where we are then silent."""
    found = desk.keeping.attempt(
        lambda ledger: ledger.handover_in_triage(asked.channel, asked.root)
    )
    if found is None or not (found.asker_channel and found.asker_thread and asked.text):
        return
    if desk.helpdesk.is_record(asked.text):
        desk.slack.whisper(
            asked.channel, asked.user, notices.record_in_channel(), thread_ts=asked.thread_ts
        )
        return
    channel, thread = found.asker_channel, found.asker_thread
    if desk.keeping.may_post(asked.event_id, kept=asked.kept):
        desk.slack.say(channel, relayed(asked.user, mask(asked.text)), thread_ts=thread)
        desk.keeping.attempt(lambda ledger: ledger.silence_thread(channel, thread))


def suggest(desk: Desk, click: Click) -> None:
    """What was answered in the triage thread, as knowledge: the form with the question in it."""
    view = modals.suggest_modal("", str(desk.helpdesk.year), [], question=click.question_text)
    desk.slack.open(click.trigger, view)


def remind(desk: Desk) -> int:
    """Once a working day, say in the triage thread that a question is still open; how many."""
    due = desk.keeping.attempt(lambda ledger: ledger.reminders_due(desk.helpdesk.today())) or []
    for one in due:
        if not (one.triage_channel and one.triage_message):
            continue
        who = f"<@{one.taker}>, this" if one.taker else "This"
        post = notices.said(f"{who} question is still open. Somebody is waiting for it.")
        try:
            desk.slack.say(one.triage_channel, post, thread_ts=one.triage_message)
        except SlackApiError as error:
            log.warning("a reminder could not be posted", extra={"code": _code(error)})
    return len(due)


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error") or "unknown")

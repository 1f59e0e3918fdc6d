"""Buttons that lead to an answer: choices, related entries, other years, topics."""

from __future__ import annotations

from dataclasses import replace

from bot.slack.blocks import notices
from bot.slack.blocks.reply import reply
from bot.slack.context import AppContext
from bot.slack.features import keywords
from bot.slack.features.asking import post_for
from bot.slack.interactions import Click
from bot.slack.payloads import AnswerPayload, EntryPayload, Payload, TopicPayload

__all__ = ["choose", "show_entry", "show_other_year", "show_topic", "show_topics"]


def choose(app: AppContext, click: Click[AnswerPayload]) -> None:
    """One of the choices offered: its answer, and the question counts as answered."""
    if not click.payload.questions:
        show_entry(app, click)
        return
    app.ledger.choose(click.payload.questions[0], click.payload.entry)
    answer = app.open_entry(click.payload.entry, click.payload.year)
    if answer is None:
        click.whisper(app, notices.entry_gone())
        return
    context = app.answer_context(click.payload.questions, private=click.private)
    click.answer(app, reply(answer, context))


def show_entry(app: AppContext, click: Click[EntryPayload]) -> None:
    """A related entry, one of a topic, or one that was offered: a question of its own."""
    answer = app.open_entry(click.payload.entry, click.payload.year)
    if answer is None:
        click.whisper(app, notices.entry_gone())
    else:
        click.answer(app, post_for(app, click.as_message(), answer, private=click.private))


def show_other_year(app: AppContext, click: Click[AnswerPayload]) -> None:
    """The same entry in another year, in place."""
    answer = app.open_entry(click.payload.entry, click.payload.year)
    if answer is None:
        click.whisper(app, notices.entry_gone())
        return
    years = dict.fromkeys((*answer.other_years, app.helpdesk.year))
    others = tuple(year for year in years if year != answer.year)
    context = app.answer_context(click.payload.questions, private=click.private)
    click.replace(app, reply(replace(answer, other_years=others), context))


def show_topic(app: AppContext, click: Click[TopicPayload]) -> None:
    """One topic's entries."""
    topic = app.helpdesk.knowledge.topics.get(click.payload.topic)
    if topic is None:
        click.whisper(app, notices.entry_gone())
        return
    entries = [
        (entry.id, entry.question)
        for entry in app.helpdesk.knowledge.entries.values()
        if entry.topic == topic.id
    ]
    click.answer(app, notices.topic_post(topic.title, entries, app.helpdesk.year))


def show_topics(app: AppContext, click: Click[Payload]) -> None:
    """What is covered."""
    click.answer(app, keywords.topics(app))

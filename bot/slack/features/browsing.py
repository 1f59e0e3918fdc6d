"""Buttons and menus that lead to an answer: choices, related entries, other years, more, topics."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import Answer, Choice
from bot.slack.blocks import notices
from bot.slack.blocks.reply import reply
from bot.slack.context import AppContext
from bot.slack.features import keywords
from bot.slack.features.asking import post_for
from bot.slack.interactions import Click
from bot.slack.payloads import (
    AnswerPayload,
    EntryPayload,
    MorePayload,
    Payload,
    SeeAlsoPayload,
    ShownAnswer,
    TopicPayload,
)

__all__ = [
    "choose",
    "see_also",
    "show_again",
    "show_entry",
    "show_less",
    "show_more",
    "show_other_year",
    "show_topic",
    "show_topics",
]


def choose(app: AppContext, click: Click[AnswerPayload]) -> None:
    """One of the choices offered: its answer, and its asker's question counts as answered."""
    if not (click.payload.questions and click.is_theirs):
        show_entry(app, click)
        return
    with app.clicks.first(click.identity(click.payload.entry, click.payload.year)) as is_first:
        if not is_first:
            return
        app.ledger.choose(click.payload.questions[0], click.payload.entry)
        answer = app.open_entry(click.payload.entry, click.payload.year)
        if answer is None:
            click.whisper(app, notices.entry_gone())
            return
        context = app.answer_context(
            click.payload.questions, private=click.private, asker=click.user
        )
        click.answer(app, reply(answer, context))


def show_entry(app: AppContext, click: Click[EntryPayload]) -> None:
    """A related entry, one of a topic, or one that was offered: a question of its own.

    However often, and by however many, it is clicked, it is posted once.
    """
    with app.clicks.first(click.identity(click.payload.entry, click.payload.year)) as is_first:
        if not is_first:
            return
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
    asker = click.payload.asker
    context = app.answer_context(click.payload.questions, private=click.private, asker=asker)
    click.replace(app, reply(replace(answer, other_years=others), context))


def see_also(app: AppContext, click: Click[SeeAlsoPayload]) -> None:
    """What was chosen in the menu below an answer."""
    if click.payload.in_place:
        show_other_year(app, click)
    elif click.payload.entry:
        show_entry(app, click)


def show_more(app: AppContext, click: Click[MorePayload]) -> None:
    """All of what a message says, in place."""
    show_again(app, click, opened=True)


def show_less(app: AppContext, click: Click[MorePayload]) -> None:
    """What it said at first, in place."""
    show_again(app, click, opened=False)


def show_again(app: AppContext, click: Click[MorePayload], *, opened: bool, note: str = "") -> bool:
    """What a message shows, in another state; False, and said, when it is no longer held.

    ``note``: a line of small print more.
    """
    found = [_answer_again(app, one) for one in click.payload.answers]
    answers = [one for one in found if one is not None]
    if not answers or len(answers) < len(found):
        click.whisper(app, notices.entry_gone())
        return False
    about = click.payload
    first = replace(answers[0], question=answers[0].question or about.question_text)
    answer = first.with_more(tuple(answers[1:]))
    context = app.answer_context(about.questions, private=click.private, asker=about.asker)
    post = reply(answer, context, opened=opened, shared_by=about.shared_by, solved=about.solved)
    post = post.with_note(note) if note else post
    # What was shown without its id in the ledger was shown while that was away.
    if app.ledger.exists and not about.questions and not about.shared_by:
        post = post.with_note(notices.NOT_STORED)
    click.replace(app, notices.shared_answer(about.shared_by, post) if about.shared_by else post)
    return True


def _answer_again(app: AppContext, shown: ShownAnswer) -> Answer | None:
    """An answer as the message shows it; None when it is no longer held."""
    answer = app.open_entry(shown.entry, shown.year, then=shown.then)
    if answer is None:
        return None
    answer = replace(answer, question=shown.question)
    if not shown.others:
        return answer
    choices = tuple(Choice(entry, app.title_of(entry), 0.0) for entry in shown.others)
    return replace(answer, outcome="answer" if shown.outright else "likely", choices=choices)


def show_topic(app: AppContext, click: Click[TopicPayload]) -> None:
    """One topic's questions: in place, or to whoever chose it where others read on."""
    topic = app.helpdesk.knowledge.topics.get(click.payload.topic)
    if topic is None:
        click.whisper(app, notices.entry_gone())
        return
    entries = [
        (entry.id, entry.question)
        for entry in app.helpdesk.knowledge.entries.values()
        if entry.topic == topic.id
    ]
    post = notices.topic_post(topic.title, entries, app.helpdesk.year, keywords.listed_topics(app))
    if click.in_view or not (click.only_theirs or click.channel.startswith("D")):
        click.whisper(app, post)
    else:
        click.replace(app, post)


def show_topics(app: AppContext, click: Click[Payload]) -> None:
    """What is covered."""
    click.answer(app, keywords.topics(app))

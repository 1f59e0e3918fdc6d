"""Buttons."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App

from bot.ledger.values import Feedback
from bot.slack.blocks import modals, notices
from bot.slack.blocks.reply import reply
from bot.slack.blocks.report import summary_post
from bot.slack.context import AppContext
from bot.slack.features import curating as curators
from bot.slack.features import handover, home, suggesting
from bot.slack.features import keywords as words
from bot.slack.features import redacted_copy as redacting
from bot.slack.features.asking import post_for
from bot.slack.features.sharing import not_held, show_in_channel
from bot.slack.interactions import Click, from_body

__all__ = ["ACTIONS", "register"]


def register(bolt: App, app: AppContext) -> None:
    """Register a listener for every button."""
    for name, act in ACTIONS.items():
        _on(bolt, app, name, act)


def _on(bolt: App, app: AppContext, name: str, act: Callable[[AppContext, Click], None]) -> None:
    # A message may hold several of a kind: ilr_choice_0, ilr_choice_1, ilr_choice_1_2 …
    @bolt.action(re.compile(rf"^{name}(_[tdh]?\d+)*$"))
    def clicked(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        act(app, from_body(body))


def choose(app: AppContext, click: Click) -> None:
    """One of the choices offered: its answer, and the question counts as answered."""
    question = click.question
    if question is not None:
        app.keeping.attempt(lambda ledger: ledger.choose(question, click.entry))
    _open(app, click, click.questions)


def related(app: AppContext, click: Click) -> None:
    """A related entry, or one from a topic."""
    _open(app, click, ())


def _open(app: AppContext, click: Click, questions: tuple[int, ...]) -> None:
    answer = app.open(click.entry, click.year)
    if answer is None:
        click.whisper(app, not_held())
        return
    private = click.only_theirs and not click.channel.startswith("D")
    if questions:
        post = reply(answer, app.context(questions, private=private))
    else:
        post = post_for(app, click.asked("button"), answer, private=private)
    click.answer(app, post)


def other_year(app: AppContext, click: Click) -> None:
    """The same entry in another year, in place."""
    answer = app.open(click.entry, click.year)
    if answer is None:
        click.whisper(app, not_held())
        return
    back = tuple(dict.fromkeys((*answer.other_years, app.helpdesk.year)))
    there = tuple(year for year in back if year != answer.year)
    private = click.only_theirs and not click.channel.startswith("D")
    context = app.context(click.questions, private=private)
    click.replace(app, reply(replace(answer, other_years=there), context))


def solved(app: AppContext, click: Click) -> None:
    """That solved it."""
    question, kept = click.question, None
    if question is not None:
        kept = app.keeping.attempt(
            lambda ledger: ledger.record_feedback(question, Feedback.SOLVED, user=click.user)
        )
    click.whisper(app, notices.thanks(kept=kept is not None))


def not_quite(app: AppContext, click: Click) -> None:
    """Ask what was wrong with it."""
    data = click.value | {"r": click.url, "c": click.channel, "th": click.root}
    app.slack.open(click.trigger, modals.not_quite_modal(data))


def open_check(app: AppContext, click: Click) -> None:
    """The form to check a record with."""
    app.slack.open(click.trigger, modals.check_modal(app.years_offered()))


def share(app: AppContext, click: Click) -> None:
    """Ask where to share a check's rules, without learners or values."""
    rules = app.helpdesk.knowledge.catalogue.rows
    shown = summary_post(click.user, click.value, rules)
    app.slack.open(click.trigger, modals.share_modal(click.value, shown.blocks))


def not_checked(app: AppContext, click: Click) -> None:
    """Why rules were not run, as the button has it: nothing of the record."""
    reasons = "\n".join(map(str, click.value.get("n") or ()))
    app.slack.push(click.trigger, modals.notice_modal("Not checked here", reasons or "…"))


def why(app: AppContext, click: Click) -> None:
    """The rule behind a finding, and the entries that help with it."""
    rule = str(click.value.get("r") or "")
    answer = app.helpdesk.explain(rule, click.year)
    if answer.outcome == "none":
        view = modals.notice_modal("Why?", "I hold no explanation of that rule.")
    else:
        row = app.helpdesk.knowledge.catalogue.rows.get(rule)
        entries = [app.open(entry, click.year) for entry in (row.entries if row else ())[:2]]
        view = modals.explain_modal(
            answer, [(one.title, one) for one in entries if one], app.context()
        )
    if click.in_view:
        app.slack.push(click.trigger, view)
    else:
        app.slack.open(click.trigger, view)


def browse(app: AppContext, click: Click) -> None:
    """One topic's entries."""
    topic = app.helpdesk.knowledge.topics.get(str(click.value.get("t") or ""))
    if topic is None:
        click.whisper(app, not_held())
        return
    entries = [
        (entry.id, entry.question)
        for entry in app.helpdesk.knowledge.entries.values()
        if entry.topic == topic.id
    ]
    post = notices.topic_post(topic.title, entries, app.helpdesk.year)
    click.answer(app, post)


def topics(app: AppContext, click: Click) -> None:
    """What is covered."""
    click.answer(app, words.topics(app))


def _on_the_desk(
    decide: Callable[[AppContext, Click], None],
) -> Callable[[AppContext, Click], None]:
    """A decision that may be made in the queue, which is shown as it then is."""

    def decided(app: AppContext, click: Click) -> None:
        decide(app, click)
        if click.in_view:
            home.publish(app, click.user)

    return decided


ACTIONS: dict[str, Callable[[AppContext, Click], None]] = {
    "ilr_choice": choose,
    "ilr_related": related,
    "ilr_year": other_year,
    "ilr_solved": solved,
    "ilr_not_quite": not_quite,
    "ilr_ask_person": handover.ask_a_person,
    "ilr_take": _on_the_desk(handover.take),
    "ilr_answered": _on_the_desk(handover.answered),
    "ilr_suggest_this": handover.suggest,
    "ilr_approve": _on_the_desk(curators.approve),
    "ilr_reject": _on_the_desk(curators.reject),
    "ilr_edit": suggesting.edit,
    "ilr_keep_phrasing": _on_the_desk(curators.keep_phrasing),
    "ilr_drop_phrasing": _on_the_desk(curators.drop_phrasing),
    "ilr_peak": curators.show_busy_week,
    "ilr_unneeded": curators.show_unused,
    "ilr_close_gap": _on_the_desk(curators.close_gap),
    "ilr_show": show_in_channel,
    "ilr_share": share,
    "ilr_redact": redacting.give,
    "ilr_offer": related,
    "ilr_check_open": open_check,
    "ilr_why": why,
    "ilr_not_checked": not_checked,
    "ilr_topic": browse,
    "ilr_topics": topics,
    "ilr_home_ask": home.asked,
}

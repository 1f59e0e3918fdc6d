"""The curator queue on App Home."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.curation_queue import BusyWeek, CurationQueue, find_busy_weeks
from bot.helpdesk import Helpdesk
from bot.ledger import Feedback, Ledger, Outcomes, Proposal, Result, Review
from bot.slack.blocks.curation import busy_week_view, queue_blocks, unused_view
from bot.slack.blocks.post import fit_view
from bot.slack.features.approved_entries import sync_approved_entries
from bot.slack.features.curating import close_resolved_items
from tests.conftest import CACHE
from tests.slack.running_bot import Bot, Start, bot, start, warm
from tests.support.slack_limits import check_view
from tests.support.slack_people import Person
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import View

__all__ = ["bot", "start", "warm"]

PROPOSED = Proposal(
    question="Who signs off a placement?",
    answer="The employer and the tutor do, on the placement form.",
    year_from="2026-27",
    practice_owner="mis-team",
)


HELD = "one-aim-many-placements"


def curating(slack: SlackStandIn, start: Start) -> tuple[Bot, Person]:
    """The app with a curators' group, and one of them."""
    amina = slack.person()
    return start(curator_group=slack.group(amina)), amina


@pytest.mark.long
def test_a_curator_approves_a_suggestion(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    bot.ledger.suggest(PROPOSED, user="U0BEN")
    amina.opens_home()
    home = slack.home_of(amina, saying="Suggested answers")
    assert "*Who signs off a placement?*" in home.words
    assert "practice, mis-team" in home.words
    amina.clicks("Approve", on=home)
    slack.wait_until(lambda: bot.ledger.suggestions(Review.APPROVED) or None)
    slack.wait_until(lambda: "Suggested answers" not in slack.home_of(amina).words or None)
    assert slack.violations == []


def test_two_curators_at_once_are_told(slack: SlackStandIn, start: Start) -> None:
    amina, ben = slack.person(), slack.person()
    bot = start(curator_group=slack.group(amina, ben))
    bot.ledger.suggest(PROPOSED)
    amina.opens_home()
    ben.opens_home()
    for_ben = slack.home_of(ben, saying="Suggested answers")
    amina.clicks("Reject", on=slack.home_of(amina, saying="Suggested answers"))
    slack.wait_until(lambda: bot.ledger.suggestions(Review.REJECTED) or None)
    ben.clicks("ilr_approve_0", on=for_ben)
    assert f"<@{amina.id}> has decided on it" in slack.direct_to(ben).words


def test_nobody_else_sees_the_queue_or_decides(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    bot.ledger.suggest(PROPOSED)
    cara = slack.person()
    cara.opens_home()
    assert "Curator queue" not in slack.home_of(cara).words
    amina.opens_home()
    cara.clicks("Approve", on=slack.home_of(amina, saying="Suggested answers"))
    assert "Only curators can decide" in slack.direct_to(cara).words
    assert bot.ledger.suggestions(Review.APPROVED) == []


def test_a_gap_is_answered_or_closed(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    for _ in range(3):
        bot.ledger.record_question(
            "who must countersign the timesheet form?", door="dm", outcome=Result.UNANSWERED
        )
    amina.opens_home()
    home = slack.home_of(amina, saying="Questions without a good answer")
    assert "3 times" in home.words
    amina.clicks("Write an answer", on=home)
    form = slack.modal_for(amina)
    assert "who must countersign the timesheet form?" in str(form.content)
    amina.clicks("Dismiss", on=home)
    slack.wait_until(lambda: not bot.ledger.gaps() or None)


def test_marked_answers_show_why(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    asked = bot.ledger.record_question(
        "one aim?", door="dm", outcome=Result.ANSWERED, entry_id="one-aim-many-placements"
    )
    bot.ledger.record_feedback(asked, Feedback.OUT_OF_DATE, user="U0BEN", note="new rule")
    amina.opens_home()
    home = slack.home_of(amina, saying="Reported answers")
    assert "1 said out of date" in home.words
    assert "> new rule" in home.words


def test_gaps_that_the_knowledge_answers_close_themselves(slack: SlackStandIn, bot: Bot) -> None:
    bot.ledger.record_question(
        "several placements, one aim or many?", door="dm", outcome=Result.UNANSWERED
    )
    assert close_resolved_items(bot.app) == 1
    assert bot.ledger.gaps() == []


def test_an_empty_queue_says_so() -> None:
    blocks = queue_blocks(CurationQueue(7, Outcomes()), str)
    assert "Nothing to do." in str(blocks)
    assert check_view({"type": "home", "blocks": blocks}) == []


def test_a_queue_whose_database_is_away_says_so() -> None:
    assert "database is unavailable" in str(queue_blocks(None, str))


# -- suggesting


def filled(view: View, **more: str) -> dict[str, Any]:
    """What a colleague writes into the form."""
    written = {
        "question": "Who signs the garage's risk assessment form?",
        "answer": "The employer does, on the day the placement ends.",
        "owner": "mis-team",
    }
    return written | more


def suggests(slack: SlackStandIn, person: Person, **more: str) -> None:
    """Somebody proposes an answer from a message."""
    said = person.says("The employer countersigns it.", slack.channel())
    person.runs_shortcut("ilr_suggest", on=said).acknowledged()
    form = slack.modal_for(person, saying="Other ways people ask it")
    assert "The employer countersigns it." in str(form.content)
    person.submits(form, filled(form, **more)).acknowledged()


@pytest.mark.long
def test_a_message_becomes_an_answer_that_git_takes_over(
    slack: SlackStandIn, start: Start, helpdesk: Helpdesk
) -> None:
    bot, amina = curating(slack, start)
    ben = slack.person()
    question = "who signs the garage's risk assessment form?"
    asked = ben.writes(question)
    assert "no answer" in slack.reply_to(asked).words
    suggests(slack, ben, ways="garage risk assessment, who signs?")
    slack.modal_for(ben, saying="A curator will look at it")
    amina.opens_home()
    home = slack.home_of(amina, saying="Suggested answers")
    assert "practice, mis-team" in home.words
    amina.clicks("Approve", on=home)
    slack.home_of(amina, saying="Approved, not yet published")
    slack.wait_until(lambda: bot.app.helpdesk.approved or None, timeout=120)
    now = slack.reply_to(ben.writes(question))
    assert "The employer does, on the day" in now.words
    assert "Not yet published: a curator approved this on" in now.words
    assert f"Approved by <@{amina.id}>" in now.words
    assert "Practice of mis-team" in now.words
    slack.wait_until(lambda: not bot.ledger.gaps() or None, what="the gap to close itself")

    (approved,) = bot.ledger.suggestions(Review.APPROVED)
    assert approved.also_asked == ("garage risk assessment, who signs?",)
    entry = bot.app.helpdesk.approved[approved.entry_id].entry
    published = helpdesk.knowledge
    reread = Helpdesk(
        replace(published, entries={**published.entries, entry.id: entry}),
        today=helpdesk.today,
        cache=CACHE,
    )
    reread.ask(question)  # as the server warms it before it answers from it
    bot.app.helpdesk = reread
    close_resolved_items(bot.app)
    assert bot.ledger.suggestions(Review.APPROVED) == []
    assert "Not yet published" not in slack.reply_to(ben.writes(question)).words
    assert slack.violations == []


@pytest.mark.long
def test_what_another_process_approved_answers_here_too(slack: SlackStandIn, bot: Bot) -> None:
    draft = bot.ledger.suggest(PROPOSED)
    assert not sync_approved_entries(bot.app) or not bot.app.helpdesk.approved
    bot.ledger.approve(draft.id, 1, "U0ELSEWHERE")
    assert sync_approved_entries(bot.app)
    assert not sync_approved_entries(bot.app), "nothing has changed since"
    assert bot.app.helpdesk.ask(PROPOSED.question).entry == draft.entry_id
    bot.ledger.reject(draft.id, 2, "U0ELSEWHERE")
    assert sync_approved_entries(bot.app)
    assert bot.app.helpdesk is bot.app.helpdesk.published


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"answer": "Ask jo.bloggs@example.org, who knows all of this."}, "personal details"),
        ({"ways": "what of ULN 1234567890?"}, "personal details"),
        ({"owner": ""}, "Name a source"),
        ({"year": "soon"}, "like 2026-27"),
        ({"answer": "Too short."}, "20 to 2,800"),
    ],
)
def test_what_is_wrong_with_a_suggestion_is_said(
    slack: SlackStandIn, bot: Bot, written: dict[str, str], said: str
) -> None:
    ben = slack.person()
    suggests(slack, ben, **written)
    form = slack.modal_for(ben)
    assert said in str(form.errors)
    assert bot.ledger.suggestions() == []


def test_what_may_be_held_already_is_shown_before_it_is_sent(slack: SlackStandIn, bot: Bot) -> None:
    ben = slack.person()
    question = "Several placements: one aim or many?"
    suggests(slack, ben, question=question)
    form = slack.modal_for(ben, saying="Similar answers exist")
    assert bot.ledger.suggestions() == []
    ben.submits(form, filled(form, question=question))
    slack.modal_for(ben, saying="A curator will look at it")
    (draft,) = bot.ledger.suggestions()
    assert draft.entry_id not in bot.app.helpdesk.knowledge.entries
    assert slack.violations == []


def test_a_curator_edits_a_suggestion(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    bot.ledger.suggest(PROPOSED)
    amina.opens_home()
    amina.clicks("Edit", on=slack.home_of(amina, saying="Suggested answers"))
    form = slack.modal_for(amina, saying="Edit the suggestion")
    amina.submits(form, answer="The employer alone does, on the form.", topic="evidence")
    slack.home_of(amina, saying="The employer alone does")
    (draft,) = bot.ledger.suggestions(Review.DRAFT)
    assert (draft.version, draft.topic, draft.practice_owner) == (2, "evidence", "mis-team")
    late = slack.modal_for(amina, saying="Approve it in the curator queue")
    assert late
    assert slack.violations == []


def test_an_edit_that_comes_too_late_changes_nothing(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    draft = bot.ledger.suggest(PROPOSED)
    amina.opens_home()
    amina.clicks("Edit", on=slack.home_of(amina, saying="Suggested answers"))
    form = slack.modal_for(amina, saying="Edit the suggestion")
    bot.ledger.approve(draft.id, 1, "U0BEN")
    amina.submits(form, answer="The employer alone does, on the form.")
    slack.modal_for(amina, saying="Nothing was changed")
    (kept,) = bot.ledger.suggestions()
    assert kept.answer == PROPOSED.answer


def test_nobody_else_edits_or_closes(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    bot.ledger.suggest(PROPOSED)
    bot.ledger.record_question("who signs the form?", door="dm", outcome=Result.UNANSWERED)
    amina.opens_home()
    home = slack.home_of(amina, saying="Questions without a good answer")
    cara = slack.person()
    cara.clicks("Edit", on=home)
    assert "Only curators can decide" in slack.direct_to(cara).words
    cara.clicks("Dismiss", on=home)
    assert "Only curators can dismiss" in slack.direct_to(cara, number=2).words
    assert len(bot.ledger.gaps()) == 1


@pytest.mark.long
def test_a_settled_way_of_asking_is_kept(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    asked = bot.ledger.record_question(
        "how often, wibble or wobble?", door="dm", outcome=Result.CHOICES, choices=[HELD]
    )
    bot.ledger.choose(asked, HELD)
    bot.ledger.record_feedback(asked, Feedback.SOLVED, user="U0BEN")
    amina.opens_home()
    home = slack.home_of(amina, saying="New wordings to confirm")
    amina.clicks("Confirm", on=home)
    slack.wait_until(
        lambda: bot.app.helpdesk.ask("how often, wibble or wobble?").entry == HELD or None,
        timeout=120,
    )


# -- what is busy, and what is not


def at(ledger: Ledger, year: int, month: int, day: int) -> None:
    """What is asked from now on is asked on that day."""
    ledger._clock = lambda: datetime(year, month, day, 12, tzinfo=UTC)


def test_busy_returns_and_what_nobody_needs_are_shown(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    at(bot.ledger, 2026, 9, 2)
    bot.ledger.record_question("q", door="dm", outcome=Result.ANSWERED, entry_id=HELD)
    at(bot.ledger, 2026, 11, 4)
    for _ in range(9):
        bot.ledger.record_question("q", door="dm", outcome=Result.ANSWERED, entry_id=HELD)
    amina.opens_home()
    home = slack.home_of(amina, saying="Busy returns")
    assert "R03" in home.words
    assert "week of 2 November: 9 questions" in home.words
    amina.clicks("What was asked", on=home)
    assert "(9)" in slack.modal_for(amina, saying="Answered most").words
    assert "Unused entries" in home.words
    amina.clicks("List them", on=home)
    listed = slack.modal_for(amina, saying="answered nothing since")
    assert f"`{HELD}`" not in listed.words
    assert slack.violations == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, []),
        ({"2026-W45": 9}, [("R03", 9, 0.0)]),
        ({"2026-W43": 2, "2026-W44": 2, "2026-W45": 9, "2026-W46": 2}, [("R03", 9, 2.0)]),
        ({"2026-W43": 8, "2026-W44": 8, "2026-W45": 9, "2026-W46": 8, "2026-W47": 8}, []),
        ({"2026-W43": 1, "2026-W44": 0, "2026-W45": 4}, []),
    ],
)
def test_a_peak_is_much_busier_than_an_ordinary_week(
    asked: dict[str, int], found: list[tuple[str, int, float]]
) -> None:
    seen = find_busy_weeks(asked, {"2026-W45": "R03"}, date(2026, 11, 24))
    assert [(one.code, one.asked, one.ordinary) for one in seen] == found


def test_long_lists_fit_the_form(helpdesk: Helpdesk) -> None:
    every = list(helpdesk.knowledge.entries)
    title_of = lambda entry: helpdesk.knowledge.entries[entry].question  # noqa: E731
    peak = BusyWeek("R03", date(2026, 11, 2), 40, 3.0)
    for view in (
        unused_view(every, date(2026, 9, 1), title_of),
        busy_week_view(peak, [(entry, 3) for entry in every[:10]], title_of, None),
    ):
        assert check_view(fit_view(view)) == []
    assert peak.end - peak.start == timedelta(days=7)

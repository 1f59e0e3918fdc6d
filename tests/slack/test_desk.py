"""The curators' desk on App Home."""

from __future__ import annotations

from bot.ledger import Feedback, Outcomes, Proposal, Result, Review
from bot.slack.blocks.desk import Waiting, desk_blocks
from bot.slack.curators import keep_in_order
from tests.slack.desk import Bot, Start, bot, start, warm
from tests.support.slack_limits import check_view
from tests.support.slack_people import Person
from tests.support.slack_standin import SlackStandIn

__all__ = ["bot", "start", "warm"]

PROPOSED = Proposal(
    question="Who signs off a placement?",
    answer="The employer and the tutor do, on the placement form.",
    year_from="2026-27",
    practice_owner="mis-team",
)


def curating(slack: SlackStandIn, start: Start) -> tuple[Bot, Person]:
    """The app with a curators' group, and one of them."""
    amina = slack.person()
    return start(curator_group=slack.group(amina)), amina


def test_a_curator_approves_a_suggestion(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    bot.ledger.suggest(PROPOSED, user="U0BEN")
    amina.opens_home()
    desk = slack.home_of(amina, saying="Suggested answers")
    assert "*Who signs off a placement?*" in desk.words
    assert "practice, mis-team" in desk.words
    amina.clicks("Approve", on=desk)
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
    amina.clicks("Turn down", on=slack.home_of(amina, saying="Suggested answers"))
    slack.wait_until(lambda: bot.ledger.suggestions(Review.REJECTED) or None)
    ben.clicks("ilr_approve_0", on=for_ben)
    assert "somebody else has decided" in slack.direct_to(ben).words


def test_nobody_else_sees_the_desk_or_decides(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    bot.ledger.suggest(PROPOSED)
    cara = slack.person()
    cara.opens_home()
    assert "The desk" not in slack.home_of(cara).words
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
    desk = slack.home_of(amina, saying="Asked, and not or badly answered")
    assert "3 times" in desk.words
    amina.clicks("Write an answer", on=desk)
    form = slack.modal_for(amina)
    assert "who must countersign the timesheet form?" in str(form.content)
    amina.clicks("Needs none", on=desk)
    slack.wait_until(lambda: not bot.ledger.gaps() or None)


def test_marked_answers_show_why(slack: SlackStandIn, start: Start) -> None:
    bot, amina = curating(slack, start)
    asked = bot.ledger.record_question(
        "one aim?", door="dm", outcome=Result.ANSWERED, entry_id="one-aim-many-placements"
    )
    bot.ledger.record_feedback(asked, Feedback.OUT_OF_DATE, user="U0BEN", note="new rule")
    amina.opens_home()
    desk = slack.home_of(amina, saying="Answers people marked")
    assert "1 said out of date" in desk.words
    assert "> new rule" in desk.words


def test_gaps_that_the_knowledge_answers_close_themselves(slack: SlackStandIn, bot: Bot) -> None:
    bot.ledger.record_question(
        "several placements, one aim or many?", door="dm", outcome=Result.UNANSWERED
    )
    assert keep_in_order(bot.desk) == 1
    assert bot.ledger.gaps() == []


def test_an_empty_desk_says_so() -> None:
    waiting = Waiting(Outcomes(), (), (), (), (), ())
    blocks = desk_blocks(waiting, str, "2026-27")
    assert "Nothing waits for a curator." in str(blocks)
    assert check_view({"type": "home", "blocks": blocks}) == []

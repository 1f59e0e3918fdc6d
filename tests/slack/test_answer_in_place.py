"""An answer that is opened and closed in place, and one that is only likely."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.answers import Answer, Choice
from bot.slack.blocks.answer import AnswerContext
from bot.slack.blocks.reply import reply
from bot.slack.payloads import MorePayload
from bot.years import AcademicYear
from tests.slack.running_bot import Bot, bot, start, warm
from tests.support.slack_limits import elements
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Message

__all__ = ["bot", "start", "warm"]

YEAR = AcademicYear(2026)
ASKED = "several placements, one aim or many?"
ANSWER, OTHER = "one-aim-many-placements", "placement-dates-differ-from-aim-dates"


def opens(slack: SlackStandIn, message: Message, bot: Bot, entry: str = ANSWER) -> str:
    """The detail of an entry, as it is once the message shows it."""
    detail = bot.app.helpdesk.entry(entry).detail.split("\n")[0][:60]
    assert detail
    slack.wait_until(lambda: detail in message.words or None, what="the detail")
    return detail


def test_more_opens_the_same_message_and_less_closes_it(slack: SlackStandIn, bot: Bot) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    asked = amina.mentions(ASKED, channel)
    answer = slack.reply_to(asked)
    first = answer.words
    assert "and 4 more" in first
    ben.clicks("More", on=answer)
    detail = opens(slack, answer, bot)
    assert detail not in first
    assert "and 4 more" not in answer.words
    assert "• A new academic year needs a new aim; a learner who never goes out" in answer.words
    amina.clicks("Less", on=answer)
    slack.wait_until(lambda: detail not in answer.words or None, what="the detail to go")
    assert answer.words == first
    slack.settle()
    assert slack.replies_to(asked) == [answer]
    assert slack.violations == []


def test_a_private_answer_opens_in_place(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    amina.types(f"/ilr {ASKED}", channel)
    answer = slack.only_for(amina)
    first = answer.words
    amina.clicks("More", on=answer)
    opens(slack, answer, bot)
    assert "Show in channel" in answer.words
    amina.clicks("Less", on=answer)
    slack.wait_until(lambda: answer.words == first or None, what="the first view")
    slack.settle()
    assert [m for m in slack.messages if m.private_to == amina.id] == [answer]
    assert slack.calls("chat.update") == []
    assert slack.violations == []


def test_a_shared_answer_still_says_who_shares_it(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    amina.types(f"/ilr {ASKED}", channel)
    amina.clicks("Show in channel", on=slack.only_for(amina))
    shared = slack.wait_until(lambda: slack.posted_in(channel) or None)[0]
    amina.clicks("More", on=shared)
    opens(slack, shared, bot)
    assert f"<@{amina.id}> asked me, and shares the answer:" in shared.words


def test_of_several_answers_all_are_opened(slack: SlackStandIn, bot: Bot) -> None:
    asked = slack.person().writes(f"{ASKED} And what does WorkPlaceStartDate_02 mean?")
    answer = slack.reply_to(asked)
    several = answer.words.count("_You asked:_")
    assert several > 1
    slack.person().clicks("More", on=answer)
    opens(slack, answer, bot)
    assert "*Fields:*" in answer.words
    assert answer.words.count("_You asked:_") == several
    assert "what does WorkPlaceStartDate_02 mean" in answer.words


def test_an_answer_that_compares_two_years_does_so_when_it_is_opened(
    slack: SlackStandIn, bot: Bot
) -> None:
    text = "what has changed for substitute activities since 2020-21?"
    assert bot.app.helpdesk.ask(text).then is not None
    amina = slack.person()
    answer = slack.reply_to(amina.writes(text), saying="Then (")
    amina.clicks("More", on=answer)
    slack.wait_until(lambda: "Less" in answer.words or None, what="the rest")
    assert "Then (" in answer.words


def test_the_detail_of_an_entry_that_is_gone_is_not_shown(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    answer = slack.reply_to(amina.mentions(ASKED, slack.channel()))
    row = answer.blocks[-1]
    more = next(one for one in row["elements"] if one["action_id"] == "ilr_more")
    more["value"] = more["value"].replace(
        f'"answers":[{{"entry":"{ANSWER}"', '"answers":[{"entry":"x"'
    )
    amina.clicks("More", on=answer)
    assert "no longer in the knowledge base" in slack.only_for(amina).words


@pytest.mark.parametrize("quote", ['"', "\\", "\n", "é"])
def test_what_more_carries_is_never_too_long(quote: str) -> None:
    """Slack takes 2,000 characters of a button."""
    choices = tuple(Choice(letter * 80, "Q?", 0.5) for letter in "efg")
    one = Answer(
        question=quote * 4_000, year=YEAR, outcome="likely", entry="e" * 80, title="T?",
        text="T.", lead="T.", detail="D.", then=YEAR - 3, choices=choices,
    )  # fmt: skip
    context = AnswerContext(title_of=str, questions=(1_000_001,) * 4, people=True, private=True)
    for answer in (one, one.with_more((one, one))):
        values = [
            element["value"] for element, _ in elements(reply(answer, context).blocks)
            if "value" in element
        ]  # fmt: skip
        assert max(map(len, values)) <= 2_000
        carried = next(value for value in values if "answers" in value)
        assert len(MorePayload.read(carried).answers) == 1 + len(answer.more)


# -- only likely


@pytest.fixture
def likely(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> Bot:
    """The app, where every question has a likely answer."""
    helpdesk = bot.app.helpdesk
    choices = tuple(
        Choice(entry, helpdesk.title_of(entry), 0.5, "A hint.") for entry in (ANSWER, OTHER)
    )

    def ask(text: str, **_: object) -> Answer:
        found = helpdesk.entry(ANSWER, question=text)
        return replace(found, outcome="likely", confidence=0.5, choices=choices)

    monkeypatch.setattr(helpdesk, "ask", ask)
    return bot


def recorded(bot: Bot) -> Any:
    with bot.ledger._db.read() as connection:
        return connection.exec_driver_sql(
            "select outcome, entry_id, choices from questions order by id desc"
        ).first()


def test_a_likely_answer_is_marked_and_stored_apart(slack: SlackStandIn, likely: Bot) -> None:
    amina = slack.person()
    answer = slack.reply_to(amina.mentions("placements?", slack.channel()))
    assert answer.words.startswith("_Most likely this:_\n*Does a learner with several placements")
    assert "*Or did you mean*\nDo the placement dates have to match" in answer.words
    slack.settle()
    row = recorded(likely)
    assert (row.outcome, row.entry_id) == ("likely", ANSWER)
    assert json.loads(row.choices) == [ANSWER, OTHER]
    amina.clicks("More", on=answer)
    opens(slack, answer, likely)
    assert answer.words.startswith("_Most likely this:_")
    assert "*Or did you mean*" in answer.words
    assert slack.violations == []


def test_the_other_entry_is_a_click_away_and_counts_as_the_answer(
    slack: SlackStandIn, likely: Bot
) -> None:
    amina = slack.person()
    asked = amina.mentions("placements?", slack.channel())
    amina.clicks("This one", on=slack.reply_to(asked))
    other = slack.reply_to(asked, number=2)
    assert "Most likely" not in other.words
    assert "In answer to: Do the placement dates have to match" in other.words
    slack.settle()
    row = recorded(likely)
    assert (row.outcome, row.entry_id) == ("answered", OTHER)


def test_an_answer_to_a_story_keeps_what_else_may_be_meant(
    slack: SlackStandIn, likely: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = likely.app.helpdesk.ask
    outright = lambda *given, **more: replace(ask(*given, **more), outcome="answer")  # noqa: E731
    monkeypatch.setattr(likely.app.helpdesk, "ask", outright)
    amina = slack.person()
    answer = slack.reply_to(amina.mentions("a long story about placements", slack.channel()))
    for click in ("More", "Less"):
        assert "Most likely" not in answer.words
        assert "*Or did you mean*\nDo the placement dates have to match" in answer.words
        amina.clicks(click, on=answer)
        slack.settle()
    assert slack.violations == []


def test_a_likely_answer_that_solved_it_is_a_new_way_of_asking(
    slack: SlackStandIn, likely: Bot
) -> None:
    amina = slack.person()
    answer = slack.reply_to(amina.mentions("where do my placements go?", slack.channel()))
    amina.clicks("That solved it", on=answer)
    (proposed,) = slack.wait_until(lambda: likely.ledger.phrasings() or None)
    assert (proposed.entry_id, proposed.text) == (ANSWER, "where do my placements go?")


def test_home_says_that_it_was_only_likely(slack: SlackStandIn, likely: Bot) -> None:
    amina = slack.person()
    slack.reply_to(amina.writes("placements?"))
    slack.settle()
    amina.opens_home()
    assert ": I showed the likeliest answer_" in slack.home_of(amina, saying="recent").words


def test_an_opened_or_shared_answer_links_to_its_page_where_there_is_a_site() -> None:
    answer = Answer(
        "q",
        YEAR,
        "answer",
        entry=ANSWER,
        title="Q?",
        lead="Yes.",
        text="Yes.",
        detail="More of it.",
    )
    context = AnswerContext(title_of=str, site="https://ilr.example.ac.uk")
    page = f"<https://ilr.example.ac.uk/entry/{ANSWER}/|This answer as a web page>"
    assert page in json.dumps(reply(answer, context, opened=True).blocks)
    assert page in json.dumps(reply(answer, replace(context, shared=True)).blocks)
    assert "web page" not in json.dumps(reply(answer, context).blocks)
    assert "web page" not in json.dumps(
        reply(answer, replace(context, site=""), opened=True).blocks
    )

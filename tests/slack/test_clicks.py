"""Buttons: once is enough, whoever clicks; a tick for what is solved; the asker's word alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.ledger import NullLedger
from bot.slack.blocks.text import plain
from bot.slack.clicks import Clicks
from bot.slack.runtime.tolerant_ledger import TolerantLedger
from tests.slack.running_bot import OFFERED, Bot, Start, bot, makes_unsure, start, warm
from tests.support.slack_limits import elements
from tests.support.slack_standin import Refuses, SlackStandIn
from tests.support.slack_world import Message

__all__ = ["bot", "start", "warm"]

ASKED = "several placements, one aim or many?"


def labels(message: Message) -> list[str]:
    """The buttons of a message, by their words."""
    return [e["text"]["text"] for e, _ in elements(message.blocks) if e["type"] == "button"]


def said(bot: Bot) -> list[str]:
    with bot.ledger._db.read() as connection:
        return list(connection.exec_driver_sql("select kind from feedback").scalars())


def became(bot: Bot) -> list[Any]:
    with bot.ledger._db.read() as connection:
        query = "select outcome, entry_id, door from questions order by id"
        return [tuple(row) for row in connection.exec_driver_sql(query)]


# -- That solved it


def test_once_solved_the_buttons_give_way_to_a_tick(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.mentions(ASKED, slack.channel())
    answer = slack.reply_to(asked)
    lead = answer.words.split("\n")[0]
    amina.clicks("That solved it", on=answer)
    slack.wait_until(lambda: "✓ That solved it." in answer.words or None, what="a tick")
    assert labels(answer) == ["More"]
    assert answer.words.startswith(lead)
    assert said(bot) == ["solved"]
    slack.settle()
    assert slack.calls("response_url") == []
    amina.clicks("More", on=answer)
    slack.wait_until(lambda: "Less" in labels(answer) or None, what="all of it")
    assert labels(answer) == ["Less"]
    assert "✓ That solved it." in answer.words
    assert slack.violations == []


def test_a_private_answer_is_ticked_in_place(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    amina.types(f"/ilr {ASKED}", slack.channel())
    answer = slack.only_for(amina)
    amina.clicks("More", on=answer)
    slack.wait_until(lambda: "Less" in labels(answer) or None, what="all of it")
    amina.clicks("That solved it", on=answer)
    slack.wait_until(lambda: "✓ That solved it." in answer.words or None, what="a tick")
    assert labels(answer) == ["Less", "Show in channel"]
    slack.settle()
    assert [m for m in slack.messages if m.private_to == amina.id] == [answer]


def test_twice_solved_is_once(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.mentions(ASKED, slack.channel())
    answer = slack.reply_to(asked)
    for delivery in [amina.clicks("That solved it", on=answer) for _ in range(2)]:
        delivery.acknowledged()
    slack.settle()
    assert said(bot) == ["solved"]
    assert slack.replies_to(asked) == [answer]
    assert answer.words.count("✓") == 1


def test_that_it_could_not_be_recorded_is_said(slack: SlackStandIn, start: Start) -> None:
    start(ledger=NullLedger("There is none."))
    amina = slack.person()
    answer = slack.reply_to(amina.mentions(ASKED, slack.channel()))
    amina.clicks("That solved it", on=answer)
    slack.wait_until(lambda: "✓" in answer.words or None, what="a tick")
    assert "your feedback was not recorded" in answer.words


# -- whose word counts


def test_nobody_else_says_that_it_is_solved(slack: SlackStandIn, bot: Bot) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    answer = slack.reply_to(amina.mentions(ASKED, channel))
    channel.members.add(ben.id)
    ben.clicks("That solved it", on=answer)
    assert "Only whoever asked" in slack.only_for(ben).words
    assert said(bot) == []
    assert "That solved it" in labels(answer)
    amina.clicks("That solved it", on=answer)
    slack.wait_until(lambda: said(bot) or None, what="their own word")


def test_what_a_colleague_finds_wrong_is_heard(slack: SlackStandIn, bot: Bot) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    answer = slack.reply_to(amina.mentions(ASKED, channel))
    ben.clicks("Not quite", on=answer)
    ben.submits(slack.modal_for(ben), why="It is out of date").acknowledged()
    slack.wait_until(lambda: said(bot) == ["out-of-date"] or None, what="what was wrong")
    assert "That solved it" in labels(answer)
    amina.clicks("That solved it", on=answer)
    slack.wait_until(lambda: len(said(bot)) == 2 or None, what="the asker's own word")


def test_a_colleagues_choice_is_a_question_of_their_own(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    makes_unsure(monkeypatch, bot)
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    asked = amina.mentions("placements?", channel)
    offered = slack.reply_to(asked)
    channel.members.add(ben.id)
    ben.clicks("ilr_choice_0", on=offered)
    slack.reply_to(asked, number=2)
    slack.settle()
    assert became(bot) == [("choices", None, "mention"), ("answered", OFFERED[0], "button")]
    amina.clicks("ilr_choice_1", on=offered)
    slack.reply_to(asked, number=3)
    slack.settle()
    assert became(bot)[0] == ("answered", OFFERED[1], "mention")


def test_a_colleague_who_asks_a_person_asks_for_themselves(
    slack: SlackStandIn, start: Start
) -> None:
    triage = slack.channel("triage")
    bot = start(triage_channel=triage.id)
    amina, ben = slack.person(), slack.person()
    answer = slack.reply_to(amina.mentions(ASKED, slack.channel()))
    ben.clicks("Ask a person", on=answer)
    slack.wait_until(lambda: slack.posted_in(triage) or None, what="the triage post")
    now = bot.ledger._now().date()
    outcomes = bot.ledger.outcomes(now, now.replace(year=now.year + 1))
    assert (outcomes.handed_over, outcomes.too_early) == (0, 1)
    assert len(bot.ledger.list_open()) == 1


# -- once is enough


def test_a_choice_clicked_twice_answers_once(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    makes_unsure(monkeypatch, bot)
    amina = slack.person()
    asked = amina.mentions("placements?", slack.channel())
    offered = slack.reply_to(asked)
    for delivery in [amina.clicks("ilr_choice_0", on=offered) for _ in range(2)]:
        delivery.acknowledged()
    slack.reply_to(asked, number=2)
    slack.settle()
    assert len(slack.replies_to(asked)) == 2


def test_five_clicks_on_a_related_question_make_one_post(slack: SlackStandIn, bot: Bot) -> None:
    people, channel = [slack.person() for _ in range(5)], slack.channel()
    asked = people[0].mentions(ASKED, channel)
    answer = slack.reply_to(asked)
    see_also = next(e for e, _ in elements(answer.blocks) if e["type"] == "static_select")
    options = see_also.get("options") or see_also["option_groups"][0]["options"]
    related = options[0]["text"]["text"]
    for delivery in [person.clicks(related, on=answer) for person in people]:
        delivery.acknowledged()
    slack.reply_to(asked, number=2)
    slack.settle()
    assert len(slack.replies_to(asked)) == 2
    other = options[1]["text"]["text"]
    people[0].clicks(other, on=answer)
    slack.reply_to(asked, number=3)


def test_shown_in_the_channel_twice_is_once(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    amina.types(f"/ilr {ASKED}", channel)
    answer = slack.only_for(amina)
    for delivery in [amina.clicks("Show in channel", on=answer) for _ in range(2)]:
        delivery.acknowledged()
    slack.settle()
    assert len(slack.posted_in(channel)) == 1


def test_a_click_that_failed_may_be_clicked_again(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    amina.types(f"/ilr {ASKED}", channel)
    answer = slack.only_for(amina)
    slack.next_calls("chat.postMessage", Refuses("some_error"))
    amina.clicks("Show in channel", on=answer)
    slack.only_for(amina, saying="Something went wrong")
    amina.clicks("Show in channel", on=answer)
    slack.wait_until(lambda: slack.posted_in(channel) or None, what="the answer")


def test_of_two_processes_one_does_it(slack: SlackStandIn, bot: Bot) -> None:
    here, there = Clicks(bot.app.ledger), Clicks(TolerantLedger(bot.ledger))

    def click(clicks: Clicks) -> bool:
        with clicks.first("C1/1.1//entry") as is_first:
            return is_first

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(click, [here, there] * 10)).count(True) == 1
    with bot.ledger._db.read() as connection:
        keys = connection.exec_driver_sql("select key from marks").scalars().all()
    assert "C1" not in " ".join(keys)


def test_without_a_ledger_a_process_knows_its_own_clicks() -> None:
    clicks = Clicks(TolerantLedger(None))
    found = []
    for _ in range(3):
        with clicks.first("one") as is_first:
            found.append(is_first)
    assert found == [True, False, False]


# -- no wall of topics


def test_topics_are_a_menu_that_leads_to_questions_in_place(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    amina.types("/ilr topics", slack.channel())
    post = slack.only_for(amina)
    assert len(post.blocks) == 2
    assert labels(post) == []
    amina.clicks("Evidence and audit", on=post)
    slack.wait_until(lambda: "*Evidence and audit*" in post.words or None, what="the topic")
    entry = next(e for e in bot.app.helpdesk.knowledge.entries.values() if e.topic == "evidence")
    options = [o for e, _ in elements(post.blocks) for o in e.get("options", [])]
    chosen = next(o for o in options if entry.question.startswith(o["text"]["text"]))
    amina.clicks(chosen["text"]["text"], on=post)
    slack.only_for(amina, saying=plain(entry.answers[-1].lead)[:20])
    slack.settle()
    assert len([m for m in slack.messages if m.private_to == amina.id]) == 2
    assert slack.violations == []


def test_a_topic_in_a_channel_opens_for_whoever_chose_it(slack: SlackStandIn, bot: Bot) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    asked = amina.mentions("topics", channel)
    post = slack.reply_to(asked)
    channel.members.add(ben.id)
    before = post.words
    ben.clicks("Evidence and audit", on=post)
    slack.only_for(ben, saying="*Evidence and audit*")
    assert post.words == before
    assert slack.replies_to(asked) == [post]

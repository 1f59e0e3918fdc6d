"""Before a return closes: one post, what it says, and a reminder that is as easily undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.ledger import Ledger, Result
from bot.slack.features import returns
from tests.slack.running_bot import SECRET, Bot, Start, start, warm
from tests.support.slack_limits import elements
from tests.support.slack_people import Person
from tests.support.slack_standin import Refuses, SlackStandIn

__all__ = ["start", "warm"]

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
OnDay = Callable[[date], None]


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch, warm: Any) -> OnDay:
    """Makes it another day."""

    def change(day: date) -> None:
        monkeypatch.setattr(warm, "today", lambda: day)

    return change


def with_channel(slack: SlackStandIn, start: Start, **more: Any) -> tuple[Bot, Any]:
    channel = slack.channel("mis-team")
    return start(returns_channel=channel.id, **more), channel


def asks_to_be_reminded(slack: SlackStandIn, bot: Bot, channel: Any) -> Person:
    """The return is announced, and somebody clicks Remind me."""
    returns.announce(bot.app, NOON)
    person = slack.person()
    channel.members.add(person.id)
    person.clicks("Remind me", on=slack.posted_in(channel)[0])
    return person


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 26), ""),
        (date(2026, 11, 27), "R04 closes in 5 working days, on Friday 4 December 2026."),
        (date(2026, 11, 28), ""),  # a Saturday
        (date(2026, 11, 30), "R04 closes in 4 working days, on Friday 4 December 2026."),
        (date(2026, 12, 3), "R04 closes tomorrow, on Friday 4 December 2026."),
        (date(2026, 12, 4), "R04 closes today, on Friday 4 December 2026."),
        (date(2026, 12, 7), ""),
        (date(2026, 12, 28), ""),  # a bank holiday
        (date(2026, 12, 30), "R05 closes in 5 working days, on Thursday 7 January 2027."),
    ],
)
def test_the_post_comes_on_working_days_before_a_return(
    slack: SlackStandIn, start: Start, on_day: OnDay, day: date, said: str
) -> None:
    bot, channel = with_channel(slack, start)
    on_day(day)
    assert returns.announce(bot.app, NOON) is bool(said)
    posted = slack.posted_in(channel)
    assert len(posted) == bool(said)
    if said:
        assert posted[0].words.startswith(f"*{said}*")
    assert slack.violations == []


def test_it_is_posted_once_whoever_restarts(
    slack: SlackStandIn, start: Start, on_day: OnDay
) -> None:
    bot, channel = with_channel(slack, start)
    again = start(returns_channel=channel.id)
    on_day(date(2026, 11, 27))
    found = [returns.announce(one.app, NOON) for one in (bot, again, bot)]
    assert found == [True, False, False]
    on_day(date(2026, 11, 30))
    assert not returns.announce(bot.app, NOON), "the first post was made"
    on_day(date(2026, 12, 3))
    assert [returns.announce(one.app, NOON) for one in (bot, again)] == [True, False]
    assert len(slack.posted_in(channel)) == 2


def test_what_could_not_be_posted_is_posted_by_the_next_try(
    slack: SlackStandIn, start: Start, on_day: OnDay
) -> None:
    bot, channel = with_channel(slack, start)
    on_day(date(2026, 11, 27))
    slack.next_calls("chat.postMessage", Refuses("is_archived"))
    with pytest.raises(Exception, match="is_archived"):
        returns.announce(bot.app, NOON)
    assert returns.announce(bot.app, NOON)
    assert len(slack.posted_in(channel)) == 1


def test_nothing_at_night_nor_without_the_setting(
    slack: SlackStandIn, start: Start, on_day: OnDay
) -> None:
    bot, channel = with_channel(slack, start)
    on_day(date(2026, 11, 27))
    assert not returns.announce(bot.app, NOON.replace(hour=3))
    assert not returns.announce(start().app, NOON)
    assert slack.posted_in(channel) == []


def test_it_says_what_to_look_at_and_what_was_asked_last_time(
    slack: SlackStandIn, start: Start, on_day: OnDay, tmp_path: Any
) -> None:
    moment = [datetime(2025, 11, 28, 9, tzinfo=UTC)]
    ledger = Ledger.open(
        f"sqlite:///{tmp_path / 'r.db'}", secret=SECRET, retention_days=400, clock=lambda: moment[0]
    )
    for entry, times, days in (
        ("one-aim-many-placements", 3, 0), ("employer-id-needed", 1, 0), ("gone-since", 9, 0),
        ("placement-dates-differ-from-aim-dates", 9, -40),
    ):  # fmt: skip
        moment[0] = datetime(2025, 11, 28, 9, tzinfo=UTC) + timedelta(days=days)
        for _ in range(times):
            ledger.record_question("q?", door="dm", outcome=Result.ANSWERED, entry_id=entry)
    moment[0] = NOON
    bot, channel = with_channel(slack, start, ledger=ledger)
    on_day(date(2026, 11, 27))
    returns.announce(bot.app, NOON)
    (post,) = slack.posted_in(channel)
    questions = {e.id: e.question for e in bot.app.helpdesk.knowledge.entries.values()}
    look = post.words.split("*Worth a look before this return*")[1]
    assert f"• {questions['why-r04-matters']}" in look
    asked = look.split("*Asked most at this return last year*\n")[1]
    assert asked.startswith(f"• {questions['one-aim-many-placements']} (3)")
    assert questions["placement-dates-differ-from-aim-dates"] not in post.words
    amina = slack.person()
    option = next(o for e, _ in elements(post.blocks) for o in e.get("options", []))
    amina.clicks(option["text"]["text"], on=post)
    slack.reply_to(post)


def reminders(bot: Bot) -> list[Any]:
    with bot.ledger._db.read() as connection:
        query = "select year, code, person, remind_on from return_reminders"
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_a_reminder_is_sent_once_and_is_then_forgotten(
    slack: SlackStandIn, start: Start, on_day: OnDay
) -> None:
    bot, channel = with_channel(slack, start)
    on_day(date(2026, 11, 27))
    returns.announce(bot.app, NOON)
    (post,) = slack.posted_in(channel)
    amina = slack.person()
    channel.members.add(amina.id)
    for _ in range(2):
        amina.clicks("Remind me", on=post).acknowledged()
    told = slack.only_for(amina)
    assert (
        "I will message you on Thursday 3 December: R04 closes on Friday 4 December." in told.words
    )
    slack.settle()
    assert reminders(bot) == [("2026-27", "R04", amina.id, "2026-12-03")]
    assert returns.remind_people(bot.app, NOON) == 0
    on_day(date(2026, 12, 3))
    assert [returns.remind_people(bot.app, NOON) for _ in range(2)] == [1, 0]
    assert "R04 closes tomorrow" in slack.direct_to(amina).words
    assert reminders(bot) == []
    assert slack.violations == []


def test_a_reminder_is_undone_as_easily(slack: SlackStandIn, start: Start, on_day: OnDay) -> None:
    bot, channel = with_channel(slack, start)
    on_day(date(2026, 11, 27))
    amina = asks_to_be_reminded(slack, bot, channel)
    told = slack.only_for(amina)
    amina.clicks("Don't remind me", on=told)
    slack.wait_until(lambda: "I will not remind you of R04" in told.words or None, what="undone")
    assert reminders(bot) == []
    amina.clicks("Remind me", on=told)
    slack.wait_until(lambda: "I will message you" in told.words or None, what="set again")
    assert len(reminders(bot)) == 1
    assert bot.ledger.forget_user(amina.id) is not None
    assert reminders(bot) == []


def test_on_the_last_day_but_one_the_reminder_comes_on_the_day_itself(
    slack: SlackStandIn, start: Start, on_day: OnDay
) -> None:
    bot, channel = with_channel(slack, start)
    on_day(date(2026, 12, 3))
    amina = asks_to_be_reminded(slack, bot, channel)
    assert "on Friday 4 December" in slack.only_for(amina).words
    slack.settle()
    assert reminders(bot)[0][3] == "2026-12-04"


def test_a_reminder_that_slack_does_not_take_is_kept(
    slack: SlackStandIn, start: Start, on_day: OnDay
) -> None:
    bot, channel = with_channel(slack, start)
    on_day(date(2026, 11, 27))
    amina = asks_to_be_reminded(slack, bot, channel)
    slack.only_for(amina)
    slack.settle()
    on_day(date(2026, 12, 3))
    slack.next_calls("conversations.open", Refuses("user_disabled"))
    returns.remind_people(bot.app, NOON)
    assert len(reminders(bot)) == 1
    bot.ledger.purge(datetime(2027, 1, 1, tzinfo=UTC))
    assert reminders(bot) == []

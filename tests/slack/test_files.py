"""Files in messages: every one is checked or named, and a picture is no record."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from bot.checking.apart import AT_ONCE, Limits
from bot.checking.report import Report
from tests.slack.running_bot import LEARNER, Bot, Start, bot, start, warm
from tests.support.slack_people import Person
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Channel, Message

pytestmark = pytest.mark.long

__all__ = ["bot", "start", "warm"]

ASKED = "several placements, one aim or many?"
LEAD = "Record a single"
CANNOT = "I cannot read pictures"
DELETE_IT = "If it shows a learner, please delete it"
PICTURE = b"\x89PNG not really"


def shares(
    slack: SlackStandIn,
    person: Person,
    files: dict[str, bytes],
    *,
    text: str = "",
    channel: Channel | None = None,
) -> Message:
    """Share several files in one message."""
    message = person._say(text, channel or person.direct, None)
    stored = [person.has_file(name, content) for name, content in files.items()]
    message.files = [one.to_json(slack.url) for one in stored]
    event = {**person._message_event(message), "files": message.files}
    kind = {"type": "app_mention"} if slack.bot_user in text else {"subtype": "file_share"}
    message.deliveries.append(slack.event(event | kind))
    return message


def records(count: int) -> dict[str, bytes]:
    return {f"learner-{n}.xml": LEARNER.replace("0fm90rk3", f"l{n}").encode() for n in range(count)}


def test_a_question_with_a_screenshot_is_answered_with_a_line_on_it(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina = slack.person()
    answer = slack.reply_to(shares(slack, amina, {"Screenshot 1.PNG": PICTURE}, text=ASKED))
    assert LEAD in answer.words
    assert f"{CANNOT}; this answers your words." in answer.words
    assert DELETE_IT not in answer.words
    asked = f"<@{slack.bot_user}> {ASKED}"
    posted = shares(slack, amina, {"Screenshot.png": PICTURE}, text=asked, channel=slack.channel())
    answer = slack.reply_to(posted)
    assert LEAD in answer.words
    assert answer.words.count(CANNOT) == 1
    assert DELETE_IT in answer.words
    slack.settle()
    assert slack.calls("download") == []
    assert slack.violations == []


def test_a_picture_without_a_word_is_asked_about_not_checked(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    assert CANNOT in slack.reply_to(shares(slack, amina, {"a.jpeg": PICTURE})).words
    asked = f"<@{slack.bot_user}>"
    posted = shares(slack, amina, {"a.png": PICTURE}, text=asked, channel=channel)
    told = slack.only_for(amina)
    assert CANNOT in told.words
    assert DELETE_IT in told.words
    assert slack.replies_to(posted) == []


def test_a_picture_is_known_by_its_kind_too(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    message = amina._say(ASKED, amina.direct, None)
    stored = amina.has_file("image", PICTURE).to_json(slack.url) | {"mimetype": "image/png"}
    message.files = [stored]
    slack.event({**amina._message_event(message), "subtype": "file_share", "files": [stored]})
    assert LEAD in slack.reply_to(message).words


@pytest.mark.parametrize(("count", "left_out"), [(5, []), (7, ["learner-5.xml", "learner-6.xml"])])
def test_five_files_are_five_and_the_rest_are_named(
    slack: SlackStandIn, bot: Bot, count: int, left_out: list[str]
) -> None:
    amina = slack.person()
    sent = shares(slack, amina, records(count))
    for n in range(5):
        slack.reply_to(sent, saying=f"*Learner l{n}*", timeout=30)
    if left_out:
        named = slack.reply_to(sent, saying="I check 5 files").words
        assert [name for name in records(count) if f"`{name}`" in named] == left_out
    slack.settle(timeout=30)
    reports = [one for one in slack.replies_to(sent) if "*Learner l" in one.words]
    assert len(reports) == 5
    assert any("Not checked: `" in one.words for one in slack.replies_to(sent)) == bool(left_out)


def test_a_record_and_a_picture_are_each_spoken_of(slack: SlackStandIn, bot: Bot) -> None:
    sent = shares(slack, slack.person(), {"shot.png": PICTURE, **records(1)})
    slack.reply_to(sent, saying="WorkPlaceStartDate_02", timeout=30)
    assert CANNOT in slack.reply_to(sent, saying=CANNOT, timeout=30).words


def test_a_shortcut_checks_every_file_of_a_message(slack: SlackStandIn, start: Start) -> None:
    start()
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    channel.members.add(amina.id)
    posted = shares(slack, ben, records(2), channel=channel)
    amina.runs_shortcut("ilr_check_message", on=posted)
    for n in range(2):
        slack.only_for(amina, saying=f"*Learner l{n}*", timeout=30)
    assert slack.posted_in(channel) == []


LARGE = f"<Message>{LEARNER * 60}</Message>".encode()


def test_questions_do_not_wait_for_files(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight files are being checked and none is done; what is asked meanwhile is answered."""
    go = threading.Event()
    done = bot.app.apart.check

    def check(*given: Any, **named: Any) -> Report:
        assert go.wait(60)
        return done(*given, **named)

    monkeypatch.setattr(bot.app.apart, "check", check)
    people = [slack.person() for _ in range(8)]
    files = [shares(slack, one, {"return.xml": LARGE}) for one in people]
    slack.wait_until(lambda: len(slack.calls("download")) == AT_ONCE or None, what="two checks")
    assert LEAD in slack.reply_to(slack.person().writes(ASKED)).words
    assert [reply.words for one in files for reply in slack.replies_to(one)] == []
    go.set()
    for one in files:
        assert "60 learners" in slack.reply_to(one, timeout=60).words


def test_who_sent_what_is_given_up_is_told(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.app.apart, "_limits", Limits(seconds=0.01))
    answer = slack.reply_to(shares(slack, slack.person(), {"return.xml": LARGE}))
    assert "took longer than one file may take" in answer.words
    assert LEAD in slack.reply_to(slack.person().writes(ASKED)).words

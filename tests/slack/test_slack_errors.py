"""What Slack answers instead of doing it: tried again, sent plainer, or said with what to do."""

from __future__ import annotations

import pytest
from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.answers import Answer
from bot.slack.blocks.parts import fold, picture, section, small
from bot.slack.blocks.plainer import plainer
from bot.slack.blocks.post import Post
from bot.slack.runtime import failures, response_address
from bot.slack.runtime.app import replay
from tests.slack.running_bot import LEARNER, Bot, bot, start, warm
from tests.support.slack_limits import elements
from tests.support.slack_standin import (
    Cut,
    Garbage,
    Refuses,
    ServerError,
    SlackStandIn,
    TakesEffect,
)

__all__ = ["bot", "start", "warm"]

QUESTION = "Does a learner with several placements need one ZWRKX001 aim or one for each?"
BUSY = ["fatal_error", "internal_error", "request_timeout", "service_unavailable", "ratelimited"]


# -- tried again


@pytest.mark.parametrize("code", BUSY)
def test_trouble_that_is_told_with_status_200_is_tried_again(
    slack: SlackStandIn, bot: Bot, code: str
) -> None:
    amina = slack.person()
    slack.next_calls("chat.postMessage", Refuses(code), times=2)
    asked = amina.mentions(QUESTION, slack.channel())
    assert "one" in slack.reply_to(asked, timeout=20).words
    slack.settle()
    assert len(slack.replies_to(asked)) == 1


def test_an_answer_that_is_there_in_spite_of_an_error_is_not_posted_again(
    slack: SlackStandIn, bot: Bot
) -> None:
    half_done = TakesEffect(Garbage(b'{"ok": false, "error": "fatal_error"}'))
    slack.next_calls("chat.postMessage", half_done)
    asked = slack.person().mentions(QUESTION, slack.channel())
    slack.reply_to(asked)
    slack.settle()
    assert len(slack.replies_to(asked)) == 1


@pytest.mark.parametrize("code", BUSY)
def test_a_command_is_answered_all_the_same(slack: SlackStandIn, bot: Bot, code: str) -> None:
    amina, channel = slack.person(), slack.channel()
    slack.next_calls("response_url", Refuses(code), times=2)
    amina.types(f"/ilr {QUESTION}", channel).acknowledged()
    assert "one" in slack.only_for(amina).words


# -- plainer


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long"])
def test_an_answer_whose_blocks_are_refused_goes_as_text_with_its_source(
    slack: SlackStandIn, bot: Bot, code: str
) -> None:
    amina, channel = slack.person(), slack.channel()
    slack.next_calls("chat.postMessage", Refuses(code))
    answer = slack.reply_to(amina.mentions(QUESTION, channel))
    assert answer.blocks == []
    assert "Source" in answer.text
    assert "<https://" in answer.text
    slack.next_calls("response_url", Refuses(code))
    amina.types(f"/ilr {QUESTION}", channel).acknowledged()
    assert "<https://" in slack.only_for(amina).text


def test_a_change_whose_blocks_are_refused_goes_as_text(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.mentions(QUESTION, slack.channel())
    answer = slack.reply_to(asked)
    slack.next_calls("chat.update", Refuses("invalid_blocks"))
    amina.clicks("More", on=answer)
    slack.wait_until(lambda: answer.blocks == [] or None, what="text")
    assert "Source" in answer.text


def test_folds_are_opened_before_all_blocks_are_given_up(slack: SlackStandIn, bot: Bot) -> None:
    slack.next_calls("chat.postMessage", Refuses("invalid_blocks"))
    report = slack.reply_to(slack.person().shares_file("l.xml", LEARNER, mode="hosted"))
    assert "container" not in {block["type"] for block in report.blocks}
    assert "What I read" in report.words
    assert "Why?" in [e["text"]["text"] for e, _ in elements(report.blocks) if "text" in e]


def test_what_is_plainer_says_the_same() -> None:
    blocks = [
        section("*Lead*"), picture("F1", "Three bars."),
        fold("What I read", [section("An aim")]), small("A <https://x.example|source>"),
    ]  # fmt: skip
    post = Post("Short.", blocks)
    first, common, bare = plainer({"channel": "C1", "text": post.text, "blocks": post.blocks})
    assert first["blocks"] == blocks
    assert [block["type"] for block in common["blocks"]] == ["section"] * 4 + ["context"]
    assert bare == {
        "channel": "C1",
        "text": "*Lead*\nThree bars.\n*What I read*\nAn aim\nA <https://x.example|source>",
    }
    assert plainer({"text": "Only text."}) == [{"text": "Only text."}]


# -- what to do


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("not_in_channel", "Invite me there with `/invite`"),
        ("channel_not_found", "Invite me there with `/invite`"),
        ("is_archived", "is archived"),
        ("restricted_action", "does not let apps post"),
        ("missing_scope", "lacks a permission in Slack. Ask your administrator"),
    ],
)
def test_what_can_be_done_about_a_refusal_is_said_in_a_direct_message(
    slack: SlackStandIn, bot: Bot, code: str, said: str
) -> None:
    amina = slack.person()
    slack.next_calls("chat.postMessage", Refuses(code))
    slack.next_calls("chat.postEphemeral", Refuses(code))
    amina.mentions(QUESTION, slack.channel())
    told = slack.direct_to(amina)
    assert said in told.words
    assert "reference" not in told.words


def test_a_permission_that_is_missing_is_named(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    body = b'{"ok": false, "error": "missing_scope", "needed": "chat:write", "provided": "x"}'
    slack.next_calls("chat.postMessage", Garbage(body))
    amina.mentions(QUESTION, slack.channel())
    assert "permission in Slack (`chat:write`)" in slack.only_for(amina).words


def test_sharing_says_that_the_channel_is_archived(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    amina.types(f"/ilr {QUESTION}", channel)
    slack.next_calls("chat.postMessage", Refuses("is_archived"))
    amina.clicks("Show in channel", on=slack.only_for(amina))
    assert "is archived" in slack.only_for(amina, number=2).words


# -- another way to the person


@pytest.mark.parametrize("fault", [Refuses("expired_url"), Refuses("used_url"), ServerError(404)])
def test_an_address_that_takes_no_more_falls_back_to_a_direct_message(
    slack: SlackStandIn, bot: Bot, fault: Refuses | ServerError
) -> None:
    amina = slack.person()
    slack.next_calls("response_url", fault)
    amina.types(f"/ilr {QUESTION}", slack.channel()).acknowledged()
    assert "one" in slack.direct_to(amina).words


@pytest.mark.parametrize(
    ("status", "body", "refused"),
    [
        (200, "ok", ""), (200, '{"ok": true}', ""), (200, "", ""),
        (404, "", "status 404"), (404, '{"ok": true}', "status 404"),
        (404, "expired_url", "status 404"), (500, "invalid_blocks", "invalid_blocks"),
    ],
)  # fmt: skip
def test_an_address_took_an_answer_only_with_status_200(
    monkeypatch: pytest.MonkeyPatch, status: int, body: str, refused: str
) -> None:
    def answers(hook: WebhookClient, sent: object) -> WebhookResponse:
        return WebhookResponse(url=hook.url, status_code=status, body=body, headers={})

    monkeypatch.setattr(WebhookClient, "send_dict", answers)
    assert response_address.send_to_address("http://127.0.0.1:9/", {"text": "x"}) == refused


def test_a_record_in_a_channel_is_warned_about_where_nothing_private_can_be_shown(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina, channel = slack.person(), slack.channel()
    slack.next_calls("chat.postEphemeral", Refuses("user_not_in_channel"))
    amina.mentions(LEARNER, channel)
    warned = slack.direct_to(amina)
    assert "Please delete your message" in warned.words
    assert slack.posted_in(channel) == []
    assert "Imogen" not in warned.words


def test_a_command_during_an_outage_is_answered_when_it_is_over(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "PAUSES", (0.3,) * 60)
    amina = slack.person()
    slack.next_calls("*", ServerError(503), times=40)
    amina.types(f"/ilr {QUESTION}", slack.channel()).acknowledged()
    slack.wait_for("conversations.open", 3, timeout=30)
    slack.no_more_faults()
    told = slack.only_for(amina, timeout=30)
    assert "one" in told.words
    assert "Something went wrong" not in told.words


def test_nobody_is_told_for_ever(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(failures, "PAUSES", (0.01,))

    def fails(*_: object, **__: object) -> Answer:
        raise OSError("away")

    monkeypatch.setattr(bot.app.slack, "respond", fails)
    slack.person().types("/ilr help", slack.channel()).acknowledged()
    slack.wait_until(lambda: "the person could not be told" in caplog.text or None)


# -- the token


def test_a_token_that_was_revoked_is_known_and_forgotten_when_it_works_again(
    slack: SlackStandIn, bot: Bot
) -> None:
    slack.next_calls("*", Refuses("token_revoked"), times=2)
    bot.app.slack.try_token()
    assert bot.app.slack.token_refused == "token_revoked"
    bot.app.slack.try_token()
    assert bot.app.slack.token_refused == ""


def test_what_is_asked_while_the_token_is_refused_is_answered_with_the_next(
    slack: SlackStandIn, bot: Bot
) -> None:
    slack.next_calls("*", Refuses("token_revoked"), times=1_000)
    asked = slack.person().mentions("what is R_96?", slack.channel())
    slack.wait_for("chat.postMessage")
    slack.settle()
    slack.no_more_faults()
    slack.wait_until(lambda: replay(bot.bolt, bot.app) or None, what="the event to be given back")
    assert "R_96" in slack.reply_to(asked).words
    slack.settle()
    assert len(slack.replies_to(asked)) == 1


def test_an_outage_is_no_refusal(slack: SlackStandIn, bot: Bot) -> None:
    slack.next_calls("auth.test", Cut(), times=2)
    bot.app.slack.try_token()
    assert bot.app.slack.token_refused == ""


def test_without_reading_the_channel_an_answer_is_posted_once(
    slack: SlackStandIn, bot: Bot
) -> None:
    """Slack posts and says that it failed, for long, and may not be asked what is there."""
    slack.next_calls("conversations.replies", Refuses("missing_scope"), times=1_000)
    slack.next_calls("chat.postMessage", TakesEffect(ServerError(500)), times=1_000)
    asked = slack.person().mentions("what is R_96?", slack.channel())
    slack.wait_until(lambda: slack.calls("chat.postEphemeral") or None, timeout=20)
    slack.settle()
    for _ in range(3):
        replay(bot.bolt, bot.app)
        slack.settle()
    assert len(slack.replies_to(asked)) == 1
    (seen,) = [one for one in slack.messages if one.private_to == asked.user]
    assert "R_96" in seen.words, "its asker has the answer, posted or not"

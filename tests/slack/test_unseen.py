"""What has not been seen in real Slack: the documented call, and what there is to fall back on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.ledger import Ledger
from bot.settings import Settings
from bot.slack.features import digest
from tests.slack.running_bot import LEARNER, SECRET, Bot, bot, start, warm
from tests.support.slack_standin import Refuses, SlackStandIn

__all__ = ["bot", "start", "warm"]


def test_a_conversation_is_named_by_the_call_that_creates_it(slack: SlackStandIn, bot: Bot) -> None:
    asked = slack.person().writes("what is R_96?")
    (call,) = slack.wait_for("agents.sessions.setStatus")
    assert call.ok
    assert call.args["status"] == "active"
    assert call.args["title"].startswith("R_96")
    assert (call.args["channel_id"], call.args["thread_ts"]) == (asked.channel, asked.ts)
    slack.settle()
    assert slack.calls("agents.sessions.rename") == []


@pytest.mark.parametrize("older", [True, False])
def test_where_there_are_no_sessions_the_older_title_or_none(
    slack: SlackStandIn, bot: Bot, older: bool
) -> None:
    slack.next_calls("agents.sessions.setStatus", Refuses("not_allowed"))
    if not older:
        slack.next_calls("assistant.threads.setTitle", Refuses("not_allowed"))
    asked = slack.person().writes("what is R_96?")
    (call,) = slack.wait_for("assistant.threads.setTitle")
    assert call.ok is older
    slack.settle()
    assert len(slack.replies_to(asked)) == 1


@pytest.mark.parametrize("code", ["invalid_slack_file", "invalid_blocks"])
def test_a_digest_whose_picture_is_refused_draws_it_in_characters(
    slack: SlackStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr("bot.slack.features.digest.time.sleep", lambda _: None)
    channel = slack.channel("curators")
    url = f"sqlite:///{tmp_path / 'l.db'}"
    last_week = datetime(2026, 11, 25, tzinfo=UTC)
    ledger = Ledger.open(url, secret=SECRET, retention_days=30, clock=lambda: last_week)
    ledger.record_question("q?", door="dm", outcome="answered", entry_id="one-aim-many-placements")
    settings = Settings(
        slack_bot_token=slack.bot_token, slack_api_url=slack.api_url, curators_channel=channel.id
    )
    monkeypatch.setattr(digest, "draw", lambda _: b"\x89PNG")
    slack.next_calls("chat.postMessage", Refuses(code), times=digest._TRIES)
    assert digest.post_digest(settings, ledger, today=date(2026, 12, 1))
    (posted,) = slack.posted_in(channel)
    assert "image" not in {block["type"] for block in posted.blocks}
    assert len(posted.blocks) > 1
    ledger.close()


def test_a_form_that_cannot_show_a_picture_sends_it(slack: SlackStandIn, bot: Bot) -> None:
    slack.next_calls("views.update", Refuses("invalid_arguments"), times=3)
    amina = slack.person()
    amina.runs_shortcut("ilr_check")
    amina.submits(slack.modal_for(amina), record=LEARNER)
    assert "The dates of the record" in slack.direct_to(amina, timeout=30).words


def test_a_report_whose_folds_are_refused_is_shown_unfolded(slack: SlackStandIn, bot: Bot) -> None:
    slack.next_calls("chat.postMessage", Refuses("invalid_blocks"))
    report = slack.reply_to(slack.person().shares_file("l.xml", LEARNER, mode="hosted"))
    assert "container" not in {block["type"] for block in report.blocks}
    assert "What I read" in report.words

"""Files that somebody sent: fetched from Slack only, and within the limit."""

from __future__ import annotations

import pytest

from bot.errors import InputError
from bot.slack.payloads import SlackFile
from bot.slack.runtime.downloads import MAX_BYTES, fetch
from tests.slack.running_bot import LEARNER, Bot, bot, start, warm
from tests.support.slack_standin import ServerError, SlackStandIn

__all__ = ["bot", "start", "warm"]

SLACK = "https://slack.com/api/"


def test_a_file_is_fetched_with_the_token(slack: SlackStandIn) -> None:
    stored = slack.person().has_file("l.xml", LEARNER).to_json(slack.url)
    assert fetch(SlackFile.of(stored), slack.bot_token, slack.api_url).decode() == LEARNER


def test_without_the_scope_slacks_sign_in_page_is_not_taken_for_a_file(
    slack: SlackStandIn,
) -> None:
    stored = slack.person().has_file("l.xml", LEARNER).to_json(slack.url)
    with pytest.raises(InputError, match="could not fetch that file"):
        fetch(SlackFile.of(stored), "xoxb-of-somebody-else", slack.api_url)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/files-pri/T1-F1/l.xml",
        "https://files.slack.com.evil.example/l.xml",
        "https://evilslack.com/l.xml",
        "https://files.slack.com@evil.example/l.xml",
        "https://user:pass@files.slack.com/l.xml",
        "https://files.slack.com:8443/l.xml",
        "http://files.slack.com/l.xml",
        "http://127.0.0.1:80/l.xml",
        "file:///etc/passwd",
        "https://[::1/l.xml",
        None,
        7,
    ],
)
def test_the_token_goes_to_slack_only(address: object) -> None:
    with pytest.raises(InputError, match="could not fetch"):
        fetch(SlackFile.of({"url_private_download": address}), "xoxb-1", SLACK)


def test_a_stand_in_is_trusted_at_its_own_port_only(slack: SlackStandIn) -> None:
    for other in ("http://127.0.0.1:9/l.xml", "https://files.slack.com/l.xml"):
        with pytest.raises(InputError, match="could not fetch"):
            fetch(SlackFile.of({"url_private_download": other}), slack.bot_token, slack.api_url)


def test_a_large_file_is_refused_before_and_while_it_is_read(slack: SlackStandIn) -> None:
    stored = slack.person().has_file("big.xml", b"x" * (MAX_BYTES + 1))
    with pytest.raises(InputError, match="larger than 10 MB"):
        fetch(SlackFile.of({"size": MAX_BYTES + 1}), "xoxb-1", SLACK)
    lying = stored.to_json(slack.url) | {"size": 10}
    with pytest.raises(InputError, match="larger than 10 MB"):
        fetch(SlackFile.of(lying), slack.bot_token, slack.api_url)


def test_a_file_that_cannot_be_fetched_is_said(slack: SlackStandIn, bot: Bot) -> None:
    slack.next_calls("download", ServerError())
    asked = slack.person().shares_file("l.xml", LEARNER)
    assert "could not fetch that file" in slack.reply_to(asked).words

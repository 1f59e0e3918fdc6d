"""Files, the ledger when it is away, and what the log may hold."""

from __future__ import annotations

import json
import logging

import pytest

from bot.errors import InputError, places
from bot.ledger import EventPayload, Ledger, NullLedger
from bot.slack.runtime.downloads import LARGEST, fetch
from bot.slack.runtime.logs import JsonLines
from bot.slack.runtime.tolerant_ledger import Claim, Keeping
from tests.slack.running_bot import LEARNER, SECRET, Bot, bot, start, warm
from tests.support.slack_standin import ServerError, SlackStandIn

__all__ = ["bot", "start", "warm"]

SLACK = "https://slack.com/api/"


# -- files


def test_a_file_is_fetched_with_the_token(slack: SlackStandIn) -> None:
    stored = slack.person().has_file("l.xml", LEARNER).to_json(slack.url)
    assert fetch(stored, slack.bot_token, slack.api_url).decode() == LEARNER


def test_without_the_scope_slacks_sign_in_page_is_not_taken_for_a_file(
    slack: SlackStandIn,
) -> None:
    stored = slack.person().has_file("l.xml", LEARNER).to_json(slack.url)
    with pytest.raises(InputError, match="could not fetch that file"):
        fetch(stored, "xoxb-of-somebody-else", slack.api_url)


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
        fetch({"url_private_download": address}, "xoxb-1", SLACK)


def test_a_stand_in_is_trusted_at_its_own_port_only(slack: SlackStandIn) -> None:
    for other in ("http://127.0.0.1:9/l.xml", "https://files.slack.com/l.xml"):
        with pytest.raises(InputError, match="could not fetch"):
            fetch({"url_private_download": other}, slack.bot_token, slack.api_url)


def test_a_large_file_is_refused_before_and_while_it_is_read(slack: SlackStandIn) -> None:
    stored = slack.person().has_file("big.xml", b"x" * (LARGEST + 1))
    with pytest.raises(InputError, match="larger than 10 MB"):
        fetch({"size": LARGEST + 1}, "xoxb-1", SLACK)
    lying = stored.to_json(slack.url) | {"size": 10}
    with pytest.raises(InputError, match="larger than 10 MB"):
        fetch(lying, slack.bot_token, slack.api_url)


def test_a_file_that_cannot_be_fetched_is_said(slack: SlackStandIn, bot: Bot) -> None:
    slack.next_calls("download", ServerError())
    asked = slack.person().shares_file("l.xml", LEARNER)
    assert "could not fetch that file" in slack.reply_to(asked).words


# -- the ledger, here and away

EVENT = EventPayload(kind="dm", channel="D1", ts="1.1", user="U1", text="what is R_96?")


def test_an_event_is_ours_once(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/l.db"
    keeping = Keeping(Ledger.open(url, secret=SECRET, retention_days=9))
    other = Keeping(Ledger.open(url, secret=SECRET, retention_days=9))
    assert keeping.claim("Ev1", EVENT) is Claim.OURS
    assert keeping.claim("Ev1", EVENT) is Claim.SEEN
    assert other.claim("Ev1", EVENT) is Claim.SEEN


def test_without_a_ledger_an_event_is_still_ours_once() -> None:
    keeping = Keeping(NullLedger("It is being moved."))
    assert keeping.claim("Ev1", EVENT) is Claim.UNKEPT
    assert keeping.claim("Ev1", EVENT) is Claim.SEEN
    assert keeping.may_post("Ev1", kept=False)
    assert not keeping.reachable


def test_a_ledger_that_failed_is_left_alone_for_a_moment() -> None:
    asked: list[int] = []

    def refuse(ledger: Ledger) -> None:
        asked.append(1)
        ledger.list_open()

    keeping = Keeping(NullLedger("It is being moved."))
    keeping.attempt(refuse)
    keeping.attempt(refuse)
    assert asked == [1]


# -- logs


def line(record: logging.LogRecord) -> dict[str, object]:
    found = json.loads(JsonLines().format(record))
    assert isinstance(found, dict)
    return found


def test_a_log_line_has_only_the_fields_that_are_allowed() -> None:
    record = logging.makeLogRecord(
        {
            "name": "ilr",
            "levelname": "INFO",
            "msg": "answered",
            "source": "dm",
            "ms": 12,
            "text": "my learner 1000000027 of 4 High Street",
        }
    )
    assert set(line(record)) == {"time", "level", "logger", "message", "source", "ms"}


def test_what_libraries_say_is_cut_where_data_begins() -> None:
    said = "Failed to send a request: {'text': 'my learner Jo Invented'}"
    record = logging.makeLogRecord({"name": "slack_sdk", "levelname": "ERROR", "msg": said})
    assert line(record)["message"] == "Failed to send a request"


def test_an_error_is_logged_by_its_places_and_never_by_its_words() -> None:
    try:
        raise ValueError("my learner Jo Invented")
    except ValueError as error:
        found = error
    record = logging.makeLogRecord(
        {"name": "ilr", "msg": "a listener failed", "exc_info": (ValueError, found, None)}
    )
    assert "Jo Invented" not in json.dumps(line(record))
    assert places(found)[0].startswith("test_parts.py:")

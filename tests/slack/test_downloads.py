"""Files that somebody sent: fetched from Slack only, and within the limit."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from base64 import b64encode

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


@pytest.mark.parametrize("status", [201, 206, 302, 403, 404])
def test_only_status_200_brings_a_file(slack: SlackStandIn, status: int) -> None:
    slack.next_calls("download", ServerError(status))
    stored = slack.person().has_file("l.xml", LEARNER).to_json(slack.url)
    with pytest.raises(InputError, match="could not fetch that file"):
        fetch(SlackFile.of(stored), slack.bot_token, slack.api_url)


def through_a_proxy(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """What a proxy is asked for while a file of Slack's is fetched; it then hangs up."""
    heard: list[str] = []
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(10)

        def listen() -> None:
            with contextlib.suppress(OSError):
                taken, _ = proxy.accept()
                with taken:
                    heard.append(taken.recv(4_096).decode())

        waiting = threading.Thread(target=listen)
        waiting.start()
        address = f"127.0.0.1:{proxy.getsockname()[1]}"
        for name, value in environment.items():
            monkeypatch.setenv(name, value.format(address))
        file = SlackFile.of({"url_private_download": "https://files.slack.com/files-pri/F1/l.xml"})
        with pytest.raises(InputError, match="could not fetch that file"):
            fetch(file, "xoxb-1", SLACK)
        proxy.close()
        waiting.join()
    return "".join(heard)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_files_go_through_the_proxy(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    asked = through_a_proxy(monkeypatch, **{name: "http://mis:p%40ss@{}"})
    assert asked.startswith("CONNECT files.slack.com:443 ")
    assert f"Proxy-Authorization: Basic {b64encode(b'mis:p@ss').decode()}" in asked
    assert "xoxb-1" not in asked


@pytest.mark.long
def test_a_host_that_needs_no_proxy_is_reached_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http.client.HTTPSConnection, "connect", hang_up)
    assert through_a_proxy(monkeypatch, HTTPS_PROXY="http://{}", NO_PROXY="slack.com") == ""


def hang_up(connection: http.client.HTTPSConnection) -> None:
    assert connection.host == "files.slack.com"
    raise ConnectionError

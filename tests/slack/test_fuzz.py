"""Payloads of every kind with parts missing or of the wrong type: nothing falls over."""

from __future__ import annotations

import copy
import json
import logging
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.helpdesk import Helpdesk
from bot.ledger import Ledger
from bot.settings import Settings
from bot.slack.context import AppContext
from bot.slack.listeners.actions import ACTIONS
from bot.slack.listeners.shortcuts import GLOBAL_SHORTCUTS, MESSAGE_SHORTCUTS
from bot.slack.listeners.views import VIEWS
from bot.slack.messages import from_event
from bot.slack.runtime.app import build
from bot.slack.runtime.client import SlackClient
from bot.slack.runtime.transport import SHAPELESS
from tests.slack.running_bot import LEARNER, SECRET, warm

__all__ = ["warm"]

MUTATIONS = 800
SEED = 20261124
TEAM, ME = "T0COLLEGE", "U0HELPDESK"
WRONG: tuple[Any, ...] = (
    None,
    7,
    -1.5,
    True,
    "",
    "x" * 9_000,
    [],
    {},
    ["x"],
    {"x": "y"},
    "\x00\ud800",
)


def answered(client: WebClient, api_method: str, **_: Any) -> SlackResponse:
    """What every call gets, without a network: all that might be asked for."""
    data = {
        "ok": True, "ts": "9.9", "user_id": ME, "bot_id": "B0HELPDESK", "team_id": TEAM,
        "channel": {"id": "D0DIRECT"}, "view": {"id": "V1"}, "messages": [], "users": [],
    }  # fmt: skip
    return SlackResponse(
        client=client, http_verb="POST", api_url=api_method, req_args={}, data=data, headers={},
        status_code=200,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def logs_that_can_be_sent() -> Iterator[None]:
    """Half characters in a payload must not reach the report that a test worker sends home."""
    make = logging.getLogRecordFactory()

    def cleaned(*args: Any, **named: Any) -> logging.LogRecord:
        record = make(*args, **named)
        record.msg = record.getMessage().encode("utf-8", "replace").decode()
        record.args = None
        return record

    logging.setLogRecordFactory(cleaned)
    yield
    logging.setLogRecordFactory(make)


def payloads() -> Iterator[dict[str, Any]]:
    """A well-formed one of every kind."""
    message = {
        "type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "ts": "1.2",
        "text": "one aim or many?", "team": TEAM, "files": [{"id": "F1", "size": 3}],
    }  # fmt: skip
    changed = {"type": "message", "channel": "D1", "channel_type": "im", "ts": "2.1"}
    events: list[dict[str, Any]] = [
        {**message, "type": "app_mention", "text": f"<@{ME}> one aim or many?"},
        {**message, "channel": "D1", "channel_type": "im"},
        {**message, "channel": "D1", "channel_type": "im", "text": LEARNER, "files": []},
        {**message, "thread_ts": "1.1"},
        {**changed, "subtype": "message_changed", "message": message,
         "previous_message": {**message, "text": f"<@{ME}>"}},
        {**changed, "subtype": "message_deleted", "previous_message": message},
        {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"},
        {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"},
        {"type": "link_shared", "channel": "C1", "message_ts": "1.2", "links": [
            {"domain": "x", "url": "https://guidance.submit-learner-data.service.gov.uk/26-27/"
             "validation-rules/rule/R_96"}]},
        {"type": "function_executed", "function": {"callback_id": "ilr_answer"},
         "inputs": {"question": "R_96"}, "function_execution_id": "Fx1",
         "bot_access_token": "xwfp-1"},
    ]  # fmt: skip
    for number, event in enumerate(events):
        yield {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": event}
    person = {"team": {"id": TEAM}, "user": {"id": "U1", "team_id": TEAM}, "trigger_id": "1.1"}
    old = {"e": "one-aim-many-placements", "y": "2026-27", "q": [1], "t": "one aim?", "h": 1,
           "c": "C1", "th": "1.1", "u": "U1", "r": "R_96", "s": 1, "v": 1}  # fmt: skip
    new = {"version": 2, "entry": "one-aim-many-placements", "year": "2026-27", "questions": [1],
           "question_text": "one aim?", "handover": 1, "channel": "C1", "thread": "1.1",
           "asker": "U1", "rule": "R_96", "suggestion": 1, "revision": 1}  # fmt: skip
    for action, value in ((action, value) for action in ACTIONS for value in (old, new)):
        yield {
            **person, "type": "block_actions", "response_url": "https://hooks.example/1",
            "container": {"type": "message", "message_ts": "1.2", "channel_id": "C1"},
            "channel": {"id": "C1"}, "message": {"ts": "1.2", "thread_ts": "1.1"},
            "actions": [{"type": "button", "action_id": action, "block_id": "b",
                         "value": json.dumps(value)}],
        }  # fmt: skip
    state = {
        "paste": {"record": {"value": LEARNER}}, "file": {"files": {"files": []}},
        "year": {"year": {"selected_option": {"value": "2026-27"}}},
        "why": {"why": {"selected_option": {"value": "wrong"}}}, "note": {"note": {"value": "x"}},
        "share": {"channel": {"selected_conversation": "C1"}},
        **{name: {name: {"value": "2026-27"}} for name in ("question", "answer", "source")},
    }  # fmt: skip
    for view in VIEWS:
        yield {
            **person, "type": "view_submission",
            "view": {"id": "V1", "type": "modal", "callback_id": view, "state": {"values": state},
                     "private_metadata": json.dumps({"q": [1], "y": "2026-27", "n": 1})},
        }  # fmt: skip
    for callback in GLOBAL_SHORTCUTS:
        yield {**person, "type": "shortcut", "callback_id": callback}
    for callback in MESSAGE_SHORTCUTS:
        yield {**person, "type": "message_action", "callback_id": callback, "message": message,
               "channel": {"id": "C1"}, "response_url": "https://hooks.example/1"}  # fmt: skip
    for text in ("", "check", "what is R_96?", "explain SOF", "dates", "forget me", LEARNER):
        yield {
            "command": "/ilr", "text": text, "team_id": TEAM, "channel_id": "C1", "user_id": "U1",
            "trigger_id": "1.1", "response_url": "https://hooks.example/1",
        }  # fmt: skip


def mutated(payload: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The payload with one or two parts gone or of another type."""
    made = copy.deepcopy(payload)
    for _ in range(chance.randint(1, 2)):
        places = [place for place in _places(made) if place[1] not in ("type", "command")]
        holder, key = chance.choice(places)
        if chance.random() < 0.4:
            del holder[key]
        else:
            holder[key] = chance.choice(WRONG)
    return made


def _places(value: Any) -> list[tuple[Any, Any]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    found: list[tuple[Any, Any]] = []
    for key in keys:
        found.append((value, key))
        if isinstance(value[key], dict | list):
            found += _places(value[key])
    return found


@dataclass
class Rig:
    """The app without a network; ``end`` waits for everything under way."""

    bolt: App
    app: AppContext
    ledger: Ledger

    def send(self, number: int, body: dict[str, Any]) -> bool:
        """Whether Bolt could read it; what it cannot, the transport acknowledges or refuses."""
        if "event" in body and "event_id" in body:
            body = {**body, "event_id": f"Ev{number}"}
        try:
            self.bolt.dispatch(BoltRequest(body=body, mode="socket_mode"))
        except SHAPELESS:
            return False
        return True

    def end(self) -> None:
        self.bolt.listener_runner.listener_executor.shutdown()
        self.app.answering.shutdown()
        self.app.checking.shutdown()
        self.app.apart.close()
        self.ledger.close()


def rigged(helpdesk: Helpdesk, folder: Path, patch: pytest.MonkeyPatch) -> Rig:
    """An app that answers to nobody, with its ledger in a folder."""
    patch.setattr(WebClient, "api_call", answered)
    sent = "bot.slack.runtime.client.send_to_address"
    patch.setattr(sent, lambda url, body: json.dumps(body) and "")
    patch.setattr(SlackClient, "upload", lambda self, *args, **more: None)
    patch.setattr(SlackClient, "store_file", lambda self, *args, **more: "F1")
    told = Settings(slack_bot_token="xoxb-1", slack_signing_secret="s", triage_channel="C9")
    ledger = Ledger.open(f"sqlite:///{folder / 'l.db'}", secret=SECRET, retention_days=9)
    bolt, app = build(told, helpdesk, ledger)
    return Rig(bolt, app, ledger)


@pytest.fixture
def rig(warm: Helpdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return rigged(warm, tmp_path, monkeypatch)


def failures(caplog: pytest.LogCaptureFixture) -> set[tuple[str, str]]:
    """The errors of listeners: which, and where."""
    found = [r.__dict__ for r in caplog.records if r.getMessage() == "a listener failed"]
    return {(one["error"], one["where"][-1]) for one in found}


def test_every_kind_is_handled(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    for number, body in enumerate(payloads()):
        assert rig.send(number, body)
    rig.end()
    assert failures(caplog) == set()


@pytest.mark.long
def test_nothing_falls_over(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    kinds = list(payloads())
    bodies = [mutated(kinds[n % len(kinds)], random.Random(SEED + n)) for n in range(MUTATIONS)]
    with ThreadPoolExecutor(12) as sending:
        read = sum(sending.map(rig.send, range(MUTATIONS), bodies))
    rig.end()
    assert read > MUTATIONS / 2
    # A part of another type may fail its listener, which is then told; nothing else may.
    allowed = {kind.__name__ for kind in (*SHAPELESS, UnicodeEncodeError)}
    assert {error for error, _ in failures(caplog)} <= allowed
    assert "one aim or many" not in caplog.text
    assert "0fm90rk3" not in caplog.text


@pytest.mark.parametrize("wrong", WRONG)
def test_an_event_of_any_shape_is_read(wrong: Any) -> None:
    for key in ("user", "channel", "text", "ts", "thread_ts", "files", "team"):
        assert from_event({"event": {key: wrong}, "event_id": wrong}, "dm").source == "dm"
    assert from_event({"event": wrong}, "dm").text == ""

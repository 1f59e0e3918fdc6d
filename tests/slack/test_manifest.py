"""The manifest, the listeners and the scopes say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.errors import InputError
from bot.slack.listeners import register
from bot.slack.listeners.actions import ACTIONS
from bot.slack.runtime.manifest import DEFAULT_FEATURES, FEATURES, manifest
from bot.terminal.cli import app

WRITTEN = Path(__file__).parents[2] / "manifest.json"
CALLS = Path(__file__).parents[2] / "bot" / "slack"


LINKS = {"ilr_open_desk"}
OF_OLD_MESSAGES = {"ilr_topics", "ilr_year"}
"""Buttons that are shown no more, in messages that are still there."""
"""Buttons that open an address: Slack tells of the click, and there is nothing to do."""


class Listener:
    """Stands for the Bolt app and notes what is listened to."""

    def __init__(self) -> None:
        self.heard: dict[str, list[Any]] = {}

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        def listen(what: Any) -> Callable[..., Any]:
            self.heard.setdefault(kind, []).append(what)
            return lambda function: function

        return listen


@pytest.fixture
def heard() -> dict[str, list[Any]]:
    """What the listeners register for."""
    listener = Listener()
    register(listener, None)  # type: ignore[arg-type]
    return listener.heard


def test_the_file_is_what_the_code_makes() -> None:
    assert json.loads(WRITTEN.read_text(encoding="utf-8")) == manifest(), (
        "write it again: python -m bot manifest > manifest.json"
    )


def test_every_command_and_shortcut_is_listened_to_and_the_reverse(
    heard: dict[str, list[Any]],
) -> None:
    features = manifest()["features"]
    assert [one["command"] for one in features["slash_commands"]] == heard["command"]
    assert {one["callback_id"] for one in features["shortcuts"]} == set(heard["shortcut"])


def test_every_event_is_listened_to_and_the_reverse(heard: dict[str, list[Any]]) -> None:
    events = manifest(features=FEATURES)["settings"]["event_subscriptions"]["bot_events"]
    kinds = {event.partition(".")[0] for event in events} - {"function_executed"}
    assert kinds == set(heard["event"])
    assert list(manifest(features=FEATURES)["functions"]) == heard["function"]


def test_every_button_that_is_shown_is_listened_to(heard: dict[str, list[Any]]) -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in CALLS.rglob("blocks/*.py"))
    shown = set(re.findall(r'"(ilr_[a-z_]+)"', source))
    forms = set(heard["view"])
    assert shown - forms - LINKS == set(ACTIONS) - OF_OLD_MESSAGES
    for action in ACTIONS:
        for found in (action, f"{action}_0", f"{action}_review_11_part_2", f"{action}_d1_1"):
            assert len([p for p in heard["action"] if p.match(found)]) == 1, found


@pytest.mark.parametrize(
    ("scope", "feature"),
    [
        ("channels:history", "follow"),
        ("links:write", "links"),
        ("usergroups:read", "curators"),
    ],
)
def test_a_scope_is_asked_for_only_with_its_feature(scope: str, feature: str) -> None:
    without = [name for name in FEATURES if name != feature]
    assert scope in manifest(features=[feature])["oauth_config"]["scopes"]["bot"]
    assert scope not in manifest(features=without)["oauth_config"]["scopes"]["bot"]


def test_the_core_asks_for_eight_scopes() -> None:
    assert manifest(features=[])["oauth_config"]["scopes"]["bot"] == [
        "app_mentions:read",
        "assistant:write",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "im:history",
        "im:write",
    ]


def test_http_names_its_address_everywhere() -> None:
    made = manifest("http", url="https://ilr.example/slack/events")
    assert json.dumps(made).count("https://ilr.example/slack/events") == 3
    assert made["settings"]["socket_mode_enabled"] is False


def test_several_workspaces_may_install_it_where_that_is_meant() -> None:
    one, many = (
        manifest("http"),
        manifest("http", many=True, url="https://ilr.example/slack/events"),
    )
    assert many["oauth_config"]["redirect_urls"] == ["https://ilr.example/slack/oauth_redirect"]
    assert many["oauth_config"]["scopes"] == one["oauth_config"]["scopes"]
    assert many["settings"]["token_rotation_enabled"]
    assert many["settings"]["org_deploy_enabled"]
    added = set(many["settings"]["event_subscriptions"]["bot_events"]) - set(
        one["settings"]["event_subscriptions"]["bot_events"]
    )
    assert added == {"app_uninstalled", "tokens_revoked"}


def test_several_workspaces_need_http() -> None:
    result = CliRunner().invoke(app, ["manifest", "--many"])
    assert isinstance(result.exception, InputError)
    assert "--mode http" in str(result.exception)


def test_the_agent_view_is_used_and_not_the_old_one() -> None:
    features = manifest()["features"]
    assert "agent_view" in features
    assert "assistant_view" not in features
    assert "message.im" in manifest()["settings"]["event_subscriptions"]["bot_events"]


def test_lengths_are_within_slacks_limits() -> None:
    made = manifest(features=FEATURES)
    features = made["features"]
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert len(features["agent_view"]["suggested_prompts"]) <= 4
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150


def test_an_unknown_feature_is_named() -> None:
    with pytest.raises(ValueError, match=r"unknown: telepathy\. Features are follow, links"):
        manifest(features=["telepathy"])
    assert set(DEFAULT_FEATURES) <= set(FEATURES)


@pytest.mark.parametrize(
    ("given", "features"),
    [
        ([], DEFAULT_FEATURES),
        (["--feature", "none"], ()),
        (["--feature", "workflow", "--feature", "links"], ("workflow", "links")),
    ],
)
def test_the_command_writes_it_for_the_features_that_are_turned_on(
    given: list[str], features: tuple[str, ...]
) -> None:
    result = CliRunner().invoke(app, ["manifest", *given])
    assert json.loads(result.stdout) == manifest(features=features)


def test_the_command_names_a_feature_it_does_not_know() -> None:
    result = CliRunner().invoke(app, ["manifest", "--feature", "telepathy"])
    assert isinstance(result.exception, InputError)
    assert "Features are follow, links" in str(result.exception)

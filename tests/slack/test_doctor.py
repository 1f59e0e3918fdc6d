"""The doctor finds what is wrong and says how to fix it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.slack.runtime.doctor import examine
from bot.slack.runtime.manifest import manifest
from tests.support.slack_standin import SlackStandIn

SECRET = "a secret of more than sixteen"
SCOPES = manifest()["oauth_config"]["scopes"]["bot"]


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A Slack in which the app was installed from the manifest."""
    with SlackStandIn(scopes=SCOPES) as standin:
        yield standin


def settings(slack: SlackStandIn, tmp_path: Path, **changed: str) -> Settings:
    given = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'ledger.db'}",
        "ILR_SECRET": SECRET,
        **changed,
    }
    return Settings.from_environment(given)


def test_everything_is_ok(slack: SlackStandIn, tmp_path: Path) -> None:
    failed = [check for check in examine(settings(slack, tmp_path)) if not check.ok]
    assert failed == []


def test_a_token_that_slack_refuses(slack: SlackStandIn, tmp_path: Path) -> None:
    found = list(examine(settings(slack, tmp_path, SLACK_BOT_TOKEN="xoxb-old")))
    failed = [check for check in found if not check.ok]
    assert [check.what for check in failed] == ["Slack"]
    assert "invalid_auth" in failed[0].says
    assert "Install the app again" in failed[0].fix
    assert not any("xoxb-old" in f"{check}" for check in found)


def test_tokens_given_the_wrong_way_round(slack: SlackStandIn, tmp_path: Path) -> None:
    swapped = settings(
        slack, tmp_path, SLACK_BOT_TOKEN=slack.app_token, SLACK_APP_TOKEN=slack.bot_token
    )
    first = next(iter(examine(swapped)))
    assert not first.ok
    assert "swapped" in first.fix


def test_a_scope_that_was_not_granted_is_named(tmp_path: Path) -> None:
    with SlackStandIn(scopes=[s for s in SCOPES if s != "files:read"]) as slack:
        failed = [check for check in examine(settings(slack, tmp_path)) if not check.ok]
    assert [check.says for check in failed] == ["missing: files:read"]
    assert "manifest" in failed[0].fix


def test_a_feature_that_is_turned_off_is_no_failure(tmp_path: Path) -> None:
    core = manifest(features=["curators"])["oauth_config"]["scopes"]["bot"]
    with SlackStandIn(scopes=core) as slack:
        found = list(examine(settings(slack, tmp_path)))
        scopes = next(check for check in found if check.what == "Scopes")
        assert scopes.ok
        assert scopes.says.endswith("turned off: follow, links")
        events = next(check for check in found if check.what == "Events")
        assert "app_mention" in events.says
        assert "link_shared" not in events.says
        watched = settings(slack, tmp_path, ILR_WATCHED_CHANNELS=slack.channel().id)
        failed = [check for check in examine(watched) if not check.ok]
        assert [check.says for check in failed] == ["missing: channels:history, groups:history"]


def test_a_channel_that_it_is_not_in_is_named(slack: SlackStandIn, tmp_path: Path) -> None:
    in_it, not_in_it = slack.channel(), slack.channel(joined=False)
    named = settings(
        slack,
        tmp_path,
        ILR_TRIAGE_CHANNEL=in_it.id,
        ILR_WATCHED_CHANNELS=not_in_it.id,
        ILR_CURATORS_CHANNEL="C0GONE",
    )
    failed = [check for check in examine(named) if not check.ok]
    assert [check.says.split(" (")[0] for check in failed] == [
        "ILR_CURATORS_CHANNEL: not in C0GONE",
        f"ILR_WATCHED_CHANNELS: not in {not_in_it.id}",
    ]
    assert all("/invite" in check.fix for check in failed)


@pytest.mark.parametrize(("members", "ok"), [(1, True), (0, False)])
def test_the_curators_group_has_somebody_in_it(
    slack: SlackStandIn, tmp_path: Path, members: int, ok: bool
) -> None:
    group = slack.group(*(slack.person() for _ in range(members)))
    found = examine(settings(slack, tmp_path, ILR_CURATOR_GROUP=group))
    assert [one.ok for one in found if one.what == "Curators"] == [ok]


def test_a_curators_group_that_does_not_exist_is_said(slack: SlackStandIn, tmp_path: Path) -> None:
    found = examine(settings(slack, tmp_path, ILR_CURATOR_GROUP="S0GONE"))
    (one,) = [check for check in found if check.what == "Curators"]
    assert not one.ok
    assert "user group's id" in one.fix


def test_nothing_is_set() -> None:
    failed = {check.what for check in examine(Settings()) if not check.ok}
    assert failed >= {"Tokens", "Secret"}


def test_a_slack_that_cannot_be_reached(slack: SlackStandIn, tmp_path: Path) -> None:
    away = settings(slack, tmp_path, SLACK_API_URL="http://127.0.0.1:9/api/")
    failed = [check for check in examine(away) if not check.ok]
    assert [(check.what, check.says) for check in failed] == [("Slack", "cannot be reached")]

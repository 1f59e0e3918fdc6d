"""The doctor finds what is wrong and says how to mend it."""

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


def test_all_is_well(slack: SlackStandIn, tmp_path: Path) -> None:
    ill = [finding for finding in examine(settings(slack, tmp_path)) if not finding.well]
    assert ill == []


def test_a_token_that_slack_refuses(slack: SlackStandIn, tmp_path: Path) -> None:
    found = list(examine(settings(slack, tmp_path, SLACK_BOT_TOKEN="xoxb-old")))
    ill = [finding for finding in found if not finding.well]
    assert [finding.what for finding in ill] == ["Slack"]
    assert "invalid_auth" in ill[0].says
    assert "Install the app again" in ill[0].remedy
    assert not any("xoxb-old" in f"{finding}" for finding in found)


def test_tokens_given_the_wrong_way_round(slack: SlackStandIn, tmp_path: Path) -> None:
    swapped = settings(
        slack, tmp_path, SLACK_BOT_TOKEN=slack.app_token, SLACK_APP_TOKEN=slack.bot_token
    )
    first = next(iter(examine(swapped)))
    assert not first.well
    assert "swapped" in first.remedy


def test_a_scope_that_was_not_granted_is_named(tmp_path: Path) -> None:
    with SlackStandIn(scopes=[s for s in SCOPES if s != "files:read"]) as slack:
        ill = [finding for finding in examine(settings(slack, tmp_path)) if not finding.well]
    assert [finding.says for finding in ill] == ["missing: files:read"]
    assert "manifest" in ill[0].remedy


def test_a_feature_that_is_turned_off_is_no_illness(tmp_path: Path) -> None:
    core = manifest(features=["curators"])["oauth_config"]["scopes"]["bot"]
    with SlackStandIn(scopes=core) as slack:
        found = list(examine(settings(slack, tmp_path)))
        scopes = next(finding for finding in found if finding.what == "Scopes")
        assert scopes.well
        assert scopes.says.endswith("turned off: follow, links")
        events = next(finding for finding in found if finding.what == "Events")
        assert "app_mention" in events.says
        assert "link_shared" not in events.says
        watched = settings(slack, tmp_path, ILR_WATCHED_CHANNELS=slack.channel().id)
        ill = [finding for finding in examine(watched) if not finding.well]
        assert [finding.says for finding in ill] == ["missing: channels:history, groups:history"]


def test_a_channel_that_it_is_not_in_is_named(slack: SlackStandIn, tmp_path: Path) -> None:
    in_it, not_in_it = slack.channel(), slack.channel(joined=False)
    named = settings(
        slack,
        tmp_path,
        ILR_TRIAGE_CHANNEL=in_it.id,
        ILR_WATCHED_CHANNELS=not_in_it.id,
        ILR_CURATORS_CHANNEL="C0GONE",
    )
    ill = [finding for finding in examine(named) if not finding.well]
    assert [finding.says.split(" (")[0] for finding in ill] == [
        "ILR_CURATORS_CHANNEL: not in C0GONE",
        f"ILR_WATCHED_CHANNELS: not in {not_in_it.id}",
    ]
    assert all("/invite" in finding.remedy for finding in ill)


@pytest.mark.parametrize(("members", "well"), [(1, True), (0, False)])
def test_the_curators_group_has_somebody_in_it(
    slack: SlackStandIn, tmp_path: Path, members: int, well: bool
) -> None:
    group = slack.group(*(slack.person() for _ in range(members)))
    found = examine(settings(slack, tmp_path, ILR_CURATOR_GROUP=group))
    assert [one.well for one in found if one.what == "Curators"] == [well]


def test_a_curators_group_that_does_not_exist_is_said(slack: SlackStandIn, tmp_path: Path) -> None:
    found = examine(settings(slack, tmp_path, ILR_CURATOR_GROUP="S0GONE"))
    (one,) = [finding for finding in found if finding.what == "Curators"]
    assert not one.well
    assert "user group's id" in one.remedy


def test_nothing_is_set() -> None:
    ill = {finding.what for finding in examine(Settings()) if not finding.well}
    assert ill >= {"Tokens", "Secret"}


def test_a_slack_that_cannot_be_reached(slack: SlackStandIn, tmp_path: Path) -> None:
    away = settings(slack, tmp_path, SLACK_API_URL="http://127.0.0.1:9/api/")
    ill = [finding for finding in examine(away) if not finding.well]
    assert [(finding.what, finding.says) for finding in ill] == [("Slack", "cannot be reached")]

"""What an operator of several workspaces is told, and each workspace's digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.ledger import Ledger, Result
from bot.settings import Settings
from bot.slack.runtime.digests import post_digests
from bot.slack.runtime.doctor import HealthCheck, examine
from bot.slack.runtime.installations import Installations
from bot.slack.runtime.workspaces import check_settings
from tests.slack.running_bot import SECRET
from tests.support.slack_standin import SlackStandIn

ONE, TWO = "T0ONE", "T0TWO"


@pytest.fixture
def settings(slack: SlackStandIn, tmp_path: Path) -> Settings:
    """What whoever runs it sets."""
    (tmp_path / "workspaces").mkdir()
    return Settings.from_environment(
        {
            "SLACK_CLIENT_ID": slack.client_id,
            "SLACK_CLIENT_SECRET": slack.client_secret,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'ledger.db'}",
            "ILR_SECRET": SECRET,
            "ILR_ALLOWED_TEAMS": f"{ONE},{TWO}",
            "ILR_WORKSPACES_DIR": str(tmp_path / "workspaces"),
        }
    )


@pytest.fixture
def ledger(settings: Settings) -> Ledger:
    """The database they share."""
    return Ledger.open(settings.database_url, secret=SECRET, retention_days=30)


def install(slack: SlackStandIn, settings: Settings, ledger: Ledger, team: str) -> str:
    """A workspace has it installed; its token."""
    from slack_sdk.oauth.installation_store import Bot

    token = f"xoxb-of-{team}"
    slack.world.tokens[token] = slack.workspace(team)
    bot = Bot(
        app_id="A0HELPDESK",
        team_id=team,
        bot_token=token,
        bot_id="B0HELPDESK",
        bot_user_id=slack.bot_user,
        installed_at=1.0,
    )
    Installations(settings, ledger).save_bot(bot)
    return token


def give(settings: Settings, team: str, text: str) -> None:
    """A workspace's settings.yaml."""
    assert settings.workspaces_dir is not None
    (settings.workspaces_dir / team).mkdir(exist_ok=True)
    (settings.workspaces_dir / team / "settings.yaml").write_text(text)


def failed(settings: Settings) -> list[HealthCheck]:
    """What the doctor finds wrong."""
    return [check for check in examine(settings) if not check.ok]


def test_all_is_well(slack: SlackStandIn, settings: Settings, ledger: Ledger) -> None:
    for team in (ONE, TWO):
        install(slack, settings, ledger, team)
    found = list(examine(settings))
    assert [check for check in found if not check.ok] == []
    assert "2 have it installed" in [check.says for check in found]


def test_without_a_list_the_doctor_says_who_may_install_it(settings: Settings) -> None:
    (one,) = failed(replace(settings, allowed_teams=frozenset()))
    assert one.says == "anybody who finds its address"
    assert "ILR_ALLOWED_TEAMS" in one.fix


def test_a_token_that_slack_refuses_and_a_channel_it_is_not_in_are_named(
    slack: SlackStandIn, settings: Settings, ledger: Ledger
) -> None:
    slack.world.tokens.pop(install(slack, settings, ledger, ONE))
    install(slack, settings, ledger, TWO)
    give(settings, TWO, f"triage_channel: {slack.channel(joined=False).id}\n")
    refused, channel = failed(settings)
    assert refused.what == f"Workspace {ONE}"
    assert refused.fix.endswith(f"forget --workspace {ONE}")
    assert "not in C" in channel.says


def test_a_mistake_in_a_file_is_said_with_its_place(settings: Settings) -> None:
    give(settings, ONE, "guests: maybe\n")
    (one,) = failed(settings)
    assert one.says.startswith(f"{ONE}/settings.yaml:1: ")


def test_half_of_what_is_needed_is_said(settings: Settings) -> None:
    first = next(iter(examine(replace(settings, slack_client_secret=""))))
    assert not first.ok
    assert "SLACK_CLIENT_SECRET" in first.fix


def test_one_workspace_is_told_what_to_write(slack: SlackStandIn, settings: Settings) -> None:
    one = replace(settings, slack_bot_token=slack.bot_token, allowed_teams=frozenset())
    assert not one.serves_many
    says = [check.says for check in examine(one) if check.what == "Workspace"]
    assert says == ["any may use it; set ILR_ALLOWED_TEAMS=T0COLLEGE"]


def test_a_feature_that_there_is_not_is_named(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="ILR_FEATURES: unknown: telepathy"):
        check_settings(replace(settings, features=frozenset({"telepathy"})))


def test_each_workspace_gets_its_own_digest(
    slack: SlackStandIn, settings: Settings, ledger: Ledger
) -> None:
    channels = {}
    for team in (ONE, TWO):
        install(slack, settings, ledger, team)
        channels[team] = slack.channel()
        give(settings, team, f"curators_channel: {channels[team].id}\n")
    theirs = ledger.for_team(ONE)
    for _ in range(3):
        theirs.record_question("who signs the register", door="dm", outcome=Result.UNANSWERED)
    next_week = date.fromordinal(date.today().toordinal() + 7)
    assert post_digests(settings, ledger, today=next_week) == 2
    assert post_digests(settings, ledger, today=next_week) == 0
    (one,), (two,) = (slack.posted_in(channels[team]) for team in (ONE, TWO))
    assert "who signs the register" in one.words
    assert "who signs the register" not in two.words


def test_a_digest_that_slack_refuses_keeps_nobody_elses(
    slack: SlackStandIn, settings: Settings, ledger: Ledger
) -> None:
    for team, joined in ((ONE, False), (TWO, True)):
        install(slack, settings, ledger, team)
        channel = slack.channel(joined=joined)
        give(settings, team, f"curators_channel: {channel.id}\n")
    assert post_digests(settings, ledger, today=date(2026, 11, 30)) == 1

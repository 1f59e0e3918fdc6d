"""One process for every workspace that installs the app, and what is left when one takes it off."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import KnowledgeError, SettingsError
from bot.helpdesk import Helpdesk
from bot.ledger import Ledger, LedgerUnavailable, Result
from bot.settings import Settings
from bot.slack.runtime.server import Server
from tests.slack.running_bot import SECRET
from tests.slack.test_server import page
from tests.support.app_process import AppProcess
from tests.support.slack_people import Person
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import TEAM, Message, Workspace

pytestmark = pytest.mark.long

ONE, TWO = "T0ONE", "T0TWO"
ASKED = "what is R_96?"

Serve = Callable[..., Server]


@pytest.fixture
def settings(slack: SlackStandIn, tmp_path: Path) -> Settings:
    """What whoever runs it sets to serve several workspaces."""
    (tmp_path / "workspaces").mkdir()
    return Settings(
        slack_client_id=slack.client_id,
        slack_client_secret=slack.client_secret,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        port=0,
        database_url=f"sqlite:///{tmp_path / 'l.db'}",
        secret=SECRET,
        workspaces_dir=tmp_path / "workspaces",
        semantic="off",
    )


@pytest.fixture
def serve(
    settings: Settings, slack: SlackStandIn, helpdesk: Helpdesk, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Serve]:
    """Serves in a thread of this process until the test ends, or until it is served again."""
    monkeypatch.setattr("bot.slack.runtime.server.SECONDS_BETWEEN_LOOKS", 0.05)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    under_way: list[tuple[Server, threading.Thread]] = []

    def stop() -> None:
        while under_way:
            server, running = under_way.pop()
            server._stop.set()
            running.join(20)
            assert not running.is_alive()

    def begin(**changed: Any) -> Server:
        stop()
        server = Server(replace(settings, **changed))
        running = threading.Thread(target=server.run)
        running.start()
        under_way.append((server, running))
        slack.wait_until(lambda: server.http or None, what="the server")
        slack.delivers_to(f"http://127.0.0.1:{server._web.port}/slack/events")
        return server

    yield begin
    stop()


def installs(slack: SlackStandIn, server: Server, team: str, **how: Any) -> Workspace:
    """A workspace installs the app."""
    whose = slack.workspace(team, **how)
    done = slack.installs(f"http://127.0.0.1:{server._web.port}", whose)
    assert done.status == 200, done.body
    return whose


def answered(slack: SlackStandIn, person: Person, asked: str = ASKED) -> Message:
    """What somebody is answered in direct messages."""
    return slack.reply_to(person.writes(asked))


def token_of(slack: SlackStandIn, person: Person) -> set[str]:
    """The tokens that messages to somebody were sent with."""
    return {
        c.token for c in slack.calls("chat.postMessage") if c.args["channel"] == person.direct.id
    }


def asked_of(server: Server, team: str) -> int:
    """How many questions are kept of a workspace."""
    return server.ledger.kept_of(team).get("questions", 0)


def ended(slack: SlackStandIn, whose: Workspace, event: dict[str, Any], **more: Any) -> None:
    """Slack says that a workspace, or an organisation, took the app off."""
    slack.event(
        event,
        team_id=None if whose.whole else whose.id,
        enterprise_id=whose.enterprise,
        authorizations=[],
        is_enterprise_install=whose.whole,
        **more,
    ).acknowledged()


def test_each_is_answered_with_its_own_token_and_kept_apart(
    slack: SlackStandIn, serve: Serve
) -> None:
    server = serve()
    for team in (ONE, TWO):
        installs(slack, server, team)
    amina, ben = slack.person(team=ONE), slack.person(team=TWO)
    assert "R_96" in answered(slack, amina).words
    assert "R_96" in answered(slack, ben).words
    assert "R_96" in answered(slack, ben).words
    (one,), (two,) = token_of(slack, amina), token_of(slack, ben)
    assert one != two
    assert (slack.world.tokens[one].id, slack.world.tokens[two].id) == (ONE, TWO)
    slack.settle()
    assert (asked_of(server, ONE), asked_of(server, TWO)) == (1, 2)


def test_commands_and_home_reach_their_own_workspace(slack: SlackStandIn, serve: Serve) -> None:
    server = serve()
    for team in (ONE, TWO):
        installs(slack, server, team)
    amina, ben = slack.person(team=ONE), slack.person(team=TWO)
    amina.types("/ilr what is R_96?")
    slack.only_for(amina, saying="R_96")
    amina.opens_home()
    ben.opens_home()
    assert "R_96" in slack.home_of(amina, saying="R_96").words
    assert "what is R_96?" not in slack.home_of(ben).words


def test_tokens_are_encrypted_and_nothing_is_kept_of_who_installed_it(
    slack: SlackStandIn, serve: Serve, tmp_path: Path
) -> None:
    server = serve()
    installs(slack, server, ONE)
    answered(slack, slack.person(team=ONE))
    slack.settle()
    with server.ledger._db.read() as connection:
        kept = connection.exec_driver_sql("select * from slack_bots").one()
    tokens = {*slack.world.tokens, *slack.world.refreshing} - {slack.bot_token}
    assert kept.bot_token.startswith("gAAAA")
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("l.db*"))
    assert not any(token.encode() in stored for token in tokens)
    assert b"U0INSTALLER" not in stored


def test_with_another_secret_a_workspace_has_to_install_again(
    slack: SlackStandIn, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    installs(slack, serve(), ONE)
    server = serve(secret="another key that these tests use")
    amina = slack.person(team=ONE)
    amina.writes(ASKED).deliveries[0].acknowledged()
    assert "a workspace's token cannot be read" in caplog.text
    slack.settle()
    assert slack.posted_in(amina.direct) == []
    installs(slack, server, ONE)
    assert "R_96" in answered(slack, amina).words


def test_a_token_that_expires_is_renewed(slack: SlackStandIn, serve: Serve) -> None:
    server = serve()
    installs(slack, server, ONE)
    amina = slack.person(team=ONE)
    answered(slack, amina)
    (before,) = token_of(slack, amina)
    assert server.many is not None
    with server.ledger._db.write() as connection:
        connection.exec_driver_sql(
            "update slack_bots set bot_token_expires_at = '2026-01-01 00:00:00.000000'"
        )
    server.many.installations._found.clear()  # as after a minute
    answered(slack, amina, "what is R_99?")
    (after,) = token_of(slack, amina) - {before}
    assert slack.world.tokens[after].id == ONE
    answered(slack, amina, "when is R04?")
    assert len(slack.calls("oauth.v2.access")) == 2  # to install, and to renew once
    with server.ledger._db.read() as connection:
        assert len(connection.exec_driver_sql("select id from slack_bots").all()) == 1


def test_it_is_served_again_after_a_restart(slack: SlackStandIn, serve: Serve) -> None:
    installs(slack, serve(), ONE)
    server = serve()
    assert server.many is not None
    assert [app.home.team for _, app in server.many.running()] == [ONE]
    assert "R_96" in answered(slack, slack.person(team=ONE)).words
    assert json.loads(page(server, "/readyz")[1])["ready"] is True


def test_while_the_database_is_away_those_that_are_known_are_answered(
    slack: SlackStandIn, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve()
    installs(slack, server, ONE)
    amina = slack.person(team=ONE)
    answered(slack, amina)
    monkeypatch.setattr("bot.slack.runtime.installations.SECONDS_REMEMBERED", 0.0)
    monkeypatch.setattr(server.ledger._db, "_engine", _Away())
    for _, app in server._running():
        monkeypatch.setattr(app.ledger._given._db, "_engine", _Away())  # type: ignore[union-attr]
    assert "R_99" in answered(slack, amina, "what is R_99?").words


class _Away:
    """A database that cannot be reached."""

    def connect(self) -> None:
        raise OSError("away")

    def execution_options(self, **_: object) -> _Away:
        raise LedgerUnavailable("away")

    def dispose(self) -> None:
        """Nothing is open."""


def test_an_organisation_installs_it_for_all_its_workspaces(
    slack: SlackStandIn, serve: Serve
) -> None:
    server = serve()
    first = installs(slack, server, ONE, enterprise="E0GROUP", whole=True)
    slack.workspace(TWO, enterprise="E0GROUP", whole=True)
    amina, ben = slack.person(team=ONE), slack.person(team=TWO)
    for person in (amina, ben):
        assert "R_96" in answered(slack, person).words
    assert token_of(slack, amina) == token_of(slack, ben)
    ben.types("/ilr what is R_99?").acknowledged()
    slack.settle()
    assert (asked_of(server, ONE), asked_of(server, TWO)) == (1, 2)

    server = serve()
    assert {app.home.team for _, app in server._running()} == {ONE, TWO}
    ended(slack, first, {"type": "app_uninstalled"})
    slack.wait_until(lambda: not server.ledger.kept_of("E0GROUP") or None, what="the end")
    assert server.ledger.kept_of(ONE) == {} == server.ledger.kept_of(TWO)
    assert server._running() == []


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0HELPDESK"]}},
    ],
)
def test_when_one_takes_it_off_what_was_kept_goes_and_the_others_stay(
    slack: SlackStandIn, serve: Serve, event: dict[str, Any]
) -> None:
    server = serve()
    one, _ = installs(slack, server, ONE), installs(slack, server, TWO)
    amina, ben = slack.person(team=ONE), slack.person(team=TWO)
    for person in (amina, ben):
        answered(slack, person)
    slack.settle()
    ended(slack, one, event)
    slack.wait_until(lambda: not server.ledger.kept_of(ONE) or None, what="the end")
    assert asked_of(server, TWO) == 1
    assert [app.home.team for _, app in server._running()] == [TWO]
    before = len(slack.posted_in(amina.direct))
    amina.writes(ASKED).deliveries[0].acknowledged()
    assert "R_99" in answered(slack, ben, "what is R_99?").words
    assert len(slack.posted_in(amina.direct)) == before
    ended(slack, one, event)  # Slack sends it twice, or both of the two
    slack.settle()
    assert asked_of(server, TWO) == 2


def test_a_persons_own_token_and_a_late_word_end_nothing(slack: SlackStandIn, serve: Serve) -> None:
    server = serve()
    one = installs(slack, server, ONE)
    answered(slack, slack.person(team=ONE))
    slack.settle()
    ended(slack, one, {"type": "tokens_revoked", "tokens": {"oauth": ["U0INSTALLER"]}})
    ended(slack, one, {"type": "app_uninstalled"}, event_time=int(time.time()) - 600)
    slack.settle()
    assert asked_of(server, ONE) == 1
    assert "R_99" in answered(slack, slack.person(team=ONE), "what is R_99?").words


def test_an_installation_that_somebody_else_began_is_refused(
    slack: SlackStandIn, serve: Serve
) -> None:
    server = serve()
    url, whose = f"http://127.0.0.1:{server._web.port}", slack.workspace(ONE)
    for wrong, status in (
        ({"cookie": "none=1"}, 400),
        ({"state": "guessed", "cookie": "slack-app-oauth-state=guessed"}, 401),
        ({"code": "guessed"}, 401),
    ):
        assert slack.installs(url, whose, **wrong).status == status
    assert server.ledger.kept_of(ONE) == {}


def test_where_it_cannot_be_kept_the_browser_is_told_to_try_again(
    slack: SlackStandIn, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve()

    def away(*_: object) -> None:
        raise LedgerUnavailable("away")

    assert server.many is not None
    monkeypatch.setattr(server.many.installations, "save", away)
    failed = slack.installs(f"http://127.0.0.1:{server._web.port}", slack.workspace(ONE))
    assert failed.status == 500
    assert "storage_error" in failed.body


def test_what_is_nobodys_is_purged_in_time(
    slack: SlackStandIn, serve: Serve, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.runtime.server.SECONDS_BETWEEN_TOKENS", 0.1)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    before = Ledger.open(
        settings.database_url, secret=SECRET, retention_days=30, clock=lambda: long_ago
    )
    before.record_question("what is R_96?", door="dm", outcome=Result.EXPLAINED)
    before.close()
    server = serve()
    slack.wait_until(
        lambda: not server.ledger.asked_by_week(long_ago.date()) or None, what="the purge"
    )


def test_only_those_on_the_list_may_install_it(
    slack: SlackStandIn, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(allowed_teams=frozenset({TWO}))
    refused = slack.installs(f"http://127.0.0.1:{server._web.port}", slack.workspace(ONE))
    assert refused.status == 500
    assert [call.ok for call in slack.calls("auth.revoke")] == [True]
    assert "not allowed installed the app" in caplog.text
    installs(slack, server, TWO)
    assert server.ledger.kept_of(ONE) == {}
    assert "R_96" in answered(slack, slack.person(team=TWO)).words


def test_who_has_not_installed_it_is_not_answered(slack: SlackStandIn, serve: Serve) -> None:
    serve()
    slack.workspace(ONE)
    amina = slack.person(team=ONE)
    assert amina.writes(ASKED).deliveries[0].acknowledged().status == 200
    slack.settle()
    assert slack.messages == [] or slack.posted_in(amina.direct) == []


@pytest.mark.long
def test_settings_and_knowledge_by_workspace(
    slack: SlackStandIn, serve: Serve, settings: Settings
) -> None:
    folder = settings.workspaces_dir
    assert folder is not None
    watched = slack.channel()
    own = folder / ONE / "knowledge" / "entries"
    own.mkdir(parents=True)
    (own.parents[1] / "settings.yaml").write_text(f"watched_channels: [{watched.id}]\n")
    shipped = Path(__file__).parents[2] / "knowledge" / "entries"
    text = next(shipped.glob("*.yaml")).read_text()
    start = text.index("- id: ")
    entry = text[start : text.index("\n- id: ", start + 1)]
    name = entry.splitlines()[0].removeprefix("- id: ")
    (own / "own.yaml").write_text(entry.replace(name, "entry-of-one-workspace", 1))
    server = serve()
    for team in (ONE, TWO):
        installs(slack, server, team)
    slack.wait_until(
        lambda: len(server._running()) == 2 or None, timeout=90, what="both, with what is theirs"
    )
    apps = {app.home.team: app for _, app in server._running()}
    assert apps[ONE].settings.watched_channels == {watched.id}
    assert apps[TWO].settings.watched_channels == frozenset()
    assert "entry-of-one-workspace" in apps[ONE].helpdesk.knowledge.entries
    assert "entry-of-one-workspace" not in apps[TWO].helpdesk.knowledge.entries
    assert apps[TWO].helpdesk is server.helpdesk

    (folder / ONE / "settings.yaml").write_text("triage_channel: C0TRIAGE\n")
    slack.wait_until(
        lambda: apps[ONE].settings.triage_channel or None, timeout=90, what="them anew"
    )
    assert apps[ONE].settings.watched_channels == frozenset()
    assert apps[ONE].settings.slack_bot_token


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (f"{ONE}/settings.yaml", "watch_mode: loud\n", f"{ONE}/settings.yaml:1"),
        (f"{ONE}/settings.yaml", "\ntriage: C0TRIAGE\n", f"{ONE}/settings.yaml:2"),
        (f"{ONE}/settings.yaml", "triage_channel: '#triage'\n", "triage_channel"),
        (f"{ONE}/setings.yaml", "", "is not read"),
        ("college.yaml", "", "is no workspace's folder"),
    ],
)
def test_a_mistake_in_a_workspaces_folder_is_said_with_its_place(
    settings: Settings, path: str, text: str, said: str
) -> None:
    assert settings.workspaces_dir is not None
    wrong = settings.workspaces_dir / path
    wrong.parent.mkdir(exist_ok=True)
    wrong.write_text(text)
    with pytest.raises(KnowledgeError, match=said):
        Server(settings)


def test_without_a_secret_it_does_not_start(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="ILR_SECRET"):
        Server(replace(settings, secret=""))


def test_a_bot_token_means_one_workspace_and_no_installing(
    slack: SlackStandIn, serve: Serve
) -> None:
    server = serve(slack_bot_token=slack.bot_token)
    assert server.many is None
    assert page(server, "/slack/install")[0] == 404
    assert "R_96" in answered(slack, slack.person()).words
    slack.settle()
    assert asked_of(server, TEAM) == 1  # so that `forget --workspace` finds it


def test_an_older_ledger_is_seen_by_the_one_workspace(
    slack: SlackStandIn, serve: Serve, settings: Settings
) -> None:
    before = Ledger.open(settings.database_url, secret=SECRET, retention_days=30)
    before.once_per("purge", 60)
    before.close()
    server = serve(slack_bot_token=slack.bot_token)
    assert server.app is not None
    assert not server.app.ledger.is_due("purge", 60)


def test_the_process_itself_serves_them_and_keeps_no_files(
    slack: SlackStandIn, tmp_path: Path
) -> None:
    """Bolt reads the client's id and secret from the environment, too."""
    several = {
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": slack.client_id,
        "SLACK_CLIENT_SECRET": slack.client_secret,
    }
    with AppProcess.started(slack, tmp_path / "app", "http", **several) as app:
        assert slack.installs(app.url, slack.workspace(ONE)).status == 200
        amina = slack.person(team=ONE)
        assert "R_96" in answered(slack, amina).words
        slack.settle()
        kept = {path.name for path in app.folder.iterdir() if path.is_dir()}
        assert not any("bolt" in name for name in kept)
        assert not any(token in app.log for token in token_of(slack, amina))
        assert ONE not in app.log
    assert app.stopped is not None
    assert app.stopped.status == 0


def test_a_workspace_does_not_end_while_it_is_looked_after(
    slack: SlackStandIn, serve: Serve
) -> None:
    """What a sweep keeps would otherwise stay after all was deleted."""
    server = serve()
    installs(slack, server, ONE)
    slack.wait_until(lambda: server._running() or None, what="its app")
    assert server.many is not None
    with server.many.while_served(ONE) as is_served:
        assert is_served
        ending = threading.Thread(target=server.many.end, args=(ONE,))
        ending.start()
        ((_, app),) = server._running()
        assert app.ledger.is_due("a job", 1.0)
    ending.join(20)
    assert not ending.is_alive()
    assert server.ledger.kept_of(ONE) == {}
    with server.many.while_served(ONE) as is_served:
        assert not is_served

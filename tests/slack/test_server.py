"""The process around the app: pages, reload, digest, and what it says when it cannot start."""

from __future__ import annotations

import json
import logging
import re
import shutil
import signal
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryState

from bot.errors import SettingsError
from bot.ledger import Ledger, Result
from bot.ledger.errors import LedgerUnavailable, MigrationFailed
from bot.settings import Settings
from bot.slack.features.digest import post_digest
from bot.slack.runtime.logs import REPEATED, log
from bot.slack.runtime.server import (
    SECONDS_BETWEEN_LOOKS,
    SECONDS_IN_A_BACKLOG,
    Server,
    _stamps,
    serve,
)
from tests.slack.running_bot import SECRET
from tests.support.slack_limits import check_message
from tests.support.slack_standin import Refuses, SlackStandIn

pytestmark = pytest.mark.long


@pytest.fixture
def settings(slack: SlackStandIn, tmp_path: Path) -> Settings:
    """HTTP, with a knowledge folder of one's own that can be changed."""
    own = tmp_path / "own"
    (own / "entries").mkdir(parents=True)
    return Settings(
        slack_bot_token=slack.bot_token,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        port=0,
        database_url=f"sqlite:///{tmp_path / 'l.db'}",
        secret=SECRET,
        knowledge_dir=own,
        semantic="off",
    )


@pytest.fixture
def server(
    settings: Settings, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """A server in a thread of this process; signals go to it by hand."""
    monkeypatch.setattr("bot.slack.runtime.server.SECONDS_BETWEEN_LOOKS", 0.05)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    made = Server(settings)
    running = threading.Thread(target=made.run)
    running.start()
    slack.wait_until(lambda: made.http or None)
    slack.delivers_to(f"http://127.0.0.1:{made._web.port}/slack/events")
    yield made
    made._stop.set()
    running.join(20)
    assert not running.is_alive()


def page(server: Server, path: str) -> tuple[int, str]:
    """What a page answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server._web.port}{path}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_pages_say_how_it_is(server: Server, slack: SlackStandIn) -> None:
    assert page(server, "/healthz")[0] == 200
    status, body = page(server, "/readyz")
    assert (status, json.loads(body)["ready"]) == (200, True)
    assert page(server, "/else")[0] == 404
    slack.reply_to(slack.person().writes("what is R_96?"))
    slack.settle()
    status, body = page(server, "/metrics")
    assert status == 200
    assert 'ilr_helpdesk_questions{door="dm",result="explained"} 1.0\n' in body
    assert body.count("# TYPE ilr_helpdesk_questions gauge\n") == 1
    assert "R_96" not in body


def figures(server: Server) -> dict[str, float]:
    """The samples of /metrics, by name and labels; each family has its HELP."""
    body = page(server, "/metrics")[1]
    helped = set(re.findall(r"^# HELP (\S+) \S", body, re.MULTILINE))
    assert helped == set(re.findall(r"^# TYPE (\S+) ", body, re.MULTILINE))
    return {
        name: float(value)
        for name, value in re.findall(r"^(\w+(?:{.*})?) (\S+)$", body, re.MULTILINE)
    }


def test_metrics_count_answers_errors_and_repeats(
    server: Server, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.setLevel("INFO")
    asked = slack.person().writes("what is R_96?")
    slack.reply_to(asked)
    slack.settle()
    log.error("a listener failed", extra={"error": "KeyError"})
    log.info(REPEATED)
    logging.getLogger("bot.ledger").error("migration failed")
    slack.wait_until(
        lambda: (
            figures(server).get('ilr_helpdesk_answers_total{outcome="answer",source="dm"}') or None
        ),
        what="an answer that was counted",
    )
    found = figures(server)
    assert found['ilr_helpdesk_answer_seconds_count{source="dm"}'] == 1
    assert found['ilr_helpdesk_errors_total{error="KeyError",logger="ilr"}'] == 1
    assert found['ilr_helpdesk_errors_total{error="other",logger="bot"}'] == 1
    assert found["ilr_helpdesk_slack_repeated_events_total"] == 1
    assert found["ilr_helpdesk_slack_connected"] == 1
    assert found["ilr_helpdesk_database_up"] == 1
    assert found["ilr_helpdesk_semantic_layer_on"] == 0
    assert found["ilr_helpdesk_queue"] == 0
    assert found["ilr_helpdesk_entries"] > 100


def test_calls_that_are_tried_again_are_counted(server: Server, slack: SlackStandIn) -> None:
    (handler, *_) = [
        one for one in server.bolt.client.retry_handlers if "RateLimit" in type(one._inner).__name__
    ]  # fmt: skip
    request = HttpRequest(method="POST", url="u", headers={})
    response = HttpResponse(status_code=429, headers={"Retry-After": ["0"]})
    state = RetryState()
    assert handler.can_retry(state=state, request=request, response=response, error=None)
    handler.prepare_for_next_attempt(state=state, request=request, response=response)
    assert figures(server)['ilr_helpdesk_slack_retries_total{why="ratelimit"}'] == 1


def test_metrics_can_be_closed(settings: Settings, slack: SlackStandIn) -> None:
    assert Settings.from_environment({"ILR_METRICS": "off"}).metrics is False
    made = Server(replace(settings, metrics=False))
    found: list[str] = []
    made._page({"PATH_INFO": "/metrics"}, lambda status, *_: found.append(status))  # type: ignore
    made._close()
    assert found == ["404 Not Found"]


def test_a_database_that_is_behind_says_to_migrate_in_the_log_and_readyz(
    server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = server.ledger._db
    database._sets_up = False
    with sqlite3.connect(str(database.url.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    database._ready.clear()  # last: the server's own threads look at the tables, too
    server._look_at_the_ledger()
    (line,) = [one for one in caplog.records if one.getMessage() == "the ledger cannot be used"]
    assert line.__dict__["fix"].endswith("Run: python -m bot migrate")
    status, body = page(server, "/readyz")
    assert status == 503
    assert json.loads(body)["fix"].endswith("Run: python -m bot migrate")
    assert figures(server)["ilr_helpdesk_database_up"] == 0


def test_the_semantic_layer_is_told_and_may_be_off(server: Server, slack: SlackStandIn) -> None:
    status, body = page(server, "/readyz")
    assert (status, json.loads(body)["semantic"]) == (200, "off, as ILR_SEMANTIC says")
    server.settings = replace(server.settings, semantic="auto")
    server.helpdesk.matcher.problem = "the model cannot be read"
    status, body = page(server, "/readyz")
    assert (status, json.loads(body)["semantic"]) == (200, "off, see the log")
    slack.reply_to(slack.person().writes("what is R_96?"))
    slack.settle()
    assert figures(server)["ilr_helpdesk_semantic_layer_on"] == 0


def test_a_database_that_was_away_is_migrated_when_it_comes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Away at the start, then its migration fails, then it works; after that it is left alone."""
    tries: list[str] = []
    troubles = [LedgerUnavailable("away"), MigrationFailed("no")]

    def migrate(url: str) -> str:
        tries.append(url)
        if troubles:
            raise troubles.pop(0)
        return "The database was updated."

    monkeypatch.setattr("bot.slack.runtime.server.migrate", migrate)
    monkeypatch.setattr("bot.slack.runtime.server.SECONDS_BETWEEN_MIGRATIONS", 0.0)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    made = Server(settings)
    for _ in range(5):
        made._migrate()
    made._close()
    assert len(tries) == 3
    assert caplog.text.count("the database is not ready yet") == 2


def test_serving_does_not_wait_for_its_database(
    settings: Settings, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(url: str) -> str:
        raise LedgerUnavailable("away")

    monkeypatch.setattr("bot.slack.runtime.server.migrate", away)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    made = Server(settings)
    running = threading.Thread(target=made.run)
    running.start()
    try:
        slack.wait_until(lambda: made.http or None)
        slack.delivers_to(f"http://127.0.0.1:{made._web.port}/slack/events")
        assert "R_96" in slack.reply_to(slack.person().writes("what is R_96?")).words
    finally:
        made._stop.set()
        running.join(20)


def test_a_revoked_token_is_said_by_readyz(
    server: Server, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.runtime.server.SECONDS_BETWEEN_TOKENS", 0.1)
    slack.next_calls("auth.test", Refuses("token_revoked"), times=1_000)

    def refused() -> str | None:
        status, body = page(server, "/readyz")
        return body if status == 503 else None

    said = json.loads(slack.wait_until(refused, what="readyz to say so"))
    assert said["slack"] is False
    assert said["why"] == "Slack refuses SLACK_BOT_TOKEN (token_revoked)"
    slack.no_more_faults()
    slack.wait_until(lambda: page(server, "/readyz")[0] == 200 or None, what="readyz")


@pytest.mark.long
def test_knowledge_is_read_again_when_it_changes_and_a_bad_file_is_not(
    server: Server, settings: Settings, slack: SlackStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    assert settings.knowledge_dir
    entry = settings.knowledge_dir / "entries" / "ours.yaml"
    entry.write_text(
        "- id: our-timesheet\n  topic: evidence\n"
        "  question: Who countersigns the purple timesheet?\n"
        "  also_asked: [who signs the purple timesheet]\n"
        "  answers:\n  - years: {from: 2026-27}\n"
        "    text: The placement officer countersigns it every Friday.\n"
        "    sources: [{title: Our handbook, year: 2026-27}]\n"
        "  status: practice\n  owner: mis-team\n"
        "  reviewed: 2026-11-24\n  review_by: 2027-08-01\n",
        encoding="utf-8",
    )
    slack.wait_until(
        lambda: "our-timesheet" in server.helpdesk.knowledge.entries or None,
        timeout=120,  # the first time, what tells kinds of lines apart is trained anew
        what="a reload",
    )
    reply = slack.reply_to(slack.person().writes("who countersigns the purple timesheet?"))
    assert "every Friday" in reply.words

    entry.write_text("- id: our-timesheet\n  quest", encoding="utf-8")
    said = "the knowledge could not be read again; the last good one stays"
    slack.wait_until(lambda: said in caplog.text or None, what="the log")
    assert "our-timesheet" in server.helpdesk.knowledge.entries


def test_a_change_between_reading_and_watching_is_read(
    settings: Settings, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deployment that copies its files while the process starts is not missed."""
    assert settings.knowledge_dir
    made = Server(settings)
    (settings.knowledge_dir / "entries" / "ours.yaml").write_text("[]", encoding="utf-8")
    reloads: list[Server] = []
    monkeypatch.setattr(Server, "_reload_knowledge", lambda self: reloads.append(self))
    monkeypatch.setattr(made, "_until_next_look", lambda: 0 if not reloads else made._stop.set())
    assert made._watch() == 0
    assert reloads == [made]
    made._close()


def test_a_half_copied_folder_does_not_end_the_process(server: Server, settings: Settings) -> None:
    assert settings.knowledge_dir
    shutil.rmtree(settings.knowledge_dir)
    server._reload.set()
    time.sleep(0.3)
    assert page(server, "/healthz")[0] == 200


def test_a_folder_that_goes_while_it_is_looked_at_ends_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> Iterator[Path]:
        raise FileNotFoundError
        yield

    monkeypatch.setattr(Path, "rglob", gone)
    assert _stamps(settings) == {}


def test_a_sweep_that_fails_ends_nothing(
    server: Server,
    slack: SlackStandIn,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(*_: object) -> int:
        raise ConnectionError("Slack is away, said 9990001112")

    monkeypatch.setattr("bot.slack.runtime.server.replay", fails)
    said = "a sweep failed; the next tries again"
    slack.wait_until(lambda: caplog.text.count(said) > 1 or None, what="a second sweep")
    assert page(server, "/healthz")[0] == 200
    assert "9990001112" not in caplog.text


@pytest.mark.parametrize(
    ("mode", "name"), [("http", "SLACK_BOT_TOKEN"), ("socket", "SLACK_APP_TOKEN")]
)
def test_a_refused_token_is_named(
    settings: Settings, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch, mode: str, name: str
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    slack.next_calls(
        "auth.test" if mode == "http" else "apps.connections.open", Refuses("invalid_auth")
    )
    chosen = replace(settings, slack_app_token=slack.app_token if mode == "socket" else "")
    with pytest.raises(SettingsError, match=rf"Slack refused {name} \(invalid_auth\)"):
        Server(chosen).run()


def test_without_tokens_it_says_what_to_set() -> None:
    with pytest.raises(SettingsError, match="Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN"):
        serve(Settings())


def test_a_backlog_is_looked_at_again_soon(settings: Settings) -> None:
    idle = Server(settings)
    assert idle._until_next_look() == SECONDS_BETWEEN_LOOKS
    idle._backlog = True
    assert idle._until_next_look() == SECONDS_IN_A_BACKLOG < SECONDS_BETWEEN_LOOKS
    idle._reload.set()
    assert idle._until_next_look() == 0
    idle._close()


def test_the_digest_is_posted_once_a_week(
    settings: Settings, slack: SlackStandIn, tmp_path: Path
) -> None:
    channel = slack.channel("curators")
    told = replace(settings, curators_channel=channel.id)
    ledger = Ledger.open(settings.database_url, secret=SECRET, retention_days=400)
    for _ in range(3):
        ledger.record_question("who signs the purple form?", door="dm", outcome=Result.UNANSWERED)
    next_week = date.fromordinal(date.today().toordinal() + 7)
    slack.next_calls("chat.postMessage", Refuses("channel_not_found"))
    with pytest.raises(Exception, match="channel_not_found"):
        post_digest(told, ledger, today=next_week)
    assert post_digest(told, ledger, today=next_week)
    assert not post_digest(told, ledger, today=next_week)
    ledger.close()
    (posted,) = slack.posted_in(channel)
    assert "3 questions were asked: 0 confirmed solved, 0 not known yet." in posted.words
    (shown,) = [block for block in posted.blocks if block["type"] == "image"]
    assert "3 unanswered. The largest gaps: who signs the purple form? (3)." in shown["alt_text"]
    assert slack.world.files[shown["slack_file"]["id"]].content.startswith(b"\x89PNG")
    (way,) = [block for block in posted.blocks if block["type"] == "actions"]
    assert way["elements"][0]["url"].startswith("slack://app?team=T")
    assert check_message({"text": posted.text, "blocks": posted.blocks}) == []


@pytest.mark.parametrize(
    ("method", "fault", "times"),
    [
        ("chat.postMessage", Refuses("invalid_blocks"), 4),
        ("files.getUploadURLExternal", Refuses("missing_scope"), 1),
    ],
)
def test_the_digest_is_posted_without_its_picture_if_need_be(
    settings: Settings,
    slack: SlackStandIn,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    fault: Refuses,
    times: int,
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    channel = slack.channel("curators")
    told = replace(settings, curators_channel=channel.id)
    ledger = Ledger.open(settings.database_url, secret=SECRET, retention_days=400)
    ledger.record_question("who signs the purple form?", door="dm", outcome=Result.UNANSWERED)
    slack.next_calls(method, fault, times=times)
    assert post_digest(told, ledger, today=date.today() + timedelta(days=7))
    ledger.close()
    (posted,) = slack.posted_in(channel)
    assert "• who signs the purple form? (1)" in posted.words
    assert "🟧 unanswered or asked again" in posted.words
    assert check_message({"text": posted.text, "blocks": posted.blocks}) == []


def test_the_digest_needs_a_channel(settings: Settings) -> None:
    ledger = Ledger.open(settings.database_url, secret=SECRET, retention_days=400)
    with pytest.raises(SettingsError, match="ILR_CURATORS_CHANNEL"):
        post_digest(settings, ledger, today=date(2026, 11, 24))

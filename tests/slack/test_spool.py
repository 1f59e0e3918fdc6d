"""Events while the database is away: on the disk, taken over from the dead, gone once answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.ledger import EventPayload, NullLedger
from bot.slack.runtime.app import MAX_ATTEMPTS, replay
from bot.slack.runtime.spool import Spool
from bot.slack.runtime.tolerant_ledger import Claim, TolerantLedger
from tests.slack.running_bot import Bot, bot, start, warm
from tests.support.slack_standin import SlackStandIn

__all__ = ["bot", "start", "warm"]

EVENT = EventPayload("dm", "D1", "1700000000.000100", "U1", "is Imogen enrolled?")


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.json"))


def test_what_a_dead_process_left_is_taken_over_once(tmp_path: Path) -> None:
    dead, heir, late = (Spool(tmp_path) for _ in range(3))
    assert dead.keep("Ev1", EVENT)
    assert heir.left_by_the_dead(20) == [], "it lives"
    dead.close()
    (taken,) = heir.left_by_the_dead(20)
    assert (taken.event_id, taken.payload.ts, taken.attempts) == ("Ev1", EVENT.ts, 2)
    assert late.left_by_the_dead(20) == []
    assert len(files(tmp_path)) == 1
    heir.drop("Ev1")
    assert files(tmp_path) == []


def test_nothing_of_its_words_is_kept_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    Spool(tmp_path).keep("Ev1", EVENT)
    (file,) = files(tmp_path)
    assert "Imogen" not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_a_file_that_no_process_wrote_is_passed_over(tmp_path: Path) -> None:
    dead = Spool(tmp_path)
    dead.keep("Ev1", EVENT)
    (file,) = files(tmp_path)
    (file.parent / "0.json").write_text("{")
    dead.close()
    assert [one.event_id for one in Spool(tmp_path).left_by_the_dead(20)] == ["Ev1"]


def test_a_folder_that_cannot_be_written_loses_no_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ledger = TolerantLedger(NullLedger("away"), Spool(tmp_path / "file"))
    assert ledger.claim("Ev1", EVENT) is Claim.NOT_STORED


def test_an_event_is_spooled_until_it_is_answered(tmp_path: Path) -> None:
    ledger = TolerantLedger(NullLedger("away"), Spool(tmp_path))
    ledger.claim("Ev1", EVENT)
    assert len(files(tmp_path)) == 1
    ledger.finish("Ev1", stored=False)
    assert files(tmp_path) == []


@pytest.fixture
def dead(bot: Bot, tmp_path: Path) -> Spool:
    """The spool of a process before this one."""
    bot.app.ledger._spool = Spool(tmp_path / "spool")
    return Spool(tmp_path / "spool")


def test_what_was_left_is_read_from_slack_and_answered_once(
    slack: SlackStandIn, bot: Bot, dead: Spool, tmp_path: Path
) -> None:
    amina = slack.person()
    asked = amina._say("what is R_96?", amina.direct, None)
    dead.keep("Ev0LEFT", EventPayload("dm", asked.channel, asked.ts, amina.id))
    dead.close()
    assert replay(bot.bolt, bot.app) == 1
    assert "R_96" in slack.reply_to(asked).words
    slack.settle()
    assert replay(bot.bolt, bot.app) == 0
    assert len(slack.replies_to(asked)) == 1
    assert files(tmp_path / "spool") == []


def test_what_another_process_answered_meanwhile_is_not_answered_again(
    slack: SlackStandIn, bot: Bot, dead: Spool, tmp_path: Path
) -> None:
    payload = EventPayload("dm", slack.person().direct.id, "1700000000.000100", "U1")
    assert bot.ledger.claim_event("Ev0LEFT", payload)
    dead.keep("Ev0LEFT", payload)
    dead.close()
    assert replay(bot.bolt, bot.app) == 0
    assert files(tmp_path / "spool") == []


def test_who_wrote_what_processes_die_of_is_told(
    slack: SlackStandIn, bot: Bot, dead: Spool, tmp_path: Path
) -> None:
    amina = slack.person()
    asked = amina._say("what is R_96?", amina.direct, None)
    payload = EventPayload("dm", asked.channel, asked.ts, amina.id)
    dead.keep("Ev0LEFT", payload, attempts=MAX_ATTEMPTS)
    dead.close()
    assert replay(bot.bolt, bot.app) == 0
    assert "I have given it up" in slack.reply_to(asked).words
    assert files(tmp_path / "spool") == []

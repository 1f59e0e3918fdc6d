"""The weekly digest of a week in which nothing was asked is one line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.turn_of_year import turn_of_year
from bot.ledger import Ledger, Result
from bot.slack.blocks.digest import digest_post
from tests.slack.running_bot import SECRET


def test_an_idle_week_is_one_line_and_says_what_waits(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", secret=SECRET, retention_days=30)
    ledger.open_handover("q", asker="U1", asker_channel="C1", asker_thread="1.0")
    post = digest_post(ledger.weekly_summary("2026-W47"), drawn="F0PICTURE")
    assert [block["type"] for block in post.blocks] == ["section"]
    assert "nothing was asked and nothing checked. Waiting: 1 hand-over" in post.text
    assert "\n" not in post.text


def test_before_august_the_digest_says_what_is_left_to_do(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", secret=SECRET, retention_days=30)
    left = turn_of_year(KnowledgeBase.load(), date(2027, 7, 1))
    post = digest_post(ledger.weekly_summary("2027-W25"), new_year=left)
    assert "For 2027-28: " in post.text
    assert "no return dates of 2027-28 held; no rules of 2027-28 in yet" in post.text


def test_a_week_with_a_question_has_its_figures(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", secret=SECRET, retention_days=30)
    ledger.record_question("Can dates differ?", door="dm", outcome=Result.ANSWERED)
    year, week, _ = ledger._now().isocalendar()
    post = digest_post(ledger.weekly_summary(f"{year}-W{week:02d}"))
    assert len(post.blocks) > 1

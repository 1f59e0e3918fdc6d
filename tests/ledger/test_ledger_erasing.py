"""What goes on request: a person, or a name that was written; and ids that never return."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.ledger import EventPayload, Feedback, Ledger, Proposal, Result, Review
from tests.ledger.test_ledger_privacy import everything_kept

CHANNEL, TS = "C0OFFICE", "1700000000.000100"
WORDS = "does the umbrellafication rule apply here?"


def ask(ledger: Ledger, text: str = WORDS, *, user: str = "U0ASKER01", ts: str = TS) -> int:
    return ledger.record_question(
        text,
        door="mention",
        outcome=Result.CHOICES,
        choices=["an-entry"],
        user=user,
        channel=CHANNEL,
        thread_ts=ts,
    )


def pass_on(ledger: Ledger, question: int | None, text: str = WORDS) -> int:
    opened = ledger.open_handover(
        text, asker="U0ASKER01", asker_channel=CHANNEL, asker_thread=TS, question_id=question
    ).now
    assert opened is not None
    ledger.set_triage_message(opened.id, "C0TRIAGE", "1.5")
    return opened.id


# -- people


def test_forgetting_takes_what_others_looked_up(ledger: Ledger, url: str) -> None:
    ledger.record_question(
        WORDS, door="shortcut", outcome=Result.ANSWERED, user="U0OTHER01", author="U0ASKER01"
    )
    assert ledger.forget_user("U0ASKER01").questions == 1
    assert b"umbrellafication" not in everything_kept(url)


def test_forgetting_says_which_posts_name_them(ledger: Ledger) -> None:
    pass_on(ledger, ask(ledger))
    assert ledger.forget_user("U0ASKER01").triage_posts == (("C0TRIAGE", "1.5"),)


def test_of_a_question_that_was_not_posted_no_post_is_said(ledger: Ledger) -> None:
    ledger.open_handover(WORDS, asker="U0ASKER01", asker_channel=CHANNEL, asker_thread=TS)
    forgotten = ledger.forget_user("U0ASKER01")
    assert (forgotten.handovers, forgotten.triage_posts) == (1, ())


def test_whoever_is_forgotten_is_told_nothing_of_what_they_suggested(ledger: Ledger) -> None:
    proposal = Proposal(
        WORDS, "Yes: an umbrella counts as cover.", "2026-27", practice_owner="MIS team"
    )
    theirs = ledger.suggest(proposal, user="U0ASKER01", channel="D0ASKER01")
    others = ledger.suggest(proposal, user="U0OTHER01", channel="D0OTHER01")
    assert ledger.forget_user("U0ASKER01").unlinked == 1
    assert ledger.release_suggester(theirs.id) is None
    assert ledger.release_suggester(others.id) == "D0OTHER01"


# -- a name that somebody wrote


@pytest.fixture
def with_a_name(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A ledger that holds a name everywhere, as one of before names were masked may."""
    monkeypatch.setattr("bot.ledger.base.to_keep", lambda text: text)
    monkeypatch.setattr("bot.ledger.base.to_publish", lambda text: text)
    text = "is Kayleigh  Osei on the right aim?"
    question = ask(ledger, text)
    other = ask(ledger, "what is the aim?", ts="1700000002.000100")
    ledger.record_feedback(other, Feedback.WRONG, user="U0OTHER01", note=text)
    pass_on(ledger, question, text)
    ledger.claim_event("Ev1", EventPayload("mention", CHANNEL, TS, "U0ASKER01", text))
    ledger.propose_phrasing("an-entry", text)
    for answer in (text, "An answer without anybody."):
        draft = ledger.suggest(Proposal(text, answer, "2026-27", None, "A", also_asked=(text,)))
    ledger.approve(draft.id, 1, "U0CURATOR")
    monkeypatch.undo()
    return ledger


@pytest.mark.parametrize("term", ["Kayleigh Osei", "kayleigh-osei", "OSEI", "Kayleigh"])
def test_a_term_is_found_and_erased_everywhere(with_a_name: Ledger, url: str, term: str) -> None:
    found = with_a_name.find_term(term)
    assert {one.table for one in found} == {
        "questions", "feedback", "handovers", "events", "phrasings", "suggestions",
    }  # fmt: skip
    assert with_a_name.erase_term(term) == found
    assert with_a_name.find_term(term) == []
    kept = everything_kept(url).decode(errors="replace").casefold()
    for word in term.casefold().replace("-", " ").split():
        assert word not in kept


def test_what_is_in_use_stays_without_the_term(with_a_name: Ledger) -> None:
    with_a_name.erase_term("Kayleigh Osei")
    (approved,) = with_a_name.suggestions()
    assert approved.state is Review.APPROVED
    assert approved.question == "is [erased] on the right aim?"
    assert approved.also_asked == () or "[erased]" in approved.also_asked[0]
    assert "kayleigh" not in approved.entry_id


def test_part_of_a_word_is_not_found(ledger: Ledger) -> None:
    ask(ledger, "is the announcement right?")
    assert ledger.find_term("ann ounce") == []
    assert ledger.find_term("announce") == []


def test_a_person_is_found_by_their_slack_id(ledger: Ledger) -> None:
    ask(ledger)
    assert {(one.table, one.column) for one in ledger.find_term("U0ASKER01")} == {
        ("questions", "user_hash")
    }
    assert ledger.erase_term("U0ASKER01")
    assert ledger.find_term("U0ASKER01") == []


def test_a_short_term_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="at least 3"):
        ledger.find_term("a.")


# -- ids that never return


def test_an_id_that_was_given_never_returns(ledger: Ledger) -> None:
    question = ask(ledger)
    handover = pass_on(ledger, question)
    ledger.forget_user("U0ASKER01")
    again = ask(ledger, user="U0OTHER01")
    assert again > question
    assert pass_on(ledger, again) > handover


def test_a_database_of_before_keeps_its_rows_and_their_ids(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old = sqlite3.connect(path)
    old.executescript((Path(__file__).parent / "ledger-0002.sql").read_text())
    old.close()
    ledger = Ledger.open(f"sqlite:///{path}", secret="x" * 20, retention_days=365, environ={})
    assert [one.text for one in ledger.phrasings()] == ["a way of asking it"]
    handover = ledger.handover(3)
    assert handover is not None
    assert handover.question_id == 7
    assert ledger.offered(7) == ("an-entry",)
    with sqlite3.connect(path) as connection:
        counts = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("questions", "feedback", "handovers", "threads", "suggestions",
                          "check_rules", "checks")
        }  # fmt: skip
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert counts == dict.fromkeys(counts, 1)
    assert ask(ledger) > 1_000, "no id that was deleted before comes again"
    assert ledger.forget_user("U0ASKER01").questions == 1
    ledger.close()

"""Whose rows they are: each workspace sees its own, and what ends is gone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.ledger import EventPayload, Feedback, Ledger, Proposal, Result, Review
from bot.ledger.reminders import ReturnReminder
from bot.ledger.tables import metadata
from bot.ledger.teams import TEAM
from bot.ledger.workspaces import Workspace
from tests.ledger.conftest import Clock

ONE, TWO = "T0ONE", "T0TWO"
START, END = date(2026, 11, 1), date(2026, 12, 1)


def fill(ledger: Ledger, name: str) -> int:
    """Something in every table that has rows of a workspace; the question's id."""
    question = ledger.record_question(
        f"what does {name} mean in the record",
        door="dm",
        outcome=Result.LIKELY,
        entry_id="an-entry",
        user=f"U0{name}",
        channel=f"D0{name}",
        thread_ts="1.1",
        choices=("an-entry",),
    )
    ledger.record_question("nothing fits this one", door="dm", outcome=Result.UNANSWERED)
    ledger.record_feedback(question, Feedback.SOLVED, user=f"U0{name}")
    ledger.record_feedback(question, Feedback.WRONG, user="U0OTHER", note="out of date")
    ledger.follow_thread(f"D0{name}", "1.1", question)
    ledger.open_handover(
        "who knows?", asker=f"U0{name}", asker_channel=f"D0{name}", asker_thread="1.1"
    )
    draft = ledger.suggest(
        Proposal(
            question=f"What does {name} mean?",
            answer="It means what it says in full.",
            year_from="2026-27",
            practice_owner="mis-team",
        )
    )
    assert ledger.approve(draft.id, draft.version, "U0CURATOR").now is not None
    ledger.propose_phrasing("an-entry", f"what might {name} be then")
    ledger.record_check(learners=1, rules={"R_96": 2}, door="dm")
    ledger.claim_event(f"Ev{name}", EventPayload("dm", f"D0{name}", "1.1", f"U0{name}", "hello"))
    ledger.add_return_reminder(ReturnReminder("2026-27", "R04", f"U0{name}", END))
    ledger.once_per("purge", 60)
    return question


def told(ledger: Ledger) -> dict[str, object]:
    """All that a workspace is shown of what is kept, by what it is called."""
    return {
        "outcomes": ledger.outcomes(START, END),
        "gaps": [gap.ways for gap in ledger.gaps()],
        "flags": ledger.flagged_entries(),
        "usage": ledger.usage(),
        "weeks": ledger.asked_by_week(START),
        "most": ledger.most_asked(START, END),
        "summary": ledger.weekly_summary("2026-W48"),
        "suggestions": [one.question for one in ledger.suggestions(Review.APPROVED)],
        "phrasings": [one.text for one in ledger.phrasings()],
        "handovers": [one.asker_channel for one in ledger.list_open()],
    }


def asked(ledger: Ledger) -> int:
    """How many questions it knows of."""
    return sum(ledger.asked_by_week(START).values())


def test_a_workspace_is_told_of_its_own_alone(ledger: Ledger) -> None:
    one, two = ledger.for_team(ONE), ledger.for_team(TWO)
    fill(one, "ALPHA")
    alone = told(one)
    fill(two, "BETA")
    fill(ledger, "NOBODY")
    assert told(one) == alone
    assert "BETA" not in str(alone)
    assert "ALPHA" not in str(told(two))
    assert asked(ledger) == 3 * asked(one)


def test_what_is_taken_up_again_is_its_own(ledger: Ledger, clock: Clock) -> None:
    one, two = ledger.for_team(ONE), ledger.for_team(TWO)
    fill(one, "ALPHA")
    fill(two, "BETA")
    clock.forward(days=8)
    assert [event.event_id for event in two.unanswered_events()] == ["EvBETA"]
    assert [each.asker_channel for each in two.reminders_due(date(2026, 12, 1))] == ["D0BETA"]
    assert [each.person for each in two.take_return_reminders(END)] == ["U0BETA"]
    assert one.once_per("purge", 60)  # each has marks of its own
    assert [event.event_id for event in one.unanswered_events()] == ["EvALPHA"]


def test_one_anothers_rows_cannot_be_changed_by_their_ids(ledger: Ledger) -> None:
    one, two = ledger.for_team(ONE), ledger.for_team(TWO)
    question = fill(one, "ALPHA")
    assert not two.choose(question, "an-entry")
    assert two.record_feedback(question, Feedback.WRONG, user="U1").value == "missing"
    (open_one,) = one.list_open()
    assert two.handover(open_one.id) is None
    assert two.take(open_one.id, "U1").now is None
    assert two.close_gap([question]) == 0
    assert two.suggestion(one.suggestions()[0].id) is None


def test_where_there_is_one_workspace_it_sees_what_was_kept_before(ledger: Ledger) -> None:
    fill(ledger, "BEFORE")
    only = ledger.for_team(ONE, apart=False)
    fill(only, "ALPHA")
    assert asked(only) == 4
    assert asked(ledger.for_team(ONE)) == 2  # and it is marked


def test_what_ends_is_deleted_and_nothing_else(ledger: Ledger) -> None:
    one, two = ledger.for_team(ONE), ledger.for_team(TWO)
    fill(two, "BETA")
    fill(ledger, "NOBODY")
    ledger.add_workspace(Workspace(TWO))
    before = rows(ledger)
    fill(one, "ALPHA")
    ledger.add_workspace(Workspace(ONE))
    kept = ledger.kept_of(ONE)
    marked = {table.name for table in metadata.sorted_tables if TEAM in table.c}
    assert set(kept) == marked | {"feedback", "check_rules", "marks", "workspaces"}
    assert ledger.forget_workspace(ONE) == kept
    assert rows(ledger) == before
    assert ledger.kept_of(ONE) == {} == ledger.forget_workspace(ONE)


def test_an_organisation_ends_with_the_workspaces_it_installed(ledger: Ledger) -> None:
    fill(ledger.for_team(ONE), "ALPHA")
    fill(ledger.for_team(TWO), "BETA")
    ledger.add_workspace(Workspace(ONE, "E0ORG", for_organisation=True))
    ledger.add_workspace(Workspace(TWO, "E0ORG"))
    assert ledger.forget_workspace("E0ORG")["questions"] == 2
    assert ledger.workspaces() == [Workspace(TWO, "E0ORG")]
    assert asked(ledger.for_team(TWO)) == 2


def rows(ledger: Ledger) -> dict[str, int]:
    """How many rows each table has."""
    with ledger._db.read() as connection:
        return {
            table.name: len(connection.execute(select(table)).all())
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize("team", [ONE, TWO])
def test_a_team_is_kept_as_a_hash(ledger: Ledger, team: str) -> None:
    fill(ledger.for_team(team), "ALPHA")
    assert ledger.find_term(team) == []

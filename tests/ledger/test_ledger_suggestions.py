"""What colleagues answer becomes knowledge: proposed, decided, exported, and closed by git."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.errors import InputError
from bot.knowledge.models import Entry
from bot.ledger import Feedback, Ledger, Proposal, Result, Review, UpdateResult

PROPOSAL = Proposal(
    question="Do open evenings count as work experience?",
    answer="No: nobody from an employer is there. Ask jo@example.org for the form.",
    year_from="2026/27",
    practice_owner="MIS team",
)
SOURCED = replace(
    PROPOSAL,
    practice_owner=None,
    source_title="Funding guidance",
    source_url="https://www.gov.uk/guidance/x",
    source_year="2026-27",
)
TODAY = date(2026, 11, 24)


def test_an_approved_suggestion_answers_with_its_curator(ledger: Ledger) -> None:
    draft = ledger.suggest(PROPOSAL, user="U1")
    assert (draft.state, draft.version, draft.year_from) == (Review.DRAFT, 1, "2026-27")
    assert draft.answer.endswith("Ask [email] for the form.")
    assert ledger.suggestions(Review.APPROVED) == []
    assert ledger.approve(draft.id, draft.version, "U9").done
    (approved,) = ledger.suggestions(Review.APPROVED)
    assert (approved.curator, approved.entry_id) == (
        "U9",
        "do-open-evenings-count-as-work-experience",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": "eh?"}, "question in 10 to 150"),
        ({"question": "x" * 151}, "question in 10 to 150"),
        ({"answer": "No."}, "answer in 20 to 2,800"),
        ({"practice_owner": " "}, "Give the source"),
        ({"year_from": "soon"}, "Write it like 2026-27"),
        ({"source_title": "A page", "source_url": "ftp://x"}, "https://"),
    ],
)
def test_what_is_missing_is_said(ledger: Ledger, change: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ledger.suggest(replace(PROPOSAL, **change))
    assert ledger.suggestions() == []


def test_two_curators_at_once_get_one_decision(
    ledger: Ledger, open_ledger: Callable[[], Ledger]
) -> None:
    draft = ledger.suggest(PROPOSAL)
    ledgers = [ledger, open_ledger()]
    with ThreadPoolExecutor(4) as pool:
        decisions = list(
            pool.map(
                lambda n: (
                    ledgers[n].approve(draft.id, 1, "U1")
                    if n
                    else ledgers[n].reject(draft.id, 1, "U2", "already known")
                ),
                (0, 1),
            )
        )
    assert sorted(decision.result for decision in decisions) == [
        UpdateResult.DONE,
        UpdateResult.STALE,
    ]
    assert decisions[0].now == decisions[1].now or UpdateResult.STALE in {
        decision.result for decision in decisions
    }


def test_an_edit_between_looking_and_approving_is_noticed(ledger: Ledger) -> None:
    draft = ledger.suggest(PROPOSAL)
    edited = ledger.edit(draft.id, 1, replace(PROPOSAL, topic="substitute-activity"))
    assert edited.done
    late = ledger.approve(draft.id, 1, "U9")
    assert late.result is UpdateResult.STALE
    assert late.now is not None
    assert (late.now.version, late.now.topic) == (2, "substitute-activity")
    assert ledger.approve(draft.id, 2, "U9").done
    assert ledger.approve(draft.id, 2, "U9").result is UpdateResult.ALREADY, "a double click"
    assert ledger.approve(draft.id, 2, "U8").result is UpdateResult.STALE
    assert ledger.approve(999, 1, "U9").result is UpdateResult.MISSING


def test_an_approved_one_can_be_taken_back_but_not_a_rejected_one(ledger: Ledger) -> None:
    draft = ledger.suggest(PROPOSAL)
    ledger.approve(draft.id, 1, "U9")
    assert ledger.reject(draft.id, 2, "U9", "wrong after all").done
    assert ledger.approve(draft.id, 3, "U9").result is UpdateResult.STALE
    assert ledger.suggestions(Review.APPROVED) == []


@pytest.mark.parametrize("proposal", [PROPOSAL, SOURCED])
def test_the_export_is_an_entry_a_curator_can_review(
    ledger: Ledger, tmp_path: Path, proposal: Proposal
) -> None:
    draft = ledger.suggest(proposal)
    ledger.suggest(replace(proposal, question="Never approved, never exported?"))
    ledger.approve(draft.id, 1, "U9")
    (path,) = ledger.export(tmp_path, today=TODAY, owner="MIS team", topic="substitute-activity")
    (entry,) = yaml.safe_load(path.read_text(encoding="utf-8"))
    read = Entry.model_validate(entry)
    assert (read.id, read.topic, read.owner) == (
        draft.entry_id,
        "substitute-activity",
        "mis-team",
    )
    assert read.status == ("official" if proposal is SOURCED else "practice")
    path.write_text("edited by hand", encoding="utf-8")
    assert ledger.export(tmp_path, today=TODAY, owner="MIS team", topic="t") == []
    assert path.read_text(encoding="utf-8") == "edited by hand"


@pytest.mark.parametrize(
    ("change", "source"),
    [
        ({}, {"title": "Funding guidance", "url": SOURCED.source_url, "year": "2025-26"}),
        (
            {"source_year": None},
            {"title": "Funding guidance", "url": SOURCED.source_url, "year": "2026-27"},
        ),
        ({"source_url": None}, {"title": "Funding guidance", "year": "2025-26"}),
    ],
)
def test_the_export_says_of_which_year_its_source_is(
    ledger: Ledger, tmp_path: Path, change: dict[str, None], source: dict[str, str]
) -> None:
    older = replace(SOURCED, source_year="2025-26")
    draft = ledger.suggest(replace(older, **change))
    ledger.approve(draft.id, 1, "U9")
    (path,) = ledger.export(tmp_path, today=TODAY, owner="MIS team", topic="ilr-general")
    (entry,) = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert entry["answers"][0]["sources"] == [source]


def test_what_git_holds_closes_itself(ledger: Ledger) -> None:
    held = ledger.suggest(PROPOSAL)
    waiting = ledger.suggest(replace(PROPOSAL, question="Another question, still waiting?"))
    for draft in (held, waiting):
        ledger.approve(draft.id, 1, "U9")
    closed = ledger.close_published(lambda suggestion: suggestion.entry_id == held.entry_id)
    assert [one.id for one in closed] == [held.id]
    assert [one.id for one in ledger.suggestions(Review.APPROVED)] == [waiting.id]
    assert ledger.close_published(lambda suggestion: suggestion.id == held.id) == []


def test_a_phrasing_is_proposed_approved_and_closed(ledger: Ledger) -> None:
    proposed = ledger.propose_phrasing("dates-differ", "must wex dates for 1234567890 match")
    assert proposed.text == "must wex dates for [ULN] match"
    assert ledger.decide_phrasing(proposed.id, approve=True, curator="U9").done
    assert (
        ledger.decide_phrasing(proposed.id, approve=True, curator="U9").result
        is UpdateResult.ALREADY
    )
    assert (
        ledger.decide_phrasing(proposed.id, approve=False, curator="U8").result
        is UpdateResult.STALE
    )
    assert ledger.decide_phrasing(99, approve=True, curator="U9").result is UpdateResult.MISSING
    assert len(ledger.close_published_phrasings(lambda phrasing: True)) == 1
    assert ledger.phrasings(Review.APPROVED) == []
    with pytest.raises(InputError, match="too short"):
        ledger.propose_phrasing("dates-differ", "dates?")


def test_two_suggestions_never_share_an_id(ledger: Ledger, tmp_path: Path) -> None:
    taken = {"do-open-evenings-count-as-work-experience"}
    drafts = [ledger.suggest(PROPOSAL, taken=taken) for _ in range(2)]
    assert [draft.entry_id for draft in drafts] == [
        "do-open-evenings-count-as-work-experience-2",
        "do-open-evenings-count-as-work-experience-3",
    ]
    for draft in drafts:
        ledger.approve(draft.id, 1, "U9")
    written = ledger.export(tmp_path, today=TODAY, owner="MIS team", topic="ilr-general")
    assert len(written) == 2


def test_an_export_reads_as_it_was_written(ledger: Ledger, tmp_path: Path) -> None:
    draft = ledger.suggest(replace(PROPOSAL, answer="No: it costs £40 – a café is no employer."))
    ledger.approve(draft.id, 1, "U9")
    (path,) = ledger.export(tmp_path, today=TODAY, owner="MIS team", topic="ilr-general")
    assert "£40 – a café" in path.read_text(encoding="utf-8")


def test_the_ways_a_question_was_asked_go_with_it(ledger: Ledger, tmp_path: Path) -> None:
    ways = ("is an open evening wex?", "Open evening for 1234567890?", PROPOSAL.question, " ")
    draft = ledger.suggest(replace(PROPOSAL, also_asked=ways))
    assert draft.also_asked == ("is an open evening wex?", "Open evening for [ULN]?")
    ledger.approve(draft.id, 1, "U9")
    (path,) = ledger.export(tmp_path, today=TODAY, owner="MIS team", topic="ilr-general")
    (entry,) = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert entry["also_asked"] == list(draft.also_asked)


def test_a_question_that_a_choice_settled_is_proposed_as_a_phrasing(ledger: Ledger) -> None:
    def asked(text: str, picks: str | None = "dates") -> int:
        number = ledger.record_question(
            text, door="dm", outcome=Result.CHOICES, choices=["dates", "hours"]
        )
        if picks:
            ledger.choose(number, picks)
        return number

    for text, picks in (
        ("wex dates v aim dates?", "dates"),
        ("wex dates v aim dates?", "dates"),
        ("dates of 1234567890 differ?", "dates"),
        ("dates?", "dates"),
        ("never picked any of them", None),
    ):
        ledger.record_feedback(asked(text, picks), Feedback.SOLVED, user="U1")
    ledger.record_feedback(asked("this was no help"), Feedback.WRONG, user="U1")
    (found,) = ledger.phrasings()
    assert (found.entry_id, found.text, found.state) == (
        "dates",
        "wex dates v aim dates?",
        Review.DRAFT,
    )
    assert len(ledger.close_published_phrasings(lambda phrasing: True)) == 1


def test_a_suggestion_outlives_the_handover_and_question_it_came_from(ledger: Ledger) -> None:
    handover = ledger.open_handover("q", asker="U1", asker_channel="C1", asker_thread="1.0").now
    assert handover is not None
    draft = ledger.suggest(PROPOSAL, user="U2", handover_id=handover.id)
    ledger.forget_user("U1")
    kept = ledger.suggestion(draft.id)
    assert kept is not None
    assert (kept.question, kept.handover_id) == (draft.question, None)

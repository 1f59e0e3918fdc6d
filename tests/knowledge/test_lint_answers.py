"""What an answer must be: each fault is found at its key, and what is in order is let be."""

from __future__ import annotations

from typing import Any

import pytest

from bot.knowledge.lint_answers import answer_doubts, answer_faults
from bot.knowledge.models import Entry
from bot.schema import Source

SOURCES = {
    "guide": Source(
        title="Guide to minibuses 2026-27", url="https://example.org/guide", year="2026-27"
    ),
    "older": Source(
        title="Guide to minibuses 2021-22", url="https://example.org/old", year="2021-22"
    ),
    "thread": Source(title="A thread on seats", url="https://example.org/?p=7", year="about 2024"),
    "site": Source(title="The minibus people", url="https://example.org/", year="2026-27"),
    "paper": Source(title="A leaflet on paper", year="2026-27"),
}
ANSWER: dict[str, Any] = {
    "years": {"from": "2025-26"},
    "lead": "The minibus seats 16.",
    "lines": ["Count the seats.", "Note the plate."],
    "detail": "It sat 12 before.",
    "sources": ["guide"],
}
ENTRY: dict[str, Any] = {
    "id": "minibus-size", "topic": "evidence", "for": ["apprenticeship"],
    "question": "How many seats has a minibus?", "also_asked": ["seats?"], "answers": [ANSWER],
    "status": "official", "owner": "mis-team", "reviewed": "2026-11-20", "review_by": "2027-07-31",
}  # fmt: skip


def entry(answer: dict[str, Any] | None = None, **changes: Any) -> Entry:
    return Entry.model_validate({**ENTRY, "answers": [{**ANSWER, **(answer or {})}], **changes})


def faults(one: Entry) -> list[tuple[str, str]]:
    def source_of(reference: str | Source) -> Source | None:
        return reference if isinstance(reference, Source) else SOURCES.get(reference)

    found = answer_faults(one, source_of)
    assert all(remedy for _, _, remedy in found)
    return [(key, message) for key, message, _ in found]


def test_an_answer_in_order_finds_nothing() -> None:
    assert faults(entry()) == []
    assert list(answer_doubts(entry())) == []


@pytest.mark.parametrize(
    ("answer", "changes", "key", "said"),
    [
        ({"lead": "x" * 321}, {}, "answers.0.lead", "has 321 characters, 320 at most"),
        ({"lines": ["x" * 181]}, {}, "answers.0.lines.0", "has 181 characters, 180 at most"),
        ({"lines": ["x"] * 6}, {}, "answers.0.lines", "has 6 lines, 5 at most"),
        ({"lead": "x" * 320, "lines": ["x" * 180] * 3}, {}, "answers.0.lead", "at first, 700"),
        ({"lines": ["This is not a ruling."]}, {}, "answers.0.lines.0", "the status says already"),
        ({}, {"for": ["all", "he"]}, "for", "for all provision and for one kind besides"),
        ({}, {"for": ["he"], "by_first_start": True}, "by_first_start", "not for apprenticeships"),
        ({"status": "quoted"}, {}, "answers.0.status", "nobody is named who quotes it"),
        ({"sources": ["older"]}, {}, "answers.0.sources", "official for 2025-26 onwards, but no"),
        ({"sources": ["site"]}, {}, "answers.0.sources", "has the address of the page"),
        ({"sources": ["paper"], "status": "rule-code"}, {}, "answers.0.sources",
         "is rule-code, but no source has the address"),
        ({"lead": "Most colleges have 16."}, {}, "answers.0.lead", "'Most colleges', but has one"),
        ({"detail": "So most MIS teams say."}, {}, "answers.0.detail", "'most MIS teams', but"),
        ({"lines": ["That was not verified."]}, {}, "answers.0.lines.0",
         "says 'not verified', but its status is official"),
        ({"lead": "16, unverified."}, {"status": "official-older"}, "answers.0.lead",
         "says 'unverified', but its status is official-older"),
    ],
)  # fmt: skip
def test_a_fault_is_found_at_its_key(
    answer: dict[str, Any], changes: dict[str, Any], key: str, said: str
) -> None:
    found = faults(entry(answer, **changes))
    assert [one for one in found if one[0] == key and said in one[1]], found


@pytest.mark.parametrize(
    ("answer", "changes"),
    [
        ({"sources": ["older"]}, {"status": "official-older"}),
        ({"sources": ["older", "guide"]}, {}),
        ({"sources": ["thread"]}, {}),  # an address may be a query; a year may be "about"
        ({"sources": ["paper"]}, {"status": "practice"}),
        ({"lead": "Most colleges have 16.", "sources": ["guide", "thread"]}, {}),
        ({"lead": "Most of the seats are blue."}, {}),
        ({"lead": "16, not verified."}, {"status": "contested"}),
        ({"detail": "The year was not verified."}, {}),
        ({"status": "quoted", "quoted_by": "a thread"}, {}),
        ({}, {"by_first_start": True}),
    ],
)
def test_what_is_in_order_is_let_be(answer: dict[str, Any], changes: dict[str, Any]) -> None:
    assert faults(entry(answer, **changes)) == []


def test_an_inference_in_front_under_a_strong_status_is_worth_a_look() -> None:
    lead = "16, as we read it. The text itself was not read."
    ((key, message, remedy),) = answer_doubts(entry({"lead": lead}))
    assert key == "answers.0.lead"
    assert "begins with what was not read ('as we read it'), but is official" in message
    assert remedy
    assert list(answer_doubts(entry({"lead": "16. The text itself was not read."}))) == []
    assert list(answer_doubts(entry({"lead": lead}, status="practice"))) == []

"""Feed it learners, then look for every value in the database's bytes and in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from bot.errors import InputError
from bot.ledger import EventPayload, Feedback, Forgotten, Ledger, Proposal, Result
from bot.ledger.tables import metadata
from tests.ledger.conftest import Clock

LEARNER = {
    "LearnRefNumber": "QUILL0042",
    "PrevLearnRefNumber": "QUILL0017",
    "ULN": "1024681350",
    "FamilyName": "Quillfeather",
    "GivenNames": "Perpetua Ottoline",
    "DateOfBirth": "2008-03-19",
    "NINumber": "QQ654321C",
    "PostcodePrior": "LS11 5ZZ",
    "Postcode": "BD17 7QX",
    "AddLine1": "The Old Gasworks",
    "AddLine2": "Snickelway Parade",
    "AddLine3": "Nether Wibsey",
    "AddLine4": "Ambridgeshire",
    "TelNo": "01632960983",
    "Email": "p.quillfeather@example.org",
    "ProvSpecLearnMon": "TG-Quill-7",
}
USER = "U0SECRETIVE"
SHAPES = {
    "xml": "Why does this fail ULN_04? <Learner>"
    + "".join(f"<{name}>{value}</{name}>" for name, value in LEARNER.items())
    + "</Learner>",
    "escaped xml": "".join(
        f"&lt;{name}&gt;{value}&lt;/{name}&gt;" for name, value in LEARNER.items()
    ),
    "fields": "\n".join(f"{name}: {value}" for name, value in LEARNER.items()),
    "json": ", ".join(f'"{name}": "{value}"' for name, value in LEARNER.items()),
    "table": ",".join(LEARNER) + "\n" + ",".join(LEARNER.values()),
    "prose": "learner Perpetua Quillfeather (ULN 1024 681 350, NI QQ 65 43 21 C, dob 19/03/2008) "
    "of BD17 7QX, tel 01632 960983, p.quillfeather@example.org",
}
NEEDLES = [
    *LEARNER.values(),
    "Perpetua",
    "quillfeather@",
    "1024 681 350",
    "QQ 65 43 21",
    "19/03/2008",
    "01632 960983",
]


def everything_kept(url: str) -> bytes:
    """The bytes of the SQLite files, or every value of every row."""
    if url.startswith("sqlite"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        return b"".join(path.read_bytes() for path in folder.iterdir())
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = [
            tuple(row)  # a Row's own repr cuts long texts
            for table in metadata.tables.values()
            for row in connection.execute(select(table))
        ]
    engine.dispose()
    return repr(rows).encode()


def use_everything(ledger: Ledger, text: str) -> None:
    """Send a text through every method that keeps text."""
    ledger.claim_event("Ev1", EventPayload(kind="dm", channel="D1", ts="1.0", user=USER, text=text))
    question = ledger.record_question(
        text,
        door="dm",
        outcome=Result.UNANSWERED,
        user=USER,
        channel="D0SECRETIVE",
        thread_ts="1700000000.000100",
    )
    ledger.record_feedback(question, Feedback.WRONG, user=USER, note=text)
    ledger.follow_thread("D0SECRETIVE", "1700000000.000100", question)
    ledger.open_handover(
        text, asker=USER, asker_channel="C1", asker_thread="1.0", question_id=question
    )
    question_and_answer = text[:60] + " Can this be?", text + " and that is the whole answer"
    for asked, told in (question_and_answer, ("Can this be?", "That is the whole answer")):
        with suppress(InputError):  # of a record nothing may be suggested
            draft = ledger.suggest(
                Proposal(
                    question=asked,
                    answer=told,
                    year_from="2026-27",
                    source_title=text[:500],
                    practice_owner=text[:80],
                    also_asked=(text, text[:200]),
                ),
                user=USER,
            )
            ledger.reject(draft.id, 1, "U9", text)
    with suppress(InputError):
        ledger.propose_phrasing("an-entry", text + " is it right?", user=USER)
    offered = ledger.record_question(
        text, door="dm", outcome=Result.CHOICES, choices=["an-entry"], user=USER
    )
    ledger.choose(offered, "an-entry")
    ledger.record_feedback(offered, Feedback.SOLVED, user=USER)
    ledger.record_check(learners=1, rules=dict.fromkeys(LEARNER.values(), 1), door="dm")


@pytest.mark.parametrize("shape", SHAPES)
def test_no_value_of_a_record_is_kept_or_logged(
    ledger: Ledger, url: str, shape: str, caplog: pytest.LogCaptureFixture
) -> None:
    text = SHAPES[shape]
    assert any(needle in text for needle in NEEDLES)
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="sqlalchemy")
    use_everything(ledger, text)
    ledger.weekly_summary("2026-W48")
    kept, logged = everything_kept(url), caplog.text
    assert b"[withheld]" in kept, "that something was asked is kept"
    for needle in NEEDLES:
        assert needle.encode() not in kept, needle
        assert needle not in logged, needle


def test_who_asked_is_kept_only_while_the_event_is_unanswered(ledger: Ledger, url: str) -> None:
    use_everything(ledger, "Does ULN_04 apply to this one?")
    assert USER.encode() in everything_kept(url)
    ledger.finish_event("Ev1")
    ledger.purge()
    kept = everything_kept(url)
    assert USER.encode() not in kept
    assert b"D0SECRETIVE" not in kept, "a direct message's channel is as good as a name"


def test_the_hash_is_keyed(url: str, ledger: Ledger, clock: Clock) -> None:
    ledger.record_question("One question here", door="dm", outcome=Result.ANSWERED, user=USER)
    other = Ledger.open(url, secret="another secret, as long", retention_days=1, environ={})
    assert other.forget_user(USER).questions == 0
    other.close()
    assert ledger.forget_user(USER).questions == 1


def test_forgetting_somebody_deletes_their_words_from_the_file(
    ledger: Ledger, url: str, clock: Clock
) -> None:
    text = "Does the umbrellafication rule apply here?"
    ledger.claim_event("Ev1", EventPayload("dm", "D1", "1.0", USER, text))
    question = ledger.record_question(text, door="dm", outcome=Result.UNANSWERED, user=USER)
    ledger.record_feedback(question, Feedback.WRONG, user=USER, note=text)
    ledger.open_handover(
        text, asker=USER, asker_channel="C1", asker_thread="1.0", question_id=question
    )
    ledger.suggest(
        Proposal("Kept as knowledge?", "Yes, it is kept as knowledge.", "2026-27", None, "A"),
        user=USER,
    )
    settled = ledger.record_question(
        text, door="dm", outcome=Result.CHOICES, choices=["an-entry"], user=USER
    )
    ledger.choose(settled, "an-entry")
    ledger.record_feedback(settled, Feedback.SOLVED, user=USER)
    assert len(ledger.phrasings()) == 1
    ledger.record_question(
        "Somebody else's xylophonic question", door="dm", outcome=Result.ANSWERED, user="U2"
    )
    assert ledger.forget_user(USER) == Forgotten(
        questions=3, feedback=2, handovers=1, events=1, unlinked=1
    )
    assert ledger.forget_user(USER) == Forgotten()
    kept = everything_kept(url)
    assert b"umbrellafication" not in kept
    assert USER.encode() not in kept
    assert b"xylophonic" in kept
    assert b"Kept as knowledge?" in kept
    clock.forward(hours=1)
    assert ledger.unanswered_events() == []


def test_forgetting_a_colleague_frees_what_they_took(ledger: Ledger) -> None:
    handover = ledger.open_handover("q", asker="U1", asker_channel="C1", asker_thread="1.0").now
    assert handover is not None
    ledger.take(handover.id, "U2")
    assert ledger.forget_user("U2").unlinked == 1
    assert ledger.take(handover.id, "U3").done


def test_what_is_older_than_the_retention_period_goes(
    ledger: Ledger, url: str, open_ledger: Callable[[], Ledger], clock: Clock
) -> None:
    use_everything(ledger, "An elderly zymurgical question?")
    ledger.finish_event("Ev1")
    clock.forward(days=364)
    assert ledger.purge().questions == 0
    clock.forward(days=2)
    ledger.record_question("A young question", door="dm", outcome=Result.ANSWERED)
    purged = open_ledger().purge()
    assert (purged.questions, purged.handovers, purged.checks, purged.suggestions) == (2, 1, 1, 3)
    assert open_ledger().purge().questions == 0
    assert b"young question" in everything_kept(url)


def test_an_event_nobody_answered_within_a_day_is_given_up(ledger: Ledger, clock: Clock) -> None:
    ledger.claim_event("Ev1", EventPayload(kind="dm", channel="D1", ts="1.0", user=USER))
    clock.forward(days=1, minutes=1)
    assert ledger.purge().abandoned == 1
    assert not ledger.claim_event("Ev1", EventPayload(kind="dm", channel="D1", ts="1", user=USER))
    clock.forward(days=7)
    assert ledger.purge().events == 1


def test_the_file_is_for_its_owner_only(open_ledger: Callable[[], Ledger], url: str) -> None:
    open_ledger().metrics()
    if url.startswith("sqlite"):
        assert Path(url.removeprefix("sqlite:///")).stat().st_mode & 0o077 == 0

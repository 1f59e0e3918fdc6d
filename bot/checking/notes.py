"""What is said beside a report: of its year, its guesses, and what it was checked against."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from bot.ilr.readers import ParsedRecord
from bot.ilr.record import Message
from bot.rules.engine import Engine
from bot.rules.reference.data import ReferenceData
from bot.years import AcademicYear

__all__ = [
    "guessed",
    "namespace_note",
    "prepared_on",
    "reference_note",
    "settle_year",
    "unread_year_note",
    "what_was_pasted",
]

MAX_GUESSES = 8
MAX_NAMED = 4
"""Fields named in one note on guesses."""


def guessed(reading: ParsedRecord) -> list[str]:
    """What was not certain in a paste, one note a reason, with the fields and their lines."""
    places: dict[str, list[str]] = defaultdict(list)
    for item in reading.guesses():
        where = f"{item.name}, line {item.line}" if item.line else item.name
        for reason in (item.guess or "").split("; "):
            places[reason].append(where)
    notes = []
    for reason, found in places.items():
        more = f" and {len(found) - MAX_NAMED} more" if len(found) > MAX_NAMED else ""
        notes.append(f"A guess: {reason} ({'; '.join(found[:MAX_NAMED])}{more}).")
    if len(notes) > MAX_GUESSES:
        notes[MAX_GUESSES:] = [f"… and {len(notes) - MAX_GUESSES} more guesses; see `read`."]
    return notes


def settle_year(
    reading: ParsedRecord, asked: AcademicYear | None, today: date, notes: list[str]
) -> AcademicYear:
    """The year to check for: asked, else the paste's own, else the current one.

    What the reader should know about the choice is added to ``notes``.
    """
    stated: AcademicYear | None = None
    for text in (reading.year_text, reading.namespace and reading.namespace.rpartition("/")[2]):
        if text and stated is None:
            try:
                stated = AcademicYear.parse(text)
            except ValueError:
                notes.append("The year in the file could not be read.")
    if asked is not None:
        if stated is not None and stated != asked:
            notes.append(f"The record says {stated}; it was checked as {asked}, as you asked.")
        return asked
    if stated is not None:
        return stated
    current = AcademicYear.containing(today)
    notes.append(f"No academic year was given, so {current} was used.")
    return current


def unread_year_note(engine: Engine, read_years: Sequence[AcademicYear]) -> list[str]:
    """What to say of a year whose own rules were not read; nothing of one whose were."""
    year = engine.year
    if year in read_years:
        return []
    if year > read_years[-1]:
        return [
            f"The rules of {year} are not in yet, so those of {read_years[-1]} were run, as far as "
            "they go on. Look at what changed before you rely on this."
        ]
    texts = Counter(rule.text_of for rule in engine.rules)
    said = [
        f"{texts[other]:,} that "
        + (f"the {other} rules carry over from it" if other > year else f"are as in {other}")
        for other in sorted(texts)
    ]
    return [
        f"We don't hold the {year} rules. Run were {' and '.join(said)}; "
        f"{len(engine.never_run):,} others were not. `rules list` says which."
    ]


def namespace_note(namespace: str | None, engine: Engine) -> list[str]:
    """What to say of another year's namespace, in a year of which no rule says it."""
    facts = engine.specification.facts
    is_ruled = "Namespace_Mismatch" in engine.ids
    if namespace is None or namespace == facts.namespace or is_ruled:
        return []
    return [
        f"The file's namespace is {namespace[:60]}; that of {facts.year} is {facts.namespace}"
        f"{'' if facts.namespace_verified else ', as far as we know'}."
    ]


def reference_note(reference: ReferenceData, today: date) -> list[str]:
    """Which reference data was used, of which day and how old; nothing when there is none."""
    held = reference.described(today)
    return [f"Reference data used: {held}."] if held else []


def prepared_on(reading: ParsedRecord) -> date | None:
    """The header's file preparation date, when it is one."""
    try:
        return date.fromisoformat(reading.prepared_on) if reading.prepared_on else None
    except ValueError:
        return None


def what_was_pasted(message: Message) -> str:
    """What could not be checked of a record that is not a whole file."""
    if message.zip is not None and not message.children:
        return "Nothing in the ZIP could be read, so only rules about the ZIP itself were run."
    learners = message.learners
    if any(learner.partial for learner in learners):
        return (
            "Only part of a learner was pasted, so rules that need the rest of the learner's "
            "record were not run."
        )
    return "No file header was pasted, so rules about the file itself were not run."

"""What an answer must be to be read: short, for somebody, sourced for its years, unhedged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from bot.knowledge.models import (
    MAX_LEAD,
    MAX_LINE,
    MAX_LINES,
    MAX_SHOWN,
    AnswerText,
    Entry,
    Provision,
    Status,
)
from bot.schema import Source
from bot.years import AcademicYear

__all__ = ["answer_faults"]

Fault = tuple[str, str, str]
"""A key below the entry ("answers.0.lead"), what is wrong with it, and what to do."""

_HEDGES = re.compile(
    r"\b(?:(?:it|this) is not a ruling|not a ruling\b|check the (?:current|latest) text|"
    r"as (?:last )?confirmed (?:for|in)|(?:this|it) (?:is|was) not verified|"
    r"we have not been able to verify|no source was (?:found|read))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b20(\d\d)-(\d\d)\b")
_WITHOUT_YEAR = re.compile(r"year-?less|undated|about|any|on\b|since|from", re.IGNORECASE)


def answer_faults(entry: Entry, source_of: Callable[[str | Source], Source | None]) -> list[Fault]:
    """Everything wrong with how an entry's answers are written.

    ``source_of`` finds a source by its key, or None: an unknown key is somebody else's fault.
    """
    found = list(_provisions(entry))
    for number, answer in enumerate(entry.answers):
        key = f"answers.{number}"
        found += [(f"{key}.{part}", message, remedy) for part, message, remedy in _length(answer)]
        found += _hedges(key, answer)
        status = answer.status or entry.status
        if status is Status.QUOTED and not answer.quoted_by:
            message = "the status is quoted, but nobody is named who quotes it."
            found.append((key, message, "Add quoted_by: who was read."))
        sources = [source for one in answer.sources if (source := source_of(one)) is not None]
        if status is Status.OFFICIAL and sources and not _read_for(answer, sources):
            message = f"is official for {answer.years}, but no source speaks of a year in it."
            found.append((f"{key}.sources", message, "Use official-older, or add that source."))
    return found


def _provisions(entry: Entry) -> Iterator[Fault]:
    if Provision.ALL in entry.provision and len(entry.provision) > 1:
        yield "for", "is for all provision and for one kind besides.", "Keep one of the two."


def _length(answer: AnswerText) -> Iterator[Fault]:
    if len(answer.lead) > MAX_LEAD:
        message = f"the lead has {len(answer.lead)} characters, {MAX_LEAD} at most."
        yield "lead", message, "Say the answer in one or two sentences; move the rest to detail."
    if len(answer.lines) > MAX_LINES:
        message = f"has {len(answer.lines)} lines, {MAX_LINES} at most."
        yield "lines", message, "Move what is not needed to act to detail."
    for number, line in enumerate(answer.lines):
        if len(line) > MAX_LINE:
            message = f"this line has {len(line)} characters, {MAX_LINE} at most."
            yield f"lines.{number}", message, "Shorten it, or move it to detail."
    if len(answer.shown) > MAX_SHOWN:
        message = f"shows {len(answer.shown)} characters at first, {MAX_SHOWN} at most."
        yield "lead", message, "Move something to detail."


def _hedges(key: str, answer: AnswerText) -> Iterable[Fault]:
    for part, text in (("lead", answer.lead), *((f"lines.{n}", x) for n, x in _lines(answer))):
        hedge = _HEDGES.search(text)
        if hedge:
            message = f"{hedge[0]!r} is what the status says already."
            yield f"{key}.{part}", message, "Take it out; what differs from the status stays."


def _lines(answer: AnswerText) -> Iterable[tuple[int, str]]:
    return enumerate(answer.lines)


def _read_for(answer: AnswerText, sources: Iterable[Source]) -> bool:
    """Whether some source speaks of a year that the answer covers, or of no year in particular."""
    for source in sources:
        years = [AcademicYear.parse(match[0]) for match in _YEAR.finditer(source.year)]
        if not years or _WITHOUT_YEAR.search(source.year):
            return True
        if any(year in answer.years for year in years):
            return True
    return False

"""What an answer must be: short, for somebody, unhedged, sourced, and no surer than it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

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
from bot.knowledge.statements import Sentences
from bot.schema import Source
from bot.years import AcademicYear

__all__ = ["answer_doubts", "answer_faults"]

Fault = tuple[str, str, str]
"""A key below the entry ("answers.0.lead"), what is wrong with it, and what to do."""

_HEDGES = re.compile(
    r"\b(?:(?:it|this) is not a ruling|not a ruling\b|check the (?:current|latest) text|"
    r"as (?:last )?confirmed (?:for|in)|(?:this|it) (?:is|was) not verified|"
    r"we have not been able to verify|no source was (?:found|read))",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\bmost (?:of the )?(?:MIS (?:teams|staff|officers|people)|colleges|providers|peers|teams)\b",
    re.IGNORECASE,
)
_NOT_VERIFIED = re.compile(
    r"\b(?:(?:not|never)(?: been)? verified|unverified|could not be verified)\b", re.IGNORECASE
)
_INFERRED = re.compile(
    r"\b(?:our (?:own )?(?:reading|inference)|(?:as )?we (?:read it|infer)|as far as we know|"
    r"(?:was|were) not (?:read|found))\b",
    re.IGNORECASE,
)
_STRONG = frozenset({Status.OFFICIAL, Status.OFFICIAL_OLDER, Status.RULE_CODE, Status.QUOTED})
"""Statuses that say a published text was read, by us or by whoever quotes it."""
_YEAR = re.compile(r"\b20(\d\d)-(\d\d)\b")
_WITHOUT_YEAR = re.compile(r"year-?less|undated|about|any|on\b|since|from", re.IGNORECASE)


def answer_faults(entry: Entry, source_of: Callable[[str | Source], Source | None]) -> list[Fault]:
    """Everything wrong with how an entry's answers are written.

    ``source_of`` finds a source by its key, or None: an unknown key is somebody else's fault.
    """
    found = list(_provisions(entry))
    for number, answer in enumerate(entry.answers):
        status = answer.status or entry.status
        sources = [source for one in answer.sources if (source := source_of(one)) is not None]
        faults = [
            *_length(answer),
            *_hedges(answer),
            *_status(answer, status),
            *_sources(answer, status, sources),
        ]
        for part, message, remedy in faults:
            found.append((f"answers.{number}.{part}", message, remedy))
    return found


def answer_doubts(entry: Entry) -> Iterator[Fault]:
    """What may be right, and is worth a look: an inference under a status that says it was read."""
    for number, answer in enumerate(entry.answers):
        status = answer.status or entry.status
        inferred = _INFERRED.search(Sentences(answer.lead).written[0])
        if inferred and status in (Status.OFFICIAL, Status.RULE_CODE):
            message = f"begins with what was not read ({inferred[0]!r}), but is {status.value}."
            remedy = "Choose a weaker status, or lead with what was read."
            yield f"answers.{number}.lead", message, remedy


def _provisions(entry: Entry) -> Iterator[Fault]:
    if Provision.ALL in entry.provision and len(entry.provision) > 1:
        yield "for", "is for all provision and for one kind besides.", "Keep one of the two."
    if entry.by_first_start and Provision.APPRENTICESHIP not in entry.provision:
        message = "its years are those of a first start, but it is not for apprenticeships."
        yield "by_first_start", message, "Take by_first_start out, or correct `for`."


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


def _hedges(answer: AnswerText) -> Iterator[Fault]:
    for part, text in _shown(answer):
        hedge = _HEDGES.search(text)
        if hedge:
            message = f"{hedge[0]!r} is what the status says already."
            yield part, message, "Take it out; what differs from the status stays."


def _status(answer: AnswerText, status: Status) -> Iterator[Fault]:
    """A status that names nobody, or that is surer than the answer."""
    if status is Status.QUOTED and not answer.quoted_by:
        message = "the status is quoted, but nobody is named who quotes it."
        yield "status", message, "Add quoted_by: who was read."
    for part, text in _shown(answer):
        doubt = _NOT_VERIFIED.search(text)
        if doubt and status in _STRONG:
            message = f"says {doubt[0]!r}, but its status is {status.value}."
            yield part, message, "Choose a weaker status, or move the doubt to unverified."


def _sources(answer: AnswerText, status: Status, sources: list[Source]) -> Iterator[Fault]:
    """Sources that do not carry what is said: no page, too few, or none of its years."""
    if not sources:
        return
    if status in _STRONG and not any(map(_is_a_page, sources)):
        message = f"is {status.value}, but no source has the address of the page that was read."
        yield "sources", message, "Give the address of the page, or choose another status."
    if status is Status.OFFICIAL and not _read_for(answer, sources):
        message = f"is official for {answer.years}, but no source speaks of a year in it."
        yield "sources", message, "Use official-older, or add that source."
    for part, text in (*_shown(answer), ("detail", answer.detail)):
        most = _MOST.search(text)
        if most and len({source.url or source.title for source in sources}) < 2:
            message = f"says {most[0]!r}, but has one source."
            yield part, message, 'Write "peers in one thread" or "one college", or add a source.'


def _is_a_page(source: Source) -> bool:
    """Whether its address leads to more than the front page of a site."""
    address = urlsplit(source.url or "")
    return bool(address.path.strip("/") or address.query)


def _shown(answer: AnswerText) -> Iterator[tuple[str, str]]:
    """Lead and lines, each with its key below the answer."""
    yield "lead", answer.lead
    for number, line in enumerate(answer.lines):
        yield f"lines.{number}", line


def _read_for(answer: AnswerText, sources: Iterable[Source]) -> bool:
    """Whether some source speaks of a year that the answer covers, or of no year in particular."""
    for source in sources:
        years = [AcademicYear.parse(match[0]) for match in _YEAR.finditer(source.year)]
        if not years or _WITHOUT_YEAR.search(source.year):
            return True
        if any(year in answer.years for year in years):
            return True
    return False

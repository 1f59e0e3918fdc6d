"""A learner's dates side by side: aims, their placements, and where the findings lie.

This is what the picture shows, as plain values: it can be tested, and read out, without drawing.
It holds dates, aim references and sequence numbers, and nothing that identifies a person: no
learner reference, no name, no employer. ``bot.ilr.timeline_of_record`` makes it of a record and
``bot.ilr.timeline_image`` draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.years import AcademicYear

__all__ = [
    "OTHERS",
    "WORST",
    "Bar",
    "DateState",
    "Flagged",
    "Mark",
    "Timeline",
    "counted",
    "listed",
    "places_in_words",
    "uk",
]

MAX_ALT_TEXT_LENGTH = 1_000
"""Characters; what Slack takes."""
BEFORE, AFTER = timedelta(days=4 * 366), timedelta(days=2 * 366)
"""A date further than this from the year (9999-12-31) does not widen the picture."""
MAX_PLACES = 3
"""Places named with one rule."""
OTHERS = "+"
"""The letter of every rule beyond those that are named."""

DateState = Literal["given", "blank", "unreadable", "unpasted"]
"""What there is of a date: it was given, left blank, is no date (30 February), or is beyond what
was pasted."""
WORST = ("error", "check", "warning")
"""Severities, the worst first."""
_IN_WORDS = {"error": "error", "check": "point to check", "warning": "warning"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding on a bar. ``day`` None: on the bar, but on no date of it."""

    letter: str
    severity: str
    day: date | None
    again: bool = False
    """The other side of a finding that is counted where its rule reports it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """An aim or a placement. A date that is None was not returned, not read or not pasted."""

    kind: Literal["aim", "placement"]
    aim: int
    """Position of the aim in the picture, from 0; placements share their aim's."""
    label: str
    """``Aim 2 · ZWRKX001`` or ``Placement 1``."""
    detail: str
    """``core aim · model 25``, with level and title when known, or ``external · 30 hours``."""
    start: date | None
    end: date | None
    """The planned end of an aim; the end of a placement."""
    actual_end: date | None = None
    marks: tuple[Mark, ...] = ()
    states: tuple[DateState, DateState, DateState] = ("given", "given", "given")
    """Of the start, the end and the actual end."""

    @property
    def days(self) -> list[date]:
        """Its dates that are known."""
        found = [self.start, self.end, self.actual_end, *(mark.day for mark in self.marks)]
        return [day for day in found if day is not None]

    @property
    def dates(self) -> str:
        """``12/10/2026 – 16/07/2027``; says which of the two is missing, and in which way."""
        if self.start is None and self.end is None and self._state(0) == self._state(1):
            return {"unreadable": "dates that are none", "unpasted": "dates not pasted"}.get(
                self._state(0), "no dates"
            )
        missing = "no planned end" if self.kind == "aim" else "no end yet"
        start = self._words(0, self.start, "no start")
        return f"{start} – {self._words(1, self.end, missing)}"

    @property
    def standing(self) -> str:
        """For an aim, whether and when it ended; "" for a placement."""
        if self.kind == "placement":
            return ""
        if self.actual_end:
            return f"ended {uk(self.actual_end)}"
        if self._state(2) == "blank":
            return "open"
        return f"actual end {self._words(2, None, '')}"

    @property
    def has_unreadable_date(self) -> bool:
        """Whether something stands where a date belongs, and is none."""
        return "unreadable" in self.states

    def _state(self, which: int) -> DateState:
        day = (self.start, self.end, self.actual_end)[which]
        state = self.states[which]
        return "blank" if day is None and state == "given" else state

    def _words(self, which: int, day: date | None, blank: str) -> str:
        if day is not None:
            return uk(day)
        words = {"unreadable": "not a date", "unpasted": "not pasted"}
        return words.get(self._state(which), blank)

    @property
    def backwards(self) -> bool:
        """Whether it ends before it starts."""
        return self.start is not None and self.end is not None and self.end < self.start


@dataclass(frozen=True, slots=True)
class Flagged:
    """A rule that is marked in the picture, and how often."""

    letter: str
    rule: str
    title: str
    severity: str
    places: tuple[str, ...]
    """``placement 1 of aim 2 on 05/10/2026``, for each mark; none for what every aim lacks."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """One learner's dates in one academic year."""

    year: AcademicYear
    on: date
    """The day as at which the record was checked."""
    bars: tuple[Bar, ...]
    aims: int
    placements: int
    """How many there are, drawn or not."""
    rules: tuple[Flagged, ...] = ()
    other_rules: int = 0
    """Marked rules beyond those named."""
    marked: tuple[str, ...] = ()
    """The severity of each finding that is marked."""
    elsewhere: int = 0
    """Findings that lie on no aim or placement."""
    left_out: int = 0
    """Aims and placements beyond what one picture holds."""
    qualifying: tuple[date, date] | None = None
    """First and last day of the qualifying period, where it applies."""
    which: tuple[int, int] = (1, 1)
    """This learner's place among those pasted, and how many there were."""

    @property
    def window(self) -> tuple[date, date]:
        """First and last day to show: the year, and every date of the record within reason."""
        low, high = self._reason
        days = [day for bar in self.bars for day in bar.days if low <= day <= high]
        days += [self.year.start, self.year.end]
        return min(days), max(days)

    @property
    def beyond(self) -> tuple[list[date], list[date]]:
        """The days before and after what is shown to scale, in order."""
        low, high = self._reason
        days = sorted({day for bar in self.bars for day in bar.days})
        return [day for day in days if day < low], [day for day in days if day > high]

    @property
    def _reason(self) -> tuple[date, date]:
        return self.year.start - BEFORE, self.year.end + AFTER

    @property
    def title(self) -> str:
        return f"Aims{' and placements' if self.placements else ''} in {self.year}"

    @property
    def about(self) -> str:
        """``2 aims, 3 placements · checked as at 24/11/2026 · 1 error marked``."""
        parts = [counted(self.aims, "aim")]
        if self.placements:
            parts[0] += f", {counted(self.placements, 'placement')}"
        place, of = self.which
        if of > 1:
            parts.append(f"learner {place} of the {of:,} pasted")
        parts.append(f"checked as at {uk(self.on)}")
        found = [
            counted(self.marked.count(one), _IN_WORDS[one]) for one in WORST if one in self.marked
        ]
        if found:
            parts.append(f"{listed(found)} marked")
        return " · ".join(parts)

    @property
    def more(self) -> str:
        """What is not drawn or named, and what the margin is for; "" when there is neither."""
        parts = []
        if self.left_out:
            verb = "is" if self.left_out == 1 else "are"
            parts.append(f"{self.left_out:,} more of the aims and placements {verb} not drawn")
        if self.other_rules:
            verb = "is" if self.other_rules == 1 else "are"
            parts.append(f"{counted(self.other_rules, 'more rule')} {verb} marked {OTHERS}")
        if self.elsewhere:
            verb = "lies" if self.elsewhere == 1 else "lie"
            parts.append(f"{counted(self.elsewhere, 'finding')} {verb} on no aim")
        if any(mark.day is None for bar in self.bars for mark in bar.marks):
            parts.append("marks beside the names lie on no date")
        text = "; ".join(parts)
        return f"{text[:1].upper()}{text[1:]}." if text else ""

    def alt_text(self, longest: int = MAX_ALT_TEXT_LENGTH) -> str:
        """The picture in words, what is wrong first; whole sentences, at most ``longest``."""
        kept: list[str] = []
        tail = "The report says the rest."
        room = longest - len(tail) - 1
        sentences = [*self._opening(), *self._findings(), *map(_in_words, self.bars)]
        if self.more:
            sentences.append(self.more)
        for sentence in sentences:
            if len(" ".join([*kept, sentence])) > room:
                return " ".join([*kept, tail])
            kept.append(sentence)
        return " ".join(kept)

    def _opening(self) -> list[str]:
        found = [
            f"Timeline of a learner's record in {self.year}, from {uk(self.year.start)} to "
            f"{uk(self.year.end)}: {self.about}."
        ]
        if self.qualifying:
            first, last = self.qualifying
            found.append(f"The qualifying period runs from {uk(first)} to {uk(last)}.")
        return found

    def _findings(self) -> list[str]:
        if not self.rules:
            return ["No finding is marked."]
        return [
            f"{_IN_WORDS[rule.severity].capitalize()} {rule.rule} ({rule.title})"
            + (f" at {places_in_words(rule.places)}." if rule.places else ".")
            for rule in self.rules
        ]


def places_in_words(places: Sequence[str], longest: int = 200) -> str:
    """As many as fit in ``longest`` characters, at most three, and how many more there are."""
    for most in range(MAX_PLACES, 0, -1):
        shown = list(places[:most])
        if len(places) > most:
            shown.append(f"{len(places) - most:,} more")
        if len(words := listed(shown)) <= longest:
            return words
    return counted(len(places), "place")


def _in_words(bar: Bar) -> str:
    detail = f" ({bar.detail.replace(' · ', ', ')})" if bar.detail else ""
    standing = f", {bar.standing}" if bar.standing else ""
    return f"{bar.label.replace(' · ', ' ')}{detail}: {bar.dates.replace('–', 'to')}{standing}."


def listed(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def counted(number: int, word: str) -> str:
    """``2 aims``, ``1 point to check``."""
    if word == "point to check":
        return f"{number:,} {'point' if number == 1 else 'points'} to check"
    return f"{number:,} {word}{'s' * (number != 1)}"


def uk(day: date) -> str:
    """A date as people write it here."""
    return f"{day:%d/%m/%Y}"

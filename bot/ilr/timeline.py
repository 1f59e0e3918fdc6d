"""A learner's dates side by side: aims, their placements, and where the findings lie.

This is what the picture shows, as plain values: it can be tested, and read out, without drawing.
It holds dates, aim references and sequence numbers, and nothing that identifies a person: no
learner reference, no name, no employer. ``bot.ilr.timeline_image`` draws it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.ilr.absent import CannotTell
from bot.ilr.record import Aim, Entity, Learner, Message, Placement
from bot.years import AcademicYear

__all__ = ["Bar", "Flagged", "Flaw", "Mark", "Timeline", "places_in_words", "timeline"]

MAX_BARS = 24
"""Aims and placements in one picture; beyond that it could not be read on a slide."""
MAX_RULES = 8
"""Rules named below it, each with a letter."""
MAX_DETAIL = 54
"""Characters of what is said below an aim's name: as many as stand left of the bars."""
ROOM_OF_A_MARK = 8
"""Characters that a mark without a date takes of them."""
MAX_ALT_TEXT_LENGTH = 1_000
"""Characters; what Slack takes."""
BEFORE, AFTER = timedelta(days=4 * 366), timedelta(days=2 * 366)
"""A date further than this from the year (9999-12-31) does not widen the picture."""
MAX_PLACES = 3
"""Places named with one rule."""
SHORT_PROGRAMME = timedelta(weeks=24)
"""Programmes shorter than this may have another qualifying period (knowledge/ilr/years.yaml)."""
OTHERS = "+"
"""The letter of every rule beyond those that are named."""

_STUDY_PROGRAMMES = 25
_ROLES = {1: "programme aim", 3: "component aim", 4: "stand-alone aim", 5: "core aim"}
_MODES = {1: "internal", 2: "external"}
_REFERENCE = re.compile(r"[A-Z0-9]{1,8}")
_WORST = ("error", "check", "warning")
_IN_WORDS = {"error": "error", "check": "point to check", "warning": "warning"}


@dataclass(frozen=True, slots=True)
class Flaw:
    """A finding, as far as a picture needs it."""

    entity: Entity
    rule: str
    title: str
    severity: str
    """"error", "check" or "warning"."""
    fields: Sequence[str] = ()
    """Fields that are shown with it, the one at fault first."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding on a bar. ``day`` None: on the bar, but on no date of it."""

    letter: str
    severity: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Bar:
    """An aim or a placement. A date that was not returned, or not readable, is None."""

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

    @property
    def days(self) -> list[date]:
        """Its dates that are known."""
        found = [self.start, self.end, self.actual_end, *(mark.day for mark in self.marks)]
        return [day for day in found if day is not None]

    @property
    def dates(self) -> str:
        """``12/10/2026 – 16/07/2027``; says which of the two is missing."""
        if self.start is None and self.end is None:
            return "no dates"
        start = _uk(self.start) if self.start else "no start"
        missing = "no planned end" if self.kind == "aim" else "no end yet"
        return f"{start} – {_uk(self.end) if self.end else missing}"

    @property
    def standing(self) -> str:
        """For an aim, whether and when it ended; "" for a placement."""
        if self.kind == "placement":
            return ""
        return f"ended {_uk(self.actual_end)}" if self.actual_end else "open"

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
    """``placement 1 of aim 2 on 05/10/2026``, for each mark."""


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
        low, high = self.year.start - BEFORE, self.year.end + AFTER
        days = [day for bar in self.bars for day in bar.days if low <= day <= high]
        days += [self.year.start, self.year.end]
        return min(days), max(days)

    @property
    def title(self) -> str:
        return f"Aims{' and placements' if self.placements else ''} in {self.year}"

    @property
    def about(self) -> str:
        """``2 aims, 3 placements · checked as at 24/11/2026 · 1 error marked``."""
        parts = [_count(self.aims, "aim")]
        if self.placements:
            parts[0] += f", {_count(self.placements, 'placement')}"
        place, of = self.which
        if of > 1:
            parts.append(f"learner {place} of the {of:,} pasted")
        parts.append(f"checked as at {_uk(self.on)}")
        marked = [mark.severity for bar in self.bars for mark in bar.marks]
        counted = [_count(marked.count(s), _IN_WORDS[s]) for s in _WORST if s in marked]
        if counted:
            parts.append(f"{_listed(counted)} marked")
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
            parts.append(f"{_count(self.other_rules, 'more rule')} {verb} marked {OTHERS}")
        if self.elsewhere:
            verb = "lies" if self.elsewhere == 1 else "lie"
            parts.append(f"{_count(self.elsewhere, 'finding')} {verb} on no aim")
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
            f"Timeline of a learner's record in {self.year}, from {_uk(self.year.start)} to "
            f"{_uk(self.year.end)}: {self.about}."
        ]
        if self.qualifying:
            first, last = self.qualifying
            found.append(f"The qualifying period runs from {_uk(first)} to {_uk(last)}.")
        return found

    def _findings(self) -> list[str]:
        if not self.rules:
            return ["No finding is marked."]
        return [
            f"{_IN_WORDS[rule.severity].capitalize()} {rule.rule} ({rule.title}) at "
            f"{places_in_words(rule.places)}."
            for rule in self.rules
        ]


def timeline(
    message: Message,
    flaws: Iterable[Flaw],
    *,
    year: AcademicYear,
    on: date,
    qualifying_days: int | None = None,
    about: Callable[[Aim], str] = lambda aim: "",
) -> Timeline | None:
    """The dates of one learner: the first with findings on an aim, else the first with aims.

    ``qualifying_days``: length of the period in which planned hours settle, for a 16 to 19
    programme. ``about``: what else to say of an aim, its title say. None when there is no aim to
    show.
    """
    learners = message.learners
    by_learner: dict[int, list[Flaw]] = defaultdict(list)
    for flaw in flaws:
        by_learner[id(_above(flaw.entity, Learner))].append(flaw)
    with_aims = [learner for learner in learners if learner.of(Aim)]
    if not with_aims:
        return None
    chosen = next(
        (one for one in with_aims if any(_bar_entity(f.entity) for f in by_learner[id(one)])),
        with_aims[0],
    )
    aims = chosen.of(Aim)
    mine = by_learner[id(chosen)]
    on_bars = [flaw for flaw in mine if _bar_entity(flaw.entity) is not None]
    letters = _letters(on_bars)
    bars = [bar for at, aim in enumerate(aims) for bar in _bars(at, aim, on_bars, letters, about)]
    drawn = _most(bars)
    return Timeline(
        year=year,
        on=on,
        bars=tuple(drawn),
        aims=len(aims),
        placements=sum(len(aim.of(Placement)) for aim in aims),
        rules=_named(on_bars, letters, drawn),
        other_rules=sum(letter == OTHERS for letter in letters.values()),
        elsewhere=len(mine) - len(on_bars),
        left_out=len(bars) - len(drawn),
        qualifying=_qualifying(aims, year, qualifying_days),
        which=(learners.index(chosen) + 1, len(learners)),
    )


def places_in_words(places: Sequence[str], longest: int = 200) -> str:
    """As many as fit in ``longest`` characters, at most three, and how many more there are."""
    for most in range(MAX_PLACES, 0, -1):
        shown = list(places[:most])
        if len(places) > most:
            shown.append(f"{len(places) - most:,} more")
        if len(words := _listed(shown)) <= longest:
            return words
    return _count(len(places), "place")


def _above(entity: Entity, *kinds: type[Entity]) -> Entity | None:
    at: Entity | None = entity
    while at is not None and not isinstance(at, kinds):
        at = at.parent
    return at


def _bar_entity(entity: Entity) -> Entity | None:
    """The placement or aim on whose bar something lies."""
    return _above(entity, Placement, Aim)


def _letters(flaws: list[Flaw]) -> dict[str, str]:
    """Rule → letter, errors first, then those that lie on a date."""
    order: dict[str, tuple[int, bool]] = {}
    for flaw in flaws:
        rank = (_WORST.index(flaw.severity), _day_of(flaw) is None)
        order[flaw.rule] = min(rank, order.get(flaw.rule, rank))
    ranked = sorted(order, key=lambda rule: order[rule])
    return {
        rule: chr(ord("A") + place) if place < MAX_RULES else OTHERS
        for place, rule in enumerate(ranked)
    }


def _named(flaws: list[Flaw], letters: dict[str, str], drawn: list[Bar]) -> tuple[Flagged, ...]:
    """The rules with a letter that stands in the picture."""
    places: dict[str, list[str]] = {}
    for bar in drawn:
        for mark in bar.marks:
            on = f" on {_uk(mark.day)}" if mark.day else ""
            places.setdefault(mark.letter, []).append(f"{_name(bar, drawn)}{on}")
    first = {flaw.rule: flaw for flaw in reversed(flaws)}
    return tuple(
        Flagged(letter, rule, first[rule].title, first[rule].severity, tuple(places[letter]))
        for rule, letter in letters.items()
        if letter in places and letter != OTHERS
    )


def _name(bar: Bar, bars: list[Bar]) -> str:
    """``placement 1 of aim 2``."""
    if bar.kind == "aim":
        name, _, reference = bar.label.partition(" · ")
        return name.lower() if " " in name or not reference else f"aim {reference}"
    its_aim = next(other for other in bars if other.kind == "aim" and other.aim == bar.aim)
    return f"{bar.label.lower()} of {_name(its_aim, bars)}"


def _bars(
    at: int, aim: Aim, flaws: list[Flaw], letters: dict[str, str], about: Callable[[Aim], str]
) -> list[Bar]:
    """An aim's bar and those of its placements."""

    def marks(entity: Entity) -> tuple[Mark, ...]:
        mine = (flaw for flaw in flaws if _bar_entity(flaw.entity) is entity)
        found = (Mark(letters[f.rule], f.severity, _day_of(f)) for f in mine)
        return tuple(sorted(dict.fromkeys(found), key=_mark_order))

    sequence, reference = _value(aim, "AimSeqNumber"), _value(aim, "LearnAimRef")
    label = f"Aim {sequence}" if isinstance(sequence, int) and 0 <= sequence <= 99 else "Aim"
    if isinstance(reference, str) and _REFERENCE.fullmatch(reference):
        label += f" · {reference}"
    model = _value(aim, "FundModel")
    detail = [
        _ROLES.get(_number(aim, "AimType"), ""),
        f"model {model}" if isinstance(model, int) and 0 <= model <= 99 else "",
    ]
    found = marks(aim)
    bars = [
        Bar(
            "aim", at, label, _with(_dotted(detail), about(aim), found),
            _day(aim, "LearnStartDate"), _day(aim, "LearnPlanEndDate"),
            _day(aim, "LearnActEndDate"), found,
        )
    ]  # fmt: skip
    for number, placement in enumerate(aim.of(Placement), 1):
        hours = _number(placement, "WorkPlaceHours")
        detail = [
            _MODES.get(_number(placement, "WorkPlaceMode"), ""),
            _count(hours, "hour") if 0 <= hours <= 9_999 else "",
        ]
        bars.append(
            Bar(
                "placement", at, f"Placement {number}", _dotted(detail),
                _day(placement, "WorkPlaceStartDate"), _day(placement, "WorkPlaceEndDate"),
                marks=marks(placement),
            )
        )  # fmt: skip
    return bars


def _mark_order(mark: Mark) -> tuple[date, bool, str]:
    """By day, and those without a name of their own last."""
    return mark.day or date.min, mark.letter == OTHERS, mark.letter


def _most(bars: list[Bar]) -> list[Bar]:
    """Those that are drawn: with findings first, and never a placement without its aim."""
    if len(bars) <= MAX_BARS:
        return bars
    aim_of = {bar.aim: place for place, bar in enumerate(bars) if bar.kind == "aim"}
    kept: set[int] = set()
    for place in sorted(range(len(bars)), key=lambda p: not bars[p].marks):
        wanted = kept | {place, aim_of[bars[place].aim]}
        if len(wanted) <= MAX_BARS:
            kept = wanted
    return [bars[place] for place in sorted(kept)]


def _day_of(flaw: Flaw) -> date | None:
    """The date a finding lies on: the field its rule is named after, else its first field."""
    named = flaw.rule.rpartition("_")[0]
    first = [field.rpartition(".") for field in flaw.fields[:1]]
    names = [named, *(name for owner, _, name in first if owner in ("", flaw.entity.name))]
    days = (_day(flaw.entity, name) for name in names)
    return next((day for day in days if day is not None), None)


def _qualifying(aims: list[Aim], year: AcademicYear, days: int | None) -> tuple[date, date] | None:
    """The year's qualifying period of a 16 to 19 programme.

    From the programme's start in the year; a continuing programme's is counted from 1 August.
    None for other funding, and for programmes so short that another period may hold.
    """
    study = [aim for aim in aims if _number(aim, "FundModel") == _STUDY_PROGRAMMES]
    starts = [day for aim in study if (day := _day(aim, "LearnStartDate")) is not None]
    ends = [day for aim in study if (day := _day(aim, "LearnPlanEndDate")) is not None]
    if days is None or not starts or not ends or max(ends) - min(starts) < SHORT_PROGRAMME:
        return None
    first = max(min(starts), year.start)
    if first > year.end or max(ends) < year.start:
        return None
    return first, first + timedelta(days=days - 1)


def _value(entity: Entity, name: str) -> object:
    """A field's value; None when not returned or not readable."""
    try:
        return getattr(entity, name, None)
    except CannotTell:
        return None


def _day(entity: Entity, name: str) -> date | None:
    value = _value(entity, name)
    return value if isinstance(value, date) else None


def _number(entity: Entity, name: str) -> int:
    """A whole number; -1 when there is none."""
    value = _value(entity, name)
    return value if isinstance(value, int) else -1


def _in_words(bar: Bar) -> str:
    detail = f" ({bar.detail.replace(' · ', ', ')})" if bar.detail else ""
    standing = f", {bar.standing}" if bar.standing else ""
    return f"{bar.label.replace(' · ', ' ')}{detail}: {bar.dates.replace('–', 'to')}{standing}."


def _with(detail: str, about: str, marks: Sequence[Mark]) -> str:
    """What is said below an aim's name, and as much more as the marks beside it leave room for."""
    undated = sum(mark.day is None for mark in marks)
    room = MAX_DETAIL - ROOM_OF_A_MARK * min(undated, 5)
    text = _dotted([detail, about])
    if len(text) <= room:
        return text
    return f"{text[: room - 1].rstrip()}…" if room > len(detail) + 8 else detail


def _dotted(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _listed(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _count(number: int, word: str) -> str:
    if word == "point to check":
        return f"{number:,} {'point' if number == 1 else 'points'} to check"
    return f"{number:,} {word}{'s' * (number != 1)}"


def _uk(day: date) -> str:
    return f"{day:%d/%m/%Y}"

"""Make a timeline of a record that was checked: whose, which bars, and where the findings lie."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.errors import InputError
from bot.ilr.absent import CannotTell
from bot.ilr.record import Aim, Entity, Learner, Message, Placement
from bot.ilr.timeline import (
    OTHERS,
    WORST,
    Bar,
    DateState,
    Flagged,
    Mark,
    Timeline,
    counted,
    uk,
)
from bot.years import AcademicYear

__all__ = ["MAX_BARS", "Flaw", "timeline"]

MAX_BARS = 160
"""Aims and placements in one picture; more would be taller than what shows pictures takes."""
MAX_RULES = 8
"""Rules named below it, each with a letter."""
MAX_DETAIL = 54
"""Characters of what is said below an aim's name: as many as stand left of the bars."""
ROOM_OF_A_MARK = 4
"""Characters that a mark without a date takes of them."""
SHORT_PROGRAMME = timedelta(weeks=24)
"""Programmes shorter than this may have another qualifying period (knowledge/ilr/years.yaml)."""

_STUDY_PROGRAMMES = 25
_ROLES = {1: "programme aim", 3: "component aim", 4: "stand-alone aim", 5: "core aim"}
_MODES = {1: "internal", 2: "external"}
_REFERENCE = re.compile(r"[A-Z0-9]{1,8}")


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
    others: Sequence[Entity] = ()
    """What else the rule is about: of two placements on one day, the other one."""


def timeline(
    message: Message,
    flaws: Iterable[Flaw],
    *,
    year: AcademicYear,
    on: date,
    qualifying_days: int | None = None,
    wanted: str | None = None,
    about: Callable[[Aim], str] = lambda aim: "",
) -> Timeline | None:
    """The dates of one learner: the first with findings on an aim, else the first with aims.

    ``qualifying_days``: length of the period in which planned hours settle, for a 16 to 19
    programme. ``wanted``: the learner's reference number, or their place among the learners.
    ``about``: what else to say of an aim, its title say. None when there is no aim to show.
    Raises InputError when the learner who is wanted is not there or has no aim.
    """
    learners = message.learners
    by_learner: dict[int, list[Flaw]] = defaultdict(list)
    for flaw in flaws:
        by_learner[id(_above(flaw.entity, Learner))].append(flaw)
    with_aims = [learner for learner in learners if learner.of(Aim)]
    if wanted is not None:
        with_aims = [_wanted(learners, wanted)]
    if not with_aims:
        return None
    chosen = next(
        (one for one in with_aims if any(_bar_entity(f.entity) for f in by_learner[id(one)])),
        with_aims[0],
    )
    aims = chosen.of(Aim)
    mine = by_learner[id(chosen)]
    on_bars = [flaw for flaw in mine if _bar_entity(flaw.entity) is not None]
    shown_as = _common_gaps(on_bars, aims)
    letters = _letters(on_bars, shown_as)
    marks = _marks(on_bars, {rule: letters[name] for rule, name in shown_as.items()})
    bars = [bar for at, aim in enumerate(aims) for bar in _bars(at, aim, marks, about)]
    entities = [one for aim in aims for one in (aim, *aim.of(Placement))]
    kept = _most(bars)
    drawn = [bars[place] for place in kept]
    ids = {id(entities[place]) for place in kept}
    return Timeline(
        year=year,
        on=on,
        bars=tuple(drawn),
        aims=len(aims),
        placements=sum(len(aim.of(Placement)) for aim in aims),
        rules=_named(on_bars, letters, shown_as, drawn),
        other_rules=sum(letter == OTHERS for letter in letters.values()),
        marked=tuple(f.severity for f in on_bars if id(_bar_entity(f.entity)) in ids),
        elsewhere=len(mine) - len(on_bars),
        left_out=len(bars) - len(drawn),
        qualifying=_qualifying(aims, year, qualifying_days),
        which=(learners.index(chosen) + 1, len(learners)),
    )


def _wanted(learners: Sequence[Learner], wanted: str) -> Learner:
    """The learner of that reference number, or at that place from 1. Raises InputError."""
    sought = wanted.strip().casefold()
    found = [one for one in learners if one.shown("LearnRefNumber").strip().casefold() == sought]
    if not found and sought.isascii() and sought.isdigit():
        found = list(learners[int(sought) - 1 : int(sought)]) if int(sought) else []
    if not found:
        raise InputError(
            "No learner of this record has that reference number. Give a LearnRefNumber that is "
            f"in it, or a place from 1 to {len(learners):,}."
        )
    if not found[0].of(Aim):
        raise InputError("That learner has no aim, so there is nothing to draw.")
    return found[0]


def _above(entity: Entity, *kinds: type[Entity]) -> Entity | None:
    at: Entity | None = entity
    while at is not None and not isinstance(at, kinds):
        at = at.parent
    return at


def _bar_entity(entity: Entity) -> Entity | None:
    """The placement or aim on whose bar something lies."""
    return _above(entity, Placement, Aim)


def _common_gaps(flaws: list[Flaw], aims: Sequence[Aim]) -> dict[str, str]:
    """Rule → what it is shown as: itself, or "Every aim" where every aim breaks it, on no date.

    A paste that lacks four columns has four findings on each aim. They say one thing, and with
    a letter each nothing else would be seen.
    """
    shown_as = {flaw.rule: flaw.rule for flaw in flaws}
    placements = [placement for aim in aims for placement in aim.of(Placement)]
    for name, bars in (("Every aim", aims), ("Every placement", placements)):
        everywhere = {id(bar) for bar in bars}
        found: dict[str, set[int]] = defaultdict(set)
        for flaw in flaws:
            found[flaw.rule].add(0 if _day_of(flaw) else id(_bar_entity(flaw.entity)))
        common = [rule for rule, where in found.items() if where == everywhere]
        if len(bars) > 1 and len(common) > 1:
            shown_as.update(dict.fromkeys(common, name))
    return shown_as


def _letters(flaws: list[Flaw], shown_as: dict[str, str]) -> dict[str, str]:
    """What a rule is shown as → letter, errors first, then those that lie on a date."""
    order: dict[str, tuple[int, bool]] = {}
    for flaw in flaws:
        rank = (WORST.index(flaw.severity), _day_of(flaw) is None)
        name = shown_as[flaw.rule]
        order[name] = min(rank, order.get(name, rank))
    ranked = sorted(order, key=lambda name: order[name])
    return {
        name: chr(ord("A") + place) if place < MAX_RULES else OTHERS
        for place, name in enumerate(ranked)
    }


def _marks(flaws: list[Flaw], letters: dict[str, str]) -> dict[int, tuple[Mark, ...]]:
    """The marks on each bar, by the identity of its aim or placement."""
    worst: dict[str, str] = {}
    for flaw in sorted(flaws, key=lambda one: WORST.index(one.severity)):
        worst.setdefault(letters[flaw.rule], flaw.severity)
    found: dict[int, dict[tuple[str, date | None], Mark]] = defaultdict(dict)
    for flaw in flaws:
        letter = letters[flaw.rule]
        severity = flaw.severity if letter == OTHERS else worst[letter]
        day = _day_of(flaw)
        found[id(_bar_entity(flaw.entity))][letter, day] = Mark(letter, severity, day)
        for other in flaw.others:
            day = _day_of(replace(flaw, entity=other))
            on_other = found[id(_bar_entity(other))]
            on_other.setdefault((letter, day), Mark(letter, severity, day, again=True))
    return {at: tuple(sorted(marks.values(), key=_mark_order)) for at, marks in found.items()}


def _named(
    flaws: list[Flaw], letters: dict[str, str], shown_as: dict[str, str], drawn: list[Bar]
) -> tuple[Flagged, ...]:
    """The rules with a letter that stands in the picture."""
    places: dict[str, list[str]] = {}
    for bar in drawn:
        for mark in bar.marks:
            on = f" on {uk(mark.day)}" if mark.day else ""
            places.setdefault(mark.letter, []).append(f"{_name(bar, drawn)}{on}")
    titles: dict[str, list[str]] = defaultdict(list)
    severities: dict[str, list[str]] = defaultdict(list)
    for flaw in flaws:
        name = shown_as[flaw.rule]
        if flaw.title not in titles[name]:
            titles[name].append(flaw.title)
        severities[name].append(flaw.severity)
    return tuple(
        Flagged(
            letter,
            name,
            titles[name][0] if name in shown_as else "; ".join(titles[name]),
            min(severities[name], key=WORST.index),
            tuple(places[letter]) if name in shown_as else (),
        )
        for name, letter in letters.items()
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
    at: int, aim: Aim, marks: dict[int, tuple[Mark, ...]], about: Callable[[Aim], str]
) -> list[Bar]:
    """An aim's bar and those of its placements."""
    sequence, reference = _value(aim, "AimSeqNumber"), _value(aim, "LearnAimRef")
    label = f"Aim {sequence}" if isinstance(sequence, int) and 0 <= sequence <= 99 else "Aim"
    if isinstance(reference, str) and _REFERENCE.fullmatch(reference):
        label += f" · {reference}"
    model = _value(aim, "FundModel")
    detail = [
        _ROLES.get(_number(aim, "AimType"), ""),
        f"model {model}" if isinstance(model, int) and 0 <= model <= 99 else "",
    ]
    found = marks.get(id(aim), ())
    bars = [
        Bar(
            "aim", at, label, _with(_dotted(detail), about(aim), found),
            _day(aim, "LearnStartDate"), _day(aim, "LearnPlanEndDate"),
            _day(aim, "LearnActEndDate"),
            found,
            (_state(aim, "LearnStartDate"), _state(aim, "LearnPlanEndDate"),
             _state(aim, "LearnActEndDate")),
        )
    ]  # fmt: skip
    for number, placement in enumerate(aim.of(Placement), 1):
        hours = _number(placement, "WorkPlaceHours")
        detail = [
            _MODES.get(_number(placement, "WorkPlaceMode"), ""),
            counted(hours, "hour") if 0 <= hours <= 9_999 else "",
        ]
        bars.append(
            Bar(
                "placement", at, f"Placement {number}", _dotted(detail),
                _day(placement, "WorkPlaceStartDate"), _day(placement, "WorkPlaceEndDate"),
                marks=marks.get(id(placement), ()),
                states=(_state(placement, "WorkPlaceStartDate"),
                        _state(placement, "WorkPlaceEndDate"), "given"),
            )
        )  # fmt: skip
    return bars


def _mark_order(mark: Mark) -> tuple[date, bool, str]:
    """By day, and those without a name of their own last."""
    return mark.day or date.min, mark.letter == OTHERS, mark.letter


def _most(bars: list[Bar]) -> list[int]:
    """Places of those that are drawn: with findings first, and no placement without its aim."""
    if len(bars) <= MAX_BARS:
        return list(range(len(bars)))
    aim_of = {bar.aim: place for place, bar in enumerate(bars) if bar.kind == "aim"}
    kept: set[int] = set()
    for place in sorted(range(len(bars)), key=lambda p: not bars[p].marks):
        wanted = kept | {place, aim_of[bars[place].aim]}
        if len(wanted) <= MAX_BARS:
            kept = wanted
        if len(kept) == MAX_BARS:
            break
    return sorted(kept)


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


def _state(entity: Entity, name: str) -> DateState:
    """What there is of a date."""
    if _day(entity, name) is not None:
        return "given"
    if name in entity.texts:
        return "unreadable" if entity.texts[name].strip() else "blank"
    return "unpasted" if entity.partial else "blank"


def _number(entity: Entity, name: str) -> int:
    """A whole number; -1 when there is none."""
    value = _value(entity, name)
    return value if isinstance(value, int) else -1


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

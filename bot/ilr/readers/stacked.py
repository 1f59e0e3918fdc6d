"""Lines of a list as they belong together: a name above its value, or torn from it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.ilr.readers.collector import is_confident
from bot.ilr.readers.continued import continued
from bot.ilr.readers.learner_lines import learner_heading
from bot.ilr.readers.list_headings import heading_of
from bot.ilr.readers.list_lines import bare_line
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.pairs import is_of_person, pairs
from bot.ilr.readers.part_lines import type_of_name
from bot.ilr.readers.phrases import AIM, PLACEMENT
from bot.ilr.readers.rejoined import rejoined
from bot.ilr.readers.side_by_side import halves, where_halves_part
from bot.ilr.readers.values import read_value

__all__ = ["lines_of"]

_ONLY_A_NAME = re.compile(r"[A-Za-z](?:[\w &/().'’-]{0,78}[\w)])?:?")


def lines_of(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines of a list; a heading in front of names and values is a line of its own:
    "Placement 1   Start 05/10/2026   End 16/10/2026"."""
    place = where_halves_part(lines)
    for number, line in _named_above(rejoined(continued(lines))):
        if place is not None and len(parts := halves(line, place)) > 1:
            for part in parts:
                yield number, part
            continue
        first, *rest = _GAP.split(bare_line(line), maxsplit=1)
        heads = bool(rest) and heading_of(first) in {(one, "") for one in (AIM, PLACEMENT)}
        heads = (heads and not names().look_up(first).known) or _names_learner(line, first)
        if heads and rest and pairs(rest[0]):
            yield number, first
            yield number, rest[0]
        else:
            yield number, line


def _names_learner(line: str, first: str) -> bool:
    """Whether a learner's name and reference stand in front of their fields: "BOWCOTT, Gethin
    (CT26367)    ULN: 5580713347    DOB: 14/03/2007"."""
    return (
        first.endswith(")")
        and learner_heading(first) is not None
        and learner_heading(bare_line(line)) is None
    )


_GAP = re.compile(r"\t+|\s{2,}|\s*\|\s*")


def _named_above(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; a name alone on a line takes the value on the next.

    So does a screen's form when it is copied. The pair has the value's line.
    """
    if _values_above(lines):
        filled_lines = [
            (number, bare_line(line)) for number, line in enumerate(lines, 1) if bare_line(line)
        ]
        for (number, text), (_, name) in zip(filled_lines[::2], filled_lines[1::2], strict=True):
            yield number, f"{name}: {text}"
        return
    if (turns := _in_turn(lines)) is not None:
        yield from turns
        return
    waiting: tuple[int, str] | None = None
    # Below one such pair a single word is a name too: "Hours" over "315".
    running = False
    for number, line in enumerate(lines, 1):
        bare = bare_line(line)
        if waiting is not None and bare:
            name = waiting[1].rstrip(": ")
            if _is_value(name, bare):
                yield number, f"{type_of_name(name) or name}: {bare}"
                waiting, running = None, True
                continue
            yield waiting[0], f"{name}:"
            waiting = None
        if bare and _is_name(bare, running):
            waiting = (number, bare)
        else:
            yield number, line
    if waiting is not None:
        yield waiting[0], waiting[1].rstrip(": ") + ":"


def _values_above(lines: list[str]) -> bool:
    """Whether each value stands above its name, as some screens' cards are copied."""
    bare = [found for line in lines[:400] if (found := bare_line(line))]
    if len(bare) < 4 or len(bare) % 2:
        return False
    pairs_of_two = list(zip(bare[::2], bare[1::2], strict=True))
    return all(
        names().look_up(name).known
        and not names().look_up(value).known
        and not re.search(r"[:=\t]\s", value)
        for value, name in pairs_of_two
    ) and any(is_confident(names().look_up(name), value) for value, name in pairs_of_two)


_LEAST_IN_TURN = 10


def _in_turn(lines: list[str]) -> list[tuple[int, str]] | None:
    """Names and values in turn, as a page's labels are copied: all of them as pairs, those with a
    name that is not known as well; None where lines do not take turns so."""
    filled = [(number, bare) for number, line in enumerate(lines, 1) if (bare := bare_line(line))]
    if not _LEAST_IN_TURN <= len(filled) <= 400 or len(filled) % 2:
        return None
    labels = [names().look_up(bare) for _, bare in filled]
    # "ACT 1" is a value, though it begins with a name.
    told = [
        (label.known or label.person or label.ignored) and not re.search(r"\d$", label.said)
        for label in labels
    ]
    heads = sum(told[::2])
    if heads * 10 < len(told[::2]) * 7 or any(told[1::2]):
        return None
    if any(pairs(value) for _, value in filled[1::2]):
        return None
    if any(re.search(r"[:=\t]\s|\d{2}|\s{2}", bare) for _, bare in filled[::2]):
        return None
    sure = sum(
        is_confident(label, value)
        for label, (_, value) in zip(labels[::2], filled[1::2], strict=True)
    )
    if sure * 2 < heads:
        return None
    pairs_of_two = zip(filled[::2], filled[1::2], strict=True)
    return [(number, f"{name}: {value}") for (_, name), (number, value) in pairs_of_two]


def _is_name(bare: str, running: bool = False) -> bool:
    """Whether a line is a field's name and no more, and nothing else's heading."""
    if len(bare) > 80 or not _ONLY_A_NAME.fullmatch(bare):
        return False
    label = names().look_up(bare.rstrip(": "))
    if type_of_name(bare.rstrip(": ")) is not None or _dates_a_type(label):
        return True
    if label.person or (label.ignored and running):
        return True
    if running and not label.known:
        return names().look_up(f"placement {label.said}").known
    if not label.known or label.number is not None or label.fam_type is not None:
        return False
    alone = label.official or " " in bare or bare.endswith(":")
    return heading_of(bare) is None and (running or alone)


def _dates_a_type(label: Label) -> bool:
    """Whether a name is of a FAM's date: "ALB Date From"."""
    return label.fam_type is not None and bool(label.places) and "Date" in label.places[0][1]


_IS_A_PAIR = re.compile(r"[A-Za-z][^\d:=\t]{1,60}(?:[:=]|\t)\s{0,9}(?=\S)")
"""A name with a value of its own: "Term time accom: 7"."""
_CAPITALS = re.compile(r"[^\W\d_a-z][\w'’-]+(?:,? [^\W\d_a-z][\w'’-]*){1,3}")
"""A person's name: two to four words, each with a capital."""


def _is_value(name: str, bare: str) -> bool:
    label = names().look_up(name)
    if _IS_A_PAIR.match(bare):
        return False  # the name above was left blank
    if (kind := type_of_name(name)) is not None:
        return re.fullmatch(rf"(?:{kind})?\s?\d{{1,3}}", bare) is not None
    if label.person or label.ignored:
        words = not re.search(r"[:=\t]", bare) and len(bare) <= 60
        free = not _is_name(bare) and heading_of(bare) is None and not names().look_up(bare).places
        return words and free and (label.ignored or bool(_CAPITALS.fullmatch(bare)))
    if not label.known:
        return bare.isdigit()
    read = read_value(label.places[0][1], bare)
    short = bool(re.fullmatch(r"[A-Za-z]|(?=\w*\d)[A-Za-z0-9/-]{1,12}", bare))
    fits = read.fits and bool(read.text) and not _is_name(bare)
    if is_confident(label, bare) or read.day is not None or (short and fits):
        return True
    of_person = fits and is_of_person(label.places[0][1], bare)
    return of_person and heading_of(bare) is None and not names().look_up(bare).places

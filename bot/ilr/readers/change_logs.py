"""A log of changes as a list of fields: of "Field, Was, Now, Changed by, When" the values that hold
now. Who made a change, and when, is nobody's value.

Of logs in columns by spaces, where what was blank before can only be told by where a cell stands;
with tabs or bars they are tables.
"""

from __future__ import annotations

import re

from bot.ilr.raw import Remark
from bot.ilr.readers.field_rows import NEW_WERE_READ
from bot.ilr.readers.names import is_everybodys, names
from bot.ilr.readers.table_lines import CELL

__all__ = ["changes_told"]

_FIELD = re.compile(
    r"(?:(?:ilr|data) )?(?:fields?|items?|elements?|attributes?|columns?|what)(?: ?names?)?"
    r"(?: changed)?", re.I
)  # fmt: skip
_OLD = re.compile(
    r"(?:old|previous|prev|former|was|before|from|existing|original)(?: ?values?)?", re.I
)
_NEW = re.compile(
    r"(?:new|now|after|to|current|amended|updated|changed to|revised)(?: ?values?)?", re.I
)
_GONE = re.compile(r"[(\[<]?(?:deleted?|removed?|none|null|cleared|blank|empty)[)\]>]?", re.I)
_LOOKED_AT = 60
_LEFT = "This row takes a value away, or its cells are not under their headings; it was not read."
_TWICE = "This field was changed twice and it is not clear which change came last; it was not read."
_SUBJECT = re.compile(r"[A-Za-z][\w /-]{1,40}(?:[:# ] ?\S{1,40})?")
_TITLE = re.compile(
    r".{0,120}\b(?:audit|change|changes|amendments|history|log|trail|edits)\s(?:for|of|to|on)\s"
    r"(?:(?:learner|student)\s(?:ref\w*\s)?)?(?P<ref>(?=[A-Za-z/-]{0,4}\d)[A-Za-z0-9/-]{4,12})"
    r"(?![\w/])(?:\s?\((?:20)?\d\d[/-](?:20)?\d\d\))?(?P<more>.*)",
    re.IGNORECASE,
)

Span = tuple[int, int, str]


def changes_told(text: str, remarks: list[Remark]) -> str:
    """The text with such a log's rows as "name: value"; lines stay lines."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:_LOOKED_AT]):
        heads = _spans(line)
        found = _columns([words for _, _, words in heads])
        if found is None:
            continue
        lines[:at] = [_TITLE.sub(_titled, above, count=1) for above in lines[:at]]
        lines[at] = ""
        remarks.append(Remark(at + 1, NEW_WERE_READ))
        before: dict[str, tuple[int, str, str]] = {}
        for below in range(at + 1, len(lines)):
            cells = _spans(lines[below])
            if not cells or set(lines[below]) <= set(" +-=_"):
                continue
            if len(cells) == 1 and _SUBJECT.fullmatch(cells[0][2]):
                before = {}
                lines[below] = cells[0][2]  # what the rows below it are of: "Aim 60338117"
                continue
            if len(cells) < 3:
                break
            told = _told(cells, heads, found)
            if told is None or _GONE.fullmatch(told[1]):
                remarks.append(Remark(below + 1, _LEFT))
                lines[below] = ""
                continue
            name, now, was = told
            lines[below] = f"{name}: {now}"
            if name in before:
                earlier, its_now, its_was = before[name]
                if its_was == now and its_now != was:
                    lines[below] = ""  # the newest change stands first
                    continue
                lines[earlier] = ""
                if its_now != was:
                    lines[below] = ""
                    remarks += [Remark(one + 1, _TWICE) for one in (earlier, below)]
            before[name] = below, now, was
        return "\n".join(lines)
    return text


def _titled(title: re.Match[str]) -> str:
    """Whose changes they are: "Audit trail for 26055183 (26/27), ULN …"."""
    return f"Learner ref: {title['ref']}, {(title['more'] or '').lstrip(' ,;')}".rstrip(" ,")


def _spans(line: str) -> list[Span]:
    """The cells of a line with two spaces between, and where each begins and ends."""
    return [(*found.span(), found[0]) for found in CELL.finditer(line)] if "\t" not in line else []


def _columns(heads: list[str]) -> tuple[int, int, int] | None:
    """Where the fields' names, their values and their former values stand. Other columns hold who
    made a change, and when; one of a field's name would say whose it is."""
    kinds = (_FIELD, _NEW, _OLD)
    places = [[at for at, one in enumerate(heads) if kind.fullmatch(one)] for kind in kinds]
    if any(len(at) != 1 for at in places):
        return None
    [named], [new], [old] = places
    rest = [names().look_up(one) for at, one in enumerate(heads) if at not in {named, new, old}]
    if any(label.known and not is_everybodys(label) for label in rest):
        return None
    return (named, new, old) if named == 0 < min(new, old) else None


def _told(
    cells: list[Span], heads: list[Span], found: tuple[int, int, int]
) -> tuple[str, str, str] | None:
    """A row's name, its value and the one it had; None where a cell stands under no heading, or
    under two."""
    columns: dict[int, str] = {}
    for n, (start, _, words) in enumerate(cells):
        if not n:
            columns[found[0]] = words  # names are indented below what they are of
            continue
        at = [h for h, (begin, *_) in enumerate(heads) if abs(begin - start) <= 1]
        if len(at) != 1 or at[0] in columns:
            return None
        columns[at[0]] = words
    name, value = columns.get(found[0], ""), columns.get(found[1], "")
    return (name, value, columns.get(found[2], "")) if name and value else None

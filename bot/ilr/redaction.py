"""A copy of a record with invented people in it, to show to colleagues.

Layout, dates of learning, hours, codes and everything else stay as they are. What could
identify a learner is replaced, the same value always by the same invention, under a key that
is made anew for every copy and kept nowhere: nobody can get back from the copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.errors import InputError
from bot.ilr.inventions import Inventor
from bot.ilr.readers.dates import read_date
from bot.ilr.readers.decoding import MAX_PASTE_SIZE, text_of
from bot.ilr.readers.detect import read
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.grouped_aims import group_cells
from bot.ilr.readers.learner_lines import learner_told
from bot.ilr.readers.list_lines import parts_below
from bot.ilr.readers.names import names
from bot.ilr.readers.part_lines import type_described
from bot.ilr.readers.space_columns import with_whole_cells
from bot.ilr.readers.tables import cells_of, is_header
from bot.ilr.readers.violations import layout_of
from bot.ilr.redaction_columns import Spot, beside_field_names, cut_names, header, in_columns, spans
from bot.ilr.redaction_forms import end_of_value, is_unchosen, misspelt_labels, pairs_on, spelt_out
from bot.ilr.redaction_kinds import (
    KINDS,
    OF_FINDING,
    is_note,
    is_reference,
    kind_of_heading,
    kind_of_label,
)
from bot.ilr.redaction_layout import Layout
from bot.privacy import is_field_like, loose_numbers, references, seems_personal

__all__ = ["redact"]

_NAME_PATTERN = "|".join(sorted((name for name in KINDS if KINDS[name] != "keep"), key=len)[::-1])
_ELEMENT = re.compile(
    rf"(?:<|&lt;)(?:[\w.-]{{1,60}}:)?({_NAME_PATTERN})(?:\s[^<>\n]{{0,200}})?(?:>|&gt;)"
    r"(?:<!\[CDATA\[)?([^<&\]]*(?:&(?!lt;)[^<&\]]*)*)"
)
_JSON = re.compile(r'"([\w @:./-]{2,60})"\s{0,9}:\s{0,9}(?:"((?:[^"\\\n]|\\.)*)"|(\d+))')
_OWN_JSON = re.compile(
    r'"name"\s{0,9}:\s{0,9}"(\w{2,40})"\s{0,9},\s{0,9}"value"\s{0,9}:\s{0,9}"((?:[^"\\\n]|\\.)*)"'
)
_PAIRED = re.compile(rf"\b({_NAME_PATTERN})=((?:(?!&\w+=|\s+\w+=)[^|,;\t\n\"<>])+)")
"""Field values as the rule violation report writes them."""
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2} ?[-/. ] ?\d{1,2} ?[-/. ] ?(?:\d{4}|\d\d)"
    r"|\d{1,2}(?:st|nd|rd|th)?[ -]?(?:of )?[A-Za-z]{3,9}\.?[ ,'’-]{1,2}(?:\d{4}|\d\d)"
    r"|[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|(?<!\d)\d{5}(?!\d)|(?:19|20)\d{6}"
)
_LABELLED = re.compile(
    r"^[ \t>*_`#•-]{0,12}([A-Za-z][\w ./()-]{1,60}?)[*_`]{0,3}[ ]{0,4}"
    r"(?::|=|\t|->|→)[ \t*]{0,6}(\S[^\n\t]*)$",
    re.MULTILINE,
)
_NAME_LIKE = re.compile(r"(?i)name\b|\b(?:by|contact|who)\b")
"""A label that is not known, and says that somebody is named behind it."""
_ROW_KEY = re.compile(r"[\"' ]{0,3}([A-Z]{0,3}-?\d{4,10}[A-Z]?)[\"' ]{0,3}[\t,;|]")
_ENCODING = re.compile(r"(<\?xml[^>]{0,200}encoding=[\"'])[^\"']{1,40}([\"'])")

_REFERENCE_FIRST = re.compile(r"((?=[A-Za-z/-]*\d)[A-Za-z0-9/-]{3,12})(?:\s*$|,\s)")
"""A reference, and what may follow on its line: "DT81120, ULN 6012377884, aim …"."""
_NICKNAME = re.compile(r"\s*\([A-Za-z'’-]+\)")
"""What somebody is called behind their name: "Rosamund (Rosie)"."""
_DAY = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b")
_ADDRESSED = re.compile(r"=[^\s&]*&\w+=")
"""Fields as a page's address holds them, which `_PAIRED` finds."""
_NUMBER = re.compile(r"\+?\d[\d ()-]{5,20}\d")
_ADDRESS = re.compile(r"[\w.+'-]{1,80}@[\w.-]{1,80}\w")


def redact(given: str | bytes) -> str:
    """The text with every personal detail replaced by an invented one, layout kept.

    Raises InputError when it is too large, or no text.
    """
    if len(given) > MAX_PASTE_SIZE:
        raise InputError(
            f"This is larger than {MAX_PASTE_SIZE // 1_000_000} MB. Redact one learner at a time."
        )
    text = spelt_out(_ENCODING.sub(r"\1UTF-8\2", text_of(given), count=1))
    text = with_whole_cells(text)  # half a number is nobody's, and would stay
    inventor, layout = Inventor(), Layout(text)
    found = [_only_what_names(text, spot) for spot in _by_field(text)]
    seen = [_only_what_names(text, spot) for spot in _by_sight(text)]
    groups = group_cells(text)
    spots = [
        spot
        for spot in _in_order(text, [*found, *seen, *_row_keys(text)])
        if not any(start <= spot.start and spot.end <= end for start, end in groups)
    ]
    for spot in spots:
        inventor.note(text[spot.start : spot.end], spot.kind, layout.room(spot.end))
    parts, reached = [], 0
    for spot in spots:
        value = text[spot.start : spot.end]
        parts.append(layout.between(reached, spot.start, inventor.elsewhere))
        parts.append(layout.instead(value, inventor.invent(value, spot.kind)))
        reached = spot.end
    parts.append(layout.between(reached, len(text), inventor.elsewhere))
    return "".join(parts)


def _only_what_names(text: str, spot: Spot) -> Spot:
    """A value up to what is none of it: a number behind a name is replaced as what it is."""
    value = text[spot.start : spot.end].rstrip()
    if (length := end_of_value(value)) < len(value) and not _NICKNAME.fullmatch(value[length:]):
        return Spot(spot.start, spot.start + length, spot.kind)
    if spot.kind not in {"family", "given", "full"}:
        return spot
    stop = re.search(
        r"[ ]{2,}|[|\d<]|\((?![A-Za-z'’-]+\))|[\"'],? [\w.:]+=", text[spot.start : spot.end]
    )
    return Spot(spot.start, spot.start + stop.start(), spot.kind) if stop else spot


# --- Where -------------------------------------------------------------------------------


def _by_field(text: str) -> Iterator[Spot]:
    """Values of personal fields: in elements, columns, lists and JSON."""
    for match in _ELEMENT.finditer(text):
        yield Spot(match.start(2), match.end(2), KINDS[match[1]])
    for match in _OWN_JSON.finditer(text):
        if match[1] in KINDS:
            yield Spot(match.start(2), match.end(2), KINDS[match[1]])
    aims = _aims_read(text)
    for match in _JSON.finditer(text):
        kind = kind_of_label(match[1])
        # {"name": "ULN", "value": …} names a field, and nobody.
        if kind and match[2] not in aims and not names().look_up(match[2] or "").known:
            group = 2 if match[2] is not None else 3
            yield Spot(match.start(group), match.end(group), kind)
    for match in _PAIRED.finditer(text):
        yield Spot(match.start(2), match.end(2), KINDS[match[1]])
    several = _line_starts_of_pairs(text)
    for start, line in several.items():
        for label, _, first, last in pairs_on(line):
            kind = kind_of_label(label.said) or kind_of_heading(label.said, line[first:last])
            if label.person and re.search(r"\d", line[first:last]):
                kind = "shape"
            if kind is None and not label.places and _NAME_LIKE.search(label.said):
                kind = "full"
            if kind and line[first:last] not in aims:
                yield Spot(start + first, start + last, kind)
    for match in _LABELLED.finditer(text):
        if text.rfind("\n", 0, match.start(1)) + 1 in several or _ADDRESSED.search(match[0]):
            continue
        if told := list(_learner_told(match[1], match[2], match.start(2))):
            yield from told
            continue
        kind = kind_of_label(match[1]) or kind_of_heading(match[1], match[2])
        if kind is None and is_note(match[1]):
            kind = "note"
        if kind == "note" and parts_below(match[0].strip()):
            continue  # "Learning support: LSF 1, 05/10/2026 to 31/07/2027" tells of an aim
        if kind == "note" and (coded := type_described((match[1], match[2]))):
            # The code stays, as it does without words; what these say of somebody does not.
            code = match[2].find(coded[1][1]) + len(coded[1][1])
            yield Spot(match.start(2) + code, match.end(2), "note")
            continue
        if kind and match[2].strip() not in aims and not names().look_up(match[2]).known:
            leading = _REFERENCE_FIRST.match(match[2]) if is_reference(match[1]) else None
            if leading is not None:
                yield Spot(match.start(2), match.start(2) + leading.end(1), "shape")
                continue
            yield Spot(match.start(2), match.end(2), kind)
    yield from in_columns(text, aims)
    yield from beside_field_names(text)
    yield from cut_names(text)
    yield from _in_violations(text)
    yield from _as_read(text)


def _learner_told(label: str, value: str, start: int) -> Iterator[Spot]:
    """What stands behind "Learner:", each as what it is: a reference, then a name, a ULN …"""
    told = learner_told(value) if names().heading(label) == "Learner" else None
    if told is None or len(told.parts) < 2 or told.parts[0].name != "LearnRefNumber":
        return
    for part in told.parts:
        at = value.find(part.text)
        if at >= 0:
            yield Spot(start + at, start + at + len(part.text), KINDS[part.name])


def _line_starts_of_pairs(text: str) -> dict[int, str]:
    """Lines that hold several names with their values, by where they begin."""
    found, place = {}, 0
    for line in text.split("\n"):
        if ("=" in line or ":" in line) and next(pairs_on(line), None) is not None:
            found[place] = line
        place += len(line) + 1
    return found


def _in_violations(text: str) -> Iterator[Spot]:
    """Rows of a rule violation report: without a heading, who it is stands before the rule."""
    layout = layout_of(text)
    if layout is None or layout.separator == "  ":
        return
    place = 0
    for number, line in enumerate(text.split("\n"), 1):
        if 0 < layout.header_line < number and _heads_a_record(line, layout.separator):
            return  # its columns are told by their own headings
        named = 0
        cells = list(spans(line, layout.separator))
        if number <= layout.header_line:
            cells = []
        elif layout.header_line:
            at = layout.learner
            cells = [] if at is None else cells[at : at + 1]
        elif layout.rule > 1:
            cells = cells[1 : layout.rule]
        else:
            cells = [] if layout.learner is None else cells[layout.learner :]
        for start, end in cells:
            cell = line[start:end]
            kind = "uln" if re.fullmatch(r"\d{10}", cell) else "shape"
            if cell and not re.search(r"\d", cell):
                kind = "given" if named else "family"
                named += 1
            yield Spot(place + start, place + end, kind)
        place += len(line) + 1


def _heads_a_record(line: str, separator: str) -> bool:
    """Whether a line below a report's rows heads a table of another kind."""
    return header(line, separator) is not None and layout_of(line) is None


def _as_read(text: str) -> Iterator[Spot]:
    """What the readers understood to be personal, wherever and however it was written."""
    try:
        reading = read(text)
    except InputError:
        return
    lines = re.split(r"\r\n|\r|\n", text)
    starts = [0]
    for ending in re.finditer(r"\r\n|\r|\n", text):
        starts.append(ending.end())
    for item in reading.fields():
        kind = KINDS.get(item.name, "keep")
        if kind == "keep" or not item.text.strip() or not item.line or item.line > len(lines):
            continue
        line, start = lines[item.line - 1], starts[item.line - 1]
        for first, last in _on_line(line, item.text.strip(), kind):
            yield Spot(start + first, start + last, kind)


def _on_line(line: str, value: str, kind: str) -> Iterator[tuple[int, int]]:
    """Where a value stands on its line. A date of birth may be written in another form there."""
    if kind != "birth":
        for match in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", line):
            yield match.span()
        return
    for match in _DATE.finditer(line):
        if read_date(match[0], birth=True).iso == value:
            yield match.span()


def _aims_read(text: str) -> frozenset[str]:
    """What the readers understood to be aim references, and nothing of anybody's."""
    try:
        fields = read(text).fields()
    except InputError:
        return frozenset()
    aims = {item.text for item in fields if item.name == "LearnAimRef"}
    return frozenset(
        aim
        for aim in aims - {item.text for item in fields if item.name in KINDS}
        if has_usual_form("LearnAimRef", aim)
    )


def _by_sight(text: str) -> Iterator[Spot]:
    """What looks personal wherever it stands: numbers, postcodes, addresses, names, references."""
    stays = _values_that_stay(text)
    labels = {
        start + at
        for start, line in _line_starts_of_pairs(text).items()
        for label, named, _, _ in pairs_on(line)
        for at in range(named, named + len(label.said))
    } | misspelt_labels(text)
    days = [match.span() for match in _DAY.finditer(text)]
    kept = [
        match.span()
        for value in stays
        if has_usual_form("DelLocPostCode", value) and " " in value
        for match in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", text)
    ]
    numbers = () if stays else loose_numbers(text)  # of a record we know which figures are whose
    for finding in [*seems_personal(text), *references(text), *numbers]:
        # The heading beside "ULN" is no ULN.
        seen = text[finding.start : finding.end]
        if all(names().look_up(one).known for one in (seen.split() if seen.isupper() else [seen])):
            continue
        if (seen in stays and finding.kind != "health") or finding.start in labels:
            continue
        if any(a <= finding.start and finding.end <= b for a, b in kept):
            continue  # half of a college's postcode
        if text.endswith("Date(", 0, finding.start):
            continue  # a day in milliseconds
        within = [(a, b) for a, b in days if a < finding.end and finding.start < b]
        if finding.kind in {"phone", "ULN"} and within:
            continue  # the end of one date and the beginning of the next
        if seen.isalpha() and is_unchosen(text, finding.start, finding.end):
            continue
        kind = OF_FINDING.get(finding.kind, "shape")
        if kind == "family" and _is_structure(text, finding.start, finding.end):
            continue
        if seen.replace(" ", "").isalpha() and _is_heading(text, finding.start):
            continue
        if seen.startswith("<"):
            # Slack's <mailto:address|address> and <tel:number|number> stay links.
            pattern = _ADDRESS if kind == "email" else _NUMBER
            for match in pattern.finditer(seen):
                yield Spot(finding.start + match.start(), finding.start + match.end(), kind)
            continue
        end = min((at for at in labels if finding.start < at < finding.end), default=finding.end)
        for start, stop in _cells_in(text, finding.start, end):
            parts = [(start, stop)]
            if any(_is_of_learning(part, stays) for part in text[start:stop].split(",")):
                parts = [
                    (start + match.start(), start + match.end())
                    for match in re.finditer(r"[^,]+", text[start:stop])
                ]
            for first, last in parts:
                if not _is_of_learning(text[first:last], stays):
                    yield Spot(first, last, kind)


def _cells_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch cell by cell, where it runs over the ends of cells."""
    for match in re.finditer(r"[^\t|&]+|&(?!\w+=)", text[start:end]):
        last = start + match.end()
        for part in re.finditer(r'(?:(?!",).)+|",', text[start + match.start() : last], re.DOTALL):
            yield start + match.start() + part.start(), start + match.start() + part.end()


def _is_of_learning(cell: str, stays: frozenset[str]) -> bool:
    """Whether a cell is a date of learning or what else the readers know to be nobody's."""
    cell = cell.strip(' "')
    name, mark, _ = cell.partition("=")
    if mark and names().look_up(name).known:
        return KINDS.get(name, "keep") == "keep"
    day = read_date(cell).iso
    return bool(day and day in stays) or (bool(cell) and cell in stays)


def _row_keys(text: str) -> Iterator[Spot]:
    """The number at the left of a row that was copied without its headings, and names somebody."""
    found = [one for one in seems_personal(text) if one.kind in {"ULN", "name", "date of birth"}]
    place = 0
    for line in text.splitlines(keepends=True):
        key = _ROW_KEY.match(line)
        within = {one.kind for one in found if place <= one.start < place + len(line)}
        if key and len(within) >= 2:
            yield Spot(place + key.start(1), place + key.end(1), "shape")
        place += len(line)


def _values_that_stay(text: str) -> frozenset[str]:
    """What the readers understood to be anything but personal, as it is written."""
    try:
        reading = read(text)
    except InputError:
        return frozenset()
    return frozenset(
        item.text.strip()
        for item in reading.fields()
        # Words where a code belongs ("LLDD: cerebral palsy") may be of somebody's health.
        if KINDS.get(item.name, "keep") == "keep" and has_usual_form(item.name, item.text)
    )


def _is_structure(text: str, start: int, end: int) -> bool:
    """Whether what reads like a name is the layout: a tag, an attribute, a field misspelt."""
    before, after = text[max(0, start - 3) : start], text[end : end + 12]
    return (
        re.search(r"<[/!?]?$|<!\[$|[\w-]:$", before) is not None
        or re.match(r"[\u200b-\u200d]|\s{0,3}=[\"']| INTO ", after) is not None
        or any(map(is_field_like, text[start:end].split()))
    )


def _is_heading(text: str, place: int) -> bool:
    """Whether what stands there is in a row of headings."""
    start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    line = text[start : end if end >= 0 else len(text)].strip("\r")
    separator = next((mark for mark in "\t|;," if mark in line), "  ")
    layout = layout_of(line)
    if separator == "  ":
        return is_header(cells_of(line, separator)) and not re.search(r"\d{2}", line)
    return header(line, separator) is not None or (layout is not None and layout.header_line > 0)


def _in_order(text: str, spots: list[Spot]) -> list[Spot]:
    """Without overlaps; what a field's name says goes before what a value looks like."""
    kept: list[Spot] = []
    taken = bytearray(len(text))
    for spot in spots:
        start, end = spot.start, spot.end
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        # A second opinion on part of a value adds only what the first left over.
        while start < end and taken[start]:
            start += 1
        stop = taken.find(1, start, end)
        end = end if stop < 0 else stop
        if not any(map(str.isalnum, text[start:end])):
            continue
        taken[start:end] = b"\x01" * (end - start)
        kept.append(Spot(start, end, spot.kind))
    return sorted(kept, key=lambda spot: spot.start)

"""Fields of a learner record: XML elements, "Field: value", and tables with headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.findings import PersonalData, words
from bot.privacy.numbers import TEMPORARY_ULN

__all__ = [
    "in_elements",
    "in_labelled_values",
    "in_stacks",
    "in_tables",
    "label_kind",
    "people_in_labels",
]

# Each label as people type it, spaces and underscores between its words left out.
_FIELDS: dict[str, str] = {
    "familyname": "name",
    "givennames?": "name",
    "surname": "name",
    "forenames?": "name",
    "(?:legal|preferred|previous|former|birth|maiden|other|any other|chosen)"
    "(?:sur|fore|family|given|first|last)?names?": "name",
    "(?:first|last|middle|full|known as)name": "name",
    "(?:[fgls]|stu)name": "name",
    "(?:learner|student|apprentice)name": "name",
    "(?:home)?addline[1-4]": "address",
    "(?:home)?address(?:line)?[1-4]?": "address",
    "(?:home)?e-?mail(?:address)?": "email",
    "tel(?:ephone)?(?:no|number)?": "phone",
    "(?:mobile|phone)(?:no|number)?": "phone",
    "(?:home)?postcode(?:prior)?": "postcode",
    "ni(?:number|no)": "NI number",
    "nationalinsurance(?:number|no)?": "NI number",
    "uln": "ULN",
    "uniquelearnernumber": "ULN",
    "dateofbirth": "date of birth",
    "dob": "date of birth",
    "birthdate": "date of birth",
    "birthday": "date of birth",
    "b-?day": "date of birth",
    "(?:prev)?learnrefnumber": "learner reference",
    "(?:learner|student)(?:ref|reference|id)(?:number|no)?": "learner reference",
    "(?:learner|student|candidate|pupil|person|admission|adm|enrolment|stud|stu)"
    "(?:number|no|id|code)": "learner reference",
    "refno": "learner reference",
    "lrn": "learner reference",
    "upn": "UPN",
    "ucasperid": "learner reference",
    "ucasappid": "learner reference",
    "ssn": "learner reference",
    "provspec(?:learn|del)mon": "provider note",
}
_RUNS_ON = {"name", "address", "provider note"}
"""Kinds whose value has several words, so that it is taken to the end of its line."""


def _spaced(label: str) -> str:
    """The pattern of a label, allowing "family name" and "Family_Name" for FamilyName."""
    label = re.sub(
        "known as|national|insurance|unique|learner|student|apprentice|family|given|first|last"
        "|middle|preferred|full|home|date|of|birth|learn|ref|prev|add|address|post|code|legal"
        "|previous|former|maiden|any other|other|chosen|candidate|pupil|person|admission|adm"
        "|enrolment|stud|stu|\\[fgls\\]",
        lambda word: word[0] + "[ _]?",
        label.replace("(?:", "\0"),
    ).replace("\0", "(?:")
    return label.removesuffix("[ _]?")


_LABEL = "|".join(_spaced(label) for label in sorted(_FIELDS, key=len, reverse=True))
_LABELS = re.compile("|".join(f"({label})" for label in _FIELDS))
_LABEL_KINDS = tuple(_FIELDS.values())

_OPEN, _CLOSE = r"(?:<|&(?:amp;)?lt;)", r"(?:>|&(?:amp;)?gt;)"
# Slack escapes < and > in message text, so both spellings arrive.
_ELEMENT = re.compile(
    rf"{_OPEN}(?:[\w.-]{{1,30}}:)?({_LABEL})(?:\s(?:(?!{_OPEN}|{_CLOSE}).){{0,500}})?{_CLOSE}"
    rf"(?:\s{{0,20}}{_OPEN}!\[CDATA\[)?((?:(?!{_OPEN}).)*)",
    re.IGNORECASE | re.DOTALL,
)
_LABELLED = re.compile(
    rf"(?<![A-Za-z0-9_<])({_LABEL})[\"'`*]{{0,3}}[ ]{{0,5}}(?::|=>?|->|→|\t|\.{{2,40}}:?)"
    r"[ \t]{0,5}(?:[`*]{0,3}([\"'])?[ \t]{0,5})",
    re.IGNORECASE,
)
_NEXT_LABEL = re.compile(r"[\s,;|{&][\"']?[A-Za-z][A-Za-z0-9_]{1,30}[\"']?[ ]?[:=]")
_ASKING = words(
    """
    are blank can could did do does empty error errors how is missing must should what when
    where which who why
    """
)


def label_kind(label: str) -> str | None:
    bare = re.sub(r"[\s_.]", "", label).casefold()
    match = _LABELS.fullmatch(bare)
    return _LABEL_KINDS[match.lastindex - 1] if match and match.lastindex else None


def in_elements(text: str) -> Iterator[PersonalData]:
    for match in _ELEMENT.finditer(text):
        yield PersonalData(label_kind(match[1]) or "personal details", match.start(2), match.end(2))


def in_labelled_values(text: str) -> Iterator[PersonalData]:
    reached = 0
    for match in _LABELLED.finditer(text):
        if match.start() < reached:
            continue
        kind = label_kind(match[1]) or "personal details"
        start = match.end()
        quote = match[2] or ""
        end = _value_end(text, start, quote, several_words=kind in _RUNS_ON)
        value = text[start:end].strip()
        first_word = value.split(maxsplit=1)[0].strip("?.,!").casefold() if value else ""
        if value == TEMPORARY_ULN or label_kind(value) or (not quote and first_word in _ASKING):
            continue
        reached = end
        yield PersonalData(kind, start, end)


def _value_end(text: str, start: int, quote: str, *, several_words: bool) -> int:
    """Where a labelled value stops: its closing quote, the next label, or the line's end."""
    line_end = text.find("\n", start, start + _MAX_VALUE_LENGTH)
    if line_end < 0:
        line_end = min(len(text), start + _MAX_VALUE_LENGTH)
    if quote and (closing := text.find(quote, start, line_end)) >= 0:
        return closing
    if not several_words:
        token = _TOKEN.match(text, start, line_end)
        return token.end() if token else start
    following = _NEXT_LABEL.search(text, start, line_end)
    tab = text.find("\t", start, line_end)
    return min(following.start() if following else line_end, tab if tab >= 0 else line_end)


_MAX_VALUE_LENGTH = 1000
"""Characters; longer lines are cut there, which keeps the search linear."""
_TOKEN = re.compile(r"\+?[\d(][\d() .-]{3,24}\d|[^\s,;|\"'<>\]}]{1,320}")


_PEOPLE = (
    "(?:learner|student|stu|apprentice|trainee|candidate|pupil|full|known as)?[ _]?name"
    "|learner|student|apprentice|trainee|candidate|pupil|(?:personal )?tutor|assessor|iqa|teacher"
    "|(?:line )?manager|supervisor|mentor|(?:employer |emergency |parent )?contact"
    "|next[ -]of[ -]kin|nok|(?:parent|carer|guardian)(?:[ /](?:parent|carer|guardian))?"
    "|mother|father|mum|dad|from|to|cc|sent by|author|fname|lname|patient|employee|known[ ]as"
    "|preferred|goes by|nickname|alias|(?:host|workplace) (?:supervisor|contact)|referee"
)
_PEOPLE_LABELLED = re.compile(
    rf"(?:^|[|\t;>]|[ ]{{2}})[ *_>•-]{{0,6}}({_PEOPLE})[ *_.]{{0,12}}[:=][ *_]{{0,6}}"
    r"([^\W\d_](?:(?![ ]{2,}|[|\t;\n\d(<]|\w+[ ]?[:=]).){1,80})",
    re.IGNORECASE | re.MULTILINE,
)
_SENDER = re.compile(
    r"^[ \t>]{0,6}(?:\[\d{1,2}[:.]\d\d(?i: ?[ap]m)?\]|\d{1,2}[:.]\d\d(?i: ?[ap]m)?)[ \t–-]{1,4}"
    r"([^\W\d_][\w'’-]{1,20}(?: [^\W\d_][\w'’-]{1,20}){0,2})[ ]?:"
    r"|^[ \t>]{0,6}([^\W\d_a-z][\w'’-]{1,20}(?: [^\W\d_a-z][\w'’-]{1,20}){0,2})[ \t]{1,4}"
    r"\[?\d{1,2}:\d\d(?i: ?[ap]m)?\]?[ \t]*:?[ \t]*$",
    re.MULTILINE,
)
"""Who wrote a line of a chat that was copied: "[10:14] Della:", "Della  10:14"."""


def people_in_labels(text: str) -> Iterator[PersonalData]:
    """Whoever a label names: "Name: …", "Line Manager: …", "From: …" of a copied email."""
    for match in _PEOPLE_LABELLED.finditer(text):
        value = match[2].rstrip(" *_,(")
        first = value.split(maxsplit=1)[0].strip("?.,!").casefold() if value else ""
        is_sentence = len(value.split()) > 6 or value.endswith("?")
        if first and first not in _ASKING and not is_sentence and not label_kind(value):
            yield PersonalData("name", match.start(2), match.start(2) + len(value))
    for match in _SENDER.finditer(text):
        at = 1 if match[1] else 2
        if match[at].casefold() not in _ASKING:
            yield PersonalData("name", match.start(at), match.end(at))


_STACKED_LABEL = re.compile(r"[(\[]?[ ]?([A-Za-z][A-Za-z._/ ]{1,24}?)[ ]?[)\]]?[:?]?")
_WHO_LABELS = words("name fullname learner student apprentice pupil candidate preferred")
MAX_STACKED = 40
"""Characters of a value on a line of its own."""


def in_stacks(text: str) -> Iterator[PersonalData]:
    """Labels on a line of their own, with the value on the line below, or above "(forename)"."""
    place, lines = 0, []
    for line in text.splitlines(keepends=True):
        if line.strip():
            lines.append((place, line.strip(), place + line.index(line.strip()[0])))
        place += len(line)
    kinds = [_stacked_kind(line) for _, line, _ in lines]
    if sum(kind is not None for kind in kinds) < MIN_LABELS_STACKED:
        return
    first = next(at for at, kind in enumerate(kinds) if kind)
    step = -1 if first and lines[first][1].startswith(("(", "[")) else 1
    for at, kind in enumerate(kinds):
        beside = at + step
        if not kind or not 0 <= beside < len(lines) or kinds[beside]:
            continue
        _, value, start = lines[beside]
        if len(value) <= MAX_STACKED and not value.endswith("?") and value != TEMPORARY_ULN:
            yield PersonalData(kind, start, start + len(value))


MIN_LABELS_STACKED = 2


def _stacked_kind(line: str) -> str | None:
    match = _STACKED_LABEL.fullmatch(line)
    if match is None:
        return None
    return label_kind(match[1]) or (
        "name" if re.sub(r"[\s_.]", "", match[1]).casefold() in _WHO_LABELS else None
    )


def in_tables(text: str) -> Iterator[PersonalData]:
    """Cells under a heading row that names personal fields (CSV, tab or bar separated)."""
    columns: dict[int, str] = {}
    separator = ""
    place = 0
    for line in text.splitlines(keepends=True):
        heading = _heading(line)
        if heading:
            separator, columns = heading
        elif separator not in line or not line.strip():
            columns = {}
        elif columns:
            for index, (start, end) in enumerate(_cells(line, separator)):
                if index in columns and not _RULED.fullmatch(line[start:end]):
                    yield PersonalData(columns[index], place + start, place + end)
        place += len(line)


_RULED = re.compile(r"[\s:-]*")
"""An empty cell, or the ruler under a Markdown table's heading."""
_WHO = frozenset({"name", "names", "learner", "student", "apprentice", "pupil"})
"""Headings of a column of names, beside another personal one; by themselves they may be others."""
_COLUMN_NAME = re.compile(r"[A-Za-z][\w/]{0,40}(?: [\w/]{1,40}){0,2}")


def _heading(line: str) -> tuple[str, dict[int, str]] | None:
    if len(line) > 5000:
        return None
    for separator in "\t,|;":
        if separator not in line:
            continue
        cells = [line[a:b].strip(" \t\r\n\"'`*") for a, b in _cells(line, separator)]
        named = {i: kind for i, cell in enumerate(cells) if (kind := label_kind(cell[:40]))}
        if named:
            named |= {i: "name" for i, cell in enumerate(cells) if cell.casefold() in _WHO}
        words = [cell for cell in cells if _COLUMN_NAME.fullmatch(cell)]
        filled = sum(map(bool, cells))
        if len(named) >= 2 or (named and len(words) == filled):
            return separator, named
    return None


def _cells(line: str, separator: str) -> Iterator[tuple[int, int]]:
    """Start and end of each cell; a separator inside double quotes does not count."""
    start, quoted = 0, False
    body = len(line.rstrip("\r\n"))
    for index in range(body):
        character = line[index]
        if character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            yield start, index
            start = index + 1
    yield start, body

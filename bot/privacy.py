"""Masks what could identify a learner or a colleague, before text is stored or logged.

``mask`` is the only way text may reach the ledger or the log; ``looks_personal`` finds the
same places, so that a form can warn before it is sent. Both err on the side of masking:
a lost word costs a little meaning, a leaked one is somebody's personal data.

What it cannot see: a name in running text without a cue ("spoke to Aisha about it"), and the
columns of a pasted table whose heading row was left out. The guidance on screen therefore
still asks people not to paste names.

Every pattern is written to run in time proportional to the text: repeats are bounded or
cannot overlap, and a pattern that starts with a run of characters may only start where that
run does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["WITHHELD", "MaskingFilter", "PersonalData", "looks_personal", "mask"]

WITHHELD = "[withheld]"
"""Stands for a whole text that could not be examined."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A stretch of text that should not be kept: ``text[start:end]``."""

    kind: str
    """ULN, UPN, NI number, postcode, email, phone, date of birth, name, address,
    learner reference, number, provider note or person (a Slack mention)."""
    start: int
    end: int

    @property
    def mark(self) -> str:
        """What is put in its place, e.g. ``[postcode]``."""
        return f"[{self.kind}]"


KINDS = (
    "ULN",
    "UPN",
    "NI number",
    "postcode",
    "email",
    "phone",
    "date of birth",
    "name",
    "address",
    "learner reference",
    "number",
    "provider note",
    "person",
)


def mask(text: str) -> str:
    """The text with every personal detail replaced by a mark such as ``[ULN]``.

    Rule ids, aim codes, UKPRNs, years, hours and dates that are not dates of birth stay as
    they are. Never raises: text that cannot be examined comes back as ``[withheld]``.
    """
    try:
        findings = _find(text)
        parts, reached = [], 0
        for finding in findings:
            parts += [text[reached : finding.start], finding.mark]
            reached = finding.end
        return "".join(parts) + text[reached:]
    except Exception:  # noqa: BLE001 - fail closed: an unexamined text must not be kept
        return WITHHELD


def looks_personal(text: str) -> list[PersonalData]:
    """Where the text holds personal details, in order and without overlaps.

    Never raises: text that cannot be examined is one finding from end to end.
    """
    try:
        return _find(text)
    except Exception:  # noqa: BLE001 - fail closed
        return [PersonalData("personal details", 0, len(text) if isinstance(text, str) else 0)]


class MaskingFilter(logging.Filter):
    """Masks the message, arguments, traceback and extra text of every log record.

    Add it to each handler (a filter on a logger does not see records of its children). The
    traceback is moved, masked, to ``exc_text``, where the standard formatter finds it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record in place; it is always let through."""
        try:
            record.msg = mask(record.getMessage())
        except Exception:  # noqa: BLE001 - a log call with wrong arguments must not stop the bot
            record.msg = WITHHELD
        record.args = ()
        try:
            if record.exc_info and not record.exc_text:
                record.exc_text = logging.Formatter().formatException(record.exc_info)
        except Exception:  # noqa: BLE001 - an exception that cannot be printed
            record.exc_text = WITHHELD
        record.exc_info = None
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        for key, value in record.__dict__.items():
            if key in _RECORD_ATTRIBUTES or isinstance(value, bool | float | None):
                continue
            text = value if isinstance(value, str) else repr(value)
            masked = mask(text)
            if not isinstance(value, int) or masked != text:
                record.__dict__[key] = masked
        return True


_RECORD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def _find(text: str) -> list[PersonalData]:
    found = [finding for detector in _DETECTORS for finding in detector(text)]
    return _merged(text, found)


def _merged(text: str, found: list[PersonalData]) -> list[PersonalData]:
    """In order of place; overlapping ones become one, named after the earlier detector's."""
    rank = {id(finding): index for index, finding in enumerate(found)}
    merged: list[tuple[int, PersonalData]] = []
    for finding in sorted(found, key=lambda f: (f.start, rank[id(f)])):
        start, end = _trimmed(text, finding.start, finding.end)
        if start >= end or text[start:end] in _MARKS:
            continue
        if merged and start < merged[-1][1].end:
            place, before = merged[-1]
            best = min(place, rank[id(finding)])
            kind = before.kind if best == place else finding.kind
            merged[-1] = (best, PersonalData(kind, before.start, max(end, before.end)))
        else:
            merged.append((rank[id(finding)], PersonalData(finding.kind, start, end)))
    return [finding for _, finding in merged]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


_MARKS = frozenset(f"[{kind}]" for kind in KINDS)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- Fields of a learner record: XML, "Field: value", and tables -------------------------

# Each label as people type it, spaces and underscores between its words left out.
_FIELDS: dict[str, str] = {
    "familyname": "name",
    "givennames?": "name",
    "surname": "name",
    "forenames?": "name",
    "(?:first|last|middle|preferred|full|known as)name": "name",
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
    "(?:prev)?learnrefnumber": "learner reference",
    "(?:learner|student)(?:ref|reference|id)(?:number|no)?": "learner reference",
    "(?:learner|student)(?:number|no)": "learner reference",
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
        "|middle|preferred|full|home|date|of|birth|learn|ref|prev|add|address|post|code",
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
    rf"(?<![A-Za-z0-9_<])({_LABEL})[\"'`*]{{0,3}}[ ]{{0,5}}(?::|=>?|->|→|\t)"
    r"[ \t]{0,5}(?:[`*]{0,3}([\"'])?[ \t]{0,5})",
    re.IGNORECASE,
)
_NEXT_LABEL = re.compile(r"[\s,;|{][\"']?[A-Za-z][A-Za-z0-9_]{1,30}[\"']?[ ]?[:=]")
_ASKING = _words(
    """
    are blank can could did do does empty error errors how is missing must should what when
    where which who why
    """
)


def _label_kind(label: str) -> str | None:
    bare = re.sub(r"[\s_]", "", label).casefold()
    match = _LABELS.fullmatch(bare)
    return _LABEL_KINDS[match.lastindex - 1] if match and match.lastindex else None


def _in_elements(text: str) -> Iterator[PersonalData]:
    for match in _ELEMENT.finditer(text):
        yield PersonalData(
            _label_kind(match[1]) or "personal details", match.start(2), match.end(2)
        )


def _in_labelled_values(text: str) -> Iterator[PersonalData]:
    reached = 0
    for match in _LABELLED.finditer(text):
        if match.start() < reached:
            continue
        kind = _label_kind(match[1]) or "personal details"
        start = match.end()
        quote = match[2] or ""
        end = _value_end(text, start, quote, several_words=kind in _RUNS_ON)
        value = text[start:end].strip()
        first_word = value.split(maxsplit=1)[0].strip("?.,!").casefold() if value else ""
        if (
            not value
            or value == _TEMPORARY_ULN
            or _label_kind(value)
            or (not quote and first_word in _ASKING)
        ):
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


def _in_tables(text: str) -> Iterator[PersonalData]:
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
        named = {i: kind for i, cell in enumerate(cells) if (kind := _label_kind(cell[:40]))}
        if named:
            named |= {i: "name" for i, cell in enumerate(cells) if cell.casefold() in _WHO}
        words = [cell for cell in cells if _COLUMN_NAME.fullmatch(cell)]
        filled = sum(map(bool, cells))
        if len(named) >= 2 or (named and len(cells) >= 2 and len(words) == filled):
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


# --- Numbers and addresses that give themselves away ------------------------------------

_GAP = r"[ \u00a0\u2007\u2009\u200b\u202f\u2060\u2010-\u2013-]"
_LONG_NUMBER = re.compile(r"\d{10,}")
_ARTICLE_NUMBER = re.compile(r"(?:articles|comments|posts)/$")
_UPN = re.compile(r"[A-Za-z]\d{12}(?!\d)|[A-Za-z]\d{11}[A-Za-z]")
_DIGIT_GROUPS = re.compile(rf"(?<!\w)\d+(?:{_GAP}{{1,2}}\d+)+(?!\w)")
_DATE_OR_YEAR = re.compile(
    rf"(?:19|20)\d\d{_GAP}(?:0?[1-9]|1[0-2]){_GAP}(?:[0-2]?\d|3[01])(?!\d)"
    rf"|(?<!\d)(?:[0-2]?\d|3[01]){_GAP}(?:0?[1-9]|1[0-2]){_GAP}(?:19|20)\d\d"
    r"|20\d\d[-\u2010-\u2013]\d\d(?!\d)"
)
_ULN_SHAPES = {
    (3, 3, 4), (3, 4, 3), (4, 3, 3), (4, 6), (6, 4), (5, 5), (3, 7), (7, 3), (2, 4, 4), (4, 4, 2),
    (3, 3, 2, 2), (2, 2, 2, 2, 2), (1,) * 10,
}  # fmt: skip
_TEMPORARY_ULN = "9999999999"
"""Stands for "no ULN yet" and names nobody."""


def _long_numbers(text: str) -> Iterator[PersonalData]:
    for match in _UPN.finditer(text):
        yield PersonalData("UPN", match.start(), match.end())
    for match in _LONG_NUMBER.finditer(text):
        is_uln = len(match[0]) == 10
        in_link = _ARTICLE_NUMBER.search(text, max(0, match.start() - 10), match.start())
        if match[0] != _TEMPORARY_ULN and (is_uln or not in_link):
            yield PersonalData("ULN" if is_uln else "number", match.start(), match.end())


def _spaced_ulns(text: str) -> Iterator[PersonalData]:
    """Ten digits in groups, unless they read as a date, a year, or an 8-digit code and a number."""
    for run in _DIGIT_GROUPS.finditer(text):
        groups = [(m.start(), m.end()) for m in _DIGITS.finditer(text, run.start(), run.end())]
        sizes = [end - start for start, end in groups]
        labelled = text[max(0, run.start() - 12) : run.start()].casefold().rstrip(" :=#.-")
        if sum(sizes) == 10 and (
            labelled.endswith("uln") or (8 not in sizes and not _DATE_OR_YEAR.search(run[0]))
        ):
            yield PersonalData("ULN", run.start(), run.end())
            continue
        first = 0
        while first < len(groups):
            last = first
            while last < len(groups) and sum(sizes[first:last]) < 10 and last - first < 10:
                last += 1
            if tuple(sizes[first:last]) in _ULN_SHAPES:
                yield PersonalData("ULN", groups[first][0], groups[last - 1][1])
                first = last
            else:
                first += 1


_DIGITS = re.compile(r"\d+")

_NI_NUMBER = re.compile(r"[A-Za-z]{2}\d{6}[A-Da-d](?![A-Za-z]{2})|[A-Z]{2}\d{6}[A-D]")
_NI_SPACED = re.compile(
    r"(?<![A-Za-z])([A-Za-z]{2})([ -]?)(?:\d\d[ -]?){2}\d\d(?:[ -]?[A-Da-d](?![A-Za-z]))?(?!\w)"
)
_SHORT_WORDS = _words(
    """
    am an as at ay by do go he hi if in is it me my no of on or pm so st to up us vs we yr
    """
)


def _ni_numbers(text: str) -> Iterator[PersonalData]:
    for match in _NI_NUMBER.finditer(text):
        yield PersonalData("NI number", match.start(), match.end())
    for match in _NI_SPACED.finditer(text):
        # Eight characters run together may be an aim code; "on 01-08-25" and "AY 2025-26 a"
        # are dates and years.
        letters, has_suffix = match[1], match[0][-1].isalpha()
        before = text[max(0, match.start() - 24) : match.start()]
        is_word = (
            letters.casefold() in _SHORT_WORDS
            and letters != letters.upper()
            and not _NI_LABEL.search(before)
        )
        in_pairs = letters == letters.upper() and _PAIRS.search(match[0])
        if (has_suffix or in_pairs) and not is_word and not _DATE_OR_YEAR.search(match[0]):
            yield PersonalData("NI number", match.start(), match.end())


_NI_LABEL = re.compile(r"\b(?:ni|nino|insurance)[ ]?(?:number|no)?\W{1,3}$", re.IGNORECASE)
_PAIRS = re.compile(r"[ -]?\d\d[ -]\d\d[ -]\d\d")

_INWARD = "[ABD-HJLNP-UW-Z]{2}"
_POSTCODE = re.compile(rf"(?:[A-Z]{{1,2}}\d[A-Z\d]?|GIR)[ \u00a0]?\d{_INWARD}")
_POSTCODE_ANY_CASE = re.compile(
    rf"(?<![A-Za-z0-9_])(?:[A-Z]{{1,2}}\d[A-Z\d]?|GIR)[ \u00a0]{{0,3}}\d{_INWARD}(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
_NOT_INWARD = re.compile(r" +(?:\d(?:th|yr|hr|hrs|ft|pt|by)|1st|2nd|3rd)$")
_UNKNOWN_POSTCODE = "ZZ999ZZ"


def _postcodes(text: str) -> Iterator[PersonalData]:
    for pattern in (_POSTCODE, _POSTCODE_ANY_CASE):
        for match in pattern.finditer(text):
            # "L3 2nd year" is no address; ZZ99 9ZZ is the ILR's own "not known".
            bare = re.sub(r"\s", "", match[0]).upper()
            if bare != _UNKNOWN_POSTCODE and not _NOT_INWARD.search(match[0]):
                yield PersonalData("postcode", match.start(), match.end())


_SLACK_LINK = re.compile(r"<(mailto|tel):[^<>]{0,400}>", re.IGNORECASE)
_SLACK_MENTION = re.compile(r"<@[A-Z0-9]{1,40}(?:\|[^<>]{0,200})?>")
_EMAIL = re.compile(r"(?<![\w.+%'~&=/-])[\w.+%'~&=/-]+@[\w-]+(?:\.[\w-]+)+")


def _addresses_online(text: str) -> Iterator[PersonalData]:
    for match in _SLACK_LINK.finditer(text):
        yield PersonalData("email" if match[1][0] in "mM" else "phone", match.start(), match.end())
    for match in _SLACK_MENTION.finditer(text):
        yield PersonalData("person", match.start(), match.end())
    for match in _EMAIL.finditer(text):
        yield PersonalData("email", match.start(), match.end())


_PHONE = re.compile(
    r"(?<![\w.-])(?:(?:\+|00)44[ .()-]{0,3}(?:0\)?)?|\(?0)(?:[ .()-]{0,2}\d){9,10}(?![ .-]?\d)"
)
_STREET = re.compile(
    r"(?<![\w.])\d{1,4}[A-Za-z]?,?[ ](?:[A-Z][a-z'’]{1,20}[ ]){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Close|Drive|Crescent|Terrace|Gardens|Grove|Mews)\b"
)


def _phones(text: str) -> Iterator[PersonalData]:
    for match in _PHONE.finditer(text):
        sizes = [len(group) for group in _DIGITS.findall(match[0])]
        dated = _DOTTED_DATE.match(match[0])
        if not dated and (8 not in sizes or match[0].startswith("+")):
            yield PersonalData("phone", match.start(), match.end())


_DOTTED_DATE = re.compile(r"0?[1-9][ .-](?:0?[1-9]|1[0-2])[ .-](?:(?:19|20)\d\d|\d\d)(?!\d)")


def _streets(text: str) -> Iterator[PersonalData]:
    for match in _STREET.finditer(text):
        yield PersonalData("address", match.start(), match.end())


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = (
    r"(?:\d{1,4}[ ]?[-/.][ ]?\d{1,2}[ ]?[-/.][ ]?\d{1,4}|\d{1,2} \d{1,2} \d{2,4}|\d{8}|\d{5,6}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -]?(?:of )?{_MONTH}[ ,-]{{0,2}}\d{{2,4}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?[ ,]{{1,2}}\d{{4}})"
)
_BIRTH = re.compile(
    r"(?<![A-Za-z])(?:d\.?o\.?b\.?|date[ _]?of[ _]?birth|birth[ _]?(?:date|day)|born)"
    r"[^\w\n]{0,6}(?:(?:is|was|of|on|as|to)[^\w\n]{1,4})?"
    rf"({_DATE})(?!\d)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?<![A-Za-z])(?:learn(?:er)?|student)[ _]?(?:ref(?:erence)?|id)[ _]?(?:number|no\.?)?"
    r"[ #:.]{1,4}((?=[A-Za-z]{0,12}\d)[A-Za-z0-9]{4,12})(?![\w])",
    re.IGNORECASE,
)


def _after_a_label(text: str) -> Iterator[PersonalData]:
    for match in _BIRTH.finditer(text):
        yield PersonalData("date of birth", match.start(1), match.end(1))
    for match in _REFERENCE.finditer(text):
        yield PersonalData("learner reference", match.start(1), match.end(1))


# --- Names in running text, only after a cue ---------------------------------------------

_WORD = r"[^\W\d_][^\W\d_'’.-]{0,30}(?:['’-][^\W\d_]{1,30}){0,2}"
_NAME = rf"{_WORD}(?:[ ]{_WORD}){{0,3}}"
_TITLED = re.compile(rf"(?<!\w)(?:Mr|Mrs|Miss|Ms|Mx|Dr|Prof|mr|mrs)\.?[ ]({_NAME})")
_CALLED = re.compile(
    rf"(?<!\w)(?:called|named|name is|name's|name was|(?:sur|fore)name is)[ ][\"']?({_NAME})",
    re.IGNORECASE,
)
_LEARNER = re.compile(
    r"(?<!\w)(?:learner|student|apprentice|trainee|candidate|pupil|employee|colleague|parent|tutor)"
    rf"(?:,|:| -| –)?[ ]({_NAME})",
    re.IGNORECASE,
)
_NOT_NAMES = _words(
    """
    a about academic achievement act adult after age agency agreement aim aims all and any
    apprenticeship are as at attendance attribute august award awards band before block
    british bursary but by can code codes college completed contact continuing could council
    credit data date dates days december delivery department destination details did
    difficulty disability do does e education eep emergency employability employed employer
    employers employment england english enrolment entry error ethnicity evidence february
    fees field file finance fis for free from full fund funded funding further gcse grant
    had has have health help her high his hours how i id if ilr in industry information
    internship is it january july june lars leavers level loan loans local lookup main
    management march maths may meals might mis mode monitoring must name need needs new no
    non not november number numbers october of on one only or other outcome part path
    permanent placement placements plan planned portal postcode premium prior programme
    progression provider qualification qualifications r record records ref reference
    referral register registration registry responsibility return returns review rule rules
    s satisfaction school scotland self send september services should sixth sld so specific
    standard start started starts status still study submit support survey system t table
    team the their then they this time to traineeship traineeships transfer transferred
    transport travel tutor two type types ucas uk uln union unique until update validation
    view voice volunteering wales was welfare were what when where which while who whose why
    will with withdrawals withdrawn withdrew work would year years
    """
)


def _names_after_cues(text: str) -> Iterator[PersonalData]:
    for pattern, single in ((_TITLED, True), (_CALLED, True), (_LEARNER, False)):
        for match in pattern.finditer(text):
            any_case = match.group().startswith(("mr", "mrs", "Mr", "Mrs"))
            end = _name_end(match[1], any_case=any_case, single=single)
            if end:
                yield PersonalData("name", match.start(1), match.start(1) + end)


def _name_end(words: str, *, any_case: bool, single: bool) -> int:
    """How much of the words is a name: leading capitalised words that are not ILR vocabulary."""
    end = count = 0
    for word in re.finditer(r"\S+", words):
        lower = word[0].removesuffix("'s").removesuffix("’s").casefold()
        capital = word[0][0].isupper() and (len(word[0]) == 1 or not word[0].isupper())
        if (
            lower in _NOT_NAMES
            or _FIELD_LIKE.match(word[0])
            or not (capital or (any_case and count == 0))
        ):
            break
        end, count = word.end(), count + 1
    return end if count >= (1 if single else 2) or (count == 1 and end >= 3) else 0


_FIELD_LIKE = re.compile(r"(?!Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz)[A-Z][a-z]+[A-Z]")
"""PriorAttain is a field; McDonald, DeVries and FitzRoy are people."""

_Detector = Callable[[str], Iterator[PersonalData]]
_DETECTORS: tuple[_Detector, ...] = (
    _in_elements,
    _in_labelled_values,
    _in_tables,
    _after_a_label,
    _addresses_online,
    _ni_numbers,
    _phones,
    _long_numbers,
    _spaced_ulns,
    _postcodes,
    _streets,
    _names_after_cues,
)
"""In order of trust: where two overlap, the first one names the mark."""

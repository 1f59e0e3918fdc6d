"""A copy of a record with invented people in it, to show to colleagues.

Layout, dates of learning, hours, codes and everything else stay as they are. What could
identify a learner is replaced, the same value always by the same invention, under a key that
is made anew for every copy and kept nowhere: nobody can get back from the copy.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.errors import InputError
from bot.ilr.readers.assembly import FIELDS
from bot.ilr.readers.dates import read_date
from bot.ilr.readers.decoding import MAX_PASTE_SIZE, text_of
from bot.ilr.readers.detect import read
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.tables import cells_of, is_header
from bot.ilr.readers.violations import layout_of
from bot.privacy import looks_personal

__all__ = ["redact"]

_KINDS = {
    "ULN": "uln", "FamilyName": "family", "GivenNames": "given", "DateOfBirth": "birth",
    "NINumber": "ni", "Postcode": "postcode", "PostcodePrior": "postcode",
    "LSDPostcode": "postcode", "HEPostCode": "postcode", "AddLine1": "street",
    "AddLine2": "town", "AddLine3": "town", "AddLine4": "town", "TelNo": "phone",
    "Email": "email", "LearnRefNumber": "shape", "PrevLearnRefNumber": "shape",
    "UCASPERID": "shape", "UCASAPPID": "shape", "SSN": "shape", "CampId": "keep",
    "ProvSpecLearnMon": "shape", "ProvSpecDelMon": "shape", "SWSupAimId": "hex",
}  # fmt: skip
"""Field → how its values are invented."""
_OF_FINDING = {
    "ULN": "uln", "UPN": "shape", "NI number": "ni", "postcode": "postcode", "email": "email",
    "phone": "phone", "date of birth": "birth", "name": "family", "address": "street",
    "learner reference": "shape", "number": "shape", "provider note": "shape",
    "person": "shape",
}  # fmt: skip
_NAMES_OF_PEOPLE = frozenset(
    {"name", "fullname", "learnername", "studentname", "surname", "tutor", "supervisor", "knownas"}
)
_NAME_PATTERN = "|".join(sorted((name for name in _KINDS if _KINDS[name] != "keep"), key=len)[::-1])
_ELEMENT = re.compile(
    rf"(?:<|&lt;)(?:[\w.-]{{1,60}}:)?({_NAME_PATTERN})(?:\s[^<>\n]{{0,200}})?(?:>|&gt;)"
    r"(?:<!\[CDATA\[)?([^<&\]]*(?:&(?!lt;)[^<&\]]*)*)"
)
_JSON = re.compile(r'"([\w @:./-]{2,60})"\s{0,9}:\s{0,9}(?:"((?:[^"\\\n]|\\.)*)"|(\d+))')
_OWN_JSON = re.compile(
    r'"name"\s{0,9}:\s{0,9}"(\w{2,40})"\s{0,9},\s{0,9}"value"\s{0,9}:\s{0,9}"((?:[^"\\\n]|\\.)*)"'
)
_PAIRED = re.compile(rf"\b({_NAME_PATTERN})=([^|,;\t\n\"<>]+)")
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
_ENCODING = re.compile(r"(<\?xml[^>]{0,200}encoding=[\"'])[^\"']{1,40}([\"'])")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

_GIVEN = (
    "Ada Alba Amos Anwen Asel Beren Bilal Bryn Calla Cato Cerys Dara Dilys Edda Efan Elif Emrys "
    "Farid Fern Gwil Hana Idris Imran Isla Jago Jora Kaito Kemi Lena Linus Lowri Mabel Malik Mina "
    "Nadia Nell Olwen Orla Otis Petra Quinn Rafi Rhys Rosa Sami Senna Tali Tomos Una Vera Wren "
    "Yara Zane Zora"
).split()
_FRONT = (
    "Ash Beck Bram Cold Crow Dale Elm Fair Fern Glen Hart Hazel Hollow Kirk Lark Marsh Moor".split()
)
_FRONT += "North Oak Park Raven Stan Thorn Under Wain West Whit Wood Yar".split()
_BACK = "bourne bridge combe croft dale field ford gate ham ley mere ridge shaw stead".split()
_BACK += "ton well wick".split()
_STREETS = "Avenue Close Crescent Drive Lane Mews Road Street Terrace Way".split()
_SMALL_WORDS = frozenset("and the of de la van von le da di el al bin".split())
_SMALL_WORDS |= frozenset("amp lt gt quot apos nbsp".split())
_ADDRESS = re.compile(r"[\w.+'-]{1,80}@[\w.-]{1,80}\w")


@dataclass(frozen=True, slots=True)
class _Spot:
    """A stretch of the text to be replaced."""

    start: int
    end: int
    kind: str


def redact(given: str | bytes) -> str:
    """The text with every personal detail replaced by an invented one, layout kept.

    Raises InputError when it is too large, or no text.
    """
    if len(given) > MAX_PASTE_SIZE:
        raise InputError(
            f"This is larger than {MAX_PASTE_SIZE // 1_000_000} MB. Redact one learner at a time."
        )
    text = _ENCODING.sub(r"\1UTF-8\2", text_of(given), count=1)
    inventor = _Inventor()
    spots = _in_order(text, [*_by_field(text), *_by_sight(text)])
    for spot in spots:
        inventor.note(text[spot.start : spot.end], spot.kind)
    parts, reached = [], 0
    for spot in spots:
        parts.append(inventor.elsewhere(text[reached : spot.start]))
        parts.append(inventor.invent(text[spot.start : spot.end], spot.kind))
        reached = spot.end
    parts.append(inventor.elsewhere(text[reached:]))
    return "".join(parts)


# --- Where -------------------------------------------------------------------------------


def _by_field(text: str) -> Iterator[_Spot]:
    """Values of personal fields: in elements, columns, lists and JSON."""
    for match in _ELEMENT.finditer(text):
        yield _Spot(match.start(2), match.end(2), _KINDS[match[1]])
    for match in _OWN_JSON.finditer(text):
        if match[1] in _KINDS:
            yield _Spot(match.start(2), match.end(2), _KINDS[match[1]])
    for match in _JSON.finditer(text):
        kind = _kind(match[1])
        # {"name": "ULN", "value": …} names a field, and nobody.
        if kind and not names().look_up(match[2] or "").known:
            group = 2 if match[2] is not None else 3
            yield _Spot(match.start(group), match.end(group), kind)
    for match in _PAIRED.finditer(text):
        yield _Spot(match.start(2), match.end(2), _KINDS[match[1]])
    for match in _LABELLED.finditer(text):
        kind = _kind(match[1]) or _of_heading(match[1], match[2])
        if kind and not names().look_up(match[2]).known:
            yield _Spot(match.start(2), match.end(2), kind)
    yield from _in_columns(text)
    yield from _in_violations(text)
    yield from _as_read(text)


def _in_violations(text: str) -> Iterator[_Spot]:
    """Rows of a rule violation report: without a heading, who it is stands before the rule."""
    layout = layout_of(text)
    if layout is None or layout.separator == "  ":
        return
    place = 0
    for number, line in enumerate(text.split("\n"), 1):
        named = 0
        spans = list(_spans(line, layout.separator))
        if number <= layout.header_line:
            spans = []
        elif layout.header_line:
            at = layout.learner
            spans = [] if at is None else spans[at : at + 1]
        elif layout.rule > 1:
            spans = spans[1 : layout.rule]
        else:
            spans = [] if layout.learner is None else spans[layout.learner :]
        for start, end in spans:
            cell = line[start:end]
            kind = "uln" if re.fullmatch(r"\d{10}", cell) else "shape"
            if cell and not re.search(r"\d", cell):
                kind = "given" if named else "family"
                named += 1
            yield _Spot(place + start, place + end, kind)
        place += len(line) + 1


def _as_read(text: str) -> Iterator[_Spot]:
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
        kind = _KINDS.get(item.name, "keep")
        if kind == "keep" or not item.text.strip() or not item.line or item.line > len(lines):
            continue
        line, start = lines[item.line - 1], starts[item.line - 1]
        for first, last in _on_line(line, item.text.strip(), kind):
            yield _Spot(start + first, start + last, kind)


def _on_line(line: str, value: str, kind: str) -> Iterator[tuple[int, int]]:
    """Where a value stands on its line. A date of birth may be written in another form there."""
    if kind != "birth":
        for match in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", line):
            yield match.span()
        return
    for match in _DATE.finditer(line):
        if read_date(match[0], birth=True).iso == value:
            yield match.span()


def _of_heading(label: str, value: str) -> str | None:
    """ "Learner: A100234" and "Student: Ann Example" name somebody as well."""
    if names().heading(label) != "Learner":
        return None
    return "shape" if re.search(r"\d", value) else "full"


def _kind(label: str) -> str | None:
    """How the values under a heading are invented; None for those that stay."""
    found: Label = names().look_up(label.rpartition(":")[2] if ":" in label else label)
    if found.places:
        kinds = [_KINDS.get(place[1]) for place in found.places]
        kind = next((one for one in kinds if one), None)
        return None if kind == "keep" else kind
    return "full" if re.sub(r"[^a-z]", "", label.casefold()) in _NAMES_OF_PEOPLE else None


def _in_columns(text: str) -> Iterator[_Spot]:
    columns: dict[int, str] = {}
    separator = ""
    place = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        if "&lt;" in body or "</" in body:  # its semicolons part no cells
            place += len(line)
            continue
        found = next((mark for mark in "\t|;," if mark in body), "")
        header = _header(body, separator or found) or _header(body, found)
        if header is not None:
            separator, columns = header
        elif columns and separator in body:
            for index, (start, end) in enumerate(_spans(body, separator)):
                if index in columns and start < end:
                    yield _Spot(place + start, place + end, columns[index])
        elif found:
            yield from _sideways(body, found, place)
        place += len(line)


def _header(line: str, separator: str) -> tuple[str, dict[int, str]] | None:
    if not separator or separator not in line or len(line) > 20_000:
        return None
    spans = list(_spans(line, separator))
    cells = [line[a:b] for a, b in spans]
    if re.search(r"\d{2,}", line) or not (is_header(cells) or is_header(cells_of(line, separator))):
        named = {at: kind for at, cell in enumerate(cells) if (kind := _kind(cell)) is not None}
        if len(named) < 2 or re.search(r"\d{2,}", line):
            return None
    return separator, {at: kind for at, cell in enumerate(cells) if (kind := _kind(cell))}


def _sideways(line: str, separator: str, place: int) -> Iterator[_Spot]:
    """A personal field's name at the left of a row: the cells beside it."""
    spans = list(_spans(line, separator))
    filled = [span for span in spans if span[0] < span[1]]
    if len(filled) < 2:
        return
    cells = [line[start:end] for start, end in filled]
    kind = _kind(cells[0])
    if kind and not any(names().look_up(cell).known for cell in cells[1:]):
        for start, end in filled[1:]:
            yield _Spot(place + start, place + end, kind)


def _spans(line: str, separator: str) -> Iterator[tuple[int, int]]:
    """Where each cell's text starts and ends, without its quotes and outer spaces."""
    start, quoted = 0, False
    for at in range(len(line) + 1):
        if at < len(line):
            if line[at] == '"':
                quoted = not quoted
            if quoted or line[at] != separator:
                continue
        first, last = start, at
        while first < last and line[first] in ' \t"':
            first += 1
        while last > first and line[last - 1] in ' \t"':
            last -= 1
        yield first, last
        start = at + 1


def _by_sight(text: str) -> Iterator[_Spot]:
    """What looks personal wherever it stands: numbers, postcodes, addresses, names after a cue."""
    for finding in looks_personal(text):
        # The heading beside "ULN" is no ULN.
        seen = text[finding.start : finding.end]
        if names().look_up(seen).known:
            continue
        if seen.isalpha() and _is_heading(text, finding.start):
            continue
        kind = _OF_FINDING.get(finding.kind, "shape")
        if kind == "email" and seen.startswith("<"):
            # Slack's <mailto:address|address> stays a link.
            for match in _ADDRESS.finditer(seen):
                yield _Spot(finding.start + match.start(), finding.start + match.end(), kind)
            continue
        yield _Spot(finding.start, finding.end, kind)


def _is_heading(text: str, place: int) -> bool:
    """Whether what stands there is in a row of headings."""
    start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    line = text[start : end if end >= 0 else len(text)].strip("\r")
    separator = next((mark for mark in "\t|;," if mark in line), "")
    layout = layout_of(line)
    return _header(line, separator) is not None or (layout is not None and layout.header_line > 0)


def _in_order(text: str, spots: list[_Spot]) -> list[_Spot]:
    """Without overlaps; what a field's name says goes before what a value looks like."""
    kept: list[_Spot] = []
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
        if start >= end:
            continue
        taken[start:end] = b"\x01" * (end - start)
        kept.append(_Spot(start, end, spot.kind))
    return sorted(kept, key=lambda spot: spot.start)


# --- With what ---------------------------------------------------------------------------


class _Inventor:
    """Inventions under one secret key."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._made: dict[tuple[str, str], str] = {}
        self._used: set[str] = set()
        self._words: dict[str, str] = {}
        self._whole: dict[str, str] = {}

    def note(self, value: str, kind: str) -> None:
        """Remember a value, so that it is replaced wherever else it stands."""
        if kind in {"family", "given", "full"}:
            for word in _WORD.findall(value):
                if len(word) >= 3 and word.casefold() not in _SMALL_WORDS | _VOCABULARY:
                    self._words.setdefault(
                        word.casefold(), "given" if kind == "given" else "family"
                    )
        elif kind in {"shape", "hex"} and len(value) >= 4 and re.search(r"\d", value):
            self._whole[value.strip()] = kind

    def elsewhere(self, text: str) -> str:
        """Text between the spots, with names and references that were noted replaced."""
        if self._whole:
            text = re.sub(r"[A-Za-z0-9][\w/.-]*\w", self._again, text)
        if self._words:
            text = _WORD.sub(self._name_again, text)
        return text

    def _again(self, match: re.Match[str]) -> str:
        kind = self._whole.get(match[0])
        return self.invent(match[0], kind) if kind else match[0]

    def _name_again(self, match: re.Match[str]) -> str:
        word, mark = match[0], ""
        if word.endswith(("'s", "’s")):
            word, mark = word[:-2], word[-2:]
        kind = self._words.get(word.casefold())
        return self.invent(word, kind) + mark if kind and word[0].isupper() else match[0]

    def invent(self, value: str, kind: str) -> str:
        """The invention for a value: the same for the same value, in the same form."""
        if not value.strip() or not any(map(str.isalnum, value)):
            return value
        if kind in {"family", "given", "full"}:
            return _WORD.sub(lambda match: self._name(match[0], kind), value)
        held = (kind, re.sub(r"[\W_]", "", value).casefold())
        bare = self._made.get(held)
        if bare is None:
            maker: Callable[[str, _Dice], str] = _MAKERS[kind]
            for attempt in range(50):
                bare = maker(value, self._dice(kind, held[1], attempt))
                if bare not in self._used and bare != value:
                    break
            self._used.add(bare or "")
            self._made[held] = bare or ""
            return bare or ""
        return bare if len(bare) == len(value) or kind not in _LAID_OUT else _laid_out(bare, value)

    def _name(self, word: str, kind: str) -> str:
        folded = word.casefold()
        if len(word) == 1:
            return "X" if word.isupper() else "x"
        if folded in _SMALL_WORDS or (
            kind == "full" and folded in {"mr", "mrs", "miss", "ms", "dr"}
        ):
            return word
        given = self._words.get(folded, kind) == "given"
        made = self._made.get(("name", folded))
        if made is None:
            dice = self._dice("name", folded, 0)
            made = dice.one_of(_GIVEN) if given else dice.one_of(_FRONT) + dice.one_of(_BACK)
            for attempt in range(1, 50):
                if made not in self._used and made.casefold() != folded:
                    break
                dice = self._dice("name", folded, attempt)
                made = dice.one_of(_FRONT) + dice.one_of(_BACK)
            self._used.add(made)
            self._made["name", folded] = made
        return made.upper() if word.isupper() else made.lower() if word.islower() else made

    def _dice(self, kind: str, value: str, attempt: int) -> _Dice:
        seed = f"{kind}\0{attempt}\0{value}".encode()
        return _Dice(hmac.new(self._key, seed, hashlib.sha256).digest())


class _Dice:
    """Throws that follow from a digest and from nothing else."""

    def __init__(self, digest: bytes) -> None:
        self._stream = hashlib.shake_256(digest).digest(4096)
        self._at = 0

    def below(self, count: int) -> int:
        """A number from 0 to ``count`` - 1."""
        self._at = (self._at + 4) % (len(self._stream) - 4)
        return int.from_bytes(self._stream[self._at : self._at + 4], "big") % count

    def one_of(self, choices: list[str] | str) -> str:
        return choices[self.below(len(choices))]


def _shape(value: str, dice: _Dice) -> str:
    """Letters for letters and digits for digits."""
    made = []
    for character in value:
        if character.isdigit():
            made.append(dice.one_of("0123456789"))
        elif character.isalpha():
            letter = dice.one_of("ABCDEFGHJKLMNPRSTUVWXYZ")
            made.append(letter if character.isupper() else letter.lower())
        else:
            made.append(character)
    return "".join(made)


def _hex(value: str, dice: _Dice) -> str:
    if re.search(r"[G-Zg-z]", value):
        return _shape(value, dice)
    digits = "0123456789ABCDEF" if value == value.upper() else "0123456789abcdef"
    return "".join(dice.one_of(digits) if c.isalnum() else c for c in value)


def _check_digit(nine: str) -> int | None:
    """The tenth digit of a ULN; None when there is none. Published ULN validation."""
    remainder = (
        sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    )
    return None if remainder == 0 else 10 - remainder


def _uln(value: str, dice: _Dice) -> str:
    """A number with a valid check digit, or an invalid one where the original's was."""
    digits = re.sub(r"\D", "", value)
    if digits == "9999999999":
        return value
    if len(digits) != 10 or digits[0] == "0":
        return _shape(value, dice)
    was_valid = _check_digit(digits[:9]) == int(digits[9])
    while True:
        nine = dice.one_of("123456789") + "".join(dice.one_of("0123456789") for _ in range(8))
        check = _check_digit(nine)
        if check is not None:
            last = check if was_valid else (check + 1 + dice.below(9)) % 10
            return _laid_out(f"{nine}{last}", value)


def _laid_out(made: str, like: str) -> str:
    """Characters of ``made`` with the spaces and dashes of ``like`` between them."""
    letters = iter(c for c in made if c.isalnum())
    return "".join(next(letters, "") if c.isalnum() else c for c in like) + "".join(letters)


def _birth(value: str, dice: _Dice) -> str:
    """Another day of the same September to August: the same age on every 31 August."""
    found = read_date(value.strip(), birth=True)
    if found.iso is None:
        return _shape(value, dice)
    day = date.fromisoformat(found.iso)
    first = date(day.year if day.month >= 9 else day.year - 1, 9, 1)
    length = (date(first.year + 1, 9, 1) - first).days
    offset = (dice.below(length - 1) + 1 + (day - first).days) % length
    return _dated(value, first + timedelta(days=offset))


_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def _dated(like: str, day: date) -> str:
    """A date written as another one is."""
    if re.match(r"\s*\d{4}[-/.]", like):
        return re.sub(
            r"\d{4}([-/.])\d{1,2}[-/.]\d{1,2}",
            rf"{day:%Y}\g<1>{day:%m}\g<1>{day:%d}",
            like,
            count=1,
        )
    if re.fullmatch(r"\s*\d{8}\s*", like):
        return f"{day:%Y%m%d}"
    if re.fullmatch(r"\s*\d{5}(?:\.0+)?\s*", like):
        return str((day - date(1899, 12, 30)).days)
    short = not re.search(r"\d{4}", like)
    year = f"{day:%y}" if short else f"{day:%Y}"
    month = re.search(r"(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", like)
    if month:
        name = _MONTHS[day.month - 1]
        return f"{day.day} {name if len(month[0]) > 4 else name[:3]} {year}"
    mark = re.search(r"\d\s?([-/.\\ ])", like)
    return f"{day:%d}{mark[1] if mark else '/'}{day:%m}{mark[1] if mark else '/'}{year}"


def _postcode(value: str, dice: _Dice) -> str:
    if re.sub(r"\W", "", value).upper() == "ZZ999ZZ":
        return value
    made = []
    seen = 0
    for character in value:
        if character.isdigit():
            made.append(dice.one_of("123456789"))
        elif character.isalpha():
            # Letters that postcodes use in every place.
            letter = dice.one_of("ABDEFGHLNPRSTUWY" if seen == 0 else "ABDEFGHLNPRSTUWXY")
            made.append(letter if character.isupper() else letter.lower())
        else:
            made.append(character)
        seen += character.isalnum()
    return "".join(made)


def _ni(value: str, dice: _Dice) -> str:
    while True:
        prefix = dice.one_of("ABCEGHJKLMNPRSTWXYZ") + dice.one_of("ABCEGHJKLMNPRSTWXYZ")
        if prefix not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}:
            break
    letters = [c for c in value if c.isalnum()]
    middle = "".join(dice.one_of("0123456789") for _ in range(max(0, min(6, len(letters) - 2))))
    last = dice.one_of("ABCD") if len(letters) > 8 else ""
    made = prefix + middle + last
    return _laid_out(made if value != value.lower() else made.lower(), value)


def _phone(value: str, dice: _Dice) -> str:
    """A number out of the range that is kept free for drama."""
    digits = re.sub(r"\D", "", value)
    tail = f"{dice.below(1000):03d}"
    national = f"7700900{tail}" if digits[-10:].startswith("7") else f"1632960{tail}"
    lead = digits[: len(digits) - 10] if len(digits) >= 10 else ""
    return _laid_out(lead + national, value) if len(digits) >= 10 else _shape(value, dice)


def _email(value: str, dice: _Dice) -> str:
    if "@" not in value:
        return _shape(value, dice)
    made = f"{dice.one_of(_GIVEN)}.{dice.one_of(_FRONT)}{dice.one_of(_BACK)}{dice.below(90) + 10}"
    link = re.match(r"<mailto:", value)
    address = f"{made.lower()}@example.org"
    return f"<mailto:{address}|{address}>" if link else address


def _street(value: str, dice: _Dice) -> str:
    street = f"{dice.one_of(_FRONT)}{dice.one_of(_BACK)} {dice.one_of(_STREETS)}"
    return f"{dice.below(180) + 1} {street}" if re.search(r"\d", value) else street


def _town(value: str, dice: _Dice) -> str:
    made = dice.one_of(_FRONT) + dice.one_of(_BACK)
    return made.upper() if value.isupper() else made


_MAKERS: dict[str, Callable[[str, _Dice], str]] = {
    "uln": _uln, "birth": _birth, "ni": _ni, "postcode": _postcode, "street": _street,
    "town": _town, "phone": _phone, "email": _email, "shape": _shape, "hex": _hex,
}  # fmt: skip
_LAID_OUT = frozenset({"uln", "ni", "postcode", "phone"})
"""Kinds that are the same value however they are spaced."""
_VOCABULARY = frozenset(
    word.casefold()
    for name in [*FIELDS, *(field for fields in FIELDS.values() for field in fields)]
    for word in re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])", name)
) | frozenset("start date end aim placement hours mode external internal work level core".split())

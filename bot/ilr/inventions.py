"""Invented people: the same invention for the same value, under a key that is kept nowhere."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date, timedelta

from bot.ilr.readers.assembly import FIELDS
from bot.ilr.readers.dates import read_date

__all__ = ["LEFT_OUT", "Inventor"]

LEFT_OUT = "(left out)"
"""Stands for a note about somebody: nothing of it could be invented."""
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
_SURNAMES = [front + back for front in _FRONT for back in _BACK]
_SHORT = (
    "Ek Od Ur Ash Ebb Elm Fay Oak Orr Yar Beck Bram Dale Glen Hart Kirk Lark Lyle Pyke Wain "
    "Hazel Marsh Raven Thorn"
).split()
"""Surnames for a column that no longer one would fit."""
_STREETS = "Avenue Close Crescent Drive Lane Mews Road Street Terrace Way".split()
_MEANINGLESS = "BJKQVXZ"
"""Letters that make no word or abbreviation: ST2 would be read as the start of the second aim."""
_OF_NAMES = frozenset({"family", "given", "full"})
_NOTHING = frozenset({"n/a", "na", "none", "nil", "unknown", "not known", "not recorded", "tbc"})
"""What is written where there is no value; of a name it may be one."""
_OF_ANY_LENGTH = frozenset({"street", "town", "email"})
_TRIES, _ENOUGH = 25, 20
"""Tries to find an invention that fits its column; names that are enough to choose from."""
_SMALL_WORDS = frozenset("and the of de la van von le da di el al bin".split())
_SMALL_WORDS |= frozenset("amp lt gt quot apos nbsp".split())


def _is_aims(text: str) -> bool:
    return re.fullmatch(r"Z[0-9A-Z]{7}", text) is not None


class Inventor:
    """Inventions under one secret key."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._made: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()
        """What was invented or stood anywhere: nobody is given another's birthday."""
        self._words: dict[str, str] = {}
        self._whole: dict[str, str] = {}
        self._longest: dict[str, int] = {}
        """Letters that a word, or all of a value, may have where it stands in a column."""

    def note(self, value: str, kind: str, room: int | None = None) -> None:
        """Remember a value: it is replaced wherever else it stands, and never invented.

        ``room``: characters by which what stands for it may be longer; None for any number.
        """
        self._taken.add(value.strip())
        if room is not None:
            words = _WORD.findall(value) if kind in _OF_NAMES else [_bare(value)]
            for word in words:
                most = len(word) + room // (2 * len(words))
                folded = word.casefold()
                self._longest[folded] = min(most, self._longest.get(folded, most))
        if kind in _OF_NAMES:
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
        if kind not in _OF_NAMES and value.strip().casefold() in _NOTHING:
            return value  # letters in its place could be a field's name: "a/e" for "n/a"
        if kind in _OF_NAMES:
            return _WORD.sub(lambda match: self._name(match[0], kind), value)
        held = (kind, _bare(value))
        bare = self._made.get(held)
        if bare is None:
            maker: Callable[[str, _Dice], str] = _MAKERS[kind]
            for attempt in range(1 if kind == "note" else 50):
                bare = maker(value, self._dice(kind, held[1], attempt))
                if self._serves(bare, value, kind) and self._fits(bare, value, kind, attempt):
                    break
            self._taken.add(bare or "")
            self._made[held] = bare or ""
            return bare or ""
        return bare if len(bare) == len(value) or kind not in _LAID_OUT else _laid_out(bare, value)

    def _serves(self, made: str, value: str, kind: str) -> bool:
        """Whether an invention is nobody's, and no date or aim's reference where the value is none
        ("90-55-71", "ZZ556311"); none of its parts is as it was ("12B")."""
        free = made != value and made not in self._taken
        other = (_is_date(made) and not _is_date(value)) or (_is_aims(made) and not _is_aims(value))
        again = kind == "shape" and bool(_parts_of(made) & _parts_of(value))
        return free and not (kind == "shape" and other) and not again

    def _fits(self, made: str, value: str, kind: str, attempt: int) -> bool:
        """Whether an invention fits the column its value stands in, or that was tried enough."""
        longest = self._longest.get(_bare(value))
        if longest is None or kind not in _OF_ANY_LENGTH or attempt >= _TRIES:
            return True
        return len(_bare(made)) <= longest

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
            longest = self._longest.get(folded)
            for attempt in range(50):
                choices = _names_of(given, longest if attempt < _TRIES else None)
                if given and longest is None and attempt:
                    choices = _SURNAMES
                made = self._dice("name", folded, attempt).one_of(choices)
                taken = made in self._taken or made.casefold() in self._words
                if not taken and made.casefold() != folded:
                    break
            made = made or ""
            self._taken.add(made)
            self._made["name", folded] = made
        return made.upper() if word.isupper() else made.lower() if word.islower() else made

    def _dice(self, kind: str, value: str, attempt: int) -> _Dice:
        seed = f"{kind}\0{attempt}\0{value}".encode()
        return _Dice(hmac.new(self._key, seed, hashlib.sha256).digest())


def _names_of(given: bool, longest: int | None) -> list[str]:
    """Names to choose from, of at most so many letters where there are any."""
    names = _GIVEN if given else _SURNAMES
    if longest is None:
        return names
    fitting = [name for name in names if len(name) <= longest]
    fitting += [] if len(fitting) >= _ENOUGH else [n for n in _SHORT if len(n) <= longest]
    return fitting or names


def _parts_of(value: str) -> set[str]:
    """What stands in a value that could tell whose it is: parts with a figure in them."""
    return set(re.findall(r"(?=\w*\d)\w{3,}", value.casefold()))


def _bare(value: str) -> str:
    return re.sub(r"[\W_]", "", value).casefold()


def _is_date(text: str) -> bool:
    return read_date(text).iso is not None or read_date(text, birth=True).iso is not None


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
            letter = dice.one_of(_MEANINGLESS)
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


_RUN = re.compile(r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])((?:19|20)\d\d|\d\d)")
"""A day in six or eight figures, day first."""


def _birth(value: str, dice: _Dice) -> str:
    """Another day of the same September to August: the same age on every 31 August."""
    found = read_date(value.strip(), birth=True)
    run = _RUN.fullmatch(value) if found.iso is None else None
    if run is not None:
        made = _birth("/".join(run.groups()), dice)
        return made.replace("/", "") if made.count("/") == 2 else _shape(value, dice)
    if found.iso is None:
        return _shape(value, dice)
    day = date.fromisoformat(found.iso)
    if not MINYEAR + 1 < day.year < MAXYEAR:
        return value  # the blank of a system, and nobody's birthday
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
    return f"{made.lower()}@example.org"


def _street(value: str, dice: _Dice) -> str:
    street = f"{dice.one_of(_FRONT)}{dice.one_of(_BACK)} {dice.one_of(_STREETS)}"
    return f"{dice.below(180) + 1} {street}" if re.search(r"\d", value) else street


def _town(value: str, dice: _Dice) -> str:
    made = dice.one_of(_FRONT) + dice.one_of(_BACK)
    return made.upper() if value.isupper() else made


_MAKERS: dict[str, Callable[[str, _Dice], str]] = {
    "uln": _uln, "birth": _birth, "ni": _ni, "postcode": _postcode, "street": _street,
    "town": _town, "phone": _phone, "email": _email, "shape": _shape, "hex": _hex,
    "note": lambda _value, _dice: LEFT_OUT,
}  # fmt: skip
_LAID_OUT = frozenset({"uln", "ni", "postcode", "phone"})
"""Kinds that are the same value however they are spaced."""
_VOCABULARY = frozenset(
    word.casefold()
    for name in [*FIELDS, *(field for fields in FIELDS.values() for field in fields)]
    for word in re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])", name)
) | frozenset("start date end aim placement hours mode external internal work level core".split())

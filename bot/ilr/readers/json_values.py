"""JSON whose values remember their lines, however it is quoted, and what converters wrap."""

from __future__ import annotations

import re
from bisect import bisect_right
from json import JSONDecodeError, JSONDecoder
from sys import intern
from typing import Any, NamedTuple

from bot.errors import InputError

__all__ = ["Leaf", "Pairs", "parse_json", "pythonic"]

DEEPEST = 60
_STRING = JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\n\r]*")
_BLANK = frozenset(" \t\n\r")
_PLAIN = re.compile(r'"([^"\\\x00-\x1f]*)"')
_MEMBER = re.compile(
    r"""[ \t\n\r]*"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*"""
    r"""(?:"([^"\\\x00-\x1f]*)"|(-?\d{1,20}|true|false|null))"""
    r"""[ \t\n\r]*(?:,|(?=\}))"""
)
_SCALAR = re.compile(r"-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?|true|false|null")
_QUOTES = str.maketrans("“”„‟", '""""')


class Leaf(NamedTuple):
    """A value and its line."""

    text: str
    line: int


class Pairs(list[tuple[str, Any]]):
    """An object's keys and values in order, and its line."""

    line = 0


class _Parser:
    """A JSON reader that remembers lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self._starts = [match.end() for match in re.finditer("\n", text)]

    def line(self, place: int) -> int:
        return bisect_right(self._starts, place) + 1

    def whole(self) -> Any:
        value = self.value(0)
        self.skip()
        if self.place < len(self.text):
            self.fail()
        return value

    def skip(self) -> str:
        here = self.text[self.place : self.place + 1]
        if here not in _BLANK:
            return here
        found = _SPACE.match(self.text, self.place)
        self.place = found.end() if found else self.place
        return self.text[self.place : self.place + 1]

    def fail(self) -> None:
        raise InputError(
            f"The JSON breaks off or is not well formed at line {self.line(self.place)}. Paste "
            "the whole object, from its first to its last bracket."
        )

    def value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise InputError(
                f"This JSON is nested more than {DEEPEST} levels deep, which no record is, so it "
                "was not read."
            )
        start = self.skip()
        line = self.line(self.place)
        if start == "{":
            return self.members(depth, line)
        if start == "[":
            return self.elements(depth)
        if start == '"':
            return Leaf(self.string(), line)
        match = _SCALAR.match(self.text, self.place)
        if match is None:
            self.fail()
            raise AssertionError
        self.place = match.end()
        return Leaf("" if match[0] == "null" else match[0], line)

    def string(self) -> str:
        # Most strings hold no escapes, and ten megabytes are half a million strings.
        if plain := _PLAIN.match(self.text, self.place):
            self.place = plain.end()
            return plain[1]
        try:
            text, self.place = _STRING.raw_decode(self.text, self.place)
        except JSONDecodeError:
            self.fail()
        return str(text)

    def members(self, depth: int, line: int) -> Pairs:
        pairs = Pairs()
        pairs.line = line
        self.place += 1
        while True:
            # Nearly every member is a plain name and value: one look instead of eight.
            while plain := _MEMBER.match(self.text, self.place):
                name, quoted, bare = plain.group(1, 2, 3)
                value = quoted if bare is None else "" if bare == "null" else bare
                where = plain.start(2 if bare is None else 3)
                pairs.append((intern(name), Leaf(value, self.line(where))))
                self.place = plain.end()
            start = self.skip()
            if start == "}":
                break
            if start != '"':
                self.fail()
            name = intern(self.string())
            if self.skip() != ":":
                self.fail()
            self.place += 1
            pairs.append((name, self.value(depth + 1)))
            if (after := self.skip()) == ",":
                self.place += 1
            elif after != "}":
                self.fail()
        self.place += 1
        return pairs

    def elements(self, depth: int) -> list[Any]:
        found: list[Any] = []
        self.place += 1
        while self.skip() != "]":
            found.append(self.value(depth + 1))
            if (after := self.skip()) == ",":
                self.place += 1
            elif after != "]":
                self.fail()
        self.place += 1
        return found


def parse_json(text: str) -> Any:
    """The value of a text. Raises InputError when it is none, however it is mended."""
    first: InputError | None = None
    for mend in (lambda as_is: as_is, _straight, pythonic, _uncommented, _listed):
        mended = mend(text)
        if first is not None and mended == text:
            continue
        try:
            return _unwrapped(_Parser(mended).whole())
        except InputError as error:
            first = first or error
    raise first or AssertionError


def _straight(text: str) -> str:
    return text.translate(_QUOTES)


_SINGLE = re.compile(r"(?<=[{\[,:(\s])'([^'\"\n]*)'(?=\s*[,:}\])])")
_DAY = re.compile(
    r"(?:datetime\.)?date(?:time)?\((\d{4}), (\d{1,2}), (\d{1,2})(?:, \d{1,2}){0,4}\)"
)
_WRAPPED = re.compile(
    r"\b(?:Decimal|Timestamp|UUID|ISODate|ObjectId|NumberLong)\(['\"]([^'\"\n]{1,60})['\"]\)"
)
"""What Python and databases write around a value: Decimal('13500'), datetime.date(2026, 9, 7)."""


def _day(match: re.Match[str]) -> str:
    return f'"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"'


_TRAILING = re.compile(r",(\s*[}\]])")
_CONSTANTS = {"None": "null", "True": "true", "False": "false"}


def pythonic(text: str) -> str:
    """What Python prints, and commas before a closing bracket."""
    text = _DAY.sub(_day, _WRAPPED.sub(r"'\1'", _straight(text)))
    text = _SINGLE.sub(r'"\1"', text)
    text = re.sub(r"(?<=[:\[,])(\s*)(None|True|False)\b", lambda m: m[1] + _CONSTANTS[m[2]], text)
    return _TRAILING.sub(r"\1", text)


_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/')


def _uncommented(text: str) -> str:
    """Without what somebody noted between the values; lines stay lines."""
    bare = _COMMENT.sub(lambda m: m[1] or "\n" * m[0].count("\n"), text)
    return pythonic(bare)


def _listed(text: str) -> str:
    """Objects a line each, or one after the other, as one list; lines stay lines."""
    joined = re.sub(r"\}(\s*\n\s*)\{", r"},\1{", pythonic(text))
    return f"[{joined}]"


def _unwrapped(value: Any) -> Any:
    """Values that converters from XML put into objects of their own: {"#text": "5"}."""
    if isinstance(value, Pairs):
        held = dict(value)
        inner = next(
            (held[name] for name in ("#text", "$", "_text", "@value") if name in held), None
        )
        if isinstance(inner, Leaf) and all(
            name in {"#text", "$", "_text", "@value"} or name.startswith(("@", "-"))
            for name in held
        ):
            return inner
        made = Pairs((name, _unwrapped(one)) for name, one in value)
        made.line = value.line
        return made
    return [_unwrapped(one) for one in value] if isinstance(value, list) else value

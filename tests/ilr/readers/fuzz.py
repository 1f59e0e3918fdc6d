"""Pastes of the corpus, mangled at random, for so many seconds.

    python -m tests.ilr.readers.fuzz [seconds] [first seed]

What holds for each: it is read, or refused with one sentence; in a bounded time; lines point
into the paste; a report, a copy with invented people and the record as JSON can be made of what
was read; and the JSON is read as the same record again. A case is known by its seed.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from bot.errors import InputError
from bot.ilr.build import build
from bot.ilr.raw import RawEntity
from bot.ilr.readers import ParsedRecord, looks_like_record, read
from bot.ilr.readers.decoding import text_of
from bot.ilr.redaction import redact
from bot.ilr.specification import YearSpecification, load_specification
from bot.yaml_files import shipped_knowledge
from bot.years import AcademicYear
from tests.ilr.readers.test_pastes import CASES, pasted

__all__ = ["Tally", "case", "fuzz", "look_at"]

SLOWEST = 5.0
"""Seconds of the processor for one paste of some kilobytes, on a busy machine."""
REDACTED = 8
"""One case in so many is redacted as well, which takes longer than all the rest."""
_TOKENS = (
    "<", ">", "</", "/>", "&lt;", "&amp;", "<Learner>", "</Learner>", "<LearningDelivery>",
    "</LearningDelivery>", "<LearnStartDate>", "<!--", "]]>", "<![CDATA[", "<?xml ", "```", "> ",
    "\t", "|", ";", ",", '"', "“", "'", "{", "}", "[", "]", ":", "\\", "\n\n", "\r", "\u00a0",
    "\u200b", "\ufeff", "\ud800", "\x00", "\x0b", "\u2028", "٣", "²", "31/02/2026", "9" * 40,
    "-1", "1e9", "NaN", "Placement 2", "Aim", "E,", "R_96", "$x^{", "=cmd()", "💥",
)  # fmt: skip


@lru_cache(maxsize=1)
def _corpus() -> tuple[bytes, ...]:
    return tuple(content for one in CASES if len(content := pasted(one)) < 20_000)


@lru_cache(maxsize=1)
def _year() -> YearSpecification:
    return load_specification(shipped_knowledge() / "ilr").for_year(AcademicYear(2026))


def case(seed: int) -> str | bytes:
    """The paste of a seed: the same each time, while the corpus is."""
    chance = random.Random(seed)
    content = chance.choice(_corpus())
    if chance.random() < 0.1:
        return _bytes_changed(content, chance)
    try:
        text = text_of(content)
    except InputError:
        return _bytes_changed(content, chance)
    for _ in range(chance.randint(1, 4)):
        text = chance.choice(_WAYS)(text, chance)
    dressed = chance.random()
    if dressed < 0.08:
        return text.encode("utf-16", errors="surrogatepass")
    if dressed < 0.16:
        return text.encode("cp1252", errors="replace")
    return text


def _bytes_changed(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _two(text: str, chance: random.Random) -> tuple[int, int]:
    one, other = chance.randint(0, len(text)), chance.randint(0, len(text))
    return min(one, other), max(one, other)


def _cut(text: str, chance: random.Random) -> str:
    start, end = _two(text, chance)
    return text[start:end]


def _gap(text: str, chance: random.Random) -> str:
    start = chance.randint(0, len(text))
    return text[:start] + text[start + chance.randint(1, 80) :]


def _doubled(text: str, chance: random.Random) -> str:
    start, end = _two(text, chance)
    return text[:end] + text[start : start + 2_000] + text[end:]


def _inserted(text: str, chance: random.Random) -> str:
    place = chance.randint(0, len(text))
    return text[:place] + chance.choice(_TOKENS) * chance.choice((1, 1, 1, 3)) + text[place:]


def _joined(text: str, chance: random.Random) -> str:
    return text.replace("\n", chance.choice(("", " ", "\t", "\n\n", "\r\n")), chance.randint(1, 50))


def _shuffled(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    chance.shuffle(lines)
    return "\n".join(lines)


def _parted_otherwise(text: str, chance: random.Random) -> str:
    return text.replace(chance.choice("\t,;|:"), chance.choice("\t,;|: "))


def _with_another(text: str, chance: random.Random) -> str:
    try:
        other = text_of(chance.choice(_corpus()))
    except InputError:
        return text
    return text[: chance.randint(0, len(text))] + chance.choice(("\n", "\n\n", " ")) + other


def _quoted(text: str, chance: random.Random) -> str:
    mark = chance.choice(("> ", "&gt; ", "  ", "* "))
    return "\n".join(mark + line for line in text.split("\n"))


_WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    _cut, _gap, _gap, _doubled, _inserted, _inserted, _joined, _shuffled, _parted_otherwise,
    _with_another, _quoted,
)  # fmt: skip


@dataclass
class Tally:
    """What came of a run."""

    cases: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


def look_at(paste: str | bytes, *, redacted: bool = False) -> str:
    """Read one paste and hold it to what is promised; AssertionError, or the kind it was."""
    try:
        reading = read(paste)
    except InputError as error:
        said = str(error)
        assert 10 < len(said) < 400, "a refusal is a sentence or two"
        assert "\n" not in said, "a refusal is a sentence or two"
        return "refused"
    # Whatever was read came from something that a message with it would be taken for.
    assert looks_like_record(text_of(paste))
    _lines_point_into(reading, text_of(paste))
    build(reading.message, _year(), [])
    if not reading.violations:
        again = read(json.dumps(reading.to_json()))
        assert _plain(again.message) == _plain(reading.message), "JSON does not read back"
    if redacted:
        redact(paste)
    return reading.kind


def _lines_point_into(reading: ParsedRecord, text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for item in reading.fields():
        assert item.line is None or 1 <= item.line <= lines, "a value on no line"
    for remark in reading.remarks:
        assert remark.line is None or 0 <= remark.line <= lines, "a remark on no line"


def _plain(entity: RawEntity) -> tuple[object, ...]:
    return (
        entity.name,
        entity.partial,
        [(item.name, item.text, item.guess) for item in entity.fields],
        [_plain(child) for child in entity.children],
    )


def fuzz(seconds: float, seed: int) -> Tally:
    """Look at cases from ``seed`` on for so long. Names the seed of one that fails."""
    tally, until = Tally(), time.monotonic() + seconds
    while time.monotonic() < until:
        started = time.process_time()
        try:
            kind = look_at(case(seed), redacted=seed % REDACTED == 0)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__} {error}") from error
        took = time.process_time() - started
        assert took < SLOWEST, f"seed {seed} took {took:.1f} s"
        tally.cases, tally.slowest = tally.cases + 1, max(tally.slowest, took)
        tally.kinds[kind] += 1
        seed += 1
    return tally


def main() -> None:
    """Fuzz for a minute, or as long as is said, and tell what came of it."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**9)
    print(f"{seconds:.0f} s from seed {seed}")  # noqa: T201
    tally = fuzz(seconds, seed)
    print(f"{tally.cases:,} cases, the slowest {tally.slowest:.2f} s")  # noqa: T201
    for kind, count in tally.kinds.most_common():
        print(f"  {count:7,} {kind}")  # noqa: T201


if __name__ == "__main__":
    main()

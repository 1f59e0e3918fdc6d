"""Invented inputs: mutated pastes, questions, commands and knowledge files."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

from bot.yaml_files import shipped_knowledge
from tests.benchmarks.invented import HEAD, learner
from tests.support.records import as_typed

__all__ = ["command", "knowledge_file", "paste", "question"]

PASTES = Path(__file__).parents[1] / "pastes"
ODD = (
    "\x00", "\ud800", "\u202e", "\u200b", "\ufeff", "\r", "\x0b", "\x1b[2J", "﷽", "🏳️‍🌈", "İ",
    "ß", "<", ">", "&", "&lt;", "&#x0;", "]]>", "<![CDATA[", "<!DOCTYPE x [", "<!--", '"', "'",
    "`", "*", "_", "~", "|", "\t", "\\", "%s", "{0}", "{{", "$(id)", "=1+1", "@here", "<!channel>",
    "<@U1>", "<#C1|x>", "9" * 400, "-1", "1e999", "NaN", "null", "0000-00-00", "31/02/2026",
    "{{x}}", "&a [*a]", "!!set {a}", "!!binary aGk=", "!!python/name:os.system", "2026-02-30",
    "9999999999", "((((((((((", "a" * 3000,
)  # fmt: skip
WORDS = (
    "placement", "aim", "hours", "R_96", "R04", "SOF 107", "ZWRKX001", "and", "or", "why", "?",
    "2019-20", "last year", "20/21", "WorkPlaceStartDate_02", "EEP", "T Level", "covid", "\n",
)  # fmt: skip


@cache
def _pastes() -> tuple[bytes, ...]:
    files = [p for p in sorted(PASTES.rglob("*")) if p.is_file() and p.suffix != ".yaml"]
    whole = f"{HEAD}{learner(1, 2)}{learner(2, 1)}</Message>".encode()
    return (whole, learner(3, 2).encode(), *(path.read_bytes()[:20_000] for path in files))


@cache
def _questions() -> tuple[str, ...]:
    return tuple(
        phrasing
        for path in sorted((shipped_knowledge() / "entries").glob("*.yaml"))
        for entry in as_typed(path)
        for phrasing in (entry["question"], *entry["also_asked"])
    )


@cache
def _knowledge() -> tuple[tuple[str, str], ...]:
    """Small files of each kind: an entry alone, and the rest cut to a size."""
    found = []
    for path in sorted(shipped_knowledge().glob("**/*.yaml")):
        name = str(path.relative_to(shipped_knowledge()))
        text = path.read_text(encoding="utf-8")
        if path.parent.name == "entries":
            entries = text.split("\n- id: ")
            found += [(name, f"- id: {entry}\n") for entry in entries[1:3]]
        elif path.parent == shipped_knowledge():
            found.append((name, text[: text.rfind("\n", 0, 6000) + 1] or text))
    return tuple(found)


def _bent(text: str, chance: random.Random) -> str:
    """A text with a few parts gone, doubled, moved or odd."""
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice((1, 1, 3, 10, 80)))
        part = text[at:end]
        before, after = text[:at], text[end:]
        turns = (
            before + after,
            before + part * chance.choice((2, 3, 50)) + after,
            before + chance.choice(ODD) + after,
            before + chance.choice(ODD) + text[at:],
            before,
            text[at:],
            before + part[::-1] + after,
            before + part.swapcase() + after,
        )
        text = chance.choice(turns)
    return text[:60_000]


def paste(chance: random.Random) -> bytes | str:
    """A record that something happened to; sometimes bytes of no encoding."""
    given = chance.choice(_pastes())
    if chance.random() < 0.2:
        raw = bytearray(given)
        for _ in range(chance.randint(1, 20)):
            if raw:
                raw[chance.randrange(len(raw))] = chance.randrange(256)
        return bytes(raw)
    text = given.decode("utf-8", "replace")
    if chance.random() < 0.1:
        text += _bent(chance.choice(_pastes()).decode("utf-8", "replace"), chance)
    return _bent(text, chance)


def question(chance: random.Random) -> str:
    """A question with slips, or words in a heap."""
    if chance.random() < 0.3:
        heap = (*WORDS, *ODD)
        return " ".join(chance.choice(heap) for _ in range(chance.randint(0, 30)))
    return _bent(chance.choice(_questions()), chance)


def command(chance: random.Random) -> str:
    """What follows /ilr."""
    verb = chance.choice(
        ("", "", "ask ", "explain ", "check ", "dates", "topics", "forget me ", "/")
    )
    rest = question(chance) if chance.random() < 0.7 else str(paste(chance))[:3000]
    return _bent(verb, chance)[:40] + rest if chance.random() < 0.1 else verb + rest


def knowledge_file(chance: random.Random) -> tuple[str, str]:
    """Where it lies in a knowledge folder, and a text that a curator may have saved."""
    name, text = chance.choice(_knowledge())
    return name, _bent(text, chance)

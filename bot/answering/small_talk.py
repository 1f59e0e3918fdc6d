"""Lines that ask nothing of the knowledge: greetings, thanks, chatter, and what is not ours.

One decision for every surface: short lines by the word lists of small_talk.yaml, the others by
the model of the kinds of line. A learner at risk comes before everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

from bot.answering.form import has_form_of_question
from bot.answering.ways import compile_ways, line_of
from bot.answers import ReplyKind
from bot.matching.kinds import Kind
from bot.yaml_files import quick_load

__all__ = ["Asks", "kind_of_line", "reply_to", "small_talk"]

MAX_SMALL_WORDS = 12


class Asks(Enum):
    """How surely something else says that a line asks: what it names, or what it follows."""

    BY_NAME = 0
    SURELY = 1
    LIKELY = 2
    PERHAPS = 3


AT_RISK, AT_RISK_BESIDE = 0.25, 0.6
"""How likely the model must find that a line tells of a learner at risk: missing one is worse. The
second, where the line names or follows up what is surely asked."""
SURE = 0.55
"""How likely the model must find that a line asks nothing of ours before it is taken so."""
SURE_WITHOUT_MARK, SURE_WITH_MARK = 0.5, 0.65
"""The same for chatter without a question mark, and for any kind of line with one."""
PERHAPS_CHATTER = 0.2
THANKS_BESIDE_RULE = 0.5
"""How likely chatter must be in thanks that name a rule ("cheers, that fixed R_96")."""
_ASKS = re.compile(
    r"\b(?:what|when|where|which|who|why|how|do|does|did|is|are|can|could|should|shall|will|would|"
    r"has|have|need|any(?:one|body)|ideas?|help|error|code|field|rule)\b",
    re.IGNORECASE,
)
SURE_OF_KIND = 0.85
"""From here the model's word stands by itself."""
_REPLIES: dict[Kind, ReplyKind] = {
    "chatter": "chatter",
    "own-data": "own-data",
    "elsewhere": "elsewhere",
}
SURE_BESIDE = 0.85
"""The same where the line names a code or aim, or follows up a question."""
_SOMEBODYS = re.compile(
    r"\b(?:has|have|is|did|was|why is|how come|what is|what's|check)\s+[A-Z][a-z]{2,}'s\b(?! Level)"
)
""" "has Jodie's employer been given an ERN": somebody's record, by name."""
_PERSON = re.compile(
    r"\b(?:s?he|her|him|hers|his|they|them|student|learner|apprentice|lad|lass|girl|boy|kid|child|"
    r"pupil|intern|daughter|son|someone|one\s+of)\b",
    re.IGNORECASE,
)
"""Somebody must be spoken of for a line to tell of a learner at risk."""
MAX_WORDS = 45
"""A longer message tells a story: only its words for a learner at risk are looked for."""
_WORD = re.compile(r"[a-z']+")
_RULE = re.compile(r"\w_\d")
_EMOJI = re.compile(r"(?<![\w:]):[a-z0-9_+'\-]{2,40}:(?::skin-tone-\d:)?", re.IGNORECASE)


@lru_cache(maxsize=1)
def _book() -> dict[str, Any]:
    book: dict[str, Any] = quick_load("bot.answering", "small_talk.yaml")
    return book


def reply_to(kind: ReplyKind) -> str:
    """What is said to a line of a kind; "" for nothing."""
    book = _book()
    if kind == "bot":
        return str(book["bot"]["says"])
    if kind in book["replies"]:
        return str(book["replies"][kind])
    return str(book["kinds"].get(kind, {}).get("says", ""))


def kind_of_line(
    raw: str, text: str, chances: Mapping[Kind, float], asks: Asks
) -> ReplyKind | None:
    """What kind of line it is, when it is no question to answer.

    ``raw``: as written; ``text``: cleaned; ``chances``: what the model of the kinds makes of it.
    """
    if _at_risk(raw):
        return "safeguarding"
    if not re.search(r"\w", _EMOJI.sub(" ", raw)):
        return "emoji" if raw.strip() else None
    small = None if asks is Asks.BY_NAME else small_talk(raw)
    if small is not None:
        return small
    if (
        asks is not Asks.BY_NAME
        and kind_at_risk(chances, asks)
        and _PERSON.search(raw)
        and len(raw.split()) <= MAX_WORDS
    ):
        return "safeguarding"
    enough = THANKS_BESIDE_RULE if _RULE.search(raw) else PERHAPS_CHATTER
    if chances["chatter"] >= enough and thanks_for_something(raw):
        return "thanks"
    own = _says_own_data(text)
    if asks in {Asks.BY_NAME, Asks.SURELY} or len(raw.split()) > MAX_WORDS:
        # "when did we last get R_96" names a rule, and asks for figures of the provider's all the
        # same: by the words and by the model.
        ours = asks is Asks.BY_NAME and own and chances["own-data"] >= SURE_BESIDE
        return "own-data" if ours else None
    if own:
        return "own-data"
    if not re.search(r"\w", text):
        return "greeting"
    # Whether it asks at all comes first, and what else it may be after: those kinds overlap.
    kind = max(_REPLIES, key=lambda each: chances[each])
    if asks is Asks.LIKELY:
        return _REPLIES[kind] if chances[kind] >= SURE_BESIDE else None
    needed = SURE_WITH_MARK if "?" in raw else SURE_WITHOUT_MARK if kind == "chatter" else SURE
    return _REPLIES[kind] if _asks_nothing(chances) >= needed else None


def is_told_by_words(raw: str, text: str) -> bool:
    """Whether the word lists know a line's kind, so that the model is not asked."""
    return small_talk(raw) is not None or _says_own_data(text)


def likelier_nothing(chances: Mapping[Kind, float]) -> ReplyKind | None:
    """The kind of a line that is likelier none of ours than a question; else None."""
    asks = chances["question"] + chances["aside"] + chances["near"]
    if _asks_nothing(chances) <= asks:
        return None
    return _REPLIES[max(_REPLIES, key=lambda kind: chances[kind])]


def is_guess(chances: Mapping[Kind, float]) -> bool:
    """Whether the model is not very sure that a line asks nothing."""
    return _asks_nothing(chances) < SURE_OF_KIND


def _asks_nothing(chances: Mapping[Kind, float]) -> float:
    """How likely a line is none that the knowledge might answer, as far as the model can tell."""
    return sum(chances[kind] for kind in _REPLIES)


def small_talk(raw: str) -> ReplyKind | None:
    """The kind of a short line of which every word is small talk; None for any other."""
    plain = _EMOJI.sub(" ", re.sub(r"<[@!#][^<>]{1,80}>", " ", raw)).casefold().replace("’", "'")
    words = _WORD.findall(plain)
    if not words or len(words) > MAX_SMALL_WORDS or re.search(r"\d", plain):
        return None
    line = " ".join(words)
    for asked in map(str, _book()["bot"]["asks"]):
        if line == asked or (
            line.endswith(f" {asked}") and _known().issuperset(line.removesuffix(asked).split())
        ):
            return "bot"
    if _bot().fullmatch(line_of(plain)):
        return "bot"
    for kind, needed, allowed in _kinds():
        if not needed.isdisjoint(words) and allowed.issuperset(words):
            return kind
    return None


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Fillers, and the words of which a kind needs one: they may stand in small talk of any."""
    needed = (word for one in _book()["kinds"].values() for word in one["needs"])
    return frozenset(map(str, (*_book()["fillers"], *needed)))


@lru_cache(maxsize=1)
def _kinds() -> list[tuple[ReplyKind, frozenset[str], frozenset[str]]]:
    """Each kind of small talk, the words of which it needs one, and all that it may have."""
    return [
        (kind, frozenset(map(str, one["needs"])), _known().union(map(str, one["words"])))
        for kind, one in _book()["kinds"].items()
    ]


def thanks_for_something(raw: str) -> bool:
    """Whether a line begins or ends with thanks, in whatever words, and asks for nothing."""
    if has_form_of_question(raw):
        return False
    line = " ".join(_WORD.findall(raw.casefold()))
    return _thanks().search(line) is not None


@lru_cache(maxsize=1)
def _thanks() -> re.Pattern[str]:
    lead, words = "|".join(_book()["thanks"]["after"]), "|".join(_book()["thanks"]["words"])
    return re.compile(rf"^(?:(?:{lead}) ){{0,2}}(?:{words})\b|\b(?:{words})$")


def _at_risk(raw: str) -> bool:
    book = _book()["safeguarding"]
    plain = raw.replace("’", "'")
    always, words, unless = (_any_of(tuple(book[name])) for name in ("always", "words", "unless"))
    told = words.search(plain) and not unless.search(plain)
    return bool(told or always.search(plain))


def kind_at_risk(chances: Mapping[Kind, float], asks: Asks) -> bool:
    """Whether the model takes a line for one of a learner at risk."""
    return chances["safeguarding"] >= (AT_RISK_BESIDE if asks is Asks.SURELY else AT_RISK)


def may_be_chatter(raw: str, chances: Mapping[Kind, float], *, follows: bool = False) -> bool:
    """Whether a line without a question's mark or words may well be talk between colleagues.

    ``follows``: where a question went before, "this was week 5" may add to it.
    """
    if "?" in raw or _ASKS.search(raw):
        return False
    adds = chances["question"] + chances["aside"] if follows and not is_pleased(raw) else 0.0
    return chances["chatter"] >= max(PERHAPS_CHATTER, adds)


def is_pleased(raw: str) -> bool:
    """Whether a line begins with praise, as when an answer was what was needed."""
    line = " ".join(_WORD.findall(raw.casefold()))
    return _pleased().match(line) is not None


@lru_cache(maxsize=1)
def _pleased() -> re.Pattern[str]:
    book = _book()
    lead, words = "|".join(book["thanks"]["after"]), "|".join(book["pleased"])
    return re.compile(rf"(?:(?:{lead}) ){{0,2}}(?:{words})\b")


def _says_own_data(text: str) -> bool:
    return bool(_own_data().search(line_of(text)) or _SOMEBODYS.search(text))


@lru_cache(maxsize=1)
def _bot() -> re.Pattern[str]:
    return compile_ways(map(str, _book()["bot"]["ways"]))


@lru_cache(maxsize=1)
def _own_data() -> re.Pattern[str]:
    return compile_ways(map(str, _book()["own-data"]["ways"]), lead_in=r"(?:^|\s)")


@lru_cache(maxsize=4)
def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    told = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"\b(?:{told})\b", re.IGNORECASE)

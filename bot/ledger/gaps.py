"""Finds that the same thing was asked five ways.

Questions become sets of keywords (small words dropped, endings cut, typing errors
mended against the words others used), weighted by how rare a word is. How alike two questions
are is four parts those words and one part whether the same entries came near. A question joins
the group it is most like, if that is enough. Groups are found through the rarest words only,
so that ten thousand questions take seconds rather than a comparison of every pair.

Rewordings meet; a paraphrase that shares no telling word does not. Where to stop was chosen
to keep groups pure rather than complete: a curator merges two gaps at a glance, but is misled
by one that mixes two.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

__all__ = ["LoggedQuestion", "cluster", "keywords"]

ENOUGH = 0.4
"""How alike, 0 to 1, questions of one group are."""
NEAR_SHARE = 0.2
RAREST_WORDS = 6
"""How many of a question's words are used to look for groups."""
MAX_CANDIDATES = 40
MAX_MEMBERS_COMPARED = 6
_TYPO_SCORE = 86.0
_FREQUENT = 3
"""A word that this many questions use is not a typing error."""

_WORD = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_MARK = re.compile(r"\[[a-zA-Z ]{3,20}\]")
STOP_WORDS = frozenset(
    """
    a about after again all also am an and any anyone are as at be been before being but by can
    cannot could did do does doing don done each either else error every for from get gets getting
    go got had has have having he hello help her here hi how i if in into is isn it its just know
    let like many may me might more much must my need needs no not now of on one only or other our
    out over own please put same say she should show so some someone still such sure tell than
    thank thanks that the their them then there these they thing think this those through to too
    under until up us use used want was way we well were what when where whether which while who
    whose why will with without won would wrong you your year years
    """.split()
)
_CODE = re.compile(r"\w+_\w+|(?=\w*[a-z])(?=\w*\d)\w{5,}")
"""A rule id (ULN_04) or a code (ZWRKX001)."""
_YEAR = re.compile(r"(?:20)?\d\d(?:20)?\d\d|20\d\d|\d\d")


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """A question to be grouped."""

    text: str
    near: tuple[str, ...] = ()
    """The entries that came near, the nearest first."""


def keywords(text: str) -> list[str]:
    """The words of a question that say what it is about, without their endings."""
    words = _WORD.findall(_MARK.sub(" ", text.lower().replace("'", "").replace("’", "")))
    return [
        _without_ending(word)
        for word in words
        if word not in STOP_WORDS and len(word) > 1 and not _YEAR.fullmatch(word)
    ]


def cluster(
    questions: Sequence[LoggedQuestion], *, words: Callable[[str], Iterable[str]] = keywords
) -> list[list[int]]:
    """Indexes of the questions, grouped by what they ask; largest group first.

    ``words`` may be another reading of a question, for instance one that knows synonyms.
    """
    told = _mended([frozenset(words(question.text)) for question in questions])
    weight = _weights(told)
    same: dict[tuple[frozenset[str], tuple[str, ...]], list[int]] = defaultdict(list)
    for index, (question, telling) in enumerate(zip(questions, told, strict=True)):
        same[telling, question.near[:5]].append(index)
    grouping = _Grouping(weight)
    for (telling, near), indexes in sorted(
        same.items(), key=lambda item: (-len(item[1]), -len(item[0][0]), item[1][0])
    ):
        codes = frozenset(filter(_CODE.fullmatch, telling))
        total = sum(weight[word] for word in telling)
        grouping.add(_Member(telling, near, codes, total), indexes)
    return sorted(
        (sorted(group.indexes) for group in grouping.groups), key=lambda g: (-len(g), g[0])
    )


@dataclass(frozen=True, slots=True)
class _Member:
    telling: frozenset[str]
    near: tuple[str, ...]
    codes: frozenset[str]
    weight: float


@dataclass(slots=True)
class _Group:
    members: list[_Member] = field(default_factory=list)
    indexes: list[int] = field(default_factory=list)


class _Grouping:
    def __init__(self, weight: dict[str, float]) -> None:
        self.weight = weight
        self.groups: list[_Group] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)

    def add(self, member: _Member, indexes: list[int]) -> None:
        """Put questions with the same words into the likest group, or a new one."""
        best, likeness = None, ENOUGH
        for number in self._candidates(member.telling):
            alike = max(self._alike(member, other) for other in self.groups[number].members)
            if alike >= likeness:
                best, likeness = number, alike
        if best is None:
            best = len(self.groups)
            self.groups.append(_Group())
        group = self.groups[best]
        group.indexes += indexes
        if len(group.members) < MAX_MEMBERS_COMPARED:
            group.members.append(member)
            for word in member.telling:
                known = self._by_word[word]
                if not known or known[-1] != best:
                    known.append(best)

    def _candidates(self, telling: frozenset[str]) -> list[int]:
        rarest = sorted(telling, key=lambda word: (-self.weight[word], word))[:RAREST_WORDS]
        shared: Counter[int] = Counter()
        for word in rarest:
            for number in self._by_word.get(word, ())[:MAX_CANDIDATES]:
                shared[number] += 1
        return [number for number, _ in shared.most_common(MAX_CANDIDATES)]

    def _alike(self, one: _Member, other: _Member) -> float:
        if one.codes and other.codes and not one.codes & other.codes:
            return 0.0  # about two different rules, however alike the rest
        shared = sum(map(self.weight.__getitem__, one.telling & other.telling))
        words = 2 * shared / (one.weight + other.weight) if shared else 0.0
        if not one.near or not other.near:
            return words
        return (1 - NEAR_SHARE) * words + NEAR_SHARE * _same_entries(one.near, other.near)


def _same_entries(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How alike two rankings are, 0 to 1; the first places count most."""
    mine = {entry: 1 / place for place, entry in enumerate(one, 1)}
    theirs = {entry: 1 / place for place, entry in enumerate(other, 1)}
    shared = sum(share * theirs.get(entry, 0.0) for entry, share in mine.items())
    lengths = sum(x * x for x in mine.values()) * sum(x * x for x in theirs.values())
    return shared / math.sqrt(lengths)


def _weights(told: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(word for telling in told for word in telling)
    return {word: math.log(1 + len(told) / count) for word, count in counts.items()}


def _mended(told: list[frozenset[str]]) -> list[frozenset[str]]:
    """Rare words that nearly spell a frequent one become it."""
    counts = Counter(word for telling in told for word in telling)
    frequent = defaultdict(list)
    for word, count in counts.items():
        if count >= _FREQUENT and len(word) >= 4:
            frequent[word[0]].append(word)
    meant: dict[str, str] = {}
    for word, count in counts.items():
        if count < _FREQUENT and len(word) >= 5 and word.isalpha():
            hit = process.extractOne(
                word, frequent[word[0]], scorer=fuzz.ratio, score_cutoff=_TYPO_SCORE
            )
            if hit:
                meant[word] = hit[0]
    return [frozenset(meant.get(word, word) for word in telling) for telling in told]


def _without_ending(word: str) -> str:
    """placements, placement's, placed: close enough to meet. Codes keep their figures."""
    if not word.isalpha() or len(word) < 5:
        return word[:-1] if len(word) == 4 and word.endswith("s") and word.isalpha() else word
    for ending, instead in (
        ("ies", "y"), ("sses", "ss"), ("ings", ""), ("ing", ""), ("ments", "ment"), ("ed", ""),
        ("es", ""), ("ss", "ss"), ("s", ""), ("e", ""),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= 4:
            stem = word[: -len(ending)] + instead
            doubled = ending in ("ing", "ings", "ed") and stem[-1] == stem[-2]
            return stem[:-1] if doubled and stem[-1] not in "lsz" else stem
    return word

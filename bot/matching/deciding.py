"""How a question is served: by an answer, the likely one, choices or nothing, with the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.matching.calibration import Calibration
from bot.matching.features import QuestionFeatures
from bot.matching.found import Match, MatchKind, Ranked, Why
from bot.matching.index import Scored
from bot.matching.reading import Read
from bot.matching.text import LITTLE_WORDS

__all__ = ["Entries", "Spare", "decide"]

_VERBATIM = 0.99


@dataclass(frozen=True, slots=True)
class Spare:
    """What one question needs beside the thresholds that hold for all."""

    answer: float
    """How much surer its first entry must be for an answer outright."""
    likely: float
    """The same for being shown as likely."""
    scope: float
    """How far out of scope it may be and still get choices."""
    is_elsewhere: bool
    """Whether its words are likelier about something else: it gets no choices."""


@dataclass(frozen=True, slots=True)
class Entries:
    """What is known of the entries that a question is decided among."""

    ids: Sequence[str]
    verbatim: Mapping[str, int]
    """The entry of each phrasing, as a row of stems, that only one has."""
    matched: Callable[[QuestionFeatures, int], list[tuple[str, float]]]
    """What drew a question to an entry, see ``Index.matched``."""


def decide(
    asked: Read,
    scored: Scored,
    calibration: Calibration,
    scope: float,
    spare: Spare,
    entries: Entries,
    *,
    semantic: bool,
) -> Match:
    """An answer, the likely one, choices or nothing, and why.

    ``scored``: the nearest entries; ``scope``: how likely the question is one of ours rather than
    near; ``semantic``: whether the layer took part.
    """
    confidence, among_three = calibration.judge(scored)
    scope = calibration.scope(scope, scored)
    limits = calibration.thresholds
    verbatim = entries.verbatim.get(asked.reading.line)
    if verbatim is not None and verbatim in scored.entries:
        scored = _put_first(scored, verbatim)
    else:
        verbatim = None
    offer = calibration.offer(among_three, scope)
    in_scope = scope >= limits.scope
    enough = limits.answer + spare.answer
    outcome: MatchKind
    if not scored.entries or not scored.cover:
        outcome, reason = "none", "no word of the question is in the knowledge base"
    elif verbatim is not None:
        outcome, reason = "answer", "the question is a phrasing of this entry, word for word"
        confidence, among_three = max(confidence, _VERBATIM), max(among_three, _VERBATIM)
    elif not _subjects(asked):
        outcome, reason = "none", "the question names no subject"
    elif in_scope and confidence >= enough and _subjects(asked) > 1:
        outcome, reason = "answer", "the first entry is sure enough"
    elif in_scope and confidence >= limits.likely + spare.likely:
        outcome, reason = "likely", "the first entry is likely"
    elif (offer >= limits.choices and not spare.is_elsewhere) or (
        confidence >= limits.answer and scope >= limits.scope - spare.scope
    ):
        outcome, reason = "choices", "something is near, nothing is sure enough"
    else:
        outcome, reason = "none", "nothing is near enough"
    ranked = tuple(
        Ranked(entries.ids[entry], round(score, 4), round(confidence * share, 4))
        for entry, score, share in zip(
            scored.entries, scored.scores, _shares(scored.scores), strict=True
        )
    )
    why = Why(
        read=asked.text,
        tokens=asked.reading.stems,
        codes=asked.reading.codes,
        expansions=asked.expansions,
        matched=tuple(
            (name, round(weight, 4))
            for name, weight in (
                entries.matched(asked.reading, scored.entries[0]) if scored.entries else ()
            )
        ),
        measures={
            "first is right": round(confidence, 4),
            "right one among three": round(among_three, 4),
            "covered rather than a near miss": round(scope, 4),
            "known to the knowledge base": round(scored.cover, 4),
            "known to the first entry": round(scored.own_cover, 4),
        },
        thresholds={name: round(getattr(limits, name), 4) for name in limits.__slots__},
        scores=tuple((item.id, item.score) for item in ranked),
        repaired=asked.repairs,
        reason=reason,
        semantic=semantic,
    )
    return Match(outcome, ranked, confidence, asked.repairs, why, scope)


def _subjects(asked: Read) -> int:
    """Words of the question's own; a code or a glossary term counts for two.

    One shared word ("what's for lunch") is no ground for an answer, none is no question.
    """
    reading = asked.reading
    own = sum(word not in LITTLE_WORDS for word in set(reading.words))
    own += any(stem.isdigit() for stem in reading.stems)  # "35 or 38 for these": known figures
    return own + 2 * len(reading.codes) + 2 * len(reading.concepts)


def _put_first(scored: Scored, entry: int) -> Scored:
    """The same with one entry at the head: what a curator wrote word for word is meant."""
    others = [(e, s) for e, s in zip(scored.entries, scored.scores, strict=True) if e != entry]
    best = max(scored.scores, default=1.0)
    return replace(
        scored,
        entries=(entry, *(e for e, _ in others)),
        scores=(best, *(s for _, s in others)),
    )


def _shares(scores: Sequence[float]) -> list[float]:
    """How each score compares with the first: 1 for the first, falling with the distance."""
    best = max(scores[0], 1e-6) if scores else 1.0
    return [1.0 if not place else (max(s, 0.0) / best) ** 4 for place, s in enumerate(scores)]

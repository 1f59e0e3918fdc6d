"""How sure is sure: limits learned from the knowledge base alone.

No logged traffic is needed. Phrasings are held out one at a time and asked as if somebody had
typed them (covered questions); whole entries are held out and asked (questions of
the trade that we do not cover); and everyday sentences from data/off_topic.txt are asked.
Logistic models then say how likely it is that the question is covered at all, and that a
covered one's first entry is right; confidence is their product, since a lead over the other
entries proves nothing for a question that none of them answers. Limits on what may go wrong
choose the thresholds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from bot.matching.index import Held, Scored
from bot.matching.kinds import MEANING_SHARE

__all__ = [
    "Calibration",
    "Limits",
    "Logistic",
    "Scopes",
    "Thresholds",
    "calibrate",
    "off_topic_sentences",
]

_MAX_COVERED = 420
_MAX_UNCOVERED = 300
_UNCOVERED_SHARE = 0.25
_OFF_TOPIC_SHARE = 0.05
_SOFTNESS = 0.06
_MIN_LOG_CHANCE = -6.0
_PENALTIES = (0.2, 0.04)
"""On the weights for closeness and for lead with the layer: a few hundred held-out questions say
little about each, and what they overstate is paid for with questions that nobody covers."""
_CORE_PENALTIES = (0.1, 0.05)
_SCOPE_SHARE = 0.5
"""Of the scope's log odds beside those of closeness."""
_NEAR = 3
"""The kind of row that near misses are."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What may go wrong, as shares of the held-out questions of each kind.

    Held-out questions are harder than real ones: curators word each phrasing unlike the others,
    and the neighbours of an entry held out whole are often a fair answer. On questions asked by
    others, about a quarter of these shares goes wrong.
    """

    wrong_among_covered: float = 0.2
    """Covered questions answered outright with another entry."""
    answered_uncovered: float = 0.44
    """Questions of the trade without an entry answered outright."""
    answered_near: float = 0.06
    """Near misses answered outright."""
    answered_off_topic: float = 0.01
    """Everyday sentences answered: room for one that happens to share a word with an entry."""
    likely_wrong: float = 0.38
    """Covered questions answered outright or as likely with another entry."""
    likely_near: float = 0.10
    """Near misses answered outright or as likely."""
    likely_off_topic: float = 0.03
    """Everyday sentences answered outright or as likely."""
    offered_near: float = 0.20
    """Near misses that get an answer, a likely one or choices."""
    offered_off_topic: float = 0.10
    """Everyday sentences that get choices."""
    out_of_scope: float = 0.06
    """Covered questions that the scope gate turns away from an answer outright."""
    least_kept_covered: float = 0.93
    """Covered questions with the right entry among three that still get something, at worst, when
    near misses and everyday sentences would raise the threshold further."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model on standardised measures."""

    weights: tuple[float, ...]
    bias: float
    means: tuple[float, ...]
    spreads: tuple[float, ...]

    def __call__(self, measures: Sequence[float]) -> float:
        """Probability, between 0 and 1."""
        total = self.bias
        for weight, value, mean, spread in zip(
            self.weights, measures, self.means, self.spreads, strict=True
        ):
            total += weight * (value - mean) / spread
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least confidence for an answer and for a likely one, the least scope for both, and the
    least of closeness and scope together for offering choices."""

    answer: float
    likely: float
    scope: float
    choices: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Confidence models and thresholds, with what they did on the held-out questions."""

    covered: Logistic
    """How likely the right entry is among the first three."""
    right: Logistic
    """How likely, if so, it is the first."""
    thresholds: Thresholds
    held_out: dict[str, float]

    def offer(self, among_three: float, scope: float) -> float:
        """What choices are offered by: closeness and scope together, as log odds."""
        return _joined(among_three, scope)

    def scope(self, of_words: float, scored: Scored) -> float:
        """How much likelier a covered question is than a near miss, by words and meaning."""
        return _scope(of_words, scored)

    def judge(self, scored: Scored) -> tuple[float, float]:
        """How likely the first entry is the right one, and that the right one is among three."""
        if not scored.entries:
            return 0.0, 0.0
        found = measures(scored)
        among_three = self.covered(found.closeness)
        return among_three * self.right(found.lead), among_three

    def to_json(self) -> dict[str, Any]:
        """Plain data, for the cache on disk."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Calibration:
        """Back from ``to_json``. Raises KeyError, TypeError or ValueError on anything else."""

        def logistic(raw: dict[str, Any]) -> Logistic:
            return Logistic(
                tuple(map(float, raw["weights"])),
                float(raw["bias"]),
                tuple(map(float, raw["means"])),
                tuple(map(float, raw["spreads"])),
            )

        thresholds = data["thresholds"]
        return cls(
            logistic(data["covered"]),
            logistic(data["right"]),
            Thresholds(*(float(thresholds[name]) for name in Thresholds.__slots__)),
            {str(key): float(value) for key, value in data["held_out"].items()},
        )


@lru_cache(maxsize=1)
def off_topic_sentences() -> tuple[str, ...]:
    """Everyday sentences that no ILR question resembles, of our own writing."""
    text = files("bot.matching").joinpath("data", "off_topic.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)


@dataclass(frozen=True, slots=True)
class Measures:
    """What confidence is judged by."""

    closeness: tuple[float, ...]
    """To the first entry: says whether the question is covered at all."""
    lead: tuple[float, ...]
    """Over the other entries: says whether the first is the right one."""


def measures(scored: Scored) -> Measures:
    """The measures of one scoring, which must have found something."""
    scores = scored.scores
    first = scores[0]
    second = scores[1] if len(scores) > 1 else 0.0
    evidence = math.log1p(scored.evidence)
    if scored.nearness:
        _, plain, closest = scored.nearness
        chance = max(math.log(scored.chance[0] + 1e-9), _MIN_LOG_CHANCE)
        return Measures(
            closeness=(
                plain,
                closest,
                scored.cover,
                scored.own_cover,
                evidence,
                scored.agreement,
            ),
            lead=(first - second, chance),
        )
    share = 1 / sum(math.exp((score - first) / _SOFTNESS) for score in scores)
    return Measures(
        closeness=(
            first,
            scored.cover,
            scored.own_cover,
            evidence,
            scored.agreement,
            scored.phrasings[0],
        ),
        lead=(first - second, first, share, (first - second) / max(first, 0.05)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    measures: Measures
    first: bool
    among_three: bool
    kind: int
    """0 covered, 1 uncovered, 2 off topic, 3 near miss."""
    scope: float = 0.0


@dataclass(frozen=True, slots=True)
class Scopes:
    """How much a model of the kinds of line takes held-out lines for covered questions."""

    phrasings: Sequence[Sequence[float]]
    """Of each entry's phrasings."""
    near: Sequence[float]
    off_topic: Sequence[float]


def calibrate(
    phrasings: Sequence[int],
    score_held: Callable[[Held], Scored],
    score_text: Callable[[str], Scored],
    limits: Limits,
    near_misses: Sequence[str],
    scopes: Scopes,
) -> Calibration:
    """Learn from held-out questions.

    ``phrasings``: how many each entry has. ``score_held`` asks a phrasing with that
    phrasing, or its whole entry, left out; ``score_text`` asks a sentence of any kind.
    """
    asked: list[tuple[Scored, int | None, int, float]] = []
    for entry, phrasing in _spread(phrasings, _MAX_COVERED, least=2):
        scope = scopes.phrasings[entry][phrasing]
        asked.append((score_held(Held(entry, phrasing, whole=False)), entry, 0, scope))
    for entry, phrasing in _spread(phrasings, _MAX_UNCOVERED, least=1):
        scope = scopes.phrasings[entry][phrasing]
        asked.append((score_held(Held(entry, phrasing, whole=True)), None, 1, scope))
    for sentences, of_each, kind in (
        (off_topic_sentences(), scopes.off_topic, 2),
        (near_misses, scopes.near, 3),
    ):
        told = zip(sentences, of_each, strict=True)
        asked += [(score_text(sentence), None, kind, scope) for sentence, scope in told]
    rows = [
        _Row(
            measures(scored),
            scored.entries[0] == entry,
            entry in scored.entries[:3],
            kind,
            _scope(scope, scored),
        )
        for scored, entry, kind, scope in asked
        if scored.entries
    ]
    near = [row for row in rows if row.among_three]
    if not near:
        some = rows[0].measures if rows else Measures((0.0,) * 6, (0.0,) * 4)
        return _by_rule_of_thumb(len(some.closeness), len(some.lead))
    told_apart = [row for row in rows if row.kind < _NEAR]
    weights = _weights(told_apart)
    layer = any(scored.nearness for scored, *_ in asked)
    penalties = _PENALTIES if layer else _CORE_PENALTIES
    covered = _fit(
        [row.measures.closeness for row in told_apart],
        [row.among_three for row in told_apart],
        weights,
        penalties[0],
    )
    right = _fit(
        [row.measures.lead for row in near],
        [row.first for row in near],
        [1.0] * len(near),
        penalties[1],
    )
    totals = [sum(kind == each for _, _, each, _ in asked) for kind in range(4)]
    return _choose(rows, totals, covered, right, limits)


def _spread(phrasings: Sequence[int], most: int, *, least: int) -> list[tuple[int, int]]:
    """Up to ``most`` (entry, phrasing) pairs: one of every entry before a second of any.

    The phrasing taken goes round from entry to entry, so that canonical questions and the
    ways staff ask are both tried; no chance is involved, so that a build can be repeated.
    """
    pairs: list[tuple[int, int]] = []
    for turn in range(max(phrasings, default=0)):
        for entry, count in enumerate(phrasings):
            if count >= least and turn < count:
                pairs.append((entry, (turn + entry) % count))
    if len(pairs) <= most:
        return pairs
    step = len(pairs) / most if len(phrasings) > most else 1
    return [pairs[int(number * step)] for number in range(most)]


def _weights(rows: Sequence[_Row]) -> list[float]:
    totals = [sum(row.kind == kind for row in rows) for kind in range(3)]
    shares = (1 - _UNCOVERED_SHARE - _OFF_TOPIC_SHARE, _UNCOVERED_SHARE, _OFF_TOPIC_SHARE)
    return [shares[row.kind] / totals[row.kind] * len(rows) for row in rows]


def _fit(
    inputs: Sequence[tuple[float, ...]],
    targets: Sequence[bool],
    weights: Sequence[float],
    penalty: float,
) -> Logistic:
    """Weighted logistic regression on standardised inputs. ``penalty``: on each weight's square,
    as a share of the rows' weight."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows, heavy = np.array(inputs), np.array(weights)
    means = np.average(rows, axis=0, weights=heavy)
    spreads = np.sqrt(np.average((rows - means) ** 2, axis=0, weights=heavy))
    spreads[spreads == 0] = 1.0
    if len(set(targets)) < 2:
        certain = 4.0 if all(targets) else -4.0
        return Logistic((0.0,) * rows.shape[1], certain, tuple(means), tuple(spreads))
    model = LogisticRegression(C=1 / (penalty * heavy.sum()), max_iter=500)
    model.fit((rows - means) / spreads, np.array(targets), sample_weight=heavy)
    return Logistic(
        tuple(map(float, model.coef_[0])),
        float(model.intercept_[0]),
        tuple(map(float, means)),
        tuple(map(float, spreads)),
    )


def _scope(of_words: float, scored: Scored) -> float:
    return of_words + MEANING_SHARE * scored.lean


def _joined(among_three: float, scope: float) -> float:
    chance = min(max(among_three, 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance)) + _SCOPE_SHARE * scope


def _choose(
    rows: Sequence[_Row],
    totals: Sequence[int],
    covered_model: Logistic,
    right: Logistic,
    limits: Limits,
) -> Calibration:
    nearness = {row: covered_model(row.measures.closeness) for row in rows}
    confidence = {row: nearness[row] * right(row.measures.lead) for row in rows}
    joined = {row: _joined(nearness[row], row.scope) for row in rows}
    covered, uncovered, off_topic, near = ([r for r in rows if r.kind == k] for k in range(4))
    by_scope = sorted(row.scope for row in covered)
    scope = by_scope[int(limits.out_of_scope * len(by_scope))]
    wrong = [confidence[row] for row in covered if not row.first and row.scope >= scope]
    near_in_scope = [confidence[row] for row in near if row.scope >= scope]
    off_in_scope = [confidence[row] for row in off_topic if row.scope >= scope]
    answer = max(
        _least_passing(wrong, limits.wrong_among_covered * totals[0]),
        _least_passing(
            [confidence[row] for row in uncovered], limits.answered_uncovered * totals[1]
        ),
        _least_passing(near_in_scope, limits.answered_near * totals[3]),
        _least_passing(off_in_scope, limits.answered_off_topic * totals[2]),
    )
    likely = max(
        _least_passing(wrong, limits.likely_wrong * totals[0]),
        _least_passing(near_in_scope, limits.likely_near * totals[3]),
        _least_passing(off_in_scope, limits.likely_off_topic * totals[2]),
    )
    kept = sorted(joined[row] for row in covered if row.among_three)
    dearest = kept[int((1 - limits.least_kept_covered) * len(kept))]
    far_enough = max(
        _least_passing([joined[row] for row in near], limits.offered_near * totals[3]),
        _least_passing([joined[row] for row in off_topic], limits.offered_off_topic * totals[2]),
    )
    thresholds = Thresholds(answer, min(answer, likely), scope, min(far_enough, dearest))

    def answered(group: Sequence[_Row], least: float = answer) -> list[_Row]:
        return [row for row in group if confidence[row] >= least and row.scope >= scope]

    def served(group: Sequence[_Row]) -> list[_Row]:
        found = answered(group, thresholds.likely)
        return [row for row in group if joined[row] >= thresholds.choices or row in found]

    record = {
        "covered right first": (0, [row for row in covered if row.first]),
        "covered right among three": (0, [row for row in covered if row.among_three]),
        "covered answered": (0, answered(covered)),
        "covered answered rightly": (0, [row for row in answered(covered) if row.first]),
        "covered answered or likely": (0, answered(covered, thresholds.likely)),
        "covered answered or offered": (0, served(covered)),
        "uncovered answered": (1, answered(uncovered)),
        "uncovered answered or offered": (1, served(uncovered)),
        "off topic answered": (2, answered(off_topic)),
        "off topic answered or offered": (2, served(off_topic)),
        "near answered": (3, answered(near)),
        "near answered or likely": (3, answered(near, thresholds.likely)),
        "near answered or offered": (3, served(near)),
    }
    return Calibration(
        covered_model,
        right,
        thresholds,
        {name: round(len(group) / max(1, totals[k]), 4) for name, (k, group) in record.items()},
    )


def _by_rule_of_thumb(width: int, leads: int) -> Calibration:
    """For knowledge too small to hold anything out of: by closeness and lead alone."""
    closeness = Logistic(
        (1.0, *(0.0,) * (width - 1)), 0.0, (0.5,) * width, (0.1, *(1.0,) * (width - 1))
    )
    lead = Logistic((1.0, *(0.0,) * (leads - 1)), 1.0, (0.1,) * leads, (0.1, *(1.0,) * (leads - 1)))
    return Calibration(closeness, lead, Thresholds(0.6, 0.5, -2.0, _joined(0.4, 0.0)), {})


def _least_passing(values: Sequence[float], allowed: float) -> float:
    """The lowest threshold that at most ``allowed`` of the values reach."""
    ordered = sorted(values, reverse=True)
    spare = int(allowed)
    return 0.0 if len(ordered) <= spare else math.nextafter(ordered[spare], 1.0) + 1e-6

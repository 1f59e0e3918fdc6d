"""What kind of line somebody typed: a question we may cover, what adds to one, a near miss,
chatter, or not ours.

One linear model over words, pairs of words and letter groups, learned from the knowledge's own
phrasings and from the lines in data/: asides in a thread, near misses, chatter, the provider's own
figures, safeguarding, elsewhere, and questions that sound like one of those. Training takes
scikit-learn and some seconds; judging a line takes neither.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, get_args

from bot.matching.text import tokenise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weights = NDArray[np.float32]

__all__ = ["KINDS", "MEANING_SHARE", "Kind", "KindModel", "bank", "scope_of", "with_meaning"]

Kind = Literal["question", "aside", "near", "chatter", "own-data", "safeguarding", "elsewhere"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Grams = Sequence[str]
"""A text taken apart: its words, pairs of words and letter groups."""

_FILES: dict[Kind, tuple[str, ...]] = {
    "question": ("questions.txt",),
    "aside": ("asides.txt",),
    "near": ("near_misses.txt",),
    "chatter": ("chatter.txt",),
    "own-data": ("own_data.txt",),
    "safeguarding": ("safeguarding.txt",),
    "elsewhere": ("elsewhere.txt", "off_topic.txt"),
}
_FEATURES = 15_000
_LEAST_LINES = 2
_PENALTY = 6.0
"""scikit-learn's C: the larger, the closer to the lines it learns from."""
MEANING_SHARE = 15.0
"""Of the cosine of the likest line of a kind, beside the log odds of the words."""
_LEAST = 1e-4
_FOLDS = 3
_NEVER = -30.0


@cache
def bank(kind: Kind) -> tuple[str, ...]:
    """The lines of a kind, of our own writing. Questions are the knowledge's, but for a few that
    only sound like another kind: "hit by an error", "a learner in custody"."""
    folder = files("bot.matching").joinpath("data")
    texts = (folder.joinpath(name).read_text(encoding="utf-8") for name in _FILES.get(kind, ()))
    return tuple(line for text in texts for line in text.splitlines() if line.strip())


def scope_of(chances: Mapping[Kind, float]) -> float:
    """How much likelier a covered question is than a near miss, as log odds."""
    return math.log((chances["question"] + 1e-6) / (chances["near"] + 1e-6))


def with_meaning(chances: Mapping[Kind, float], likest: Mapping[str, float]) -> dict[Kind, float]:
    """The chances by words, weighed with how like the likest line of each kind is in meaning."""
    scores = {
        kind: math.log(chance + _LEAST) + MEANING_SHARE * likest.get(kind, 0.0)
        for kind, chance in chances.items()
    }
    best = max(scores.values())
    weighed = {kind: math.exp(score - best) for kind, score in scores.items()}
    total = sum(weighed.values())
    return {kind: weight / total for kind, weight in weighed.items()}


def _grams(text: str) -> Iterator[str]:
    tokens = tokenise(text)
    words = [token.word for token in tokens]
    stems = [token.stem for token in tokens]
    yield from words
    yield from (f"{one} {two}" for one, two in pairwise(["^", *stems, "$"]))
    for word in words:
        padded = f" {word} "
        for length in (3, 4):
            for start in range(max(1, len(padded) - length + 1)):
                yield f"#{padded[start : start + length]}"


def _commonest(lines: Sequence[Grams]) -> list[str]:
    """The grams to learn from: of two or more lines, the commonest first, then by letter.

    scikit-learn's max_features breaks ties by the processor's way of sorting, so that the same
    lines gave another model on another machine."""
    counts = Counter(gram for line in lines for gram in line)
    lines_of = Counter(gram for line in lines for gram in set(line))
    often = [gram for gram in counts if lines_of[gram] >= _LEAST_LINES]
    return sorted(often, key=lambda gram: (-counts[gram], gram))[:_FEATURES]


@dataclass(frozen=True)
class KindModel:
    """Trained weights: features by kinds."""

    places: dict[str, int]
    rarity: Weights
    weights: Weights
    bias: Weights

    def judge(self, text: str) -> dict[Kind, float]:
        """How likely each kind is; the figures sum to 1."""
        return self.judge_grams(_grams(text))

    def judge_grams(self, grams: Iterable[str]) -> dict[Kind, float]:
        """The same for a text that was taken apart already."""
        import numpy as np

        counts = Counter(gram for gram in grams if gram in self.places)
        scores = self.bias.copy()
        if counts:
            rows = np.fromiter((self.places[gram] for gram in counts), dtype=np.int64)
            values = 1 + np.log(np.fromiter(counts.values(), dtype=np.float32))
            values *= self.rarity[rows]
            scores += (values / np.linalg.norm(values)) @ self.weights[rows]
        chances = np.exp(scores - np.max(scores))
        chances /= chances.sum()
        return dict(zip(KINDS, map(float, chances), strict=True))

    @classmethod
    def train(cls, lines: Sequence[Grams], kinds: Sequence[Kind]) -> KindModel:
        """On lines of every kind, taken apart."""
        import numpy as np
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        found = TfidfVectorizer(
            analyzer=list, sublinear_tf=True, vocabulary=_commonest(lines), dtype=np.float64
        )
        rows = found.fit_transform(lines)
        # To the end, in full precision: stopped on the way, or in half, it judges a line otherwise
        # on another processor.
        model = LogisticRegression(
            C=_PENALTY, class_weight="balanced", solver="newton-cg", tol=1e-4
        )
        model.fit(rows, [KINDS.index(kind) for kind in kinds])
        # A kind without lines, as of knowledge with next to no phrasings, is never likely.
        weights = np.zeros((len(found.vocabulary_), len(KINDS)), dtype=np.float32)
        bias = np.full(len(KINDS), _NEVER, dtype=np.float32)
        weights[:, model.classes_] = model.coef_.T
        bias[model.classes_] = model.intercept_
        return cls(
            {gram: int(place) for gram, place in found.vocabulary_.items()},
            found.idf_.astype(np.float32),
            weights,
            bias,
        )

    def to_bytes(self) -> bytes:
        """For a file."""
        import numpy as np

        file = io.BytesIO()
        grams = sorted(self.places, key=self.places.__getitem__)
        np.savez(
            file,
            grams=np.frombuffer("\n".join(grams).encode(), dtype=np.uint8),
            rarity=self.rarity,
            weights=self.weights,
            bias=self.bias,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> KindModel | None:
        """Back from ``to_bytes``; None when it is something else."""
        import numpy as np

        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as kept:
                grams = kept["grams"].tobytes().decode().split("\n")
                places = {gram: place for place, gram in enumerate(grams)}
                return cls(places, kept["rarity"], kept["weights"], kept["bias"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None


def train(phrasings: Sequence[str]) -> KindModel:
    """The model of a knowledge base."""
    return KindModel.train(*_lines(phrasings))


def _lines(phrasings: Sequence[str]) -> tuple[list[Grams], list[Kind]]:
    """The phrasings and all banks, taken apart, and the kind of each line."""
    lines: list[str] = list(phrasings)
    kinds: list[Kind] = ["question"] * len(lines)
    for kind in KINDS:
        # Questions that sound like another kind are some only beside the knowledge's own.
        own = bank(kind) if kind != "question" or phrasings else ()
        lines += own
        kinds += [kind] * len(own)
    same: dict[str, str] = {}  # each gram is kept once
    return [[same.setdefault(gram, gram) for gram in _grams(line)] for line in lines], kinds


def train_with_held_out(
    phrasings: Sequence[str],
) -> tuple[KindModel, list[float], list[float]]:
    """The model of a knowledge base, and the scope of its phrasings and of the near misses as a
    model sees them that did not learn from them."""
    lines, kinds = _lines(phrasings)
    judged = [0.0] * len(lines)
    for fold in range(_FOLDS):
        kept = [n for n in range(len(lines)) if n % _FOLDS != fold]
        model = KindModel.train([lines[n] for n in kept], [kinds[n] for n in kept])
        for n in range(fold, len(lines), _FOLDS):
            if kinds[n] in ("question", "near"):
                judged[n] = scope_of(model.judge_grams(lines[n]))
    whole = KindModel.train(lines, kinds)
    near = [judged[n] for n, kind in enumerate(kinds) if kind == "near"]
    return whole, judged[: len(phrasings)], near

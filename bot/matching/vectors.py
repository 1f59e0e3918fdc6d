"""Vectors of texts on disk, so that what was encoded once is not encoded again."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bot.matching.cache import Cache
from bot.matching.encoder import Encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

__all__ = ["VectorStore"]

_AT_ONCE = 16
"""Texts that are encoded between two looks at whether to go on."""


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
        some texts each: the vectors are the same however many there are."""
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
            # Texts of a length go through the encoder together.
            keys_by_length = sorted(missing, key=lambda key: len(missing[key]))
            some = [keys_by_length[n : n + _AT_ONCE] for n in range(0, len(missing), _AT_ONCE)]
            texts_of = ([missing[key] for key in own] for own in some)
            for own, found in zip(some, pool.map(self._encoder.encode, texts_of), strict=True):
                known.update(zip(own, found, strict=True))
                made += len(own)
                self._go_on()
        finally:
            pool.shutdown(cancel_futures=True)
            kept = {key: known[key] for key in keys if key in known}
            del known
            if made:
                self._write(kept)
        return np.array([kept[key] for key in keys], dtype=np.float32)

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

"""Under which keys what was made of a knowledge base is kept on disk, and when it still holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from bot.matching.cache import Cache
from bot.matching.calibration import Calibration, Limits
from bot.matching.found import Candidate
from bot.matching.kinds import KINDS, bank
from bot.matching.words import Vocabulary

__all__ = ["calibration_from", "content_key", "keep_contents", "nearly"]

_FORMAT = 31
"""Raise it when scoring changes, so that calibrations on disk are made anew."""

_NEARLY_ALL = 0.8
"""Share of entries that must be as they were for a calibration to hold."""


def content_key(candidates: Sequence[Candidate], vocabulary: Vocabulary, limits: Limits) -> str:
    """A digest of all that what is made of the entries depends on."""
    content = [
        _FORMAT,
        asdict(limits),
        [[each.id, list(each.phrasings), each.text] for each in candidates],
        [list(group) for group in vocabulary.groups],
        sorted(vocabulary.codes),
        *(bank(kind) for kind in KINDS),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]


def _frame(limits: Limits) -> str:
    """A digest of what a calibration depends on besides the entries."""
    content = [_FORMAT, asdict(limits), *(bank(kind) for kind in KINDS)]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def _contents(candidates: Sequence[Candidate]) -> dict[str, str]:
    """Each entry's id with a short digest of what it says."""
    return {
        each.id: hashlib.sha256(json.dumps([each.phrasings, each.text]).encode()).hexdigest()[:16]
        for each in candidates
    }


def keep_contents(cache: Cache, key: str, candidates: Sequence[Candidate], limits: Limits) -> None:
    """What the entries under a key say, in digests, for ``nearly``."""
    cache.write_json("entries", key, [_frame(limits), _contents(candidates)])


def nearly(cache: Cache, candidates: Sequence[Candidate], limits: Limits) -> str | None:
    """The key of what came with the installation, where these entries are nearly the same: a
    provider's few more. How sure is sure is then as it was; the words, the kinds of line and the
    head are learned from all entries."""
    ours = _contents(candidates)
    for key in cache.prepared("entries"):
        match cache.read_json("entries", key):
            case [frame, dict(theirs)] if frame == _frame(limits):
                same = sum(digest == theirs.get(entry) for entry, digest in ours.items())
                if theirs and same >= _NEARLY_ALL * max(len(ours), len(theirs)):
                    return key
    return None


def calibration_from(cache: Cache, kind: str, key: str) -> Calibration | None:
    """The one kept under a key; None when nothing usable is there."""
    data = cache.read_json(kind, key)
    try:
        return None if data is None else Calibration.from_json(data)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None

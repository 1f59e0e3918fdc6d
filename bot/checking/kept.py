"""What is kept of each learner of a large file until all are read, for the rules across it.

Such a rule compares learners and destination records of one learner reference, or learners of one
ULN. They are kept packed, a few dozen bytes each, and come out in groups that fit in memory, in
which whoever may have to be compared is together.
"""

from __future__ import annotations

import pickle
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.record import Entity
from bot.ilr.specification import YearSpecification

__all__ = ["BY_ULN", "Group", "Kept", "KeptLearners", "kept_of"]

BY_ULN = frozenset({"R_59"})
"""Rules that compare learners by their ULN; all others go by the learner reference."""
MAX_TOGETHER = 2_000
"""Learners and destination records of one group; a file of fewer is one group."""
_SHARES = 256
_PACK_AT = 8_000
"""Bytes of a share from which on it is packed."""

# What the rules read of a learner. The aims only in years whose destination records are compared
# with them.
_OF_A_LEARNER: Wanted = {
    "Learner": {"LearnRefNumber", "ULN"},
    "ProviderSpecLearnerMonitoring": set(),
}
_OF_AN_AIM: Wanted = {
    "LearningDelivery": {
        "LearnAimRef", "AimType", "AimSeqNumber", "LearnStartDate", "FundModel", "ProgType",
        "PartnerUKPRN", "CompStatus", "LearnActEndDate", "Outcome", "SWSupAimId",
    },
    "ProviderSpecDeliveryMonitoring": set(),
}  # fmt: skip
_NAMES = {"FamilyName", "GivenNames"}
DESTINATION = "LearnerDestinationandProgression"


class Kept(NamedTuple):
    """A learner or destination record, packed."""

    by_reference: int
    """A number that those of one learner reference share."""
    packed: bytes
    by_uln: int | None = None
    """A number that those of one ULN share; None where no rule compares it."""
    without_aims: bytes = b""
    """What is compared by ULN."""


def kept_of(record: RawEntity | Entity, specification: YearSpecification, *, names: bool) -> Kept:
    """What is kept of a learner; a destination record whole. ``names``: for a CSV with names."""
    is_destination = record.name == DESTINATION
    wanted: Wanted | None = None
    if not is_destination:
        wanted = dict(_OF_A_LEARNER)
        if names:
            wanted["Learner"] = wanted["Learner"] | _NAMES
        if DESTINATION in specification.entities:
            wanted |= _OF_AN_AIM
    tree = _of_raw(record, wanted) if isinstance(record, RawEntity) else _of_entity(record, wanted)
    name, line, partial, fields, within = tree
    texts = {field: text.strip() for field, text, _ in reversed(fields)}
    packed, by_reference = pickle.dumps(tree), _number(texts.get("LearnRefNumber", "").upper())
    uln = texts.get("ULN")
    if is_destination or not uln:
        return Kept(by_reference, packed)
    without_aims = tuple(one for one in within if one[0] not in _OF_AN_AIM)
    if without_aims == within:
        return Kept(by_reference, packed, _number(uln.lstrip("+0")), packed)
    top = pickle.dumps((name, line, partial, fields, without_aims))
    return Kept(by_reference, packed, _number(uln.lstrip("+0")), top)


def _number(text: str) -> int:
    """The same in every process, as ``hash`` is not."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


Wanted = dict[str, set[str]]
"""Elements to keep, and which of their fields; an empty set stands for all of them."""
Tree = tuple[str, int | None, bool, tuple[tuple[str, str, int | None], ...], tuple[Any, ...]]
"""Name, line, whether it is partial, fields, and the trees in it."""


def _of_raw(raw: RawEntity, wanted: Wanted | None) -> Tree:
    fields = [(item.name, item.text, item.line) for item in raw.fields]
    return (
        raw.name, raw.line, raw.partial, _fields(raw.name, fields, wanted),
        tuple(_of_raw(one, wanted) for one in raw.children if wanted is None or one.name in wanted),
    )  # fmt: skip


def _of_entity(entity: Entity, wanted: Wanted | None) -> Tree:
    inside = entity.children if wanted is None else entity.children.keys() & wanted
    fields = zip(entity.texts, entity.texts.values(), entity.lines.values(), strict=True)
    return (
        entity.name, entity.line, entity.partial, _fields(entity.name, fields, wanted),
        tuple(_of_entity(one, wanted) for kind in inside for one in entity.children[kind]),
    )  # fmt: skip


def _fields(
    name: str, fields: Iterable[tuple[str, str, int | None]], wanted: Wanted | None
) -> tuple[tuple[str, str, int | None], ...]:
    names = wanted[name] if wanted is not None else None
    return tuple([item for item in fields if not names or item[0] in names])


def _from_tuple(packed: Tree) -> RawEntity:
    name, line, partial, fields, children = packed
    return RawEntity(
        name,
        [RawField(*item) for item in fields],
        [_from_tuple(c) for c in children],
        line,
        partial,
    )


@dataclass(frozen=True)
class Group:
    """Learners and destination records to compare, in the order of the file."""

    members: list[RawEntity]
    rules: str = "all"
    """Which rules they are together for: "all", "by reference" or "by ULN"."""

    def is_for(self, rule_id: str) -> bool:
        """Whether a rule finds here all that it compares."""
        return self.rules == "all" or (self.rules == "by ULN") is (rule_id in BY_ULN)


class KeptLearners:
    """Takes what is kept, and gives it back in groups."""

    def __init__(self) -> None:
        self._count = 0
        self._by_reference = [_Share() for _ in range(_SHARES)]
        self._by_uln = [_Share() for _ in range(_SHARES)]

    def add(self, kept: Iterable[Kept]) -> None:
        """Keep these, in the order of the file."""
        for one in kept:
            self._by_reference[one.by_reference % _SHARES].add(self._count, one.packed)
            if one.by_uln is not None:
                self._by_uln[one.by_uln % _SHARES].add(self._count, one.without_aims)
            self._count += 1

    def groups(self) -> Iterator[Group]:
        """All of them, in one group when they are few."""
        if self._count <= MAX_TOGETHER:
            yield Group(_together(self._by_reference))
            return
        for rules, shares in (("by reference", self._by_reference), ("by ULN", self._by_uln)):
            for some in _by_size(shares):
                yield Group(_together(some), rules)


def _by_size(shares: list[_Share]) -> Iterator[list[_Share]]:
    """Shares that are small enough together."""
    some: list[_Share] = []
    for share in shares:
        if some and sum(one.count for one in some) + share.count > MAX_TOGETHER:
            yield some
            some = []
        some.append(share)
    yield some


def _together(shares: list[_Share]) -> list[RawEntity]:
    found = sorted(one for share in shares for one in share.members())
    return [_from_tuple(pickle.loads(packed)) for _, packed in found]  # noqa: S301 - our own


_FRAME = struct.Struct("<II")
"""Place in the file and length, before each member of a share."""


class _Share:
    """Those of some references or ULNs."""

    def __init__(self) -> None:
        self.count = 0
        self._latest = bytearray()
        self._packed: list[bytes] = []

    def add(self, place: int, member: bytes) -> None:
        self.count += 1
        self._latest += _FRAME.pack(place, len(member)) + member
        if len(self._latest) >= _PACK_AT:
            self._packed.append(zlib.compress(self._latest, 1))
            self._latest.clear()

    def members(self) -> Iterator[tuple[int, bytes]]:
        for piece in (*map(zlib.decompress, self._packed), bytes(self._latest)):
            at = 0
            while at < len(piece):
                place, length = _FRAME.unpack_from(piece, at)
                at += _FRAME.size
                yield place, piece[at : at + length]
                at += length

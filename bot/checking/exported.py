"""A paste that an export wrote, whole learners of a file: read straight, as a file's are.

Whatever else it is, or whatever there is to remark on a learner, the answer is None, and it is read
the long way, with the same result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.ilr.build import build
from bot.ilr.raw import RawEntity, Remark
from bot.ilr.readers.assembly import FIELDS
from bot.ilr.readers.misnested import put_back
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.record import Message
from bot.ilr.schema_check import Shape, check_schema
from bot.ilr.specification import YearSpecification
from bot.ilr.straight import StraightReader, as_read
from bot.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.years import AcademicYear

__all__ = ["Exported", "OfYear", "exported"]

MAX_TEXT = 200_000
"""Characters; the limits on what is read at once lie far above."""
_LEARNER = re.compile(r"<Learner[ >]")
_DECLARATION = re.compile(r"\s*(?:<\?xml[^>]*\?>)?\s*")
_HARMLESS = b"\t\n" + bytes(one for one in range(0x20, 0x80) if one != ord("&"))
"""What may stand in such a paste: no control characters, and nothing escaped."""
_NOT_AS_EXPORTED = ("!", "]", "`", "~")
"""Begin or end a comment, a part of XML, or what a chat program puts around code. One character is
looked for at a twentieth of the price of two; a text that has it for another reason is read the
long way."""
_OF_A_HEAD = frozenset(
    {"CollectionDetails", "Header", "LearningProvider", "Source", "SourceFile", "SourceFiles"}
)


@dataclass(frozen=True)
class OfYear:
    """What is needed to read a paste of one year."""

    specification: YearSpecification
    reader: StraightReader
    ruled: frozenset[str]
    """Limits of its schema that say nothing of what stands before the learners."""
    right: set[Shape]
    """As ``check_schema`` takes it."""
    last: list[tuple[ParsedRecord, list[Remark]]] = field(default_factory=list)
    """The beginning of the last paste, with what there was to remark: the next often begins alike.
    Only of one that speaks of nobody."""


@dataclass(frozen=True)
class Exported:
    """What was read: the message, what there is to remark, and all that was around learners."""

    message: Message
    remarks: list[Remark]
    head: ParsedRecord

    def reading(self) -> ParsedRecord:
        """What a reader would have made of it."""
        remarks = list(self.head.remarks)
        return replace(self.head, message=as_read(self.message), remarks=remarks)


def exported(
    given: str | bytes | ParsedRecord,
    year_of: Callable[[ParsedRecord], AcademicYear],
    held: Callable[[AcademicYear], OfYear],
) -> Exported | None:
    """``year_of``: the year, by what stands before the learners."""
    if isinstance(given, bytes) and given.isascii():
        given = given.decode("ascii")
    if not isinstance(given, str) or len(given) > MAX_TEXT or not given.isascii():
        return None
    first = _LEARNER.search(given)
    if first is None or any(mark in given for mark in _NOT_AS_EXPORTED):
        return None
    if given.encode("ascii").translate(None, _HARMLESS):
        return None
    before, learners = given[: first.start()], given[first.start() :]
    head = _head(before)
    if head is None:
        return None
    if head.namespace is None:
        head = replace(head, namespace=StraightReader.namespace(learners))
    year = held(year_of(head))
    remarks: list[Remark] = []
    message = build(head.message, year.specification, remarks)
    if not isinstance(message, Message):
        return None
    if not year.reader.learners(learners, message, 1 + before.count("\n")):
        return None
    remarks += _breaches(head, year)
    return Exported(message, remarks, head)


def _breaches(head: ParsedRecord, year: OfYear) -> list[Remark]:
    """What of the schema a beginning breaks."""
    for last, found in year.last:
        if last.message is head.message:
            return found
    found = list(check_schema(head.message, year.specification, year.ruled, year.right))
    if _speaks_of_nobody(head):
        year.last[:] = [(head, found)]
    return found


def _head(before: str) -> ParsedRecord | None:
    """What stands before the learners: nothing, or the beginning of a file; else None."""
    if _DECLARATION.fullmatch(before):
        return ParsedRecord(RawEntity("Message", partial=True), "ILR XML")
    return _HEADS.of(before)


def _beginning(before: str) -> ParsedRecord | None:
    # Imported when a paste comes: a whole file needs none of the readers of pastes.
    from bot.ilr.readers.xml import as_it_stands

    head = as_it_stands(f"{before}</Message>")
    if head is None or head.message.partial:
        return None
    put_back(head.message, head.remarks)
    return head


def _speaks_of_nobody(head: ParsedRecord | None) -> bool:
    """Whether it is a header and a provider as they should be, and nothing else."""
    return head is not None and not head.remarks and all(map(_is_of_a_head, head.message.children))


def _is_of_a_head(entity: RawEntity) -> bool:
    return (
        entity.name in _OF_A_HEAD
        and {item.name for item in entity.fields} <= set(FIELDS[entity.name])
        and all(map(_is_of_a_head, entity.children))
    )


_HEADS: Recent[ParsedRecord | None] = Recent(_beginning, may_be_held=_speaks_of_nobody)
"""What is pasted one learner after the other begins alike, and takes longer to parse than a
learner."""

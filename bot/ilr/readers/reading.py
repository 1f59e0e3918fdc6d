"""What was given, and which reader understands it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.errors import InputError
from bot.ilr.record import RawEntity, Remark

__all__ = ["LARGEST_PASTE", "Reading", "looks_like_record", "read", "text_of"]

LARGEST_PASTE = 20_000_000
"""Characters. Larger input is a whole return, which is streamed instead."""

_MAGIC = (
    (b"PK\x03\x04", "a zip or spreadsheet file. Copy the cells and paste them as text"),
    (b"\x89PNG", "a picture. Paste the record as text"),
    (b"\xff\xd8\xff", "a picture. Paste the record as text"),
    (b"GIF8", "a picture. Paste the record as text"),
    (b"%PDF", "a PDF. Paste the record as text"),
    (b"\xd0\xcf\x11\xe0", "an old Office file. Copy the cells and paste them as text"),
)


@dataclass
class Reading:
    """A record as understood, before any year's specification is applied to it."""

    message: RawEntity
    """Always a Message; ``partial`` where only parts were pasted."""
    kind: str
    """What it was taken for, in words, e.g. "ILR XML"."""
    namespace: str | None = None
    year_text: str | None = None
    """The header's year, e.g. ``2627``."""
    prepared_on: str | None = None
    """The header's file preparation date as typed."""
    remarks: list[Remark] = field(default_factory=list)


def text_of(given: str | bytes) -> str:
    """Text from bytes: UTF-8, UTF-16 or Windows-1252. Raises InputError for anything else."""
    if isinstance(given, str):
        return given
    for magic, what in _MAGIC:
        if given.startswith(magic):
            raise InputError(f"This is {what}.")
    if given.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return given.decode("utf-16")
        except UnicodeDecodeError:
            raise InputError("This says it is UTF-16 text but is not.") from None
    if b"\x00" in given[:4000]:
        raise InputError("This is not text. Paste the record itself, or save the file as XML.")
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError:
        return given.decode("cp1252", errors="replace")


_RECORD = re.compile(
    r"(?:<|&lt;)\s*/?\s*(?:[\w.-]+:)?"
    r"(?:Message|Learner\w*|LearningDelivery\w*|AppFinRecord|HRSRecord|PriorAttain|"
    r"LLDDandHealthProblem|ContactPreference|DPOutcome|WorkPlace\w+|EmploymentStatusMonitoring)\b"
)


def looks_like_record(text: str) -> bool:
    """Whether a message is a pasted record rather than a question."""
    return bool(_RECORD.search(text[:200_000]))


def read(given: str | bytes) -> Reading:
    """Understand what was given. Raises InputError with one clear sentence."""
    from bot.ilr.readers.xml import read_xml

    if len(given) > LARGEST_PASTE:
        raise InputError(
            f"This is larger than {LARGEST_PASTE // 1_000_000} MB. Check one learner at a time, "
            "or give the file's name to `check`."
        )
    text = text_of(given)
    if not text.strip():
        raise InputError("There is nothing here. Paste a Learner or LearningDelivery element.")
    if "\x00" in text:
        raise InputError("This is not text. Paste the record itself, or save the file as XML.")
    if not looks_like_record(text):
        raise InputError(
            "No learner record was found in this. Paste ILR XML: a <Learner>, a "
            "<LearningDelivery> or a whole <Message>."
        )
    return read_xml(text)

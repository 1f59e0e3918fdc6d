"""From bytes to text, or a sentence saying what was given instead."""

from __future__ import annotations

from bot.errors import InputError
from bot.ilr.readers.spreadsheets import sheets_of
from bot.ilr.readers.zip_files import WORKBOOK, is_zip, look_into, office_kind, unpack_xml

__all__ = ["MAX_PASTE_SIZE", "is_workbook", "text_of"]

MAX_PASTE_SIZE = 20_000_000
"""Characters. Larger input is a whole return, which is streamed instead."""

_MAGIC = (
    (b"\x1f\x8b", "a compressed file. Unpack it and give what is in it"),
    (b"7z\xbc\xaf", "a compressed file. Unpack it and give what is in it"),
    (b"Rar!", "a compressed file. Unpack it and give what is in it"),
    (b"\x89PNG", "a picture. Paste the record as text"),
    (b"\xff\xd8\xff", "a picture. Paste the record as text"),
    (b"GIF8", "a picture. Paste the record as text"),
    (b"II*\x00", "a picture. Paste the record as text"),
    (b"MM\x00*", "a picture. Paste the record as text"),
    (b"%PDF", "a PDF. Paste the record as text"),
    (
        b"\xd0\xcf\x11\xe0",
        "an old or a locked Office file. Save it as .xlsx, unlocked, or paste its cells",
    ),
    (b"{\\rtf", "a rich text file. Copy the record out of it and paste it as text"),
)


def text_of(given: str | bytes) -> str:
    """Text from bytes: UTF-8, UTF-16 or Windows-1252, the cells of a workbook, or the XML in a
    ZIP. Raises InputError for anything else."""
    if isinstance(given, str):
        return given
    if is_zip(given):
        return _unpacked(given)
    if given[4:12] in _LATER_MAGIC or given[8:12] == b"WEBP":
        raise InputError("This is a picture. Paste the record as text.")
    for magic, what in _MAGIC:
        if given.startswith(magic):
            raise InputError(f"This is {what}.")
    encoding = _utf_16(given)
    if encoding is not None:
        # A file cut in the middle of a character is still a file.
        try:
            return given[: len(given) // 2 * 2].decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            raise InputError("This says it is UTF-16 text but is not.") from None
    if b"\x00" in given[:4000]:
        raise InputError("This is not text. Paste the record itself, or save the file as XML.")
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(given) - 3:
            return given[: error.start].decode("utf-8-sig")
        return given.decode("cp1252", errors="replace")


_LATER_MAGIC = frozenset({b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"})


def is_workbook(given: str | bytes) -> bool:
    """Whether this is an Excel workbook (.xlsx)."""
    return isinstance(given, bytes) and is_zip(given) and office_kind(given) == WORKBOOK


def _unpacked(given: bytes) -> str:
    """The text in a workbook or a ZIP. Raises InputError for other documents and other ZIPs."""
    kind = office_kind(given)
    if kind == WORKBOOK:
        return "\n\n".join(sheet.text for sheet in sheets_of(given)[0])
    if kind is not None:
        article = "an" if kind[0] in "AEIOU" else "a"
        part = "cells with their headings" if "sheet" in kind else "record"
        raise InputError(
            f"This is {article} {kind}, which is not read. Open it, select the {part}, copy and "
            "paste as text."
        )
    facts = look_into(given, None)
    if facts.can_be_read:
        return text_of(unpack_xml(given, MAX_PASTE_SIZE))
    if facts.damaged:
        raise InputError("This is a damaged ZIP file or Office document. Send it again.")
    if facts.protected:
        raise InputError("This ZIP is protected by a password. Unpack it and give what is in it.")
    if not facts.files:
        raise InputError("This is an empty ZIP file.")
    how_many = "several XML files" if any(map(_is_xml, facts.files)) else "no XML file"
    raise InputError(f"This ZIP holds {how_many}. Unpack it and give one of the files in it.")


def _is_xml(name: str) -> bool:
    return name.casefold().endswith(".xml")


def _utf_16(given: bytes) -> str | None:
    """The byte order of UTF-16, by its mark or by the zero bytes of its first characters."""
    if given.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = given[:200]
    low, high = head[1::2].count(0), head[0::2].count(0)
    half = len(head) // 2
    if half >= 4 and low >= half * 0.9 and high == 0:
        return "utf-16-le"
    return "utf-16-be" if half >= 4 and high >= half * 0.9 and low == 0 else None

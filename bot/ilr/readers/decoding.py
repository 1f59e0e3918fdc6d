"""From bytes to text, or a sentence saying what was given instead."""

from __future__ import annotations

from bot.errors import InputError

__all__ = ["MAX_PASTE_SIZE", "text_of"]

MAX_PASTE_SIZE = 20_000_000
"""Characters. Larger input is a whole return, which is streamed instead."""

_MAGIC = (
    (
        b"PK\x03\x04",
        "a zip file. Unpack it and give what is in it; from a spreadsheet, copy the cells",
    ),
    (b"PK\x05\x06", "an empty zip file"),
    (b"\x1f\x8b", "a compressed file. Unpack it and give what is in it"),
    (b"7z\xbc\xaf", "a compressed file. Unpack it and give what is in it"),
    (b"Rar!", "a compressed file. Unpack it and give what is in it"),
    (b"\x89PNG", "a picture. Paste the record as text"),
    (b"\xff\xd8\xff", "a picture. Paste the record as text"),
    (b"GIF8", "a picture. Paste the record as text"),
    (b"II*\x00", "a picture. Paste the record as text"),
    (b"MM\x00*", "a picture. Paste the record as text"),
    (b"%PDF", "a PDF. Paste the record as text"),
    (b"\xd0\xcf\x11\xe0", "an old Office file. Copy the cells and paste them as text"),
    (b"{\\rtf", "a rich text file. Copy the record out of it and paste it as text"),
)


def text_of(given: str | bytes) -> str:
    """Text from bytes: UTF-8, UTF-16 or Windows-1252. Raises InputError for anything else."""
    if isinstance(given, str):
        return given
    if given.startswith(b"PK\x03\x04"):
        _refuse_office(given)
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
_OFFICE = (
    (b"xl/", "an Excel workbook"),
    (b"opendocument.spreadsheet", "a spreadsheet"),
    (b"word/", "a Word document"),
    (b"opendocument.text", "a text document"),
)


def _refuse_office(given: bytes) -> None:
    """Say what to do instead with a spreadsheet or a document, which is a zip file inside."""
    for mark, what in _OFFICE:
        if mark not in given:
            continue
        part = "cells with their headings" if "sheet" in what or "book" in what else "record"
        raise InputError(
            f"This is {what}, which is not read. Open it, select the {part}, copy and paste as "
            "text."
        )


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

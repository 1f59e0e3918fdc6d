"""ZIP files: what is in them, the one ILR file that may be, and documents that are ZIPs inside."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from bot.errors import InputError
from bot.ilr.raw import ZipFacts

__all__ = ["BROKEN", "WORKBOOK", "is_zip", "look_into", "office_kind", "open_xml", "unpack_xml"]

MAX_UNPACKED = 2_000_000_000
"""Bytes of an XML file in a ZIP that is read as a stream."""
MAX_MEMBERS = 2_000
WORKBOOK = "Excel workbook"
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PROTECTED = 0x1
_OFFICE_FOLDERS = {"xl": WORKBOOK, "word": "Word document", "ppt": "PowerPoint presentation",
                   "visio": "Visio drawing"}  # fmt: skip
_OPEN_DOCUMENT = {
    "spreadsheet": "OpenDocument spreadsheet",
    "text": "OpenDocument text",
    "presentation": "OpenDocument presentation",
}


def is_zip(start: bytes) -> bool:
    """Whether a file that begins so is a ZIP, or a document that is one inside."""
    return start.startswith(_MAGIC)


def office_kind(file: bytes | BinaryIO) -> str | None:
    """What kind of document a ZIP is, such as "Word document"; None for a plain or damaged ZIP."""
    try:
        with _opened(file) as archive:
            names = archive.namelist()[:MAX_MEMBERS]
            if "mimetype" in names:
                with archive.open("mimetype") as member:
                    said = member.read(200).decode("ascii", "replace")
                last = said.rpartition("opendocument.")[2].split("-")[0].strip()
                return _OPEN_DOCUMENT.get(last, "document of another program")
            if "[Content_Types].xml" in names:
                for folder, kind in _OFFICE_FOLDERS.items():
                    if any(name.startswith(f"{folder}/") for name in names):
                        return kind
                return "document of another program"
            if any(name.endswith(".iwa") for name in names):
                return "Numbers, Pages or Keynote document"
    except BROKEN:
        return None
    return None


def look_into(file: bytes | BinaryIO, name: str | None) -> ZipFacts:
    """What the rules on a ZIP ask: its name, its files, and whether it can be opened."""
    try:
        with _opened(file) as archive:
            members = _members(archive)
            protected = any(one.flag_bits & _PROTECTED for one in members)
            files = tuple(PurePosixPath(one.filename).name for one in members)
            facts = ZipFacts(name, files, protected=protected)
            if facts.xml is not None and not protected:
                with archive.open(_xml_members(archive)[0]) as member:
                    member.read(1_000)
            return facts
    except BROKEN:
        return ZipFacts(name, damaged=True)


def open_xml(file: bytes | BinaryIO) -> IO[bytes]:
    """The only XML file in a ZIP that ``look_into`` found to hold one. Raises InputError."""
    try:
        archive = _opened(file)
        [member] = _xml_members(archive)
        if member.file_size > MAX_UNPACKED:
            raise InputError("The XML in this ZIP is larger than 2 GB, so it was not unpacked.")
        return archive.open(member)
    except (*BROKEN, ValueError):
        raise InputError("The XML in this ZIP could not be unpacked.") from None


def unpack_xml(file: bytes, most: int) -> bytes:
    """The content of that XML, at most ``most`` bytes. Raises InputError when it is more."""
    with open_xml(file) as member:
        try:
            content = member.read(most + 1)
        except BROKEN:
            raise InputError("The XML in this ZIP is damaged and could not be unpacked.") from None
    if len(content) > most:
        raise InputError(
            f"The XML in this ZIP is larger than {most // 1_000_000} MB. Check it with the `check` "
            "command, which reads whole returns, or send fewer learners."
        )
    return content


BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError,
           OSError, KeyError, zlib.error)  # fmt: skip
"""What a damaged, protected or strangely packed ZIP raises."""


def _opened(file: bytes | BinaryIO) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file)


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files, without folders and what macOS and Windows add of their own."""
    return [
        one
        for one in archive.infolist()[:MAX_MEMBERS]
        if not one.is_dir()
        and not one.filename.startswith("__MACOSX/")
        and PurePosixPath(one.filename).name.casefold() not in {".ds_store", "thumbs.db"}
    ]


def _xml_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [one for one in _members(archive) if one.filename.casefold().endswith(".xml")]

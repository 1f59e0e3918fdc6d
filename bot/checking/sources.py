"""Where the learners of a large check come from: an XML file, the XML in a ZIP, or a table.

Each gives the header first, then batches of learners, so that no check holds more than it must.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from lxml import etree

from bot.errors import InputError
from bot.ilr.raw import RawEntity, ZipFacts
from bot.ilr.readers.elements import entity_of, shift_lines
from bot.ilr.readers.misnested import put_back
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.zip_files import BROKEN, is_zip, look_into, office_kind, open_xml

__all__ = ["LARGE", "TOPS", "Batch", "ParsedSource", "Source", "XmlSource", "cut_out", "xml_source"]

LARGE = 1_000_000
"""Bytes. Larger XML is streamed."""
BATCH = 200
"""Learners checked together."""
TOPS = ("Learner", "LearnerDestinationandProgression")
"""The elements that are checked a batch at a time."""
_SEVERAL_ROOTS = 5
"""libxml2's XML_ERR_DOCUMENT_END: something follows the outermost element."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some learners and destination records: as XML with the line of each, or as understood."""

    elements: tuple[tuple[int, str], ...] = ()
    parsed: tuple[RawEntity, ...] = ()
    read: int = 0
    """How much of ``Source.size`` is read with this one."""

    def singly(self) -> Iterator[Batch]:
        """The same, each in a batch of its own."""
        for element in self.elements:
            yield Batch(elements=(element,))
        for raw in self.parsed:
            yield Batch(parsed=(raw,))

    @property
    def line(self) -> int | None:
        """The line of the first."""
        return self.elements[0][0] if self.elements else self.parsed[0].line


class Source(Protocol):
    """A record in pieces."""

    name: str | None
    """What the file is called, which some rules look at."""
    zip: ZipFacts | None
    size: int
    """All that there is to read, in bytes or learners: for a progress bar."""

    def head(self) -> ParsedRecord:
        """The header and provider, without learners. Raises InputError."""

    def batches(self) -> Iterator[Batch]:
        """The learners. Raises InputError, with the line, when they cannot be read."""


def xml_source(path: Path, *, least: int | None = None) -> XmlSource | None:
    """The XML in a file, or in the ZIP that it is, when it is large; None for anything else.

    ``least``: it is large with more bytes than these, if not those of ``LARGE``.
    """
    least = LARGE if least is None else least
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(200)
            if is_zip(start):
                packed = None if office_kind(file) else look_into(file, path.name)
                return _zip_source(path, packed, least) if packed and packed.can_be_read else None
    except OSError:
        return None
    is_xml = start.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")
    if not is_xml or size <= least:
        return None
    return XmlSource(lambda: path.open("rb"), path.name, size)


def _zip_source(path: Path, packed: ZipFacts, least: int) -> XmlSource | None:
    def unpacked() -> IO[bytes]:
        return open_xml(path.open("rb"))

    with unpacked() as member:
        size = member.seek(0, 2)
    return XmlSource(unpacked, packed.xml, size, packed) if size > least else None


def cut_out(source: Source, wanted: str | None) -> ParsedRecord:
    """One learner of a source, with its header: by reference number, or by place from 1.

    Raises InputError when nobody is named, or nobody of that name is there.
    """
    if wanted is None:
        raise InputError(
            "--timeline draws one learner of many. Say whom: --learner and a LearnRefNumber."
        )
    sought, place = wanted.strip().casefold(), 0
    found: RawEntity | None = None
    head = source.head()
    for batch in source.batches():
        for learner in _learners_of(batch, head):
            place += 1
            references = [f.text for f in learner.fields if f.name == "LearnRefNumber"]
            if references and references[0].strip().casefold() == sought:
                return _with_learner(head, learner)
            found = learner if str(place) == sought else found
    if found is None:
        raise InputError(
            "No learner of this record has that reference number. Give a LearnRefNumber that is "
            f"in it, or a place from 1 to {place:,}."
        )
    return _with_learner(head, found)


def _learners_of(batch: Batch, head: ParsedRecord) -> Iterator[RawEntity]:
    for entity in batch.parsed:
        if entity.name == "Learner":
            yield entity
    for line, text in batch.elements:
        made = entity_of(etree.fromstring(text), ParsedRecord(RawEntity("Message"), head.kind))
        if made is not None and made.name == "Learner":
            put_back(made, [])
            shift_lines(made, line - 1)
            yield made


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _with_learner(head: ParsedRecord, learner: RawEntity) -> ParsedRecord:
    head.message.children.append(learner)
    return head


class ParsedSource:
    """A record that was read whole, such as a table of many rows."""

    def __init__(self, reading: ParsedRecord, name: str | None) -> None:
        self.name = name
        self.zip: ZipFacts | None = None
        self._reading = reading
        self._learners = [one for one in reading.message.children if one.name in TOPS]
        self.size = len(self._learners)

    def head(self) -> ParsedRecord:
        """What was read, without the learners."""
        read, message = self._reading, self._reading.message
        others = [one for one in message.children if one.name not in TOPS]
        head = RawEntity("Message", message.fields, others, message.line, message.partial)
        return ParsedRecord(
            head, read.kind, read.namespace, read.year_text, read.prepared_on, read.remarks
        )

    def batches(self) -> Iterator[Batch]:
        """The learners, some hundred at a time."""
        for at in range(0, self.size, BATCH):
            found = tuple(self._learners[at : at + BATCH])
            yield Batch(parsed=found, read=len(found))


class XmlSource:
    """A file of XML, which is read as a stream and never held."""

    def __init__(
        self,
        opened: Callable[[], IO[bytes]],
        name: str | None,
        size: int,
        packed: ZipFacts | None = None,
    ) -> None:
        self._opened = opened
        self.name = name
        self.size = size
        self.zip = packed

    def head(self) -> ParsedRecord:
        """The header and provider, read up to the first learner."""
        reading = ParsedRecord(RawEntity("Message"), "ILR XML file")
        for element in self._elements(("Header", "SourceFiles", "LearningProvider", *TOPS)):
            name = etree.QName(element)
            reading.message.sequence.append((name.localname, element.sourceline))
            if reading.namespace is None:
                reading.namespace = name.namespace
            if name.localname in TOPS:
                return reading
            entity = entity_of(element, reading)
            if entity is not None:
                reading.message.children.append(entity)
        return reading

    def batches(self) -> Iterator[Batch]:
        """Learners and destination records with their lines, some hundred at a time."""
        batch: list[tuple[int, str]] = []
        read = 0
        for element in self._elements(TOPS):
            if any(_local(above) in TOPS for above in element.iterancestors()):
                continue  # it is misplaced, and is said so with the one that it stands in
            text = etree.tostring(element, encoding="unicode", with_tail=False)
            read += len(text)
            batch.append((element.sourceline or 1, text))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if len(batch) >= BATCH:
                yield Batch(tuple(batch), read=read)
                batch, read = [], 0
        if batch:
            yield Batch(tuple(batch), read=read)

    def _elements(self, names: tuple[str, ...]) -> Iterator[Any]:
        tags = [f"{{*}}{name}" for name in names]
        opened = self._opened()
        try:
            parser = etree.iterparse(
                opened, events=("end",), tag=tags, resolve_entities=False,
                no_network=True, load_dtd=False, huge_tree=True, remove_comments=True,
                remove_pis=True,
            )  # fmt: skip
            is_first = True
            for _, element in parser:
                if is_first and element.getroottree().docinfo.doctype:
                    raise InputError(
                        "This XML declares a DOCTYPE, which ILR files never do, so it was not read."
                    )
                is_first = False  # it stands before all elements
                yield element
        except etree.XMLSyntaxError as error:
            if error.code == _SEVERAL_ROOTS:
                raise InputError(
                    "This XML has no element around it: its first one ends at line "
                    f"{error.lineno or 1}, and others follow. Put <Message> before the first "
                    "<Learner> and </Message> after the last, or export the whole return."
                ) from None
            raise InputError(
                f"The XML breaks off or is not well formed at line {error.lineno or 1}."
            ) from None
        except OSError as error:
            raise InputError(f"The file could not be read: {error.strerror}.") from None
        except BROKEN:
            raise InputError("The XML in this ZIP is damaged and could not be unpacked.") from None
        finally:
            opened.close()

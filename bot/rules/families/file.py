"""The file itself: what its name, its first line, its header and its outermost elements decide."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.ilr.absent import CannotTell, is_present
from bot.ilr.raw import ZipFacts
from bot.ilr.record import CollectionDetails, Header, Message, Source
from bot.rules.engine import Check, rule

NOT_A_RETURN = "the file does not have the name of a return (ILR-…)"
NOT_A_ZIP = "the file did not come in a ZIP"
NO_NAMESPACE = "the first line of the file, with its namespace, was not pasted"

ZIP_RULES = frozenset(
    {"ZIP_CORRUPT", "Protected_ZIP_file", "ZIP_EMPTY", "ZIP_INCONSISTENT_FILENAME"}
)
"""What can be told of a ZIP in which nothing can be read."""

# The parts of ILR-LLLLLLLL-YYYY-yyyymmdd-hhmmss-NN.XML
_NAME = re.compile(
    r"ILR-(?P<ukprn>\d{8})-(?P<year>\d{4})-(?P<moment>\d{8}-\d{6})-(?P<serial>[^-.]+)\.XML",
    re.IGNORECASE,
)


@rule("Entity_1", until="2023-24")
def file_holds_neither_learners_nor_destinations(message: Message) -> bool:
    return not message.learners and not message.destinations


@rule("Entity_1", since="2024-25")
def file_holds_no_learners(message: Message) -> bool:
    return not message.learners


@rule("Header_2")
def file_was_prepared_in_the_future(details: CollectionDetails, check: Check) -> bool:
    return details.FilePreparationDate > check.today


@rule("Namespace_Mismatch", on_part=True)
def namespace_is_of_another_year(message: Message, check: Check) -> bool:
    if message.namespace is None:
        raise CannotTell(NO_NAMESPACE)
    return message.namespace != check.specification.facts.namespace


@rule("Filename_1", on_part=True)
def file_name_has_another_form(message: Message) -> bool:
    found = _NAME.fullmatch(name_of(message))
    return found is None or moment_of(found) is None


@rule("Filename_4", on_part=True)
def file_name_says_another_year(message: Message, check: Check) -> bool:
    found = _NAME.fullmatch(name_of(message))
    first = check.year.first % 100
    return found is not None and found["year"] != f"{first:02}{(first + 1) % 100:02}"


@rule("Filename_5", on_part=True)
def serial_number_is_not_two_figures(message: Message) -> bool:
    found = _NAME.fullmatch(name_of(message))
    return found is not None and not re.fullmatch(r"[0-9]{2}", found["serial"])


@rule("Filename_6", on_part=True)
def serial_number_is_zero(message: Message) -> bool:
    found = _NAME.fullmatch(name_of(message))
    return found is not None and found["serial"] == "00"


@rule("Filename_7", on_part=True)
def file_name_date_in_future(message: Message, check: Check) -> bool:
    found = _NAME.fullmatch(name_of(message))
    day = moment_of(found) if found else None
    return day is not None and day > check.today


@rule("Header_3")
def file_name_has_another_ukprn(message: Message) -> bool:
    found = _NAME.fullmatch(name_of(message))
    sources = [source for header in message.of(Header) for source in header.of(Source)]
    return found is not None and any(
        is_present(source.UKPRN) and str(source.UKPRN) != found["ukprn"] for source in sources
    )


def ukprn_in_name(message: Message) -> int | None:
    """The UKPRN in a return's name; None when the name has another form."""
    found = _NAME.fullmatch(name_of(message))
    return int(found["ukprn"]) if found else None


@rule("ZIP_CORRUPT", on_part=True)
def zip_cannot_be_opened(message: Message) -> bool:
    return zip_of(message).damaged


@rule("Protected_ZIP_file", on_part=True)
def zip_needs_a_password(message: Message) -> bool:
    return zip_of(message).protected


@rule("ZIP_EMPTY", on_part=True)
def zip_does_not_hold_one_xml_alone(message: Message) -> bool:
    found = zip_of(message)
    return not found.damaged and (len(found.files) != 1 or found.xml is None)


@rule("ZIP_INCONSISTENT_FILENAME", on_part=True)
def zip_has_another_name_than_its_xml(message: Message) -> bool:
    found = zip_of(message)
    if found.xml is None or found.name is None:
        return False
    return stem_of(found.name) != stem_of(found.xml)


def zip_of(message: Message) -> ZipFacts:
    """What is told of the ZIP that the file came in."""
    if message.zip is None:
        raise CannotTell(NOT_A_ZIP)
    return message.zip


def stem_of(name: str) -> str:
    """A file's name without its ending; capitals do not count in it."""
    return name.rpartition(".")[0].casefold()


def name_of(message: Message) -> str:
    """The file's name. A part of a record is saved under any name, so only a return's counts."""
    name = message.file_name or ""
    if not name.upper().startswith("ILR-"):
        raise CannotTell(NOT_A_RETURN)
    return name


def moment_of(found: re.Match[str]) -> date | None:
    """The day of a file name's date and time; None when there is no such moment."""
    try:
        return datetime.strptime(found["moment"], "%Y%m%d-%H%M%S").date()
    except ValueError:
        return None

"""Lines of a list that are read as a whole: a placement's dates and hours, several categories,
types with their codes, and what holds for every aim."""

from __future__ import annotations

import re

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.collector import TYPED_CODE, and_also, filled
from bot.ilr.readers.facts import SAME
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.list_headings import DATED, categories, described_in
from bot.ilr.readers.list_lines import LLDD, items_of
from bot.ilr.readers.listing import Item, Listing
from bot.ilr.readers.names import names
from bot.ilr.readers.phrases import AIM, PLACEMENT, Part, Phrase, phrase

__all__ = [
    "placement_told",
    "settle_above",
    "take_categories",
    "take_dated",
    "take_fams",
    "take_of_all",
    "take_placed",
    "take_same_fams",
]


def take_dated(listing: Listing, bare: str, line: int) -> bool:
    """Take a range behind "Aim dates", "Practical period" or, under either, "Dates"."""
    match = DATED.fullmatch(bare)
    if match is None:
        return False
    doubt = None
    aim = listing.current.get(AIM)
    entity = AIM if match[1] else PLACEMENT if match[2] else listing.headed
    if entity not in {AIM, PLACEMENT}:
        started = aim is not None and any(f.name == "LearnStartDate" for f in aim.fields)
        entity = PLACEMENT if started else AIM
        doubt = f"read as part of the {entity}"
    found = phrase(entity, match[3])
    if len(found.parts) != 2 or found.left:  # a start and an end
        return False
    headed = listing.headed
    listing.take(entity, found, line, doubt)
    listing.headed = headed
    return True


_PLACED = re.compile(
    r"([A-Za-z][A-Za-z ]{1,30}?)(?:\s?\d{1,2}(?![\d/.-]))?\s?[:–-]?\s{1,4}"
    r"(?=(?:from |start(?:s|ed)? |dates? )?\d)"
)


def placement_told(bare: str) -> Phrase | None:
    """What a placement's line says: "wp 11/1/27 - 26/3/27 200hrs mode 2"; None for another."""
    match = _PLACED.match(bare)
    if match is None or names().heading(match[1]) != PLACEMENT:
        return None
    found = phrase(PLACEMENT, bare[match.end() :])
    dated = any(part.name == "WorkPlaceStartDate" for part in found.parts)
    return found if dated and not found.left else None


def take_placed(listing: Listing, bare: str, line: int) -> bool:
    """Take a placement's line."""
    found = placement_told(bare)
    if found is None:
        return False
    listing.head(PLACEMENT, line)
    listing.take(PLACEMENT, found, line)
    return True


def take_categories(listing: Listing, items: list[Item], line: int) -> bool:
    """Take several categories, or one that is marked as primary: "14 (primary), 10, 17"."""
    primary = _primary(items)
    if len(items) - bool(primary) != 1 or items[0].label.places[:1] != ((LLDD, "LLDDCat"),):
        return False
    text = items[0].text
    several = categories(text) or ([one] if (one := described_in(LLDD, text)) else [])
    if len(several) == 1 and len(several[0].parts) == 1:
        return False
    said = [re.match(r"\d{1,2}", one.parts[0].text) for one in several]
    if primary and [code[0] for code in said if code].count(primary) != 1:
        return False
    for one, code in zip(several, said, strict=True):
        if primary and code and code[0] == primary:
            one.parts.append(Part("PrimaryLLDD", "1", "beside them it is called the primary one"))
        listing.begin(LLDD, line)
        listing.take(LLDD, one, line)
    return bool(several)


def _primary(items: list[Item]) -> str | None:
    """The code of the primary category, where it stands behind them: "… Primary: 14"."""
    if len(items) != 2 or not re.match(r"primary\b", items[1].label.said.strip(), re.IGNORECASE):
        return None
    code = re.fullmatch(r"(\d{1,2})(?:\s.{0,40})?", items[1].text.strip())
    return code[1] if code else None


def take_fams(listing: Listing, rest: str, line: int) -> bool:
    """Take types with their codes behind a heading: "FAMs: SOF 107, LDM 034"."""
    left = TYPED_CODE.sub(" ", rest)
    found = [(names().look_up(match[1]), match[2]) for match in TYPED_CODE.finditer(rest)]
    if not found or any(label.fam_type is None for label, _ in found) or re.search(r"\w", left):
        return False
    for label, code in found:
        listing.add(Item(label, code), line)
    return True


def settle_above(listing: Listing) -> None:
    """Give what stood above the first aim's heading to the programme aim, where there is one.

    With one aim it is that one's. With several and no programme aim among them nobody knows whose
    it is: it stays with the first as a guess that asks to be answered.
    """
    if listing.above is None:
        return
    first, fields, line = listing.above
    held = _beside(listing, first)
    programme = [aim for aim in held if _is_programme(aim)]
    if first is None or len(held) == 1 or any(one is first for one in programme):
        message = "What stands above this heading was read as part of the aim below it."
    elif len(programme) == 1:
        names_held = {item.name for item in programme[0].fields}
        moved = [item for item in fields if item.name not in names_held]
        first.fields = [item for item in first.fields if not any(item is one for one in moved)]
        programme[0].fields += moved
        for item in moved:
            _doubt(item, "it stands above the aims, and was read as the programme aim's")
        message = "What stands above this heading was read as part of the programme aim."
    else:
        for item in fields:
            _doubt(item, "it stands above several aims, and may be any one's")
        message = (
            "What stands above this heading was read as part of the aim below it. Of which aim is "
            "it? Write it below that one."
        )
    listing.collector.add_remark(line, message)


def _beside(listing: Listing, aim: RawEntity | None) -> list[RawEntity]:
    """The aims of the learner whose aim it is, with it."""
    for learner in listing.message.children:
        if any(child is aim for child in learner.children):
            return [child for child in learner.children if child.name == AIM and filled(child)]
    return []


def _is_programme(aim: RawEntity) -> bool:
    said = {(item.name, item.text) for item in aim.fields}
    return ("LearnAimRef", "ZPROG001") in said or ("AimType", "1") in said


def _doubt(item: RawField, why: str) -> None:
    item.guess = and_also(item.guess, why)


_ALL = re.compile(
    r"(?:^|(?<=\w))\s*\b(?:all|both|each)\b(?: of)?(?: them| these| the)?(?: aims?)?"
    r"(?: are| is| have| has)?[:,]?",
    re.IGNORECASE,
)
_OF_ALL = "it is said of all the aims"


def take_of_all(listing: Listing, bare: str, line: int) -> bool:
    """Take what a line says of every aim: "all FM25 comp 1", "Funding model 36 both".

    It goes to the learner's aims above it, where they have no such value of their own.
    """
    match = _ALL.search(bare)
    learner = listing.current.get("Learner")
    aims = [one for one in (learner.children if learner else ()) if one.name == AIM]
    if match is None or len(aims) < 2 or "?" in bare:
        return False
    items = items_of(f"{bare[: match.start()]} {bare[match.end() :]}".strip())
    places = [next((p for p in one.label.places if p[0] == AIM), None) for one in items]
    if not items or any(one.label.fam_type for one in items):
        return False
    for item, place in zip(items, places, strict=True):
        if place is None or not has_usual_form(place[1], item.text):
            return False
    for item, place in zip(items, places, strict=True):
        for aim in aims:
            if place is None or any(held.name == place[1] for held in aim.fields):
                continue
            for made in listing.collector.fields(item.label, place, item.text, line, _OF_ALL):
                aim.fields += made
    return True


_SAME_FAMS = re.compile(
    r"(?:with |has |and )?(?:the )?(?:same|ditto) (?:aim )?(?:fams?|funding and monitoring)"
    r"(?: as (?:above|before|aim \d|a\d|the (?:first|one above)))?\W*"
    r"|(?:aim )?fams?:? (?:the )?(?:same|as above|ditto|as (?:aim|a)\s?1)(?: as above)?\W*",
    re.IGNORECASE,
)


def take_same_fams(listing: Listing, bare: str, line: int) -> bool:
    """Take "same fams" below an aim: those of the aim before it."""
    learner = listing.current.get("Learner")
    aims = [one for one in (learner.children if learner else ()) if one.name == AIM]
    if len(aims) < 2 or not _SAME_FAMS.fullmatch(bare):
        return False
    kind = "LearningDeliveryFAM"
    before = [one for one in aims[-2].children if one.name == kind]
    if not before or any(one.name == kind for one in aims[-1].children):
        return False
    for one in before:
        fields = [RawField(item.name, item.text, line, SAME) for item in one.fields]
        aims[-1].children.append(RawEntity(kind, fields, line=line, partial=True))
    return True

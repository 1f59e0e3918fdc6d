"""Field lists: a name and a value a line, with headings such as "Placement 2"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from bot.ilr.raw import RawEntity
from bot.ilr.readers.aim_lines import aim_line, told_between_dashes, told_in_brackets
from bot.ilr.readers.assembly import take_header
from bot.ilr.readers.cells import is_page_furniture
from bot.ilr.readers.coded import coded
from bot.ilr.readers.collector import NOT_UNDERSTOOD, filled
from bot.ilr.readers.corrections import correct
from bot.ilr.readers.destinations import name_destinations
from bot.ilr.readers.employment_lines import employment_line
from bot.ilr.readers.facts import LEARNER, facts
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.hours_above import give_to_learner
from bot.ilr.readers.hours_of_year import settle_hours
from bot.ilr.readers.irregular import irregular
from bot.ilr.readers.learner_lines import learner_heading
from bot.ilr.readers.list_detect import is_list
from bot.ilr.readers.list_headings import attained, categories, described_in, heading_of, learner_of
from bot.ilr.readers.list_lines import LED, LLDD, WHEN, bare_line, items_of, items_under, split_line
from bot.ilr.readers.listing import KEYS, Item, Listing
from bot.ilr.readers.mail_subjects import name_from_subject
from bot.ilr.readers.names import Label, is_everybodys, names
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.part_lines import part_line
from bot.ilr.readers.phrases import AIM, PLACEMENT, Part, Phrase, in_row, lone_aim, phrase
from bot.ilr.readers.prose import TOLD
from bot.ilr.readers.signatures import is_senders, signs_off
from bot.ilr.readers.stacked import lines_of
from bot.ilr.readers.taken_back import take_back, taken_back
from bot.ilr.readers.tidy import tidy
from bot.ilr.readers.titles import titled_learner
from bot.ilr.readers.values import read_value
from bot.ilr.readers.whole_lines import (
    settle_above,
    take_categories,
    take_dated,
    take_fams,
    take_of_all,
    take_placed,
    take_same_fams,
)  # fmt: skip
from bot.ilr.readers.years_above import GUESS as YEAR_ABOVE
from bot.ilr.readers.years_above import year_above
from bot.privacy.headings import LEARNERS

__all__ = ["context_of", "read_list"]

_OF_COLUMNS = re.compile(r"(?:field|item|name)s?\W{1,20}values?", re.IGNORECASE)


_WITH_YEAR = re.compile(
    rf"(?P<who>(?:{LEARNERS})[ :#]\s?\S{{2,12}})(?:\s{{1,3}}[-–—|(]|,)"
    r"\s?(?P<year>20\d\d[/-](?:20)?\d\d)\)?",
    re.IGNORECASE,
)
"""A learner with the year behind: "25118840 – 2025/26"."""
_REPORT_ROW = re.compile(
    r"\W?(?:e|w|error|warning)\W{1,3}(?:[^,\t|;]{0,200}[,\t|;]){1,4}\W?[a-z][a-z0-9]{1,40}_\d{1,3}[a-z]?\W?"
    r"[,\t|;].*[,\t|;]",
    re.IGNORECASE,
)
"""A rule's row above the record that it speaks of."""


def read_list(text: str, *, above: bool = False) -> ParsedRecord:
    """Read a field list. Every part of its record is partial. ``above``: a table stands below."""
    listing = _listed(text, Listing())
    odd = irregular(listing)
    late = {
        kind
        for kind, one in odd
        if KEYS.get(kind) in {i.name for i in one.fields[1:] if i.line != one.fields[0].line}
    }
    if late:
        # The line that began the first was not copied: each begins with its usual name.
        firsts = {kind: KEYS[kind] for kind in late}
        listing = _listed(text, Listing(dict(firsts), forced=True))
    collector = listing.collector
    for kind, one in odd:
        for line in sorted({item.line or one.line or 0 for item in one.fields}):
            collector.add_remark(
                line,
                f"The {kind}s of this list are not made alike: a line is missing, too many or "
                "elsewhere. Check that this stands in the right one.",
            )
    settle_above(listing)
    give_to_learner(listing.message, collector, above=above)
    collector.resolve_dates()
    settle_hours(listing.message, collector)
    take_back(listing.message, taken_back(text), collector)
    _prune(listing.message)
    name_destinations(listing.message, listing.whose)
    name_from_subject(listing.message, text)
    reading = ParsedRecord(listing.message, "list of fields", remarks=collector.remarks)
    take_header(reading)
    return reading


def _listed(text: str, listing: Listing) -> Listing:
    """The lines of a list, taken one by one."""
    collector = listing.collector
    text = tidy(text, collector.remarks)
    signed = False
    for number, line in lines_of(text.split("\n")):
        bare = bare_line(line)
        signed = signed or signs_off(line)
        if not bare or set(bare) <= set("-=_*~|+") or _OF_COLUMNS.fullmatch(bare.strip("| ")):
            continue
        if (dated := _WITH_YEAR.fullmatch(bare)) and _names_a_year(listing, dated["year"], number):
            line = bare = dated["who"]
        headed = heading_of(line)
        if (led := LED.match(bare)) is not None and aim_line(bare[led.end() :]) is not None:
            listing.add(Item(names().look_up("LearnRefNumber"), led[1]), number)
            bare = bare[led.end() :]
        beside, rest = coded(bare)
        if (told := aim_line(rest) or (aim_line(bare) if beside else None)) is not None:
            listing.take_aim(told, number)
            for kind, code in told.typed:
                listing.add(Item(names().look_up(kind), code), number)
            for label, text_beside in beside:
                listing.add(Item(label, text_beside), number)
            if told.left:
                collector.add_remark(number, "Part of this line was not understood.")
            continue
        if (employed := employment_line(line, listing.headed or listing.last)) is not None:
            listing.take_employment(employed, number)
            continue
        if take_of_all(listing, bare, number) or take_same_fams(listing, bare, number):
            continue
        if _REPORT_ROW.match(bare):
            collector.add_remark(number, "This is a row of an error report, so it was not read.")
            continue
        if headed is None and _is_furniture(bare):
            collector.add_remark(number, "This line is the page's or the mail's own.")
            continue
        section = listing.headed or (listing.last and listing.topic)
        items = items_of(line, listing.headed) or items_under(section, bare, listing.last)
        if headed is not None and len(items) == 1 and items[0].label.person and headed[1]:
            items = []
        # "Aim: ZWRKX001" is a field; "Aim", "Aim 3" and "Aim 3: ZWRKX001" begin an aim.
        numbered = bool(items) and items[0].label.number is not None
        if headed is not None and (not items or not headed[1] or (numbered and len(items) == 1)):
            _under_heading(listing, headed, number)
            continue
        if not items:
            if not _unnamed(listing, bare, number) and not _names_a_year(listing, bare, number):
                collector.add_remark(number, NOT_UNDERSTOOD)
            continue
        if signed and all(is_senders(item.label) for item in items):
            collector.add_remark(number, "This stands below the sender's name, so it was not read.")
            continue
        signed = False
        items = _without_persons_status(listing, items, number)
        if take_categories(listing, items, number):
            continue
        if len(items) > 1 and listing.has_named_aim and _names_another(listing, items):
            listing.begin(AIM, number)
        if len(items) == 1 and _take_attained(listing, items[0], number):
            continue
        for item in items:
            listing.add(_by_heading(listing, item), number)
            if item.label.places[:1] == ((AIM, "LearnAimRef"),):
                listing.take(AIM, Phrase(told_in_brackets(item.text)), number)
    correct(listing, text)
    return listing


def _without_persons_status(listing: Listing, items: list[Item], line: int) -> list[Item]:
    """A line's values without the status of a person, which a screen's title shows beside the
    name before any aim is told: "Trainee | Osei, Abena    Status: Break in learning"."""
    if AIM in listing.current or not any(item.label.person for item in items):
        return items
    kept = [item for item in items if not _is_of_person(item)]
    if len(kept) < len(items):
        listing.collector.add_remark(line, "Of which aim the status is, is not said here.")
    return kept


def _is_of_person(item: Item) -> bool:
    return is_everybodys(item.label) and (AIM, "CompStatus") in item.label.places


def _take_attained(listing: Listing, item: Item, line: int) -> bool:
    """Take a level of prior attainment with its date."""
    found = (
        attained(item.text) if item.label.places[:1] == (("PriorAttain", "PriorLevel"),) else None
    )
    if found is None:
        return False
    listing.begin("PriorAttain", line)
    listing.take("PriorAttain", found, line)
    return True


def _names_another(listing: Listing, items: list[Item]) -> bool:
    """Whether a line of several values begins with another aim than the one that is open."""
    of_aim = [one for one in items if one.label.places and one.label.places[0][0] == AIM]
    if not of_aim or of_aim[0].label.places[0][1] != "LearnAimRef" or of_aim[0].label.number:
        return False
    held = {field.text for field in listing.current[AIM].fields if field.name == "LearnAimRef"}
    return listing.firsts.get(AIM) != "LearnAimRef" and of_aim[0].text not in held


_HE = "LearningDeliveryHE"
_KINDS = {AIM: "aim", PLACEMENT: "placement", "Learner": "learner"}


def _by_heading(listing: Listing, item: Item) -> Item:
    """A name that its heading makes plain: "Ref" and "Type" under "Aim 2"."""
    if (short := _short(listing, item)) is not None:
        return short
    entity = listing.topic if listing.last in _KINDS else None
    if listing.last == "Learner" or listing.headed in _KINDS:
        entity = listing.headed or "Learner"
    label = item.label
    if entity is None or " " in label.said.strip() or label.official or label.fam_type:
        return item
    if label.known and any(place[0] == entity for place in label.places):
        return item
    whole = names().look_up(f"{_KINDS[entity]} {label.said}")
    name = next((name for kind, name in whole.places if kind == entity), None)
    if not whole.known or name is None or not has_usual_form(name, item.text):
        return item
    return Item(replace(whole, said=label.said, places=((entity, name),)), item.text)


_TYPE = re.compile(r"([A-Z]{3})(?!\w)")
_TYPE_BEHIND = re.compile(r"[(\[]([A-Z]{3})[ -]?\d{1,2}[)\]]\s*$")
"""A type with its code behind what it stands for: "Paid employment (EMP 1)"."""


def _short(listing: Listing, item: Item) -> Item | None:
    """A short name in its part: "Type" under "Financial details", or with a type that is of
    one entity alone: "Type: TNP"."""
    said, text = item.label.said, item.text.strip()
    kind = _TYPE.match(text) or _TYPE_BEHIND.search(text)
    typed = names().owner_of_type(kind[1]) if kind else None
    if typed is None and listing.last == "DPOutcome" and AIM not in listing.current:
        typed = "DPOutcome"  # its dates have everybody's names, and nothing else is open
    of_instance = _HE if listing.last == _HE and PLACEMENT not in listing.current else None
    plain = item.label.known and not item.label.if_fits and listing.headed is None
    if typed is None and of_instance is None and plain:
        return None
    entity = typed or listing.headed or of_instance
    name = names().under(entity, said)
    if entity is None or name is None or not (typed or has_usual_form(name, text)):
        return None
    return Item(Label(said, ((entity, name),)), text)


def _is_furniture(bare: str) -> bool:
    """Whether a line is a mail's heading or a page's foot; "From: 5 October" is neither."""
    if not is_page_furniture(bare):
        return False
    name, _, rest = bare.partition(":")
    if name.strip().casefold() not in {"from", "to", "date"}:
        return True
    read = read_value("WorkPlaceStartDate", rest)
    return not (read.text and read.fits) and read.day is None


def _under_heading(listing: Listing, headed: tuple[str, str], line: int) -> None:
    entity, rest = headed
    listing.head(entity, line, alone=not rest)
    if not rest:
        return
    if entity in {"LearningDeliveryFAM", "LearnerFAM"} and take_fams(listing, rest, line):
        return
    if entity == LLDD and (several := categories(rest)):
        for one in several:
            listing.begin(LLDD, line)
            listing.take(LLDD, one, line)
        return
    if parted := part_line(rest, entity):
        # "destination: EMP 1 from 20/02/2023, collected 31/03/2023"
        for label, text in parted:
            listing.add(Item(label, text), line)
        return
    if entity not in {AIM, PLACEMENT, "Learner"} and (described := described_in(entity, rest)):
        listing.take(entity, described, line)
        return
    found = learner_of(rest) if entity == "Learner" else phrase(entity, rest)
    if entity == AIM and found.left and (row := in_row(f"aim {rest}")):
        for label, text in row:
            listing.add(Item(label, text), line)
        listing.headed = entity
        return
    if not found.parts:
        if _titled(listing, f"learner {rest}", line):
            return
        item = split_line(rest)
        if item is not None and item.label.places:
            listing.add(item, line)
            return
        listing.collector.add_remark(line, "What comes after this heading was not understood.")
        return
    if found.left and entity == AIM:
        more, left = told_between_dashes(rest)
        held = {part.name for part in found.parts}
        found.left = left or not more
        found.parts += [part for part in more if part.name not in held]
    if found.left:
        listing.collector.add_remark(line, "Part of this line was not understood.")
    listing.take(entity, found, line)
    listing.headed = entity


def _names_a_year(listing: Listing, bare: str, line: int) -> bool:
    """Take one academic year in a line above the record ("2022-23", "this is from 22/23") for
    the record's."""
    year = year_above([bare]) if listing.last is None else None
    if year is None:
        return False
    listing.take("CollectionDetails", Phrase([Part("Year", year[0], YEAR_ABOVE)]), line)
    return True


def _unnamed(listing: Listing, bare: str, line: int) -> bool:
    """Take a line that names no field: an aim's reference, or dates under their heading."""
    reference = lone_aim(bare)
    if reference is not None:
        listing.begin(AIM, line)
        guess = "it is on its own and looks like an aim reference"
        listing.take(AIM, Phrase([Part("LearnAimRef", reference, guess)]), line)
        return True
    if take_dated(listing, bare, line) or take_placed(listing, bare, line):
        return True
    if (heading := learner_heading(bare)) is not None:
        listing.head("Learner", line)
        listing.take("Learner", heading, line)
        return True
    name, _, rest = bare.partition(" ")
    if names().heading(name) == "Learner" and (
        read_value("LearnRefNumber", rest.strip().split("  ")[0]).fits
        or len(learner_of(rest.strip()).parts) > 1
    ):
        _under_heading(listing, ("Learner", rest), line)
        return True
    trail = [part.strip() for part in bare.split(">")]
    for before, said in pairwise(trail):
        if names().heading(before) == "Learner" and learner_of(said).parts:
            _under_heading(listing, ("Learner", said), line)
            return True
    if _titled(listing, bare, line) or _told(listing, bare, line):
        return True
    entity = listing.headed or listing.last
    if entity not in {AIM, PLACEMENT}:
        return False
    found = phrase(entity, WHEN.sub("", bare, count=1))
    if not found.parts or found.left:
        return False
    headed = listing.headed
    doubt = None if headed else f"read as part of the {entity} above it"
    listing.take(entity, found, line, doubt)
    listing.headed = headed
    return True


def _titled(listing: Listing, bare: str, line: int) -> bool:
    """Take the learner that a title above all fields names."""
    found = titled_learner(bare) if not filled(listing.message) else None
    for part in found.parts if found is not None else ():
        listing.take(AIM if part.name == "LearnAimRef" else LEARNER, Phrase([part]), line)
    return found is not None


def _told(listing: Listing, bare: str, line: int) -> bool:
    """Take what a sentence among the lines says by name: "she left on 13/11/2026"."""
    told = [(len(re.findall(r"[.!?;]\s", bare[: fact.at])), fact) for fact in facts(bare)]
    # A sentence that says whose it is, or of which aim, is read whole; another by its names.
    whole = {at for at, fact in told if fact.name in {"LearnAimRef", "LearnRefNumber"}}
    whose = {fact.name for _, fact in told if fact.entity == LEARNER} & {"LearnRefNumber", "ULN"}
    found = [
        fact
        for at, fact in told
        if fact.named or (at in whole and "?" not in bare) or (whose and fact.entity == LEARNER)
    ]
    if len(found) < 2:
        return False
    for fact in found:
        if fact.name == "LearnAimRef" and listing.has_named_aim:
            listing.begin(AIM, line)
        part = Part(fact.name, fact.text, TOLD)
        listing.take(fact.entity, Phrase([part]), line)
    listing.collector.add_remark(line, "Of this sentence only what it names was read.")
    return True


def _prune(entity: RawEntity) -> None:
    """Leave out what a heading opened and nothing was put into."""
    for child in entity.children:
        _prune(child)
    entity.children = [child for child in entity.children if filled(child)]


_SURELY = 3
"""Lines of names with their values that make what stands above a table a form, whatever else is
printed on it: its college, its sections, its questions."""


def _holds_pairs(lines: list[str]) -> bool:
    told = [items for line in lines if (items := items_of(line))]
    whole = [all(one.label.known and one.text for one in items) for items in told]
    return sum(whole) >= _SURELY


def context_of(text: str) -> ParsedRecord | None:
    """What the lines above a table say of whose it is; None when they are no fields."""
    lines = [line for line in text.split("\n") if bare_line(line)]
    if not lines or len(lines) > 60:
        return None
    named = all(any(i.label.places for i in items_of(line)) or heading_of(line) for line in lines)
    if not (named or is_list(text) or _holds_pairs(lines)):
        return None
    reading = read_list(text, above=True)
    return reading if filled(reading.message) else None

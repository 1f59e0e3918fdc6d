"""Field lists: a name and a value a line, with headings such as "Placement 2"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from bot.ilr.raw import RawEntity
from bot.ilr.readers.aim_lines import aim_line
from bot.ilr.readers.assembly import take_header
from bot.ilr.readers.cells import is_page_furniture
from bot.ilr.readers.coded import coded
from bot.ilr.readers.collector import NOT_UNDERSTOOD, TYPED_CODE, filled, is_confident
from bot.ilr.readers.corrections import correct
from bot.ilr.readers.destinations import name_destinations
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.learner_lines import learner_heading, learner_told
from bot.ilr.readers.listing import KEYS, Item, Listing, irregular
from bot.ilr.readers.names import Label, is_everybodys, names
from bot.ilr.readers.pairs import NUMBERED_AIM, pairs
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.part_lines import part_line
from bot.ilr.readers.people import split_name
from bot.ilr.readers.phrases import AIM, PLACEMENT, Part, Phrase, in_row, lone_aim, phrase
from bot.ilr.readers.prose import TOLD, facts
from bot.ilr.readers.rejoined import rejoined
from bot.ilr.readers.signatures import is_senders, signs_off
from bot.ilr.readers.taken_back import take_back, taken_back
from bot.ilr.readers.tidy import tidy
from bot.ilr.readers.values import read_value
from bot.years import find_years

__all__ = ["context_of", "is_list", "parts_below", "read_list", "starts_list"]

_BULLET = re.compile(
    r"^\s{0,40}(?:(?:[-+*•·▪◦–—o▾▸►▼▶⊟⊞├└│─ ]{1,6}|\[[-+]\]|\d{1,2}[.)])\s{1,8})?[*_#\s]{0,8}"
)
_SEPARATOR = re.compile(r"\s{0,40}(?::|=>?|->|→|\t|\|| {2,}| [-–—] )[\s|]{0,20}")
_HEADING = re.compile(r"([A-Za-z][A-Za-z &/-]{1,60}?)\s{0,4}(?:no\.?|number|#)?\s{0,4}(\d{1,2})?")
_HEADED = re.compile(
    r"([A-Za-z][A-Za-z ]{1,40}?)\s{0,4}(?:no\.?|#)?\s{0,4}(\d{1,2})?"
    r"\s{0,4}(?:[:=]|\s[-–—]\s)\s{0,4}(\S.{0,400})"
)
_OF_SEVERAL = re.compile(r"(?<=\d) of \d{1,2}$", re.IGNORECASE)
"""How a screen counts: "Aim 1 of 3"."""
_LED = re.compile(
    r"((?=[A-Za-z/-]+\d)[A-Za-z0-9/-]{4,12})\s*[|;\t]\s*(?=Z[0-9A-Z]{7}\b|\d{7}[0-9X]\b)"
)
"""A reference in front of its aim's line: "LT100 | 60312887 | start 07/09/26"."""
_WHEN = re.compile(r"(?:dates?|when|period|duration|times?)\b\s{0,4}[:=–—-]?\s{0,4}", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(\s{0,3}([A-Za-z0-9][\w/.-]{2,11})\s{0,3}\)\s{0,3}$")
_RULE = re.compile(
    r"^(?:\[?(?:E|W|error|warning)\]?[\s:|]{1,3})?[A-Za-z]\w{0,60}_\d{1,3}[A-Za-z]?"
    r"(?:\s{0,4}(?:[:|>-]|->)\s{0,4}|\s{1,4})(?=\w+\s?[=:])",
    re.IGNORECASE,
)
"""A rule's name in front of the field values it is about."""
_OF_COLUMNS = re.compile(r"(?:field|item|name)s?\W{1,20}values?", re.IGNORECASE)
_ONLY_A_NAME = re.compile(r"[A-Za-z](?:[\w &/().'’-]{0,78}[\w)])?:?")
_QUERY = re.compile(r"\??\w{2,40}=[^&\s]*(?:&\w{2,40}=[^&\s]*)+")
"""A page's address behind its question mark."""
_MAX_LINE_LENGTH = 2_000
_MAX_WORDS = 6


_LEADER = re.compile(r"(?<=[\w)?])\s?(?:\.{3,}|(?:\. ){3,}|…+|_{3,})[ .]{0,3}(?=[\w£])")
"""Dots that lead from a form's name to its value."""
_TAB = re.compile(r"^\[[A-Za-z][\w &/-]{1,30}\]\s{1,20}(?=[A-Za-z])")
"""The name of a screen's tab in front of its fields."""


def _bare(line: str) -> str:
    bare = _BULLET.sub("", line, count=1).strip().strip("*_").strip()
    return _LEADER.sub(": ", _TAB.sub("", bare), count=1)


_ASKED = re.compile(
    r"^(?:what(?:['’]s| is| was)|which|when (?:did|does|is|was|will)|how many)\s"
    r"(?:the |your |their |it )?(?=[^?]*\?\s*$)",
    re.IGNORECASE,
)
"""How a form asks for a value: "When did the placement start? - 05/10/2026"."""


def _split(line: str) -> Item | None:
    """A line as name and value, when its name is known or resembles one."""
    if not line or len(line) > _MAX_LINE_LENGTH:
        return None
    book = names()
    separator = _SEPARATOR.search(line)
    while separator is not None and separator.start() <= 80:
        label = book.look_up(_ASKED.sub("", line[: separator.start()]))
        if label.places or label.ignored or label.person:
            text = line[separator.end() :].strip().strip("*|").strip()
            return _with_code(label, separator[0], text) or Item(label, text)
        if separator.start() > 0 and ":" in separator[0]:
            break
        separator = _SEPARATOR.search(line, separator.end())
    if line.rstrip(":").strip() != line:
        label = book.look_up(line)
        return Item(label, "") if label.known else None
    words = line.split()
    for count in range(min(_MAX_WORDS, len(words) - 1), 0, -1):
        label = book.look_up(" ".join(words[:count]))
        # The 1 of "Start Date 1 Sep 26" belongs to the date.
        if label.known and not (label.number is not None and words[count - 1].isdigit()):
            text = " ".join(words[count:])
            # Without a mark between them only a value of the right form parts the two.
            if is_confident(label, text) or read_value(label.places[0][1], text).day is not None:
                return Item(label, text)
    return None


def _with_code(label: Label, separator: str, text: str) -> Item | None:
    """ "Mode 2 - External": the number is the value's code, not the placement's number."""
    words = label.said.strip().rpartition(" ")
    if label.number is None or not words[2].isdigit() or not set(separator) <= set(" -–—"):
        return None
    bare = names().look_up(words[0])
    described = f"{words[2]} - {text}"
    if bare.number is None and bare.known and is_confident(bare, described):
        return Item(bare, described)
    return None


def _items(line: str, headed: str | None = None) -> list[Item]:
    """Every name and value on a line: usually one, or several with commas between.

    ``headed``: the entity of the heading above.
    """
    if part := part_line(line.strip() if headed == LLDD else _bare(line), headed):
        return [Item(label, text) for label, text in part]
    bare = _RULE.sub("", _bare(line), count=1)
    if _QUERY.fullmatch(bare):
        bare = bare.lstrip("?").replace("&", " | ")
    if slashed := _slashed(bare):
        return slashed
    typed, rest = coded(bare)
    if typed:
        more = _items(rest) if rest else []
        return more + [Item(label, text) for label, text in typed]
    several = pairs(bare)
    if several:
        return [Item(label, text) for label, text in several]
    found = _split(bare)
    if found is None or _leaves_some(found):
        row = [Item(label, text) for label, text in in_row(bare)]
        if row:
            return row
    return [found] if found is not None else []


def _slashed(bare: str) -> list[Item]:
    """Several names and as many values: "Aim ref / type / FM: 60312887 / 5 / 25"."""
    said, mark, rest = bare.partition(":")
    heads = [one.strip() for one in re.split(r"\s?[/|,]\s?", said)]
    texts = [one.strip() for one in re.split(r"\s[/|]\s|,\s|\s\|\s", rest.strip())]
    if not mark or not all(heads) or len(heads) < 2 or len(heads) != len(texts):
        return []
    labels = [names().look_up(one) for one in heads]
    word = heads[0].split()[0]
    for at, one in enumerate(heads):
        if at and (whole := names().look_up(f"{word} {one}")).known:
            labels[at] = whole if not labels[at].known or labels[at].if_fits else labels[at]
    found = [Item(label, text) for label, text in zip(labels, texts, strict=True)]
    fits = [one.label.known and has_usual_form(one.label.places[0][1], one.text) for one in found]
    return found if all(fits) else []


def _leaves_some(item: Item) -> bool:
    """Whether the value is more than its field holds: "Aim: ZWRKX001 start 12/10/26"."""
    if not item.label.places:
        return False
    read = read_value(item.label.places[0][1], item.text)
    return not read.fits or (read.guess or "").startswith("only the code")


def _heading(line: str) -> tuple[str, str] | None:
    """The entity a line heads, and what else it says of it."""
    bare = _bare(line).rstrip(":.-–— ")
    if bare[:1] == "[" and bare[-1:] == "]":
        bare = bare[1:-1].strip()
    bare = _OF_SEVERAL.sub("", bare)
    if _DATED.fullmatch(bare):
        return None
    if len(bare) > _MAX_LINE_LENGTH:
        return None
    if (numbered := NUMBERED_AIM.match(bare)) is not None:
        return AIM, bare[numbered.start(2) :]
    match = _HEADING.fullmatch(bare)
    if match:
        entity = names().heading(match[1])
        if entity is not None:
            is_value = _is_value_of_field(entity, match[1], bare[match.end(1) :])
            return None if is_value else (entity, "")
    match = _HEADED.fullmatch(bare)
    entity = names().heading(match[1]) if match else None
    if match is None or entity is None:
        return None
    # "*Learner:* A100" in bold leaves a star.
    return entity, match[3].strip().strip("*_").strip()


def _is_value_of_field(entity: str, said: str, rest: str) -> bool:
    """Whether a number behind words that head a part is the value of a field so called, in a
    column of its own or of two figures: "Employment status   10"."""
    if re.fullmatch(r"(?:\s{2,}|\t)\s*\d+|\s*\d{2,}", rest) is None:
        return False
    places = names().look_up(said).places
    return any(kind == entity and has_usual_form(name, rest.strip()) for kind, name in places)


def read_list(text: str) -> ParsedRecord:
    """Read a field list. Every part of its record is partial."""
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
    collector.resolve_dates()
    take_back(listing.message, taken_back(text), collector)
    _prune(listing.message)
    name_destinations(listing.message, listing.whose)
    reading = ParsedRecord(listing.message, "list of fields", remarks=collector.remarks)
    take_header(reading)
    return reading


def _listed(text: str, listing: Listing) -> Listing:
    """The lines of a list, taken one by one."""
    collector = listing.collector
    text = tidy(text, collector.remarks)
    signed = False
    for number, line in _lines(text.split("\n")):
        bare = _bare(line)
        signed = signed or signs_off(line)
        if not bare or set(bare) <= set("-=_*~|+") or _OF_COLUMNS.fullmatch(bare.strip("| ")):
            continue
        headed = _heading(line)
        if (led := _LED.match(bare)) is not None and aim_line(bare[led.end() :]) is not None:
            listing.add(Item(names().look_up("LearnRefNumber"), led[1]), number)
            bare = bare[led.end() :]
        if (told := aim_line(bare)) is not None:
            listing.take_aim(told, number)
            if told.left:
                collector.add_remark(number, "Part of this line was not understood.")
            continue
        if headed is None and _is_furniture(bare):
            collector.add_remark(number, "This line is the page's or the mail's own.")
            continue
        section = listing.headed or (listing.last and listing.topic)
        items = _items(line, listing.headed) or _under(section, bare, listing.last)
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
        for item in items:
            listing.add(_by_heading(listing, item), number)
    correct(listing, text)
    return listing


LLDD = "LLDDandHealthProblem"
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


def _short(listing: Listing, item: Item) -> Item | None:
    """A short name in its part: "Type" under "Financial details", or with a type that is of
    one entity alone: "Type: TNP"."""
    said, text = item.label.said, item.text.strip()
    typed = names().owner_of_type(text[:3]) if re.match(r"[A-Z]{3}(?!\w)", text) else None
    if typed is None and listing.last == "DPOutcome" and AIM not in listing.current:
        typed = "DPOutcome"  # its dates have everybody's names, and nothing else is open
    if typed is None and item.label.known and not item.label.if_fits and listing.headed is None:
        return None
    entity = typed or listing.headed
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


def _under(headed: str | None, bare: str, last: str | None = None) -> list[Item]:
    """A name that only its heading makes one: "Total hours" under "Placement 2"; or the name
    before it, of a part that has short ones: "Code" under "Price type"."""
    parted = _SEPARATOR.search(bare)
    for entity in (headed, last):
        if parted is None:
            break
        field = names().under(entity, bare[: parted.start()])
        if entity and field is not None:
            text = bare[parted.end() :].strip()
            return [Item(Label(bare[: parted.start()], ((entity, field),)), text)]
    if headed != PLACEMENT:
        return []
    name, mark, text = bare.partition(":")
    label = names().look_up(f"placement {name}")
    return [Item(label, text.strip())] if mark and label.known else []


def _lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines of a list; a heading in front of names and values is a line of its own:
    "Placement 1   Start 05/10/2026   End 16/10/2026"."""
    for number, line in _named_above(rejoined(lines)):
        first, *rest = _GAP.split(_bare(line), maxsplit=1)
        heads = bool(rest) and _heading(first) in {(one, "") for one in (AIM, PLACEMENT)}
        if heads and not names().look_up(first).known and pairs(rest[0]):
            yield number, first
            yield number, rest[0]
        else:
            yield number, line


_GAP = re.compile(r"\t+|\s{2,}|\s*\|\s*")


def _named_above(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; a name alone on a line takes the value on the next.

    So does a screen's form when it is copied. The pair has the value's line.
    """
    if _values_above(lines):
        filled_lines = [
            (number, _bare(line)) for number, line in enumerate(lines, 1) if _bare(line)
        ]
        for (number, text), (_, name) in zip(filled_lines[::2], filled_lines[1::2], strict=True):
            yield number, f"{name}: {text}"
        return
    waiting: tuple[int, str] | None = None
    # Below one such pair a single word is a name too: "Hours" over "315".
    running = False
    for number, line in enumerate(lines, 1):
        bare = _bare(line)
        if waiting is not None and bare:
            name = waiting[1].rstrip(": ")
            if _is_value(name, bare):
                yield number, f"{name}: {bare}"
                waiting, running = None, True
                continue
            yield waiting[0], f"{name}:"
            waiting = None
        if bare and _is_name(bare, running):
            waiting = (number, bare)
        else:
            yield number, line
    if waiting is not None:
        yield waiting[0], waiting[1].rstrip(": ") + ":"


def _values_above(lines: list[str]) -> bool:
    """Whether each value stands above its name, as some screens' cards are copied."""
    bare = [found for line in lines[:400] if (found := _bare(line))]
    if len(bare) < 4 or len(bare) % 2:
        return False
    pairs_of_two = list(zip(bare[::2], bare[1::2], strict=True))
    return all(
        names().look_up(name).known
        and not names().look_up(value).known
        and not re.search(r"[:=\t]\s", value)
        for value, name in pairs_of_two
    ) and any(is_confident(names().look_up(name), value) for value, name in pairs_of_two)


def _is_name(bare: str, running: bool = False) -> bool:
    """Whether a line is a field's name and no more, and nothing else's heading."""
    if len(bare) > 80 or not _ONLY_A_NAME.fullmatch(bare):
        return False
    label = names().look_up(bare.rstrip(": "))
    if label.person or (label.ignored and running):
        return True
    if running and not label.known:
        return names().look_up(f"placement {label.said}").known
    if not label.known or label.number is not None or label.fam_type is not None:
        return False
    alone = label.official or " " in bare or bare.endswith(":")
    return _heading(bare) is None and (running or alone)


_CAPITALS = re.compile(r"[^\W\d_a-z][\w'’-]+(?:,? [^\W\d_a-z][\w'’-]*){1,3}")
"""A person's name: two to four words, each with a capital."""


def _is_value(name: str, bare: str) -> bool:
    label = names().look_up(name)
    if label.person or label.ignored:
        words = not re.search(r"[:=\t]", bare) and len(bare) <= 60
        free = not _is_name(bare) and _heading(bare) is None and not names().look_up(bare).places
        return words and free and (label.ignored or bool(_CAPITALS.fullmatch(bare)))
    if not label.known:
        return bare.isdigit()
    read = read_value(label.places[0][1], bare)
    short = bool(re.fullmatch(r"[A-Za-z]|(?=\w*\d)[A-Za-z0-9/-]{1,12}", bare))
    fits = read.fits and bool(read.text) and not _is_name(bare)
    return is_confident(label, bare) or read.day is not None or (short and fits)


def _under_heading(listing: Listing, headed: tuple[str, str], line: int) -> None:
    entity, rest = headed
    listing.head(entity, line)
    if not rest:
        return
    if entity in {"LearningDeliveryFAM", "LearnerFAM"} and _fams(listing, rest, line):
        return
    if entity == LLDD and (several := _categories(rest)):
        for one in several:
            listing.begin(LLDD, line)
            listing.take(LLDD, one, line)
        return
    if entity not in {AIM, PLACEMENT, "Learner"} and (described := _described(entity, rest)):
        listing.take(entity, described, line)
        return
    found = _learner(rest) if entity == "Learner" else phrase(entity, rest)
    if not found.parts:
        item = _split(rest)
        if item is not None and item.label.places:
            listing.add(item, line)
            return
        listing.collector.add_remark(line, "What comes after this heading was not understood.")
        return
    if found.left:
        listing.collector.add_remark(line, "Part of this line was not understood.")
    listing.take(entity, found, line)
    listing.headed = entity


_PRIMARY = re.compile(r"\s{0,3}[(\[,;-]\s{0,3}primary\s{0,3}[)\]]?\s{0,3}$", re.IGNORECASE)
_DESCRIBED = {
    "LLDDandHealthProblem": "LLDDCat", "PriorAttain": "PriorLevel",
    "LearnerEmploymentStatus": "EmpStat",
}  # fmt: skip
"""Entities whose heading with a value behind it gives their first field."""


def _categories(rest: str) -> list[Phrase]:
    """Several categories behind their heading: "12 (primary), 9, 95"."""
    said = [one.strip() for one in re.split(r"[,;]\s?", rest)]
    found = [_described(LLDD, one) for one in said if re.match(r"\d{1,2}\b", one)]
    kept = [one for one in found if one is not None]
    return kept if 1 < len(said) == len(kept) else []


def parts_below(line: str) -> list[tuple[Label, str]]:
    """Names and values of a line below a table that is parts of an aim: "SOF 105"."""
    found = _items(line)
    kinds = {place[0] for one in found for place in one.label.places}
    mine = {"LearningDeliveryFAM", "AppFinRecord"}
    typed = all(one.label.fam_type or one.label.official for one in found)
    return [(one.label, one.text) for one in found] if found and typed and kinds <= mine else []


def _described(entity: str, rest: str) -> Phrase | None:
    """ "LLDD category 1: 12 Dyslexia (primary)"."""
    name = _DESCRIBED.get(entity)
    if name is None or not read_value(name, _PRIMARY.sub("", rest)).fits:
        return None
    parts = [Part(name, _PRIMARY.sub("", rest))]
    if name == "LLDDCat" and _PRIMARY.search(rest):
        parts.append(Part("PrimaryLLDD", "1", "the category is marked as the primary one"))
    return Phrase(parts)


def _learner(rest: str) -> Phrase:
    """A reference behind "Learner", or in brackets behind a name."""
    if read_value("LearnRefNumber", rest).fits:
        return Phrase([Part("LearnRefNumber", rest)])
    match = _IN_BRACKETS.search(rest)
    if match and any(c.isdigit() for c in match[1]):
        guess = "it is in brackets after the learner"
        named = _named(rest[: match.start()].strip())
        return Phrase([Part("LearnRefNumber", match[1], guess), *named])
    reference, _, name = rest.partition(" ")
    if read_value("LearnRefNumber", reference).fits and (named := _named(name.strip())):
        return Phrase([Part("LearnRefNumber", reference), *named])
    if named := _named(rest):
        return Phrase(named)
    return learner_told(rest) or Phrase(left=True)


def _named(text: str) -> list[Part]:
    guess = "the name was parted into its two fields"
    return [Part(name, part, guess) for name, part in split_name(text)]


def _names_a_year(listing: Listing, bare: str, line: int) -> bool:
    """Take one academic year in a line above the record ("2022-23", "this is from 22/23") for
    the record's."""
    years = find_years(bare, today=None)
    if listing.last is not None or len(years) != 1:
        return False
    guess = "a line above the record names this year"
    listing.take("CollectionDetails", Phrase([Part("Year", years[0].header_code, guess)]), line)
    return True


def _unnamed(listing: Listing, bare: str, line: int) -> bool:
    """Take a line that names no field: an aim's reference, or dates under their heading."""
    reference = lone_aim(bare)
    if reference is not None:
        listing.begin(AIM, line)
        guess = "it is on its own and looks like an aim reference"
        listing.take(AIM, Phrase([Part("LearnAimRef", reference, guess)]), line)
        return True
    if _dated(listing, bare, line):
        return True
    if (heading := learner_heading(bare)) is not None:
        listing.head("Learner", line)
        listing.take("Learner", heading, line)
        return True
    name, _, rest = bare.partition(" ")
    if names().heading(name) == "Learner" and (
        read_value("LearnRefNumber", rest.strip().split("  ")[0]).fits
        or len(_learner(rest.strip()).parts) > 1
    ):
        _under_heading(listing, ("Learner", rest), line)
        return True
    trail = [part.strip() for part in bare.split(">")]
    for before, said in pairwise(trail):
        if names().heading(before) == "Learner" and _learner(said).parts:
            _under_heading(listing, ("Learner", said), line)
            return True
    if _told(listing, bare, line):
        return True
    entity = listing.headed or listing.last
    if entity not in {AIM, PLACEMENT}:
        return False
    found = phrase(entity, _WHEN.sub("", bare, count=1))
    if not found.parts or found.left:
        return False
    headed = listing.headed
    doubt = None if headed else f"read as part of the {entity} above it"
    listing.take(entity, found, line, doubt)
    listing.headed = headed
    return True


_DATED = re.compile(
    r"(?:(aim|learning|course|programme|practical|training|on[ -]programme)"
    r"|((?:work |industry )?placement|wp|wex|work experience))?\s?"
    r"(?:dates?|period|duration)\s?[:=–—-]\s?(\S.*)",
    re.IGNORECASE,
)


def _dated(listing: Listing, bare: str, line: int) -> bool:
    """Take a range behind "Aim dates", "Practical period" or, under either, "Dates"."""
    match = _DATED.fullmatch(bare)
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


def _fams(listing: Listing, rest: str, line: int) -> bool:
    """Take types with their codes behind a heading: "FAMs: SOF 107, LDM 034"."""
    left = TYPED_CODE.sub(" ", rest)
    found = [(names().look_up(match[1]), match[2]) for match in TYPED_CODE.finditer(rest)]
    if not found or any(label.fam_type is None for label, _ in found) or re.search(r"\w", left):
        return False
    for label, code in found:
        listing.add(Item(label, code), line)
    return True


def _told(listing: Listing, bare: str, line: int) -> bool:
    """Take what a sentence among the lines says by name: "she left on 13/11/2026"."""
    told = [(len(re.findall(r"[.!?;]\s", bare[: fact.at])), fact) for fact in facts(bare)]
    # A sentence that says whose it is, or of which aim, is read whole; another by its names.
    whole = {at for at, fact in told if fact.name in {"LearnAimRef", "LearnRefNumber"}}
    found = [fact for at, fact in told if fact.named or (at in whole and "?" not in bare)]
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


def context_of(text: str) -> ParsedRecord | None:
    """What the lines above a table say of whose it is; None when they are no fields."""
    lines = [line for line in text.split("\n") if _bare(line)]
    if not lines or len(lines) > 60:
        return None
    named = all(any(i.label.places for i in _items(line)) or _heading(line) for line in lines)
    if not (named or is_list(text)):
        return None
    reading = read_list(text)
    return reading if filled(reading.message) else None


def is_list(text: str) -> bool:
    """Whether lines of a (tidied) text are fields with values, and not sentences."""
    good = neutral = bad = 0
    single = telling = named = False
    under: str | None = None
    signed = False
    aims = 0
    for _, line in _lines(text.split("\n")[:400]):
        bare = _bare(line)
        if not bare:
            continue
        signed = signed or signs_off(line)
        led = _LED.match(bare)
        named = named or led is not None
        if aim_line(bare[led.end() :] if led else bare) is not None:
            aims, telling = aims + 1, True
            continue
        items = _items(line, under) or (_under(PLACEMENT, bare) if under else [])
        items = items or _under(under, bare)
        if signed and all(is_senders(item.label) for item in items):
            continue
        telling = telling or _tells(line, items)
        named = named or any(item.label.known and item.text for item in items)
        confident = sum(
            is_confident(item.label, item.text) and not item.label.if_fits for item in items
        )
        if confident and _only_described(items):
            good += 1  # "SOF 105 - Adult skills fund" alone may be asked about
        elif confident:
            good += confident
            single = items[0].label.official and bool(re.search(r"[:=\t]", bare))
        elif _headed_well(line):
            good += 1 if _HEADED.fullmatch(bare) else 0
            neutral += 1
            under = (_heading(line) or (None, ""))[0]
        elif under and _says_when(bare):
            good += 1
        elif (
            lone_aim(bare)
            or _heads_a_learner(line)
            or learner_heading(bare) is not None
            or (items and "?" not in bare and len(bare) < 120)
        ):
            neutral += 1
        else:
            bad += 1
    # Rows of aims alone are read without headings; below a learner's line they are a list.
    good, neutral = (good + aims, neutral) if named or good else (good, neutral + aims)
    if bad and not telling:
        return False
    if bad == 0 and good == 1 and (single or neutral > 0):
        return True
    return good >= 2 and good + neutral >= bad


_TYPES = frozenset({"LearnDelFAMType", "LearnFAMType", "ESMType"})
_CODES = frozenset({"LearnDelFAMCode", "LearnFAMCode", "ESMCode"})


def _only_described(items: list[Item]) -> bool:
    """Whether a line is no more than a type and its code, with their words."""
    said = [item.label.places[0][1] for item in items if item.label.places]
    return len(said) == 2 and said[0] in _TYPES and said[1] in _CODES


def _tells(line: str, items: list[Item]) -> bool:
    """Whether a line is hardly of anything but a record: "Start date" is of a trip as well."""
    return (
        any(one.label.places and not is_everybodys(one.label) for one in items)
        or lone_aim(_bare(line)) is not None
        or _headed_well(line)
        or _heads_a_learner(line)
    )


def _headed_well(line: str) -> bool:
    headed = _heading(line)
    if headed is None:
        return False
    if headed[0] == LLDD and _categories(headed[1]):
        return True
    found = phrase(*headed)
    return not headed[1] or (bool(found.parts) and not found.left)


def _says_when(bare: str) -> bool:
    """Whether a line under a heading gives its dates, and nothing else."""
    found = phrase(PLACEMENT, _WHEN.sub("", bare, count=1))
    return not found.left and any(part.name.endswith("Date") for part in found.parts)


def _heads_a_learner(line: str) -> bool:
    headed = _heading(line)
    return headed is not None and headed[0] == "Learner" and bool(_learner(headed[1]).parts)


def starts_list(line: str) -> bool:
    """Whether a line could be the first of a list."""
    return bool(_items(line)) or _headed_well(line)

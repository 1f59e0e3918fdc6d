"""What people call the fields of the ILR: knowledge/ilr/spoken-names.yaml, looked up.

Official names are always known. A name may be that of several fields; whoever asks knows
what stands around it and chooses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from bot.ilr.readers.assembly import FIELDS
from bot.ilr.readers.cells import clean
from bot.ilr.readers.composed_names import composed
from bot.ilr.readers.similar_names import Resembling
from bot.ilr.readers.spoken_names import SpokenNames, own_names, read_names
from bot.ilr.readers.typed_names import CODE_FIELDS, OUTCOME_TYPES, PRICE_TYPES, typed_name
from bot.settings import environment

__all__ = [
    "ANY_TYPE",
    "RANGE_NAMES",
    "Label",
    "Names",
    "Place",
    "is_everybodys",
    "is_weak",
    "key",
    "names",
]


Place = tuple[str, str]
"""Entity and field, by their official names."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a heading may stand for, likeliest first."""

    said: str
    places: tuple[Place, ...] = ()
    number: int | None = None
    """Which one, when the heading says so: 2 for "Placement 2 start date"."""
    fam_type: str | None = None
    """The heading is a FAM type and the value beneath it is its code."""
    similar: str | None = None
    """The known name it was taken for, when it was none itself."""
    official: bool = False
    ignored: bool = False
    person: bool = False
    """The heading of a learner's name."""
    if_fits: bool = False
    """The name is the field's only where the value has the field's form."""
    doubt: str | None = None
    """What else the name says of the value: that a report added it up, say."""

    @property
    def known(self) -> bool:
        """Whether it is a field under a name that is held, not one that resembles it."""
        return bool(self.places) and self.similar is None


ANY_TYPE = "*"
"""The type of a heading such as "FAMs": each cell says its own, "SOF107; LDM034"."""
_OLD = frozenset({"old", "previous", "prev", "former", "before", "was"})
_CHANGED = re.compile(
    r"(?:(old|previous|former|new|revised|updated|amended)[ _](.{2,60})"
    r"|(.{2,60}?)[ _]?[(\[-]\s?"
    r"(old|previous|prev|former|before|was|new|revised|updated|after|now)[)\]]?)",
    re.IGNORECASE,
)
_OCCURRENCE = re.compile(r"(.{6,60}?mon(?:itoring)?)[ _(-]{0,3}([A-D])\)?", re.IGNORECASE)
"""Which of four a provider's own note is: "Prov Spec Learn Mon A"."""
_WORKED_OUT = re.compile(
    r"(?:(sum|total|average|avg|mean) of"
    r"|(?:(first|last|earliest|latest|min|max|minimum|maximum)(?: of)?)) (\w.*)",
    re.IGNORECASE,
)
_DATED_TYPE = re.compile(
    r"(.{4,60}?)(?: date)? (from|to|until|applies from|applies to|start|start date|end|end date)",
    re.IGNORECASE,
)
_DAY_BEHIND = re.compile(
    r"\s(?:(?:as )?(?:at|on)\s)?\d{1,2}(?:st|nd|rd|th)?[ /.-](?:\d{1,2}|[A-Za-z]{3,9})"
    r"(?:[ /.-](?:20)?\d\d)?$"
)
"""The day that a screen's own reckoning is of: "Age at 31/08/2026"."""
_COUNTED = re.compile(
    r"(?:distinct )?count(?: \(distinct\))? of .*|(?:number|no\.?|#) of (?!hours)\w+s", re.I
)
"""What a pivot table calls its columns: "Sum of WorkPlaceHours", "Earliest LearnStartDate"."""
_PREFIXES = {
    "ld": "LearningDelivery", "ldv": "LearningDelivery", "enr": "LearningDelivery",
    "wp": "LearningDeliveryWorkPlacement", "wpl": "LearningDeliveryWorkPlacement",
    "ldwp": "LearningDeliveryWorkPlacement", "lrn": "Learner", "lnr": "Learner",
    "es": "LearnerEmploymentStatus", "les": "LearnerEmploymentStatus",
}  # fmt: skip
_PREFIX = re.compile(rf"({'|'.join(_PREFIXES)})[_.-](\w{{2,40}})", re.IGNORECASE)
_LED_BY_FAM = re.compile(
    r"(?:(?:LD ?|L ?|aim |learner |learning delivery |delivery )?FAM|ESM)\s?[-–:/]\s?(?=\w)",
    re.IGNORECASE,
)
"""What a funding report puts before the types that it names in words."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS = re.compile(r"[a-z]+|\d+")
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_BRACKETED = re.compile(r"[(\[]([^()\[\]]{0,40})[)\]]\s{0,3}$")
_RULE_NAME = re.compile(r"[A-Za-z]\w{0,60}_(?:0\d|\d\d)[A-Za-z]?")
_WHICH = re.compile(r"([A-Za-z][A-Za-z ]{0,40}?)?\s{0,3}(?:no\.?|#)?\s{0,3}(\d{1,2})?")
_QUALIFIER = re.compile(r"[.:/\[\]\\@$]+")
_AROUND = " \t*_`#\"'“”‘’:=-–•?"
_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_LONGEST = 100
_FAM_TYPE = re.compile(r"([A-Za-z]{3})\s{0,2}(\d{0,2})")


_EVERYBODYS = frozenset(
    "start startdate end enddate hours hrs from to finish finishdate status title type grade "
    "result name address postcode telephone phone email mobile datefrom dateto ref reference "
    "funding seq sequence completion outcome reason date started finished until sex gender".split()
)


_WEAK = frozenset(
    {"mode", "firstday", "lastday", "id", "no", "number", "refno", "learner", "student"}
)


def is_weak(label: Label) -> bool:
    """Whether a name says too little of whose field it is: "Hours" and "Mode" alone."""
    return key(label.said) in _WEAK or is_everybodys(label)


RANGE_NAMES = {
    "from": "start date", "datefrom": "start date", "to": "end date", "dateto": "end date",
}  # fmt: skip
"""What the names of a range mean where they are an aim's."""


def is_everybodys(label: Label) -> bool:
    """Whether a name stands in tables of anything: "Start date" is in a holiday's as well."""
    return key(label.said) in _EVERYBODYS


def key(label: str) -> str:
    """A name as it is looked up: no capitals, spaces or punctuation."""
    return _NOT_LETTERS.sub("", label.casefold())


_KEPT = 4_096
"""Labels that are looked up once."""


class Names:
    """The names in use, looked up without regard to spelling of spaces and capitals."""

    def __init__(self, *books: SpokenNames) -> None:
        """``books``: the shipped names, then a provider's own, which add to them."""
        self.values: dict[str, dict[str, str]] = {}
        self._beginnings: dict[str, dict[str, str]] = {}
        self._short = {
            short.casefold(): word for book in books for short, word in book.abbreviations.items()
        }
        self._fields: dict[str, list[Place]] = {}
        self._official: set[str] = set()
        self._headings: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._ignored: set[str] = set()
        self._people: set[str] = set()
        self._called: dict[str, tuple[str, str]] = {}
        self._if_fits: dict[str, list[Place]] = {}
        self._beside: dict[str, str] = {}
        self._under: dict[str, dict[str, str]] = {}
        order = [one.entity for book in books for one in book.entities]
        self._in_full: dict[str, list[Place]] = {}
        for entity in dict.fromkeys([*order, *FIELDS]):
            for name in FIELDS[entity]:
                self._add(name, entity, name)
                self._official.add(key(name))
        for book in books:
            self._take(book)
        for entity in FIELDS:
            self._headings.setdefault(key(entity), entity)
        self._seen: dict[str, Label] = {}
        self._none: set[int] = set()
        self._resembling = Resembling(self._fields)

    def code_shown_as(self, name: str, words: str) -> str | None:
        """The code of a field that a screen shows as these words, in small letters."""
        code = self.values.get(name, {}).get(words)
        if code is not None:
            return code
        begun = self._beginnings.get(name, {})
        longest = max((one for one in begun if words.startswith(one)), key=len, default=None)
        return None if longest is None else begun[longest]

    def _take(self, book: SpokenNames) -> None:
        for name, codes in book.values.items():
            words = {word.casefold(): code for code, said in codes.items() for word in said}
            whole = {word: code for word, code in words.items() if not word.endswith("*")}
            cut = {word.rstrip("*"): code for word, code in words.items() if word.endswith("*")}
            self.values.setdefault(name, {}).update(whole)
            self._beginnings.setdefault(name, {}).update(cut)
        self._types |= {code: entity for entity, codes in book.types.items() for code in codes}
        self._ignored |= {key(word) for word in book.ignored}
        for entity, by_type in book.type_names.items():
            for code, said in by_type.items():
                self._called |= {key(word): (entity, code) for word in said}
        for entity, by_field in book.if_fits.items():
            for name, said in by_field.items():
                for word in said:
                    self._if_fits.setdefault(key(word), []).append((entity, name))
        self._people |= {key(word) for word in book.people}
        for entity, short in book.under.items():
            mine = self._under.setdefault(entity, {})
            mine |= {key(word): name for name, said in short.items() for word in said}
        for entity, beside in book.beside.items():
            self._beside |= {key(word): entity for word in beside}
        for one in book.entities:
            for name, called in one.names.items():
                for word in called:
                    self._add(word, one.entity, name)
            for word in [*one.headings, one.entity]:
                self._headings.setdefault(key(word), one.entity)
                for plural in ("s", "es"):
                    self._headings.setdefault(key(word) + plural, one.entity)

    def _add(self, word: str, entity: str, name: str) -> None:
        for book, bare in ((self._fields, key(word)), (self._in_full, self._lengthened(word))):
            places = book.setdefault(bare, [])
            if (entity, name) not in places:
                places.append((entity, name))

    def _lengthened(self, label: str) -> str:
        """A name with its abbreviations written out, as it is looked up."""
        return "".join(key(self._short.get(w, w)) for w in _WORDS.findall(label.casefold()))

    def heading(self, words: str) -> str | None:
        """The entity that words such as "work placement" head, if any."""
        return self._headings.get(key(words))

    def under(self, entity: str | None, said: str) -> str | None:
        """The field that a short name ("Type", "Code") is in a part that such an entity heads."""
        return self._under.get(entity or "", {}).get(key(said))

    def has_short_names(self, entity: str | None) -> bool:
        """Whether an entity's fields have short names in its own part."""
        return entity in self._under

    def owner_of_type(self, code: str) -> str | None:
        """The entity that a type is of: LearnerFAM for HNS, AppFinRecord for TNP."""
        if code in PRICE_TYPES:
            return "AppFinRecord"
        return "DPOutcome" if code in OUTCOME_TYPES else self._types.get(code)

    def beside(self, said: str) -> str | None:
        """Whose fields stand beside a heading that is none of them: an employer's name, say."""
        return self._beside.get(key(said))

    def look_up(self, said: str) -> Label:
        """What a heading stands for; no places when it is not a field's name."""
        seen = self._seen.get(said)
        if seen is not None:
            return seen
        mark = hash(said)
        if mark in self._none:
            return Label(said)
        found = self._look_up(said)
        # Only names of fields are kept as they are: anything else may be somebody's, and of that
        # this process keeps a salted hash, for as long as one paste is read several ways.
        if found.known:
            if len(self._seen) < _KEPT:
                self._seen[said] = found
        elif found == Label(said):
            if len(self._none) >= _KEPT:
                self._none.clear()
            self._none.add(mark)
        return found

    def _look_up(self, said: str) -> Label:
        label = clean(said).strip(_AROUND)
        if not label or len(label) > _LONGEST or _RULE_NAME.fullmatch(label):
            return Label(said)
        if (typed := typed_name(label, self._types)) is not None and label not in self._types:
            return Label(said, (typed[0],), typed[1], fam_type=typed[2])
        found = self._exactly(said, label)
        if found is not None:
            return found
        if (noted := _OCCURRENCE.fullmatch(label)) is not None:
            found = self._exactly(said, noted[1])
            notes = tuple(p for p in found.places if p[1].endswith("Mon")) if found else ()
            if notes:
                return Label(said, notes, fam_type=noted[2].upper())
        if _COUNTED.fullmatch(label):
            return Label(said, ignored=True)
        if (worked := self._worked_out(said, label)) is not None:
            return worked
        if (changed := _CHANGED.fullmatch(label)) and (changed[1] or changed[4]):
            # "Old planned end" tells what no longer holds, "Planned end (new)" what does.
            found = self._exactly(said, changed[2] or changed[3])
            if found is not None:
                old = (changed[1] or changed[4]).casefold() in _OLD
                return Label(said, ignored=True) if old else found
        if (led := _LED_BY_FAM.match(label)) is not None:
            # "LDFAM - Source of funding"
            found = self._look_up(label[led.end() :])
            if found.fam_type is not None and found.places:
                return replace(found, said=said)
        bracketed = _BRACKETED.search(label)
        if bracketed and bracketed.start() > 0:
            if bracketed[1] in self._types:
                # "Maths CoF (MCF)"
                entity = self._types[bracketed[1]]
                return Label(said, ((entity, CODE_FIELDS[entity]),), fam_type=bracketed[1])
            inside = self._exactly(said, bracketed[1])
            plain = inside is not None and not is_everybodys(Label(bracketed[1]))
            if plain and inside and inside.number is None and not self.heading(bracketed[1]):
                # "Planned hours (PLH)": the letters are plainer than the words.
                return inside
            if len(places := composed(label, self._short)) == 1:
                return Label(said, tuple(places))  # "End (planned)"
            found = self._exactly(said, label[: bracketed.start()])
            if found is not None:
                return self._numbered_in_brackets(found, bracketed[1])
        for find in (self._qualified, self._prefixed):
            if (found := find(said, label)) is not None:
                return found
        fam = _FAM_TYPE.fullmatch(label)
        if fam and fam[1].upper() in self._types and fam[1] == fam[1].upper():
            entity = self._types[fam[1]]
            return Label(said, ((entity, CODE_FIELDS[entity]),), fam_type=fam[1])
        bare = key(label)
        if (called := self._called.get(bare.rstrip("0123456789"))) is not None:
            return Label(said, ((called[0], CODE_FIELDS[called[0]]),), fam_type=called[1])
        if (dated := self._dated_type(said, label)) is not None:
            return dated
        if bare in self._if_fits:
            return Label(said, tuple(self._if_fits[bare]), if_fits=True)
        if bare in self._people:
            return Label(said, person=True)
        undated = key(_DAY_BEHIND.sub("", label))
        if bare in self._ignored or bare in self._beside or undated in self._ignored:
            return Label(said, ignored=True)
        found = self._abbreviated(said, label)
        if found is not None:
            return found
        if places := composed(label, self._short):
            return Label(said, tuple(places))
        return self._cut_off(said, label, bare) or self._similar(said, bare)

    def _dated_type(self, said: str, label: str) -> Label | None:
        """ "Contract type from": the date of a FAM whose type is said in words."""
        match = _DATED_TYPE.fullmatch(label)
        called = self._called.get(key(match[1])) if match else None
        if match is None or called is None or called[0] != "LearningDeliveryFAM":
            return None
        side = "To" if match[2].casefold() in {"to", "until", "end", "end date"} else "From"
        return Label(said, ((called[0], f"LearnDelFAMDate{side}"),), fam_type=called[1])

    def _worked_out(self, said: str, label: str) -> Label | None:
        """What a pivot table worked out of a field: the sum, the first or the last of several."""
        match = _WORKED_OUT.fullmatch(label)
        found = self._exactly(said, match[3]) if match else None
        if match is None or found is None or not (found.official or match[1] or " of " in label):
            return None
        return replace(found, doubt="a report worked it out, perhaps of several")

    def _numbered_in_brackets(self, found: Label, inside: str) -> Label:
        """ "Start date (aim 2)" and "Hours (2)": whose it is, and which one."""
        match = _WHICH.fullmatch(inside.strip())
        if match is None:
            return found
        number = int(match[2]) if match[2] else found.number
        if not match[1]:
            return replace(found, number=number)
        entity = self.heading(match[1])
        mine = tuple(place for place in found.places if place[0] == entity)
        return replace(found, places=mine or found.places, number=number) if entity else found

    def _qualified(self, said: str, label: str) -> Label | None:
        """What query tools and Excel make of a name: ns1:LearnAimRef, ld.LearnAimRef,
        LearningDelivery[LearnAimRef]."""
        parts = [part for part in _QUALIFIER.split(label) if part]
        if len(parts) < 2 or " " in "".join(parts[:-1]).strip():
            return None
        found = self._exactly(said, parts[-1])
        if found is None or not (found.official or "[" in label or ":" in label or "." in label):
            return None
        entities = [name for part in parts[:-1] if (name := self.heading(part))]
        mine = [place for place in found.places if entities and place[0] == entities[-1]]
        return replace(found, places=tuple(mine) or found.places)

    def _prefixed(self, said: str, label: str) -> Label | None:
        """ "ld_start_date" and "wp_hours": what a query or an export puts before its columns."""
        match = _PREFIX.fullmatch(label)
        found = self._exactly(said, match[2].replace("_", " ")) if match else None
        if match is None or found is None:
            return None
        entity = _PREFIXES[match[1].casefold()]
        mine = tuple(place for place in found.places if place[0] == entity)
        return replace(found, places=mine) if mine else None

    def _exactly(self, said: str, label: str) -> Label | None:
        bare = key(label)
        if bare in self._fields:
            places = tuple(self._fields[bare])
            if " " in label:
                # "Prior attain" is an entity's name, and the name that a field had before it.
                places = tuple(place for place in places if key(place[0]) == bare) or places
            return Label(said, places, official=bare in self._official)
        for rest, number in _numbered(label):
            bare = key(rest)
            if bare in self._fields and bare not in RANGE_NAMES:  # "1 from" counts nothing
                official = bare in self._official
                return Label(said, tuple(self._fields[bare]), number, official=official)
        return None

    def _abbreviated(self, said: str, label: str) -> Label | None:
        """ "WP Hrs" and "Exp End": known names, in words that are cut short."""
        label = _CAMEL.sub(" ", label)
        if len(_WORDS.findall(label.casefold())) < 2:
            return None
        both: list[tuple[str, int | None]] = [(label, None), *_numbered(label)]
        for rest, number in both:
            if number is not None and key(rest) in RANGE_NAMES:
                continue
            places = self._in_full.get(self._lengthened(rest))
            if places:
                return Label(said, tuple(places), number)
        return None

    def _cut_off(self, said: str, label: str, bare: str) -> Label | None:
        """An official name that a query's narrow column cut off: LEARNSTAR, LEARNREFNU."""
        if not label.isupper() or " " in label or len(bare) < 8:
            return None
        whole = [word for word in self._official if word.startswith(bare)]
        return Label(said, tuple(self._fields[whole[0]])) if len(whole) == 1 else None

    def _similar(self, said: str, bare: str) -> Label:
        """A name one or two letters away from just one that is known, with the same digits."""
        word = self._resembling(bare) if bare not in self._headings else None
        if word is None:
            return Label(said)
        places = tuple(self._fields[word])
        return Label(said, places, similar=places[0][1])


def _numbered(label: str) -> list[tuple[str, int]]:
    """A name without one of the numbers that stand in it, and that number; the last one first,
    since a field's name may hold another ("A10_2")."""
    return [
        (f"{label[: number.start()]} {label[number.end() :]}", int(number[0]))
        for number in reversed(list(_NUMBER.finditer(label)))
    ]


@lru_cache(maxsize=1)
def names() -> Names:
    """The shipped names and, over them, those of ILR_KNOWLEDGE_DIR; read once."""
    from bot.yaml_files import shipped_knowledge

    folders = [shipped_knowledge()]
    # Names are asked for deep inside, where no settings reach.
    own = environment().get("ILR_KNOWLEDGE_DIR", "").strip()
    if own and own_names(Path(own)).is_file():
        folders.append(Path(own))
    return Names(*(read_names(own_names(folder)) for folder in folders))

"""What a text names: rules, fields, codes, aims, data locks and returns, wherever they stand.

"getting R_104 and EmpStat_02 on loads of learners", "who needs LDM 363", "comp status 6":
each is found with what it is. A space means the code ("ProgType 24"), an underscore the rule
("ProgType_24"), and R01 to R14 are returns unless the underscore is written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.explain.messages import rules_by_message
from bot.explain.standards import standard_reference
from bot.ilr.readers.spoken_names import own_names, read_names
from bot.ilr.specification import FieldSpec
from bot.knowledge.base import KnowledgeBase
from bot.rules.house import HouseRule

__all__ = ["Name", "NameIndex", "fold"]

Kind = Literal["rule", "datalock", "code", "aim", "field", "return", "standard"]

_RULE = re.compile(r"(?<![\w/])[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?!\w)")
_RULE_APART = re.compile(
    r"(?<![\w/])(?P<words>[A-Za-z]{1,30}(?: [A-Za-z]{1,20}){0,4}?)[ -]?"
    r"(?P<number>\d{1,3})s?(?![\w/])"
)
_FIGURED_RULE_APART = re.compile(
    r"(?<![\w/])(?P<stem>[A-Za-z]{3,}\d+)[ -](?P<number>\d{2,3})s?(?!\w)"
)
"""A rule on a field whose name ends in figures: "SOC2000 03"."""
_FIELD_RULE_APART = re.compile(
    r"(?<![\w/])FD[ -]?[A-Za-z][A-Za-z0-9]*(?:[ -][A-Za-z0-9]+){0,2}(?!\w)"
)
"""A rule on a field's form, without its underscores: "FD-DP-OutType-AL"."""
_RULE_PAGE = re.compile(r"/rules?/(?P<rule>[A-Za-z]\w{2,60})\b")
_CODE = re.compile(
    r"(?<![\w/])(?P<name>[A-Za-z]+(?:[ -][A-Za-z]+){0,3}?)\s*(?:[-:=]|codes?|is|of|to)?\s*"
    r"(?P<code>\d{1,3})(?P<others>(?:\s*(?:/|,|and|or|&)\s*(?:when\s+)?\d{1,3})*)(?![\w.%:]|/\d{2,4}|\s*"
    r"(?:%|weeks?|hours?|hrs|days?|months?|years?|yrs|learners?|students?|of\s+(?:them|my|our|the)))",
    re.IGNORECASE,
)
_LETTER_CODE = re.compile(
    r"(?<![\w/])(?P<name>[A-Za-z]{4,}\d?)\s*(?:[-:=]|codes?|is)?\s*"
    r"(?P<code>[A-Z*]{1,5}\d{0,3})(?![\w*])"
)
"""A code with letters, after its field's own name: "OutGrade DPP", "QUALENT3 = P91"."""
_AIM = re.compile(r"(?<!\w)(?:Z[A-Z]{3,6}\d{2,5}|Z\d{7})(?!\w)", re.IGNORECASE)
_HELD_AIM = re.compile(
    r"(?<![\w£#./,-])(?:\d{7}[\dX]|[1-9]\d{5,6})(?![\w%]|[.,/-]\d)", re.IGNORECASE
)
"""What may be the reference of a qualification, with or without its leading noughts."""
_SPEAKS_OF_AIMS = re.compile(r"\b(?:aims?|lars|learnaimref|qual(?:ification)?s?)\b", re.IGNORECASE)
_AS_A_THING = re.compile(
    r"\s*(?:[?!.]*\s*$|(?:still\s+)?(?:valid|fundable|funded|open|closed|live|in\s+lars)\b)",
    re.IGNORECASE,
)
"""What follows a number that is no count: "is 243336 still valid"."""
_DATA_LOCK = re.compile(
    r"\b(?:D-?LOCK|data\s?-?lock)s?[\s_-]{0,3}(?:error\s|code\s)?"
    r"(?P<numbers>\d{1,2}(?:\s*(?:/|,|and|or|&)\s*\d{1,2})*)\b",
    re.IGNORECASE,
)
_RETURN = re.compile(r"(?<![\w_])R\s?(?P<number>0?[1-9]|1[0-4])(?![\w_])", re.IGNORECASE)
_FIELD = re.compile(r"(?<![\w/])[A-Z][A-Za-z]+\d?(?!\w)")
_FIGURE = re.compile(r"\d")
_INSIDE = re.compile(r"[\w,)] $")
"""Before a word that begins no sentence."""


@dataclass(frozen=True, slots=True)
class Name:
    """One thing a text names, and where."""

    kind: Kind
    id: str
    """Official spelling: ``EmpStat_02``, ``LDM 363``, ``WorkPlaceMode``, ``DLOCK_07``, ``R04``."""
    start: int
    end: int
    exact: bool = True
    """Whether it was written as itself, with its underscore or official capitals."""


class NameIndex:
    """Everything of one knowledge base that can be named."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._house: dict[str, HouseRule] = {rule.id: rule for rule in knowledge.house_rules}
        specification = knowledge.specification
        self._said = _said(knowledge)
        self._fields: dict[str, str] = {}
        self._words: set[str] = set()
        self._lists: dict[str, str] = {}
        self._codes_of: defaultdict[str, set[str]] = defaultdict(set)
        for year in reversed(specification.years):
            for entity in specification.for_year(year).entities.values():
                self._fields.setdefault(entity.name.casefold(), entity.name)
                for spec in entity.fields.values():
                    self._fields.setdefault(spec.name.casefold(), spec.name)
                    if entity.name.startswith("Learn"):
                        self._words.add(spec.name)
                    self._add_list(spec)
        self._aims = {
            name.casefold(): term.term
            for term in knowledge.terms
            for name in (term.term, *term.also)
            if term.kind == "code" and _AIM.fullmatch(name)
        }
        for term in knowledge.terms:
            meant = next((see for see in term.see if see.casefold() in self._lists), None)
            if meant and term.kind in {"field", "abbreviation"}:
                for name in (term.term, *term.also):
                    self._lists.setdefault(fold(name), self._lists[meant.casefold()])

    def _add_list(self, spec: FieldSpec) -> None:
        if spec.codes:
            self._codes_of[spec.name] |= {code.lstrip("0") for code in spec.codes}
            self._lists.setdefault(spec.name.casefold(), spec.name)
            for said in self._said.get((spec.entity, spec.name), ()):
                self._lists.setdefault(said, spec.name)
        for coded in spec.types.values():
            self._codes_of[coded.code] |= {code.code.lstrip("0") for code in coded.codes}
            self._lists.setdefault(coded.code.casefold(), coded.code)

    def find(self, text: str, *, messages: bool = True) -> tuple[Name, ...]:
        """Every name in order of place, each once; none inside another. ``messages``: rules whose
        message stands there without their ids, too."""
        found: list[Name] = []
        taken: list[Name] = []
        for name in self._each(text):
            if any(one.start < name.end and name.start < one.end for one in taken):
                continue
            taken.append(name)
            if all(one.id != name.id for one in found):
                found.append(name)
        if messages and all(name.kind != "rule" for name in found):
            found += self._by_message(text)
        return tuple(sorted(found, key=lambda name: name.start))

    def _by_message(self, text: str) -> Iterator[Name]:
        """Rules whose published message was pasted without their ids."""
        for number, rule in enumerate(rules_by_message(text)):
            if rule in self._knowledge.catalogue.rows:
                yield Name("rule", rule, number, number, exact=False)

    def _each(self, text: str) -> Iterator[Name]:
        """Candidates, the surer kinds first. Most texts hold no figure: what cannot be named
        without one is not looked for in them."""
        figures = _FIGURE.search(text) is not None
        if figures:
            yield from self._data_locks(text)
        if "_" in text or "/" in text:
            yield from self._rules(text)
        if figures:
            yield from self._returns(text)
            yield from self._codes(text)
        yield from self._letter_codes(text)
        if figures:
            yield from self._aims_in(text)
            yield from self._held_aims(text)
            yield from self._standards(text)
        if figures or "FD" in text:
            yield from self._rules_apart(text)
        yield from self._fields_in(text)

    def _data_locks(self, text: str) -> Iterator[Name]:
        for match in _DATA_LOCK.finditer(text):
            for number in re.finditer(r"\d{1,2}", match["numbers"]):
                at = match.start("numbers") + number.start()
                yield Name("datalock", f"DLOCK_{int(number[0]):02d}", at, at + len(number[0]))

    def _rules(self, text: str) -> Iterator[Name]:
        for match in _RULE_PAGE.finditer(text):
            yield from self._rule(match["rule"], *match.span("rule"))
        for match in _RULE.finditer(text):
            yield from self._rule(match[0], *match.span())
            if match[0].endswith("s"):  # "those DateOfBirth_46s"
                yield from self._rule(match[0][:-1], match.start(), match.end() - 1)

    def _rule(self, written: str, start: int, end: int, *, exact: bool = True) -> Iterator[Name]:
        row = self._knowledge.catalogue.find(written)
        house = self._house.get(written.casefold())
        if row is not None or house is not None:
            identity = row.id if row is not None else written.casefold()
            yield Name("rule", identity, start, end, exact)

    def _rules_apart(self, text: str) -> Iterator[Name]:
        """ "EmpStat 02", "learn aim ref 103" and "R104": a rule, where no code of that number is a
        field's."""
        for match in _RULE_APART.finditer(text):
            words = list(re.finditer(r"[A-Za-z]+", match["words"]))
            for word in words:
                start = match.start("words") + word.start()
                written = fold(text[start : match.end("number")])
                found = list(self._rule(written, start, match.end("number"), exact=False))
                if found:
                    yield from found
                    break
        for match in _FIGURED_RULE_APART.finditer(text):
            written = match["stem"] + match["number"]
            yield from self._rule(written, match.start(), match.end("number"), exact=False)
        for match in _FIELD_RULE_APART.finditer(text):
            words = list(re.finditer(r"[A-Za-z0-9]+", match[0]))
            for word in reversed(words):  # "FD OutType AL", and not "FD OutType AL on"
                end = match.start() + word.end()
                written = text[match.start() : end]
                found = list(self._rule(written, match.start(), end, exact=False)) or list(
                    self._rule(written.removesuffix("s"), match.start(), end, exact=False)
                )
                if found:
                    yield from found
                    break

    def _letter_codes(self, text: str) -> Iterator[Name]:
        for match in _LETTER_CODE.finditer(text):
            listed = self._lists.get(match["name"].casefold())
            if listed is not None and match["code"] in self._codes_of[listed]:
                yield Name("code", f"{listed} {match['code']}", *match.span())

    def _returns(self, text: str) -> Iterator[Name]:
        for match in _RETURN.finditer(text):
            yield Name("return", f"R{int(match['number']):02d}", *match.span())

    def _codes(self, text: str) -> Iterator[Name]:
        for match in _CODE.finditer(text):
            words = match["name"].split()
            # "who needs LDM 363": the name is the last of the words that has a list.
            for first in range(len(words)):
                said = " ".join(words[first:])
                listed = self._lists.get(said.casefold()) or self._lists.get(fold(said))
                if listed is None or not self._is_meant(said, match["code"], listed):
                    continue
                start = match.end("name") - len(said)
                if self._is_rule_number(said, match["code"], listed):
                    break
                yield Name("code", f"{listed} {match['code']}", start, match.end("code"))
                for other in re.finditer(r"\d{1,3}", match["others"]):
                    at = match.start("others")
                    yield Name("code", f"{listed} {other[0]}", at + other.start(), at + other.end())
                break

    def _is_meant(self, said: str, code: str, listed: str) -> bool:
        """Whether a short word in small letters is a list's name: "ldm 363", and not "all 25"."""
        if len(said) > 3 or not said.islower():
            return True
        return len(code) == 3 and code.lstrip("0") in self._codes_of.get(listed, ())

    def _is_rule_number(self, said: str, number: str, listed: str) -> bool:
        """Whether "tlout 01" is written as rules are, with a nought before, or "learn aim ref 103"
        is a rule's number and no code of the field."""
        known = self._knowledge.catalogue.find(f"{fold(said)}{number}")
        as_rules_are = len(number) == 2 and number.startswith("0")
        codes = self._codes_of.get(listed)
        no_code = len(number) > 1 and codes is not None and number.lstrip("0") not in codes
        return known is not None and (as_rules_are or no_code)

    def _aims_in(self, text: str) -> Iterator[Name]:
        for match in _AIM.finditer(text):
            known = self._aims.get(match[0].casefold())
            if known is not None:
                yield Name("aim", known, *match.span())

    def _held_aims(self, text: str) -> Iterator[Name]:
        """Qualifications that LARS or the list of T Levels has. A shorter number is one only where
        aims are spoken of, or it stands as a thing does: it may count anything."""
        for match in _HELD_AIM.finditer(text):
            written = match[0].upper()
            if len(written) < 8 and not (
                _SPEAKS_OF_AIMS.search(text) or _AS_A_THING.match(text, match.end())
            ):
                continue
            ref = written.zfill(8)
            reference, listed = self._knowledge.reference, self._knowledge.specification.lists
            known = (reference.has_lars and reference.lars.aim(ref) is not None) or (
                "t-levels" in listed and ref in listed["t-levels"].by_code
            )
            if known:
                yield Name("aim", written, *match.span())

    def _standards(self, text: str) -> Iterator[Name]:
        """Apprenticeship standards by their ST numbers, held or not."""
        start = 0
        while found := standard_reference(text[start:]):
            reference, first, last = found
            yield Name("standard", reference, start + first, start + last)
            start += last

    def _fields_in(self, text: str) -> Iterator[Name]:
        for match in _FIELD.finditer(text):
            name = self._fields.get(match[0].casefold())
            if name is None or len(name) <= 2:
                continue
            inner = re.search(r"[a-z][A-Z]|[A-Z]{2}", match[0]) is not None
            # "Outcome" is a word too: within a sentence, its capital says that the field is meant.
            within = match[0] in self._words and _INSIDE.search(text[: match.start()])
            if inner or within:
                yield Name("field", name, *match.span())

    def not_held(self, text: str) -> str | None:
        """Something written as a rule's id that is no rule held here; None without one."""
        for match in _RULE.finditer(text):
            looks = re.fullmatch(r"[A-Za-z][A-Za-z0-9]*_\d{1,3}", match[0])
            if looks and not list(self._rule(match[0], 0, 0)):
                return match[0]
        return None

    def like(self, written: str, *, most: int = 3) -> list[str]:
        """Names of rules and fields that resemble one that is not held."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        known = [*self._knowledge.catalogue.rows, *dict.fromkeys(self._fields.values())]
        found = process.extract(
            written, known, scorer=OSA.normalized_similarity, score_cutoff=0.75, limit=most
        )
        return [name for name, _, _ in found]


def _said(knowledge: KnowledgeBase) -> dict[tuple[str, str], list[str]]:
    """What screens call each field, where that is more than an everyday word."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in read_names(own_names(knowledge.folder)).entities:
        for name, called in one.names.items():
            found[one.entity, name] = [
                fold(said) for said in called if " " in said or len(said) <= 3
            ]
    return found


def fold(text: str) -> str:
    """Without capitals, spaces and punctuation."""
    return re.sub(r"[^a-z0-9]+", "", text.casefold())

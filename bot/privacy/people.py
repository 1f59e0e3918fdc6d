"""Names in running text without a cue: words that our knowledge does not use, and common names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.privacy.findings import PersonalData, words
from bot.privacy.names import is_field_like
from bot.privacy.vocabulary import is_given_name, is_known, is_ordinary, is_surname

__all__ = ["unknown_names"]

MIN_LETTERS = 3
"""A capitalised word this long that our knowledge does not use is taken for a name."""
MAX_ABBREVIATION = 4
"""Letters of a word in capitals that may be an abbreviation we do not know."""
_ASIDE = re.compile(r" [-–—(] ?[^\W\d_]{4,20}(?= ?[-–—)])")
MIN_ASIDE = 4
MIN_DOUBLE = 7
"""Letters of two words with a hyphen in small letters, neither of them ours: a surname."""
LAST_LATIN = 0x24F
_TOKEN = re.compile(r"(?<![\w@./-])[^\W\d_]+(?:['’-][^\W\d_]+)*(?![\w@]|/\w|\.\w\w)")
_SUFFIX = re.compile(r"(?:['’](?:s|re|ve|ll|d|m|t)|n['’]t)$", re.IGNORECASE)
_CAMEL = re.compile(r"[A-Z][a-z]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:>•*\n\"“(-])[\s\"'“(*>•-]*$")
_PARTICLES = words(
    "ab abu al ap bin bint de del della der di el ferch ibn la le mac mc nic st van von y"
)
_PERSONS = words(
    "learner student apprentice trainee candidate pupil called named name surname mr mrs miss ms"
    " mum mother dad father nan gran brother sister son daughter wife husband aunt uncle carer"
    " mam granny grandad grandma cousin niece nephew guardian lad lads lass girl boy chap bloke"
    " learners students apprentices tutor teacher assessor supervisor manager mentor master matron"
)
_CAPITALS = words(
    "amber april art august coral devon english french guy hope jan june may north"
    " ocean river roma south summer west will winter"
)
"""Names that stand in capitals for something else as often: taken for one beside a name only."""
_DOES = words(
    "asked arrived began came changed died dropped fails failed finished got hasn hasn't isn isn't"
    " joined left lives moved never passed phoned quit rang said says started stopped wasn't went"
)
"""What only a person does, of the words that follow a name at once."""
_BEFORE_SOMEBODY = words(
    "about are ask asked call can cannot could did do does email for has have help is re remind saw"
    " ring should tell was were why with will had met seen told chased emailed phoned rang"
)
_OF_SOMEBODY = words(
    "be been called can cannot count counts did does doing don done due eligible enrolled for"
    " from get gets going got had has hasnt have in is isnt just leave leaving need needs not on"
    " only start starting still stay switch too turned turns was who whose will with"
)
_TO_SOMEBODY = words("about ask asked call email for re remind ring tell told with")
_ACTS = words("did hasn hasn't left moved quit said says turned wants")
"""What follows a person in small letters wherever they stand in a sentence."""
_NO_PERSON = words("jan june april may august will guy english french north south winter west art")
_SLASHED = re.compile(r"(?<![\w/.@:-])([A-Z][^\W\d_]{2,20})/([A-Z][^\W\d_]{2,20})(?![\w/])")
"""Two people, or two surnames of one."""
_SLASHED_SMALL = re.compile(r"(?<![\w/.@:-])([^\W\d_A-Z]{3,20})/([^\W\d_A-Z]{3,20})(?![\w/])")
_HANDLE = re.compile(r"(?<![\w@#.])[@#]([^\W\d_]{3,20})(?![\w@-]|\.\w)")
_BESIDE = re.compile(r"[ ]|, |\. ?| [\"“'(]|[\"”')] ")


@dataclass(slots=True)
class _Word:
    """A word of the text, and what speaks for its being a name."""

    start: int
    end: int
    text: str
    capital: bool
    upper: bool
    given: bool
    surname: bool
    ordinary: bool
    known: bool
    begins: bool
    """Whether a sentence begins with it."""
    called: bool
    """Whether a bracket follows at once, as after the name of a function."""
    name: bool = False

    @property
    def may_be_name(self) -> bool:
        """Whether it would be one beside a name."""
        if self.given or self.surname:
            return self.capital or not self.ordinary
        if self.text.casefold() in _PARTICLES:
            return False
        return not self.known if not self.upper else (not self.known or len(self.text) == 1)


def unknown_names(text: str) -> Iterator[PersonalData]:
    """Common names, and any other capitalised word that our knowledge does not use."""
    found = [_word(text, match) for match in _TOKEN.finditer(text)]
    for word in found:
        word.name = _is_name(word)
    _after_cues(text, found)
    _in_a_persons_place(text, found)
    _words_of_ours(text, found)
    for _ in range(3):
        _spread(text, found)
    _repeat(found)
    yield from _runs(text, found)
    for match in _SLASHED_SMALL.finditer(text):
        if any(is_surname(one) or is_given_name(one) for one in match.groups()) and not (
            is_ordinary(match[1]) or is_ordinary(match[2])
        ):
            yield PersonalData("name", match.start(), match.end())
    for match in _SLASHED.finditer(text):
        if not (is_known(match[1]) or is_known(match[2])):
            yield PersonalData("name", match.start(), match.end())
    for match in _HANDLE.finditer(text):
        if not is_known(match[1]) or is_given_name(match[1]):
            yield PersonalData("name", match.start(), match.end())


def _word(text: str, match: re.Match[str]) -> _Word:
    shown = match[0]
    bare = _SUFFIX.sub("", shown)
    parts = [part for part in re.split(r"['’-]", bare) if len(part) > 1]
    rest = [part for part in parts if len(part) >= MIN_LETTERS]
    return _Word(
        start=match.start(),
        end=match.start() + len(bare),
        text=bare,
        capital=bare[:1].isupper(),
        upper=bare.isupper() and len(bare) != 0,
        given=any(map(is_given_name, parts)) or is_given_name(bare),
        surname=any(map(is_surname, parts)) or is_surname(bare),
        ordinary=all(map(is_ordinary, rest)) and bool(rest),
        known=all(map(is_known, rest)),
        begins=_SENTENCE_START.search(text, max(0, match.start() - 12), match.start()) is not None
        or match.start() == 0,
        called=text[match.end() : match.end() + 1] == "(",
    )


def _is_name(word: _Word) -> bool:
    folded = word.text.casefold()
    if len(word.text) < 2 or folded in _PARTICLES:
        return False
    if _is_of_another_script(word.text):
        return True
    if not word.capital:
        particle = re.match(r"(?:al|el|ul)-|(?:o|d)['’]", folded)
        return (bool(particle) or word.given) and not word.ordinary and len(folded) >= MIN_LETTERS
    if is_field_like(word.text) and "-" not in word.text:
        return any(map(is_given_name, _CAMEL.findall(word.text))) and not word.known
    if word.upper:
        if word.given or word.surname:
            return not word.known and len(word.text) >= MIN_LETTERS
        return not (word.known or word.called) and len(word.text) > MAX_ABBREVIATION
    if word.given:
        return not word.ordinary or not (word.begins or folded in _CAPITALS)
    if not word.ordinary and word.surname:
        return True
    return not word.known and len(word.text) >= MIN_LETTERS


def _after_cues(text: str, found: list[_Word]) -> None:
    """In small letters: what our knowledge does not use, after a person's word or after another."""
    for before, word in pairwise(found):
        if word.known or word.capital or len(word.text) < MIN_LETTERS:
            continue
        between = text[before.end : word.start]
        if not re.fullmatch(r"[ :,]{1,2}(?:\w\.? )?(?:called |named )?[\"'“(]?", between):
            continue
        if before.text.casefold() in _PERSONS:
            word.name = True
        elif (
            not (before.known or before.capital)
            and len(before.text) >= MIN_LETTERS
            and between in {" ", ", "}
        ):
            before.name = word.name = True
    for word in found:
        aside = _ASIDE.match(text, max(0, word.start - 3))
        if aside and aside.end() >= word.end and not (word.known or word.upper):
            word.name = word.name or len(word.text) >= MIN_ASIDE
        if not word.capital and "-" in word.text and not any(map(is_known, word.text.split("-"))):
            word.name = word.name or len(word.text) >= MIN_DOUBLE


def _in_a_persons_place(text: str, found: list[_Word]) -> None:
    """In small letters: "has tunmise got one", "tunmise is too late", "the form for tunmise?"."""
    for place, word in enumerate(found):
        if word.known or word.capital or len(word.text) < MIN_ASIDE:
            continue
        before = found[place - 1].text.casefold() if place else ""
        next_ = found[place + 1] if place + 1 < len(found) else None
        gap = text[word.end : next_.start] if next_ is not None else ""
        after = next_.text.casefold() if next_ is not None else ""
        does = gap in {" ", "'s ", "’s "} and (after in _OF_SOMEBODY or after in _DOES)
        does = does or (gap == ", " and after in {"is", "has", "does", "was", "needs"})
        follows = before in _BEFORE_SOMEBODY and text[found[place - 1].end : word.start] == " "
        is_theirs = follows and gap in {"'s ", "’s "}
        ends = not text[word.end : word.end + 3].strip(" ?!.\n") or after == "about"
        is_asked = follows and ends and before in _TO_SOMEBODY
        acts = gap == " " and after in _ACTS and len(word.text) > MIN_ASIDE
        if is_theirs or is_asked or acts or ((follows or word.begins) and does):
            word.name = True


def _words_of_ours(text: str, found: list[_Word]) -> None:
    """Grace, Faith and Summer: names that are words too, told by what stands beside them."""
    for first, second in pairwise(found):
        if not (first.given and first.capital) or first.text.casefold() in _NO_PERSON:
            continue
        between = text[first.end : second.start]
        if between == " " and second.text.casefold() in _DOES and not first.upper:
            first.name = True
    given = [word for word in found if word.given and word.capital and not word.upper]
    for first, second in pairwise(given):
        is_listed = re.fullmatch(r",? (?:and|or|&) |, ", text[first.end : second.start])
        if is_listed and not {first.text.casefold(), second.text.casefold()} & _NO_PERSON:
            first.name = second.name = True


def _is_of_another_script(text: str) -> bool:
    """Whether it holds letters of no European alphabet: nothing of the ILR is written so."""
    return any(ord(character) > LAST_LATIN and character.isalpha() for character in text) and not (
        any("\u1e00" <= character <= "\u1eff" for character in text)
    )


def _spread(text: str, found: list[_Word]) -> None:
    """What stands beside a name is part of it: a surname that is a word as well, an initial."""
    for place, word in enumerate(found):
        if not word.name:
            continue
        for step in (1, -1):
            other = found[place + step] if 0 <= place + step < len(found) else None
            if other is None or other.name:
                continue
            first, last = (word, other) if step > 0 else (other, word)
            between = text[first.end : last.start]
            if other.text in {"and", "or"}:
                beyond = found[place + 2 * step] if 0 <= place + 2 * step < len(found) else None
                if beyond is not None and beyond.given and not (beyond.begins and beyond.ordinary):
                    beyond.name = True
            elif other.text.casefold() in _PARTICLES and between in {" ", ". "}:
                after = found[place + 2 * step] if 0 <= place + 2 * step < len(found) else None
                other.name = after is not None and (after.name or after.may_be_name)
            elif _BESIDE.fullmatch(between):
                other.name = _goes_with(word, other, after=step > 0)


def _goes_with(name: _Word, other: _Word, *, after: bool) -> bool:
    if len(other.text) == 1:
        return other.upper
    if is_field_like(other.text):
        return False
    if other.capital and (other.given or other.surname):
        return not (other.begins and other.ordinary) or after
    if not other.capital:
        # "jake thompson": what follows a given name in small letters, and is no word of ours.
        return after and name.given and not name.capital and not other.known
    if other.upper:
        return name.upper and not other.known
    # "Jade Green": a word as well, in capitals inside a sentence.
    return after and name.given and (not other.begins or not other.known) and not other.known


def _repeat(found: list[_Word]) -> None:
    """A name is one wherever it stands in the text."""
    held = {word.text.casefold() for word in found if word.name and len(word.text) >= MIN_LETTERS}
    for word in found:
        if word.text.casefold() in held and (word.capital or not word.ordinary):
            word.name = True


def _runs(text: str, found: list[_Word]) -> Iterator[PersonalData]:
    """Names that follow one another as one."""
    start = end = -1
    for word in found:
        if not word.name:
            continue
        if end >= 0 and re.fullmatch(r"[ ,.'’\"“”-]{1,3}", text[end : word.start]):
            end = word.end
            continue
        if end >= 0:
            yield PersonalData("name", start, end)
        start, end = word.start, word.end
    if end >= 0:
        yield PersonalData("name", start, end)

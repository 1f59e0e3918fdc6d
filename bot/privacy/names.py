"""Names in running text, only after a cue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.findings import PersonalData, words

__all__ = ["NAME", "WORD", "is_field_like", "names_after_cues"]

WORD = r"[^\W\d_][^\W\d_'’.-]{0,30}(?:['’-][^\W\d_]{1,30}){0,2}"
NAME = rf"{WORD}(?:[ ]{WORD}){{0,3}}"
_TITLED = re.compile(
    rf"(?<!\w)(?:Mr|Mrs|Miss|Ms|Mx|Dr|Prof|mr|mrs|MR|MRS|MISS|MS)\.?[ ]((?:\w\.? ?){{0,2}}{NAME})"
)
_CALLED = re.compile(
    rf"(?<!\w)(?:called|named|name is|name's|name was|(?:sur|fore)name is)[ ][\"']?({NAME})",
    re.IGNORECASE,
)
_LEARNER = re.compile(
    r"(?<!\w)(?:learner|student|apprentice|trainee|candidate|pupil|employee|colleague|parent|tutor)"
    rf"(?:,|:| -| –)?[ ]({NAME})",
    re.IGNORECASE,
)
_NOT_NAMES = words(
    """
    a about academic achievement act adult after age agency agreement aim aims all and any
    apprenticeship are as at attendance attribute august award awards band before block
    british bursary but by can code codes college completed contact continuing could council
    credit data date dates days december delivery department destination details did
    difficulty disability do does e education eep emergency employability employed employer
    employers employment england english enrolment entry error ethnicity evidence fam fams february
    fees field file finance fis for free from full fund funded funding further gcse grant
    had has have health help her high his hours how i id if ilr in industry information
    internship is it january july june lars leavers level loan loans local lookup main
    management march maths may meals might mis mode monitoring must name need needs new no
    non not november number numbers october of on one only or other outcome part path
    permanent placement placements plan planned portal postcode premium prior programme
    progression provider qualification qualifications r record records ref reference
    referral register registration registry report reports responsibility return returns
    review rule rules s satisfaction school scotland self send september services should sixth
    sld so specific
    standard start started starts status still study submit support survey system t table
    team the their then they this time to traineeship traineeships transfer transferred
    transport travel tutor two type types ucas uk uln union unique until update validation
    view voice volunteering wales was welfare were what when where which while who whose why
    will with withdrawals withdrawn withdrew work would year years
    """
)


_CONTRACTED = re.compile(r"['’](?:s|m|d|ll|re|ve)$", re.IGNORECASE)


def names_after_cues(text: str) -> Iterator[PersonalData]:
    for pattern, single in ((_TITLED, True), (_CALLED, True), (_LEARNER, False)):
        for match in pattern.finditer(text):
            any_case = match.group().startswith(("mr", "mrs", "Mr", "Mrs"))
            end = _name_end(match[1], any_case=any_case, single=single)
            if end:
                yield PersonalData("name", match.start(1), match.start(1) + end)


def _name_end(name: str, *, any_case: bool, single: bool) -> int:
    """How much of the words is a name: leading capitalised words that are not ILR vocabulary."""
    end = count = 0
    for word in re.finditer(r"\S+", name):
        lower = _CONTRACTED.sub("", word[0]).casefold()
        capital = word[0][0].isupper() and (len(word[0]) == 1 or not _is_short(word[0]))
        if (
            lower in _NOT_NAMES
            or is_field_like(word[0])
            or not (capital or (any_case and count == 0))
        ):
            break
        end, count = word.end(), count + 1
    return end if count >= (1 if single else 2) or (count == 1 and end >= 3) else 0


def _is_short(word: str) -> bool:
    """Whether it is an abbreviation, or several of them: ULN, IDs."""
    return (word[:-1] if word.endswith("s") and len(word) > 2 else word).isupper()


_FIELD_LIKE = re.compile(r"(?!(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz)[A-Z])[A-Z][a-z]+[A-Z]")


def is_field_like(word: str) -> bool:
    """Whether a word is written as fields are: PriorAttain; McDonald and FitzRoy are people."""
    return _FIELD_LIKE.match(word) is not None

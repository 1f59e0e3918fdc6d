"""Names of dates that are put together out of words everybody knows: "Aim Expected Finish".

The book of names cannot hold every order of them. A name is understood only when each of its
words is: one unknown word, and it is left to whoever asks.
"""

from __future__ import annotations

import re

__all__ = ["composed"]

AIM, PLACEMENT = "LearningDelivery", "LearningDeliveryWorkPlacement"
_START, _END, _LEFT = "start", "end", "left"
_PLANNED, _ACTUAL, _ORIGINAL = "planned", "actual", "original"
_PLACED, _FILLER, _OF_AIM = "placement", "", "aim"
_MEANINGS = {
    _START: "start starts started starting begin begins began beginning commence commences "
    "commenced commencement commencing strt",
    _END: "end ends ended ending finish finishes finished finishing complete completes completed "
    "completion",
    _LEFT: "left leave leaves leaving leaver withdrawn withdrew termination terminated exit "
    "attended",
    _PLANNED: "planned plan expected exp expect target anticipated scheduled projected due "
    "estimated est intended proposed forecast",
    _ACTUAL: "actual real",
    _ORIGINAL: "original orig initial",
    _PLACED: "placement wp wex workplacement",
    _OF_AIM: "aim learning learn learner student trainee apprentice course programme qualification "
    "qual enrolment delivery study training apprenticeship episode practical period",
    _FILLER: "date dates dt day the of on for last work industry experience place",
}
_OF_WORK = {"work", "industry", "experience", "place"}
_WORDS = {word: meaning for meaning, words in _MEANINGS.items() for word in words.split()}
_FIELDS: dict[str, dict[frozenset[str], tuple[str, ...]]] = {
    AIM: {
        frozenset({_START}): ("LearnStartDate",),
        frozenset({_START, _ACTUAL}): ("LearnStartDate",),
        frozenset({_START, _ORIGINAL}): ("OrigLearnStartDate",),
        frozenset({_END}): ("LearnPlanEndDate", "LearnActEndDate"),
        frozenset({_END, _PLANNED}): ("LearnPlanEndDate",),
        frozenset({_LEFT, _PLANNED}): ("LearnPlanEndDate",),
        frozenset({_END, _ACTUAL}): ("LearnActEndDate",),
        frozenset({_LEFT}): ("LearnActEndDate",),
        frozenset({_LEFT, _ACTUAL}): ("LearnActEndDate",),
    },
    PLACEMENT: {
        frozenset({_START}): ("WorkPlaceStartDate",),
        frozenset({_START, _ACTUAL}): ("WorkPlaceStartDate",),
        frozenset({_END}): ("WorkPlaceEndDate",),
        frozenset({_END, _ACTUAL}): ("WorkPlaceEndDate",),
    },
}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PIECES = re.compile(r"[a-z]+|[^a-z\s_()/.:-]+")
_MOST = 7


def composed(label: str, short: dict[str, str]) -> list[tuple[str, str]]:
    """The fields that a name of two or more words may mean; none when a word is unknown.

    ``short``: what words that are cut short stand for.
    """
    said = _PIECES.findall(_CAMEL.sub(" ", label).casefold())
    if not 2 <= len(said) <= _MOST:
        return []
    words = [word for one in said for word in short.get(one, one).casefold().split()]
    if any(word not in _WORDS for word in words):
        return []
    meanings = {_WORDS[word] for word in words} - {_FILLER}
    placed = _PLACED in meanings or {"work", "experience"} <= set(words)
    # "Work end" alone is nothing that is known; "aim placement end" could be either's.
    if (placed and _OF_AIM in meanings) or (not placed and _OF_WORK & set(words)):
        return []
    entity = PLACEMENT if placed else AIM
    found = _FIELDS[entity].get(frozenset(meanings - {_PLACED, _OF_AIM}), ())
    return [(entity, name) for name in found]

"""What a question asks about a name: to explain it, its codes, what changed, a difference.

Only forms of asking stand here; which words may stand beside a name is word_lists.yaml, and
what there is to be named is ``names``.
"""

from __future__ import annotations

import re

from bot.explain.word_lists import word_list, words_besides

__all__ = [
    "asks_for_a_code",
    "asks_for_changes",
    "asks_for_codes",
    "asks_no_more",
    "compared_terms",
    "list_name",
    "plain_question",
    "term_asked_for",
    "trimmed",
]

_ASKED = (
    re.compile(
        r"^(?:(?:please|pls|can|could|someone|anyone|you|u|so|and|but|hi|hello)[\s,]+)*"
        r"(?:explain|define|describe|tell\s+me\s+about|meaning\s+of|definition\s+of|"
        r"what(?:['’]?s|\s+is|\s+are|\s+does|\s+do|\s+did)?|whats|codes?\s+for|"
        r"(?:list|show)(?:\s+me)?(?:\s+all)?|"
        r"valid\s+codes?\s+(?:for|in)|code\s*list\s+(?:for|of)|codes\s+in)\s+(?P<term>.+)$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?P<term>.+?)\s+(?:meaning|means\s+what|definition|stands?\s+for\s+what|codes?"
        r"(?:\s+list)?|code\s*list|values)$",
        re.IGNORECASE,
    ),
)
_TAIL = re.compile(
    r"\s+(?:mean(?:s|ing)?(?:\s+in\s+(?:the\s+)?ilr)?|stands?\s+for|in\s+the\s+ilr|on\s+the\s+ilr|"
    r"in\s+ilr|exactly|please|pls|again|code\s+list|codelist|for\s+ilr|do)$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"^(?:the\s+|a\s+|an\s+|an?\s+ilr\s+|is\s+|are\s+|does\s+|rule\s+|field\s+|error\s+(?:code\s+)?|"
    r"validation\s+(?:rule|error)\s+|code\s+|codes?\s+(?:for|of|in)\s+|valid\s+|values\s+(?:for|of)\s+|"
    r"ilr\s+(?:field|rule|code)\s+|abbreviation\s+|acronym\s+|term\s+|meaning\s+of\s+)+",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:and|also|but|so|plus|ok|okay|then|please|pls)[\s,]+)+", re.IGNORECASE
)
_DIFFERENCE = re.compile(
    r"\bdifferences?\s+between\s+(?P<one>.{2,60}?)\s+(?:and|&)\s+(?P<other>.{2,60})$|"
    r"^(?:what(?:['’]?s|\s+is)\s+)?(?P<left>.{2,60}?)\s+(?:vs\.?|versus)\s+(?P<right>.{2,60})$",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\bwhat(?:['’]?s|\s+is|\s+has|\s+have|\s+will)?\s+"
    r"(?:chang(?:ed|es|ing|e)|new|different|the\s+changes)\b(?=.*\b(?:ilr|specification|spec|year)\b)|"
    r"\bchanges?\s+to\s+the\s+ilr\b|\bilr\s+changes\b",
    re.IGNORECASE,
)
_A_CODE = re.compile(r"(?:what(?:['’]?s|\s+is)?\s+)?(?:the\s+|valid\s+)?codes?\b", re.IGNORECASE)
_PAIR = re.compile(r"^([A-Za-z][A-Za-z ]{1,30}?)\s*[-:=]?\s*(?:code\s+)?(\d{1,3})$")
_CODES = re.compile(r"\b(?:codes?|values?|code\s?list|types?)\b", re.IGNORECASE)
_LIST_WORDS = frozenset(
    """a all allowed are be can code codes codelist do explain field for give i ilr in is list me
    of on our please pls possible possibly show the there this types use used valid value values
    we what whats which year""".split()
)
_CODES = re.compile(r"\b(?:codes?|values?|code\s?list|types?)\b", re.IGNORECASE)
_LIST_WORDS = frozenset(
    """a all allowed are be can code codes codelist do explain field for give i ilr in is list me
    of on our please pls possible possibly show the there this types use used valid value values
    we what whats which year""".split()
)


def plain_question(text: str) -> str:
    """A question without "and", "please" and its final mark."""
    return _OPENING.sub("", text.strip()).rstrip("?!. ").strip()


def term_asked_for(text: str) -> list[str]:
    """What "what is …", "explain …" and "… meaning" ask for; none when they ask otherwise."""
    return [match["term"] for pattern in _ASKED if (match := pattern.match(text))]


def trimmed(term: str) -> list[str]:
    """A term as given, and without the words people put around it."""
    cleaned = term.strip("`'\"“”‘’ ")
    bare = _TAIL.sub("", _HEAD.sub("", cleaned)).strip("`'\"“”‘’ ")
    return list(dict.fromkeys((cleaned, bare)))


def compared_terms(question: str) -> tuple[str, str] | None:
    """The two names of "what is the difference between CompStatus and Outcome?"."""
    match = _DIFFERENCE.search(question.rstrip("?!. "))
    if match is None:
        return None
    one, other = (name for name in match.groups() if name)
    return one, other


def asks_for_changes(text: str) -> bool:
    """Whether it asks what changed in the ILR, and no more."""
    return bool(_CHANGES.search(text)) and not words_besides(text, word_list("about_changes"))


def asks_for_a_code(text: str) -> bool:
    """ "code for industry placement" wants a code, which a glossary does not give."""
    return bool(_A_CODE.match(text))


def asks_for_codes(text: str) -> bool:
    """Whether a short question speaks of codes or values."""
    return bool(_CODES.search(text)) and len(text.split()) <= 9


def list_name(text: str) -> str:
    """The name in "valid codes for withdrawal reason"."""
    small = word_list("about_a_list")
    return " ".join(word for word in text.split() if word.casefold().strip("?.,!") not in small)


def asks_no_more(text: str) -> bool:
    """Whether words say no more than what, why and how to clear it."""
    return not words_besides(text, word_list("about_a_name"))

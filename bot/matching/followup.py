"""Follow-ups: "and for T Levels?" means the thread's last question, asked of T Levels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.matching.text import LITTLE_WORDS, clean

__all__ = ["carry_over", "names_another_kind", "names_something"]

_MAX_THREAD = 6
_MAX_OWN_WORDS = 5
_MAX_FRAGMENT_WORDS = 4

_CONNECTIVE = re.compile(
    r"^(?:(?:and|but|or|so|also|then|ok(?:ay)?|right|yes|no|ah|oh|great|plus|what\s+then)\b[\s,.-]*)+",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(
    r"^(?:(?:what|how)\s+about|what\s+if|(?:is|does|would|will|are|do)\s+(?:that|this|it)\s+"
    r"(?:be\s+)?(?:also|still|the\s+same|apply|true|so|change|matter|differ\w*)"
    r"|(?:the\s+)?same\s+(?:for|with|if|goes|thing|rule)|likewise|even\s+(?:if|for|when)"
    r"|why(?:\s+(?:not|is\s+that|so|though))?\s*\??$"
    r"|(?:which|what|how\s+(?:many|much|long|often))(?:\s+(?:codes?|values?|fields?|dates?|hours?"
    r"|days|weeks|years?|ones?|aims?|rules?|status|outcome|evidence))?\s*\??$"
    r"|(?:how|where)\s+(?:do|can|should|would)\s+(?:I|we|you)\s+(?:\w+\s+){1,2}(?:it|that|this|them)\s*\??$"
    r"|(?:for|with|without|in|on)\b(?!.{30,}\?\s*$)"
    r"|(?:if|when)\s+(?!(?:do|does|did|is|are|was|were|will|can|must|should|has|have)\b)"
    r"(?!.{30,}\?\s*$))",
    re.IGNORECASE,
)
_SUBJECT_PRONOUN = re.compile(
    r"^(?:(?:what|when|where|which|who|why|how|how\s+(?:long|many|much))\s+)?"
    r"(?:is|are|was|do|does|did|can|could|should|would|will|must|has|have|if)\s+"
    r"(?:I\s+|we\s+|you\s+)?(?:\w+\s+){0,2}?(?:(?:it|they|them)\b"
    r"|(?:this|that|these|those|one)(?=\s*[?.!]*$|\s+(?:also|still|too|apply|be|count|mean|go|"
    r"change|matter|affect|need|fail|fire|work|then|instead|anyway)\b))",
    re.IGNORECASE,
)
_ANY_PRONOUN = re.compile(r"\b(?:it|them|they|those|that\s*\??$|this\s*\??$)\b", re.IGNORECASE)
_ASKING = re.compile(
    r"\b(?:what|when|where|which|who|why|how|is|are|was|were|do|does|did|can|could|should|shall"
    r"|would|will|must|has|have|need|count)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"\b(?:(?:for|in|during)\s+)?(?:20\d\d\s*[-/]\s*\d\d(?:\d\d)?|\d\d\s*/\s*\d\d"
    r"|(?:last|this|next)\s+(?:academic\s+)?year)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:(?:what|how)\s+about|what\s+if\s+it\s+is|same\s+for|for|with)\s+", re.IGNORECASE
)
_NAMES = (
    re.compile(r"\bR\s?(?:0?[1-9]|1[0-4])\b", re.IGNORECASE),
    re.compile(r"\b[A-Za-z][A-Za-z0-9]*_\d+\b"),
    re.compile(r"\bZ[A-Z]{2,6}\d{2,5}\b|\bZ\d{6,7}\b", re.IGNORECASE),
    re.compile(r"\b[A-Z][a-z]+[A-Z][A-Za-z0-9]*\b"),
)
"""Names of one kind each: returns, rules, aims, fields. A new one takes the earlier one's place."""
_KIND = re.compile(
    r"\b(?:(?:for|on|of|with)\s+)?(?:a\s+|the\s+)?(?:t[\s-]?levels?|a[\s-]?levels?(?!\s*\d)|apprentice(?:s|ships?)?"
    r"|study\s+programmes?|supported\s+interns(?:hips?)?|traineeships?|foundation\s+year|adults?"
    r"|send|high\s+needs|14\s*(?:to|-)\s*16s?|core\s+aims?|industry\s+placements?"
    r"|part[\s-]time(?:rs)?|full[\s-]time(?:rs)?)(?:\s+(?:learners?|students?))?\b",
    re.IGNORECASE,
)


def carry_over(question: str, previous: Sequence[str]) -> str | None:
    """The whole question that a follow-up stands for, or None when it stands alone.

    ``previous``: the thread's earlier questions, oldest first. What the follow-up names anew (a
    year, a kind of learner) replaces its like in the earlier question. None too when there is
    nothing to follow, or when the question brings its own subject: that ends the inheritance.
    """
    text = _flat(question)
    if not text or not previous:
        return None
    base = _base(previous[-_MAX_THREAD:])
    swapped = _swap_name(text, base)
    if swapped is not None:
        return swapped
    return _combine(text, base) if base and _is_follow_up(text) else None


def names_something(text: str) -> bool:
    """Whether a text names a return, rule, aim or field, however short it is."""
    return any(kind.search(text) for kind in _NAMES)


def names_another_kind(text: str) -> bool:
    """Whether a follow-up adds no more than a year or a kind of learner: "and for apprentices?"."""
    return _refers(_ABOUT.sub("", _CONNECTIVE.sub("", _flat(text))))


def _flat(text: str) -> str:
    return " ".join(clean(text).split())


def _base(previous: Sequence[str]) -> str:
    """What the last of the earlier questions was about, itself perhaps a follow-up."""
    text = _flat(previous[-1])
    if len(previous) < 2:
        return text
    earlier = _base(previous[:-1])
    if not text or not earlier:
        return text or earlier
    return _swap_name(text, earlier) or (_combine(text, earlier) if _is_follow_up(text) else text)


def _swap_name(text: str, base: str) -> str | None:
    """The earlier question asked of another return, rule, aim or field: "and R06?".

    None when the text names more than that, or the earlier question names nothing of its kind.
    """
    bare = _ABOUT.sub("", _CONNECTIVE.sub("", text)).strip(" ?.!")
    years = _YEAR.findall(bare)
    name = _YEAR.sub(" ", bare).strip(" ?.!,")
    for kind in _NAMES:
        if kind.fullmatch(name) and kind.search(base):
            kept = _YEAR.sub(" ", base) if years else base
            asked = kind.sub(lambda _: name, kept.split(" - ")[0])
            return re.sub(r"\s+", " ", f"{asked.strip(' ?.!,')} {' '.join(years)}".strip()) + "?"
    return None


def _is_follow_up(text: str) -> bool:
    bare = _CONNECTIVE.sub("", text)
    own = _own_words(bare)
    if not bare or (len(own) <= _MAX_OWN_WORDS and _ELLIPSIS.match(bare)):
        return True
    if len(own) <= _MAX_OWN_WORDS and _SUBJECT_PRONOUN.match(bare):
        return True
    pronoun = _ANY_PRONOUN.search(bare)
    if pronoun and len(own) <= _MAX_OWN_WORDS and len(_own_words(bare[: pronoun.start()])) < 2:
        return True
    if bare != text and len(own) <= 2 and not _ASKING.match(bare) and not re.search(r"\d", bare):
        return True
    return len(bare.split()) <= _MAX_FRAGMENT_WORDS and not _ASKING.search(bare) and _refers(bare)


def _refers(fragment: str) -> bool:
    """A fragment that only names another year or kind of learner: "T Levels?", "2025-26?"."""
    rest = _KIND.sub(" ", _YEAR.sub(" ", fragment))
    return rest != fragment and not _own_words(rest)


def _own_words(text: str) -> list[str]:
    return [word for word in re.findall(r"[\w'-]+", text.lower()) if word not in LITTLE_WORDS]


def _combine(follow_up: str, base: str) -> str:
    added = _CONNECTIVE.sub("", follow_up).strip(" ?.!")
    if _YEAR.search(added):
        base = _YEAR.sub(" ", base)
    if _KIND.search(added):
        base = _KIND.sub(" ", base)
    elif re.match(r"(?:what|how)\s+about\b", added, re.IGNORECASE) and not _YEAR.search(added):
        base = _circumstances(base)
    return re.sub(r"\s+", " ", f"{base.strip(' ?.!,')} - {added}?").strip()


def _circumstances(base: str) -> str:
    """Of "the placement fell through, do I return the aim?" the part that is not the asking.

    "What about the hours?" asks something else of the same circumstances.
    """
    clauses = [clause.strip() for clause in re.split(r"[,;.?!]\s+|\s-\s", base) if clause.strip()]
    told = [clause for clause in clauses if not _ASKING.match(clause) and len(clause.split()) > 2]
    return ", ".join(told) if told and len(told) < len(clauses) else base

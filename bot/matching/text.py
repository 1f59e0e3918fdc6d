"""From what somebody typed to tokens: cleaning, folding, stemming.

Nothing here knows the knowledge base; what depends on it (codes, abbreviations,
repair of misspelt words) is in ``words``.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["LITTLE_WORDS", "MAX_CHARACTERS", "Token", "clean", "is_exact", "stem", "tokenise"]

MAX_CHARACTERS = 1200
"""How much of one question is read. A longer one is a pasted file or an attack; its start says
what is asked, and the bound keeps the time to answer bounded too."""

_RAW_LIMIT = 20_000

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_MENTION = re.compile(r"<(?:[@!][^<>|]{1,80}(?:\|[^<>]{0,80})?|#[^<>|]{1,40})>")
_CHANNEL = re.compile(r"<#[^<>|]{1,40}\|([^<>]{0,80})>")
_LINK = re.compile(r"<(?:https?|mailto|tel):[^<>|\s]{1,2000}(?:\|([^<>]{0,400}))?>")
_BARE_LINK = re.compile(r"\bhttps?://\S{1,2000}", re.IGNORECASE)
_EMOJI = re.compile(r"(?<![\w:]):[a-z0-9_+'\-]{2,40}:(?::skin-tone-\d:)?", re.IGNORECASE)
_QUOTE = re.compile(r"^[ \t]*>+[ \t]?.*$", re.MULTILINE)
_MARKUP = re.compile(r"(?<!\w)[*_~`]+(?=\S)|(?<=\S)[*_~`]+(?!\w)")

_NAME = r"(?:\s+(?:all|everyone|everybody|team|folks|guys|both|there|again|mis|helpdesk|bot|ilr))*"
_GREETING = re.compile(
    rf"^\W*(?:(?:hi|hiya|hello|hey|heya|dear|greetings|good\s+(?:morning|afternoon|evening|day)"
    rf"|(?:morning|afternoon|evening)(?=\s+(?:all|everyone|everybody|team|folks|guys|both)\b|\W*[,!.\n]))"
    rf"{_NAME}\b|happy\s+(?:monday|tuesday|wednesday|thursday|friday))\W*",
    re.IGNORECASE,
)
_PLEASANTRY = re.compile(
    r"\b(?:hope\s+(?:you(?:'re|\s+are)|everyone(?:'s|\s+is)|all\s+is)(?:\s+(?:all|both))?\s+"
    r"(?:well|good|ok|okay|fine)"
    r"|(?:sorry|apologies)\s+(?:to\s+bother|for\s+bothering|if\s+this\s+has\s+been\s+asked|"
    r"for\s+the\s+(?:daft|silly|basic|stupid)\s+question|to\s+ask\s+(?:again|this))"
    r"(?:\s+(?:you|again|before|all))*"
    r"|(?:just\s+)?(?:a\s+)?quick\s+(?:question|one|query)(?=\s*[-–—:.,!?\n])"
    r"|(?:many\s+|much\s+)?thanks(?:\s+(?:all|everyone|so\s+much|very\s+much|a\s+lot|again|"
    r"in\s+advance|for\s+(?:your|the|any)\s+(?:help|advice|time)))*"
    r"|thank\s+you(?:\s+(?:all|everyone|so\s+much|very\s+much|again|in\s+advance|"
    r"for\s+(?:your|the|any)\s+(?:help|advice|time)))*"
    r"|(?:any\s+(?:help|advice|ideas?|thoughts)\s+(?:(?:would\s+be|is|are)\s+)?(?:much\s+|greatly\s+|"
    r"gratefully\s+)?(?:appreciated|welcome|received))"
    r"|ta\s+muchly|tia|cheers)\b[\s,.!:)\-]*",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?:\n\s*(?:--+\s*(?=\n)|(?:kind(?:est)?|best|warm|many)\s+(?:regards|wishes)\b|regards\b|kr\b|br\b"
    r"|sent\s+from\s+my\b|x{1,3}\s*\Z)"
    r"|\b(?:kind(?:est)?|best)\s+regards\b).*\Z"
    r"|\b(?:many\s+|kind\s+)?(?:thanks|thank\s+you|cheers)[ ,.!]*\n"
    r"(?:[^\n?]{1,40}(?:\n|\Z)){1,5}\Z"
    r"|\b(?:many\s+|kind\s+)?(?:thanks|thank\s+you|cheers)[ ,.!-]+"
    r"(?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)?)\s*[.!]?\s*\Z",
    re.IGNORECASE | re.DOTALL,
)


def clean(text: str) -> str:
    """The question inside a Slack message: no mentions, links, quotes, code, greetings, signature.

    A quoted or fenced text is dropped unless nothing else is left. Returns at most
    MAX_CHARACTERS characters on lines that the asker separated; may be empty.
    """
    text = _without_blank_lines(text[:_RAW_LIMIT])
    without = _QUOTE.sub(" ", _FENCE.sub(" ", text))
    text = without if re.search(r"\w", without) else re.sub(r"```|^[ \t]*>+", " ", text, flags=re.M)
    text = _CHANNEL.sub(r" \1 ", text)
    text = _LINK.sub(lambda match: f" {_link_words(match[1])} ", text)
    text = _MENTION.sub(" ", text)
    text = html.unescape(text)
    text = _BARE_LINK.sub(" ", text)
    text = _EMOJI.sub(" ", text)
    text = text.translate(_PUNCTUATION)
    # Blank lines go before patterns that skip white space: many in a row would take them long.
    text = _without_blank_lines(_MARKUP.sub("", text))
    bare = _SIGNATURE.sub("", "\n" + text)
    text = bare if re.search(r"\w", bare) else text
    for _ in range(3):
        bare = _GREETING.sub("", text, count=1)
        if bare == text:
            break
        text = bare
    text = _PLEASANTRY.sub(" ", text)
    text = re.sub(r"[ \t\f\v\u00a0]+", " ", text)
    lines = (re.sub(r" ([,;:?!])", r"\1", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:MAX_CHARACTERS].strip()


def _without_blank_lines(text: str) -> str:
    return "\n".join(line for line in map(str.strip, text.splitlines()) if line)


def _link_words(label: str | None) -> str:
    return "" if label is None or label.startswith(("http", "mailto")) else label


_PUNCTUATION = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "\u201c": '"', "\u201d": '"',
        "\u2013": "-", "\u2014": " - ", "\u2011": "-", "\u2010": "-", "\u2026": "...",
        "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
    }
)  # fmt: skip


LITTLE_WORDS = frozenset(
    "a an the and or but so if of to in on at for with from by as is are was were be been do does "
    "did can could should shall would will must may might has have had i we you they it he she "
    "this that these those there them our my your their its what when where which who why how "
    "about also still then same too not no yes just any some all one ones thing go goes get "
    "need use apply please ok okay".split()
)
"""Words that carry no subject of their own."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word as typed, its folded form, and what the index knows it by."""

    raw: str
    word: str
    """Lower case, without accents."""
    stem: str
    exact: bool
    """A code or field name: never stemmed, cut into pieces or repaired as a word."""


_TOKEN = re.compile(r"[^\W_]+(?:_+[^\W_]+)*(?:'[^\W\d_]{1,2}(?![^\W_]))?")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]{2}")
_NOT = re.compile(r"\b(?:can't|cannot|cant)\b", re.IGNORECASE)
_WONT = re.compile(r"\bwon't\b", re.IGNORECASE)
_NT = re.compile(r"(?<=[a-z])n't\b", re.IGNORECASE)
_NT_BARE = re.compile(
    r"\b(do|does|did|is|are|was|were|has|have|had|could|should|would|must)nt\b", re.IGNORECASE
)
_TOKEN_LIMIT = 40
"""Letters read of one token: no word or code is longer."""


def is_exact(raw: str) -> bool:
    """Whether the spelling alone says it is a code: a digit, an underscore, inner capitals."""
    return bool(re.search(r"\d|_", raw)) or bool(_INNER_CAPITAL.search(raw))


def tokenise(text: str) -> list[Token]:
    """The tokens of one question, contractions opened ("didn't" is did, not)."""
    text = _NT_BARE.sub(
        r"\1 not", _NT.sub(" not", _WONT.sub("will not", _NOT.sub("can not", text)))
    )
    tokens = []
    for match in _TOKEN.finditer(text):
        raw = match[0].split("'")[0][:_TOKEN_LIMIT]
        if not raw:
            continue
        exact = is_exact(raw)
        word = fold(raw)
        tokens.append(Token(raw, word, word if exact else stem(word), exact))
    return tokens


def fold(text: str) -> str:
    """Lower case, compatibility forms undone, accents dropped."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_IRREGULAR = {
    "is": "be", "are": "be", "was": "be", "were": "be", "been": "be", "being": "be", "am": "be",
    "has": "have", "had": "have", "having": "have", "does": "do", "did": "do", "done": "do",
    "doing": "do", "went": "go", "gone": "go", "goes": "go", "going": "go", "took": "take",
    "taken": "take", "taking": "take", "began": "begin", "begun": "begin", "left": "leave",
    "leaving": "leave", "withdrew": "withdraw", "withdrawn": "withdraw", "withdrawal": "withdraw",
    "withdrawals": "withdraw", "kept": "keep",
    "made": "make", "making": "make", "gave": "give", "given": "give", "giving": "give",
    "got": "get", "gotten": "get", "getting": "get", "sent": "send", "paid": "pay",
    "wrote": "write", "written": "write", "chose": "choose", "chosen": "choose", "knew": "know",
    "known": "know", "said": "say", "told": "tell", "meant": "mean", "met": "meet", "fell": "fall",
    "fallen": "fall", "found": "find", "became": "become", "ran": "run", "running": "run",
    "lost": "lose", "losing": "lose", "saw": "see", "seen": "see", "children": "child",
    "people": "person", "programme": "program", "programmes": "program", "centre": "center",
    "centres": "center", "licence": "license", "licences": "license", "enrolment": "enrol",
    "enrolments": "enrol", "enrollment": "enrol", "enrollments": "enrol", "enroll": "enrol",
    "wks": "week", "wk": "week", "hrs": "hour", "hr": "hour", "yrs": "year", "yr": "year",
    "u": "you", "ur": "your", "pls": "please", "plz": "please", "wat": "what", "bcoz": "because",
    "nothing": "nothing", "something": "something", "anything": "anything", "during": "during",
    "data": "data", "basis": "basis", "analysis": "analysis", "status": "status", "less": "less",
    "unless": "unless", "used": "use", "using": "use", "never": "not", "no": "not",
    "none": "not", "without": "not",
}  # fmt: skip

_SUFFIXES = (
    ("isations", "is"), ("isation", "is"), ("izations", "is"), ("ization", "is"),
    ("ational", "at"), ("ifications", "ify"), ("ification", "ify"), ("ations", "at"),
    ("ation", "at"), ("fulness", "ful"),
    ("iveness", "ive"), ("ingly", ""), ("edly", ""),
    ("ities", "ity"), ("ments", "ment"), ("ings", ""), ("ing", ""), ("ies", "y"), ("ied", "y"),
    ("ators", "at"), ("ator", "at"), ("ised", "is"), ("ized", "is"), ("ises", "is"),
    ("izes", "is"), ("ise", "is"), ("ize", "is"), ("yse", "ys"), ("yze", "ys"), ("ours", "or"),
    ("our", "or"), ("ers", "er"), ("est", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""),
)  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A light British stem: "organisations", "organized" and "organise" meet; "hours" is "hour".

    Deliberately timid: it takes one ending off and never touches short words, so that words
    that matter in this trade ("enrolled", "planned", "placements") meet and others keep apart.
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.isalpha():
        return word
    for ending, instead in _SUFFIXES:
        if not word.endswith(ending) or len(word) - len(ending) < 3:
            continue
        if ending == "s" and word[-2] in "su":
            break
        if ending in {"our", "ours"} and len(word) - len(ending) < 3:
            break
        bare = word[: -len(ending)] + instead
        if (
            ending in {"ing", "ed", "ings", "er", "ers"}
            and len(bare) > 3
            and bare[-1] == bare[-2]
            and bare[-1] not in "sz"
        ):
            bare = bare[:-1]
        word = bare
        break
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("i"):
        word = word[:-1] + "y"
    return word

"""A message as it is read: personal details masked, then cleaned, each once."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from bot.matching import clean
from bot.privacy import mask

__all__ = ["Message", "purify", "without_marks"]

MAX_QUESTION_LENGTH = 4_000
"""Characters of a message that are looked at."""
_RULE_PAGE = re.compile(
    r"<?https?://[^\s<>|]*/rules?/(?P<rule>[A-Za-z]\w{2,60})[^\s<>|]*(?:\|[^<>]*)?>?"
)
_MARK = re.compile(
    r"(?:\b(?:ULN|UPN|NI|NINO|DOB|postcode|e-?mail|phone|tel|name|ref|born)\b[\s:=#]{0,3}"
    r"(?:(?:is|no|number)\b[\s:=#.]{0,3}){0,2})?"
    r"\[(?:ULN|UPN|NI number|postcode|email|phone|date of birth|name|address|learner reference"
    r"|number|provider note|person|withheld)\]",
    re.IGNORECASE,
)
"""What masking leaves, with the label before it: neither says what is asked."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote, without personal details."""

    text: str
    """Without greetings, markup, quotes and signature: what is asked."""
    written: str
    """With its quotes, and links to rules as the rules: where names are looked for."""


def purify(raw: str) -> Message:
    """Mask, then clean. Masking comes first: it needs the tabs and line breaks of a table."""
    masked = mask(raw[:MAX_QUESTION_LENGTH])
    written = _RULE_PAGE.sub(lambda match: f" {match['rule']} ", masked)
    return Message(clean(written), html.unescape(written))


def without_marks(text: str) -> str:
    """A question without what masking left in it."""
    return _MARK.sub(" ", text)

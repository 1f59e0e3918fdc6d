"""Whether a line in a channel is said to somebody in particular: a colleague, not whoever knows."""

from __future__ import annotations

import re

from bot.slack.messages import IncomingMessage

__all__ = ["is_for_somebody"]

_GREETING = (
    r"(?:hi|hiya|hello|hey|heya|morning|good\s+morning|afternoon|evening|thanks|cheers|ok|so)"
)
_EVERYBODY = (
    "all|everyone|everybody|team|folks|both|there|guys|people|again|chaps|mis|anyone|anybody"
)
_NO_NAME = (
    f"{_EVERYBODY}|hi|hiya|hello|hey|morning|afternoon|evening|thanks|cheers|sorry|also|and|so|but|"
    "ok|okay|right|well|now|then|yes|no|if|when|question|quick|please|actually|currently|today|"
    "yesterday|apologies|help|great|still|however|otherwise|basically"
)
"""What stands before a comma at the start of a line and is nobody's name."""
_CALLED = (
    re.compile(rf"^(?!(?i:{_NO_NAME})\b)[A-Z][a-z]+(?:\s[A-Z][a-z]+)?\s*[,:–-]\s"),
    re.compile(rf"^{_GREETING}\s+(?!(?:{_EVERYBODY})\b)[a-z]+\s*[,:!–-]", re.IGNORECASE),
    re.compile(rf",\s+(?!(?i:{_NO_NAME})\b)[A-Z][a-z]+\s*[?!.]*$"),
)
"""A name before a comma, after a greeting, or at the end."""
_YOU = re.compile(r"\b(?:you|your|yours|yourself|yous|u|ur|ya)\b", re.IGNORECASE)
_ANYBODY = re.compile(
    r"\b(?:how|where|when|what)\s+(?:do|would|should|can)\s+you\b|\bdo\s+you\s+(?:have\s+to|need)\b|"
    r"\bcan\s+you\s+(?:still|have|record|return|claim|use|put|change|delete)\b|\bif\s+you\b",
    re.IGNORECASE,
)
"""Where "you" is anybody: how do you record it?"""
_WHO = re.compile(r"^(?:\w+[,\s]+){0,3}?who(?:['’]?s|['’]?d|se)?\b", re.IGNORECASE)
"""Who of us did something, or is to do it: nobody but a colleague can say."""


def is_for_somebody(message: IncomingMessage) -> bool:
    """Whether a line mentions a person, calls one by name, says "you", or asks who of us."""
    text = message.text.strip()
    return (
        message.names_somebody
        or any(called.search(text) for called in _CALLED)
        or bool(_YOU.search(_ANYBODY.sub(" ", text)))
        or _WHO.match(text) is not None
    )

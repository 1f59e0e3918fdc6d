"""Whether a line in a channel is said to somebody in particular: a colleague, not whoever knows."""

from __future__ import annotations

import re

from bot.slack.messages import IncomingMessage

__all__ = ["is_for_somebody", "points_at_thread", "wonders_too"]

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
_RECORD = (
    "record|return|code|enter|put|claim|report|count|show|treat|close|calculate|work\\s+out|log|"
    "mark|withdraw|transfer|flag|fund|restart|handle|deal\\s+with"
)
"""What anybody does to an ILR record, as a rule."""
_YOU = re.compile(r"\b(?:you|your|yours|yourself|yous|u|ur|ya)\b", re.IGNORECASE)
_ANYBODY = re.compile(
    rf"\b(?:how|where|what|which|when|who)\b[^?]{{0,60}}?\b(?:do|would|should|can)\s+you\s+"
    rf"(?:{_RECORD}|use|change|add|set|get|find|tell|know|do|start|end|leave|split|have\s+to|"
    r"need\s+to)\b|"
    rf"\b(?:do|would|should)\s+you\s+(?:{_RECORD}|have\s+to|need\s+(?:to|a|an|any))\b|"
    r"\bcan\s+you\s+(?:still|have|ever|only|also|record|return|claim|use|put|change|delete)\b|"
    r"\bif\s+you\b",
    re.IGNORECASE,
)
"""Where "you" is anybody: how do you record it? Not: when do you need it by?"""
_WHO = re.compile(r"^(?:\w+[,\s]+){0,3}?who(?:['’]?s|['’]?d|se)?\b", re.IGNORECASE)
_WHO_ANYBODY = re.compile(
    rf"\bwho\s+(?:do|should|would|can)\s+(?:you|we|i)\s+(?:{_RECORD}|use|name)\b", re.IGNORECASE
)
"""Who of us did something, or is to do it: nobody but a colleague can say."""
_AMONG_US = re.compile(
    r"\b(?:did|had|were)\s+we\b|\bhave\s+we\s+(?:told|sent|got|had|ever|asked|loaded|done)\b|"
    r"\bwhat['’]?s\s+(?:happening|going\s+on|the\s+(?:latest|plan))\b|\b(?:any|the)\s+(?:news|update)\s+on\b|"
    r"\b\w+['’]s\s+(?:sheet|spreadsheet|list|tracker|folder|notes|email|group|lot|log)\b|"
    r"\bor\s+am\s+i\b|\bam\s+i\s+(?:the|doing|down|meeting|covering|meant)\b|\bshall\s+(?:we|i)\b|"
    r"\b(?:do|does)\s+(?:we|anyone|anybody|someone|somebody)\s+(?:have|got|want|fancy|remember|know\s+if\s+our)"
    r"\s+(?:the|our|my|that|those|any\s+of|a\s+copy|to\s+hand|a\s+spare)|"
    r"\b(?:can|could|should|will|may)\s+we\s+(?:meet|talk|chat|discuss|swap|catch|speak|have\s+a\s+(?:chat|look|word))|"
    r"\bare\s+we\s+(?:going|uploading|meeting|doing|submitting|sending|running|all|still|waiting|ready)|"
    r"\b(?:is|was|are|were|does|has)\s+(?:that|this|it|those|these)\s+(?:the\s+one|the\s+ones|mine|ours|me)\b|"
    r"\bon\s+(?:mine|my\s+list|the\s+tracker)\b|\b(?:our|the|that|this)\s+(?:tracker|spreadsheet|sheet|inbox|shared\s+drive|"
    r"office|meeting|diary)\b|\b(?:my|our)\s+(?:machine|screen|login|laptop|desk|boss)\b|"
    r"\bfor\s+me\s*(?:please|pls)?\s*\?|\bplease\s+(?:send|print|let|forward|email|ring|call|check|fix|update|add|chase)\b",
    re.IGNORECASE,
)
"""What a team has done, has, or arranges among itself."""
_ARRANGED = re.compile(
    r"\b(?:tomorrow|tonight|this\s+(?:morning|afternoon|evening)|asap|later\s+(?:today|on)|"
    r"by\s+(?:mon|tues|wednes|thurs|fri)day|(?:mon|tues|wednes|thurs|fri)day\s+(?:night|morning|"
    r"afternoon|or)|before\s+(?:i|we)\s+(?:press|send|submit|upload|go|leave|run|close)|"
    r"last\s+night|in\s+a\s+(?:minute|sec|bit)|\bby\s*\?$|at\s+\d{1,2}(?::\d\d|\s*(?:am|pm|o['’]?clock))?\s*\?)",
    re.IGNORECASE,
)
"""When somebody is to do something."""
_TOLD = re.compile(
    r"^(?:just\s+|please\s+|pls\s+)?(?:do\s+(?:the\s+(?:ones|rest|others)|them|mine)|"
    r"(?:ignore|leave|skip|start|finish|sort|check|send|run|print|tick)\s+"
    r"(?:the\s+(?:ones?|rest|others?)|those|these|that|them|it|mine))\b[^?]*$",
    re.IGNORECASE,
)
"""What somebody is to do, which is no question though it may begin like one."""
_GRUMBLES = re.compile(
    r"\bwhat(?:['’]?s|\s+is)\s+the\s+point\b|\bis\s+it\s+(?:just|only)\s+(?:me|us)\b|"
    r"\bam\s+i\s+the\s+only\b|\bwhy\s+(?:would|on\s+earth|oh\s+why|do\s+they|does\s+(?:nobody|no\s+one|everyone|everybody))\b|"
    r"\bi\s+(?:despair|give\s+up|ask\s+you|swear|wonder\s+why\s+we\s+bother)\b|\b(?:honestly|seriously|ffs|typical|joy|ugh)\b\W*$|"
    r"\bwhy\s+(?:do|does|is|are)\b[^?]*\balways\b|\bsick\s+of\b|\banything\s+(?:better|worse)\s+than\b|"
    r"\bhow\s+(?:hard|difficult)\s+can\b|\bever\s+(?:fills?|works?|reads?|answers?)\b|[😂😭🙄😄🤦]",
    re.IGNORECASE,
)
"""A question that wants no answer."""
_WONDERS_TOO = re.compile(
    r"\b(?:wonder(?:ed|ing)?|ask(?:ed|ing)?|think(?:ing)?|thought)\s+(?:about\s+)?(?:that|this|the\s+same|exactly\s+that|it)\b|"
    r"\b(?:same|good|great|interesting)\s+(?:question|q|here|problem|issue|boat|for\s+us)\b|\b(?:me|us)\s+(?:too|as\s+well|neither)\b|"
    r"\b(?:follow(?:ing)?|watching)\s+(?:this|with\s+interest)\b|\b(?:interested|keen|want|like|love|need|good|useful|curious)\s+"
    r"(?:in\s+(?:this|the\s+answer)|to\s+(?:know|hear|see))\b|\b(?:we|i)(?:['’]?ve|\s+have|['’]?ve\s+got|\s+had|\s+get|['’]?re\s+getting)\s+"
    r"(?:the\s+same|this|that|these|those|it|them)\s+(?:too|as\s+well|here|also)\b|"
    r"\b(?:i|we)\s*(?:['’]ll|\s+will|\s+can|\s+could)\s+(?:find\s+out|check|ask|look\s+into|chase|have\s+a\s+look)\b|"
    r"\blet\s+me\s+(?:check|ask|look|find)\b|\b(?:no|not\s+a)\s+(?:idea|clue)\b|\bnot\s+sure\b|\bi\s+don['’]?t\s+know\b|^\+\s?1\b",
    re.IGNORECASE,
)
"""A colleague who has the same question, or no answer to it yet."""
_POINTING = frozenset(
    """
    a about above advice all and answer any anybody anyone are at bot can check clue clues comment
    could do ever explain give got have hello help here hey hi how idea ideas if in input is it
    know look me mind morning on one opinion or out over please pls point question quick say see
    some someone take tell thanks that the there these they thing think this thoughts to too
    understand us view views what whats with would you your for of
    """.split()
)
MAX_POINTING_WORDS = 10
MAX_WORDS_BETWEEN_COLLEAGUES = 25
"""A longer message tells its story to whoever knows."""


def is_for_somebody(message: IncomingMessage) -> bool:
    """Whether a line is between colleagues: it mentions or calls a person, says "you", asks who
    of us, arranges something, or only grumbles."""
    text = message.text.strip()
    short = len(text.split()) <= MAX_WORDS_BETWEEN_COLLEAGUES
    among_us = (_AMONG_US, _ARRANGED, _TOLD, _GRUMBLES) if short else ()
    return (
        message.names_somebody
        or any(called.search(text) for called in _CALLED)
        or bool(_YOU.search(_ANYBODY.sub(" ", text)))
        or (_WHO.match(text) is not None and not _WHO_ANYBODY.search(text))
        or any(told.search(text) for told in among_us)
    )


def wonders_too(text: str) -> bool:
    """Whether a line in a thread only shares its question: "I was wondering that too"."""
    return _WONDERS_TOO.search(text) is not None


def points_at_thread(text: str) -> bool:
    """Whether a mention asks nothing itself, but of what stands above it: "any ideas?"."""
    words = re.findall(r"[a-z0-9_]+", text.casefold().replace("’", "").replace("'", ""))
    return len(words) <= MAX_POINTING_WORDS and all(word in _POINTING for word in words)

"""What mails and chats put around their words: who wrote when, and the mail that is answered."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["without_heads", "without_older_mail", "without_stamps"]

_ON = r"(?:\d{1,2}[/.]\d{1,2}(?:[/.](?:20)?\d\d)?,?[ \t])?"
"""The day in front of a time: "02/11/2026, 10:02"."""
_STAMP = re.compile(
    r"^[ \t>*]{0,6}[^\W\d_][\w.'’ -]{1,40}?\*{0,2}[ \t]{1,4}"
    r"[\[(]?\d{1,2}:\d\d(?:[ \t]?[ap]m)?[\])]?[ \t*:]{0,3}$",
    re.IGNORECASE | re.MULTILINE,
)
"""Who wrote in a chat and when: "Priya [10:02]"."""
_LED = re.compile(
    rf"^[ \t>*]{{0,6}}[\[(]?{_ON}\d{{1,2}}:\d\d(?::\d\d)?(?:[ \t]?[ap]m)?[\])]?[ \t-]{{1,4}}"
    r"[^\W\d_][\w.'’ -]{0,30}:(?=[ \t])",
    re.IGNORECASE | re.MULTILINE,
)
"""The same in front of what was written: "[14:02] Sam: dob 14/02/2009"."""
_STAMPED = re.compile(
    rf"^[ \t>*]{{0,6}}[\[(]{_ON}\d{{1,2}}:\d\d(?::\d\d)?"
    r"(?:[ \t]?[ap]m)?[\])][ \t-]{1,4}(?-i:[^\W\d_a-z])[\w.'’-]{0,30}"
    r"(?: (?-i:[^\W\d_a-z])[\w.'’-]{0,30}){0,3}[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""The same on a line of its own, the time first: "[10:02] Nadia Korpela"."""
_NAMED_STAMP = re.compile(
    rf"^[ \t>*]{{0,6}}\[[^\W\d_][\w.'’ -]{{1,40}}?,?[ \t]{_ON}\d{{1,2}}:\d\d"
    r"(?:[ \t]?[ap]m)?\]:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""Both in brackets: "[Nadia 10:02]"."""
_GREETING = re.compile(
    r"^[ \t>]{0,6}(?:(?:hi|hiya|hello|hey|dear|morning|good morning|afternoon),?[ \t]{1,3})?"
    r"(?-i:[A-Z][a-z'’-]{1,20})(?: (?:and|&) (?-i:[A-Z][a-z'’-]{1,20}))?[ \t]?[,!.:–-]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that only says whom it is to, or whom from: "Maureen"."""
_HEAD = r"[ \t>*_]{0,8}(?:from|sent|to|cc|date|subject)[*_]{0,2}\s?:[^\n]*\n"
_OLDER = re.compile(
    rf"^(?:[ \t>]{{0,6}}-{{2,}} ?(?:original|forwarded) message ?-{{2,}}[^\n]*\n|(?:{_HEAD}){{2,6}}"
    r"|[ \t>]{0,6}on [^\n]{6,80} wrote:[ \t]*\n)",
    re.IGNORECASE | re.MULTILINE,
)


def without_stamps(text: str) -> str:
    """The text, of the same length, without the lines that say who wrote when, and to whom."""
    for pattern in (_STAMP, _LED, _STAMPED, _NAMED_STAMP, _GREETING):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text


_HEADS = re.compile(
    rf"^(?:(?:{_HEAD}){{2,8}}|[ \t>]{{0,6}}on [^\n]{{6,80}} wrote:[ \t]*\n)",
    re.IGNORECASE | re.MULTILINE,
)


def without_heads(text: str) -> str:
    """The text, of the same length, without what a mail's head says: who sent it and when."""
    return _HEADS.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def without_older_mail(text: str, is_record: Callable[[str], bool]) -> tuple[str, int | None]:
    """The text without the mail that it answers, where what stands above that is a record itself;
    and the line on which the older mail begins."""
    match = _OLDER.search(text)
    if match is None or not match.start() or not is_record(text[: match.start()]):
        return text, None
    return text[: match.start()], text.count("\n", 0, match.start()) + 1

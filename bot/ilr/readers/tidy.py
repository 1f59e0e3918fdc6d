"""Pasted text without what chat programs, viewers and word processors put into it.

A line stays a line, so that line numbers keep pointing into what was pasted.
"""

from __future__ import annotations

import html
import re

from bot.ilr.raw import Remark
from bot.ilr.readers.answered import answered
from bot.ilr.readers.change_logs import changes_told
from bot.ilr.readers.ticked import ticked

__all__ = ["escaped", "named_tags", "one_newline", "tidy", "without_links"]

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202c"))
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u200a\u202f\u2002\u2003\u3000"), " ")
_HARD = re.compile("[" + "".join(map(chr, [*_INVISIBLE, *_SPACES])) + "]")
_FENCE = re.compile(r"^\s*(?:```|~~~)[\w+-]{0,20}\s*$")
_LINK = re.compile(r"<((?:https?|mailto|tel):[^<>|\n]{0,2000})(?:\|([^<>\n]{0,2000}))?>")
_QUOTE = re.compile(r"^[ \t]*(?:(?:>|&gt;)[ \t]?)+")
_NUMBERED = re.compile(r"^[ \t]{0,12}(\d{1,7})(?:[ \t]{0,3}[:.|)][ \t]?|[ \t]+|$)")
_TIGHT = re.compile(
    r"(?<![\d/])(\d{1,2}/\d{1,2}/(?:\d{4}|\d\d))[-–](?=\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)(?!\d))"
)
"""A range without a space: "07/09/2026-02/07/2027"."""
_TAG_ESCAPED = re.compile(r"&(?:amp;)?lt;\s?/?[A-Za-z]")
_TAG = re.compile(r"<\s?/?[A-Za-z]")


_NAMED_TAG = re.compile(
    r"<(\w{1,30})\s+name\s?=\s?[\"']([A-Za-z]\w{1,40})[\"']\s?>([^<]*)</\1>", re.IGNORECASE
)


def named_tags(text: str) -> str:
    """Databases' <COLUMN NAME="LEARNAIMREF">…</COLUMN> as <LEARNAIMREF>…</LEARNAIMREF>."""
    if "name" not in text and "NAME" not in text:
        return text
    return _NAMED_TAG.sub(r"<\2>\3</\2>", text)


def one_newline(text: str) -> str:
    """Line ends as one character, as editors count lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def escaped(text: str) -> bool:
    """Whether tags are written as entities (&lt;Learner&gt;) and not as tags."""
    return bool(_TAG_ESCAPED.search(text)) and not _TAG.search(without_links(text))


def without_links(text: str) -> str:
    """Slack's <url|label> as the label, and <mailto:…> as the address."""
    if "<http" not in text and "<mailto:" not in text and "<tel:" not in text:
        return text
    return _LINK.sub(_link, text)


def _link(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    address = match[1]
    return address if address.startswith("http") else address.partition(":")[2]


def tidy(text: str, remarks: list[Remark]) -> str:
    """The text with as many lines as before, and remarks on what may have changed a value."""
    text = without_links(one_newline(text))
    text = _without_odd_spaces(text, remarks)
    for _ in range(3):
        if not escaped(text):
            break
        lines = text.split("\n")
        text = "\n".join(re.sub(r"[\r\n\v\f]", " ", html.unescape(line)) for line in lines)
        text = _without_odd_spaces(text, [])
    lines = _unnumbered(_unquoted(text.split("\n")))
    lines = [_TIGHT.sub(r"\1 - ", line) for line in lines]
    return answered(ticked(changes_told("\n".join(_unfenced(lines)), remarks)))


def _without_odd_spaces(text: str, remarks: list[Remark]) -> str:
    found = _HARD.search(text)
    if found is None:
        return text
    # A mark at the very start is how a file says that it is Unicode.
    if found.start() > 0 or _HARD.search(text, 1):
        line = text.count("\n", 0, found.start()) + 1
        remarks.append(
            Remark(
                line,
                "Invisible or non-breaking spaces were read as plain ones or left out, "
                "from this line on. A file for submission should not hold them.",
            )
        )
    return text.translate(_INVISIBLE).translate(_SPACES)


def _unquoted(lines: list[str]) -> list[str]:
    """Without the "> " of quoted mail and chat; a ">" that ends a tag is left alone."""
    if not any(_QUOTE.match(line) for line in lines):
        return lines
    kept: list[str] = []
    inside_tag = False
    for line in lines:
        if not inside_tag:
            line = _QUOTE.sub("", line)
        last_open, last_close = line.rfind("<"), line.rfind(">")
        inside_tag = last_open > last_close or (inside_tag and last_close < 0)
        kept.append(line)
    return kept


def _unnumbered(lines: list[str]) -> list[str]:
    """Without line numbers that were copied along: lines that follow each other count up.

    Words around them (a chat's first and last line) have none.
    """
    kept = list(lines)
    for first, last in _counted(lines):
        rest = {at: lines[at] for at in range(first, last + 1)}
        for at, line in rest.items():
            if found := _NUMBERED.match(line):
                rest[at] = line[found.end() :]
        filled = [line.lstrip() for line in rest.values() if line.strip()]
        tagged = sum(line.startswith("<") for line in filled)
        labelled = 0
        # With a heading above them, numbers are a column of a table.
        if len(filled) == sum(bool(line.strip() and not _FENCE.match(line)) for line in lines):
            labelled = sum(bool(re.match(r"[A-Za-z][\w ]{1,40}[:=\t]", line)) for line in filled)
        if (tagged + labelled) * 2 >= len(filled) > 0:
            for at, line in rest.items():
                kept[at] = line
    return kept


def _counted(lines: list[str]) -> list[tuple[int, int]]:
    """First and last of each run of two or more lines whose numbers count up by one."""
    runs: list[tuple[int, int]] = []
    first = last = number = -1
    for at, line in enumerate(lines):
        found = _NUMBERED.match(line)
        if found is None and (not line.strip() or _FENCE.match(line)):
            continue
        counted = found is not None and int(found[1]) == number + 1 and last >= 0
        if not counted:
            if last > first >= 0:
                runs.append((first, last))
            first = at if found else -1
        last, number = (at, int(found[1])) if found else (-1, -1)
    return [*runs, (first, last)] if last > first >= 0 else runs


def _unfenced(lines: list[str]) -> list[str]:
    kept = []
    for line in lines:
        if _FENCE.match(line):
            kept.append("")
            continue
        if "```" in line:
            line = line.replace("```", " ")
        kept.append(line)
    return kept

"""Forms with boxes: of "Sex: [ ] Male  [x] Female" the option that is ticked is the value."""

from __future__ import annotations

import re

__all__ = ["ticked"]

_BOX = re.compile(r"\[ ?[xX✓✔•]? ?\]|[☐☑☒✓✔]|\((?: |[xX•])\)")
_TICK = re.compile(r"[xX✓✔•☑☒]")
_NAME = r"[A-Za-z][A-Za-z0-9 /&().'’?-]{1,90}?\s?[:?]"
_FIELD = re.compile(
    rf"(?P<name>(?:^|(?<=\s\s)|(?<=\t)){_NAME})(?P<gap>\s{{1,9}})(?P<options>\S.*?)"
    rf"(?=\s{{2,}}{_NAME}\s|\t+{_NAME}|\s*$)"
)


def ticked(text: str) -> str:
    """The text with what is ticked in place of the options; lines stay lines.

    With nothing ticked the value is blank; of several that are, each is kept.
    """
    if not _BOX.search(text):
        return text
    return "\n".join(
        _FIELD.sub(_chosen, line) if _BOX.search(line) else line for line in text.split("\n")
    )


def _chosen(match: re.Match[str]) -> str:
    options = match["options"].strip()
    boxes = list(_BOX.finditer(options))
    if not boxes or not (boxes[0].start() == 0 or boxes[-1].end() == len(options)):
        return match[0]
    if boxes[0].start() == 0:
        ends = [*(box.start() for box in boxes[1:]), len(options)]
        said = [options[box.end() : end] for box, end in zip(boxes, ends, strict=True)]
    else:
        starts = [0, *(box.end() for box in boxes[:-1])]
        said = [options[start : box.start()] for start, box in zip(starts, boxes, strict=True)]
    chosen = [
        words.strip(" \t,;/|")
        for box, words in zip(boxes, said, strict=True)
        if _TICK.search(box[0])
    ]
    name = match["name"].rstrip("?: ")
    return f"{name}: {', '.join(chosen)}"

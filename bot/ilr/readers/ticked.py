"""Forms with boxes: of "Sex: [ ] Male  [x] Female" the option that is ticked is the value."""

from __future__ import annotations

import re

from bot.ilr.readers.names import names

__all__ = ["ticked"]

_BOX = re.compile(r"\[ ?[xX✓✔•]? ?\]|[☐☑☒✓✔]|\((?: |[xX•])\)")
_TICK = re.compile(r"[xX✓✔•☑☒]")
_NAME = r"[A-Za-z][A-Za-z0-9 /&,().'’?-]{1,90}?\s?[:?]"
_FIELD = re.compile(
    rf"(?P<name>(?:^|(?<=\s\s)|(?<=\t)){_NAME})(?P<gap>\s{{1,40}})(?P<options>\S.*?)"
    rf"(?=\s{{2,}}{_NAME}\s|\t+{_NAME}|\s*$)"
)
_QUESTION = re.compile(r"[A-Z][A-Za-z0-9 /&,().'’-]{10,120}\?")
_GAP = re.compile(r"\t+|\s{2,}")
_TYPED = re.compile(r"[(\[]\s?([A-Z]{3})[ -]?(\d{1,3})\s?[)\]]$")
_HAVING = re.compile(r"^do(?:es)? (?:you|the (?:learner|student)) have (?:an? )?", re.IGNORECASE)
"""How a form asks: "Do you have an EHC plan?"."""
_CODED = re.compile(
    r"(?!(?i:no)\b)[A-Za-z][\w ,/&'’-]{1,60}?\s[-–—(]?\s?([A-Z]{3})[ -]?(\d{1,3})\)?"
)
"""An option with the type and the code that it stands for: "Yes - FME 2"."""
_YES, _NO = frozenset({"yes", "y", "true"}), frozenset({"no", "n", "false"})


def ticked(text: str) -> str:
    """The text with what is ticked in place of the options; lines stay lines.

    With nothing ticked the value is blank; of several that are, each is kept.
    """
    if not _BOX.search(text):
        return text
    return "\n".join(
        _FIELD.sub(_chosen, _in_cells(line)) if _BOX.search(line) else line
        for line in _beside_their_question(text.split("\n"))
    )


def _beside_their_question(lines: list[str]) -> list[str]:
    """Lines with the boxes of a question beside it, where a form has them on the line below."""
    for at in range(len(lines) - 1):
        asked, below = lines[at].strip(), lines[at + 1].strip()
        if _QUESTION.fullmatch(asked) and _BOX.match(below) and not _BOX.search(asked):
            lines[at], lines[at + 1] = f"{asked}   {below}", ""
    return lines


def _in_cells(line: str) -> str:
    """A line of cells where a name without a mark stands before its options: "Aim type  [ ] 4
    [x] 5     FM  [x] 25  [ ] 82"."""
    cells = [cell for cell in _GAP.split(line.strip()) if cell]
    boxed = [bool(_BOX.match(cell)) for cell in cells]
    if len(cells) < 2 or boxed[0] or line.count(":") or any(map(_has_more, cells)):
        return line
    made: list[str] = []
    at = 0
    while at < len(cells):
        made.append(cells[at])
        at += 1
        options = []
        while at < len(cells) and boxed[at]:
            options.append(cells[at])
            at += 1
        if not options:
            continue
        if not names().look_up(made[-1]).known:
            # "hours 280     Mode  [x] 2": whose options they are has to be certain.
            return line
        ticks = [_BOX.sub("", one, count=1).strip() for one in options if _TICK.search(_mark(one))]
        made += [", ".join(ticks)] if ticks else []
    return "   ".join(made)


def _has_more(cell: str) -> bool:
    """Whether a box stands behind words: it may be theirs."""
    found = _BOX.search(cell)
    return found is not None and found.start() > 0


def _mark(cell: str) -> str:
    found = _BOX.match(cell)
    return found[0] if found else ""


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
    asked = _HAVING.sub("", name)
    name = asked if names().look_up(asked).known else name
    if (typed := _TYPED.search(name)) and len(chosen) <= 1:
        # The tick says whether the code in the name holds: "Free meals (FME 2): [ ] Yes [x] No".
        answer = chosen[0].casefold() if chosen else "no"
        if answer in _YES | _NO:
            return f"{typed[1]}: {typed[2] if answer in _YES else ''}"
    coded = _CODED.fullmatch(chosen[0]) if len(chosen) == 1 else None
    if coded is not None and names().owner_of_type(coded[1]) is not None:
        # "Bursary:  [X] Discretionary - LSR 56   [ ] Vulnerable - LSR 55"
        return f"{coded[1]}: {coded[2]}"
    return f"{name}: {', '.join(chosen)}"

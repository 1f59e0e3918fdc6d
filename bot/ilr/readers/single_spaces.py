"""Tables whose tabs became single spaces: which column a value stands under is told by the forms of
all values in the row, and by nothing else where several ways fit.

    LearnRef Name Aim Seq Start PlanEnd ActEnd FM SOF Comp Outcome
    R10442 Ola Berg 60149735 1 07/09/2026 02/07/2027 25 107 1
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.table_shape import UNTOLD

__all__ = ["SingleSpaces", "single_spaces"]

_MIN_COLUMNS, _MAX_COLUMNS, _MAX_WORDS = 5, 24, 30
_MOST_WAYS, _MOST_WORDS_IN_CELL = 400, 4
_CODE = re.compile(r"\d{1,3}")
_NAME = re.compile(r"[^\W\d_][\w'’-]*,?")
_ALWAYS = frozenset({"LearnRefNumber", "LearnAimRef", "LearnStartDate", "LearnPlanEndDate"})
"""What hardly any row of aims is without."""
LOST = (
    "The columns of this row are parted by single spaces, and some of its values fit several of "
    "them, so these were not read."
)
BY_FORM = (
    "The columns of this row are parted by single spaces. Which is which was told by the forms of "
    "its values: check it."
)
UNREAD = "The values of this row do not fit its columns, so it was not read."


@dataclass(slots=True)
class SingleSpaces:
    """The text with tabs between such cells, and what is to be said of its lines."""

    text: str
    remarks: dict[int, str] = field(default_factory=dict)


def single_spaces(text: str) -> SingleSpaces:
    """The text with the cells of such a table apart; as it was where it holds none."""
    lines = text.split("\n")
    for at in range(min(len(lines) - 1, 20)):
        labels = _heads(lines[at])
        if labels is None:
            continue
        made = _rows(lines, at, labels)
        if made is not None:
            return made
    return SingleSpaces(text)


def _heads(line: str) -> list[Label] | None:
    """What a line of single words heads, when all of them are columns' names."""
    words = line.split(" ")
    if not _MIN_COLUMNS <= len(words) <= _MAX_COLUMNS or re.search(r"[\t|;,]|\d{2}|\s{2}", line):
        return None
    labels = [names().look_up(word) for word in words]
    known = [label for label in labels if label.known]
    named = {name for label in known for _, name in label.places[:1]}
    if not all(label.known or label.person or label.ignored for label in labels):
        return None
    return labels if "LearnAimRef" in named and len(known) >= _MIN_COLUMNS - 1 else None


def _rows(lines: list[str], at: int, labels: list[Label]) -> SingleSpaces | None:
    made = SingleSpaces("")
    done = list(lines)
    done[at] = lines[at].replace(" ", "\t")
    ragged = good = 0
    for below in range(at + 1, len(lines)):
        words = lines[below].split()
        if not words:
            continue
        if len(words) < 3 or len(words) > _MAX_WORDS or "\t" in lines[below]:
            break
        ways = _ways(labels, words)
        if not ways:
            made.remarks[below + 1] = UNREAD
            continue
        good += 1
        ragged += len(words) != len(labels)
        sure = [
            values.pop() if len(values := {way[column] for way in ways}) == 1 else UNTOLD
            for column in range(len(labels))
        ]
        if UNTOLD in sure:
            made.remarks[below + 1] = LOST
        elif len(words) != len(labels):
            made.remarks[below + 1] = BY_FORM
        done[below] = "\t".join(sure)
    # Rows as wide as their headings are read without this.
    if not good or not ragged:
        return None
    for line in made.remarks:
        if made.remarks[line] == UNREAD:
            done[line - 1] = ""
    made.text = "\n".join(done)
    return made


def _ways(labels: list[Label], words: list[str]) -> list[tuple[str, ...]]:
    """Every way in which the words fill the columns in order, some of them left blank."""
    found: list[tuple[str, ...]] = []

    def fill(column: int, word: int, cells: tuple[str, ...]) -> None:
        if len(found) > _MOST_WAYS or len(words) - word > (len(labels) - column) * 4:
            return
        if column == len(labels):
            if word == len(words):
                found.append(cells)
            return
        most = _MOST_WORDS_IN_CELL if labels[column].person else 2
        for count in range(min(most, len(words) - word), 0, -1):
            cell = " ".join(words[word : word + count])
            if _holds(labels[column], cell):
                fill(column + 1, word + count, (*cells, cell))
        if not _needed(labels[column]):
            fill(column + 1, word, (*cells, ""))

    fill(0, 0, ())
    return found if len(found) <= _MOST_WAYS else []


def _needed(label: Label) -> bool:
    """Whether a column is hardly ever blank."""
    named = label.places[0][1] if label.places else ""
    return label.person or named in _ALWAYS


def _holds(label: Label, cell: str) -> bool:
    if label.person:
        return all(_NAME.fullmatch(word) for word in cell.split())
    if label.fam_type is not None:
        return bool(_CODE.fullmatch(cell))
    if not label.places:
        return " " not in cell
    plain = " " not in cell or label.places[0][1].endswith("ostcode")
    return plain and any(has_usual_form(name, cell) for _, name in label.places)

"""Tables that give a field and its value a row: "Learner, Aim, Field, Old, New"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.ilr.readers.names import names
from bot.ilr.readers.table_lines import cells_of

__all__ = ["NEW_WERE_READ", "field_column", "fields_across", "without_introduction"]

NEW_WERE_READ = "Old and new values stand beside each other; the new ones were read."
_FIELD = re.compile(r"(?:(?:ilr|data) )?(?:field|item|element|attribute)(?: ?names?)?", re.I)
_VALUE = re.compile(r"(?:(?:new|current|correct(?:ed)?|amended|updated) )?(?:value|data)?", re.I)
_OLD = re.compile(r"(?:old|previous|prev|former|current|was|before|from|existing)(?: value)?", re.I)
_NEW = re.compile(
    r"(?:new|now|correct(?:ed)?|amended|updated|should be|after|to|change to)(?: value)?", re.I
)
_MOST_FIELDS = 60


_INTRODUCED = re.compile(
    r"(?:^|(?<=\n))[ \t]*(?:the |my )?(?:columns|headings|headers|fields)"
    r"(?: are| in order(?: are)?)?[ \t]*[: ][ \t]*(?=[^\n]+[,\t|;][^\n]+[,\t|;])",
    re.IGNORECASE,
)
"""Words in front of headings: "columns are ref, uln, aim, start"."""


def without_introduction(text: str) -> str:
    """The text without such words in front of its first headings."""
    return _INTRODUCED.sub("", text, count=1)


def fields_across(text: str) -> tuple[str, int | None]:
    """The text with such a table as one column a field, what has the same key in one row; and the
    line of the heading when old values beside the new ones were left out."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:40]):
        separator = next((mark for mark in "\t|" if line.count(mark) >= 2), "")
        heads = cells_of(line, separator) if separator else ()
        found = _columns(heads)
        if found is None:
            continue
        named, value, former = found
        rows = []
        for below in range(at + 1, len(lines)):
            cells = cells_of(lines[below], separator)
            if len(cells) <= max(named, value):
                break
            rows.append((below, cells))
        said = list(dict.fromkeys(cells[named] for _, cells in rows))
        if not 0 < len(said) <= _MOST_FIELDS or not all(names().look_up(s).known for s in said):
            return text, None
        keys = [n for n in range(len(heads)) if n not in {named, value, former}]
        lines[at] = "\t".join([*(heads[n] for n in keys), *said])
        made: dict[tuple[str, ...], tuple[int, dict[str, str]]] = {}
        for below, cells in rows:
            key = tuple(cells[n] if n < len(cells) else "" for n in keys)
            lines[below] = ""
            made.setdefault(key, (below, {}))[1][cells[named]] = cells[value]
        for key, (below, values) in made.items():
            lines[below] = "\t".join([*key, *(values.get(name, "") for name in said)])
        return "\n".join(lines), at + 1 if former is not None else None
    return text, None


def _columns(heads: tuple[str, ...]) -> tuple[int, int, int | None] | None:
    """Where the fields' names, their values and their former values stand; a column before them
    has to say whose they are."""
    named = field_column(heads)
    if named is None or not any(_says_whose(head) for head in heads[:named]):
        return None
    rest = range(named + 1, len(heads))
    new = [at for at in rest if _NEW.fullmatch(heads[at])]
    old = [at for at in rest if _OLD.fullmatch(heads[at]) and at not in new]
    plain = [at for at in rest if heads[at] and _VALUE.fullmatch(heads[at])]
    if len(new) == 1 and len(old) == 1:
        return named, new[0], old[0]
    return (named, plain[0], None) if len(plain) == 1 and not (new or old) else None


def _says_whose(head: str) -> bool:
    label = names().look_up(head)
    return bool(label.places) or label.person


def field_column(heads: Sequence[str]) -> int | None:
    """Which column holds names of fields: the only one headed "Field", with others behind it."""
    found = [at for at, head in enumerate(heads) if _FIELD.fullmatch(head)]
    return found[0] if len(found) == 1 and found[0] + 1 < len(heads) else None

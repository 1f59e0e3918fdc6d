"""Shapes of JSON that say the same in another way: fields as objects, objects by their key."""

from __future__ import annotations

import re
from typing import Any

from bot.ilr.readers.assembly import FIELDS, PARENTS
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.json_values import Leaf, Pairs
from bot.ilr.readers.names import Label, key, names

__all__ = ["LABELS", "VALUES", "as_record", "field_in", "in_columns", "parts_of"]

LABELS = frozenset({"label", "name", "field", "key", "caption", "title", "fieldName", "column"})
VALUES = frozenset({"value", "val", "text", "content", "fieldValue", "displayValue"})
_ENTITY_WORDS = {
    "LearningDelivery": "aim", "LearningDeliveryWorkPlacement": "placement", "Learner": "learner",
}  # fmt: skip
_WORDS_OF_CODE = frozenset({"label", "description", "text", "name", "title", "display", "desc"})
_KEYED = {"Learner": "LearnRefNumber", "LearningDelivery": "LearnAimRef"}


_SHORT = {
    "t": "type", "tp": "type", "ty": "type", "c": "code", "cd": "code", "cde": "code",
    "amt": "amount", "a": "amount", "dt": "date", "d": "date", "df": "date from",
    "dtfrom": "date from", "dtto": "date to", "cat": "category", "lvl": "level", "stat": "status",
}  # fmt: skip
"""Keys that an export cuts short, in objects of types and codes."""


def field_in(entity: str, name: str) -> Label:
    """What a key means in an entity: "ref" of an aim is its reference."""
    found = names().look_up(name)
    if (
        any(place[0] == entity for place in found.places)
        or found.fam_type
        or found.official
        or found.ignored
    ):
        return found
    if entity not in _ENTITY_WORDS:
        name = _SHORT.get(key(name), name)
        # "type" and "code" of a FAM, "occur" of a monitoring field.
        fields = FIELDS.get(entity, ())
        mine = [one for one in fields if key(one).endswith(key(name))]
        mine = mine or [one for one in fields if key(name) in key(one)]
        if key(name) in {"value", "text"}:
            mine = [
                one
                for one in FIELDS[entity]
                if entity.endswith("Monitoring") and (not one.endswith(("Occur", "Type", "Code")))
            ]
        if len(mine) == 1:
            return Label(name, ((entity, mine[0]),))
    word = _ENTITY_WORDS.get(entity)
    whole = names().look_up(f"{word} {name.replace('_', ' ')}") if word else found
    return whole if whole.known and whole.places[0][0] == entity else found


def as_record(value: Any) -> Any:
    """The value with fields that are objects ({"label": "Aim", "value": "60144455"}) as names
    with values, and with objects that stand under a reference as a list that holds it."""
    if isinstance(value, Pairs):
        made = Pairs((name, as_record(inner)) for name, inner in value)
        made.line = value.line
        if (coded := _coded(made)) is not None:
            return coded
        if len(made) == 1 and made[0][0].casefold() in _LISTS:
            inner = made[0][1]
            if isinstance(inner, Pairs) or (inner and made[0][0].casefold() in _ENVELOPES):
                return inner
        return _keyed(made)
    if isinstance(value, list) and value and all(map(_is_pair, value)):
        made = Pairs((one[0].text, one[1]) for one in value)
        made.line = value[0][0].line
        return made
    if isinstance(value, list) and value:
        fields = [_as_field(one) for one in value]
        named = [one for one in fields if one is not None]
        if len(named) == len(fields) and any(names().look_up(name).known for name, _ in named):
            made = Pairs(named)
            made.line = value[0].line
            return made
        return [as_record(one) for one in value]
    return value


_ENVELOPES = {"edges", "nodes", "items", "results", "list", "collection"}
_LISTS = {"fields", "data", "values", "record", "form", "properties", "node"} | _ENVELOPES
_CODES = frozenset({"code", "value", "id", "key"})
_WORDS = frozenset(
    "description desc label name text title display displayvalue displayname".split()
)


def _coded(pairs: Pairs) -> Leaf | None:
    """The code of {"code": 25, "description": "16-19"}, which is a value with its words."""
    held = {name.casefold(): inner for name, inner in pairs}
    codes, words = _CODES & set(held), _WORDS & set(held)
    if len(codes) != 1 or not words or len(codes | words) != len(held):
        return None
    said = [inner for name, inner in held.items() if name in words]
    if any(isinstance(one, Leaf) and names().look_up(one.text).known for one in said):
        return None  # {"label": "Aim", "value": "60144455"} is a field
    inner = held[next(iter(codes))]
    return inner if isinstance(inner, Leaf) and len(inner.text) <= _LONGEST_CODE else None


_LONGEST_CODE = 10
_PARTS = re.compile(
    r"(?:key|aim|learning|placement|personal)?(?:dates?|details?|info|names?|person|personal|employer"
    r"|attributes|fields|properties|status|completion|funding|identifiers?|period)",
    re.IGNORECASE,
)


def parts_of(entity: str, name: str, inner: Any) -> list[tuple[str, Leaf]]:
    """What an object that only groups an entity's fields holds: "dates": {"start": …}."""
    if not isinstance(inner, Pairs) or not _PARTS.fullmatch(key(name)):
        return []
    found, strange = [], []
    for one, value in inner:
        if not isinstance(value, Leaf):
            return []
        for said in (one, f"{name} {one}"):
            label = field_in(entity, said)
            of_type = label.fam_type is not None and PARENTS.get(label.places[0][0]) == entity
            if of_type or any(place[0] == entity for place in label.places):
                found.append((said, value))
                break
        else:
            # To be remarked; the words beside a code are its own.
            strange += [] if key(one) in _WORDS_OF_CODE else [(one, value)]
    return [*found, *strange] if found else []


def _is_pair(value: Any) -> bool:
    """Whether a list is a known name and its value."""
    if not isinstance(value, list) or isinstance(value, Pairs) or len(value) != 2:
        return False
    return all(isinstance(one, Leaf) for one in value) and names().look_up(value[0].text).known


def in_columns(value: Any) -> list[Pairs]:
    """Rows of an object that holds a column under each name: {"LearnAimRef": ["…", "…"]}."""
    if not isinstance(value, Pairs) or len(value) < 2:
        return []
    columns = [
        [one for _, one in inner] if isinstance(inner, Pairs) else inner for _, inner in value
    ]
    if not all(
        isinstance(one, list) and one and all(isinstance(cell, Leaf) for cell in one)
        for one in columns
    ):
        return []
    known = [name for name, _ in value if names().look_up(name).known]
    if len(known) < 2 or len({len(one) for one in columns}) != 1:
        return []
    rows = []
    for cells in zip(*columns, strict=True):
        row = Pairs((name, cell) for (name, _), cell in zip(value, cells, strict=True))
        row.line = cells[0].line
        rows.append(row)
    return rows


def _as_field(value: Any) -> tuple[str, Leaf] | None:
    if not isinstance(value, Pairs) or not 2 <= len(value) <= 6:
        return None
    held = dict(value)
    label = next((held[name] for name in LABELS if isinstance(held.get(name), Leaf)), None)
    text = next((held[name] for name in VALUES if isinstance(held.get(name), Leaf)), None)
    return (label.text, text) if label is not None and text is not None else None


def _keyed(pairs: Pairs) -> Any:
    """Objects under their reference or their number as a list of them."""
    if not pairs or not all(isinstance(inner, Pairs) for _, inner in pairs):
        return pairs
    if any(names().look_up(name).known or names().heading(name) for name, _ in pairs):
        return pairs
    owner = _owner([inner for _, inner in pairs])
    if owner not in _KEYED:
        return pairs
    made = []
    for name, inner in pairs:
        field = _KEYED[owner]
        if owner == "LearningDelivery" and re.fullmatch(r"[1-9]\d?", name):
            field = "AimSeqNumber"
        if not has_usual_form(field, name):
            return pairs
        held = {place[1] for one, _ in inner for place in field_in(owner, one).places[:1]}
        one = Pairs(inner)
        one.line = inner.line
        if field not in held:
            one.insert(0, (field, Leaf(name, inner.line)))
        made.append(one)
    return made


def _owner(objects: list[Pairs]) -> str:
    """Whose fields most of the names in objects are."""
    tally = dict.fromkeys(_KEYED, 0)
    for one in objects:
        for name, inner in one:
            if isinstance(inner, Leaf):
                for owner in _KEYED:
                    label = field_in(owner, name)
                    tally[owner] += bool(label.known and label.places[0][0] == owner)
            elif names().heading(key(name)) == "LearningDelivery":
                tally["Learner"] += 2
    best = max(tally, key=lambda owner: tally[owner])
    return best if tally[best] else ""

"""A rule that the record breaks: where, and with which values."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from bot.ilr.record import ENTITIES, PERSONAL_FIELDS, Aim, Entity, Message
from bot.rules.catalogue import Rule
from bot.rules.reference.describe import AimDetails

__all__ = ["RuleFinding", "aim_of", "values_of"]


class RuleFinding(NamedTuple):
    """A rule that the record breaks, and where."""

    rule: Rule
    entity: Entity
    values: dict[str, str]
    """Field → value as typed; personal fields say "(not shown)"."""
    aim_details: AimDetails | None
    """What LARS says of its aim; None without LARS."""
    decided_by: dict[str, str]
    """What the rule worked out: an age, a status, a number of days, a day compared with."""

    @property
    def aim(self) -> Aim | None:
        """The aim it belongs to, if any."""
        return aim_of(self.entity)

    @property
    def line(self) -> int | None:
        """Line of the first of its fields that was returned, else of its element."""
        texts = self.entity.texts
        for name in _names(self.rule.fields):
            if name in texts:
                return self.entity.line_of(name)
        return self.entity.line


@lru_cache(maxsize=2048)
def _names(fields: tuple[str, ...]) -> tuple[str, ...]:
    """``FundModel`` of ``LearningDelivery.FundModel``."""
    return tuple(name.rpartition(".")[2] for name in fields)


class _Shown(NamedTuple):
    """How a field is shown with a finding on an entity of some kind."""

    name: str
    owner: str
    above: int | None
    """How far above the entity its owner is; None where it is inside, or beside it."""
    is_personal: bool
    code: str | None
    """The code that is shown with a type, where the rule names both; "" for another field, None
    for such a code."""


@lru_cache(maxsize=4096)
def _shown_on(kind: str, fields: tuple[str, ...]) -> tuple[_Shown, ...]:
    above = {"": 0}
    at: type[Entity] | None = ENTITIES[kind]
    while at is not None:
        above[at.name] = len(above) - 1
        at = at.within
    parted = [name.rpartition(".") for name in fields]
    return tuple(
        _Shown(
            name,
            owner,
            above.get(owner),
            name in PERSONAL_FIELDS,
            _paired_with(fields, owner, name),
        )
        for owner, _, name in parted
    )


def values_of(rule: Rule, entity: Entity) -> dict[str, str]:
    """The catalogue's fields as they stand here: on the entity, or on what it stands in.

    A field of something inside the entity, or beside it in the same learner, shows its distinct
    values, at most five; a type and its code stay together, under the type.
    """
    values: dict[str, str] = {}
    for name, owner, above, is_personal, code in _shown_on(entity.name, rule.fields):
        at: Entity | None = None if above is None else entity
        while above and at is not None:
            at, above = at.parent, above - 1
        if at is not None:
            text = at.texts.get(name, "")
        elif code is not None:
            text = _shown_nearby(rule, _near(entity, owner), name, code)
        else:
            continue
        values[name] = "(not shown)" if text and is_personal else text
    return values


def _shown_nearby(rule: Rule, near: list[Entity], name: str, code: str) -> str:
    """What elements beside or inside an entity have in a field, with its code if there is one."""
    if code and len(near) > 1:
        near = _named_in(rule, near, name)
    if len(near) == 1:
        return _shown_together(near[0].texts, name, code) if code else near[0].texts.get(name, "")
    shown = [_shown_together(one.texts, name, code) for one in near]
    distinct = [text for text in dict.fromkeys(shown) if text]
    return ", ".join(distinct[:5]) + " …" if len(distinct) > 5 else ", ".join(distinct)


def _shown_together(texts: dict[str, str], name: str, code: str) -> str:
    """A type with its code, or whichever of them there is."""
    first, second = texts.get(name, ""), texts.get(code, "")
    return f"{first} {second}" if first and second else first or second


def _paired_with(fields: tuple[str, ...], owner: str, name: str) -> str | None:
    """The code that is shown with a type, where the fields have both; "" for another field, None
    for such a code."""
    if f"{owner}.{name.removesuffix('Code')}Type" in fields:
        return None
    code = f"{name.removesuffix('Type')}Code"
    return code if name.endswith("Type") and f"{owner}.{code}" in fields else ""


def _near(entity: Entity, owner: str) -> list[Entity]:
    """The elements of a name in the nearest part of the learner that holds any."""
    if (parts := entity.children.get(owner)) and entity.name != owner:
        return parts
    at: Entity | None = entity
    while at is not None and not (at is not entity and isinstance(at, Message)):
        found = [at] if at.name == owner else _inside(at, owner)
        if found:
            return found
        at = at.parent
    return []


def _inside(entity: Entity, name: str) -> list[Entity]:
    """Every element of a name in an entity."""
    found = list(entity.children.get(name, ()))
    for group in () if found else entity.children.values():
        for child in group:
            if child.children:
                found += _inside(child, name)
    return found


def _named_in(rule: Rule, near: list[Entity], type_name: str) -> list[Entity]:
    """Those whose type the rule's own words name (MCF, say), if any is; else all."""
    words = _types_named(rule.title, rule.message)
    return [one for one in near if one.texts.get(type_name, "") in words] or near


@lru_cache(maxsize=2048)
def _types_named(title: str, message: str) -> frozenset[str]:
    return frozenset(re.findall(r"[A-Z]{3}", f"{title} {message}"))


def aim_of(entity: Entity) -> Aim | None:
    """The aim that something is or stands in."""
    at: Entity | None = entity
    while at is not None:
        if isinstance(at, Aim):
            return at
        at = at.parent
    return None

"""A rule that the record breaks: where, with which values, and in which order to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.ilr.record import PERSONAL_FIELDS, Aim, Entity, Message
from bot.rules.catalogue import Rule, Severity
from bot.rules.reference.describe import AimDetails

__all__ = ["RuleFinding", "aim_of", "values_of", "worst_first"]


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """A rule that the record breaks, and where."""

    rule: Rule
    entity: Entity
    values: dict[str, str]
    """Field → value as typed; personal fields say "(not shown)"."""
    aim_details: AimDetails | None = None
    """What LARS says of its aim; None without LARS."""
    decided_by: dict[str, str] = field(default_factory=dict)
    """What the rule worked out: an age, a status, a number of days, a day compared with."""

    @property
    def aim(self) -> Aim | None:
        """The aim it belongs to, if any."""
        return aim_of(self.entity)

    @property
    def line(self) -> int | None:
        """Line of the first of its fields that was returned, else of its element."""
        for name in self.rule.fields:
            field_name = name.rpartition(".")[2]
            if field_name in self.entity.raw:
                return self.entity.line_of(field_name)
        return self.entity.line


def values_of(rule: Rule, entity: Entity) -> dict[str, str]:
    """The catalogue's fields as they stand here: on the entity, or on what it stands in.

    A field of something inside the entity, or beside it in the same learner, shows its distinct
    values, at most five; a type and its code stay together, under the type.
    """
    values: dict[str, str] = {}
    fields = rule.fields
    for name in fields:
        owner, _, field_name = name.rpartition(".")
        at: Entity | None = entity
        while at is not None and owner and at.name != owner:
            at = at.parent
        if at is not None:
            text = at.shown(field_name)
        elif f"{name.removesuffix('Code')}Type" in fields:
            continue  # it is shown with its type
        else:
            code = f"{field_name.removesuffix('Type')}Code"
            paired = field_name.endswith("Type") and f"{owner}.{code}" in fields
            near = _near(entity, owner)
            if paired:
                near = _named_in(rule, near, field_name)
            names = (field_name, code) if paired else (field_name,)
            shown = (" ".join(filter(None, map(one.shown, names))) for one in near)
            distinct = list(dict.fromkeys(filter(None, shown)))
            text = ", ".join(distinct[:5]) + (" …" if len(distinct) > 5 else "")
        if field_name in PERSONAL_FIELDS and text:
            text = "(not shown)"
        values[field_name] = text
    return values


def _near(entity: Entity, owner: str) -> list[Entity]:
    """The elements of a name in the nearest part of the learner that holds any."""
    at: Entity | None = entity
    while at is not None and not (at is not entity and isinstance(at, Message)):
        found = [one for one in at.walk() if one.name == owner]
        if found:
            return found
        at = at.parent
    return []


def _named_in(rule: Rule, near: list[Entity], type_name: str) -> list[Entity]:
    """Those whose type the rule's own words name (MCF, say), if any is; else all."""
    words = set(re.findall(r"[A-Z]{3}", f"{rule.title} {rule.message}"))
    return [one for one in near if one.shown(type_name) in words] or near


def aim_of(entity: Entity) -> Aim | None:
    """The aim that something is or stands in."""
    at: Entity | None = entity
    while at is not None:
        if isinstance(at, Aim):
            return at
        at = at.parent
    return None


_ORDER = {Severity.ERROR: 0, Severity.CHECK: 1, Severity.WARNING: 2, Severity.OFF: 3}


def worst_first(findings: Iterable[RuleFinding]) -> list[RuleFinding]:
    """Errors, then checks, then warnings; within each what is wrong before what is missing.

    A paste is often trimmed, and its blanks would bury the clash it was pasted for.
    """
    return sorted(
        findings,
        key=lambda f: (
            _ORDER[f.rule.severity],
            f.rule.id.endswith("_MA"),
            f.line or 0,
            f.rule.id,
        ),
    )

"""Part of a record: rules may conclude nothing from what was not pasted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from bot.ilr.absent import NOT_PASTED, CannotTell, hiding
from bot.ilr.record import Entity, field_names

__all__ = ["Fragment", "reason_for_all"]


@lru_cache(maxsize=1024)
def _with_blanks(kind: type[Entity], blank: tuple[str, ...]) -> type[Entity]:
    """A class whose ``of`` has no children of the kinds that were pasted as blank."""
    if not blank:
        return kind

    def of(self: Entity, wanted: type[Entity]) -> list[Entity]:
        if wanted.name in blank:
            return []
        raise CannotTell(NOT_PASTED)

    return type(kind.__name__, (kind,), {"of": of})


class Fragment:
    """The partial entities of a record, and whether what they lack may be asked for.

    While a rule runs, the fields and children that were not pasted raise ``CannotTell``. Rules
    that hold on a part as on the whole (two placements with one start date) are run with them
    shown, as absent.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._partial = [entity for entity in entities if entity.partial]
        self._shown = [type(entity) for entity in self._partial]
        self._hidden = [
            # Every list of children is asked for through ``of``.
            _with_blanks(
                hiding(kind, [*_not_pasted(entity, kind), "of"], NOT_PASTED),  # type: ignore[arg-type]  # a class is hashable
                tuple(entity.blank),
            )
            for entity, kind in zip(self._partial, self._shown, strict=True)
        ]

    def hide_missing(self) -> None:
        """What was not pasted raises ``CannotTell`` when asked for."""
        for entity, kind in zip(self._partial, self._hidden, strict=True):
            entity.__class__ = kind

    def show_missing(self) -> None:
        """What was not pasted reads as absent."""
        for entity, kind in zip(self._partial, self._shown, strict=True):
            entity.__class__ = kind

    def __bool__(self) -> bool:
        return bool(self._partial)


def _not_pasted(entity: Entity, kind: type[Entity]) -> list[str]:
    names = _names(kind)  # type: ignore[arg-type]  # a class is hashable
    return [name for name in names if name not in entity.texts]


@lru_cache(maxsize=256)
def _names(kind: type[Entity]) -> list[str]:
    return field_names(kind)


def reason_for_all(kind: type[Entity], predicate: Callable[..., Any], *more: Any) -> str | None:
    """Why a rule can tell nothing of any entity of this class, whatever its values are.

    None when that depends on a value. ``predicate`` is called with an entity that has none:
    when it asks for what is hidden before it asks for anything else, it always does. In a table
    of thousands of rows that lack the same columns this is most of the rules.
    """
    try:
        predicate(_probe(kind)(None), *more)  # type: ignore[arg-type]  # a class is hashable
    except CannotTell as unknown:
        return unknown.reason
    except Exception:  # noqa: BLE001 - it came to a value, or to nothing it can use
        return None
    return None


class _AskedForValue(Exception):  # noqa: N818 - it is an outcome, not an error
    """A predicate asked a probe for something that differs from entity to entity."""


@lru_cache(maxsize=1024)
def _probe(kind: type[Entity]) -> type[Entity]:
    """A subclass with no values: only what its class computes or hides may be asked for."""

    def of_class(self: Entity, name: str) -> Any:
        found = next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)
        if hasattr(found, "__get__") or name.startswith("__"):
            return object.__getattribute__(self, name)
        raise _AskedForValue

    def without_values(self: Entity, parent: Entity | None) -> None:
        pass

    return type(kind.__name__, (kind,), {"__getattribute__": of_class, "__init__": without_values})

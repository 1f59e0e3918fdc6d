"""Part of a record: rules may conclude nothing from what was not pasted."""

from __future__ import annotations

from bot.ilr.absent import NOT_PASTED, CannotTell, hiding
from bot.ilr.record import Entity, field_names

__all__ = ["Fragment"]


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

    def __init__(self, root: Entity) -> None:
        self._partial = [entity for entity in root.walk() if entity.partial]
        self._shown = [type(entity) for entity in self._partial]
        self._hidden = [
            # Every list of children is asked for through ``of``.
            _with_blanks(
                hiding(
                    kind, [*(n for n in field_names(kind) if n not in entity.raw), "of"], NOT_PASTED
                ),
                entity.blank,
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

"""Lists whose parts are not made alike, so that a value may be another's."""

from __future__ import annotations

from collections import Counter

from bot.ilr.raw import RawEntity
from bot.ilr.readers.listing import KEYS, Listing

__all__ = ["irregular"]


def irregular(listing: Listing) -> list[tuple[str, RawEntity]]:
    """Entities of a headless list that are not made as the others are: a line is missing,
    too many or elsewhere, so that a value may be another's. With their kind."""
    found = []
    for kind, siblings in listing.headless.items():
        if kind not in KEYS:
            continue
        behind = [one for one in siblings if _came_behind(one)]
        if len(behind) < len(siblings) or any(map(_on_both_sides, behind)):
            found += [(child.name, child) for one in behind for child in one.children]
        if len(siblings) < 2:
            continue
        orders = [tuple(item.name for item in one.fields) for one in siblings]
        times = Counter(orders)
        usual = max(times, key=lambda order: (len(order), times[order]))
        unnamed = any(KEYS[kind] not in order for order in times)
        for at, (one, order) in enumerate(zip(siblings, orders, strict=True)):
            known = [name for name in usual if name in order]
            moved = [name for name in order if name in usual] != known
            before = set(orders[at - 1]) if at else set()
            halves = at > 0 and len(before & set(order)) <= 1
            halves = halves and len(before | set(order)) <= len(usual) + 1
            headed = KEYS[kind] in order and order[0] != KEYS[kind]
            named = [item.line for item in one.fields if item.name in (order[0], KEYS[kind])]
            headed = headed and len(set(named)) > 1
            late = headed and unnamed
            alone = len(order) == 1 and len(usual) > 2
            if moved or late or alone or (halves and len(order) < len(usual)):
                found.append((kind, one))
            if alone and at + 1 < len(siblings):
                # Its own line, or the first line of the one below it, is the one too many.
                found.append((kind, siblings[at + 1]))
    return found


def _came_behind(entity: RawEntity) -> bool:
    """Whether a part of it stands above its own first line."""
    lines = [item.line or 0 for item in entity.fields]
    return any((child.line or 0) < min(lines, default=0) for child in entity.children)


def _on_both_sides(entity: RawEntity) -> bool:
    """Whether parts of it stand above its own first line, and others below."""
    first = min((item.line or 0 for item in entity.fields), default=0)
    return any((child.line or 0) > first for child in entity.children)

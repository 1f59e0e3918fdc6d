"""The code lists of the specification, as the readers ask them: every code that a field ever had,
and which of them words stand for."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from bot.ilr.specification import FieldRow, load_specification
from bot.yaml_files import shipped_knowledge

__all__ = ["code_titled", "field_row", "whole_list"]

_MAX_CODES = 60
_LEAST_LETTERS = 4
"""A title of fewer ("M", "Yes") is more often something else."""


@lru_cache(maxsize=1)
def _rows() -> dict[str, FieldRow]:
    specification = load_specification(shipped_knowledge() / "ilr")
    return {row.name: row for entity in specification.rows.values() for row in entity.fields}


def field_row(name: str) -> FieldRow | None:
    """What the specification says of a field."""
    return _rows().get(name)


@lru_cache(maxsize=256)
def whole_list(name: str) -> frozenset[str]:
    """Every code that a field ever had, when its list is complete and short."""
    row = field_row(name)
    if row is None or row.codes_complete is not True or not 0 < len(row.codes) <= _MAX_CODES:
        return frozenset()
    return frozenset(code.code for code in row.codes)


def code_titled(name: str, words: str) -> str | None:
    """The one code of a whole list that has these words for its title; None where none has, or
    more than one."""
    found = _titles(name).get(_plain(words), frozenset())
    return next(iter(found)) if len(found) == 1 else None


@lru_cache(maxsize=256)
def _titles(name: str) -> dict[str, frozenset[str]]:
    row = field_row(name) if whole_list(name) else None
    held: dict[str, set[str]] = defaultdict(set)
    for code in row.codes if row else ():
        if sum(map(str.isalpha, code.title)) >= _LEAST_LETTERS:
            held[_plain(code.title)].add(code.code)
    return {title: frozenset(codes) for title, codes in held.items()}


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())

"""All reference data that is held, opened when a rule first asks for it."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import HelpdeskError, InputError
from bot.ilr.absent import CannotTell
from bot.rules.catalogue import Need
from bot.rules.reference.lars import Lars
from bot.rules.reference.lists import Assessors, DevolvedPostcodes, Postcodes, Providers, Standards
from bot.rules.reference.loading import Release, load, release_of
from bot.rules.reference.provider import FILE_NAME, Provider, read_provider
from bot.rules.reference.tables import KINDS

__all__ = ["NO_REFERENCE", "ReferenceData", "add", "open_reference"]

log = logging.getLogger(__name__)
_T = TypeVar("_T")
_NEEDS = {
    "lars": Need.LARS,
    "postcodes": Need.POSTCODES,
    "devolved": Need.DEVOLVED,
    "assessors": Need.ASSESSORS,
    "providers": Need.ORGANISATIONS,
}
"""What a kind of file gives the rules."""
_OPENED = ("lars", "postcodes", "devolved", "assessors", "providers", "standards")
"""What is opened when it is first asked for, and then kept."""
_SEEN = "seen.json"


class ReferenceData:
    """What is held in one folder. ``available`` says which needs of the rules it meets."""

    def __init__(self, folder: Path | None = None, provider: Provider | None = None) -> None:
        self.folder = folder
        self._provider = provider
        self._left_open: list[object] = []
        self.described = lru_cache(maxsize=8)(self._described)
        """What rules ask, on a day: ``LARS of 24/09/2026 (65 days old); provider.yaml``; "" when
        nothing of it is held."""

    @cached_property
    def releases(self) -> list[Release]:
        """What is held, of each kind, in the order of ``KINDS``."""
        if self.folder is None:
            return []
        found = [release_of(self.folder / f"{kind.name}.db") for kind in KINDS]
        return [release for release in found if release]

    @cached_property
    def available(self) -> frozenset[Need]:
        """The needs that are met."""
        met = {_NEEDS[one.kind] for one in self.releases if one.kind in _NEEDS}
        provider = self._provider
        if provider is not None:
            met.add(Need.PROVIDER)
            if provider.contracts is not None:
                met.add(Need.CONTRACTS)
            if provider.he_funding_fields is not None:
                met.add(Need.HE_FUNDING)
            if provider.campuses is not None:
                met.add(Need.OWN_CAMPUSES)
            if provider.initiatives is not None:
                met.add(Need.INITIATIVES)
            if provider.courses is not None:
                met.add(Need.COURSES)
        return frozenset(met)

    def _described(self, today: date) -> str:
        named = [one.described(today) for one in self.releases if one.kind in _NEEDS]
        return "; ".join([*named, *([FILE_NAME] if self._provider is not None else [])])

    def to_json(self, today: date) -> list[dict[str, Any]]:
        """What rules ask, as a report names it."""
        return [one.to_json(today) for one in self.releases if one.kind in _NEEDS]

    @cached_property
    def lars(self) -> Lars:
        """LARS. Raises CannotTell when it is not held."""
        return self._open("lars", Lars)

    @cached_property
    def postcodes(self) -> Postcodes:
        """The postcode directory. Raises CannotTell when it is not held."""
        return self._open("postcodes", Postcodes)

    @cached_property
    def devolved(self) -> DevolvedPostcodes:
        """The devolved area postcodes. Raises CannotTell when they are not held."""
        return self._open("devolved", DevolvedPostcodes)

    @cached_property
    def assessors(self) -> Assessors:
        """The assessment organisations. Raises CannotTell when they are not held."""
        return self._open("assessors", Assessors)

    @cached_property
    def providers(self) -> Providers:
        """The list of UKPRNs. Raises CannotTell when it is not held."""
        return self._open("providers", Providers)

    @cached_property
    def standards(self) -> Standards | None:
        """The register of apprenticeship standards, which no rule asks; None when not held."""
        if self.folder is None or self.release("standards") is None:
            return None
        return Standards(self.folder / "standards.db")

    def release(self, kind: str) -> Release | None:
        """What is held of one kind; None when nothing is."""
        return next((one for one in self.releases if one.kind == kind), None)

    @property
    def provider(self) -> Provider:
        """The provider's own details. Raises CannotTell when they are not held."""
        if self._provider is None:
            raise CannotTell(f"needs {Need.PROVIDER}")
        return self._provider

    @property
    def has_provider(self) -> bool:
        """Whether the provider's own details are held."""
        return self._provider is not None

    @property
    def has_lars(self) -> bool:
        """Whether LARS is held."""
        return Need.LARS in self.available

    def lars_lacks(self, parts: Iterable[str]) -> list[str]:
        """What the LARS that is held lacks of these parts (``AnnualValue``,
        ``Standard.ApprenticeshipStandardTypeCode``), in words; nothing when it is not held."""
        if not self.has_lars:
            return []
        lacking = self.lars.lacking
        return list(dict.fromkeys(lacking[part] for part in parts if part in lacking))

    def has_lars_with(self, *parts: str) -> bool:
        """Whether LARS is held with these tables or columns."""
        return self.has_lars and not self.lars_lacks(parts)

    def open_anew(self) -> None:
        """Open each database again when it is next asked, as the copy of a process must: two may
        not read through one opening. What was open is the first one's, and is not closed here."""
        for name in _OPENED:
            if (opened := self.__dict__.pop(name, None)) is not None:
                self._left_open.append(opened)

    def _open(self, kind: str, opened: Callable[[Path], _T]) -> _T:
        need = _NEEDS[kind]
        if need not in self.available or self.folder is None:
            raise CannotTell(f"needs {need}")
        return opened(self.folder / f"{kind}.db")


NO_REFERENCE = ReferenceData()
"""Nothing is held."""


def open_reference(
    databases: Path, given: Path | None = None, *, today: date | None = None
) -> ReferenceData:
    """What is held in ``databases``, after loading what is new in the folder ``given``.

    A file of ``given`` that cannot be read is logged and left. Raises KnowledgeError for a
    provider.yaml with a mistake in it.
    """
    if given is not None:
        _load_new(given, databases, today or date.today())
    own = next(
        (
            folder / FILE_NAME
            for folder in (given, databases)
            if folder is not None and (folder / FILE_NAME).is_file()
        ),
        None,
    )
    held = databases if databases.is_dir() else None
    return ReferenceData(held, read_provider(own) if own else None)


def add(path: Path, databases: Path, *, today: date) -> Release | Provider:
    """Load a file in place of what was held of its kind; provider.yaml is checked and copied.

    Raises InputError or KnowledgeError, with the place, when it cannot be used.
    """
    if path.name == FILE_NAME:
        if not path.is_file():
            raise InputError(f"There is no file {path.name!r}.")
        provider = read_provider(path)
        databases.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, databases / FILE_NAME)
        return provider
    return load(path, databases, today=today)


def _load_new(given: Path, databases: Path, today: date) -> None:
    """Load the files of a folder that were not loaded before, in the order of their dates."""
    seen = _seen(databases)
    entries = [entry for entry in given.iterdir() if _is_data(entry)]
    for entry in sorted(entries, key=lambda entry: entry.stat().st_mtime):
        stat = entry.stat()
        mark = f"{entry.name} {stat.st_size} {stat.st_mtime_ns}"
        if mark in seen:
            continue
        try:
            release = load(entry, databases, today=today)
            log.info("reference data loaded: %s", release.described(today))
        except HelpdeskError as error:
            log.warning("reference data not loaded: %s", error)
        seen.add(mark)
        databases.mkdir(parents=True, exist_ok=True)
        (databases / _SEEN).write_text(json.dumps(sorted(seen)), encoding="utf-8")


def _is_data(entry: Path) -> bool:
    suffixes = {".zip", ".csv", ".json", ".mdb", ".accdb", ".sqlite", ".sqlite3"}
    if entry.is_dir():
        return any(entry.glob("*.csv"))
    return entry.suffix.lower() in suffixes


def _seen(databases: Path) -> set[str]:
    try:
        return set(json.loads((databases / _SEEN).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return set()

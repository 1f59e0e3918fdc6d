"""What a learning aim is, from LARS or a list that is shipped: ``explain 60349771``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from bot.answers import SourceLine
from bot.explain.explanation import Explanation
from bot.ilr.published_lists import ListedRow, PublishedList
from bot.rules.reference.data import ReferenceData
from bot.rules.reference.describe import level_of, validity_lines
from bot.rules.reference.lars import Lars, LarsAim

__all__ = ["explain_aim", "explain_listed_aim", "explain_missing_aim"]

_REFERENCE = re.compile(r"[A-Z0-9]{8}", re.IGNORECASE)
_QUALIFICATION = re.compile(r"[2-9056]\d{7}")
"""The form of a qualification's reference; a UKPRN begins with 1."""
_PAGE = "https://submit-learner-data.service.gov.uk/find-a-learning-aim"
MAX_SHOWN = 4


def explain_aim(term: str, reference: ReferenceData) -> Explanation | None:
    """The aim of a reference; None when the term has another form, or LARS no such aim."""
    text = term.strip().upper()
    if not _REFERENCE.fullmatch(text) or not reference.has_lars:
        return None
    held = reference.lars.aim(text)
    return _explanation(held, reference.lars, reference) if held else None


def explain_listed_aim(term: str, lists: Mapping[str, PublishedList]) -> Explanation | None:
    """A part of a T Level, by the list that is shipped; None when it is not one of that list."""
    text, listed = term.strip().upper(), lists.get("t-levels")
    if listed is None or not _REFERENCE.fullmatch(text):
        return None
    whole = listed.by_code.get(text)
    rows = [whole] if whole else [row for row in listed.rows if text in row.members]
    if not rows:
        return None
    kind = "technical qualification" if whole else "occupational specialism"
    named = " and ".join(dict.fromkeys(f"T Level in {row.title}" for row in rows))
    return Explanation(
        f"aim:{text}",
        f"{text}: T Level {kind}",
        f"*{text}* is {'the' if whole else 'an'} {kind} of the {named}.",
        tuple(f"- {line}" for row in rows for line in _parts(row, whole is None)),
        f"From our list of T Levels as of {listed.as_of:%d/%m/%Y}. Its dates are in LARS.",
        (SourceLine(listed.source.title, listed.source.url, listed.source.year),),
    )


def _parts(row: ListedRow, of_a_specialism: bool) -> list[str]:
    """What goes with a part of a T Level, and since when the qualification is offered."""
    since = f" from {row.first_year}" if row.first_year else ""
    if of_a_specialism:
        return [f"Technical qualification: `{row.code}`" + (f", offered{since}" if since else "")]
    parts = ", ".join(f"`{ref}`" for ref in sorted(row.members))
    return [*([f"Specialisms: {parts}"] if parts else []), *([f"Offered{since}"] if since else [])]


def explain_missing_aim(term: str, reference: ReferenceData) -> Explanation | None:
    """That a qualification's reference is not in LARS, or that LARS is not held."""
    text = term.strip()
    if not _QUALIFICATION.fullmatch(text):
        return None
    if reference.has_lars:
        lead = f"`{text}` is not in the LARS that is held: {_release(reference)}."
        line = "Look it up in Find a learning aim, or load a newer LARS: `reference add`."
    else:
        lead = f"`{text}` has the form of an aim reference. LARS is not held here."
        line = "Look it up in Find a learning aim, or load LARS: `reference add`."
    return Explanation(f"aim:{text}", f"{text}: aim reference", lead, (line,), sources=(_source(),))


def _explanation(held: LarsAim, lars: Lars, reference: ReferenceData) -> Explanation:
    kind = lars.name_of("type_name", "type", held.type)
    about = ", ".join(part for part in (level_of(held, lars), kind) if part)
    valid = validity_lines(held)
    lines = [f"- {line}" for line in valid[:MAX_SHOWN]]
    if not lines:
        lines = ["- LARS lists no validity for it."]
    return Explanation(
        f"aim:{held.ref}",
        f"{held.ref}: learning aim",
        f"*{held.ref}* is {held.title}. {about[:1].upper()}{about[1:]}." if about else held.title,
        ("Valid for:", *lines) if valid else tuple(lines),
        "\n".join([*(f"- {line}" for line in valid[MAX_SHOWN:]), f"From {_release(reference)}."]),
        (_source(),),
    )


def _release(reference: ReferenceData) -> str:
    release = next(one for one in reference.releases if one.kind == "lars")
    return release.described(date.today())


def _source() -> SourceLine:
    return SourceLine("Find a learning aim (LARS)", _PAGE, "year-less")

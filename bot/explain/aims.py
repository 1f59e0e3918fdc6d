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
from bot.rules.reference.lars import LarsAim

__all__ = ["aim_reference", "explain_aim", "explain_listed_aim", "explain_missing_aim"]

_REFERENCE = re.compile(r"[A-Z0-9]{8}", re.IGNORECASE)
_SHORTENED = re.compile(r"[1-9]\d{5,6}")
"""A reference whose leading noughts a spreadsheet took off."""
_CALLED = re.compile(
    r"^(?:(?:the|learning|lars)\s+)*(?:aim|qualification)s?(?:\s+(?:ref(?:erence)?|code|number))?"
    r"\s*[:=]?\s+(?=\d|Z[A-Z\d])",
    re.IGNORECASE,
)
"""What people call it before its reference."""
_QUALIFICATION = re.compile(r"[2-9056]\d{7}")
"""The form of a qualification's reference; a UKPRN begins with 1."""
_PAGE = "https://submit-learner-data.service.gov.uk/find-a-learning-aim"
MAX_SHOWN = 4


def explain_aim(term: str, reference: ReferenceData) -> Explanation | None:
    """The aim of a reference; None when the term has another form, or LARS no such aim."""
    text = _bare(term)
    ref = aim_reference(text)
    if ref is None or not reference.has_lars:
        return None
    held = reference.lars.aim(ref)
    return _explanation(held, text, reference) if held else None


def aim_reference(text: str) -> str | None:
    """The reference that a text is, with the leading noughts it may have lost; None for any
    other text."""
    if _SHORTENED.fullmatch(text):
        return text.zfill(8)
    return text.upper() if _REFERENCE.fullmatch(text) else None


def _bare(term: str) -> str:
    """A term without "aim" or the like before it."""
    return _CALLED.sub("", term.strip()).upper()


def explain_listed_aim(term: str, lists: Mapping[str, PublishedList]) -> Explanation | None:
    """A part of a T Level, by the list that is shipped; None when it is not one of that list."""
    text, listed = _bare(term), lists.get("t-levels")
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
    text = _bare(term)
    if not _QUALIFICATION.fullmatch(text):
        return _missing_shortened(text, reference)
    if reference.has_lars:
        lead = f"`{text}` is not in the LARS that is held: {_release(reference)}."
        line = "Look it up in Find a learning aim, or load a newer LARS: `reference add`."
    else:
        lead = f"`{text}` has the form of an aim reference. LARS is not held here."
        line = "Look it up in Find a learning aim, or load LARS: `reference add`."
    return Explanation(f"aim:{text}", f"{text}: aim reference", lead, (line,), sources=(_source(),))


def _missing_shortened(text: str, reference: ReferenceData) -> Explanation | None:
    """That a number may be a reference without its leading noughts, which LARS does not have."""
    if not _SHORTENED.fullmatch(text):
        return None
    whole = text.zfill(8)
    may_be = f"`{text}` may be the aim `{whole}`, whose leading noughts a spreadsheet took off"
    if reference.has_lars:
        lead = f"{may_be}; but that is not in the LARS that is held: {_release(reference)}."
    else:
        lead = f"{may_be}. LARS is not held here."
    line = "Look it up in Find a learning aim, with its noughts."
    return Explanation(
        f"aim:{whole}", f"{whole}: aim reference", lead, (line,), sources=(_source(),)
    )


def _explanation(held: LarsAim, given: str, reference: ReferenceData) -> Explanation:
    """``given``: the reference as it was written."""
    lars = reference.lars
    kind = lars.name_of("type_name", "type", held.type)
    about = ", ".join(part for part in (level_of(held, lars), kind) if part)
    valid = validity_lines(held)
    lines = [f"- {line}" for line in valid[:MAX_SHOWN]]
    noughts = (
        (
            f"`{given}` is `{held.ref}`: a spreadsheet took its leading noughts off. "
            "Return it with them.",
        )
        if given != held.ref
        else ()
    )
    if not lines:
        lines = ["- LARS lists no validity for it."]
    return Explanation(
        f"aim:{held.ref}",
        f"{held.ref}: learning aim",
        f"*{held.ref}* is {held.title}. {about[:1].upper()}{about[1:]}." if about else held.title,
        (*noughts, *(("Valid for:",) if valid else ()), *lines),
        "\n".join([*(f"- {line}" for line in valid[MAX_SHOWN:]), f"From {_release(reference)}."]),
        (_source(),),
    )


def _release(reference: ReferenceData) -> str:
    release = next(one for one in reference.releases if one.kind == "lars")
    return release.described(date.today())


def _source() -> SourceLine:
    return SourceLine("Find a learning aim (LARS)", _PAGE, "undated")

"""What a learning aim is, from LARS: ``explain 60349771``."""

from __future__ import annotations

import re
from datetime import date

from bot.answers import SourceLine
from bot.explain.explanation import Explanation
from bot.rules.reference.data import ReferenceData
from bot.rules.reference.describe import level_of, validity_lines
from bot.rules.reference.lars import Lars, LarsAim

__all__ = ["explain_aim", "explain_missing_aim"]

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

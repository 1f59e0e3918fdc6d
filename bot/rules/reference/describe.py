"""What LARS says of an aim or a standard, in a line or two for people."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from bot.ilr.absent import CannotTell
from bot.ilr.record import Aim
from bot.rules.reference.lars import Lars, LarsAim, Standard, Validity

__all__ = ["AimDetails", "details_of", "standard_lines", "validity_lines"]

MAX_TITLE = 90
_FUNDING = {
    11: "TAILORED_LEARNING", 10: "COMM_LEARN", 25: "1619_EFA", 35: "ADULT_SKILLS", 36: "ANY",
    37: "ANY", 38: "ADULT_SKILLS", 39: "GROWTH_SKILLS_SHORT_COURSES", 70: "ESF", 81: "ANY",
    82: "1619_EFA", 99: "ANY",
}  # fmt: skip
"""The validity that a funding model goes by."""


class AimDetails(NamedTuple):
    """What is shown of an aim beside a finding on it."""

    title: str
    level: str
    validity: str
    """Of the aim's own funding; "" when LARS lists none."""

    def __str__(self) -> str:
        title = self.title if len(self.title) <= MAX_TITLE else f"{self.title[: MAX_TITLE - 1]}…"
        return ", ".join(part for part in (title, self.level, self.validity) if part)

    def to_json(self) -> dict[str, Any]:
        return {"title": self.title, "level": self.level, "validity": self.validity or None}


def details_of(aim: Aim, lars: Lars) -> AimDetails | None:
    """What LARS holds of a record's aim; None when it has no such aim."""
    ref, model = aim.shown("LearnAimRef"), aim.shown("FundModel")
    held = lars.aim(ref) if ref else None
    if held is None:
        return None
    category = _FUNDING.get(int(model)) if model.isdigit() else None
    if model == "99" and any(fam.shown("LearnDelFAMType") == "ADL" for fam in aim.children.get(
        "LearningDeliveryFAM", []
    )):  # fmt: skip
        category = "ADV_LEARN_LOAN"
    rows = held.valid_for(category) if category else []
    newest = max(rows, key=lambda row: row.start or date.min, default=None)
    return AimDetails(
        held.title, level_of(held, lars), f"{category} {_span(newest)}" if newest else ""
    )


def level_of(held: LarsAim, lars: Lars) -> str:
    """``level 3``, or what LARS calls another level."""
    if held.level.isdigit():
        return f"level {held.level}"
    return lars.name_of("level_name", "level", held.level) if held.level else ""


def validity_lines(held: LarsAim) -> list[str]:
    """One line for each kind of funding, with the validity that began last."""
    lines = []
    for category, rows in sorted(held.validities.items()):
        newest = max(rows, key=lambda row: row.start or date.min)
        lines.append(f"`{category}`: {_span(newest)}")
    return lines


def standard_lines(held: Standard) -> list[str]:
    """Level and dates of a standard."""
    lines = [f"Level {held.level}" if held.level is not None else "Level not given"]
    if held.period.start:
        lines.append(f"Open from {_uk(held.period.start)}")
    if held.last_start:
        lines.append(f"Last new start {_uk(held.last_start)}")
    if held.period.end:
        lines.append(f"Ended {_uk(held.period.end)}")
    return lines


def _span(row: Validity) -> str:
    """``01/08/2020 to 31/07/2027, new starts to 31/07/2026``."""
    start = _uk(row.start) if row.start else "the beginning"
    end = f"to {_uk(row.end)}" if row.end else "onwards"
    try:
        last_start = row.last_new_start
    except CannotTell:  # the release lacks the column
        last_start = None
    last = f", new starts to {_uk(last_start)}" if last_start else ""
    return f"{start} {end}{last}" if row.end else f"from {start}{last}"


def _uk(day: date) -> str:
    return f"{day:%d/%m/%Y}"

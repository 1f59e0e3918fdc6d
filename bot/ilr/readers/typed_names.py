"""Headings that say a type as well as a field: "TNP1 amount", "LSF From", "FAM SOF"."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["CODE_FIELDS", "OUTCOME_TYPES", "PRICE_TYPES", "typed_name"]

CODE_FIELDS = {
    "LearningDeliveryFAM": "LearnDelFAMCode",
    "LearnerFAM": "LearnFAMCode",
    "EmploymentStatusMonitoring": "ESMCode",
}
"""Entity of a type and its code → the field of the code."""
_AMOUNT_FIELDS = {
    "HRS": ("HRSRecord", "HRSAmount"), "TNP": ("AppFinRecord", "AFinAmount"),
    "PMR": ("AppFinRecord", "AFinAmount"),
}  # fmt: skip
"""Type → where the amount beneath "TNP 1" belongs."""
PRICE_TYPES = frozenset({"TNP", "PMR"})
OUTCOME_TYPES = frozenset({"EMP", "NPE", "VOL", "GAP", "EDU", "SDE", "OTH"})
_AMOUNT = re.compile(
    r"(?:[A-Za-z][\w /-]{2,50}[(\[])?(HRS|TNP|PMR)[ _-]?(\d{1,2})[)\]]?"
    r"(?:(?:\s{1,3}|\s?[-–—:]\s?|_)\(?(?i:total |agreed |negotiated |residual )*"
    r"(?i:(?:training|assessment|epa)?\s?(?:amount|price|cost|value|amt|£|\(£\)|payment)"
    r"|training|assessment|epa)?\)?)?"
)
_PRICE_WORDS = re.compile(
    r"(?:(?P<left>residual)|total|agreed|negotiated)(?: (?:total|agreed|negotiated))?"
    r" (?:training|(?P<assessed>assessment|epa|end[- ]?point assessment)) (?:price|cost)",
    re.IGNORECASE,
)
"""TNP 1 to 4 in words: "Total training price", "Residual assessment price"."""
_PRICE_DATE = re.compile(
    r"(?:TNP|PMR)[ _-]?(\d{1,2})[ _]?(?:effective |price )?(?:date|dt|from)", re.IGNORECASE
)
_DATED = re.compile(
    r"(?:FAM[ _-])?([A-Z]{3})(?:[ _-]?FAM)?[ _-]?(?:(?i:date)[ _-]?)?"
    r"((?i:from|applies[ _]from|start|to|applies[ _]to|end|until))(?:[ _-]?(?i:date|dt))?"
)
_FAM = re.compile(
    r"(?:(?:LD ?|Aim |Learner )?FAM[ _-]{1,3}(?=\w{3}(?:\W|$)))?([A-Z]{3})(?:[ _-](?:FAM|[Cc]ode))?"
)
_COUNTED_FAM = re.compile(r"(?:LD ?|Aim |Learner )?FAM[ _-]{1,3}([A-Z]{3})[ _-]?\d")
"""One of several of a type: "FAM LDM 2"."""
_OF_COLUMN = re.compile(
    r"([a-z]{3}(?=_)|[A-Z][a-z]{2}(?=Code|Date))_?(?:[Cc]ode|(?:[Dd]ate_?)?(?:[Ff]rom|[Tt]o)(?:_date)?)"
)
"""As databases call them: "alb_code", "alb_date_from", "AlbDateFrom"."""
_SMALL_PRICE = re.compile(r"(?:tnp|pmr|Tnp|Pmr)[ _-]?\d")


def typed_name(
    label: str, types: Mapping[str, str]
) -> tuple[tuple[str, str], int | None, str | None] | None:
    """Entity and field, the code or number, and the type that a heading says; None for another.

    ``types``: FAM type → its entity.
    """
    if (small := _OF_COLUMN.fullmatch(label)) and small[1].upper() in types:
        label = f"{small[1].upper()}{label[3:]}"
    if _SMALL_PRICE.match(label):
        label = f"{label[:3].upper()}{label[3:]}"
    if amount := _AMOUNT.fullmatch(label):
        # "HRS 1" is a code of a type, and neither hours nor the first of anything.
        return _AMOUNT_FIELDS[amount[1]], int(amount[2]), amount[1]
    if price := _PRICE_WORDS.fullmatch(label):
        code = (3 if price["left"] else 1) + (price["assessed"] is not None)
        return _AMOUNT_FIELDS["TNP"], code, "TNP"
    if day := _PRICE_DATE.fullmatch(label):
        return ("AppFinRecord", "AFinDate"), int(day[1]), None
    dated = _DATED.fullmatch(label)
    if dated and types.get(dated[1]) == "LearningDeliveryFAM":
        side = "To" if re.search("to|end|until", dated[2], re.IGNORECASE) else "From"
        # "ACT start" is an actual start as well.
        if dated[1] != "ACT" or re.fullmatch("from|to", dated[2].split()[-1], re.IGNORECASE):
            return ("LearningDeliveryFAM", f"LearnDelFAMDate{side}"), None, dated[1]
    fam = _COUNTED_FAM.fullmatch(label) or _FAM.fullmatch(label)
    if fam and fam[1] in types and fam[0] != fam[1]:
        return (types[fam[1]], CODE_FIELDS[types[fam[1]]]), None, fam[1]
    return None

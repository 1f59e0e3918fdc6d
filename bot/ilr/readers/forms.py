"""Whether a value has the form that its field's values usually have.

Stricter than being readable: a 7 can be read as an aim type, but no aim type is a 7. Used to
choose between fields and to see that a row was shifted; never to refuse a value, since a code
that does not exist is what the rules are there to find.
"""

from __future__ import annotations

import re

from bot.ilr.readers.code_lists import field_row, whole_list
from bot.ilr.readers.values import Value, kind_of, read_value

__all__ = ["has_usual_form", "is_of_its_form", "longer_than_field"]

_WORDS = r"[^\W\d_][^\d]{0,99}"
_USUAL = {
    name: re.compile(form)
    for name, form in {
        "LearnAimRef": r"(?=.{0,7}\d)[0-9A-Z]{8}",
        "LearnRefNumber": r"(?=.*\d)(?!\d{1,2}$)[A-Za-z0-9/_.-]{2,12}",
        "ULN": r"\d{10}",
        "UKPRN": r"1\d{7}",
        "PartnerUKPRN": r"1\d{7}",
        "WorkPlaceEmpId": r"\d{9}",
        "EmpId": r"\d{9}",
        "AimSeqNumber": r"[1-9]\d?",
        "WorkPlaceHours": r"[1-9]\d{0,3}",
        "OutGrade": r"[A-Za-z*]{1,6}\d{0,2}|\d{1,2}",
        "PlanLearnHours": r"\d{1,4}",
        "PlanEEPHours": r"\d{1,4}",
        "FamilyName": _WORDS,
        "GivenNames": _WORDS,
        "NINumber": r"[A-Za-z]{2} ?\d\d ?\d\d ?\d\d ?[A-Za-z]?",
        "TelNo": r"[+()\d ]{8,18}",
        "Email": r"\S+@\S+",
    }.items()
}
_POSTCODE = re.compile(r"[A-Za-z]{1,2}\d{1,2}[A-Za-z]? ?\d[A-Za-z]{2}")


def longer_than_field(name: str, text: str) -> bool:
    """Whether a value is longer than the specification allows any of its field to be."""
    row = field_row(name)
    return row is not None and row.max_length is not None and len(text) > row.max_length


def has_usual_form(name: str, text: str) -> bool:
    """Whether a value looks like one of the field ``name``. A blank does."""
    return is_of_its_form(name, read_value(name, text))


def is_of_its_form(name: str, read: Value) -> bool:
    """The same of a value that was read already."""
    if not read.text:
        return not read.trouble
    if not read.fits or kind_of(name) == "Date":
        return read.fits
    if name in _USUAL:
        return bool(_USUAL[name].fullmatch(read.text))
    if "postcode" in name.casefold():
        return bool(_POSTCODE.fullmatch(read.text))
    if codes := whole_list(name):
        return read.text in codes or read.text.lstrip("0") in codes
    row = field_row(name)
    longest = (row.max_digits or row.max_length) if row else None
    return longest is None or len(read.text) <= longest

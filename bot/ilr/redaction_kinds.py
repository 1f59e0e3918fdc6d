"""Which fields, headings and labels are of a person, and how their values are invented."""

from __future__ import annotations

import re

from bot.ilr.readers.names import Label, names

__all__ = ["KINDS", "OF_FINDING", "is_note", "is_reference", "kind_of_heading", "kind_of_label"]

KINDS = {
    "ULN": "uln", "FamilyName": "family", "GivenNames": "given", "DateOfBirth": "birth",
    "NINumber": "ni", "Postcode": "postcode", "PostcodePrior": "postcode",
    "LSDPostcode": "postcode", "HEPostCode": "postcode", "AddLine1": "street",
    "AddLine2": "town", "AddLine3": "town", "AddLine4": "town", "TelNo": "phone",
    "Email": "email", "LearnRefNumber": "shape", "PrevLearnRefNumber": "shape",
    "UCASPERID": "shape", "UCASAPPID": "shape", "SSN": "shape", "NUMHUS": "shape", "CampId": "keep",
    "ProvSpecLearnMon": "shape", "ProvSpecDelMon": "shape", "SWSupAimId": "hex",
}  # fmt: skip
"""Field → how its values are invented."""
OF_FINDING = {
    "ULN": "uln", "UPN": "shape", "NI number": "ni", "postcode": "postcode", "email": "email",
    "phone": "phone", "date of birth": "birth", "name": "family", "address": "street",
    "learner reference": "shape", "number": "shape", "provider note": "shape",
    "person": "shape", "health": "note",
}  # fmt: skip
_NAMES_OF_PEOPLE = frozenset(
    "name fullname learnername studentname surname tutor supervisor knownas learner student trainee"
    " apprentice person candidate nextofkin manager linemanager assessor contact author sender from"
    " to cc emergencycontact employercontact parent guardian carer mentor iqa lname fname".split()
)
_NOTE = re.compile(
    r"(?i)\b(?:medical|condition|health|disabilit\w*|allerg\w*|medication|support"
    r"|access arrangements|learning difficult\w*|learn diff\w*|notes?|comments?"
    r"|remarks?|safeguarding|circumstances)\b"
)


def is_reference(label: str) -> bool:
    """Whether a label stands before a learner's reference."""
    names_it = any(name == "LearnRefNumber" for _, name in names().look_up(label).places)
    return names_it or names().heading(label) == "Learner"


def is_note(label: str) -> bool:
    """Whether a label stands before what is told of somebody: their health, their support."""
    return _NOTE.search(label) is not None and not names().look_up(label).known


def kind_of_heading(label: str, value: str) -> str | None:
    """ "Learner: A100234" and "Student: Ann Example" name somebody as well."""
    if names().heading(label) != "Learner":
        return None
    return "shape" if re.search(r"\d", value) else "full"


def kind_of_label(label: str) -> str | None:
    """How the values under a heading are invented; None for those that stay."""
    found: Label = names().look_up(label.rpartition(":")[2] if ":" in label else label)
    if found.places:
        kinds = [KINDS.get(place[1]) for place in found.places]
        kind = next((one for one in kinds if one), None)
        return None if kind == "keep" else kind
    if re.sub(r"[^a-z]", "", label.casefold()) in _NAMES_OF_PEOPLE:
        return "full"
    return "note" if is_note(label) else None

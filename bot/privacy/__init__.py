"""Masks what could identify a learner or a colleague, before text is stored or logged.

Three measures, each stricter than the one before:

- ``mask`` puts a mark in the place of what gives itself away: numbers, addresses, labelled fields,
  names after a cue. What a message says is understood from this; rule ids, codes, years and hours
  stay. ``looks_personal`` finds the same places, so that a form can warn before it is sent.
- ``to_publish`` masks names that are common as well. For what somebody writes to be read by
  everybody: a suggested answer.
- ``to_keep`` is the only way a question may reach the ledger. It masks any capitalised word that
  our knowledge does not use, and keeps nothing at all of a text that ``says_too_much``.

All err on the side of masking: a lost word costs a little meaning, a leaked one is somebody's
personal data. Every pattern runs in time proportional to the text: repeats are bounded or cannot
overlap, and a pattern that starts with a run of characters may only start where that run does.
"""

from bot.privacy.doubt import is_record_in_doubt
from bot.privacy.findings import KINDS, PersonalData
from bot.privacy.logs import MaskingFilter
from bot.privacy.masking import WITHHELD, looks_personal, mask
from bot.privacy.names import is_field_like
from bot.privacy.storage import (
    identifies_somebody,
    loose_numbers,
    part_to_keep,
    references,
    says_too_much,
    seems_personal,
    to_keep,
    to_publish,
)
from bot.privacy.vocabulary import is_given_name, is_surname, learn_words

__all__ = [
    "KINDS",
    "WITHHELD",
    "MaskingFilter",
    "PersonalData",
    "identifies_somebody",
    "is_field_like",
    "is_given_name",
    "is_record_in_doubt",
    "is_surname",
    "learn_words",
    "looks_personal",
    "loose_numbers",
    "mask",
    "part_to_keep",
    "references",
    "says_too_much",
    "seems_personal",
    "to_keep",
    "to_publish",
]

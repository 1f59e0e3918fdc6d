"""Masks what could identify a learner or a colleague."""

from __future__ import annotations

from bot.privacy.fields import (
    in_elements,
    in_labelled_values,
    in_stacks,
    in_tables,
    people_in_labels,
)
from bot.privacy.findings import Detector, PersonalData, merged
from bot.privacy.headings import learners_in_headings, senders
from bot.privacy.names import names_after_cues
from bot.privacy.numbers import (
    addresses_online,
    after_a_label,
    long_numbers,
    ni_numbers,
    phones,
    postcodes,
    spaced_ulns,
    streets,
)
from bot.recent import Recent

__all__ = ["DETECTORS", "WITHHELD", "detected", "looks_personal", "mask", "masked"]

WITHHELD = "[withheld]"
"""Stands for a whole text that could not be examined, or that says too much of somebody."""


def mask(text: str) -> str:
    """The text with every personal detail replaced by a mark such as ``[ULN]``.

    Rule ids, aim codes, UKPRNs, years, hours and dates that are not dates of birth stay as
    they are. Never raises: text that cannot be examined comes back as ``[withheld]``.
    """
    try:
        return masked(text, _find(text))
    except Exception:  # noqa: BLE001 - fail closed: an unexamined text must not be kept
        return WITHHELD


def masked(text: str, findings: list[PersonalData]) -> str:
    """The text with a mark in the place of each finding."""
    parts, reached = [], 0
    for finding in findings:
        parts += [text[reached : finding.start], finding.mark]
        reached = finding.end
    return "".join(parts) + text[reached:]


def looks_personal(text: str) -> list[PersonalData]:
    """Where the text holds personal details, in order and without overlaps.

    Never raises: text that cannot be examined is one finding from end to end.
    """
    try:
        return _find(text)
    except Exception:  # noqa: BLE001 - fail closed
        return [PersonalData("personal details", 0, len(text) if isinstance(text, str) else 0)]


def _find(text: str) -> list[PersonalData]:
    return merged(text, list(detected(text)))


def detected(text: str) -> tuple[PersonalData, ...]:
    """What each of the detectors finds, in their order. A message is masked several times on its
    way; it is searched once."""
    return _DETECTED.of(text)


def _detect(text: str) -> tuple[PersonalData, ...]:
    return tuple(finding for detector in DETECTORS for finding in detector(text))


_DETECTED = Recent(_detect)


DETECTORS: tuple[Detector, ...] = (
    in_elements,
    in_labelled_values,
    in_tables,
    in_stacks,
    people_in_labels,
    learners_in_headings,
    senders,
    after_a_label,
    addresses_online,
    ni_numbers,
    phones,
    long_numbers,
    spaced_ulns,
    postcodes,
    streets,
    names_after_cues,
)
"""In order of trust: where two overlap, the first one names the mark."""

"""Minimum off-the-job hours of an apprenticeship standard: ``explain ST0157``.

From the public register where it is held; else, and beside it, from the figures that are shipped,
each with its edition. Where editions differ, none is preferred in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from bot.answers import SourceLine
from bot.explain.explanation import Explanation
from bot.explain.word_lists import word_list, words_besides
from bot.ilr.minimum_hours import Figure
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Status
from bot.rules.reference.describe import standard_lines
from bot.rules.reference.lists import StandardVersion
from bot.years import AcademicYear, YearRange

__all__ = [
    "asks_of_standard",
    "explain_standard",
    "speaks_of_hours",
    "standard_reference",
]

ABOUT_THE_MINIMUM = "planned-off-the-job-minimum"
_REFERENCE = re.compile(r"(?<![\w/])(?:ST[ -]?|[Ss]t)(?P<number>\d{4})(?!\w)")
"""Apart only in capitals: "the 1 st 2026" names no standard."""
_HOURS = re.compile(r"\botjt?s?\b|\boff[\s-]+(?:the[\s-]+)?job\b|\bhours?\b|\bhrs\b", re.IGNORECASE)
_PAGE = "https://skillsengland.education.gov.uk/apprenticeships/"
_REGISTER = SourceLine("Register of apprenticeship standards (Skills England)", _PAGE, "undated")
_LOOK_UP = f"Look it up in the public register ({_PAGE}), or load that: `reference add`."
_SINCE = YearRange(AcademicYear(2025))
_BEFORE = "a standard has a figure of its own only for starts from 1 August 2025."


def standard_reference(text: str) -> tuple[str, int, int] | None:
    """The first ST number of a text, as ST0157, and where it stands; None without one."""
    found = _REFERENCE.search(text)
    return (f"ST{found['number']}", *found.span()) if found else None


def speaks_of_hours(text: str) -> bool:
    """Whether a text speaks of hours off the job."""
    return _HOURS.search(text) is not None


def asks_of_standard(text: str) -> str | None:
    """The standard whose minimum hours a question asks for, and no more; None when it asks
    otherwise."""
    found = standard_reference(text)
    if found is None:
        return None
    reference, start, end = found
    rest = f"{text[:start]} {text[end:]}"
    if standard_reference(rest) or words_besides(rest, word_list("about_a_standard")):
        return None
    return reference


def explain_standard(term: str, knowledge: KnowledgeBase, year: AcademicYear) -> Explanation | None:
    """What is held of the standard of an ST number, or that nothing is; None for other terms.

    ``year``: that which is asked about, which may be before such figures.
    """
    found = standard_reference(term)
    if found is None or found[1:] != (0, len(term)):
        return None
    reference = found[0]
    hours = knowledge.specification.minimum_hours
    figures = hours.by_standard.get(reference, ()) if hours else ()
    register = knowledge.reference.standards
    versions = register.versions(reference) if register else []
    title, about = _about(reference, versions, knowledge)
    named = f"*{reference}: {title}.*" if title else f"*{reference}.*"
    lines = [*_of_versions(versions), *_of_editions(figures)]
    told = [*lines]
    if year not in _SINCE:
        told.insert(0, f"Not for starts in {year}: {_BEFORE}")
    sources = []
    if versions:
        sources.append(_REGISTER)
        told.append(f"From {_release(knowledge)}.")
    elif register is not None:
        told.append(f"It is not in the register that is held: {_release(knowledge)}.")
    if figures and hours:
        told.append(f"*How far to trust {'the editions' if versions else 'it'}:* {hours.trust}")
        sources += _sources(figures)
    if not lines:
        told.append(_LOOK_UP)
    return Explanation(
        f"standard:{reference}",
        f"{reference}: minimum off-the-job hours",
        f"{named} {_lead(versions, figures)}",
        tuple(told),
        "\n".join(about),
        tuple(sources),
        _SINCE if lines else None,
        related=tuple(one for one in (ABOUT_THE_MINIMUM,) if one in knowledge.entries),
        status=str(Status.OFFICIAL if versions else Status.QUOTED) if lines else None,
    )


def _lead(versions: list[StandardVersion], figures: tuple[Figure, ...]) -> str:
    if versions:
        return _by_register(versions)
    given = list(dict.fromkeys(figure.hours for figure in figures))
    if not given:
        return "No minimum off-the-job hours of it are held here."
    if len(given) == 1:
        return f"Its minimum is {given[0]:,} off-the-job hours, by the copies that are held."
    listed = " or ".join(f"{one:,}" for one in given)
    return f"Its minimum off-the-job hours are {listed}: the editions that are held differ."


def _by_register(versions: list[StandardVersion]) -> str:
    latest = next((one for one in versions if one.hours is not None), None)
    if latest is None or latest.hours is None:
        return "The register that is held gives no minimum off-the-job hours for it."
    return (
        f"Its minimum is {latest.hours:,} off-the-job hours in version {latest.version}, by the "
        "register that is held."
    )


def _of_versions(versions: list[StandardVersion]) -> list[str]:
    """A line for each version: its hours, and for which starts."""
    lines = []
    for one in versions:
        given = f"{one.hours:,} hours" if one.hours is not None else "no figure"
        first, last = one.starts.start, one.starts.end
        starts = [f"from {first:%d/%m/%Y}"] if first else []
        starts += [f"to {last:%d/%m/%Y}"] if last else []
        of_starts = f", starts {' '.join(starts)}" if starts else ""
        lines.append(f"- Version {one.version}: {given}{of_starts}")
    return lines


def _of_editions(figures: Iterable[Figure]) -> list[str]:
    """A line for each edition, its version with it."""
    return [
        f"- {one.hours:,} hours: {one.edition.title}"
        + (f", version {one.version} of the standard" if one.version else "")
        for one in figures
    ]


def _about(
    reference: str, versions: list[StandardVersion], knowledge: KnowledgeBase
) -> tuple[str, list[str]]:
    """Its title, and what LARS says of it, where one of the two is held."""
    title = versions[0].title if versions else ""
    if not knowledge.reference.has_lars:
        return title, []
    held = knowledge.reference.lars.standard_of(reference)
    if held is None:
        return title, []
    lines = [f"In LARS: standard {held.code}.", *(f"- {line}" for line in standard_lines(held))]
    return title or held.title, lines


def _sources(figures: Iterable[Figure]) -> list[SourceLine]:
    sources = {figure.edition.name: figure.edition.source for figure in figures}
    return [SourceLine(one.title, one.url, one.year) for one in sources.values()]


def _release(knowledge: KnowledgeBase) -> str:
    release = knowledge.reference.release("standards")
    return release.described(date.today()) if release else ""

"""A finding as it is reported: what its rule says, where it is, and what is its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from bot.rules.catalogue import Severity
from bot.rules.reference.describe import AimDetails

__all__ = ["FindingReport", "Place", "RuleWords", "finding_of"]


class RuleWords(NamedTuple):
    """What a rule says: the same for all of its findings in a year."""

    rule: str
    title: str
    severity: Severity
    fis: Severity
    message: str
    fix: str
    entries: tuple[str, ...]
    partly: str | None
    note: str | None
    usually: str | None
    """What usually causes it, by the catalogue."""
    gravity: tuple[int, bool]
    """How grave it is, the least number first: by severity, what is missing last."""
    key: str
    """The rule and its severity."""


class Place(NamedTuple):
    """Where findings are: the same for all on one entity."""

    entity: str
    aim_seq: int | None
    aim_ref: str
    placement: int | None
    """Which of its aim's placements it is on, counted from 1 in the order pasted."""
    columns: dict[str, str]
    """Columns of the Rule Violation Report that come from the record; never in the JSON."""


class FindingReport(NamedTuple):
    """A rule the record breaks. A file has hundreds of thousands, and they are sent from process
    to process: what several have in common, they share."""

    words: RuleWords
    place: Place
    line: int | None
    values: dict[str, str]
    proposal: str | None
    """For a clash of dates: which day each would have to be; see bot.rules.remedies."""
    aim_details: AimDetails | None
    """The aim's title, level and validity; None without LARS."""
    decided_by: dict[str, str]
    """What the rule worked out: the age, the status in force, the days, the day compared with."""
    times: int = 1
    """How many findings it stands for, where the same ones are shown as one."""
    aims: tuple[int, ...] = ()
    """Sequence numbers of the aims it is on, where they are several."""

    @property
    def rule(self) -> str:
        return self.words.rule

    @property
    def title(self) -> str:
        return self.words.title

    @property
    def severity(self) -> Severity:
        return self.words.severity

    @property
    def fis(self) -> Severity:
        return self.words.fis

    @property
    def message(self) -> str:
        return self.words.message

    @property
    def fix(self) -> str:
        return self.words.fix

    @property
    def entries(self) -> tuple[str, ...]:
        return self.words.entries

    @property
    def partly(self) -> str | None:
        return self.words.partly

    @property
    def note(self) -> str | None:
        return self.words.note

    @property
    def usually(self) -> str | None:
        return self.words.usually

    @property
    def entity(self) -> str:
        return self.place.entity

    @property
    def aim_seq(self) -> int | None:
        return self.place.aim_seq

    @property
    def aim_ref(self) -> str:
        return self.place.aim_ref

    @property
    def placement(self) -> int | None:
        return self.place.placement

    @property
    def columns(self) -> dict[str, str]:
        return self.place.columns

    def to_json(self) -> dict[str, Any]:
        words, place = self.words, self.place
        return {
            "rule": words.rule,
            "title": words.title,
            "severity": str(words.severity),
            "fis": str(words.fis),
            "entity": place.entity,
            "aim_seq": place.aim_seq,
            "aim_ref": place.aim_ref or None,
            **({"aim": self.aim_details.to_json()} if self.aim_details else {}),
            "placement": place.placement,
            "line": self.line,
            "values": self.values,
            "decided_by": self.decided_by,
            "message": words.message,
            "fix": words.fix,
            "usually": words.usually,
            "proposal": self.proposal,
            "partly": words.partly,
            "note": words.note,
            "entries": list(words.entries),
        }


finding_of: Callable[[tuple[Any, ...]], FindingReport] = partial(tuple.__new__, FindingReport)
"""A finding of all of its parts, in half the time that to name it takes."""

"""Findings as they are reported: each learner's, worst first, with where they are."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from bot.checking.report import FindingReport, LearnerReport
from bot.checking.violation_report import columns_of
from bot.ilr.record import Aim, Entity, Learner, Message, Placement
from bot.rules.catalogue import Severity
from bot.rules.engine import RunResult
from bot.rules.findings import RuleFinding
from bot.rules.remedies import propose

__all__ = ["by_learner"]


def by_learner(
    message: Message, findings: list[RuleFinding], *, names: bool, house: RunResult | None = None
) -> tuple[tuple[LearnerReport, ...], tuple[FindingReport, ...]]:
    """Each learner's findings, and those on nothing in a learner."""
    places = _Places(names)
    grouped = _reported(findings, places)
    own = _reported(house.findings, places) if house else {}
    learners = tuple(
        [_learner(one, grouped.get(id(one)), own.get(id(one))) for one in message.learners]
    )
    return learners, _worst_first(grouped.get(None))


def _learner(
    learner: Learner, mine: list[FindingReport] | None, own: list[FindingReport] | None
) -> LearnerReport:
    aims = learner.of(Aim)
    return LearnerReport(
        ref=learner.shown("LearnRefNumber"),
        aims=sum([1 for aim in aims if aim.texts or not aim.partial]),
        placements=sum([len(aim.of(Placement)) for aim in aims]),
        findings=_worst_first(mine),
        partial=learner.partial,
        house_findings=_worst_first(own),
    )


class _Place(NamedTuple):
    """Where findings are: the same for all on one entity."""

    learner: int | None
    """Its identity."""
    aim_seq: int | None
    aim_ref: str
    placement: int | None
    columns: dict[str, str]


class _Places:
    """The places of a message's entities, each worked out once. ``names``: as ``columns_of``."""

    def __init__(self, names: bool) -> None:
        self._names = names
        self._known: dict[int, _Place] = {}
        self._numbers: dict[int, dict[int, int]] = {}

    def of(self, entity: Entity) -> _Place:
        """The place of an entity."""
        place = self._known.get(id(entity))
        if place is None:
            place = self._known[id(entity)] = self._worked_out(entity)
        return place

    def _worked_out(self, entity: Entity) -> _Place:
        within: dict[str, Entity] = {}
        at: Entity | None = entity
        while at is not None:
            within[at.name] = at
            at = at.parent
        learner, aim = within.get(Learner.name), within.get(Aim.name)
        sequence = aim.shown("AimSeqNumber") if aim else ""
        return _Place(
            None if learner is None else id(learner),
            int(sequence) if sequence.isdigit() else None,
            aim.shown("LearnAimRef") if aim else "",
            None if learner is None else self._placement(within.get(Placement.name), aim),
            columns_of(within, names=self._names),
        )

    def _placement(self, placement: Entity | None, aim: Entity | None) -> int | None:
        """Which placement of its aim something is, or stands in."""
        if placement is None or aim is None:
            return None
        if id(aim) not in self._numbers:
            self._numbers[id(aim)] = {id(one): n for n, one in enumerate(aim.of(Placement), 1)}
        return self._numbers[id(aim)].get(id(placement))


def _reported(
    findings: list[RuleFinding], places: _Places
) -> dict[int | None, list[FindingReport]]:
    """Findings as reported, by the identity of the learner they are in, or None."""
    grouped: dict[int | None, list[FindingReport]] = defaultdict(list)
    for finding in findings:
        rule, entity = finding.rule, finding.entity
        place = places.of(entity)
        proposal = propose(finding)
        # By place: with a name for each of twenty it takes twice as long.
        report = FindingReport(
            rule.id, rule.title, rule.severity, rule.fis,
            entity.name, place.aim_seq, place.aim_ref, finding.line,
            finding.values, rule.message, rule.fix, rule.entries, rule.partly, rule.note,
            str(proposal) if proposal else None,
            place.placement, finding.aim_details, rule.usually, finding.decided_by, place.columns,
        )  # fmt: skip
        grouped[place.learner].append(report)
    return grouped


_ORDER = {Severity.ERROR: 0, Severity.CHECK: 1, Severity.WARNING: 2, Severity.OFF: 3}


def _worst_first(findings: list[FindingReport] | None) -> tuple[FindingReport, ...]:
    """Errors, then checks, then warnings; within each what is wrong before what is missing.

    A paste is often trimmed, and its blanks would bury the clash it was pasted for.
    """
    return tuple(sorted(findings, key=_gravity)) if findings else ()


def _gravity(finding: FindingReport) -> tuple[int, bool, int, str]:
    rule = finding.rule
    return _ORDER[finding.severity], rule.endswith("_MA"), finding.line or 0, rule

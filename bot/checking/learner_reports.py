"""Findings as they are reported: each learner's, worst first, with where they are."""

from __future__ import annotations

from collections import defaultdict

from bot.checking.finding_report import FindingReport, Place, RuleWords, finding_of
from bot.checking.report import LearnerReport
from bot.checking.violation_report import columns_of
from bot.ilr.record import Aim, Entity, Learner, Message, Placement
from bot.rules.catalogue import Rule, Severity
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


class _Places:
    """The places of a message's entities, each worked out once. ``names``: as ``columns_of``."""

    def __init__(self, names: bool) -> None:
        self._names = names
        self._known: dict[int, tuple[int | None, Place]] = {}
        self._numbers: dict[int, dict[int, int]] = {}

    def of(self, entity: Entity) -> tuple[int | None, Place]:
        """The identity of the learner that an entity is in, if there is one, and its place."""
        found = self._known.get(id(entity))
        if found is None:
            found = self._known[id(entity)] = self._worked_out(entity)
        return found

    def _worked_out(self, entity: Entity) -> tuple[int | None, Place]:
        within: dict[str, Entity] = {}
        at: Entity | None = entity
        while at is not None:
            within[at.name] = at
            at = at.parent
        learner, aim = within.get(Learner.name), within.get(Aim.name)
        sequence = aim.shown("AimSeqNumber") if aim else ""
        place = Place(
            entity.name,
            int(sequence) if sequence.isdigit() else None,
            aim.shown("LearnAimRef") if aim else "",
            None if learner is None else self._placement(within.get(Placement.name), aim),
            columns_of(within, names=self._names),
        )
        return None if learner is None else id(learner), place

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
    words: dict[int, RuleWords] = {}
    for finding in findings:
        rule, entity, values, aim_details, decided_by = finding
        said = words.get(id(rule))
        if said is None:
            said = words[id(rule)] = _words_of(rule)
        learner, place = places.of(entity)
        proposal = propose(finding)
        shown = str(proposal) if proposal else None
        report = finding_of(
            (said, place, finding.line, values, shown, aim_details, decided_by, 1, ())
        )
        grouped[learner].append(report)
    return grouped


_ORDER = {Severity.ERROR: 0, Severity.CHECK: 1, Severity.WARNING: 2, Severity.OFF: 3}


def _words_of(rule: Rule) -> RuleWords:
    gravity = _ORDER[rule.severity], rule.id.endswith("_MA")
    return RuleWords(
        rule.id, rule.title, rule.severity, rule.fis, rule.message, rule.fix, rule.entries,
        rule.partly, rule.note, rule.usually, gravity, f"{rule.id} {rule.severity}",
    )  # fmt: skip


def _worst_first(findings: list[FindingReport] | None) -> tuple[FindingReport, ...]:
    """Errors, then checks, then warnings; within each what is wrong before what is missing.

    A paste is often trimmed, and its blanks would bury the clash it was pasted for.
    """
    return tuple(sorted(findings, key=_gravity)) if findings else ()


def _gravity(finding: FindingReport) -> tuple[tuple[int, bool], int, str]:
    words = finding[0]
    return words.gravity, finding[2] or 0, words[0]

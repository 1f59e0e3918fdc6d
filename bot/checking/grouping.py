"""The same finding many times is one: on several aims of a learner, or on a whole class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.checking.report import CommonFinding, FindingReport, LearnerReport

__all__ = [
    "MIN_LEARNERS",
    "CommonFindings",
    "collapsed",
    "common_findings",
    "without",
]

MIN_LEARNERS = 3
"""As many learners with one and the same finding are more than a coincidence."""
MAX_REFS = 5
"""Learners that are named."""
MAX_KINDS = 5_000
"""Different findings that are counted; a file may have more, none of which is on many learners."""
_HIDDEN = "(not shown)"
Key = tuple[str, tuple[tuple[str, str], ...]]


def key_of(finding: FindingReport) -> Key:
    """What makes two findings the same: the rule, how grave it is, and the values shown."""
    return finding.words.key, tuple(finding.values.items())


def collapsed(findings: Iterable[FindingReport]) -> list[FindingReport]:
    """A learner's findings, the same one on several aims once: with all its aims and a count."""
    first: dict[object, FindingReport] = {}
    for finding in findings:
        is_private = _HIDDEN in finding.values.values()
        key = (key_of(finding), finding.entity, finding.line if is_private else None)
        held = first.get(key)
        if held is None:
            first[key] = finding
        else:
            aims = tuple(dict.fromkeys((*_aims(held), *_aims(finding))))
            first[key] = held._replace(
                times=held.times + finding.times, aims=aims, decided_by=_alike(held, finding)
            )
    return list(first.values())


def _alike(one: FindingReport, other: FindingReport) -> dict[str, str]:
    """What decided both: two ages on two days are true of neither together."""
    return {name: v for name, v in one.decided_by.items() if other.decided_by.get(name) == v}


def _aims(finding: FindingReport) -> tuple[int, ...]:
    return finding.aims or ((finding.aim_seq,) if finding.aim_seq is not None else ())


def common_findings(learners: Iterable[LearnerReport]) -> tuple[CommonFinding, ...]:
    """Findings that at least ``MIN_LEARNERS`` learners have alike, on most learners first."""
    counted = CommonFindings()
    learners = list(learners)
    for learner in learners if len(learners) >= MIN_LEARNERS else ():
        counted.add(learner)
    return counted.found()


class CommonFindings:
    """Counts findings as learners come, however many: only the commonest are kept to the end.

    Where a value is not shown nobody could see that two are alike, so those are not grouped.
    """

    def __init__(self) -> None:
        self._found: dict[Key, _Alike] = {}

    def add(self, learner: LearnerReport) -> None:
        """Count a learner's findings in."""
        for finding in learner.findings:
            if _HIDDEN in finding.values.values():
                continue
            key = key_of(finding)
            alike = self._found.get(key)
            if alike is None:
                if len(self._found) >= MAX_KINDS:
                    continue
                alike = self._found[key] = _Alike(finding)
            alike.add(learner, finding)

    def found(self) -> tuple[CommonFinding, ...]:
        """Those of at least ``MIN_LEARNERS`` learners, on most learners first."""
        groups = [
            CommonFinding(one.finding, tuple(one.refs), one.learners, one.times)
            for one in self._found.values()
            if one.learners >= MIN_LEARNERS
        ]
        return tuple(sorted(groups, key=lambda group: -group.learners))


@dataclass(slots=True)
class _Alike:
    """Findings that are the same, while they are counted."""

    finding: FindingReport
    refs: list[str] = field(default_factory=list)
    """The first learners."""
    learners: int = 0
    times: int = 0
    latest: int = 0

    def add(self, learner: LearnerReport, finding: FindingReport) -> None:
        self.times += 1
        if self.finding.decided_by and self.finding.decided_by != finding.decided_by:
            self.finding = self.finding._replace(decided_by=_alike(self.finding, finding))
        if self.latest == id(learner):
            return
        self.latest = id(learner)
        self.learners += 1
        if len(self.refs) < MAX_REFS and learner.ref:
            self.refs.append(learner.ref)


def without(
    findings: Iterable[FindingReport], groups: Iterable[CommonFinding]
) -> list[FindingReport]:
    """Findings that none of the groups tells of."""
    told = {key_of(group.finding) for group in groups}
    return [finding for finding in findings if key_of(finding) not in told]

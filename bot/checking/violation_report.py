"""Findings as rows of the department's Rule Violation Report.

The columns are those of the published report service (2020-21), so that rows drop into
spreadsheets made for it. Names and ULNs are left blank unless asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import IO, TypeVar

from bot.checking.report import FindingReport, LearnerReport
from bot.ilr.record import AimMonitoring, Destination, Entity, Learner, LearnerMonitoring
from bot.rules.catalogue import Severity
from bot.rules.findings import RuleFinding

__all__ = ["COLUMNS", "columns_of", "write_rows"]

E = TypeVar("E", bound=Entity)

COLUMNS = (
    "Error\\Warning",
    "Learner Ref",
    "Unique Learner Number",
    "Family Name",
    "Given Names",
    "Rule Name",
    "Field Values",
    "Error Message",
    "Aim Sequence Number",
    "Aim Reference Number",
    "Software Supplier Aim ID",
    "Funding Model",
    "Subcontracted UKPRN",
    "Provider Specified Learner Monitoring A",
    "Provider Specified Learner Monitoring B",
    "Provider Specified Learning Delivery Monitoring A",
    "Provider Specified Learning Delivery Monitoring B",
    "Provider Specified Learning Delivery Monitoring C",
    "Provider Specified Learning Delivery Monitoring D",
    "OFFICIAL - SENSITIVE",
)
_LETTER = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.CHECK: "W"}


def columns_of(finding: RuleFinding, *, names: bool = False) -> dict[str, str]:
    """The columns that come from the record itself.

    ``names`` adds what may say who a learner is: ULN, names, and what the provider monitors by,
    where colleges put tutors, groups and references of their own.
    """
    columns: dict[str, str] = {}
    aim = finding.aim
    if aim is not None:
        columns["Software Supplier Aim ID"] = aim.shown("SWSupAimId")
        columns["Funding Model"] = aim.shown("FundModel")
        columns["Subcontracted UKPRN"] = aim.shown("PartnerUKPRN")
        for one in aim.of(AimMonitoring) if names else ():
            letter = one.shown("ProvSpecDelMonOccur").strip().upper()
            columns[f"Provider Specified Learning Delivery Monitoring {letter}"] = one.shown(
                "ProvSpecDelMon"
            )
    destination = _inside(finding.entity, Destination)
    if destination is not None:
        columns["Learner Ref"] = destination.shown("LearnRefNumber")
    learner = _inside(finding.entity, Learner)
    if learner is not None:
        for other in learner.of(LearnerMonitoring) if names else ():
            letter = other.shown("ProvSpecLearnMonOccur").strip().upper()
            columns[f"Provider Specified Learner Monitoring {letter}"] = other.shown(
                "ProvSpecLearnMon"
            )
        if names:
            columns["Unique Learner Number"] = learner.shown("ULN")
            columns["Family Name"] = learner.shown("FamilyName")
            columns["Given Names"] = learner.shown("GivenNames")
    return columns


def write_rows(
    out: IO[str],
    learners: Iterable[LearnerReport],
    of_file: Iterable[FindingReport] = (),
    *,
    header: bool = True,
    house: bool = False,
) -> None:
    """Write findings as CSV, one row each. ``house``: the provider's own checks instead."""
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
    if header:
        writer.writeheader()
    for finding in of_file:
        writer.writerow(_row("", finding))
    for learner in learners:
        for finding in learner.house_findings if house else learner.findings:
            writer.writerow(_row(learner.ref, finding))


def _row(ref: str, finding: FindingReport) -> dict[str, str]:
    values = "|".join(f"{name}={value}" for name, value in finding.values.items())
    row = {
        **finding.columns,
        "Error\\Warning": _LETTER.get(finding.severity, ""),
        "Learner Ref": ref or finding.columns.get("Learner Ref", ""),
        "Rule Name": finding.rule,
        "Field Values": values,
        "Error Message": finding.message,
        "Aim Sequence Number": "" if finding.aim_seq is None else str(finding.aim_seq),
        "Aim Reference Number": finding.aim_ref,
    }
    return {name: _harmless(value) for name, value in row.items()}


def _harmless(value: str) -> str:
    """A value that a spreadsheet will not run as a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value


def _inside(entity: Entity, kind: type[E]) -> E | None:
    """The nearest element of a kind that this one is or stands in."""
    at: Entity | None = entity
    while at is not None and not isinstance(at, kind):
        at = at.parent
    return at

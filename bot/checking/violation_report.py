"""Findings as rows of the department's Rule Violation Report.

The columns are those of the published report service (2020-21), so that rows drop into
spreadsheets made for it. Names and ULNs are left blank unless asked for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import IO

from bot.checking.report import FindingReport, LearnerReport
from bot.ilr.record import Aim, AimMonitoring, Destination, Entity, Learner, LearnerMonitoring
from bot.rules.catalogue import Severity

__all__ = ["COLUMNS", "columns_of", "write_rows"]

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


def columns_of(within: Mapping[str, Entity], *, names: bool = False) -> dict[str, str]:
    """The columns that come from the record itself, of findings on an entity.

    ``within``: the entity and all that it stands in, by name. ``names`` adds what may say who a
    learner is: ULN, names, and what the provider monitors by, where colleges put tutors, groups
    and references of their own.
    """
    columns: dict[str, str] = {}
    aim = within.get(Aim.name)
    if aim is not None:
        columns["Software Supplier Aim ID"] = aim.shown("SWSupAimId")
        columns["Funding Model"] = aim.shown("FundModel")
        columns["Subcontracted UKPRN"] = aim.shown("PartnerUKPRN")
        for one in aim.of(AimMonitoring) if names else ():
            letter = one.shown("ProvSpecDelMonOccur").strip().upper()
            columns[f"Provider Specified Learning Delivery Monitoring {letter}"] = one.shown(
                "ProvSpecDelMon"
            )
    destination = within.get(Destination.name)
    if destination is not None:
        columns["Learner Ref"] = destination.shown("LearnRefNumber")
    learner = within.get(Learner.name)
    if learner is not None and names:
        for other in learner.of(LearnerMonitoring):
            letter = other.shown("ProvSpecLearnMonOccur").strip().upper()
            columns[f"Provider Specified Learner Monitoring {letter}"] = other.shown(
                "ProvSpecLearnMon"
            )
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
    rows = io.StringIO()  # written at once: what takes them may pass on each
    writer = csv.writer(rows, lineterminator="\n")
    if header:
        writer.writerow(COLUMNS)
    writer.writerows(_row("", finding) for finding in of_file)
    for learner in learners:
        findings = learner.house_findings if house else learner.findings
        writer.writerows([_row(learner.ref, finding) for finding in findings])
    out.write(rows.getvalue())


def _row(ref: str, finding: FindingReport) -> list[str]:
    """The cells, in the order of ``COLUMNS``."""
    columns = finding.columns
    cells = [
        _LETTER.get(finding.severity, ""),
        ref or columns.get("Learner Ref", ""),
        *map(columns.get, _WHO, _BLANK),
        finding.rule,
        "|".join([f"{name}={value}" for name, value in finding.values.items()]),
        finding.message,
        "" if finding.aim_seq is None else str(finding.aim_seq),
        finding.aim_ref,
        *map(columns.get, _OF_THE_RECORD, _BLANK),
        "",
    ]
    return [f"'{cell}" if cell and cell[0] in _FORMULA else cell for cell in cells]


_WHO = COLUMNS[2:5]
_OF_THE_RECORD = COLUMNS[10:-1]
_BLANK = ("",) * len(COLUMNS)
_FORMULA = "=+-@"
"""Begin what a spreadsheet would run."""

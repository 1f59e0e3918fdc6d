"""Findings as rows of the department's Rule Violation Report.

The columns are those of the published report service (2020-21), so that rows drop into
spreadsheets made for it. Names and ULNs are left blank unless asked for.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import IO

from bot.checking.finding_report import FindingReport, Place
from bot.checking.report import LearnerReport
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
    rows: list[str] = []  # written at once: what takes them may pass on each
    if header:
        rows.append(_cells(*COLUMNS))
    _add_rows(rows, "", of_file)
    for learner in learners:
        _add_rows(rows, learner.ref, learner.house_findings if house else learner.findings)
    if rows:
        rows.append("")
        out.write("\n".join(rows))


def _add_rows(rows: list[str], ref: str, findings: Iterable[FindingReport]) -> None:
    """Add a learner's findings, the cells of each in the order of ``COLUMNS``.

    What findings have in common is put into cells once: of a rule for good, of a place here.
    """
    places: dict[int, tuple[str, str]] = {}
    for finding in findings:
        words, place = finding.words, finding.place
        known = places.get(id(place))
        if known is None:
            known = places[id(place)] = _who(ref, place), _where(place)
        who, where = known
        letter, said = _of_rule(words.severity, words.message)
        values = "|".join([f"{name}={value}" for name, value in finding.values.items()])
        rows.append(f"{letter},{who},{words.rule},{_cells(values)},{said},{where}")


def _who(ref: str, place: Place) -> str:
    columns = place.columns
    return _cells(ref or columns.get("Learner Ref", ""), *map(columns.get, _WHO, _BLANK))


def _where(place: Place) -> str:
    sequence = "" if place.aim_seq is None else str(place.aim_seq)
    return _cells(sequence, place.aim_ref, *map(place.columns.get, _OF_THE_RECORD, _BLANK), "")


@lru_cache(maxsize=4096)
def _of_rule(severity: Severity, message: str) -> tuple[str, str]:
    """The letter of a severity, and a rule's message as it is written."""
    return _LETTER.get(severity, ""), _cells(message)


def _cells(*texts: str) -> str:
    """Some cells of a row, as CSV."""
    return ",".join(
        [text if not text or text.isalnum() or _is_plain(text) else _cell(text) for text in texts]
    )


def _cell(text: str) -> str:
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow([f"'{text}" if text[0] in _FORMULA else text])
    return row.getvalue()[:-1]


_is_plain = re.compile(r"\w[\w=|./:;() -]*").fullmatch
"""A text that is the same as a cell; of another the writer knows."""
_WHO = COLUMNS[2:5]
_OF_THE_RECORD = COLUMNS[10:-1]
_BLANK = ("",) * len(COLUMNS)
_FORMULA = "=+-@"
"""Begin what a spreadsheet would run."""

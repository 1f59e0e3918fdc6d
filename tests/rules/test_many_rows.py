"""A table of many rows is checked as each row would be: what is skipped could tell nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.helpdesk import Helpdesk
from bot.ilr.build import build
from bot.ilr.readers import read
from bot.ilr.record import Message
from bot.rules import running
from bot.rules.engine import Engine, RunResult
from bot.years import AcademicYear

TABLES = sorted((Path(__file__).parents[1] / "pastes").glob("tables/*.txt"))
DAY = date(2026, 11, 24)
ROWS = """\
LearnRefNumber,AimSeqNumber,LearnAimRef,FundModel,LearnStartDate,LearnPlanEndDate,CompStatus
INV1,1,60149735,25,07/09/2026,25/06/2027,1
INV1,2,ZWRKX001,25,soon,25/06/2027,
INV2,1,ZPROG001,36,07/09/2026,01/06/2026,9
INV2,1,60149735,36,,25/06/2027,1
"""


def result_of(checker: Engine, text: str) -> RunResult:
    message = build(read(text).message, checker.specification, [])
    assert isinstance(message, Message)
    return checker.run(message, DAY, today=DAY)


@pytest.mark.parametrize(
    "text", [ROWS, *(path.read_text(encoding="utf-8") for path in TABLES[:12])]
)
def test_what_is_skipped_in_a_large_table_could_tell_nothing(
    helpdesk: Helpdesk, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    specification = helpdesk.knowledge.specification.for_year(AcademicYear(2026))
    checker = Engine(helpdesk.knowledge.catalogue, specification)
    found = []
    for many in (0, 1_000_000):
        monkeypatch.setattr(running, "MANY", many)
        result = result_of(checker, text)
        findings = [(f.rule.id, f.line, f.values) for f in result.findings]
        found.append((findings, result.not_run, result.run))
    assert found[0] == found[1]
    assert found[0][2]

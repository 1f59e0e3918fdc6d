"""docs/new-year.md, followed from start to finish with an invented 2027-28."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.errors import KnowledgeError
from bot.explain.explainer import Explainer
from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.lint import lint
from bot.knowledge.turn_of_year import turn_of_year
from bot.rules.catalogue import Rule, Severity
from bot.rules.changes import NO_CHECK_YET
from bot.rules.engine import Engine
from bot.years import AcademicYear

THIS, NEXT = AcademicYear(2026), AcademicYear(2027)
JULY, AUGUST = date(2027, 7, 1), date(2027, 8, 2)
RECORD = """\
<Learner><LearnRefNumber>A1</LearnRefNumber>
<LearningDelivery><LearnAimRef>ZWRKX001</LearnAimRef><LearnStartDate>2027-09-12</LearnStartDate>
<LearningDeliveryWorkPlacement><WorkPlaceStartDate>2027-09-05</WorkPlaceStartDate>
</LearningDeliveryWorkPlacement></LearningDelivery></Learner>
"""


def _published(path: Path, rules: list[Rule], **changed: dict[str, str]) -> Path:
    """A rules file of the department's form; ``changed``: rule → columns that differ."""
    names = ("Name", "Status", "DetailedDescription", "Exclusions")
    severities = {Severity.CHECK: "Warning", Severity.OFF: "N/A"}

    def shown(severity: Severity) -> str:
        return severities.get(severity, str(severity).title())

    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, (*names, "CurrentSldSeverity", "CurrentFisSeverity"))
        writer.writeheader()
        for rule in rules:
            row = {
                "Name": rule.id,
                "Status": "Active",
                "DetailedDescription": f"Fires when {rule.id} says",
                "CurrentSldSeverity": shown(rule.severity),
                "CurrentFisSeverity": shown(rule.fis),
            }
            writer.writerow(row | changed.pop(rule.id, {}))
        for name, columns in changed.items():
            writer.writerow({"Name": name, "Status": "New", **columns})
    return path


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "ours"
    (folder / "ilr").mkdir(parents=True)
    (folder / "rules").mkdir()
    monkeypatch.setenv("ILR_KNOWLEDGE_DIR", str(folder))
    return folder


@pytest.fixture
def this_year() -> list[Rule]:
    catalogue = KnowledgeBase.load().catalogue
    found = (catalogue.in_year(row, THIS) for row in catalogue.rows.values())
    return [rule for rule in found if rule]


def test_until_the_rules_are_in_those_of_the_year_before_are_run() -> None:
    helpdesk = Helpdesk(KnowledgeBase.load(), today=lambda: AUGUST)
    report = helpdesk.check(RECORD, year=NEXT)
    assert report.notes[0].startswith("The rules of 2027-28 are not in yet, so those of 2026-27")
    assert report.rules_run
    assert "WorkPlaceStartDate_02" in {f.rule for one in report.learners for f in one.findings}


def test_what_is_left_to_do_is_listed_from_june() -> None:
    knowledge = KnowledgeBase.load()
    assert turn_of_year(knowledge, date(2027, 5, 31)) is None
    left = turn_of_year(knowledge, JULY)
    assert left is not None
    assert (left.year, left.no_returns, left.no_rules) == (NEXT, True, True)
    assert left.to_review
    assert "no return dates of 2027-28 held" in left.lines


@pytest.mark.long
def test_a_new_year_from_start_to_finish(
    run: Any, own: Path, tmp_path: Path, this_year: list[Rule]
) -> None:
    # This year's file was worked through, and its fingerprints were kept.
    before = _published(tmp_path / "2627.csv", this_year)
    kept = run("rules", "compare", str(before), "--year", "2026-27", "--keep", "--json").json
    assert (kept["new"], kept["gone"]) == ([], [])

    # 1. Return dates.
    (own / "ilr" / "years.yaml").write_text(
        "years:\n  - year: 2027-28\n    returns: [{code: R01, closes: 2027-09-06}]\n"
    )
    # 3. The rules: one reworded, one with another severity, one gone, one new.
    after = _published(
        tmp_path / "2728.csv",
        [rule for rule in this_year if rule.id != "R_96"],
        WorkPlaceStartDate_02={"DetailedDescription": "Fires on another condition"},
        WorkPlaceMode_01={"CurrentSldSeverity": "Warning", "CurrentFisSeverity": "Warning"},
        WorkPlaceColour_01={"CurrentSldSeverity": "Error", "CurrentFisSeverity": "Error"},
    )
    found = run("rules", "compare", str(after), "--year", "2027-28", "--draft", "--json").json
    assert found["new"] == ["WorkPlaceColour_01"]
    assert found["gone"] == ["R_96"]
    assert {one["rule"]: one["what"] for one in found["changed"]} == {
        "WorkPlaceMode_01": "severity error → warning; in FIS error → warning",
        "WorkPlaceStartDate_02": "condition or exclusions reworded",
    }
    assert found["unsure"] == []
    assert found["need_a_check"] == ["WorkPlaceColour_01", "WorkPlaceStartDate_02"]

    # A draft changes nothing, and lint says that it is one.
    draft = own / "rules" / "changes" / "2027-28.yaml"
    text = draft.read_text(encoding="utf-8")
    assert NEXT not in KnowledgeBase.load(own=own).catalogue.read_years
    assert any("are a draft" in str(finding) for finding in lint(own, AUGUST))

    # Without the line draft, what is still to write is named with its line.
    ready = text.replace("draft: true\n", "")
    draft.write_text(ready, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"what changed is not written"):
        KnowledgeBase.load(own=own).catalogue.rows  # noqa: B018 - read when first asked for
    for todo in [line for line in ready.splitlines() if "TODO" in line]:
        key = todo.partition(":")[0]
        ready = ready.replace(todo, f"{key}: Written by a curator for this test.")
    draft.write_text(ready, encoding="utf-8")

    knowledge = KnowledgeBase.load(own=own)
    catalogue = knowledge.catalogue
    assert catalogue.read_years[-1] == NEXT
    mode = catalogue.rows["WorkPlaceMode_01"]
    was, is_now = catalogue.in_year(mode, THIS), catalogue.in_year(mode, NEXT)
    assert was is not None
    assert is_now is not None
    assert (was.severity, is_now.severity) == (Severity.ERROR, Severity.WARNING)
    assert is_now.changed == "Written by a curator for this test."
    assert catalogue.in_year(catalogue.rows["R_96"], NEXT) is None
    assert catalogue.in_year(catalogue.rows["R_96"], THIS) is not None
    engine = Engine(catalogue, knowledge.specification.for_year(NEXT))
    assert engine.never_run["WorkPlaceStartDate_02"] == NO_CHECK_YET
    assert engine.never_run["WorkPlaceColour_01"] == "not written yet"
    assert "WorkPlaceMode_01" in {rule.id for rule in engine.rules}

    # The year is one like any other now.
    helpdesk = Helpdesk(knowledge, today=lambda: AUGUST)
    assert not any("not in yet" in note for note in helpdesk.check(RECORD, year=NEXT).notes)
    told = Explainer(knowledge).explain("R01", NEXT, AUGUST)
    assert told is not None
    assert "Monday 6 September 2027" in told.lead
    left = turn_of_year(knowledge, JULY)
    assert left is not None
    assert (left.no_returns, left.no_rules) == (False, False)

    # A draft that was begun is never written over.
    again = run("rules", "compare", str(after), "--year", "2027-28", "--draft")
    assert again.status == 2
    assert "is there already" in again.err


ENTRY = """\
- id: minibus-for-placements
  topic: evidence
  for: [all]
  question: Who pays for the placement minibus?
  also_asked: [placement minibus cost, minibus money]
  answers:
    - years: {from: 2020-21, to: 2026-27}
      lead: The emergency grant of those years paid it.
      sources: [spec-work-placement-2024-25]
    - years: {from: 2027-28}
      lead: Nobody pays it any more.
      sources: [spec-work-placement-2024-25]
  status: practice
  owner: mis-team
  reviewed: 2026-11-20
  review_by: 2027-07-31
"""


def test_advice_that_ended_is_not_given_as_current(own: Path) -> None:
    (own / "entries").mkdir()
    (own / "entries" / "minibus.yaml").write_text(ENTRY, encoding="utf-8")
    knowledge = KnowledgeBase.load(own=own)
    entry = knowledge.entries["minibus-for-placements"]
    old, new = (knowledge.answer_for(entry, year) for year in (THIS, NEXT))
    assert old is not None
    assert new is not None
    assert ("emergency grant" in old.text, "Nobody pays" in new.text) == (True, True)
    left = turn_of_year(knowledge, JULY)
    assert left is not None
    assert "minibus-for-placements" in left.to_review


def test_codes_that_end_are_named_before_they_do(own: Path) -> None:
    (own / "ilr" / "codes.yaml").write_text(
        "codes:\n  - {of: LearningDeliveryFAM.LDM, code: '777', title: Pilot, last: 2027-07-31}\n"
    )
    knowledge = KnowledgeBase.load(own=own)
    left = turn_of_year(knowledge, JULY)
    assert left is not None
    assert "LDM 777" in left.codes_ending
    after = turn_of_year(knowledge, AUGUST)
    assert after is not None
    assert after.codes_ending == ()

"""Findings that can be acted on: pairs, what decided, what is the same, what is the file's."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from bot.checking.grouping import MIN_LEARNERS, collapsed
from bot.checking.report import FindingReport, Report
from bot.helpdesk import Helpdesk
from bot.slack.blocks.report import report_post
from bot.terminal.render.reports import show_report
from bot.years import AcademicYear
from tests.support.records import raw

YEAR = AcademicYear(2026)


def xml(entity: Any) -> str:
    fields = "".join(f"<{one.name}>{one.text}</{one.name}>" for one in entity.fields)
    return f"<{entity.name}>{fields}{''.join(map(xml, entity.children))}</{entity.name}>"


def check(helpdesk: Helpdesk, *learners: dict[str, Any]) -> Report:
    return helpdesk.check("".join(xml(raw("Learner", one)) for one in learners), YEAR)


def of_rule(report: Report, rule: str) -> FindingReport:
    return next(finding for finding in report.findings if finding.rule == rule)


def printed(report: Report) -> str:
    out = io.StringIO()
    show_report(Console(file=out, width=200), report)
    return out.getvalue()


def test_a_type_and_its_code_stay_a_pair_and_only_those_the_rule_names(helpdesk: Helpdesk) -> None:
    learner = {"MathGrade": "C", "fams": ["MCF 3", "SEN 1"], "aims": [{"FundModel": 25}]}
    found = of_rule(check(helpdesk, learner), "MathGrade_04")
    assert found.values == {"MathGrade": "C", "LearnFAMType": "MCF 3"}


@pytest.mark.parametrize(
    ("rule", "learner", "decided_by"),
    [
        (
            "DateOfBirth_34",
            {"DateOfBirth": "2007-08-31", "fams": ["HNS 1"], "aims": [{"FundModel": 25}]},
            {"age on 31/08/2026": "19"},
        ),
        (
            "EmpId_10",
            {
                "employment": [{"EmpStat": 10, "DateEmpStatApp": "2026-08-01"}],
                "aims": [
                    {
                        "AimType": 1,
                        "LearnStartDate": "2026-09-07",
                        "FundModel": 36,
                        "ProgType": 25,
                    }
                ],
            },
            {"employment status on 07/09/2026": "10"},
        ),
        (
            "EmpStat_09",
            {
                "employment": [{"EmpStat": 10, "DateEmpStatApp": "2026-09-07"}],
                "aims": [{"AimType": 1, "LearnStartDate": "2026-09-07", "ProgType": 25}],
            },
            {"first employment status": "07/09/2026"},
        ),
    ],
)
def test_what_decided_is_shown(
    helpdesk: Helpdesk, rule: str, learner: dict[str, Any], decided_by: dict[str, str]
) -> None:
    report = check(helpdesk, learner)
    found = of_rule(report, rule)
    assert found.decided_by == decided_by
    assert found.to_json()["decided_by"] == decided_by
    (name, value), *_ = decided_by.items()
    assert f"{name}: {value}" in printed(report)
    assert f"{name}: {value}" in str(report_post(report).blocks)


def test_the_file_date_is_shown_where_it_was_compared(helpdesk: Helpdesk) -> None:
    aim = {"AimSeqNumber": 1, "LearnActEndDate": "2030-01-01"}
    report = check(helpdesk, {"LearnRefNumber": "A1", "aims": [aim]})
    assert list(of_rule(report, "LearnActEndDate_04").decided_by) == ["file date"]


@pytest.mark.parametrize(
    ("rule", "component_ended", "decided_by"),
    [
        ("R_89", {"LearnActEndDate": "2026-10-02"}, {"component ended": "02/10/2026"}),
        ("R_90", {}, {"programme ended": "01/10/2026"}),
    ],
)
def test_the_day_of_the_other_aim_is_shown(
    helpdesk: Helpdesk, rule: str, component_ended: dict[str, str], decided_by: dict[str, str]
) -> None:
    programme = {"AimType": 1, "ProgType": 31, "AimSeqNumber": 1, "LearnStartDate": "2025-09-08"}
    component = {"AimType": 3, "ProgType": 31, "AimSeqNumber": 2, "LearnAimRef": "ZTLOS001"}
    aims = [programme | {"LearnActEndDate": "2026-10-01"}, component | component_ended]
    assert of_rule(check(helpdesk, {"aims": aims}), rule).decided_by == decided_by


def test_the_other_number_and_day_are_shown_with_findings_on_a_file(helpdesk: Helpdesk) -> None:
    file = """
        <Message xmlns="ILR/2026-27">
          <Header>
            <CollectionDetails>
              <Collection>ILR</Collection><Year>2627</Year>
              <FilePreparationDate>2030-01-01</FilePreparationDate>
            </CollectionDetails>
            <Source><UKPRN>10000001</UKPRN></Source>
          </Header>
          <LearningProvider><UKPRN>10000002</UKPRN></LearningProvider>
        </Message>"""
    report = helpdesk.check(file, YEAR)
    found = {one.rule: one.decided_by for one in report.findings}
    assert found["UKPRN_03"] == {"header": "10000001"}
    assert list(found["Header_2"]) == ["day of the check"]


def test_cause_part_and_note_are_in_the_json(helpdesk: Helpdesk) -> None:
    row = helpdesk.knowledge.catalogue.rows["LearnFAMType_01"]
    found = of_rule(check(helpdesk, {"fams": ["LSR 99"]}), "LearnFAMType_01").to_json()
    assert found["usually"] == row.usually
    assert found["partly"] == row.partly
    assert "note" in found


def test_the_same_on_every_aim_is_one_with_a_count(helpdesk: Helpdesk) -> None:
    aims = [{"AimSeqNumber": n, "LearnStartDate": "2026-09-07", "CompStatus": 7} for n in (1, 2, 3)]
    report = check(helpdesk, {"LearnRefNumber": "A1", "aims": aims})
    found = [f for f in report.findings if f.rule == "CompStatus_01"]
    assert len(found) == 3
    (one,) = [f for f in collapsed(report.learners[0].findings) if f.rule == "CompStatus_01"]
    assert (one.times, one.aims) == (3, (1, 2, 3))
    text = printed(report)
    assert text.count("CompStatus_01") == 1
    assert "Aims 1, 2 and 3" in text
    assert "(3 times)" in text


def test_different_values_are_not_taken_together(helpdesk: Helpdesk) -> None:
    aims = [{"AimSeqNumber": n, "CompStatus": code} for n, code in ((1, 7), (2, 8))]
    report = check(helpdesk, {"LearnRefNumber": "A1", "aims": aims})
    found = [f for f in collapsed(report.learners[0].findings) if f.rule == "CompStatus_01"]
    assert [one.times for one in found] == [1, 1]


def test_an_error_of_a_whole_class_is_said_once(helpdesk: Helpdesk) -> None:
    aim = {"AimSeqNumber": 1, "fams": ["SOF 999"]}
    learners = [{"LearnRefNumber": f"A{n}", "aims": [aim]} for n in range(MIN_LEARNERS + 4)]
    report = check(helpdesk, *learners)
    (group,) = [one for one in report.common if one.finding.rule == "LearnDelFAMType_04"]
    assert (group.learners, group.times, group.refs[:2]) == (7, 7, ("A0", "A1"))
    assert {"rule": "LearnDelFAMType_04", "learners": 7}.items() <= group.to_json().items()
    below = printed(report).partition("alike")[2]
    assert below.count("LearnDelFAMType_04") == 1


def of_a_class(status_from: str) -> list[dict[str, Any]]:
    aims = [
        {"AimSeqNumber": n, "FundModel": 25, "LearnStartDate": "2026-09-07"} for n in range(1, 5)
    ]
    last = MIN_LEARNERS - 1
    return [
        {
            "LearnRefNumber": f"A{n}",
            "PlanLearnHours": 500,
            "employment": [
                {"EmpStat": 12, "DateEmpStatApp": status_from if n == last else "2026-09-07"}
            ],
            "aims": aims,
        }
        for n in range(MIN_LEARNERS)
    ]


def test_of_a_class_how_often_and_what_decided_are_said(helpdesk: Helpdesk) -> None:
    report = check(helpdesk, *of_a_class("2026-09-07"))
    below = printed(report).partition("3 learners alike")[2]
    assert "(12 times)" in below
    assert "first employment status: 07/09/2026" in below


def test_what_decided_one_learner_alone_is_not_said_of_the_class(helpdesk: Helpdesk) -> None:
    report = check(helpdesk, *of_a_class("2026-09-08"))
    (group,) = [one for one in report.common if one.finding.rule == "EmpStat_11"]
    assert group.finding.decided_by == {}
    assert "first employment status" not in printed(report)
    assert of_rule(report, "EmpStat_11").decided_by == {"first employment status": "07/09/2026"}


def test_what_decided_one_aim_alone_is_not_said_of_the_others(helpdesk: Helpdesk) -> None:
    aim = {"FundModel": 25, "fams": ["SOF 107"]}
    report = check(helpdesk, {"DateOfBirth": "2000-01-01", "aims": [aim]})
    found = of_rule(report, "DateOfBirth_07")
    first = found._replace(decided_by={"age": "25", "file date": "01/12/2026"})
    other = found._replace(decided_by={"age": "26", "file date": "01/12/2026"})
    (one,) = collapsed([first, other])
    assert (one.times, one.decided_by) == (2, {"file date": "01/12/2026"})


def test_values_that_are_not_shown_are_never_called_alike(helpdesk: Helpdesk) -> None:
    learners = [
        {"LearnRefNumber": f"A{n}", "Postcode": f"ZZ9{n} 9Z"} for n in range(MIN_LEARNERS + 1)
    ]
    report = check(helpdesk, *learners)
    assert of_rule(report, "Postcode_15")
    assert "Postcode_15" not in {one.finding.rule for one in report.common}


def test_what_is_found_on_the_file_stands_under_it(helpdesk: Helpdesk) -> None:
    report = helpdesk.check(
        '<Message xmlns="ESFA/ILR/2025-26"><Learner><LearnRefNumber>A1</LearnRefNumber></Learner>'
        "</Message>",
        YEAR,
    )
    text = printed(report)
    assert text.index("The file") < text.index("Namespace_Mismatch") < text.index("Learner A1")

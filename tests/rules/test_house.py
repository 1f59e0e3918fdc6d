"""House rules: what a provider writes is refused when it cannot be, and run when it can."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checking.report import HouseCheck
from bot.checking.violation_report import write_rows
from bot.errors import KnowledgeError
from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.lint import lint_house_rules
from bot.knowledge.rule_listing import listing
from bot.rules.house import HouseRulesFile, faults, house_engine
from bot.slack.blocks.report import report_post
from bot.yaml_files import read_yaml, shipped_knowledge
from bot.years import AcademicYear
from tests.conftest import CACHE
from tests.support.records import message
from tests.support.whole_files import check_file

ROOT = Path(__file__).parents[2]
YEAR = AcademicYear.parse("2026-27")
DAY = date(2026, 11, 24)
PAGE = (ROOT / "docs" / "house-rules.md").read_text(encoding="utf-8")
EXAMPLES = [dedent(block) for block in re.findall(r"^ *```yaml\n(.*?)^ *```", PAGE, re.S | re.M)]
SHORT = {"aim": {"placements": [{"WorkPlaceHours": 29}]}}


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return KnowledgeBase.load()


def a_rule(on: str, *conditions: str, more: str = "") -> str:
    when = indent("\n".join(f"- {one}" for one in conditions), " " * 6)
    return (
        "rules:\n"
        "  - id: ours\n"
        "    title: Something of ours\n"
        f"    each: {on}\n"
        f"    when:\n{when}\n"
        "    message: This is not as we want it.\n"
        "    fix: Put it right, please.\n"
        "    source: A decision of ours\n"
        f"{more}"
    )


def own(folder: Path, text: str) -> Path:
    (folder / "house-rules.yaml").write_text(text, encoding="utf-8")
    return folder


def fired(folder: Path, knowledge: KnowledgeBase, text: str, case: dict[str, Any]) -> list[str]:
    """Ids of the house rules that a record breaks, one a finding."""
    path = own(folder, text) / "house-rules.yaml"
    rules = HouseRulesFile.model_validate(read_yaml(path).data).rules
    assert not [fault for rule in rules for fault in faults(rule, knowledge.specification)]
    held = knowledge.specification.for_year(YEAR)
    record, remarks = message(case, held)
    assert not remarks
    outcome = house_engine(tuple(rules), held).run(record, DAY)
    assert not outcome.not_run
    return [finding.rule.id for finding in outcome.findings]


CASES = [
    # on, condition, a record that meets it, one that does not
    ("placement", "{field: WorkPlaceHours, below: 30}", 29, 30),
    ("placement", "{field: WorkPlaceHours, above: 30}", 31, 30),
    ("placement", "{field: WorkPlaceHours, at_least: 30}", 30, 29),
    ("placement", "{field: WorkPlaceHours, at_most: 30}", 30, 31),
    ("placement", "{field: WorkPlaceHours, is: 30}", 30, 31),
    ("placement", "{field: WorkPlaceHours, is: [30, 31]}", 31, 32),
    ("placement", "{field: WorkPlaceHours, is_not: [30, 31]}", 32, 31),
    ("placement", "{field: WorkPlaceHours, between: [30, 40]}", 30, 29),
    ("placement", "{field: WorkPlaceHours, between: [30, 40]}", 40, 41),
    ("placement", "{field: WorkPlaceHours, outside: [30, 40]}", 29, 30),
    ("placement", "{field: WorkPlaceHours, outside: [30, 40]}", 41, 40),
    ("placement", "{field: WorkPlaceHours, missing: true}", None, 0),
    ("placement", "{field: WorkPlaceHours, missing: false}", 0, None),
    ("placement", "{field: WorkPlaceHours, below: 40, above: 30}", 35, 30),
    ("placement", "any: [{field: WorkPlaceHours, is: 1}, {field: WorkPlaceHours, is: 2}]", 2, 3),
    ("placement", "none: [{field: WorkPlaceHours, is: 1}]", 2, 1),
    ("placement", "all: [{field: WorkPlaceHours, above: 1}]", 2, 1),
    ("aim", "{has: placement, where: [{field: WorkPlaceHours, below: 30}]}", 29, 30),
    ("aim", "{lacks: placement, where: [{field: WorkPlaceHours, below: 30}]}", 30, 29),
    ("learner", "{count: placement, where: [{field: WorkPlaceHours, below: 30}], is: 1}", 29, 30),
    ("learner", "{total: placement.WorkPlaceHours, below: 30}", 29, 30),
    ("placement", "{total: placement.WorkPlaceHours, below: 30}", None, 30),
    ("placement", "{count: placement, is: 1, below: 2}", 5, "two"),
]


@pytest.mark.parametrize(("on", "condition", "met", "unmet"), CASES)
def test_a_condition_is_met_and_not_met(
    tmp_path: Path, knowledge: KnowledgeBase, on: str, condition: str, met: Any, unmet: Any
) -> None:
    def record(hours: Any) -> dict[str, Any]:
        placements = [{"WorkPlaceHours": 1}] * 2 if hours == "two" else [{"WorkPlaceHours": hours}]
        return {"aim": {"placements": placements}}

    assert fired(tmp_path, knowledge, a_rule(on, condition), record(met)) == ["ours"]
    assert fired(tmp_path, knowledge, a_rule(on, condition), record(unmet)) == []


DATES = [
    ("{field: WorkPlaceStartDate, before: 2026-10-01}", "2026-09-30", "2026-10-01"),
    ("{field: WorkPlaceStartDate, after: 2026-10-01}", "2026-10-02", "2026-10-01"),
    ("{field: WorkPlaceStartDate, below: {field: LearnStartDate}}", "2026-08-31", "2026-09-01"),
    ("{days: [LearnStartDate, WorkPlaceStartDate], above: 30}", "2026-10-02", "2026-10-01"),
    ("{days: [LearnStartDate, WorkPlaceStartDate], is: 0}", "2026-09-01", "2026-09-02"),
    ("{age_on: WorkPlaceStartDate, at_least: 17}", "2026-10-20", "2026-10-19"),
    ("{field: WorkPlaceStartDate, after: 01/10/2026}", "2026-10-02", "2026-10-01"),
]


@pytest.mark.parametrize(("condition", "met", "unmet"), DATES)
def test_dates_by_the_day(
    tmp_path: Path, knowledge: KnowledgeBase, condition: str, met: str, unmet: str
) -> None:
    def record(day: str) -> dict[str, Any]:
        aim = {"LearnStartDate": "2026-09-01", "placements": [{"WorkPlaceStartDate": day}]}
        return {"learner": {"DateOfBirth": "2009-10-20", "aims": [aim]}}

    assert fired(tmp_path, knowledge, a_rule("placement", condition), record(met)) == ["ours"]
    assert fired(tmp_path, knowledge, a_rule("placement", condition), record(unmet)) == []


@pytest.mark.parametrize(
    "test",
    [
        "is: 1", "is_not: 1", "below: 1", "above: 1", "at_least: 1", "at_most: 1",
        "between: [1, 2]", "outside: [1, 2]", "missing: false",
    ],
)  # fmt: skip
def test_a_blank_field_meets_no_test_but_missing(
    tmp_path: Path, knowledge: KnowledgeBase, test: str
) -> None:
    text = a_rule("placement", f"{{field: WorkPlaceHours, {test}}}")
    assert fired(tmp_path, knowledge, text, {"aim": {"placements": [{"WorkPlaceMode": 1}]}}) == []
    text = a_rule("placement", f"{{days: [WorkPlaceEndDate, WorkPlaceStartDate], {test}}}")
    assert fired(tmp_path, knowledge, text, {"aim": {"placements": [{"WorkPlaceMode": 1}]}}) == []


def test_elements_are_looked_for_in_the_nearest_part_that_can_hold_them(
    tmp_path: Path, knowledge: KnowledgeBase
) -> None:
    text = a_rule("aim", "{field: AimType, is: 5}", "{has: learner FAM}", "{count: aim, is: 2}")
    learner: dict[str, Any] = {"fams": ["MCF 2"], "aims": [{"AimType": 5}, {"AimType": 4}]}
    assert fired(tmp_path, knowledge, text, {"learner": learner}) == ["ours"]
    assert fired(tmp_path, knowledge, text, {"learner": {**learner, "fams": []}}) == []


def test_capitals_do_not_matter_in_text(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    for condition in ("{field: LearnAimRef, is: zwrkx001}", "{field: LearnAimRef, starts_with: z}"):
        case = {"aim": {"LearnAimRef": "ZWRKX001"}}
        assert fired(tmp_path, knowledge, a_rule("aim", condition), case) == ["ours"]


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_examples_of_the_documentation_are_in_order(
    tmp_path: Path, text: str, knowledge: KnowledgeBase
) -> None:
    loaded = KnowledgeBase.load(own=own(tmp_path, text))
    assert loaded.house_rules
    assert [str(one) for one in lint_house_rules(loaded)] == []


def test_the_examples_find_what_they_say(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    assert fired(tmp_path, knowledge, EXAMPLES[0], SHORT) == ["short-placement"]
    late = {"WorkPlaceStartDate": "2026-12-01", "WorkPlaceHours": 30}
    industry = {
        "LearnAimRef": "ZWRKX003", "AimType": 3, "FundModel": 25, "LearnStartDate": "2026-09-01",
        "placements": [late],
    }  # fmt: skip
    core = {"AimType": 5, "FundModel": 25, "provider_monitoring": [{"ProvSpecDelMonOccur": "A"}]}
    learner = {"DateOfBirth": "2010-01-01", "PlanLearnHours": 540, "aims": [industry, core]}
    assert sorted(fired(tmp_path, knowledge, EXAMPLES[1], {"learner": learner})) == [
        "industry-placement-total", "long-gap-to-placement", "no-cost-centre", "planned-hours-band",
    ]  # fmt: skip
    ended = {**industry, "LearnActEndDate": "2026-12-02", "placements": []}
    in_order = {**learner, "PlanLearnHours": 580, "aims": [ended, core]}
    assert fired(tmp_path, knowledge, EXAMPLES[1], {"learner": in_order}) == []


REFUSED = [
    ("placement", "{field: WorkPlaceHour, below: 30}", 6, "no ILR field 'WorkPlaceHour'"),
    ("placemnt", "{field: WorkPlaceHours, below: 30}", 4, "not an ILR element"),
    ("learner", "{field: WorkPlaceHours, below: 30}", 6, "use has, count or total"),
    ("placement", "{field: WorkPlaceHours, below: thirty}", 6, "is not a number"),
    ("placement", "{field: WorkPlaceStartDate, before: tomorrow}", 6, "is not a date"),
    ("placement", "{field: WorkPlaceHours, before: 2026-08-01}", 6, "before is for dates"),
    ("aim", "{field: LearnAimRef, below: 3}", 6, "below is for numbers"),
    ("aim", "{field: LearnAimRef, between: [1, 2]}", 6, "between is for numbers"),
    ("placement", "{field: WorkPlaceMode, is: 7}", 6, "not a code of WorkPlaceMode"),
    ("placement", "{field: WorkPlaceHours, starts_with: 3}", 6, "starts_with is for text"),
    ("placement", "{field: WorkPlaceHours, below: {field: LearnStartDate}}", 6, "another kind"),
    ("aim", "{days: [LearnStartDate, AimType], below: 3}", 6, "AimType is not a date"),
    ("aim", "{age_on: AimType, below: 3}", 6, "AimType is not a date"),
    ("aim", "{total: WorkPlaceHours, below: 3}", 6, "total needs an element"),
    ("aim", "{total: placement.WorkPlaceStartDate, below: 3}", 6, "is not a number"),
    ("learner", "{has: Header}", 6, "not part of a learner"),
    ("Header", "{count: aim, is: 0}", 4, "not part of a learner"),
    ("aim", "{has: placement, where: [{field: Hours, is: 3}]}", 6, "no ILR field 'Hours'"),
]


@pytest.mark.parametrize(("on", "condition", "line", "says"), REFUSED)
def test_what_cannot_be_is_refused_with_its_line(
    tmp_path: Path, on: str, condition: str, line: int, says: str
) -> None:
    folder = own(tmp_path, a_rule(on, condition))
    loaded = KnowledgeBase.load(own=folder)
    found = [str(one) for one in lint_house_rules(loaded)]
    assert found
    assert f"house-rules.yaml:{line}: ours: " in found[0]
    assert says in found[0]
    # And a check is made all the same; it says that the rule was not run.
    report = Helpdesk(loaded, today=lambda: DAY).check("WorkPlaceHours: 29", YEAR)
    assert report.house is not None
    assert report.house.run == 0
    assert report.house.not_run.keys() == {"ours"}
    assert report.house.conclusion == "Your own checks: no house rule could be run."


SHAPES = [
    ("{field: AimType, count: placement, is: 1}", "look at one thing"),
    ("{is: 1}", "look at one thing"),
    ("{field: AimType}", "say what field has to be"),
    ("{has: placement, is: 1}", "has takes no test"),
    ("{field: AimType, is: 1, where: [{field: AimType, is: 1}]}", "where goes with"),
    ("{field: AimType, matches: 1}", "unknown key 'matches'"),
    ("{field: AimType, between: [1]}", "between"),
]


@pytest.mark.parametrize(("condition", "says"), SHAPES)
def test_a_condition_of_another_shape_is_refused(tmp_path: Path, condition: str, says: str) -> None:
    with pytest.raises(KnowledgeError, match=r"house-rules\.yaml:6") as refused:
        KnowledgeBase.load(own=own(tmp_path, a_rule("aim", condition)))
    assert says in str(refused.value)
    assert "Value error" not in str(refused.value)


def test_an_id_stands_once_and_is_not_a_published_one(tmp_path: Path) -> None:
    text = a_rule("aim", "{field: AimType, is: 1}")
    twice = text + text.removeprefix("rules:\n")
    with pytest.raises(KnowledgeError, match=r"house-rules\.yaml:10: the id 'ours' stands twice"):
        KnowledgeBase.load(own=own(tmp_path, twice))
    taken = own(tmp_path, text.replace("id: ours", "id: r-96"))
    found = [str(one) for one in lint_house_rules(KnowledgeBase.load(own=taken))]
    assert "a published rule has this id" in found[0]


def test_nobody_is_named_in_a_rule(tmp_path: Path) -> None:
    text = a_rule("aim", "{field: AimType, is: 1}").replace("A decision", "9000000003, a decision")
    found = [str(one) for one in lint_house_rules(KnowledgeBase.load(own=own(tmp_path, text)))]
    assert "looks like personal data" in found[0]


def test_conditions_do_not_stand_inside_each_other_without_end(tmp_path: Path) -> None:
    deep = "{field: AimType, is: 1}"
    for _ in range(15):
        deep = f"{{any: [{deep}]}}"
    found = lint_house_rules(KnowledgeBase.load(own=own(tmp_path, a_rule("aim", deep))))
    assert any("too deep" in str(one) for one in found)


def test_only_in_its_years(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    text = a_rule("aim", "{field: AimType, is: 4}", more="    years: {from: 2026-27}\n")
    rules = HouseRulesFile.model_validate(yaml.safe_load(text)).rules
    for year, expected in (("2026-27", 1), ("2025-26", 0)):
        held = knowledge.specification.for_year(AcademicYear.parse(year))
        record, _ = message({"aim": {"AimType": 4}}, held)
        outcome = house_engine(tuple(rules), held).run(record, DAY)
        assert (len(outcome.findings), len(outcome.run)) == (expected, expected)


def test_the_schema_takes_what_we_take() -> None:
    path = shipped_knowledge() / "schemas" / "house-rules.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    for text in EXAMPLES:
        jsonschema.validate(json.loads(json.dumps(yaml.safe_load(text), default=str)), schema)
    wrong = yaml.safe_load(EXAMPLES[0])
    wrong["rules"][0]["when"] = [{"eval": "1"}]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)


RECORD = (
    "<Learner><LearnRefNumber>INV1</LearnRefNumber><ULN>1000000043</ULN>"
    "<FamilyName>Quill</FamilyName><LearningDelivery><LearnAimRef>ZWRKX001</LearnAimRef>"
    "<AimSeqNumber>2</AimSeqNumber><LearningDeliveryWorkPlacement><WorkPlaceHours>29</WorkPlaceHours>"
    "</LearningDeliveryWorkPlacement></LearningDelivery></Learner>"
)


@pytest.fixture
def ours(tmp_path: Path) -> Helpdesk:
    loaded = KnowledgeBase.load(own=own(tmp_path, EXAMPLES[0]))
    return Helpdesk(loaded, today=lambda: DAY, cache=CACHE)


def test_findings_stand_apart_from_published_rules(ours: Helpdesk, helpdesk: Helpdesk) -> None:
    report, without = ours.check(RECORD, YEAR), helpdesk.check(RECORD, YEAR)
    assert report.findings == without.findings
    assert report.rules_run == without.rules_run
    assert report.conclusion == without.conclusion
    assert without.house is None
    written = report.to_json()
    assert written["house"] == {
        "rules_run": 1,
        "findings": 1,
        "rules_not_run": {},
        "conclusion": "Your own checks: 1 finding. 1 house rule was run.",
    }
    (found,) = written["learners"][0]["house_findings"]
    assert (found["rule"], found["aim_seq"], found["line"]) == ("short-placement", 2, 1)
    assert found["values"] == {"WorkPlaceHours": "29"}
    post = json.dumps(report_post(report).blocks)
    assert "Your own checks: 1 finding" in post
    assert "Placement of fewer than 30 hours" in post
    assert "Quill" not in post


def test_a_house_rule_is_explained_and_never_called_official(ours: Helpdesk) -> None:
    for answer in (ours.explain("short-placement"), ours.ask("what is short-placement?")):
        assert answer.entry == "rule:short-placement"
        assert answer.text is not None
        assert "not a published one" in answer.text
        assert "Work placement policy 2026" in answer.text
        assert (answer.status, answer.sources) == (None, ())


def test_they_are_listed_with_the_published_rules(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    text = EXAMPLES[0] + a_rule("aim", "{field: Nothing, is: 1}").removeprefix("rules:\n")
    loaded = KnowledgeBase.load(own=own(tmp_path, text))
    rows = listing(loaded, YEAR)
    house = {row.id: row.run for row in rows if row.family == "house"}
    assert house["short-placement"] == "run"
    assert "no ILR field 'Nothing'" in house["ours"]
    assert [row for row in rows if row.family != "house"] == listing(knowledge, YEAR)


def test_the_csv_holds_one_or_the_other(ours: Helpdesk) -> None:
    report = ours.check(RECORD, YEAR)
    published, house = io.StringIO(), io.StringIO()
    write_rows(published, report.learners)
    write_rows(house, report.learners, house=True)
    assert "short-placement" not in published.getvalue()
    assert house.getvalue().count("\n") == 2
    assert "W,INV1,,,,short-placement,WorkPlaceHours=29," in house.getvalue()


def test_a_rule_on_what_was_not_pasted_is_not_run(ours: Helpdesk) -> None:
    report = ours.check(RECORD.replace(">29<", ">about 30<"), YEAR)
    assert report.house is not None
    assert report.house.not_run == {"short-placement": "a value it needs could not be read"}


def test_the_conclusion_says_what_was_not_run() -> None:
    said = [
        HouseCheck(run=2, findings=0).conclusion,
        HouseCheck(run=1, findings=3, not_run={"a": "…", "b": "…"}).conclusion,
        HouseCheck(run=0, findings=0).conclusion,
    ]
    assert said == [
        "Your own checks: nothing found. 2 house rules were run.",
        "Your own checks: 3 findings. 1 house rule was run, 2 could not be.",
        "Your own checks: none is for this year.",
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_whole_return_is_checked_as_well(ours: Helpdesk, tmp_path: Path, jobs: int) -> None:
    path = tmp_path / "return.xml"
    learners = "".join(RECORD.replace("INV1", f"INV{n}") for n in range(250))
    path.write_text(f'<Message xmlns="ILR/2026-27">{learners}</Message>', encoding="utf-8")
    totals, batches = check_file(path, ours.knowledge, year=YEAR, on=DAY, today=DAY, jobs=jobs)
    found = [f.rule for b in batches for one in b.learners for f in one.house_findings]
    assert found == ["short-placement"] * 250
    assert totals.house_by_rule == {"short-placement": 250}
    assert "short-placement" not in totals.by_rule
    house = totals.report(()).house
    assert house is not None
    assert (house.run, house.findings) == (1, 250)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12)
    | st.sampled_from(["aim", "placement", "FundModel", "WorkPlaceHours", "LearnStartDate", "25"]),
    lambda inside: st.lists(inside, max_size=3)
    | st.dictionaries(
        st.sampled_from([
            "field", "count", "has", "total", "days", "age_on", "where", "is", "below", "between",
            "missing", "any", "none", "starts_with", "before", "__class__",
        ]),
        inside, max_size=3,
    ),
    max_leaves=8,
)  # fmt: skip


SHIPPED = cache(KnowledgeBase.load)


@given(when=st.lists(ANYTHING, min_size=1, max_size=3), on=st.sampled_from(["aim", "placement"]))
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_is_refused_or_run(when: list[Any], on: str) -> None:
    knowledge = SHIPPED()
    row = {
        "id": "ours", "title": "Something of ours", "each": on, "when": when,
        "message": "This is not as we want it.", "fix": "Put it right, please.",
        "source": "A decision",
    }  # fmt: skip
    try:
        rules = HouseRulesFile.model_validate({"rules": [row]}).rules
    except ValueError:
        return
    held = knowledge.specification.for_year(YEAR)
    record, _ = message(SHORT, held)
    outcome = house_engine(tuple(rules), held).run(record, DAY)
    assert outcome.run | outcome.not_run.keys() == {"ours"}

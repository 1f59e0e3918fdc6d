"""What breaks the XML schema is an error of its own, with its line and what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.checking.report import Report
from bot.checking.sources import ParsedSource
from bot.checking.whole_file import check_source
from bot.helpdesk import Helpdesk
from bot.ilr.readers import read
from bot.ilr.specification import load_specification
from bot.years import AcademicYear
from tests.support.whole_files import check_file

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
TODAY = date(2026, 11, 24)
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<Message xmlns="ILR/2026-27">
<Header>
<CollectionDetails>
<Collection>ILR</Collection><Year>2627</Year><FilePreparationDate>2026-11-02</FilePreparationDate>
</CollectionDetails>
<Source>
<ProtectiveMarking>OFFICIAL-SENSITIVE-Personal</ProtectiveMarking><UKPRN>10000001</UKPRN>
<SerialNo>01</SerialNo><DateTime>2026-11-02T10:00:00</DateTime>
</Source>
</Header>
<LearningProvider><UKPRN>10000001</UKPRN></LearningProvider>
"""
LEARNER = """<Learner>
<LearnRefNumber>A1</LearnRefNumber>
<ULN>9999999999</ULN>
<LearningDelivery>
<LearnAimRef>60149735</LearnAimRef>
<AimType>4</AimType>
<AimSeqNumber>1</AimSeqNumber>
<LearnStartDate>2026-09-07</LearnStartDate>
<LearnPlanEndDate>2027-07-16</LearnPlanEndDate>
<FundModel>99</FundModel>
<CompStatus>1</CompStatus>
</LearningDelivery>
</Learner>
"""
WHOLE = f"{HEAD}{LEARNER}</Message>\n"
START = "<LearnStartDate>2026-09-07</LearnStartDate>\n"


def check(helpdesk: Helpdesk, text: str, year: str | None = None) -> Report:
    return helpdesk.check(text, AcademicYear.parse(year) if year else None)


def test_a_whole_file_of_the_year_breaks_nothing(helpdesk: Helpdesk) -> None:
    assert check(helpdesk, WHOLE).schema_errors == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("<CompStatus>", "<AddHours>5</AddHours><CompStatus>", 23,
         "AddHours is not a field of LearningDelivery in 2026-27. 2026-27: Removed; recorded as "
         "HRSRecord, with HRS code 6 as far as can be told. Take it out."),
        ("<CompStatus>", "<OTJActHours>5</OTJActHours><CompStatus>", 23,
         "OTJActHours is not a field of LearningDelivery in 2026-27. 2026-27: Removed; recorded as "
         "HRSRecord with HRS code 3. Take it out."),
        ("<CompStatus>", "<EmpOutcome>1</EmpOutcome><CompStatus>", 23,
         "EmpOutcome is not a field of LearningDelivery in 2026-27. 2024-25: Dropped; replaced by "
         "employment monitoring OET 4. Take it out."),
        ("<CompStatus>", "<Shoesize>5</Shoesize><CompStatus>", 23,
         "Shoesize is not a field of LearningDelivery in 2026-27. Take it out."),
        ("<CompStatus>1</CompStatus>", "<CompStatus>1</CompStatus><CompStatus>2</CompStatus>", 23,
         "CompStatus appears twice in one LearningDelivery; the first is used. Take one out."),
        ("2026-09-07", "2026-02-30", 20,
         "LearnStartDate is not a date (in a file dates are written YYYY-MM-DD). Correct it."),
        ("2026-09-07", "14/09/2026", 20,
         "LearnStartDate is not a date (in a file dates are written YYYY-MM-DD). Correct it."),
        ("<FundModel>99<", "<FundModel>9g<", 22, "FundModel is not a whole number. Correct it."),
        ("<CompStatus>1</CompStatus>", "<CompStatus></CompStatus><LearnActEndDate/>", 23,
         "LearnActEndDate is empty. Leave the element out when there is nothing to return."),
        ("<Year>2627<", "<Year>2526<", 5,
         "Year is not 2627. The schema of the year takes nothing else."),
        ("<UKPRN>10000001</UKPRN>\n<Serial", "<UKPRN>1234</UKPRN>\n<Serial", 8,
         "UKPRN is not within the schema's limits (10000000 to 99999999). Correct it in the "
         "settings of the export."),
        ("<SerialNo>01</SerialNo>", "", 7, "Source has no SerialNo. Add it."),
        ("<LearningProvider><UKPRN>10000001</UKPRN></LearningProvider>\n", "", 2,
         "Message has no LearningProvider. Add it."),
        (START + "<LearnPlan", "<LearnPlan", None, ""),
    ],
)  # fmt: skip
def test_a_breach_is_named_with_its_line(
    helpdesk: Helpdesk, old: str, new: str, line: int | None, message: str
) -> None:
    text = WHOLE.replace(old, new)
    assert text != WHOLE
    report = check(helpdesk, text, "2026-27")
    found = [(error.line, error.message) for error in report.schema_errors]
    # The last case: what a field definition rule reports is left to it.
    assert found == ([(line, message)] if message else [])
    assert not report.problems
    assert report.errors >= 1


def test_wrong_order_is_said_once_an_element(helpdesk: Helpdesk) -> None:
    moved = WHOLE.replace(START, "").replace("<CompStatus>", f"{START}<CompStatus>")
    (error,) = check(helpdesk, moved).schema_errors
    assert error.line == 22
    assert error.message == (
        "LearnStartDate stands after FundModel; in LearningDelivery it comes before it. An export "
        "puts them right by itself: look for what was edited or added by hand."
    )


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "1e9", "x"])
def test_what_is_no_number_in_the_header_is_said(
    helpdesk: Helpdesk, tmp_path: Path, text: str
) -> None:
    broken = WHOLE.replace("10000001</UKPRN>\n<Serial", f"{text}</UKPRN>\n<Serial")
    report = check(helpdesk, broken)
    assert "UKPRN is not a whole number. Correct it." in {e.message for e in report.schema_errors}
    assert streamed(helpdesk, tmp_path, broken).schema_errors == report.schema_errors


def test_no_header(helpdesk: Helpdesk) -> None:
    start, end = WHOLE.index("<Header>"), WHOLE.index("<LearningProvider>")
    (error,) = check(helpdesk, WHOLE[:start] + WHOLE[end:]).schema_errors
    assert error.message == "Message has no Header. Add it."


def test_of_a_cut_out_neither_order_nor_number_is_judged(helpdesk: Helpdesk) -> None:
    aim = LEARNER[LEARNER.index("<LearningDelivery>") : LEARNER.index("</Learner>")]
    assert check(helpdesk, aim, "2026-27").schema_errors == ()
    with_hours = aim.replace("<CompStatus>", "<PHours>300</PHours><CompStatus>")
    (error,) = check(helpdesk, with_hours, "2026-27").schema_errors
    assert error.message.startswith("PHours is not a field of LearningDelivery in 2026-27.")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("<CompStatus>", '<CompStatus nil="true">', 23,
         "There is an attribute, nil; the ILR has elements only. Take it out."),
        ("<LearningDelivery>", '<LearningDelivery PartnerUKPRN="10000002">', 16,
         "There is an attribute, PartnerUKPRN; the ILR has elements only. Take it out."),
        ("</LearningDelivery>", "<HRSRecord><LearnerFAM/></HRSRecord></LearningDelivery>", 24,
         "LearnerFAM cannot be inside HRSRecord, so it was not read."),
    ],
)  # fmt: skip
def test_what_stands_where_nothing_may_is_a_breach(
    helpdesk: Helpdesk, tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    text = WHOLE.replace(old, new)
    found = [(error.line, error.message) for error in check(helpdesk, text).schema_errors]
    assert (line, message) in found
    assert streamed(helpdesk, tmp_path, text).schema_errors == check(helpdesk, text).schema_errors


def streamed(helpdesk: Helpdesk, folder: Path, text: str) -> Report:
    path = folder / "return.xml"
    path.write_text(text, encoding="utf-8")
    totals, batches = check_file(path, helpdesk.knowledge, year=None, on=None, today=TODAY)
    for _ in batches:
        pass
    return totals.report(())


def test_text_between_the_elements_of_a_file_is_a_breach(
    helpdesk: Helpdesk, tmp_path: Path
) -> None:
    text = WHOLE.replace("<CompStatus>", "stray<CompStatus>")
    (error,) = streamed(helpdesk, tmp_path, text).schema_errors
    assert error.line == 16
    assert error.message == (
        "There is text between the elements of this LearningDelivery. Take it out."
    )


def test_a_learner_within_another_is_a_breach_and_takes_nothing_away(
    helpdesk: Helpdesk, tmp_path: Path
) -> None:
    text = WHOLE.replace(
        "</LearningDelivery>",
        "<Learner><LearnRefNumber>A2</LearnRefNumber></Learner>\n</LearningDelivery>",
    )
    report, stream = check(helpdesk, text), streamed(helpdesk, tmp_path, text)
    (error,) = report.schema_errors
    assert error.message == "Learner cannot be inside LearningDelivery, so it was not read."
    assert stream.schema_errors == report.schema_errors
    assert stream.errors == report.errors


def test_where_the_schema_is_may_be_said(helpdesk: Helpdesk, tmp_path: Path) -> None:
    located = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"'
    text = WHOLE.replace('<Message xmlns="ILR/2026-27"', f'<Message xmlns="ILR/2026-27" {located}')
    assert check(helpdesk, text).schema_errors == ()
    assert streamed(helpdesk, tmp_path, text).schema_errors == ()


def test_an_attribute_of_a_cut_out_is_read_and_no_breach(helpdesk: Helpdesk) -> None:
    aim = '<LearningDelivery FundModel="99"><AimType>4</AimType></LearningDelivery>'
    report = check(helpdesk, aim, "2026-27")
    assert report.schema_errors == ()
    assert any("written as an attribute" in note for note in report.notes)


def test_a_large_table_has_no_schema(helpdesk: Helpdesk) -> None:
    rows = [f"A{n:03}\t60149735\t2026-09-07\t300\t99" for n in range(60)]
    table = "\n".join(["LearnRefNumber\tLearnAimRef\tLearnStartDate\tPHours\tFundModel", *rows])
    source = ParsedSource(read(table), "group.csv")
    totals, batches = check_source(
        source, helpdesk.knowledge, year=AcademicYear(2026), on=None, today=TODAY
    )
    for _ in batches:
        pass
    report = totals.report(())
    assert report.schema_errors == ()
    assert any("PHours is not a field" in problem.message for problem in report.problems)


def test_a_list_or_table_has_no_schema(helpdesk: Helpdesk) -> None:
    report = check(helpdesk, "LearnAimRef: 60149735\nPHours: 300\nFundModel: 99\n", "2026-27")
    assert report.schema_errors == ()
    assert any("PHours is not a field" in problem.message for problem in report.problems)


def test_the_same_breach_is_one_with_a_count(helpdesk: Helpdesk) -> None:
    broken = LEARNER.replace("<CompStatus>", "<PHours>300</PHours><CompStatus>")
    report = check(helpdesk, f"{HEAD}{broken}{broken}{broken}</Message>")
    (error,) = report.schema_errors
    assert (error.place, error.times) == ("line 23 and 2 more", 3)
    assert report.conclusion.startswith("3 schema errors, ")
    assert report.to_json()["schema_errors"][0]["times"] == 3


def test_a_value_is_never_quoted(helpdesk: Helpdesk) -> None:
    report = check(helpdesk, WHOLE.replace("9999999999", "QUILL7"))
    assert report.schema_errors
    assert "QUILL7" not in str(report.to_json()["schema_errors"])


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_streamed_file_has_the_same_errors(helpdesk: Helpdesk, tmp_path: Path, jobs: int) -> None:
    broken = LEARNER.replace("<CompStatus>", "<PHours>300</PHours><CompStatus>")
    late = broken.replace(START, "").replace("<CompStatus>", f"{START}<CompStatus>")
    head = HEAD.replace("<SerialNo>01</SerialNo>", "").replace("2026-11-02<", "02/11/2026<")
    text = f"{head}{LEARNER * 210}{broken}{late}</Message>"
    path = tmp_path / "return.xml"
    path.write_text(text, encoding="utf-8")
    totals, batches = check_file(
        path, helpdesk.knowledge, year=None, on=None, today=TODAY, jobs=jobs
    )
    for _ in batches:
        pass
    whole = helpdesk.check(text)
    assert totals.report(()).schema_errors == whole.schema_errors
    assert {error.times for error in whole.schema_errors} == {1, 2}
    assert totals.errors == whole.errors


def test_another_years_namespace_is_said(helpdesk: Helpdesk) -> None:
    text = LEARNER.replace("<Learner>", '<Learner xmlns="ESFA/ILR/2025-26">', 1)
    found = check(helpdesk, text, "2026-27")
    assert "Namespace_Mismatch" in {finding.rule for finding in found.findings}
    earlier = check(helpdesk, text, "2020-21")
    assert (
        "The file's namespace is ESFA/ILR/2025-26; that of 2020-21 is ESFA/ILR/2020-21."
        in earlier.notes
    )


@pytest.mark.parametrize(
    ("year", "entity", "start"),
    [
        ("2020-21", "Message", ["Header", "SourceFiles", "LearningProvider", "Learner"]),
        ("2020-21", "LearningDeliveryHE", ["NUMHUS", "SSN", "QUALENT3", "SOC2000", "SEC"]),
        ("2025-26", "LearningDeliveryHE", ["SSN", "QUALENT3", "SOC", "SEC", "UCASSCHEMECODE"]),
        ("2026-27", "HRSRecord", ["HRSType", "HRSCode", "HRSAmount"]),
    ],
)
def test_each_year_has_its_own_order(year: str, entity: str, start: list[str]) -> None:
    held = load_specification(KNOWLEDGE / "ilr").for_year(AcademicYear.parse(year))
    order = list(held.entities[entity].order)
    assert order[: len(start)] == start


def test_prior_attainment_moved_when_it_became_a_record() -> None:
    for year, before in (("2020-21", "NINumber"), ("2025-26", "Email")):
        held = load_specification(KNOWLEDGE / "ilr").for_year(AcademicYear.parse(year))
        order = held.entities["Learner"].order
        assert order[order.index("PriorAttain") - 1] == before


def test_every_part_of_every_year_has_its_place() -> None:
    specification = load_specification(KNOWLEDGE / "ilr")
    for year in specification.years:
        held = specification.for_year(year)
        for entity in held.entities.values():
            assert set(entity.order) == {*entity.fields, *held.children(entity.name)}, entity.name

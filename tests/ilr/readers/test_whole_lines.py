"""Lines that are one status, one placement or one aim, and values that hold for every aim."""

from __future__ import annotations

import pytest

from bot.ilr.raw import RawEntity
from bot.ilr.readers import read
from bot.ilr.readers.aim_lines import aim_line
from bot.ilr.readers.collector import FieldCollector
from bot.ilr.readers.employment_lines import employment_line
from bot.ilr.readers.messages import without_older_mail, without_stamps
from bot.ilr.readers.names import names
from bot.ilr.readers.queries import widths_ruled
from bot.ilr.readers.whole_lines import placement_told
from bot.ilr.readers.years_above import year_above

EMPLOYMENT = "LearnerEmploymentStatus"


def values(text: str, kind: str) -> list[dict[str, str]]:
    """The entities of a kind in a paste, as names and text."""

    def below(entity: RawEntity) -> list[RawEntity]:
        return [entity, *(one for child in entity.children for one in below(child))]

    return [
        {item.name: item.text for item in entity.fields if item.text}
        for entity in below(read(text).message)
        if entity.name == kind
    ]


@pytest.mark.parametrize(
    ("line", "parts", "monitored"),
    [
        ("1) 10 - in paid employment from 01/08/2025", ["10", "01/08/2025"], []),
        (
            "2. 11 - Not in paid employment - from 31/08/2026 - BSI 1",
            ["11", "31/08/2026"],
            [("BSI", "1")],
        ),
        ("Emp: 12 @ 11/10/2026, BSI 4", ["12", "11/10/2026"], [("BSI", "4")]),
        ("Employment status 11 from 18/10/2026", ["11", "18/10/2026"], []),
        (
            "Moor Dental (EDRS 900778899) - employed from 8 Jan 2026",
            ["10", "8 Jan 2026", "900778899"],
            [],
        ),
    ],
)
def test_a_line_that_is_an_employment_status(
    line: str, parts: list[str], monitored: list[tuple[str, str]]
) -> None:
    found = employment_line(line)
    assert found is not None
    assert [part.text for part in found.parts] == parts
    assert found.monitored == monitored


@pytest.mark.parametrize(
    "line",
    [
        "10 hours from 01/08/2025",
        "Which employment status, 10 or 11?",
        "Employed for 12 months from 01/08/2025",
        "12 Dyslexia from 01/08/2025",
        "Employment status 10 from 01/08/2025, 11 from 01/09/2026",
    ],
)
def test_a_line_that_is_none(line: str) -> None:
    assert employment_line(line) is None


def test_numbered_statuses_alone_are_a_record() -> None:
    text = (
        "1) 10 - in paid employment from 01/08/2025\n2) 11 - not in paid employment from 1/9/26\n"
    )
    assert [one["EmpStat"] for one in values(text, EMPLOYMENT)] == ["10", "11"]


def test_an_employers_number_stands_behind_its_name() -> None:
    text = "Aim: ZPROG001\nStandard: 122\nEmployer: Moor Care Ltd (EDRS 900223344)\n"
    assert values(text, EMPLOYMENT) == [{"EmpId": "900223344"}]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("wp 11/1/27 - 26/3/27 200hrs mode 2 emp 900556677", 5),
        ("Placement 2 start 07/12/2026 end 11/12/2026 30 hours", 3),
        ("placement: 09/11/26 to 18/12/26, 180 hrs, external, EDRS 900889900", 5),
    ],
)
def test_a_placements_line_is_read_whole(line: str, expected: int) -> None:
    found = placement_told(line)
    assert found is not None
    assert len(found.parts) == expected


@pytest.mark.parametrize("line", ["placement went well, 30 hours", "start 07/12/2026", "wp"])
def test_a_line_about_a_placement_is_left(line: str) -> None:
    assert placement_told(line) is None


def test_words_in_front_of_an_aims_line_are_its_name() -> None:
    found = aim_line("Aim......: 60189945   AimType 5   FM25   01/09/2026 - 02/07/2027  Continuing")
    assert found is not None
    assert not found.left
    assert len(found.parts) == 6


TWO_AIMS = "Aim 1: ZPROG001\nStart: 01/09/2026\nAim 2: 60149735\nStart: 01/09/2026\nFM: 36\n"


@pytest.mark.parametrize("line", ["all FM25 comp 1", "Funding model 25 both, comp 1"])
def test_what_is_said_of_all_aims_goes_to_those_that_lack_it(line: str) -> None:
    aims = values(TWO_AIMS + line, "LearningDelivery")
    assert [aim["FundModel"] for aim in aims] == ["25", "36"]
    assert [aim["CompStatus"] for aim in aims] == ["1", "1"]


ABOVE = "Learner ref: AB1234\nProgramme start date: 07/09/2026\nPlanned end date: 30/06/2028\n"


def test_dates_above_the_aims_are_the_programmes() -> None:
    text = f"{ABOVE}Aim 1\nAim ref: 60149735\nAim 2\nAim ref: ZPROG001\n"
    first, programme = values(text, "LearningDelivery")
    assert first == {"LearnAimRef": "60149735"}
    assert programme["LearnStartDate"] == "2026-09-07"
    assert all(item.guess for item in read(text).fields() if item.name.endswith("Date"))


def test_dates_above_aims_without_a_programme_are_asked_about() -> None:
    text = f"{ABOVE}Aim 1\nAim ref: 60149735\nAim 2\nAim ref: 60149736\n"
    reading = read(text)
    assert [remark.line for remark in reading.remarks if "Of which aim" in remark.message] == [4]
    assert reading.confidence().in_doubt == 2


@pytest.mark.parametrize(
    ("kind", "text", "codes"),
    [
        ("SOF", "n/a for loans", []),
        ("LDM", "n/a", []),
        ("EHC", "Y (EHC 1)", ["1"]),
        ("HNS", "HNS 1", ["1"]),
        ("LDM", "034 and 328", ["034", "328"]),
        ("SOF", "105 - Adult skills fund", ["105"]),
    ],
)
def test_only_figures_are_codes(kind: str, text: str, codes: list[str]) -> None:
    label, collector = names().look_up(kind), FieldCollector()
    made = collector.fields(label, label.places[0], text, 1)
    assert [fields[1].text for fields in made] == codes
    assert bool(collector.remarks) == (text == "n/a for loans")


def test_a_blank_name_takes_no_other_name_for_its_value() -> None:
    text = "Aim: 90211873\nStart: 21/09/2026\nUCAS PERID:\t\nTerm time accom:\t7\n"
    assert values(text, "LearnerHE") == [{"TTACCOM": "7"}]


def test_totals_that_are_ruled_off_are_no_wrapped_row() -> None:
    rows = ["Ref   Aim", "----  --------", "C117  50117002", "----  --------", "Totals: 1 row"]
    assert widths_ruled("\n".join(rows)).split("\n")[2] == "C117\t50117002"


def test_the_answered_mail_is_older_than_a_record_above_it() -> None:
    mail = "Learner A1001\n\n> From: Sandra Poole\n> Sent: 20 November 2026\n> wrong start\n"
    assert without_older_mail(mail, lambda _: True) == ("Learner A1001\n\n", 3)
    assert without_older_mail(mail, lambda _: False) == (mail, None)


def test_who_wrote_when_is_no_part_of_a_chat() -> None:
    assert without_stamps("Priya [10:02]\nhours 30\n").strip() == "hours 30"


@pytest.mark.parametrize(
    ("above", "year"),
    [
        (["R04 2026/27"], ("2627", 1)),
        (["Errors", "R04 26/27 2026-27"], ("2627", 2)),
        (["2025/26 and 2026/27"], None),
        (["R04"], None),
    ],
)
def test_the_year_above_a_record(above: list[str], year: tuple[str, int] | None) -> None:
    assert year_above(above) == year


def test_a_report_heads_year_is_that_of_its_rows() -> None:
    row = "Learner Ref,Aim Ref,Aim Start Date\nAB1234,ZPROG001,01/09/2026\n"
    assert read(f"R04 2026/27 learners\n{row}").year_text == "2627"
    rules = "Error\\Warning,Learner Ref,Rule Name\nE,AB1234,R_96\n"
    assert read(f"Rule violations R04 2025/26\n{rules}").year_text == "2526"


def test_what_a_sentence_says_of_the_first_and_of_the_second_aim() -> None:
    text = (
        "Learner 4471203 is on 60149735 and 60325911. First one FM38, started 07/09/2026, planned "
        "end 25/06/2027. Second one started 14/09/2026, planned end 18/12/2026."
    )
    starts = [aim["LearnStartDate"] for aim in values(text, "LearningDelivery")]
    assert starts == ["2026-09-07", "2026-09-14"]


def test_statuses_in_a_sentence_are_no_aims_dates() -> None:
    text = (
        "Learner K20481 has employment statuses 11 from 01/07/2026, 10 from 02/09/2026 (employer "
        "900111222). Aim 60149735 started 07/09/2026, planned end 02/07/2027, FM38, SOF 105."
    )
    assert [one["DateEmpStatApp"] for one in values(text, EMPLOYMENT)] == [
        "2026-07-01",
        "2026-09-02",
    ]
    [aim] = values(text, "LearningDelivery")
    assert aim["LearnStartDate"] == "2026-09-07"


def test_what_stands_in_brackets_behind_an_aim_is_the_aims() -> None:
    text = "Learner ref: K20481\nAim 60149735 (FM25, comp 1)\n07/09/2026 -> 02/07/2027\n"
    [aim] = values(text, "LearningDelivery")
    assert (aim["FundModel"], aim["CompStatus"]) == ("25", "1")
    assert (aim["LearnStartDate"], aim["LearnPlanEndDate"]) == ("2026-09-07", "2027-07-02")


def test_a_range_without_a_name_among_pairs_is_the_aims() -> None:
    text = "Learner: K20481\nAim 1: ZPROG001 | prog 25 | std 105 | 01/09/2026 to 28/02/2028\n"
    [aim] = values(text, "LearningDelivery")
    assert (aim["StdCode"], aim["LearnPlanEndDate"]) == ("105", "2028-02-28")


def test_a_date_behind_a_status_among_pairs_is_kept() -> None:
    text = "Prog: 25   Std: 105   Start: 01/09/2026\nSex: F   Emp Status: 10 from 01/08/2026\n"
    assert values(text, EMPLOYMENT) == [{"EmpStat": "10", "DateEmpStatApp": "2026-08-01"}]


def test_hours_of_an_aim_that_has_no_placements_are_asked_about() -> None:
    text = "Learner: K20481\nAim: 60149735\nHours: 360\nStart: 07/09/2026\nEnd: 02/07/2027\n"
    assert values(text, "LearningDeliveryWorkPlacement") == []
    [aim] = values(text, "LearningDelivery")
    assert aim["LearnStartDate"] == "2026-09-07"


def test_a_course_year_is_no_academic_year() -> None:
    text = "Learner Ref\tYear\tAim Ref\tAim Start Date\nK20481\t1\t60149735\t07/09/2026\n"
    assert read(text).year_text is None


def test_the_time_of_a_chat_is_no_value() -> None:
    text = (
        "[14:02] Sam: K20481 aim 60149735 start 07/09/2026 planned end 02/07/2027 fm 25 comp 1\n"
        "[14:05] Jo: whats the uln\n[14:06] Sam: 9900000091\n"
    )
    assert values(text, "Learner")[0]["ULN"] == "9900000091"


def test_a_bare_heading_goes_on_with_the_titles_learner_and_a_named_one_does_not() -> None:
    rest = "ULN: 5580713347\nAim: 60312255\nStart date: 07/09/2026\n"
    titled = values(f"Maytas | Trainee | Ford, Dean\nTRAINEE\nRef: AP1001\n{rest}", "Learner")
    assert titled == [
        {"FamilyName": "Ford", "GivenNames": "Dean", "LearnRefNumber": "AP1001",
         "ULN": "5580713347"},
    ]  # fmt: skip
    named = values(f"Learner: Ford, Dean\nLearner: AB1002 Khan, Aisha\n{rest}", "Learner")
    assert [one.get("LearnRefNumber") for one in named] == [None, "AB1002"]


def test_an_unknown_second_pair_on_a_line_does_not_take_the_first() -> None:
    text = (
        "Learner ref\tAB1002\tCard printed\tYes\nULN\t5580713347\tPhoto held\tNo\nAim\t60312255\n"
    )
    assert values(text, "Learner") == [{"LearnRefNumber": "AB1002", "ULN": "5580713347"}]

"""What a text names, wherever it stands and however it is written."""

from __future__ import annotations

import pytest

from bot.explain.names import NameIndex
from bot.knowledge.base import KnowledgeBase


@pytest.fixture(scope="module")
def names() -> NameIndex:
    """Everything that the shipped knowledge can name."""
    return NameIndex(KnowledgeBase.load())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("getting R_104 and EmpStat_02 on loads of learners", ["R_104", "EmpStat_02"]),
        ("r_131 is driving me up the wall", ["R_131"]),
        ("those DateOfBirth_46s again", ["DateOfBirth_46"]),
        ("R104", ["R_104"]),
        ("EmpStat 02", ["EmpStat_02"]),
        ("learn aim ref 103 keeps moaning", ["LearnAimRef_103"]),
        ("tlout 01?", ["Tlout_01"]),
        ("see https://guidance.example.org/26-27/rules/R_63 please", ["R_63"]),
        ("R_63 or R_63?", ["R_63"]),
        ("QUALENT3_01 on our HE lot", ["QUALENT3_01"]),
        ("who needs LDM 363", ["LDM 363"]),
        ("who needs ldm 363", ["LDM 363"]),
        ("LDM034 or LDM 391", ["LDM 034", "LDM 391"]),
        ("LDM 363/391", ["LDM 363", "LDM 391"]),
        ("EmpStat 10, 11 and 12", ["EmpStat 10", "EmpStat 11", "EmpStat 12"]),
        ("comp status 6", ["CompStatus 6"]),
        ("FM35 or FM38", ["FundModel 35", "FundModel 38"]),
        ("ProgType 24", ["ProgType 24"]),
        ("ProgType_24", ["ProgType_24"]),
        ("when is R04", ["R04"]),
        ("r 4 and R14", ["R04", "R14"]),
        ("R_06", ["R_06"]),
        ("DLOCK_07", ["DLOCK_07"]),
        ("data locks 7 & 9", ["DLOCK_07", "DLOCK_09"]),
        ("is it zwrkx001", ["ZWRKX001"]),
        ("WorkPlaceMode and PlanEEPHours", ["WorkPlaceMode", "PlanEEPHours"]),
        ("my boss wants the R132s gone", ["R_132"]),
        ("FD-DP-OutType-AL on loads", ["FD_DP_OutType_AL"]),
        ("FD EmpStat MA, what is it", ["FD_EmpStat_MA"]),
        ("FDTloutAL?", ["FD_Tlout_AL"]),
        ("SOC2000 03 on two of them", ["SOC2000_03"]),
        ("OutGrade DPP or not", ["OutGrade DPP"]),
        ("when do I put QUALENT3 = P91", ["QUALENT3 P91"]),
        ("do we need Outcome for apprentices", ["Outcome"]),
        ("what goes in AddLine2", ["AddLine2"]),
        ("R06 2026-27, R06 again", ["R06"]),
    ],
)
def test_a_name_is_found_in_its_official_spelling(
    names: NameIndex, text: str, named: list[str]
) -> None:
    assert [name.id for name in names.find(text)] == named


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("R_104", "rule"),
        ("LDM 363", "code"),
        ("WorkPlaceMode", "field"),
        ("WorkPlaceMode 3", "code"),
        ("R04", "return"),
        ("ZWRKX001", "aim"),
        ("DLOCK_07", "datalock"),
    ],
)
def test_each_is_known_for_what_it_is(names: NameIndex, text: str, kind: str) -> None:
    assert [name.kind for name in names.find(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "7 learners have left",
        "SOF 107 weeks",
        "all 25 of them",
        "act 1 before act 2",
        "do all 100 learners",
        "the 14-16 lot",
        "what outcome does he get",
        "band 5 of 6",
        "he started on 01/09/2026 at 10:30",
        "see page 24 of R-something",
        "the employment status is 2 years old",
        "",
    ],
)
def test_figures_and_everyday_words_name_nothing(names: NameIndex, text: str) -> None:
    assert names.find(text) == ()


def test_a_name_written_as_itself_is_exact(names: NameIndex) -> None:
    assert [name.exact for name in names.find("R_104")] == [True]
    assert [name.exact for name in names.find("R104")] == [False]


def test_where_each_stands_is_told(names: NameIndex) -> None:
    text = "so R_104 and LDM 363"
    assert [text[name.start : name.end] for name in names.find(text)] == ["R_104", "LDM 363"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("getting LearnStartDate_99 on all", "LearnStartDate_99"),
        ("R_999", "R_999"),
        ("R_104 keeps firing", None),
        ("see the_file_name", None),
        ("no id here", None),
    ],
)
def test_an_id_that_is_no_rule_held_is_known(
    names: NameIndex, text: str, written: str | None
) -> None:
    assert names.not_held(text) == written


def test_ids_that_resemble_it_are_told_the_nearest_first(names: NameIndex) -> None:
    assert names.like("WorkPlaceStratDate_02")[0] == "WorkPlaceStartDate_02"
    assert len(names.like("WorkPlaceStratDate_02")) == 3
    assert names.like("Zebra_12") == []

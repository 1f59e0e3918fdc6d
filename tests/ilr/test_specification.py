"""What the specification says of each year, read as a member of MIS staff would check it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.errors import InputError, KnowledgeError
from bot.ilr.specification import Specification, YearSpecification, load_specification
from bot.years import AcademicYear

KNOWLEDGE = Path(__file__).parents[2] / "knowledge" / "ilr"


def year(text: str) -> YearSpecification:
    return load_specification(KNOWLEDGE).for_year(AcademicYear.parse(text))


def test_seven_years_are_held() -> None:
    years = load_specification(KNOWLEDGE).years
    assert [str(y) for y in years] == [
        "2020-21",
        "2021-22",
        "2022-23",
        "2023-24",
        "2024-25",
        "2025-26",
        "2026-27",
    ]


@pytest.mark.parametrize(
    ("when", "entities", "fields"), [("2020-21", 24, 139), ("2025-26", 22, 125)]
)
def test_years_have_as_many_parts_as_their_published_schema(
    when: str, entities: int, fields: int
) -> None:
    held = year(when).entities
    assert len(held) == entities
    assert sum(len(entity.fields) for entity in held.values()) == fields


def test_a_learner_reference_is_one_to_twelve_letters_figures_or_spaces() -> None:
    spec = year("2026-27").entities["Learner"].fields["LearnRefNumber"]
    assert spec.mandatory
    assert spec.max_length == 12
    assert spec.pattern is not None
    assert re.fullmatch(spec.pattern, "AB 123")
    assert not re.fullmatch(spec.pattern, "AB-123")
    assert not re.fullmatch(spec.pattern, "A" * 13)


@pytest.mark.parametrize("when", ["2020-21", "2025-26", "2026-27"])
def test_placement_hours_run_from_1_to_9999(when: str) -> None:
    spec = year(when).entities["LearningDeliveryWorkPlacement"].fields["WorkPlaceHours"]
    assert (spec.min_value, spec.max_value) == (1, 9999)
    assert spec.mandatory


def test_student_load_has_one_decimal_place_from_a_tenth() -> None:
    spec = year("2026-27").entities["LearningDeliveryHE"].fields["STULOAD"]
    assert (spec.min_value, spec.fraction_digits) == (Decimal("0.1"), 1)


def test_an_assessment_organisation_id_grew_to_eight_characters_in_2026_27() -> None:
    longest = {
        when: year(when).entities["LearningDelivery"].fields["EPAOrgID"].max_length
        for when in ("2020-21", "2023-24", "2025-26", "2026-27")
    }
    assert longest == {"2020-21": 7, "2023-24": 7, "2025-26": 7, "2026-27": 8}


def test_each_year_has_its_own_header_year() -> None:
    for held in load_specification(KNOWLEDGE).years:
        spec = year(str(held)).entities["CollectionDetails"].fields["Year"]
        assert spec.fixed_value == held.header_code


def test_hours_records_begin_in_2026_27_and_take_over_from_three_fields() -> None:
    before, now = year("2025-26"), year("2026-27")
    assert "HRSRecord" not in before.entities
    assert now.entities["HRSRecord"].max_occurs == 3
    assert now.entities["HRSRecord"].parent == "LearningDelivery"
    for gone in ("PHours", "OTJActHours", "AddHours"):
        assert gone in before.entities["LearningDelivery"].fields
        assert gone not in now.entities["LearningDelivery"].fields


def test_prior_attainment_is_a_field_in_2020_21_and_a_record_afterwards() -> None:
    then, now = year("2020-21"), year("2021-22")
    assert "PriorAttain" in then.entities["Learner"].fields
    assert "PriorAttain" not in then.entities
    assert "PriorAttain" not in now.entities["Learner"].fields
    assert list(now.entities["PriorAttain"].fields) == ["PriorLevel", "DateLevelApp"]


def test_destinations_end_with_2023_24() -> None:
    assert "DPOutcome" in year("2023-24").entities
    assert "DPOutcome" not in year("2024-25").entities
    assert "LearnerDestinationandProgression" not in year("2024-25").children("Message")


def test_source_of_funding_107_is_the_16_to_19_code() -> None:
    for when in ("2020-21", "2026-27"):
        assert "107" in year(when).type_codes("LearningDeliveryFAM", "SOF")
    assert "108" in year("2025-26").type_codes("LearningDeliveryFAM", "SOF")
    assert "108" not in year("2026-27").type_codes("LearningDeliveryFAM", "SOF")


def test_codes_end_on_their_last_day() -> None:
    benefits = year("2020-21")
    last_day, next_day = date(2020, 7, 31), date(2020, 8, 1)
    assert "2" in benefits.type_codes("EmploymentStatusMonitoring", "BSI", on=last_day)
    assert "2" not in benefits.type_codes("EmploymentStatusMonitoring", "BSI", on=next_day)


def test_codes_keep_their_leading_noughts() -> None:
    assert "034" in year("2020-21").type_codes("LearningDeliveryFAM", "LDM")
    assert "34" not in year("2020-21").type_codes("LearningDeliveryFAM", "LDM")


def test_a_list_that_is_not_known_whole_says_so_for_that_year() -> None:
    def whole(when: str) -> bool:
        types = year(when).entities["LearningDeliveryFAM"].fields["LearnDelFAMType"].types
        return types["LDM"].codes_complete is True

    assert whole("2020-21")
    assert not whole("2026-27")


def test_a_type_is_asked_for_by_its_year() -> None:
    assert "OET" not in year("2020-21").types("EmploymentStatusMonitoring")
    assert "OET" in year("2021-22").types("EmploymentStatusMonitoring")
    assert year("2020-21").type_codes("EmploymentStatusMonitoring", "OET") == frozenset()


def test_december_return_of_2026_27_closes_on_the_4th() -> None:
    facts = year("2026-27").facts
    returns = {item.code: item for item in facts.returns}
    assert list(returns) == [f"R{number:02d}" for number in range(1, 15)]
    assert returns["R04"].data_to is None  # no timetable that was read says a month's end
    assert returns["R04"].closes == date(2026, 12, 4)


def test_the_2026_27_namespace_lost_its_prefix() -> None:
    assert year("2025-26").facts.namespace == "ESFA/ILR/2025-26"
    assert year("2026-27").facts.namespace == "ILR/2026-27"


def test_restricted_text_allows_a_backslash_but_no_accents() -> None:
    allowed = re.compile(year("2026-27").character_set)
    assert allowed.fullmatch("O'Neill & Sons (Leeds) £5 \\ €")
    assert not allowed.fullmatch("Zoë")


def test_parents_come_before_their_children() -> None:
    for held in load_specification(KNOWLEDGE).years:
        seen: set[str | None] = {None}
        for entity in year(str(held)).entities.values():
            assert entity.parent in seen
            seen.add(entity.name)


def test_every_source_named_is_described() -> None:
    specification = load_specification(KNOWLEDGE)
    named: set[str] = set()
    for row in specification.rows.values():
        named.update(row.sources)
        for field in row.fields:
            named.update(field.sources)
    assert named
    assert named <= set(specification.sources)


def test_a_year_that_is_not_held_is_answered_with_the_years_that_are() -> None:
    with pytest.raises(InputError, match=r"2019-20 .* 2020-21 to 2026-27"):
        year("2019-20")


def test_a_mistake_in_the_file_is_reported_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "entities").mkdir()
    (tmp_path / "years.yaml").write_text(
        "character_set: '[A-Z]*'\n"
        "years:\n"
        "  - {year: 2026-27, namespace: ILR/2026-27}\n"
        "sources: {}\n"
    )
    (tmp_path / "entities" / "Learner.yaml").write_text(
        "name: Learner\ntitle: Learner\nmeaning: A person\nparrent: Message\n"
    )
    with pytest.raises(KnowledgeError, match=r"Learner.yaml:4: .*parrent"):
        Specification.load(tmp_path)


def test_final_returns_of_earlier_years_are_kept_without_a_reference_date() -> None:
    final = next(item for item in year("2024-25").facts.returns if item.code == "R14")
    assert final.closes == date(2025, 10, 23)
    assert final.data_to is None


def test_long_lists_without_titles_are_codes_all_the_same() -> None:
    grades = year("2020-21").codes("LearningDelivery", "OutGrade")
    assert {"A*", "D*D*D*", "L2P", "01"} <= grades
    assert not year("2026-27").entities["LearningDelivery"].fields["OutGrade"].codes_complete

"""What screens call fields: cut short, extended by a provider, and checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.ilr.readers import read
from bot.ilr.readers.names import names
from bot.knowledge.lint import lint

OWN = """\
entities:
  - entity: LearningDeliveryWorkPlacement
    names:
      WorkPlaceStartDate: [commenced on site]
abbreviations:
  cmnced: commenced
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "ilr").mkdir()
    monkeypatch.setenv("ILR_KNOWLEDGE_DIR", str(tmp_path))
    names.cache_clear()
    yield tmp_path
    names.cache_clear()


@pytest.mark.parametrize(
    ("said", "field", "number"),
    [
        ("WP Hrs", "WorkPlaceHours", None),
        ("WP2 Hrs", "WorkPlaceHours", 2),
        ("Exp End Dt", "LearnPlanEndDate", None),
        ("Act End", "LearnActEndDate", None),
        ("Stu Ref No", "LearnRefNumber", None),
        ("Comp Stat", "CompStatus", None),
    ],
)
def test_names_that_are_cut_short(said: str, field: str, number: int | None) -> None:
    label = names().look_up(said)
    assert label.places[0][1] == field
    assert label.number == number
    assert label.similar is None


@pytest.mark.parametrize("said", ["no", "ID", "ref no", "st", "plan"])
def test_what_is_only_an_abbreviation_is_no_other_field(said: str) -> None:
    places = names().look_up(said).places
    assert not places or places[0][1] == "LearnRefNumber"


def test_a_provider_adds_its_own_names(own: Path) -> None:
    (own / "ilr" / "spoken-names.yaml").write_text(OWN)
    pasted = "Aim ref\tCmnced on site\tHours\nZWRKX001\t05/10/2026\t30\n"
    placement = read(pasted).message.children[0].children[0].children[0]
    assert [(item.name, item.text) for item in placement.fields] == [
        ("WorkPlaceStartDate", "2026-10-05"),
        ("WorkPlaceHours", "30"),
    ]


def test_a_name_for_a_field_that_does_not_exist_is_said_by_lint(own: Path) -> None:
    (own / "ilr" / "spoken-names.yaml").write_text(OWN.replace("WorkPlaceStart", "WorkPlaceFirst"))
    found = [str(finding.problem) for finding in lint(own, date(2026, 11, 24))]
    assert len(found) == 1
    assert "'WorkPlaceFirstDate' is not a field of LearningDeliveryWorkPlacement" in found[0]
    assert "spoken-names.yaml" in found[0]


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ("Aim Commencement", {"LearnStartDate"}),
        ("Scheduled Finish", {"LearnPlanEndDate"}),
        ("Qual. Anticipated Completion Dt", {"LearnPlanEndDate"}),
        ("learner_actual_leaving_date", {"LearnActEndDate"}),
        ("Original Start", {"OrigLearnStartDate"}),
        ("End (planned)", {"LearnPlanEndDate"}),
        ("WP Finish Date", {"WorkPlaceEndDate"}),
        ("Planned hours (PLH)", {"PlanLearnHours"}),
        ("LEARNSTAR", {"LearnStartDate"}),
        ("Off-the-job hours planned (HRS 1)", {"HRSAmount"}),
        ("Planned end (new)", {"LearnPlanEndDate", "LearnActEndDate", "WorkPlaceEndDate"}),
        ("Planned end (old)", set()),
        ("Contract Start Review", set()),
        ("Planned Start", set()),
    ],
)
def test_names_are_put_together_out_of_words(said: str, places: set[str]) -> None:
    found = {name for _, name in names().look_up(said).places}
    assert found <= places
    assert bool(found) == bool(places)

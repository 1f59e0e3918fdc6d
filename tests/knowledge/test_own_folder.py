"""A college's own folder: what it may correct, and what lies there unread."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.explain.explainer import Explainer
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.lint import lint
from bot.knowledge.own_folder import own_part, unread
from bot.years import AcademicYear

TODAY = date(2026, 12, 1)
YEAR = AcademicYear(2026)


def _folder(tmp_path: Path, **files: str) -> Path:
    own = tmp_path / "ours"
    (own / "ilr").mkdir(parents=True)
    for name, text in files.items():
        (own / "ilr" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return own


DATES = """\
years:
  - year: 2026-27
    returns: [{code: R13, closes: 2027-09-15}]
  - year: 2027-28
    returns: [{code: R01, closes: 2027-09-06}]
"""
CODES = """\
codes:
  - {of: LearningDeliveryFAM.LDM, code: "777", title: Our local pilot}
  - {of: Learner.Sex, code: F, title: Ours}
"""


def test_a_return_date_is_corrected_and_said_to_be_the_colleges(tmp_path: Path) -> None:
    knowledge = KnowledgeBase.load(own=_folder(tmp_path, years=DATES))
    explainer = Explainer(knowledge)
    found = explainer.explain("R13", YEAR, TODAY)
    assert found is not None
    assert "Wednesday 15 September 2027" in found.lead
    assert [source.title for source in found.sources] == ["Your college's own folder"]
    shipped = explainer.explain("R12", YEAR, TODAY)
    assert shipped is not None
    assert "timetable" in shipped.sources[0].title


def test_dates_of_a_year_that_is_not_held_yet_can_be_given(tmp_path: Path) -> None:
    explainer = Explainer(KnowledgeBase.load(own=_folder(tmp_path, years=DATES)))
    found = explainer.explain("R01", YEAR + 1, TODAY)
    assert found is not None
    assert "R01 of 2027-28 closes on Monday 6 September 2027" in found.lead


def test_a_code_is_added_and_another_replaced(tmp_path: Path) -> None:
    knowledge = KnowledgeBase.load(own=_folder(tmp_path, codes=CODES))
    held = knowledge.specification.for_year(YEAR)
    assert "777" in held.type_codes("LearningDeliveryFAM", "LDM")
    assert held.field("Learner", "Sex").codes["F"].title == "Ours"
    assert set(held.field("Learner", "Sex").codes) == {"F", "M"}
    explained = Explainer(knowledge).explain("LDM 777", YEAR, TODAY)
    assert explained is not None
    assert explained.status is None
    assert [source.title for source in explained.sources] == ["Your college's own folder"]


def test_the_shipped_specification_stays_as_it_is(tmp_path: Path) -> None:
    own = KnowledgeBase.load(own=_folder(tmp_path, codes=CODES, years=DATES)).specification
    assert YEAR + 1 in own.facts
    shipped = KnowledgeBase.load().specification
    assert "777" not in shipped.for_year(YEAR).type_codes("LearningDeliveryFAM", "LDM")
    assert YEAR + 1 not in shipped.facts


def test_a_code_of_a_field_that_is_none_says_where(tmp_path: Path) -> None:
    own = _folder(tmp_path, codes="codes:\n  - {of: Learner.Colour, code: R, title: Red}\n")
    with pytest.raises(KnowledgeError, match=r"ours/ilr/codes.yaml:2: there is no field or type"):
        KnowledgeBase.load(own=own).specification  # noqa: B018 - read when first asked for
    assert "Learner.Sex or LearningDeliveryFAM.LDM" in str(lint(own, TODAY)[0])


def test_what_is_the_colleges_own_is_counted(tmp_path: Path) -> None:
    own = _folder(tmp_path, codes=CODES, years=DATES)
    part = own_part(KnowledgeBase.load(own=own), KnowledgeBase.load())
    assert (part.entries, part.return_dates, part.codes) == (0, 2, 2)


@pytest.mark.parametrize(
    ("file", "remedy"),
    [
        ("glossary.yml", "Name it glossary.yaml."),
        ("entries/ours.yml", "Name it ours.yaml."),
        ("Entries/ours.yaml", "Name the folder entries, in small letters."),
        ("house_rules.yaml", "Name it house-rules.yaml."),
        ("years.yaml", "Name it ilr/years.yaml."),
        ("entry/ours.yaml", "docs/curators.md"),
        ("mis/glossary.yaml", "Name it glossary.yaml."),
    ],
)
def test_a_file_that_nobody_reads_is_named(tmp_path: Path, file: str, remedy: str) -> None:
    path = tmp_path / "ours" / file
    path.parent.mkdir(parents=True)
    path.write_text("", encoding="utf-8")
    found = {finding.problem.file: finding for finding in unread(tmp_path / "ours")}
    assert remedy in found[f"ours/{file}"].problem.remedy
    assert not found[f"ours/{file}"].error
    assert found["ours"].problem.message == "holds nothing that is read."


def test_a_read_me_and_hidden_files_are_let_be(tmp_path: Path) -> None:
    own = _folder(tmp_path, years=DATES)
    for name in ("README.md", ".gitignore", ".git/config"):
        (own / name).parent.mkdir(exist_ok=True)
        (own / name).write_text("", encoding="utf-8")
    assert list(unread(own)) == []


@pytest.mark.long
def test_an_empty_folder_is_said_to_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    assert [str(finding) for finding in lint(tmp_path / "ours", TODAY)] == [
        "ours:1: holds nothing that is read. Put entries into ours/entries/. (warning)"
    ]

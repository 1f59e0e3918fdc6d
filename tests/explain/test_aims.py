"""Parts of T Levels are explained without LARS, from the list that is shipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.explain.aims import explain_listed_aim
from bot.explain.names import NameIndex
from bot.helpdesk import Helpdesk
from bot.ilr.published_lists import load_lists
from bot.knowledge.base import KnowledgeBase
from bot.rules.reference.data import add
from bot.yaml_files import shipped_knowledge

LISTS = load_lists(Path(__file__).parents[2] / "knowledge" / "ilr" / "lists")
EXTRACT = shipped_knowledge() / "reference"
CACHE = Path(__file__).parents[2] / ".cache"
TODAY = date(2026, 11, 28)


def test_a_technical_qualification_names_its_specialisms() -> None:
    found = explain_listed_aim("60358300", LISTS)
    assert found is not None
    assert "technical qualification of the T Level in Design, Surveying and Planning" in found.lead
    assert found.lines == (
        "- Specialisms: `ZTLOS001`, `ZTLOS002`, `ZTLOS003`, `ZTLOS004`",
        "- Offered from 2020-21",
    )
    assert found.sources[0].url


def test_a_specialism_names_its_qualification() -> None:
    found = explain_listed_aim("ztlos005", LISTS)
    assert found is not None
    assert "T Level in Digital Production, Design and Development" in found.lead
    assert found.lines == ("- Technical qualification: `60358324`, offered from 2020-21",)


def test_what_the_list_does_not_have_is_left_to_others() -> None:
    assert explain_listed_aim("60349771", LISTS) is None
    assert explain_listed_aim("T Level", LISTS) is None


# with LARS


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("reference")
    add(EXTRACT / "lars", folder, today=TODAY)
    return replace(KnowledgeBase.load(), databases=folder)


@pytest.fixture(scope="module")
def with_lars(knowledge: KnowledgeBase) -> Helpdesk:
    return Helpdesk(knowledge, today=lambda: TODAY, cache=CACHE, ready="now")


@pytest.mark.parametrize("asked", ["300991", "aim 300991", "the aim reference 300991", "00300991"])
def test_an_aim_without_its_noughts_is_explained_and_said_to_be_so(
    with_lars: Helpdesk, asked: str
) -> None:
    told = with_lars.explain(asked)
    assert told.entry == "aim:00300991"
    assert "Invented Certificate in Keeping Noughts" in told.lead
    said = any("`300991` is `00300991`" in line for line in told.lines)
    assert said is ("00300991" not in asked)


@pytest.mark.parametrize(
    "asked",
    ["what is aim 300991?", "Is the aim 300991 still valid?", "what is 300991",
     "is 300991 still valid for 2026-27?",
     "learner on LARS aim 300991, what level is that"],
)  # fmt: skip
def test_a_question_that_names_one_is_answered(with_lars: Helpdesk, asked: str) -> None:
    told = with_lars.ask(asked)
    assert "aim:00300991" in {one.entry for one in (told, *told.more)}


def test_a_number_that_counts_something_is_no_aim(knowledge: KnowledgeBase) -> None:
    names = NameIndex(knowledge)
    assert [name.kind for name in names.find("is aim 300991 valid")] == ["aim"]
    for text in (
        "we have 300991 learners",
        "of 300991 records two failed",
        "an aim for £300991",
        "aim 300991.50",
        "300991% of aims",
    ):
        assert all(name.kind != "aim" for name in names.find(text)), text


def test_a_qualification_that_lars_does_not_have_is_said_not_to_be_held(
    with_lars: Helpdesk,
) -> None:
    told = with_lars.explain("aim 60399999")
    assert told.entry == "aim:60399999"
    assert "`60399999` is not in the LARS that is held" in told.lead


def test_a_number_that_may_be_an_aim_is_said_not_to_be_held(with_lars: Helpdesk) -> None:
    told = with_lars.explain("123456")
    assert "may be the aim `00123456`" in told.lead
    assert "not in the LARS that is held" in told.lead

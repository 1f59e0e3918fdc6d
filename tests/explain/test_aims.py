"""Parts of T Levels are explained without LARS, from the list that is shipped."""

from __future__ import annotations

from pathlib import Path

from bot.explain.aims import explain_listed_aim
from bot.ilr.published_lists import load_lists

LISTS = load_lists(Path(__file__).parents[2] / "knowledge" / "ilr" / "lists")


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

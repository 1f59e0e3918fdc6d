"""Which rules, codes and data locks an entry is about: one about Y never answers for X."""

from __future__ import annotations

import pytest

from bot.answering.about import AboutIndex
from bot.explain.names import NameIndex
from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase


@pytest.fixture(scope="module")
def about(knowledge: KnowledgeBase, names: NameIndex) -> AboutIndex:
    """Of the invented entries."""
    return AboutIndex(knowledge, names)


@pytest.mark.parametrize(
    ("entry", "named", "is_about", "mentions"),
    [
        ("placements-starting-together", "R_96", True, True),
        ("price-does-not-match", "DLOCK_07", True, True),
        ("direct-funded-14-to-16", "LDM 320", True, True),
        ("direct-funded-14-to-16", "LDM 363", False, False),
        ("learner-without-a-uln", "R_96", False, False),
        # A phrasing or two that names an aim is not yet about it.
        ("aims-for-several-placements", "ZWRKX001", False, True),
        ("field-for-placement-hours", "PlanLearnHours", False, True),
    ],
)
def test_an_entry_is_about_what_its_question_or_several_phrasings_name(
    about: AboutIndex, names: NameIndex, entry: str, named: str, is_about: bool, mentions: bool
) -> None:
    (name,) = names.find(named)
    assert about.is_about(entry, name) is is_about
    assert about.mentions(entry, name) is mentions


@pytest.mark.parametrize(
    ("entry", "asked", "another"),
    [
        ("direct-funded-14-to-16", "who needs LDM 363", True),
        ("direct-funded-14-to-16", "LDM 320 or LDM 363?", False),
        # Another list's code says nothing of the entry's.
        ("direct-funded-14-to-16", "FundModel 10 for a pupil", False),
        ("price-does-not-match", "DLOCK_09 on two apprentices", True),
        ("placements-starting-together", "R_63 on a learner with two placements", True),
        ("placements-starting-together", "R_96 and R_63", False),
        # Of fields an entry names many, so they tell none apart.
        ("field-for-placement-hours", "WorkPlaceMode of a placement", False),
        ("learner-without-a-uln", "R_63 on a learner without a ULN", False),
    ],
)
def test_an_entry_about_another_of_the_kind_does_not_answer(
    about: AboutIndex, names: NameIndex, entry: str, asked: str, another: bool
) -> None:
    assert about.another(entry, about.told_apart(names.find(asked))) is another


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("who needs LDM 363", "code:LDM-363"),
        ("LDM 363 or not for a pupil who left school", "code:LDM-363"),
        ("do direct funded 14 to 16 pupils get LDM 363", "code:LDM-363"),
        ("is it LDM 321 for home educated pupils", "direct-funded-14-to-16"),
        ("R_63 on a learner with two placements that start on the same day", "rule:R_63"),
        ("R_96 on a learner with two placements", "placements-starting-together"),
        ("DLOCK_09 since the price change", "start-does-not-match"),
    ],
)
def test_what_is_named_is_told_and_never_its_neighbour(
    desk: Helpdesk, question: str, told: str
) -> None:
    answer = desk.ask(question)
    assert (answer.outcome, answer.entry) == ("answer", told)


def test_what_was_read_before_it_was_asked_for_is_the_same(
    about: AboutIndex, names: NameIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = about.told_apart(names.find("what is LDM 363?"))
    entries = list(about._entries)
    others = [entry for entry in entries if about.another(entry, asked)]
    about._about.clear()
    about.learn()
    monkeypatch.setattr(about, "_names", None)  # nothing is left to read
    assert others == [entry for entry in entries if about.another(entry, asked)]

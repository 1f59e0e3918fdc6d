"""Learners read straight are what the long way makes of them; odd ones are left to it."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from bot.checking.schema_errors import ruled_limits
from bot.helpdesk import Helpdesk
from bot.ilr.build import build
from bot.ilr.raw import RawEntity
from bot.ilr.readers.elements import entity_of, shift_lines
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.record import Entity, Message
from bot.ilr.straight import StraightReader
from bot.rules.engine import Engine
from bot.years import AcademicYear
from tests.benchmarks.invented import learner

BEFORE = 40
"""Lines of the file before the learner."""
SOUND = learner(7, 3).replace("><", ">\n<").replace("<Learner>", '<Learner xmlns="ILR/2026-27">')


@pytest.fixture(scope="module")
def reader(helpdesk: Helpdesk) -> StraightReader:
    specification = helpdesk.knowledge.specification.for_year(AcademicYear(2026))
    engine = Engine(helpdesk.knowledge.catalogue, specification)
    return StraightReader(specification, ruled_limits(engine))


def straight(reader: StraightReader, text: str) -> Entity | None:
    return reader.read(text, Message(None), BEFORE + 1)


def as_data(entity: Entity) -> tuple[Any, ...]:
    values = {name: value for name, value in vars(entity).items() if name in entity.texts}
    texts, lines = list(entity.texts.items()), list(entity.lines.items())
    within = [(kind, [as_data(one) for one in found]) for kind, found in entity.children.items()]
    return type(entity), entity.line, entity.partial, entity.blank, values, texts, lines, within


def test_a_sound_learner_is_what_the_long_way_makes_of_it(
    reader: StraightReader, helpdesk: Helpdesk
) -> None:
    specification = helpdesk.knowledge.specification.for_year(AcademicYear(2026))
    raw = entity_of(etree.fromstring(SOUND), ParsedRecord(RawEntity("Message"), ""))
    assert raw is not None
    shift_lines(raw, BEFORE)
    long_way = build(raw, specification, [], Message(None))
    for _ in range(2):  # the second time its shapes and values are known
        found = straight(reader, SOUND)
        assert found is not None
        assert long_way is not None
        assert as_data(found) == as_data(long_way)


ODD = {
    "an element of another year": ("<Sex>", "<Accom2>1</Accom2><Sex>"),
    "an attribute": ("<LearningDelivery>", '<LearningDelivery a="1">'),
    "words between elements": ("<LearningDelivery>", "… <LearningDelivery>"),
    "a comment": ("<LearningDelivery>", "<!-- new --><LearningDelivery>"),
    "a blank element": ("<PlanEEPHours>60</PlanEEPHours>", "<PlanEEPHours> </PlanEEPHours>"),
    "an empty element": ("<PlanEEPHours>60</PlanEEPHours>", "<PlanEEPHours/>"),
    "a field twice": ("<Ethnicity>31</Ethnicity>", "<Ethnicity>31</Ethnicity>" * 2),
    "another order": ("<Ethnicity>", "<LLDDHealthProb>2</LLDDHealthProb><Ethnicity>"),
    "no date": ("<LearnPlanEndDate>2027-06-30", "<LearnPlanEndDate>30/06/2027"),
    "no number": ("<FundModel>25", "<FundModel>2 5"),
    "an element inside a field": ("<FundModel>25", "<FundModel><b/>25"),
    "a tag that closes another": ("</FundModel>", "</FundModels>"),
    "an entity in its value": ("Invented<", "Invent&#233;d<"),
    "two lines in a value": ("Invented<", "Inven\nted<"),
    "more after it": ("</Learner>", "</Learner><Learner/>"),
    "no end": ("</Learner>", ""),
    "a part of something else": ("<LearningDelivery>", "<DPOutcome/><LearningDelivery>"),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_is_odd_is_left_to_the_long_way(reader: StraightReader, odd: str) -> None:
    there, instead = ODD[odd]
    text = SOUND.replace(there, instead)
    if odd == "another order":
        text = text.replace("<LLDDHealthProb>2</LLDDHealthProb>\n", "")
    assert text != SOUND
    for _ in range(2):
        assert straight(reader, text) is None
    assert straight(reader, SOUND) is not None

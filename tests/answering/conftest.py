"""A helpdesk over invented entries, answering by words alone: fast, and the same every time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from bot.explain.names import NameIndex
from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Entry, Topic
from bot.yaml_files import read_yaml, validate
from tests.conftest import CACHE, TODAY
from tests.support.once import one_at_a_time

KEPT = CACHE / "invented"
"""What is made of the invented entries; apart, so that it takes no place of the shipped ones'."""
TOPICS = ("placements", "codes", "errors", "apprenticeships", "employers", "learners")


@pytest.fixture(scope="session")
def knowledge(_own_cache: None) -> KnowledgeBase:
    """The shipped specification, rules and words, with the entries of knowledge.yaml alone."""
    document = read_yaml(Path(__file__).with_name("knowledge.yaml"))
    entries = validate(document, TypeAdapter(list[Entry]))
    return replace(
        KnowledgeBase.load(),
        entries={entry.id: entry for entry in entries},
        topics={name: Topic(id=name, title=name.capitalize(), about=name) for name in TOPICS},
    )


@pytest.fixture(scope="session")
def desk(knowledge: KnowledgeBase) -> Helpdesk:
    """A helpdesk over the invented entries, on 24 November 2026, without the semantic layer."""
    made = Helpdesk(knowledge, today=lambda: TODAY, cache=KEPT)
    with one_at_a_time(KEPT):
        _ = made.matcher
    return made


@pytest.fixture(scope="session")
def names(knowledge: KnowledgeBase) -> NameIndex:
    """Everything that can be named."""
    return NameIndex(knowledge)

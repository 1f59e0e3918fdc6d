"""The glossary as it ships: every word leads to one meaning, and every pointer somewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from bot.ilr.specification import load_specification
from bot.knowledge.models import Term, TermsFile
from bot.yaml_files import read_yaml, validate

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@pytest.fixture(scope="module")
def terms() -> list[Term]:
    document = read_yaml(KNOWLEDGE / "glossary.yaml")
    return validate(document, TypeAdapter(TermsFile)).terms


def folded(text: str) -> str:
    return re.sub(r"[^a-z0-9&]+", "", text.casefold())


def test_there_are_more_than_two_hundred_terms(terms: list[Term]) -> None:
    assert len(terms) > 200


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("W/Ex", "WEX"),
        ("wkex", "WEX"),
        ("PEEPs", "EEP"),
        ("42 days", "qualifying period"),
        ("EDS number", "EDRS"),
        ("AT5", "core aim"),
        ("UnitE", "UNIT-e"),
        ("six week rule", "qualifying period"),
    ],
)
def test_words_staff_type_are_known(terms: list[Term], typed: str, term: str) -> None:
    found = [t.term for t in terms if folded(typed) in {folded(n) for n in (t.term, *t.also)}]
    assert found == [term]


def test_no_spelling_belongs_to_two_terms(terms: list[Term]) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for term in terms:
        for name in (term.term, *term.also):
            owners[folded(name)].add(term.term)
    assert {name: held for name, held in owners.items() if len(held) > 1} == {}


def test_ambiguous_words_are_not_expanded(terms: list[Term]) -> None:
    expanded = {term.term for term in terms if term.expand}
    assert not expanded & {"LA", "IP", "planned hours", "return", "learner"}


def test_see_leads_to_an_entry_a_field_or_a_rule(terms: list[Term]) -> None:
    specification = load_specification(KNOWLEDGE / "ilr")
    known = set(specification.rows)
    for row in specification.rows.values():
        known.update(field.name for field in row.fields)
    for path in (KNOWLEDGE / "entries").glob("*.yaml"):
        known.update(entry["id"] for entry in read_yaml(path).data)
    for path in (KNOWLEDGE / "rules").glob("*.yaml"):
        known.update(re.findall(r"^\s*-? ?id: (\S+)", path.read_text("utf-8"), re.MULTILINE))
    assert {s for term in terms for s in term.see} - known == set()

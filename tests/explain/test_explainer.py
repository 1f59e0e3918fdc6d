"""What a term is explained as: which kind of thing, and what stands first."""

from __future__ import annotations

from datetime import date

import pytest

from bot.explain.explainer import Explainer
from bot.explain.names import Name
from bot.knowledge.base import KnowledgeBase
from bot.years import AcademicYear

YEAR, TODAY = AcademicYear(2026), date(2026, 11, 24)


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    """Over the shipped knowledge."""
    return Explainer(KnowledgeBase.load())


@pytest.mark.parametrize(
    ("term", "found", "says"),
    [
        ("R04", "date:R04-2026-27", "closes on Friday 4 December 2026"),
        ("R_96", "rule:R_96", "Two placements start on the same day."),
        ("SOF", "term:sof", "source of funding"),
        ("source of funds", "term:sof", "source of funding"),
        ("combined authority", "term:mca", "An area that runs its own adult budget."),
        ("SOF 107", "code:SOF-107", "16 to 19 budget of the department"),
        ("SOF 999", "code:SOF", "There is no `SOF` 999 in 2026-27"),
        ("CompStatus", "field:CompStatus", "Completion status."),
        ("compstatus", "field:CompStatus", "Completion status."),
        ("CompStatus 9", "field:CompStatus", "There is no `CompStatus` 9 in 2026-27: only 1"),
        ("codes for Outcome", "field:Outcome", "The result of the aim."),
        ("LLDD", "field:LLDDHealthProb", "LLDD and health problem."),
        ("LDM 34", "code:LDM-034", "Offenders in custody"),
        ("LearningDelivery", "field:LearningDelivery", "Learning aim (learning delivery)."),
        ("PriorAttain", "field:PriorAttain", "Prior attainment"),
        ("ZTLOS001", "aim:ZTLOS001", "an occupational specialism of the T Level"),
        ("60399999", "aim:60399999", "LARS is not held here"),
        ("what is WorkPlaceMode - which codes?", "field:WorkPlaceMode", "Work placement mode."),
    ],
)
def test_a_term_is_explained_as_what_it_is(
    explainer: Explainer, term: str, found: str, says: str
) -> None:
    explained = explainer.explain(term, YEAR, TODAY)
    assert explained is not None
    assert explained.id == found
    assert says in explained.lead


@pytest.mark.parametrize("term", ["", "  ?! ", "ZZZZZZ", "x" * 500, "work placement"])
def test_what_is_no_one_thing_is_not_explained(explainer: Explainer, term: str) -> None:
    assert explainer.explain(term, YEAR, TODAY) is None


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        ("rule", "R_96", "rule:R_96"),
        ("datalock", "DLOCK_07", "datalock:DLOCK_07"),
        ("return", "R06", "date:R06-2026-27"),
        ("code", "SOF 107", "code:SOF-107"),
        ("code", "SOF 999", "code:SOF"),
        ("field", "Outcome", "field:Outcome"),
        ("term", "MCA", "term:mca"),
    ],
)
def test_what_a_text_names_is_explained_by_its_kind(
    explainer: Explainer, kind: str, name: str, found: str
) -> None:
    explained = explainer.named(Name(kind, name, 0, 1), YEAR, TODAY)  # type: ignore[arg-type]
    assert explained is not None
    assert explained.id == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("what is an MCA?", "term:mca"),
        ("MCA", "term:mca"),
        ("combined authority", None),  # words that a question may use for something else
        ("source of funding", None),
        ("R_96", "rule:R_96"),
    ],
)
def test_one_word_by_itself_asks_for_what_it_means(
    explainer: Explainer, question: str, found: str | None
) -> None:
    explained = explainer.match_intent(question, YEAR, TODAY)
    assert (explained.id if explained else None) == found


@pytest.mark.parametrize(("asked", "told"), [(2028, 2026), (2027, 2026), (2012, 2020)])
def test_of_a_year_that_is_not_held_the_nearest_is_told(
    explainer: Explainer, asked: int, told: int
) -> None:
    def parts(year: int) -> tuple[str, ...]:
        explained = explainer.explain("LearningDelivery", AcademicYear(year), TODAY)
        assert explained is not None
        return explained.lines[:2]  # its fields, and what it holds

    assert parts(asked) == parts(told)
    assert parts(told) != parts(2025)


def test_what_was_a_field_and_became_an_entity_is_told_as_it_was_in_the_year(
    explainer: Explainer,
) -> None:
    then, now = (explainer.explain("PriorAttain", AcademicYear(y), TODAY) for y in (2020, 2026))
    assert then is not None
    assert now is not None
    assert "A field of the learner in 2020-21 only" in then.lead
    assert now.lines[0].startswith("*Fields:* `PriorLevel`")


def test_a_field_without_sources_of_its_own_was_read_where_its_entity_was(
    explainer: Explainer,
) -> None:
    field, entity, own = (
        explainer.explain(name, YEAR, TODAY) for name in ("ULN", "Learner", "PlanLearnHours")
    )
    assert field is not None
    assert entity is not None
    assert own is not None
    assert field.sources == entity.sources != ()
    assert own.sources not in ((), entity.sources)


def test_two_terms_are_compared_when_they_are_two(explainer: Explainer) -> None:
    both = explainer.compare_terms("difference between CompStatus and Outcome?", YEAR, TODAY)
    assert both is not None
    assert [one.id for one in both] == ["field:CompStatus", "field:Outcome"]
    for other in ("CompStatus", "ZZZZZZ"):
        asked = f"difference between CompStatus and {other}?"
        assert explainer.compare_terms(asked, YEAR, TODAY) is None


def test_other_ways_to_write_a_term_are_named_but_not_without_end(explainer: Explainer) -> None:
    explained = explainer.explain("EEP", YEAR, TODAY)
    assert explained is not None
    assert explained.detail.startswith("*Also written:* EEPs, PEEP")
    assert explained.detail.count(", ") == 7


def test_a_field_that_a_year_does_not_collect_says_so_first(explainer: Explainer) -> None:
    explained = explainer.explain("PHours", YEAR, TODAY)
    assert explained is not None
    assert explained.lines[0] == ("*Not collected in 2026-27:* it is held for 2020-21 to 2025-26.")
    before = explainer.explain("PHours", YEAR - 1, TODAY)
    assert before is not None
    assert not before.lines[0].startswith("*Not collected")

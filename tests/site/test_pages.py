"""What stands on the pages: everything held, each at its address, past advice marked."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.knowledge.base import KnowledgeBase
from bot.site.build import write_site
from bot.site.markup import as_html
from bot.site.pages import Page, pages

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return KnowledgeBase.load()


@pytest.fixture(scope="module")
def made(knowledge: KnowledgeBase) -> dict[str, Page]:
    found = list(pages(knowledge, TODAY))
    twice = [path for path, times in Counter(page.path for page in found).items() if times > 1]
    assert twice == []
    return {page.path: page for page in found}


def test_everything_held_has_its_page(knowledge: KnowledgeBase, made: dict[str, Page]) -> None:
    assert all(f"entry/{name}/" in made for name in knowledge.entries)
    assert all(f"rule/{name}/" in made for name in knowledge.catalogue.rows)
    assert all(f"topic/{name}/" in made for name in knowledge.topics)
    fields = {f.name for row in knowledge.specification.rows.values() for f in row.fields}
    assert all(f"field/{name}/" in made for name in fields)
    assert {"returns/2026-27/", "codes/LDM/", "for/apprenticeship/", "term/WEX/"} <= made.keys()


def test_every_link_leads_to_a_page(made: dict[str, Page]) -> None:
    links = {
        link.path
        for page in made.values()
        for link in (*page.links, *page.related, *([page.above] if page.above else []))
    }
    assert links - made.keys() == {""}


def test_an_entry_tells_each_span_of_years_the_latest_first(
    knowledge: KnowledgeBase, made: dict[str, Page]
) -> None:
    entry = next(e for e in knowledge.entries.values() if len(e.answers) > 2)
    sections = made[f"entry/{entry.id}/"].sections
    starts = [section.years.start for section in sections if section.years]
    assert starts == sorted(starts, reverse=True)
    assert all(section.sources and section.status for section in sections)


def test_a_rule_that_changed_is_told_as_it_was_and_as_it_is(made: dict[str, Page]) -> None:
    page = next(p for p in made.values() if p.kind == "Rule" and len(p.sections) > 1)
    assert page.sections[0].years
    assert page.sections[0].years.to is None or page.sections[-1].years != page.sections[0].years


def test_the_glossarys_other_words_stand_on_the_page(made: dict[str, Page]) -> None:
    page = made["entry/which-work-experience-aim/"]
    assert {"WEX", "wkex"} & set(page.other_words)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*No.* Use `R_96`.", "<p><strong>No.</strong> Use <code>R_96</code>.</p>"),
        ("One\n\n- a\n- b", "<p>One</p>\n<ul><li>a</li><li>b</li></ul>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        (
            "See https://a.example/b.",
            '<p>See <a href="https://a.example/b" rel="noreferrer">https://a.example/b</a>.</p>',
        ),
    ],
)
def test_curated_text_becomes_html_and_nothing_else(text: str, html: str) -> None:
    assert as_html(text) == html


def test_a_folder_with_other_things_is_let_be(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other things"):
        write_site(knowledge, tmp_path, TODAY)
    assert (tmp_path / "thesis.txt").read_text() == "mine"

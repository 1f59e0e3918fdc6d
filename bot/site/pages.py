"""What stands on each page of the site, from the knowledge alone.

Nothing personal can be in it: neither a record nor the ledger is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.answers import SourceLine
from bot.explain.explainer import Explainer
from bot.explain.explanation import Explanation
from bot.ilr.specification import Code
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Entry, Provision, Status
from bot.site.addresses import address
from bot.years import AcademicYear, YearRange

__all__ = ["Link", "Page", "Section", "pages"]


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page of the site."""

    path: str
    title: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What holds for a span of years."""

    years: YearRange | None
    lead: str
    lines: tuple[str, ...] = ()
    detail: str = ""
    sources: tuple[SourceLine, ...] = ()
    status: str = ""
    unverified: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A code, or a return, in a table."""

    name: str
    title: str
    years: YearRange | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    path: str
    title: str
    kind: str
    """Answer, Rule, Field, Codes, Returns, Term or List: what a search can be narrowed to."""
    sections: tuple[Section, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    links: tuple[Link, ...] = ()
    related: tuple[Link, ...] = ()
    provisions: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """Other ways of asking it."""
    other_words: tuple[str, ...] = ()
    """What else people call what stands here, so that a search finds it."""
    small: tuple[str, ...] = ()
    """Who keeps it, and when it was read."""
    above: Link | None = None
    """The list it belongs to."""
    about: str = ""


@dataclass
class _Made:
    knowledge: KnowledgeBase
    explainer: Explainer
    today: date
    year: AcademicYear = field(init=False)

    def __post_init__(self) -> None:
        self.year = AcademicYear.containing(self.today)


def pages(knowledge: KnowledgeBase, today: date) -> Iterator[Page]:
    """Every page of the site but its home. ``today`` decides which year is the current one."""
    made = _Made(knowledge, Explainer(knowledge), today)
    entries = [_entry(made, entry) for entry in knowledge.entries.values()]
    rules, fields = list(_rules(made)), list(_fields(made))
    codes, returns = list(_codes(made)), list(_returns(made))
    terms = list(_terms(made))
    yield from (*entries, *rules, *fields, *codes, *returns, *terms)
    yield from _topics(made)
    yield from _provisions(made)
    yield _list("topics/", "Topics", [_topic_link(made, topic) for topic in knowledge.topics])
    yield _list("rules/", "Validation rules", map(_link, rules))
    yield _list("fields/", "Fields", map(_link, fields))
    yield _list("codes/", "Code lists", map(_link, codes))
    yield _list("returns/", "Return dates", map(_link, returns))
    yield _list("terms/", "Words and abbreviations", map(_link, terms))


def _link(page: Page) -> Link:
    return Link(page.path, page.title, page.about)


def _list(path: str, title: str, links: Iterable[Link]) -> Page:
    ordered = sorted(links, key=lambda link: link.title.casefold())
    return Page(path, title, "List", links=tuple(ordered))


def _entry(made: _Made, entry: Entry) -> Page:
    knowledge = made.knowledge
    newest = max(entry.answers, key=lambda answer: answer.years.start)
    sections = [
        Section(
            answer.years,
            answer.lead,
            tuple(answer.lines),
            answer.detail,
            tuple(
                SourceLine(source.title, source.url, source.year)
                for source in map(knowledge.source, answer.sources)
            ),
            _status(knowledge.status_of(entry, answer), answer.quoted_by),
            (entry.unverified or "") if answer is newest else "",
        )
        for answer in sorted(entry.answers, key=lambda a: a.years.start, reverse=True)
    ]
    topic = knowledge.topics[entry.topic]
    overdue = " It is overdue for review." if entry.review_by < made.today else ""
    return Page(
        address("entry", entry.id),
        entry.question,
        "Answer",
        tuple(sections),
        related=tuple(_entry_links(made, entry.related)),
        links=(*_named(made, "rule", entry.rules), *_named(made, "field", entry.fields)),
        provisions=tuple(Provision(one).in_words for one in entry.provision),
        asked=tuple(entry.also_asked),
        other_words=_other_words(made, [entry.question, *(s.lead for s in sections)]),
        small=(
            f"Kept by {entry.owner}. Last read against its sources on "
            f"{entry.reviewed:%d/%m/%Y}.{overdue}",
        ),
        above=Link(address("topic", topic.id), topic.title),
        about=newest.lead,
    )


def _status(status: Status, quoted_by: str | None) -> str:
    words = status.in_words
    return f"{words} (quoted by {quoted_by})" if quoted_by else words


def _entry_links(made: _Made, ids: Iterable[str]) -> Iterator[Link]:
    for name in ids:
        if entry := made.knowledge.entries.get(name):
            yield Link(address("entry", name), entry.question)


def _named(made: _Made, kind: str, names: Sequence[str]) -> Iterator[Link]:
    """Links to rules or fields that have a page."""
    for name in dict.fromkeys(names):
        yield Link(address(kind, name), name)


def _other_words(made: _Made, texts: Iterable[str]) -> tuple[str, ...]:
    """The glossary's other names of what the texts speak of."""
    said = f" {' '.join(texts).casefold()} "
    words: dict[str, None] = {}
    for term in made.knowledge.terms:
        names = (term.term, term.means, *term.also)
        if term.expand and any(f" {name.casefold()} " in said for name in names):
            words |= dict.fromkeys(n for n in names if f" {n.casefold()} " not in said)
    return tuple(words)


def _explained(
    made: _Made, by_year: Iterable[tuple[AcademicYear, Explanation]]
) -> Iterator[Section]:
    """A section for each span of years in which it reads the same, the latest first."""
    spans: list[tuple[AcademicYear, AcademicYear, Explanation]] = []
    for year, found in sorted(by_year, key=lambda pair: pair[0]):
        same = spans and _reads(spans[-1][2]) == _reads(found)
        if same:
            spans[-1] = (spans[-1][0], year, found)
        else:
            spans.append((year, year, found))
    for first, last, found in reversed(spans):
        still = last == made.knowledge.specification.years[-1]
        status = Status(found.status).in_words if found.status else ""
        years = YearRange(first, None if still else last)
        yield Section(years, found.lead, found.lines, found.detail, found.sources, status)


def _reads(found: Explanation) -> tuple[str, tuple[str, ...], str]:
    return found.lead, found.lines, found.detail


def _rules(made: _Made) -> Iterator[Page]:
    catalogue = made.knowledge.catalogue
    for row in catalogue.rows.values():
        years = [year for year in catalogue.read_years if catalogue.in_year(row, year)]
        found = [(year, made.explainer.rule(row, year)) for year in years or [made.year]]
        yield Page(
            address("rule", row.id),
            f"{row.id}: {row.title}",
            "Rule",
            tuple(_explained(made, found)),
            related=tuple(_entry_links(made, found[-1][1].related)),
            links=tuple(_named(made, "field", [f.rpartition(".")[2] for f in row.fields])),
            other_words=tuple(dict.fromkeys((*row.also_called, row.id.replace("_", "")))),
            above=Link("rules/", "Validation rules"),
            about=row.message,
        )


def _fields(made: _Made) -> Iterator[Page]:
    specification = made.knowledge.specification
    rows = specification.rows.values()
    names = dict.fromkeys([*(f.name for row in rows for f in row.fields), *(r.name for r in rows)])
    for name in names:
        found = [
            (year, one)
            for year in specification.years
            if name in specification.for_year(year).field_names
            or name in specification.for_year(year).entities
            if (one := made.explainer.explain(name, year, made.today))
        ]
        if not found:
            continue
        last = found[-1][1]
        title = last.title if name in last.title else f"{name}: {last.title}"
        yield Page(
            address("field", name),
            title,
            "Field",
            tuple(_explained(made, found)),
            related=tuple(_entry_links(made, last.related)),
            other_words=_other_words(made, [name, last.lead]),
            above=Link("fields/", "Fields"),
            about=last.lead,
        )


def _codes(made: _Made) -> Iterator[Page]:
    seen: set[str] = set()
    for row in made.knowledge.specification.rows.values():
        for one in row.fields:
            lists: list[tuple[str, str, Sequence[Code]]] = [
                (kind.code, kind.title, kind.codes) for kind in one.types if kind.codes
            ]
            if one.codes:
                lists.append((one.name, one.title, one.codes))
            for name, title, codes in lists:
                if name in seen:
                    continue
                seen.add(name)
                yield Page(
                    address("codes", name),
                    f"{name}: {title}",
                    "Codes",
                    heads=("Code", "Meaning", "Years"),
                    rows=tuple(Row(c.code, c.title, c.years, _dated(c)) for c in codes),
                    links=tuple(_named(made, "field", [one.name])),
                    above=Link("codes/", "Code lists"),
                    about=f"{len(codes)} codes",
                )


def _dated(code: Code) -> str:
    first = f"from {code.first:%d/%m/%Y}" if code.first else ""
    last = f"to {code.last:%d/%m/%Y}" if code.last else ""
    return " ".join(filter(None, [first, last, code.note or ""]))


def _returns(made: _Made) -> Iterator[Page]:
    specification = made.knowledge.specification
    for year, facts in sorted(specification.facts.items(), reverse=True):
        if not facts.returns:
            continue
        source = specification.sources.get(facts.returns_source or "")
        sources = (SourceLine(source.title, source.url, source.year),) if source else ()
        yield Page(
            address("returns", str(year)),
            f"Returns of {year}",
            "Returns",
            (Section(YearRange(year, year), facts.returns_note or "", sources=sources),),
            heads=("Return", "Closes", "Data up to"),
            rows=tuple(
                Row(
                    one.code,
                    f"{one.closes:%A} {one.closes.day} {one.closes:%B %Y}",
                    note=f"{one.data_to:%d/%m/%Y}" if one.data_to else "",
                )
                for one in facts.returns
            ),
            above=Link("returns/", "Return dates"),
            about=", ".join(f"{one.code} {one.closes:%d/%m/%Y}" for one in facts.returns),
        )


def _terms(made: _Made) -> Iterator[Page]:
    for term in made.knowledge.terms:
        found = made.explainer.explain(term.term, made.year, made.today)
        lead = term.about or term.means
        sources = found.sources if found and found.id.startswith("term:") else ()
        yield Page(
            address("term", term.term),
            f"{term.term}: {term.means}",
            "Term",
            (Section(None, lead, sources=sources),),
            related=tuple(_entry_links(made, term.see)),
            other_words=tuple(term.also),
            above=Link("terms/", "Words and abbreviations"),
            about=lead,
        )


def _topic_link(made: _Made, topic: str) -> Link:
    held = made.knowledge.topics[topic]
    return Link(address("topic", topic), held.title, held.about)


def _topics(made: _Made) -> Iterator[Page]:
    for topic in made.knowledge.topics.values():
        mine = [e.id for e in made.knowledge.entries.values() if e.topic == topic.id]
        yield Page(
            address("topic", topic.id),
            topic.title,
            "List",
            links=tuple(_entry_links(made, mine)),
            above=Link("topics/", "Topics"),
            about=topic.about,
        )


def _provisions(made: _Made) -> Iterator[Page]:
    for provision in Provision:
        mine = [e.id for e in made.knowledge.entries.values() if provision in e.provision]
        words = provision.in_words
        yield Page(
            address("for", provision.value),
            words[:1].upper() + words[1:],
            "List",
            links=tuple(_entry_links(made, mine)),
            above=Link("", "Home"),
        )

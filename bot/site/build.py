"""Write the site: pages from templates, one style sheet, and the index for the search."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import InputError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Provision
from bot.site.addresses import address
from bot.site.pages import Link, pages
from bot.years import AcademicYear

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["write_site"]

ASSETS = ("style.css", "site.js")
_MADE_BY_US = "ilr-helpdesk-site.txt"
"""Marks a folder as one that may be written over."""


def write_site(knowledge: KnowledgeBase, folder: Path, today: date) -> int:
    """Write every page into a folder and make the search index. Returns how many pages.

    Raises InputError for a folder that holds something else, and where what makes the site is not
    installed.
    """
    environment = _environment()
    if folder.exists() and any(folder.iterdir()) and not (folder / _MADE_BY_US).is_file():
        raise InputError(
            f"{str(folder)!r} holds other things. Name an empty folder, or one that this made."
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MADE_BY_US).write_text("Written by ilr-helpdesk site; made anew each time.\n")
    for asset in ASSETS:
        text = files("bot.site").joinpath("assets", asset).read_text(encoding="utf-8")
        (folder / asset).write_text(text, encoding="utf-8")
    current = AcademicYear.containing(today)
    held = [str(year) for year in reversed(knowledge.specification.years)]
    common = {"year": current, "years": held, "today": today}
    made = list(pages(knowledge, today))
    for page in made:
        _write(environment, folder, page.path, "page.html", {**common, "page": page})
    home = {**common, "topics": _topics(knowledge), "provisions": _provisions()}
    _write(environment, folder, "", "home.html", home)
    _index(folder, len(made) + 1)
    return len(made) + 1


def _environment() -> Environment:
    try:
        import pagefind  # noqa: F401 - its absence is told before anything is written
        from jinja2 import Environment, PackageLoader, StrictUndefined

        from bot.site.markup import as_html
    except ImportError:
        raise InputError(
            "What makes the site is not installed. Run: python -m pip install jinja2 "
            "'pagefind[bin]'"
        ) from None
    environment = Environment(
        loader=PackageLoader("bot.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = as_html
    return environment


def _write(
    environment: Environment, folder: Path, path: str, template: str, values: dict[str, object]
) -> None:
    target = folder / path / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    root = "../" * path.count("/")
    text = environment.get_template(template).render(root=root, **values)
    target.write_text(text, encoding="utf-8")


def _topics(knowledge: KnowledgeBase) -> Sequence[Link]:
    return [
        Link(address("topic", topic.id), topic.title, topic.about)
        for topic in knowledge.topics.values()
    ]


def _provisions() -> Sequence[Link]:
    return [
        Link(address("for", one.value), one.in_words[:1].upper() + one.in_words[1:])
        for one in Provision
    ]


def _index(folder: Path, pages: int) -> None:
    """What the search in the browser reads; made on this machine, sent nowhere."""
    from pagefind.index import IndexConfig, PagefindIndex

    async def make() -> int:
        config = IndexConfig(output_path=str(folder / "pagefind"))
        async with PagefindIndex(config=config) as index:
            return (await index.add_directory(str(folder)))["page_count"]

    if (found := asyncio.run(make())) != pages:
        raise InputError(
            f"The search's index took {found} of {pages} pages in. Make the site again."
        )

"""A new entry's skeleton, in the right file, for a curator to fill in."""

from __future__ import annotations

import json
import re
from collections.abc import Container
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from bot.errors import InputError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Entry
from bot.knowledge.schemas import write_schemas
from bot.years import AcademicYear

__all__ = ["TO_FILL_IN", "entry_id", "nearest_entry", "write_skeleton"]

SAME_QUESTION = 85
"""From this likeness on (of 100, word order aside) two questions are probably one."""

TO_FILL_IN = (
    "Write here how staff type it, eight ways or more",
    "Write here the answer itself, in one or two sentences.",
    "Where this was read",
)
"""Words of the skeleton that a curator replaces; lint finds those that were left."""

_SMALL = frozenset(
    """a an and are can could did do does for how i if in is it my of on or our should the their
    they this to was we what when which who with you""".split()
)


def entry_id(question: str, taken: Container[str]) -> str:
    """A short id made of the question's main words, unlike those taken."""
    words = [w for w in re.findall(r"[a-z0-9]+", question.casefold()) if w not in _SMALL][:6]
    base = "-".join(words) or "new-entry"
    number, found = 2, base
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def nearest_entry(knowledge: KnowledgeBase, question: str) -> Entry | None:
    """The entry that asks nearly the same already, in its question or a phrasing; else None."""
    asked = {
        (entry.id, number): text
        for entry in knowledge.entries.values()
        for number, text in enumerate((entry.question, *entry.also_asked))
    }
    found = process.extractOne(
        question,
        asked,
        scorer=fuzz.token_sort_ratio,
        processor=utils.default_process,
        score_cutoff=SAME_QUESTION,
    )
    return knowledge.entries[found[2][0]] if found else None


def write_skeleton(
    knowledge: KnowledgeBase,
    own: Path | None,
    question: str,
    topic: str,
    owner: str,
    today: date,
) -> tuple[Path, int]:
    """Append a skeleton to the topic's file (the provider's own folder when there is one).

    A college's own folder gets the schemas too, so that an editor helps there. Returns the file
    and the line the entry begins at. Raises InputError for an unknown topic, a question that is
    too short or too long, and where the only folder is that of an installed package.
    """
    if topic not in knowledge.topics:
        raise InputError(f"There is no topic {topic!r}. Topics: {', '.join(knowledge.topics)}.")
    asked = " ".join(question.split())
    if not 10 <= len(asked) <= 150:
        raise InputError("Write the question in 10 to 150 characters.")
    if own is None and _is_installed(knowledge.folder):
        raise InputError(
            "An entry written into the installed package would be lost at its next upgrade. Set "
            "ILR_KNOWLEDGE_DIR to a folder of your own, and run this again."
        )
    year = AcademicYear.containing(today)
    if own is not None:
        write_schemas(own / "schemas", knowledge, entries=True)
    folder = (own or knowledge.folder) / "entries"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{topic}.yaml"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if not before:
        before = "# yaml-language-server: $schema=../schemas/entries.json\n"
    # JSON's quoting is YAML's too: a backslash, a quote, a colon or a # do no harm.
    quoted = json.dumps(asked, ensure_ascii=False)
    phrasing, answer, title = TO_FILL_IN
    skeleton = f"""
- id: {entry_id(asked, knowledge.entries)}
  topic: {topic}
  for: [all]
  question: {quoted}
  also_asked:
    - {phrasing}
  answers:
    - years: {{from: {year}}}
      lead: {answer}
      lines: []
      detail: ""
      sources:
        - {{title: {title}, url: https://www.gov.uk/, year: {year}}}
  status: unverified
  unverified: Nothing has been checked yet.
  owner: {owner}
  reviewed: {today}
  review_by: {year.end}
"""
    text = before.rstrip("\n") + "\n"
    path.write_text(text + skeleton, encoding="utf-8")
    return path, text.count("\n") + 2


def _is_installed(folder: Path) -> bool:
    return folder.name == "_knowledge" or "site-packages" in folder.parts

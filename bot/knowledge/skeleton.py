"""A new entry's skeleton, in the right file, for a curator to fill in."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date
from pathlib import Path

from bot.errors import InputError
from bot.knowledge.base import KnowledgeBase
from bot.years import AcademicYear

__all__ = ["TO_FILL_IN", "entry_id", "write_skeleton"]

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


def write_skeleton(
    knowledge: KnowledgeBase,
    own: Path | None,
    question: str,
    topic: str,
    owner: str,
    today: date,
) -> tuple[Path, int]:
    """Append a skeleton to the topic's file (the provider's own folder when there is one).

    Returns the file and the line it begins at. Raises InputError for an unknown topic or a
    question that is too short or too long.
    """
    if topic not in knowledge.topics:
        raise InputError(f"There is no topic {topic!r}. Topics: {', '.join(knowledge.topics)}.")
    asked = " ".join(question.split())
    if not 10 <= len(asked) <= 150:
        raise InputError("Write the question in 10 to 150 characters.")
    year = AcademicYear.containing(today)
    folder = (own or knowledge.folder) / "entries"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{topic}.yaml"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if not before:
        before = "# yaml-language-server: $schema=../schemas/entries.json\n"
    quoted = asked.replace('"', "'")
    phrasing, answer, title = TO_FILL_IN
    skeleton = f"""
- id: {entry_id(asked, knowledge.entries)}
  topic: {topic}
  for: [all]
  question: "{quoted}"
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

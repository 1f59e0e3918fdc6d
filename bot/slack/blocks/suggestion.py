"""The form for a suggested answer: filled in from a message, a thread or a gap, or edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.slack.blocks.parts import labelled, modal, option, section, small
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import clip, escape
from bot.slack.payloads import SuggestionOrigin, chosen_value, form_value

__all__ = ["SUGGEST_FORM", "Draft", "read_form", "suggest_form"]

SUGGEST_FORM = "ilr_suggest_submitted"
MAX_QUESTION_LENGTH, MAX_ANSWER_LENGTH = 150, 2_800
MAX_WAYS = 1_000
_FIELDS = ("question", "answer", "ways", "year", "source", "owner")


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form, and what it is about."""

    question: str = ""
    answer: str = ""
    ways: str = ""
    """Other ways of asking, a line each."""
    year: str = ""
    source: str = ""
    owner: str = ""
    topic: str = ""
    origin: SuggestionOrigin = field(default_factory=SuggestionOrigin)


def suggest_form(
    draft: Draft, near: Sequence[tuple[str, str]], topics: Sequence[tuple[str, str]]
) -> Block:
    """A new answer, proposed; or one that is edited by a curator.

    ``near``: entries (id, question) that may say it already. ``topics``: id and title.
    """
    near = near[:3]
    shown = tuple(entry for entry, _ in near)
    editing = draft.origin.suggestion is not None
    options = [option(title, topic) for topic, title in topics[:100]]
    chosen = next((one for one in options if one["value"] == draft.topic), None)
    return modal(
        "Edit the suggestion" if editing else "Suggest as knowledge",
        [
            *_near(near),
            labelled("question", "The question it answers", _box(draft, "question", 150)),
            labelled(
                "ways",
                "Other ways people ask it",
                _box(draft, "ways", MAX_WAYS, lines=True),
                optional=True,
                hint="One a line, as staff would type them.",
            ),
            labelled("answer", "The answer", _box(draft, "answer", MAX_ANSWER_LENGTH, lines=True)),
            labelled("year", "From academic year", _box(draft, "year", 7)),
            labelled(
                "topic",
                "Topic",
                {"type": "static_select", "action_id": "topic", "options": options}
                | ({"initial_option": chosen} if chosen else {}),
                optional=True,
            ),
            labelled(
                "source",
                "Source",
                _box(draft, "source", 300),
                optional=True,
                hint="An address, or the title of the document.",
            ),
            labelled(
                "owner",
                "Or, for practice without a source: who answers for it",
                _box(draft, "owner", 80),
                optional=True,
                hint="A team or a person, e.g. mis-team.",
            ),
            small(
                "Please leave out learners’ names and numbers: curators and readers will see it."
            ),
        ],
        callback=SUGGEST_FORM,
        submit="Save" if editing else "Suggest",
        close="Cancel",
        payload=draft.origin.model_copy(update={"shown": shown}),
    )


def read_form(view: dict[str, Any]) -> Draft:
    """What was filled in."""
    typed = {name: str(form_value(view, name, name, "value") or "").strip() for name in _FIELDS}
    return Draft(
        **typed,
        topic=str(chosen_value(view, "topic", "topic") or ""),
        origin=SuggestionOrigin.read(view.get("private_metadata")),
    )


def _near(near: Sequence[tuple[str, str]]) -> list[Block]:
    if not near:
        return []
    known = "".join(f"\n• {escape(clip(title, 200))}" for _, title in near)
    return [section(f"*Similar answers exist:*{known}\nSubmit yours only if it adds something.")]


def _box(draft: Draft, name: str, longest: int, *, lines: bool = False) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": name,
        "max_length": longest,
        "multiline": lines,
    }
    initial = getattr(draft, name)
    return element | {"initial_value": clip(initial, longest)} if initial else element

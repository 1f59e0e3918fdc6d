"""How a record was interpreted: each value, its line and any guesses."""

from __future__ import annotations

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers import ParsedRecord
from bot.privacy import mask
from bot.slack.blocks.text import bold, clip, escape

__all__ = ["parsed_record_texts"]

_MAX_LENGTH, _MAX_TEXTS = 1_200, 3
"""Characters of a section, and sections: the findings need the room of a message."""


def parsed_record_texts(record: ParsedRecord) -> list[str]:
    """Each part with its values and lines, guesses marked, as a few texts of mrkdwn.

    What could identify a learner is shown as its mark: who pasted it knows it, and a
    screenshot of the report should not.
    """
    parts = _parts(record.message)
    texts: list[str] = []
    for place, part in enumerate(parts):
        if texts and len(texts[-1]) + len(part) < _MAX_LENGTH:
            texts[-1] += f"\n{part}"
        elif len(texts) < _MAX_TEXTS:
            texts.append(clip(part, _MAX_LENGTH))
        else:
            left = len(parts) - place
            texts[-1] += f"\n_… and {left:,} more part{'s' * (left != 1)}_"
            break
    return texts or ["Nothing that I understand as part of a record."]


def _parts(entity: RawEntity) -> list[str]:
    found = []
    if entity.fields:
        line = f" (line {entity.line})" if entity.line else ""
        values = " · ".join(map(_value, entity.fields))
        found.append(f"{bold(entity.name)}{line}\n{values}")
    return found + [text for child in entity.children for text in _parts(child)]


def _value(item: RawField) -> str:
    # The name tells the mask what the value is.
    shown = mask(f"{item.name}: {item.text}").removeprefix(f"{item.name}: ") or "(blank)"
    shown = clip(shown.replace("`", "'").replace("*", "∗").replace("\n", " "), 120)
    text = f"{escape(item.name)} = {escape(shown)}"
    if not item.guess:
        return text
    where = f"line {item.line}, " if item.line else ""
    return f"{text} _({where}a guess: {escape(item.guess)})_"

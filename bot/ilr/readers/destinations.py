"""Whose a destination is: the ILR holds it apart from the learner's record, under the same
reference, and pastes give it beside the learner or below."""

from __future__ import annotations

from dataclasses import replace

from bot.ilr.raw import RawEntity

__all__ = ["DESTINATION", "name_destinations"]

DESTINATION = "LearnerDestinationandProgression"
_WHOSE = ("LearnRefNumber", "ULN")


def name_destinations(message: RawEntity, learners: dict[int, RawEntity]) -> None:
    """Give each destination the reference of its learner. A learner of whom nothing else was
    pasted is only that reference, and left out.

    ``learners``: the learner that each destination (by its id) stood beside or below.
    """
    mine = [child for child in message.children if child.name == DESTINATION]
    every = [child for child in message.children if child.name == "Learner"]
    used = []
    for one in mine:
        learner = learners.get(id(one)) or (every[0] if len(every) == 1 else None)
        if learner is None:
            continue
        held = {item.name: item.text for item in one.fields}
        told = {item.name: item for item in learner.fields if item.name in _WHOSE and item.text}
        if any(held.get(name, item.text) != item.text for name, item in told.items()):
            continue
        one.fields[:0] = [replace(item) for name, item in told.items() if name not in held]
        used.append(id(learner))
    message.children = [
        child
        for child in message.children
        if id(child) not in used
        or child.children
        or any(item.name not in _WHOSE and item.text for item in child.fields)
    ]

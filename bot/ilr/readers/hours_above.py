"""Planned hours that stand above every aim: they are the learner's, and open no aim of their own.

"Planned hours" is an aim's name as well. Where it stands among the learner's own values, and the
aims begin below it, an aim that holds nothing else was never there.
"""

from __future__ import annotations

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.collector import FieldCollector, and_also
from bot.ilr.readers.hours_of_year import OFF_THE_JOB
from bot.ilr.readers.phrases import AIM

__all__ = ["give_to_learner"]

GUESS = "it stands among the learner's values, above the aims"
_SECOND = "Planned hours stand above the aims and the learner has some already; they were not read."
_NOBODYS = "These hours are an aim's and stand above all of them, so they were not read."


def give_to_learner(message: RawEntity, collector: FieldCollector, *, above: bool = False) -> None:
    """Hours that alone make up a learner's first aim, as the learner's; ``above``: the text is
    what stands above a table of aims, so that no aim has to follow."""
    said = {id(item): label for item, label in collector.hours}
    if not said:
        return
    for learner in message.children:
        aims = [child for child in learner.children if child.name == AIM]
        if learner.name != "Learner" or not aims or not (above or len(aims) > 1):
            continue
        first = aims[0]
        held = [item for item in first.fields if item.text.strip()]
        if not held or first.children or not all(id(item) in said for item in held):
            continue
        if not any(item.text.strip() for item in learner.fields):
            continue
        learner.children = [child for child in learner.children if child is not first]
        for item in held:
            _give(learner, item, said[id(item)], collector)


def _give(learner: RawEntity, item: RawField, said: str, collector: FieldCollector) -> None:
    if item.name != "PHours" or OFF_THE_JOB.search(said):
        collector.add_remark(item.line or 0, _NOBODYS)
    elif any(one.name == "PlanLearnHours" for one in learner.fields):
        collector.add_remark(item.line or 0, _SECOND)
    else:
        why = and_also(item.guess, GUESS)
        learner.fields.append(RawField("PlanLearnHours", item.text, item.line, why))

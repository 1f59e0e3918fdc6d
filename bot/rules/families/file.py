"""The file itself: what its header and its outermost elements alone decide."""

from __future__ import annotations

from bot.ilr.record import CollectionDetails, Message
from bot.rules.engine import Check, rule


@rule("Entity_1", until="2023-24")
def file_holds_neither_learners_nor_destinations(message: Message) -> bool:
    return not message.learners and not message.destinations


@rule("Entity_1", since="2024-25")
def file_holds_no_learners(message: Message) -> bool:
    return not message.learners


@rule("Header_2")
def file_was_prepared_in_the_future(details: CollectionDetails, check: Check) -> bool:
    return details.FilePreparationDate > check.today

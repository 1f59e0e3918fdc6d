"""Destination records, to 2023-24."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import Text, is_present
from bot.ilr.record import Destination, Learner, Message
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    AGE_16_TO_19,
    APPRENTICESHIP_STANDARD,
    EUROPEAN_SOCIAL_FUND,
    ON_A_BREAK,
    OTHER_ADULT,
    TRAINEESHIP,
    is_closed,
    months_after,
)


@rule("R_85")
def destination_has_another_uln(message: Message) -> Iterator[Destination]:
    ulns: dict[str, set[int]] = {}
    for learner in message.learners:
        if is_present(learner.LearnRefNumber) and is_present(learner.ULN):
            ulns.setdefault(learner.LearnRefNumber, set()).add(learner.ULN)
    for destination in message.destinations:
        theirs = ulns.get(str(destination.LearnRefNumber))
        if theirs and is_present(destination.ULN) and destination.ULN not in theirs:
            yield destination


@rule("R_107")
def ended_without_a_destination(message: Message) -> Iterator[Learner]:
    destined = outcome_dates(message)
    for learner in message.learners:
        if not any(a.ProgType in (TRAINEESHIP, APPRENTICESHIP_STANDARD) for a in learner.aims):
            end = end_of_all_learning(learner)
            if end is not None and not is_followed(learner, end, destined):
                yield learner


@rule("R_108")
def ended_two_months_ago_without_a_destination(message: Message, check: Check) -> Iterator[Learner]:
    destined = outcome_dates(message)
    for learner in message.learners:
        if all(a.ProgType in (TRAINEESHIP, APPRENTICESHIP_STANDARD) for a in learner.aims):
            continue
        end = end_of_all_learning(learner)
        due = months_after(end, 2) if end is not None else None
        if end is None or due is None or check.on < due:
            continue
        if not is_followed(learner, end, destined):
            yield learner


def outcome_dates(message: Message) -> dict[Text, list[date]]:
    """Learner reference in capitals → start dates of the outcomes recorded."""
    found: dict[Text, list[date]] = {}
    for destination in message.destinations:
        dates = [o.OutStartDate for o in destination.outcomes if is_present(o.OutStartDate)]
        found.setdefault(destination.LearnRefNumber.upper(), []).extend(dates)
    return found


def is_followed(learner: Learner, end: date, destined: dict[Text, list[date]]) -> bool:
    """Whether an outcome begins on or after the end of learning."""
    return any(day >= end for day in destined.get(learner.LearnRefNumber.upper(), ()))


def end_of_all_learning(learner: Learner) -> date | None:
    """The last actual end, when everything has ended, none of it in a break, some funded."""
    aims = learner.aims
    models = (AGE_16_TO_19, ADULT_SKILLS, EUROPEAN_SOCIAL_FUND, OTHER_ADULT)
    if not any(aim.FundModel in models for aim in aims) or not all(map(is_closed, aims)):
        return None
    end = max(aim.LearnActEndDate for aim in aims if is_present(aim.LearnActEndDate))
    on_a_break = any(a.LearnActEndDate == end and a.CompStatus == ON_A_BREAK for a in aims)
    return None if on_a_break else end

"""What the helpdesk said to a message, whole: every answer in it, and the buttons below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answers import Answer
from bot.privacy import to_keep
from bot.slack.blocks.answer import (
    AnswerContext,
    answer_blocks,
    answer_text,
    at_first,
    has_more,
    whole,
)
from bot.slack.blocks.choices import choices_blocks, choices_text
from bot.slack.blocks.none import none_blocks, none_text
from bot.slack.blocks.parts import (
    BUTTON_VALUE,
    OPTION_VALUE,
    actions,
    button,
    divider,
    in_part,
    menu,
    section,
    small,
)
from bot.slack.blocks.post import Block, Post
from bot.slack.blocks.text import clip, escape
from bot.slack.payloads import AnswerPayload, MorePayload, SeeAlsoPayload, ShownAnswer

__all__ = ["MAX_VISIBLE", "SOLVED", "reply"]

MAX_VISIBLE = 1_000
"""Characters of a message with one answer that are seen at first."""
ROOM = MAX_VISIBLE - 75
"""The same without its buttons."""
ROOM_OF_SEVERAL = 600
"""For each of several answers."""
ROOM_FOR_STATE = 80
"""Characters of a button that say whether it is opened, solved and shared."""
SOLVED = "✓ That solved it."
MAX_RELATED, MAX_YEARS = 5, 3
MAX_QUESTION, MAX_PART_QUESTION = 300, 70
"""Characters of the question that go round with the buttons: of the message, of a part."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the things said, with whether there is more of it."""

    answer: Answer
    post: Post
    more: bool = False


def reply(
    answer: Answer,
    context: AnswerContext,
    *,
    opened: bool = False,
    shared_by: str = "",
    solved: bool = False,
) -> Post:
    """The message for an answer, choices or none, and for further questions behind it.

    ``opened``: all of it, as when somebody asked for more. ``shared_by``: who shows it to others.
    ``solved``: its asker has said so, and a tick takes the place of the buttons.
    """
    every = (answer, *answer.more)
    parts = [_part(one, context, opened=opened, alone=not answer.more) for one in every]
    # Feedback is on the first that was answered: one row, however many questions.
    main = next((one for one in every if _is_served(one)), answer)
    shown = _shown(main, every, context).model_copy(
        update={"opened": opened, "solved": solved, "shared_by": shared_by}
    )
    row = [] if solved else _feedback(main, context, shown)
    if opened or any(part.more for part in parts):
        word, action = ("Less", "ilr_less") if opened else ("More", "ilr_more")
        row.append(button(word, action, shown))
    if context.private and _is_served(main):
        row.append(button("Show in channel", "ilr_show", _payload(main, context)))
    row += _see_also(every, context)
    text = "\n\n".join(filter(None, [*(one.post.text for one in parts), escape(answer.left_open)]))
    left = [small(escape(answer.left_open))] if answer.left_open else []
    post = Post(text, [*_joined(parts), *left, *actions(row)])
    return post.with_note(SOLVED) if solved else post


def _is_served(answer: Answer) -> bool:
    return answer.outcome in ("answer", "likely")


def _part(answer: Answer, context: AnswerContext, *, opened: bool, alone: bool) -> _Part:
    if answer.outcome == "choices":
        post = Post(choices_text(answer), choices_blocks(answer, context))
        return _Part(answer, post)
    if not _is_served(answer):
        return _Part(answer, Post(none_text(answer), none_blocks(answer, context)))
    room = ROOM if alone else ROOM_OF_SEVERAL
    shown = whole(answer) if opened else at_first(answer, context, room)
    post = Post(answer_text(answer, full=opened), answer_blocks(answer, context, shown))
    return _Part(answer, post, has_more(answer, shown))


def _joined(parts: Sequence[_Part]) -> Iterator[Block]:
    """The blocks of all parts, each with the question it is for when there are several."""
    if len(parts) == 1:
        yield from parts[0].post.blocks
        return
    quoted = ""
    for place, part in enumerate(parts):
        if place:
            yield divider()
        if part.answer.question != quoted:
            quoted = part.answer.question
            yield section(f"_You asked:_ {escape(part.answer.question)}")
        yield from in_part(part.post.blocks, place)


# -- the row of buttons


def _feedback(answer: Answer, context: AnswerContext, shown: MorePayload) -> list[Block]:
    """That solved it, Not quite, Ask a person."""
    payload = _payload(answer, context)
    buttons = []
    if _is_served(answer):
        buttons += [
            button("That solved it", "ilr_solved", shown, style="primary"),
            button("Not quite", "ilr_not_quite", payload),
        ]
    if context.people:
        buttons.append(button("Ask a person", "ilr_ask_person", payload))
    return buttons


def _payload(answer: Answer, context: AnswerContext) -> AnswerPayload:
    return AnswerPayload(
        entry=answer.entry or "",
        year=answer.year,
        questions=context.questions,
        question_text=_carried(answer.question, MAX_QUESTION),
        asker=context.asker,
    )


def _carried(question: str, longest: int) -> str:
    """A question as buttons carry it: masked, short, and without what JSON writes long."""
    return clip("".join(c for c in to_keep(question) if c.isprintable() or c == "\n"), longest)


def _shown(main: Answer, every: Sequence[Answer], context: AnswerContext) -> MorePayload:
    """What the message shows, so that it can be shown again in another state."""
    payload = MorePayload(
        **dict(_payload(main, context)),
        answers=tuple(_shown_answer(one, alone=len(every) == 1) for one in every),
    )
    if len(payload.to_json()) > BUTTON_VALUE - ROOM_FOR_STATE:
        shorter = clip(payload.question_text, MAX_PART_QUESTION)
        payload = payload.model_copy(update={"question_text": shorter})
    return payload


def _shown_answer(answer: Answer, *, alone: bool) -> ShownAnswer:
    others = tuple(choice.entry for choice in answer.others) if _is_served(answer) else ()
    return ShownAnswer(
        entry=answer.entry or "",
        year=answer.year,
        then=answer.then,
        question="" if alone else _carried(answer.question, MAX_PART_QUESTION),
        others=others,
        outright=answer.outcome == "answer" and bool(others),
    )


def _see_also(every: Sequence[Answer], context: AnswerContext) -> list[Block]:
    """A menu of related questions, and of the years in which the answer is another."""
    shown = {one.entry for one in every}
    related = {
        entry: SeeAlsoPayload(entry=entry, year=one.year)
        for one in every
        for entry in one.further
        if entry not in shown
    }
    groups = {
        "Related questions": [
            (context.title_of(entry), related[entry]) for entry in [*related][:MAX_RELATED]
        ],
        "In other years": _other_years(every[0], context) if len(every) == 1 else [],
    }
    return [menu("See also", "ilr_see_also", groups)] if any(groups.values()) else []


def _other_years(answer: Answer, context: AnswerContext) -> list[tuple[str, SeeAlsoPayload]]:
    found = []
    for year in dict.fromkeys(answer.other_years[:MAX_YEARS]):
        payload = SeeAlsoPayload(
            entry=answer.entry or "",
            year=year,
            questions=context.questions,
            asker=context.asker,
            in_place=True,
        )
        for field, nothing in (("questions", ()), ("asker", "")):
            if len(payload.to_json()) > OPTION_VALUE:
                payload = payload.model_copy(update={field: nothing})
        found.append((f"In {year}", payload))
    return found

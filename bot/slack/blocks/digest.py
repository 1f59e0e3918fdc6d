"""The weekly digest: four sentences, one picture, and the way to the curator queue."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.turn_of_year import TurnOfYear
from bot.ledger.values import Outcomes, WeekSummary
from bot.slack.blocks.digest_chart import alt_text
from bot.slack.blocks.parts import actions, button, picture, section, small
from bot.slack.blocks.post import Block, Post
from bot.slack.blocks.text import clip, escape

__all__ = ["HomeLink", "digest_post", "is_idle"]

_SQUARES = 20
"""Squares of the longest bar."""
_ALT = 1_900
_COLOURS = (
    (("solved",), "🟩", "confirmed solved"),
    (("assumed",), "🟦", "assumed solved"),
    (("too_early", "untraced"), "⬜", "not known"),
    (("handed_over",), "🟪", "to a person"),
    (("unanswered", "returned"), "🟧", "unanswered or asked again"),
    (("wrong",), "🟥", "reported wrong"),
)


@dataclass(frozen=True, slots=True)
class HomeLink:
    """How a reader gets to the Home tab."""

    url: str = ""
    bot: str = ""
    """The bot's user id: a click on its name leads there, too."""


def digest_post(
    week: WeekSummary,
    *,
    drawn: str = "",
    way: HomeLink | None = None,
    new_year: TurnOfYear | None = None,
) -> Post:
    """What the week was. Solved and assumed are never added up.

    ``drawn`` is the id of the picture's file; "" when it could not be drawn or kept: it is then
    made of characters.
    """
    lead = f"The ILR helpdesk from {week.start:%-d %B} to {week.end:%-d %B %Y}"
    if is_idle(week):
        idle = f"{lead}: nothing was asked and nothing checked. {_waiting(week)}{_left(new_year)}"
        return Post(escape(idle), [section(idle)])
    sentences = [_asked(week), _not_answered(week), _waiting(week), _checks(week)]
    if new_year:
        sentences.append(_left(new_year).strip())
    shown = [picture(drawn, clip(alt_text(week), _ALT))] if drawn else _in_characters(week)
    blocks = [section(f"*{lead}*\n" + " ".join(sentences)), *shown, *_way(week, way or HomeLink())]
    return Post(escape(f"{lead}. {' '.join(sentences)}"), blocks)


def _left(new_year: TurnOfYear | None) -> str:
    """What is left to do for the academic year that begins, or began."""
    if new_year is None:
        return ""
    return f" For {new_year.year}: {'; '.join(new_year.lines)} (`report` lists them)."


def is_idle(week: WeekSummary) -> bool:
    """Whether nothing was asked and nothing checked: that is one line, without a picture."""
    return not week.outcomes.asked and not week.checks


def _way(week: WeekSummary, way: HomeLink) -> list[Block]:
    where = f"<@{way.bot}>'s Home tab" if way.bot else "my Home tab"
    if not way.url:
        return [small(f"The curator queue is on {where}.", f"Week {week.week}")]
    opened = button("Open the curator queue", "ilr_open_desk") | {"url": way.url}
    return [*actions([opened]), small(f"Week {week.week}")]


def _asked(week: WeekSummary) -> str:
    of, before = week.outcomes, list(week.by_week.values())[-2:-1]
    verb = "was" if of.asked == 1 else "were"
    known = f"{of.solved:,} confirmed solved"
    if of.assumed:
        known += f", {of.assumed:,} assumed solved (not asked again within seven days)"
    earlier = (
        f"; of those of the week before, {before[0].assumed:,} are now assumed solved"
        if before and before[0].assumed
        else ""
    )
    open_ = of.too_early + of.untraced
    return (
        f"{_count(of.asked, 'question')} {verb} asked: {known}, {open_:,} not known yet{earlier}."
    )


def _not_answered(week: WeekSummary) -> str:
    of = week.outcomes
    return (
        f"{of.unanswered:,} had no answer, {of.wrong:,} were reported wrong, "
        f"{of.returned:,} were asked again and {of.handed_over:,} went to a person."
    )


def _waiting(week: WeekSummary) -> str:
    return (
        f"Waiting: {_count(week.open_handovers, 'hand-over')}, "
        f"{_count(week.drafts, 'suggestion')} to decide on and {week.unpublished:,} to publish."
    )


def _checks(week: WeekSummary) -> str:
    often = ", ".join(f"{rule} ({times:,})" for rule, times in list(week.rules.items())[:3])
    found = f"; the rules broken most were {often}" if often else ""
    return (
        f"{_count(week.checks, 'record check')} covered "
        f"{_count(week.learners_checked, 'learner')}{found}."
    )


def _in_characters(week: WeekSummary) -> list[Block]:
    """A bar a week, a colour an outcome; then the gaps."""
    most = max((one.asked for one in week.by_week.values()), default=0)
    lines = [
        f"`{name}` {_bar(one, most)} {one.asked:,}" for name, one in week.by_week.items() if most
    ]
    blocks = [section("\n".join(lines)), small(_key(week))] if lines else []
    if week.gaps:
        gaps = "\n".join(f"• {escape(clip(g.question, 150))} ({g.count:,})" for g in week.gaps[:5])
        blocks.append(section(f"*The largest gaps*\n{gaps}"))
    return blocks


def _bar(one: Outcomes, most: int) -> str:
    """At least a square for whatever there was."""
    bar = ""
    for fields, square, _ in _COLOURS:
        count = sum(getattr(one, name) for name in fields)
        bar += square * (max(1, round(_SQUARES * count / most)) if count else 0)
    return bar


def _key(week: WeekSummary) -> str:
    return " · ".join(
        f"{square} {words}"
        for fields, square, words in _COLOURS
        if any(getattr(one, name) for one in week.by_week.values() for name in fields)
    )


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"

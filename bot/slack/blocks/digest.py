"""The weekly digest: four sentences, a picture made of characters, and where to go."""

from __future__ import annotations

from bot.ledger.values import Outcomes, WeekSummary
from bot.slack.blocks.parts import section, small
from bot.slack.blocks.post import Post
from bot.slack.blocks.text import clip, escape

__all__ = ["digest_post"]

_WIDEST = 24
"""Characters of the longest bar."""


def digest_post(week: WeekSummary) -> Post:
    """What the week was. Solved and assumed are never added up."""
    sentences = [_asked(week.outcomes), _not_answered(week), _waiting(week), _checks(week)]
    lead = f"The ILR helpdesk from {week.start:%-d %B} to {week.end:%-d %B %Y}"
    blocks = [
        section(f"*{lead}*\n" + " ".join(sentences)),
        section(f"```{_picture(week.by_week)}```"),
    ]
    if week.gaps:
        lines = "\n".join(
            f"• {escape(clip(gap.question, 150))} ({gap.count:,})" for gap in week.gaps[:5]
        )
        blocks.append(section(f"*Asked most, and not or badly answered*\n{lines}"))
    blocks.append(small("The desk is on my Home tab.", f"Week {week.week}"))
    return Post(escape(f"{lead}. {' '.join(sentences)}"), blocks)


def _asked(of: Outcomes) -> str:
    return (
        f"{_count(of.asked, 'question')} {'was' if of.asked == 1 else 'were'} asked: "
        f"{of.solved:,} said to be solved, {of.assumed:,} assumed to be (nobody came back), "
        f"{of.too_early:,} too early to say."
    )


def _not_answered(week: WeekSummary) -> str:
    of = week.outcomes
    return (
        f"{of.unanswered:,} had no answer, {of.wrong:,} were said to be wrong, "
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


def _picture(weeks: dict[str, Outcomes]) -> str:
    """A bar a week: answered without a person (#), the rest (-)."""
    most = max((one.asked for one in weeks.values()), default=0) or 1
    lines = []
    for name, one in weeks.items():
        rest = one.unanswered + one.wrong + one.returned + one.handed_over
        bars = [round(_WIDEST * part / most) for part in (one.asked - rest, rest)]
        lines.append(f"{name}  {'#' * bars[0]}{'-' * bars[1]} {one.asked:,}")
    return "\n".join([*lines, "# answered, - not, wrong, asked again or handed over"])


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"

"""The digest's picture: what was asked each week by what became of it, and the largest gaps.

matplotlib is imported when a picture is drawn, not before.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import Any

from bot.errors import InputError
from bot.ilr.timeline_image import NOT_INSTALLED
from bot.ledger.values import Gap, Outcomes, WeekSummary

__all__ = ["OUTCOMES", "alt_text", "draw"]

WIDTH, HEIGHT = 12.0, 4.9
DOTS_PER_INCH = 140
MAX_GAPS = 5
WRAPPED = 46
_TEXT, _QUIET, _GRID = "#1b2430", "#5a6675", "#dfe3e9"
_GAP_COLOUR = "#e69f00"

OUTCOMES = (
    ("solved", "confirmed solved", "#009e73"),
    ("assumed", "assumed solved", "#8fd3bd"),
    ("too_early", "too early to say", "#d5dae1"),
    ("untraced", "not known", "#eef0f4"),
    ("handed_over", "passed to a person", "#0072b2"),
    ("returned", "asked again", "#a2458a"),
    ("unanswered", "unanswered", "#e69f00"),
    ("wrong", "reported wrong", "#c94a00"),
)
"""The field of Outcomes, in words, and its colour (of Okabe and Ito, or a tint of one)."""


def draw(week: WeekSummary) -> bytes:
    """The picture as PNG. Raises InputError when matplotlib is not installed."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError(NOT_INSTALLED) from None
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    figure.set_facecolor("#ffffff")
    _weeks(figure.add_axes((0.045, 0.27, 0.44, 0.60)), week.by_week)
    _gaps(figure.add_axes((0.76, 0.12, 0.21, 0.75)), week.gaps[:MAX_GAPS])
    figure.text(0.045, 0.93, "Asked each week", size=15, weight="bold", color=_TEXT)
    figure.text(0.53, 0.93, "The largest gaps", size=15, weight="bold", color=_TEXT)
    if not week.gaps:
        figure.text(0.53, 0.82, "None: everything asked was answered.", size=11, color=_QUIET)
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def alt_text(week: WeekSummary) -> str:
    """The same in words."""
    weeks = "; ".join(f"{name}: {_in_words(one)}" for name, one in week.by_week.items())
    gaps = "; ".join(f"{gap.question} ({gap.count})" for gap in week.gaps[:MAX_GAPS]) or "none"
    return f"Questions each week by what became of them. {weeks}. The largest gaps: {gaps}."


def _in_words(one: Outcomes) -> str:
    parts = [f"{count} {words}" for name, words, _ in OUTCOMES if (count := getattr(one, name))]
    return ", ".join(parts) or "none"


def _weeks(axes: Any, by_week: dict[str, Outcomes]) -> None:
    names = [name.split("-")[1].replace("W", "week ") for name in by_week]
    places = range(len(names))
    below = [0] * len(names)
    for field, words, colour in OUTCOMES:
        counts = [getattr(one, field) for one in by_week.values()]
        if not any(counts):
            continue
        axes.bar(places, counts, bottom=below, color=colour, width=0.72, label=words)
        below = [before + count for before, count in zip(below, counts, strict=True)]
    for place, total in enumerate(below):
        if total:
            axes.text(place, total, f" {total:,}", ha="center", va="bottom", size=10, color=_TEXT)
    axes.set_xticks(list(places), names, size=9, color=_QUIET)
    axes.set_ylim(0, max(max(below, default=0) * 1.15, 1))
    axes.set_yticks([])
    _bare(axes)
    if any(below):
        axes.legend(
            loc="upper left", bbox_to_anchor=(-0.02, -0.1), ncols=4, frameon=False, fontsize=9.5,
            labelcolor=_TEXT, handlelength=1.0, columnspacing=1.2,
        )  # fmt: skip


def _gaps(axes: Any, gaps: Sequence[Gap]) -> None:
    places = range(len(gaps))
    axes.barh(places, [gap.count for gap in gaps], color=_GAP_COLOUR, height=0.42)
    for place, gap in enumerate(gaps):
        axes.text(gap.count, place, f"  {gap.count:,}", va="center", size=10, color=_TEXT)
    lines = [_wrapped(gap.question) for gap in gaps]
    axes.set_yticks(list(places), lines, size=9.5, color=_TEXT)
    axes.set_xlim(0, max((gap.count for gap in gaps), default=1) * 1.2)
    axes.set_ylim(MAX_GAPS - 0.5, -0.5)
    axes.set_xticks([])
    _bare(axes)
    axes.spines["bottom"].set_visible(False)


def _wrapped(question: str) -> str:
    lines = textwrap.wrap(question.replace("$", r"\$"), WRAPPED)
    return "\n".join(lines[:2]) + (" …" if len(lines) > 2 else "")


def _bare(axes: Any) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_GRID)
    axes.tick_params(length=0)

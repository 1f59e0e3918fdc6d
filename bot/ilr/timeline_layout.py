"""Where things lie in the picture of a timeline: sizes, rows, the key, and days along the top.

Everything is in inches from the top left corner, so that a label never depends on what lies
beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from bot.ilr.timeline import Bar, Timeline

__all__ = [
    "AIM_BAR", "BREAK", "GUTTER", "HEAD", "KEY", "KEY_ROW", "LEFT", "LETTER", "MARGIN_END", "MARK",
    "MAX_UNDATED", "PLACEMENT_BAR", "PLOT", "RULE_ROW", "SHAPES", "STRIP", "KeyPart", "Layout",
    "Size",
]  # fmt: skip

Size = Literal["page", "slide"]
"""As tall as it needs to be, or as wide and tall as a slide (16 to 9)."""
SLIDE = 16 / 9
SLIDE_PIXELS = 1920
DOTS_PER_INCH = 150

# Inches across: labels, a margin for findings that lie on no date, the dates, the dates in words.
WIDTH = 12.6
LEFT = 0.45
MARGIN_END = 3.66
"""The last place for a mark that lies on no date."""
PLOT = 4.05
WORDS_WIDE = 2.2
"""Of the dates in words, at the right."""
STRIP = 0.82
"""For the years beyond those that are drawn to scale."""
BREAK = 0.14
"""Between the two."""

# Inches down.
HEAD = 1.62
AIM_ROW, PLACEMENT_ROW = 0.52, 0.36
MANY_BARS = 16
"""From here on rows are lower."""
LOW_AIM_ROW, LOW_PLACEMENT_ROW = 0.46, 0.26
MAX_STRETCH = 1.7
"""How much higher the rows of a slide may be, when there are few."""
GAP = 0.08
"""Above each aim but the first."""
AIM_BAR, PLACEMENT_BAR = 0.21, 0.15
KEY = 0.58
"""From the rows to the key."""
KEY_ROW = 0.3
GUTTER = 0.3
"""Between the parts of the key."""
RULE_ROW = 0.27
MARK = 0.24
"""From one mark to the next."""
LETTER = 0.068
"""A letter of the small print, on average and rounded up."""
MAX_UNDATED = {"aim": 5, "placement": 3}
"""Marks in the margin: beside a placement its mode and hours need room."""
SHAPES = {"error": "D", "check": "o", "warning": "^"}
_WORD = {"error": "error", "check": "point to check", "warning": "warning"}


@dataclass(frozen=True, slots=True)
class KeyPart:
    """A sample, how much room it takes, and what it stands for."""

    name: str
    wide: float
    words: str


class Layout:
    """The sizes of one picture, and where each of its days and rows is."""

    def __init__(self, timeline: Timeline, size: Size = "page") -> None:
        self.timeline = timeline
        self._low = len(timeline.bars) > MANY_BARS
        self._stretch = 1.0
        self.width = WIDTH
        if size == "slide":
            self._fit_slide()
        self.height = max(self._needed, self.width / SLIDE if size == "slide" else 0)
        self.dots_per_inch = SLIDE_PIXELS / self.width if size == "slide" else DOTS_PER_INCH
        first, last = timeline.window
        pad = max((last - first).days // 60, 6)
        self.first, self.last = first - timedelta(days=pad), last + timedelta(days=pad)
        self._early, self._late = timeline.beyond

    def _fit_slide(self) -> None:
        """Higher rows when there is room, else a wider canvas, which is shown smaller."""
        room = self.width / SLIDE - self._needed
        rows = self.bottom - HEAD
        if room > 0:
            self._stretch = min(1 + room / rows, MAX_STRETCH)
        else:
            # The key may take fewer rows once it is wider: then a little room is left.
            self.width = self._needed * SLIDE
        self.__dict__.pop("middles", None)

    @property
    def _needed(self) -> float:
        """The height that the rows, the key and the rules take."""
        lines = len(self.timeline.rules) + bool(self.timeline.more)
        keys = len(self.key_rows)
        return (
            self.bottom
            + KEY
            + KEY_ROW * (keys - 1)
            + 0.3
            + RULE_ROW * lines
            + (0.06 if lines else 0)
        )

    # Across

    @property
    def right(self) -> float:
        """Where text ends."""
        return self.width - 0.4

    @property
    def words(self) -> float:
        """Where the dates in words begin."""
        return self.width - WORDS_WIDE

    @property
    def plot_end(self) -> float:
        """Where the days end, those beyond the scale included."""
        return self.words - 0.25

    @property
    def scale(self) -> tuple[float, float]:
        """Where the days that are drawn to scale begin and end."""
        left = PLOT + (STRIP + BREAK if self._early else 0)
        return left, self.plot_end - (STRIP + BREAK if self._late else 0)

    @property
    def strips(self) -> list[tuple[float, list[date]]]:
        """Where each part for the days beyond the scale begins, and its days."""
        found = [(PLOT, self._early), (self.plot_end - STRIP, self._late)]
        return [(at, days) for at, days in found if days]

    @property
    def breaks(self) -> list[float]:
        """The middle of each gap between the scale and what is beyond it."""
        left, right = self.scale
        return [left - BREAK / 2] * bool(self._early) + [right + BREAK / 2] * bool(self._late)

    def x(self, day: date, *, after: bool = False) -> float:
        """Where a day begins, or, ``after``, where it is over.

        Days beyond the scale follow each other in their strip; between, at its edge.
        """
        for at, days in self.strips:
            if day in days:
                return at + STRIP * (days.index(day) + 1) / (len(days) + 1)
        left, right = self.scale
        share = ((day - self.first).days + after) / (self.last - self.first).days
        return left + min(max(share, 0), 1) * (right - left)

    # Down

    def row(self, bar: Bar) -> float:
        """The height of a bar's row."""
        if bar.kind == "aim":
            return (LOW_AIM_ROW if self._low else AIM_ROW) * self._stretch
        return (LOW_PLACEMENT_ROW if self._low else PLACEMENT_ROW) * self._stretch

    @property
    def bottom(self) -> float:
        """Where the rows end."""
        bars = self.timeline.bars
        return self.middles[-1] + self.row(bars[-1]) / 2 + 0.12 if bars else HEAD

    @cached_property
    def middles(self) -> tuple[float, ...]:
        """The middle of each bar's row."""
        middles = []
        y = HEAD
        for place, bar in enumerate(self.timeline.bars):
            y += GAP if bar.kind == "aim" and place else 0
            middles.append(y + self.row(bar) / 2)
            y += self.row(bar)
        return tuple(middles)

    # The key

    @property
    def key_rows(self) -> list[list[KeyPart]]:
        """The key in as many rows as it needs."""
        rows: list[list[KeyPart]] = [[]]
        x = LEFT
        for part in _key_parts(self.timeline):
            wide = part.wide + len(part.words) * LETTER
            if rows[-1] and x + wide > self.right:
                rows.append([])
                x = LEFT
            rows[-1].append(part)
            x += wide + GUTTER
        return rows


def _key_parts(timeline: Timeline) -> list[KeyPart]:
    """What each colour and shape is; only those that the picture uses."""
    bars = timeline.bars
    severities = {mark.severity for bar in bars for mark in bar.marks}
    found = [KeyPart("aim", 0.42, "aim, to its planned end")]
    if timeline.placements:
        found.append(KeyPart("placement", 0.42, "placement"))
    if any(bar.actual_end for bar in bars):
        found.append(KeyPart("end", 0.16, "actual end"))
    if timeline.qualifying:
        first, last = timeline.qualifying
        words = f"qualifying period, {(last - first).days + 1} days to {last:%d/%m/%Y}"
        found.append(KeyPart("qualifying", 0.42, words))
    if any(bar.backwards for bar in bars):
        found.append(KeyPart("backwards", 0.42, "ends before it starts"))
    if any(timeline.beyond):
        found.append(KeyPart("break", 0.42, "years between are left out"))
    if any((bar.start is None) != (bar.end is None) and not bar.actual_end for bar in bars):
        found.append(KeyPart("open", 0.42, "a date is not known"))
    if any(bar.has_unreadable_date for bar in bars):
        found.append(KeyPart("unreadable", 0.2, "not a date"))
    return found + [KeyPart(one, 0.28, _WORD[one]) for one in SHAPES if one in severities]

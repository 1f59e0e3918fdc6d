"""Draw a timeline as a PNG: a card that reads on a light and on a dark page.

Everything is placed in inches on one canvas, so that a label never depends on what lies beside
it. Severity is told by colour and by shape, a rule by its letter. Colours are those of Okabe and
Ito, which people with any common colour vision can tell apart.

``bot.ilr.timeline_layout`` says where. matplotlib is imported when a picture is drawn, not
before. No window and no global state is used. One picture is drawn at a time: eight at once take
no less time and 300 MB more.
"""

from __future__ import annotations

import importlib.util
import io
import threading
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.errors import InputError
from bot.ilr.timeline import Bar, Mark, Timeline, places_in_words
from bot.ilr.timeline_layout import (
    AIM_BAR,
    BREAK,
    GUTTER,
    HEAD,
    KEY,
    KEY_ROW,
    LEFT,
    LETTER,
    MARGIN_END,
    MARK,
    MAX_UNDATED,
    PLACEMENT_BAR,
    PLOT,
    RULE_ROW,
    SHAPES,
    STRIP,
    Layout,
    Size,
)
from bot.years import AcademicYear

__all__ = ["NOT_INSTALLED", "Size", "Theme", "can_draw", "draw"]

Theme = Literal["light", "dark"]
NOT_INSTALLED = (
    "Drawing needs matplotlib, which is not installed here though it belongs to the helpdesk. "
    "Install it: pip install matplotlib."
)
_one_at_a_time = threading.Lock()
PALETTE = 250

MAX_STEPS = 25
"""Places tried for a mark before it is put over another."""
LEAST = 0.05
"""A bar of one day is still seen."""


@dataclass(frozen=True, slots=True)
class _Colours:
    card: str
    edge: str
    outside: str
    """Days that are not in the year checked."""
    grid: str
    text: str
    quiet: str
    aim: str
    aim_left: str
    """From the actual to the planned end: planned, and not done."""
    placement: str
    qualifying: str
    year: str
    today: str
    error: str
    check: str
    warning: str


_THEMES: dict[str, _Colours] = {
    "light": _Colours(
        card="#ffffff", edge="#d5dae1", outside="#eef0f4", grid="#dfe3e9", text="#1b2430",
        quiet="#5a6675", aim="#0072b2", aim_left="#bcd9ea", placement="#009e73",
        qualifying="#f7ecc6", year="#27374d", today="#1b2430", error="#c94a00", check="#a2458a",
        warning="#f0b429",
    ),
    "dark": _Colours(
        card="#1a1f27", edge="#39424f", outside="#12161c", grid="#323a46", text="#f2f4f7",
        quiet="#a9b4c2", aim="#56b4e9", aim_left="#2c4a5e", placement="#2fc79a",
        qualifying="#3d3a25", year="#d3dbe6", today="#f2f4f7", error="#ff7a3d", check="#e08cc6",
        warning="#f0b429",
    ),
}  # fmt: skip
_SIZES = {"error": 11.5, "check": 14.0, "warning": 15.5}


def can_draw() -> bool:
    """Whether what draws is installed; nothing is imported."""
    return importlib.util.find_spec("matplotlib") is not None


def draw(timeline: Timeline, *, theme: Theme = "light", size: Size = "page") -> bytes:
    """The picture as PNG: as tall as it needs to be, or 1920 by 1080 for a slide.

    Raises InputError when matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError(NOT_INSTALLED) from None
    with _one_at_a_time:
        return _drawn(Layout(timeline, size), theme, Figure, FigureCanvasAgg)


def _drawn(layout: Layout, theme: Theme, Figure: Any, FigureCanvasAgg: Any) -> bytes:
    # Half a dot more: a size that falls short of a whole number would lose a row of dots.
    extra = 0.5 / layout.dots_per_inch
    figure = Figure(figsize=(layout.width + extra, layout.height + extra), dpi=layout.dots_per_inch)
    FigureCanvasAgg(figure)
    figure.set_facecolor(_THEMES[theme].card)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, layout.width)
    axes.set_ylim(layout.height, 0)
    axes.axis("off")
    _Drawing(axes, layout, _THEMES[theme]).all()
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return _smaller(out)


def _smaller(drawn: io.BytesIO) -> bytes:
    """The same picture with a palette, at half the size: it has few colours."""
    from PIL import Image  # comes with matplotlib

    out = io.BytesIO()
    picture = Image.open(drawn).convert("RGB")
    picture = picture.quantize(PALETTE, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    picture.save(out, format="PNG", optimize=True)
    return out.getvalue()


class _Drawing:
    """One picture in the making."""

    def __init__(self, axes: Any, layout: Layout, colours: _Colours) -> None:
        self.axes = axes
        self.layout = layout
        self.timeline = layout.timeline
        self.colours = colours
        self.x = layout.x
        self.first, self.last = layout.first, layout.last
        self._layer = 0

    def all(self) -> None:
        """From the back to the front."""
        self._card()
        self._head()
        self._years()
        self._strips()
        self._qualifying()
        self._months()
        self._year_edges()
        for middle, bar in zip(self.layout.middles, self.timeline.bars, strict=True):
            self._labels(middle, bar)
            self._bar(middle, bar)
        self._aim_limits()
        self._today()
        for middle, bar in zip(self.layout.middles, self.timeline.bars, strict=True):
            self._marks(middle, bar)
        self._key()

    def _over(self, style: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
        """A style in which what is drawn later lies over what was drawn before."""
        self._layer += 1
        return {**style, "zorder": self._layer, **more}

    def text(self, x: float, y: float, words: str, size: float, **more: Any) -> float:
        """Write, and return how wide it is, in inches."""
        style = self._over({"color": self.colours.text, "va": "center", "ha": "left"}, more)
        # Without parse_math a dollar sign would start a formula.
        drawn = self.axes.text(x, y, words, fontsize=size, parse_math=False, **style)
        renderer = self.axes.figure.canvas.get_renderer()
        return float(drawn.get_window_extent(renderer).width) / self.layout.dots_per_inch

    def box(self, x: float, y: float, wide: float, tall: float, colour: str, **more: Any) -> None:
        from matplotlib.patches import Rectangle

        style = self._over({"facecolor": colour, "linewidth": 0}, more)
        self.axes.add_patch(Rectangle((x, y), wide, tall, **style))

    def round(self, x: float, y: float, wide: float, tall: float, colour: str, **more: Any) -> None:
        from matplotlib.patches import FancyBboxPatch

        radius = min(more.pop("radius", 0.05), wide / 2, tall / 2)
        style = self._over({"facecolor": colour, "linewidth": 0}, more)
        shape = f"round,pad=0,rounding_size={radius}"
        self.axes.add_patch(FancyBboxPatch((x, y), wide, tall, boxstyle=shape, **{**style, **more}))

    def line(self, x: float, top: float, bottom: float, colour: str, **more: Any) -> None:
        style = self._over({"linewidth": 1}, more)
        self.axes.plot([x, x], [top, bottom], color=colour, **style)

    def dashes(self, left: float, right: float, y: float, colour: str) -> None:
        """Where a bar would be if the date were known."""
        style = self._over({"linewidth": 2, "ls": (0, (2, 2))}, {})
        self.axes.plot([left, right], [y, y], color=colour, **style)

    def dot(self, x: float, y: float, shape: str, size: float, colour: str, **more: Any) -> None:
        style = self._over({"markeredgewidth": 0}, more)
        self.axes.plot([x], [y], marker=shape, markersize=size, color=colour, **style)

    def _card(self) -> None:
        self.round(
            0.07, 0.07, self.layout.width - 0.14, self.layout.height - 0.14, self.colours.card,
            edgecolor=self.colours.edge, linewidth=1.2, radius=0.14,
        )  # fmt: skip

    def _head(self) -> None:
        self.text(LEFT, 0.47, self.timeline.title, 16, fontweight="bold")
        self.text(LEFT, 0.8, self.timeline.about, 10.5, color=self.colours.quiet)

    def _years(self) -> None:
        """A band for each academic year; the one checked stands out, and its edges go down."""
        c, top = self.colours, 1.08
        year = AcademicYear.containing(self.first)
        while year.start <= self.last:
            left, right = self.x(year.start), self.x(year.end, after=True)
            wide = right - left
            checked = year == self.timeline.year
            gap = 0.02
            if wide > 2 * gap:
                colour = c.year if checked else c.outside
                self.box(left + gap, top, wide - 2 * gap, 0.24, colour)
            if not checked:
                self.box(left, HEAD - 0.1, wide, self.layout.bottom - HEAD + 0.1, c.outside)
            if wide > 0.45:
                colour = c.card if checked else c.quiet
                weight = "bold" if checked else "normal"
                self.text(
                    (left + right) / 2, top + 0.125, str(year) if wide > 0.75 else str(year)[2:],
                    9.5, color=colour, ha="center", fontweight=weight,
                )  # fmt: skip
            year += 1

    def _strips(self) -> None:
        """The parts for days beyond the scale, with their years in place of months."""
        for left, days in self.layout.strips:
            foot = self.layout.bottom
            self.box(left, HEAD - 0.1, STRIP, foot - HEAD + 0.1, self.colours.outside)
            self.box(left, 1.08, STRIP, 0.24, self.colours.outside)
            years = f"{days[0]:%Y}"
            if days[-1].year != days[0].year:
                years += f" – {days[-1]:%Y}"
            self.text(left + STRIP / 2, 1.205, years, 8.5, color=self.colours.quiet, ha="center")

    def _year_edges(self) -> None:
        for edge in (self.x(self.timeline.year.start), self.x(self.timeline.year.end, after=True)):
            self.line(edge, 1.32, self.layout.bottom, self.colours.year, linewidth=1.3)

    def _months(self) -> None:
        starts = []
        day = date(self.first.year, self.first.month, 1)
        while day <= self.last:
            if day >= self.first:
                starts.append(day)
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        left, end = self.layout.scale
        wide = (end - left) / max(len(starts), 1)
        step = next((s for s in (1, 2, 3, 6) if s * wide >= 0.38), 12)
        for start in starts:
            if (start.month - 8) % step:
                continue
            at = self.x(start)
            self.line(at, HEAD - 0.1, self.layout.bottom, self.colours.grid, linewidth=0.7)
            if at + 0.28 < end:
                self.text(at + 0.04, HEAD - 0.2, f"{start:%b}", 8.5, color=self.colours.quiet)

    def _qualifying(self) -> None:
        if self.timeline.qualifying is None:
            return
        first, last = self.timeline.qualifying
        left, right = self.x(first), self.x(last, after=True)
        self.box(
            left, HEAD - 0.1, right - left, self.layout.bottom - HEAD + 0.1, self.colours.qualifying
        )

    def _labels(self, middle: float, bar: Bar) -> None:
        quiet = self.colours.quiet
        if bar.kind == "aim":
            up = 0.1 if bar.detail else 0.0
            self.text(LEFT, middle - up, bar.label, 10.5, fontweight="bold")
            self.text(LEFT, middle + 0.11, bar.detail, 8.5, color=quiet)
            self.text(self.layout.words, middle - 0.1, bar.dates, 9)
            self.text(self.layout.words, middle + 0.11, bar.standing, 8.5, color=quiet)
        else:
            self.text(LEFT + 0.22, middle, bar.label, 9)
            self.text(LEFT + 1.22, middle, bar.detail, 8.5, color=quiet)
            self.text(self.layout.words, middle, bar.dates, 9)

    def _bar(self, middle: float, bar: Bar) -> None:
        c = self.colours
        thick = AIM_BAR if bar.kind == "aim" else PLACEMENT_BAR
        colour = c.aim if bar.kind == "aim" else c.placement
        top = middle - thick / 2
        start = bar.start
        if start is None:
            self._lone_ends(middle, thick, bar, colour)
            return
        if bar.end is None and bar.actual_end is None:
            # Runs on until somebody says otherwise: fading dashes to the edge.
            self.round(self.x(start), top, LEAST * 1.6, thick, colour, radius=0.03)
            left, right = self.x(start) + LEAST, max(self.x(self.timeline.year.end), self.x(start))
            self.dashes(left, right, middle, colour)
            if "unreadable" in bar.states[1:]:
                self._unreadable(min(right + 0.07, self.layout.plot_end), middle)
            return
        if bar.backwards and bar.end is not None:
            left, right = self.x(bar.end), self.x(start)
            self.round(
                left, top, max(right - left, LEAST), thick, c.card, edgecolor=colour,
                linewidth=1.2, hatch="/////",
            )  # fmt: skip
            self._actual_end(middle, bar)
            return
        planned = bar.end or bar.actual_end or start
        if bar.actual_end and start <= bar.actual_end < planned:
            self._span(start, planned, top, thick, c.aim_left)
            self._span(start, bar.actual_end, top, thick, colour)
        else:
            self._span(start, planned, top, thick, colour)
            if bar.actual_end and bar.actual_end > planned:
                left, right = self.x(planned), self.x(bar.actual_end)
                self.box(left, top + thick * 0.3, right - left, thick * 0.4, colour, alpha=0.75)
        self._actual_end(middle, bar)

    def _span(self, first: date, last: date, top: float, thick: float, colour: str) -> None:
        """A bar that takes in its last day."""
        left, right = self.x(first), self.x(last, after=True)
        self.round(left, top, max(right - left, LEAST), thick, colour)
        for at in self.layout.breaks:
            if left < at < right:
                self._break(at, top, thick)

    def _break(self, at: float, top: float, thick: float) -> None:
        """A slanted gap in a bar, where years are left out."""
        from matplotlib.patches import Polygon

        slant, wide = 0.04, BREAK * 0.3
        low, high = top - 0.03, top + thick + 0.03
        corners = [
            (at - wide + slant, low), (at + wide + slant, low),
            (at + wide - slant, high), (at - wide - slant, high),
        ]  # fmt: skip
        style = self._over({"facecolor": self.colours.card, "linewidth": 0}, {})
        self.axes.add_patch(Polygon(corners, closed=True, **style))
        for side in (-wide, wide):
            self._slant(at + side, slant, low, high)

    def _slant(self, at: float, slant: float, low: float, high: float) -> None:
        style = self._over({"linewidth": 1.1, "color": self.colours.quiet}, {})
        self.axes.plot([at + slant, at - slant], [low, high], **style)

    def _lone_ends(self, middle: float, thick: float, bar: Bar, colour: str) -> None:
        """No start: an open end where the bar would end."""
        if bar.end is not None:
            at = self.x(bar.end)
            left = max(at - 0.5, PLOT)
            self.dashes(left, at, middle, colour)
            if bar.states[0] == "unreadable":
                self._unreadable(left - 0.07, middle)
            self.round(at - LEAST, middle - thick / 2, LEAST * 1.6, thick, colour, radius=0.03)
        self._actual_end(middle, bar)

    def _unreadable(self, x: float, y: float) -> None:
        """Something stands where a date belongs, and it is none."""
        self.text(x, y, "?", 10, ha="center", fontweight="bold")

    def _actual_end(self, middle: float, bar: Bar) -> None:
        if bar.actual_end is None:
            return
        at = self.x(bar.actual_end, after=True)
        self.line(at, middle - 0.19, middle + 0.19, self.colours.text, linewidth=2.4)
        self.dot(at, middle - 0.19, "s", 5, self.colours.text)

    def _aim_limits(self) -> None:
        """An aim's start and actual end, carried down over its placements, to compare by eye."""
        rows = list(zip(self.layout.middles, self.timeline.bars, strict=True))
        for middle, aim in rows:
            below = [m for m, b in rows if b.aim == aim.aim and b.kind == "placement"]
            if aim.kind != "aim" or not below:
                continue
            foot = below[-1] + self.layout.row(self.timeline.bars[-1]) / 2
            for day, after in ((aim.start, False), (aim.actual_end, True)):
                if day is not None:
                    at, style = self.x(day, after=after), (0, (3, 2))
                    self.line(at, middle, foot, self.colours.aim, linewidth=1.2, ls=style)

    def _today(self) -> None:
        on = self.timeline.on
        if not self.first <= on <= self.last:
            return
        at = self.x(on)
        c = self.colours
        self.line(
            at, HEAD - 0.1, self.layout.bottom + 0.06, c.today, linewidth=1.1, ls=(0, (1, 1.6))
        )
        wide = 1.18
        left = min(max(at - wide / 2, PLOT), self.layout.plot_end - wide)
        self.round(left, self.layout.bottom + 0.05, wide, 0.22, c.today, radius=0.11)
        self.text(
            left + wide / 2,
            self.layout.bottom + 0.16,
            f"as at {on:%d/%m/%Y}",
            8.5,
            color=c.card,
            ha="center",
        )

    def _marks(self, middle: float, bar: Bar) -> None:
        self._undated(middle, bar)
        days = [day for day in (bar.start, bar.end, bar.actual_end) if day is not None]
        taken: list[float] = []
        for mark in bar.marks:
            if mark.day is None:
                continue
            first = mark.day == min(days, default=None)
            true = self.x(mark.day, after=not first and mark.day in days)
            tall = 0.12 if bar.kind == "placement" else 0.16
            self.line(true, middle - tall, middle + tall, self._colour(mark), linewidth=1.8)
            # Beside the end of a bar rather than on it: a placement may be no wider than a mark.
            step = -MARK if first else MARK
            at = true + (step * 0.62 if mark.day in days else 0)
            if not PLOT + 0.02 < at < self.layout.plot_end + 0.02:
                step, at = -step, true - step * 0.62
            for _ in range(MAX_STEPS):
                if all(abs(at - other) >= MARK * 0.98 for other in taken):
                    break
                at += step
                if not PLOT + 0.02 < at < self.layout.plot_end + 0.02:
                    step, at = -step, true - step * 0.62
            taken.append(at)
            self._mark(at, middle, mark, mark.letter)

    def _undated(self, middle: float, bar: Bar) -> None:
        """Marks that lie on no date, at the right of the margin, so that they leave what is said at
        its left the most room; the last place says how many more there are."""
        found = [mark for mark in bar.marks if mark.day is None]
        most = MAX_UNDATED[bar.kind]
        if len(found) > most:
            found, left = found[: most - 1], len(found) - most + 1
            words = f"+{left}"
            self.text(MARGIN_END, middle, words, 8.5, color=self.colours.quiet, ha="center")
        else:
            left = 0
        start = MARGIN_END - (len(found) + bool(left) - 1) * MARK
        for place, mark in enumerate(found):
            self._mark(start + place * MARK, middle, mark, mark.letter)

    def _colour(self, mark: Mark) -> str:
        return str(getattr(self.colours, mark.severity))

    def _mark(self, x: float, y: float, mark: Mark, letter: str) -> None:
        self._shape(x, y, mark.severity)
        low = 0.018 if mark.severity == "warning" else 0.0
        self.text(x, y + low, letter, 7.5, color=self._ink(mark.severity), ha="center",
                  va="center_baseline", fontweight="bold")  # fmt: skip

    def _ink(self, severity: str) -> str:
        """Letters on a mark: dark on yellow, and on the brighter colours of the dark card."""
        dark = severity == "warning" or self.colours is _THEMES["dark"]
        return "#1b2430" if dark else "#ffffff"

    def _shape(self, x: float, y: float, severity: str) -> None:
        self.dot(
            x, y, SHAPES[severity], _SIZES[severity], getattr(self.colours, severity),
            markeredgecolor=self.colours.card, markeredgewidth=1.2,
        )  # fmt: skip

    def _key(self) -> None:
        c = self.colours
        y = self.layout.bottom + KEY
        for row in self.layout.key_rows:
            x = LEFT
            for part in row:
                self._sample(part.name, x, y)
                x += (
                    part.wide + self.text(x + part.wide, y, part.words, 8.5, color=c.quiet) + GUTTER
                )
            y += KEY_ROW
        y += 0.36 - KEY_ROW
        for rule in self.timeline.rules:
            self._mark(LEFT + 0.12, y, Mark(rule.letter, rule.severity, None), rule.letter)
            at = LEFT + 0.34
            at += self.text(at, y, rule.rule, 9.5, fontweight="bold") + 0.12
            at += self.text(at, y, self._cut(rule.title, at), 9.5) + 0.12
            if rule.places:
                places = places_in_words(rule.places, int((self.layout.right - at) / LETTER) - 3)
                self.text(at, y, f"·  {places}", 9, color=c.quiet)
            y += RULE_ROW
        if self.timeline.more:
            self.text(LEFT, y, self.timeline.more, 9, color=c.quiet, style="italic")

    def _cut(self, title: str, at: float) -> str:
        """A title, or as many of those that are joined as there is room for."""
        room = int((self.layout.right - at) / LETTER / 1.08)
        parts = title.split("; ")
        for shown in range(len(parts), 0, -1):
            left = len(parts) - shown
            words = "; ".join(parts[:shown]) + (f"; and {left} more" if left else "")
            if len(words) <= room or len(parts) == 1:
                return words
        return f"{len(parts)} things are missing"

    def _sample(self, name: str, x: float, y: float) -> None:
        """What a part of the key is about, small."""
        c = self.colours
        if name == "aim":
            self.round(x, y - 0.09, 0.34, 0.18, c.aim)
        elif name == "placement":
            self.round(x, y - 0.07, 0.34, 0.14, c.placement)
        elif name == "end":
            self._key_end(x, y)
        elif name == "qualifying":
            self._key_qualifying(x, y)
        elif name == "backwards":
            self.round(x, y - 0.08, 0.34, 0.16, c.card, edgecolor=c.aim, linewidth=1.2,
                       hatch="/////")  # fmt: skip
        elif name == "open":
            self.dashes(x, x + 0.34, y, c.aim)
        elif name == "break":
            self.round(x, y - 0.09, 0.34, 0.18, c.aim)
            self._break(x + 0.17, y - 0.09, 0.18)
        elif name == "unreadable":
            self._unreadable(x + 0.06, y)
        else:
            self._shape(x + 0.1, y, name)

    def _key_end(self, x: float, y: float) -> None:
        self.line(x + 0.05, y - 0.1, y + 0.12, self.colours.text, linewidth=2.4)
        self.dot(x + 0.05, y - 0.1, "s", 5, self.colours.text)

    def _key_qualifying(self, x: float, y: float) -> None:
        self.box(x, y - 0.09, 0.34, 0.18, self.colours.qualifying,
                 edgecolor=self.colours.edge, linewidth=0.8)  # fmt: skip

"""Draw a timeline as a PNG: a card that reads on a light and on a dark page.

Everything is placed in inches on one canvas, so that a label never depends on what lies beside
it. Severity is told by colour and by shape, a rule by its letter. Colours are those of Okabe and
Ito, which people with any common colour vision can tell apart.

matplotlib (the ``charts`` extra) is imported when a picture is drawn, not before. No window and
no global state is used. One picture is drawn at a time: eight at once take no less time and
300 MB more.
"""

from __future__ import annotations

import importlib.util
import io
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from bot.errors import InputError
from bot.ilr.timeline import Bar, Mark, Timeline, places_in_words
from bot.years import AcademicYear

__all__ = ["Theme", "can_draw", "draw"]

Theme = Literal["light", "dark"]
NOT_INSTALLED = (
    "Drawing needs matplotlib, which is not installed. Install the charts extra: "
    "pip install 'ilr-helpdesk[charts]'."
)
DOTS_PER_INCH = 150
_one_at_a_time = threading.Lock()
PALETTE = 250

# Inches across: labels, a margin for findings that lie on no date, the dates, the dates in words.
WIDTH = 12.6
LEFT = 0.45
MARGIN_END = 3.66
"""The last place for a mark that lies on no date."""
PLOT, PLOT_END = 4.05, 10.15
WORDS = 10.4
RIGHT = WIDTH - 0.4

# Inches down.
HEAD = 1.62
AIM_ROW, PLACEMENT_ROW = 0.52, 0.36
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
_SHAPES = {"error": "D", "check": "o", "warning": "^"}
_SIZES = {"error": 11.5, "check": 14.0, "warning": 15.5}
_WORD = {"error": "error", "check": "point to check", "warning": "warning"}


def can_draw() -> bool:
    """Whether what draws is installed; nothing is imported."""
    return importlib.util.find_spec("matplotlib") is not None


def draw(timeline: Timeline, *, theme: Theme = "light") -> bytes:
    """The picture as PNG. Raises InputError when matplotlib is not installed."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError(NOT_INSTALLED) from None
    with _one_at_a_time:
        return _drawn(timeline, theme, Figure, FigureCanvasAgg)


def _drawn(timeline: Timeline, theme: Theme, Figure: Any, FigureCanvasAgg: Any) -> bytes:
    rows = _rows(timeline)
    lines = len(timeline.rules) + bool(timeline.more)
    keys = len(_key_rows(timeline))
    height = (
        rows.bottom + KEY + KEY_ROW * (keys - 1) + 0.3 + RULE_ROW * lines + (0.06 if lines else 0)
    )
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    figure.set_facecolor(_THEMES[theme].card)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.axis("off")
    _Drawing(axes, timeline, _THEMES[theme], rows, height).all()
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


@dataclass(frozen=True, slots=True)
class _Rows:
    """The middle of each bar's row, and where the rows end; inches from the top."""

    middles: tuple[float, ...]
    bottom: float


def _rows(timeline: Timeline) -> _Rows:
    middles = []
    y = HEAD
    for place, bar in enumerate(timeline.bars):
        tall = AIM_ROW if bar.kind == "aim" else PLACEMENT_ROW
        y += GAP if bar.kind == "aim" and place else 0
        middles.append(y + tall / 2)
        y += tall
    return _Rows(tuple(middles), y + 0.12)


@dataclass(frozen=True, slots=True)
class _KeyPart:
    """A sample, how much room it takes, and what it stands for."""

    name: str
    wide: float
    words: str


def _key_parts(timeline: Timeline) -> list[_KeyPart]:
    """What each colour and shape is; only those that the picture uses."""
    bars = timeline.bars
    severities = {mark.severity for bar in bars for mark in bar.marks}
    found = [_KeyPart("aim", 0.42, "aim, to its planned end")]
    if timeline.placements:
        found.append(_KeyPart("placement", 0.42, "placement"))
    if any(bar.actual_end for bar in bars):
        found.append(_KeyPart("end", 0.16, "actual end"))
    if timeline.qualifying:
        first, last = timeline.qualifying
        words = f"qualifying period, {(last - first).days + 1} days to {last:%d/%m/%Y}"
        found.append(_KeyPart("qualifying", 0.42, words))
    if any(bar.backwards for bar in bars):
        found.append(_KeyPart("backwards", 0.42, "ends before it starts"))
    if any((bar.start is None) != (bar.end is None) and not bar.actual_end for bar in bars):
        found.append(_KeyPart("open", 0.42, "a date is not given"))
    return found + [_KeyPart(one, 0.28, _WORD[one]) for one in _SHAPES if one in severities]


def _key_rows(timeline: Timeline) -> list[list[_KeyPart]]:
    """The key in as many rows as it needs."""
    rows: list[list[_KeyPart]] = [[]]
    x = LEFT
    for part in _key_parts(timeline):
        wide = part.wide + len(part.words) * LETTER
        if rows[-1] and x + wide > RIGHT:
            rows.append([])
            x = LEFT
        rows[-1].append(part)
        x += wide + GUTTER
    return rows


class _Drawing:
    """One picture in the making."""

    def __init__(
        self, axes: Any, timeline: Timeline, colours: _Colours, rows: _Rows, height: float
    ) -> None:
        self.axes = axes
        self.timeline = timeline
        self.colours = colours
        self.rows = rows
        self.height = height
        self._layer = 0
        first, last = timeline.window
        pad = max((last - first).days // 60, 6)
        self.first, self.last = first - timedelta(days=pad), last + timedelta(days=pad)

    def all(self) -> None:
        """From the back to the front."""
        self._card()
        self._head()
        self._years()
        self._qualifying()
        self._months()
        self._year_edges()
        for middle, bar in zip(self.rows.middles, self.timeline.bars, strict=True):
            self._labels(middle, bar)
            self._bar(middle, bar)
        self._aim_limits()
        self._today()
        for middle, bar in zip(self.rows.middles, self.timeline.bars, strict=True):
            self._marks(middle, bar)
        self._key()

    def x(self, day: date, *, after: bool = False) -> float:
        """Where a day begins, or, ``after``, where it is over; inches from the left.

        Days beyond the picture lie on its edge.
        """
        share = ((day - self.first).days + after) / (self.last - self.first).days
        return PLOT + min(max(share, 0), 1) * (PLOT_END - PLOT)

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
        return float(drawn.get_window_extent(renderer).width) / DOTS_PER_INCH

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
            0.07, 0.07, WIDTH - 0.14, self.height - 0.14, self.colours.card,
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
                self.box(left, HEAD - 0.1, wide, self._bottom - HEAD + 0.1, c.outside)
            if wide > 0.45:
                colour = c.card if checked else c.quiet
                weight = "bold" if checked else "normal"
                self.text(
                    (left + right) / 2, top + 0.125, str(year) if wide > 0.75 else str(year)[2:],
                    9.5, color=colour, ha="center", fontweight=weight,
                )  # fmt: skip
            year += 1

    def _year_edges(self) -> None:
        for edge in (self.x(self.timeline.year.start), self.x(self.timeline.year.end, after=True)):
            self.line(edge, 1.32, self._bottom, self.colours.year, linewidth=1.3)

    @property
    def _bottom(self) -> float:
        return self.rows.bottom

    def _months(self) -> None:
        starts = []
        day = date(self.first.year, self.first.month, 1)
        while day <= self.last:
            if day >= self.first:
                starts.append(day)
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        wide = (PLOT_END - PLOT) / max(len(starts), 1)
        step = next((s for s in (1, 2, 3, 6) if s * wide >= 0.38), 12)
        for start in starts:
            if (start.month - 8) % step:
                continue
            at = self.x(start)
            self.line(at, HEAD - 0.1, self._bottom, self.colours.grid, linewidth=0.7)
            if at + 0.28 < PLOT_END:
                self.text(at + 0.04, HEAD - 0.2, f"{start:%b}", 8.5, color=self.colours.quiet)

    def _qualifying(self) -> None:
        if self.timeline.qualifying is None:
            return
        first, last = self.timeline.qualifying
        left, right = self.x(first), self.x(last, after=True)
        self.box(left, HEAD - 0.1, right - left, self._bottom - HEAD + 0.1, self.colours.qualifying)

    def _labels(self, middle: float, bar: Bar) -> None:
        quiet = self.colours.quiet
        if bar.kind == "aim":
            up = 0.1 if bar.detail else 0.0
            self.text(LEFT, middle - up, bar.label, 10.5, fontweight="bold")
            self.text(LEFT, middle + 0.11, bar.detail, 8.5, color=quiet)
            self.text(WORDS, middle - 0.1, bar.dates, 9)
            self.text(WORDS, middle + 0.11, bar.standing, 8.5, color=quiet)
        else:
            self.text(LEFT + 0.22, middle, bar.label, 9)
            self.text(LEFT + 1.22, middle, bar.detail, 8.5, color=quiet)
            self.text(WORDS, middle, bar.dates, 9)

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
        if last > self.last:
            self.dot(PLOT_END - 0.09, top + thick / 2, ">", 6, self.colours.card)
        if first < self.first:
            self.dot(PLOT + 0.09, top + thick / 2, "<", 6, self.colours.card)

    def _lone_ends(self, middle: float, thick: float, bar: Bar, colour: str) -> None:
        """No start: an open end where the bar would end."""
        if bar.end is not None:
            at = self.x(bar.end)
            left = max(at - 0.5, PLOT)
            self.dashes(left, at, middle, colour)
            self.round(at - LEAST, middle - thick / 2, LEAST * 1.6, thick, colour, radius=0.03)
        self._actual_end(middle, bar)

    def _actual_end(self, middle: float, bar: Bar) -> None:
        if bar.actual_end is None:
            return
        at = self.x(bar.actual_end, after=True)
        self.line(at, middle - 0.19, middle + 0.19, self.colours.text, linewidth=2.4)
        self.dot(at, middle - 0.19, "s", 5, self.colours.text)

    def _aim_limits(self) -> None:
        """An aim's start and actual end, carried down over its placements, to compare by eye."""
        rows = list(zip(self.rows.middles, self.timeline.bars, strict=True))
        for middle, aim in rows:
            below = [m for m, b in rows if b.aim == aim.aim and b.kind == "placement"]
            if aim.kind != "aim" or not below:
                continue
            foot = below[-1] + PLACEMENT_ROW / 2
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
        self.line(at, HEAD - 0.1, self._bottom + 0.06, c.today, linewidth=1.1, ls=(0, (1, 1.6)))
        wide = 1.18
        left = min(max(at - wide / 2, PLOT), PLOT_END - wide)
        self.round(left, self._bottom + 0.05, wide, 0.22, c.today, radius=0.11)
        self.text(
            left + wide / 2,
            self._bottom + 0.16,
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
            if not PLOT + 0.02 < at < PLOT_END + 0.02:
                step, at = -step, true - step * 0.62
            for _ in range(MAX_STEPS):
                if all(abs(at - other) >= MARK * 0.98 for other in taken):
                    break
                at += step
                if not PLOT + 0.02 < at < PLOT_END + 0.02:
                    step, at = -step, true - step * 0.62
            taken.append(at)
            self._mark(at, middle, mark, mark.letter)

    def _undated(self, middle: float, bar: Bar) -> None:
        """Marks that lie on no date, in the margin; the last place says how many more there are."""
        found = [mark for mark in bar.marks if mark.day is None]
        most = MAX_UNDATED[bar.kind]
        if len(found) > most:
            found, left = found[: most - 1], len(found) - most + 1
            words = f"+{left}"
            self.text(MARGIN_END, middle, words, 8.5, color=self.colours.quiet, ha="center")
        start = MARGIN_END - (most - 1) * MARK
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
            x, y, _SHAPES[severity], _SIZES[severity], getattr(self.colours, severity),
            markeredgecolor=self.colours.card, markeredgewidth=1.2,
        )  # fmt: skip

    def _key(self) -> None:
        c = self.colours
        y = self._bottom + KEY
        for row in _key_rows(self.timeline):
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
            at += self.text(at, y, rule.title, 9.5) + 0.12
            places = places_in_words(rule.places, int((RIGHT - at) / LETTER) - 3)
            self.text(at, y, f"·  {places}", 9, color=c.quiet)
            y += RULE_ROW
        if self.timeline.more:
            self.text(LEFT, y, self.timeline.more, 9, color=c.quiet, style="italic")

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
        else:
            self._shape(x + 0.1, y, name)

    def _key_end(self, x: float, y: float) -> None:
        self.line(x + 0.05, y - 0.1, y + 0.12, self.colours.text, linewidth=2.4)
        self.dot(x + 0.05, y - 0.1, "s", 5, self.colours.text)

    def _key_qualifying(self, x: float, y: float) -> None:
        self.box(x, y - 0.09, 0.34, 0.18, self.colours.qualifying,
                 edgecolor=self.colours.edge, linewidth=0.8)  # fmt: skip

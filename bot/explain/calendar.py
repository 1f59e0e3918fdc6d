"""When returns close and when a learner counts: the dates that the specification holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.answers import SourceLine
from bot.explain.explanation import OWN_FOLDER, Explanation
from bot.explain.word_lists import word_list, words_besides
from bot.ilr.specification import QualifyingPeriod, ReturnDate, Specification, YearFacts
from bot.knowledge.models import Status
from bot.years import AcademicYear, YearRange, find_years

__all__ = ["Calendar"]

RETURNS = 14
"""In a year, R01 to R14."""
_AFTER_THE_YEAR = ("R12", "R13", "R14")
"""Those that close after 31 July, when the next year has begun."""
_STATUS = str(Status.OFFICIAL_OLDER)
"""Of return dates: transcribed or computed, as the year's note says."""

_RETURN = re.compile(r"\bR\s?(0?[1-9]|1[0-4])\b", re.IGNORECASE)
_NO_RETURN = re.compile(r"\bR\s?(?:0?0|1[5-9]|2\d)\b", re.IGNORECASE)
_WHEN = re.compile(
    r"\b(?:when|date|dates|deadline|deadlines|close|closes|closing|due|day|days|window|calendar|"
    r"timetable|cut\s?off|submit\s+by|reference|next|upcoming)\b",
    re.IGNORECASE,
)
_RETURNS = re.compile(
    r"\b(?:next|all|upcoming|list\s+of|the)?\s*(?:ilr\s+)?(?:return|returns|submission|"
    r"collection)s?\b",
    re.IGNORECASE,
)
_WHOLE_YEAR = re.compile(
    r"\b(?:next|all|list|timetable|calendar|dates|deadlines|when\s+(?:are|do))\b", re.IGNORECASE
)
_HARD_CLOSE = re.compile(r"\bhard[\s-]?close\b", re.IGNORECASE)
_FINAL = re.compile(
    r"\bfinal\s+(?:ilr\s+)?return\b|\b(?:last|final)\s+(?:date|day|deadline|chance)\b",
    re.IGNORECASE,
)
_FREEZE = re.compile(r"\b(?:data\s+)?freezes?\b|\bfrozen\b", re.IGNORECASE)
_QUALIFYING = re.compile(
    r"\b(?:(?:funding\s+)?qualifying\s+(?:period|days?|date)|funded\s+start|census\s+(?:date|day)|"
    r"(?:42|forty[\s-]two)[\s-]?(?:nd\s+)?days?|days?\s+42|(?:six|6)[\s-]?weeks?)\b",
    re.IGNORECASE,
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAY_MONTH = re.compile(
    r"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s+(?:of\s+)?"
    r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:\s+(?P<year>20\d\d))?\b",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\b(?P<day>[0-3]?\d)[/.](?P<month>[01]?\d)(?:[/.](?P<year>20\d\d|\d\d))?\b")
_ISO = re.compile(r"\b(?P<year>20\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b")


class Calendar:
    """Answers questions that are only about a date."""

    def __init__(self, specification: Specification) -> None:
        self._specification = specification

    def asked_for(self, text: str, year: AcademicYear, today: date) -> Explanation | None:
        """The date a question asks for, or None when it asks something else or more.

        Where the text names no year, from August to October two years' files are open, and the
        one whose return closes first is told first.
        """
        qualifying = self._qualifying(text, year)
        if qualifying:
            return qualifying
        rest = _FREEZE.sub(" ", _HARD_CLOSE.sub(" ", _NO_RETURN.sub(" ", text)))
        if words_besides(rest, word_list("about_a_date")):
            return None
        both = not find_years(text, today=today)
        named = _RETURN.search(text)
        if named and (_WHEN.search(text) or not words_besides(text, frozenset())):
            return self.return_named(named[0], year, today, both=both)
        if not _WHEN.search(text):
            return None
        if _NO_RETURN.search(text):
            return _no_such_return(year)
        if _HARD_CLOSE.search(text):
            return self._closing_words(year, today, freeze=False, both=both)
        if _FREEZE.search(text):
            return self._closing_words(year, today, freeze=True, both=both)
        if _RETURNS.search(text) and _WHOLE_YEAR.search(text):
            return self._returns(year, today, both=both)
        if _FINAL.search(text):
            return self.return_named("R14", year, today, both=both)
        return None

    def return_named(
        self, text: str, year: AcademicYear, today: date, *, both: bool = True
    ) -> Explanation | None:
        """One return, as ``R04`` or ``r4``; None when the text is anything else.

        ``both``: of the current year, last year's return of that name is told first while it
        is still to come.
        """
        match = _RETURN.fullmatch(text.strip())
        if match is None:
            return None
        code = f"R{int(match[1]):02d}"
        last = self._year_still_open(year, today) if both else None
        if last is None:
            return self._one_return(code, year, today)
        earlier, later = self._return(last, code), self._return(year, code)
        if earlier and earlier.closes >= today:
            told = self._one_return(code, last, today)
            other = f"{code} of {year} {_plainly(later, today)}." if later else None
        else:
            told = self._one_return(code, year, today)
            other = f"{code} of {last} {_plainly(earlier, today)}." if earlier else None
        if earlier is None and code in _AFTER_THE_YEAR:
            # It may be the one that is meant: never the later one alone, as if it were sure.
            unknown = f"The date of {code} of {last} is not held here."
            return replace(
                told, lead=f"{unknown} {told.lead}", lines=(*told.lines, self._two_files(last))
            )
        missing = last if earlier is None else year
        other = other or f"{code} of {missing}: its date is not held here."
        return replace(told, lines=(other, *told.lines, self._two_files(last)))

    def _one_return(self, code: str, year: AcademicYear, today: date) -> Explanation:
        facts, found = self._specification.facts.get(year), self._return(year, code)
        name = f"date:{code}-{year}"
        if facts is None or found is None:
            return Explanation(name, f"{code} of {year}", self._not_held(code, year, today))
        lines = [f"It is for data up to {_long(found.data_to)}."] if found.data_to else []
        if code == "R14":
            lines.append("R14 is the final return: after it the year's data can no longer change.")
        related = ("why-r04-matters",) if code == "R04" else ()
        return Explanation(
            name,
            f"{code} of {year}",
            f"*{code} of {year} {_closes(found, today)}.",
            tuple(lines),
            "" if found.own else _note(facts),
            OWN_FOLDER if found.own else self._source(facts),
            _only(year),
            related,
            None if found.own else _STATUS,
        )

    def _return(self, year: AcademicYear, code: str) -> ReturnDate | None:
        return next((one for one in self._of(year) if one.code == code), None)

    def _year_still_open(self, year: AcademicYear, today: date) -> AcademicYear | None:
        """The year before the current one while its file is open; None when ``year`` is another.

        Where the date of its R14 is not held, it counts as open to the end of October.
        """
        if year != AcademicYear.containing(today):
            return None
        final = self._return(year - 1, "R14")
        closes = final.closes if final else date(year.first, 10, 31)
        return year - 1 if today <= closes else None

    def _two_files(self, last: AcademicYear) -> str:
        """Which year's file takes what while two are open."""
        final = self._return(last, "R14")
        until = f"{_short(final.closes)}" if final else "R14 closes, in October"
        return (
            f"Two files are open. What was learnt up to {_short(last.end)} goes into that of "
            f"{last}, until {until}; what is learnt from {_short((last + 1).start)} into that of "
            f"{last + 1}."
        )

    def next_return(self, today: date) -> ReturnDate | None:
        """The next return to close, when its year's dates are held."""
        this = AcademicYear.containing(today)
        returns = [r for year in (this, this - 1) for r in self._of(year)]
        return min((r for r in returns if r.closes >= today), key=lambda r: r.closes, default=None)

    def _of(self, year: AcademicYear) -> Sequence[ReturnDate]:
        facts = self._specification.facts.get(year)
        return facts.returns if facts else ()

    def _not_held(self, what: str, year: AcademicYear, today: date) -> str:
        known = self._of(year)
        held = f"Of {year} only {_in_a_row(known)} are known here." if known else self._held()
        over = ""
        if today > date(year.first + 1, 10, 31):
            over = f" {year} is closed: its final return (R14) was in October {year.first + 1}."
        return f"The dates of {what} in {year} are not held here.{over} {held}".strip()

    def _held(self) -> str:
        held = [str(y) for y, facts in sorted(self._specification.facts.items()) if facts.returns]
        return f"Return dates are held for {', '.join(held)}." if held else ""

    def _returns(self, year: AcademicYear, today: date, *, both: bool) -> Explanation:
        last = self._year_still_open(year, today) if both else None
        years = [year] if last is None else [last, year]
        facts = [held for y in years if (held := self._specification.facts.get(y)) and held.returns]
        name, title = f"date:returns-{year}", f"Returns of {' and '.join(map(str, years))}"
        if not facts:
            return Explanation(name, title, self._not_held("the returns", year, today))
        listed = [
            (y, one) for y in years for one in self._of(y) if last is None or one.closes >= today
        ]
        coming = min(
            ((y, one) for y, one in listed if one.closes >= today),
            key=lambda item: item[1].closes,
            default=None,
        )
        lead = f"*{title}.*"
        if coming:
            whose = "" if last is None else f" of {coming[0]}"
            held_here = "" if last is None or self._of(last) else " held here"
            next_one = f"{coming[1].code}{whose}: it {_closes(coming[1], today)}."
            lead = f"*The next return{held_here} is {next_one}"
        lines = [_in_list(one, "" if last is None else f" of {y}") for y, one in listed]
        lines += [f"Of {y} no return dates are held here." for y in years if not self._of(y)]
        if last is not None:
            lines.append(self._two_files(last))
        return Explanation(
            name,
            title,
            lead,
            tuple(lines),
            "\n\n".join(filter(None, map(_note, facts))),
            tuple(dict.fromkeys(source for held in facts for source in self._source(held))),
            YearRange(years[0], years[-1]),
            ("returns-and-dates",),
            _STATUS,
        )

    def _closing_words(
        self, year: AcademicYear, today: date, *, freeze: bool, both: bool
    ) -> Explanation:
        """Hard close and freeze: what is meant, and the days."""
        last = self._year_still_open(year, today) if both else None
        facts = self._specification.facts.get(year)
        name = f"date:{'freeze' if freeze else 'hard-close'}-{year}"
        title = f"{'Freeze' if freeze else 'Hard close'} of {year}"
        if not self._of(year) and not (last and self._of(last)):
            return Explanation(name, title, self._not_held("the returns", year, today))
        said = (
            "What people call the freeze is the day a return closes and its data is taken. No "
            "official text that we read uses the word."
            if freeze
            else "Each return's closing date is its hard close: the last chance to send data "
            "for it."
        )
        lines = []
        final = self._return(last, "R14") if last else None
        if final:
            lines.append(f"- *The last of {last}, R14, {_closes(final, today)}.")
        coming = next((r for r in self._of(year) if r.closes >= today), None)
        for item in self._of(year):
            if item is coming and item.code != "R14":
                lines.append(f"- *The next, {item.code}, {_closes(item, today)}.")
            elif item.code == "R04" and freeze:
                lines.append(f"- *R04, which counts most for 16 to 19, {_closes(item, today)}.")
            elif item.code == "R14":
                lines.append(f"- *The year's last, R14, {_closes(item, today)}.")
        if last:
            lines.append(self._two_files(last))
        if freeze:
            lines.append("Planned hours are settled by the qualifying period, not by a return.")
        else:
            lines.append("After R14 the year's data can no longer change.")
        related = (
            ("why-r04-matters", "when-planned-hours-lock")
            if freeze
            else ("correct-data-after-hard-close", "returns-and-dates")
        )
        return Explanation(
            name,
            title,
            said,
            tuple(lines),
            _note(facts) if facts else "",
            self._source(facts) if facts else (),
            _only(year),
            related,
            _STATUS,
        )

    def _qualifying(self, text: str, year: AcademicYear) -> Explanation | None:
        """How long a learner must stay to count, and the day, from a start that is given."""
        named = _QUALIFYING.search(text)
        start, rest = _day_in(_QUALIFYING.sub(" ", text), year)
        if named is None or words_besides(
            rest, word_list("about_a_date", "about_a_qualifying_period")
        ):
            return None
        if start is None and not (_WHEN.search(text) or re.search(r"\bhow\s+long\b", text, re.I)):
            return None
        periods = self._specification.qualifying_periods
        lines = [f"*{p.programme}:* {_reached(p, start)}" for p in periods]
        whose = (
            f"*For a learner who started on {_long(start)}:*"
            if start
            else "*How long a learner must stay for the year's funding to count them:*"
        )
        in_year = AcademicYear.containing(start) if start else year
        carried = in_year.start + timedelta(days=periods[0].days - 1)
        detail = [
            "In the department's calculation of 2020-21 the days run from the learner's first day "
            "in that funding year, both ends included. A learner carried on from an earlier year "
            f"is counted from 1 August, so that day {periods[0].days} of {in_year} is "
            f"{_long(carried)}.",
            *(f"*Note:* {p.note}" for p in periods if p.note),
        ]
        wanted = dict.fromkeys(s for p in periods for s in p.sources)
        known = self._specification.sources
        sources = [known[key] for key in wanted if key in known]
        return Explanation(
            "date:qualifying-period",
            "The funding qualifying period",
            whose,
            tuple(lines),
            "\n\n".join(detail),
            tuple(SourceLine(s.title, s.url, s.year) for s in sources),
            None,
            ("when-planned-hours-lock", "qualifying-period-of-short-programmes"),
            str(Status.OFFICIAL_OLDER),
        )

    def _source(self, facts: YearFacts) -> tuple[SourceLine, ...]:
        source = self._specification.sources.get(facts.returns_source or "")
        return (SourceLine(source.title, source.url, source.year),) if source else ()


def _note(facts: YearFacts) -> str:
    return f"*Note:* {facts.returns_note}" if facts.returns_note else ""


def _no_such_return(year: AcademicYear) -> Explanation:
    text = (
        f"There is no such return: a year has {RETURNS}, R01 to R{RETURNS}. R14 is the final one, "
        "after which the year's data can no longer change."
    )
    return Explanation(f"date:returns-{year}", "Returns", text, related=("returns-and-dates",))


def _day_in(text: str, year: AcademicYear) -> tuple[date | None, str]:
    """The first day a text names, in that academic year when it names none, and what is left."""
    for pattern in (_ISO, _DAY_MONTH, _FIGURES):
        match = pattern.search(text)
        if match is None:
            continue
        spoken = match["month"].casefold()
        month = _MONTHS.index(spoken[:3]) + 1 if spoken.isalpha() else int(spoken)
        given = match["year"]
        first = int(given) % 2000 + 2000 if given else year.first + (month < 8)
        try:
            found = date(first, month, int(match["day"]))
        except ValueError:
            continue
        return found, text[: match.start()] + " " + text[match.end() :]
    return None, text


def _reached(period: QualifyingPeriod, start: date | None) -> str:
    long = f"{period.days // 7} weeks ({period.days} days)"
    doubt = "" if period.verified else " (not verified)"
    if start is None:
        return f"{long}{doubt}."
    return f"day {period.days} is {_long(start + timedelta(days=period.days - 1))}{doubt}."


def _only(year: AcademicYear) -> YearRange:
    return YearRange(year, year)


def _in_a_row(returns: Sequence[ReturnDate]) -> str:
    """ "R01 to R12", or each by name where there is a gap."""
    codes = [one.code for one in returns]
    numbers = [int(code.removeprefix("R")) for code in codes]
    if len(codes) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{codes[0]} to {codes[-1]}"
    return " and ".join(filter(None, [", ".join(codes[:-1]), codes[-1]]))


def _long(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _short(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _in_list(item: ReturnDate, whose: str) -> str:
    data_to = f"data to {item.data_to:%d/%m/%Y}, " if item.data_to else ""
    return f"- {item.code}{whose}: {data_to}closes {item.closes:%d/%m/%Y}"


def _plainly(item: ReturnDate, today: date) -> str:
    """``closed on Friday 4 September 2026``."""
    verb = "closes" if item.closes >= today else "closed"
    return f"{verb} on {_long(item.closes)}"


def _closes(item: ReturnDate, today: date) -> str:
    """``closes on Friday 4 December 2026* (10 days left)``, ending the bold that precedes it."""
    verb = "closes" if item.closes >= today else "closed"
    return f"{verb} on {_long(item.closes)}* ({_away(item.closes, today)})"


def _away(day: date, today: date) -> str:
    left = day - today
    if left == timedelta(0):
        return "today"
    if left < timedelta(0):
        gone = -left.days
        return "yesterday" if gone == 1 else f"{gone:,} days ago"
    return "tomorrow" if left.days == 1 else f"{left.days:,} days left"

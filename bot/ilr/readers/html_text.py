"""HTML as lines of text: a row of a table, a label with its field, each on a line of its own.

What a browser copies as rich text, or a report that was saved as a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html

from bot.ilr.raw import RawEntity
from bot.ilr.readers.parsed import ParsedRecord

__all__ = ["is_html", "lines_of_html", "move_lines"]

_HTML = re.compile(
    r"<(?:table|tr|td|th|input|select|label|dl|dt|textarea|div|span|p|li|ul|h[1-6])\b[^<>]*>",
    re.IGNORECASE,
)
_BLOCKS = frozenset({"p", "div", "li", "dt", "dd", "h1", "h2", "h3", "h4", "section", "form",
                     "fieldset", "legend", "caption"})  # fmt: skip
_UNSEEN = frozenset({"script", "style", "head", "template"})
_MAX_SPAN = 100
_MAX_DEPTH = 120


def is_html(text: str) -> bool:
    """Whether a text holds tables or forms of HTML."""
    return bool(_HTML.search(text))


@dataclass
class _Lines:
    made: list[tuple[int, str]] = field(default_factory=list)
    line: int = 1
    words: str = ""

    def end(self) -> None:
        """Finish the line that is being written."""
        text = " ".join(self.words.split())
        if text:
            self.made.append((self.line, text))
        self.words = ""

    def write(self, words: str | None, line: int | None) -> None:
        if words and words.strip():
            if not self.words:
                self.line = line or self.line
            self.words += words


def lines_of_html(text: str) -> list[tuple[int, str]]:
    """Lines with the line of the source they come from; cells with tabs between."""
    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        root = html.fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    lines = _Lines()
    _walk(root, lines, 0)
    lines.end()
    return lines.made


def _walk(element: html.HtmlElement, lines: _Lines, depth: int) -> None:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN or depth > _MAX_DEPTH:
        return
    tag, line = element.tag, element.sourceline
    if tag == "tr":
        lines.end()
        within = list(element.iter("table"))
        cells = [
            cell
            for child in element
            if child.tag in {"td", "th"} and not child.findall(".//table")
            for cell in _cell(child)
        ]
        if any(cells):
            lines.made.append((line or 1, "\t".join(cells)))
        # A table in a cell stands below its row, as on the page; one within it is walked there.
        for table in within:
            if next(table.iterancestors("tr")) is element:
                _walk(table, lines, depth + 1)
        return
    if tag in {"input", "select", "textarea"}:
        lines.write(f" {_value(element)}", line)
        lines.end()
        return
    if (tag in _BLOCKS and tag != "dd") or tag == "br":
        lines.end()
    if tag == "label":
        lines.end()
        lines.write(element.text_content().strip().rstrip(":") + ": ", line)
        for child in element.iter("input", "select", "textarea"):
            lines.write(_value(child), line)
            lines.end()
        return
    lines.write(element.text, line)
    for child in element:
        _walk(child, lines, depth + 1)
        lines.write(child.tail, child.sourceline)
    if tag == "dt":
        lines.words = lines.words.strip().rstrip(":") + ": " if lines.words.strip() else ""
    elif tag in _BLOCKS:
        lines.end()


def _cell(element: html.HtmlElement) -> list[str]:
    """A cell's text, and blank ones for the columns that it spans besides."""
    values = [_value(child) for child in element.iter("input", "select", "textarea")]
    text = " ".join((" ".join(values) if values else element.text_content()).split())
    span = element.get("colspan", "1")
    return [text] + [""] * (min(int(span), _MAX_SPAN) - 1 if span.isdigit() and int(span) else 0)


def _value(element: html.HtmlElement) -> str:
    """What a field of a form shows."""
    if element.tag == "input":
        if element.get("type", "").casefold() in {
            "checkbox",
            "radio",
            "submit",
            "button",
            "hidden",
        }:
            return ""
        return str(element.get("value") or "")
    if element.tag == "textarea":
        return str(element.text_content())
    options = list(element.iter("option"))
    chosen = [one for one in options if one.get("selected") is not None] or options[:1]
    return str(chosen[0].text_content()).strip() if chosen else ""


def move_lines(reading: ParsedRecord, lines: list[tuple[int, str]]) -> None:
    """Lines of the made text as lines of the HTML it was made from."""

    def moved(line: int | None) -> int | None:
        return lines[line - 1][0] if line and line <= len(lines) else line

    waiting: list[RawEntity] = [reading.message]
    while waiting:
        entity = waiting.pop()
        waiting += entity.children
        entity.line = moved(entity.line)
        for item in entity.fields:
            item.line = moved(item.line)
    reading.remarks = [type(one)(moved(one.line), one.message) for one in reading.remarks]

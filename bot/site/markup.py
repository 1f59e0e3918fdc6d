"""Curated text (*bold*, `code`, - bullets) as HTML."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

__all__ = ["as_html"]

_MARKUP = re.compile(r"(?<![\w*])\*(?P<bold>[^*\n]+)\*(?!\w)|`(?P<code>[^`\n]+)`")
_ADDRESS = re.compile(r"https?://[^\s<>()]+[^\s<>().,;:]")
_BULLET = re.compile(r"^\s*[-*•]\s+")


def as_html(text: str) -> Markup:
    """Paragraphs and lists; nothing in the text is taken for HTML."""
    blocks: list[Markup] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        plain: list[Markup] = []
        items: list[Markup] = []
        for line in filter(None, map(str.rstrip, block.splitlines())):
            if _BULLET.match(line):
                items.append(Markup("<li>{}</li>").format(_inline(_BULLET.sub("", line))))
                continue
            if items:
                blocks.append(_listed(items))
                items = []
            plain.append(_inline(line.strip()))
        if plain:
            blocks.append(Markup("<p>{}</p>").format(Markup("<br>").join(plain)))
        if items:
            blocks.append(_listed(items))
    return Markup("\n").join(blocks)


def _listed(items: list[Markup]) -> Markup:
    return Markup("<ul>{}</ul>").format(Markup("").join(items))


def _inline(text: str) -> Markup:
    found, end = Markup(""), 0
    for match in _MARKUP.finditer(text):
        found += _linked(text[end : match.start()])
        if match["bold"]:
            found += Markup("<strong>{}</strong>").format(match["bold"].replace("`", ""))
        else:
            found += Markup("<code>{}</code>").format(match["code"])
        end = match.end()
    return found + _linked(text[end:])


def _linked(text: str) -> Markup:
    found, end = Markup(""), 0
    for match in _ADDRESS.finditer(text):
        link = Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(match[0])
        found += escape(text[end : match.start()]) + link
        end = match.end()
    return found + escape(text[end:])

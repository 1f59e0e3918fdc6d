"""Text for Slack: escaped, marked up, cut to size; and Slack's text back to plain words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

__all__ = [
    "bold",
    "clip",
    "escape",
    "first_sentence",
    "link",
    "linked",
    "mrkdwn",
    "paragraphs",
    "plain",
    "unslack",
]

_BULLET = re.compile(r"^(\s*)[-*]\s+", re.MULTILINE)
_HALF_ENTITY = re.compile(r"&[a-z]{0,4}$")
_TOKEN = re.compile(
    r"<(?:@[UW][A-Z0-9]+(?:\|[^<>]*)?"  # a person
    r"|!(?:subteam\^[A-Z0-9]+|[a-z]+)(?:\^[^|<>]*)?(?:\|[^<>]*)?)>"  # a group, @here, a date
)
# None reaches beyond the next "<", which Slack writes as an entity inside: from each "<" to the
# end of a long text, again and again, they would take seconds.
_CHANNEL = re.compile(r"<#C[A-Z0-9]+\|?([^<>]*)>")
_LINK = re.compile(r"<((?:https?://|mailto:|tel:)[^|<>\s]+)(?:\|([^<>]*))?>")
_ADDRESS = re.compile(r"(https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])")
_MARKUP = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?!\w)|`([^`\n]+)`")


def escape(text: str) -> str:
    """Text that tags nobody and links nothing: ``&``, ``<`` and ``>`` become entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, longest: int) -> str:
    """At most so many characters, ending in … when cut, never inside an entity."""
    if len(text) <= longest:
        return text
    cut = _HALF_ENTITY.sub("", text[: longest - 1].rstrip())
    if cut.count("`") % 2:
        cut = cut[: cut.rindex("`")].rstrip()
    return cut + "…"


def mrkdwn(text: str) -> str:
    """Curated text (*bold*, `code`, - bullets) as Slack writes it."""
    return _BULLET.sub(r"\1• ", escape(text.strip()))


def bold(text: str) -> str:
    """Escaped text in bold; its own asterisks and backticks would end the bold, so they go."""
    return f"*{escape(re.sub('[*`]', '', text)).strip()}*"


def link(url: str | None, title: str) -> str:
    """A link, or just its title when the address is not one."""
    shown = escape(title).replace("|", "¦")
    if not url or not re.fullmatch(r"https?://[^\s<>|]+", url):
        return shown
    return f"<{url.replace('&', '&amp;')}|{shown}>"


def linked(text: str) -> str:
    """Plain text as Slack writes it: escaped, with its web addresses as links."""
    pieces = _ADDRESS.split(text)
    return "".join(f"<{escape(one)}>" if n % 2 else escape(one) for n, one in enumerate(pieces))


def plain(text: str) -> str:
    """Curated text without its markup, for buttons, notifications and screen readers."""
    return _MARKUP.sub(lambda match: match[1] or match[2], text).strip()


def first_sentence(text: str) -> tuple[str, str]:
    """The lead, with the next sentence when it is a lone "No.", and the rest."""
    match = re.match(r"(?:[^.!?\n]{1,12}[.!?]\s+)?[^\n]*?[.!?:](?=\s|$)", text.strip())
    if not match:
        head, _, rest = text.strip().partition("\n")
        return head, rest
    return match[0], text.strip()[match.end() :]


def paragraphs(text: str, longest: int) -> Iterator[str]:
    """Marked-up text in pieces of at most ``longest`` characters, cut between lines if it can."""
    piece = ""
    for line in text.split("\n"):
        if piece and len(piece) + len(line) + 1 > longest:
            yield piece.strip("\n")
            piece = ""
        while len(line) > longest:
            head = _HALF_ENTITY.sub("", line[:longest])
            yield head
            line = line[len(head) :]
        piece = f"{piece}\n{line}" if piece else line
    if piece.strip():
        yield piece.strip("\n")


def unslack(text: str, *, addresses: bool = False) -> str:
    """What somebody typed: mentions dropped, channels and links as words, entities undone.

    ``addresses``: the words of a link are followed by its address.
    """
    text = _TOKEN.sub(" ", text)
    text = _CHANNEL.sub(lambda match: f"#{match[1]}" if match[1] else " ", text)
    text = _LINK.sub(_with_address if addresses else lambda m: m[2] or m[1], text)
    whole = html.unescape(text).replace("\xa0", " ").strip()
    # Half a character, or a null, is refused by databases and by Slack itself.
    return whole.replace("\x00", "").encode("utf-8", "replace").decode()


def _with_address(link: re.Match[str]) -> str:
    words, address = link[2] or "", link[1]
    return address if not words or words in address else f"{words} ({address})"

"""JSON whose end was not copied, closed behind its last complete value."""

from __future__ import annotations

import re

__all__ = ["closed"]

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_VALUE = re.compile(r"-?\d[\d.eE+-]*|true|false|null|None|True|False")
_MAX_LENGTH = 2_000_000
_CLOSES = {"{": "}", "[": "]"}


def closed(text: str) -> str | None:
    """The text up to its last complete value, with the brackets closed that were open there.

    None when nothing is open at its end, or no value is complete.
    """
    if len(text) > _MAX_LENGTH:
        return None
    open_: list[str] = []
    before = ""
    end, wanted = 0, ""
    for piece in _PIECE.finditer(text):
        said = piece[0]
        if said in "{[":
            open_.append(said)
        elif said in "}]":
            if not open_ or _CLOSES[open_[-1]] != said:
                return None
            open_.pop()
        # A number may have lost its last figures, so what follows has to show that it is whole.
        is_value = said in "}]" or said[0] == '"' or (_VALUE.fullmatch(said) is not None)
        follows = re.match(r"\s*[,}\]]", text[piece.end() : piece.end() + 200]) is not None
        in_place = before in {":", "["} or (before == "," and open_[-1:] == ["["])
        if is_value and (said in "}]" or (in_place and (follows or said[0] == '"'))):
            end, wanted = piece.end(), "".join(_CLOSES[one] for one in reversed(open_))
        before = said
    if not open_ or not end:
        return None
    rest = text[end:]
    # Lines stay lines.
    return text[:end] + wanted + "\n" * rest.count("\n")

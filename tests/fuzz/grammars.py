"""What inputs look like, as grammars: nested XML, tables, Slack's payloads and YAML.

Hypothesis makes inputs of them, and the smallest that still falls over. Unlike the mutated
inputs of ``inputs``, these are of every depth and combination that the grammar allows.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import strategies as st

from bot.knowledge.base import KnowledgeBase
from tests.fuzz.inputs import ODD
from tests.slack.test_fuzz import payloads as well_formed

__all__ = ["payload", "table", "xml", "yaml_text"]

ODD_TEXT = st.one_of(
    st.sampled_from([odd for odd in ODD if len(odd) < 500]),
    st.text(max_size=12),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z")), max_size=30),
)
_DAYS = st.dates().map(lambda day: day.isoformat())


@cache
def names() -> tuple[list[str], list[str]]:
    """Names of the record's parts, and of their fields."""
    specification = KnowledgeBase.load().specification
    year = specification.for_year(max(specification.years))
    return sorted(year.entities), sorted({f for e in year.entities.values() for f in e.fields})


# --- XML ----------------------------------------------------------------------------------

_PARTS = st.deferred(lambda: st.sampled_from(names()[0]))
_FIELDS = st.deferred(lambda: st.sampled_from(names()[1]))
_NAMES = st.one_of(
    _PARTS, _FIELDS, st.sampled_from(["a", "Message", "x:Learner", "Ünit", "_", "A.b"])
)
_VALUES = st.one_of(
    _DAYS,
    st.integers(-1, 10**11).map(str),
    st.sampled_from(["", " ", "ZWRKX001", "1", "25", "36", "999", "31/02/2026", "true"]),
    ODD_TEXT,
)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


_LEAVES = st.one_of(
    st.builds("<{0}>{1}</{0}>".format, _FIELDS, _VALUES.map(_escaped)),
    st.builds("<{}/>".format, _NAMES),
    st.builds('<{0} {1}="{2}"/>'.format, _NAMES, _FIELDS, _VALUES.map(_escaped)),
    st.builds("<!--{}-->".format, st.sampled_from(["", "x", " Learner "])),
    st.builds("<![CDATA[{}]]>".format, ODD_TEXT),
    _VALUES.map(_escaped),
    _VALUES,  # not escaped: it may be no XML any more
    st.builds("<{}>".format, _NAMES),
    st.builds("</{}>".format, _NAMES),
    st.sampled_from(["&#0;", "&#xD800;", "&bomb;", "<?x y?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>"]),
)
_ELEMENTS = st.recursive(
    _LEAVES,
    lambda inner: st.builds(
        "<{0}{1}>{2}</{0}>".format,
        _NAMES,
        st.sampled_from(["", ' xmlns="ESFA/ILR/2026-27"', ' xmlns:x="y"', ' a="1" a="2"']),
        st.lists(inner, max_size=6).map("\n".join),
    ),
    max_leaves=40,
)
_HEADS = st.sampled_from(
    ["", '<?xml version="1.0" encoding="utf-8"?>', '<?xml version="1.1"?>\n', "\ufeff", "here:\n"]
)
xml = st.builds("{}{}".format, _HEADS, st.lists(_ELEMENTS, min_size=1, max_size=3).map("\n".join))
"""A record, or what looks like one: parts in any part, fields in any, to any depth."""


# --- Tables -------------------------------------------------------------------------------


def _row(cells: list[str], between: str) -> str:
    edge = between.strip() if between.strip() == "|" else ""
    return f"{edge}{between.join(cells)}{edge}"


@st.composite
def _tables(draw: st.DrawFn) -> str:
    between = draw(st.sampled_from(["\t", ",", ";", "|", " | ", "  ", " : "]))
    heading = draw(st.lists(st.one_of(_FIELDS, _PARTS, ODD_TEXT), min_size=1, max_size=12))
    quoted = _VALUES.map(lambda value: '"' + value.replace('"', '""') + '"')
    cells = st.one_of(_VALUES, _VALUES, quoted)
    width = len(heading)
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width + 1), max_size=8))
    lines = [_row(row, between) for row in (heading, *rows)]
    if draw(st.booleans()):
        lines.insert(1, _row(["---"] * width, between))
    if draw(st.booleans()):
        lines = [draw(ODD_TEXT), *lines, draw(ODD_TEXT)]
    if draw(st.booleans()) and rows:  # the other way up: a field a line
        lines = [_row(list(pair), between) for pair in zip(heading, rows[0], strict=False)]
    return draw(st.sampled_from(["\n", "\r\n", "\n\n"])).join(lines)


table = _tables()
"""Rows and columns of any separator, with headings that are fields, parts or neither."""


# --- Slack's payloads ---------------------------------------------------------------------

_JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), ODD_TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(ODD_TEXT, inner, max_size=3)
    ),
    max_leaves=8,
)
_KINDS = list(well_formed())


@st.composite
def _payloads(draw: st.DrawFn) -> dict[str, Any]:
    made = json.loads(json.dumps(draw(st.sampled_from(_KINDS))))
    for _ in range(draw(st.integers(1, 6))):
        holder: Any = made
        while True:  # walk to any depth, and change what is there
            keys = sorted(holder, key=str) if isinstance(holder, dict) else list(range(len(holder)))
            keys = [key for key in keys if key not in ("type", "command")]
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            below = holder[key]
            if isinstance(below, dict | list) and below and draw(st.integers(0, 3)):
                holder = below
                continue
            holder[key] = draw(_JUNK)
            break
    return made


payload = _payloads()
"""One of each kind, with parts of any type and depth in any place."""


# --- YAML ---------------------------------------------------------------------------------

_KEYS = st.one_of(
    st.sampled_from(
        "id question also_asked answers years answer lead lines detail source sources status "
        "reviewed topic related provision code title value from until <<".split()
    ),
    ODD_TEXT,
)
_SCALARS = st.one_of(
    st.sampled_from(
        ["~", "null", "yes", "2026-27", "2026-02-30", "1e400", ".nan", "0o9", "0x", "''", '""',
         "|\n", ">-\n  x", "&a x", "*a", "!!float abc", "!!timestamp 2001-99-99", "!x y", "- -",
         "@", "`", "%", "? x", "{", "[", "'", '"', "#", ": :", "\t", "1_000", "!!binary ="]
    ),
    st.integers().map(str),
    ODD_TEXT.map(json.dumps),
    ODD_TEXT,
)  # fmt: skip


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


_DOCUMENTS = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(
            lambda items: "\n".join(f"- {_indented(item).lstrip()}" for item in items)
        ),
        st.lists(st.tuples(_KEYS, inner), min_size=1, max_size=5).map(
            lambda pairs: "\n".join(f"{key}:\n{_indented(value)}" for key, value in pairs)
        ),
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(st.tuples(_KEYS, inner), max_size=4).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        ),
        st.builds("&a {}".format, inner),
    ),
    max_leaves=25,
)
yaml_text = st.lists(_DOCUMENTS, min_size=1, max_size=2).map("\n---\n".join)
"""What may be in a file of knowledge."""

"""Records and reports as JSON: what `read --json` and `check --json` write, and exports.

An export may nest (learners hold aims, aims hold placements) or be rows of a table; keys may
be official or spoken names. Every value keeps its line.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from bot.errors import InputError
from bot.ilr.raw import RawEntity, RawField, Remark
from bot.ilr.readers.assembly import PARENTS, assemble, owner_of, take_header
from bot.ilr.readers.collector import TYPED_CODE, FieldCollector, filled
from bot.ilr.readers.elements import shift_lines
from bot.ilr.readers.hours_of_year import settle_hours
from bot.ilr.readers.json_cut import closed
from bot.ilr.readers.json_shapes import LABELS, VALUES, as_record, field_in, in_columns, parts_of
from bot.ilr.readers.json_values import Leaf, Pairs, parse_json, pythonic
from bot.ilr.readers.names import key, names
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.tables import Row, read_rows
from bot.ilr.readers.tidy import tidy
from bot.ilr.readers.violations import grouped
from bot.ilr.readers.xml import read_xml
from bot.ilr.record import ENTITIES

__all__ = ["is_json", "json_alone", "read_json", "unescaped_json", "xml_in_json"]

_KEY = re.compile(r'"([A-Za-z@#][\w @#:./-]{0,60})"\s{0,20}:')
_TABLE_KEYS = frozenset({"columns", "fields", "headers", "header", "rows"})
_NAMED = re.compile(r'"([A-Za-z][\w .]{2,60})"\s{0,20}[,\]}]')
_PAIR = re.compile(r'\[\s*"([A-Za-z]\w{2,40})"\s*,\s*(?:"[^"]*"|[\d.]+|null)\s*\]')
_OWN = re.compile(r'"entity"\s{0,9}:\s{0,9}"(?:Message|Learner|LearningDelivery)')
_WRAPPED = re.compile(r"(?:[\w.-]{1,40}:)?([\w.-]{1,80})")


def is_json(text: str) -> bool:
    """Whether a (tidied) text is JSON that holds names of the ILR."""
    start = text.lstrip()[:1]
    if start not in {"{", "["}:
        return False
    head = pythonic(text[:50_000])
    if '"rules_run"' in head and '"learners"' in head:
        return True
    found = {match[1] for match in _KEY.finditer(head)}
    if found & _TABLE_KEYS or (found & LABELS and found & VALUES):
        found |= set(_NAMED.findall(head))
    found |= set(_PAIR.findall(head))
    known = [name for name in found if names().look_up(_plain(name)).known]
    return len(known) >= 2 or (len(known) == 1 and len(found) <= 3) or bool(_OWN.search(head))


_OPENS = re.compile(r"\s*[{\[]\s*(?:[\"{\[]|$)")
_CLOSES = re.compile(r"[}\]]\s*$")


def unescaped_json(text: str) -> str:
    """JSON that is itself written as a string of JSON, as logs hold it."""
    bare = text.strip()
    if not re.match(r'"\s*[{\[]\s*\\"', bare):
        return text
    try:
        inside = parse_json(bare)
    except InputError:
        return text
    return inside.text if isinstance(inside, Leaf) else text


def json_alone(text: str) -> str:
    """JSON that stands among the words of a message, without them; lines stay lines."""
    lines = text.split("\n")
    opens = next((at for at, line in enumerate(lines[:60]) if _OPENS.match(line)), None)
    if opens is None:
        return text
    closes = next(
        (at for at in range(len(lines) - 1, opens - 1, -1) if _CLOSES.search(lines[at])), None
    )
    if closes is None or (opens == 0 and closes == len(lines) - 1):
        return text
    inside = "\n".join(lines[opens : closes + 1])
    if not is_json(inside):
        return text
    return "\n" * opens + inside + "\n" * (len(lines) - 1 - closes)


def _plain(name: str) -> str:
    match = _WRAPPED.fullmatch(name.lstrip("@"))
    return match[1] if match else name


def xml_in_json(text: str) -> tuple[str, int] | None:
    """ILR XML that stands in a string of JSON, and the line it begins on."""
    if not _XML.search(text) and "\\u003c" not in text:
        return None
    try:
        waiting = [parse_json(text)]
    except InputError:
        return None
    while waiting:
        value = waiting.pop()
        if isinstance(value, Leaf):
            if _XML.search(value.text):
                return value.text, value.line
        elif isinstance(value, Pairs):
            waiting += [inner for _, inner in reversed(value)]
        else:
            waiting += reversed(value)
    return None


_XML = re.compile(r"<\s?(?:[\w.-]{1,60}:)?(?:Message|Learner|LearningDelivery)\w{0,40}[\s>/]")


def read_json(text: str) -> ParsedRecord:
    """Read JSON. Raises InputError when it breaks off or holds no record."""
    collector = FieldCollector()
    if (inside := xml_in_json(text)) is not None:
        reading = read_xml(inside[0])
        shift_lines(reading.message, inside[1] - 1)
        reading.remarks = [
            Remark(one.line and one.line + inside[1] - 1, one.message) for one in reading.remarks
        ]
        _within_lines(reading, text.count("\n") + 1)
        return reading
    text = tidy(text, collector.remarks)
    value = _whole_or_cut(text, collector)
    namespace = None
    if isinstance(value, Pairs):
        found = dict(value)
        namespace = _text(found.get("namespace")) or None
        if "rules_run" in found and isinstance(found.get("learners"), list):
            return _report(found, collector.remarks)
        if isinstance(found.get("record"), Pairs):
            value = found["record"]
    if isinstance(value, Pairs) and "entity" in dict(value):
        kind = "record as written by read --json"
        reading = ParsedRecord(_own(value), kind, namespace, remarks=collector.remarks)
        take_header(reading)
        return reading
    if (table := _columns_and_rows(value)) is not None:
        return read_rows(table, "JSON table")
    value = as_record(value)
    rows = in_columns(value) or _only_rows(value)
    if rows:
        reading = _rows(rows)
        reading.remarks[:0] = collector.remarks
        return reading
    return _nested(value, collector)


_MIN_OF_A_CUT = 3
"""Complete values that make what is left of a text worth reading."""


def _count(value: Any) -> int:
    """How many values stand in one."""
    if isinstance(value, Leaf):
        return 1
    return sum(_count(one[1] if isinstance(value, Pairs) else one) for one in value)


def _whole_or_cut(text: str, collector: FieldCollector) -> Any:
    """The value of a text; of one that breaks off, what is complete before its end."""
    try:
        return parse_json(text)
    except InputError:
        made = closed(text)
        if made is None:
            raise
        value = parse_json(made)
        if _count(value) < _MIN_OF_A_CUT:
            raise
    collector.add_remark(
        text.rstrip().count("\n") + 1,
        "The JSON breaks off here. What is complete before it was read.",
    )
    return value


def _within_lines(reading: ParsedRecord, last: int) -> None:
    """A string of one line may hold a record of many: each of them is on that line."""
    waiting = [reading.message]
    while waiting:
        entity = waiting.pop()
        waiting += entity.children
        entity.line = entity.line and min(entity.line, last)
        for item in entity.fields:
            item.line = item.line and min(item.line, last)
    reading.remarks = [
        Remark(one.line and min(one.line, last), one.message) for one in reading.remarks
    ]


def _only_rows(value: Any) -> list[Pairs]:
    """Objects of plain values, alone or in the one list of an envelope."""
    if isinstance(value, Pairs):
        if _is_flat(value) and len(_owners(value)) > 1:
            return [value]
        inside = [inner for _, inner in value if not isinstance(inner, Leaf)]
        named = [name for name, inner in value if not isinstance(inner, Leaf)]
        if len(inside) != 1 or isinstance(inside[0], Pairs) or _entity_named(_plain(named[0])):
            return []
        if any(names().look_up(_plain(name)).known for name, _ in value):
            return []
        return _only_rows(inside[0])
    if isinstance(value, list) and value and all(_is_flat(row) for row in value):
        return value
    return []


def _owners(pairs: Pairs) -> set[str]:
    """The entities that the names of a flat object are plainly fields of."""
    labels = [names().look_up(_plain(name)) for name, _ in pairs]
    known = [label.places for label in labels if label.known]
    sure = {places[0][1] for places in known if len({name for _, name in places}) == 1}
    return {owner for name in sure if (owner := owner_of(name))}


def _columns_and_rows(value: Any) -> list[Row] | None:
    """Names in one list and the values of each row in another, as query tools answer."""
    if not isinstance(value, Pairs):
        return None
    held = {name.casefold(): inner for name, inner in value}
    heads = next((held[n] for n in ("columns", "fields", "headers", "header") if n in held), None)
    rows = next((held[n] for n in ("rows", "data", "values", "records") if n in held), None)
    if not isinstance(heads, list) or isinstance(heads, Pairs) or not isinstance(rows, list):
        return None
    called = [
        _text(dict(one).get("name")) if isinstance(one, Pairs) else _text(one) for one in heads
    ]
    lists = [row for row in rows if isinstance(row, list) and not isinstance(row, Pairs) and row]
    if not lists or not any(names().look_up(_plain(name)).known for name in called):
        return None
    table = [Row(_line(heads, 1), tuple(map(_plain, called)))]
    return table + [Row(_line(row, 1), tuple(map(_text, row))) for row in lists]


# --- What this program writes -----------------------------------------------------------


def _report(found: dict[str, Any], remarks: list[Remark]) -> ParsedRecord:
    """A check's own report: its findings, counted by rule."""
    rows: Counter[str] = Counter()
    learners: Counter[str] = Counter()
    named = 0
    for learner in [*found["learners"], _file_findings(found)]:
        rules = [
            value.text
            for finding in dict(learner).get("findings", [])
            for name, value in finding
            if name == "rule" and isinstance(value, Leaf)
        ]
        rows.update(rules)
        if learner is not None and "ref" in dict(learner):
            learners.update(set(rules))
            named += bool(rules)
    reading = grouped(rows, dict(learners), named, remarks)
    reading.kind = "report as written by check --json"
    return reading


def _file_findings(found: dict[str, Any]) -> list[tuple[str, Any]]:
    return [("findings", found.get("file_findings", []))]


def _own(pairs: Pairs) -> RawEntity:
    held = dict(pairs)
    name = _text(held.get("entity"))
    if name not in ENTITIES:
        raise InputError(f"Line {pairs.line} names an element that is not the ILR's.")
    entity = RawEntity(name, line=pairs.line, partial=_text(held.get("partial")) == "true")
    for item in held.get("fields", []):
        one = dict(item)
        guess = _text(one.get("guess")) or None
        entity.fields.append(
            RawField(_text(one.get("name")), _text(one.get("value")), item.line, guess)
        )
    entity.blank = tuple(_text(kind) for kind in held.get("blank", []))
    entity.children = [_own(child) for child in held.get("children", [])]
    return entity


def _text(value: Any) -> str:
    return value.text if isinstance(value, Leaf) else ""


# --- Exports ----------------------------------------------------------------------------


def _is_flat(row: Any) -> bool:
    return isinstance(row, Pairs) and all(isinstance(value, Leaf) for _, value in row)


def _rows(rows: list[Pairs]) -> ParsedRecord:
    """Objects of plain values are rows of a table."""
    columns = list(dict.fromkeys(name for row in rows for name, _ in row))
    table = [Row(rows[0].line, tuple(_plain(name) for name in columns))]
    for row in rows:
        held = dict(row)
        table.append(Row(row.line, tuple(_text(held.get(name)) for name in columns)))
    reading = read_rows(table, "JSON table")
    _true_lines(reading.message, rows)
    return reading


def _true_lines(message: RawEntity, rows: list[Pairs]) -> None:
    """Each value's own line, not that of its row's bracket."""
    places: dict[tuple[int, str], int] = {}
    for row in rows:
        for name, value in row:
            for _, official in names().look_up(_plain(name)).places:
                places.setdefault((row.line, official), value.line)
    waiting = [message]
    while waiting:
        entity = waiting.pop()
        waiting += entity.children
        for item in entity.fields:
            item.line = places.get((item.line or 0, item.name), item.line)


def _nested(value: Any, collector: FieldCollector) -> ParsedRecord:
    reading = ParsedRecord(RawEntity("Message"), "JSON", remarks=collector.remarks)
    found = _entities(value, None, collector)
    if not any(map(filled, found)) and not any(one.blank for one in found):
        raise InputError(
            "No learner record was found in this JSON. It should hold ILR names such as "
            "LearnRefNumber, LearningDelivery or WorkPlaceStartDate."
        )
    partial = not (len(found) == 1 and found[0].name == "Message")
    reading.message = assemble(found, reading.message, collector.remarks, doubts=False)
    reading.message.partial = reading.message.partial or partial
    collector.resolve_dates()
    settle_hours(reading.message, collector)
    take_header(reading)
    return reading


def _entities(value: Any, within: str | None, collector: FieldCollector) -> list[RawEntity]:
    """Entities out of a list, an object, or an object that only wraps them."""
    if isinstance(value, list) and not isinstance(value, Pairs):
        return [made for one in value for made in _entities(one, within, collector)]
    if not isinstance(value, Pairs):
        return []
    plain = [(_plain(name), inner) for name, inner in value]
    alone = within is None
    if within is None:
        within = _kind(plain)
    if alone and within in _OF_HEADER and _wraps(plain):
        return _wrapped_under(within, value, plain, collector)
    if within is None:
        return [
            made
            for name, inner in plain
            for made in _entities(inner, _entity_named(name), collector)
        ]
    entity = RawEntity(within, line=value.line, partial=True)
    beside = {
        kind: RawEntity(kind, line=value.line, partial=True)
        for kind in ("Learner", "LearningDelivery", "LearningDeliveryWorkPlacement")
        if alone and kind != within
    }
    outside: list[RawEntity] = []
    for name, inner in plain:
        if isinstance(inner, Leaf):
            _put(beside.get(_whose(name), entity), name, inner, collector)
            continue
        if beside and key(name) in _FIELD_VALUES and _is_flat(inner):
            for one, leaf in inner:
                _put(beside.get(_whose(one), entity), one, leaf, collector)
            continue
        kind = _part_named(name, within)
        if kind in _FAMS and (fams := _fams(kind, inner, collector)):
            (entity.children if PARENTS[kind] == within else outside).extend(fams)
            continue
        if parts := parts_of(within, name, inner):
            for one, leaf in parts:
                _put(entity, one, leaf, collector)
            continue
        if kind is None:
            if inner:
                collector.add_remark(_line(inner, value.line), f"{name[:40]} was not understood.")
            continue
        if inner == [] and PARENTS.get(kind) == within:
            entity.blank = (*entity.blank, kind)
        for made in _entities(inner, kind, collector):
            (entity.children if PARENTS.get(made.name) == within else outside).append(made)
    for made in outside:
        _lift(entity, made, collector)
    return [_joined(entity, beside, collector)]


_OF_HEADER = frozenset({"CollectionDetails", "Source", "LearningProvider"})


def _wraps(plain: list[tuple[str, Any]]) -> bool:
    """Whether an object of a year or a provider holds learners: {"academicYear": …, "learner":
    {…}}."""
    return any(not isinstance(inner, Leaf) and _entity_named(name) for name, inner in plain)


def _wrapped_under(
    within: str, value: Pairs, plain: list[tuple[str, Any]], collector: FieldCollector
) -> list[RawEntity]:
    """What such an object holds: its own fields in the header, and each other thing by itself."""
    entity = RawEntity(within, line=value.line, partial=True)
    found: list[RawEntity] = []
    for name, inner in plain:
        if isinstance(inner, Leaf):
            _put(entity, name, inner, collector)
        elif (kind := _entity_named(name)) is not None:
            found += _entities(inner, kind, collector)
        elif made := _entities(inner, None, collector):
            found += made
        elif inner:
            collector.add_remark(_line(inner, value.line), f"{name[:40]} was not understood.")
    return [entity, *found] if entity.fields else found


_FIELD_VALUES = frozenset({"fieldvalues", "values", "fields"})
_FAMS = frozenset({"LearningDeliveryFAM", "LearnerFAM"})


def _whose(name: str) -> str:
    """The entity that a key is plainly a field of, whatever object it stands in; else ""."""
    owners = {entity for entity, _ in names().look_up(name).places}
    return owners.pop() if len(owners) == 1 else ""


def _joined(
    entity: RawEntity, beside: dict[str, RawEntity], collector: FieldCollector
) -> RawEntity:
    """An object of several entities' fields, as an export of one row is, parted into them."""
    found = {kind: one for kind, one in beside.items() if one.fields} | {entity.name: entity}
    order = [
        k for k in ("Learner", "LearningDelivery", "LearningDeliveryWorkPlacement") if k in found
    ]
    if len(order) < 2 or entity.name not in order:
        return entity
    for kind in order[:0:-1]:
        _lift(found[order[order.index(kind) - 1]], found[kind], collector)
    return found[order[0]]


def _fams(kind: str, inner: Any, collector: FieldCollector) -> list[RawEntity]:
    """FAMs as text or by their type: ["SOF107", "LDM034"], {"SOF": "107", "LDM": ["034"]}."""
    said: list[tuple[str, Leaf]] = []
    if isinstance(inner, Pairs):
        for name, codes in inner:
            leaves = codes if isinstance(codes, list) and not isinstance(codes, Pairs) else [codes]
            said += [(name, leaf) for leaf in leaves if isinstance(leaf, Leaf)]
    elif isinstance(inner, list):
        for leaf in inner:
            match = TYPED_CODE.fullmatch(leaf.text.strip()) if isinstance(leaf, Leaf) else None
            if match is None:
                return []
            said.append((match[1], Leaf(match[2], leaf.line)))
    labels = [names().look_up(name) for name, _ in said]
    if not said or not all(label.fam_type for label in labels):
        return []
    made = []
    for label, (_, leaf) in zip(labels, said, strict=True):
        if label.places[0][0] != kind:
            collector.add_remark(leaf.line, f"{label.fam_type} is no type of a {kind}.")
            continue
        for pair in collector.fields(label, label.places[0], leaf.text, leaf.line):
            made.append(RawEntity(kind, pair, line=leaf.line, partial=True))
    return made


def _line(value: Any, otherwise: int) -> int:
    if isinstance(value, Leaf | Pairs):
        return value.line
    return _line(value[0], otherwise) if isinstance(value, list) and value else otherwise


def _lift(entity: RawEntity, made: RawEntity, collector: FieldCollector) -> None:
    """A placement directly under a learner, say, hangs from an aim that was not given."""
    parent = PARENTS.get(made.name)
    chain = []
    while parent is not None and parent != entity.name:
        chain.append(parent)
        parent = PARENTS.get(parent)
    if parent is None:
        collector.add_remark(made.line or 0, f"{made.name} cannot be inside {entity.name}.")
        return
    at = entity
    for name in reversed(chain):
        held = [child for child in at.children if child.name == name]
        if not held or not held[-1].partial or held[-1].fields:
            held = [RawEntity(name, line=made.line, partial=True)]
            at.children += held
        at = held[-1]
    at.children.append(made)


def _kind(plain: list[tuple[str, Any]]) -> str | None:
    """The entity an object is, by the fields that stand in it."""
    tally: Counter[str] = Counter()
    for name, inner in plain:
        if not isinstance(inner, Leaf):
            continue
        for entity, field in names().look_up(name).places[:1]:
            tally[owner_of(field, entity) or entity] += 1
    if not tally:
        return None
    return tally.most_common(1)[0][0]


_SHORT_PARTS = {
    (parent, short): part
    for parent, part, shorts in (
        ("LearningDelivery", "LearningDeliveryFAM", "fam ldfam ldf delfam monitoring"),
        ("LearningDelivery", "AppFinRecord", "afin appfin fin finance tnp price afr"),
        ("LearningDelivery", "HRSRecord", "hr hour hoursrecord hrsrecord"),
        ("LearningDelivery", "LearningDeliveryWorkPlacement", "wp wpl wplace placement ldwp"),
        ("LearningDelivery", "LearningDeliveryHE", "he ldhe"),
        ("Learner", "LearningDelivery", "ld del delivery deliverie aim enrolment"),
        ("Learner", "LearnerFAM", "fam lfam learnfam"),
        ("Learner", "LearnerEmploymentStatus", "emp les empstat employment"),
        ("Learner", "LLDDandHealthProblem", "lldd lldcat llddcat"),
        ("Learner", "PriorAttain", "pa prior priorattain"),
        ("LearnerEmploymentStatus", "EmploymentStatusMonitoring", "esm monitoring mon"),
    )
    for short in shorts.split()
}
"""Keys that an export cuts short, within what they stand."""


def _part_named(name: str, within: str) -> str | None:
    """The entity under a key of another: "monitoring" of an employment status."""
    named = _SHORT_PARTS.get((within, key(name).removesuffix("s"))) or _entity_named(name)
    if named is not None and within in {named, PARENTS.get(named)}:
        return named
    bare = key(name).removesuffix("s")
    mine = [one for one, parent in PARENTS.items() if parent == within and bare in key(one)]
    return mine[0] if len(mine) == 1 and len(bare) > 2 else named


def _entity_named(name: str) -> str | None:
    if name in ENTITIES:
        return name
    by_heading = names().heading(name)
    if by_heading is not None:
        return by_heading
    bare = key(name)
    for entity in ENTITIES:
        if bare in {key(entity), key(entity) + "s", key(entity).removesuffix("y") + "ies"}:
            return entity
    return None


def _put(entity: RawEntity, name: str, leaf: Leaf, collector: FieldCollector) -> None:
    label = field_in(entity.name, name)
    if name.startswith(("@", "#")) or name in {"xmlns", "line", "partial"}:
        return
    if not label.places:
        if not label.ignored and leaf.text:
            collector.add_remark(leaf.line, "This value was not understood.")
        return
    mine = [place for place in label.places if place[0] == entity.name]
    if label.fam_type is not None and PARENTS[label.places[0][0]] == entity.name:
        for pair in collector.fields(label, label.places[0], leaf.text, leaf.line):
            kind = label.places[0][0]
            entity.children.append(RawEntity(kind, pair, line=leaf.line, partial=True))
        return
    if not mine:
        collector.add_remark(leaf.line, f"{label.places[0][1]} is not a field of {entity.name}.")
        return
    doubt = None
    if len(mine) > 1:
        doubt = f"read as {mine[0][1]}, though it may mean {', '.join(p[1] for p in mine[1:])}"
    if label.fam_type is None and mine[0][1] in {item.name for item in entity.fields}:
        collector.add_remark(leaf.line, f"{mine[0][1]} appears twice here; the first is used.")
        return
    for fields in collector.fields(label, mine[0], leaf.text, leaf.line, doubt):
        entity.fields += fields

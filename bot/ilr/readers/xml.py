"""ILR XML: a whole Message, one or more Learner or LearningDelivery elements, or smaller."""

from __future__ import annotations

import re

from lxml import etree

from bot.errors import InputError
from bot.ilr.readers.reading import Reading
from bot.ilr.record import ENTITIES, RawEntity, RawField, Remark

__all__ = ["entity_of", "read_xml", "shift_lines"]

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# libxml2 would not expand these, but a record never has a reason to hold one.
_DOCTYPE = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UNDECLARED_PREFIX = re.compile(r"<([A-Za-z_][\w.-]*):[A-Za-z]")
_PARENTS = {
    "LearnerFAM": "Learner", "PriorAttain": "Learner", "LLDDandHealthProblem": "Learner",
    "ContactPreference": "Learner", "ProviderSpecLearnerMonitoring": "Learner",
    "LearnerEmploymentStatus": "Learner", "LearnerHE": "Learner",
    "LearningDelivery": "Learner",
    "EmploymentStatusMonitoring": "LearnerEmploymentStatus",
    "LearnerHEFinancialSupport": "LearnerHE",
    "LearningDeliveryFAM": "LearningDelivery", "HRSRecord": "LearningDelivery",
    "LearningDeliveryWorkPlacement": "LearningDelivery", "AppFinRecord": "LearningDelivery",
    "ProviderSpecDeliveryMonitoring": "LearningDelivery", "LearningDeliveryHE": "LearningDelivery",
    "DPOutcome": "LearnerDestinationandProgression",
    "Learner": "Message", "LearnerDestinationandProgression": "Message", "Header": "Message",
    "LearningProvider": "Message", "SourceFiles": "Message",
    "CollectionDetails": "Header", "Source": "Header", "SourceFile": "SourceFiles",
}  # fmt: skip


def read_xml(text: str) -> Reading:
    """Read XML. Raises InputError when it cannot be read at all, naming the line."""
    if _DOCTYPE.search(text):
        raise InputError(
            "This XML declares a DOCTYPE or an entity, which ILR files never do, so it was not "
            "read. Remove those lines and try again."
        )
    body = _DECLARATION.sub(lambda m: "\n" * m[0].count("\n"), text.lstrip("\ufeff"), count=1)
    prefixes = sorted(set(_UNDECLARED_PREFIX.findall(body)))
    declared = "".join(f' xmlns:{prefix}="urn:pasted"' for prefix in prefixes if prefix != "xml")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(f"<pasted{declared}>{body}</pasted>".encode(), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise InputError(
            f"The XML breaks off or is not well formed at line {line}. Paste the whole element, "
            "from its opening to its closing tag."
        ) from None
    reading = Reading(RawEntity("Message", line=None), "ILR XML")
    tops = [entity_of(child, reading) for child in root if isinstance(child.tag, str)]
    found = [top for top in tops if top is not None]
    if not found:
        raise InputError(
            "No learner record was found in this. Paste a <Learner>, a <LearningDelivery> or a "
            "whole <Message>."
        )
    _assemble(found, reading)
    return reading


def entity_of(element: etree._Element, reading: Reading) -> RawEntity | None:
    """One element as a raw entity; None, and a remark, when it is not the ILR's."""
    name = etree.QName(element)
    if name.namespace and name.namespace != "urn:pasted" and reading.namespace is None:
        reading.namespace = name.namespace
    line = element.sourceline
    if name.localname not in ENTITIES:
        if len(element) == 0:
            reading.remarks.append(
                Remark(line, f"{name.localname[:60]} stands outside any record; it was not read.")
            )
        else:
            reading.remarks.append(
                Remark(line, f"{name.localname[:60]} is not an ILR element; it was not read.")
            )
        return None
    entity = RawEntity(name.localname, line=line)
    for child in element:
        if not isinstance(child.tag, str):
            continue
        child_name = etree.QName(child).localname
        has_parts = len(child) > 0
        if child_name in ENTITIES and (has_parts or child_name not in _FIELDS_TOO):
            built = entity_of(child, reading)
            if built is not None:
                entity.children.append(built)
        elif has_parts:
            reading.remarks.append(
                Remark(child.sourceline, f"{child_name[:60]} is not an ILR element.")
            )
        else:
            entity.fields.append(RawField(child_name, child.text or "", child.sourceline))
    if name.localname == "CollectionDetails":
        for item in entity.fields:
            if item.name == "Year":
                reading.year_text = item.text.strip()
            elif item.name == "FilePreparationDate":
                reading.prepared_on = item.text.strip()
    return entity


# A plain field to 2020-21, an entity since.
_FIELDS_TOO = frozenset({"PriorAttain"})


def _assemble(found: list[RawEntity], reading: Reading) -> None:
    """Put what was pasted into one Message, with partial parents where there were none."""
    message = reading.message
    if len(found) == 1 and found[0].name == "Message":
        reading.message = found[0]
        return
    message.partial = True
    holders: dict[str, RawEntity] = {"Message": message}
    for entity in found:
        if entity.name == "Message":
            message.children += entity.children
            continue
        _holder(_PARENTS[entity.name], holders).children.append(entity)
        if entity.name in {"Learner", "LearningDelivery", "LearnerEmploymentStatus"}:
            holders[entity.name] = entity


def _holder(name: str, holders: dict[str, RawEntity]) -> RawEntity:
    if name not in holders:
        parent = _holder(_PARENTS[name], holders)
        holders[name] = RawEntity(name, partial=True)
        parent.children.append(holders[name])
    return holders[name]


def shift_lines(entity: RawEntity, by: int) -> None:
    """Move every line number of a tree, for a piece taken out of a larger file."""
    if entity.line is not None:
        entity.line += by
    for item in entity.fields:
        if item.line is not None:
            item.line += by
    for child in entity.children:
        shift_lines(child, by)

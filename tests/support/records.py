"""Records from a few lines of YAML, for tests.

Official element names work everywhere; these shorthands keep cases short:

    aims, placements, fams, hours, finance, he, employment, monitoring, lldd,
    prior_attainment, contact, support, destinations, outcomes, provider_monitoring

and so do one-line forms: ``fams: [SOF 107, "ACT 1 2026-08-01 2027-07-31"]``,
``hours: [HRS 2 1500]``, ``finance: [TNP 1 2026-09-01 5000]``, ``monitoring: [SEI 1]``,
``lldd: [12, "6 1"]`` (category, primary).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.ilr.build import build
from bot.ilr.raw import RawEntity, RawField, Remark, ZipFacts
from bot.ilr.record import Message
from bot.ilr.specification import YearSpecification
from bot.yaml_files import StringLoader


def written(path: Path) -> Any:
    """A file of cases: YAML with values as typed, as in the knowledge. A case may refer to
    another one (&whole, *whole), which curators' files may not."""
    text = path.read_text(encoding="utf-8")
    return yaml.load(text, Loader=StringLoader)  # noqa: S506 - a SafeLoader subclass


@cache
def as_typed(path: Path) -> Any:
    """A file of YAML with its numbers and dates, read once; nobody changes what they get."""
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=fast)  # noqa: S506


SHORT = {
    ("Message", "learners"): "Learner",
    ("Message", "destinations"): "LearnerDestinationandProgression",
    ("LearnerDestinationandProgression", "outcomes"): "DPOutcome",
    ("Learner", "aims"): "LearningDelivery",
    ("Learner", "fams"): "LearnerFAM",
    ("Learner", "employment"): "LearnerEmploymentStatus",
    ("Learner", "lldd"): "LLDDandHealthProblem",
    ("Learner", "prior_attainment"): "PriorAttain",
    ("Learner", "contact"): "ContactPreference",
    ("Learner", "he"): "LearnerHE",
    ("Learner", "provider_monitoring"): "ProviderSpecLearnerMonitoring",
    ("LearnerHE", "support"): "LearnerHEFinancialSupport",
    ("LearnerEmploymentStatus", "monitoring"): "EmploymentStatusMonitoring",
    ("LearningDelivery", "fams"): "LearningDeliveryFAM",
    ("LearningDelivery", "placements"): "LearningDeliveryWorkPlacement",
    ("LearningDelivery", "hours"): "HRSRecord",
    ("LearningDelivery", "finance"): "AppFinRecord",
    ("LearningDelivery", "he"): "LearningDeliveryHE",
    ("LearningDelivery", "provider_monitoring"): "ProviderSpecDeliveryMonitoring",
}
ONE_LINE = {
    "LearnerFAM": ["LearnFAMType", "LearnFAMCode"],
    "LearningDeliveryFAM": [
        "LearnDelFAMType", "LearnDelFAMCode", "LearnDelFAMDateFrom", "LearnDelFAMDateTo",
    ],
    "EmploymentStatusMonitoring": ["ESMType", "ESMCode"],
    "HRSRecord": ["HRSType", "HRSCode", "HRSAmount"],
    "AppFinRecord": ["AFinType", "AFinCode", "AFinDate", "AFinAmount"],
    "LLDDandHealthProblem": ["LLDDCat", "PrimaryLLDD"],
    "PriorAttain": ["PriorLevel", "DateLevelApp"],
    "ContactPreference": ["ContPrefType", "ContPrefCode"],
    "LearnerHEFinancialSupport": ["FINTYPE", "FINAMOUNT"],
}  # fmt: skip


def raw(name: str, content: dict[str, Any] | str | int | None) -> RawEntity:
    """A raw entity from a mapping or its one-line form."""
    entity = RawEntity(name)
    if not isinstance(content, dict):
        words = str(content or "").split()
        content = dict(zip(ONE_LINE[name], words, strict=False))
    for key, value in content.items():
        child = SHORT.get((name, key), key)
        if isinstance(value, list):
            entity.children += [raw(child, item) for item in value]
        elif isinstance(value, dict) or (name, key) in SHORT:
            entity.children.append(raw(child, value))
        elif value is not None:
            entity.fields.append(RawField(key, str(value)))
    return entity


def message(case: dict[str, Any], specification: YearSpecification) -> tuple[Message, list[Remark]]:
    """The record of a test case: ``message``, ``learner``, ``aims`` or ``aim``.

    ``namespace`` and ``file_name`` beside it are those of the file; ``zip`` is what it came in.
    """
    if "message" in case:
        tree = raw("Message", case["message"])
    elif "learner" in case:
        tree = raw("Message", {"learners": [case["learner"]]})
    else:
        aims = case.get("aims") or [case["aim"]]
        tree = raw("Message", {"learners": [{"aims": aims}]})
    remarks: list[Remark] = []
    built = build(tree, specification, remarks)
    assert isinstance(built, Message)
    built.namespace, built.file_name = case.get("namespace"), case.get("file_name")
    if "zip" in case:
        packed = case["zip"]
        built.zip = ZipFacts(**{**packed, "files": tuple(packed.get("files", ()))})
    return built, remarks

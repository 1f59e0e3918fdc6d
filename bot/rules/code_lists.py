"""Codes and types looked up in the year's list.

Most rules that do so have no code of their own: the catalogue row names the field
(``checks_list``), the year's specification holds its list. A type (LearnFAMType) is looked up
together with the code that goes with it. A value outside a list that is not known to be complete
is a doubt, not a breach.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from bot.ilr.absent import Number, Text, is_present
from bot.ilr.record import Entity
from bot.ilr.specification import FieldSpec, YearSpecification
from bot.rules.catalogue import Rule, Severity
from bot.rules.doubt import UNLISTED, Doubt, unlisted
from bot.schema import Source
from bot.years import YearRange

__all__ = [
    "ONLY_A_CHECK",
    "code_list",
    "is_off_the_list",
    "is_unlisted_type",
    "lists_without_a_rule",
    "may_lack_codes",
]

Unlisted = Callable[[Entity], "bool | Doubt"]

ONLY_A_CHECK = (
    "A code outside the list we hold is reported as a check, because that list may not be complete."
)
"""How a rule is run whose list is not known to be complete."""


def code_list(
    checks_list: str | None, specification: YearSpecification
) -> tuple[str, Unlisted] | None:
    """The entity a code list rule runs on, and its predicate.

    ``checks_list`` is a row's, e.g. ``LearnerFAM.LearnFAMType``. None when it is None, or the
    year has no such field.
    """
    entity_name, _, name = (checks_list or "").partition(".")
    entity = specification.entities.get(entity_name)
    spec = entity.fields.get(name) if entity else None
    if spec is None:
        return None
    return entity_name, _is_unlisted(spec) if spec.types else _is_off_list(spec)


def may_lack_codes(checks_list: str, specification: YearSpecification) -> bool:
    """Whether the list held for the year is not known to be complete."""
    spec = specification.field(*checks_list.split("."))
    return not spec.codes_complete or any(not t.codes_complete for t in spec.types.values())


def _is_off_list(spec: FieldSpec) -> Unlisted:
    def is_off_list(entity: Entity) -> bool | Doubt:
        value = getattr(entity, spec.name)
        if spec.exact_case and is_present(value):
            value = entity.shown(spec.name).strip()  # the typed value may have been made capital
        return is_off_the_list(value, spec)

    return is_off_list


def _is_unlisted(spec: FieldSpec) -> Unlisted:
    code_name = spec.name.removesuffix("Type") + "Code"

    def is_unlisted(entity: Entity) -> bool | Doubt:
        return is_unlisted_type(getattr(entity, spec.name), getattr(entity, code_name), spec)

    return is_unlisted


def is_off_the_list(value: Text | Number, spec: FieldSpec) -> bool | Doubt:
    """Whether a coded value, if returned, is outside the field's list.

    A doubt when it is, but the list held for the year is not known to be complete. Small letters
    count as capitals, except in the years of ``exact_case``.
    """
    if not is_present(value):
        return False
    if (str(value) if spec.exact_case else str(value).upper()) in spec.codes:
        return False
    return True if spec.codes_complete else unlisted(spec.read_for.get(""))


def is_unlisted_type(kind: Text, code: Text | Number, spec: FieldSpec) -> bool | Doubt:
    """Whether a FAM, monitoring or financial type and code is outside the list of the type field.

    A doubt when it is, but the list held for the year is not known to be complete.
    """
    if not is_present(kind):
        return False
    held = spec.types.get(kind)
    if held is not None and any(listed.code == str(code) for listed in held.codes):
        return False
    complete = spec.codes_complete if held is None else held.codes_complete
    return True if complete else unlisted(spec.read_for.get("" if held is None else kind))


_LOOKED_UP_IN_CODE = {
    "LearningDelivery.WithdrawReason": "WithdrawReason_02",
    "LearningDeliveryFAM.LearnDelFAMType": "LearnDelFAMType_04",
    "AppFinRecord.AFinType": "AFinType_02",
    "ProviderSpecLearnerMonitoring.ProvSpecLearnMonOccur": "ProvSpecLearnMonOccur_01",
    "ProviderSpecDeliveryMonitoring.ProvSpecDelMonOccur": "ProvSpecDelMonOccur_01",
}
"""Field → the rule whose predicate looks it up."""
_NO_LIST = frozenset(
    {
        "LearningDelivery.LearnAimRef",  # some references only: LARS has the rest
        "LearningDeliveryHE.SOC2000",  # two lists, by the start: SOC2000_03 and _04
    }
)
"""Fields with codes of which the year's list is not all that may be returned."""


def lists_without_a_rule(
    run: Container[str], listed: Container[str], specification: YearSpecification
) -> Iterator[tuple[Rule, str, Unlisted]]:
    """A check of each coded field that no rule of the year looks up: its words, entity and test.

    ``run``: ids of the rules that are run; ``listed``: fields that they look up. What such a
    check finds is always a doubt: whether a rule rejects it is not known. Its id is the field's
    name, for it is no published rule.
    """
    for entity in specification.entities.values():
        for spec in entity.fields.values():
            name = f"{entity.name}.{spec.name}"
            if not (spec.codes or spec.types) or name in _NO_LIST or name in listed:
                continue
            found = code_list(name, specification)
            if found is None or _LOOKED_UP_IN_CODE.get(name) in run:
                continue
            yield _words_of(spec, specification), found[0], _always_in_doubt(found[1])


def _always_in_doubt(test: Unlisted) -> Unlisted:
    def is_in_doubt(entity: Entity) -> bool | Doubt:
        found = test(entity)
        return UNLISTED if found is True else found

    return is_in_doubt


def _words_of(spec: FieldSpec, specification: YearSpecification) -> Rule:
    fields = [spec.name]
    if spec.types:
        fields.append(spec.name.removesuffix("Type") + "Code")
    return Rule(
        id=spec.name, family="code-lists", title=UNLISTED.title, message=UNLISTED.message,
        fix=UNLISTED.fix, severity=Severity.CHECK, fis=Severity.CHECK, entity=spec.entity,
        fields=tuple(f"{spec.entity}.{name}" for name in fields),
        years=YearRange(specification.year), needs=(), lars=(), not_run=None, partly=None,
        parameters={},
        checks_list=f"{spec.entity}.{spec.name}", usually=None, note=None, entries=(),
        source=Source(title="The code lists we hold", year=str(specification.year)), changed=None,
        text_of=specification.year,
    )  # fmt: skip

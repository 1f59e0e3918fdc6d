"""House rules: checks that a provider writes itself, in YAML, beside its own entries.

    rules:
      - id: short-placement
        title: Placement of fewer than 30 hours
        each: placement
        when:
          - {field: WorkPlaceHours, below: 30}
        message: The placement is shorter than the 30 hours we agreed with the departments.
        fix: Check the timesheet, and correct the hours or tell the placement officer.
        source: Work placement policy 2026, paragraph 4

A rule fires when every condition under ``when`` holds. A condition looks at one thing (a
field, a count, a total, a number of days, an age) and puts it to one or more tests. Nothing
in it is executed: names and values are looked up in the year's specification when the rules
are loaded, and anything else is refused. A field that is blank meets no test but ``missing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.ilr.absent import ABSENT, is_present
from bot.ilr.record import ENTITIES, Entity, Learner
from bot.ilr.specification import FieldSpec, Specification, YearSpecification
from bot.rules.catalogue import Rule, Severity
from bot.rules.engine import Check, Engine, Predicate
from bot.rules.vocabulary import age_on, august_31
from bot.schema import Identifier, Source, Years
from bot.years import YearRange

__all__ = ["Condition", "Fault", "HouseRule", "HouseRulesFile", "faults", "house_engine"]

FAMILY = "house"
AUGUST_31 = "31 August"
DEEPEST = 6
"""Conditions inside conditions, at most."""

ELEMENTS = {
    "learner": "Learner",
    "aim": "LearningDelivery",
    "placement": "LearningDeliveryWorkPlacement",
    "aim FAM": "LearningDeliveryFAM",
    "learner FAM": "LearnerFAM",
    "employment status": "LearnerEmploymentStatus",
    "prior attainment": "PriorAttain",
    "LLDD": "LLDDandHealthProblem",
    "financial record": "AppFinRecord",
    "hours record": "HRSRecord",
}
"""What staff call an element → its official name. Official names may be written as well."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class OtherField(_Model):
    """The value of another field, to compare with."""

    field: str


Value = str | int | float | OtherField
Pair = Annotated[list[Value], Field(min_length=2, max_length=2)]

_SUBJECTS = ("field", "count", "total", "days", "age_on")
_GROUPS = ("all", "any", "none")
_TESTS = (
    "is", "is_not", "below", "above", "at_least", "at_most", "between", "outside", "before",
    "after", "starts_with", "missing",
)  # fmt: skip


class Condition(_Model):
    """One thing and the tests it has to meet; or a group of conditions."""

    field: str | None = Field(
        default=None, description="A field of the element, or of what it is inside"
    )
    count: str | None = Field(default=None, description="How many of an element there are")
    has: str | None = Field(default=None, description="An element, at least one of it")
    lacks: str | None = Field(default=None, description="An element, none of it")
    total: str | None = Field(
        default=None, description="Element.Field, added up, e.g. placement.WorkPlaceHours"
    )
    days: list[str] | None = Field(
        default=None, min_length=2, max_length=2, description="Days from one date to another"
    )
    age_on: str | None = Field(
        default=None, description='The learner\'s age: on a date field, or "31 August"'
    )
    where: list[Condition] = Field(
        default_factory=list, description="Which of the elements are meant: all must hold"
    )
    is_: Value | list[Value] | None = Field(default=None, alias="is", description="One of these")
    is_not: Value | list[Value] | None = Field(default=None, description="Given, none of these")
    below: Value | None = None
    above: Value | None = None
    at_least: Value | None = None
    at_most: Value | None = None
    between: Pair | None = Field(default=None, description="Both ends are allowed values")
    outside: Pair | None = Field(default=None, description="Below the first or above the second")
    before: Value | None = Field(default=None, description="An earlier date than this")
    after: Value | None = Field(default=None, description="A later date than this")
    starts_with: str | None = None
    missing: bool | None = Field(default=None, description="true: blank; false: given")
    all_: list[Condition] | None = Field(default=None, alias="all", min_length=1)
    any_: list[Condition] | None = Field(default=None, alias="any", min_length=1)
    none_: list[Condition] | None = Field(default=None, alias="none", min_length=1)

    @property
    def tests(self) -> dict[str, Any]:
        """Test → what it tests against, for those that are given."""
        given = {name: getattr(self, "is_" if name == "is" else name) for name in _TESTS}
        return {name: value for name, value in given.items() if value is not None}

    @model_validator(mode="after")
    def _one_thing(self) -> Condition:
        subjects = [n for n in (*_SUBJECTS, "has", "lacks") if getattr(self, n) is not None]
        groups = [n for n in _GROUPS if getattr(self, f"{n}_") is not None]
        if len(subjects) + len(groups) != 1:
            raise ValueError(
                "look at one thing: one of field, count, has, lacks, total, days or age_on, "
                "or one of all, any or none"
            )
        bare = groups or subjects[0] in ("has", "lacks")
        if bare and self.tests:
            raise ValueError(
                f"{(groups or subjects)[0]} takes no test such as {next(iter(self.tests))}"
            )
        if not bare and not self.tests:
            raise ValueError(f"say what {subjects[0]} has to be: {', '.join(_TESTS)}")
        if self.where and not {*subjects} & {"count", "has", "lacks", "total"}:
            raise ValueError("where goes with count, has, lacks or total")
        return self


class HouseRule(_Model):
    """One check of a provider's own."""

    id: Identifier
    title: str = Field(min_length=8, max_length=120)
    each: str = Field(description="learner, aim, placement, or another element of a learner")
    when: list[Condition] = Field(min_length=1, description="It is reported when all of these hold")
    message: str = Field(min_length=10, max_length=600, description="What is wrong, to the reader")
    fix: str = Field(min_length=10, max_length=900, description="What to do about it")
    severity: Literal["error", "warning", "check"] = "warning"
    source: str = Field(min_length=3, max_length=300, description="Who asks for it: a policy, …")
    years: Years | None = Field(default=None, description="Absent: every year")
    shows: list[str] | None = Field(
        default=None, description="Fields shown with a finding; absent: those in its conditions"
    )


class HouseRulesFile(_Model):
    """house-rules.yaml in the folder that ILR_KNOWLEDGE_DIR names."""

    rules: list[HouseRule]


Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a house rule that cannot be: where in the rule, what, and what to do."""

    path: Path
    message: str
    remedy: str = ""


def faults(rule: HouseRule, specification: Specification) -> list[Fault]:
    """What is wrong with a rule in the newest year it is for. Empty when it can be run."""
    years = [year for year in specification.years if rule.years is None or year in rule.years]
    if not years:
        return [Fault(("years",), "none of its years is available.", "Correct the years.")]
    compiler = _Compiler(specification.for_year(years[-1]))
    compiler.rule(rule)
    return compiler.faults


def house_engine(rules: tuple[HouseRule, ...], specification: YearSpecification) -> Engine:
    """The house rules that are for a year, ready to run; one that cannot be says why."""
    pairs: list[tuple[Rule, Predicate]] = []
    never: dict[str, str] = {}
    for rule in rules:
        if rule.years is not None and specification.year not in rule.years:
            continue
        compiler = _Compiler(specification)
        pair = compiler.rule(rule)
        if compiler.faults:
            never[rule.id] = compiler.faults[0].message.rstrip(".")
        elif pair is not None:
            pairs.append(pair)
    return Engine.of(pairs, never, specification)


Getter = Callable[[Entity, Check], Any]
Test = Callable[[Entity, Check], bool]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "below": lambda value, limit: value < limit,
    "above": lambda value, limit: value > limit,
    "at_least": lambda value, limit: value >= limit,
    "at_most": lambda value, limit: value <= limit,
    "before": lambda value, limit: value < limit,
    "after": lambda value, limit: value > limit,
}
_FOR_DATES = frozenset({"before", "after"})
_FOR_NUMBERS = frozenset({"below", "above", "at_least", "at_most"})


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a condition looks at: how to get it, and what kind of value it is."""

    get: Getter
    kind: str
    """"int", "decimal", "date" or "string"."""
    spec: FieldSpec | None = None


class _Compiler:
    """Turns one rule's conditions into a function, by one year's specification."""

    def __init__(self, specification: YearSpecification) -> None:
        self.specification = specification
        self.faults: list[Fault] = []
        self._shown: dict[str, None] = {}

    def rule(self, rule: HouseRule) -> tuple[Rule, Predicate] | None:
        """The rule as a row of the catalogue would be, and its predicate."""
        element = self._element(rule.each, ("each",))
        if element is None:
            return None
        if "Learner" not in self._line_of(element):
            self._fault(
                ("each",), f"{rule.each!r} is not part of a learner.", "Use learner or aim."
            )
            return None
        test = self._all(rule.when, element, ("when",), 0)
        shown = list(self._shown) if rule.shows is None else self._shows(rule.shows, element)
        year = self.specification.year
        severity = Severity(rule.severity)
        found = Rule(
            id=rule.id, family=FAMILY, title=rule.title, message=rule.message, fix=rule.fix,
            severity=severity, fis=severity, entity=element, fields=tuple(shown),
            years=rule.years or YearRange(year), needs=(), lars=(), not_run=None, partly=None,
            parameters={}, checks_list=None, usually=None, note=None, entries=(),
            source=Source(title=rule.source, year=str(year)), changed=None,
            text_of=year,
        )  # fmt: skip
        return found, Predicate(rule.id, test, ENTITIES[element], True, False, None, None)

    def _fault(self, path: Path, message: str, remedy: str = "") -> None:
        self.faults.append(Fault(path, message, remedy))

    # Names

    def _element(self, name: str, path: Path) -> str | None:
        official = ELEMENTS.get(name, name)
        if official in self.specification.entities and official in ENTITIES:
            return official
        self._fault(
            path,
            f"{name!r} is not an ILR element in {self.specification.year}.",
            f"Use {', '.join(ELEMENTS)}, or an official name such as LearningDeliveryFAM.",
        )
        return None

    def _line_of(self, element: str) -> list[str]:
        """The element and what it stands in, innermost first."""
        line: list[str] = []
        at: str | None = element
        while at is not None:
            line.append(at)
            at = self.specification.entities[at].parent
        return line

    def _find(self, name: str, element: str, path: Path) -> tuple[int, FieldSpec] | None:
        """How many steps outwards a field stands, and what it is."""
        owner, _, field_name = name.rpartition(".")
        owner = ELEMENTS.get(owner, owner)
        for steps, at in enumerate(self._line_of(element)):
            fields = self.specification.entities[at].fields
            if field_name in fields and (not owner or owner == at):
                self._shown[f"{at}.{field_name}"] = None
                return steps, fields[field_name]
        held = self.specification.field_names.get(field_name, ())
        if not held:
            message = f"there is no ILR field {field_name!r} in {self.specification.year}."
            self._fault(path, message, "Check the spelling.")
        else:
            self._fault(
                path,
                f"{name} is not a field of {element} or of anything it is inside.",
                f"It is in {held[0]}: use has, count or total, or write each: with that.",
            )
        return None

    def _shows(self, names: list[str], element: str) -> list[str]:
        self._shown.clear()
        for number, name in enumerate(names):
            self._find(name, element, ("shows", number))
        return list(self._shown)

    # Conditions

    def _all(self, conditions: list[Condition], element: str, path: Path, depth: int) -> Test:
        if depth > DEEPEST:
            self._fault(path, "conditions are nested too deeply.", "Make two rules.")
            return _never
        tests = [self._test(c, element, (*path, n), depth) for n, c in enumerate(conditions)]
        if len(tests) == 1:
            return tests[0]
        return lambda entity, check: all(test(entity, check) for test in tests)

    def _test(self, condition: Condition, element: str, path: Path, depth: int) -> Test:
        for name, group in (("any", condition.any_), ("none", condition.none_)):
            if group is not None:
                tests = [
                    self._all([one], element, (*path, name, n), depth + 1)
                    for n, one in enumerate(group)
                ]
                wanted = name == "any"
                return lambda entity, check: any(t(entity, check) for t in tests) is wanted
        if condition.all_ is not None:
            return self._all(condition.all_, element, (*path, "all"), depth + 1)
        for name in ("has", "lacks"):
            given = getattr(condition, name)
            if given is not None:
                inside = self._inside(given, condition, element, (*path, name), depth)
                wanted = name == "has"
                return lambda entity, check: any(True for _ in inside(entity, check)) is wanted
        subject = self._subject(condition, element, path, depth)
        if subject is None:
            return _never
        tests = [
            self._against(name, given, subject, element, (*path, name))
            for name, given in condition.tests.items()
        ]
        return lambda entity, check: all(test(entity, check) for test in tests)

    def _subject(
        self, condition: Condition, element: str, path: Path, depth: int
    ) -> _Subject | None:
        if condition.field is not None:
            return self._field(condition.field, element, (*path, "field"))
        if condition.count is not None:
            inside = self._inside(condition.count, condition, element, (*path, "count"), depth)
            return _Subject(lambda entity, check: sum(1 for _ in inside(entity, check)), "int")
        if condition.total is not None:
            return self._total(condition, element, (*path, "total"), depth)
        if condition.days is not None:
            return self._days(condition.days, element, (*path, "days"))
        return self._age(condition.age_on or "", element, (*path, "age_on"))

    def _field(self, name: str, element: str, path: Path) -> _Subject | None:
        found = self._find(name, element, path)
        if found is None:
            return None
        steps, spec = found
        kind = "date" if spec.type == "datetime" else spec.type
        whole_day = spec.type == "datetime"

        def get(entity: Entity, check: Check) -> Any:
            at = entity
            for _ in range(steps):
                at = at.parent  # type: ignore[assignment]  # the schema says that it has one
            value = getattr(at, spec.name)
            return value.date() if whole_day and isinstance(value, datetime) else value

        return _Subject(get, kind, spec)

    def _total(self, condition: Condition, element: str, path: Path, depth: int) -> _Subject | None:
        owner, _, field_name = (condition.total or "").rpartition(".")
        if not owner:
            self._fault(path, "total needs an element.", "Write it like placement.WorkPlaceHours.")
            return None
        official = self._element(owner, path)
        if official is None:
            return None
        part = self._field(f"{official}.{field_name}", official, path)
        if part is None:
            return None
        if part.kind not in ("int", "decimal"):
            self._fault(path, f"{field_name} is not a number.", "total adds numbers.")
            return None
        inside = self._inside(owner, condition, element, path, depth)

        def get(entity: Entity, check: Check) -> Any:
            values = (part.get(one, check) for one in inside(entity, check))
            return sum((value for value in values if is_present(value)), 0)

        return _Subject(get, "decimal")

    def _days(self, names: list[str], element: str, path: Path) -> _Subject | None:
        ends = [self._field(name, element, (*path, n)) for n, name in enumerate(names)]
        first, last = ends
        if first is None or last is None:
            return None
        for number, end in enumerate((first, last)):
            if end.kind != "date":
                self._fault((*path, number), f"{names[number]} is not a date.", "days needs dates.")
                return None

        def get(entity: Entity, check: Check) -> Any:
            start, end = first.get(entity, check), last.get(entity, check)
            return (end - start).days if is_present(start) and is_present(end) else ABSENT

        return _Subject(get, "int")

    def _age(self, day: str, element: str, path: Path) -> _Subject | None:
        steps = self._line_of(element).index("Learner")
        self._shown["Learner.DateOfBirth"] = None
        if day == AUGUST_31:
            on: Getter = lambda entity, check: august_31(check.year)  # noqa: E731
        else:
            found = self._field(day, element, path)
            if found is None:
                return None
            if found.kind != "date":
                remedy = f'Name a date field, or write "{AUGUST_31}".'
                self._fault(path, f"{day} is not a date.", remedy)
                return None
            on = found.get

        def get(entity: Entity, check: Check) -> Any:
            at = entity
            for _ in range(steps):
                at = at.parent  # type: ignore[assignment]
            assert isinstance(at, Learner)  # noqa: S101 - the line of elements says so
            age = age_on(at, on(entity, check))
            return ABSENT if age is None else age

        return _Subject(get, "int")

    def _inside(
        self, name: str, condition: Condition, element: str, path: Path, depth: int
    ) -> Callable[[Entity, Check], Iterator[Entity]]:
        """The elements of one kind in the nearest part that can hold them, ``where`` applied."""
        wanted = self._element(name, path)
        if wanted is None:
            return lambda entity, check: iter(())
        outwards = self._line_of(element)
        down: list[str] = [wanted]
        at = self.specification.entities[wanted].parent
        while at is not None and at not in outwards:
            down.insert(0, at)
            at = self.specification.entities[at].parent
        if at is None or at == "Message":
            self._fault(path, f"{name} is not part of a learner.", "Count what is in a learner.")
            return lambda entity, check: iter(())
        steps = outwards.index(at)
        test = (
            self._all(condition.where, wanted, (*path[:-1], "where"), depth + 1)
            if condition.where
            else None
        )
        kinds = [ENTITIES[one] for one in down]

        def inside(entity: Entity, check: Check) -> Iterator[Entity]:
            start = entity
            for _ in range(steps):
                start = start.parent  # type: ignore[assignment]
            level: list[Entity] = [start]
            for kind in kinds:
                level = [child for one in level for child in one.of(kind)]
            return (one for one in level if test is None or test(one, check))

        return inside

    # Tests

    def _against(self, name: str, given: Any, subject: _Subject, element: str, path: Path) -> Test:
        """One test of a subject. What does not fit its kind of value is a fault."""
        get = subject.get
        if name == "missing":
            return lambda entity, check: is_present(get(entity, check)) is not given
        if name == "starts_with":
            if subject.kind != "string":
                self._fault(path, "starts_with is for text.", "Use is, below or above.")
            start = str(given).casefold()
            return lambda entity, check: str(get(entity, check)).casefold().startswith(start)
        if name in _FOR_DATES and subject.kind != "date":
            self._fault(path, f"{name} is for dates.", "For numbers use below or above.")
            return _never
        if name in _FOR_NUMBERS and subject.kind == "string":
            self._fault(path, f"{name} is for numbers and dates.", "Use is or starts_with.")
            return _never
        if name in ("is", "is_not"):
            return self._listed(name, given, subject, element, path)
        if name in ("between", "outside"):
            return self._span(name, given, subject, element, path)
        limit = self._value(given, subject, element, path)
        compare = _COMPARE[name]
        return lambda entity, check: bool(compare(get(entity, check), limit(entity, check)))

    def _listed(self, name: str, given: Any, subject: _Subject, element: str, path: Path) -> Test:
        get = subject.get
        listed = given if isinstance(given, list) else [given]
        values = [
            self._value(one, subject, element, (*path, n) if isinstance(given, list) else path)
            for n, one in enumerate(listed)
        ]
        text = subject.kind == "string"

        def test(entity: Entity, check: Check) -> bool:
            value = get(entity, check)
            if not is_present(value):
                return False
            value = str(value).casefold() if text else value
            found = any(value == one(entity, check) for one in values)
            return found is (name == "is")

        return test

    def _span(self, name: str, given: Any, subject: _Subject, element: str, path: Path) -> Test:
        get = subject.get
        if subject.kind == "string":
            self._fault(path, f"{name} is for numbers and dates.", "Use is, with a list.")
            return _never
        low, high = (self._value(one, subject, element, (*path, n)) for n, one in enumerate(given))
        if name == "between":
            return lambda e, c: bool(low(e, c) <= get(e, c)) and bool(get(e, c) <= high(e, c))
        return lambda e, c: bool(get(e, c) < low(e, c)) or bool(get(e, c) > high(e, c))

    def _value(self, given: Any, subject: _Subject, element: str, path: Path) -> Getter:
        """A value to compare with: written out, or another field's."""
        if isinstance(given, OtherField):
            other = self._field(given.field, element, (*path, "field"))
            if other is None:
                return _absent
            numbers = {"int", "decimal"}
            if other.kind != subject.kind and not {other.kind, subject.kind} <= numbers:
                self._fault(path, f"{given.field} is another kind of value.", "Compare like kinds.")
            if subject.kind == "string":
                return lambda entity, check: str(other.get(entity, check)).casefold()
            return other.get
        try:
            value = _typed(str(given), subject.kind)
        except ValueError as error:
            self._fault(path, f"{str(given)!r} {error}", "")
            return _absent
        self._coded(str(given), subject, path)
        return lambda entity, check: value

    def _coded(self, given: str, subject: _Subject, path: Path) -> None:
        """A code that is not in the field's list would never be met: most often a slip."""
        spec = subject.spec
        if spec is None or path[-1] in (*_FOR_NUMBERS, "outside", "between"):
            return
        codes = spec.codes or spec.types
        if codes and spec.codes_complete and given.upper() not in {c.upper() for c in codes}:
            self._fault(
                path,
                f"{given!r} is not a code of {spec.name} in {self.specification.year}.",
                "See: explain " + spec.name,
            )


def _typed(text: str, kind: str) -> Any:
    """The value as its kind. ValueError finishes the sentence "<value> …"."""
    if kind == "string":
        return text.casefold()
    if kind == "date":
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        raise ValueError("is not a date (write 2026-08-01).")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("is not a number.") from None
    if not number.is_finite():
        raise ValueError("is not a number.")
    return int(number) if number == number.to_integral_value() else number


def _never(entity: Entity, check: Check) -> bool:
    """The test of a condition that cannot be; its rule is not run."""
    return False


def _absent(entity: Entity, check: Check) -> Any:
    return ABSENT

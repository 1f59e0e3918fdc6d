"""What a college corrects or adds in its own folder: return dates and codes.

``ilr/years.yaml`` there gives return dates, ``ilr/codes.yaml`` codes. Both are laid over the
shipped specification; what they do not name stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field, TypeAdapter

from bot.errors import KnowledgeError, Problem
from bot.ilr.specification import (
    Code,
    CodedType,
    EntityRow,
    FieldRow,
    ReturnDate,
    Specification,
    YearFacts,
    not_in_yet,
)
from bot.schema import Model
from bot.yaml_files import Document, read_yaml, validate
from bot.years import AcademicYear

__all__ = ["CODES", "YEARS", "OwnCodes", "OwnYears", "laid_over", "own_specification"]

YEARS = Path("ilr") / "years.yaml"
CODES = Path("ilr") / "codes.yaml"


class OwnYear(Model):
    """The return dates of one year, as far as they differ or are not held."""

    year: str = Field(pattern=r"^20\d\d-\d\d$")
    returns: list[ReturnDate] = Field(min_length=1)
    returns_note: str | None = None


class OwnYears(Model):
    """ilr/years.yaml of a college's own folder."""

    years: list[OwnYear]


class OwnCode(Code):
    """A code to add, or to put in the place of the shipped one of that name."""

    of: str = Field(
        pattern=r"^[A-Za-z]+\.[A-Za-z0-9]+$",
        description="The field or the type it belongs to: Learner.Sex, LearningDeliveryFAM.LDM",
    )


class OwnCodes(Model):
    """ilr/codes.yaml of a college's own folder."""

    codes: list[OwnCode]


def own_specification(shipped: Specification, own: Path) -> Specification:
    """The shipped specification with a college's own folder over it.

    Raises KnowledgeError with file, line and remedy.
    """
    if not (own / YEARS).is_file() and not (own / CODES).is_file():
        return shipped
    facts, rows = dict(shipped.facts), dict(shipped.rows)
    if (own / YEARS).is_file():
        document = _read(own, YEARS)
        given = validate(document, TypeAdapter(OwnYears))
        for year in given.years:
            name = AcademicYear.parse(year.year)
            facts[name] = laid_over(facts.get(name), year)
    if (own / CODES).is_file():
        document = _read(own, CODES)
        for number, code in enumerate(validate(document, TypeAdapter(OwnCodes)).codes):
            _add_code(rows, code, document.problem(("codes", number, "of"), ""))
    return shipped.changed(facts, list(rows.values()))


def _read(own: Path, file: Path) -> Document:
    return read_yaml(own / file, shown_as=str(Path(own.name) / file))


def laid_over(held: YearFacts | None, own: OwnYear) -> YearFacts:
    """A year with a college's dates over those held, or a year of which only they are known."""
    base = held or not_in_yet(AcademicYear.parse(own.year))
    given = [one.model_copy(update={"own": True}) for one in own.returns]
    dates = {one.code: one for one in (*base.returns, *given)}
    changed: dict[str, object] = {"returns": [dates[code] for code in sorted(dates)]}
    if own.returns_note:
        changed["returns_note"] = own.returns_note
    return base.model_copy(update=changed)


def _add_code(rows: dict[str, EntityRow], own: OwnCode, place: Problem) -> None:
    entity, _, name = own.of.partition(".")
    code = Code.model_validate(own.model_dump(exclude={"of"}) | {"own": True})
    row = rows.get(entity)
    for number, field in enumerate(row.fields if row else ()):
        changed = _with_code(field, name, code)
        if row and changed:
            fields = [*row.fields[:number], changed, *row.fields[number + 1 :]]
            rows[entity] = row.model_copy(update={"fields": fields})
            return
    message = f"there is no field or type {own.of!r}."
    remedy = "Write it like Learner.Sex or LearningDeliveryFAM.LDM."
    raise KnowledgeError([Problem(place.file, place.line, message, remedy)])


def _with_code(field: FieldRow, name: str, code: Code) -> FieldRow | None:
    """The field with a code more, when the name is its own or that of one of its types."""
    if field.name == name and not field.types:
        plain = " ".join(one for one in (field.plain_codes or "").split() if one != code.code)
        update = {"codes": _replaced(field.codes, code), "plain_codes": plain or None}
        return field.model_copy(update=update)
    for number, kind in enumerate(field.types):
        if kind.code == name:
            longer: CodedType = kind.model_copy(update={"codes": _replaced(kind.codes, code)})
            types = [*field.types[:number], longer, *field.types[number + 1 :]]
            return field.model_copy(update={"types": types})
    return None


def _replaced(codes: Sequence[Code], code: Code) -> list[Code]:
    return [*(one for one in codes if one.code != code.code), code]

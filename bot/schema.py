"""What every curated file's model is made of: strict, frozen, with years and sources."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from bot.years import YearRange

__all__ = ["Identifier", "Model", "Source", "Years"]

Years = Annotated[
    YearRange,
    BeforeValidator(YearRange.from_data),
    PlainSerializer(lambda years: years.to_json()),
    WithJsonSchema(
        {
            "oneOf": [
                {"type": "string", "pattern": r"^20\d\d-\d\d$"},
                {
                    "type": "object",
                    "properties": {
                        "from": {"type": "string", "pattern": r"^20\d\d-\d\d$"},
                        "to": {"type": "string", "pattern": r"^20\d\d-\d\d$"},
                    },
                    "required": ["from"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class Model(BaseModel):
    """No unknown keys, no later changes."""

    # Built when first used: a question needs few of the models, and each takes a millisecond.
    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True
    )


class Source(Model):
    """Where a statement was read."""

    title: str = Field(min_length=3)
    url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    year: str = Field(
        min_length=4,
        description="The academic year or years it speaks for, e.g. 2024-25, or 'year-less'",
    )

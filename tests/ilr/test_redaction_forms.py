"""Nothing of anybody survives in the forms of prices, destinations, headings and signatures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.ilr.readers import looks_like_record
from bot.ilr.redaction import redact
from bot.privacy import mask, says_too_much, to_keep

FORMS = [
    (one["text"], one["secrets"])
    for one in yaml.safe_load(Path(__file__).with_name("redaction-forms.yaml").read_text("utf-8"))
]


def left_in(text: str, secrets: list[str]) -> list[str]:
    """The secrets that stand in a text, in whatever capitals."""
    return [
        one for one in secrets if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text, re.IGNORECASE)
    ]


@pytest.mark.parametrize(("text", "secrets"), FORMS)
def test_nothing_survives_in_a_copy_or_in_what_is_kept(text: str, secrets: list[str]) -> None:
    assert left_in(text, secrets) == secrets
    assert left_in(redact(text), secrets) == []
    assert left_in(to_keep(text), secrets) == []
    assert looks_like_record(text) or says_too_much(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("*XD20118 - Folake Adebayo*", "*[learner reference] - [name]*"),
        ("## Folake Adebayo (XD20118)", "## [name] ([learner reference])"),
        ("Kind regards,\nFolake Adebayo\nMIS Officer", "Kind regards,\n[name]\nMIS Officer"),
        ("Folake Adebayo  10:14 AM\nno idea", "[name]  10:14 AM\nno idea"),
        ("ST0119 - Business Administrator", "ST0119 - Business Administrator"),
        ("Thanks\nWhat does R_96 mean?", "Thanks\nWhat does R_96 mean?"),
    ],
)
def test_a_line_that_names_somebody_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_each_part_of_a_learners_heading_is_replaced_as_what_it_is() -> None:
    copy = redact(
        "Learner: XD20118 ADEBAYO, Folake DOB 03/02/2008\nAim: 60159981\nStart: 07/09/2026\n"
    )
    assert re.match(r"Learner: [A-Z]{2}\d{5} [A-Z]+, [A-Z][a-z]+ DOB \d\d/\d\d/20\d\d\n", copy)

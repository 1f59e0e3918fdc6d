"""Too much of anything is refused by counting, before it is parsed."""

from __future__ import annotations

import json

import pytest

from bot.errors import InputError
from bot.ilr.readers import detect, read

AIM = "<LearningDelivery><LearnAimRef>50086832</LearnAimRef></LearningDelivery>"


def learner(number: int, aims: int) -> str:
    return f"<Learner><LearnRefNumber>{number}</LearnRefNumber>{AIM * aims}</Learner>"


TOO_MUCH = {
    "elements": ("<Learner>" + "<LearningDelivery/>" * 500_000 + "</Learner>", "500,001 elements"),
    "attributes": (
        "<Message>\n<Learner " + " ".join(f'a{n}="1"' for n in range(150_000)) + "/></Message>",
        "line 2 has more than 100 attributes",
    ),
    "aims of a learner": (learner(1, 2) + learner(2, 1_001), "more than 1,000 aims"),
    "aims": (
        "<Message>" + "".join(learner(n, 60) for n in range(900)) + "</Message>",
        "54,000 aims",
    ),
    "depth": ("<Message>\n" + "<Learner>" * 2_000, "At line 2 more than 1,000 parts"),
    "rows of JSON": (
        json.dumps([{"LearnRefNumber": "1", "FundModel": 25}] * 140_000),
        "140,000 objects",
    ),
    "aims of a learner in JSON": (
        json.dumps(
            {"LearnRefNumber": "1", "LearningDelivery": [{"LearnAimRef": "50086832"}] * 1_001}
        ),
        "more than 1,000 aims",
    ),
    "lines of a list": (
        "LearnAimRef: 50086832\n" + "Placement 1: 01/09/2026\n" * 9_990,
        "9,992 lines",
    ),
}


@pytest.mark.parametrize("shape", TOO_MUCH)
def test_too_much_is_said_and_no_reader_begins(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("read_xml", "read_json", "read_list"):
        monkeypatch.setattr(detect, name, lambda text: pytest.fail("it was parsed"))
    text, said = TOO_MUCH[shape]
    with pytest.raises(InputError, match=said):
        read(text)


def test_an_ordinary_return_of_many_learners_is_read() -> None:
    text = "<Message>" + "".join(learner(n, 3) for n in range(3_000)) + "</Message>"
    assert len(read(text).message.children) == 3_000


def test_as_many_aims_as_a_learner_may_have_are_read() -> None:
    found = read(learner(1, 1_000)).message.children[0]
    assert len([part for part in found.children if part.name == "LearningDelivery"]) == 1_000

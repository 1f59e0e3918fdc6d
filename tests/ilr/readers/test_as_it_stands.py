"""XML that needs no tidying is read at once, and comes to the same as the long way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.ilr.readers import xml
from tests.benchmarks.invented import HEAD, learner

PASTES = sorted((Path(__file__).parents[2] / "pastes" / "xml").glob("*.xml"))
PLAIN = f"{HEAD}{learner(1, 6)}</Message>\n"
INDENTED = PLAIN.replace("><", ">\n  <")


def the_long_way(monkeypatch: pytest.MonkeyPatch, text: str) -> str:
    with monkeypatch.context() as patch:
        patch.setattr(xml, "as_it_stands", lambda _: None)
        return repr(xml.read_xml(text))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        INDENTED,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("<CompStatus>", "stray<CompStatus>"),
        PLAIN.replace("<CompStatus>", '<CompStatus x="1">'),
        PLAIN.replace("<LearningDelivery>", '<LearningDelivery AimType="4">'),
        PLAIN.replace("<CompStatus>", "<Foo>1</Foo><CompStatus>"),
        PLAIN.replace("<CompStatus>", "<Foo><CompStatus>1</CompStatus></Foo><CompStatus>"),
        PLAIN.replace("LearnAimRef", "learnaimref"),
        PLAIN.replace("Made-up Road", "R&amp;D Road"),
        PLAIN.replace("Made-up Road", "Rue é"),
        PLAIN.replace("<Learner>", "<!-- <learnaimref> --><Learner>"),
        PLAIN.replace("</", "</ilr:").replace("<L", "<ilr:L").replace("<W", "<ilr:W"),
        PLAIN[: len(PLAIN) // 2],
        "".join(f"> {line}\n" for line in INDENTED.split("\n")),
        "".join(f"{number} {line}\n" for number, line in enumerate(INDENTED.split("\n"), 1)),
        INDENTED.replace("\n  <LearningDelivery>", "\n- <LearningDelivery>"),
        f"```\n{INDENTED}```",
    ],
)  # fmt: skip
def test_it_comes_to_the_same(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    assert repr(xml.read_xml(text)) == the_long_way(monkeypatch, text)


@pytest.mark.parametrize("path", PASTES, ids=lambda path: path.stem)
def test_every_paste_comes_to_the_same(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        read = repr(xml.read_xml(text))
    except InputError as error:
        with pytest.raises(InputError, match="^" + re.escape(str(error))):
            the_long_way(monkeypatch, text)
    else:
        assert read == the_long_way(monkeypatch, text)


def test_what_an_export_writes_is_read_at_once() -> None:
    for text in (PLAIN, INDENTED):
        reading = xml.as_it_stands(text)
        assert reading is not None
        assert (reading.namespace, reading.year_text) == ("ILR/2026-27", "2627")

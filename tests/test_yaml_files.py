"""YAML as curators may save it: taken, or refused with file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.yaml_files import read_yaml


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("- id: a\n  question: {{x}}\n", 2, "is not valid YAML"),
        ("- &a [*a]\n", 1, "is referred to by an *alias"),
        ("- id: &x a\n- id: *x\n", 1, "is referred to by an *alias"),
        ("a: !!python/name:os.system\n", 1, "is not valid YAML"),
        ("a: 1\na: 2\n", 2, "the key 'a' stands twice"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        read_yaml(path)
    (problem,) = refused.value.problems
    assert (problem.line, says in problem.message) == (line, True)
    assert problem.remedy


def test_what_no_json_holds_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILR_CACHE_DIR", str(tmp_path / "cache"))
    path = tmp_path / "ours.yaml"
    path.write_text("a: !!set {b}\n", encoding="utf-8")
    assert read_yaml(path).data == {"a": {"b"}}

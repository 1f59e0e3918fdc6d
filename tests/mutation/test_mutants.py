"""The ways in which code is changed, and that a change is seen by whoever imports the module."""

from __future__ import annotations

import ast

import pytest

from tests.mutation.mutants import mutants_of
from tests.mutation.targets import REPOSITORY, TARGETS


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("a < b", ["a <= b", "a >= b"]),
        ("a == b", ["a != b"]),
        ("a < b < c", ["a <= b < c", "a < b <= c"]),
        ("a and b", ["a or b", "b", "a"]),
        ("a or b or c", ["a and b and c", "b or c", "a or c", "a or b"]),
        ("not a", ["a"]),
        ("a + b", ["a - b"]),
        ("f(3)", ["pass", "f(4)"]),
        ("x = True", ["x = False"]),
        ("x = min(a)", ["x = max(a)"]),
        ("x = a if b else c", ["x = c if b else a"]),
        ("x = [a for a in b if c]", ["x = [a for a in b]"]),
        ("if a: b = c", ["if not a:\n    b = c"]),
        ("raise E", ["pass"]),
        ("log.info(3)", []),
        ("'text'", []),
        ("x: Literal[3] = y", []),
        ("__all__ = [1]", []),
    ],
)
def test_a_place_is_changed_in_each_way(code: str, changed: list[str]) -> None:
    assert [ast.unparse(mutant.tree()) for mutant in mutants_of(code)] == changed


def test_a_mutant_knows_its_function_and_line() -> None:
    code = "class A:\n  def f(self):\n    def g():\n      return x < 1\n    return g()\n"
    found = mutants_of(code)
    assert {mutant.function for mutant in found} == {"A.f"}
    assert {mutant.line for mutant in found} == {4, 5}
    assert [mutant.number for mutant in found] == list(range(len(found)))


def test_every_target_has_files_and_tests() -> None:
    for target in TARGETS.values():
        assert target.paths()
        assert all((REPOSITORY / "tests" / name).exists() for name in target.tests)

"""The ways in which a module is changed, one place at a time."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Mutant", "mutants_of"]

_BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OPERATOR: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult, ast.Mod: ast.FloorDiv, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_FUNCTION = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """One change: its kind, where it is, and what stands there before and after."""

    number: int
    kind: str
    line: int
    function: str
    """Qualified name of the function it is in; "" at the level of the module or of a class."""
    module: ast.Module
    place: ast.AST
    changed: ast.AST

    @property
    def before(self) -> str:
        """The place as it is written."""
        return ast.unparse(self.place)

    @property
    def after(self) -> str:
        """What stands there instead."""
        return ast.unparse(self.changed)

    def tree(self) -> ast.Module:
        """The module's tree with the change, all its nodes new: made when the mutant is run."""
        there = {id(self.place): ast.copy_location(self.changed, self.place)}
        return ast.fix_missing_locations(copy.deepcopy(self.module, there))


def mutants_of(source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its text."""
    tree = ast.parse(source)
    found = []
    for place, function in _places(tree):
        for kind, changed in _changes(place):
            found.append(
                Mutant(
                    len(found),
                    kind,
                    getattr(place, "lineno", 0) or place.target.lineno,  # a comprehension has none
                    function,
                    tree,
                    place,
                    changed,
                )
            )
    return found


def _places(
    node: ast.AST, names: tuple[str, ...] = (), inside: str = ""
) -> Iterator[tuple[ast.AST, str]]:
    """Each node that may be changed, with the name of the function it is in."""
    yield node, inside
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_left(child):
                continue
            if isinstance(child, ast.FunctionDef):
                named = (*names, child.name)
                yield from _places(child, (*named, "<locals>"), inside or ".".join(named))
            elif isinstance(child, ast.ClassDef):
                yield from _places(child, (*names, child.name), inside)
            else:
                yield from _places(child, names, inside)


def _is_left(node: ast.AST) -> bool:
    """Texts, what is exported, what is logged."""
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
    if isinstance(node, ast.Expr):
        call = node.value
        return isinstance(call, ast.Constant) or (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id in ("log", "logger", "logging")
        )
    return isinstance(node, ast.JoinedStr)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Kind and replacement, for each way to change a node."""
    match node:
        case ast.Compare(left, [operator], right):
            if other := _BOUNDARY.get(type(operator)):
                yield "boundary", ast.Compare(left, [other()], right)
            if other := _OPPOSITE.get(type(operator)):
                yield "comparison", ast.Compare(left, [other()], right)
        case ast.Compare(left, operators, right):
            for at, operator in enumerate(operators):
                if other := _BOUNDARY.get(type(operator)):
                    changed = [*operators[:at], other(), *operators[at + 1 :]]
                    yield "boundary", ast.Compare(left, changed, right)
        case ast.BoolOp(operator, values):
            other_way = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield "and, or", ast.BoolOp(other_way, values)
            for at in range(len(values)):
                left = [*values[:at], *values[at + 1 :]]
                yield (
                    "condition left out",
                    left[0] if len(left) == 1 else ast.BoolOp(operator, left),
                )
        case ast.UnaryOp(ast.Not(), operand):
            yield "not", operand
        case ast.BinOp(left, operator, right) if type(operator) in _OPERATOR:
            yield "arithmetic", ast.BinOp(left, _OPERATOR[type(operator)](), right)
        case ast.Constant(bool() as value):
            yield "true, false", ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield "number", ast.Constant(value + 1)
        case ast.If(test, body, otherwise) if not isinstance(test, ast.Compare | ast.BoolOp):
            turned = ast.UnaryOp(ast.Not(), test)
            yield "if", ast.If(turned, body, otherwise)
        case ast.IfExp(test, body, otherwise):
            yield "if", ast.IfExp(test, otherwise, body)
        case ast.Return(ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "returned", ast.Return(ast.Constant(None))
        case ast.Raise():
            yield "error not raised", ast.Pass()
        case ast.Expr(ast.Call()):
            yield "call left out", ast.Pass()
        case ast.AugAssign(target, operator, value) if type(operator) in _OPERATOR:
            yield "arithmetic", ast.AugAssign(target, _OPERATOR[type(operator)](), value)
        case ast.Continue():
            yield "loop", ast.Break()
        case ast.Break():
            yield "loop", ast.Continue()
        case ast.Call(ast.Name(name), arguments, keywords) if name in _FUNCTION:
            changed_name = ast.Name(_FUNCTION[name], ast.Load())
            yield "min, max, any, all", ast.Call(changed_name, arguments, keywords)
        case ast.comprehension(target, iterated, conditions, is_async) if conditions:
            for at in range(len(conditions)):
                left = [*conditions[:at], *conditions[at + 1 :]]
                yield "condition left out", ast.comprehension(target, iterated, left, is_async)

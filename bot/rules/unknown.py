"""What stands in an outline for a value that it does not show.

``UNKNOWN`` is a value of which nothing is known but that it is there. Of some fields rules mostly
ask whether the value is one of a few that they name: a class code among the references of aims, the
temporary ULN. Any other value is shown as one that is none of these (``other_than``), so that such
a rule comes to its end. Whatever else is done with any of them raises ``AskedForMore``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

__all__ = [
    "CLASS_CODE",
    "UNKNOWN",
    "AskedForMore",
    "AskedForReference",
    "NoClassCode",
    "References",
    "Unknown",
    "UnknownReference",
    "Unlisted",
    "above_of",
    "other_than",
]


class AskedForMore(Exception):  # noqa: N818 - it is an outcome, not an error
    """A rule asked an outline for something that differs from entity to entity."""


class AskedForReference(AskedForMore):
    """It was the reference of the aim that it asked for."""


def _ask(*_: object) -> NoReturn:
    raise AskedForMore


def _ask_for_reference(*_: object) -> NoReturn:
    raise AskedForReference


_ASKED = (
    "getattribute bool str repr format hash eq ne lt le gt ge len iter getitem contains call"
    " add radd sub rsub mul rmul"
).split()


def _unknown(ask: Callable[..., NoReturn], **known: Callable[..., Any]) -> type[Any]:
    """Values that are there, but not known. Whatever is done with one but ``is`` raises, if it is
    not among what is ``known``. Each field has one of its own: to Python what is the same object is
    equal where it stands in a tuple, whatever it says itself."""
    does = {"__slots__": (), **{f"__{name}__": known.get(name, ask) for name in _ASKED}}
    return type("_Unknown", (), does)


Unknown = _unknown(_ask)
"""Stands for a value that an outline does not show."""
UNKNOWN: Any = Unknown()
"""One of them, where there is but one."""
UnknownReference = _unknown(_ask_for_reference)
"""The same, for the reference of an aim."""


def other_than(
    is_named: Callable[[object], bool], ask: Callable[..., NoReturn] = _ask
) -> type[Any]:
    """Stands for any value but those that are named: it is told from each of these."""

    def differs(value: object) -> bool:
        if not is_named(value):
            ask()
        return True

    def begins(start: str | tuple[str, ...]) -> bool:
        for one in (start,) if isinstance(start, str) else start:
            differs(one)
        return False

    def attribute(_: object, name: str) -> Callable[[Any], bool]:
        if name != "startswith":
            ask()
        return begins

    return _unknown(
        ask,
        eq=lambda _, value: not differs(value),
        ne=lambda _, value: differs(value),
        getattribute=attribute,
    )


CLASS_CODE = "Z"
"""How the reference of an aim begins that is no qualification, but a class of learning."""


def _is_class_code(value: object) -> bool:
    return isinstance(value, str) and value.startswith(CLASS_CODE)


NoClassCode = other_than(_is_class_code, _ask_for_reference)
"""Stands for the reference of an aim that does not begin as a class code does."""
Unlisted = other_than(_is_class_code)
"""The same, of a reference that is in no list of aims which rules look into: LARS, or where that is
not held, the technical qualifications of T Levels."""


class References(frozenset[str]):
    """References of aims that a rule names. Asked whether it has one, it also answers for one that
    stands in an outline, which a plain set cannot."""

    __slots__ = ()

    def __contains__(self, ref: object) -> bool:
        if type(ref) is NoClassCode or type(ref) is Unlisted:
            return any(ref == one for one in self)
        return frozenset.__contains__(self, ref)


class _Above:
    """What an entity stands in, of which an outline shows no more than it is given here."""

    __slots__ = ("children", "parent")
    __getattr__ = __eq__ = __ne__ = __hash__ = _ask
    __class__ = property(_ask)


class _Named:
    """A provider of which the UKPRN is known."""

    __slots__ = ("_ukprn",)

    def __init__(self, ukprn: str) -> None:
        self._ukprn = ukprn

    def shown(self, name: str) -> str:
        if name != "UKPRN":
            raise AskedForMore
        return self._ukprn


class _Children:
    """The parts of a file, of which only the providers are known."""

    __slots__ = ("_known",)

    def __init__(self, known: Mapping[str, list[Any]]) -> None:
        self._known = known

    def get(self, name: str, _: object = None) -> list[Any]:
        if name not in self._known:
            raise AskedForMore
        return self._known[name]


def above_of(height: int, provider: str, ukprns: tuple[str, ...]) -> Any:
    """What stands so many steps below the file stands in. ``provider``: how the part of the file
    is called that has one of the UKPRNs."""
    above: Any = _Above()
    above.children = _Children({provider: [_Named(ukprn) for ukprn in ukprns]})
    for _ in range(height - 1):
        within: Any = _Above()
        within.parent = above
        above = within
    return above

"""Read curated YAML: safe, strict about duplicates and traps, quick the second time.

YAML turns ``No`` into false, ``01`` into 1 and ``2026-08-01`` into a date. Codes and
years are text in the ILR, so scalars stay text unless they are plain true, false or null;
pydantic converts what a field declares. Parsed files are kept as JSON under the cache
folder by the hash of their bytes, because parsing 1 MB of YAML costs a second and the
terminal's first answer should not.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.errors import KnowledgeError, Problem

__all__ = [
    "Document",
    "StringLoader",
    "cache_folder",
    "prepared_folder",
    "quick_load",
    "read_yaml",
    "reference_databases",
    "shipped_knowledge",
    "validate",
]

T = TypeVar("T")
Path_ = tuple[str | int, ...]
# Raised when the way files are parsed changes, so that old cache files are not used.
_FORMAT = 3
MAX_DEPTH = 40
"""Lists and mappings within one another; the knowledge has 12 at most."""


class StringLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which dates, numbers, yes and no stay as they were typed."""


StringLoader.yaml_implicit_resolvers = {}
StringLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")
)
StringLoader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""]
)
StringLoader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])


class Document:
    """A parsed file and where each of its parts stands."""

    def __init__(self, file: str, data: Any, text: str) -> None:
        self.file = file
        self.data = data
        self._text = text
        self._lines: dict[Path_, int] | None = None

    @cached_property
    def _rows(self) -> list[str]:
        return self._text.splitlines() or [""]

    def line(self, path: Path_) -> int:
        """Line (from 1) of the deepest part of ``path`` that is in the file."""
        if self._lines is None:
            self._lines = dict(_positions(yaml.compose(self._text, Loader=StringLoader)))
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def raw_line(self, path: Path_) -> str:
        """The line of ``path`` as it was typed."""
        return self._rows[self.line(path) - 1]

    def problem(self, path: Path_, message: str, remedy: str = "") -> Problem:
        """A Problem at the place of ``path``."""
        return Problem(self.file, self.line(path), message, remedy)


def cache_folder() -> Path:
    """Where derived data may be kept between runs: ILR_CACHE_DIR, else the user's cache."""
    explicit = os.environ.get("ILR_CACHE_DIR")
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(explicit) if explicit else Path(base) / "ilr-helpdesk"


def prepared_folder() -> Path:
    """What ``prepare --ship`` made of the shipped knowledge: a part of the installation, found by
    every start and never written by it. It need not be there."""
    return Path(__file__).parent / "_prepared"


def reference_databases() -> Path:
    """Where reference data is kept once it is loaded, beside what else is derived."""
    return cache_folder() / "reference"


@cache
def shipped_knowledge() -> Path:
    """The knowledge folder, wherever the package is installed."""
    inside = Path(__file__).parent / "_knowledge"
    return inside if inside.is_dir() else Path(__file__).parents[1] / "knowledge"


def read_yaml(path: Path, *, shown_as: str | None = None) -> Document:
    """Parse one file. Raises KnowledgeError with file, line and remedy."""
    name = shown_as or str(path)
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise KnowledgeError([Problem(name, 1, f"cannot be read: {error.strerror}.")]) from None
    except UnicodeDecodeError as error:
        raise KnowledgeError([_not_utf8(name, error)]) from None
    file = Path("yaml") / f"{_FORMAT}-{hashlib.sha256(raw).hexdigest()[:32]}.json"
    kept = cache_folder() / file
    for known in (prepared_folder() / file, kept):
        with contextlib.suppress(OSError, ValueError):
            return Document(name, json.loads(known.read_bytes()), text)
    data = _parse(name, text)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        partial.replace(kept)
    except (OSError, TypeError, ValueError):
        pass  # a read-only home, or a value that no JSON holds (!!set), only costs time
    return Document(name, data, text)


def quick_load(package: str, name: str) -> Any:
    """A word list that comes with a package, as ``yaml.safe_load`` has it, in a tenth of the
    time."""
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def validate(document: Document, adapter: TypeAdapter[T], *, data: Any = None) -> T:
    """The document as its typed model. Raises KnowledgeError naming every wrong place."""
    if document.data is None and data is None:
        remedy = "Write into it what its neighbours have, or remove the file."
        raise KnowledgeError([Problem(document.file, 1, "is empty.", remedy)])
    try:
        return adapter.validate_python(document.data if data is None else data)
    except ValidationError as error:
        raise KnowledgeError([_problem(document, item) for item in error.errors()]) from None


_FORMS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "Use small letters and figures, with hyphens between.",
    r"^https?://\S+$": "Write the whole address, from https:// on.",
    r"^20\d\d-\d\d$": "Write it like 2026-27.",
}
"""What a pattern of the models asks for, in words."""


def _problem(document: Document, error: Any) -> Problem:
    path = tuple(part for part in error["loc"] if isinstance(part, str | int))
    where = ".".join(str(part) for part in path if isinstance(part, str))
    kind = error["type"]
    blank = error["input"] is None or (
        isinstance(error["input"], str) and not error["input"].strip()
    )
    if kind == "list_type" and not path and isinstance(document.data, dict):
        message = "does not begin with a dash."
        remedy = "Begin each entry with a dash: - id: …, and its other keys two spaces in."
    elif kind in {"string_type", "string_pattern_mismatch"} and blank:
        message, remedy = f"{where} is blank.", "Fill it in."
    elif kind == "string_type" and isinstance(error["input"], dict):
        message = f"{where} has a colon in it."
        remedy = "Put it in quotes, so that it is read as text."
    elif kind == "extra_forbidden":
        message, remedy = f"unknown key {path[-1]!r}.", "Check the spelling, or remove it."
    elif kind == "missing":
        message, remedy = f"{path[-1]!r} is missing.", "Add it."
    elif kind == "string_type":
        message, remedy = f"{where} should be text.", 'Put it in quotes, e.g. "No".'
    elif kind == "too_short":
        message, remedy = f"{where} is empty.", "Give at least one."
    elif kind == "string_too_short":
        message = f"{where} is shorter than {error['ctx']['min_length']} characters."
        remedy = "Write it out."
    elif kind == "string_too_long":
        longest = error["ctx"]["max_length"]
        message = f"{where} is longer than {longest:,} characters."
        remedy = "Slack shows no more. Split it where a reader would ask two questions."
    elif kind == "string_pattern_mismatch":
        message = f"{where} cannot be {str(error['input'])[:40]!r}."
        remedy = _FORMS.get(error["ctx"]["pattern"], "Look at its neighbours for the form.")
    elif kind in {"enum", "literal_error"}:
        message = f"{where} cannot be {str(error['input'])[:40]!r}."
        remedy = f"Write {error['ctx']['expected']}."
    elif kind in {"date_from_datetime_parsing", "date_parsing"}:
        message, remedy = f"{where} is not a date.", "Write it like 2026-11-24."
    else:
        reason = error["msg"].removeprefix("Value error, ")
        message, remedy = f"{where}: {reason.rstrip('.')}.", ""
    if (blank or kind == "string_too_short") and " #" in document.raw_line(path):
        remedy = "From # on it is a comment: put the text in quotes."
    return document.problem(path, message, remedy)


def _parse(name: str, text: str) -> Any:
    try:
        _refuse_depth(name, text)
        root = yaml.compose(text, Loader=StringLoader)
        _refuse_references(name, root)
        duplicates = list(_duplicate_keys(root)) if root is not None else []
        if duplicates:
            remedy = "Keep one of them."
            raise KnowledgeError(
                [
                    Problem(name, line, f"the key {key!r} stands twice.", remedy)
                    for key, line in duplicates
                ]
            )
        return yaml.load(text, Loader=StringLoader)  # noqa: S506 - a SafeLoader subclass
    except yaml.YAMLError as error:
        raise KnowledgeError([_not_yaml(name, text, error)]) from None
    except ValueError:
        # A tag such as !!timestamp over what is none.
        line = next((n for n, one in enumerate(text.splitlines(), 1) if "!!" in one), 1)
        remedy = "Remove the !! and what belongs to it, or put the value in quotes."
        problem = Problem(name, line, "has a !! tag that cannot be read.", remedy)
        raise KnowledgeError([problem]) from None


def _not_utf8(name: str, error: UnicodeDecodeError) -> Problem:
    """The line of the first byte that is not UTF-8, with the character that it probably is."""
    line = error.object[: error.start].count(b"\n") + 1
    meant = error.object[error.start : error.start + 1].decode("cp1252", errors="ignore")
    message = f"is not UTF-8 text: it has {meant or 'a byte'} as Windows saves it."
    return Problem(name, line, message, "Save the file again with the encoding UTF-8.")


def _not_yaml(name: str, text: str, error: yaml.YAMLError) -> Problem:
    """What is wrong where, as far as the parser's complaint and the text tell."""
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or "is not YAML"
    lines = text.splitlines()
    at = min(mark.line, len(lines) - 1) if mark and lines else 0
    quote = _unclosed_quote(lines[: at + 1])
    if quote is not None:
        return Problem(name, quote + 1, "has a quote that is not closed.", "Close it.")
    line = lines[at] if lines else ""
    if "mapping values are not allowed" in reason and line.count(": ") + line.endswith(":") > 1:
        message, remedy = "has a colon inside a text.", "Put the text in quotes."
    elif "\t" in line:
        message, remedy = "has a tab in it.", "Use spaces."
    elif "cannot start any token" in reason:
        message = "has a text that begins with a sign of YAML's own, such as @ or %."
        remedy = "Put the text in quotes."
    else:
        message = f"is not valid YAML: {reason}."
        remedy = "Look for a missing quote, a tab, or indentation that differs from its neighbours."
    return Problem(name, at + 1, message, remedy)


_VALUE = re.compile(r"""\s*(?:-\s+)*(?:[\w-]+:\s+)?(?P<quote>["'])(?P<rest>.*)$""")


def _unclosed_quote(lines: list[str]) -> int | None:
    """The last line whose value opens a quote that neither it nor a line below it closes."""
    for number in range(len(lines) - 1, -1, -1):
        found = _VALUE.match(lines[number])
        if found is None:
            continue
        rest = re.sub(r"\\\\.|''", "", found["rest"])
        if found["quote"] not in rest and not any(
            one.rstrip().endswith(found["quote"]) and not _VALUE.match(one)
            for one in lines[number + 1 :]
        ):
            return number
    return None


def _refuse_depth(name: str, text: str) -> None:
    """Nothing nested deeper than people write: the reader below would use up the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=StringLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            remedy = "Remove what was pasted there by mistake."
            raise KnowledgeError([Problem(name, line, "is nested too deeply.", remedy)])


def _refuse_references(name: str, root: Any) -> None:
    """No &anchors and *aliases: one that holds itself never ends, and none is needed."""
    seen: set[int] = set()
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            line = node.start_mark.line + 1
            remedy = "Write the words again where they are needed, or put quotes around a *."
            raise KnowledgeError([Problem(name, line, "is referred to by an *alias.", remedy)])
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def _duplicate_keys(node: Any) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # {{x}}, say: refused when it is loaded
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _duplicate_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _duplicate_keys(item)


def _positions(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, int]]:
    if node is None:
        return
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, key.value)
            yield from _positions(value, here)
            yield here, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _positions(item, (*path, index))


def each(folder: Path, read: Callable[[Path], T]) -> Iterator[T]:
    """``read`` every .yaml file below a folder, in name order."""
    for path in sorted(folder.glob("**/*.yaml")):
        yield read(path)

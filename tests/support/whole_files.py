"""A whole return checked from a path, however small it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.checking.sources import xml_source
from bot.checking.totals import BatchResult, FileCheck
from bot.checking.whole_file import check_source
from bot.knowledge.base import KnowledgeBase

__all__ = ["check_file"]


def check_file(
    path: Path, knowledge: KnowledgeBase, **how: Any
) -> tuple[FileCheck, Iterator[BatchResult]]:
    """``check_source`` of a file of XML, or of the one in a ZIP."""
    source = xml_source(path, least=0)
    assert source is not None, "this is no XML file"
    return check_source(source, knowledge, **how)

"""Derived data: the department's DD definitions, and the checksums, as named functions.

Each docstring gives the definition's number and where it was read.
"""

from __future__ import annotations

__all__ = ["employer_check_character", "uln_check_digit"]


def uln_check_digit(uln: int) -> str:
    """DD01: the tenth digit a ULN should have.

    "Y" for the temporary number 9999999999, "N" when no digit can be right (not ten digits,
    or remainder 0). Source: validation rules 2026-27 version 4, DD01.
    """
    text = str(uln)
    if text == "9999999999":
        return "Y"
    if len(text) != 10 or not text.isdigit():
        return "N"
    remainder = sum(int(d) * w for d, w in zip(text[:9], range(10, 1, -1), strict=True)) % 11
    return "N" if remainder == 0 else str(10 - remainder)


def employer_check_character(identifier: int) -> str:
    """DD05 and DD14: the ninth character an employer identifier should have.

    "X" when no digit can be right: not nine digits (a leading zero is lost when the
    identifier is read as a number), or a result of 10. Source: validation rules 2026-27
    version 4, DD05 and DD14.
    """
    text = str(identifier)
    if len(text) != 9 or not text.isdigit():
        return "X"
    result = 11 - sum(int(d) * w for d, w in zip(text[:8], range(9, 1, -1), strict=True)) % 11
    return {11: "0", 10: "X"}.get(result, str(result))

"""The sender's own lines below a sign-off: a telephone there is nobody's in the record."""

from __future__ import annotations

import re

from bot.ilr.readers.names import Label

__all__ = ["is_senders", "signs_off"]

_SIGN_OFF = re.compile(
    r"[\W_]*(?:(?:kind|kindest|best|warm|warmest|many)? ?(?:regards|wishes)|(?:many |with )?thanks"
    r"(?: (?:again|all|so much|in advance|and (?:kind )?regards|a lot))?"
    r"|thank you(?: (?:again|all))?|cheers|yours (?:sincerely|faithfully|truly)|sincerely"
    r"|all the best|best|kr|br|ta|sent from my .{2,40})[\W_]*",
    re.IGNORECASE,
)
_CONTACT = frozenset({"TelNo", "Email", "Postcode", "PostcodePrior", "AddLine1", "AddLine2",
                      "AddLine3", "AddLine4", "FamilyName", "GivenNames"})  # fmt: skip


def signs_off(line: str) -> bool:
    """Whether a mail's words end with this line: "Kind regards,"."""
    return len(line) < 80 and (
        _SIGN_OFF.fullmatch(line.strip()) is not None or line.rstrip() == "--"
    )


def is_senders(label: Label) -> bool:
    """Whether a name below a sign-off is of how to reach the sender."""
    if not label.places:
        return label.person or label.ignored
    return all(name in _CONTACT for _, name in label.places)

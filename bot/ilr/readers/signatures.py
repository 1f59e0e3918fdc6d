"""The sender's own lines below a sign-off: a telephone there is nobody's in the record."""

from __future__ import annotations

import re

from bot.ilr.readers.names import Label
from bot.privacy.headings import SIGN_OFFS

__all__ = ["is_senders", "signs_off"]

_SIGN_OFF = re.compile(rf"[\W_]*(?:{SIGN_OFFS}|sent from my .{{2,40}})[\W_]*", re.IGNORECASE)
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

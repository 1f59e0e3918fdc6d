"""Types and codes of an aim's records that several of these modules name."""

from __future__ import annotations

from bot.ilr.absent import is_present
from bot.ilr.record import Aim

ADULT_BUDGET = "105"
"""Source of funding: the department's adult budget."""
DEPARTMENT_CONTRACT = "2"
"""Contract type: with the department, not with the employer."""
LEARNING_SUPPORT, LOANS_BURSARY = "LSF", "ALB"
CONTRACT_TYPE, EVENT = "ACT", "EVI"


def is_paid_by_another(aim: Aim, *budgets: str) -> bool:
    """Whether a source of funding is returned that is none of these."""
    return any(
        f.LearnDelFAMType == "SOF"
        and is_present(f.LearnDelFAMCode)
        and f.LearnDelFAMCode not in budgets
        for f in aim.fams
    )

"""Whether LARS lets an adult's aim be funded on its dates: models 10, 11, 35, 38 and 39.

The same five rules for each kind of funding as in lars_validity.
"""

from __future__ import annotations

from datetime import date

from bot.ilr.record import Aim
from bot.rules.derived import is_devolved
from bot.rules.engine import Check, rule
from bot.rules.families.lars_validity import AUGUST_2020, AUGUST_2021
from bot.rules.lars_vocabulary import (
    ends_after,
    has_category,
    no_longer_valid,
    not_listed,
    not_open_to_starts,
    starts_outside,
)
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    AUGUST_2023,
    AUGUST_2024,
    COMMUNITY_LEARNING,
    FREE_COURSES_FOR_JOBS,
    GROWTH_AND_SKILLS_SHORT_COURSES,
    TAILORED_LEARNING,
    is_apprenticeship,
    is_in_custody,
)

PROJECT_S = "395"
"""Monitoring code (LDM) of the Project S pilot of the Adult Skills Fund."""
AUTHORITIES_ONLY = 56
"""LARS category of free courses for jobs that authorities alone may fund."""
ADULT_SKILLS_ENDED = date(2024, 7, 31)


# Adult skills (model 35), aims that ended by 31 July 2024


def is_adult_skills(aim: Aim, check: Check) -> bool:
    """Model 35, outside apprenticeships, custody, devolved areas and free courses for jobs."""
    return (
        aim.FundModel == ADULT_SKILLS
        and not is_apprenticeship(aim, check.year)
        and not is_in_custody(aim)
        and not is_devolved(aim, check.year)
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
    )


@rule("LearnAimRef_94")
def started_outside_its_validity_model_35(aim: Aim, check: Check) -> bool:
    return (
        AUGUST_2020 <= aim.LearnActEndDate <= ADULT_SKILLS_ENDED
        and is_adult_skills(aim, check)
        and starts_outside(aim, check, "ADULT_SKILLS")
    )


@rule("LearnAimRef_95")
def ended_after_its_validity_model_35(aim: Aim, check: Check) -> bool:
    return (
        AUGUST_2020 <= aim.LearnActEndDate <= ADULT_SKILLS_ENDED
        and is_adult_skills(aim, check)
        and ends_after(aim, check, "ADULT_SKILLS")
    )


@rule("LearnAimRef_96")
def not_open_to_new_starts_model_35(aim: Aim, check: Check) -> bool:
    return (
        AUGUST_2021 <= aim.LearnActEndDate <= ADULT_SKILLS_ENDED
        and is_adult_skills(aim, check)
        and not_open_to_starts(aim, check, "ADULT_SKILLS")
    )


@rule("LearnAimRef_97")
def no_longer_valid_model_35(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate <= ADULT_SKILLS_ENDED
        and is_adult_skills(aim, check)
        and no_longer_valid(aim, check, "ADULT_SKILLS")
    )


@rule("LearnAimRef_127")
def not_listed_model_35(aim: Aim, check: Check) -> bool:
    return (
        AUGUST_2023 <= aim.LearnStartDate <= ADULT_SKILLS_ENDED
        and is_adult_skills(aim, check)
        and not_listed(aim, check, "ADULT_SKILLS")
    )


# The Adult Skills Fund (model 38)


def is_adult_skills_fund(aim: Aim, check: Check) -> bool:
    """Model 38, outside devolved areas, free courses for jobs and the Project S pilot."""
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and not is_devolved(aim, check.year)
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS, PROJECT_S)
    )


@rule("LearnAimRef_138")
def started_outside_its_validity_model_38(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2024
        and is_adult_skills_fund(aim, check)
        and starts_outside(aim, check, "ADULT_SKILLS")
    )


@rule("LearnAimRef_139")
def ended_after_its_validity_model_38(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2024
        and is_adult_skills_fund(aim, check)
        and ends_after(aim, check, "ADULT_SKILLS")
    )


@rule("LearnAimRef_140")
def not_open_to_new_starts_model_38(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2024
        and is_adult_skills_fund(aim, check)
        and not_open_to_starts(aim, check, "ADULT_SKILLS")
    )


@rule("LearnAimRef_141")
def no_longer_valid_model_38(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2024
        and is_adult_skills_fund(aim, check)
        and no_longer_valid(aim, check, "ADULT_SKILLS")
    )


@rule("LearnAimRef_142")
def not_listed_model_38(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2024
        and is_adult_skills_fund(aim, check)
        and not_listed(aim, check, "ADULT_SKILLS")
    )


# Free courses for jobs (model 38, LDM 378)


def is_free_course_for_jobs(aim: Aim) -> bool:
    """Model 38 with LDM 378."""
    return aim.FundModel == ADULT_SKILLS_FUND and aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)


@rule("LearnAimRef_143")
def started_outside_its_validity_free_courses(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2024
        and is_free_course_for_jobs(aim)
        and starts_outside(aim, check, "FCFJ_ADULT_SKILLS")
    )


@rule("LearnAimRef_144")
def ended_after_its_validity_free_courses(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2024
        and is_free_course_for_jobs(aim)
        and ends_after(aim, check, "FCFJ_ADULT_SKILLS")
    )


@rule("LearnAimRef_145")
def not_open_to_new_starts_free_courses(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2024
        and is_free_course_for_jobs(aim)
        and not has_category(aim, check, AUTHORITIES_ONLY)
        and not_open_to_starts(aim, check, "FCFJ_ADULT_SKILLS")
    )


@rule("LearnAimRef_146")
def no_longer_valid_free_courses(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2024
        and is_free_course_for_jobs(aim)
        and no_longer_valid(aim, check, "FCFJ_ADULT_SKILLS")
    )


@rule("LearnAimRef_147")
def not_listed_free_courses(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2024
        and is_free_course_for_jobs(aim)
        and not aim.has_fam("LDM", PROJECT_S)
        and not has_category(aim, check, AUTHORITIES_ONLY)
        and not_listed(aim, check, "FCFJ_ADULT_SKILLS")
    )


# Tailored Learning (model 11)


@rule("LearnAimRef_148")
def started_outside_its_validity_tailored(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == TAILORED_LEARNING
        and aim.LearnActEndDate >= AUGUST_2024
        and starts_outside(aim, check, "TAILORED_LEARNING")
    )


@rule("LearnAimRef_149")
def ended_after_its_validity_tailored(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == TAILORED_LEARNING
        and aim.LearnActEndDate >= AUGUST_2024
        and ends_after(aim, check, "TAILORED_LEARNING")
    )


@rule("LearnAimRef_150")
def not_open_to_new_starts_tailored(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == TAILORED_LEARNING
        and aim.LearnActEndDate >= AUGUST_2024
        and not_open_to_starts(aim, check, "TAILORED_LEARNING")
    )


@rule("LearnAimRef_151")
def no_longer_valid_tailored(aim: Aim, check: Check) -> bool:
    return aim.FundModel == TAILORED_LEARNING and no_longer_valid(aim, check, "TAILORED_LEARNING")


@rule("LearnAimRef_152")
def not_listed_tailored(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == TAILORED_LEARNING
        and aim.LearnStartDate >= AUGUST_2024
        and not_listed(aim, check, "TAILORED_LEARNING")
    )


# Growth and skills short courses (model 39)


@rule("LearnAimRef_156")
def started_outside_its_validity_short_courses(aim: Aim, check: Check) -> bool:
    return aim.FundModel == GROWTH_AND_SKILLS_SHORT_COURSES and starts_outside(
        aim, check, "GROWTH_SKILLS_SHORT_COURSES"
    )


@rule("LearnAimRef_157")
def ended_after_its_validity_short_courses(aim: Aim, check: Check) -> bool:
    return aim.FundModel == GROWTH_AND_SKILLS_SHORT_COURSES and ends_after(
        aim, check, "GROWTH_SKILLS_SHORT_COURSES"
    )


@rule("LearnAimRef_158")
def not_open_to_new_starts_short_courses(aim: Aim, check: Check) -> bool:
    return aim.FundModel == GROWTH_AND_SKILLS_SHORT_COURSES and not_open_to_starts(
        aim, check, "GROWTH_SKILLS_SHORT_COURSES"
    )


@rule("LearnAimRef_159")
def no_longer_valid_short_courses(aim: Aim, check: Check) -> bool:
    return aim.FundModel == GROWTH_AND_SKILLS_SHORT_COURSES and no_longer_valid(
        aim, check, "GROWTH_SKILLS_SHORT_COURSES"
    )


@rule("LearnAimRef_160")
def not_listed_short_courses(aim: Aim, check: Check) -> bool:
    return aim.FundModel == GROWTH_AND_SKILLS_SHORT_COURSES and not_listed(
        aim, check, "GROWTH_SKILLS_SHORT_COURSES"
    )


# Community learning (model 10, to 2025-26)


@rule("LearnAimRef_106")
def started_outside_its_validity_community(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == COMMUNITY_LEARNING
        and aim.LearnActEndDate >= AUGUST_2020
        and starts_outside(aim, check, "COMM_LEARN")
    )


@rule("LearnAimRef_107")
def ended_after_its_validity_community(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == COMMUNITY_LEARNING
        and aim.LearnActEndDate >= AUGUST_2020
        and ends_after(aim, check, "COMM_LEARN")
    )


@rule("LearnAimRef_108")
def not_open_to_new_starts_community(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == COMMUNITY_LEARNING
        and aim.LearnActEndDate >= AUGUST_2021
        and not_open_to_starts(aim, check, "COMM_LEARN")
    )


@rule("LearnAimRef_109")
def no_longer_valid_community(aim: Aim, check: Check) -> bool:
    return aim.FundModel == COMMUNITY_LEARNING and no_longer_valid(aim, check, "COMM_LEARN")


@rule("LearnAimRef_130")
def not_listed_community(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == COMMUNITY_LEARNING
        and aim.LearnStartDate >= AUGUST_2023
        and not_listed(aim, check, "COMM_LEARN")
    )

"""What happens to cohorts, one verb each."""

from cohorts.services.members import (
    GuestError,
    LastFacilitatorError,
    add_facilitator,
    change_role,
    join,
    leave,
    make_cohort,
    move,
)
from cohorts.services.plans import copy_cohort, propose_plan

__all__ = [
    "GuestError",
    "LastFacilitatorError",
    "add_facilitator",
    "change_role",
    "copy_cohort",
    "join",
    "leave",
    "make_cohort",
    "move",
    "propose_plan",
]

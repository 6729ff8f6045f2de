"""What happens to cohorts, one verb each."""

from cohorts.services.inviting import Invited, invite, send_again, withdraw
from cohorts.services.joining import (
    AnothersInvitationError,
    NoGuestsError,
    TooManyCodesError,
    WayInEndedError,
    is_for,
    join_as_guest,
    join_by_code,
    join_by_invitation,
    make_code,
    revoke_code,
)
from cohorts.services.members import (
    GuestFacilitatesError,
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
    "AnothersInvitationError",
    "GuestFacilitatesError",
    "Invited",
    "LastFacilitatorError",
    "NoGuestsError",
    "TooManyCodesError",
    "WayInEndedError",
    "add_facilitator",
    "change_role",
    "copy_cohort",
    "invite",
    "is_for",
    "join",
    "join_as_guest",
    "join_by_code",
    "join_by_invitation",
    "leave",
    "make_code",
    "make_cohort",
    "move",
    "propose_plan",
    "revoke_code",
    "send_again",
    "withdraw",
]

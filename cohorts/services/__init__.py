"""What happens to cohorts, one verb each."""

from cohorts.services.members import (
    LastFacilitatorError,
    add_facilitator,
    join,
    leave,
    make_cohort,
)

__all__ = ["LastFacilitatorError", "add_facilitator", "join", "leave", "make_cohort"]

"""Cohorts, their members and plans, ways into them, and what facilitators do for their people."""

from cohorts.models.cohort import Cohort, Membership, PlanItem
from cohorts.models.joining import Ended, Invitation, JoinCode
from cohorts.models.reminding import Reminder, ReminderMail
from cohorts.models.sharing import Pick, Reply

__all__ = [
    "Cohort",
    "Ended",
    "Invitation",
    "JoinCode",
    "Membership",
    "Pick",
    "PlanItem",
    "Reminder",
    "ReminderMail",
    "Reply",
]

"""Group activities: the plans, and live sessions of them."""

from activities.models.content import Activity, ActivityObjective, ActivityQuestion, Handout, Phase
from activities.models.drafts import Draft
from activities.models.live import Attendance, Group, Seat, Session, SessionPhase
from activities.models.votes import Choice, Dot

__all__ = [
    "Activity",
    "ActivityObjective",
    "ActivityQuestion",
    "Attendance",
    "Choice",
    "Dot",
    "Draft",
    "Group",
    "Handout",
    "Phase",
    "Seat",
    "Session",
    "SessionPhase",
]

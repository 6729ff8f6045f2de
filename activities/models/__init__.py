"""Group activities: the plans."""

from activities.models.content import Activity, ActivityObjective, ActivityQuestion, Handout, Phase

__all__ = ["Activity", "ActivityObjective", "ActivityQuestion", "Handout", "Phase"]

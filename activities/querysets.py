"""Filters with names."""

from typing import Self

from django.db import models

from accounts.models import User

_HEAVY = ["body", "compiled", "credits", "published"]


class SessionQuerySet(models.QuerySet):
    """Live sessions."""

    def of(self, user: User) -> Self:
        """Only sessions of cohorts that *user* is a member of now."""
        return self.filter(cohort__memberships__user=user, cohort__memberships__left_at=None)

    def open(self) -> Self:
        """Only sessions that have not ended."""
        return self.filter(ended_at=None)

    def with_results_for(self, user: User, course: str) -> Self:
        """Only those of *user* in the course with key *course* that have ended, first to last, with their cohort."""
        mine = self.of(user).filter(cohort__course__key=course, started_at__isnull=False)
        return mine.exclude(ended_at=None).select_related("cohort").order_by("started_at", "pk")

    def with_course(self) -> Self:
        """With cohort and course's row, light, and the current phase."""
        heavy = [f"cohort__course__{name}" for name in _HEAVY]
        return self.select_related("cohort__course", "current").defer(*heavy)

    def for_list(self, user: User) -> Self:
        """Only those of *user*, newest first, with what a list shows of each, and `my_role` in its cohort."""
        return (
            self.of(user)
            .select_related("activity", "cohort")
            .defer("activity__body", "activity__compiled")
            .annotate(my_role=models.F("cohort__memberships__role"))
            .order_by("-created_at")
        )

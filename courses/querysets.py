"""Filters with names."""

from typing import Self

from django.db import models


class ArchivableQuerySet(models.QuerySet):
    """Content that may have been taken out of the course."""

    def current(self) -> Self:
        """Leave out what has been archived."""
        return self.filter(archived_at=None)


class CourseQuerySet(models.QuerySet):
    """Courses."""

    def published(self) -> Self:
        """Only courses that readers may open."""
        return self.filter(is_published=True)

    def light(self) -> Self:
        """Without the large columns that only `courses.published` and editors need."""
        return self.defer("body", "compiled", "credits", "published")

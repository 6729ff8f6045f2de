"""What the search finds: written anew whenever a course is published."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.content import Course


class SearchEntry(models.Model):
    """One thing that can be found, with its words weighed: title A, text B."""

    class Kind(models.TextChoices):
        """What was found."""

        SECTION = "section", _("Section")
        TERM = "term", _("Glossary")
        REFERENCE = "reference", _("Reference")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="search_entries")
    kind = models.CharField(max_length=20, choices=Kind)
    topic_key = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=60)
    title = models.TextField()
    context = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="search_entry_words")]

    def __str__(self) -> str:
        return self.title

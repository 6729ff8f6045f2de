"""What notes, factors and points for intervention have in common: words that somebody brings before the others."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.live import Attendance, SessionPhase
from activities.models.paper import PaperEntry

TEXT_MAX = 200


class Contribution(models.Model):
    """A few words in one phase, with where they come from.

    They are somebody's (`attendance`), or came on `paper`, or were taken along from another phase, `origin`, where they
    are called `origin_key`. `public_id` says nothing of when they were written, and no time is kept: without names,
    both could tell whose they are.
    """

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="%(class)ss")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="%(class)ss", null=True)
    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="%(class)ss", null=True)
    origin = models.ForeignKey(SessionPhase, on_delete=models.SET_NULL, related_name="+", null=True)
    origin_key = models.CharField(max_length=60, blank=True)
    text = models.CharField(_("text"), max_length=TEXT_MAX)
    is_hidden = models.BooleanField(default=False)

    class Meta:
        abstract = True
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="%(class)s_has_words"),
            # Not by its origin, which may go before it.
            models.CheckConstraint(
                condition=Q(attendance__isnull=False) | Q(paper__isnull=False) | ~Q(origin_key=""),
                name="%(class)s_comes_from_somewhere",
            ),
            models.UniqueConstraint(
                fields=["run", "origin", "origin_key"],
                condition=Q(origin__isnull=False),
                name="%(class)s_is_taken_along_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Discussed(Contribution):
    """A contribution that can be shown big, to be discussed: at most one of a phase."""

    is_discussed = models.BooleanField(default=False)

    class Meta(Contribution.Meta):
        abstract = True
        constraints = [
            *Contribution.Meta.constraints,
            models.UniqueConstraint(fields=["run"], condition=Q(is_discussed=True), name="one_%(class)s_is_discussed"),
        ]

"""Sticky notes, the clusters they are grouped in, and what a board of them comes to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.contributions import Contribution
from activities.models.live import Group, SessionPhase


class Cluster(models.Model):
    """Similar notes under a name."""

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="clusters")
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "name"], name="one_cluster_per_name"),
            models.CheckConstraint(condition=~Q(name=""), name="a_cluster_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Note(Contribution):
    """One idea of a person, or of a group that works together (then all of them may change it).

    `kind` is one of the phase's options, as it was called when the note was written.
    """

    group = models.ForeignKey(Group, on_delete=models.SET_NULL, related_name="notes", null=True)
    cluster = models.ForeignKey(Cluster, on_delete=models.SET_NULL, related_name="notes", null=True)
    kind = models.CharField(_("kind"), max_length=120, blank=True)


class NoteBoard(models.Model):
    """What a board of notes has once: the note that is read aloud, and the summary of those who facilitate."""

    run = models.OneToOneField(SessionPhase, on_delete=models.CASCADE, related_name="note_board")
    reading = models.ForeignKey(Note, on_delete=models.SET_NULL, related_name="+", null=True)
    summary = models.TextField(_("summary"), blank=True)
    version = models.PositiveIntegerField(default=0, help_text="Of the summary: grows whenever it is saved.")

    def __str__(self) -> str:
        return f"{self.run_id}"

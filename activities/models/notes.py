"""Sticky notes, the clusters they are grouped in, and what a board of them comes to."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.live import Attendance, Group, SessionPhase
from activities.models.paper import PaperEntry

NOTE_MAX = 200


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


class Note(models.Model):
    """One idea of a person, or of a group that works together (then all of them may change it).

    On `paper` it was written by somebody in the room, and keyed in.

    Or something that another phase has left, `origin`, and that was taken along: then it is nobody's, and `origin_key`
    is what it is called there. `kind` is one of the phase's options, as it was called when the note was written.
    `public_id` says nothing of when the note was written, and no time is kept: without names, both could tell who
    wrote it.
    """

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="notes")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="notes", null=True)
    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="notes", null=True)
    origin = models.ForeignKey(SessionPhase, on_delete=models.SET_NULL, related_name="notes_taken_along", null=True)
    origin_key = models.CharField(max_length=60, blank=True)
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, related_name="notes", null=True)
    cluster = models.ForeignKey(Cluster, on_delete=models.SET_NULL, related_name="notes", null=True)
    kind = models.CharField(_("kind"), max_length=120, blank=True)
    text = models.CharField(_("text"), max_length=NOTE_MAX)
    is_hidden = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_note_has_words"),
            # Not by its origin, which may go before the note.
            models.CheckConstraint(
                condition=Q(attendance__isnull=False) | Q(paper__isnull=False) | ~Q(origin_key=""),
                name="a_note_is_somebodys_or_taken_along",
            ),
            models.UniqueConstraint(
                fields=["run", "origin", "origin_key"],
                condition=Q(origin__isnull=False),
                name="a_note_is_taken_along_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class NoteBoard(models.Model):
    """What a board of notes has once: the note that is read aloud, and the summary of those who facilitate."""

    run = models.OneToOneField(SessionPhase, on_delete=models.CASCADE, related_name="note_board")
    reading = models.ForeignKey(Note, on_delete=models.SET_NULL, related_name="+", null=True)
    summary = models.TextField(_("summary"), blank=True)
    version = models.PositiveIntegerField(default=0, help_text="Of the summary: grows whenever it is saved.")

    def __str__(self) -> str:
        return f"{self.run_id}"

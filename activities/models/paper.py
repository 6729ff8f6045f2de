"""What was written on paper, and keyed in by those who facilitate."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.live import Attendance, SessionPhase


class PaperEntry(models.Model):
    """What was keyed in at one go from the paper of a phase. Taking it back deletes all that hangs on it."""

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="paper_entries")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    people = models.PositiveSmallIntegerField(_("how many people wrote it"), default=1)
    fields = models.TextField(default="", help_text="As the form sent them: what is taken back can be keyed in anew.")
    summary = models.CharField(max_length=200, help_text="What it was, in a line.")
    by = models.ForeignKey(Attendance, on_delete=models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.summary}"

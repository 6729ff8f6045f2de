"""What somebody was writing when a phase closed."""

import uuid
from urllib.parse import parse_qsl

from django.db import models
from django.db.models.functions import MD5

from activities.models.live import Attendance, SessionPhase

DRAFT_LENGTH = 20_000


class Draft(models.Model):
    """A contribution that came too late, or was never sent: for its author alone, to copy or to send again.

    `action` and `fields` (as a form sends them) are what it was to be; `text` is what its author wrote in it.
    """

    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="drafts")
    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="drafts")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.SlugField(max_length=50)
    fields = models.TextField()
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            # The same sent twice is one draft.
            models.UniqueConstraint("attendance", "run", "action", MD5("fields"), name="one_draft_of_the_same"),
        ]

    def __str__(self) -> str:
        return f"{self.attendance_id} · {self.run_id}"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Its fields, to be sent again."""
        return parse_qsl(self.fields, keep_blank_values=True)

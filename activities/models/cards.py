"""Cards on which people introduce themselves, and whose turn it is to present one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.content import ActivityQuestion
from activities.models.live import Attendance, SessionPhase
from activities.models.paper import PaperEntry

FIELD_MAX = 300


class CardField(models.Model):
    """One field of somebody's card, in words; a drawing comes beside its words, never instead of them.

    A card belongs to the session: whatever phase shows it, it is the same. `drawing` is a list of strokes, each a flat
    list of whole numbers (x, y, x, y …) in a box of 300 × 300; see `activities.tools.drawings`.
    """

    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="card_fields")
    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="card_fields", null=True)
    question = models.ForeignKey(ActivityQuestion, on_delete=models.PROTECT, related_name="card_fields")
    text = models.CharField(_("text"), max_length=FIELD_MAX)
    drawing = models.JSONField(default=list)
    is_hidden = models.BooleanField(default=False)
    verdict = models.CharField(_("sorted into"), max_length=120, blank=True)
    reason = models.CharField(_("reason"), max_length=FIELD_MAX, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["attendance", "question"], name="one_card_field_per_question"),
            models.CheckConstraint(condition=~Q(text=""), name="a_card_field_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.attendance_id} · {self.question_id}"


class CardTurn(models.Model):
    """Somebody's turn to present, by its number in the order in which people were called.

    Whoever is passed over is called again at the end, under a new number.
    """

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="card_turns")
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="card_turns")
    number = models.PositiveSmallIntegerField()
    is_skipped = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "attendance"], name="one_turn_per_person"),
            models.UniqueConstraint(fields=["run", "number"], name="one_turn_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="turns_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.number}"

"""Sheets that a group writes together, every text that was replaced on them, and what facilitators add."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from activities.models.content import ActivityQuestion
from activities.models.live import Attendance, Group, Session, SessionPhase
from activities.models.paper import PaperEntry
from cohorts.models import Membership
from courses.constants import TEXT_MAX_LENGTH
from courses.models.writing import Written


class OnSheet(models.Model):
    """What stands under one question of the sheet of a group; without *group*, of the sheet that all share."""

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="%(class)ss")
    # A group may not go while something is on its sheet; with its session all goes.
    group = models.ForeignKey(Group, on_delete=models.RESTRICT, related_name="%(class)ss", null=True)
    question = models.ForeignKey(ActivityQuestion, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class SheetAnswer(OnSheet, Written):
    """An answer that a group writes together. `pen` wrote last, at `pen_at`."""

    pen = models.ForeignKey(Attendance, on_delete=models.SET_NULL, related_name="+", null=True)
    pen_at = models.DateTimeField(null=True)

    # Who sends a text now: set before it is written, and stored as the pen once it is the answer.
    writer: Attendance | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "group", "question"], nulls_distinct=False, name="one_answer_of_a_group_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.group_id} · {self.question_id}"

    def kept_with(self, *, is_set_aside: bool) -> dict[str, Any]:
        """Return what is kept with a text besides its words: who wrote it."""
        return {"by": self.writer if is_set_aside else self.pen}


class EarlierSheetText(models.Model):
    """A text that was replaced, or one that came too late to become the answer (`is_set_aside`)."""

    answer = models.ForeignKey(SheetAnswer, on_delete=models.CASCADE, related_name="earlier_texts")
    text = models.TextField(max_length=TEXT_MAX_LENGTH)
    version = models.PositiveIntegerField(help_text="The version that it was, or that it was written on.")
    by = models.ForeignKey(Attendance, on_delete=models.SET_NULL, related_name="+", null=True)
    is_set_aside = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.answer} · {self.version}"


class Correction(OnSheet):
    """What stands beside a group's answer and changes nothing in it: what somebody who facilitates corrects or adds.

    Or, from *paper*, what the group has written by hand.
    """

    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="sheet_texts", null=True)
    text = models.TextField(_("correction or addition"), max_length=TEXT_MAX_LENGTH)
    by = models.ForeignKey(Attendance, on_delete=models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text


class GroupWish(models.Model):
    """That two members of the cohort should sit together in this session, or apart. Only facilitators see it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="wishes")
    one = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    is_apart = models.BooleanField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "one", "other"], name="one_wish_per_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="a_pair_is_named_once"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} · {self.other_id}"

"""Initiatives that people recall, each pinned to a part of a figure; what others ask about them, and which is told."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.live import Attendance, SessionPhase
from activities.models.paper import PaperEntry

QUESTION_MAX = 200


class Example(models.Model):
    """One initiative that somebody knows. `part` is the part of the figure, as it was called when it was pinned.

    `public_id` says nothing of when it was written, and no time is kept: without names, both could tell whose it is.
    """

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="examples")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="examples", null=True)
    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="examples", null=True)
    part = models.CharField(_("part of the figure"), max_length=120)
    what = models.CharField(_("what it was"), max_length=200)
    place = models.CharField(_("where"), max_length=120, blank=True)
    year = models.CharField(_("when"), max_length=40, blank=True)
    who = models.CharField(_("who did what"), max_length=300, blank=True)
    lesson = models.CharField(_("what was learned"), max_length=300, blank=True)
    is_kept = models.BooleanField(default=False, help_text="Its author keeps it to themselves: nobody else sees it.")
    is_hidden = models.BooleanField(default=False)
    is_told = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="an_example_has_words"),
            models.CheckConstraint(
                condition=Q(attendance__isnull=False) | Q(paper__isnull=False), name="an_example_comes_from_somewhere"
            ),
            models.CheckConstraint(condition=~Q(is_kept=True, is_told=True), name="what_is_kept_is_not_told"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class ExampleQuestion(models.Model):
    """What somebody asks whoever tells an example; the answer is given aloud."""

    example = models.ForeignKey(Example, on_delete=models.CASCADE, related_name="questions")
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="example_questions")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.CharField(_("question"), max_length=QUESTION_MAX)
    is_answered = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_question_has_words")]

    def __str__(self) -> str:
        return str(self.public_id)


class ExampleBoard(models.Model):
    """Which example is being told."""

    run = models.OneToOneField(SessionPhase, on_delete=models.CASCADE, related_name="example_board")
    telling = models.ForeignKey(Example, on_delete=models.SET_NULL, related_name="+", null=True)

    def __str__(self) -> str:
        return f"{self.run_id}"

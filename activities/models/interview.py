"""An interview: its questions, who has the microphone, and what became of each question.

Nothing here says how one person answered. Who has the microphone is forgotten when a question is closed, save for the
one last step, which can be undone; how often somebody had it is a number.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.content import ActivityQuestion
from activities.models.live import Attendance, SessionPhase
from activities.models.paper import PaperEntry
from courses.models import LearningObjective

NOTE_MAX = 500


class InterviewQuestion(models.Model):
    """A question that may be drawn: of the activity, or (without `question`) added in the room."""

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="interview_questions")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = models.ForeignKey(
        ActivityQuestion, on_delete=models.PROTECT, related_name="interview_questions", null=True
    )
    objective = models.ForeignKey(
        LearningObjective, on_delete=models.PROTECT, related_name="interview_questions", null=True
    )
    text = models.TextField(_("question"))
    heading = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()
    is_important = models.BooleanField(default=False, help_text="Drawn before the others.")
    is_left_out = models.BooleanField(default=False, help_text="Never drawn.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "question"], name="a_question_is_in_an_interview_once"),
            models.CheckConstraint(condition=~Q(text=""), name="an_interview_question_has_words"),
        ]

    def __str__(self) -> str:
        return self.text


class Asking(models.Model):
    """The question that is open, and who has the microphone: nobody once all have passed. One at a time."""

    run = models.OneToOneField(SessionPhase, on_delete=models.CASCADE, related_name="asking")
    question = models.OneToOneField(InterviewQuestion, on_delete=models.CASCADE, related_name="asking")
    holder = models.ForeignKey(Attendance, on_delete=models.SET_NULL, related_name="+", null=True)

    def __str__(self) -> str:
        return f"{self.run_id} · {self.question_id}"


class Outcome(models.Model):
    """What became of a question that was discussed; `note` says what was unclear. One for each question."""

    class Kind(models.TextChoices):
        """How a question was closed."""

        COMPLETE = "complete", _("complete")
        COMPLETED = "completed", _("completed by another")
        CORRECTED = "corrected", _("corrected")
        UNCLEAR = "unclear", _("was unclear")

    question = models.OneToOneField(InterviewQuestion, on_delete=models.CASCADE, related_name="outcome")
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.CharField(_("what was unclear"), max_length=NOTE_MAX, blank=True)
    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="outcomes", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["complete", "completed", "corrected", "unclear"]), name="an_outcome_is_known"
            ),
            models.CheckConstraint(condition=Q(note="") | Q(kind="unclear"), name="a_note_says_what_was_unclear"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} · {self.kind}"


class Asked(models.Model):
    """How often somebody has had the microphone. `passed` is the question that is open, if they have passed on it."""

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="asked")
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="asked")
    times = models.PositiveSmallIntegerField(default=0)
    passed = models.ForeignKey(InterviewQuestion, on_delete=models.SET_NULL, related_name="+", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "attendance"], name="one_count_per_person")]

    def __str__(self) -> str:
        return f"{self.attendance_id} · {self.times}"


class LastStep(models.Model):
    """What those who facilitate, or who passed, did last, so that it can be undone: it is overwritten by the next.

    `holder` had the microphone before it; `counted` is whose count it has raised.
    """

    class Kind(models.TextChoices):
        """What was done."""

        DRAW = "draw", _("the draw")
        PASS = "pass", _("the passing on")
        CLOSE = "close", _("the outcome")

    run = models.OneToOneField(SessionPhase, on_delete=models.CASCADE, related_name="last_step")
    kind = models.CharField(max_length=10, choices=Kind)
    question = models.ForeignKey(InterviewQuestion, on_delete=models.CASCADE, related_name="+")
    holder = models.ForeignKey(Attendance, on_delete=models.SET_NULL, related_name="+", null=True)
    counted = models.ForeignKey(Attendance, on_delete=models.SET_NULL, related_name="+", null=True)

    def __str__(self) -> str:
        return f"{self.run_id} · {self.kind}"

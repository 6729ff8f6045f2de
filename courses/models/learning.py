"""What people do with a course. All of it hangs on their enrolment; content under it cannot be deleted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.constants import ANSWER_MAX_LENGTH
from courses.models.content import Course, Question, Section, Topic


class Enrolment(models.Model):
    """One person in one course, with what is counted of it.

    The counters are written in the transaction of the work they count (`courses.services`).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    last_section = models.ForeignKey(Section, on_delete=models.SET_NULL, related_name="+", null=True, editable=False)
    sections_done = models.PositiveIntegerField(default=0, editable=False)
    questions_answered = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_active_at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="one_enrolment_per_course")]

    def __str__(self) -> str:
        return f"{self.user} · {self.course}"


class TopicProgress(models.Model):
    """The counters of an enrolment, for one topic."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="topic_progress")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="progress")
    sections_done = models.PositiveIntegerField(default=0)
    questions_answered = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "topic"], name="one_progress_per_topic")]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.topic}"


class SectionProgress(models.Model):
    """That a person has opened a section, and when it was marked as done."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="section_progress")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="progress")
    started_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "section"], name="one_progress_per_section")]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.section}"


class Answer(models.Model):
    """What a person wrote under a question. Nobody but its author reads it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(max_length=ANSWER_MAX_LENGTH)
    version = models.PositiveIntegerField(default=1, help_text="Counts the saves: a stale one is refused.")
    question_revision = models.PositiveIntegerField(help_text="The wording of the question that was seen.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "question"], name="one_answer_per_question"),
            models.CheckConstraint(condition=Q(version__gte=1), name="answer_version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.question_id}"

"""What people do with a course. All of it hangs on their enrolment; content under it cannot be deleted."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.content import Course, LearningObjective, Section, Topic


class Enrolment(models.Model):
    """One person in one course, with what is counted of it.

    The counters are written in the transaction of the work they count (`courses.services`).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    last_section = models.ForeignKey(Section, on_delete=models.SET_NULL, related_name="+", null=True, editable=False)
    sections_done = models.PositiveIntegerField(default=0, editable=False)
    questions_answered = models.PositiveIntegerField(default=0, editable=False)
    objectives_rated = models.PositiveIntegerField(default=0, editable=False)
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
    objectives_rated = models.PositiveIntegerField(default=0, help_text="At the end of the topic.")

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
        indexes = [
            # Who is behind is asked of thousands of people at once.
            models.Index(
                fields=["enrolment", "section"], condition=Q(done_at__isnull=False), name="sections_that_are_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.section}"


class ObjectiveRating(models.Model):
    """How well somebody could do, by their own judgement, what a learning objective asks: before or after its topic."""

    class Moment(models.TextChoices):
        """When it was judged."""

        BEFORE = "before", _("Before")
        AFTER = "after", _("Now")

    class Level(models.IntegerChoices):
        """“I could do this today.”"""

        NOT_YET = 1, _("not yet")
        WITH_HELP = 2, _("with help")
        ALONE = 3, _("on my own")
        COULD_TEACH = 4, _("I could teach it")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="objective_ratings")
    objective = models.ForeignKey(LearningObjective, on_delete=models.PROTECT, related_name="ratings")
    moment = models.CharField(max_length=10, choices=Moment)
    level = models.PositiveSmallIntegerField(choices=Level)
    rated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "objective", "moment"], name="one_rating_per_moment"),
            models.CheckConstraint(condition=Q(moment__in=["before", "after"]), name="rating_moment_is_known"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="rating_level_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.objective_id} · {self.moment}"


class NextStep(models.Model):
    """Something a participant promises themselves to do after the course, by a date."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="next_steps")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.CharField(_("what I will do"), max_length=500)
    due_on = models.DateField(_("by when"))
    done_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        # Not the text: the admin shows this of whatever goes with a person who is deleted.
        return f"{self.enrolment} · {self.due_on}"

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed where its author is."""
        return self.done_at is None and self.due_on < timezone.localdate()

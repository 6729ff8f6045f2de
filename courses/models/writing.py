"""What people write, and every text that it replaced. Nothing of it is ever deleted but with its author's account."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.constants import TEXT_MAX_LENGTH
from courses.models.content import Question, Topic
from courses.models.learning import Enrolment


class Written(models.Model):
    """A text that its author goes on writing, on one device or several.

    `version` counts the saves; a save names the version that it was written on, and a stale one is refused. A *sitting*
    is one open page on one device: it numbers its saves (`sitting_turn`), so that a request sent again or come late is
    known, and it began on `sitting_base`, so that a lost reply does not make its next save look stale.
    """

    text = models.TextField(max_length=TEXT_MAX_LENGTH, blank=True)
    version = models.PositiveIntegerField(default=0)
    sitting = models.CharField(max_length=36, blank=True, editable=False)
    sitting_base = models.PositiveIntegerField(default=0, editable=False)
    sitting_turn = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def kept_with(self, *, is_set_aside: bool) -> dict[str, Any]:
        """Return what is kept among `earlier_texts` with a text that this row holds, or that `is_set_aside`."""
        return {}


class Audience(models.TextChoices):
    """Who may read an answer besides its author."""

    PRIVATE = "private", _("Only me")
    FACILITATORS = "facilitators", _("My facilitators")
    COHORT = "cohort", _("My facilitators and my cohort")


class Answer(Written):
    """What a person wrote under a question. Only its author reads it until they share it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    question_revision = models.PositiveIntegerField(help_text="The wording of the question that was seen.")
    audience = models.CharField(_("who may read it"), max_length=20, choices=Audience, default=Audience.PRIVATE)
    # The database keeps it in step, so that whoever counts the answers of many people reads no text. An index on
    # the text's own pattern would do for reading, but every save of a word would then rewrite all indexes.
    has_words = models.GeneratedField(
        expression=Q(text__regex=r"\S"), output_field=models.BooleanField(), db_persist=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "question"], name="one_answer_per_question"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="answer_audience_is_known"),
        ]
        indexes = [
            models.Index(fields=["enrolment", "question"], condition=Q(has_words=True), name="answers_with_words"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.question_id}"

    def kept_with(self, *, is_set_aside: bool) -> dict[str, Any]:
        """Return which wording of the question the text answered."""
        return {"question_revision": self.question_revision}


class Note(Written):
    """A person's note to themselves on a topic. Nobody else ever reads it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="notes")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="notes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "topic"], name="one_note_per_topic")]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.topic_id}"


class EarlierText(models.Model):
    """A text that was replaced, or one that came too late to be stored as the answer (`is_set_aside`)."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="earlier_texts", null=True)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="earlier_texts", null=True)
    text = models.TextField(max_length=TEXT_MAX_LENGTH)
    version = models.PositiveIntegerField(help_text="The version that it was, or that it was written on.")
    question_revision = models.PositiveIntegerField(null=True)
    is_set_aside = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer=None, note__isnull=False) | Q(answer__isnull=False, note=None),
                name="earlier_text_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer or self.note} · {self.version}"


class RescueFile(models.Model):
    """That a rescue file has arrived: texts that a browser could not save and its owner sent in by hand."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="rescue_files")
    code = models.CharField(max_length=20, help_text="The receipt code that the file carries.")
    sent_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, related_name="sent_rescue_files", null=True)
    texts_saved = models.PositiveIntegerField(default=0)
    texts_set_aside = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-received_at"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "code"], name="one_rescue_file_per_code")]

    def __str__(self) -> str:
        return self.code

"""What groups leave at each other's figures on a walk from figure to figure."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from activities.models.live import Group, SessionPhase
from activities.models.paper import PaperEntry

LEFT_MAX = 300
REPLY_MAX = 600


class Said(models.Model):
    """Words of a group, which all of it may change; `version` grows with each change. They stay when somebody goes."""

    text = models.CharField(_("text"), max_length=LEFT_MAX)
    version = models.PositiveIntegerField(default=1)
    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="%(class)ss", null=True)

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="%(class)s_has_words")]


class WalkNote(Said):
    """The strength, or the question, that *group* leaves at the figure of another one: one of each.

    `is_settled`: a question that was discussed by all together.
    """

    class Kind(models.TextChoices):
        """What a group leaves."""

        STRENGTH = "strength", _("strength")
        QUESTION = "question", _("question")

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="walk_notes")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # A group may not go while it has left, or been left, anything; with its session all goes.
    group = models.ForeignKey(Group, on_delete=models.RESTRICT, related_name="walk_notes")
    at = models.ForeignKey(Group, on_delete=models.RESTRICT, related_name="notes_received")
    kind = models.CharField(max_length=10, choices=Kind)
    is_hidden = models.BooleanField(default=False)
    is_settled = models.BooleanField(default=False)

    class Meta(Said.Meta):
        ordering = ["pk"]
        constraints = [
            *Said.Meta.constraints,
            models.UniqueConstraint(fields=["run", "group", "at", "kind"], name="one_of_a_kind_per_visit"),
            models.CheckConstraint(condition=~Q(group=F("at")), name="no_group_visits_itself"),
            models.CheckConstraint(condition=Q(kind__in=["strength", "question"]), name="what_is_left_is_known"),
            models.CheckConstraint(condition=Q(is_settled=False) | Q(kind="question"), name="questions_are_settled"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class WalkReply(Said):
    """What a group answers to a question that was left at its figure."""

    note = models.OneToOneField(WalkNote, on_delete=models.CASCADE, related_name="reply")
    text = models.CharField(_("answer"), max_length=REPLY_MAX)

    class Meta(Said.Meta):
        pass

    def __str__(self) -> str:
        return str(self.note_id)

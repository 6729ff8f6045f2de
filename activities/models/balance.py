"""Factors on a balance, and the points for intervention that come from them."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from activities.models.live import Attendance, SessionPhase
from activities.models.paper import PaperEntry

FACTOR_MAX = 200
RESPONSIBLE_MAX = 120


class OfTheRoom(models.Model):
    """Something that stands before the whole room, and that any of them may have written.

    It is somebody's (`attendance`), or came on `paper`, or was taken along from another phase, `origin`, where it is
    called `origin_key`. `public_id` says nothing of when it was written, and no time is kept. At most one of a phase
    `is_discussed`: it is shown big.
    """

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="%(class)ss")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="%(class)ss", null=True)
    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="%(class)ss", null=True)
    origin = models.ForeignKey(SessionPhase, on_delete=models.SET_NULL, related_name="+", null=True)
    origin_key = models.CharField(max_length=60, blank=True)
    text = models.CharField(_("text"), max_length=FACTOR_MAX)
    is_hidden = models.BooleanField(default=False)
    is_discussed = models.BooleanField(default=False)

    class Meta:
        abstract = True
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="%(class)s_has_words"),
            # Not by its origin, which may go before it.
            models.CheckConstraint(
                condition=Q(attendance__isnull=False) | Q(paper__isnull=False) | ~Q(origin_key=""),
                name="%(class)s_comes_from_somewhere",
            ),
            models.UniqueConstraint(
                fields=["run", "origin", "origin_key"],
                condition=Q(origin__isnull=False),
                name="%(class)s_is_taken_along_once",
            ),
            models.UniqueConstraint(fields=["run"], condition=Q(is_discussed=True), name="one_%(class)s_is_discussed"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Factor(OfTheRoom):
    """What has an influence, on one `side` of the balance (one of the phase's two options, as it was called then).

    One that turns out to be an effect is set aside, and weighs nothing.
    """

    side = models.CharField(_("side"), max_length=120)
    is_effect = models.BooleanField(default=False)

    class Meta(OfTheRoom.Meta):
        constraints = [
            *OfTheRoom.Meta.constraints,
            models.UniqueConstraint("run", "side", Lower("text"), name="a_factor_lies_once_on_a_side"),
        ]


class FactorVoice(models.Model):
    """That somebody else stands behind a factor, too."""

    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="voices")
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="factor_voices")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "attendance"], name="one_voice_per_factor")]

    def __str__(self) -> str:
        return f"{self.factor_id} · {self.attendance_id}"


class Intervention(OfTheRoom):
    """A point where somebody can intervene. Without level or place it is not sorted into the table yet."""

    class Level(models.TextChoices):
        """At which level it lies."""

        COMMUNITY = "community", _("Community")
        NATIONAL = "national", _("National level")
        INTERNATIONAL = "international", _("International level")

    class Place(models.TextChoices):
        """In which territory."""

        ORIGIN = "origin", _("In the territory of origin")
        DESTINATION = "destination", _("In the territory of destination")
        BOTH = "both", _("In both")

    factor = models.ForeignKey(Factor, on_delete=models.SET_NULL, related_name="interventions", null=True)
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    place = models.CharField(_("where"), max_length=20, choices=Place, blank=True)
    responsible = models.CharField(_("responsible"), max_length=RESPONSIBLE_MAX, blank=True)

    class Meta(OfTheRoom.Meta):
        constraints = [
            *OfTheRoom.Meta.constraints,
            models.CheckConstraint(
                condition=Q(level__in=["", "community", "national", "international"])
                & Q(place__in=["", "origin", "destination", "both"]),
                name="an_intervention_lies_in_the_table",
            ),
        ]

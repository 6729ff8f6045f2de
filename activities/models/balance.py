"""Factors on a balance, and the points for intervention that come from them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from activities.models.contributions import Discussed
from activities.models.live import Attendance
from activities.models.paper import PaperEntry

RESPONSIBLE_MAX = 120


class Factor(Discussed):
    """What has an influence, on one `side` of the balance (one of the phase's two options, as it was called then).

    One that turns out to be an effect is set aside, and weighs nothing.
    """

    side = models.CharField(_("side"), max_length=120)
    is_effect = models.BooleanField(default=False)

    class Meta(Discussed.Meta):
        constraints = [
            *Discussed.Meta.constraints,
            models.UniqueConstraint("run", "side", Lower("text"), name="a_factor_lies_once_on_a_side"),
        ]


class FactorVoice(models.Model):
    """That somebody else stands behind a factor, too: in this session, or on paper."""

    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="voices")
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="factor_voices", null=True)
    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="factor_voices", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["factor", "attendance"], name="one_voice_per_factor"),
            models.UniqueConstraint(fields=["factor", "paper"], name="one_voice_per_factor_and_entry"),
            models.CheckConstraint(
                condition=Q(attendance__isnull=False) | Q(paper__isnull=False), name="a_voice_is_somebodys"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.factor_id} · {self.attendance_id}"


class Intervention(Discussed):
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

    class Meta(Discussed.Meta):
        constraints = [
            *Discussed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(level__in=["", "community", "national", "international"])
                & Q(place__in=["", "origin", "destination", "both"]),
                name="an_intervention_lies_in_the_table",
            ),
        ]

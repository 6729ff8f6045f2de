"""Dots that people place on what they choose from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.live import Attendance, SessionPhase
from activities.models.paper import PaperEntry

DOTS_PER_COLOUR = 3


class Choice(models.Model):
    """Something to vote on in one phase of a session: from the activity, or added in the room."""

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="choices")
    text = models.CharField(_("text"), max_length=120)
    position = models.PositiveSmallIntegerField()
    is_added = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="one_choice_per_position")]

    def __str__(self) -> str:
        return self.text


class Dot(models.Model):
    """One dot of one person. That a person has three of a colour is what the slots say: 1, 2 and 3, each once."""

    class Colour(models.TextChoices):
        """What a dot says of what it is placed on."""

        A = "a", _("A")
        B = "b", _("B")

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="dots")
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="dots")
    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="dots")
    colour = models.CharField(max_length=1, choices=Colour)
    slot = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "attendance", "colour", "slot"], name="one_dot_per_slot"),
            models.UniqueConstraint(
                fields=["run", "attendance", "colour", "choice"], name="one_dot_of_a_colour_per_choice"
            ),
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=DOTS_PER_COLOUR), name="three_slots"),
            models.CheckConstraint(condition=Q(colour__in=["a", "b"]), name="dot_colour_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.attendance_id} · {self.colour}{self.slot}"


class PaperDots(models.Model):
    """How many dots of a colour came on paper for one choice, from *people*, each of whom puts at most one there."""

    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="dots")
    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="paper_dots")
    colour = models.CharField(max_length=1, choices=Dot.Colour)
    count = models.PositiveSmallIntegerField()
    people = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "choice", "colour"], name="one_count_per_choice_and_colour"),
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=models.F("people")), name="a_dot_per_ballot"),
            models.CheckConstraint(condition=Q(colour__in=["a", "b"]), name="paper_dot_colour_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} · {self.colour} · {self.count}"

"""Rounds of meeting: who meets whom, and who has said whom they know already."""

from django.db import models
from django.db.models import F, Q

from activities.models.live import Attendance, SessionPhase
from activities.models.paper import PaperEntry

ROUNDS_MAX = 60


class MeetingSeat(models.Model):
    """That somebody meets, in one round, all who sit at the same table; nobody is in two meetings of a round."""

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="meeting_seats")
    round = models.PositiveSmallIntegerField()
    table = models.PositiveSmallIntegerField()
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="meeting_seats")

    class Meta:
        ordering = ["round", "table", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "round", "attendance"], name="one_meeting_per_round"),
            models.CheckConstraint(condition=Q(round__gte=1) & Q(table__gte=1), name="rounds_and_tables_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.round} · {self.table}"


class Acquaintance(models.Model):
    """That *attendance* knows *other* already: shown to nobody else but those who facilitate."""

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="acquaintances")
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="acquaintances")
    other = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "attendance", "other"], name="known_once"),
            models.CheckConstraint(condition=~Q(attendance=F("other")), name="nobody_is_their_own_acquaintance"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RoundsOnPaper(models.Model):
    """How many rounds were held without devices, as keyed in at one go."""

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="rounds_on_paper")
    paper = models.OneToOneField(PaperEntry, on_delete=models.CASCADE, related_name="rounds")
    rounds = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(rounds__range=(1, ROUNDS_MAX)), name="some_rounds_were_held"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.rounds}"

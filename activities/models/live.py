"""Live sessions: one run of an activity with one cohort, who is there, and in which groups they sit."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models.content import Activity, Phase
from activities.querysets import SessionQuerySet
from cohorts.models import Cohort, Membership
from cohorts.models.cohort import random_id


class Session(models.Model):
    """One run of an activity with one cohort.

    `version` grows with every change that others see; `current` is the phase that everybody is in. A session that has
    no current phase has not begun, or has ended.
    """

    public_id = models.CharField(max_length=12, unique=True, default=random_id, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="sessions")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="sessions")
    current = models.ForeignKey("SessionPhase", on_delete=models.SET_NULL, related_name="+", null=True)
    version = models.PositiveBigIntegerField(default=0)
    is_frozen = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.activity} · {self.cohort}"

    def get_absolute_url(self) -> str:
        return reverse("session", args=[self.public_id])

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.ended_at is None


class SessionPhase(models.Model):
    """A phase as this session holds it: its minutes, and how its clock has run.

    The clock is the server's. It shows `seconds` and `added_seconds` from `started_at` on, and stands still while
    `paused_at` is set; what it has stood still before is in `paused_seconds`.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="phases")
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="runs")
    position = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField()
    each_seconds = models.PositiveIntegerField(
        null=True, help_text="Of each person, group or round, as set before the session began; empty: as planned."
    )
    added_seconds = models.IntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    has_names = models.BooleanField(default=True, help_text="Promised to those who write: never changed backwards.")
    is_revealed = models.BooleanField(default=False)
    turn = models.PositiveSmallIntegerField(default=0, help_text="Whose turn it is, where people take turns.")
    turn_started_at = models.DateTimeField(null=True)
    turn_paused_seconds = models.PositiveIntegerField(default=0, help_text="`paused_seconds` when the turn began.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="one_phase_per_position"),
            models.CheckConstraint(condition=Q(seconds__gte=1), name="a_phase_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.position}"

    @property
    def length(self) -> dt.timedelta:
        """How long the phase may take as things are now."""
        return dt.timedelta(seconds=max(self.seconds + self.added_seconds, 0))


class Attendance(models.Model):
    """That a member is, or was, in a session. Who facilitates is here too, and counts nowhere."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="attendances")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    arrived_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True)
    extra_seconds = models.PositiveIntegerField(default=0, help_text="Extra time in every phase, for who needs it.")
    is_on_paper = models.BooleanField(default=False, help_text="In the room without a device: never away.")

    class Meta:
        ordering = ["arrived_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "membership"], name="one_attendance_per_session")]

    def __str__(self) -> str:
        return f"{self.membership} · {self.session}"

    @property
    def group_id(self) -> int | None:
        """The group that the person sits in; to be asked where `seat` was selected along."""
        seat = getattr(self, "seat", None)
        return seat.group_id if seat else None


class Group(models.Model):
    """People who work together in a session. `reason` says in words why they sit together."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="groups")
    number = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField(null=True, help_text="How many may sit in it; empty: as many as come.")
    reason = models.CharField(max_length=500, blank=True)
    reporter = models.ForeignKey(Attendance, on_delete=models.SET_NULL, related_name="+", null=True)
    called_at = models.DateTimeField(null=True, help_text="Since when the group asks for help.")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="one_group_per_number")]

    def __str__(self) -> str:
        return f"{self.session} · {self.number}"


class Seat(models.Model):
    """One person in one group; a place of a group is taken once, and nobody sits twice in a session."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="seats")
    attendance = models.OneToOneField(Attendance, on_delete=models.CASCADE, related_name="seat")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["group", "place"], name="a_place_is_taken_once")]

    def __str__(self) -> str:
        return f"{self.group} · {self.place}"


class KeptSeat(models.Model):
    """A seat in a group for a member who has not arrived: it becomes a `Seat` when they do."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="kept_seats")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="kept_seats")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="kept_seats")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "membership"], name="one_seat_is_kept_for_a_member")]

    def __str__(self) -> str:
        return f"{self.membership} · {self.group}"

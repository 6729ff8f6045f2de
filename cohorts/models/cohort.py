"""Who learns together, in what roles, by what plan."""

import datetime as dt
import secrets
import uuid
import zoneinfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import validate_time_zone
from cohorts.querysets import CohortQuerySet, MembershipQuerySet
from courses.constants import KEY_MAX_LENGTH
from courses.models import Course, Enrolment, Section


def random_id() -> str:
    """Return a name for addresses that nobody can guess."""
    return secrets.token_hex(6)


class Cohort(models.Model):
    """People who take a course together, in one run of it."""

    class Mode(models.TextChoices):
        """Where they meet."""

        IN_PERSON = "in-person", _("In one place")
        REMOTE = "remote", _("Remote")
        MIXED = "mixed", _("Some in one place, some remote")

    class Visibility(models.TextChoices):
        """What participants may see of each other."""

        NOTHING = "nothing", _("Nothing: only facilitators see who is here")
        NAMES = "names", _("Names")
        PROFILES = "profiles", _("Names, organization, function and place")

    public_id = models.CharField(max_length=12, unique=True, default=random_id, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohorts", verbose_name=_("course"))
    name = models.CharField(_("name"), max_length=120)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    mode = models.CharField(_("where"), max_length=20, choices=Mode, default=Mode.IN_PERSON)
    place = models.CharField(_("place"), max_length=200, blank=True)
    languages = ArrayField(models.CharField(max_length=10), verbose_name=_("languages"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, validators=[validate_time_zone], default="UTC")
    members_see = models.CharField(
        _("what participants see of each other"), max_length=20, choices=Visibility, default=Visibility.NAMES
    )
    has_peer_answers = models.BooleanField(
        _("participants read each other's shared answers"),
        default=False,
        help_text=_("Only after they have answered themselves, without names, and from five answers on."),
    )
    allows_guests = models.BooleanField(
        _("guests may join"),
        default=False,
        help_text=_("Somebody with the code joins with a name alone, without an account."),
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cohort_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cohort", args=[self.public_id])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def today(self) -> dt.date:
        """The date where the cohort meets."""
        return timezone.localdate(timezone=self.zone)


class Membership(models.Model):
    """One person in one cohort. Whoever has left keeps the row, and with it nothing but their own work."""

    class Role(models.TextChoices):
        """What the person is here for."""

        PARTICIPANT = "participant", _("Participant")
        FACILITATOR = "facilitator", _("Facilitator")

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="memberships", null=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.PARTICIPANT)
    group = models.CharField(_("group"), max_length=60, blank=True)
    mutes_reminders = models.BooleanField(_("wants no reminders"), default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user"], name="one_membership_per_cohort"),
            models.CheckConstraint(condition=Q(role__in=["participant", "facilitator"]), name="role_is_known"),
            # Whoever learns here has an enrolment in the cohort's course to learn in.
            models.CheckConstraint(
                condition=Q(role="facilitator") | Q(enrolment__isnull=False), name="participants_are_enrolled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.cohort}"

    @property
    def is_facilitator(self) -> bool:
        return self.role == self.Role.FACILITATOR


class PlanItem(models.Model):
    """Something on the cohort's plan: a section to have read, an activity to hold, or another appointment.

    A time is the clock's where the cohort meets. An activity is named by its key in the course: activities belong to
    the floor above.
    """

    class Kind(models.TextChoices):
        """What is to happen."""

        READING = "reading", _("Section to have read")
        ACTIVITY = "activity", _("Activity")
        EVENT = "event", _("Something else")

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="plan")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    on = models.DateField(_("day"))
    at = models.TimeField(_("time"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    activity_key = models.CharField(_("activity"), max_length=KEY_MAX_LENGTH, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("point of the plan")
        verbose_name_plural = _("plan")
        ordering = ["on", F("at").asc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="reading", section__isnull=False, activity_key="")
                | Q(kind="activity", section=None) & ~Q(activity_key="")
                | Q(kind="event", section=None, activity_key="") & ~Q(title=""),
                name="plan_item_is_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["cohort", "section"], condition=Q(kind="reading"), name="a_section_is_planned_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} · {self.get_kind_display()}"

    @property
    def starts_at(self) -> dt.datetime | None:
        """The moment it begins; None for something of a whole day."""
        return dt.datetime.combine(self.on, self.at, tzinfo=self.cohort.zone) if self.at else None

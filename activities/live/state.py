"""What a session is like now: gathered once for everybody, in a number of queries that people do not change."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils import timezone

from activities.live.clock import Clock, ahead_of_plan, clock_of
from activities.models import Attendance, Group, PaperEntry, Phase, Session, SessionPhase
from activities.published import PublishedActivity, PublishedPhase, activities_of
from cohorts.models import Membership
from courses.published import PublishedCourse, read

# Who was last heard of longer ago than this is perhaps gone.
AWAY = dt.timedelta(seconds=90)


@dataclass
class Step:
    """A phase of the session, with what is published of it."""

    run: SessionPhase
    plan: PublishedPhase
    clock: Clock
    is_current: bool

    @property
    def position(self) -> int:
        return self.run.position

    @property
    def each_seconds(self) -> int:
        """How long each person, group or round has, where the minutes are for each."""
        return self.run.each_seconds or self.plan.minutes * 60

    @property
    def is_for_groups(self) -> bool:
        """Whether people work in groups, or one group after the other shows its work."""
        return self.plan.work == Phase.Work.GROUPS or self.plan.tool == Phase.Tool.PRESENTATIONS

    @property
    def is_past(self) -> bool:
        return self.run.ended_at is not None and not self.is_current

    @property
    def minutes(self) -> int:
        """How long it takes as things are now, in full minutes."""
        return round(self.run.length.total_seconds() / 60)


@dataclass
class State:
    """A session with its steps and people. `now` is the moment for which it holds."""

    session: Session
    course: PublishedCourse
    activity: PublishedActivity
    steps: list[Step]
    now: dt.datetime
    board: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def step(self) -> Step | None:
        """The present step; None before the beginning and after the end."""
        return next((step for step in self.steps if step.is_current), None)

    @cached_property
    def attendances(self) -> list[Attendance]:
        """Everybody who is here, with their person. Who only counts takes `participant_ids`: it is far cheaper."""
        here = self.session.attendances.filter(membership__left_at=None)
        return list(here.select_related("membership__user", "seat"))

    @cached_property
    def participants(self) -> list[Attendance]:
        return [row for row in self.attendances if not row.membership.is_facilitator]

    @cached_property
    def participant_ids(self) -> set[int]:
        """Whose contributions count: the attendances of those who are here to learn."""
        if "attendances" in self.__dict__:
            return {row.pk for row in self.participants}
        here = self.session.attendances.filter(membership__left_at=None, membership__role=Membership.Role.PARTICIPANT)
        return set(here.order_by().values_list("pk", flat=True))

    @cached_property
    def paper_entries(self) -> list[PaperEntry]:
        """What has been keyed in from paper, oldest first."""
        entries = PaperEntry.objects.filter(run__session=self.session)
        return list(entries.select_related("by__membership__user").order_by("created_at", "pk"))

    def has_begun(self, step: Step) -> bool:
        """Return whether *step* can have left anything: its clock ran, or it was held on paper."""
        return step.run.started_at is not None or any(entry.run_id == step.run.pk for entry in self.paper_entries)

    def attendance_of(self, membership: Membership) -> Attendance | None:
        """Return the attendance of one member; None as long as they have not arrived."""
        if "attendances" in self.__dict__:
            own = next((row for row in self.attendances if row.membership_id == membership.pk), None)
        else:
            own = self.session.attendances.filter(membership=membership).select_related("seat").first()
        if own:
            own.membership = membership
        return own

    @cached_property
    def groups(self) -> list[Group]:
        """The groups, each with its `members` in the order of their seats."""
        groups = {group.pk: group for group in self.session.groups.all()}
        for group in groups.values():
            group.members = []
        seated = (row for row in self.participants if row.group_id in groups)
        for row in sorted(seated, key=lambda row: row.seat.place):
            groups[row.group_id].members.append(row)
        return list(groups.values())

    def group_of(self, attendance: Attendance | None) -> Group | None:
        """Return the group that somebody sits in."""
        return next((group for group in self.groups if attendance and group.pk == attendance.group_id), None)

    @property
    def seconds_ahead(self) -> int:
        return ahead_of_plan(self.session, [step.run for step in self.steps], self.now)

    @property
    def next_step(self) -> Step | None:
        return self._beside(1)

    @property
    def previous_step(self) -> Step | None:
        return self._beside(-1)

    def is_away(self, attendance: Attendance) -> bool:
        """Return whether nothing has been heard of somebody for a while, who has a device."""
        return not attendance.is_on_paper and self.now - attendance.seen_at > AWAY

    def _beside(self, distance: int) -> Step | None:
        if self.step is None:
            return None
        place = self.steps.index(self.step) + distance
        return self.steps[place] if 0 <= place < len(self.steps) else None


def state_of(session: Session) -> State:
    """Return the state of *session*, which comes with its cohort and its course's row."""
    now = timezone.now()
    course = read(session.cohort.course)
    activity = next(row for row in activities_of(course).activities if row.id == session.activity_id)
    plans = {phase.id: phase for phase in activity.phases}
    runs = [run for run in session.phases.all() if run.phase_id in plans]
    return State(
        session=session,
        course=course,
        activity=activity,
        steps=[
            Step(run, plans[run.phase_id], clock_of(run, now), is_current=run.pk == session.current_id) for run in runs
        ],
        now=now,
    )

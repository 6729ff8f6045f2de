"""The demo's cohorts: one that runs, last year's in the archive, and one that is being prepared.

Days are counted from the day when the demo is first filled, so that it looks current then.
"""

import datetime as dt
import zoneinfo
from collections import Counter
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.models import Activity
from activities.published import activities_of
from cohorts import services
from cohorts.models import Cohort, Invitation, JoinCode, Membership, PlanItem
from courses.models import Course, Enrolment
from courses.published import PublishedCourse, read
from jmdi.demo import Person, address, people
from jmdi.demo_work import Learner, create_as_of, make_work, spread

# Their names in addresses, by which a second start knows that they are there.
RUNNING, PAST, COMING = "demo-running", "demo-past", "demo-coming"

_ZONE = zoneinfo.ZoneInfo("Europe/Madrid")
_DAYS = 15
_BEGAN_DAYS_AGO = 10
# Here nobody knows each other yet; the other introduction is for people who do.
_NOT_HELD = {"introductions-acquainted"}
_INVITED = {"patience.addo": "Patience Addo", "ruben.zambrano": "Rubén Zambrano"}


@transaction.atomic
def make_cohorts() -> None:
    """Make the demo's cohorts and what people did in them, where the course is the one that they were written for.

    Each cohort and each membership is made only if it is missing, and work only for who has not begun: what visitors
    have changed stays.
    """
    row = Course.objects.filter(key="core-module").first()
    lucia = User.objects.filter(email=address("lucia.ferrer")).first()
    if row is None or lucia is None:
        return
    course, today = read(row), timezone.localdate(timezone=_ZONE)
    began = today - dt.timedelta(days=_BEGAN_DAYS_AGO)
    cohorts = {cohort.public_id: cohort for cohort in Cohort.objects.filter(public_id__in=[RUNNING, PAST, COMING])}
    if RUNNING not in cohorts:
        cohorts[RUNNING] = _cohort(RUNNING, row, lucia, began)
        _plan(cohorts[RUNNING], course)
        _ways_in(cohorts[RUNNING], lucia)
    if PAST not in cohorts:
        # Whole weeks ago, so that it began on the same day of the week.
        cohorts[PAST] = _cohort(PAST, row, lucia, began - dt.timedelta(weeks=52))
        _plan(cohorts[PAST], course)
        cohorts[PAST].archived_at = _noon(cohorts[PAST], cohorts[PAST].ends_on) + dt.timedelta(days=20)
        cohorts[PAST].save(update_fields=["archived_at"])
    if COMING not in cohorts:
        starts_on = today + dt.timedelta(days=35)
        _cohort(COMING, row, lucia, starts_on, mode=Cohort.Mode.IN_PERSON, place="Tunis", languages=["fr", "ar"])
    _fill(cohorts[RUNNING], course, people()["participants"], lucia)
    _fill(cohorts[PAST], course, people()["last_year"], lucia)


def _cohort(public_id: str, course: Course, lucia: User, starts_on: dt.date, **fields: Any) -> Cohort:
    cohort = services.make_cohort(
        facilitator=lucia,
        public_id=public_id,
        course=course,
        name=f"{course.short_title}, {starts_on:%B %Y}",
        starts_on=starts_on,
        ends_on=starts_on + dt.timedelta(days=_DAYS - 1),
        time_zone=_ZONE.key,
        members_see=Cohort.Visibility.PROFILES,
        has_peer_answers=True,
        allows_guests=True,
        **{
            "mode": Cohort.Mode.MIXED,
            "place": "Training centre, Valencia, room 12",
            "languages": ["en", "fr", "es"],
            **fields,
        },
    )
    beatrice = User.objects.filter(email=address("beatrice.kouame")).first()
    if beatrice and public_id != PAST:
        services.add_facilitator(user=beatrice, cohort=cohort)
    made_at = min(_noon(cohort, starts_on) - dt.timedelta(days=30), timezone.now())
    Cohort.objects.filter(pk=cohort.pk).update(created_at=made_at)
    cohort.memberships.update(joined_at=made_at)
    return cohort


def _noon(cohort: Cohort, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), cohort.zone)


def _plan(cohort: Cohort, course: PublishedCourse) -> None:
    """Spread reading and activities over the days, give activities hours, and add an opening, calls, a closing."""
    services.propose_plan(cohort=cohort, course=course)
    cohort.plan.filter(activity_key__in=_NOT_HELD).delete()
    activities = {activity.key: activity for activity in activities_of(course).activities}
    held: Counter[dt.date] = Counter()
    items = list(cohort.plan.filter(kind=PlanItem.Kind.ACTIVITY))
    for item in items:
        activity = activities[item.activity_key]
        # The first after the opening; then at two o'clock, and two hours later for each more on the same day.
        item.at = dt.time(10 if activity.stage == Activity.Stage.OPENING else 14 + 2 * held[item.on])
        held[item.on] += activity.stage == Activity.Stage.TOPIC
        item.minutes = activity.duration.most
    PlanItem.objects.bulk_update(items, ["at", "minutes"])
    PlanItem.objects.bulk_create(
        [
            _event(cohort, cohort.starts_on, dt.time(9), 45, "Opening and welcome"),
            _event(cohort, cohort.starts_on + dt.timedelta(days=4), dt.time(17), 45, "Weekly call: questions so far"),
            _event(cohort, cohort.starts_on + dt.timedelta(days=11), dt.time(17), 45, "Weekly call: your next steps"),
            _event(cohort, cohort.ends_on, dt.time(17), 60, "Closing: what we take home"),
        ]
    )


def _event(cohort: Cohort, on: dt.date, at: dt.time, minutes: int, title: str) -> PlanItem:
    return PlanItem(cohort=cohort, kind=PlanItem.Kind.EVENT, on=on, at=at, minutes=minutes, title=title)


def _ways_in(cohort: Cohort, lucia: User) -> None:
    """One code that most came by, and two people who have not followed their invitation yet."""
    code = JoinCode.objects.create(
        cohort=cohort,
        expires_at=_noon(cohort, cohort.ends_on),
        uses_max=60,
        uses=len(people()["participants"]),
        created_by=lucia,
    )
    JoinCode.objects.filter(pk=code.pk).update(created_at=_noon(cohort, cohort.starts_on) - dt.timedelta(days=14))
    sent_at = timezone.now() - dt.timedelta(days=3, hours=2)
    invitations = [
        Invitation(
            cohort=cohort,
            email=address(name),
            name=shown,
            created_by=lucia,
            created_at=sent_at,
            sent_at=sent_at,
            times_sent=1,
        )
        for name, shown in _INVITED.items()
    ]
    create_as_of(invitations, "created_at")


def _fill(cohort: Cohort, course: PublishedCourse, persons: list[Person], lucia: User) -> None:
    """Let those take part who never did, and give those a history who have not begun the course."""
    users = {user.email: user for user in User.objects.filter(email__in=[address(one["id"]) for one in persons])}
    were_here = set(cohort.memberships.values_list("user_id", flat=True))
    enrolments = {one.user_id: one for one in Enrolment.objects.filter(course=course.id, user__in=users.values())}
    joined = _noon(cohort, cohort.starts_on) - dt.timedelta(days=1)
    learners, members = [], []
    for person in persons:
        user = users.get(address(person["id"]))
        if user is None or user.pk in were_here:
            continue
        joined_at = joined - dt.timedelta(minutes=spread(person["id"], "joins", of=9 * 24 * 60))
        enrolment = enrolments.get(user.pk)
        if enrolment is None:
            enrolment = Enrolment(user=user, course_id=course.id, created_at=joined_at, last_active_at=joined_at)
            learners.append(Learner(person, enrolment))
            user.date_joined = joined_at - dt.timedelta(minutes=4)
        members.append(
            Membership(cohort=cohort, user=user, enrolment=enrolment, group=person["group"], joined_at=joined_at)
        )
    create_as_of([learner.enrolment for learner in learners], "created_at", "last_active_at")
    create_as_of(members, "joined_at")
    User.objects.bulk_update([learner.enrolment.user for learner in learners], ["date_joined"])
    make_work(cohort, course, learners, lucia)

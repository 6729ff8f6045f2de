"""Sessions of activities that a test makes up, and what people do in them."""

from django.test import Client
from django.urls import reverse

from accounts.models import User
from activities import services
from activities.models import Activity, Attendance, Session
from activities.published import activities_of
from cohorts import services as cohort_services
from cohorts.models import Cohort
from conftest import SmallCourse, make_user, signed_in
from courses.published import read


def hold(
    small: SmallCourse, cohort: Cohort, facilitator: User, phases: list[dict], questions: dict[str, str] | None = None
) -> Session:
    """Begin a session whose *phases* name their tool and what differs from the plainest; its clock runs.

    *questions*: of the activity, by key; all phases that do not name theirs take up all of them.
    """
    activity = Activity.objects.create(
        course=small.course, key="held", number="5", title="Held", technique="Work", summary="Work.",
        stage="opening", place="Now.", size="All", body="Work.",
    )  # fmt: skip
    rows = {
        key: activity.questions.create(key=key, text=text, position=place)
        for place, (key, text) in enumerate((questions or {}).items(), start=1)
    }
    for place, fields in enumerate(phases, start=1):
        taken_up = fields.pop("questions", rows)
        plain = {"key": f"phase-{place}", "title": f"Phase {place}", "minutes": 10, "work": "alone"}
        phase = activity.phases.create(position=place, instructions="Do it.", body="Watch.", **{**plain, **fields})
        phase.questions.set([rows[key] for key in taken_up])
    small.publish()
    plan = activities_of(read(small.course)).activity("held")
    session = services.prepare_session(activity=plan, cohort=cohort, facilitator=facilitator)
    services.begin(session=session)
    services.resume(session=session)
    return session


def bring(session: Session, *users: User) -> list[Attendance]:
    """Let people join the session's cohort, and be in the session."""
    memberships = [cohort_services.join(user=user, cohort=session.cohort) for user in users]
    return [services.arrive(session=session, membership=membership) for membership in memberships]


def somebody(session: Session, name: str, **fields) -> Client:
    """Return a browser of somebody new who is in the session."""
    user = make_user(f"{name.lower()}@example.org", name=name, **fields)
    bring(session, user)
    return signed_in(user)


def do(client: Client, session: Session, action: str, **data):
    """Do something in a session, by a plain form."""
    return client.post(reverse("session_act", args=[session.public_id, action]), data)


def go_on(session: Session) -> None:
    """Move everybody to the next phase, and start its clock."""
    session.refresh_from_db()
    here = session.current.position
    services.go_to(session=session, position=here + 1, from_position=here)
    services.resume(session=session)


def seen(client: Client, session: Session, face: str) -> str:
    """Return what a face shows alike to everybody."""
    return client.get(reverse("session_shared", args=[session.public_id, face])).text


def mine(client: Client, session: Session) -> str:
    """Return what is one person's own."""
    return client.get(reverse("session_mine", args=[session.public_id])).text

"""Activities and sessions for tests that have the small course."""

from accounts.models import User
from activities import services
from activities.models import Activity, Handout, Session
from activities.published import activities_of
from cohorts.models import Cohort, Membership
from cohorts.tests.people import make_participant
from conftest import SmallCourse
from courses.published import read as published


def add_activity(small: SmallCourse) -> Activity:
    """Add an activity with two questions, two phases and a handout to the first section of *small*, and publish."""
    course = small.course
    handout = Handout.objects.create(
        course=course, key="story", number="2", title="A story", source="After a case.", body="Once.\n\n:::figure cycle"
    )
    activity = Activity.objects.create(
        course=course,
        key="meeting",
        number="1",
        title="Meeting",
        technique="Rounds",
        summary="People meet.",
        stage="topic",
        topic=small.topics[0],
        section=small.sections[0],
        place="After the first section.",
        size="12 people",
        position=1,
        body="Meet the [[diaspora]].\n\n:::figure cycle",
        before="- Print cards.",
        tips="Stand up.",
    )
    activity.handouts.add(handout)
    activity.objectives.create(key="meet", text="Know who is here.")
    where = activity.questions.create(
        key="where",
        text="Where from?",
        hint="A town.",
        heading="First",
        position=1,
        objective=small.topics[0].objectives.get(),
    )
    activity.questions.create(key="why", text="Why here?", position=2)
    first = activity.phases.create(
        key="cards",
        title="Cards",
        minutes=5,
        work="alone",
        tool="cards",
        position=1,
        instructions="Write **one** word.",
        body="1. Hand out cards.\n\n:::figure cycle",
    )
    first.questions.add(where)
    activity.phases.create(
        key="talk", title="Talk", minutes=2, most=3, per="person", work="plenary", position=2, instructions="Say it.",
        body="1. Listen.",
    )  # fmt: skip
    small.publish()
    return activity


def make_session(small: SmallCourse, cohort: Cohort, facilitator: User) -> Session:
    """Begin a session of a vote on four sectors, and a talk after it; its clock runs."""
    activity = Activity.objects.create(
        course=small.course,
        key="sectors",
        number="1",
        title="Sectors",
        technique="Dots",
        summary="Vote.",
        stage="opening",
        place="At the start.",
        size="All",
        body="Vote.",
    )
    activity.phases.create(
        key="vote",
        title="Vote",
        minutes=10,
        work="alone",
        tool="dot-vote",
        position=1,
        instructions="Place dots.",
        body="Watch.",
        options="Health\nSchools\nWork\nHousing",
    )
    activity.phases.create(
        key="talk", title="Talk", minutes=5, work="plenary", position=2, instructions="Talk.", body="Ask."
    )
    small.publish()
    plan = activities_of(published(small.course)).activity("sectors")
    session = services.prepare_session(activity=plan, cohort=cohort, facilitator=facilitator)
    services.begin(session=session)
    services.resume(session=session)
    return session


def make_case(small: SmallCourse, cohort: Cohort, facilitator: User) -> Session:
    """Prepare a session of a case: groups answer two questions under two headings in 30 minutes, then present."""
    course = small.course
    activity = Activity.objects.create(
        course=course,
        key="case",
        number="2",
        title="A case",
        technique="Case study",
        summary="Read and answer.",
        stage="opening",
        place="Early.",
        size="Groups",
        body="A case.",
    )
    activity.handouts.add(
        Handout.objects.create(
            course=course, key="idriss", number="2", title="Idriss", source="After a case.", body="Idriss left."
        )
    )
    questions = [
        activity.questions.create(key="why", text="Why did he leave?", heading="The story", position=1),
        activity.questions.create(key="home", text="What about home?", heading="Your place", position=2),
    ]
    read = activity.phases.create(
        key="read", title="Read and answer", minutes=30, work="groups", tool="case-study", position=1,
        instructions="Read.", body="Go round.",
    )  # fmt: skip
    read.questions.set(questions)
    activity.phases.create(
        key="present", title="Present", minutes=5, per="group", work="plenary", tool="presentations", position=2,
        instructions="Present.", body="Listen.",
    )  # fmt: skip
    small.publish()
    plan = activities_of(published(course)).activity("case")
    return services.prepare_session(activity=plan, cohort=cohort, facilitator=facilitator)


def seat_people(session: Session, *names: str, **profile: str) -> list[Membership]:
    """Let people with these names learn in the session's cohort and be in the session."""
    people = [make_participant(session.cohort, name) for name in names]
    for membership in people:
        User.objects.filter(pk=membership.user_id).update(**profile)
        services.arrive(session=session, membership=membership)
    return people

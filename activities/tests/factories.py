"""An activity of everything, for tests that have the small course."""

from activities.models import Activity, Handout
from conftest import SmallCourse


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

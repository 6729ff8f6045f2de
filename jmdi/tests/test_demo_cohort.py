"""The demo's cohort of forty: believable at the first start, untouched by the next."""

import datetime as dt
import zoneinfo
from collections import Counter

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from cohorts import services as cohort_services
from cohorts.models import Cohort, Invitation, JoinCode, Membership, Pick, Reply
from conftest import make_course, make_user, signed_in
from courses import services
from courses.models import Answer, Audience, Course, Enrolment, ObjectiveRating, SectionProgress, TopicProgress
from courses.progress import recount_everybody
from courses.published import read
from jmdi import demo, demo_cohorts
from jmdi.management.commands.demo import COURSE

BANK = demo.load("demo_answers.yaml")["answers"]


def fill():
    demo.make_people()
    demo_cohorts.make_cohorts()


@pytest.fixture
def core(db):
    """The Core Module, with the demo's people and cohorts."""
    call_command("import_course", str(COURSE), verbosity=0)
    fill()
    return read(Course.objects.get(key="core-module"))


@pytest.fixture
def short(db):
    """A course of four sections by the name of the Core Module, with the demo's people and cohorts: quickly made."""
    course = make_course("core-module").course
    fill()
    return course


def running():
    return Cohort.objects.get(public_id=demo_cohorts.RUNNING)


def everything():
    """Return all rows of all tables of people and cohorts."""
    models = [
        model
        for app in ("account", "accounts", "courses", "cohorts")
        for model in apps.get_app_config(app).models.values()
    ]
    return {model: list(model.objects.order_by("pk").values_list()) for model in models}


def counters():
    enrolled = Enrolment.objects.order_by("pk").values_list(
        "pk", "sections_done", "questions_answered", "objectives_rated"
    )
    by_topic = TopicProgress.objects.order_by("pk").values_list(
        "pk", "sections_done", "questions_answered", "objectives_rated"
    )
    return list(enrolled), list(by_topic)


def test_forty_people_are_at_different_places_of_the_plan(core):
    cohort = running()
    today = cohort.today
    due = set(cohort.plan.filter(kind="reading", on__lt=today).values_list("section_id", flat=True))
    now = timezone.now()

    found = Counter()
    for membership in cohort.memberships.participants().select_related("enrolment"):
        rows = membership.enrolment.section_progress
        opened = set(rows.values_list("section_id", flat=True))
        done = set(rows.exclude(done_at=None).values_list("section_id", flat=True))
        is_silent = now - membership.enrolment.last_active_at > dt.timedelta(days=4)
        if not opened:
            found["not started"] += 1
        elif len(done) == len(core.sections) and membership.enrolment.questions_answered == core.questions_total:
            found["finished"] += 1
        elif due <= done:
            found["ahead" if due < done else "on plan"] += 1
        else:
            found["stalled" if is_silent and opened != done else "behind"] += 1

    assert found == {"on plan": 23, "ahead": 6, "behind": 4, "not started": 3, "stalled": 2, "finished": 2}
    assert (today - cohort.starts_on).days == 10
    assert (cohort.ends_on - today).days == 4
    seen = cohort.memberships.participants().values_list("enrolment__last_active_at", flat=True)
    assert max(seen) < now
    assert len({moment.date() for moment in seen}) >= 5
    plan = cohort.plan.all()
    assert Counter(item.kind for item in plan) == {"reading": len(core.sections), "activity": 10, "event": 4}
    assert {cohort.starts_on, cohort.ends_on} <= {item.on for item in plan}
    assert all(cohort.starts_on <= item.on <= cohort.ends_on for item in plan)


def test_every_question_is_answered_and_nothing_made_up_for_it_is_left_over(core):
    asked = {
        f"{prompt['key']}/{question['key']}"
        for topic in core.topics
        for prompt in topic.prompts.values()
        for question in prompt["questions"]
    }
    answers = Answer.objects.select_related("question__prompt", "enrolment")
    times = Counter(f"{answer.question.prompt.key}/{answer.question.key}" for answer in answers)

    assert {one["question"] for one in BANK} == asked
    assert times == {one["question"]: len(one["answers"]) for one in BANK}
    assert min(times.values()) >= 2
    assert sum(number >= 10 for number in times.values()) >= 5
    assert set(answers.values_list("audience", flat=True)) == set(Audience.values)
    for answer in answers:
        began, done = answer.enrolment.section_progress.values_list("started_at", "done_at").get(
            section_id=core.places[answer.question_id][1].id
        )
        assert began <= answer.created_at == answer.updated_at <= (done or timezone.now())
    assert set(Reply.objects.values_list("audience", flat=True)) == {"author", "cohort"}
    assert Pick.objects.get(consent="asked").answer.enrolment.user.email == demo.ROLES["participant"]


def test_all_of_it_is_as_the_services_would_have_left_it_and_a_second_start_changes_nothing(core):
    for user in User.objects.all():
        user.full_clean()
    for cohort in Cohort.objects.all():
        cohort.full_clean()
    assert not Pick.objects.filter(answer__audience=Audience.PRIVATE).exists()
    assert not Reply.objects.filter(answer__audience=Audience.PRIVATE).exists()
    # Who rates a topic at its end has done its sections by then, and can do no less than before.
    last_done = {
        (one.enrolment_id, one.section.topic_id): one.done_at
        for one in SectionProgress.objects.exclude(done_at=None).select_related("section").order_by("done_at")
    }
    sections_done = Counter(
        SectionProgress.objects.exclude(done_at=None).values_list("enrolment_id", "section__topic_id")
    )
    levels = {
        (rating.enrolment_id, rating.objective_id): rating.level
        for rating in ObjectiveRating.objects.filter(moment="before")
    }
    sections = {topic.id: len(topic.sections) for topic in core.topics}
    ratings = list(ObjectiveRating.objects.filter(moment="after").select_related("objective"))
    assert len(ratings) > 300
    for rating in ratings:
        topic_of = rating.enrolment_id, rating.objective.topic_id
        assert sections_done[topic_of] == sections[rating.objective.topic_id]
        assert last_done[topic_of] <= rating.rated_at <= timezone.now()
        assert rating.level >= levels.get((rating.enrolment_id, rating.objective_id), 1)

    before, counted = everything(), counters()
    recount_everybody(Course.objects.get())
    assert counters() == counted
    fill()
    assert everything() == before


def test_lucia_finds_three_cohorts_one_of_them_archived_and_one_without_people(short):
    lucia = User.objects.get(email=demo.ROLES["facilitator"])
    cohorts = Cohort.objects.facilitated_by(lucia).order_by("starts_on")
    past, now, coming = cohorts
    client = signed_in(lucia)

    assert [past.public_id, now.public_id, coming.public_id] == [
        demo_cohorts.PAST,
        demo_cohorts.RUNNING,
        demo_cohorts.COMING,
    ]
    assert past.archived_at < timezone.now()
    assert [cohort.memberships.participants().count() for cohort in cohorts] == [7, 40, 0]
    assert Counter(now.memberships.participants().values_list("group", flat=True)) == {
        f"Table {number}": 8 for number in range(1, 6)
    }
    assert JoinCode.objects.open().get().cohort == now
    assert Invitation.objects.open().filter(cohort=now).count() == 2
    for cohort in cohorts:
        assert cohort.name in client.get(cohort.get_absolute_url()).text


def test_what_visitors_have_changed_stays(short):
    amina = Membership.objects.get(cohort=running(), user__email=demo.ROLES["participant"])
    cohort_services.leave(membership=amina)
    Cohort.objects.filter(public_id=demo_cohorts.RUNNING).update(name="Renamed", archived_at=timezone.now())
    running().plan.all().delete()
    JoinCode.objects.all().delete()
    Invitation.objects.all().delete()
    kofi = Enrolment.objects.get(user__email=demo.address("kofi.mensah"))
    kofi.section_progress.all().delete()
    before = everything()

    fill()

    assert everything() == before


def test_who_was_erased_comes_back_into_the_cohort_with_a_history(short):
    User.objects.get(email=demo.ROLES["participant"]).delete()

    fill()

    amina = Membership.objects.get(user__email=demo.ROLES["participant"])
    assert amina.cohort == running()
    assert amina.enrolment.sections_done > 0
    assert Membership.objects.participants().filter(cohort=running()).count() == 40


def test_work_that_is_there_already_is_kept(db):
    course = make_course("core-module").course
    demo.make_people()
    amina = User.objects.get(email=demo.ROLES["participant"])
    enrolment = services.enrol(user=amina, course=course)

    fill()

    assert Membership.objects.get(user=amina).enrolment == enrolment
    assert not enrolment.section_progress.exists()


def test_without_its_course_there_are_no_cohorts(small):
    fill()

    assert not Cohort.objects.exists()


def test_other_people_get_nothing(db):
    make_course("core-module")
    cleo = make_user("cleo@example.org")

    fill()

    assert not cleo.enrolments.exists()
    assert not cleo.memberships.exists()


def test_the_data_files_hang_together():
    people = demo.people()
    known = {person["id"] for group in people.values() for person in group}
    written = [(entry["by"], one["question"]) for one in BANK for entry in one["answers"]]
    texts = [entry["text"] for one in BANK for entry in one["answers"]]

    assert len(people["participants"]) == 40
    assert len(known) == sum(len(group) for group in people.values())
    assert {by for by, _question in written} <= known
    assert len(set(written)) == len(written)
    assert len(set(texts)) == len(texts) >= 100
    for person in people["participants"] + people["last_year"]:
        assert zoneinfo.ZoneInfo(person["time_zone"])

"""An editor changes activities: what is written is read, and what would break something is not made."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity, ActivityObjective, ActivityQuestion, Handout, Phase
from conftest import make_course
from courses.admin.checks import flaws
from courses.models import LearningObjective, Section
from courses.tests.admin_forms import add, edit, fields_of, inline_row, opened, url_of
from courses.tests.test_admin_looking import staff

GUIDE = "/activities/core/introductions/guide/"


def errors(response):
    """Return what the form says is wrong, as one text."""
    assert response.status_code == 200, "it was saved"
    return str(response.context["errors"])


@pytest.fixture
def activity(core):
    return Activity.objects.get(key="introductions")


@pytest.mark.parametrize(
    ("model", "field", "path"),
    [
        (Activity, "summary", "/activities/core/introductions/"),
        (Activity, "body", "/activities/core/introductions/"),
        (Activity, "tips", GUIDE),
        (ActivityObjective, "text", GUIDE),
        (ActivityQuestion, "text", GUIDE),
        (Phase, "title", GUIDE),
        (Phase, "instructions", GUIDE),
        (Phase, "body", GUIDE),
        (Handout, "body", "/activities/core/handouts/idriss/"),
    ],
)
def test_every_text_is_edited_and_read(core, as_dag, model, field, path):
    row = model.objects.order_by("pk").first()

    assert edit(as_dag, row, **{field: "Wholly new words"}).status_code == 302

    assert "Wholly new words" in as_dag.get(path).text


def test_saving_what_nobody_changed_changes_nothing(core, as_dag):
    for row in [*Activity.objects.all(), *Phase.objects.all(), *ActivityQuestion.objects.all(), Handout.objects.get()]:
        assert edit(as_dag, row).status_code == 302

    version = core.version
    core.refresh_from_db()
    assert core.version == version


def test_questions_and_phases_are_added_on_the_page_of_their_activity(core, as_dag, activity):
    question = inline_row("questions", 3, key="more", text="What more?")
    assert edit(as_dag, activity, **question).status_code == 302
    new = ActivityQuestion.objects.get(key="more")
    phase = inline_row(
        "phases", 2, key="end", title="End", minutes=4, work="plenary", questions=[new.pk], instructions="x", body="y"
    )
    assert edit(as_dag, activity, **phase).status_code == 302

    end = Phase.objects.get(key="end")
    assert (end.position, list(end.questions.all())) == (3, [new])
    assert "4 minutes" in as_dag.get(GUIDE).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"body": ":::reflection context"}, "cannot stand in this text"),
        ({"tips": "A\n\n[[none]]"}, "Line 3: There is no glossary term “none” in this course."),
        ({"tips": ":::figure cycle"}, "cannot stand in this text"),
        ({"stage": "closing"}, "has no topic"),
        ({"topic": ""}, "An activity in a topic needs its topic."),
        ({"phases-0-most": "5"}, "“At most” is more than the minutes."),
        ({"phases-0-body": ":::figure none"}, "There is no figure “none” in this course."),
    ],
)
def test_what_does_not_hold_is_refused_with_its_place(core, as_dag, activity, fields, words):
    assert words in errors(edit(as_dag, activity, **fields))

    assert activity.history.count() == 1


def test_choices_are_those_of_the_course_and_of_the_activity(core, as_dag, activity):
    other = make_course("other")
    handout = Handout.objects.create(course=other.course, key="far", number="9", title="Far")
    farewell = Activity.objects.get(key="farewell")

    assert "Select a valid choice" in errors(edit(as_dag, activity, topic=other.topics[0].pk))
    assert "valid choice" in errors(edit(as_dag, activity, handouts=[handout.pk]))
    care = Section.objects.get(key="care")
    assert "This section belongs to another topic." in errors(edit(as_dag, activity, section=care.pk))
    foreign = farewell.questions.create(key="foreign", text="Foreign?")
    assert "valid choice" in errors(edit(as_dag, Phase.objects.first(), questions=[foreign.pk]))
    new = {"course": core.pk, "key": "new", "number": "3", "title": "New", "technique": "x", "summary": "x"}
    new |= {"stage": "opening", "place": "x", "size": "x"}
    assert "handouts belong to another course" in errors(add(as_dag, Activity, handouts=[handout.pk], **new))
    assert "address of another page" in errors(add(as_dag, Activity, **{**new, "key": "guide"}))
    assert add(as_dag, Activity, **new).status_code == 302


@pytest.mark.parametrize(
    ("model", "key", "place"),
    [
        (Section, "local", "Activity “Introductions” names it."),
        (Handout, "idriss", "Activity “Introductions” names it."),
        (LearningObjective, "analyse", "Question of an activity “Where do you work?” names it."),
        (ActivityQuestion, "where", "Phase “Fill in a card” names it."),
    ],
)
def test_what_an_activity_names_cannot_be_removed(core, as_dag, model, key, place):
    row = model.objects.get(key=key)

    response = as_dag.post(url_of(row, "delete"), {"post": "yes"})

    assert place in response.text.replace("&#x27;", "'")
    assert model.objects.get(key=key) == row


def test_a_question_that_a_phase_takes_up_cannot_be_ticked_away(core, as_dag, activity):
    response = edit(as_dag, activity, **{"questions-0-DELETE": "on"})

    assert "Phase “Fill in a card”: Question of an activity “Where do you work?” is archived." in errors(response)
    assert ActivityQuestion.objects.current().count() == 3


def test_an_activity_is_archived_and_brought_back(core, as_dag, activity):
    path = activity.get_absolute_url()
    assert as_dag.post(url_of(activity, "delete"), {"post": "yes"}).status_code == 302
    assert as_dag.get(path).status_code == 404
    assert Phase.objects.count() == 2

    assert as_dag.post(url_of(activity), {**opened(as_dag, activity), "_bring_back": "x"}).status_code == 302
    assert as_dag.get(path).status_code == 200


@pytest.mark.parametrize(("model", "field"), [(Activity, "body"), (Phase, "body"), (Handout, "body")])
def test_a_preview_shows_the_page_and_saves_nothing(core, as_dag, model, field):
    row = model.objects.first()

    response = edit(as_dag, row, "_preview", **{field: "Only a draft"})

    assert "Only a draft" in response.text
    assert "This is a preview." in response.text
    assert row.history.count() == 1


def test_an_archived_activity_has_no_preview(core, as_dag, activity):
    Activity.objects.filter(pk=activity.pk).update(archived_at="2026-01-01T00:00Z")

    assert "readers would not see it" in errors(edit(as_dag, activity, "_preview"))


def test_an_earlier_state_is_brought_back(core, as_dag, activity):
    phase = Phase.objects.get(key="cards")
    edit(as_dag, phase, body="A mistake.")
    record = phase.history.last()
    url = reverse("admin:activities_phase_simple_history", args=[phase.pk, record.pk])

    response = as_dag.post(url, {**fields_of(as_dag.get(url)), "_save": "x"})

    assert response.url == url_of(activity)
    phase.refresh_from_db()
    assert phase.body == "1. Hand out the cards."


def test_activities_are_moved_by_buttons(core, as_dag, activity):
    changelist = reverse("admin:activities_activity_changelist")

    as_dag.post(changelist, {"_down": activity.pk})

    assert [row.key for row in Activity.objects.all()] == ["farewell", "introductions"]


def test_parts_have_no_list_of_their_own(core, as_dag):
    index = as_dag.get(reverse("admin:index")).text

    assert "/admin/activities/activity/" in index
    assert "/admin/activities/phase/" not in index


def test_who_may_only_look_is_given_nothing_to_type_in(core, as_dag):
    kinds = [Activity, ActivityObjective, ActivityQuestion, Phase, Handout]
    client = staff(*(f"view_{model._meta.model_name}" for model in kinds))

    for model in kinds:
        row = model.objects.first()
        page = client.get(url_of(row))
        assert page.status_code == 200
        assert "<textarea" not in page.text
        assert client.get(url_of(row, "history")).status_code == 200
        assert client.post(url_of(row), opened(as_dag, row)).status_code == 403


def test_the_check_of_the_course_takes_the_same_queries_whatever_is_in_it(core):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert flaws(core) == []
        return len(captured)

    before = queries()
    for activity in Activity.objects.all():
        for number in range(3):
            question = activity.questions.create(key=f"more-{number}", text="More?")
            activity.phases.create(
                key=f"more-{number}", title="x", minutes=1, work="alone", instructions="x", body="x"
            ).questions.add(question)

    assert queries() == before

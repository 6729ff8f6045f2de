"""Taking things out of the course and bringing them back: nothing that people wrote is lost, nothing points nowhere."""

import pytest
from django.urls import reverse

from courses.models import (
    Answer,
    Course,
    Figure,
    GlossaryTerm,
    KeyPoint,
    LearningObjective,
    Question,
    Reference,
    ReflectionPrompt,
    Section,
    Topic,
)
from courses.tests.admin_forms import edit, fields_of, opened, url_of

ANSWER = ("core", "challenges", "context", "question-1")


@pytest.fixture
def answered(small, as_ben):
    """The first question of the small course, which Ben has answered."""
    as_ben.post(reverse("answer_save", args=ANSWER), {"text": "Ben's own words", "version": 0})
    return small.questions[0]


def delete(client, row):
    return client.post(url_of(row, "delete"), {"post": "yes"})


# --- Removing -----------------------------------------------------------------------------------------------


def test_an_answered_question_is_archived_and_its_answer_stays_with_its_author(answered, as_dag, as_ben):
    prompt = ReflectionPrompt.objects.get()

    assert edit(as_dag, prompt, **{"questions-0-DELETE": "on"}).status_code == 302

    answered.refresh_from_db()
    assert answered.archived_at is not None
    assert Answer.objects.count() == 1
    assert "What about 1?" not in as_ben.get(reverse("section", args=["core", "challenges", "section-1"])).text
    mine = as_ben.get(reverse("my_answers")).text
    assert "Questions that have left the course" in mine
    assert "Ben&#x27;s own words" in mine


def test_an_archived_question_is_brought_back(answered, as_dag, as_ben):
    delete(as_dag, answered)

    page = as_dag.get(url_of(answered)).text
    assert "This is archived: readers do not see it." in page
    assert "Save and bring back into the course" in page
    assert edit(as_dag, answered, button="_bring_back").status_code == 302

    reading = as_ben.get(reverse("section", args=["core", "challenges", "section-1"])).text
    assert "Ben&#x27;s own words" in reading


def test_a_question_that_nobody_answered_is_deleted(small, as_dag):
    prompt = ReflectionPrompt.objects.get()

    edit(as_dag, prompt, **{"questions-1-DELETE": "on"})

    assert [question.key for question in Question.objects.all()] == ["question-1"]


def test_the_page_says_before_removing_what_hangs_on_it(answered, as_dag):
    page = as_dag.get(url_of(ReflectionPrompt.objects.get(), "delete")).text
    assert "cannot be removed" in page
    assert "Section “Section 1 of challenges” points to it on line 3." in page

    page = as_dag.get(url_of(answered, "delete")).text
    assert "will be taken out of the course and archived" in page
    assert "1 answer has been written here." in page
    assert "own words" not in page


@pytest.mark.parametrize("model", [ReflectionPrompt, Figure, GlossaryTerm])
def test_what_a_text_points_to_is_not_removed(small, as_dag, model):
    row = model.objects.get()

    response = delete(as_dag, row)

    assert response.status_code == 200
    assert "Section “Section 1 of challenges” points to it" in response.text
    row.refresh_from_db()
    assert getattr(row, "archived_at", None) is None


def test_a_section_that_another_points_to_is_not_removed(small, as_dag):
    assert "points to it on line 7" in delete(as_dag, small.sections[2]).text


def test_a_section_that_somebody_has_opened_is_archived(small, enrolment, as_ben, as_dag):
    section = small.sections[1]
    as_ben.post(reverse("section_visit", args=["core", "challenges", "section-2"]))

    assert "1 person has opened it." in as_dag.get(url_of(section, "delete")).text
    delete(as_dag, section)

    section.refresh_from_db()
    assert section.archived_at is not None
    assert as_ben.get(section.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("model", [Topic, Course])
def test_nothing_protected_ends_in_an_error(answered, as_dag, model):
    row = model.objects.first()

    assert delete(as_dag, row).status_code in {200, 302}
    assert model.objects.filter(pk=row.pk).exists()


def test_a_topic_with_work_is_archived_whole(answered, as_dag, as_ben):
    topic = Topic.objects.get(key="challenges")

    assert delete(as_dag, topic).status_code == 302

    assert as_ben.get(topic.get_absolute_url()).status_code == 404
    assert Section.objects.filter(topic=topic, archived_at=None).count() == 2
    assert "Ben&#x27;s own words" in as_ben.get(reverse("my_answers")).text


# --- Undoing ------------------------------------------------------------------------------------------------


def first_state(client, row):
    """Return the address of the earliest state of *row*."""
    record = row.history.last()
    return reverse(f"admin:courses_{row._meta.model_name}_simple_history", args=[row.pk, record.pk])


def revert(client, row, **changes):
    url = first_state(client, row)
    return client.post(url, {**fields_of(client.get(url)), **changes, "_save": "x"})


def test_an_edit_is_undone_from_its_history(small, as_dag, as_ben):
    section = small.sections[1]
    edit(as_dag, section, body="A mistake.")
    assert "A mistake." in as_dag.get(url_of(section, "history")).text

    assert revert(as_dag, section).status_code == 302

    assert "Reading about challenges." in as_ben.get(section.get_absolute_url()).text


def test_undoing_is_held_to_the_same_rules(small, as_dag):
    section = small.sections[1]
    section.body = ":::figure lost"
    section.save()
    edit(as_dag, section, body="Good.")
    record = section.history.all()[1]
    url = reverse("admin:courses_section_simple_history", args=[section.pk, record.pk])

    response = as_dag.post(url, {**fields_of(as_dag.get(url)), "_save": "x"})

    assert "There is no figure “lost” in this course." in str(response.context["errors"])
    section.refresh_from_db()
    assert section.body == "Good."


def test_undoing_leaves_place_and_wording_count_as_they_are(small, as_dag):
    question = small.questions[0]
    edit(as_dag, question, text="Once more?")
    edit(as_dag, question, text="And again?")

    assert revert(as_dag, question).status_code == 302

    question.refresh_from_db()
    assert (question.text, question.revision) == ("What about 1?", 4)


def test_undoing_on_a_state_that_has_changed_meanwhile_is_refused(small, as_dag):
    section = small.sections[1]
    edit(as_dag, section, body="A mistake.")
    url = first_state(as_dag, section)
    before = fields_of(as_dag.get(url))
    edit(as_dag, section, body="Theirs.")

    response = as_dag.post(url, {**before, "_save": "x"})

    assert "Stored now:\nTheirs." in response.text
    section.refresh_from_db()
    assert section.body == "Theirs."


@pytest.mark.parametrize("model", [KeyPoint, Reference, LearningObjective])
def test_what_was_deleted_comes_back_from_its_history(small, as_dag, model):
    row = model.objects.first()
    shown = str(row)
    pk = row.pk
    response = delete(as_dag, row)
    assert not model.objects.filter(pk=pk).exists()
    assert url_of(row, "history") in as_dag.get(response.url).text

    assert revert(as_dag, row).status_code == 302

    assert str(model.objects.get(pk=pk)) == shown


def test_nothing_comes_back_to_where_its_key_is_taken(small, as_dag):
    point = KeyPoint.objects.first()
    pk = point.pk
    delete(as_dag, point)
    KeyPoint.objects.create(topic=small.topics[0], key="point", text="another")

    point.pk = pk
    response = revert(as_dag, point)

    assert "already exists" in str(response.context["errors"])


def test_an_archived_section_comes_back_only_where_it_fits(small, enrolment, as_ben, as_dag):
    section = small.sections[1]
    as_ben.post(reverse("section_visit", args=["core", "challenges", "section-2"]))
    delete(as_dag, section)
    Section.objects.filter(pk=section.pk).update(body=":::reflection context")

    response = as_dag.post(url_of(section), {**opened(as_dag, section), "_bring_back": "x"})

    assert "is placed in Section “Section 1 of challenges”, too" in str(response.context["errors"])
    section.refresh_from_db()
    assert section.archived_at is not None


def test_what_was_ticked_away_can_be_undone_from_the_message(small, as_dag):
    question = small.questions[1]

    response = edit(as_dag, ReflectionPrompt.objects.get(), **{"questions-1-DELETE": "on"})
    page = as_dag.get(response.url).text
    assert "Question “What about 2?” is deleted." in page
    assert url_of(question, "history") in page

    response = revert(as_dag, question)
    assert response.url == url_of(ReflectionPrompt.objects.get())
    assert Question.objects.count() == 2

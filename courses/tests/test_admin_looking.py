"""What the admin shows: lists, order, previews, and to whom."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import make_course, make_user, signed_in
from courses.models import (
    CaseStudy,
    Course,
    Figure,
    GlossaryTerm,
    KeyPoint,
    LearningObjective,
    Question,
    Reference,
    ReflectionPrompt,
    RelatedModule,
    Section,
    Topic,
)
from courses.tests.admin_forms import add, edit, url_of

EVERY_KIND = [
    Course, RelatedModule, Topic, Section, LearningObjective, KeyPoint, ReflectionPrompt, Question, CaseStudy, Figure,
    GlossaryTerm, Reference,
]  # fmt: skip


def staff(*permissions: str) -> Client:
    """Return somebody in the admin who may do just *permissions*, such as `view_section`."""
    user = make_user("eve@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return signed_in(user)


# --- Who sees what ------------------------------------------------------------------------------------------


def test_the_index_names_content_and_people_and_nothing_that_people_wrote(small, as_dag):
    page = as_dag.get(reverse("admin:index"))

    names = {model["object_name"] for app in page.context["app_list"] for model in app["models"]}
    assert names == {
        "Course", "Topic", "Section", "ReflectionPrompt", "CaseStudy", "Figure", "GlossaryTerm", "Reference",
        "Activity", "Handout", "Cohort", "DBTaskResult", "User", "Group",
    }  # fmt: skip
    assert "JMDI Learning: editing" in page.text


def test_staff_without_permission_sees_no_content(small):
    client = staff()

    assert client.get(reverse("admin:index")).context["app_list"] == []
    assert client.get(reverse("admin:courses_section_changelist")).status_code == 403
    assert client.get(url_of(small.sections[0])).status_code == 403
    assert "Edit this page" not in client.get(small.sections[0].get_absolute_url()).text


@pytest.mark.parametrize("model", [kind for kind in EVERY_KIND if kind is not CaseStudy])
def test_who_may_only_look_looks_and_changes_nothing(small, model):
    client = staff(*(f"view_{kind._meta.model_name}" for kind in EVERY_KIND))
    row = model.objects.first()
    state = reverse(f"admin:courses_{model._meta.model_name}_simple_history", args=[row.pk, row.history.first().pk])
    listed = reverse(f"admin:courses_{model._meta.model_name}_changelist")

    for url in (listed, url_of(row), url_of(row, "history"), state):
        response = client.get(url)
        assert response.status_code == 200
        assert 'name="_save"' not in response.text
        assert "<textarea" not in response.text
    for url in (url_of(row), state, url_of(row, "delete")):
        assert client.post(url, {"_save": "x", "title": "No"}).status_code == 403


def test_an_editor_of_sections_edits_sections_only(small):
    client = staff("view_section", "change_section")

    assert edit(client, small.sections[1], title="Better").status_code == 302
    assert client.get(url_of(small.topics[0])).status_code == 403
    assert url_of(small.sections[1]) in client.get(small.sections[1].get_absolute_url()).text
    assert "Edit this page" not in client.get(small.topics[0].get_absolute_url()).text


def test_participants_are_offered_no_editing(small, as_ben):
    for row in (small.course, small.topics[0], small.sections[0]):
        assert "Edit this page" not in as_ben.get(row.get_absolute_url()).text


def test_staff_finds_the_way_from_a_page_to_its_form_and_back(small, as_dag):
    for row in (small.course, small.topics[0], small.sections[0]):
        assert f'href="{url_of(row)}"' in as_dag.get(row.get_absolute_url()).text
        assert f'href="{row.get_absolute_url()}"' in as_dag.get(url_of(row)).text


@pytest.mark.parametrize(
    ("model", "url"),
    [
        (ReflectionPrompt, "/courses/core/challenges/section-1/#prompt-context"),
        (Question, "/courses/core/challenges/section-1/#answer-context-question-1"),
        (Figure, "/courses/core/challenges/section-1/#figure-cycle"),
        (GlossaryTerm, "/courses/core/glossary/#term-diaspora"),
        (Reference, "/courses/core/references/#reference-tesson"),
        (KeyPoint, "/courses/core/challenges/"),
    ],
)
def test_view_on_site_leads_to_where_a_thing_is_read(small, as_dag, model, url):
    assert f'href="{url}"' in as_dag.get(url_of(model.objects.order_by("pk").first())).text


# --- Lists --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model", ["course", "topic", "section", "reflectionprompt", "casestudy", "figure", "glossaryterm", "reference"]
)
def test_a_list_costs_the_same_whatever_is_in_it(small, as_dag, model, django_assert_num_queries):
    url = reverse(f"admin:courses_{model}_changelist")
    as_dag.get(url)

    with CaptureQueriesContext(connection) as few:
        as_dag.get(url)
    make_course("second")
    make_course("third")

    with django_assert_num_queries(len(few)):
        as_dag.get(url)
    assert len(few) <= 9


def test_sections_are_listed_in_the_order_of_the_course(small, as_dag):
    rows = as_dag.get(reverse("admin:courses_section_changelist")).context["cl"].result_list

    assert list(rows) == small.sections


def test_a_section_moves_up_and_down(small, as_dag, as_ben):
    url = reverse("admin:courses_section_changelist")
    first, second = small.sections[:2]

    response = as_dag.post(url, {"_up": second.pk})

    assert response.url.endswith(f"#order-{second.pk}")
    assert list(small.topics[0].sections.values_list("key", flat=True)) == ["section-2", "section-1"]
    assert "1.1" in as_ben.get(second.get_absolute_url()).text
    as_dag.post(url, {"_down": second.pk})
    as_dag.post(url, {"_up": first.pk})
    assert list(small.topics[0].sections.values_list("key", flat=True)) == ["section-1", "section-2"]


def test_moving_is_for_editors(small):
    client = staff("view_section")

    assert client.post(reverse("admin:courses_section_changelist"), {"_up": small.sections[1].pk}).status_code == 403
    assert 'name="_up"' not in client.get(reverse("admin:courses_section_changelist")).text


def test_questions_are_ordered_by_number(small, as_dag, as_ben):
    edit(as_dag, ReflectionPrompt.objects.get(), **{"questions-0-position": 9})

    page = as_ben.get(small.sections[0].get_absolute_url()).text
    assert page.index("What about 2?") < page.index("What about 1?")


def test_archived_rows_are_marked_and_filtered(small, enrolment, as_ben, as_dag):
    as_ben.post(reverse("section_visit", args=["core", "challenges", "section-2"]))
    as_dag.post(url_of(small.sections[1], "delete"), {"post": "yes"})
    url = reverse("admin:courses_section_changelist")

    assert 'class="archived"' in as_dag.get(url).text
    assert list(as_dag.get(url, {"archived": "yes"}).context["cl"].result_list) == [small.sections[1]]


# --- Preview ------------------------------------------------------------------------------------------------


def test_a_preview_shows_the_page_and_saves_nothing(small, as_dag, as_ben):
    section = small.sections[1]
    records = Section.history.count()

    response = edit(as_dag, section, button="_preview", body="Not **yet**.\n\n[[diaspora]]")

    assert response.status_code == 200
    assert "This is a preview." in response.text
    assert "Not <strong>yet</strong>." in response.text
    assert "People with a link to a place." in response.text
    assert "form-action 'none'" in response.headers["Content-Security-Policy"]
    assert "Not <strong>" not in as_ben.get(section.get_absolute_url()).text
    assert Section.history.count() == records
    version = small.course.version
    small.course.refresh_from_db()
    assert small.course.version == version


def test_a_preview_is_not_what_readers_get_after_the_next_save(small, as_dag, as_ben):
    section = small.sections[1]
    edit(as_dag, section, button="_preview", body="Only a try.")
    edit(as_dag, section, body="For good.")

    page = as_ben.get(section.get_absolute_url()).text
    assert "For good." in page
    assert "Only a try." not in page


def test_a_preview_of_what_is_refused_says_why(small, as_dag):
    response = edit(as_dag, small.sections[1], button="_preview", body=":::figure missing")

    assert "There is no figure “missing”" in str(response.context["errors"])


def test_a_new_section_is_previewed_before_it_exists(small, as_dag):
    fields = {"topic": small.topics[1].pk, "key": "new", "title": "Newly thought", "body": "Words."}

    response = add(as_dag, Section, button="_preview", **fields)

    assert "Newly thought" in response.text
    assert not Section.objects.filter(key="new").exists()


def test_each_kind_is_previewed_where_it_is_read(small, as_dag):
    unplaced = ReflectionPrompt.objects.create(topic=small.topics[1], key="alone", title="Alone", body="Think.")
    rows = [small.course, small.topics[0], GlossaryTerm.objects.get(), Reference.objects.get(), unplaced]

    for row in [*rows, ReflectionPrompt.objects.first(), KeyPoint.objects.first(), small.questions[0]]:
        response = edit(as_dag, row, button="_preview")
        assert "This is a preview." in response.text


def test_a_drawing_is_previewed_in_light_and_dark(small, as_dag):
    page = edit(as_dag, Figure.objects.get(), button="_preview", title="A new loop").text

    assert page.count('class="f-box"') == 2
    assert 'data-theme="light"' in page
    assert 'data-theme="dark"' in page
    assert page.count('id="fig-cycle-title"') == 1


def test_an_archived_thing_has_no_preview(small, enrolment, as_ben, as_dag):
    as_ben.post(reverse("section_visit", args=["core", "challenges", "section-2"]))
    as_dag.post(url_of(small.sections[1], "delete"), {"post": "yes"})

    response = edit(as_dag, small.sections[1], button="_preview")

    assert "readers would not see it" in str(response.context["errors"])


def test_the_help_names_every_directive(small, as_dag):
    page = as_dag.get(reverse("admin:courses_markdown_help")).text

    for name in (":::reflection", ":::case-study", ":::figure", ":::see-also", "[[diaspora"):
        assert name in page
    assert reverse("admin:courses_markdown_help") in as_dag.get(url_of(small.sections[0])).text

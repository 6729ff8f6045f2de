"""The admin in a real browser: nothing in it is refused by our security policy, a preview opens beside the form."""

import pytest
from django.urls import reverse

from conftest import make_course, make_user
from courses.models import Figure, Question, ReflectionPrompt
from courses.tests.admin_forms import url_of

pytestmark = pytest.mark.browser


def test_no_page_of_the_admin_breaks_the_security_policy(visit, transactional_db):
    small = make_course()
    dag = make_user("dag@example.org", is_staff=True, is_superuser=True)
    section, prompt, question = small.sections[0], ReflectionPrompt.objects.get(), Question.objects.first()
    state = reverse("admin:courses_section_simple_history", args=[section.pk, section.history.first().pk])
    pages = [
        reverse("admin:index"),
        reverse("admin:courses_section_changelist"),
        reverse("admin:courses_reference_add"),
        reverse("admin:courses_markdown_help"),
        *(url_of(row) for row in (small.course, small.topics[0], section, prompt, question, Figure.objects.get())),
        url_of(section, "history"),
        url_of(section, "delete"),
        url_of(question, "delete"),
        state,
    ]
    phone = visit(dag, width=360)

    for path in pages:
        page = phone.open(path)
        assert page.locator("h1").first.is_visible()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, f"{path} is {wide} wide"


def test_an_editor_previews_saves_and_undoes(visit, transactional_db):
    small = make_course()
    section = small.sections[1]
    editor = visit(make_user("dag@example.org", is_staff=True, is_superuser=True))
    page = editor.open(section.get_absolute_url())
    page.get_by_role("link", name="Edit this page").click()
    page.get_by_label("Text").fill("Towns know **best**.")

    with editor.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    preview = opened.value
    preview.wait_for_load_state("networkidle")
    assert preview.get_by_text("This is a preview.").is_visible()
    assert preview.locator(".prose strong").inner_text() == "best"
    preview.close()
    section.refresh_from_db()
    assert section.body == "Reading about challenges."

    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(editor.address + section.get_absolute_url())
    assert page.locator(".prose strong").inner_text() == "best"

    page.goto(editor.address + url_of(section, "history"))
    page.locator("#change-history a").last.click()
    page.get_by_role("button", name="Bring this state back").click()
    page.goto(editor.address + section.get_absolute_url())
    assert page.get_by_text("Reading about challenges.").is_visible()


def test_a_question_is_added_in_the_page(visit, transactional_db):
    small = make_course()
    editor = visit(make_user("dag@example.org", is_staff=True, is_superuser=True))
    page = editor.open(url_of(ReflectionPrompt.objects.get()))

    page.get_by_text("Add another Question").click()
    page.locator("#id_questions-2-key").fill("third")
    page.locator("#id_questions-2-text").fill("And the third?")
    page.get_by_role("button", name="Save", exact=True).click()

    page.goto(editor.address + small.sections[0].get_absolute_url())
    assert page.get_by_text("And the third?").is_visible()

"""Answers are kept as typed, counted, and nobody else's business."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from conftest import make_course, make_user
from courses import services
from courses.models import Answer, Enrolment, SectionProgress


def url(question="question-1", topic="challenges", prompt="context"):
    return reverse("answer_save", args=["core", topic, prompt, question])


SECTION = "/courses/core/challenges/section-1/"


def test_an_answer_is_saved_and_shown_again(small, enrolment, as_ben):
    response = as_ben.post(url(), {"text": "Our town grows.", "version": 0})

    assert response.status_code == 302
    assert response.url == SECTION + "#answer-context-question-1"
    assert "Our town grows." in as_ben.get(SECTION).text


def test_saving_with_htmx_leaves_the_text_in_its_box_and_brings_the_new_version(small, enrolment, as_ben):
    response = as_ben.post(url(), {"text": "First", "version": 0}, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert "<html" not in response.text
    assert 'data-version="1"' in response.text
    assert "<textarea" not in response.text


@pytest.mark.parametrize(
    "text",
    [
        "Zażółć 👩‍👩‍👧 ‏مرحبا",
        "line one\n\n  line two\t",
        '<script>alert(1)</script> & "quotes"',
        "é vs é",
        "x" * 20_000,
    ],
)
def test_text_is_kept_as_typed(small, enrolment, as_ben, text):
    as_ben.post(url(), {"text": text.replace("\n", "\r\n"), "version": 0})

    assert Answer.objects.get().text == text


def test_markup_in_an_answer_is_shown_as_text(small, enrolment, as_ben):
    as_ben.post(url(), {"text": "</textarea><script>alert(1)</script>", "version": 0})

    assert "<script>alert" not in as_ben.get(SECTION).text
    assert "<script>alert" not in as_ben.get(reverse("my_answers")).text


@pytest.mark.parametrize("text", ["nul \x00 inside", "x" * 20_001])
def test_what_cannot_be_stored_is_refused_with_the_text_still_in_the_box(small, enrolment, as_ben, text):
    response = as_ben.post(url(), {"text": text, "version": 0})

    assert response.status_code == 422
    assert text.replace("\x00", "") in response.text.replace("\x00", "")
    assert not Answer.objects.exists()


def test_with_htmx_a_refusal_says_why_and_leaves_the_box_alone(small, enrolment, as_ben):
    response = as_ben.post(url(), {"text": "x" * 20_001, "version": 0}, headers={"HX-Request": "true"})

    assert response.status_code == 422
    assert "20001 characters long" in response.text
    assert "<textarea" not in response.text


@pytest.mark.parametrize("version", ["", "x", "-1", None])
def test_a_broken_version_is_refused_with_the_text_still_in_the_box(small, enrolment, as_ben, version):
    data = {"text": "keep me"} if version is None else {"text": "keep me", "version": version}

    response = as_ben.post(url(), data)

    assert response.status_code == 422
    assert "keep me" in response.text


def test_a_stale_save_changes_nothing_and_shows_both_texts(small, enrolment, as_ben):
    as_ben.post(url(), {"text": "from the phone", "version": 0})

    response = as_ben.post(url(), {"text": "from the laptop", "version": 0})

    assert response.status_code == 409
    assert "from the phone" in response.text
    assert "from the laptop" in response.text
    assert Answer.objects.get().text == "from the phone"


def test_after_a_conflict_the_author_can_still_save_their_own_text(small, enrolment, as_ben):
    as_ben.post(url(), {"text": "from the phone", "version": 0})

    as_ben.post(url(), {"text": "joined", "version": 1})

    assert Answer.objects.get().text == "joined"


def test_the_same_text_twice_is_one_save(small, enrolment, as_ben):
    for _time in range(2):
        as_ben.post(url(), {"text": "once", "version": 0})

    assert Answer.objects.get().version == 1


def test_an_empty_first_answer_makes_no_row(small, enrolment, as_ben):
    as_ben.post(url(), {"text": "", "version": 0})

    assert not Answer.objects.exists()


def test_an_emptied_answer_is_kept_but_no_longer_counted(small, enrolment, as_ben):
    as_ben.post(url(), {"text": "words", "version": 0})
    as_ben.post(url(), {"text": " \n", "version": 1})

    enrolment.refresh_from_db()
    assert Answer.objects.get().version == 2
    assert enrolment.questions_answered == 0


def test_the_wording_that_was_seen_stays_with_the_answer(small, enrolment, as_ben):
    as_ben.post(url(), {"text": "to the first wording", "version": 0})
    question = small.questions[0]
    question.text, question.revision = "What about it now?", 2
    question.save()
    small.publish()

    assert Answer.objects.get().question_revision == 1
    as_ben.post(url(), {"text": "to the second wording", "version": 1})
    assert Answer.objects.get().question_revision == 2


def test_answering_enrols_who_only_looked_in(small, as_cleo, cleo):
    as_cleo.post(url(), {"text": "I start here", "version": 0})

    assert cleo.enrolments.get().questions_answered == 1


def test_nobody_sees_or_changes_another_persons_answer(small, enrolment, as_ben, as_cleo):
    as_ben.post(url(), {"text": "canary of Ben", "version": 0})

    for page in (
        SECTION,
        reverse("my_answers"),
        reverse("answers_download", args=["markdown"]),
        reverse("answers_download", args=["html"]),
        "/courses/core/challenges/",
        "/",
    ):
        assert "canary" not in as_cleo.get(page).text
    as_cleo.post(url(), {"text": "mine", "version": 0})
    assert Answer.objects.get(enrolment=enrolment).text == "canary of Ben"


@pytest.mark.parametrize(
    "path",
    [
        url("question-9"),
        url(prompt="nothing"),
        url(topic="gender"),
        "/courses/other/challenges/answers/context/question-1/",
    ],
)
def test_a_question_that_is_not_there_is_404(small, enrolment, as_ben, path):
    assert as_ben.post(path, {"text": "lost?", "version": 0}).status_code == 404


def test_the_text_is_given_back_when_its_question_was_taken_out_meanwhile(small, enrolment, as_ben):
    small.sections[0].body = "No question here any more."
    small.sections[0].save()
    small.publish()

    response = as_ben.post(url(), {"text": "an hour of work", "version": 0})

    assert response.status_code == 404
    assert "an hour of work" in response.text


def test_an_expired_form_gives_the_text_back(small, enrolment, ben):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben, "allauth.account.auth_backends.AuthenticationBackend")

    response = strict.post(url(), {"text": "an hour of work", "version": 0, "csrfmiddlewaretoken": "old"})

    assert response.status_code == 403
    assert "an hour of work" in response.text
    assert ">old<" not in response.text


@pytest.mark.django_db(transaction=True)
def test_twenty_equal_posts_at_once_are_one_answer():
    small = make_course()
    enrolment = services.enrol(user=make_user("ben@example.org"), course=small.course)

    def save(_attempt):
        try:
            return services.save_answer(
                enrolment=Enrolment.objects.get(pk=enrolment.pk),
                topic_id=small.topics[0].pk,
                section_id=small.sections[0].pk,
                question_id=small.questions[0].pk,
                revision=1,
                draft=services.Draft(text="the same", version=0),
            ).version
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(save, range(20)))

    assert versions == [1] * 20
    assert Answer.objects.get().text == "the same"
    assert SectionProgress.objects.count() == 1
